import type { Config } from '../config.ts'
import { type Day, daysOfMonth, monthsAfter, wholeMonths } from '../shared/dates.ts'
import { lagrumFor } from '../shared/lagrum.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import { nextRoundDay } from './periods.ts'
import {
  type Avslut,
  avtalsfalt,
  genomgas,
  type HyresgarantiAndring,
  type HyresgarantiRad,
  iKraft,
  type Uppsagning,
} from './schema.ts'

export const oppetKrav = defineProblem(
  'oppet-krav',
  409,
  'Garantin har öppna krav',
  'Det finns krav som inte är avgjorda eller inte utbetalda. Avgör dem först.',
)
export const hyresvardenHarInteGodkant = defineProblem(
  'hyresvarden-har-inte-godkant',
  409,
  'Hyresvärden har inte godkänt',
  'Garantin kan avslutas som uppfylld först när hyresvärden har svarat godkant på avslutsförslaget.',
)
const lastFalt = defineProblem(
  'last-falt',
  409,
  'Fältet kan inte ändras längre',
  'Avtalets villkor är låsta när avtalet är tecknat, och beslutet ändras aldrig.',
)

const includes = <T extends string>(values: readonly T[], value: string): value is T =>
  (values as readonly string[]).includes(value)
export const isInForce = ({ tillstand }: Pick<HyresgarantiRad, 'tillstand'>): boolean => includes(iKraft, tillstand)

/** A claim that is not settled holds a part of the guarantee; so an open claim is an amount that is reserved. */
export const whyOpenClaim = ({ reserveratOre }: Pick<HyresgarantiRad, 'reserveratOre'>): Refusal | null =>
  reserveratOre > 0 ? oppetKrav() : null

/**
 * What can be wrong between a guarantee's own fields (domain §1.4).
 *
 * @param config limits of the municipality's own guarantees
 */
export function whyNotCoherent(garanti: HyresgarantiRad, today: Day, config: Config): Refusal | null {
  const { giltigFran, giltigTill, garantityp, beslutDatum, ansokanDatum, lagrum } = garanti
  const kommunal = garantityp === 'kommunal'
  const possible = lagrumFor(garantityp, beslutDatum).map(({ text }) => text)
  const months = giltigFran && giltigTill && giltigFran <= giltigTill ? wholeMonths(giltigFran, giltigTill) : 0
  return incoherent([
    beslutDatum > today && {
      pointer: '/beslutDatum',
      kod: 'i-framtiden',
      detail: 'beslutDatum kan inte ligga i framtiden.',
    },
    ansokanDatum !== null &&
      ansokanDatum > beslutDatum && {
        pointer: '/ansokanDatum',
        kod: 'efter-beslutet',
        detail: 'ansokanDatum kan inte ligga efter beslutDatum.',
      },
    !possible.includes(lagrum) && {
      pointer: '/lagrum',
      kod: 'lagrummet-galler-inte',
      detail: `lagrum gäller inte för garantitypen på beslutsdagen. Möjliga: ${possible.join(', ') || 'inget'}.`,
    },
    giltigFran !== null &&
      giltigTill !== null &&
      giltigTill <= giltigFran && {
        pointer: '/giltigTill',
        kod: 'fore-giltigFran',
        detail: 'giltigTill ska ligga efter giltigFran.',
      },
    kommunal &&
      garanti.kontraktsform === 'andrahand' && {
        pointer: '/kontraktsform',
        kod: 'krav-pa-forstahand',
        detail: 'En kommunal hyresgaranti förutsätter förstahandskontrakt.',
      },
    kommunal &&
      garanti.garanteradeManader > config.KOMMUNAL_MAX_MANADER && {
        pointer: '/garanteradeManader',
        kod: 'for-manga-manader',
        detail: `En kommunal hyresgaranti omfattar högst ${config.KOMMUNAL_MAX_MANADER} månadshyror.`,
      },
    kommunal &&
      months > config.KOMMUNAL_MAX_GARANTITID && {
        pointer: '/giltigTill',
        kod: 'for-lang-tid',
        detail: `En kommunal hyresgaranti gäller högst ${config.KOMMUNAL_MAX_GARANTITID} månader.`,
      },
    garanti.bidragStatus === 'sokt' &&
      garanti.bidragSokt === null && {
        pointer: '/bidragSokt',
        kod: 'saknas',
        detail: 'bidragSokt behövs när bidraget är sökt.',
      },
    garanti.bidragStatus === 'beviljat' &&
      garanti.bidragBeviljatOre === null && {
        pointer: '/bidragBeviljatOre',
        kod: 'saknas',
        detail: 'bidragBeviljatOre behövs när bidraget är beviljat.',
      },
  ])
}

/** Why some of the changed fields are fixed by now. */
export function whyLocked(garanti: HyresgarantiRad, changes: HyresgarantiAndring): Refusal | null {
  if (garanti.tillstand === 'beviljad') return null
  const locked = avtalsfalt.filter(field => field in changes)
  if (locked.length === 0) return null
  return lastFalt(`Avtalet är tecknat: ${locked.join(', ')} kan inte ändras.`, {
    errors: locked.map(field => ({
      pointer: `/${field}`,
      kod: 'last',
      detail: `${field} låstes när avtalet tecknades.`,
    })),
  })
}

/** What an agreement must say, and when it can be signed. */
export function whyNotSign(garanti: HyresgarantiRad, { today }: { today: Day }): Refusal | null {
  const required = ['hyresvardId', 'borgenstyp', 'manadshyraOre', 'giltigFran', 'giltigTill'] as const
  const { avtalTecknatDatum, beslutDatum, garantityp, kontraktsform } = garanti
  return incoherent([
    ...required.map(
      field =>
        garanti[field] === null && {
          pointer: `/${field}`,
          kod: 'saknas',
          detail: `${field} behövs för att teckna avtalet.`,
        },
    ),
    garantityp === 'kommunal' &&
      kontraktsform === null && {
        pointer: '/kontraktsform',
        kod: 'saknas',
        detail: 'kontraktsform behövs för en kommunal hyresgaranti.',
      },
    avtalTecknatDatum !== null &&
      avtalTecknatDatum < beslutDatum && {
        pointer: '/avtalTecknatDatum',
        kod: 'fore-beslutet',
        detail: 'avtalTecknatDatum kan inte ligga före beslutDatum.',
      },
    avtalTecknatDatum !== null &&
      avtalTecknatDatum > today && {
        pointer: '/avtalTecknatDatum',
        kod: 'i-framtiden',
        detail: 'avtalTecknatDatum kan inte ligga i framtiden.',
      },
    avtalTecknatDatum !== null &&
      avtalTecknatDatum > garanti.beviljadGiltigTill && {
        pointer: '/avtalTecknatDatum',
        kod: 'beslutet-har-forfallit',
        detail: 'Avtalet tecknades efter den sista dag som beslutet gäller.',
      },
  ])
}

/** Ending because the criteria are met needs the landlord's word and no open claim; an agreement needs neither. */
export function whyNotEnd(garanti: HyresgarantiRad, { avslutsorsak }: Pick<Avslut, 'avslutsorsak'>): Refusal | null {
  if (avslutsorsak === 'overenskommelse') return null
  if (garanti.tillstand !== 'avslutForeslaget' || garanti.vardensSvar !== 'godkant') return hyresvardenHarInteGodkant()
  return whyOpenClaim(garanti)
}

/** A notice may not end the guarantee before the time that guarantors promise landlords (domain §1.2). */
export function whyNotGiveNotice(
  garanti: HyresgarantiRad,
  { uppsagdTill, today, config }: Pick<Uppsagning, 'uppsagdTill'> & { today: Day; config: Config },
): Refusal | null {
  const earliest = monthsAfter(garanti.giltigFran as Day, config.UPPSAGNING_TIDIGAST_MANADER)
  return incoherent([
    uppsagdTill <= today && {
      pointer: '/uppsagdTill',
      kod: 'inte-framat',
      detail: 'uppsagdTill ska ligga efter i dag.',
    },
    uppsagdTill < earliest && {
      pointer: '/uppsagdTill',
      kod: 'for-tidigt',
      detail: `En uppsägning kan tidigast få verkan ${earliest}, ${config.UPPSAGNING_TIDIGAST_MANADER} månader efter giltigFran.`,
    },
  ])
}

/** A lease cannot be reported ended on a day to come. */
export const whyNotLeaseEnd = (_: HyresgarantiRad, { datum, today }: { datum: Day; today: Day }): Refusal | null =>
  incoherent([datum > today && { pointer: '/datum', kod: 'i-framtiden', detail: 'datum kan inte ligga i framtiden.' }])

/** What remains that the municipality can be made to pay. */
export const aterstar = ({ maxBeloppOre, reserveratOre, utbetaltOre }: HyresgarantiRad): number =>
  Math.max(0, (maxBeloppOre ?? 0) - reserveratOre - utbetaltOre)

/** Whether the state grant can be applied for (förordning 2007:623; domain §1.4): computed, never typed in. */
export const bidragsberattigad = (garanti: HyresgarantiRad): boolean =>
  garanti.avtalTecknatDatum !== null &&
  garanti.kontraktsform === 'forstahand' &&
  garanti.garanteradeManader >= 6 &&
  garanti.giltigFran !== null &&
  garanti.giltigTill !== null &&
  wholeMonths(garanti.giltigFran, garanti.giltigTill) >= 24 &&
  garanti.utanForsorjningsstod === true

/** The day of the guarantee's next review round, or null when it ends before, or is not reviewed. */
export function nastaGenomgang(garanti: HyresgarantiRad, today: Day, config: Config): Day | null {
  if (!includes(genomgas, garanti.tillstand)) return null
  const from = garanti.giltigFran !== null && garanti.giltigFran > today ? garanti.giltigFran : today
  const next = nextRoundDay(from, config)
  return garanti.giltigTill !== null && next > garanti.giltigTill ? null : next
}

/** Whether a rent month touches the time in which the guarantee holds; its first and last month may be broken. */
export function coversMonth({ giltigFran, giltigTill, avslutadDatum }: HyresgarantiRad, month: string): boolean {
  const { first, last } = daysOfMonth(month)
  return (
    giltigFran !== null &&
    giltigTill !== null &&
    last >= giltigFran &&
    first <= giltigTill &&
    (avslutadDatum === null || first < avslutadDatum)
  )
}
