import * as bostadForst from '../bostad-forst/moves.ts'
import { actorsOf } from '../shared/caller.ts'
import { type Day, latest } from '../shared/dates.ts'
import { finnsInte, inPart } from '../shared/refusals.ts'
import type { Work } from '../shared/work.ts'
import * as stodlagenhet from '../stodlagenheter/moves.ts'
import { discloseFlyttlankar } from '../utlamnanden/service.ts'
import { lankLifecycle, lifecycle } from './lifecycle.ts'
import { carriedOut, type Flyttande, whyNotMove } from './rules.ts'
import type { Flyttavbrott, Flyttgenomforande, FlyttkedjaRad, FlyttlankRad } from './schema.ts'
import {
  forturOf,
  type Hel,
  type IfMatch,
  lankOf,
  lockKedja,
  readKedja,
  saveKedja,
  saveLank,
  saveLankar,
  throwIf,
} from './service.ts'

/** Whose move a link is, as each kind of help does it. */
type Mover = {
  state: Flyttande
  /** The lease on the new home is signed already, by the commands of the help itself. */
  hasLease: (lank: FlyttlankRad) => boolean
  promise: (lank: FlyttlankRad) => Promise<void>
  takeBack: (lank: FlyttlankRad) => Promise<void>
  changeDay: (day: Day) => Promise<void>
  carryOut: (lank: FlyttlankRad, body: Flyttgenomforande) => Promise<void>
}

/** Those who move, locked in one order, by link. */
async function lockMovers(work: Work, { lankar }: Hel): Promise<Map<string, Mover>> {
  const idsOf = (field: 'stodlagenhetId' | 'bfBoendeId') => lankar.flatMap(lank => lank[field] ?? [])
  const stod = await stodlagenhet.lockStodlagenheter(work, idsOf('stodlagenhetId'))
  const bf = await bostadForst.lockBoenden(work, idsOf('bfBoendeId'))
  const movers = new Map<string, Mover>()
  for (const row of stod)
    movers.set(row.id, {
      state: row,
      hasLease: lank => row.lagenhetId === lank.tillLagenhetId && ['avtalTecknat', 'boende'].includes(row.tillstand),
      promise: lank => stodlagenhet.promiseMove(work, row, { ...lank, lagenhetId: lank.tillLagenhetId }),
      takeBack: lank => stodlagenhet.takeBackMove(work, row, lank.tillLagenhetId),
      changeDay: day => stodlagenhet.changeMoveDay(work, row, day),
      carryOut: async ({ tillLagenhetId }, { datum, stodlagenhet: avtal }) => {
        if (tillLagenhetId === null) return stodlagenhet.leaveForOwn(work, row, datum)
        const lease = avtal ? { ...avtal, tilltrade: datum } : null
        await inPart(
          '/stodlagenhet',
          stodlagenhet.carryOutMove(work, row, { lagenhetId: tillLagenhetId, avtal: lease, day: datum }),
        )
      },
    })
  for (const row of bf)
    movers.set(row.id, {
      state: row,
      hasLease: lank => row.lagenhetId === lank.tillLagenhetId && row.tillstand !== 'erbjuden',
      promise: lank => bostadForst.promiseMove(work, row, { ...lank, lagenhetId: lank.tillLagenhetId }),
      takeBack: lank => bostadForst.takeBackMove(work, row, lank.tillLagenhetId),
      changeDay: day => bostadForst.changeMoveDay(work, row, day),
      carryOut: async ({ tillLagenhetId }, { datum, bostadForst: kontrakt }) => {
        if (tillLagenhetId === null) return bostadForst.leaveForOwn(work, row, datum)
        if (kontrakt)
          await inPart('/bostadForst', bostadForst.carryOutMove(work, row, { ...kontrakt, inflyttad: datum }))
      },
    })
  return movers
}
function moverOf(movers: Map<string, Mover>, lank: FlyttlankRad): Mover {
  const mover = movers.get(lank.stodlagenhetId ?? (lank.bfBoendeId as string))
  if (!mover) throw finnsInte()
  return mover
}

const isOpen = ({ tillstand }: FlyttlankRad) => tillstand === 'planerad' || tillstand === 'klar'

/**
 * `planerad` -> `klar`: everyone has said yes, and every home is promised from its day. In the chain's order, one
 * statement's work a link: each home has a last day before it is promised on. The parties are told the names.
 *
 * @throws 409 when someone has not answered, has moved meanwhile, or a home is taken: then nothing is promised
 */
export async function markReady(work: Work, id: string, ifMatch: IfMatch): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch)
  const { kedja } = hel
  lifecycle.check('klarmarkera', kedja, actorsOf(work.caller), { lankar: hel.lankar })
  const movers = await lockMovers(work, hel)
  const lankar = hel.lankar.map(lank => ({ ...lank, flyttdag: latest(lank.flyttdag, work.today) }))
  for (const lank of lankar) {
    const mover = moverOf(movers, lank)
    throwIf(whyNotMove(kedja.insats, lank, mover.state))
    await mover.promise(lank)
  }
  await saveLankar(work, lankar, ['flyttdag'])
  await saveKedja(work, kedja, { tillstand: 'klar', klarDatum: work.today })
  await discloseFlyttlankar(
    work,
    lankar.map(lank => lank.id),
    'namn',
  )
  return readKedja(work, id)
}

/**
 * Carries out a link: the household has moved, and the home that it left is the next one's. Later links that were to be
 * carried out before this day are moved to it.
 */
export async function carryOut(
  work: Work,
  id: string,
  lankId: string,
  ifMatch: IfMatch,
  body: Flyttgenomforande,
): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch)
  const { kedja, lankar } = hel
  const actors = actorsOf(work.caller)
  lifecycle.check('genomfor', kedja, actors)
  const lank = lankOf(hel, lankId)
  const movers = await lockMovers(work, hel)
  const mover = moverOf(movers, lank)
  lankLifecycle.check('genomfor', lank, actors, {
    previous: lankar.find(({ ordning }) => ordning === lank.ordning - 1),
    body,
    insats: kedja.insats,
    hasLease: mover.hasLease(lank),
    fortur: await forturOf(work, lank.forturId),
    today: work.today,
  })
  const late = lankar.filter(one => one.ordning > lank.ordning && one.flyttdag < body.datum)
  // From the end: nobody gets a home before the one who leaves it.
  for (const one of [...late].reverse()) await moverOf(movers, one).changeDay(body.datum)
  await mover.changeDay(body.datum)
  await mover.carryOut(lank, body)
  await saveLankar(
    work,
    late.map(one => ({ ...one, flyttdag: body.datum })),
    ['flyttdag'],
  )
  const done = await saveLank(work, lank, { tillstand: 'genomford', genomfordDatum: body.datum })
  const tillstand = carriedOut(lankar.map(one => (one === lank ? done : one)))
  await saveKedja(work, kedja, { tillstand, avslutadDatum: tillstand === 'genomford' ? work.today : null })
  return readKedja(work, id)
}

/**
 * -> `bruten`: what is not carried out goes back, all of it in one transaction: homes are no longer promised, who waited
 * has the place in the queue, tenancies go on. What is carried out stands.
 */
export async function fall(work: Work, hel: Hel, avbrottsskal: FlyttkedjaRad['avbrottsskal']): Promise<void> {
  const open = hel.lankar.filter(isOpen)
  const movers = await lockMovers(work, hel)
  // From the end: a home is no longer promised to the next before its tenant keeps it.
  if (hel.kedja.tillstand !== 'planerad')
    for (const lank of [...open].reverse()) await moverOf(movers, lank).takeBack(lank)
  await saveLankar(
    work,
    open.map(lank => ({ ...lank, tillstand: 'fallen' as const })),
    ['tillstand', 'hushalletsSvar', 'hyresvardensSvar', 'serviceforvaltningensSvar', 'nejOrsak'],
  )
  await saveKedja(work, hel.kedja, { tillstand: 'bruten', avslutadDatum: work.today, avbrottsskal })
}

/** Breaks a chain: a decision has ended, a home is not to be had, or something else. */
export async function breakOff(work: Work, id: string, ifMatch: IfMatch, { skal }: Flyttavbrott): Promise<Hel> {
  const hel = await lockKedja(work, id, ifMatch)
  lifecycle.check('avbryt', hel.kedja, actorsOf(work.caller))
  await fall(work, hel, skal)
  return readKedja(work, id)
}
