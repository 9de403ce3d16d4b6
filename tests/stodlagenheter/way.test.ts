import { child, created, decided, finishedChecklist, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { addHome, approvedWaiver, avtal, give, housed, people, placed, signed, skalForAvsteg } from './placed.ts'

const harness = await startTestApp()
const who = people(harness)
const { maja, karin, bo, landlord } = who
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const read = async (id: string) => ok(await bo.get(`/stodlagenheter/${id}`))
const home = async (id: string) =>
  (await harness.owner.query('SELECT tillstand, i_poolen_till FROM lagenhet WHERE id = $1', [id])).rows[0]

test('a family goes from the queue to an own contract, and the home leaves the pool with it', async () => {
  const household = await createHousehold(maja, [child()])
  ok(await maja.patch(`/hushall/${household.id}`, { bostadslosSedan: '2025-07-10' }, { ifMatch: '*' }))
  const row = await placed(who, { hushallId: household.id, stodlagenhet: { minRum: 2 } })
  expect(row).toMatchObject({
    tillstand: 'iKo',
    koDatum: '2026-09-15',
    stodlagenhetsnummer: row.arende.arendenummer,
    beslutTill: '2027-09-14',
    antalPersoner: 2,
  })
  const lagenhetId = await addHome(harness)
  ok(await give(bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
  expect((await home(lagenhetId)).tillstand).toBe('reserverad')
  expect(ok(await give(maja, row.id, 'forslagssvar', { svar: 'accepterat' })).tillstand).toBe('tilldelad')
  const path = `/serviceforvaltningen/stodlagenheter/${row.id}`
  const lease = ok(await landlord.post(`${path}/avtal`, avtal('2026-09-15'), { ifMatch: '*' }))
  expect(lease).toMatchObject({ tillstand: 'avtalTecknat', hyresgast: 'Maja Lind', tilltrade: '2026-09-15' })
  expect((await home(lagenhetId)).tillstand).toBe('uthyrd')
  expect(ok(await give(maja, row.id, 'inflyttning', { datum: '2026-09-15' }))).toMatchObject({
    tillstand: 'boende',
    nastaUppfoljning: '2026-10-15',
    besittningsskyddFran: '2028-09-15',
  })
  harness.clock.day = '2026-10-20'
  const uppfoljning = { datum: '2026-10-20', omraden: ['ekonomi'], bedomning: 'redoForEget' }
  expect(created(await maja.post(`/stodlagenheter/${row.id}/uppfoljningar`, uppfoljning)).nasta).toBe('2027-01-20')
  ok(await give(maja, row.id, 'overtagande'))
  const no = { svar: 'ejGodkant', orsak: 'inkomst' }
  expect(ok(await landlord.post(`${path}/overtagandesvar`, no, { ifMatch: '*' })).tillstand).toBe('boende')
  ok(await give(maja, row.id, 'overtagande'))
  const yes = { svar: 'godkant', forstahandDatum: '2026-10-20' }
  expect(ok(await landlord.post(`${path}/overtagandesvar`, yes, { ifMatch: '*' })).tillstand).toBe('overlaten')
  expect(await home(lagenhetId)).toMatchObject({ tillstand: 'overlaten' })
  const early = await give(maja, row.id, 'avslut', { utfall: 'hemlos' })
  expect([early.status, early.body.errors[0].pointer]).toEqual([422, '/utfall'])
  expect(ok(await give(maja, row.id, 'avslut', { utfall: 'egetKontrakt' })).tillstand).toBe('avslutad')
  const { historik } = ok(await bo.get(`/stodlagenheter/${row.id}/historik?limit=100`))
  expect((historik as { atgard: string }[]).map(({ atgard }) => atgard)).toEqual(
    expect.arrayContaining(['besluta', 'foreslaMatch', 'svara', 'tecknaAvtal', 'flyttaIn', 'foljUpp', 'avsluta']),
  )
})

test('a declined home is free again, and the place in the queue is the same', async () => {
  const row = await placed(who)
  const lagenhetId = await addHome(harness)
  harness.clock.day = '2026-10-01'
  ok(await give(bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
  const bare = await give(maja, row.id, 'forslagssvar', { svar: 'avbojt' })
  expect([bare.status, bare.body.errors[0].pointer]).toEqual([422, '/orsak'])
  const back = ok(await give(maja, row.id, 'forslagssvar', { svar: 'avbojt', orsak: 'lage' }))
  expect(back).toMatchObject({ tillstand: 'iKo', lagenhetId: null, koDatum: '2026-09-15' })
  expect((await home(lagenhetId)).tillstand).toBe('ledig')
  harness.clock.day = '2026-10-02'
  ok(await give(bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
  ok(await give(bo, row.id, 'forslagsaterkallelse'))
  expect((await home(lagenhetId)).tillstand).toBe('ledig')
  expect(ok(await bo.get(`/stodlagenheter/${row.id}/forslag`)).forslag).toMatchObject([
    { svar: 'avbojt', orsak: 'lage', svarDatum: '2026-10-01' },
    { svar: 'aterkallat', orsak: null },
  ])
})

test('a lease is signed after the tenant is told of its terms, never before', async () => {
  const row = await placed(who)
  ok(await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness), skalForAvsteg }))
  ok(await give(maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
  const late = avtal('2026-09-15', { avtalDatum: '2026-09-15', informeradOmVillkorDatum: '2026-09-16' })
  const answer = await give(bo, row.id, 'avtal', late)
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/informeradOmVillkorDatum'])
})

test('a person has one at a time, and a new decision extends it', async () => {
  const row = await placed(who)
  const beslut = { giltigTill: '2027-09-14' }
  const again = await decided(maja, karin, { insats: 'stodlagenhet', hushallId: row.hushallId, beslut }).catch(String)
  expect(again).toContain('stodlagenhet-finns')
  harness.clock.day = '2027-08-01'
  const body = { ersatterId: row.beslut.id, utfall: 'bifall', giltigTill: '2028-07-31', motivering: 'Behovet består.' }
  created(await karin.post(`/arenden/${row.arende.id}/omprovning`, body, { ifMatch: '*' }))
  expect(await read(row.id)).toMatchObject({ tillstand: 'iKo', beslutTill: '2028-07-31', koDatum: '2026-09-15' })
})

describe('notice', () => {
  const uppsagning = (fields: object = {}) => ({ grund: 'annat', uppsagdTill: '2026-12-31', ...fields })

  test('is withdrawn when the debt is paid, and then the home is let as before', async () => {
    const row = await housed(who, harness)
    const arrears = { slag: 'hyresskuld', datum: '2026-09-15', hyresskuldOre: 1_000_000 }
    created(await landlord.post(`/serviceforvaltningen/stodlagenheter/${row.id}/handelser`, arrears))
    expect((await read(row.id)).hyresskuldOre).toBe(1_000_000)
    const untold = await give(bo, row.id, 'uppsagning', uppsagning({ grund: 'hyresskuld' }))
    expect([untold.status, untold.body.errors[0].pointer]).toEqual([422, '/socialnamndenMeddelad'])
    const told = uppsagning({ grund: 'hyresskuld', socialnamndenMeddelad: '2026-09-15' })
    expect(ok(await give(bo, row.id, 'uppsagning', told))).toMatchObject({ tillstand: 'uppsagd' })
    expect((await home(row.lagenhetId)).tillstand).toBe('uppsagd')
    expect(ok(await give(bo, row.id, 'atertagande'))).toMatchObject({
      tillstand: 'boende',
      uppsagdTill: null,
      uppsagningsgrund: null,
    })
    expect((await home(row.lagenhetId)).tillstand).toBe('uthyrd')
  })

  test('to a family waits for a finished checklist, of which the landlord is told nothing', async () => {
    const household = await createHousehold(maja, [child()])
    const row = await housed(who, harness, {}, { hushallId: household.id })
    await harness.owner.query("UPDATE barnchecklista SET klar_datum = '2026-01-01' WHERE hushall_id = $1", [
      household.id,
    ])
    const mine = await give(bo, row.id, 'uppsagning', uppsagning())
    expect([mine.status, mine.body.kod]).toEqual([409, 'barnchecklista-behovs'])
    const path = `/serviceforvaltningen/stodlagenheter/${row.id}/uppsagning`
    const theirs = await landlord.post(path, uppsagning(), { ifMatch: '*' })
    expect([theirs.status, theirs.body.kod]).toEqual([409, 'kan-inte-sagas-upp-an'])
    expect(JSON.stringify(theirs.body)).not.toMatch(/barn/i)
    await finishedChecklist(maja, household.id, row.arende.id)
    ok(await landlord.post(path, uppsagning(), { ifMatch: '*' }))
  })

  test('leads to moving out when the assistance has ended', async () => {
    const row = await housed(who, harness)
    expect(ok(await give(karin, row.id, 'bistandets-upphorande', { datum: '2026-09-15' })).tillstand).toBe(
      'bistandUpphor',
    )
    harness.clock.day = '2026-11-30'
    const out = ok(await give(bo, row.id, 'utflyttning', { datum: '2026-11-30' }))
    expect(out).toMatchObject({ tillstand: 'avflyttad', utflyttad: '2026-11-30', nastaUppfoljning: null })
    expect(ok(await give(maja, row.id, 'avslut', { utfall: 'annatBoende' }))).toMatchObject({
      tillstand: 'avslutad',
      avslutadDatum: '2026-11-30',
    })
  })
})

describe('besittningsskydd', () => {
  test.each([
    ['2026-01-31', '2028-01-31'],
    ['2028-02-29', '2030-02-28'],
    ['2026-02-28', '2028-02-28'],
  ])('of who got access %s comes %s', async (day, expected) => {
    harness.clock.day = day
    const row = await signed(who, harness)
    expect((await read(row.id)).besittningsskyddFran).toBe(expected)
  })

  test('comes with the access when the home is let by block lease', async () => {
    const row = await signed(who, harness, { avtalsform: 'blockhyraAndrahand', tilltrade: '2026-10-01' })
    expect((await read(row.id)).besittningsskyddFran).toBe('2026-10-01')
  })

  test('is held back by an approved waiver, to the day after it', async () => {
    const row = await signed(who, harness)
    await approvedWaiver(who, row.id, '2026-09-15', '2028-09-14')
    expect((await read(row.id)).besittningsskyddFran).toBe('2028-09-15')
    await approvedWaiver(who, row.id, '2026-09-15', '2029-12-31')
    // The day is told while the waiver holds too: a null would say so only when it is too late to act.
    expect((await read(row.id)).besittningsskyddFran).toBe('2030-01-01')
    harness.clock.day = '2030-01-01'
    expect((await read(row.id)).besittningsskyddFran).toBe('2030-01-01')
  })

  test('is not held back by a waiver that hyresnämnden refused, but by one that needs no approval', async () => {
    const row = await signed(who, harness)
    const path = `/stodlagenheter/${row.id}/avstaenden`
    const body = { skal: 'Biståndet.', giltigtTill: '2029-12-31' }
    const first = created(await maja.post(path, body))
    ok(await maja.post(`${path}/${first.id}/inskickning`, { datum: '2026-09-15' }, { ifMatch: first.etag }))
    ok(await maja.post(`${path}/${first.id}/beslut`, { utfall: 'avslaget', datum: '2026-09-15' }, { ifMatch: '*' }))
    expect((await read(row.id)).besittningsskyddFran).toBe('2028-09-15')
    const second = created(await maja.post(path, body))
    ok(await maja.post(`${path}/${second.id}/ej-krav`, {}, { ifMatch: second.etag }))
    expect((await read(row.id)).besittningsskyddFran).toBe('2030-01-01')
  })

  test('is waived for four years from a leap day, to the day, and longer only with a reason', async () => {
    harness.clock.day = '2028-02-29'
    const row = await signed(who, harness)
    const path = `/stodlagenheter/${row.id}/avstaenden`
    created(await maja.post(path, { skal: 'Biståndet.', giltigtTill: '2032-02-29' }))
    const longer = { skal: 'Biståndet.', giltigtTill: '2032-03-01' }
    const answer = await maja.post(path, longer)
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/skalLangreTid'])
    created(await maja.post(path, { ...longer, skalLangreTid: 'Blockavtalet löper till dess.' }))
  })

  test('is warned of six and three months before, once each, and is on the worklist', async () => {
    const row = await signed(who, harness)
    const warned = async (day: string) => {
      await harness.job('varna-stodlagenheter', day)
      const { varnad, varnadDatum } = await read(row.id)
      return [varnad, varnadDatum]
    }
    expect(await warned('2027-06-15')).toEqual([null, null])
    expect(await warned('2027-06-16')).toEqual(['beslut90', '2027-06-16'])
    expect(await warned('2028-03-14')).toEqual(['beslut30', '2028-03-14'])
    expect(await warned('2028-03-15')).toEqual(['besittningsskydd6', '2028-03-15'])
    const { etag } = await read(row.id)
    await harness.job('varna-stodlagenheter', '2028-03-16')
    expect((await read(row.id)).etag).toBe(etag)
    expect(await warned('2028-06-15')).toEqual(['besittningsskydd3', '2028-06-15'])
    harness.clock.day = '2028-03-15'
    const { uppgifter } = ok(await bo.get('/mitt?limit=100'))
    expect((uppgifter as { stodlagenhetId: string }[]).filter(one => one.stodlagenhetId === row.id)).toMatchObject([
      { slag: 'besittningsskyddNarmarSig', forfaller: '2028-09-15' },
    ])
  })
})

test('follow-ups, arrears and the end of the decision wait for the caseworker', async () => {
  const row = await housed(who, harness)
  const waiting = async () => {
    const { uppgifter } = ok(await maja.get('/mitt?limit=100'))
    return (uppgifter as { slag: string; stodlagenhetId: string }[])
      .filter(({ stodlagenhetId }) => stodlagenhetId === row.id)
      .map(({ slag }) => slag)
      .sort()
  }
  harness.clock.day = '2026-10-14'
  expect(await waiting()).toEqual([])
  harness.clock.day = '2026-10-15'
  const report = { slag: 'hyresskuld', datum: '2026-10-15', hyresskuldOre: 985000 }
  created(await landlord.post(`/serviceforvaltningen/stodlagenheter/${row.id}/handelser`, report))
  expect(await waiting()).toEqual(['hyresskuldIStodlagenhet', 'uppfoljningAttGora'])
  harness.clock.day = '2027-06-16'
  expect(await waiting()).toEqual(['hyresskuldIStodlagenhet', 'stodlagenhetsbeslutGarUt', 'uppfoljningAttGora'])
})

describe('a time-limited decision', () => {
  const family = async (homeless: boolean) => {
    const household = await createHousehold(maja, [child()])
    if (homeless) ok(await maja.patch(`/hushall/${household.id}`, { bostadslosSedan: '2025-07-10' }, { ifMatch: '*' }))
    return household.id
  }
  const stodlagenhet = { beslutstyp: 'tidsbegransatBarnfamilj' }

  test.each([
    ['without children', async () => (await createHousehold(maja)).id, 'inga-barn'],
    ['that is not in acute housing', () => family(false), 'inte-i-akut-boende'],
  ])('is not for a household %s', async (_, make, kod) => {
    const answer = await placed(who, { hushallId: await make(), stodlagenhet }).catch(String)
    expect(answer).toContain(kod)
    expect(answer).toContain('/stodlagenhet/beslutstyp')
  })

  test('is evaluated with the others of its year, with the rows behind', async () => {
    const first = await housed(who, harness, {}, { hushallId: await family(true), stodlagenhet })
    const second = await placed(who, { hushallId: await family(true), stodlagenhet })
    harness.clock.day = '2027-03-15'
    ok(await give(maja, first.id, 'overtagande'))
    ok(await give(bo, first.id, 'overtagandesvar', { svar: 'godkant', forstahandDatum: '2027-03-15' }))
    const { beslut } = ok(await maja.get(`/beslut?arendeId=${second.arende.id}`))
    const extension = { ersatterId: beslut[0].id, utfall: 'bifall', giltigTill: '2028-03-14', motivering: 'Mer tid.' }
    await finishedChecklist(maja, second.hushallId, second.arende.id)
    created(await karin.post(`/arenden/${second.arende.id}/omprovning`, extension, { ifMatch: '*' }))
    const found = ok(await bo.get('/stodlagenheter/tidsbegransade/utvardering?ar=2026'))
    expect(found).toMatchObject({
      antal: 2,
      forlangda: 1,
      egetKontrakt: 1,
      vantar: 1,
      bor: 0,
      annat: 0,
      medelManader: 6,
    })
    expect(found.underlag).toMatchObject([
      { stodlagenhetId: first.id, utgang: 'egetKontrakt', manader: 6, antalBeslut: 1 },
      { stodlagenhetId: second.id, utgang: 'vantar', manader: null, antalBeslut: 2 },
    ])
    expect(ok(await bo.get('/stodlagenheter/tidsbegransade/utvardering?ar=2027')).antal).toBe(0)
  })
})
