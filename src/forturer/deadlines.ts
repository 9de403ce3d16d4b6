import type { Work } from '../shared/work.ts'
import { oppna } from './schema.ts'

/**
 * What happens to förturer because a day has come. Each is one statement whose WHERE is the right to act: run twice, or
 * by eight instances at once, it has one effect. What ends has the same day of ending however
 * late the run is.
 */

/**
 * Closes offers that were not answered in time: the landlord may offer again, or the förtur is used up where silence
 * counts (FORTUR_UTEBLIVET_RAKNAS). The förturer are locked before their offers, as everywhere.
 */
export async function unanswered(work: Work): Promise<{ uteblivna: number }> {
  const [, uteblivna] = await work.db.query(
    `WITH sena AS (
       SELECT f.id, e.id AS erbjudande_id, e.svara_senast + 1 AS dag, f.antal_nej + $3::int AS nej
       FROM fortur f JOIN erbjudande e ON e.id = f.erbjudande_id
       WHERE f.tillstand = 'erbjuden' AND e.tillstand = 'oppet' AND e.svara_senast < $1
       ORDER BY f.id FOR UPDATE OF f
     ), stangda AS (
       UPDATE erbjudande e SET tillstand = 'uteblivet', raknas = ($3 = 1), svar_datum = s.dag, version = e.version + 1, andrad = $2
       FROM sena s WHERE e.id = s.erbjudande_id
     )
     UPDATE fortur f SET antal_nej = s.nej, erbjudande_id = NULL,
       tillstand = CASE WHEN s.nej >= f.max_erbjudanden THEN 'forbrukad' ELSE 'hosHyresvard' END,
       avslutad_datum = CASE WHEN s.nej >= f.max_erbjudanden THEN s.dag END,
       version = f.version + 1, andrad = $2
     FROM sena s WHERE f.id = s.id`,
    [work.today, work.now, work.config.FORTUR_UTEBLIVET_RAKNAS ? 1 : 0],
  )
  return { uteblivna }
}

/** Ends förturer whose last day has passed without an offer that is open or accepted. */
export async function expire(work: Work): Promise<{ utgangna: number }> {
  const [, utgangna] = await work.db.query(
    `UPDATE fortur SET tillstand = 'utgangen', avslutad_datum = giltig_till + 1, version = version + 1, andrad = $2
     WHERE tillstand IN ('beviljad', 'hosHyresvard') AND giltig_till < $1`,
    [work.today, work.now],
  )
  return { utgangna }
}

/** Flags förturer without a home that end within each of FORTUR_VARNING_DAGAR, once for each: 60 days before, then 14. */
export async function warn(work: Work): Promise<{ varnade: number }> {
  const days = work.config.FORTUR_VARNING_DAGAR
  const [, varnade] = await work.db.query(
    `UPDATE fortur f SET varnad_dagar = g.dagar, varnad_datum = $1, version = version + 1, andrad = $2
     FROM unnest($3::int[]) AS g (dagar)
     WHERE f.tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden') AND f.giltig_till BETWEEN $1 AND $1::date + $4::int
       AND g.dagar = (SELECT min(d) FROM unnest($3::int[]) AS d WHERE f.giltig_till <= $1::date + d)
       AND (f.varnad_dagar IS NULL OR f.varnad_dagar > g.dagar)`,
    [work.today, work.now, days, Math.max(...days)],
  )
  return { varnade }
}

/** Reminds the caseworker that a person's place in the landlord's queue must be renewed, once for each renewal. */
export async function remindQueue(work: Work): Promise<{ paminda: number }> {
  const [, paminda] = await work.db.query(
    `UPDATE fortur SET ko_paminnd = $1, version = version + 1, andrad = $2
     WHERE tillstand = ANY ($4) AND ko_registrerad AND ko_paminnd IS NULL AND ko_fornyad + $3::int <= $1::date`,
    [work.today, work.now, work.config.KO_FORNYELSE_DAGAR - work.config.KO_PAMINNELSE_DAGAR, oppna],
  )
  return { paminda }
}
