import { letOut, noticeGiven, noticeWithdrawn, release, reserve, takenOver, vacated } from '../lagenheter/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { daysAfter } from '../shared/dates.ts'
import type { Work } from '../shared/work.ts'
import { lifecycle } from './lifecycle.ts'
import { atHome, firstTrial } from './rules.ts'
import type { BfAvslut, BfBoendeRad, BfErbjudande, BfInflyttning, Franvaro } from './schema.ts'
import { homeOf, type IfMatch, lockBoende, saveBoende } from './service.ts'

/** Whose home it is, to those who keep the homes. */
export const linkOf = ({ id }: BfBoendeRad) => ({ bfBoendeId: id })

/**
 * `matchning` or `byteAvBostad` -> `erbjuden`: the home is held for the person. One that the person has is kept.
 *
 * @throws 409 when the home is taken, 422 when it is not what the person wishes for
 */
export async function offerHome(work: Work, id: string, ifMatch: IfMatch, body: BfErbjudande): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  const [bostad] = await work.db.query('SELECT omrade, kategori FROM lagenhet WHERE id = $1', [body.lagenhetId])
  lifecycle.check('erbjud', boende, actorsOf(work.caller), { bostad, body, today: work.today })
  const { hushallId, skyddad } = boende
  const fran = body.fran ?? work.today
  await reserve(work, body.lagenhetId, { for: linkOf(boende), hushallId, skyddad, fran, till: null })
  return saveBoende(work, boende, { tillstand: 'erbjuden', lagenhetId: body.lagenhetId, nejOrsak: null })
}

/** `erbjuden` -> `matchning`, or back to the change of home: the person said no, and the home is no longer held. */
export async function refuseHome(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { orsak }: { orsak: BfBoendeRad['nejOrsak'] },
): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('tackaNej', boende, actorsOf(work.caller))
  const home = await homeOf(work, boende)
  await release(work, linkOf(boende))
  return saveBoende(work, boende, {
    tillstand: home ? 'byteAvBostad' : 'matchning',
    lagenhetId: home?.lagenhetId ?? null,
    nejOrsak: orsak,
  })
}

/** `erbjuden` -> `inflyttad` or `forstahand`. The home that the person had ends the day before, and a notice of it is over. */
export async function moveIn(work: Work, id: string, ifMatch: IfMatch, body: BfInflyttning): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  const home = await homeOf(work, boende)
  lifecycle.check('flyttaIn', boende, actorsOf(work.caller), { body, borSedan: home?.fran ?? null, today: work.today })
  const { kontraktsform, hyraOre, inflyttad } = body
  if (home) await vacated(work, linkOf(boende), daysAfter(inflyttad, -1))
  await letOut(work, linkOf(boende), { fran: inflyttad, kontraktsform, hyraOre })
  const sublet = kontraktsform === 'andrahand'
  return saveBoende(work, boende, {
    tillstand: sublet ? 'inflyttad' : 'forstahand',
    kontraktsform,
    skalAndrahand: body.skalAndrahand ?? null,
    overgangTidigast: body.overgangTidigast ?? null,
    overgangNasta: firstTrial(body),
    inflyttad: boende.inflyttad ?? inflyttad,
    forstahandDatum: sublet ? null : inflyttad,
    byteOrsak: null,
    bortaSedan: null,
    bortaOrsak: null,
    uppsagdDatum: null,
    uppsagdTill: null,
  })
}

/** `inflyttad`, `forstahand` or `uppsagd` -> `byteAvBostad`: another home is sought, and this one kept until the move. */
export async function seekAnotherHome(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { orsak }: { orsak: BfBoendeRad['byteOrsak'] },
): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('bytBostad', boende, actorsOf(work.caller))
  return saveBoende(work, boende, { tillstand: 'byteAvBostad', byteOrsak: orsak })
}

/** `byteAvBostad` -> as before: the person stays after all. A notice stands. */
export async function stay(work: Work, id: string, ifMatch: IfMatch): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('boKvar', boende, actorsOf(work.caller))
  return saveBoende(work, boende, { tillstand: atHome(boende), byteOrsak: null })
}

/** `inflyttad` or `forstahand` -> `tillfalligtBorta`: the home is kept. */
export async function goAway(work: Work, id: string, ifMatch: IfMatch, body: Franvaro): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('borta', boende, actorsOf(work.caller), { body, today: work.today })
  return saveBoende(work, boende, { tillstand: 'tillfalligtBorta', bortaSedan: body.sedan, bortaOrsak: body.orsak })
}

/** `tillfalligtBorta` -> `inflyttad` or `forstahand`, by the contract. */
export async function comeHome(work: Work, id: string, ifMatch: IfMatch): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('hemma', boende, actorsOf(work.caller))
  const back = { bortaSedan: null, bortaOrsak: null }
  return saveBoende(work, boende, { ...back, tillstand: atHome({ ...boende, ...back }) })
}

/** -> `uppsagd`: the landlord has given notice. Who seeks another home already goes on with that, and keeps what is held. */
export async function giveNotice(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { uppsagdTill }: { uppsagdTill: string },
): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('uppsagning', boende, actorsOf(work.caller), { uppsagdTill, today: work.today })
  await noticeGiven(work, linkOf(boende), uppsagdTill)
  const seeking = boende.tillstand === 'byteAvBostad' || boende.tillstand === 'erbjuden'
  const tillstand = seeking ? boende.tillstand : 'uppsagd'
  return saveBoende(work, boende, { tillstand, uppsagdDatum: work.today, uppsagdTill })
}

/** `uppsagd` -> as before the notice. Who seeks another home stays first. */
export async function withdrawNotice(work: Work, id: string, ifMatch: IfMatch): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('aterta', boende, actorsOf(work.caller))
  await noticeWithdrawn(work, linkOf(boende))
  const none = { uppsagdDatum: null, uppsagdTill: null }
  return saveBoende(work, boende, { tillstand: atHome({ ...boende, ...none }), ...none })
}

/**
 * -> `avslutad`: what the person had is vacated, and what was held for them is no longer. The support goes on. A home that
 * is the person's own leaves the pool with them, unless notice of it is given.
 */
export async function end(work: Work, id: string, ifMatch: IfMatch, body: BfAvslut): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  const home = await homeOf(work, boende)
  lifecycle.check('avsluta', boende, actorsOf(work.caller), { body, borSedan: home?.fran ?? null, today: work.today })
  if (boende.tillstand === 'erbjuden') await release(work, linkOf(boende))
  const own = boende.kontraktsform === 'forstahand' && body.utfall === 'egetBoende' && home?.till === null
  if (home) await (own ? takenOver : vacated)(work, linkOf(boende), body.datum)
  return saveBoende(work, boende, {
    tillstand: 'avslutad',
    lagenhetId: home?.lagenhetId ?? null,
    overgangNasta: null,
    avslutadDatum: body.datum,
    utfall: body.utfall,
  })
}
