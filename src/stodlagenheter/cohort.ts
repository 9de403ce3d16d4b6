import type { Work } from '../shared/work.ts'
import { type Kohort, type Kohortpost, utgangar } from './schema.ts'

/**
 * The families whose time-limited decision began in a year (`$1`), each with how it went. Time in the home is whole
 * months from the access to the own contract, the moving out or today (`$2`).
 */
const cohort = `
  SELECT s.id AS "stodlagenhetId", s.stodlagenhetsnummer, s.hushall_id AS "hushallId", s.tillstand,
    (SELECT count(*) FROM beslut b WHERE b.arende_id = s.arende_id AND b.utfall <> 'avslag') AS "antalBeslut",
    (SELECT count(*) FROM beslut b JOIN beslut e ON e.id = b.ersatter_id
      WHERE b.arende_id = s.arende_id AND 'avslag' NOT IN (b.utfall, e.utfall)
        AND coalesce(b.giltig_till, 'infinity') > coalesce(e.giltig_till, 'infinity'))
      -- A decision on what was imported is of more time.
      + (s.ursprung = 'import' AND s.arende_id IS NOT NULL)::int AS forlangningar,
    CASE WHEN s.tillstand = 'overlaten' OR s.utfall = 'egetKontrakt' THEN 'egetKontrakt'
      WHEN s.utfall IN ('avliden', 'aterkallat') THEN s.utfall
      WHEN s.tillstand IN ('avflyttad', 'avslutad') THEN 'annat'
      WHEN s.tillstand IN ('iKo', 'foreslagen', 'tilldelad') THEN 'vantar'
      ELSE 'bor' END AS utgang,
    CASE WHEN s.tilltrade <= t.slut
      THEN (extract(year FROM age(t.slut, s.tilltrade)) * 12 + extract(month FROM age(t.slut, s.tilltrade)))::int
    END AS manader
  FROM stodlagenhet s
  CROSS JOIN LATERAL (SELECT coalesce(s.forstahand_datum, s.utflyttad, $2::date) AS slut) t
  WHERE s.beslutstyp = 'tidsbegransatBarnfamilj'
    AND s.beslut_fran BETWEEN make_date($1::int, 1, 1) AND make_date($1::int, 12, 31)`

const counted = (utgang: string) => `count(*) FILTER (WHERE k.utgang = '${utgang}') AS "${utgang}"`

/** How the time-limited decisions of a year went (the board, October 2019), with one page of the rows behind. */
export async function evaluateTimeLimited(
  work: Work,
  ar: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ kohort: Kohort; underlag: Kohortpost[] }> {
  const [found]: Omit<Kohort, 'ar'>[] = await work.db.query(
    `WITH k AS (${cohort}) SELECT count(*) AS antal, count(*) FILTER (WHERE k.forlangningar > 0) AS forlangda,
       ${utgangar.map(counted).join(', ')}, round(avg(k.manader), 1) AS "medelManader"
     FROM k`,
    [ar, work.today],
  )
  const underlag: Kohortpost[] = await work.db.query(
    `${cohort} ORDER BY s.stodlagenhetsnummer, s.id LIMIT $3 OFFSET $4`,
    [ar, work.today, limit, offset],
  )
  return { kohort: { ar, ...(found as Omit<Kohort, 'ar'>) }, underlag }
}
