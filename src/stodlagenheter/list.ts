import type { EntitySchema } from 'typeorm'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { stodlagenhetNameDisclosed } from '../utlamnanden/service.ts'
import {
  AvstaendeEntity,
  BoendehandelseEntity,
  BostadsforslagEntity,
  StodlagenhetEntity,
  UppfoljningEntity,
} from './entity.ts'
import type { StodlagenhetRad } from './schema.ts'
import { ofServiceforvaltningen } from './service.ts'

type Page = { limit: number; offset: number; countedAtMost: number }

export type Filter = {
  tillstand?: StodlagenhetRad['tillstand']
  hushallId?: string
  lagenhetId?: string
  beslutstyp?: StodlagenhetRad['beslutstyp']
}
const columns: Record<keyof Filter, string> = {
  tillstand: 'tillstand',
  hushallId: 'hushall_id',
  lagenhetId: 'lagenhet_id',
  beslutstyp: 'beslutstyp',
}

/** One page of stödlägenheter by number, and how many there are (counted to `countedAtMost` + 1). */
export async function listStodlagenheter(
  work: Work,
  filter: Filter,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: StodlagenhetRad[]; total: number }> {
  const given = (Object.keys(columns) as (keyof Filter)[]).filter(name => filter[name] !== undefined)
  const values = given.map(name => filter[name])
  const where = `WHERE true ${given.map((name, n) => `AND s.${columns[name]} = $${n + 1}`).join(' ')}`
  const [p1, p2] = [`$${values.length + 1}`, `$${values.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(StodlagenhetEntity, 's')} FROM stodlagenhet s ${where}
     ORDER BY s.stodlagenhetsnummer LIMIT ${p1} OFFSET ${p2}`,
    [...values, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM stodlagenhet s ${where} LIMIT ${p1}) counted`,
    [...values, countedAtMost + 1],
  )
  return { rows, total }
}

/** One page of what belongs to a stödlägenhet, the first first. */
async function under<T>(
  work: Work,
  entity: EntitySchema<T>,
  order: string,
  id: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: T[]; total: number }> {
  const { name } = entity.options
  const rows = await work.db.query(
    `SELECT ${selectList(entity, 't')} FROM ${name} t WHERE t.stodlagenhet_id = $1 ORDER BY t.${order}, t.id LIMIT $2 OFFSET $3`,
    [id, limit, offset],
  )
  const [{ total }] = await work.db.query(`SELECT count(*) AS total FROM ${name} t WHERE t.stodlagenhet_id = $1`, [id])
  return { rows, total }
}
type Under = { limit: number; offset: number }
export const listForslag = (work: Work, id: string, page: Under) => under(work, BostadsforslagEntity, 'datum', id, page)
export const listAvstaenden = (work: Work, id: string, page: Under) =>
  under(work, AvstaendeEntity, 'upprattat', id, page)
export const listUppfoljningar = (work: Work, id: string, page: Under) =>
  under(work, UppfoljningEntity, 'datum', id, page)
export const listHandelser = (work: Work, id: string, page: Under) =>
  under(work, BoendehandelseEntity, 'datum', id, page)

/** A stödlägenhet with what serviceförvaltningen is told besides. */
export type ServiceforvaltningensRad = StodlagenhetRad & {
  objektnummer: string
  hyresgast: string | null
  medhyresgast: string | null
}

/** The names only from the day that the home is allotted: before it, it is held for a number. */
const landlordsSelect = `SELECT ${selectList(StodlagenhetEntity, 's')}, l.objektnummer,
    p.fornamn || ' ' || p.efternamn AS hyresgast, m.fornamn || ' ' || m.efternamn AS medhyresgast
  FROM stodlagenhet s JOIN lagenhet l ON l.id = s.lagenhet_id
  LEFT JOIN LATERAL (SELECT s.tillstand <> 'foreslagen' AND ${stodlagenhetNameDisclosed} AS told) n ON true
  LEFT JOIN person p ON p.id = s.person_id AND n.told
  LEFT JOIN person m ON m.id = s.medsokande_id AND n.told`

/** What serviceförvaltningen lets or is to let, by number. */
export async function listServiceforvaltningens(
  work: Work,
  tillstand: StodlagenhetRad['tillstand'] | undefined,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: ServiceforvaltningensRad[]; total: number }> {
  const where = `WHERE ${ofServiceforvaltningen} AND ($1::text IS NULL OR s.tillstand = $1)`
  const rows = await work.db.query(`${landlordsSelect} ${where} ORDER BY s.stodlagenhetsnummer LIMIT $2 OFFSET $3`, [
    tillstand ?? null,
    limit,
    offset,
  ])
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM stodlagenhet s ${where} LIMIT $2) counted`,
    [tillstand ?? null, countedAtMost + 1],
  )
  return { rows, total }
}

/** One as serviceförvaltningen sees it, or null. */
export async function findServiceforvaltningens(work: Work, id: string): Promise<ServiceforvaltningensRad | null> {
  const rows = await work.db.query(`${landlordsSelect} WHERE s.id = $1 AND ${ofServiceforvaltningen}`, [id])
  return rows[0] ?? null
}
