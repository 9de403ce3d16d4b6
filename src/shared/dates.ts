/** A calendar day as text, `YYYY-MM-DD`: the form in the database, in JSON and between functions. Sorts as time does. */
export type Day = string

/**
 * The n-th date of a series, counted from its anchor and clamped to the month's end,
 * so that a series from 31 August does not drift to the 28th after a February.
 */
export const monthsAfter = (anchor: Day, months: number): Day =>
  Temporal.PlainDate.from(anchor).add({ months }).toString()

export const daysAfter = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString()

/** Whole months from the first day to the last, both included: 2024-03-01 to 2026-02-28 is 24. */
export const wholeMonths = (first: Day, last: Day): number =>
  Temporal.PlainDate.from(first).until(Temporal.PlainDate.from(last).add({ days: 1 }), { largestUnit: 'months' }).months

/** Whole years between two days: the age on a day of someone born on another. */
export const yearsBetween = (first: Day, last: Day): number =>
  Temporal.PlainDate.from(first).until(last, { largestUnit: 'years' }).years

/** The first and last day of a month given as `YYYY-MM`. */
export function daysOfMonth(month: string): { first: Day; last: Day } {
  const yearMonth = Temporal.PlainYearMonth.from(month)
  return {
    first: yearMonth.toPlainDate({ day: 1 }).toString(),
    last: yearMonth.toPlainDate({ day: yearMonth.daysInMonth }).toString(),
  }
}

export const earliest = (...days: Day[]): Day => days.sort().at(0) as Day
export const latest = (...days: Day[]): Day => days.sort().at(-1) as Day
