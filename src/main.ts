import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { migrate, openDatabase } from './database.ts'
import { openServer } from './database-server.ts'
import { createTokenVerifier } from './http/tokens.ts'
import { startJobs } from './jobs.ts'
import { readEncryption } from './keys.ts'
import { systemClock } from './shared/clock.ts'
import { StartError } from './start-error.ts'

/** What has been started, in order; stopped in reverse. */
const started: (() => Promise<unknown>)[] = []
const stopLimit = 9000
/** How long requests may go on after a signal; then their connections are cut. */
const requestLimit = 3000
let stopping = false

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const encryption = await readEncryption(config)
  const server = await openServer(config, 'service')
  started.push(() => server.release())
  await migrate(server.url)
  const db = await openDatabase(server.url, config, systemClock, encryption)
  started.push(() => db.close())

  const app = await createApp({
    config,
    db,
    encryption,
    tokens: await createTokenVerifier(config, systemClock),
    logger: { level: config.LOG_LEVEL },
  })
  started.push(() => {
    setTimeout(() => app.server.closeAllConnections(), requestLimit).unref()
    return app.close()
  })
  if (stopping) return
  await app.listen({ host: config.HOST, port: config.PORT }).catch(error => {
    const reasons: Record<string, string> = {
      EADDRINUSE: 'is taken',
      EACCES: 'may not be used by this user',
      EADDRNOTAVAIL: 'is not an address here',
    }
    throw new StartError(
      `Cannot listen: ${config.HOST}:${config.PORT} ${reasons[error.code] ?? `gave ${error.code}`}. Set HOST or PORT.`,
    )
  })
  const jobs = await startJobs(db, server.url, config, app.publicUrl, app.log)
  started.push(() => jobs.stop())

  const mode =
    config.NODE_ENV === 'production'
      ? 'production'
      : 'development mode: anyone here can make tokens with `npm run token`'
  console.log(`Hemvist listens on ${app.publicUrl()} (${mode})\nSwagger UI: ${app.publicUrl()}/docs`)
}

const starting = start()
async function stop(exitCode: number): Promise<never> {
  if (stopping) process.exit(1)
  stopping = true
  setTimeout(() => process.exit(1), stopLimit).unref()
  // What is just being started must be stopped too: a database server would outlive this process.
  await starting.catch(() => {})
  for (const close of started.reverse()) await close().catch(error => console.error(error.message))
  process.exit(exitCode)
}

process.on('SIGTERM', () => stop(0))
process.on('SIGINT', () => stop(0))
starting.catch(async error => {
  console.error(error instanceof StartError ? error.message : error)
  if (!stopping) await stop(1)
})
