import { verifyLog } from '../atkomstlogg/service.ts'
import { systemCaller } from '../shared/caller.ts'
import { command, withDatabase } from './running.ts'

const help = `npm run verify-log

Follows the read log's chain of hashes and prints what it finds as one JSON line; exit code 1 when the chain is broken.
Keep senasteSats and senasteHash somewhere else: they show whether the last batches are taken away.`

await command(help, {}, async () => {
  const result = await withDatabase(({ db }) => verifyLog(db.reading(systemCaller)))
  console.log(JSON.stringify(result))
  return result.hel ? 0 : 1
})
