import { type JobName, jobNames, jobs, runJob } from '../jobs.ts'
import { command, UsageError, withDatabase } from './running.ts'

const help = `npm run job                              lists the jobs
npm run job -- <name> [--day YYYY-MM-DD]  runs one, as of a day, and prints what changed as one JSON line`

await command(help, { day: { type: 'string' } }, async ({ day }, [name, ...more]) => {
  if (more.length > 0) throw new UsageError('One job at a time.')
  if (name === undefined) {
    for (const job of jobNames) console.log(`${job.padEnd(30)} ${jobs[job].cron.padEnd(14)} ${jobs[job].does}`)
    return 0
  }
  if (!jobNames.includes(name as JobName))
    throw new UsageError(`There is no job of that name. Jobs: ${jobNames.join(', ')}.`)
  const result = await withDatabase(({ db }) => runJob(db, name as JobName), day)
  console.log(JSON.stringify({ jobb: name, ...result }))
  return 0
})
