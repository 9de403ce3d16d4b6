import { clockAt, instantText, todayOf } from '../../src/shared/clock.ts'
import { daysAfter, daysOfMonth, latest, monthsAfter, wholeMonths } from '../../src/shared/dates.ts'
import { kronor } from '../../src/shared/money.ts'

test.each([
  ['2024-08-31', 6, '2025-02-28'],
  ['2023-08-31', 6, '2024-02-29'],
  ['2024-08-31', 12, '2025-08-31'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-02-29', 48, '2028-02-29'],
  ['2025-12-31', 2, '2026-02-28'],
])('%s and %i months later is %s, counted from the anchor', (anchor, months, expected) => {
  expect(monthsAfter(anchor, months)).toBe(expected)
})

test('a series from 31 August does not drift: each date is counted from the anchor', () => {
  expect([1, 2, 3, 4].map(n => monthsAfter('2023-08-31', 6 * n))).toEqual([
    '2024-02-29',
    '2024-08-31',
    '2025-02-28',
    '2025-08-31',
  ])
})

test.each([
  ['2024-03-01', '2026-02-28', 24],
  ['2024-03-01', '2026-02-27', 23],
  ['2020-02-29', '2022-02-28', 24],
  ['2024-01-01', '2024-12-31', 12],
  ['2024-01-15', '2024-01-15', 0],
])('from %s to %s, both included, are %i whole months', (first, last, expected) => {
  expect(wholeMonths(first, last)).toBe(expected)
})

test.each([
  ['2024-02', '2024-02-01', '2024-02-29'],
  ['2025-02', '2025-02-01', '2025-02-28'],
  ['2026-12', '2026-12-01', '2026-12-31'],
])('the days of %s are %s to %s', (month, first, last) => {
  expect(daysOfMonth(month)).toEqual({ first, last })
})

test('days are added over both changes of the clock and the turn of the year', () => {
  expect(daysAfter('2026-03-28', 2)).toBe('2026-03-30')
  expect(daysAfter('2026-10-24', 2)).toBe('2026-10-26')
  expect(daysAfter('2026-12-31', 1)).toBe('2027-01-01')
  expect(latest('2026-01-02', '2025-12-31', '2026-01-01')).toBe('2026-01-02')
})

test.each([
  ['2026-03-28T23:30:00Z', '2026-03-29'],
  ['2026-06-30T21:59:59Z', '2026-06-30'],
  ['2026-06-30T22:00:00Z', '2026-07-01'],
  ['2026-12-31T22:59:59Z', '2026-12-31'],
  ['2026-12-31T23:00:00Z', '2027-01-01'],
  ['2026-10-25T00:30:00Z', '2026-10-25'],
])('at %s it is %s in Sweden', (instant, day) => {
  expect(todayOf({ now: () => Temporal.Instant.from(instant) }).toString()).toBe(day)
})

test.each(['2026-03-29', '2026-10-25', '2024-02-29', '2025-12-31'])('a clock that stands at %s says that day', day => {
  const clock = clockAt(Temporal.PlainDate.from(day))
  expect(todayOf(clock).toString()).toBe(day)
  expect(instantText(clock)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test.each([
  [845000, '8450,00'],
  [5, '0,05'],
  [100, '1,00'],
  [-50, '-0,50'],
  [-12345, '-123,45'],
])('%i öre is %s kr', (ore, text) => {
  expect(kronor(ore)).toBe(text)
})
