import { type Day, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { insertRows } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BoendehandelseEntity, UppfoljningEntity } from './entity.ts'
import { whyNotFollowUp, whyNotReport } from './rules.ts'
import type { BoendehandelseRad, NyBoendehandelse, NyUppfoljning, UppfoljningRad } from './schema.ts'
import { lockStodlagenhet, saveStodlagenhet, throwIf } from './service.ts'

/** Something later that is written in already: then that is what stands. */
const laterFollowUp = 'SELECT FROM uppfoljning WHERE stodlagenhet_id = $1 AND datum > $2 LIMIT 1'
const laterArrears =
  "SELECT FROM boendehandelse WHERE stodlagenhet_id = $1 AND datum > $2 AND slag = 'hyresskuld' LIMIT 1"
const isLatest = async (work: Work, later: string, id: string, day: Day): Promise<boolean> =>
  (await work.db.query(later, [id, day])).length === 0

/**
 * Writes down a follow-up, and when the next one is: after UPPFOLJNING_MANADER unless another day is given. One
 * that is written in late does not change what a later one has said.
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
  if (await isLatest(work, laterFollowUp, id, body.datum))
    await saveStodlagenhet(work, stodlagenhet, { nastaUppfoljning: nasta })
  return uppfoljning
}

/**
 * Writes down what the landlord tells of: a disturbance, or the whole of the arrears that day, unless a later day's is
 * known.
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
  if (handelse.hyresskuldOre !== null && (await isLatest(work, laterArrears, id, body.datum)))
    await saveStodlagenhet(work, stodlagenhet, { hyresskuldOre: handelse.hyresskuldOre })
  return handelse
}
