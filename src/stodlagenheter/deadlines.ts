import type { Work } from '../shared/work.ts'
import { besittningsskyddFran, bistandPagar, hyresavtalGaller } from './definitions.ts'

/**
 * Flags each limit that a stödlägenhet passes, once: six and three months before its tenant gains besittningsskydd (the
 * day after which nobody can be moved on by ending the assistance), 90 and 30 days before the decision ends. Of several
 * the latest, besittningsskydd first. A lease that gives it at once is flagged with the contract.
 */
export async function warn(work: Work): Promise<{ varnade: number }> {
  const [, varnade] = await work.db.query(
    `UPDATE stodlagenhet t SET varnad = g.kod, varnad_datum = $1, version = t.version + 1, andrad = $2
     FROM (
       SELECT DISTINCT ON (s.id) s.id, g.kod
       FROM stodlagenhet s
       CROSS JOIN LATERAL (SELECT CASE WHEN ${hyresavtalGaller}
         THEN ${besittningsskyddFran(work.config.BESITTNINGSSKYDD_MANADER, '$1')} END AS fran) b
       CROSS JOIN LATERAL (VALUES
         ('besittningsskydd3', greatest((b.fran - interval '3 months')::date, s.avtal_datum), b.fran IS NOT NULL, 1),
         ('besittningsskydd6', greatest((b.fran - interval '6 months')::date, s.avtal_datum), b.fran IS NOT NULL, 2),
         ('beslut30', s.beslut_till - 30, ${bistandPagar}, 3),
         ('beslut90', s.beslut_till - 90, ${bistandPagar}, 4)
       ) AS g (kod, dag, galler, rang)
       WHERE g.galler AND g.dag <= $1 AND (s.varnad_datum IS NULL OR g.dag > s.varnad_datum)
       ORDER BY s.id, g.dag DESC, g.rang
     ) g WHERE t.id = g.id`,
    [work.today, work.now],
  )
  return { varnade }
}
