import { jsonObject, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { forturDisclosedToLandlord, nameDisclosedToLandlord } from '../utlamnanden/service.ts'
import { ErbjudandeEntity, ForturEntity } from './entity.ts'
import { type ErbjudandeRad, type ForturRad, oppna } from './schema.ts'

type Page = { limit: number; offset: number; countedAtMost: number }

/** What the list can be ordered by; each has an index, with the id last so that the order is total. */
export const sorteringar = ['forturnummer', '-forturnummer', 'giltigTill', '-giltigTill'] as const
export type Sortering = (typeof sorteringar)[number]

export type Filter = {
  tillstand?: ForturRad['tillstand']
  hyresvardId?: string
  hushallId?: string
  forturnummer?: string
  giltigTillFore?: string
  sort?: Sortering
}

const conditions: { [F in keyof Filter]?: (parameter: string) => string } = {
  tillstand: p => `f.tillstand = ${p}`,
  hyresvardId: p => `f.hyresvard_id = ${p}`,
  hushallId: p => `f.hushall_id = ${p}`,
  forturnummer: p => `f.forturnummer = ${p}`,
  giltigTillFore: p => `f.giltig_till < ${p}`,
}

const orders: Record<Sortering, string> = {
  forturnummer: 'f.forturnummer',
  '-forturnummer': 'f.forturnummer DESC',
  giltigTill: 'f.giltig_till, f.id',
  '-giltigTill': 'f.giltig_till DESC, f.id DESC',
}

/** One page of förturer, and how many there are (counted to `countedAtMost` + 1). */
export async function listForturer(
  work: Work,
  filter: Filter,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: ForturRad[]; total: number }> {
  const given = (Object.keys(conditions) as (keyof Filter)[]).filter(name => filter[name] !== undefined)
  const parameters = given.map(name => filter[name])
  const where =
    given.length === 0 ? '' : `WHERE ${given.map((name, n) => conditions[name]?.(`$${n + 1}`)).join(' AND ')}`
  const [p1, p2] = [`$${given.length + 1}`, `$${given.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(ForturEntity, 'f')} FROM fortur f ${where}
     ORDER BY ${orders[filter.sort ?? 'forturnummer']} LIMIT ${p1} OFFSET ${p2}`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM fortur f ${where} LIMIT ${p1}) counted`,
    [...parameters, countedAtMost + 1],
  )
  return { rows, total }
}

/** The offers of a förtur, the first first. */
export async function listErbjudanden(
  work: Work,
  forturId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: ErbjudandeRad[]; total: number }> {
  const rows = await work.db.query(
    `SELECT ${selectList(ErbjudandeEntity, 'e')} FROM erbjudande e WHERE e.fortur_id = $1
     ORDER BY e.datum, e.id LIMIT $2 OFFSET $3`,
    [forturId, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM erbjudande WHERE fortur_id = $1', [forturId])
  return { rows, total }
}

/**
 * SQL: the förtur `f` is handed over to this landlord, which takes part, and the disclosure is in force. Whatever a
 * landlord reads or does rests on it.
 */
const ofLandlord = (landlord: string) => `f.hyresvard_id = ${landlord} AND ${forturDisclosedToLandlord}
  AND EXISTS (SELECT FROM hyresvard v WHERE v.id = f.hyresvard_id AND v.tar_emot_forturer)`
const isOpen = `f.tillstand IN (${oppna.map(state => `'${state}'`).join(', ')})`

/** Whether a förtur is this landlord's to act on. One that has ended since says so when it tries. */
export async function isLandlords(work: Work, forturId: string, hyresvardId: string | null): Promise<boolean> {
  const rows = await work.db.query(`SELECT FROM fortur f WHERE f.id = $1 AND ${ofLandlord('$2')}`, [
    forturId,
    hyresvardId,
  ])
  return rows.length > 0
}

/** A förtur with what its landlord is told besides: the offer that holds now, and then who it is for. */
export type HyresvardensRad = ForturRad & {
  sokande: string | null
  medsokande: string | null
  erbjudande: ErbjudandeRad | null
}

/** The names only while an offer is open or accepted: before it the landlord lets to a number. */
const landlordsSelect = `SELECT ${selectList(ForturEntity, 'f')}, p.fornamn || ' ' || p.efternamn AS sokande,
    m.fornamn || ' ' || m.efternamn AS medsokande, ${jsonObject(ErbjudandeEntity, 'e')} AS erbjudande
  FROM fortur f LEFT JOIN erbjudande e ON e.id = f.erbjudande_id
  LEFT JOIN LATERAL (SELECT e.tillstand IN ('oppet', 'accepterat') AND ${nameDisclosedToLandlord} AS told) n ON true
  LEFT JOIN person p ON p.id = f.person_id AND n.told
  LEFT JOIN person m ON m.id = f.medsokande_id AND n.told`

/** The open förturer that are a landlord's, by number. */
export async function listHyresvardensForturer(
  work: Work,
  hyresvardId: string,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: HyresvardensRad[]; total: number }> {
  const where = `WHERE ${ofLandlord('$1')} AND ${isOpen}`
  const rows = await work.db.query(`${landlordsSelect} ${where} ORDER BY f.forturnummer LIMIT $2 OFFSET $3`, [
    hyresvardId,
    limit,
    offset,
  ])
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM fortur f ${where} LIMIT $2) counted`,
    [hyresvardId, countedAtMost + 1],
  )
  return { rows, total }
}

/** One förtur as its landlord sees it, or null. */
export async function findHyresvardensFortur(
  work: Work,
  forturId: string,
  hyresvardId: string,
  { alsoEnded }: { alsoEnded: boolean },
): Promise<HyresvardensRad | null> {
  const rows = await work.db.query(
    `${landlordsSelect} WHERE f.id = $2 AND ${ofLandlord('$1')} ${alsoEnded ? '' : `AND ${isOpen}`}`,
    [hyresvardId, forturId],
  )
  return rows[0] ?? null
}
