import type { Stage } from './bodies.ts'
import { body, type Call, ifMatch, someone } from './cast.ts'
import type { Row } from './rows.ts'

export type Move = (stage: Stage) => Call | undefined

/** A row to do something with: mostly one that it makes sense for, and mostly a late one. */
export const pick = (
  { r, rowsOf }: Stage,
  table: string,
  sensible: (row: Row) => boolean = () => true,
): Row | undefined => {
  const rows = rowsOf(table)
  const found = rows.filter(sensible)
  if (found.length > 0 && r.maybe(0.95)) return r.recent(found)
  return rows.length > 0 && r.maybe(0.3) ? r.recent(rows) : undefined
}
export const is =
  (...states: string[]) =>
  ({ tillstand }: Row): boolean =>
    states.includes(tillstand as string)
/** Something that is sent, mostly as it should be, by someone who mostly may. */
export const post = (stage: Stage, by: string[], url: string, right: object, row?: Row): Call => ({
  who: someone(stage, by, row),
  method: 'POST',
  url,
  body: body(stage, right),
  ...(row && { ifMatch: ifMatch(stage, row) }),
})
