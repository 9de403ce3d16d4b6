import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { ok } from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { activate, createLandlord, grant, nextPersonnummer } from '../people.ts'
import { amongOthers, type Event, follow, now } from './reading.ts'

const harness = await startTestApp()
amongOthers(harness)
const second = await startTestApp({ url: harness.url })
const worker = harness.as('handlaggare')
const cleared = harness.as(['handlaggare', 'skyddsgrupp'])

type Message = { id: string; event?: Event }
type Stream = {
  status: number
  headers: IncomingMessage['headers']
  text(): string
  messages(): Message[]
  ended: Promise<void>
  isOpen(): boolean
  close(): void
}

const open: ClientRequest[] = []
afterEach(() => {
  for (const request of open.splice(0)) request.destroy()
})

/** Follows the stream as a frontend does. */
function stream(
  client: Client,
  headers: Record<string, string> = {},
  query = '',
  base = harness.base,
): Promise<Stream> {
  const { promise, resolve, reject } = Promise.withResolvers<Stream>()
  void client.token().then(token => {
    const request = get(
      `${base}/v1/handelser/strom${query}`,
      { agent: false, headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers } },
      answer => {
        let text = ''
        let isOpen = true
        answer.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        const ended = new Promise<void>(done => {
          for (const how of ['end', 'close', 'error']) answer.on(how, () => done())
        }).then(() => {
          isOpen = false
        })
        const messages = () =>
          text
            .split('\n\n')
            .slice(0, -1)
            .map(block => ({
              id: /^id: (\S+)$/m.exec(block)?.[1] ?? '',
              event: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null') ?? undefined,
            }))
        resolve({
          status: answer.statusCode as number,
          headers: answer.headers,
          text: () => text,
          messages,
          ended,
          isOpen: () => isOpen,
          close: () => request.destroy(),
        })
      },
    )
    request.on('error', reject)
    open.push(request)
  })
  return promise
}

const events = ({ messages }: Stream): string[] => messages().flatMap(({ event }) => event?.subject ?? [])
async function until(holds: () => boolean, what: string) {
  for (const started = performance.now(); !holds(); await sleep(20))
    if (performance.now() - started > 8000) throw new Error(`no ${what}`)
}

test('gives each event as it happens, as the feed does, and begins with where one is', async () => {
  const from = await now(worker)
  const one = await stream(worker)
  expect(one.status).toBe(200)
  expect(one.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    traceparent: expect.any(String),
  })
  await until(() => one.messages().length > 0, 'first sign')
  expect(one.messages()).toEqual([{ id: expect.stringMatching(/^[\w-]{80,}$/), event: undefined }])
  const ids = [`hyresgaranti/${(await grant(worker)).id}`, `hyresgaranti/${(await grant(worker)).id}`]
  await until(() => events(one).length === 2, 'event')
  expect(events(one)).toEqual(ids)
  const fed = (await follow(worker, from)).events
  expect(one.messages().flatMap(({ event }) => event ?? [])).toEqual(fed)
})

test('goes on after Last-Event-ID, and after its first sign when nothing came before it was cut off', async () => {
  const first = await stream(worker)
  await until(() => first.messages().length > 0, 'first sign')
  first.close()
  const missed = [(await grant(worker)).id, (await grant(worker)).id].map(id => `hyresgaranti/${id}`)
  const again = await stream(worker, { 'last-event-id': first.messages()[0]?.id as string })
  await until(() => events(again).length === 2, 'events')
  expect(events(again)).toEqual(missed)
  const third = await stream(worker, { 'last-event-id': again.messages()[0]?.id as string }, '?cursor=nu')
  await until(() => events(third).length === 1, 'event')
  expect(events(third)).toEqual([missed[1]])
})

test('takes types and a cursor, and refuses what is none', async () => {
  const from = await now(worker)
  await activate(worker)
  const only = await stream(worker, {}, `?cursor=${from}&typ=se.hemvist.hyresgaranti.aktiv`)
  await until(() => events(only).length > 0, 'event')
  expect(only.messages().flatMap(({ event }) => event?.type ?? [])).toEqual(['se.hemvist.hyresgaranti.aktiv'])
  expect((await stream(worker, { 'last-event-id': 'x' })).status).toBe(400)
  expect((await stream(worker, {}, '?cursor=x')).status).toBe(400)
  expect((await stream(worker, {}, '?typ=se.hemvist.inget')).status).toBe(400)
})

test('is for those whom the feed is for', async () => {
  const { id } = await createLandlord(worker)
  const other = await createLandlord(worker)
  const [mine, theirs] = [await stream(harness.hyresvard(id)), await stream(harness.hyresvard(other.id))]
  const { id: garantiId } = await activate(worker, { hyresvardId: id })
  await until(() => events(mine).length > 0, 'event')
  expect(mine.messages().flatMap(({ event }) => event?.data ?? [])).toEqual(
    expect.arrayContaining([{ lank: `${harness.base}/v1/hyresvard/avslutsforslag` }]),
  )
  expect(events(mine).every(subject => subject === `hyresgaranti/${garantiId}`)).toBe(true)
  expect(events(theirs)).toEqual([])
  expect((await stream(harness.as('statistiker'))).status).toBe(403)
})

test('is silent about what one may not know of: not a byte when it happens', async () => {
  const person = { personnummer: nextPersonnummer(), fornamn: 'Ida', efternamn: 'Ek', roll: 'sokande' }
  const { body } = await cleared.post('/hushall', { personer: [{ ...person, skyddsniva: 'sekretessmarkering' }] })
  const [ordinary, told] = [await stream(worker), await stream(cleared)]
  await until(() => ordinary.messages().length > 0, 'first sign')
  const before = ordinary.text()
  const { id } = await grant(cleared, { hushallId: body.id })
  await until(() => events(told).length > 0, 'event')
  await sleep(500)
  expect(events(told)).toEqual([`hyresgaranti/${id}`])
  expect(ordinary.text()).toBe(before)
})

test('is in the read log before it leaves, as the feed is: whom each event was about', async () => {
  const from = await now(worker)
  const one = await stream(worker)
  await until(() => one.messages().length > 0, 'first sign')
  const garanti = await grant(worker)
  await until(() => events(one).length === 1, 'event')
  ok(await worker.get(`/handelser?cursor=${from}`))
  const { rows } = await harness.owner.query(
    `SELECT vag, hushall_ids FROM atkomstlogg WHERE vag LIKE '/v1/handelser%' AND hushall_ids = ARRAY[$1::uuid] ORDER BY vag`,
    [garanti.hushallId],
  )
  expect(rows).toEqual(['/v1/handelser', '/v1/handelser/strom'].map(vag => ({ vag, hushall_ids: [garanti.hushallId] })))
})

test('costs no connection: two hundred follow, all are told', async () => {
  const all = await Promise.all(Array.from({ length: 200 }, () => stream(worker)))
  await until(() => all.every(({ messages }) => messages().length > 0), 'first signs')
  await sleep(500)
  const busy = await harness.owner.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'hemvist' AND datname = current_database() AND state <> 'idle'`,
  )
  expect(busy.rows.length).toBeLessThanOrEqual(2)
  const { id } = await grant(worker)
  await until(() => all.every(one => events(one).length === 1), 'event to each')
  expect(new Set(all.flatMap(events))).toEqual(new Set([`hyresgaranti/${id}`]))
})

test('ends when the token has expired, before anything more is told', async () => {
  const one = await stream(worker)
  await until(() => one.messages().length > 0, 'first sign')
  harness.clock.day = '2026-09-16'
  await grant(harness.as('handlaggare'))
  await one.ended
  harness.clock.day = '2026-09-15'
  expect(events(one)).toEqual([])
})

describe('when the service stops', () => {
  test('streams end and those who wait are answered, within a second', async () => {
    const client = second.as('handlaggare')
    const one = await stream(client, {}, '', second.base)
    await until(() => one.messages().length > 0, 'first sign')
    const waited = client.get(`/handelser?cursor=${await now(client)}&vanta=30`)
    await sleep(300)
    const started = performance.now()
    await Promise.all([second.app.close(), one.ended])
    const { status, body } = await waited
    expect(status).toBe(200)
    expect(body).toMatchObject({ handelser: [], nextCursor: expect.any(String) })
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
