import { daysAfter } from '../shared/dates.ts'
import { defineProblem } from '../shared/refusals.ts'
import type { Work } from '../shared/work.ts'
import { type HandelseRad, handelseAsJson, settled, visibleToParty } from './events.ts'
import type { Position } from './schema.ts'

const forGammalMarkor = defineProblem(
  'for-gammal-markor',
  410,
  'Markören är för gammal',
  'Händelser efter markören kan vara gallrade, så läsningen skulle få luckor. Börja om: läs av allt ni behöver och fortsätt från en läsning utan cursor, eller med cursor=nu.',
)

/** Where a reading begins: after a position, at what is there, or with what happens next. */
export type Start = Position | 'borjan' | 'nu'

/** An event, the position just after it, and whom it is about, for the read log only. */
export type PlacedEvent = { handelse: HandelseRad; position: Position; hushallId: string | null }

export type Page = {
  events: PlacedEvent[]
  /** Where the next reading goes on. */
  next: Position
  /** There may be more at once. */
  more: boolean
}

/** With a filter of types so many events are looked through at a time. */
const lookedThrough = 5000
const last = '9223372036854775807'

/** SQL: the events of a party, of which the caller may know now, in order. With an id, or of a party that is one. */
const windowOf = (party: string) => `SELECT e.* FROM handelse e
  WHERE e.part = $1 AND ${party} AND (e.xid, e.nr) > ($3::xid8, $4::bigint) AND ${settled('e')} AND ${visibleToParty('e')}
  ORDER BY e.xid, e.nr LIMIT $5`
const statementOf = (party: string) => `
  WITH fonster AS MATERIALIZED (${windowOf(party)})
  SELECT g.grans::text AS grans, now() AS nu,
    ($6::date < l.gallrad_till OR ($6::date IS NOT NULL AND $3::xid8 >= g.grans)) AS "forGammal",
    (SELECT count(*) FROM fonster) AS antal,
    (SELECT json_build_object('xid', xid::text, 'nr', nr::text, 'tid', tid) FROM fonster ORDER BY xid DESC, nr DESC LIMIT 1) AS sista,
    (SELECT coalesce(json_agg(json_build_object('xid', e.xid::text, 'nr', e.nr::text, 'hushallId', e.hushall_id, 'handelse', ${handelseAsJson('e')})
       ORDER BY e.xid, e.nr), '[]')
     FROM (SELECT * FROM fonster WHERE $7::text[] IS NULL OR typ = ANY ($7) ORDER BY xid, nr LIMIT $8) e) AS events
  FROM handelselage l CROSS JOIN (SELECT handelse_grans() AS grans) g`
// Each by an index of its own.
const statements = { one: statementOf('e.part_id IS NULL AND $2::uuid IS NULL'), withId: statementOf('e.part_id = $2') }

/**
 * Events of the caller's party, in the order in which they will always stand: what has been passed never gets company
 * behind it. What the caller may not know of is passed over, and the position says nothing of it.
 *
 * @param types only these; null gives all
 * @throws 410 when events after the position may have been removed, or the database is older than it
 */
export async function readFeed(
  { db, caller }: Work,
  { after, limit, types }: { after: Start; limit: number; types: string[] | null },
): Promise<Page> {
  const place = typeof after === 'object' ? after : { xid: after === 'nu' ? last : '0', nr: '0', day: null }
  const looked = types ? Math.max(limit, lookedThrough) : limit
  const [row] = await db.query(caller.partId ? statements.withId : statements.one, [
    caller.part,
    caller.partId,
    place.xid,
    place.nr,
    looked,
    place.day,
    types,
    limit,
  ])
  if (row.forGammal) throw forGammalMarkor()
  const events = (row.events as (Place & Omit<PlacedEvent, 'position'>)[]).map(({ handelse, hushallId, ...place }) => ({
    handelse,
    hushallId,
    position: positionAt(place, handelse.tid),
  }))
  const lastGiven = events.length === limit ? events.at(-1)?.position : undefined
  const end = lastGiven ?? (row.antal === looked ? positionAt(row.sista, row.sista.tid) : undefined)
  const passed = () => positionAt({ xid: String(BigInt(row.grans) - 1n), nr: last }, row.nu)
  return { events, next: end ?? passed(), more: end !== undefined }
}

type Place = Pick<Position, 'xid' | 'nr'>

/** No transaction lasts a day: what stands after an event, or is not yet there, is no older than the day before. */
const positionAt = ({ xid, nr }: Place, instant: string): Position => ({
  xid,
  nr,
  day: daysAfter(instant.slice(0, 10), -1),
})

/** The job: removes events that are older than HANDELSER_DAGAR. */
export async function forgetEvents({ db, now, config }: Work): Promise<{ borttagna: number }> {
  const before = Temporal.Instant.from(now)
    .subtract({ hours: 24 * config.HANDELSER_DAGAR })
    .toString()
  const [{ borttagna }] = await db.query('SELECT handelse_gallra($1) AS borttagna', [before])
  return { borttagna }
}
