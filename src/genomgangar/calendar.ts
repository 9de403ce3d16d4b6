import ical from 'ical-generator'
import { daysAfter } from '../shared/dates.ts'
import type { Genomgangsunderlag } from './reading.ts'

/** As many deadlines as a calendar can show; a municipality has some hundreds open at a time. */
export const calendarLimit = 2000

/**
 * The deadlines of open reviews as a calendar: whole days, with numbers and never names, since calendars are shared
 * and synchronised.
 *
 * @param href address of a review, given its id
 */
export function calendarOf(genomgangar: Genomgangsunderlag[], href: (id: string) => string): string {
  const calendar = ical({
    name: 'Hemvist: genomgångar',
    prodId: { company: 'Hemvist', product: 'Hemvist', language: 'SV' },
  })
  for (const { genomgang, avtalsnummer, stanger } of genomgangar)
    calendar.createEvent({
      id: genomgang.id,
      start: new Date(`${stanger}T00:00:00Z`),
      end: new Date(`${daysAfter(stanger, 1)}T00:00:00Z`),
      allDay: true,
      timezone: null,
      stamp: new Date(genomgang.andrad),
      summary: `Genomgång ${genomgang.period} av ${avtalsnummer} (${genomgang.tillstand})`,
      url: href(genomgang.id),
    })
  return calendar.toString()
}
