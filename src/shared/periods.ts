import { type Day, daysAfter, earliest, latest, monthsAfter } from './dates.ts'

/** How a time is divided: months, quarters or years of the calendar. */
export const perioder = ['manad', 'kvartal', 'ar'] as const
export type Per = (typeof perioder)[number]

const monthsIn: Record<Per, number> = { manad: 1, kvartal: 3, ar: 12 }
const nameOf: Record<Per, (first: Day) => string> = {
  manad: first => first.slice(0, 7),
  kvartal: first => `${first.slice(0, 4)}K${Math.ceil(Number(first.slice(5, 7)) / 3)}`,
  ar: first => first.slice(0, 4),
}

/** A part of a time: its name (`2026-01`, `2026K1`, `2026`), and its first and last day. */
export type Tidsperiod = { period: string; fran: Day; till: Day }

/**
 * The months, quarters or years that a time touches, in order. The first begins at `fran` and the last ends at `till`,
 * also within a month: nothing outside the time is in any of them.
 */
export function* periodsBetween(fran: Day, till: Day, per: Per): Generator<Tidsperiod> {
  const months = monthsIn[per]
  const begun = (Number(fran.slice(5, 7)) - 1) % months
  const start = monthsAfter(`${fran.slice(0, 7)}-01`, -begun)
  for (let n = 0; ; n += months) {
    const first = monthsAfter(start, n)
    if (first > till) return
    const last = daysAfter(monthsAfter(start, n + months), -1)
    yield { period: nameOf[per](first), fran: latest(first, fran), till: earliest(last, till) }
  }
}
