import { finishedChecklist } from '../barnchecklistor/service.ts'
import { letOut, noticeGiven, noticeWithdrawn, takenOver, vacated, voided } from '../lagenheter/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import type { Work } from '../shared/work.ts'
import { lifecycle } from './lifecycle.ts'
import { linkOf, recall } from './proposals.ts'
import type {
  BistandetsUpphorande,
  Inflyttning,
  Overtagandesvar,
  StodlagenhetRad,
  Stodlagenhetsavslut,
  Stodlagenhetsavtal,
  Stodlagenhetsuppsagning,
  Utflyttning,
} from './schema.ts'
import { type IfMatch, lockStodlagenhet, saveStodlagenhet, unleased } from './service.ts'

const fromLandlord = ({ caller }: Work) => caller.part === 'serviceforvaltningen'

/** What a lease on a home is held against: also the waivers that were written of that home. */
export async function leaseFacts(work: Work, { id }: StodlagenhetRad, lagenhetId: string | null) {
  const [{ till }]: [{ till: Day | null }] = await work.db.query(
    `SELECT max(v.giltigt_till) AS till FROM avstaende v
     WHERE v.stodlagenhet_id = $1 AND v.lagenhet_id = $2 AND v.tillstand <> 'avslaget' AND v.skal_langre_tid IS NULL`,
    [id, lagenhetId],
  )
  return { today: work.today, avstaendeTill: till, fromLandlord: fromLandlord(work) }
}

/** `tilldelad` -> `avtalTecknat`: the lease is signed, and the home let from the day of access. */
export async function sign(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Stodlagenhetsavtal,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  const facts = await leaseFacts(work, stodlagenhet, stodlagenhet.lagenhetId)
  lifecycle.check('tecknaAvtal', stodlagenhet, actorsOf(work.caller), { ...facts, body })
  const { avtalsform, hyraOre, tilltrade } = body
  await letOut(work, linkOf(stodlagenhet), { fran: tilltrade, kontraktsform: avtalsform, hyraOre })
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'avtalTecknat',
    ...body,
    hemforsakringTill: body.hemforsakringTill ?? null,
  })
}

/** `avtalTecknat` -> `iKo`: nobody moves in after all. The home is free, and the place in the queue the same. */
export async function voidLease(work: Work, id: string, ifMatch: IfMatch): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('havAvtal', stodlagenhet, actorsOf(work.caller))
  await voided(work, linkOf(stodlagenhet))
  return saveStodlagenhet(work, stodlagenhet, { ...unleased, tillstand: 'iKo' })
}

/** `avtalTecknat` -> `boende`: the first follow-up is UPPFOLJNING_FORSTA_MANADER after it. */
export async function moveIn(work: Work, id: string, ifMatch: IfMatch, body: Inflyttning): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('flyttaIn', stodlagenhet, actorsOf(work.caller), { body, today: work.today })
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'boende',
    nastaUppfoljning: monthsAfter(body.datum, work.config.UPPFOLJNING_FORSTA_MANADER),
    hemforsakringTill: body.hemforsakringTill ?? stodlagenhet.hemforsakringTill,
  })
}

/**
 * `boende` -> `bistandUpphor`: the assistance has ended with a day. The lease does not, until someone gives notice. Before
 * there is a lease: what is held is released, and the place in the queue can be closed.
 *
 * @throws 409 when there are children and no finished checklist
 */
export async function endAssistance(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: BistandetsUpphorande,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  const facts = { body, today: work.today, barnen: await childrenTried(work, stodlagenhet) }
  lifecycle.check('bistandetUpphor', stodlagenhet, actorsOf(work.caller), facts)
  const ended = { beslutTill: body.datum, bistandUpphort: body.datum }
  if (stodlagenhet.tillstand === 'iKo') return saveStodlagenhet(work, stodlagenhet, ended)
  if (stodlagenhet.tillstand !== 'boende') return recall(work, stodlagenhet, ended)
  return saveStodlagenhet(work, stodlagenhet, { ...ended, tillstand: 'bistandUpphor' })
}

/** `boende` -> `overtagande`: the landlord is asked whether the tenant can take over the lease. */
export async function tryTakeover(work: Work, id: string, ifMatch: IfMatch): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('provaOvertagande', stodlagenhet, actorsOf(work.caller))
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'overtagande',
    overtagandeProvat: work.today,
    overtagandeSvar: null,
    overtagandeOrsak: null,
  })
}

/** `overtagande` -> `overlaten`: the home leaves the pool with its tenant, which is the goal; or -> `boende`. */
export async function answerTakeover(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Overtagandesvar,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('svaraPaOvertagande', stodlagenhet, actorsOf(work.caller), { body, today: work.today })
  const forstahandDatum = body.forstahandDatum ?? null
  if (forstahandDatum === null)
    return saveStodlagenhet(work, stodlagenhet, {
      tillstand: 'boende',
      overtagandeSvar: body.svar,
      overtagandeOrsak: body.orsak ?? null,
    })
  await takenOver(work, linkOf(stodlagenhet), daysAfter(forstahandDatum, -1))
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'overlaten',
    overtagandeSvar: body.svar,
    forstahandDatum,
    nastaUppfoljning: null,
  })
}

/** Whether the children's situation is tried: a finished checklist with each of them, or no children. */
async function childrenTried(work: Work, { id, hushallId, arendeId }: StodlagenhetRad): Promise<boolean> {
  const children: { id: string }[] = await work.db.query(
    "SELECT p.id FROM person p WHERE p.hushall_id = $1 AND p.roll = 'barn'",
    [hushallId],
  )
  if (children.length === 0) return true
  // What was imported has no case: then one for the household itself is what there can be.
  const found = await finishedChecklist(work, {
    hushallId,
    arendeId: arendeId ?? id,
    barnIds: children.map(child => child.id),
  })
  return 'id' in found
}

/**
 * -> `uppsagd`: notice is given.
 *
 * @throws 409 when there are children and no finished checklist
 */
export async function giveNotice(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Stodlagenhetsuppsagning,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('sagUpp', stodlagenhet, actorsOf(work.caller), {
    body,
    today: work.today,
    barnen: await childrenTried(work, stodlagenhet),
    fromLandlord: fromLandlord(work),
  })
  await noticeGiven(work, linkOf(stodlagenhet), body.uppsagdTill)
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'uppsagd',
    uppsagdDatum: work.today,
    uppsagningsgrund: body.grund,
    uppsagdTill: body.uppsagdTill,
    socialnamndenMeddelad: body.socialnamndenMeddelad ?? null,
  })
}

/** `uppsagd` -> `boende`, or `bistandUpphor` when the assistance has ended: the debt is paid, or they have agreed. */
export async function withdrawNotice(work: Work, id: string, ifMatch: IfMatch): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('aterta', stodlagenhet, actorsOf(work.caller))
  await noticeWithdrawn(work, linkOf(stodlagenhet))
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: stodlagenhet.bistandUpphort === null ? 'boende' : 'bistandUpphor',
    uppsagdDatum: null,
    uppsagningsgrund: null,
    uppsagdTill: null,
    socialnamndenMeddelad: null,
  })
}

/** `uppsagd` or `bistandUpphor` -> `avflyttad`: the home is vacated. */
export async function moveOut(work: Work, id: string, ifMatch: IfMatch, body: Utflyttning): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('flyttaUt', stodlagenhet, actorsOf(work.caller), { body, today: work.today })
  await vacated(work, linkOf(stodlagenhet), body.datum)
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'avflyttad',
    utflyttad: body.datum,
    nastaUppfoljning: null,
  })
}

/** -> `avslutad`: how it ended. What was held or let is released already. */
export async function close(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Stodlagenhetsavslut,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  lifecycle.check('avsluta', stodlagenhet, actorsOf(work.caller), body)
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'avslutad',
    avslutadDatum: work.today,
    utfall: body.utfall,
  })
}
