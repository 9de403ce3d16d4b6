import { visibleToParty } from '../handelser/events.ts'
import type { Work } from '../shared/work.ts'
import { putFirst } from './dispatch.ts'
import { type Leverans, leveransfel, type leveranslagen } from './schema.ts'
import { type Halsad, readCurrent, readPrenumeration } from './service.ts'

/**
 * The deliveries of a subscription, the latest event first. Only of what the party may know of now.
 *
 * @param filter `lage`: `dod` gives the dead letters
 * @throws 404 when the caller's party has no such subscription
 */
export async function listDeliveries(
  work: Work,
  id: string,
  { lage }: { lage?: (typeof leveranslagen)[number] },
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: (Leverans & { hushallId: string | null })[]; total: number }> {
  await readPrenumeration(work, id)
  const from = `FROM leverans v JOIN handelse e ON e.id = v.handelse_id
    WHERE v.prenumeration_id = $1 AND ($2::text IS NULL OR v.lage = $2) AND ${visibleToParty('e')}`
  const rows = await work.db.query(
    `SELECT v.handelse_id AS "handelseId", e.typ, e.tid, v.lage, v.forsok, v.nasta AS "nastaForsok", v.klar, v.logg,
       e.hushall_id AS "hushallId" ${from} ORDER BY v.xid DESC, v.nr DESC LIMIT $3 OFFSET $4`,
    [id, lage ?? null, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT ${from} LIMIT ${countedAtMost + 1}) c`,
    [id, lage ?? null],
  )
  const explained = (row: Leverans) => {
    const fel = row.logg.at(-1)?.fel
    return { ...row, forklaring: fel ? leveransfel[fel] : null }
  }
  return { rows: rows.map(explained), total }
}

/**
 * Sends events again, with the same `webhook-id`s. Everything from an instant: the subscription goes back in the feed,
 * and comes forward by itself, also over what it did not deliver the first time. Or only the dead letters.
 *
 * @throws 404 when the caller's party has no such subscription, 409 when it has ended
 */
export async function replay(
  work: Work,
  id: string,
  { fran, baraDoda = false }: { fran: string; baraDoda?: boolean },
): Promise<Halsad> {
  const { db } = work
  const prenumeration = await readCurrent(work, id)
  await db.query('SELECT FROM leveranslage WHERE prenumeration_id = $1 FOR UPDATE', [id])
  if (baraDoda) {
    const [again]: [{ radId: string }[]] = await db.query(
      `UPDATE leverans SET lage = 'vantar', forsok = 0, klar = NULL
       WHERE prenumeration_id = $1 AND lage = 'dod' AND tid >= $2 RETURNING rad_id AS "radId"`,
      [id, fran],
    )
    await putFirst(
      db,
      [id],
      again.map(({ radId }) => radId),
    )
  } else
    await db.query(
      `UPDATE leveranslage l SET xid = e.xid, nr = e.nr - 1
       FROM (SELECT xid, nr FROM handelse WHERE part = $2 AND (part_id = $3 OR part_id IS NULL AND $3::uuid IS NULL)
         AND tid >= $4 ORDER BY xid, nr LIMIT 1) e
       WHERE l.prenumeration_id = $1 AND (e.xid, e.nr) <= (l.xid, l.nr)`,
      [id, prenumeration.part, prenumeration.partId, fran],
    )
  await db.query(`UPDATE leveranslage SET vilar_till = '-infinity' WHERE prenumeration_id = $1`, [id])
  return readPrenumeration(work, id)
}
