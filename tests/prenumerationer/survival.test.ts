import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { openEmbeddedDatabase } from '../../src/embedded-database.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { testPersonnummer } from '../people.ts'
import {
  endAll,
  isRunning,
  newDataDir,
  type Service,
  type Started,
  serverPid,
  startProgram,
  startService,
  stopProgram,
} from '../processes.ts'
import { until } from './receiving.ts'

afterAll(endAll)

type Event = { id: string; subject: string }

test('8 writers, 3 readers and 2 instances: nothing is lost and nothing is out of order when each part is killed', async () => {
  const DATA_DIR = await newDataDir()
  const database = await startDatabase(join(DATA_DIR, 'server'))
  const env = {
    DATA_DIR,
    DATABASE_URL: database.url,
    WEBHOOK_TILLATNA_NAT: '127.0.0.1',
    WEBHOOK_FORSOK_SEKUNDER: Array(60).fill('1').join(','),
    LOG_LEVEL: 'warn',
  }
  const services: Service[] = [await startService(env)]
  services.push(await startService(env))
  const [a] = services as [Service]
  const subjects = await makeCases(a, 12)
  const receiver = await startKilledReceiver()
  const { body: subscription } = await a.call(
    'POST',
    '/prenumerationer',
    { url: receiver.url, typer: ['se.hemvist.arende.*'] },
    ['administrator'],
  )
  receiver.start(subscription.hemlighet)
  const readers = await Promise.all([0, 1, 2].map(n => startReader(services, n)))
  const writers = Array.from({ length: 8 }, (_, n) => startWriter(database.url, subjects, n))

  await sleep(3000)
  await receiver.kill()
  await sleep(1500)
  receiver.start(subscription.hemlighet)
  await sleep(1500)
  await stopProgram(a, 'SIGKILL')
  await sleep(1000)
  services[0] = await startService(env)
  await sleep(2000)
  await database.kill()
  await sleep(4000)
  const made = (await Promise.all(writers.map(({ stop }) => stop()))).reduce((sum, n) => sum + n, 0)

  // What has happened, by the rows themselves: each change has its own version, and one event.
  const owner = new pg.Client(database.url)
  await owner.connect()
  const { rows: truth } = await owner.query(
    `SELECT e.id, e.rad_id FROM handelse e JOIN arende a ON a.id = e.rad_id
     WHERE e.part = 'socialforvaltningen' ORDER BY e.nr OFFSET $1`,
    [2 * subjects.length],
  )
  const [{ changes }] = (await owner.query('SELECT sum(version - 2)::int AS changes FROM arende')).rows
  await owner.end()
  expect(truth).toHaveLength(changes)
  expect(changes).toBeGreaterThanOrEqual(made)
  expect(made).toBeGreaterThan(100)
  const expected = bySubject(truth.map(({ id, rad_id }) => ({ id, subject: `arende/${rad_id}` })))

  await until(() => new Set(receiver.events().map(({ id }) => id)).size === changes, 'every event by webhook', 30_000)
  await until(() => readers.every(({ events }) => events.length >= changes), 'every event by the feed', 10_000)
  for (const { stop } of readers) await stop()

  // The feed: exactly once. Webhooks: what the receiver has lost in its fall may come again, with the same id.
  for (const { events } of readers) expect(bySubject(events)).toEqual(expected)
  const first = receiver.events().filter(({ id }, n, all) => all.findIndex(other => other.id === id) === n)
  expect(bySubject(first)).toEqual(expected)
  const { body } = await (services[1] as Service).call('GET', `/prenumerationer/${subscription.id}`, undefined, [
    'administrator',
  ])
  expect(body.halsa).toMatchObject({ doda: 0, misslyckasSedan: null })
  console.log(`${changes} events, ${receiver.events().length} printed by the receiver`)
  await Promise.all(services.map(service => stopProgram(service)))
  await database.stop()
}, 120_000)

const bySubject = (events: Event[]): [subject: string, ids: string[]][] =>
  [...Map.groupBy(events, ({ subject }) => subject)]
    .map(([subject, own]): [string, string[]] => [subject, own.map(({ id }) => id)])
    .sort(([one], [other]) => one.localeCompare(other))

/** A server of its own behind an address that stays when it is killed and started again. */
async function startDatabase(folder: string) {
  let server = await openEmbeddedDatabase(folder, 'command')
  const sockets = new Set<net.Socket>()
  const proxy = net.createServer(socket => {
    const inner = net.connect(Number(new URL(server.url).port), '127.0.0.1')
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const url = new URL(server.url)
  url.port = String((proxy.address() as AddressInfo).port)
  return {
    url: url.href,
    async kill() {
      const pid = serverPid(folder) as number
      process.kill(pid, 'SIGKILL')
      while (isRunning(pid)) await sleep(20)
      server = await openEmbeddedDatabase(folder, 'command')
    },
    async stop() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
      await server.release()
    },
  }
}

/** Cases under investigation, and the number of the last event when they are. */
async function makeCases(service: Service, count: number) {
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const { body: hushall } = await service.call('POST', '/hushall', {
      personer: [{ personnummer: testPersonnummer(n), fornamn: 'Alva', efternamn: 'Ek', roll: 'sokande' }],
    })
    const today = systemClock.now().toZonedDateTimeISO('Europe/Stockholm').toPlainDate().toString()
    const { body } = await service.call('POST', '/arenden', {
      insats: 'fortur',
      hushallId: hushall.id,
      ansokanDatum: today,
      kanal: 'papper',
    })
    await service.call('POST', `/arenden/${body.id}/utredningsstart`, {})
    ids.push(body.id)
  }
  return ids
}

/** Changes the state of one case after the other; every eighth time it keeps its transaction open for a second or two. */
function startWriter(url: string, ids: string[], n: number) {
  let stopping = false
  let made = 0
  async function run(): Promise<void> {
    const client = new pg.Client(url)
    client.on('error', () => {})
    try {
      await client.connect()
      for (let turn = n; !stopping; turn++) {
        await client.query('BEGIN')
        await client.query(
          `UPDATE arende SET tillstand = CASE tillstand WHEN 'utredning' THEN 'inkommen' ELSE 'utredning' END,
             version = version + 1 WHERE id = $1`,
          [ids[Math.floor(Math.random() * ids.length)]],
        )
        await sleep(turn % 8 === 0 ? 1000 + Math.random() * 1000 : Math.random() * 20)
        await client.query('COMMIT')
        made++
      }
    } catch {
      await sleep(100)
    } finally {
      await client.end().catch(() => {})
    }
  }
  const running = (async () => {
    while (!stopping) await run()
  })()
  return {
    stop: async () => {
      stopping = true
      await running
      return made
    },
  }
}

/** Follows the feed by its cursor, and asks the other instance when one does not answer. */
async function startReader(services: Service[], n: number) {
  const events: Event[] = []
  let stopping = false
  let cursor = (await (services[0] as Service).call('GET', '/handelser?cursor=nu')).body.nextCursor
  const running = (async () => {
    for (let turn = n; !stopping; turn++) {
      const service = services[turn % 2] as Service
      const path = `/handelser?cursor=${encodeURIComponent(cursor)}&vanta=1&limit=50&typ=se.hemvist.arende.*`
      const answer = await service.call('GET', path).catch(() => undefined)
      if (answer?.status !== 200) {
        await sleep(100)
        continue
      }
      events.push(...answer.body.handelser)
      cursor = answer.body.nextCursor
    }
  })()
  return {
    events,
    stop: async () => {
      stopping = true
      await running
    },
  }
}

/** The example receiver, as a process on a port that stays. */
async function startKilledReceiver() {
  const reserved = net.createServer().listen(0, '127.0.0.1')
  await once(reserved, 'listening')
  const { port } = reserved.address() as AddressInfo
  reserved.close()
  const programs: Started[] = []
  return {
    url: `http://127.0.0.1:${port}/`,
    start(secret: string) {
      programs.push(startProgram('examples/mottagare.ts', [], { PORT: String(port), HEMLIGHET: secret }))
    },
    kill: () => stopProgram(programs.at(-1) as Started, 'SIGKILL'),
    events: (): Event[] =>
      programs.flatMap(({ output }) =>
        output.stdout
          .split('\n')
          .filter(line => line.endsWith('}'))
          .map(line => JSON.parse(line)),
      ),
  }
}
