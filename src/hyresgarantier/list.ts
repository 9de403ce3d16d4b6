import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { disclosedToLandlord } from '../utlamnanden/service.ts'
import { HyresgarantiEntity } from './entity.ts'
import type { HyresgarantiRad } from './schema.ts'
import { flagColumns, flagJoin, type MedFlagga, withFlag } from './service.ts'

/** What the list can be ordered by; each has an index, with the id last so that the order is total. */
export const sorteringar = ['avtalsnummer', '-avtalsnummer', 'giltigTill', '-giltigTill', 'skapad', '-skapad'] as const
export type Sortering = (typeof sorteringar)[number]

export type Filter = {
  tillstand?: HyresgarantiRad['tillstand']
  garantityp?: HyresgarantiRad['garantityp']
  hyresvardId?: string
  hushallId?: string
  avtalsnummer?: string
  /** State of a review that is not done. */
  genomgang?: 'vantar' | 'besvarad' | 'forfallen'
  giltigTillFore?: string
  /** As the landlord sees them: only where a disclosure to it is in force. */
  utlamnad?: true
  sort?: Sortering
}

const conditions: { [F in keyof Filter]?: (parameter: string) => string } = {
  tillstand: p => `h.tillstand = ${p}`,
  garantityp: p => `h.garantityp = ${p}`,
  hyresvardId: p => `h.hyresvard_id = ${p}`,
  hushallId: p => `h.hushall_id = ${p}`,
  avtalsnummer: p => `h.avtalsnummer = ${p}`,
  genomgang: p =>
    `EXISTS (SELECT FROM genomgang r WHERE r.hyresgaranti_id = h.id AND r.tillstand = ${p} AND r.tillstand <> 'klar')`,
  giltigTillFore: p => `h.giltig_till < ${p}`,
  utlamnad: p => `${p}::boolean AND ${disclosedToLandlord}`,
}

const orders: Record<Sortering, string> = {
  avtalsnummer: 'h.avtalsnummer',
  '-avtalsnummer': 'h.avtalsnummer DESC',
  giltigTill: 'h.giltig_till, h.id',
  '-giltigTill': 'h.giltig_till DESC, h.id DESC',
  skapad: 'h.skapad, h.id',
  '-skapad': 'h.skapad DESC, h.id DESC',
}

/** The WHERE of a filter, with its parameters. */
function whereOf(filter: Filter) {
  const given = (Object.keys(conditions) as (keyof Filter)[]).filter(name => filter[name] !== undefined)
  const parts = given.map((name, index) => conditions[name]?.(`$${index + 1}`))
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', parameters: given.map(name => filter[name]) }
}

/** One page of guarantees with their flags, and how many there are (counted to `countedAtMost` + 1). */
export async function listHyresgarantier(
  work: Work,
  filter: Filter,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: MedFlagga[]; total: number }> {
  const { where, parameters } = whereOf(filter)
  const order = orders[filter.sort ?? 'avtalsnummer']
  const [p1, p2] = [`$${parameters.length + 1}`, `$${parameters.length + 2}`]
  // The page first, from an index alone, then its rows and flags: those that are skipped need neither.
  const rows = await work.db.query(
    `SELECT ${selectList(HyresgarantiEntity, 'h')}, ${flagColumns}
     FROM (SELECT h.id FROM hyresgaranti h ${where} ORDER BY ${order} LIMIT ${p1} OFFSET ${p2}) sida
     JOIN hyresgaranti h ON h.id = sida.id ${flagJoin} ORDER BY ${order}`,
    [...parameters, limit, offset],
  )
  // In the page's order, which is an index's: the table is never read through for it.
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM hyresgaranti h ${where} ORDER BY ${order} LIMIT ${p1}) counted`,
    [...parameters, countedAtMost + 1],
  )
  return { rows: rows.map(withFlag), total }
}

/** The same list as one statement without an end, for a stream. */
export function exportQuery(filter: Filter): { text: string; values: unknown[] } {
  const { where, parameters } = whereOf(filter)
  const order = orders[filter.sort ?? 'avtalsnummer']
  return {
    text: `SELECT ${selectList(HyresgarantiEntity, 'h')}, v.namn AS "hyresvardNamn", v.organisationsnummer, ${flagColumns}
      FROM hyresgaranti h LEFT JOIN hyresvard v ON v.id = h.hyresvard_id ${flagJoin} ${where} ORDER BY ${order}`,
    values: parameters,
  }
}
