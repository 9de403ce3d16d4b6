import { hyr } from './rules.ts'

/**
 * What is computed in more than one place, as SQL over the stödlägenhet `s`: the answers, the deadlines and the worklist
 * say the same.
 */

/**
 * From when the tenant has besittningsskydd (domain §3.3): the access when the home is let by block lease, else so many
 * months after it. Null while an approved waiver, or one that needs no approval, holds that day; when it has ended, the
 * day after.
 *
 * @param manader BESITTNINGSSKYDD_MANADER
 * @param today SQL of the day
 */
export const besittningsskyddFran = (manader: number, today: string) => `CASE
  WHEN s.avtalsform = 'blockhyraAndrahand' THEN s.tilltrade
  WHEN s.tilltrade IS NOT NULL THEN (
    SELECT CASE WHEN max(v.giltigt_till) >= ${today}::date THEN NULL ELSE greatest(d.dag, max(v.giltigt_till) + 1) END
    FROM (SELECT (s.tilltrade + interval '${manader} months')::date AS dag) d
    LEFT JOIN avstaende v ON v.stodlagenhet_id = s.id AND v.tillstand IN ('godkant', 'ejKrav') AND v.giltigt_till >= d.dag
    GROUP BY d.dag) END`

/** The day that the last waiver in force ends, or null. */
export const avstaendeTill = `(SELECT max(v.giltigt_till) FROM avstaende v
  WHERE v.stodlagenhet_id = s.id AND v.tillstand IN ('godkant', 'ejKrav'))`

/** The tenant has a lease that runs. */
export const hyresavtalGaller = `s.tillstand IN (${hyr.map(state => `'${state}'`).join(', ')})`

/** The assistance runs, so that the end of its decision matters. */
export const bistandPagar = "s.tillstand IN ('iKo', 'foreslagen', 'tilldelad', 'avtalTecknat', 'boende', 'overtagande')"
