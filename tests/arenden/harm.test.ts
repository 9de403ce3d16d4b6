import { child, created, decided, heard, investigate, investigated, motivering, ok, openCase } from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { createHousehold, createLandlord } from '../people.ts'

// What must not happen to the person whom a case is about.
const harness = await startTestApp()
const maja = harness.as('handlaggare', undefined, 'maja')
const karin = harness.as('beslutsfattare', undefined, 'karin')
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const command = (client: Client, path: string, body: object = {}) => client.post(path, body, { ifMatch: '*' })
const refused = () => decided(maja, karin, { insats: 'tillfalligtBoende', utfall: 'avslag' })
const deliver = (id: string, delgivenDatum: string) =>
  command(maja, `/beslut/${id}/delgivning`, { delgivenDatum, delgivningssatt: 'personligen' })
const reconsider = (id: string, body: object) =>
  command(karin, `/arenden/${id}/omprovning`, { utfall: 'bifall', motivering, ...body })
const forturOf = async (hushallId: string) => ok(await maja.get(`/forturer?hushallId=${hushallId}`)).forturer[0]

describe('an appeal', () => {
  test('stands when the municipality changes its decision but does not give all that was asked for (FL 46 §)', async () => {
    const { arende, beslut } = await refused()
    ok(await command(maja, `/arenden/${arende.id}/overklagande`, { inkommet: '2026-09-15' }))
    const again = created(await reconsider(arende.id, { ersatterId: beslut.id, utfall: 'avslag' }))
    expect(ok(await maja.get(`/arenden/${arende.id}`))).toMatchObject({
      tillstand: 'overklagad',
      overklagadDatum: '2026-09-15',
      beslutId: again.id,
    })
    ok(await command(maja, `/arenden/${arende.id}/overlamnande`, { domstol: 'Förvaltningsrätten i Malmö' }))
  })

  test('that is with the court is the court’s to try (FL 39 §)', async () => {
    const { arende, beslut } = await refused()
    ok(await command(maja, `/arenden/${arende.id}/overklagande`, { inkommet: '2026-09-15' }))
    ok(await command(maja, `/arenden/${arende.id}/overlamnande`, { domstol: 'Förvaltningsrätten i Malmö' }))
    const answer = await reconsider(arende.id, { ersatterId: beslut.id, giltigTill: '2026-10-10' })
    expect([answer.status, answer.body.kod]).toEqual([409, 'redan-hos-domstolen'])
  })

  test('that came in time but is entered late takes back the legal force', async () => {
    const { arende, beslut } = await refused()
    ok(await deliver(beslut.id, '2026-09-15'))
    harness.clock.day = '2026-10-07'
    await harness.job('beslut-far-laga-kraft', '2026-10-07')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBe('2026-10-07')
    const entered = ok(await command(maja, `/arenden/${arende.id}/overklagande`, { inkommet: '2026-10-06' }))
    expect(entered.overklagadIRattTid).toBe(true)
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBeNull()
  })

  test('that is taken back leaves the decision, which then gains legal force', async () => {
    const { arende, beslut } = await refused()
    ok(await deliver(beslut.id, '2026-09-15'))
    ok(await command(maja, `/arenden/${arende.id}/overklagande`, { inkommet: '2026-09-15' }))
    const stands = ok(await command(maja, `/arenden/${arende.id}/overklagande/aterkallande`))
    expect(stands).toMatchObject({ tillstand: 'avslag', overklagadDatum: null })
    await harness.job('beslut-far-laga-kraft', '2026-10-07')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBe('2026-10-07')
  })

  test('that is entered before the delivery is in time or not by the delivery', async () => {
    const { arende, beslut } = await refused()
    harness.clock.day = '2026-11-30'
    ok(await command(maja, `/arenden/${arende.id}/overklagande`, { inkommet: '2026-11-30' }))
    ok(await deliver(beslut.id, '2026-09-16'))
    expect(ok(await maja.get(`/arenden/${arende.id}`)).overklagadIRattTid).toBe(false)
    ok(await command(karin, `/arenden/${arende.id}/overklagande/avvisning`, { motivering }))
  })

  test('won in court is carried out although the municipality’s own criteria say no', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id, { ...investigated, folkbokfordSedan: '2026-01-01' })
    await heard(maja, arende.id)
    const path = `/arenden/${arende.id}`
    const beslut = created(await command(karin, `${path}/beslut`, { utfall: 'avslag', motivering }))
    ok(await command(maja, `${path}/overklagande`, { inkommet: '2026-09-15' }))
    ok(await command(maja, `${path}/overlamnande`, { domstol: 'Förvaltningsrätten i Malmö' }))
    ok(await command(maja, `${path}/dom`, { datum: '2026-09-15', utfall: 'bifall', malnummer: '1-26' }))
    created(await reconsider(arende.id, { ersatterId: beslut.id }))
    expect(await forturOf(arende.hushallId)).toMatchObject({ tillstand: 'beviljad' })
  })
})

describe('a new decision', () => {
  test('never shortens the help, and one that says nothing of the time leaves it', async () => {
    const { arende, beslut } = await decided(maja, karin, {
      beslut: { giltigFran: '2026-12-01', giltigTill: '2027-11-30' },
    })
    const shorter = await reconsider(arende.id, { ersatterId: beslut.id, giltigTill: '2026-12-31' })
    expect([shorter.status, shorter.body.kod]).toEqual([409, 'andring-till-nackdel'])
    const same = created(await reconsider(arende.id, { ersatterId: beslut.id, motivering: 'Stavfel rättat.' }))
    expect(same).toMatchObject({ giltigFran: '2026-12-01', giltigTill: '2027-11-30' })
    expect(await forturOf(arende.hushallId)).toMatchObject({ giltigFran: '2026-12-01', giltigTill: '2027-11-30' })
  })

  test('refuses terms that it would not change, instead of dropping them', async () => {
    const { arende, beslut } = await decided(maja, karin)
    const answer = await reconsider(arende.id, { ersatterId: beslut.id, fortur: { maxErbjudanden: 5 } })
    expect(answer.body.errors).toMatchObject([{ pointer: '/fortur', kod: 'okant-falt' }])
  })

  test('is never over before it is taken', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id)
    const body = { utfall: 'bifall', motivering, giltigFran: '2026-08-25', giltigTill: '2026-09-14' }
    const answer = await command(karin, `/arenden/${arende.id}/beslut`, body)
    expect(answer.body.errors).toMatchObject([{ pointer: '/giltigTill', kod: 'har-varit' }])
  })
})

test('nothing goes against the party on what it has not seen (FL 25 §)', async () => {
  const arende = await openCase(maja)
  await investigate(maja, arende.id)
  const path = `/arenden/${arende.id}`
  await heard(maja, arende.id)
  const changed = await maja.put(`${path}/utredning`, { ...investigated, bostadsskuldOre: 100 }, { ifMatch: '*' })
  expect([changed.status, changed.body.kod]).toEqual([409, 'utredningen-ar-kommunicerad'])
  ok(await command(maja, `${path}/aterupptagande`))
  await investigate(maja, arende.id, { ...investigated, bostadsskuldOre: 100 })
  const answer = await command(karin, `${path}/beslut`, { utfall: 'avslag', motivering })
  expect(answer.body.saknas).toMatchObject([{ kod: 'inteHord' }])
})

test('a no that the landlord writes in does not use up the förtur before anyone has weighed it', async () => {
  const { id: hyresvardId } = await createLandlord(maja, 'Exempelbostäder AB', true)
  const { arende } = await decided(maja, karin)
  const { id } = await forturOf(arende.hushallId)
  ok(await command(maja, `/forturer/${id}/overlamnande`, { hyresvardId }))
  const landlord = harness.hyresvard(hyresvardId)
  const home = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum' }
  created(await command(landlord, `/hyresvard/forturer/${id}/erbjudanden`, home))
  const { erbjudandeId } = ok(await maja.get(`/forturer/${id}`))
  const no = { svar: 'nej', orsak: 'trygghet' }
  ok(await command(landlord, `/hyresvard/forturer/${id}/erbjudanden/${erbjudandeId}/svar`, no))
  expect(ok(await maja.get(`/forturer/${id}`))).toMatchObject({ tillstand: 'hosHyresvard', antalNej: 0 })
})

test('a förtur whose disclosure was withdrawn is handed over again, also to another landlord', async () => {
  const [one, other] = [await createLandlord(maja, 'Ett AB', true), await createLandlord(maja, 'Två AB', true)]
  const { arende } = await decided(maja, karin)
  const { id } = await forturOf(arende.hushallId)
  ok(await command(maja, `/forturer/${id}/overlamnande`, { hyresvardId: one.id }))
  const [given] = ok(await maja.get(`/utlamnanden?forturId=${id}`)).utlamnanden
  ok(await command(maja, `/utlamnanden/${given.id}/aterkallande`, { skal: 'Bad om en annan hyresvärd.' }))
  ok(await command(maja, `/forturer/${id}/overlamnande`, { hyresvardId: other.id }))
  const sees = async (hyresvardId: string) =>
    (await harness.hyresvard(hyresvardId).get(`/hyresvard/forturer/${id}`)).status
  expect([await sees(one.id), await sees(other.id)]).toEqual([404, 200])
})

test('who has a conflict of interest touches neither the checklist, the delivery nor the förtur', async () => {
  const household = await createHousehold(maja, [child()])
  const { arende, beslut } = await decided(maja, karin, { hushallId: household.id })
  const { id } = await forturOf(household.id)
  created(await maja.post(`/arenden/${arende.id}/jav`, { sub: 'ove', skal: 'Släkt.' }))
  const ove = harness.as('handlaggare', undefined, 'ove')
  const answers = [
    await command(ove, `/beslut/${beslut.id}/delgivning`, { delgivenDatum: '2026-09-15', delgivningssatt: 'brev' }),
    await command(ove, `/barnchecklistor/${beslut.barnchecklistaId}/revidering`),
    await command(ove, `/forturer/${id}/egen-kotid`, { datum: '2026-09-15', motivering }),
  ]
  expect(answers.map(({ body }) => body.kod)).toEqual(['jav', 'jav', 'jav'])
})

test('a case’s number is never one that an imported förtur has', async () => {
  const { arende } = await decided(maja, karin)
  const number = (n: number) => `AR-2026-${String(n).padStart(5, '0')}`
  const next = Number(arende.arendenummer.slice(8)) + 1
  await harness.owner.query('UPDATE fortur SET forturnummer = $1 WHERE arende_id = $2', [number(next), arende.id])
  expect((await openCase(maja)).arendenummer).toBe(number(next + 1))
})

test('an ended delegation is not revived', async () => {
  const administrator = harness.as('administrator')
  const { delegationer } = ok(await administrator.get('/delegationer'))
  const path = `/delegationer/${delegationer.at(-1).id}/upphorande`
  ok(await command(administrator, path, { giltigTill: '2026-09-20' }))
  const later = await command(administrator, path, { giltigTill: '2027-12-31' })
  expect(later.body.errors).toMatchObject([{ pointer: '/giltigTill', kod: 'langre-an-nu' }])
})
