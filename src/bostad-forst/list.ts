import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BfBoendeEntity, OvergangsprovningEntity } from './entity.ts'
import type { BfBoendeRad, Boendeperiod, OvergangsprovningRad } from './schema.ts'
import { type Helt, whole } from './service.ts'

type Page = { limit: number; offset: number; countedAtMost: number }
export type Filter = { tillstand?: BfBoendeRad['tillstand']; hushallId?: string }

const conditions: Record<keyof Filter, (parameter: string) => string> = {
  tillstand: p => `b.tillstand = ${p}`,
  hushallId: p => `b.hushall_id = ${p}`,
}

/** One page of tenancies by number, with their homes and supports, and how many there are (to `countedAtMost` + 1). */
export async function listBoenden(
  work: Work,
  filter: Filter,
  { limit, offset, countedAtMost }: Page,
): Promise<{ rows: Helt[]; total: number }> {
  const given = (Object.keys(conditions) as (keyof Filter)[]).filter(name => filter[name] !== undefined)
  const parameters = given.map(name => filter[name])
  const where = given.length === 0 ? '' : `WHERE ${given.map((name, n) => conditions[name](`$${n + 1}`)).join(' AND ')}`
  const [p1, p2] = [`$${given.length + 1}`, `$${given.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(BfBoendeEntity, 'b')} FROM bf_boende b ${where} ORDER BY b.boendenummer, b.id LIMIT ${p1} OFFSET ${p2}`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM bf_boende b ${where} LIMIT ${p1}) counted`,
    [...parameters, countedAtMost + 1],
  )
  return { rows: await whole(work, rows), total }
}

/** Every interval of a home that a tenancy has had, or held, the first first. */
export async function listPeriods(
  work: Work,
  id: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: (Boendeperiod & { hushallId: string })[]; total: number }> {
  const rows = await work.db.query(
    `SELECT u.id, u.lagenhet_id AS "lagenhetId", u.slag, u.fran, u.till, u.kontraktsform, u.hyra_ore AS "hyraOre", u.upphavd,
       u.hushall_id AS "hushallId"
     FROM upplatelse u WHERE u.bf_boende_id = $1 ORDER BY u.fran, u.skapad, u.id LIMIT $2 OFFSET $3`,
    [id, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM upplatelse WHERE bf_boende_id = $1', [id])
  return { rows, total }
}

/** The trials of a tenancy, the first first. */
export async function listTrials(
  work: Work,
  id: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: OvergangsprovningRad[]; total: number }> {
  const rows = await work.db.query(
    `SELECT ${selectList(OvergangsprovningEntity, 'p')} FROM overgangsprovning p WHERE p.bf_boende_id = $1
     ORDER BY p.provad, p.id LIMIT $2 OFFSET $3`,
    [id, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM overgangsprovning WHERE bf_boende_id = $1', [
    id,
  ])
  return { rows, total }
}
