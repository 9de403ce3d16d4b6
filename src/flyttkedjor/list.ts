import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { flyttlankDisclosed, flyttlankNameDisclosed } from '../utlamnanden/service.ts'
import { FlyttkedjaEntity, FlyttlankEntity } from './entity.ts'
import type { FlyttkedjaRad, FlyttlankRad } from './schema.ts'
import { type Hel, insatserOf, lankarOf } from './service.ts'

type Page = { limit: number; offset: number; countedAtMost: number }

export type Filter = {
  tillstand?: FlyttkedjaRad['tillstand']
  insats?: FlyttkedjaRad['insats']
  hyresvardId?: string
  hushallId?: string
}

/** One page of chains with their links, by number, and how many there are (counted to `countedAtMost` + 1). */
export async function listKedjor(
  work: Work,
  { tillstand, insats, hyresvardId, hushallId }: Filter,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: Hel[]; total: number }> {
  const where = `WHERE k.insats = ANY ($1) AND ($2::text IS NULL OR k.tillstand = $2) AND ($3::text IS NULL OR k.insats = $3)
    AND ($4::uuid IS NULL OR k.hyresvard_id = $4) AND ($5::uuid IS NULL OR EXISTS (SELECT FROM flyttlank l
      WHERE l.flyttkedja_id = k.id AND l.hushall_id = $5 AND l.tillstand <> 'borttagen'))`
  const values = [insatserOf(work.caller), tillstand ?? null, insats ?? null, hyresvardId ?? null, hushallId ?? null]
  const rows: FlyttkedjaRad[] = await work.db.query(
    `SELECT ${selectList(FlyttkedjaEntity, 'k')} FROM flyttkedja k ${where} ORDER BY k.flyttkedjenummer LIMIT $6 OFFSET $7`,
    [...values, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM flyttkedja k ${where} LIMIT $6) counted`,
    [...values, countedAtMost + 1],
  )
  const lankar = await lankarOf(
    work,
    rows.map(({ id }) => id),
  )
  return {
    rows: rows.map(kedja => ({ kedja, lankar: lankar.filter(({ flyttkedjaId }) => flyttkedjaId === kedja.id) })),
    total,
  }
}

/** Whom a link can be about, besides socialförvaltningen. */
export type Part = 'hyresvard' | 'serviceforvaltningen'

/** A link with what a party is told besides. */
export type PartensRad = FlyttlankRad & {
  flyttkedjenummer: string
  kedjansTillstand: FlyttkedjaRad['tillstand']
  antalPersoner: number
  hyresgast: string | null
  franObjektnummer: string | null
  poolensObjektnummer: string | null
}

/** SQL: the link `l` is a party's own. `$1` is the landlord's id; serviceförvaltningen is one, and has none. */
const isOwn: Record<Part, string> = {
  hyresvard: 'l.till_hyresvard_id = $1::uuid',
  serviceforvaltningen: '$1::uuid IS NULL AND num_nonnulls(l.fran_lagenhet_id, l.till_lagenhet_id) > 0',
}

/** The name only from the day that the whole chain is ready: before it, the link is about so and so many people. */
const partsSelect = (part: Part) => `SELECT ${selectList(FlyttlankEntity, 'l')}, k.flyttkedjenummer,
    k.tillstand AS "kedjansTillstand", a.antal AS "antalPersoner", p.fornamn || ' ' || p.efternamn AS hyresgast,
    f.objektnummer AS "franObjektnummer", t.objektnummer AS "poolensObjektnummer"
  FROM flyttlank l JOIN flyttkedja k ON k.id = l.flyttkedja_id
  CROSS JOIN LATERAL (SELECT count(*) AS antal FROM person x WHERE x.hushall_id = l.hushall_id) a
  LEFT JOIN stodlagenhet s ON s.id = l.stodlagenhet_id LEFT JOIN bf_boende b ON b.id = l.bf_boende_id
  LEFT JOIN person p ON p.id = coalesce(s.person_id, b.person_id) AND k.klar_datum IS NOT NULL AND ${flyttlankNameDisclosed(part)}
  LEFT JOIN lagenhet f ON f.id = l.fran_lagenhet_id LEFT JOIN lagenhet t ON t.id = l.till_lagenhet_id`

/** SQL: what a party sees: its own links, as long as the chain is open and the disclosure in force. */
const visible = (part: Part) => `WHERE ${isOwn[part]} AND ${flyttlankDisclosed(part)} AND l.tillstand <> 'borttagen'`
const open = "AND k.tillstand IN ('planerad', 'klar', 'pagar')"

/** A party's own links in chains that are open, by the chain's number. */
export async function listPartens(
  work: Work,
  part: Part,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: PartensRad[]; total: number }> {
  const own = work.caller.partId
  const rows = await work.db.query(
    `${partsSelect(part)} ${visible(part)} ${open} ORDER BY k.flyttkedjenummer, l.ordning, l.id LIMIT $2 OFFSET $3`,
    [own, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM flyttlank l JOIN flyttkedja k ON k.id = l.flyttkedja_id
     ${visible(part)} ${open} LIMIT $2) counted`,
    [own, countedAtMost + 1],
  )
  return { rows, total }
}

/** A party's own link, or null. @param alsoEnded for the answer to what has broken the chain */
export async function findPartens(
  work: Work,
  part: Part,
  lankId: string,
  { alsoEnded }: { alsoEnded: boolean },
): Promise<PartensRad | null> {
  const rows = await work.db.query(`${partsSelect(part)} ${visible(part)} ${alsoEnded ? '' : open} AND l.id = $2`, [
    work.caller.partId,
    lankId,
  ])
  return rows[0] ?? null
}
