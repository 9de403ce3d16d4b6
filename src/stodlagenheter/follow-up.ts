import { monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { insertRows } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BoendehandelseEntity, UppfoljningEntity } from './entity.ts'
import { whyNotFollowUp, whyNotReport } from './rules.ts'
import type { BoendehandelseRad, NyBoendehandelse, NyUppfoljning, UppfoljningRad } from './schema.ts'
import { lockStodlagenhet, saveStodlagenhet, throwIf } from './service.ts'

/**
 * Writes down a follow-up, and when the next one is: after UPPFOLJNING_MANADER unless another day is given.
 *
 * @throws 409 when nobody lives there, 422 when the days do not go together
 */
export async function followUp(work: Work, id: string, body: NyUppfoljning): Promise<UppfoljningRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, () => {})
  const nasta = body.nasta === undefined ? monthsAfter(body.datum, work.config.UPPFOLJNING_MANADER) : body.nasta
  throwIf(whyNotFollowUp(stodlagenhet, body, nasta, work.today))
  const uppfoljning: UppfoljningRad = {
    id: newId(work.now),
    stodlagenhetId: stodlagenhet.id,
    hushallId: stodlagenhet.hushallId,
    skyddad: stodlagenhet.skyddad,
    datum: body.datum,
    omraden: body.omraden,
    bedomning: body.bedomning,
    nasta,
    gjordAv: work.caller.sub,
    skapad: work.now,
  }
  await insertRows(work.db, UppfoljningEntity, [uppfoljning])
  await saveStodlagenhet(work, stodlagenhet, { nastaUppfoljning: nasta })
  return uppfoljning
}

/**
 * Writes down what the landlord tells of: a disturbance, or the whole of the arrears.
 *
 * @throws 409 when nobody lives there, 422 when a part of it is wanting
 */
export async function report(work: Work, id: string, body: NyBoendehandelse): Promise<BoendehandelseRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, () => {})
  throwIf(whyNotReport(stodlagenhet, body, work.today))
  const handelse: BoendehandelseRad = {
    id: newId(work.now),
    stodlagenhetId: stodlagenhet.id,
    hushallId: stodlagenhet.hushallId,
    skyddad: stodlagenhet.skyddad,
    slag: body.slag,
    datum: body.datum,
    allvar: body.allvar ?? null,
    hyresskuldOre: body.hyresskuldOre ?? null,
    beskrivning: body.beskrivning ?? null,
    rapporteradAv: work.caller.sub,
    skapad: work.now,
  }
  await insertRows(work.db, BoendehandelseEntity, [handelse])
  if (handelse.hyresskuldOre !== null)
    await saveStodlagenhet(work, stodlagenhet, { hyresskuldOre: handelse.hyresskuldOre })
  return handelse
}
