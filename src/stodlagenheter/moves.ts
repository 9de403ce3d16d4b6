import { cancelMove, planMove, postponeMove } from '../lagenheter/moves.ts'
import { letOut, vacated } from '../lagenheter/service.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseStodlagenhet, discloseStodlagenhetNames } from '../utlamnanden/service.ts'
import { BostadsforslagEntity, StodlagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { linkOf } from './proposals.ts'
import type { BostadsforslagRad, StodlagenhetRad, Stodlagenhetsavtal } from './schema.ts'
import { saveStodlagenhet } from './service.ts'
import { leaseFacts, moveIn, sign } from './tenancy.ts'

const system = ['system']
/** The chain of moves has been read at a version; what it moves follows from it. */
const anyVersion = () => {}

/** Many at once, in one order, for a chain of moves. The caller holds their households. */
export function lockStodlagenheter(work: Work, ids: string[]): Promise<StodlagenhetRad[]> {
  return work.db.query(
    `SELECT ${selectList(StodlagenhetEntity, 's')} FROM stodlagenhet s WHERE s.id = ANY ($1) ORDER BY s.id FOR UPDATE`,
    [ids],
  )
}

/** What a link in a chain of moves says of a home. */
type Flytt = { lagenhetId: string | null; flyttdag: Day; plats: number | null; skalForAvsteg: string | null }

/**
 * Promises a move in a chain. Who waits in the queue is allotted the home (`iKo` -> `tilldelad`): the proposal is kept
 * with its place and reason as any other, and serviceförvaltningen is told who it is for. Who lives in a home stays so.
 */
export async function promiseMove(work: Work, stodlagenhet: StodlagenhetRad, flytt: Flytt): Promise<void> {
  const { id, hushallId, skyddad } = stodlagenhet
  const { lagenhetId, flyttdag, plats, skalForAvsteg } = flytt
  const leaves = stodlagenhet.lagenhetId !== null
  if (!leaves) lifecycle.check('lovaIKedja', stodlagenhet, system, work.today)
  await planMove(work, linkOf(stodlagenhet), { leaves, lagenhetId, fran: flyttdag, hushallId, skyddad })
  if (leaves || lagenhetId === null) return
  const forslag: BostadsforslagRad = {
    id: newId(work.now),
    version: 1,
    stodlagenhetId: id,
    hushallId,
    skyddad,
    lagenhetId,
    datum: work.today,
    plats: plats ?? 1,
    skalForAvsteg,
    foreslagenAv: work.caller.sub,
    svar: 'accepterat',
    svarDatum: work.today,
    orsak: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, BostadsforslagEntity, [forslag])
  await saveStodlagenhet(work, stodlagenhet, { tillstand: 'tilldelad', lagenhetId })
  await discloseStodlagenhet(work, id)
  await discloseStodlagenhetNames(work, id)
}

/** The chain is broken: as when a proposal is withdrawn, back to the queue where the place is the same; or the tenancy goes on. A signed lease stands. */
export async function takeBackMove(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  lagenhetId: string | null,
): Promise<void> {
  await cancelMove(work, linkOf(stodlagenhet))
  if (stodlagenhet.tillstand !== 'tilldelad' || stodlagenhet.lagenhetId !== lagenhetId) return
  await saveStodlagenhet(work, stodlagenhet, { tillstand: 'iKo', lagenhetId: null })
}

/** Another day of a promised move. */
export const changeMoveDay = (work: Work, stodlagenhet: StodlagenhetRad, flyttdag: Day): Promise<void> =>
  postponeMove(work, linkOf(stodlagenhet), flyttdag)

/** `boende` -> `avslutad`: the tenant has a contract of their own in another home, and the sublet is free for the next. */
export async function leaveForOwn(work: Work, stodlagenhet: StodlagenhetRad, day: Day): Promise<void> {
  lifecycle.check('flyttaTillEget', stodlagenhet, system)
  const last = daysAfter(day, -1)
  await vacated(work, linkOf(stodlagenhet), last)
  await saveStodlagenhet(work, stodlagenhet, {
    tillstand: 'avslutad',
    forstahandDatum: day,
    utflyttad: last,
    nastaUppfoljning: null,
    avslutadDatum: work.today,
    utfall: 'egetKontrakt',
  })
}

/** A tenancy in another stödlägenhet on a new lease: the home that is left goes on to the next in the chain. */
async function changeHome(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  lagenhetId: string,
  avtal: Stodlagenhetsavtal,
): Promise<void> {
  const facts = await leaseFacts(work, stodlagenhet, lagenhetId)
  lifecycle.check('bytBostadIKedja', stodlagenhet, system, { ...facts, body: avtal })
  const { tilltrade, avtalsform, hyraOre } = avtal
  await vacated(work, linkOf(stodlagenhet), daysAfter(tilltrade, -1))
  await letOut(work, linkOf(stodlagenhet), { fran: tilltrade, kontraktsform: avtalsform, hyraOre })
  await saveStodlagenhet(work, stodlagenhet, {
    ...avtal,
    hemforsakringTill: avtal.hemforsakringTill ?? null,
    lagenhetId,
    nastaUppfoljning: monthsAfter(tilltrade, work.config.UPPFOLJNING_FORSTA_MANADER),
  })
}

/**
 * Moves to the home that the chain has come to. Who waited signs and moves in, as far as that is not done already; who
 * has another home leaves it.
 *
 * @param avtal the lease; null when it is signed already
 */
export async function carryOutMove(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  { lagenhetId, avtal, day }: { lagenhetId: string; avtal: Stodlagenhetsavtal | null; day: Day },
): Promise<void> {
  const { id, tillstand } = stodlagenhet
  if (stodlagenhet.lagenhetId !== lagenhetId) {
    if (avtal) await changeHome(work, stodlagenhet, lagenhetId, avtal)
    return
  }
  if (tillstand === 'tilldelad' && avtal) await sign(work, id, anyVersion, avtal)
  if (tillstand !== 'boende') await moveIn(work, id, anyVersion, { datum: day })
}
