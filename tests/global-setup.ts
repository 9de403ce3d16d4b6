import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../src/database.ts'
import { openEmbeddedDatabase } from '../src/embedded-database.ts'
import { startPooler } from './pooler.ts'

/** What the whole run shares: a server, and on it a migrated database that every test file gets a copy of. */
export default async function globalSetup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hemvist-test-'))
  const given = process.env.DATABASE_URL
  const server = given ? { url: given, release: async () => {} } : await openEmbeddedDatabase(folder, 'command')
  const prefix = `hemvist_test_${randomBytes(4).toString('hex')}`
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${prefix}_mall`)
  await admin.end()
  const template = new URL(server.url)
  template.pathname = `/${prefix}_mall`
  await migrate(template.href)
  // `TEST_PGBOUNCER=1 npm test` runs every test of the API through it.
  const pooler = process.env.TEST_PGBOUNCER ? await startPooler(template.href) : undefined
  // The service under test must not find a server by itself.
  delete process.env.DATABASE_URL
  Object.assign(process.env, {
    NODE_ENV: 'test',
    TEST_SERVER_URL: server.url,
    TEST_PREFIX: prefix,
    TEST_FOLDER: folder,
    ...(pooler && { TEST_POOLER_URL: pooler.url('{database}') }),
  })
  Object.assign(globalThis, { testServer: server, testPooler: pooler })
}
