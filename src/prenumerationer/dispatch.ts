import type { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'
import { settled, visibleToParty } from '../handelser/events.ts'
import type { Caller } from '../shared/caller.ts'
import type { Work } from '../shared/work.ts'

/**
 * Who delivers: not cleared, whoever subscribes. Nothing about a protected household is sent anywhere (domain §8), and
 * row-level security is what keeps it so.
 */
export const courier: Caller = {
  sub: 'hemvist.webhook',
  part: 'socialforvaltningen',
  partId: null,
  roller: [],
  klient: 'hemvist',
}

/** The queue of subscriptions that have something to send. */
export const queue = 'leverera-webhooks'

/** Subscriptions and events taken at a time; what is left is taken at once after. */
const [mostSubscriptions, mostEvents] = [50, 500]

/** SQL: a subscription `p` sends. */
const sends = 'p.aktiv AND p.avslutad IS NULL'
/** SQL: the party's settled events after where its subscription is. Two, so that each finds its way in the index. */
const ahead = (columns: string, rest = '') => {
  const of = (party: string) =>
    `SELECT ${columns} FROM handelse e WHERE e.part = p.part AND ${party} AND (e.xid, e.nr) > (l.xid, l.nr) AND ${settled('e')}`
  return `(${of('e.part_id = p.part_id')} ${rest}) UNION ALL (${of('e.part_id IS NULL AND p.part_id IS NULL')} ${rest})`
}
const hasNews = `EXISTS (${ahead('')})`
/** SQL: something can be sent now, and nobody is doing it. */
const canSend = `l.lan_till <= now() AND l.vilar_till <= now() AND EXISTS (SELECT FROM leverans v
  WHERE v.prenumeration_id = p.id AND v.lage = 'vantar' AND v.nasta <= now())`
const subscriptions = 'leveranslage l JOIN prenumeration p ON p.id = l.prenumeration_id'

/**
 * Moves every subscription forward over the events that its party sees, and asks for those that then have something to
 * send to be delivered; both or neither. What it looks at is how things are, not what has been said: a job that was
 * lost, or a sender that died, is asked for again.
 *
 * @returns whether there may be more at once
 */
export async function dispatch(db: Database, boss: PgBoss): Promise<boolean> {
  const [{ news, due }] = await db.reading(courier).db.query(
    `SELECT coalesce(bool_or(${hasNews}), false) AS news, coalesce(bool_or(${canSend}), false) AS due
     FROM ${subscriptions} WHERE ${sends}`,
  )
  if (!news && !due) return false
  return db.transaction(courier, { atgard: 'leverera' }, async work => {
    const moved = news ? await move(work) : 0
    const ready: { id: string }[] = await work.db.query(
      `SELECT p.id FROM ${subscriptions} WHERE ${sends} AND ${canSend} ORDER BY p.id`,
    )
    if (ready.length > 0) await send(work, boss, ready)
    return moved === mostEvents
  })
}

/** @returns the most events that any of the subscriptions passed */
async function move({ db }: Work): Promise<number> {
  // Skipped: one that another instance is moving, or whose results are being written.
  const taken: { id: string }[] = await db.query(
    `SELECT p.id FROM ${subscriptions} WHERE ${sends} AND ${hasNews} ORDER BY random() LIMIT ${mostSubscriptions}
     FOR UPDATE OF l SKIP LOCKED`,
  )
  if (taken.length === 0) return 0
  const ids = taken.map(({ id }) => id)
  // Sent again: what a replay has gone back past. Only what is not waiting already.
  const [{ antal, saker }] = await db.query(
    `WITH passed AS MATERIALIZED (
       SELECT p.id AS prenumeration_id, p.typer, e.*
       FROM ${subscriptions} CROSS JOIN LATERAL (${ahead('e.*', `ORDER BY e.xid, e.nr LIMIT ${mostEvents}`)}) e
       WHERE p.id = ANY($1)
     ), nya AS (
       INSERT INTO leverans AS v (prenumeration_id, handelse_id, xid, nr, rad_id, tid, lage, forsok, logg)
       SELECT e.prenumeration_id, e.id, e.xid, e.nr, e.rad_id, e.tid, 'vantar', 0, '[]' FROM passed e
       WHERE (e.typer = '{}' OR e.typ = ANY (e.typer) OR regexp_replace(e.typ, '[^.]+$', '*') = ANY (e.typer))
         AND ${visibleToParty('e')}
       ON CONFLICT (prenumeration_id, handelse_id) DO UPDATE SET lage = 'vantar', forsok = 0, nasta = NULL, klar = NULL
         WHERE v.lage <> 'vantar'
       RETURNING v.rad_id
     ), moved AS (
       UPDATE leveranslage l SET xid = x.xid, nr = x.nr
       FROM (SELECT DISTINCT ON (prenumeration_id) prenumeration_id, xid, nr,
           count(*) OVER (PARTITION BY prenumeration_id) AS antal
         FROM passed ORDER BY prenumeration_id, passed.xid DESC, passed.nr DESC) x
       WHERE l.prenumeration_id = x.prenumeration_id RETURNING x.antal
     )
     SELECT (SELECT coalesce(max(antal), 0) FROM moved) AS antal, ARRAY(SELECT DISTINCT rad_id FROM nya) AS saker`,
    [ids],
  )
  await putFirst(db, ids, saker)
  return antal
}

/**
 * Gives the first waiting delivery of each subject its time, and takes it from those behind. Whoever calls holds the
 * lock on the subscriptions' rows in `leveranslage`.
 */
export async function putFirst(db: Work['db'], prenumerationIds: string[], radIds: string[]): Promise<void> {
  if (radIds.length === 0) return
  await db.query(
    `UPDATE leverans v SET nasta = CASE WHEN x.first THEN now() END
     FROM (SELECT prenumeration_id, handelse_id, nasta,
         row_number() OVER (PARTITION BY prenumeration_id, rad_id ORDER BY xid, nr) = 1 AS first
       FROM leverans WHERE prenumeration_id = ANY($1) AND rad_id = ANY($2) AND lage = 'vantar') x
     WHERE v.prenumeration_id = x.prenumeration_id AND v.handelse_id = x.handelse_id AND x.first = (x.nasta IS NULL)`,
    [prenumerationIds, radIds],
  )
}

/** One job a subscription, however often it is asked for: the queue takes no second that waits (`short`). */
async function send({ db }: Work, boss: PgBoss, ready: { id: string }[]): Promise<void> {
  // The queue is not the application's: for this statement the connection is its owner's.
  await db.query('SET LOCAL ROLE NONE')
  await boss.insert(
    queue,
    ready.map(({ id }) => ({ data: { prenumerationId: id }, singletonKey: id })),
    { db: { executeSql: async (text, values) => ({ rows: await db.query(text, values) }) } },
  )
  await db.query('RESET ROLE')
}
