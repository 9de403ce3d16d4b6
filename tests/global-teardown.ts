import { rm } from 'node:fs/promises'
import pg from 'pg'

export default async function globalTeardown(): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env.TEST_SERVER_URL })
  await admin.connect()
  const { rows } = await admin.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [
    `${process.env.TEST_PREFIX}%`,
  ])
  for (const { datname } of rows) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`)
  await admin.end()
  await (globalThis as unknown as { testServer: { release(): Promise<void> } }).testServer.release()
  await rm(process.env.TEST_FOLDER as string, { recursive: true, force: true })
}
