import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import type { Insats } from '../shared/insatser.ts'
import { refuseConflicted } from '../shared/jav.ts'
import { finnsInte } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BeslutEntity, DelegationEntity } from './entity.ts'
import {
  type Delegerbart,
  lastAppealDay,
  utanforDelegationen,
  whyNotCovered,
  whyNotDelegate,
  whyNotDeliver,
  whyNotEndDelegation,
} from './rules.ts'
import type { BeslutRad, DelegationRad, Delegationsupphorande, Delgivning, NyDelegation } from './schema.ts'

type IfMatch = (version: number) => void
/** A decision with the number of its case, and the decision that has taken its place. */
export type Listat = BeslutRad & { arendenummer: string; ersattAvId: string | null }

const columns = `${selectList(BeslutEntity, 'b')}, a.arendenummer, e.id AS "ersattAvId"`
const from = 'beslut b JOIN arende a ON a.id = b.arende_id LEFT JOIN beslut e ON e.ersatter_id = b.id'

/** @throws 404 */
export async function readBeslut(work: Work, id: string): Promise<Listat> {
  const [row] = await work.db.query(`SELECT ${columns} FROM ${from} WHERE b.id = $1`, [id])
  if (!row) throw finnsInte()
  return row
}

export type Beslutsfilter = {
  fran?: Day
  till?: Day
  insats?: Insats
  arendeId?: string
  hushallId?: string
  utfall?: BeslutRad['utfall']
  delgivet?: boolean
}

/** SQL of each filter; what an index can serve is spelt out, since a prepared plan does not know the value. */
const conditions: { [F in keyof Beslutsfilter]-?: (parameter: string, value: unknown) => string } = {
  fran: p => `b.datum >= ${p}`,
  till: p => `b.datum <= ${p}`,
  insats: p => `b.insats = ${p}`,
  arendeId: p => `b.arende_id = ${p}`,
  hushallId: p => `b.hushall_id = ${p}`,
  utfall: p => `b.utfall = ${p}`,
  delgivet: (p, delgivet) =>
    delgivet ? `b.delgiven_datum IS NOT NULL AND ${p}::boolean` : `b.delgiven_datum IS NULL AND NOT ${p}::boolean`,
}

function whereOf(filter: Beslutsfilter) {
  const given = (Object.keys(conditions) as (keyof Beslutsfilter)[]).filter(name => filter[name] !== undefined)
  const parts = given.map((name, index) => conditions[name](`$${index + 1}`, filter[name]))
  return { where: parts.length > 0 ? `WHERE ${parts.join(' AND ')}` : '', values: given.map(name => filter[name]) }
}

/** The list for the board: every decision taken by delegation, in the order they were taken. */
export function beslutQuery(filter: Beslutsfilter): { text: string; values: unknown[] } {
  const { where, values } = whereOf(filter)
  return { text: `SELECT ${columns} FROM ${from} ${where} ORDER BY b.datum, b.id`, values }
}

/** One page of the same list, and how many there are (counted to `countedAtMost` + 1). */
export async function listBeslut(
  work: Work,
  filter: Beslutsfilter,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: Listat[]; total: number }> {
  const { where, values } = whereOf(filter)
  const { text } = beslutQuery(filter)
  const [p1, p2] = [`$${values.length + 1}`, `$${values.length + 2}`]
  const rows = await work.db.query(`${text} LIMIT ${p1} OFFSET ${p2}`, [...values, limit, offset])
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM beslut b ${where} LIMIT ${p1}) counted`,
    [...values, countedAtMost + 1],
  )
  return { rows, total }
}

/** Keeps a decision. Who may take it, and on what, is the case's to say. */
export const recordBeslut = (work: Work, beslut: BeslutRad): Promise<void> =>
  insertRows(work.db, BeslutEntity, [beslut])

/**
 * Writes that a decision has reached the party; its time to appeal runs from that day.
 *
 * @throws 409 when it is delivered already
 */
export async function deliver(work: Work, id: string, ifMatch: IfMatch, body: Delgivning): Promise<Listat> {
  // The case before its decision, as in every command of the case.
  await work.db.query('SELECT FROM arende WHERE id = (SELECT arende_id FROM beslut WHERE id = $1) FOR UPDATE', [id])
  const beslut = await findRow(work.db, BeslutEntity, id, 'FOR UPDATE')
  if (!beslut) throw finnsInte()
  ifMatch(beslut.version)
  await refuseConflicted(work, beslut.arendeId)
  const refusal = whyNotDeliver(beslut, body, work.today)
  if (refusal) throw refusal
  const appealable = beslut.overklagandetyp !== 'ejOverklagbar'
  const overklagasSenast = appealable ? lastAppealDay(body.delgivenDatum, work.config) : null
  await changeRow(work.db, BeslutEntity, beslut, { ...body, overklagasSenast }, work.now)
  // An appeal that was written in before the delivery: now it is known whether it came in time.
  await work.db.query(
    `UPDATE arende SET overklagad_i_ratt_tid = overklagad_datum <= $2, version = version + 1, andrad = $3
     WHERE beslut_id = $1 AND tillstand = 'overklagad' AND overlamnad_datum IS NULL AND overklagad_datum > $2`,
    [id, overklagasSenast, work.now],
  )
  return readBeslut(work, id)
}

/** Takes back a note of legal force: an appeal had come in time. */
export async function loseLegalForce(work: Work, { id }: BeslutRad): Promise<void> {
  await work.db.query(
    `UPDATE beslut SET laga_kraft_datum = NULL, version = version + 1, andrad = $2
     WHERE id = $1 AND laga_kraft_datum IS NOT NULL`,
    [id, work.now],
  )
}

/** Decisions whose time to appeal has run out without an appeal in time gain legal force on the day after. */
export async function gainLegalForce(work: Work): Promise<{ lagaKraft: number }> {
  const [, lagaKraft] = await work.db.query(
    `UPDATE beslut b SET laga_kraft_datum = b.overklagas_senast + 1, version = version + 1, andrad = $2
     WHERE b.laga_kraft_datum IS NULL AND b.overklagas_senast < $1
       AND NOT EXISTS (SELECT FROM beslut e WHERE e.ersatter_id = b.id)
       AND NOT EXISTS (SELECT FROM arende a WHERE a.id = b.arende_id AND a.overklagad_i_ratt_tid)`,
    [work.today, work.now],
  )
  return { lagaKraft }
}

/**
 * The point of the delegation that a decision rests on.
 *
 * @param named the point that the decision-maker named, when several cover it
 * @throws 403 when none covers it, with why each does not
 */
export async function coveringDelegation(
  work: Work,
  beslut: Delegerbart,
  named: string | null | undefined,
): Promise<DelegationRad> {
  const points: DelegationRad[] = await work.db.query(
    `SELECT ${selectList(DelegationEntity, 'd')} FROM delegation d
     WHERE d.insats = $1 AND ($2::text IS NULL OR d.delegationspunkt = $2)
     ORDER BY d.delegationspunkt, d.giltig_fran DESC, d.id`,
    [beslut.insats, named ?? null],
  )
  const { sub, roller } = work.caller
  const tried = points.map(point => ({ point, why: whyNotCovered(point, beslut, { sub, roller }, work.today) }))
  const covering = tried.find(({ why }) => why === null)
  if (covering) return covering.point
  const reasons = tried.map(({ point, why }) => `${point.delegationspunkt} ${why}`)
  throw utanforDelegationen(
    reasons.length > 0
      ? `Ingen delegationspunkt täcker beslutet: ${[...new Set(reasons)].join('; ')}.`
      : 'Det finns ingen sådan delegationspunkt för insatsen.',
  )
}

/** @throws 404 */
export async function readDelegation(work: Work, id: string, lock: '' | 'FOR UPDATE' = ''): Promise<DelegationRad> {
  const delegation = await findRow(work.db, DelegationEntity, id, lock)
  if (!delegation) throw finnsInte()
  return delegation
}

export async function listDelegationer(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows: DelegationRad[] = await work.db.query(
    `SELECT ${selectList(DelegationEntity, 'd')} FROM delegation d
     ORDER BY d.delegationspunkt, d.giltig_fran, d.id LIMIT $1 OFFSET $2`,
    [limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM delegation')
  return { rows, total: total as number }
}

export async function addDelegation(work: Work, body: NyDelegation): Promise<DelegationRad> {
  const refusal = whyNotDelegate(body)
  if (refusal) throw refusal
  const delegation: DelegationRad = {
    ...body,
    roll: body.roll ?? 'beslutsfattare',
    delegater: body.delegater ?? null,
    maxGiltighetManader: body.maxGiltighetManader ?? null,
    maxGaranteradeManader: body.maxGaranteradeManader ?? null,
    maxManadshyraOre: body.maxManadshyraOre ?? null,
    giltigTill: body.giltigTill ?? null,
    id: newId(work.now),
    version: 1,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, DelegationEntity, [delegation])
  return delegation
}

/** Ends a delegation: what it says is never changed, so a new one takes its place. */
export async function endDelegation(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Delegationsupphorande,
): Promise<DelegationRad> {
  const delegation = await readDelegation(work, id, 'FOR UPDATE')
  ifMatch(delegation.version)
  const refusal = whyNotEndDelegation(delegation, body, work.today)
  if (refusal) throw refusal
  return changeRow(work.db, DelegationEntity, delegation, { giltigTill: body.giltigTill }, work.now)
}
