import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { activate, createHousehold, createLandlord, grant } from '../people.ts'
import { deliver, makeEvents, startReceiver, subscribe, until, verify, webhookSettings } from './receiving.ts'

const harness = await startTestApp({ settings: webhookSettings })
const administrator = harness.as('administrator')
const handlaggare = harness.as('handlaggare')
let deliveries: Awaited<ReturnType<typeof deliver>>

beforeAll(async () => {
  deliveries = await deliver(harness)
})
afterEach(async () => {
  // What one test leaves behind is not the next one's.
  await harness.owner.query('UPDATE prenumeration SET aktiv = false')
  expect([...new Set(deliveries.failures.map(({ message }) => message))]).toEqual([])
})

const log = async (id: string, query = '') =>
  ok(await administrator.get(`/prenumerationer/${id}/leveranser?limit=100${query}`)).leveranser
const health = async (id: string) => ok(await administrator.get(`/prenumerationer/${id}`)).halsa

test('a landlord is sent its own events, signed, as the feed has them, and nothing that is not disclosed to it', async () => {
  const receiver = await startReceiver()
  const [mine, other] = [await createLandlord(handlaggare), await createLandlord(handlaggare)]
  const landlord = harness.hyresvard(mine.id)
  const { id, hemlighet } = await subscribe(landlord, receiver.url)
  const garanti = await activate(handlaggare, { hyresvardId: mine.id })
  await activate(handlaggare, { hyresvardId: other.id })
  await until(() => receiver.got.some(({ type }) => type === 'se.hemvist.hyresgaranti.aktiv'), 'the event')
  await sleep(600)
  expect(new Set(receiver.got.map(({ body }) => JSON.parse(body).subject.split('/').at(-1)))).toEqual(
    new Set([garanti.id]),
  )
  const feed = ok(await landlord.get('/handelser')).handelser
  expect(receiver.got.map(({ body }) => JSON.parse(body))).toEqual(feed)
  for (const one of receiver.got) {
    expect(verify(hemlighet, one)).toEqual(JSON.parse(one.body))
    expect(one.headers['webhook-id']).toBe(one.id)
    expect(one.headers['content-type']).toContain('application/cloudevents+json')
  }
  expect(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`, receiver.got[0] as never)).toThrow()
  expect(ok(await landlord.get(`/prenumerationer/${id}`)).halsa).toMatchObject({
    vantar: 0,
    doda: 0,
    misslyckasSedan: null,
  })
  expect(ok(await landlord.get(`/prenumerationer/${id}/leveranser`)).leveranser[0]).toMatchObject({
    lage: 'levererad',
    forsok: 1,
    logg: [{ status: 204, fel: null }],
  })
})

test('only the types that are asked for are sent', async () => {
  const receiver = await startReceiver()
  await subscribe(administrator, receiver.url, { typer: ['se.hemvist.hyresgaranti.aktiv'] })
  const wide = await startReceiver()
  await subscribe(administrator, wide.url, { typer: ['se.hemvist.hyresgaranti.*'] })
  await activate(handlaggare)
  await until(() => wide.got.length === 2 && receiver.got.length === 1, 'three events')
  expect(wide.got.map(({ type }) => type)).toEqual([
    'se.hemvist.hyresgaranti.beviljad',
    'se.hemvist.hyresgaranti.aktiv',
  ])
  expect(receiver.got.map(({ type }) => type)).toEqual(['se.hemvist.hyresgaranti.aktiv'])
})

test('each subject comes in order although half the answers are 500, and what comes twice has the same webhook-id', async () => {
  const receiver = await startReceiver()
  // Half of all attempts fail the first time, so that nothing fails more often than there are attempts.
  const failed = new Set<string>()
  receiver.answer = (response, { id }) => {
    const fails = !failed.has(id) && Math.random() < 0.5
    if (fails) failed.add(id)
    response.writeHead(fails ? 500 : 204).end()
  }
  const { id } = await subscribe(administrator, receiver.url)
  const subjects = Array.from({ length: 40 }, () => randomUUID())
  await makeEvents(harness, 120, subjects)
  await until(async () => (await health(id)).vantar === 0 && receiver.got.length >= 120, 'all of them', 25_000)
  const { rows } = await harness.owner.query(
    `SELECT h.id, h.rad_id FROM handelse h JOIN leverans v ON v.handelse_id = h.id WHERE v.prenumeration_id = $1 ORDER BY h.xid, h.nr`,
    [id],
  )
  expect(rows).toHaveLength(120)
  for (const subject of subjects) {
    const expected = rows.filter(({ rad_id }) => rad_id === subject).map(({ id }) => id)
    const seen = receiver.got.map(one => one.id).filter(one => expected.includes(one))
    // Each is repeated until it is taken, and the next never begins before that.
    expect(seen.filter((one, n) => one !== seen[n - 1])).toEqual(expected)
  }
  expect(failed.size).toBeGreaterThan(20)
  expect(receiver.got.length).toBe(120 + failed.size)
  expect(receiver.got.every(one => one.headers['webhook-id'] === one.id)).toBe(true)
}, 30_000)

test('a subject that fails holds up its own events and no others', async () => {
  const receiver = await startReceiver()
  const [stuck, free] = [randomUUID(), randomUUID()]
  let first: string | undefined
  receiver.answer = (response, { id, body }) => {
    if (body.includes(stuck)) first ??= id
    response.writeHead(id === first ? 500 : 204).end()
  }
  const { id } = await subscribe(administrator, receiver.url)
  await makeEvents(harness, 6, [stuck, free])
  await until(() => receiver.got.filter(({ body }) => body.includes(free)).length === 3, 'the free ones')
  expect(receiver.got.filter(({ body }) => body.includes(stuck)).every(one => one.id === first)).toBe(true)

  // After the last attempt it is a dead letter, which no longer stands in the way, and can be sent again.
  await until(async () => (await health(id)).doda === 1, 'a dead letter', 20_000)
  await until(async () => (await health(id)).vantar === 0, 'the rest')
  expect(await log(id, '&lage=dod')).toMatchObject([
    { handelseId: first, forsok: 5, nastaForsok: null, logg: Array(5).fill({ status: 500, fel: 'felstatus' }) },
  ])
  expect(receiver.got.filter(({ body }) => body.includes(stuck))).toHaveLength(5 + 2)
  receiver.answer = response => response.writeHead(200).end('tack')
  const before = receiver.got.length
  ok(await administrator.post(`/prenumerationer/${id}/omleverans?fran=2020-01-01T00:00:00Z&baraDoda=true`))
  await until(async () => (await health(id)).doda === 0 && receiver.got.length === before + 1, 'the dead letter')
  expect(receiver.got.at(-1)?.id).toBe(first)
}, 40_000)

test('a replay sends everything from an instant again, in order, with the same webhook-ids', async () => {
  const receiver = await startReceiver()
  const { id } = await subscribe(administrator, receiver.url)
  const subject = randomUUID()
  await makeEvents(harness, 3, [subject])
  await until(() => receiver.got.length === 3, 'three')
  const [{ now }] = (await harness.owner.query('SELECT clock_timestamp() AS now')).rows
  await makeEvents(harness, 4, [subject])
  await until(() => receiver.got.length === 7, 'seven')
  await until(async () => (await health(id)).vantar === 0, 'all written')
  ok(await administrator.post(`/prenumerationer/${id}/omleverans?fran=${now.toISOString()}`))
  await until(() => receiver.got.length === 11, 'four again')
  await sleep(400)
  const ids = receiver.got.map(one => one.id)
  expect(ids.slice(7)).toEqual(ids.slice(3, 7))
})

test('Retry-After is obeyed', async () => {
  const receiver = await startReceiver()
  const times: number[] = []
  receiver.answer = response => {
    times.push(performance.now())
    response.writeHead(times.length === 1 ? 503 : 204, { 'retry-after': '3' }).end()
  }
  await subscribe(administrator, receiver.url)
  await makeEvents(harness, 1)
  await until(() => times.length === 2, 'the second attempt')
  expect((times[1] as number) - (times[0] as number)).toBeGreaterThan(2900)
  expect((times[1] as number) - (times[0] as number)).toBeLessThan(6000)
})

test('410 ends the subscription', async () => {
  const receiver = await startReceiver(response => response.writeHead(410).end())
  const { id } = await subscribe(administrator, receiver.url)
  const subject = randomUUID()
  await makeEvents(harness, 2, [subject])
  await until(() => receiver.got.length === 1, 'an attempt')
  await until(async () => ok(await administrator.get(`/prenumerationer/${id}`)).avslutad, 'the end')
  expect(ok(await administrator.get(`/prenumerationer/${id}`))).toMatchObject({
    aktiv: false,
    avslutsorsak: 'mottagaren410',
  })
  await makeEvents(harness, 2, [subject])
  await sleep(1500)
  expect(receiver.got).toHaveLength(1)
  expect((await administrator.post(`/prenumerationer/${id}/omleverans?fran=2020-01-01T00:00:00Z`)).body).toMatchObject({
    kod: 'prenumerationen-ar-avslutad',
  })
})

test('while the key is changed both sign, and after a second change the first does not', async () => {
  const receiver = await startReceiver()
  const { id, hemlighet: first } = await subscribe(administrator, receiver.url)
  const rotate = async () =>
    ok(await administrator.post(`/prenumerationer/${id}/nyckelbyte`, {}, { ifMatch: '*' })).hemlighet
  const second = await rotate()
  await makeEvents(harness, 1)
  await until(() => receiver.got.length === 1, 'one')
  const [one] = receiver.got as [never]
  expect(verify(first, one)).toEqual(verify(second, one))
  const third = await rotate()
  await makeEvents(harness, 1)
  await until(() => receiver.got.length === 2, 'two')
  const two = receiver.got[1] as never
  expect(verify(second, two)).toEqual(verify(third, two))
  expect(() => verify(first, two)).toThrow()
  await harness.owner.query("UPDATE leveranslage SET forra_nyckel_till = now() - interval '1 second'")
  await makeEvents(harness, 1)
  await until(() => receiver.got.length === 3, 'three')
  expect(() => verify(second, receiver.got[2] as never)).toThrow()
  expect(verify(third, receiver.got[2] as never)).toBeDefined()
})

test('a redirect is not followed, and the log says what it was', async () => {
  const [target, receiver] = [await startReceiver(), await startReceiver()]
  receiver.answer = response => response.writeHead(307, { location: target.url }).end()
  const { id } = await subscribe(administrator, receiver.url)
  await makeEvents(harness, 1)
  await until(async () => (await log(id))[0]?.forsok > 0, 'an attempt')
  expect((await log(id))[0]).toMatchObject({
    lage: 'vantar',
    logg: [{ status: 307, fel: 'omdirigering' }],
    forklaring: expect.stringContaining('omdirigering'),
  })
  expect((await health(id)).misslyckasSedan).not.toBeNull()
  expect(target.got).toEqual([])
})

test('a subscription that rests loses nothing', async () => {
  const receiver = await startReceiver()
  const { id } = await subscribe(administrator, receiver.url, { aktiv: false })
  await makeEvents(harness, 3)
  await sleep(800)
  expect(receiver.got).toEqual([])
  ok(await administrator.patch(`/prenumerationer/${id}`, { aktiv: true }, { ifMatch: '*' }))
  await until(() => receiver.got.length === 3, 'three')
})

test('of someone who becomes protected, or whose disclosure is withdrawn, nothing more is sent', async () => {
  let isDown = true
  const receiver = await startReceiver()
  receiver.answer = response => response.writeHead(isDown ? 500 : 204).end()
  const soc = await startReceiver()
  soc.answer = receiver.answer
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const landlord = await createLandlord(handlaggare)
  const ofLandlord = await subscribe(harness.hyresvard(landlord.id), receiver.url)
  const ofAll = await subscribe(administrator, soc.url)
  const hidden = await createHousehold(handlaggare)
  const [a, b, c] = [
    await activate(handlaggare, { hyresvardId: landlord.id, hushallId: hidden.id }),
    await activate(handlaggare, { hyresvardId: landlord.id }),
    await activate(handlaggare, { hyresvardId: landlord.id }),
  ]
  await until(() => receiver.got.length >= 3 && soc.got.length >= 3, 'attempts')
  const { id: personId } = ok(await handlaggare.get(`/hushall/${hidden.id}`)).personer[0]
  ok(
    await cleared.patch(
      `/hushall/${hidden.id}/personer/${personId}`,
      { skyddsniva: 'sekretessmarkering' },
      { ifMatch: '*' },
    ),
  )
  const [utlamnande] = ok(await handlaggare.get(`/utlamnanden?hyresgarantiId=${b.id}`)).utlamnanden
  ok(
    await handlaggare.post(
      `/utlamnanden/${utlamnande.id}/aterkallande`,
      { skal: 'Samtycket har dragits tillbaka.' },
      { ifMatch: '*' },
    ),
  )
  for (const one of [receiver, soc]) one.got.length = 0
  isDown = false
  await until(async () => (await health(ofAll.id)).vantar === 0, 'everything')
  await until(
    async () => ok(await harness.hyresvard(landlord.id).get(`/prenumerationer/${ofLandlord.id}`)).halsa.vantar === 0,
    'everything of the landlord',
  )
  const about = (got: typeof soc.got) => new Set(got.map(({ subject }) => subject.split('/').at(-1)))
  expect(about(receiver.got)).toEqual(new Set([c.id]))
  expect(about(soc.got)).not.toContain(a.id)
  expect(about(soc.got)).toEqual(new Set([b.id, c.id]))
  const { rows } = await harness.owner.query('SELECT DISTINCT lage FROM leverans WHERE rad_id = $1', [a.id])
  expect(rows).toEqual([{ lage: 'stoppad' }])
  // Nor does the log know of it any more, or a replay.
  expect((await log(ofAll.id)).length).toBe(soc.got.length)
  ok(await administrator.post(`/prenumerationer/${ofAll.id}/omleverans?fran=2020-01-01T00:00:00Z`))
  await until(async () => (await health(ofAll.id)).vantar === 0 && soc.got.length > 4, 'the replay')
  expect(about(soc.got)).not.toContain(a.id)
}, 40_000)

test('events of a protected household are never sent, not even to socialförvaltningen', async () => {
  const receiver = await startReceiver()
  await subscribe(harness.as(['administrator', 'skyddsgrupp']), receiver.url)
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const hidden = await createHousehold(cleared, [])
  const { id: personId } = hidden.personer[0]
  ok(
    await cleared.patch(
      `/hushall/${hidden.id}/personer/${personId}`,
      { skyddsniva: 'sekretessmarkering' },
      { ifMatch: '*' },
    ),
  )
  await grant(cleared, { hushallId: hidden.id })
  await grant(handlaggare)
  await until(() => receiver.got.length > 0, 'the other')
  await sleep(500)
  expect(receiver.got).toHaveLength(1)
})
