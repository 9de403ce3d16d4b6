import { daysAfter, monthsAfter } from './dates.ts'
import type { Work } from './work.ts'

/** Removes answers kept for Idempotency-Key when their time has passed: they hold personal data, encrypted. */
export async function forgetIdempotencyKeys(work: Work): Promise<{ borttagna: number }> {
  const before = Temporal.Instant.from(work.now).subtract({ hours: work.config.IDEMPOTENS_TIMMAR }).toString()
  const [, borttagna] = await work.db.query('DELETE FROM idempotensnyckel WHERE skapad < $1', [before])
  return { borttagna }
}

/** Makes the partitions of the history and the read log for this month and the three that follow. */
export async function prepareHistoryPartitions(work: Work): Promise<{ nya: number }> {
  const firstOfMonth = daysAfter(work.today, 1 - Number(work.today.slice(8)))
  const months = [0, 1, 2, 3].map(n => monthsAfter(firstOfMonth, n))
  const [{ nya }] = await work.db.query(
    'SELECT count(*) FILTER (WHERE historik_partition(month)) + count(*) FILTER (WHERE atkomst_partition(month)) AS nya FROM unnest($1::date[]) AS month',
    [months],
  )
  return { nya }
}
