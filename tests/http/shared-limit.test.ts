import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sharedLimit, sharingInterval } from '../../src/http/shared-limit.ts'
import { type Client, startTestApp } from '../harness.ts'

const limit = 60
// The same key in each, as docs/drift.md says: a client has one name.
const PERSONNUMMER_HASH_KEY = randomBytes(32).toString('base64')
const settings = { ANROP_PER_MINUT: String(limit), PERSONNUMMER_HASH_KEY }
const first = await startTestApp({ settings })
const instances = [
  first,
  await startTestApp({ settings, url: first.url }),
  await startTestApp({ settings, url: first.url }),
]
const { owner, encryption } = first
/** What an exchange may take beside other tests, milliseconds. */
const statement = 300

/** A counter as an instance has it, on the same database. */
const counter = () => {
  const Store = sharedLimit(first.db.countCalls, client => encryption.hash(`anrop ${client}`))
  const store = new Store({})
  return (client: string, windowMs: number, max: number) =>
    new Promise<boolean>(resolve =>
      store.incr(client, (_error, result) => resolve((result?.current ?? 0) <= max), windowMs, max),
    )
}
const shared = async (client: string) =>
  (await owner.query('SELECT antal FROM anropsrakning WHERE klient = $1', [encryption.hash(`anrop ${client}`)])).rows[0]

test('three instances let through no more than the limit and what one interval allows', async () => {
  const clients = instances.map(({ as }) => as('handlaggare', undefined, 'ivrig'))
  const passed: number[] = []
  const refusing = new Set<number>()
  for (let n = 0; refusing.size < clients.length && n < 4 * limit; n++) {
    const { status, headers } = await (clients[n % clients.length] as Client).get('/hyresvardar')
    if (status === 200) passed.push(performance.now())
    else {
      expect(status).toBe(429)
      expect(Number(headers['retry-after'])).toBeGreaterThan(0)
      refusing.add(n % clients.length)
    }
    await sleep(15)
  }
  expect(passed.length).toBeGreaterThanOrEqual(limit)
  const last = passed.at(-1) as number
  expect(passed.filter(time => time < last - sharingInterval - statement).length).toBeLessThanOrEqual(limit)
  expect(passed.length).toBeLessThan(2 * limit)

  // Told in full, and by a name that says nothing.
  await sleep(sharingInterval + statement)
  const { rows } = await owner.query('SELECT klient, antal FROM anropsrakning')
  expect(rows).toEqual([{ klient: expect.stringMatching(/^[\w-]{43}$/), antal: String(passed.length) }])
  expect(JSON.stringify(rows)).not.toMatch(/ivrig|socialforvaltningen|test/)
})

test('a client that has used up the limit at one instance is refused by one that it has not asked before', async () => {
  const [busy, idle] = [counter(), counter()]
  for (let n = 0; n < 5; n++) expect(await busy('flitig', 60_000, 5)).toBe(true)
  await sleep(sharingInterval + statement)
  expect(await idle('flitig', 60_000, 5)).toBe(true)
  await sleep(sharingInterval + statement)
  expect(await idle('flitig', 60_000, 5)).toBe(false)
  expect(await idle('annan', 60_000, 5)).toBe(true)
})

test('the next window begins anew for all, and what nobody counts any more is removed', async () => {
  const [a, b] = [counter(), counter()]
  const windowMs = 1500
  for (let n = 0; n < 3; n++) await a('kort', windowMs, 3)
  await sleep(sharingInterval + statement)
  await b('kort', windowMs, 3)
  await sleep(sharingInterval + statement)
  expect([await a('kort', windowMs, 3), await b('kort', windowMs, 3)]).toEqual([false, false])
  expect(await shared('kort')).toEqual({ antal: '4' })
  await sleep(windowMs)
  expect([await a('kort', windowMs, 3), await b('kort', windowMs, 3)]).toEqual([true, true])
  await sleep(sharingInterval + statement)
  expect(await shared('kort')).toEqual({ antal: '2' })

  await sleep(windowMs)
  await a('sen', windowMs, 3)
  await sleep(sharingInterval + statement)
  expect(await shared('sen')).toEqual({ antal: '1' })
  expect(await shared('kort')).toBeUndefined()
})

test('who is refused costs the database nothing', async () => {
  const ask = counter()
  for (let n = 0; n < 50; n++) await ask('envis', 60_000, 5)
  await sleep(sharingInterval + statement)
  expect(await shared('envis')).toEqual({ antal: '5' })
})

test('while the database does not count, each instance does, and tells when it can', async () => {
  const [a, b] = [counter(), counter()]
  const right = 'EXECUTE ON FUNCTION anrop_rakna(jsonb, int)'
  await owner.query(`REVOKE ${right} FROM hemvist_allman`)
  const ask = async (count: typeof a) => {
    const answers = []
    for (let n = 0; n < 6; n++) answers.push(await count('utan', 60_000, 4))
    return answers
  }
  const local = [true, true, true, true, false, false]
  expect(await ask(a)).toEqual(local)
  await sleep(sharingInterval + statement)
  expect(await ask(b)).toEqual(local)
  await owner.query(`GRANT ${right} TO hemvist_allman`)
  await sleep(sharingInterval + statement)
  await b('nagon', 60_000, 4)
  await sleep(sharingInterval + statement)
  expect(await shared('utan')).toEqual({ antal: '4' })
})
