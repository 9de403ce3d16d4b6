import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database.ts'
import { StartError } from '../src/start-error.ts'
import { ok } from './cases.ts'
import { createTestDatabase, startTestApp } from './harness.ts'
import { createHousehold, grant } from './people.ts'
import { program, startPooler } from './pooler.ts'

// The whole suite through it: TEST_PGBOUNCER=1 npm test.
const there = program ? describe : describe.skip
const url = await createTestDatabase()
const database = new URL(url).pathname.slice(1)
const pooler = program ? await startPooler(url) : undefined
const settings = { ...(pooler && { DATABASE_POOLER_URL: pooler.url(database) }) }
const harness = await startTestApp({ url, settings: { ...settings, DATABASE_POOL: '60' } })
const handlaggare = harness.as('handlaggare')
const cleared = harness.as(['handlaggare', 'skyddsgrupp'])

afterAll(() => pooler?.stop())

there('behind PgBouncer in transaction mode', () => {
  test('sixty at once, on twelve connections of the server, see what they may and write as themselves', async () => {
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        const hushall = await createHousehold(handlaggare)
        const { id } = await grant(handlaggare, { hushallId: hushall.id })
        ok(await handlaggare.get(`/hyresgarantier/${id}`))
        const path = `/hushall/${hushall.id}/personer/${hushall.personer[0].id}`
        ok(await cleared.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' }))
        expect((await handlaggare.get(`/hyresgarantier/${id}`)).status).toBe(404)
        const { historik } = ok(await cleared.get(`/hyresgarantier/${id}/historik`))
        expect(historik.length).toBeGreaterThan(0)
        ok(await cleared.get(`/hyresgarantier/${id}`))
      }),
    )
    expect(ok(await handlaggare.get('/hyresgarantier')).hyresgarantier).toEqual([])
    expect((await handlaggare.get('/hyresgarantier', { accept: 'text/csv' })).text.trim().split('\n')).toHaveLength(1)
    const lines = (await cleared.get('/hyresgarantier', { accept: 'text/csv' })).text.trim().split('\n')
    expect(lines).toHaveLength(61)
    const { rows } = await harness.owner.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename LIKE 'provning_%' AND datname = current_database()",
    )
    expect(rows[0].n).toBeGreaterThan(0)
    expect(rows[0].n).toBeLessThanOrEqual(24)
  })

  test('the service does not start when the pooler’s users lack their roles', async () => {
    const { hostname, port } = new URL((pooler as { url(database: string): string }).url(database))
    const swapped = `postgres://provning_{roll}:provning@${hostname}:${port}/${database}`
    const owner = new pg.Client({ connectionString: url })
    await owner.connect()
    await owner.query(`ALTER ROLE provning_skyddad IN DATABASE ${database} SET role = 'hemvist_allman'`)
    // Connections that the pooler has already made keep what they were made with.
    await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'provning_skyddad'")
    const config = readConfig({ NODE_ENV: 'test', DATABASE_POOLER_URL: swapped })
    await expect(openDatabase(url, config, harness.clock, harness.encryption)).rejects.toThrow(StartError)
    await owner.query(`ALTER ROLE provning_skyddad IN DATABASE ${database} RESET role`)
    await owner.end()
  })
})
