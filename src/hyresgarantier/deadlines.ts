import type { Work } from '../shared/work.ts'
import { lapseReviews } from './ended.ts'

/**
 * What happens to guarantees because a day has come. Each is one statement whose WHERE is the right to act: run twice,
 * or by eight instances at once, it has one effect.
 */

/** Ends guarantees whose time, or whose notice, has run out and that have no open claim (domain §1.5). */
export async function endExpired(work: Work): Promise<{ avslutade: number }> {
  const ended: [{ id: string }[], number] = await work.db.query(
    `UPDATE hyresgaranti SET
       tillstand = CASE tillstand WHEN 'uppsagd' THEN 'upphordUppsagd' ELSE 'upphordTid' END,
       avslutsorsak = CASE tillstand WHEN 'uppsagd' THEN 'uppsagd' ELSE 'tidenUte' END,
       avslutad_datum = CASE tillstand WHEN 'uppsagd' THEN least(uppsagd_till, giltig_till) ELSE giltig_till END + 1,
       version = version + 1, andrad = $2
     WHERE id IN (SELECT id FROM hyresgaranti
       WHERE tillstand IN ('aktiv', 'avslutForeslaget', 'uppsagd') AND reserverat_ore = 0
         AND CASE tillstand WHEN 'uppsagd' THEN least(uppsagd_till, giltig_till) ELSE giltig_till END < $1
       ORDER BY id FOR UPDATE)
     RETURNING id`,
    [work.today, work.now],
  )
  const [rows] = ended
  await lapseReviews(
    work,
    rows.map(({ id }) => id),
  )
  return { avslutade: rows.length }
}

/** A granted guarantee without an agreement lapses after its last day (domain §1.2: six months). */
export async function lapseUnused(work: Work): Promise<{ forfallna: number }> {
  const [, forfallna] = await work.db.query(
    `UPDATE hyresgaranti SET tillstand = 'forfallen', avslutsorsak = 'ingetAvtal', avslutad_datum = beviljad_giltig_till + 1,
       version = version + 1, andrad = $2
     WHERE tillstand = 'beviljad' AND beviljad_giltig_till < $1`,
    [work.today, work.now],
  )
  return { forfallna }
}

/** Flags guarantees that end within each of VARNING_DAGAR, once for each: 90 days before, then 30. */
export async function warnExpiring(work: Work): Promise<{ varnade: number }> {
  const [, varnade] = await work.db.query(
    `UPDATE hyresgaranti h SET varnad_dagar = g.dagar, varnad_datum = $1, version = version + 1, andrad = $2
     FROM unnest($3::int[]) AS g (dagar)
     WHERE h.tillstand IN ('aktiv', 'avslutForeslaget') AND h.giltig_till >= $1
       AND h.giltig_till BETWEEN $1 AND $1::date + $4::int
       AND g.dagar = (SELECT min(d) FROM unnest($3::int[]) AS d WHERE h.giltig_till <= $1::date + d)
       AND (h.varnad_dagar IS NULL OR h.varnad_dagar > g.dagar)`,
    [work.today, work.now, work.config.VARNING_DAGAR, Math.max(...work.config.VARNING_DAGAR)],
  )
  return { varnade }
}
