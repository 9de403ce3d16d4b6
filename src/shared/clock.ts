/** The municipality's time zone: a calendar day starts and ends here. */
export const timeZone = 'Europe/Stockholm'

/** Where "now" comes from. Injected everywhere, so that tests and `npm run job -- --day` can choose the day. */
export type Clock = { now(): Temporal.Instant }

/** The machine's clock: the only place in `src/` that reads it. */
export const systemClock: Clock = { now: () => Temporal.Now.instant() }

/** A clock that stands still at noon of one day. */
export function clockAt(day: Temporal.PlainDate): Clock {
  const instant = day.toZonedDateTime({ timeZone, plainTime: '12:00' }).toInstant()
  return { now: () => instant }
}

/** The calendar day in Sweden at the clock's instant. */
export const todayOf = (clock: Clock): Temporal.PlainDate => clock.now().toZonedDateTimeISO(timeZone).toPlainDate()

/** RFC 3339 in UTC with milliseconds: how instants are stored and answered. */
export const instantText = (clock: Clock): string => clock.now().toString({ smallestUnit: 'millisecond' })
