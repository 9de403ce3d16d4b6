import { Readable } from 'node:stream'
import { readSheet } from '../../src/shared/spreadsheet.ts'
import { admitted } from '../bostad-forst/admitted.ts'
import { ok } from '../cases.ts'
import { granted } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { home, letTo, waiting } from './stock.ts'

const harness = await startTestApp({ today: '2026-09-15' })
const handlaggare = harness.as('handlaggare')
const boendeenhet = harness.as('boendeenhet')
const statistiker = harness.as('statistiker')
const { owner } = harness

type Figure = {
  kod: string
  fran: string
  till: string
  enhet: string
  varde: number | null
  taljare: number | null
  namnare: number | null
  antalPoster: number
  definition: string
  fordelning: { dimension: string; varde: string; antal: number }[]
}
type Delar = Record<
  'vantar' | 'tillkommer' | 'behov' | 'lediga' | 'frigors' | 'planerade' | 'lamnar' | 'utbud' | 'saknas',
  number
>
type Prognos = Delar & {
  insats: string
  horisontAr: number
  till: string
  berakning: string
  perRum: (Delar & { rum: string })[]
}
type Answer = { fran: string; till: string; medelAr: number; matt: Figure[]; prognoser: Prognos[] }

const need = async (ar: number, client = handlaggare): Promise<Answer> => ok(await client.get(`/bostadsbehov?ar=${ar}`))
const figure = async (kod: string, ar: number): Promise<Figure> =>
  (await need(ar)).matt.find(one => one.kod === kod) as Figure
const value = async (kod: string, ar: number) => (await figure(kod, ar)).varde
const by = ({ fordelning }: Figure, dimension: string) =>
  Object.fromEntries(fordelning.filter(one => one.dimension === dimension).map(({ varde, antal }) => [varde, antal]))
const rowsBehind = async (kod: string, ar: number) =>
  ok(await handlaggare.get(`/bostadsbehov/${kod}/underlag?ar=${ar}&limit=100`)) as {
    poster: { nummer: string; taljare: number; namnare: number | null; regel: string }[]
    _meta: { totalRecords: number }
  }

const uthyrd = { tillstand: 'uthyrd' }
const bf = { kategori: 'bostadForst' }

// Years that each end differently: 2024 is a leap year, and 2026 goes on.
beforeAll(async () => {
  const a = await home(harness, { i_poolen_fran: '2023-12-31', ...uthyrd, tillstand_sedan: '2024-03-10' })
  const b = await home(harness, {
    i_poolen_fran: '2024-01-01',
    rum: 3,
    agare: 'lundafastigheter',
    tillstand: 'tomstalld',
    tillstand_sedan: '2026-09-15',
  })
  // There for one day, the leap day.
  await home(harness, { i_poolen_fran: '2024-02-29', i_poolen_till: '2024-02-29', tillstand: 'aterlamnad' })
  const d = await home(harness, { ...bf, i_poolen_fran: '2024-12-31', rum: 5, agare: 'privat' })
  const e = await home(harness, {
    i_poolen_fran: '2024-05-01',
    i_poolen_till: '2024-12-31',
    rum: 1,
    tillstand: 'overlaten',
    tillstand_sedan: '2024-12-31',
  })
  await home(harness, { i_poolen_fran: '2025-03-01', rum: 7, tillstand: 'planerad' })
  const never = await home(harness, { i_poolen_fran: '2024-06-01', tillstand: 'planerad' })
  await owner.query(`UPDATE lagenhet SET tillstand = 'aterlamnad', i_poolen_till = '2024-06-01' WHERE id = $1`, [never])
  await home(harness, { kategori: 'hotellagenhet', i_poolen_till: '2027-01-31', rum: 1 })
  await home(harness, { i_poolen_fran: '2028-05-01', rum: 4, tillstand: 'planerad' })
  const j = await home(harness, { i_poolen_till: '2027-06-30' })
  await home(harness, { ...bf, i_poolen_fran: '2027-09-15', rum: 1, tillstand: 'planerad' })
  const l = await home(harness, { ...bf, i_poolen_fran: '2025-01-01', rum: 1, ...uthyrd })
  const m = await home(harness, { i_poolen_fran: '2026-01-01', tillstand: 'reserverad', tillstand_sedan: '2026-09-01' })

  const p1 = await waiting(harness, '2023-09-01')
  await letTo(harness, p1, a, '2024-01-01', '2024-02-29')
  const p2 = await waiting(harness, '2023-03-10')
  // The same tenant, from June with another contract.
  await letTo(harness, p2, a, '2024-03-10', '2025-05-31')
  await letTo(harness, p2, a, '2025-06-01', null, { kontraktsform: 'forstahand' })
  await letTo(harness, await waiting(harness, '2023-05-02'), e, '2024-05-02', '2024-12-31')
  await letTo(harness, await waiting(harness, '2023-01-01'), b, '2025-02-01', '2026-09-15')
  await letTo(harness, await waiting(harness, '2019-06-01'), j, '2020-02-01', '2023-09-15')
  await letTo(harness, await waiting(harness, '2026-01-10'), m, '2026-10-01', null, {
    slag: 'reservation',
    skapad: '2026-09-01',
  })
  const w1 = await waiting(harness, '2026-09-15', { minRum: 2 })
  // Promised a home that was taken back the same day: waits again.
  await letTo(harness, w1, j, '2026-09-20', null, { slag: 'reservation', skapad: '2026-09-10', upphavd: '2026-09-15' })
  await waiting(harness, '2023-09-16')
  await waiting(harness, '2023-09-15', { minRum: 3 })

  const boende = async (datum: string) => {
    const { id, hushallId } = await admitted(harness, handlaggare, { datum })
    return { id, hushallId, kolumn: 'bf_boende_id' as const, skyddad: false }
  }
  const changes = await boende('2022-01-01')
  await letTo(harness, changes, d, '2025-01-01', '2025-06-30')
  await letTo(harness, changes, l, '2025-07-01')
  await letTo(harness, await boende('2022-01-01'), d, '2025-09-01', '2026-03-31')
  await boende('2026-09-01')
  await granted(harness, handlaggare)
})

test('a home is prepared in the year that it comes, by category, owner and size, however soon it leaves', async () => {
  const beredda = await figure('beredda', 2024)
  expect(beredda).toMatchObject({ varde: 4, fran: '2024-01-01', till: '2024-12-31' })
  expect(by(beredda, 'kategori')).toEqual({ stodlagenhet: 3, bostadForst: 1 })
  expect(by(beredda, 'agare')).toEqual({ lkf: 2, lundafastigheter: 1, privat: 1 })
  expect(by(beredda, 'rum')).toEqual({ 1: 1, 2: 1, 3: 1, '5+': 1 })
  // 31 December is of the year before; what is planned still, or was given back unused, is of none.
  expect([await value('beredda', 2023), await value('beredda', 2025)]).toEqual([1, 1])
})

test('the stock is that of the year before, and what came, without what left', async () => {
  expect(by(await figure('lamnade', 2024), 'orsak')).toEqual({ aterlamnad: 1, overlaten: 1 })
  for (const ar of [2021, 2022, 2023, 2024, 2025, 2026]) {
    const before = (await value('bestand', ar - 1)) as number
    const [came, left] = [(await value('beredda', ar)) as number, (await value('lamnade', ar)) as number]
    expect([ar, await value('bestand', ar)]).toEqual([ar, before + came - left])
  }
  expect([await value('bestand', 2023), await value('bestand', 2024)]).toEqual([3, 5])
})

test('vacant days are counted to the day, in a leap year and for homes that came or left in it', async () => {
  // A 9, B 366, the leap day's home 1, D 1, E 1, the hotel home 366, J 366.
  expect(await figure('vakansdagar', 2024)).toMatchObject({ varde: 1110, namnare: 1711 })
  // 29 February is one of the nine days without a tenant between; a new contract is no turnover.
  expect(await figure('omsattningsdagar', 2024)).toMatchObject({ varde: 9, antalPoster: 1 })
  // In 2025 D was let again after two months.
  expect(await figure('omsattningsdagar', 2025)).toMatchObject({ varde: 62, antalPoster: 1 })
})

test('waiting is from the decision to the first home', async () => {
  // 122, 366 over a leap day, and 366 days.
  expect(await figure('vantetidStodlagenhet', 2024)).toMatchObject({ varde: 366, antalPoster: 3, taljare: 854 })
  expect(await figure('vantetidBostadForst', 2025)).toMatchObject({ antalPoster: 2 })
  expect(await figure('vantetidFortur', 2026)).toMatchObject({ varde: null, antalPoster: 0 })
})

test('who waited at the end of a past year is counted as it was, whatever has happened since', async () => {
  expect(await value('vantandeStodlagenhet', 2023)).toBe(6)
  // Two of them have moved in, and one more has come.
  expect(await value('vantandeStodlagenhet', 2024)).toBe(3)
  const [{ antal }] = (await owner.query("SELECT count(*)::int AS antal FROM stodlagenhet WHERE tillstand = 'iKo'"))
    .rows
  expect(antal).toBeGreaterThan(3)
  expect(await value('vantandeStodlagenhet', 2026)).toBe(3)
  expect([await value('vantandeBostadForst', 2026), await value('vantandeFortur', 2026)]).toEqual([1, 1])
})

test('the projection is the sum of its figures, in one, three and five years, and by size', async () => {
  const { prognoser, matt, medelAr, till } = await need(2026)
  expect([medelAr, till]).toEqual([3, '2026-09-15'])
  const inflow = matt.find(({ kod }) => kod === 'beviljadeStodlagenhet')
  expect(inflow).toMatchObject({ varde: 3, fran: '2023-09-16', till: '2026-09-15' })
  const of = (insats: string, ar: number) =>
    prognoser.find(one => one.insats === insats && one.horisontAr === ar) as Prognos
  expect(of('stodlagenhet', 1)).toMatchObject({
    till: '2027-09-15',
    vantar: 3,
    tillkommer: 1,
    behov: 4,
    lediga: 2,
    frigors: 0.7,
    planerade: 1,
    lamnar: 1,
    utbud: 2.7,
    saknas: 1.3,
    berakning:
      'behov = vantandeStodlagenhet + beviljadeStodlagenhet / 3 × 1; utbud = frigjordaStodlagenhet / 3 × 1 + ledigaStodlagenhet + planeradeStodlagenhet1 - lamnarStodlagenhet1; saknas = behov - utbud',
  })
  expect(of('stodlagenhet', 3)).toMatchObject({ behov: 6, frigors: 2, planerade: 2, lamnar: 1, utbud: 5, saknas: 1 })
  expect(of('stodlagenhet', 5)).toMatchObject({ behov: 8, frigors: 3.3, planerade: 2, utbud: 6.3, saknas: 1.7 })
  expect(of('stodlagenhet', 3).perRum.map(({ rum, behov, utbud, saknas }) => [rum, behov, utbud, saknas])).toEqual([
    ['2', 2, 1, 1],
    ['3', 1, 2, -1],
    ['4', 0, 1, -1],
    ['5+', 0, 1, -1],
    ['okant', 3, 0, 3],
  ])
  // The home that is planned for the last day of the year ahead is in it. A change of home frees none.
  expect(of('bostadForst', 1)).toMatchObject({ vantar: 1, lediga: 1, frigors: 0.3, planerade: 1, lamnar: 0 })
  expect(of('fortur', 1)).toMatchObject({ vantar: 1, tillkommer: 0.3, utbud: 0, saknas: 1.3 })
})

test.each([2023, 2024, 2026])('every figure of %i is that of the records behind it', async ar => {
  const { matt } = await need(ar)
  expect(matt).toHaveLength(32)
  for (const { kod, antalPoster, taljare, varde, enhet, definition } of matt) {
    const { poster, _meta } = await rowsBehind(kod, ar)
    expect([kod, poster.length, _meta.totalRecords]).toEqual([kod, antalPoster, antalPoster])
    expect([kod, poster.reduce((sum, row) => sum + row.taljare, 0)]).toEqual([kod, taljare])
    if (enhet !== 'dagar') expect([kod, varde]).toEqual([kod, antalPoster])
    expect(poster.every(({ regel }) => regel.length > 10)).toBe(true)
    expect(definition.length).toBeGreaterThan(60)
  }
})

test('the spreadsheet has every number of the JSON, and no other', async () => {
  const { matt, prognoser } = await need(2026)
  const answer = csvOf(await handlaggare.get('/bostadsbehov?ar=2026', { accept: 'text/csv' }))
  const cells = new Map<string, number | null>()
  const columns = ['del', 'kod', 'namn', 'horisont_ar', 'dimension', 'grupp', 'varde'] as const
  for await (const row of readSheet(Readable.from([Buffer.from(answer)]), { required: columns })) {
    if (!('falt' in row)) throw new Error('not a row')
    const { del, kod, namn, horisont_ar, dimension, grupp, varde } = row.falt
    const key = [del, kod, del === 'prognos' ? namn : '', horisont_ar, dimension, grupp].join('|')
    expect(cells.has(key)).toBe(false)
    cells.set(key, varde === '' ? null : Number(varde.replace(',', '.')))
  }
  const expected = new Map<string, number | null>()
  for (const { kod, varde, fordelning } of matt) {
    expected.set(['matt', kod, '', '', '', ''].join('|'), varde)
    for (const one of fordelning)
      expected.set(['fordelning', kod, '', '', one.dimension, one.varde].join('|'), one.antal)
  }
  for (const { insats, horisontAr, till: _, berakning: __, perRum, ...delar } of prognoser) {
    for (const [name, varde] of Object.entries(delar))
      expected.set(['prognos', insats, name, horisontAr, '', ''].join('|'), varde as number)
    for (const { rum, ...sized } of perRum)
      for (const [name, varde] of Object.entries(sized))
        expected.set(['prognos', insats, name, horisontAr, 'rum', rum].join('|'), varde as number)
  }
  expect(Object.fromEntries(cells)).toEqual(Object.fromEntries(expected))
  expect(cells.size).toBeGreaterThan(150)
})

test('a statistician sees no small number, and nothing that follows from one', async () => {
  const { matt, prognoser } = await need(2026, statistiker)
  for (const { kod, varde, fordelning, antalPoster } of matt) {
    expect([kod, fordelning]).toEqual([kod, []])
    expect([kod, varde === null || varde === 0 || antalPoster >= 5]).toEqual([kod, true])
  }
  const one = prognoser.find(({ insats, horisontAr }) => insats === 'stodlagenhet' && horisontAr === 1)
  expect(one).toMatchObject({ vantar: null, tillkommer: null, behov: null, utbud: null, saknas: null, perRum: [] })
  expect((await statistiker.get('/bostadsbehov/bestand/underlag?ar=2026')).status).toBe(403)
  expect(ok(await boendeenhet.get('/bostadsbehov/bestand/underlag?ar=2026')).poster.length).toBeGreaterThan(0)
})

test('the records of people are in the read log, those of homes are about nobody', async () => {
  const logged = async () =>
    (await owner.query('SELECT coalesce(sum(cardinality(hushall_ids)), 0)::int AS antal FROM atkomstlogg')).rows[0]
      .antal as number
  const before = await logged()
  await rowsBehind('bestand', 2026)
  expect(await logged()).toBe(before)
  const { poster } = await rowsBehind('vantandeStodlagenhet', 2026)
  expect(await logged()).toBe(before + poster.length)
})

test('a protected household waits, and has its home, only for those who may know of it', async () => {
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const values = async (client: typeof cleared) => {
    const { matt } = await need(2022, client)
    const of = (kod: string) => matt.find(one => one.kod === kod)?.varde as number
    return [of('vantandeStodlagenhet'), of('bestand')]
  }
  const [ordinary, all] = [await values(handlaggare), await values(cleared)]
  const dold = await waiting(harness, '2022-12-01', { skyddad: true })
  expect(await values(handlaggare)).toEqual(ordinary)
  expect(await values(cleared)).toEqual([(all[0] as number) + 1, all[1]])
  await letTo(harness, dold, await home(harness, { ...uthyrd, tillstand_sedan: '2022-12-15' }), '2022-12-15')
  expect(await values(handlaggare)).toEqual(ordinary)
  expect(await values(cleared)).toEqual([all[0], (all[1] as number) + 1])
})

test('of a past year, homes that came since were planned, and one that was taken over did not leave', async () => {
  expect(await figure('planeradeStodlagenhet1', 2023)).toMatchObject({
    varde: 3,
    fran: '2024-01-01',
    till: '2024-12-31',
  })
  expect(await value('lamnarStodlagenhet1', 2023)).toBe(1)
})

test('who has not moved out on the last day has the home still, and who needs no home any more does not wait', async () => {
  const vacant = await value('ledigaStodlagenhet', 2026)
  const kvar = await home(harness, { tillstand: 'uppsagd', tillstand_sedan: '2026-06-01' })
  await letTo(harness, await waiting(harness, '2020-01-01'), kvar, '2020-05-01', '2026-08-31')
  expect(await value('ledigaStodlagenhet', 2026)).toBe(vacant)

  const years = [2022, 2023, 2024] as const
  const before = await Promise.all(years.map(ar => value('vantandeStodlagenhet', ar)))
  const { id } = await waiting(harness, '2023-05-05')
  await owner.query(
    `UPDATE stodlagenhet SET tillstand = 'avslutad', avslutad_datum = '2024-12-31', utfall = 'annatBoende' WHERE id = $1`,
    [id],
  )
  const after = await Promise.all(years.map(ar => value('vantandeStodlagenhet', ar)))
  expect(after.map((varde, n) => (varde as number) - (before[n] as number))).toEqual([0, 1, 0])
})

test('a year that has not begun, and a figure that there is not, are refused', async () => {
  const later = await handlaggare.get('/bostadsbehov?ar=2027')
  expect([later.status, later.body.errors[0].pointer]).toEqual([422, 'query/ar'])
  expect((await handlaggare.get('/bostadsbehov/bestand/underlag?ar=2027')).status).toBe(422)
  expect((await handlaggare.get('/bostadsbehov')).status).toBe(400)
  expect((await handlaggare.get('/bostadsbehov/inget/underlag?ar=2026')).status).toBe(400)
})

function csvOf({ status, text, headers }: { status: number; text: string; headers: Record<string, string> }): string {
  expect([status, headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8'])
  return text
}
