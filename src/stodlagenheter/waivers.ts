import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { AvstaendeEntity } from './entity.ts'
import { avstaendeLifecycle } from './lifecycle.ts'
import { whyNotWaive } from './rules.ts'
import type { Avstaendebeslut, Avstaendeinskickning, AvstaendeRad, NyttAvstaende } from './schema.ts'
import { type IfMatch, lockStodlagenhet, throwIf } from './service.ts'

/** A waiver is found under its stödlägenhet only. */
type AvstaendeId = { id: string; avstaendeId: string }

const anyVersion: IfMatch = () => {}

/**
 * A waiver of besittningsskydd, in a document of its own.
 *
 * @throws 409 when there is no home to waive it for, 422 when it would hold too long without a reason
 */
export async function writeWaiver(work: Work, id: string, body: NyttAvstaende): Promise<AvstaendeRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, anyVersion)
  throwIf(whyNotWaive(stodlagenhet, body, work.today))
  const avstaende: AvstaendeRad = {
    id: newId(work.now),
    version: 1,
    stodlagenhetId: stodlagenhet.id,
    hushallId: stodlagenhet.hushallId,
    skyddad: stodlagenhet.skyddad,
    // `whyNotWaive`: there is a home in these states.
    lagenhetId: stodlagenhet.lagenhetId as string,
    tillstand: avstaendeLifecycle.initial,
    upprattat: work.today,
    skal: body.skal,
    giltigtTill: body.giltigtTill,
    skalLangreTid: body.skalLangreTid ?? null,
    inskickat: null,
    beslutDatum: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, AvstaendeEntity, [avstaende])
  return avstaende
}

/** @throws 404 */
export async function readWaiver(
  work: Work,
  { id, avstaendeId }: AvstaendeId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<AvstaendeRad> {
  const avstaende = await findRow(work.db, AvstaendeEntity, avstaendeId, lock)
  if (avstaende?.stodlagenhetId !== id) throw finnsInte()
  return avstaende
}

/** Household, stödlägenhet, waiver: as everywhere. @throws 404, or 412 when another version was read */
async function lockWaiver(work: Work, ids: AvstaendeId, ifMatch: IfMatch): Promise<AvstaendeRad> {
  await lockStodlagenhet(work, ids.id, anyVersion)
  const avstaende = await readWaiver(work, ids, 'FOR UPDATE')
  ifMatch(avstaende.version)
  return avstaende
}

const save = (work: Work, avstaende: AvstaendeRad, changes: Partial<AvstaendeRad>) =>
  changeRow(work.db, AvstaendeEntity, avstaende, changes, work.now)

/** `upprattat` -> `inskickat`: sent to hyresnämnden. */
export async function sendWaiver(
  work: Work,
  ids: AvstaendeId,
  ifMatch: IfMatch,
  body: Avstaendeinskickning,
): Promise<AvstaendeRad> {
  const avstaende = await lockWaiver(work, ids, ifMatch)
  avstaendeLifecycle.check('skickaIn', avstaende, actorsOf(work.caller), { body, today: work.today })
  return save(work, avstaende, { tillstand: 'inskickat', inskickat: body.datum })
}

/** `inskickat` -> `godkant` or `avslaget`, as hyresnämnden decided. */
export async function decideWaiver(
  work: Work,
  ids: AvstaendeId,
  ifMatch: IfMatch,
  body: Avstaendebeslut,
): Promise<AvstaendeRad> {
  const avstaende = await lockWaiver(work, ids, ifMatch)
  avstaendeLifecycle.check('besluta', avstaende, actorsOf(work.caller), { body, today: work.today })
  return save(work, avstaende, { tillstand: body.utfall, beslutDatum: body.datum })
}

/** `upprattat` -> `ejKrav`: of a kind that holds without approval (domain §3.1). */
export async function needsNoApproval(work: Work, ids: AvstaendeId, ifMatch: IfMatch): Promise<AvstaendeRad> {
  const avstaende = await lockWaiver(work, ids, ifMatch)
  avstaendeLifecycle.check('kraverInte', avstaende, actorsOf(work.caller))
  return save(work, avstaende, { tillstand: 'ejKrav' })
}
