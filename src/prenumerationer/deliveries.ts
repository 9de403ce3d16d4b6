import { type HandelseRad, handelseAsJson, visibleToParty } from '../handelser/events.ts'
import type { Work } from '../shared/work.ts'
import { putFirst } from './dispatch.ts'
import { type Attempt, verdictOf } from './rules.ts'

/** So long, in seconds, a sender may be silent before another takes over. */
export const lease = 15

/** The hold on a subscription. `fence` only grows: it tells a sender that has been replaced from the one that did. */
export type Hold = { id: string; fence: number }
/** A delivery that is due. `handelse` is null when the party may no longer know of it. */
export type Due = { handelseId: string; radId: string; forsok: number; handelse: HandelseRad | null }
/** What became of one. `attempt` is null where none was to be made. */
export type Result = { due: Due; attempt: Attempt | null }
export type Round = { due: Due[]; url: string; secrets: string[]; now: string }

/** @returns nothing when another sender has the subscription */
export async function take({ db }: Work, id: string): Promise<Hold | undefined> {
  const [[taken]] = await db.query(
    `UPDATE leveranslage SET stangsel = stangsel + 1, lan_till = now() + make_interval(secs => ${lease})
     WHERE prenumeration_id = $1 AND lan_till <= now() RETURNING stangsel AS fence`,
    [id],
  )
  return taken && { id, fence: taken.fence }
}

export async function letGo({ db }: Work, { id, fence }: Hold): Promise<void> {
  await db.query('UPDATE leveranslage SET lan_till = now() WHERE prenumeration_id = $1 AND stangsel = $2', [id, fence])
}

/**
 * Writes what became of deliveries, and reads those to send now. Each is looked at again: of whoever has become
 * protected, or whose consent is gone, nothing is sent.
 *
 * @param rest the receiver fails at everything: leave it alone for a while
 * @param most how many to read, besides those that are `inFlight`
 * @returns nothing when the subscription is no longer held
 */
export async function settle(
  work: Work,
  hold: Hold,
  { results, rest, most, inFlight }: { results: Result[]; rest: boolean; most: number; inFlight: string[] },
): Promise<Round | undefined> {
  const { db, config, encryption } = work
  const waits = config.WEBHOOK_FORSOK_SEKUNDER
  const settled = results.map(({ due, attempt }) => ({
    due,
    attempt,
    verdict: attempt && verdictOf(attempt, due.forsok + 1, waits, Math.random()),
  }))
  const attempts = settled.flatMap(({ attempt }) => attempt ?? [])
  const rests = settled.map(({ verdict }) => (verdict?.lage === 'vantar' && verdict.rest ? verdict.seconds : 0))
  const [[held]] = await db.query(
    `UPDATE leveranslage l SET lan_till = now() + make_interval(secs => ${lease}),
       senast_lyckad = CASE WHEN $3 THEN now() ELSE l.senast_lyckad END,
       misslyckas_sedan = CASE WHEN $4 THEN coalesce(CASE WHEN NOT $3 THEN l.misslyckas_sedan END, now())
         WHEN $3 THEN NULL ELSE l.misslyckas_sedan END,
       vilar_till = greatest(l.vilar_till, now() + make_interval(secs => $5))
     FROM prenumeration p WHERE p.id = l.prenumeration_id AND l.prenumeration_id = $1 AND l.stangsel = $2
     RETURNING p.url, p.aktiv AND p.avslutad IS NULL AND l.vilar_till <= now() AS sends, now(), l.nyckel_krypterad AS nyckel,
       CASE WHEN l.forra_nyckel_till > now() THEN l.forra_nyckel_krypterad END AS forra`,
    [
      hold.id,
      hold.fence,
      attempts.some(({ fel }) => fel === null),
      (attempts.at(-1)?.fel ?? null) !== null,
      Math.max(rest ? (waits[0] ?? 0) : 0, ...rests),
    ],
  )
  if (!held) return undefined
  await write(work, hold.id, settled)
  const isGone = attempts.some(({ status }) => status === 410)
  if (isGone) await endGone(work, hold.id)
  const due = held.sends && !isGone && most > 0 ? await read(work, hold.id, inFlight, most) : []
  return {
    due,
    url: held.url,
    now: held.now,
    secrets: [held.nyckel, held.forra].filter(Boolean).map(encryption.decrypt),
  }
}

type Settled = Result & { verdict: ReturnType<typeof verdictOf> | null }

async function write({ db }: Work, id: string, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return
  const rows = settled.map(({ due, attempt, verdict }) => ({
    handelse_id: due.handelseId,
    lage: verdict?.lage ?? 'stoppad',
    sekunder: verdict?.seconds ?? null,
    post: attempt && { tid: attempt.tid, status: attempt.status, ms: attempt.ms, fel: attempt.fel },
  }))
  await db.query(
    `UPDATE leverans v SET lage = x.lage, nasta = now() + make_interval(secs => x.sekunder),
       klar = CASE WHEN x.lage <> 'vantar' THEN now() END, forsok = v.forsok + (x.post IS NOT NULL)::int,
       logg = CASE WHEN x.post IS NULL THEN v.logg ELSE (CASE WHEN jsonb_array_length(v.logg) < 20 THEN v.logg ELSE v.logg - 0 END) || x.post END
     FROM jsonb_to_recordset($2) AS x (handelse_id uuid, lage text, sekunder float8, post jsonb)
     WHERE v.prenumeration_id = $1 AND v.handelse_id = x.handelse_id AND v.lage = 'vantar'`,
    [id, JSON.stringify(rows)],
  )
  await putFirst(
    db,
    [id],
    settled.filter(({ verdict }) => verdict?.lage !== 'vantar').map(({ due }) => due.radId),
  )
}

/** The receiver has said that it is gone for good. */
async function endGone({ db, now }: Work, id: string): Promise<void> {
  await db.query(
    `UPDATE prenumeration SET version = version + 1, aktiv = false, avslutad = $2, avslutsorsak = 'mottagaren410', andrad = $2
     WHERE id = $1 AND avslutad IS NULL`,
    [id, now],
  )
}

async function read({ db }: Work, id: string, inFlight: string[], most: number): Promise<Due[]> {
  return db.query(
    `SELECT v.handelse_id AS "handelseId", v.rad_id AS "radId", v.forsok, e.handelse
     FROM leverans v LEFT JOIN LATERAL (SELECT ${handelseAsJson('e')} AS handelse FROM handelse e WHERE e.id = v.handelse_id
       AND ${visibleToParty('e')}) e ON true
     WHERE v.prenumeration_id = $1 AND v.lage = 'vantar' AND v.nasta <= now() AND v.handelse_id <> ALL ($2)
     ORDER BY v.nasta, v.xid, v.nr LIMIT $3`,
    [id, inFlight, most],
  )
}
