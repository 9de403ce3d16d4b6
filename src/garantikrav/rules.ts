import { aterstar, coversMonth } from '../hyresgarantier/rules.ts'
import type { HyresgarantiRad } from '../hyresgarantier/schema.ts'
import type { Day } from '../shared/dates.ts'
import { kronor } from '../shared/money.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type { GarantikravRad, Kravbeslut, NyttGarantikrav } from './schema.ts'

const kanInteKravas = defineProblem(
  'garantin-kan-inte-kravas',
  409,
  'Krav kan inte ställas på garantin',
  'Hyresgarantin har inget avtal, är förbrukad eller är släppt av hyresvärden.',
)
const merAnAterstar = defineProblem(
  'mer-an-aterstar',
  409,
  'Kravet är större än vad som återstår',
  'Kravet överstiger det som återstår av garantin.',
)

/** Claims can come after the guarantee has ended, for months in its time; not after the landlord has let it go. */
const claimable: readonly HyresgarantiRad['tillstand'][] = [
  'aktiv',
  'avslutForeslaget',
  'uppsagd',
  'upphordTid',
  'upphordHyresavtal',
  'upphordUppsagd',
]

/** Why a claim cannot be received (domain §1.3: month in the guarantee's time, never more than remains). */
export function whyNotClaim(garanti: HyresgarantiRad, krav: NyttGarantikrav, today: Day): Refusal | null {
  if (!claimable.includes(garanti.tillstand)) return kanInteKravas()
  const refusal = incoherent([
    !coversMonth(garanti, krav.hyresmanad) && {
      pointer: '/hyresmanad',
      kod: 'utanfor-perioden',
      detail: `hyresmanad ligger utanför garantins tid, ${garanti.giltigFran} till ${garanti.giltigTill}.`,
    },
    krav.kravtBeloppOre > (garanti.manadshyraOre as number) && {
      pointer: '/kravtBeloppOre',
      kod: 'mer-an-manadshyran',
      detail: `kravtBeloppOre är högst månadshyran, ${kronor(garanti.manadshyraOre as number)} kr.`,
    },
    krav.inkommet !== undefined &&
      krav.inkommet > today && {
        pointer: '/inkommet',
        kod: 'i-framtiden',
        detail: 'inkommet kan inte ligga i framtiden.',
      },
  ])
  if (refusal) return refusal
  const left = aterstar(garanti)
  return krav.kravtBeloppOre > left ? merAnAterstar(`Av garantin återstår ${kronor(left)} kr.`) : null
}

/** Why a claim cannot be decided so: a simple guarantee pays only after failed collection. */
export function whyNotDecide(
  krav: GarantikravRad,
  { beslut, garanti }: { beslut: Kravbeslut; garanti: HyresgarantiRad },
): Refusal | null {
  const { utfall, godkantBeloppOre, avvisningsorsak, indrivningsbevisRef } = beslut
  if (utfall === 'avvisat')
    return incoherent([
      !avvisningsorsak && {
        pointer: '/avvisningsorsak',
        kod: 'saknas',
        detail: 'avvisningsorsak behövs när kravet avvisas.',
      },
      godkantBeloppOre != null && {
        pointer: '/godkantBeloppOre',
        kod: 'okant-falt',
        detail: 'godkantBeloppOre hör inte till ett avvisat krav.',
      },
    ])
  return incoherent([
    godkantBeloppOre == null && {
      pointer: '/godkantBeloppOre',
      kod: 'saknas',
      detail: 'godkantBeloppOre behövs när kravet godkänns.',
    },
    godkantBeloppOre != null &&
      godkantBeloppOre > krav.kravtBeloppOre && {
        pointer: '/godkantBeloppOre',
        kod: 'mer-an-kravet',
        detail: `godkantBeloppOre är högst det krävda, ${kronor(krav.kravtBeloppOre)} kr.`,
      },
    garanti.borgenstyp === 'enkel' &&
      !indrivningsbevisRef &&
      !krav.indrivningsbevisRef && {
        pointer: '/indrivningsbevisRef',
        kod: 'saknas',
        detail: 'Enkel borgen betalas först när indrivning har misslyckats: ange indrivningsbevisRef.',
      },
    avvisningsorsak != null && {
      pointer: '/avvisningsorsak',
      kod: 'okant-falt',
      detail: 'avvisningsorsak hör inte till ett godkänt krav.',
    },
  ])
}

/** A payment cannot be before its decision, nor on a day to come. */
export const whyNotPay = (
  krav: GarantikravRad,
  { utbetaltDatum, today }: { utbetaltDatum: Day; today: Day },
): Refusal | null =>
  incoherent([
    (utbetaltDatum > today || utbetaltDatum < (krav.beslutDatum as Day)) && {
      pointer: '/utbetaltDatum',
      kod: 'utanfor-granserna',
      detail: 'utbetaltDatum ska ligga mellan beslutet och i dag.',
    },
  ])
