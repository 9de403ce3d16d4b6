import type { Config } from '../config.ts'
import { readLagenhet } from '../lagenheter/service.ts'
import type { Day } from '../shared/dates.ts'
import type { Work } from '../shared/work.ts'
import { type Behov, platsmotivering, whyNotFit } from './rules.ts'
import type { StodlagenhetRad } from './schema.ts'

/** Someone in the queue, with the place that was computed. */
export type Ikon = Behov &
  Pick<
    StodlagenhetRad,
    'stodlagenhetsnummer' | 'hushallId' | 'koDatum' | 'beslutstyp' | 'antalPersoner' | 'version'
  > & {
    stodlagenhetId: string
    plats: number
    prioritet: number
    /** The decision has not run out. */
    galler: boolean
    antalBarn: number
    bostadslosSedan: Day | null
    motivering: string
  }

/** The queue in its order: priority, then the decision's day, then the case's number. `$1` is today. Protected households are in it only for those who may see them. */
const ranked = ({ HEMLOS_MANADER, KO_POANG_BARN, KO_POANG_HEMLOS, KO_POANG_VECKA }: Config) => `
  SELECT q.*, row_number() OVER (ORDER BY q.prioritet DESC, q."koDatum", q.stodlagenhetsnummer) AS plats
  FROM (
    SELECT s.id AS "stodlagenhetId", s.version, s.stodlagenhetsnummer, s.hushall_id AS "hushallId", s.ko_datum AS "koDatum",
      s.beslutstyp, s.bistand_upphort IS NULL AND coalesce(s.beslut_till >= $1, true) AS galler, s.antal_personer AS "antalPersoner", s.min_rum AS "minRum", s.max_rum AS "maxRum",
      s.max_hyra_ore AS "maxHyraOre", s.onskade_omraden AS "onskadeOmraden", s.uteslutna_omraden AS "uteslutnaOmraden",
      s.tillganglighet, h.bostadslos_sedan AS "bostadslosSedan", b.antal AS "antalBarn",
      CASE WHEN b.antal > 0 THEN ${KO_POANG_BARN} ELSE 0 END
        + CASE WHEN h.bostadslos_sedan + interval '${HEMLOS_MANADER} months' < $1::date THEN ${KO_POANG_HEMLOS} ELSE 0 END
        + ($1::date - s.ko_datum) / 7 * ${KO_POANG_VECKA} AS prioritet
    FROM stodlagenhet s JOIN hushall h ON h.id = s.hushall_id
    CROSS JOIN LATERAL (SELECT count(*) AS antal FROM person p WHERE p.hushall_id = s.hushall_id AND p.roll = 'barn') b
    WHERE s.tillstand = 'iKo'
  ) q`

type Page = { limit: number; offset: number }

/** One page of the queue, each with the reason for the place, and how many there are. */
export async function listQueue(work: Work, { limit, offset }: Page): Promise<{ rows: Ikon[]; total: number }> {
  const rows: Omit<Ikon, 'motivering'>[] = await work.db.query(
    `${ranked(work.config)} ORDER BY plats LIMIT $2 OFFSET $3`,
    [work.today, limit, offset],
  )
  const [{ total }] = await work.db.query("SELECT count(*) AS total FROM stodlagenhet s WHERE s.tillstand = 'iKo'")
  return { rows: rows.map(row => ({ ...row, motivering: platsmotivering(row, work.today) })), total }
}

/** Someone in the queue, held against a home. */
export type KandidatRad = Ikon & { passar: boolean; passarInteFor: string[] }

/** Who in the queue could take a home, in the queue's order, and why the others could not. @throws 404 */
export async function listCandidates(
  work: Work,
  lagenhetId: string,
  page: Page,
): Promise<{ rows: KandidatRad[]; total: number }> {
  const lagenhet = await readLagenhet(work, lagenhetId)
  const { rows, total } = await listQueue(work, page)
  return {
    rows: rows.map(row => {
      const passarInteFor = [
        ...(lagenhet.kategori === 'stodlagenhet' ? [] : ['Bostaden är avsedd för annat än stödlägenhet.']),
        ...(row.galler ? [] : ['Beslutet gäller inte längre.']),
        ...whyNotFit(row, lagenhet),
      ]
      return { ...row, passar: passarInteFor.length === 0, passarInteFor }
    }),
    total,
  }
}

/** One more than those before someone in the queue whom a home fits: 1 is the first who can take it. */
export async function placeAmongFitting(
  work: Work,
  id: string,
  bostad: Parameters<typeof whyNotFit>[1],
): Promise<number> {
  const before: Behov[] = await work.db.query(
    `WITH ko AS (${ranked(work.config)})
     SELECT ko.* FROM ko WHERE ko.galler AND ko.plats < (SELECT k.plats FROM ko k WHERE k."stodlagenhetId" = $2)`,
    [work.today, id],
  )
  return 1 + before.filter(other => whyNotFit(other, bostad).length === 0).length
}
