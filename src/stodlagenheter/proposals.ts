import { release, reserve } from '../lagenheter/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { changeRow, insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseStodlagenhet, discloseStodlagenhetNames } from '../utlamnanden/service.ts'
import { BostadsforslagEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { placeAmongFitting } from './queue.ts'
import type { Bostad } from './rules.ts'
import type { BostadsforslagRad, Bostadsforslagssvar, NyttBostadsforslag, StodlagenhetRad } from './schema.ts'
import { type IfMatch, lockStodlagenhet, saveStodlagenhet } from './service.ts'

/** Whose home it is, to those who keep the homes. */
export const linkOf = ({ id }: Pick<StodlagenhetRad, 'id'>) => ({ stodlagenhetId: id })

/**
 * `iKo` -> `foreslagen`: the home is held for the person, and serviceförvaltningen told of the number. Never of a
 * protected household.
 *
 * @throws 409 when the home is taken, 422 when it may not be proposed or a reason is wanting
 */
export async function propose(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: NyttBostadsforslag,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  const [bostad]: (Bostad & { kategori: string })[] = await work.db.query(
    'SELECT l.rum, l.hyra_ore AS "hyraOre", l.omrade, l.tillganglighet, l.kategori FROM lagenhet l WHERE l.id = $1',
    [body.lagenhetId],
  )
  const plats = bostad && stodlagenhet.tillstand === 'iKo' ? await placeAmongFitting(work, id, bostad) : 1
  lifecycle.check('foreslaMatch', stodlagenhet, actorsOf(work.caller), { bostad, body, plats, today: work.today })
  const { hushallId, skyddad } = stodlagenhet
  await reserve(work, body.lagenhetId, {
    for: linkOf(stodlagenhet),
    hushallId,
    skyddad,
    fran: body.fran ?? work.today,
    till: null,
  })
  const forslag: BostadsforslagRad = {
    id: newId(work.now),
    version: 1,
    stodlagenhetId: stodlagenhet.id,
    hushallId,
    skyddad,
    lagenhetId: body.lagenhetId,
    datum: work.today,
    plats,
    skalForAvsteg: body.skalForAvsteg ?? null,
    foreslagenAv: work.caller.sub,
    svar: null,
    svarDatum: null,
    orsak: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, BostadsforslagEntity, [forslag])
  const proposed = await saveStodlagenhet(work, stodlagenhet, { tillstand: 'foreslagen', lagenhetId: body.lagenhetId })
  await discloseStodlagenhet(work, id)
  return proposed
}

/** Answers the proposal that is open, if one is. */
async function closeProposal(
  work: Work,
  { id }: StodlagenhetRad,
  svar: NonNullable<BostadsforslagRad['svar']>,
  orsak: BostadsforslagRad['orsak'] = null,
): Promise<void> {
  const [open]: BostadsforslagRad[] = await work.db.query(
    `SELECT ${selectList(BostadsforslagEntity, 'f')} FROM bostadsforslag f
     WHERE f.stodlagenhet_id = $1 AND f.svar IS NULL FOR UPDATE`,
    [id],
  )
  if (open) await changeRow(work.db, BostadsforslagEntity, open, { svar, svarDatum: work.today, orsak }, work.now)
}

/** Back to the queue, where the place is the same: the home is no longer held. */
async function backToQueue(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  changes: Partial<StodlagenhetRad> = {},
): Promise<StodlagenhetRad> {
  await release(work, linkOf(stodlagenhet))
  return saveStodlagenhet(work, stodlagenhet, { ...changes, tillstand: 'iKo', lagenhetId: null })
}

/** Takes a proposal back, answered or not, and writes what else follows with it. The caller holds the stödlägenhet. */
export async function recall(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  changes: Partial<StodlagenhetRad> = {},
): Promise<StodlagenhetRad> {
  await closeProposal(work, stodlagenhet, 'aterkallat')
  return backToQueue(work, stodlagenhet, changes)
}

/** `foreslagen` -> `tilldelad`, and serviceförvaltningen is told who it is for; or back to the queue. */
export async function answerProposal(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Bostadsforslagssvar,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('svara', stodlagenhet, actorsOf(work.caller), { body, today: work.today })
  await closeProposal(work, stodlagenhet, body.svar, body.orsak ?? null)
  if (body.svar === 'avbojt') return backToQueue(work, stodlagenhet)
  const allotted = await saveStodlagenhet(work, stodlagenhet, { tillstand: 'tilldelad' })
  await discloseStodlagenhetNames(work, id)
  return allotted
}

/** `foreslagen` or `tilldelad` -> `iKo`: the home is not to be had after all. */
export async function withdrawProposal(work: Work, id: string, ifMatch: IfMatch): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('aterkallaForslag', stodlagenhet, actorsOf(work.caller))
  return recall(work, stodlagenhet)
}
