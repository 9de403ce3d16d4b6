import { lockBoenden } from '../bostad-forst/moves.ts'
import { whyNotOffer } from '../bostad-forst/rules.ts'
import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { uppgifterHangerInteIhop } from '../shared/refusals.ts'
import type { Work } from '../shared/work.ts'
import { lockStodlagenheter } from '../stodlagenheter/moves.ts'
import { placeAmongFitting } from '../stodlagenheter/queue.ts'
import { type Bostad, whyNotPropose } from '../stodlagenheter/rules.ts'
import { discloseFlyttlankar } from '../utlamnanden/service.ts'
import { lankLifecycle, lifecycle } from './lifecycle.ts'
import { fall } from './moving.ts'
import { answered, processField, svarsfalt, whyNotFortur, whyNotMove } from './rules.ts'
import type { FlyttlankRad, Flyttlanksvar, NyFlyttlank } from './schema.ts'
import {
  forturOf,
  type Hel,
  type IfMatch,
  insertLank,
  lankOf,
  lockKedja,
  readKedja,
  saveKedja,
  saveLank,
  throwIf,
} from './service.ts'

/**
 * Why the home that is freed cannot be had by this one: it is for something else, or, of a stödlägenhet, somebody before
 * in the queue could take it and no reason is given.
 *
 * @returns the place among those whom it fits, for who waits in the queue
 */
async function checkFit(work: Work, flyttande: Flyttare, body: NyFlyttlank): Promise<number | null> {
  if (body.lagenhetId === undefined) return null
  const [bostad]: (Bostad & { kategori: string })[] = await work.db.query(
    'SELECT l.rum, l.hyra_ore AS "hyraOre", l.omrade, l.tillganglighet, l.kategori FROM lagenhet l WHERE l.id = $1',
    [body.lagenhetId],
  )
  const { lagenhetId, skalForAvsteg } = body
  if (flyttande.slag === 'bostadForst') {
    throwIf(whyNotOffer(flyttande.rad, { bostad, body: { lagenhetId }, today: work.today }))
    return null
  }
  const waits = flyttande.rad.tillstand === 'iKo'
  const plats = bostad && waits ? await placeAmongFitting(work, flyttande.rad.id, bostad) : 1
  throwIf(whyNotPropose(flyttande.rad, { bostad, body: { lagenhetId, skalForAvsteg }, plats, today: work.today }))
  return waits ? plats : null
}

type Flyttare =
  | { slag: 'stodlagenhet'; rad: Awaited<ReturnType<typeof lockStodlagenheter>>[number] }
  | { slag: 'bostadForst'; rad: Awaited<ReturnType<typeof lockBoenden>>[number] }

async function lockFlyttare(work: Work, { kedja }: Hel, body: NyFlyttlank): Promise<Flyttare> {
  const [stod] = body.stodlagenhetId ? await lockStodlagenheter(work, [body.stodlagenhetId]) : []
  if (stod) return { slag: 'stodlagenhet', rad: stod }
  const [bf] = body.bfBoendeId ? await lockBoenden(work, [body.bfBoendeId]) : []
  if (bf) return { slag: 'bostadForst', rad: bf }
  const field = processField[kedja.insats]
  const detail = `${field} finns inte, eller så får du inte veta om den finns.`
  throw uppgifterHangerInteIhop(detail, { errors: [{ pointer: `/${field}`, kod: 'finns-inte', detail }] })
}

/**
 * Adds a link after the last: the first leaves a sublet for the landlord's home, each other takes the home that the one
 * before leaves. The parties are told of it, without names; never of a protected household.
 *
 * @throws 409 when the household or a home is in a chain already, 422 when the link does not go with what is registered
 */
export async function addLink(work: Work, id: string, ifMatch: IfMatch, body: NyFlyttlank): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch, body)
  const { kedja, lankar } = hel
  lifecycle.check('laggTill', kedja, actorsOf(work.caller), { lankar, body, today: work.today })
  const flyttare = await lockFlyttare(work, hel, body)
  const { hushallId, skyddad, lagenhetId } = flyttare.rad
  const previous = lankar.at(-1)
  const ordning = lankar.length + 1
  throwIf(
    whyNotMove(
      kedja.insats,
      { ordning, franLagenhetId: lagenhetId },
      // A first-hand tenant has nothing to leave a chain for.
      flyttare.slag === 'bostadForst' && ordning === 1 && flyttare.rad.kontraktsform !== 'andrahand'
        ? undefined
        : flyttare.rad,
    ),
  )
  if (body.forturId != null)
    throwIf(whyNotFortur(await forturOf(work, body.forturId), { hushallId, hyresvardId: kedja.hyresvardId }))
  const plats = await checkFit(work, flyttare, body)
  const kept = await saveKedja(work, kedja, {})
  const lank: FlyttlankRad = {
    id: newId(work.now),
    version: 1,
    flyttkedjaId: kedja.id,
    // That of a protected household hides the chain, and with it this one: the database sees to both.
    kedjaSkyddad: kedja.skyddad,
    ordning,
    efterId: previous?.id ?? null,
    tillstand: lankLifecycle.initial,
    hushallId,
    skyddad,
    stodlagenhetId: body.stodlagenhetId ?? null,
    bfBoendeId: body.bfBoendeId ?? null,
    forturId: body.forturId ?? null,
    franLagenhetId: lagenhetId,
    tillLagenhetId: body.lagenhetId ?? null,
    tillHyresvardId: previous ? null : kedja.hyresvardId,
    tillObjektnummer: body.objektnummer ?? null,
    flyttdag: body.flyttdag,
    plats,
    skalForAvsteg: body.skalForAvsteg ?? null,
    hushalletsSvar: null,
    hyresvardensSvar: null,
    serviceforvaltningensSvar: null,
    nejOrsak: null,
    genomfordDatum: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertLank(work, lank)
  await discloseFlyttlankar(work, [lank.id], 'lank')
  return { kedja: kept, lankar: [...lankar, lank] }
}

/** Takes the last link away, while the chain is planned. */
export async function removeLink(work: Work, id: string, lankId: string, ifMatch: IfMatch): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch)
  const { kedja, lankar } = hel
  const actors = actorsOf(work.caller)
  lifecycle.check('taBort', kedja, actors)
  const lank = lankOf(hel, lankId)
  lankLifecycle.check('taBort', lank, actors, { lankar })
  await saveLank(work, lank, { tillstand: 'borttagen' })
  const kept = await saveKedja(work, kedja, {})
  return { kedja: kept, lankar: lankar.filter(one => one !== lank) }
}

/** An answer to a link. A no breaks the chain: nobody is left with half of it. */
async function answer(work: Work, hel: Hel, lank: FlyttlankRad, svar: Flyttlanksvar): Promise<void> {
  const actors = actorsOf(work.caller)
  lifecycle.check('svara', hel.kedja, actors)
  lankLifecycle.check('svara', lank, actors, { svar, kedjan: hel.kedja.tillstand })
  const given = { [svarsfalt[svar.part]]: svar.svar, nejOrsak: svar.orsak ?? null }
  if (svar.svar === 'ja') {
    await saveLank(work, lank, { ...given, tillstand: answered({ ...lank, ...given }) })
    await saveKedja(work, hel.kedja, {})
    return
  }
  // Written with the fall: a link is not ready for a moment with a no in it.
  const refused = { ...lank, ...given }
  await fall(work, { ...hel, lankar: hel.lankar.map(one => (one === lank ? refused : one)) }, 'nej')
}

/** An answer that came by hand, written down by who plans the chain. */
export async function answerLink(
  work: Work,
  id: string,
  lankId: string,
  ifMatch: IfMatch,
  body: Flyttlanksvar,
): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch)
  await answer(work, hel, lankOf(hel, lankId), body)
  return readKedja(work, id)
}

/** A party's own answer. If-Match is the link's. @throws 404 unless `isOwn` says that it may see the link */
export async function answerOwnLink(
  work: Work,
  flyttkedjaId: string,
  lankId: string,
  ifMatch: IfMatch,
  svar: Flyttlanksvar,
): Promise<void> {
  const hel = await lockKedja(work, flyttkedjaId, () => {})
  const lank = lankOf(hel, lankId)
  ifMatch(lank.version)
  await answer(work, hel, lank, svar)
}
