import type { Caller } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { PrenumerationEntity } from './entity.ts'
import { whyNotChange, whyNotOneMore, whyNotTypes } from './rules.ts'
import type { Leveranshalsa, NyPrenumeration, PrenumerationAndring, PrenumerationRad } from './schema.ts'
import type { Sender } from './sending.ts'
import { newSecret } from './signature.ts'

/** Waiting and dead deliveries are counted up to here: a count must not cost more as they grow. */
const countedAtMost = 10_001

/** SQL: the subscriptions `p` of the party `$1`, `$2`. */
const ofParty = 'p.part = $1 AND (p.part_id = $2 OR p.part_id IS NULL AND $2::uuid IS NULL)'
const partyOf = ({ part, partId }: Caller) => [part, partId]

/** SQL: subscriptions, and how their deliveries go. Those that can be sent come first, and the oldest is one of them. */
const subscriptions = `SELECT ${selectList(PrenumerationEntity, 'p')}, l.senast_lyckad AS "senastLyckad",
    l.misslyckas_sedan AS "misslyckasSedan", v.antal AS vantar, v.aldsta AS "aldstaVantande", d.antal AS doda
  FROM prenumeration p JOIN leveranslage l ON l.prenumeration_id = p.id
  CROSS JOIN LATERAL (SELECT count(*) AS antal, min(tid) AS aldsta FROM (SELECT tid FROM leverans
    WHERE prenumeration_id = p.id AND lage = 'vantar' ORDER BY nasta LIMIT ${countedAtMost}) c) v
  CROSS JOIN LATERAL (SELECT count(*) AS antal FROM (SELECT FROM leverans
    WHERE prenumeration_id = p.id AND lage = 'dod' LIMIT ${countedAtMost}) c) d`

/** A subscription with its health. */
export type Halsad = PrenumerationRad & { halsa: Leveranshalsa }
const withHealth = (row: PrenumerationRad & Leveranshalsa): Halsad => {
  const { senastLyckad, misslyckasSedan, vantar, aldstaVantande, doda, ...rest } = row
  return { ...rest, halsa: { senastLyckad, misslyckasSedan, vantar, aldstaVantande, doda } }
}

/** What the caller's own party may subscribe to, and where to: the routes give both. */
export type Limits = { types: readonly string[]; addresses: Sender['addresses'] }

function check({ url, typer }: PrenumerationAndring, { types, addresses }: Limits): void {
  const refusal = (url && addresses.whyNot(url)) || (typer && whyNotTypes(typer, types))
  if (refusal) throw refusal
}

/**
 * Subscribes the caller's party to events from now on.
 *
 * @returns the subscription, and its secret, which is not shown again
 * @throws 409 when the party has too many, 422 when the address or a type is not allowed
 */
export async function subscribe(
  work: Work,
  body: NyPrenumeration,
  limits: Limits,
): Promise<{ prenumeration: Halsad; hemlighet: string }> {
  check(body, limits)
  // Two at once count each other.
  await work.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `prenumeration ${partyOf(work.caller).join(' ')}`,
  ])
  const [{ antal }] = await work.db.query(
    `SELECT count(*) AS antal FROM prenumeration p WHERE ${ofParty} AND p.avslutad IS NULL`,
    partyOf(work.caller),
  )
  const refusal = whyNotOneMore(antal)
  if (refusal) throw refusal
  const prenumeration: PrenumerationRad = {
    id: newId(work.now),
    version: 1,
    part: work.caller.part,
    partId: work.caller.partId,
    url: body.url,
    typer: body.typer ?? [],
    aktiv: body.aktiv ?? true,
    avslutad: null,
    avslutsorsak: null,
    nyckelBytt: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, PrenumerationEntity, [prenumeration])
  const hemlighet = newSecret()
  // Whatever is committed has been; what is still under way comes after this in the feed.
  await work.db.query(
    `INSERT INTO leveranslage (prenumeration_id, xid, nr, nyckel_krypterad)
     VALUES ($1, handelse_grans(), 0, $2)`,
    [prenumeration.id, work.encryption.encrypt(hemlighet)],
  )
  return { prenumeration: await readPrenumeration(work, prenumeration.id), hemlighet }
}

/** @throws 404 when the caller's party has no such subscription */
export async function readPrenumeration(work: Work, id: string): Promise<Halsad> {
  const [row] = await work.db.query(`${subscriptions} WHERE ${ofParty} AND p.id = $3`, [...partyOf(work.caller), id])
  if (!row) throw finnsInte()
  return withHealth(row)
}

/** As `readPrenumeration`. @throws 409 when it has ended */
export async function readCurrent(work: Work, id: string): Promise<Halsad> {
  const prenumeration = await readPrenumeration(work, id)
  const refusal = whyNotChange(prenumeration)
  if (refusal) throw refusal
  return prenumeration
}

/** The subscriptions of the caller's party, the latest first; the ended ones too. */
export async function listPrenumerationer(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows = await work.db.query(
    `${subscriptions} WHERE ${ofParty} ORDER BY p.skapad DESC, p.id DESC LIMIT $3 OFFSET $4`,
    [...partyOf(work.caller), limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM prenumeration p WHERE ${ofParty}`,
    partyOf(work.caller),
  )
  return { rows: rows.map(withHealth) as Halsad[], total: total as number }
}

/** The caller's own subscription, locked, at the version that was read, and not ended. */
async function toChange(work: Work, id: string, ifMatch: (version: number) => void): Promise<PrenumerationRad> {
  const row = await findRow(work.db, PrenumerationEntity, id, 'FOR UPDATE')
  if (!row || row.part !== work.caller.part || row.partId !== work.caller.partId) throw finnsInte()
  ifMatch(row.version)
  const refusal = whyNotChange(row)
  if (refusal) throw refusal
  return row
}

async function change(work: Work, row: PrenumerationRad, changes: Partial<PrenumerationRad>): Promise<Halsad> {
  await changeRow(work.db, PrenumerationEntity, row, changes, work.now)
  return readPrenumeration(work, row.id)
}

export async function changePrenumeration(
  work: Work,
  id: string,
  ifMatch: (version: number) => void,
  body: PrenumerationAndring,
  limits: Limits,
): Promise<Halsad> {
  check(body, limits)
  const row = await toChange(work, id, ifMatch)
  // What the old address asked for, or did wrong, is not the new one's.
  if (body.url !== undefined && body.url !== row.url)
    await work.db.query(`UPDATE leveranslage SET vilar_till = '-infinity' WHERE prenumeration_id = $1`, [id])
  return change(work, row, body)
}

/** Ends a subscription. What has not been delivered never will be, by it. */
export async function endPrenumeration(work: Work, id: string, ifMatch: (version: number) => void): Promise<Halsad> {
  const row = await toChange(work, id, ifMatch)
  return change(work, row, { aktiv: false, avslutad: work.now, avslutsorsak: 'egenBegaran' })
}

/**
 * A new secret. The one before it also signs for a time; the one before that stops at once, so that whoever fears that a
 * secret is known changes twice.
 */
export async function changeKey(work: Work, id: string, ifMatch: (version: number) => void) {
  const row = await toChange(work, id, ifMatch)
  const hemlighet = newSecret()
  await work.db.query(
    `UPDATE leveranslage SET forra_nyckel_krypterad = nyckel_krypterad, forra_nyckel_till = now() + make_interval(hours => $2),
       nyckel_krypterad = $3 WHERE prenumeration_id = $1`,
    [id, work.config.WEBHOOK_NYCKELBYTE_TIMMAR, work.encryption.encrypt(hemlighet)],
  )
  return { prenumeration: await change(work, row, { nyckelBytt: work.now }), hemlighet }
}

/** The secrets that sign now, the newest first, decrypted. */
export async function secretsOf(work: Work, id: string): Promise<{ secrets: string[]; now: string }> {
  const [row] = await work.db.query(
    `SELECT nyckel_krypterad AS nyckel, CASE WHEN forra_nyckel_till > now() THEN forra_nyckel_krypterad END AS forra, now()
     FROM leveranslage WHERE prenumeration_id = $1`,
    [id],
  )
  return { secrets: [row.nyckel, row.forra].filter(Boolean).map(work.encryption.decrypt), now: row.now }
}
