import { prognoserOf, timesOf, whyNotYear } from '../../src/bostadsbehov/rules.ts'
import { matt } from '../../src/bostadsbehov/statistics.ts'

test.each([
  // A year that is over, one that goes on, and both around a leap day.
  [2025, '2026-09-15', '2025-12-31', '2023-01-01', '2026-01-01', '2026-12-31', '2030-12-31'],
  [2026, '2026-09-15', '2026-09-15', '2023-09-16', '2026-09-16', '2027-09-15', '2031-09-15'],
  [2028, '2028-02-29', '2028-02-29', '2025-03-01', '2028-03-01', '2029-02-28', '2033-02-28'],
  [2028, '2028-02-28', '2028-02-28', '2025-03-01', '2028-02-29', '2029-02-28', '2033-02-28'],
  [2027, '2027-02-28', '2027-02-28', '2024-02-29', '2027-03-01', '2028-02-28', '2032-02-28'],
  [2024, '2025-01-01', '2024-12-31', '2022-01-01', '2025-01-01', '2025-12-31', '2029-12-31'],
])('of %i, asked on %s, the days are right', (ar, today, till, medel, fran, one, five) => {
  const timeOf = timesOf(ar, today, 3)
  expect(timeOf('ar')).toEqual({ fran: `${ar}-01-01`, till })
  expect(timeOf('medel')).toEqual({ fran: medel, till })
  expect(timeOf(1)).toEqual({ fran, till: one })
  expect(timeOf(5)).toEqual({ fran, till: five })
})

test('there are figures from the first day of a year', () => {
  expect(whyNotYear(2027, '2026-12-31')?.problem.status).toBe(422)
  expect(whyNotYear(2027, '2027-01-01')).toBeNull()
})

const every = (varde: number | null) => new Map(matt.map(({ kod }) => [kod, { varde, fordelning: [] }]))

test('the mean is of so many years as the setting says', () => {
  const [first] = prognoserOf(every(6), 2)
  expect(first).toMatchObject({ tillkommer: 3, behov: 9, frigors: 3, utbud: 9, saknas: 0 })
  expect(prognoserOf(every(6), 6)[0]).toMatchObject({ tillkommer: 1, behov: 7, frigors: 1, utbud: 7 })
})

test('every part is known by a figure of its own: hiding it hides what follows', () => {
  for (const { kod } of matt) {
    const hidden = every(6).set(kod, { varde: null, fordelning: [] })
    const unknown = prognoserOf(hidden, 3).filter(({ saknas }) => saknas === null)
    const named = prognoserOf(hidden, 3).filter(({ berakning }) => new RegExp(`\\b${kod}\\b`).test(berakning))
    expect([kod, unknown.map(({ berakning }) => berakning)]).toEqual([kod, named.map(({ berakning }) => berakning)])
  }
})
