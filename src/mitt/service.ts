import type { Work } from '../shared/work.ts'
import { ids, kinds, rowsOf } from './waiting.ts'

/** Something that waits for the caller. */
export type Vantar = {
  slag: string
  rubrik: string
  forfaller: string | null
  forsenad: boolean
  nummer: string
  /** Null of what is about nobody. */
  hushallId: string | null
  arendeId: string | null
  beslutId: string | null
  forturId: string | null
  lagenhetId: string | null
  stodlagenhetId: string | null
  bostadForstId: string | null
}

/** Everything that waits for the caller today, what is due first at the top. */
export async function listWaiting(
  work: Work,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: Vantar[]; total: number }> {
  const chosen = kinds(work.config).filter(({ roll }) => work.caller.roller.includes(roll))
  const rubriker = new Map(chosen.map(({ slag, rubrik }) => [slag, rubrik]))
  const columns = ids.map(id => `"${id}"`).join(', ')
  const waiting = `WITH vantar (slag, forfaller, nummer, "hushallId", ${columns}) AS (${rowsOf(chosen)})`
  const parameters = [work.caller.sub, work.today]
  const rows: Omit<Vantar, 'rubrik'>[] = await work.db.query(
    `${waiting} SELECT *, coalesce(forfaller < $2, false) AS forsenad FROM vantar, (SELECT $1::text) AS vem
     ORDER BY forfaller NULLS LAST, slag, nummer, ${columns} LIMIT $3 OFFSET $4`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `${waiting} SELECT count(*) AS total FROM (SELECT FROM vantar, (SELECT $1::text, $2::date) AS vem LIMIT $3) counted`,
    [...parameters, countedAtMost + 1],
  )
  return { rows: rows.map(row => ({ ...row, rubrik: rubriker.get(row.slag) as string })), total }
}
