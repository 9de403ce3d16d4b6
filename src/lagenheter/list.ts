import type { Day } from '../shared/dates.ts'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { LagenhetEntity, UpplatelseEntity } from './entity.ts'
import type { LagenhetRad, UpplatelseRad } from './schema.ts'

type Page = { limit: number; offset: number; countedAtMost: number }

export const sorteringar = ['objektnummer', '-objektnummer'] as const

/** What a home is like, as those who look for one ask. */
type Onskat = {
  kategori?: LagenhetRad['kategori']
  omrade?: string
  minRum?: number
  maxRum?: number
  maxHyraOre?: number
}
export type Filter = Onskat & {
  tillstand?: LagenhetRad['tillstand']
  agare?: LagenhetRad['agare']
  objektnummer?: string
  sort?: (typeof sorteringar)[number]
}
/** `fran` and `till` are the days that the home is wanted; without `till`, until further notice. */
export type Ledigfilter = Onskat & { fran: Day; till?: Day; tillganglighet?: string[] }

/** Areas and what a home has are codes without a list: one spelt in other letters is the same. */
const conditions = {
  kategori: (p: string) => `l.kategori = ${p}`,
  tillstand: (p: string) => `l.tillstand = ${p}`,
  agare: (p: string) => `l.agare = ${p}`,
  objektnummer: (p: string) => `l.objektnummer = ${p}`,
  omrade: (p: string) => `lower(l.omrade) = lower(${p})`,
  minRum: (p: string) => `l.rum >= ${p}`,
  maxRum: (p: string) => `l.rum <= ${p}`,
  maxHyraOre: (p: string) => `l.hyra_ore <= ${p}`,
  fran: (p: string) => `l.i_poolen_fran <= ${p}::date AND (l.i_poolen_till IS NULL OR l.i_poolen_till >= ${p}::date)`,
  till: (p: string) => `(l.i_poolen_till IS NULL OR l.i_poolen_till >= ${p}::date)`,
  tillganglighet: (p: string) => `lower(${p}::text[]::text)::text[] <@ lower(l.tillganglighet::text)::text[]`,
}

async function page(
  work: Work,
  filter: { [F in keyof typeof conditions]?: unknown } & { sort?: Filter['sort'] },
  { limit, offset, countedAtMost }: Page,
  also: (parameter: (name: 'fran' | 'till') => string) => string[] = () => [],
): Promise<{ rows: LagenhetRad[]; total: number }> {
  const given = (Object.keys(conditions) as (keyof typeof conditions)[]).filter(name => filter[name] !== undefined)
  const all = [
    ...given.map((name, n) => conditions[name](`$${n + 1}`)),
    ...also(name => (given.includes(name) ? `$${given.indexOf(name) + 1}::date` : 'NULL::date')),
  ]
  const where = all.length === 0 ? '' : `WHERE ${all.join(' AND ')}`
  const parameters = given.map(name => filter[name])
  const [p1, p2] = [`$${given.length + 1}`, `$${given.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(LagenhetEntity, 'l')} FROM lagenhet l ${where}
     ORDER BY l.objektnummer ${filter.sort === '-objektnummer' ? 'DESC' : ''}, l.id LIMIT ${p1} OFFSET ${p2}`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM lagenhet l ${where} LIMIT ${p1}) counted`,
    [...parameters, countedAtMost + 1],
  )
  return { rows, total }
}

/** One page of homes, by their number, and how many there are (counted to `countedAtMost` + 1). */
export const listLagenheter = (work: Work, filter: Filter, at: Page): Promise<{ rows: LagenhetRad[]; total: number }> =>
  page(work, filter, at)

/**
 * Homes that can be promised for these days: ready, in the pool, and nobody's on any of them. Until further notice only
 * one that has no last day.
 */
export const listLediga = (
  work: Work,
  filter: Ledigfilter,
  at: Page,
): Promise<{ rows: LagenhetRad[]; total: number }> =>
  page(work, filter, at, parameter => [
    `l.tillstand = 'ledig'`,
    filter.till === undefined ? 'l.i_poolen_till IS NULL' : 'true',
    `NOT EXISTS (SELECT FROM upplatelse u WHERE u.lagenhet_id = l.id AND u.upphavd IS NULL
       AND daterange(u.fran, u.till, '[]') && daterange(${parameter('fran')}, ${parameter('till')}, '[]'))`,
  ])

/** Who has had, has or is promised a home, the first first. */
export async function listUpplatelser(
  work: Work,
  lagenhetId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: UpplatelseRad[]; total: number }> {
  const rows = await work.db.query(
    `SELECT ${selectList(UpplatelseEntity, 'u')} FROM upplatelse u WHERE u.lagenhet_id = $1
     ORDER BY u.fran, u.skapad, u.id LIMIT $2 OFFSET $3`,
    [lagenhetId, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM upplatelse WHERE lagenhet_id = $1', [
    lagenhetId,
  ])
  return { rows, total }
}
