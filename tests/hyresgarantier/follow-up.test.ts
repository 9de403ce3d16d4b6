import { startTestApp } from '../harness.ts'
import {
  activate,
  createHousehold,
  createLandlord,
  goodAnswer,
  grant,
  nextPersonnummer,
  openRound,
  reviewOf,
} from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const landlord = await createLandlord(handlaggare)
const year = 'fran=2026-01-01&till=2026-12-31'

const child = { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Lind', roll: 'barn' }
const family = await createHousehold(handlaggare, [child])
const kept = await activate(handlaggare, { hyresvardId: landlord.id, hushallId: family.id })
const ended = await activate(handlaggare, { hyresvardId: landlord.id })
const granted = await grant(handlaggare, {
  beslutDatum: '2026-02-10',
  ansokanDatum: '2026-01-11',
  beviljadGiltigTill: null,
})
await openRound(harness)
await harness
  .hyresvard(landlord.id)
  .post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer: ended.avtalsnummer, ...goodAnswer }] })
const review = await reviewOf(handlaggare, ended.id)
await handlaggare.post(
  `/genomgangar/${review.id}/utfall`,
  { utfall: 'avsluta', motivering: 'Uppfyllt.' },
  { ifMatch: review.etag },
)

async function claim(garantiId: string, hyresmanad: string) {
  const path = `/hyresgarantier/${garantiId}/krav`
  const krav = await handlaggare.post(path, { hyresmanad, kravtBeloppOre: 800000, indrivningsbevisRef: 'KFM 1' })
  const beslut = { utfall: 'godkant', godkantBeloppOre: 800000, motivering: 'Visat.' }
  const decided = await beslutsfattare.post(`${path}/${krav.body.id}/beslut`, beslut, { ifMatch: krav.body.etag })
  const paid = await handlaggare.post(`${path}/${krav.body.id}/utbetalning`, {}, { ifMatch: decided.body.etag })
  if (paid.status !== 200) throw new Error(JSON.stringify(paid.body))
  return paid.body
}

test('exposure is what the municipality can be made to pay on a day, and opens to its guarantees', async () => {
  const before = await handlaggare.get('/hyresgarantier/exponering?datum=2026-09-14')
  expect(before.body).toMatchObject({
    antal: 2,
    exponeringOre: 9600000,
    perHyresvard: [{ hyresvardId: landlord.id, antal: 2 }],
  })
  await claim(kept.id, '2026-05')
  const today = await handlaggare.get('/hyresgarantier/exponering?datum=2026-09-15')
  expect(today.body).toMatchObject({ antal: 1, exponeringOre: 4000000 })
  expect((await handlaggare.get('/hyresgarantier/exponering?datum=2026-09-14')).body.exponeringOre).toBe(9600000)
  expect((await handlaggare.get('/hyresgarantier/exponering?datum=2025-02-28')).body.antal).toBe(0)
  expect((await handlaggare.get('/hyresgarantier/exponering?datum=2027-03-01')).body.antal).toBe(0)
  const rows = await handlaggare.get('/hyresgarantier/exponering/underlag?datum=2026-09-15')
  expect(rows.body.garantier).toMatchObject([
    { avtalsnummer: kept.avtalsnummer, utbetaltOre: 800000, exponeringOre: 4000000 },
  ])
})

test('every indicator follows from the records behind it', async () => {
  const { body } = await handlaggare.get(`/hyresgarantier/statistik?${year}`)
  const value = (kod: string) => body.indikatorer.find((i: { kod: string }) => i.kod === kod).varde
  expect(Object.fromEntries(body.indikatorer.map((i: { kod: string }) => [i.kod, value(i.kod)]))).toEqual({
    aktiva: 1,
    beviljade: 1,
    handlaggningsdagar: 30,
    genomgangna: 0.5,
    avslutadeEnligtKriterier: 0.5,
    manaderTillAvslut: 18,
    kravPer100: 100,
    utbetaltPer100: 80000000,
    atervunnet: 0,
    bidragSokta: 0,
    bidragBeviljatOre: 0,
    overTvaAr: 0,
  })
  for (const indikator of body.indikatorer) {
    const { body: behind } = await handlaggare.get(indikator._links.underlag.href.replace(harness.base, ''))
    expect(behind._meta.totalRecords).toBe(indikator.antalPoster)
    const sum = behind.poster.reduce((total: number, { taljare }: { taljare: number }) => total + taljare, 0)
    expect([indikator.kod, sum]).toEqual([indikator.kod, indikator.taljare])
    expect(indikator.definition.length).toBeGreaterThan(20)
  }
  const aktiva = body.indikatorer.find((i: { kod: string }) => i.kod === 'aktiva')
  expect(aktiva.fordelning).toEqual([
    { dimension: 'barn', varde: 'ja', antal: 1 },
    { dimension: 'garantityp', varde: 'kommunal', antal: 1 },
    { dimension: 'hyresvardId', varde: landlord.id, antal: 1 },
  ])
})

test('a statistician sees figures without small counts, and no records', async () => {
  const statistiker = harness.as('statistiker')
  const { body } = await statistiker.get(`/hyresgarantier/statistik?${year}`)
  const aktiva = body.indikatorer.find((i: { kod: string }) => i.kod === 'aktiva')
  expect(aktiva).toMatchObject({
    varde: null,
    taljare: null,
    antalPoster: null,
    fordelning: [],
    definition: expect.stringContaining('dolt'),
  })
  expect((await statistiker.get(`/hyresgarantier/statistik/aktiva/underlag?${year}`)).status).toBe(403)
})

test('the list as a spreadsheet has the same guarantees as the list, and nobody’s name or number', async () => {
  const csv = await handlaggare.get('/hyresgarantier?tillstand=aktiv', { accept: 'text/csv' })
  expect(csv.text.startsWith('\ufeffavtalsnummer;tillstand;hyresvard;')).toBe(true)
  const rows = csv.text.trim().split('\r\n').slice(1)
  expect(rows).toHaveLength(1)
  expect(rows[0]).toContain(`${kept.avtalsnummer};aktiv;Exempelbostäder AB;`)
  expect(rows[0]).toContain(';8000,00;6;2025-03-01;2027-02-28;kommunal;enkel;')
  expect(csv.text).not.toMatch(/Maja|Lind|\d{8}-?\d{4}/)
})

test('the history tells who did what, from and to, for the guarantee and all that hangs on it', async () => {
  const { body } = await handlaggare.get(`/hyresgarantier/${ended.id}/historik?limit=100`)
  const steps = body.historik.map(
    (post: { atgard: string; resurs: string; av: string }) => `${post.atgard} ${post.resurs} ${post.av}`,
  )
  expect(steps).toEqual([
    'registrera hyresgaranti test.handlaggare',
    'tecknaAvtal hyresgaranti test.handlaggare',
    'tecknaAvtal utlamnande test.handlaggare',
    'oppna-genomgangar genomgang hemvist',
    'svara genomgang test.maskin',
    'avgor genomgang test.handlaggare',
    'avgor hyresgaranti test.handlaggare',
  ])
  expect(body.historik[1].andringar).toContainEqual({ falt: 'tillstand', fran: 'beviljad', till: 'aktiv' })
  expect(body.historik[6].andringar).toContainEqual({ falt: 'avslutsorsak', fran: null, till: 'kriterierUppfyllda' })
  const claims = await handlaggare.get(`/hyresgarantier/${kept.id}/historik?limit=100`)
  expect(new Set(claims.body.historik.map((post: { resurs: string }) => post.resurs))).toEqual(
    new Set(['hyresgaranti', 'utlamnande', 'genomgang', 'garantikrav', 'regressfordran']),
  )
})

test('filters, sorting and pages of the list agree with each other', async () => {
  const numbers = async (query: string) =>
    (await handlaggare.get(`/hyresgarantier?${query}`)).body.hyresgarantier.map(
      (g: { avtalsnummer: string }) => g.avtalsnummer,
    )
  const all = await numbers('limit=100')
  expect(all).toEqual([...all].sort())
  expect(await numbers('sort=-avtalsnummer')).toEqual([...all].reverse())
  expect(await numbers('genomgang=vantar')).toEqual([kept.avtalsnummer])
  expect(await numbers(`hyresvardId=${landlord.id}&tillstand=avslutadKriterier`)).toEqual([ended.avtalsnummer])
  expect(await numbers(`hushallId=${family.id}`)).toEqual([kept.avtalsnummer])
  expect(await numbers('giltigTillFore=2027-02-28')).toEqual([])
  expect(await numbers(`avtalsnummer=${granted.avtalsnummer}`)).toEqual([granted.avtalsnummer])
  const pages = [await numbers('limit=2&page=1'), await numbers('limit=2&page=2'), await numbers('limit=2&page=3')]
  expect(pages.flat()).toEqual(all)
  const { body } = await handlaggare.get('/hyresgarantier?limit=2&page=1&garantityp=kommunal')
  expect(body._meta).toEqual({ page: 1, limit: 2, count: 2, totalRecords: 3, totalPages: 2 })
  expect(body._links.next.href).toBe(`${harness.base}/v1/hyresgarantier?limit=2&page=2&garantityp=kommunal`)
  expect((await handlaggare.get('/hyresgarantier?page=99')).body).toMatchObject({
    hyresgarantier: [],
    _meta: { count: 0, totalRecords: 3 },
  })
})

test('a fully paid guarantee is used up and ends; its open review ends with it', async () => {
  for (const month of ['2026-06', '2026-07', '2026-08', '2026-04']) await claim(kept.id, month)
  expect((await handlaggare.get(`/hyresgarantier/${kept.id}`)).body).toMatchObject({
    tillstand: 'aktiv',
    aterstarOre: 800000,
  })
  const double = await handlaggare.post(`/hyresgarantier/${kept.id}/krav`, {
    hyresmanad: '2026-04',
    kravtBeloppOre: 100,
  })
  expect(double.body).toMatchObject({ status: 409, kod: 'finns-redan' })
  await claim(kept.id, '2026-03')
  expect((await handlaggare.get(`/hyresgarantier/${kept.id}`)).body).toMatchObject({
    tillstand: 'forbrukad',
    aterstarOre: 0,
    genomgang: null,
  })
  expect(await reviewOf(handlaggare, kept.id)).toMatchObject({ tillstand: 'klar', utfall: 'utgick' })
  const more = await handlaggare.post(`/hyresgarantier/${kept.id}/krav`, { hyresmanad: '2026-02', kravtBeloppOre: 100 })
  expect(more.body).toMatchObject({ status: 409, kod: 'garantin-kan-inte-kravas' })
})

test('a recourse debt is paid off in parts, never over, and the rest can be remitted', async () => {
  const { body } = await handlaggare.get(`/regressfordringar?hyresgarantiId=${kept.id}`)
  const [debt, another] = body.regressfordringar
  const path = `/regressfordringar/${debt.id}`
  expect(debt).toMatchObject({ beloppOre: 800000, kvarOre: 800000, preskriberas: '2036-09-15' })
  const part = await handlaggare.post(`${path}/betalningar`, { beloppOre: 300000 })
  expect(part.body.regressfordran).toMatchObject({ tillstand: 'avbetalning', kvarOre: 500000 })
  expect((await handlaggare.post(`${path}/betalningar`, { beloppOre: 500001 })).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/beloppOre' }],
  })
  const rest = await handlaggare.post(`${path}/betalningar`, { beloppOre: 500000 })
  expect(rest.body.regressfordran).toMatchObject({ tillstand: 'reglerad', kvarOre: 0 })
  expect((await handlaggare.get(`${path}/betalningar`)).body.betalningar).toHaveLength(2)
  const remitted = await beslutsfattare.post(
    `/regressfordringar/${another.id}/eftergift`,
    { motivering: 'Saknar förmåga.' },
    { ifMatch: another.etag },
  )
  expect(remitted.body).toMatchObject({ tillstand: 'efterskankt', eftergiftBeslutsfattare: 'test.beslutsfattare' })
})

test('on its day a guarantee is warned of, lapses or ends, once', async () => {
  const soon = await activate(handlaggare, { giltigFran: '2025-01-15', giltigTill: '2026-12-14' })
  expect(await harness.job('varna-utgaende-garantier', '2026-09-14')).toEqual({ varnade: 0 })
  expect(await harness.job('varna-utgaende-garantier', '2026-09-15')).toEqual({ varnade: 1 })
  expect(await harness.job('varna-utgaende-garantier', '2026-09-16')).toEqual({ varnade: 0 })
  expect(await harness.job('varna-utgaende-garantier', '2026-11-14')).toEqual({ varnade: 1 })
  expect((await handlaggare.get(`/hyresgarantier/${soon.id}`)).body).toMatchObject({
    varnadDagar: 30,
    varnadDatum: '2026-11-14',
  })

  expect(await harness.job('forfall-oanvanda-beslut', '2026-08-10')).toEqual({ forfallna: 0 })
  expect(await harness.job('forfall-oanvanda-beslut', '2026-08-11')).toEqual({ forfallna: 1 })
  expect((await handlaggare.get(`/hyresgarantier/${granted.id}`)).body).toMatchObject({
    tillstand: 'forfallen',
    avslutsorsak: 'ingetAvtal',
  })

  const krav = await handlaggare.post(`/hyresgarantier/${soon.id}/krav`, {
    hyresmanad: '2026-09',
    kravtBeloppOre: 100000,
  })
  expect(await harness.job('avsluta-utgangna-garantier', '2026-12-15')).toEqual({ avslutade: 0 })
  const path = `/hyresgarantier/${soon.id}/krav/${krav.body.id}`
  await beslutsfattare.post(
    `${path}/beslut`,
    { utfall: 'avvisat', avvisningsorsak: 'bevisSaknas', motivering: 'Inget bevis.' },
    { ifMatch: krav.body.etag },
  )
  expect(await harness.job('avsluta-utgangna-garantier', '2026-12-14')).toEqual({ avslutade: 0 })
  expect(await harness.job('avsluta-utgangna-garantier', '2026-12-15')).toEqual({ avslutade: 1 })
  expect((await handlaggare.get(`/hyresgarantier/${soon.id}`)).body).toMatchObject({
    tillstand: 'upphordTid',
    avslutadDatum: '2026-12-15',
  })
})

test('a guarantee under notice holds until its last day', async () => {
  const garanti = await activate(handlaggare, {
    giltigFran: '2024-12-01',
    giltigTill: '2026-11-30',
    beslutDatum: '2024-11-01',
    beviljadGiltigTill: '2026-12-31',
  })
  const path = `/hyresgarantier/${garanti.id}/uppsagning`
  const tooEarly = await beslutsfattare.post(
    path,
    { uppsagdTill: '2026-11-30', motivering: 'Klarar sig.' },
    { ifMatch: garanti.etag },
  )
  expect(tooEarly.body).toMatchObject({ status: 422, errors: [{ pointer: '/uppsagdTill', kod: 'for-tidigt' }] })
  const notice = await beslutsfattare.post(
    path,
    { uppsagdTill: '2026-12-01', motivering: 'Klarar sig.' },
    { ifMatch: garanti.etag },
  )
  expect(notice.body).toMatchObject({ tillstand: 'uppsagd', uppsagdDatum: '2026-09-15', nastaGenomgang: null })
  expect(await harness.job('avsluta-utgangna-garantier', '2026-12-01')).toEqual({ avslutade: 1 })
  expect((await handlaggare.get(`/hyresgarantier/${garanti.id}`)).body).toMatchObject({
    tillstand: 'upphordUppsagd',
    avslutadDatum: '2026-12-01',
  })
})
