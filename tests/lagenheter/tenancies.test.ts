import {
  changeContract,
  currentUpplatelse,
  letOut,
  noticeGiven,
  noticeWithdrawn,
  readLagenhet,
  reserve,
  takenOver,
  upplatelserOf,
  vacated,
} from '../../src/lagenheter/service.ts'
import type { Refusal } from '../../src/shared/refusals.ts'
import { startTestApp } from '../harness.ts'
import { home, inOne, type Ko, ok, queued } from './made.ts'

const harness = await startTestApp({ today: '2026-03-01' })
const serviceforvaltningen = harness.as([], 'serviceforvaltningen')
const boendeenhet = harness.as('boendeenhet')
const skyddsgrupp = harness.as(['boendeenhet', 'skyddsgrupp'])

beforeEach(() => {
  harness.clock.day = '2026-03-01'
})

const lease = (fran: string) => ({ fran, kontraktsform: 'andrahand' as const, hyraOre: 845000 })

/** Someone who has the home, or is promised it, from a day. */
async function tenant(id: string, fran: string, { skyddad = false } = {}): Promise<Ko> {
  const [who] = await queued(harness, 1, { skyddad })
  await inOne(harness, async work => {
    await reserve(work, id, { ...who, fran, till: null })
    await letOut(work, who.for, lease(fran))
  })
  return who
}
const kodOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'gick',
    (error: Refusal) => error.problem?.kod ?? String(error),
  )
const tillstand = (id: string) => inOne(harness, async work => (await readLagenhet(work, id)).tillstand)

// A day is a day in Sweden: month ends, the leap day, and the nights when the clock is moved.
test.each([
  ['a month end', '2026-03-31', '2026-04-01'],
  ['the end of a short February', '2026-02-28', '2026-03-01'],
  ['the leap day', '2028-02-29', '2028-03-01'],
  ['the day before the leap day', '2028-02-28', '2028-02-29'],
  ['the day that summer time begins', '2026-03-29', '2026-03-30'],
  ['the day before summer time', '2026-03-28', '2026-03-29'],
  ['the day that summer time ends', '2026-10-25', '2026-10-26'],
  ['the day before winter time', '2026-10-24', '2026-10-25'],
  ['the turn of the year', '2026-12-31', '2027-01-01'],
])('after %s the next tenant can move in the day after, and not the same day', async (_, last, next) => {
  harness.clock.day = '2026-01-02'
  const id = await home(serviceforvaltningen)
  const first = await tenant(id, '2026-01-02')
  await inOne(harness, work => noticeGiven(work, first.for, last))
  harness.clock.day = last
  await inOne(harness, work => vacated(work, first.for, last))
  const { etag } = ok(await serviceforvaltningen.get(`/serviceforvaltningen/lagenheter/${id}`))
  ok(await serviceforvaltningen.post(`/serviceforvaltningen/lagenheter/${id}/klar`, {}, { ifMatch: etag }))
  const [second] = await queued(harness, 1)
  const promise = (fran: string) => kodOf(inOne(harness, work => reserve(work, id, { ...second, fran, till: null })))
  expect(await promise(last)).toBe('bostaden-ar-upptagen')
  expect(await promise(next)).toBe('gick')
  // Let a day earlier than it was promised: the constraint sees that too.
  expect(await kodOf(inOne(harness, work => letOut(work, second.for, lease(last))))).toBe('bostaden-ar-upptagen')
  expect(await kodOf(inOne(harness, work => letOut(work, second.for, lease(next))))).toBe('gick')
})

test('the reservation becomes the tenancy, and notice can be given, withdrawn and carried out', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-03-01')
  expect(await tillstand(id)).toBe('uthyrd')
  await inOne(harness, work => noticeGiven(work, who.for, '2026-06-30'))
  expect(await tillstand(id)).toBe('uppsagd')
  expect(await inOne(harness, work => noticeWithdrawn(work, who.for))).toMatchObject({ till: null, slag: 'boende' })
  expect(await tillstand(id)).toBe('uthyrd')
  await inOne(harness, work => noticeGiven(work, who.for, '2026-06-30'))
  harness.clock.day = '2026-06-30'
  await inOne(harness, work => vacated(work, who.for, '2026-06-15'))
  expect(await tillstand(id)).toBe('tomstalld')
  const rows = await inOne(harness, work => upplatelserOf(work, who.for))
  expect(rows).toMatchObject([{ fran: '2026-03-01', till: '2026-06-15', slag: 'boende', kontraktsform: 'andrahand' }])
  expect(await inOne(harness, work => currentUpplatelse(work, who.for))).toBeNull()
  expect(await kodOf(inOne(harness, work => vacated(work, who.for, '2026-06-15')))).toBe('fel-tillstand')
})

test('a sublet becomes first-hand on the same home: one interval ends, the next begins the day after', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-01-01')
  const firstHand = (fran: string) => ({ fran, kontraktsform: 'forstahand' as const, hyraOre: 850000 })
  expect(await kodOf(inOne(harness, work => changeContract(work, who.for, firstHand('2025-12-31'))))).toBe(
    'fore-tilltradet',
  )
  await inOne(harness, work => changeContract(work, who.for, firstHand('2026-03-01')))
  expect(await inOne(harness, work => upplatelserOf(work, who.for))).toMatchObject([
    { fran: '2026-01-01', till: '2026-02-28', kontraktsform: 'andrahand' },
    { fran: '2026-03-01', till: null, kontraktsform: 'forstahand', hyraOre: 850000, lagenhetId: id },
  ])
  expect(await tillstand(id)).toBe('uthyrd')
})

test('whoever moves out before the new contract begins never has it', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-01-01')
  await inOne(harness, work =>
    changeContract(work, who.for, { fran: '2026-05-01', kontraktsform: 'forstahand', hyraOre: 850000 }),
  )
  await inOne(harness, work => vacated(work, who.for, '2026-03-01'))
  expect(await inOne(harness, work => upplatelserOf(work, who.for))).toMatchObject([
    { fran: '2026-01-01', till: '2026-03-01', upphavd: null },
    { fran: '2026-05-01', upphavd: '2026-03-01' },
  ])
})

test('a home that its tenant takes over leaves the pool that day', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-01-01')
  await inOne(harness, work => takenOver(work, who.for, '2026-03-31'))
  const lagenhet = ok(await boendeenhet.get(`/lagenheter/${id}`))
  expect(lagenhet).toMatchObject({ tillstand: 'overlaten', iPoolenTill: '2026-03-31', vakansdagar: null })
  expect(Object.keys(lagenhet._links)).toEqual(['self', 'upplatelser', 'historik'])
})

test('who has had a home is answered, and logged', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-01-01')
  const { upplatelser } = ok(await boendeenhet.get(`/lagenheter/${id}/upplatelser`))
  expect(upplatelser).toMatchObject([{ hushallId: who.hushallId, ...who.for, fran: '2026-01-01', till: null }])
  const { rows } = await harness.owner.query('SELECT vag FROM atkomstlogg WHERE $1 = ANY (hushall_ids)', [
    who.hushallId,
  ])
  expect(rows).toEqual([{ vag: '/v1/lagenheter/:id/upplatelser' }])
  const { historik } = ok(await boendeenhet.get(`/lagenheter/${id}/historik`))
  expect(historik.at(-1)).toMatchObject({ andringar: [{ falt: 'tillstand', fran: 'reserverad', till: 'uthyrd' }] })
})

test('the home of a protected household is not there for those without clearance, until it is vacated', async () => {
  const id = await home(serviceforvaltningen)
  const who = await tenant(id, '2026-01-01', { skyddad: true })
  const path = `/lagenheter/${id}`
  const listed = async () =>
    ok(await boendeenhet.get('/lagenheter?limit=100')).lagenheter.map((one: { id: string }) => one.id)
  expect((await boendeenhet.get(path)).status).toBe(404)
  expect((await serviceforvaltningen.get(`/serviceforvaltningen${path}`)).status).toBe(404)
  expect((await boendeenhet.post(`${path}/klar`, {}, { ifMatch: '*' })).status).toBe(404)
  expect(await listed()).not.toContain(id)
  expect(ok(await skyddsgrupp.get(path)).tillstand).toBe('uthyrd')
  await inOne(harness, work => noticeGiven(work, who.for, '2026-02-28'))
  expect((await boendeenhet.get(path)).status).toBe(404)
  await inOne(harness, work => vacated(work, who.for, '2026-02-28'))
  expect(ok(await boendeenhet.get(path)).tillstand).toBe('tomstalld')
  expect(ok(await boendeenhet.get(`${path}/upplatelser`)).upplatelser).toEqual([])
})

test('a household that is protected while it lives there hides its home, also one that it has taken over', async () => {
  const [let1, taken] = [await home(serviceforvaltningen), await home(serviceforvaltningen)] as const
  const [one, other] = [await tenant(let1, '2026-01-01'), await tenant(taken, '2026-01-01')] as const
  await inOne(harness, work => takenOver(work, other.for, '2026-03-01'))
  harness.clock.day = '2026-04-01'
  for (const { hushallId } of [one, other])
    await harness.owner.query('UPDATE hushall SET skyddad = true WHERE id = $1', [hushallId])
  for (const id of [let1, taken]) {
    expect((await boendeenhet.get(`/lagenheter/${id}`)).status).toBe(404)
    expect((await skyddsgrupp.get(`/lagenheter/${id}`)).status).toBe(200)
  }
})
