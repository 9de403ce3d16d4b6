import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

/**
 * No personal data in logs: the log of the whole run is searched for every personnummer, name and address that the
 * tests sent. An error here fails the run.
 */
async function searchLog(folder: string): Promise<void> {
  const read = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '')
  const [log, personal] = [await read('log.txt'), await read('personal.txt')]
  const words = new Set(log.split(/[^\p{L}\p{N}+-]+/u))
  const found = new Set<string>()
  for (const value of new Set(personal.split('\n'))) {
    const digits = value.replace(/\D/g, '')
    const isNumber = digits.length >= 10
    // A short name could be part of anything; whole words of a log line are what could be a name.
    if (
      isNumber
        ? log.includes(value) || log.includes(digits)
        : value.length > 2 && (value.includes(' ') ? log.includes(value) : words.has(value))
    )
      found.add(value)
  }
  const lines = log.split('\n').length - 1
  if (found.size > 0) throw new Error(`The log holds personal data that the tests sent: ${[...found].join(', ')}`)
  console.log(
    `The log of the run, ${lines} lines, holds none of the ${new Set(personal.split('\n')).size} personal values that the tests sent.`,
  )
}

type Shared = { testServer: { release(): Promise<void> }; testPooler?: { stop(): Promise<void> } }

export default async function globalTeardown(): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env.TEST_SERVER_URL })
  await admin.connect()
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${process.env.TEST_PREFIX}%`,
  ])
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
  await admin.end()
  const { testServer, testPooler } = globalThis as unknown as Shared
  await testPooler?.stop()
  await testServer.release()
  const folder = process.env.TEST_FOLDER as string
  await searchLog(folder).finally(() => rm(folder, { recursive: true, force: true }))
}
