import { decided, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { admitted, command, home, movedIn, sublet } from './admitted.ts'

const harness = await startTestApp()
const team = harness.as('bostadForstTeam', undefined, 'tora')
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const on = (day: string) => {
  harness.clock.day = day
}
const read = async (id: string) => ok(await team.get(`/bostad-forst/${id}`))
const periods = async (id: string) =>
  (ok(await team.get(`/bostad-forst/${id}/boenden`)).boenden as Record<string, unknown>[])
    .filter(({ slag, upphavd }) => slag === 'boende' && upphavd === null)
    .map(({ lagenhetId, fran, till, kontraktsform }) => [lagenhetId, fran, till, kontraktsform])
const codes = ({ body }: { body: { errors?: { pointer: string; kod: string }[] } }) =>
  body.errors?.map(({ pointer, kod }) => `${pointer} ${kod}`)

test('from the decision to an own contract, with a change of home on the way', async () => {
  const { arende } = (await decided(handlaggare, beslutsfattare, {
    insats: 'bostadForst',
    beslut: { bostadForst: { onskadeOmraden: ['norraFaladen'] } },
  })) as { arende: { id: string; arendenummer: string; hushallId: string } }
  const [found] = ok(await team.get(`/bostad-forst?hushallId=${arende.hushallId}`)).boenden
  expect(found).toMatchObject({
    boendenummer: arende.arendenummer,
    arendeId: arende.id,
    tillstand: 'antagen',
    onskadeOmraden: ['norraFaladen'],
    onskemalDatum: null,
    bostad: null,
    stod: { tillstand: 'erbjudet' },
  })
  const { id } = found
  const [first, second] = [await home(harness), await home(harness, { omrade: 'ostraTorn' })]
  expect((await command(team, id, 'erbjudande', { lagenhetId: first })).body.kod).toBe('fel-tillstand')
  ok(await command(team, id, 'onskemal', { onskadeOmraden: ['norraFaladen'], husdjur: true }))
  ok(await command(team, id, 'stod/start', { niva: 'hog' }))
  expect(ok(await command(team, id, 'erbjudande', { lagenhetId: first })).tillstand).toBe('erbjuden')
  on('2026-10-01')
  const moved = ok(await command(team, id, 'inflyttning', sublet('2026-10-01')))
  expect(moved).toMatchObject({
    tillstand: 'inflyttad',
    inflyttad: '2026-10-01',
    overgangNasta: '2027-10-01',
    bostad: { lagenhetId: first, fran: '2026-10-01', kontraktsform: 'andrahand' },
    stod: { tillstand: 'pagar', niva: 'hog' },
  })

  on('2027-01-20')
  ok(await command(team, id, 'bostadsbyte', { orsak: 'otrygghet' }))
  ok(await command(team, id, 'onskemal', { onskadeOmraden: ['ostraTorn'] }))
  const offered = ok(await command(team, id, 'erbjudande', { lagenhetId: second }))
  expect(offered).toMatchObject({ tillstand: 'erbjuden', lagenhetId: second, bostad: { lagenhetId: first } })
  const refused = ok(await command(team, id, 'erbjudandesvar', { svar: 'nej', orsak: 'standard' }))
  expect(refused).toMatchObject({ tillstand: 'byteAvBostad', lagenhetId: first, nejOrsak: 'standard' })
  ok(await command(team, id, 'erbjudande', { lagenhetId: second }))
  on('2027-02-01')
  expect(ok(await command(team, id, 'inflyttning', sublet('2027-02-01')))).toMatchObject({
    tillstand: 'inflyttad',
    inflyttad: '2026-10-01',
    byteOrsak: null,
    overgangNasta: '2028-02-01',
    bostad: { lagenhetId: second, fran: '2027-02-01' },
    stod: { tillstand: 'pagar' },
  })
  expect(await periods(id)).toEqual([
    [first, '2026-10-01', '2027-01-31', 'andrahand'],
    [second, '2027-02-01', null, 'andrahand'],
  ])

  on('2028-02-01')
  ok(await command(team, id, 'overgangsprovning'))
  expect(ok(await command(team, id, 'overgangssvar', { utfall: 'avslag', orsak: 'hyresskuld' }))).toMatchObject({
    tillstand: 'inflyttad',
    overgangNasta: '2028-08-01',
  })
  on('2028-08-01')
  ok(await command(team, id, 'overgangsprovning'))
  const own = ok(await command(team, id, 'overgangssvar', { utfall: 'godkand', forstahandDatum: '2028-08-01' }))
  expect(own).toMatchObject({
    tillstand: 'forstahand',
    kontraktsform: 'forstahand',
    forstahandDatum: '2028-08-01',
    overgangNasta: null,
    skalAndrahand: null,
    bostad: { lagenhetId: second, kontraktsform: 'forstahand', hyraOre: 720000 },
    stod: { tillstand: 'pagar' },
  })
  expect(ok(await team.get(`/bostad-forst/${id}/provningar`)).provningar).toMatchObject([
    { provad: '2028-02-01', utfall: 'avslag', orsak: 'hyresskuld', nasta: '2028-08-01' },
    { provad: '2028-08-01', utfall: 'godkand', orsak: null, nasta: null },
  ])
  const { historik } = ok(await team.get(`/bostad-forst/${id}/historik?limit=100`))
  const resources = new Set((historik as { resurs: string }[]).map(({ resurs }) => resurs))
  expect([...resources].sort()).toEqual(['bf_boende', 'bf_stod', 'overgangsprovning', 'upplatelse'])
})

test('a first-hand contract from the start needs neither reason nor plan, and a sublet needs both', async () => {
  const { id } = await admitted(harness, handlaggare)
  ok(await command(team, id, 'onskemal', {}))
  ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
  const bare = { kontraktsform: 'andrahand', hyraOre: 720000, inflyttad: '2026-09-15' }
  expect(codes(await command(team, id, 'inflyttning', bare))).toEqual([
    '/skalAndrahand saknas',
    '/overgangTidigast saknas',
  ])
  const own = { ...sublet('2026-09-15'), kontraktsform: 'forstahand' }
  expect(codes(await command(team, id, 'inflyttning', own))).toEqual([
    '/skalAndrahand okant-falt',
    '/overgangTidigast okant-falt',
  ])
  expect(codes(await command(team, id, 'inflyttning', sublet('2026-09-16')))).toContain('/inflyttad utanfor-granserna')
  const moved = ok(await command(team, id, 'inflyttning', { ...bare, kontraktsform: 'forstahand' }))
  expect(moved).toMatchObject({ tillstand: 'forstahand', forstahandDatum: '2026-09-15', overgangNasta: null })
})

test('a home is offered only where the person wants to live, and of the right kind', async () => {
  const { id } = await admitted(harness, handlaggare)
  ok(await command(team, id, 'onskemal', { onskadeOmraden: ['norraFaladen'], uteslutnaOmraden: ['linero'] }))
  const offer = async (fields: object) =>
    codes(await command(team, id, 'erbjudande', { lagenhetId: await home(harness, fields) }))
  expect(await offer({ omrade: 'Linero' })).toEqual(['/lagenhetId uteslutet-omrade'])
  expect(await offer({ omrade: 'ostraTorn' })).toEqual(['/lagenhetId inte-onskat-omrade'])
  expect(await offer({ kategori: 'stodlagenhet' })).toEqual(['/lagenhetId fel-kategori'])
  expect(codes(await command(team, id, 'erbjudande', { lagenhetId: crypto.randomUUID() }))).toEqual([
    '/lagenhetId finns-inte',
  ])
})

test('who is away for a while keeps the home, and comes back to the contract they had', async () => {
  const { id } = await movedIn(harness, handlaggare)
  const away = ok(await command(team, id, 'franvaro', { sedan: '2026-09-15', orsak: 'sjukhus' }))
  expect(away).toMatchObject({ tillstand: 'tillfalligtBorta', bortaSedan: '2026-09-15', bostad: { till: null } })
  ok(await command(team, id, 'uppsagning', { uppsagdTill: '2026-12-31' }))
  expect(ok(await command(team, id, 'atertagande')).tillstand).toBe('tillfalligtBorta')
  const back = ok(await command(team, id, 'aterkomst'))
  expect(back).toMatchObject({ tillstand: 'inflyttad', bortaSedan: null, uppsagdTill: null, bostad: { till: null } })
})

test('a tenancy that ends leaves the home, and the person can be admitted again', async () => {
  const moved = await movedIn(harness, handlaggare)
  on('2026-09-20')
  const ended = ok(await command(team, moved.id, 'avslut', { utfall: 'annatBoende', datum: '2026-09-20' }))
  expect(ended).toMatchObject({ tillstand: 'avslutad', utfall: 'annatBoende', bostad: null, overgangNasta: null })
  expect(await periods(moved.id)).toEqual([[moved.lagenhetId, '2026-09-15', '2026-09-20', 'andrahand']])
  const hushall = ok(await handlaggare.get(`/hushall/${moved.hushallId}`))
  await admitted(harness, handlaggare, { hushall })
  await expect(admitted(harness, handlaggare, { hushall })).rejects.toMatchObject({
    problem: { kod: 'oppet-boende-finns', status: 409 },
  })
  const { rows } = await harness.owner.query('SELECT count(*)::int AS n FROM bf_stod WHERE hushall_id = $1', [
    hushall.id,
  ])
  expect(rows[0].n).toBe(2)
})

test('a tenancy that is refused before it begins gives back the home that was held', async () => {
  const [one, other] = [await admitted(harness, handlaggare), await admitted(harness, handlaggare)]
  const lagenhetId = await home(harness)
  for (const { id } of [one, other]) ok(await command(team, id, 'onskemal', {}))
  ok(await command(team, one.id, 'erbjudande', { lagenhetId }))
  expect((await command(team, other.id, 'erbjudande', { lagenhetId })).status).toBe(409)
  expect(codes(await command(team, one.id, 'avslut', { utfall: 'ejPaborjat', datum: '2026-09-16' }))).toEqual([
    '/datum utanfor-granserna',
  ])
  ok(await command(team, one.id, 'avslut', { utfall: 'ejPaborjat', datum: '2026-09-15' }))
  ok(await command(team, other.id, 'erbjudande', { lagenhetId }))
})

test('a change of home that is not to be gives back what was held, and the person may stay', async () => {
  const own = { kontraktsform: 'forstahand', hyraOre: 720000, inflyttad: '2026-09-15' }
  const { id, lagenhetId } = await movedIn(harness, handlaggare, own)
  const another = await home(harness)
  ok(await command(team, id, 'bostadsbyte', { orsak: 'onskemal' }))
  expect(ok(await command(team, id, 'kvarboende'))).toMatchObject({
    tillstand: 'forstahand',
    byteOrsak: null,
    lagenhetId,
  })
  ok(await command(team, id, 'bostadsbyte', { orsak: 'onskemal' }))
  ok(await command(team, id, 'erbjudande', { lagenhetId: another }))
  on('2026-09-20')
  ok(await command(team, id, 'avslut', { utfall: 'institution', datum: '2026-09-20' }))
  expect(await periods(id)).toEqual([[lagenhetId, '2026-09-15', '2026-09-20', 'forstahand']])
  const other = await admitted(harness, handlaggare)
  ok(await command(team, other.id, 'onskemal', {}))
  ok(await command(team, other.id, 'erbjudande', { lagenhetId: another }))
})

test('an own contract is of one home: a sublet in the next is tried anew', async () => {
  const own = { kontraktsform: 'forstahand', hyraOre: 720000, inflyttad: '2026-09-15' }
  const { id } = await movedIn(harness, handlaggare, own)
  ok(await command(team, id, 'bostadsbyte', { orsak: 'bostadenUpphor' }))
  ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
  expect(codes(await command(team, id, 'inflyttning', sublet('2026-09-15')))).toEqual([
    '/inflyttad fore-forra-bostaden',
  ])
  on('2026-10-01')
  expect(ok(await command(team, id, 'inflyttning', sublet('2026-10-01')))).toMatchObject({
    tillstand: 'inflyttad',
    kontraktsform: 'andrahand',
    forstahandDatum: null,
    overgangNasta: '2027-10-01',
  })
})

test('two offers of one home at once: one is given, the other told that it is taken', async () => {
  const lagenhetId = await home(harness)
  const ids = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const { id } = await admitted(harness, handlaggare)
      ok(await command(team, id, 'onskemal', {}))
      return id
    }),
  )
  const answers = await Promise.all(ids.map(id => command(team, id, 'erbjudande', { lagenhetId })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409])
})

test('two offers to one person at once: one is given', async () => {
  const { id } = await admitted(harness, handlaggare)
  const { etag } = ok(await command(team, id, 'onskemal', {}))
  const homes = await Promise.all(Array.from({ length: 4 }, () => home(harness)))
  const answers = await Promise.all(
    homes.map(lagenhetId => team.post(`/bostad-forst/${id}/erbjudande`, { lagenhetId }, { ifMatch: etag })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412])
  const { rows } = await harness.owner.query('SELECT count(*)::int AS n FROM upplatelse WHERE bf_boende_id = $1', [id])
  expect(rows[0].n).toBe(1)
})

test('a trial that is refused is tried again within six months, at the month’s end too', async () => {
  on('2026-08-31')
  const { id } = await movedIn(harness, handlaggare)
  ok(await command(team, id, 'overgangsprovning'))
  const late = { utfall: 'avslag', orsak: 'kortTid', nasta: '2027-03-01' }
  expect(codes(await command(team, id, 'overgangssvar', late))).toEqual(['/nasta utanfor-granserna'])
  const answer = ok(await command(team, id, 'overgangssvar', { utfall: 'avslag', orsak: 'kortTid' }))
  expect(answer.overgangNasta).toBe('2027-02-28')
})

test('the team sees what waits: a trial that is due, a long wait for a home, and the year’s measurement', async () => {
  const waiting = async () =>
    (ok(await team.get('/mitt?limit=100')).uppgifter as { slag: string; nummer: string; forfaller: string }[]).map(
      ({ slag, nummer, forfaller }) => `${slag} ${nummer} ${forfaller}`,
    )
  on('2026-03-01')
  const moved = await movedIn(harness, handlaggare)
  const admittedOne = await admitted(harness, handlaggare)
  on('2026-04-30')
  expect(await waiting()).not.toContain(`langVantanPaBostad ${admittedOne.boendenummer} 2026-04-30`)
  on('2026-05-01')
  expect(await waiting()).toContain(`langVantanPaBostad ${admittedOne.boendenummer} 2026-04-30`)
  expect(await waiting()).toContain('trohetAttMata 2026 2026-12-31')
  on('2027-02-28')
  expect(await waiting()).not.toContain(`overgangAttProva ${moved.boendenummer} 2027-03-01`)
  on('2027-03-01')
  expect(await waiting()).toContain(`overgangAttProva ${moved.boendenummer} 2027-03-01`)
})

test('a protected household’s tenancy and support are not there for those without clearance', async () => {
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const hushall = await createHousehold(handlaggare)
  const { id } = await admitted(harness, handlaggare, { hushall })
  const [{ id: personId }] = hushall.personer
  const person = `/hushall/${hushall.id}/personer/${personId}`
  ok(await cleared.patch(person, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' }))
  for (const path of ['', '/stod', '/boenden', '/historik', '/provningar'])
    expect((await team.get(`/bostad-forst/${id}${path}`)).status).toBe(404)
  expect((await command(team, id, 'stod/start', { niva: 'lag' })).status).toBe(404)
  expect((await cleared.get(`/bostad-forst/${id}`)).status).toBe(200)
  expect((await read((await admitted(harness, handlaggare)).id)).tillstand).toBe('antagen')
})

test('fidelity is measured once a year and instrument, with sums that are right', async () => {
  const domaner = ['boendeprocess', 'atskildhet', 'forhallningssatt', 'stodutbud', 'teamstruktur'].map(kod => ({
    kod,
    poang: 30,
    max: 34,
  }))
  const body = { ar: 2026, datum: '2026-09-10', instrument: 'Pathways', domaner, poang: 150, maxPoang: 170 }
  const post = (fields: object = {}) => team.post('/trohetsmatningar', { ...body, ...fields })
  expect(codes(await post({ poang: 151 }))).toEqual(['/poang stammer-inte'])
  expect(codes(await post({ domaner: [...domaner.slice(0, 4), domaner[0]] }))).toEqual(['/domaner dubbel'])
  expect((await post()).body).toMatchObject({ procent: 88.2, poang: 150 })
  expect((await post()).status).toBe(409)
  const statistiker = harness.as('statistiker')
  expect(ok(await statistiker.get('/trohetsmatningar?ar=2026')).trohetsmatningar).toHaveLength(1)
  expect((await statistiker.post('/trohetsmatningar', body)).status).toBe(403)
})
