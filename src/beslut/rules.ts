import type { Config } from '../config.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import { lastDayOfTime } from '../shared/holidays.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type { BeslutRad, DelegationRad, Delegationsupphorande, Delgivning, NyDelegation } from './schema.ts'

export const utanforDelegationen = defineProblem(
  'utanfor-delegationen',
  403,
  'Beslutet ligger utanför din delegation',
  'Ingen delegationspunkt ger dig rätt att fatta beslutet. `GET /v1/delegationer` visar vem som får.',
)
const redanDelgivet = defineProblem(
  'redan-delgivet',
  409,
  'Beslutet är redan delgivet',
  'Delgivningen är skriven och överklagandetiden löper från den.',
)

/** What a decision is, as far as a delegation looks at it. */
export type Delegerbart = Pick<BeslutRad, 'insats' | 'utfall' | 'giltigFran' | 'giltigTill'> & {
  garanteradeManader?: number | null
  manadshyraOre?: number | null
}
export type Delegat = { sub: string; roller: readonly string[] }

/** Why a point of the delegation does not cover a decision on a day, in a few Swedish words; null when it does. */
export function whyNotCovered(
  delegation: DelegationRad,
  beslut: Delegerbart,
  delegat: Delegat,
  today: Day,
): string | null {
  const { maxGiltighetManader, maxGaranteradeManader, maxManadshyraOre, delegater, roll } = delegation
  if (delegation.insats !== beslut.insats) return 'gäller en annan insats'
  if (delegation.giltigFran > today || (delegation.giltigTill !== null && delegation.giltigTill < today))
    return 'gäller inte i dag'
  if (!delegation.utfall.includes(beslut.utfall)) return `gäller ${delegation.utfall.join(' och ')}`
  if (!delegat.roller.includes(roll)) return `kräver rollen ${roll}`
  if (delegater !== null && !delegater.includes(delegat.sub)) return 'är given till andra personer'
  if (maxGiltighetManader !== null && beslut.giltigFran !== null) {
    const last = daysAfter(monthsAfter(beslut.giltigFran, maxGiltighetManader), -1)
    if (beslut.giltigTill === null || beslut.giltigTill > last)
      return `gäller högst ${maxGiltighetManader} ${maxGiltighetManader === 1 ? 'månad' : 'månader'}`
  }
  if (maxGaranteradeManader !== null && (beslut.garanteradeManader ?? 0) > maxGaranteradeManader)
    return `gäller högst ${maxGaranteradeManader} månadshyror`
  // A limit on a rent that is not known yet is no limit that is kept.
  if (
    maxManadshyraOre !== null &&
    beslut.utfall !== 'avslag' &&
    (beslut.manadshyraOre ?? maxManadshyraOre + 1) > maxManadshyraOre
  )
    return `gäller hyror till och med ${maxManadshyraOre / 100} kr`
  return null
}

/**
 * The last day to appeal: three weeks from delivery (FL 44 §), moved to the next working day when it falls on a
 * Saturday, Sunday or holiday (lag 1930:173).
 */
export const lastAppealDay = (delivered: Day, { OVERKLAGANDE_VECKOR }: Config): Day =>
  lastDayOfTime(daysAfter(delivered, 7 * OVERKLAGANDE_VECKOR))

/** An appeal is in time until that day; before the delivery the time does not run. */
export const inTime = ({ overklagasSenast }: Pick<BeslutRad, 'overklagasSenast'>, received: Day): boolean =>
  overklagasSenast === null || received <= overklagasSenast

/** A decision is delivered once, on a day that has been. */
export function whyNotDeliver(beslut: BeslutRad, { delgivenDatum }: Delgivning, today: Day): Refusal | null {
  if (beslut.delgivenDatum !== null) return redanDelgivet()
  return incoherent([
    (delgivenDatum < beslut.datum || delgivenDatum > today) && {
      pointer: '/delgivenDatum',
      kod: 'utanfor-granserna',
      detail: 'delgivenDatum ska ligga mellan beslutet och i dag.',
    },
  ])
}

/** What can be wrong between a delegation's own fields. */
export const whyNotDelegate = ({ giltigFran, giltigTill }: NyDelegation): Refusal | null =>
  incoherent([
    giltigTill != null &&
      giltigTill < giltigFran && {
        pointer: '/giltigTill',
        kod: 'fore-giltigFran',
        detail: 'giltigTill ska inte ligga före giltigFran.',
      },
  ])

/** A delegation ends today at the earliest: what was decided under it stays covered. */
export const whyNotEndDelegation = (
  { giltigFran, giltigTill: until }: DelegationRad,
  { giltigTill }: Delegationsupphorande,
  today: Day,
): Refusal | null =>
  incoherent([
    until !== null &&
      giltigTill > until && {
        pointer: '/giltigTill',
        kod: 'langre-an-nu',
        detail: `Delegationen upphör redan ${until}: den kan inte förlängas. För in en ny.`,
      },
    (giltigTill < today || giltigTill < giltigFran) && {
      pointer: '/giltigTill',
      kod: 'for-tidigt',
      detail: 'giltigTill ska vara i dag eller senare, och inte före giltigFran.',
    },
  ])
