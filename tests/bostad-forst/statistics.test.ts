import { randomUUID } from 'node:crypto'
import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { admitted, home } from './admitted.ts'

const harness = await startTestApp({ today: '2027-06-01' })
const handlaggare = harness.as('handlaggare')
const team = harness.as('bostadForstTeam')
const statistiker = harness.as('statistiker')

type Interval = [fran: string, till: string | null, kontraktsform?: string, lagenhetId?: string]
type Hushall = { id: string; personer: { id: string }[] }

/** A tenancy with its homes, written as the owner; the last of them holds still unless it has ended. */
async function tenancy(
  intervals: Interval[],
  {
    utfall = null,
    slut = null,
    hushall = null,
    uppsagd = null,
  }: {
    utfall?: string | null
    slut?: string | null
    hushall?: Hushall | null
    uppsagd?: string | null
  } = {},
) {
  const first = (intervals[0] as Interval)[0]
  const boende = await admitted(harness, handlaggare, { datum: '2020-01-01', ...(hushall && { hushall }) })
  let last: string | null = null
  for (const [fran, till, kontraktsform = 'andrahand', given] of intervals) {
    last = given ?? (await home(harness))
    await harness.owner.query(
      `INSERT INTO upplatelse (id, version, lagenhet_id, hushall_id, skyddad, bf_boende_id, slag, fran, till, kontraktsform, hyra_ore, skapad, andrad)
       VALUES ($1, 1, $2, $3, false, $4, 'boende', $5, $6, $7, 720000, now(), now())`,
      [randomUUID(), last, boende.hushallId, boende.id, fran, till, kontraktsform],
    )
  }
  await harness.owner.query(
    `UPDATE bf_boende SET tillstand = CASE WHEN $2::text IS NULL THEN 'inflyttad' ELSE 'avslutad' END, utfall = $2, avslutad_datum = $3,
       onskemal_datum = '2020-01-01', lagenhet_id = $4, inflyttad = $5, kontraktsform = 'andrahand', skal_andrahand = 'annat',
       overgang_tidigast = $5, uppsagd_datum = $6, uppsagd_till = $6 WHERE id = $1`,
    [boende.id, utfall, slut, last, first, uppsagd],
  )
  return boende
}
const rowsBehind = async (kod: string, fran: string, till = fran) =>
  ok(await team.get(`/bostad-forst/statistik/${kod}/underlag?fran=${fran}&till=${till}&limit=100`)).poster as {
    nummer: string
    taljare: number
    regel: string
  }[]
/** How a tenancy counts on its day, or undefined when it is not in the figure. */
const counted = async (kod: string, { boendenummer }: { boendenummer: string }, fran: string, till = fran) =>
  (await rowsBehind(kod, fran, till)).find(({ nummer }) => nummer === boendenummer)?.taljare

describe('staying, of the intervals', () => {
  test.each([
    ['an ordinary day', '2024-03-15', '2025-03-15'],
    ['a leap day', '2024-02-29', '2025-02-28'],
    ['the day before a leap day', '2023-02-28', '2024-02-28'],
    ['the end of a month', '2024-08-31', '2025-08-31'],
    ['the day that summer time begins', '2025-03-30', '2026-03-30'],
    ['the day that summer time ends', '2025-10-26', '2026-10-26'],
  ])('is asked twelve months after %s, on that day only', async (_, moved, day) => {
    const one = await tenancy([[moved, null]])
    const gone = await tenancy([[moved, Temporal.PlainDate.from(day).subtract({ days: 1 }).toString()]])
    const just = await tenancy([[moved, day]])
    expect(await counted('kvarboende12', one, day)).toBe(1)
    expect(await counted('kvarboende12', gone, day)).toBe(0)
    expect(await counted('kvarboende12', just, day)).toBe(1)
    for (const days of [-1, 1]) {
      const other = Temporal.PlainDate.from(day).add({ days }).toString()
      expect(await counted('kvarboende12', one, other)).toBeUndefined()
    }
  })

  test('is asked at the end of a month that lacks the day, after 24 months too', async () => {
    const one = await tenancy([['2024-02-29', null]])
    expect(await counted('kvarboende24', one, '2026-02-28')).toBe(1)
    expect(await counted('kvarboende12', one, '2025-03-01')).toBeUndefined()
  })

  test.each([
    ['no day between', '2024-06-10', '2024-06-11', 1],
    ['a day between', '2024-06-10', '2024-06-12', 1],
    ['two days between', '2024-06-10', '2024-06-13', 0],
    ['the day that summer time begins between', '2024-03-30', '2024-04-01', 1],
    ['a leap day between', '2024-02-28', '2024-03-01', 1],
  ])('is not broken by a change of home with at most a day between: %s', async (_, left, moved, expected) => {
    const one = await tenancy([
      ['2024-01-31', left],
      [moved, null],
    ])
    expect(await counted('kvarboende12', one, '2025-01-31')).toBe(expected)
  })

  test('goes on over a day between that is the day itself, and not over one that nothing follows', async () => {
    const over = await tenancy([
      ['2024-01-01', '2024-12-31'],
      ['2025-01-02', null],
    ])
    const later = await tenancy([
      ['2024-01-01', '2024-12-31'],
      ['2025-02-02', null],
    ])
    expect(await counted('kvarboende12', over, '2025-01-01')).toBe(1)
    expect(await counted('kvarboende12', later, '2025-01-01')).toBe(0)
  })

  test('leaves out who died before the day, and counts who died on or after it', async () => {
    const died = (day: string) => tenancy([['2024-05-01', day]], { utfall: 'avliden', slut: day })
    expect(await counted('kvarboende12', await died('2025-04-30'), '2025-05-01')).toBeUndefined()
    expect(await counted('kvarboende12', await died('2025-05-01'), '2025-05-01')).toBe(1)
    expect(await counted('kvarboende12', await died('2025-05-02'), '2025-05-01')).toBe(1)
  })

  test('counts a person once, from the first time, however often they are admitted', async () => {
    const hushall = (await createHousehold(handlaggare)) as Hushall
    const first = await tenancy([['2022-01-01', '2022-03-31']], { utfall: 'hemlos', slut: '2022-03-31', hushall })
    const second = await tenancy([['2022-09-01', null]], { hushall })
    expect(await counted('kvarboende12', first, '2023-01-01')).toBe(0)
    expect(await counted('kvarboende12', second, '2022-01-01', '2027-05-31')).toBeUndefined()
  })

  test('counts who left with the contract in their own name as staying', async () => {
    const own: Interval[] = [
      ['2023-01-01', '2023-06-30'],
      ['2023-07-01', '2023-10-31', 'forstahand'],
    ]
    const kept = await tenancy(own, { utfall: 'egetBoende', slut: '2023-10-31' })
    const left = await tenancy(own, { utfall: 'flyttatFranKommunen', slut: '2023-10-31' })
    expect([
      await counted('kvarboende12', kept, '2024-01-01'),
      await counted('kvarboende12', left, '2024-01-01'),
    ]).toEqual([1, 0])
    expect(await counted('andelForstahand12', kept, '2024-01-01')).toBe(1)
    expect(await counted('andelForstahand12', left, '2024-01-01')).toBe(0)
  })
})

test.each([
  ['2021-01-31', '2021-02-28', 1],
  ['2021-01-31', '2021-02-27', 0],
  ['2020-02-29', '2021-02-28', 12],
  ['2020-02-29', '2021-02-27', 11],
  ['2020-12-15', '2021-12-14', 11],
  ['2020-12-15', '2020-12-15', 0],
])('from %s to an own contract on %s is %i whole months', async (moved, own, months) => {
  const dayBefore = Temporal.PlainDate.from(own).subtract({ days: 1 }).toString()
  const lagenhetId = await home(harness)
  const one = await tenancy([
    ...(own > moved ? [[moved, dayBefore, 'andrahand', lagenhetId] as Interval] : []),
    [own, null, 'forstahand', lagenhetId],
  ])
  expect(await counted('manaderTillForstahand', one, own)).toBe(months)
  expect(await counted('bostadsbyten', one, '2020-01-01', '2022-12-31')).toBeUndefined()
})

test('a tenancy is lost when it ends in homelessness or by notice, not by death, an own home or before it began', async () => {
  const ended = (utfall: string, uppsagd: string | null = null) =>
    tenancy([['2021-05-01', '2021-09-30']], { utfall, slut: '2021-09-30', uppsagd })
  const lost = [await ended('hemlos'), await ended('annatBoende', '2021-09-30')]
  const not = [
    await ended('annatBoende'),
    await ended('avliden', '2021-09-30'),
    await ended('egetBoende', '2021-09-30'),
  ]
  const numbers = (await rowsBehind('forloradeBoenden', '2021-09-30')).map(({ nummer }) => nummer)
  expect(numbers.sort()).toEqual(lost.map(({ boendenummer }) => boendenummer).sort())
  expect(not).toHaveLength(3)
})

test('each figure is that of its rows, and is hidden for the statistician when it is small', async () => {
  const one = await tenancy([
    ['2021-11-01', '2022-01-31'],
    ['2022-02-01', null],
  ])
  expect(await counted('bostadsbyten', one, '2022-02-01')).toBe(1)
  const path = '/bostad-forst/statistik?fran=2020-01-01&till=2027-05-31'
  type Figure = { kod: string; varde: number | null; taljare: number; antalPoster: number; definition: string }
  const { indikatorer } = ok(await team.get(path)) as { indikatorer: Figure[] }
  expect(indikatorer.map(({ kod }) => kod)).toEqual([
    'bostader',
    'personer',
    'kvarboende12',
    'kvarboende24',
    'andelForstahand12',
    'andelForstahand24',
    'manaderTillForstahand',
    'overgangsavslag',
    'forloradeBoenden',
    'dagarTillInflyttning',
    'bostadsbyten',
  ])
  for (const { kod, taljare, antalPoster } of indikatorer) {
    const rows = await rowsBehind(kod, '2020-01-01', '2027-05-31')
    expect([kod, rows.length]).toEqual([kod, antalPoster])
    expect([kod, rows.reduce((sum, row) => sum + row.taljare, 0)]).toEqual([kod, taljare])
    expect(rows.every(({ regel }) => regel.length > 10)).toBe(true)
  }
  const small = ok(await statistiker.get('/bostad-forst/statistik?fran=2021-09-30&till=2021-09-30')) as {
    indikatorer: Figure[]
  }
  expect(small.indikatorer.find(({ kod }) => kod === 'forloradeBoenden')?.varde).toBeNull()
  expect(
    (await statistiker.get('/bostad-forst/statistik/personer/underlag?fran=2021-01-01&till=2021-12-31')).status,
  ).toBe(403)
})
