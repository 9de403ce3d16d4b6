import type { Insats } from '../shared/insatser.ts'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { ArendeEntity } from './entity.ts'
import { type ArendeRad, oppna } from './schema.ts'

/** What the list can be ordered by; each has an index, with the id last so that the order is total. */
export const sorteringar = ['ansokanDatum', '-ansokanDatum'] as const

export type Arendefilter = {
  tillstand?: ArendeRad['tillstand']
  /** Waiting for a decision, or not. */
  oppet?: boolean
  insats?: Insats
  handlaggare?: string
  hushallId?: string
  arendenummer?: string
}

const isOpen = `a.tillstand IN (${oppna.map(state => `'${state}'`).join(', ')})`
/** SQL of each filter; what an index can serve is spelt out, since a prepared plan does not know the value. */
const conditions: { [F in keyof Arendefilter]-?: (parameter: string, value: unknown) => string } = {
  tillstand: p => `a.tillstand = ${p}`,
  oppet: (p, oppet) => (oppet ? `${isOpen} AND ${p}::boolean` : `NOT (${isOpen}) AND NOT ${p}::boolean`),
  insats: p => `a.insats = ${p}`,
  handlaggare: p => `a.handlaggare = ${p}`,
  hushallId: p => `a.hushall_id = ${p}`,
  arendenummer: p => `a.arendenummer = ${p}`,
}
const orders: Record<(typeof sorteringar)[number], string> = {
  ansokanDatum: 'a.ansokan_datum, a.id',
  '-ansokanDatum': 'a.ansokan_datum DESC, a.id DESC',
}

/** One page of cases, and how many there are (counted to `countedAtMost` + 1). */
export async function listArenden(
  work: Work,
  { sort = 'ansokanDatum', ...filter }: Arendefilter & { sort?: (typeof sorteringar)[number] },
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: ArendeRad[]; total: number }> {
  const given = (Object.keys(conditions) as (keyof Arendefilter)[]).filter(name => filter[name] !== undefined)
  const parts = given.map((name, index) => conditions[name](`$${index + 1}`, filter[name]))
  const where = parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : ''
  const values = given.map(name => filter[name])
  const [p1, p2] = [`$${values.length + 1}`, `$${values.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(ArendeEntity, 'a')} FROM arende a ${where} ORDER BY ${orders[sort]} LIMIT ${p1} OFFSET ${p2}`,
    [...values, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM arende a ${where} LIMIT ${p1}) counted`,
    [...values, countedAtMost + 1],
  )
  return { rows, total }
}
