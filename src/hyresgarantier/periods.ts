import type { Config } from '../config.ts'
import type { Day } from '../shared/dates.ts'

/** A half-year's review round: when it opens, and the day after which what is not done is overdue. */
export type Omgang = { period: string; oppnar: Day; stanger: Day }

type RoundSettings = Pick<Config, 'GENOMGANG_OPPNAR' | 'GENOMGANG_STANGER'>

/** The round of a period such as `2026H2`. */
export function roundOf(period: string, config: RoundSettings): Omgang {
  const year = period.slice(0, 4)
  const half = Number(period.at(-1)) - 1
  return {
    period,
    oppnar: `${year}-${config.GENOMGANG_OPPNAR[half]}`,
    stanger: `${year}-${config.GENOMGANG_STANGER[half]}`,
  }
}

/** The period after another: 2026H1, 2026H2, 2027H1. */
export const nextPeriod = (period: string): string =>
  period.endsWith('H1') ? `${period.slice(0, 4)}H2` : `${Number(period.slice(0, 4)) + 1}H1`

/** The round that opened last, on a day. */
export function latestRound(today: Day, config: RoundSettings): Omgang {
  const year = Number(today.slice(0, 4))
  const rounds = [`${year}H2`, `${year}H1`, `${year - 1}H2`].map(period => roundOf(period, config))
  return rounds.find(({ oppnar }) => oppnar <= today) as Omgang
}

/** The first day from today on which a round opens. */
export function nextRoundDay(today: Day, config: RoundSettings): Day {
  const latest = latestRound(today, config)
  return latest.oppnar === today ? today : roundOf(nextPeriod(latest.period), config).oppnar
}
