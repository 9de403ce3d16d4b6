import { BeslutEntity } from '../beslut/entity.ts'
import type { BeslutRad } from '../beslut/schema.ts'
import { loseLegalForce } from '../beslut/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { findRow } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { lifecycle } from './lifecycle.ts'
import { appealInTime } from './rules.ts'
import type { ArendeRad, Dom, Overklagande, OverklagandeAvvisning, Overlamnande } from './schema.ts'
import { type IfMatch, lockArende, saveArende } from './service.ts'

/** The decision that stands, or null before there is one. */
export const gallandeBeslut = async (work: Work, { beslutId }: ArendeRad): Promise<BeslutRad | null> =>
  beslutId === null ? null : findRow(work.db, BeslutEntity, beslutId)

/** An appeal has come in; whether in time follows from the delivery (FL 44-45 §§). */
export async function appeal(work: Work, id: string, ifMatch: IfMatch, body: Overklagande): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  const gallande = await gallandeBeslut(work, arende)
  lifecycle.check('overklaga', arende, actorsOf(work.caller), { body, gallande, today: work.today })
  const iRattTid = appealInTime(gallande as BeslutRad, body.inkommet)
  // Entered after the scheduler noted legal force, but received before: then there was none.
  if (iRattTid) await loseLegalForce(work, gallande as BeslutRad)
  return saveArende(work, arende, {
    tillstand: 'overklagad',
    overklagadDatum: body.inkommet,
    overklagadIRattTid: iRattTid,
    ...untouched,
  })
}

/** What an appeal has before anything is done with it. */
export const untouched = {
  avvisadDatum: null,
  avvisningsmotivering: null,
  overlamnadDatum: null,
  domstol: null,
  malnummer: null,
} satisfies Partial<ArendeRad>

/** An appeal that came too late is rejected, and the decision stands. */
export async function rejectAppeal(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: OverklagandeAvvisning,
): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('avvisaOverklagande', arende, actorsOf(work.caller))
  const gallande = (await gallandeBeslut(work, arende)) as BeslutRad
  return saveArende(work, arende, {
    tillstand: gallande.utfall,
    avvisadDatum: work.today,
    avvisningsmotivering: body.motivering,
  })
}

/** The party takes its appeal back: the decision stands, and gains legal force when its time has run out. */
export async function withdrawAppeal(work: Work, id: string, ifMatch: IfMatch): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('aterkallaOverklagande', arende, actorsOf(work.caller))
  const gallande = (await gallandeBeslut(work, arende)) as BeslutRad
  const changes = { tillstand: gallande.utfall, overklagadDatum: null, overklagadIRattTid: null, ...untouched }
  return saveArende(work, arende, changes)
}

/** Hands the appeal over to the court (FL 46 §). */
export async function forward(work: Work, id: string, ifMatch: IfMatch, body: Overlamnande): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('overlamna', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, { overlamnadDatum: body.datum ?? work.today, domstol: body.domstol })
}

/** The court has answered. A judgement in the party's favour is carried out by a new decision. */
export async function recordJudgement(work: Work, id: string, ifMatch: IfMatch, body: Dom): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('skrivInDom', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, {
    tillstand: 'dom',
    domDatum: body.datum,
    domUtfall: body.utfall,
    malnummer: body.malnummer,
  })
}
