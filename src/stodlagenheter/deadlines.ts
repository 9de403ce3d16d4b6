import type { Work } from '../shared/work.ts'
import { avstaendeTill, besittningsskyddFran, bistandPagar, hyresavtalGaller } from './definitions.ts'

/**
 * The limits of each kind, the least urgent kind first: the last one that is flagged is the one that is seen. A lease that
 * gives besittningsskydd at once is flagged with the contract.
 */
const limits = {
  beslut: `('beslut90', s.beslut_till - 90, ${bistandPagar}),
    ('beslut30', s.beslut_till - 30, ${bistandPagar})`,
  avstaende: `('avstaende90', ${avstaendeTill} - 90, ${hyresavtalGaller})`,
  besittningsskydd: `('besittningsskydd6', greatest((b.fran - interval '6 months')::date, s.avtal_datum), ${hyresavtalGaller}),
    ('besittningsskydd3', greatest((b.fran - interval '3 months')::date, s.avtal_datum), ${hyresavtalGaller})`,
}

/**
 * Flags each limit that a stödlägenhet passes, once: six and three months before its tenant gains besittningsskydd (the
 * day after which nobody can be moved on by ending the assistance), 90 days before a waiver of it ends, 90 and 30 days
 * before the decision does. Of several of one kind the latest; each kind is told for itself.
 */
export async function warn(work: Work): Promise<{ varnade: number }> {
  let varnade = 0
  for (const [slag, values] of Object.entries(limits)) {
    const memory = `varnad_${slag}`
    const [, warned]: [unknown, number] = await work.db.query(
      `UPDATE stodlagenhet t SET varnad = g.kod, varnad_datum = $1, ${memory} = g.dag, version = t.version + 1, andrad = $2
       FROM (
         SELECT DISTINCT ON (s.id) s.id, g.kod, g.dag
         FROM stodlagenhet s
         CROSS JOIN LATERAL (SELECT ${besittningsskyddFran(work.config.BESITTNINGSSKYDD_MANADER)} AS fran) b
         CROSS JOIN LATERAL (VALUES ${values}) AS g (kod, dag, galler)
         WHERE g.galler AND g.dag <= $1 AND (s.${memory} IS NULL OR g.dag > s.${memory})
         ORDER BY s.id, g.dag DESC, g.kod
       ) g WHERE t.id = g.id`,
      [work.today, work.now],
    )
    varnade += warned
  }
  return { varnade }
}
