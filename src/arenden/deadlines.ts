import type { Work } from '../shared/work.ts'

/** What happens to cases because a day has come: one statement each, whose WHERE is the right to act. */

/** When the time to complete an application has passed, the investigation goes on with what there is. */
export async function endWaiting(work: Work): Promise<{ aterupptagna: number }> {
  const [, aterupptagna] = await work.db.query(
    `UPDATE arende SET tillstand = 'utredning', version = version + 1, andrad = $2
     WHERE tillstand = 'komplettering' AND komplettering_senast < $1`,
    [work.today, work.now],
  )
  return { aterupptagna }
}

/** Flags cases that wait for a decision longer than each of ARENDE_FORDROJT_DAGAR, once for each. */
export async function flagSlow(work: Work): Promise<{ fordrojda: number }> {
  const [, fordrojda] = await work.db.query(
    `UPDATE arende a SET fordrojd_dagar = g.dagar, fordrojd_datum = $1, version = version + 1, andrad = $2
     FROM unnest($3::int[]) AS g (dagar)
     WHERE a.tillstand IN ('inkommen', 'utredning', 'komplettering', 'kommunicerad')
       AND g.dagar = (SELECT max(d) FROM unnest($3::int[]) AS d WHERE a.ansokan_datum + d <= $1)
       AND (a.fordrojd_dagar IS NULL OR a.fordrojd_dagar < g.dagar)`,
    [work.today, work.now, work.config.ARENDE_FORDROJT_DAGAR],
  )
  return { fordrojda }
}
