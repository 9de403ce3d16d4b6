import { randomUUID } from 'node:crypto'
import { startTestApp } from '../harness.ts'
import { deliver, makeEvents, startReceiver, subscribe, until, webhookSettings } from './receiving.ts'

const harness = await startTestApp({ settings: webhookSettings })
const administrator = harness.as('administrator')

test('10 000 events reach one receiver within a minute', async () => {
  const receiver = await startReceiver()
  await subscribe(administrator, receiver.url)
  await makeEvents(
    harness,
    10_000,
    Array.from({ length: 2000 }, () => randomUUID()),
  )
  const { failures } = await deliver(harness)
  const before = performance.now()
  await until(() => receiver.got.length >= 10_000, 'all of them', 60_000)
  console.log(`10 000 events: ${((performance.now() - before) / 1000).toFixed(1)} s`)
  expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(10_000)
  expect(receiver.got).toHaveLength(10_000)
  expect(failures).toEqual([])
  await harness.owner.query('UPDATE prenumeration SET aktiv = false')
}, 90_000)

test('of 200 subscriptions, one that hangs does not delay the others', async () => {
  const receiver = await startReceiver()
  receiver.answer = (response, { path }) => {
    if (path !== '/0') response.writeHead(204).end()
  }
  // A party has at most twenty; the rest are written as the owner of the database.
  const { id } = await subscribe(administrator, `${receiver.url}/0`)
  await harness.owner.query(
    `INSERT INTO prenumeration (id, version, part, part_id, url, typer, aktiv, skapad, andrad)
     SELECT gen_random_uuid(), 1, part, part_id, $2 || '/' || n, typer, aktiv, skapad, andrad
     FROM prenumeration, generate_series(1, 199) n WHERE id = $1`,
    [id, receiver.url],
  )
  await harness.owner.query(
    `INSERT INTO leveranslage (prenumeration_id, xid, nr, nyckel_krypterad)
     SELECT p.id, l.xid, l.nr, l.nyckel_krypterad FROM prenumeration p, leveranslage l
     WHERE l.prenumeration_id = $1 AND p.id <> $1 AND p.aktiv`,
    [id],
  )
  const before = performance.now()
  await makeEvents(
    harness,
    50,
    Array.from({ length: 25 }, () => randomUUID()),
  )
  const others = () => receiver.got.filter(({ path }) => path !== '/0').length
  await until(() => others() >= 199 * 50, 'those of the others', 25_000)
  console.log(`199 x 50 events: ${((performance.now() - before) / 1000).toFixed(1)} s`)
  expect(others()).toBe(199 * 50)
  // Nor what happens next.
  const again = performance.now()
  await makeEvents(harness, 1)
  await until(() => others() >= 199 * 51, 'one more each', 10_000)
  console.log(`199 x 1 event: ${((performance.now() - again) / 1000).toFixed(1)} s`)
  expect(receiver.got.filter(({ path }) => path === '/0').length).toBeLessThanOrEqual(30)
}, 60_000)
