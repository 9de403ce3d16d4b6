import { hyr } from './rules.ts'

/**
 * What is computed in more than one place, as SQL over the stödlägenhet `s`: the answers, the deadlines and the worklist
 * say the same.
 */

/** The day that the last waiver in force ends, or null. A waiver of another home is of no help in this. */
export const avstaendeTill = `(SELECT max(v.giltigt_till) FROM avstaende v
  WHERE v.stodlagenhet_id = s.id AND v.lagenhet_id = s.lagenhet_id AND v.tillstand IN ('godkant', 'ejKrav'))`

/**
 * From when the tenant has besittningsskydd (domain §3.3): the access when the home is let by block lease, else so many
 * months after it, or the day after an approved waiver (or one that needs no approval) when that is later.
 *
 * @param manader BESITTNINGSSKYDD_MANADER
 */
export const besittningsskyddFran = (manader: number) => `CASE
  WHEN s.avtalsform = 'blockhyraAndrahand' THEN s.tilltrade
  WHEN s.tilltrade IS NOT NULL THEN greatest((s.tilltrade + interval '${manader} months')::date, ${avstaendeTill} + 1) END`

/** The tenant has a lease that runs. */
export const hyresavtalGaller = `s.tillstand IN (${hyr.map(state => `'${state}'`).join(', ')})`

/** The assistance runs, so that the end of its decision matters. Who is under notice may get more time. */
export const bistandPagar = `s.tillstand IN ('iKo', 'foreslagen', 'tilldelad', 'avtalTecknat', 'boende', 'overtagande', 'uppsagd')
  AND s.bistand_upphort IS NULL`
