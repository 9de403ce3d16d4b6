import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { migrate } from '../src/database.ts'
import { openEmbeddedDatabase } from '../src/embedded-database.ts'
import { ok } from './cases.ts'
import { startTestApp } from './harness.ts'
import { createHousehold, grant } from './people.ts'
import { newDataDir } from './processes.ts'

// A primary and a replica of it, each a server of its own: the folder is copied while nothing runs on it.
const [primaryDir, replicaDir] = [await newDataDir(), await newDataDir()]
const made = await openEmbeddedDatabase(primaryDir, 'command')
await migrate(made.url)
await made.release()
fs.cpSync(primaryDir, replicaDir, { recursive: true })
const primary = await openEmbeddedDatabase(primaryDir, 'command')
const { port, username, password } = new URL(primary.url)
const cluster = join(replicaDir, 'postgres')
fs.writeFileSync(join(cluster, 'standby.signal'), '')
fs.appendFileSync(
  join(cluster, 'postgresql.auto.conf'),
  `primary_conninfo = 'host=127.0.0.1 port=${port} user=${username} password=${password} sslmode=disable'\nlog_statement = 'all'\n`,
)
let replica = await openEmbeddedDatabase(replicaDir, 'command')

// Its address stays when it starts again on another port.
const door = net
  .createServer(socket => {
    const behind = net.connect(Number(new URL(replica.url).port), '127.0.0.1')
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
    socket.pipe(behind).pipe(socket)
  })
  .listen(0, '127.0.0.1')
await once(door, 'listening')
const address = new URL(replica.url)
address.port = String((door.address() as AddressInfo).port)

const harness = await startTestApp({
  url: primary.url,
  settings: { DATABASE_REPLICA_URLS: address.href, DATABASE_REPLICA_MS: '5000' },
})
const handlaggare = harness.as('handlaggare')
const cleared = harness.as(['handlaggare', 'skyddsgrupp'])

afterAll(async () => {
  signal('SIGCONT')
  door.close()
  await replica.release()
  await primary.release()
})

async function ask(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return (await client.query(sql).finally(() => client.end())).rows
}

/** To the server and every process of it. */
function signal(name: NodeJS.Signals): void {
  const pidFile = join(cluster, 'postmaster.pid')
  if (!fs.existsSync(pidFile)) return
  const pid = Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0])
  const children = fs.readdirSync('/proc').filter(entry => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const [, parent] = fs
        .readFileSync(`/proc/${entry}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')
      return Number(parent) === pid
    } catch {
      return false
    }
  })
  for (const one of [pid, ...children.map(Number)])
    try {
      process.kill(one, name)
    } catch {
      // It ended meanwhile.
    }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 15_000; !(await condition()); await sleep(20))
    if (performance.now() > deadline) throw new Error('it did not happen within 15 seconds')
}
const used = async () => {
  const text = await (await fetch(`${harness.base}/metrics`)).text()
  return /hemvist_replica_used\{replica="1"\} 1/.test(text)
}
/** Whether a list is read on the replica now. */
async function browsesReplica(): Promise<boolean> {
  const { db } = harness.db.browsing({ sub: 'test', part: 'socialforvaltningen', roller: [], klient: 'test' } as never)
  return (await db.query('SELECT pg_is_in_recovery() AS there'))[0].there
}
const listOf = async (hushallId: string, client = handlaggare) =>
  ok(await client.get(`/hyresgarantier?hushallId=${hushallId}`)).hyresgarantier as { id: string }[]

test('lists and exports are read from the replica, single rows from the primary', async () => {
  await until(used)
  const { id, hushallId } = await grant(handlaggare)
  expect(await browsesReplica()).toBe(true)
  const before = asked()
  for (let n = 0; n < 20; n++) expect(await listOf(hushallId)).toHaveLength(1)
  expect((await handlaggare.get('/hyresgarantier', { accept: 'text/csv' })).text).toContain('avtalsnummer')
  ok(await handlaggare.get('/hyresgarantier/statistik?fran=2026-01-01&till=2026-12-31'))
  const browsed = asked()
  expect(browsed - before).toBeGreaterThanOrEqual(22)
  ok(await handlaggare.get(`/hyresgarantier/${id}`))
  expect(asked()).toBe(browsed)

  function asked(): number {
    return fs.readFileSync(join(replicaDir, 'postgres.log'), 'utf8').split(' hyresgaranti h ').length
  }
})

test('who has written sees it in the next list, however many write at once', async () => {
  const lists = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const { id, hushallId } = await grant(handlaggare)
      return [[{ id }], await listOf(hushallId)]
    }),
  )
  for (const [written, read] of lists) expect(read).toMatchObject(written as object[])
  expect(await browsesReplica()).toBe(true)
})

test('a household that has been protected is in no list that is asked for afterwards', async () => {
  for (let n = 0; n < 15; n++) {
    const hushall = await createHousehold(handlaggare)
    const garanti = await grant(handlaggare, { hushallId: hushall.id })
    const path = `/hushall/${hushall.id}/personer/${hushall.personer[0].id}`
    ok(await cleared.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' }))
    expect(await listOf(hushall.id)).toEqual([])
    expect(await listOf(hushall.id, cleared)).toMatchObject([{ id: garanti.id }])
  }
})

test('one that lags is left out until it has caught up, and nobody reads what is old', async () => {
  await ask(replica.url, 'SELECT pg_wal_replay_pause()')
  const { id, hushallId } = await grant(handlaggare)
  expect(await listOf(hushallId)).toMatchObject([{ id }])
  expect(await used()).toBe(false)
  const began = performance.now()
  for (let n = 0; n < 10; n++) expect(await listOf(hushallId)).toMatchObject([{ id }])
  // They no longer wait for it.
  expect(performance.now() - began).toBeLessThan(3000)
  const { id: garanti, hushallId: protectedNow } = await grant(handlaggare)
  const { personer } = ok(await handlaggare.get(`/hushall/${protectedNow}`))
  const path = `/hushall/${protectedNow}/personer/${personer[0].id}`
  ok(await cleared.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' }))
  expect(await listOf(protectedNow)).toEqual([])
  expect(await listOf(protectedNow, cleared)).toMatchObject([{ id: garanti }])
  await ask(replica.url, 'SELECT pg_wal_replay_resume()')
  await until(used)
  expect(await browsesReplica()).toBe(true)
})

test('one that says nothing more holds nobody up for long', async () => {
  const { id, hushallId } = await grant(handlaggare)
  const asking = Array.from({ length: 10 }, async () => {
    for (let n = 0; n < 20; n++) {
      expect(await listOf(hushallId)).toMatchObject([{ id }])
      await sleep(20)
    }
  })
  // What it is in the middle of is asked of the primary, whether one answer or a stream.
  const caller = { sub: 'test', part: 'socialforvaltningen', roller: [], klient: 'test' } as never
  const where = 'SELECT pg_is_in_recovery() AS there, pg_sleep(1)'
  const one = harness.db.browsing(caller).db.query(where)
  const stream = harness.db.stream(caller, { text: where, values: [] }).next()
  await sleep(300)
  signal('SIGSTOP')
  await Promise.all(asking)
  expect(await one).toMatchObject([{ there: false }])
  expect(await stream).toMatchObject({ value: { there: false } })
  expect(await used()).toBe(false)
  signal('SIGCONT')
  await until(used)
})

test('one that dies takes no list with it, and is used again when it is back', async () => {
  const { id, hushallId } = await grant(handlaggare)
  let dead = false
  const asking = Array.from({ length: 8 }, async () => {
    for (let n = 0; n < 5 || !dead; n++) expect(await listOf(hushallId)).toMatchObject([{ id }])
    for (let n = 0; n < 5; n++) expect(await listOf(hushallId)).toMatchObject([{ id }])
  })
  await sleep(300)
  signal('SIGKILL')
  dead = true
  await Promise.all(asking)
  expect(await used()).toBe(false)
  await replica.release()
  replica = await openEmbeddedDatabase(replicaDir, 'command')
  await until(used)
  expect(await browsesReplica()).toBe(true)
})

test('one that has been promoted is a replica no more', async () => {
  await ask(replica.url, 'SELECT pg_promote()')
  await until(async () => !(await used()))
  const { id, hushallId } = await grant(handlaggare)
  expect(await listOf(hushallId)).toMatchObject([{ id }])
})
