import type { Indikator } from '../shared/statistics.ts'
import type { Avser } from './rules.ts'

/** A figure, and which days it is of. */
export type Matt = Indikator & { avser: Avser }

/** What figures are broken down by. */
export const dimensioner = ['kategori', 'agare', 'rum', 'orsak'] as const

type Rows = {
  id: string
  hushallId: string
  nummer: string
  from: string
  where: string
  regel: string
  taljare?: string
  namnare?: string
} & { [D in (typeof dimensioner)[number]]?: string }

/** SQL: a size as it is broken down by. */
const size = (rum: string) => `CASE WHEN ${rum} IS NULL THEN 'okant' WHEN ${rum} >= 5 THEN '5+' ELSE (${rum})::text END`

const rowsOf = ({
  id,
  hushallId,
  nummer,
  from,
  where,
  regel,
  taljare = '1',
  namnare = 'NULL::int',
  ...given
}: Rows) => `
  SELECT ${id} AS id, ${hushallId} AS hushall_id, ${nummer} AS nummer, ${taljare} AS taljare, ${namnare} AS namnare,
    ${regel} AS regel, ${dimensioner.map(name => `${given[name] ?? 'NULL::text'} AS ${name}`).join(', ')}
  FROM ${from} WHERE ${where}`

type Given = Pick<Rows, 'where' | 'regel'> & { from?: string; taljare?: string; namnare?: string }
const ofHome = { kategori: 'l.kategori', agare: 'l.agare', rum: size('l.rum') }

/** Rows that are homes `l`: about nobody. */
export const homes = (given: Given & { orsak?: string }): string =>
  rowsOf({ id: 'l.id', hushallId: 'NULL::uuid', nummer: 'l.objektnummer', from: 'lagenhet l', ...ofHome, ...given })

/** Rows that are tenancies `u` of homes `l`. */
export const lettings = (given: Given): string =>
  rowsOf({
    id: 'u.id',
    hushallId: 'u.hushall_id',
    nummer: 'l.objektnummer',
    from: 'upplatelse u JOIN lagenhet l ON l.id = u.lagenhet_id',
    ...ofHome,
    ...given,
  })

/** Rows that are of people, by the kind of help that they have. */
export const people = (
  table: { id: string; nummer: string; from: string },
  { rum, ...given }: Given & { rum: string },
): string => rowsOf({ ...table, hushallId: `${table.id.split('.')[0]}.hushall_id`, rum: size(rum), ...given })

export const inPeriod = (day: string): string => `${day} BETWEEN period.fran AND period.till`

/** SQL: somebody lived in a home by this row. */
export const letting = (alias: string): string => `${alias}.slag = 'boende' AND ${alias}.upphavd IS NULL`

/**
 * SQL: the reservation or tenancy `u` stood when the period ended, whatever has happened since. One that begins later
 * was promised from the day it was written.
 */
export const stood = `(u.upphavd IS NULL OR u.upphavd > period.till)
  AND least(u.fran, (u.skapad AT TIME ZONE 'Europe/Stockholm')::date) <= period.till`

/**
 * SQL: somebody had the home `l`, or was promised it, when the period ended. Who has not moved out on their last day
 * has it still.
 */
export const taken = `(l.tillstand IN ('reserverad', 'uthyrd', 'uppsagd') AND l.tillstand_sedan <= period.till
  OR EXISTS (SELECT FROM upplatelse u WHERE u.lagenhet_id = l.id AND ${stood} AND coalesce(u.till > period.till, true)))`
