import { type Per, periodsBetween } from '../../src/shared/periods.ts'

const split = (fran: string, till: string, per: Per) =>
  periodsBetween(fran, till, per)
    .map(part => `${part.period} ${part.fran} ${part.till}`)
    .toArray()

test.each<[string, string, Per, string[]]>([
  ['2024-02-01', '2024-02-29', 'manad', ['2024-02 2024-02-01 2024-02-29']],
  [
    '2024-01-31',
    '2024-03-01',
    'manad',
    ['2024-01 2024-01-31 2024-01-31', '2024-02 2024-02-01 2024-02-29', '2024-03 2024-03-01 2024-03-01'],
  ],
  [
    '2025-12-15',
    '2026-02-28',
    'manad',
    ['2025-12 2025-12-15 2025-12-31', '2026-01 2026-01-01 2026-01-31', '2026-02 2026-02-01 2026-02-28'],
  ],
  ['2026-05-05', '2026-05-05', 'manad', ['2026-05 2026-05-05 2026-05-05']],
  [
    '2026-01-01',
    '2026-12-31',
    'kvartal',
    [
      '2026K1 2026-01-01 2026-03-31',
      '2026K2 2026-04-01 2026-06-30',
      '2026K3 2026-07-01 2026-09-30',
      '2026K4 2026-10-01 2026-12-31',
    ],
  ],
  [
    '2025-12-31',
    '2026-05-31',
    'kvartal',
    ['2025K4 2025-12-31 2025-12-31', '2026K1 2026-01-01 2026-03-31', '2026K2 2026-04-01 2026-05-31'],
  ],
  ['2026-03-31', '2026-03-31', 'kvartal', ['2026K1 2026-03-31 2026-03-31']],
  [
    '2024-02-29',
    '2026-02-28',
    'ar',
    ['2024 2024-02-29 2024-12-31', '2025 2025-01-01 2025-12-31', '2026 2026-01-01 2026-02-28'],
  ],
])('%s to %s per %s', (fran, till, per, expected) => {
  expect(split(fran, till, per)).toEqual(expected)
})

test.each<Per>(['manad', 'kvartal', 'ar'])('per %s every day is in one part, and no other day is', per => {
  const parts = periodsBetween('2023-11-17', '2025-03-02', per).toArray()
  const days = parts.flatMap(({ fran, till }) => {
    const count = Temporal.PlainDate.from(fran).until(till).days + 1
    return Array.from({ length: count }, (_, n) => Temporal.PlainDate.from(fran).add({ days: n }).toString())
  })
  const all = Array.from({ length: 472 }, (_, n) => Temporal.PlainDate.from('2023-11-17').add({ days: n }).toString())
  expect(all.at(-1)).toBe('2025-03-02')
  expect(days).toEqual(all)
  expect(new Set(parts.map(({ period }) => period)).size).toBe(parts.length)
})

test('a time that ends before it begins has no parts', () => {
  expect(split('2026-02-01', '2026-01-31', 'manad')).toEqual([])
})
