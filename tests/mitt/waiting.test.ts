import { child, decided, finishedChecklist, investigate, ok, openCase } from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { createHousehold, createLandlord } from '../people.ts'
import { addHome, housed, people } from '../stodlagenheter/placed.ts'

const harness = await startTestApp()
const maja = harness.as('handlaggare', undefined, 'maja')
const ove = harness.as('handlaggare', undefined, 'ove')
const karin = harness.as('beslutsfattare', undefined, 'karin')
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})

type Uppgift = { slag: string; arendeId: string; forturId: string; forfaller: string | null; forsenad: boolean }
const waitingFor = async (client: Client): Promise<Uppgift[]> =>
  ok(await client.get('/mitt?limit=100')).uppgifter as Uppgift[]
/** What waits for someone in one case, or about its förtur. */
const about = async (client: Client, id: string) =>
  (await waitingFor(client)).filter(({ arendeId, forturId }) => arendeId === id || forturId === id)
const kinds = async (client: Client, id: string) => (await about(client, id)).map(({ slag }) => slag)
const command = (client: Client, path: string, body: object) => client.post(path, body, { ifMatch: '*' })

test('a new application waits for every caseworker until one has it, and then for that one', async () => {
  const { id: hushallId } = await createHousehold(maja)
  const body = { insats: 'fortur', hushallId, ansokanDatum: '2026-09-10', kanal: 'papper' }
  const { id } = (await maja.post('/arenden', body)).body
  expect(await kinds(maja, id)).toEqual(['ansokanUtanHandlaggare'])
  expect(await kinds(ove, id)).toEqual(['ansokanUtanHandlaggare'])
  expect(await kinds(karin, id)).toEqual([])
  ok(await command(maja, `/arenden/${id}/tilldelning`, { handlaggare: 'ove' }))
  expect(await kinds(ove, id)).toEqual(['ansokanInteOppnad'])
  expect(await kinds(maja, id)).toEqual([])
  ok(await command(ove, `/arenden/${id}/utredningsstart`, {}))
  expect(await kinds(ove, id)).toEqual([])
})

test('a completion, a statement and a decision wait in turn, and are late after their day', async () => {
  const { id } = await openCase(maja, { ansokanDatum: '2026-09-10' })
  ok(await command(maja, `/arenden/${id}/kompletteringsbegaran`, { begart: 'Intyg.', senast: '2026-09-15' }))
  expect(await about(maja, id)).toMatchObject([
    { slag: 'kompletteringVantas', forfaller: '2026-09-15', forsenad: false },
  ])
  harness.clock.day = '2026-09-16'
  expect(await about(maja, id)).toMatchObject([{ slag: 'kompletteringVantas', forsenad: true }])
  ok(await command(maja, `/arenden/${id}/komplettering`, { inkommen: '2026-09-16' }))
  ok(await command(maja, `/arenden/${id}/kommunicering`, { yttrandeSenast: '2026-09-30' }))
  expect(await kinds(maja, id)).toEqual(['yttrandeVantas'])
  expect(await kinds(karin, id)).toEqual([])
  harness.clock.day = '2026-10-01'
  expect(await kinds(maja, id)).toEqual([])
  expect(await kinds(karin, id)).toEqual(['redoForBeslut'])
})

test('an investigated case waits for those who decide when it is handed to them, and not after it is decided', async () => {
  const { id } = await openCase(maja, { ansokanDatum: '2026-09-10' })
  await investigate(maja, id)
  expect(await kinds(karin, id)).toEqual([])
  ok(await command(maja, `/arenden/${id}/foredragning`, {}))
  expect(await about(karin, id)).toMatchObject([{ slag: 'redoForBeslut', forfaller: '2026-09-15' }])
  await command(karin, `/arenden/${id}/beslut`, { utfall: 'bifall', motivering: 'Behövs.' })
  expect(await kinds(karin, id)).toEqual([])
})

test('a case that has waited long says so at the first limit', async () => {
  const { id } = await openCase(maja, { ansokanDatum: '2026-08-20' })
  harness.clock.day = '2026-09-18'
  expect(await kinds(maja, id)).toEqual([])
  harness.clock.day = '2026-09-19'
  expect(await kinds(maja, id)).toEqual(['langHandlaggning'])
})

test('a child that nobody has asked is on the list until the checklist is finished, and again when it is old', async () => {
  const { id: hushallId } = await createHousehold(maja, [child()])
  const { id } = await openCase(maja, { hushallId, ansokanDatum: '2026-09-10' })
  expect(await kinds(maja, id)).toEqual(['barnchecklistaSaknas'])
  await finishedChecklist(maja, hushallId, id)
  expect(await kinds(maja, id)).toEqual([])
  harness.clock.day = '2027-03-15'
  expect(await kinds(maja, id)).toEqual(['langHandlaggning'])
  harness.clock.day = '2027-03-16'
  expect(await kinds(maja, id)).toEqual(['langHandlaggning', 'barnchecklistaSaknas'])
})

test('an appeal waits to be forwarded, and a judgement to be carried out', async () => {
  const { arende } = await decided(maja, karin, { insats: 'tillfalligtBoende', utfall: 'avslag' })
  const path = `/arenden/${arende.id}`
  ok(await command(maja, `${path}/overklagande`, { inkommet: '2026-09-15' }))
  expect(await kinds(maja, arende.id)).toEqual(['overklagandeVantar'])
  ok(await command(maja, `${path}/overlamnande`, { domstol: 'Förvaltningsrätten i Malmö' }))
  expect(await kinds(maja, arende.id)).toEqual([])
  ok(await command(maja, `${path}/dom`, { datum: '2026-09-15', utfall: 'bifall', malnummer: '1-26' }))
  expect(await kinds(karin, arende.id)).toEqual(['domAttVerkstalla'])
})

test('a förtur waits to be handed over, answered, signed, and used before its last day', async () => {
  const { id: hyresvardId } = await createLandlord(maja, 'Exempelbostäder AB', true)
  const { arende } = await decided(maja, karin, { beslut: { fortur: { maxErbjudanden: 2 } } })
  const [{ id }] = ok(await maja.get(`/forturer?hushallId=${arende.hushallId}`)).forturer
  const without = async () => (await kinds(maja, id)).filter(slag => slag !== 'koplatsAttFornya')
  expect(await without()).toEqual(['forturAttLamnaOver'])
  ok(await command(maja, `/forturer/${id}/overlamnande`, { hyresvardId }))
  expect(await without()).toEqual([])
  const home = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum', svaraSenast: '2026-09-20' }
  const offered = (await command(maja, `/forturer/${id}/erbjudanden`, home)).body
  expect(await without()).toEqual(['erbjudandeVantarPaSvar'])
  ok(await command(maja, `/forturer/${id}/erbjudanden/${offered.erbjudandeId}/svar`, { svar: 'ja' }))
  expect(await without()).toEqual(['kontraktVantas'])
  const no = { svar: 'vardenNekar', orsak: 'inkomst' }
  ok(await command(maja, `/forturer/${id}/erbjudanden/${offered.erbjudandeId}/svar`, no))
  harness.clock.day = '2027-07-15'
  expect(await without()).toEqual([])
  harness.clock.day = '2027-07-16'
  expect(await without()).toEqual(['forturGarUt'])
})

test('a place in the queue is to be renewed within its year', async () => {
  const arende = await openCase(maja)
  await investigate(maja, arende.id)
  const { arende: made } = await decided(maja, karin)
  const [{ id }] = ok(await maja.get(`/forturer?hushallId=${made.hushallId}`)).forturer
  ok(await maja.patch(`/forturer/${id}`, { koFornyad: '2026-09-01' }, { ifMatch: '*' }))
  const renew = async () => (await kinds(maja, id)).includes('koplatsAttFornya')
  harness.clock.day = '2027-08-01'
  expect(await renew()).toBe(false)
  harness.clock.day = '2027-08-02'
  expect(await renew()).toBe(true)
})

test('what is most overdue stands first, and pages do not overlap', async () => {
  const all = await waitingFor(maja)
  const days = all.map(({ forfaller }) => forfaller ?? '9999')
  expect(days).toEqual([...days].sort())
  const pages = [1, 2, 3].map(page => maja.get(`/mitt?limit=3&page=${page}`))
  const shown = (await Promise.all(pages)).flatMap(answer => ok(answer).uppgifter)
  expect(shown).toEqual(all.slice(0, 9))
})

describe('a stödlägenhet', () => {
  const who = people(harness)
  const own = async (client: Client, id: string) =>
    (ok(await client.get('/mitt?limit=100')).uppgifter as (Uppgift & { stodlagenhetId: string })[])
      .filter(({ stodlagenhetId }) => stodlagenhetId === id)
      .map(({ slag, forfaller }) => [slag, forfaller])

  test('waits for a takeover to be tried after twelve months, and once more after eighteen', async () => {
    const { id } = await housed(who, harness)
    const takeover = async () => (await own(who.maja, id)).filter(([slag]) => slag === 'overtagandeAttProva')
    harness.clock.day = '2027-09-14'
    expect(await takeover()).toEqual([])
    harness.clock.day = '2027-09-15'
    expect(await takeover()).toEqual([['overtagandeAttProva', '2027-09-15']])
    ok(await command(who.maja, `/stodlagenheter/${id}/overtagande`, {}))
    ok(await command(who.bo, `/stodlagenheter/${id}/overtagandesvar`, { svar: 'ejGodkant', orsak: 'inkomst' }))
    expect(await takeover()).toEqual([])
    harness.clock.day = '2028-03-15'
    expect(await takeover()).toEqual([['overtagandeAttProva', '2028-03-15']])
  })

  test('whose insurance has ended waits for a new one', async () => {
    const row = await housed(who, harness, { hemforsakringTill: '2026-10-31' })
    harness.clock.day = '2026-10-31'
    expect(await own(who.maja, row.id)).not.toContainEqual(['hemforsakringSaknas', '2026-10-31'])
    harness.clock.day = '2026-11-01'
    expect(await own(who.maja, row.id)).toContainEqual(['hemforsakringSaknas', '2026-10-31'])
  })

  test('that nobody has had for long is on the list of those who let it', async () => {
    const lagenhetId = await addHome(harness, { i_poolen_fran: '2026-08-15' })
    const empty = async () =>
      (ok(await who.bo.get('/mitt?limit=100')).uppgifter as { slag: string; lagenhetId: string; forfaller: string }[])
        .filter(uppgift => uppgift.lagenhetId === lagenhetId)
        .map(({ slag, forfaller }) => [slag, forfaller])
    harness.clock.day = '2026-09-14'
    expect(await empty()).toEqual([])
    harness.clock.day = '2026-09-15'
    expect(await empty()).toEqual([['bostadStarTom', '2026-09-14']])
  })
})
