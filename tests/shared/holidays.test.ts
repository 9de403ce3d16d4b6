import { lastAppealDay } from '../../src/beslut/rules.ts'
import { readConfig } from '../../src/config.ts'
import { isWorkingDay, lastDayOfTime } from '../../src/shared/holidays.ts'

test.each([
  ['2026-11-23', true, 'a Monday'],
  ['2026-11-21', false, 'a Saturday'],
  ['2026-11-22', false, 'a Sunday'],
  ['2026-01-06', false, 'trettondedag jul'],
  ['2026-04-03', false, 'långfredagen'],
  ['2026-05-14', false, 'Kristi himmelsfärdsdag'],
  ['2026-06-19', false, 'midsommarafton, by the law of 1930'],
  ['2026-12-24', false, 'julafton, likewise'],
  ['2026-12-31', false, 'nyårsafton, likewise'],
  ['2026-01-05', true, 'trettondagsafton is none'],
  ['2026-04-30', true, 'valborgsmässoafton is none'],
  ['2024-02-29', true, 'leap day, a Thursday'],
])('%s is a working day: %s (%s)', (day, expected) => {
  expect(isWorkingDay(day)).toBe(expected)
})

test.each([
  ['2026-06-19', '2026-06-22', 'midsommarafton to the Monday after'],
  ['2026-12-24', '2026-12-28', 'julafton over both Christmas days and the weekend'],
  ['2026-12-31', '2027-01-04', 'nyårsafton over New Year and the weekend'],
  ['2026-04-03', '2026-04-07', 'långfredagen over Easter'],
  ['2026-11-23', '2026-11-23', 'a working day stays'],
])('a time that runs out on %s runs out on %s: %s', (day, expected) => {
  expect(lastDayOfTime(day)).toBe(expected)
})

// Three weeks from delivery, day for day (FL 44 §); worked out by hand with the calendar of each year.
test.each([
  ['2026-11-02', '2026-11-23'],
  ['2026-05-29', '2026-06-22'],
  ['2026-12-03', '2026-12-28'],
  ['2026-12-10', '2027-01-04'],
  ['2026-03-13', '2026-04-07'],
  ['2026-03-08', '2026-03-30'],
  ['2026-10-04', '2026-10-26'],
  ['2024-02-08', '2024-02-29'],
])('delivered on %s, appealed on %s at the latest', (delivered, last) => {
  expect(lastAppealDay(delivered, readConfig({}))).toBe(last)
})
