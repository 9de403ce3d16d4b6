import Holidays from 'date-holidays'
import { type Day, daysAfter } from './dates.ts'

const calendar = new Holidays('SE')
const years = new Map<number, Set<Day>>()

/** The public holidays of a year, and the eves that the law puts on a level with them. */
function holidaysOf(year: number): Set<Day> {
  const known = years.get(year)
  if (known) return known
  // `bank` is midsommarafton, julafton and nyårsafton: lag (1930:173) 2 § counts them as holidays.
  const days = calendar.getHolidays(year).filter(({ type }) => type === 'public' || type === 'bank')
  const made = new Set(days.map(({ date }) => date.slice(0, 10)))
  years.set(year, made)
  return made
}

/** Neither Saturday, Sunday nor a holiday. */
export function isWorkingDay(day: Day): boolean {
  const { dayOfWeek, year } = Temporal.PlainDate.from(day)
  return dayOfWeek < 6 && !holidaysOf(year).has(day)
}

/** The day itself, or the next working day: when a time that the law sets runs out (lag 1930:173 2 §). */
export function lastDayOfTime(day: Day): Day {
  let last = day
  while (!isWorkingDay(last)) last = daysAfter(last, 1)
  return last
}
