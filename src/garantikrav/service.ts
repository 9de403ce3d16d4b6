import { lockHyresgaranti, moveAmount, readHyresgaranti } from '../hyresgarantier/service.ts'
import { openRegressfordran } from '../regressfordringar/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte, finnsRedan } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { GarantikravEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotClaim } from './rules.ts'
import type { GarantikravRad, Kravbeslut, Kravutbetalning, NyttGarantikrav } from './schema.ts'

type IfMatch = (version: number) => void
/** A claim is found under its guarantee only. */
type KravId = { id: string; kravId: string }

/** @throws 404 */
export async function readKrav(
  work: Work,
  { id, kravId }: KravId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<GarantikravRad> {
  const krav = await findRow(work.db, GarantikravEntity, kravId, lock)
  if (krav?.hyresgarantiId !== id) throw finnsInte()
  return krav
}

/** The claims on a guarantee, by rent month. */
export async function listKrav(
  work: Work,
  hyresgarantiId: string,
  { limit, offset }: { limit: number; offset: number },
) {
  await readHyresgaranti(work, hyresgarantiId)
  const rows: GarantikravRad[] = await work.db.query(
    `SELECT ${selectList(GarantikravEntity, 'k')} FROM garantikrav k
     WHERE k.hyresgaranti_id = $1 ORDER BY k.hyresmanad, k.id LIMIT $2 OFFSET $3`,
    [hyresgarantiId, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM garantikrav WHERE hyresgaranti_id = $1', [
    hyresgarantiId,
  ])
  return { rows, total: total as number }
}

/**
 * Receives a claim and holds its amount of the guarantee.
 *
 * @throws 409 when the month is claimed already, or more is claimed than remains
 */
export async function receiveKrav(work: Work, hyresgarantiId: string, body: NyttGarantikrav): Promise<GarantikravRad> {
  // Locked: two claims that each fit must not both be received when together they do not.
  const garanti = await lockHyresgaranti(work, hyresgarantiId)
  const refusal = whyNotClaim(garanti, body, work.today)
  if (refusal) throw refusal
  const krav: GarantikravRad = {
    id: newId(work.now),
    version: 1,
    hyresgarantiId,
    hushallId: garanti.hushallId,
    hyresvardId: garanti.hyresvardId as string,
    skyddad: garanti.skyddad,
    hyresmanad: body.hyresmanad,
    tillstand: 'inkommet',
    kravtBeloppOre: body.kravtBeloppOre,
    godkantBeloppOre: null,
    indrivningsbevisRef: body.indrivningsbevisRef ?? null,
    inkommet: body.inkommet ?? work.today,
    beslutDatum: null,
    beslutsfattare: null,
    beslutsmotivering: null,
    avvisningsorsak: null,
    utbetaltDatum: null,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, GarantikravEntity, [krav]), {
    garantikrav_en_gang_per_manad: () => finnsRedan('Hyresmånaden är redan krävd på den här garantin.'),
  })
  await moveAmount(work, garanti, { reserved: krav.kravtBeloppOre })
  return krav
}

/** Both rows of a command on a claim, always locked in the same order: guarantee, then claim. */
async function lockBoth(work: Work, ids: KravId, ifMatch: IfMatch) {
  const garanti = await lockHyresgaranti(work, ids.id)
  const krav = await readKrav(work, ids, 'FOR UPDATE')
  ifMatch(krav.version)
  return { garanti, krav }
}

const save = (work: Work, krav: GarantikravRad, changes: Partial<GarantikravRad>) =>
  changeRow(work.db, GarantikravEntity, krav, changes, work.now)

export async function reviewKrav(work: Work, ids: KravId, ifMatch: IfMatch): Promise<GarantikravRad> {
  const { krav } = await lockBoth(work, ids, ifMatch)
  lifecycle.check('granska', krav, actorsOf(work.caller))
  return save(work, krav, { tillstand: 'granskas' })
}

/** Approves a claim, wholly or in part, or rejects it. What is not approved is free again. */
export async function decideKrav(
  work: Work,
  ids: KravId,
  ifMatch: IfMatch,
  beslut: Kravbeslut,
): Promise<GarantikravRad> {
  const { garanti, krav } = await lockBoth(work, ids, ifMatch)
  lifecycle.check('besluta', krav, actorsOf(work.caller), { beslut, garanti })
  const godkant = beslut.utfall === 'godkant' ? (beslut.godkantBeloppOre as number) : 0
  const decided = await save(work, krav, {
    tillstand: beslut.utfall,
    godkantBeloppOre: godkant || null,
    avvisningsorsak: beslut.avvisningsorsak ?? null,
    indrivningsbevisRef: beslut.indrivningsbevisRef ?? krav.indrivningsbevisRef,
    beslutDatum: work.today,
    beslutsfattare: work.caller.sub,
    beslutsmotivering: beslut.motivering,
  })
  await moveAmount(work, garanti, { reserved: godkant - krav.kravtBeloppOre })
  return decided
}

/** Pays an approved claim. The tenant now owes it to the municipality; a guarantee that is used up ends. */
export async function payKrav(
  work: Work,
  ids: KravId,
  ifMatch: IfMatch,
  body: Kravutbetalning,
): Promise<GarantikravRad> {
  const { garanti, krav } = await lockBoth(work, ids, ifMatch)
  const utbetaltDatum = body.utbetaltDatum ?? work.today
  lifecycle.check('betalaUt', krav, actorsOf(work.caller), { utbetaltDatum, today: work.today })
  const paid = await save(work, krav, { tillstand: 'utbetalt', utbetaltDatum })
  await openRegressfordran(work, paid)
  const amount = krav.godkantBeloppOre as number
  const [{ months }] = await work.db.query(
    "SELECT count(*) AS months FROM garantikrav WHERE hyresgaranti_id = $1 AND tillstand = 'utbetalt'",
    [garanti.id],
  )
  await moveAmount(work, garanti, { reserved: -amount, paid: amount, monthsPaid: months })
  return paid
}

/** The landlord takes a claim back; its month and amount are free again. */
export async function withdrawKrav(work: Work, ids: KravId, ifMatch: IfMatch): Promise<GarantikravRad> {
  const { garanti, krav } = await lockBoth(work, ids, ifMatch)
  lifecycle.check('aterkalla', krav, actorsOf(work.caller))
  const withdrawn = await save(work, krav, { tillstand: 'aterkallat' })
  await moveAmount(work, garanti, { reserved: -(krav.godkantBeloppOre ?? krav.kravtBeloppOre) })
  return withdrawn
}
