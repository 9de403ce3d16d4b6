import { Type } from 'typebox'
import type { Caller } from '../../src/shared/caller.ts'
import { statistics, statisticsRows, statisticsSeries } from '../../src/shared/figures.ts'
import { defineStatistics } from '../../src/shared/statistics.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const caller: Caller = {
  sub: 'test',
  part: 'socialforvaltningen',
  partId: null,
  roller: ['handlaggare'],
  klient: 'test',
}
const work = harness.db.reading(caller)

/** Households by the day they lost their home. */
const rows = (taljare: string) => `
  SELECT h.id, h.id AS hushall_id, 'H' || extract(day FROM h.bostadslos_sedan) AS nummer, ${taljare} AS taljare, 1 AS namnare,
    CASE WHEN h.bostadslos_sedan < '2026-03-01' THEN 'vinter' ELSE 'var' END AS arstid, NULL::text AS tom,
    'Bostadslös ' || h.bostadslos_sedan || '.' AS regel
  FROM hushall h WHERE h.bostadslos_sedan BETWEEN period.fran AND period.till`
const day = 'extract(day FROM h.bostadslos_sedan)'
const area = defineStatistics({
  name: 'Prov',
  path: '/prov/statistik',
  nyckel: { kolumn: 'nummer', schema: Type.String({ example: 'H1' }) },
  post: 'Hushållet.',
  dimensioner: ['arstid', 'tom'],
  regel: true,
  indikatorer: [
    { kod: 'antal', namn: 'Antal', enhet: 'st', sort: 'antal', definition: 'Hushåll.', rows: rows('1') },
    {
      kod: 'andel',
      namn: 'Andel',
      enhet: 'andel',
      sort: 'andel',
      definition: 'Jämna.',
      rows: rows(`(${day}::int + 1) % 2`),
    },
    { kod: 'median', namn: 'Median', enhet: 'dagar', sort: 'median', definition: 'Dagar.', rows: rows(day) },
    { kod: 'kvot', namn: 'Kvot', enhet: 'st per 100', sort: 'kvot', definition: 'Per 100.', rows: rows(day) },
  ],
})

const days = [
  '2026-01-31',
  '2026-02-01',
  '2026-02-28',
  '2026-03-02',
  '2026-03-04',
  '2026-03-06',
  '2026-03-08',
  '2026-03-10',
]
for (const bostadslosSedan of days) {
  const { id } = await createHousehold(handlaggare)
  await harness.owner.query('UPDATE hushall SET bostadslos_sedan = $2 WHERE id = $1', [id, bostadslosSedan])
}
const tid = { fran: '2026-01-31', till: '2026-03-31' }
const values = (found: { kod: string; varde: number | null }[]) =>
  Object.fromEntries(found.map(({ kod, varde }) => [kod, varde]))

test('each sort of figure follows from its rows, also when there are none', async () => {
  expect(values(await statistics(work, area, tid, false))).toEqual({
    antal: 8,
    andel: 0.75,
    median: 7,
    kvot: (100 * 90) / 8,
  })
  expect(values(await statistics(work, area, { fran: '2020-01-01', till: '2020-12-31' }, false))).toEqual({
    antal: 0,
    andel: null,
    median: null,
    kvot: null,
  })
})

test('figures are broken down by each dimension that a row has', async () => {
  const [antal] = await statistics(work, area, tid, false)
  expect(antal?.fordelning).toEqual([
    { dimension: 'arstid', varde: 'var', antal: 5 },
    { dimension: 'arstid', varde: 'vinter', antal: 3 },
  ])
})

test('a series has for each of its periods what the period has by itself', async () => {
  for (const per of ['manad', 'kvartal', 'ar'] as const) {
    const series = await statisticsSeries(work, area, tid, per, false)
    for (const { period, indikatorer, ...time } of series)
      expect([period, indikatorer]).toEqual([period, await statistics(work, area, time, false)])
  }
  const series = await statisticsSeries(work, area, tid, 'manad', false)
  expect(series.map(({ period, indikatorer }) => [period, indikatorer[0]?.varde])).toEqual([
    ['2026-01', 1],
    ['2026-02', 2],
    ['2026-03', 5],
  ])
})

test('small counts are hidden in each period by itself, from who sees figures only', async () => {
  const series = await statisticsSeries(work, area, tid, 'manad', true)
  expect(series.map(({ indikatorer }) => indikatorer[0])).toMatchObject([
    { varde: null, taljare: null, namnare: null, antalPoster: null, fordelning: [] },
    { varde: null, taljare: null, namnare: null, antalPoster: null, fordelning: [] },
    { varde: 5, taljare: 5, antalPoster: 5, fordelning: [] },
  ])
  expect(series[0]?.indikatorer[0]?.definition).toContain('dolt')
})

test('sixty periods are answered, and more are refused with what would do', async () => {
  expect(await statisticsSeries(work, area, { fran: '2021-01-31', till: '2025-12-01' }, 'manad', false)).toHaveLength(
    60,
  )
  const tooMany = statisticsSeries(work, area, { fran: '2021-01-31', till: '2026-01-01' }, 'manad', false)
  await expect(tooMany).rejects.toMatchObject({
    problem: { status: 422 },
    extra: { errors: [{ pointer: 'query/per', kod: 'for-manga-perioder', detail: expect.stringContaining('60') }] },
  })
  const longest = statisticsSeries(work, area, { fran: '1900-01-01', till: '2199-12-31' }, 'manad', false)
  await expect(longest).rejects.toMatchObject({ problem: { status: 422 } })
})

test('the rows behind a figure come by their key, in pages, each with the rule that decided it', async () => {
  const page = { limit: 3, offset: 0, countedAtMost: 100 }
  const first = await statisticsRows(work, area, 'antal', tid, page)
  expect(first).toMatchObject({ total: 8, definition: 'Hushåll.' })
  expect(first.poster).toMatchObject([
    { nummer: 'H1', regel: 'Bostadslös 2026-02-01.', taljare: 1, namnare: 1, hushallId: expect.any(String) },
    { nummer: 'H10' },
    { nummer: 'H2' },
  ])
  const rest = await statisticsRows(work, area, 'antal', tid, { ...page, limit: 10, offset: 3 })
  expect(new Set([...first.poster, ...rest.poster].map(({ id }) => id)).size).toBe(8)
  expect((await statisticsRows(work, area, 'antal', tid, { ...page, countedAtMost: 5 })).total).toBe(6)
})

test('over the API a series is asked for with per, and opens to the records of each period', async () => {
  const path = '/hyresgarantier/statistik?fran=2026-01-15&till=2026-05-31'
  const { status, body } = await handlaggare.get(`${path}&per=kvartal`)
  expect(status).toBe(200)
  expect(Object.keys(body)).toEqual(['fran', 'till', 'per', 'perioder', '_links'])
  expect(body).toMatchObject({
    fran: '2026-01-15',
    till: '2026-05-31',
    per: 'kvartal',
    perioder: [
      { period: '2026K1', fran: '2026-01-15', till: '2026-03-31' },
      { period: '2026K2', fran: '2026-04-01', till: '2026-05-31' },
    ],
  })
  expect(body._links.self.href).toBe(`${harness.base}/v1${path}&per=kvartal`)
  const whole = await handlaggare.get(path)
  expect(Object.keys(whole.body)).toEqual(['fran', 'till', 'indikatorer', '_links'])
  const [, second] = body.perioder
  expect(second.indikatorer.map(({ kod }: { kod: string }) => kod)).toEqual(
    whole.body.indikatorer.map(({ kod }: { kod: string }) => kod),
  )
  const { href } = second.indikatorer[0]._links.underlag
  expect(href).toContain('/aktiva/underlag?fran=2026-04-01&till=2026-05-31')
  expect((await handlaggare.get(href.replace(harness.base, ''))).status).toBe(200)
  expect((await handlaggare.get(`${path}&per=vecka`)).status).toBe(400)
  expect(
    (await handlaggare.get('/hyresgarantier/statistik?fran=2026-02-01&till=2026-01-01&per=ar')).body,
  ).toMatchObject({
    status: 422,
    errors: [{ pointer: 'query/till', kod: 'fore-fran' }],
  })
})
