import { randomUUID } from 'node:crypto'
import { startTestApp } from '../harness.ts'
import { createHousehold, nextPersonnummer } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const base = '/barnchecklistor/statistik'
const year = 'fran=2026-01-01&till=2026-12-31'

/** Writes a row of what the table demands. */
async function insert(table: string, row: Record<string, unknown>): Promise<string> {
  const full = { id: randomUUID(), version: 1, skyddad: false, skapad: '2026-01-01', andrad: '2026-01-01', ...row }
  const columns = Object.keys(full)
  await harness.owner.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(full),
  )
  return full.id
}
let cases = 0
async function caseOf(insats: string, hushall: { id: string; personer: { id: string }[] }) {
  const arendenummer = `AR-2026-${String(++cases).padStart(5, '0')}`
  const id = await insert('arende', {
    arendenummer,
    insats,
    tillstand: 'inkommen',
    hushall_id: hushall.id,
    person_id: hushall.personer[0]?.id,
    ansokan_datum: '2025-12-01',
    kanal: 'papper',
  })
  return { id, arendenummer, insats, hushall_id: hushall.id }
}
type Case = Awaited<ReturnType<typeof caseOf>>
const checklist = (
  hushall_id: string,
  arende: Case | null,
  klar_datum: string,
  [barn, informerade, horda]: number[],
  more = {},
) =>
  insert('barnchecklista', {
    hushall_id,
    arende_id: arende?.id ?? null,
    mall_nummer: 1,
    tillstand: 'klar',
    svar: '[]',
    barn: '[]',
    antal_barn: barn,
    antal_informerade: informerade,
    antal_horda: horda,
    barnets_basta: 'Vägt.',
    klar_datum,
    klar_av: 'maja',
    ...more,
  })
const { rows: points } = await harness.owner.query('SELECT insats, id FROM delegation')
const decide = ({ id, insats, hushall_id }: Case, datum: string, antal_barn: number, rests: Record<string, string>) =>
  insert('beslut', {
    arende_id: id,
    hushall_id,
    insats,
    utfall: 'avslag',
    datum,
    lagrum: '11 kap. 1 § SoL (2025:400)',
    delegation_id: points.find(point => point.insats === insats)?.id,
    delegationspunkt: '4.1',
    beslutsfattare: 'karin',
    motivering: 'Prövat.',
    overklagandetyp: 'forvaltningsbesvar',
    ansokan_datum: '2025-12-01',
    antal_barn,
    grunder: [],
    ...rests,
  })

const child = { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Lind', roll: 'barn' }
const family = await createHousehold(handlaggare, [child])
const single = await createHousehold(handlaggare)
const [a, b, c, d] = [
  await caseOf('fortur', family),
  await caseOf('stodlagenhet', family),
  await caseOf('fortur', family),
  await caseOf('fortur', single),
]
const early = await checklist(family.id, a, '2026-02-28', [2, 2, 1], { tillstand: 'reviderad' })
const revised = await checklist(family.id, a, '2026-03-01', [2, 2, 2], { ersatter_id: early })
await checklist(family.id, null, '2026-03-31', [3, 1, 0])
await checklist(family.id, b, '2025-12-31', [5, 5, 5])
await decide(a, '2026-03-02', 1, { barnchecklista_id: revised })
await decide(b, '2026-03-31', 1, { barnchecklista_id: revised })
await decide(c, '2026-04-01', 1, { barnchecklista_undantag: 'Står utan tak i natt.' })
await decide(d, '2026-04-01', 0, {})

type Figure = {
  kod: string
  varde: number | null
  taljare: number
  antalPoster: number
  _links: { underlag: { href: string } }
}
const byKod = (figures: Figure[]) => Object.fromEntries(figures.map(({ kod, varde }) => [kod, varde]))

test('every indicator follows from the records behind it', async () => {
  const { body } = await handlaggare.get(`${base}?${year}`)
  expect(byKod(body.indikatorer)).toEqual({ beslutMedChecklista: 2 / 3, undantag: 1, horda: 2 / 5, informerade: 3 / 5 })
  for (const { kod, taljare, antalPoster, _links } of body.indikatorer as Figure[]) {
    const { body: behind } = await handlaggare.get(_links.underlag.href.replace(harness.base, ''))
    expect([kod, behind._meta.totalRecords]).toEqual([kod, antalPoster])
    const sum = behind.poster.reduce((total: number, post: { taljare: number }) => total + post.taljare, 0)
    expect([kod, sum]).toEqual([kod, taljare])
  }
})

test('a record is shown by the number of its case, and a checklist for no case has none', async () => {
  const decisions = await handlaggare.get(`${base}/beslutMedChecklista/underlag?${year}`)
  expect(decisions.body.poster).toMatchObject([
    { arendenummer: a.arendenummer, taljare: 1, namnare: 1 },
    { arendenummer: b.arendenummer, taljare: 1, namnare: 1 },
    { arendenummer: c.arendenummer, taljare: 0, namnare: 1 },
  ])
  const heard = await handlaggare.get(`${base}/horda/underlag?${year}`)
  expect(heard.body.poster).toMatchObject([
    { id: revised, arendenummer: a.arendenummer, taljare: 2, namnare: 2 },
    { arendenummer: null, taljare: 0, namnare: 3 },
  ])
})

test('figures are broken down by the kind of help', async () => {
  const { body } = await handlaggare.get(`${base}?${year}`)
  const of = (kod: string) => body.indikatorer.find((i: Figure) => i.kod === kod).fordelning
  expect(of('beslutMedChecklista')).toEqual([
    { dimension: 'insats', varde: 'fortur', antal: 2 },
    { dimension: 'insats', varde: 'stodlagenhet', antal: 1 },
  ])
  expect(of('horda')).toEqual([{ dimension: 'insats', varde: 'fortur', antal: 1 }])
})

test('month by month, a checklist counts until the one that takes its place is finished', async () => {
  const { body } = await handlaggare.get(`${base}?fran=2026-02-01&till=2026-04-30&per=manad`)
  const figures = body.perioder.map(({ period, indikatorer }: { period: string; indikatorer: Figure[] }) => [
    period,
    byKod(indikatorer),
  ])
  expect(Object.fromEntries(figures)).toEqual({
    '2026-02': { beslutMedChecklista: null, undantag: 0, horda: 1 / 2, informerade: 1 },
    '2026-03': { beslutMedChecklista: 1, undantag: 0, horda: 2 / 5, informerade: 3 / 5 },
    '2026-04': { beslutMedChecklista: 0, undantag: 1, horda: null, informerade: null },
  })
})

test('a statistician sees no small counts and no records; who has neither role sees nothing', async () => {
  const statistiker = harness.as('statistiker')
  const { body } = await statistiker.get(`${base}?${year}`)
  for (const figure of body.indikatorer)
    expect(figure).toMatchObject({ varde: null, antalPoster: null, fordelning: [] })
  expect((await statistiker.get(`${base}/horda/underlag?${year}`)).status).toBe(403)
  expect((await harness.as('administrator').get(`${base}?${year}`)).status).toBe(403)
  expect((await handlaggare.get(`${base}/aktiva/underlag?${year}`)).status).toBe(400)
})

test('who opens a figure to its records is in the read log', async () => {
  const reader = harness.as('beslutsfattare', undefined, 'karin.beslut')
  await reader.get(`${base}/horda/underlag?${year}`)
  const { body } = await harness.as('loggranskare').get(`/atkomstlogg?hushallId=${family.id}&sub=karin.beslut`)
  expect(body.atkomster).toHaveLength(1)
})
