import type { HyresgarantiRad } from '../hyresgarantier/schema.ts'
import type { Kriterieuppsattning } from '../hyresvardar/schema.ts'
import { type Day, wholeMonths } from '../shared/dates.ts'
import { defineProblem, type Refusal } from '../shared/refusals.ts'
import type { Bedomning, GenomgangRad, Genomgangssvar, Genomgangsutfall } from './schema.ts'

export const kriteriernaInteUppfyllda = defineProblem(
  'kriterierna-ar-inte-uppfyllda',
  409,
  'Hyresvärdens kriterier är inte uppfyllda',
  'Garantin kan avslutas i genomgången först när alla hyresvärdens kriterier är uppfyllda och inga krav är öppna.',
)

/** The part of a guarantee that an assessment looks at. */
export type Bedomd = Pick<HyresgarantiRad, 'giltigFran' | 'reserveratOre'>

/** The landlord's answer, or null before there is one. */
export function answerOf(rad: GenomgangRad): Genomgangssvar | null {
  if (rad.besvarad === null) return null
  const {
    manaderITid,
    forsenadeBetalningar,
    storningar,
    hyresskuldOre,
    rekommenderarAvslut,
    hemforsakring,
    kommentar,
  } = rad
  return {
    manaderITid,
    forsenadeBetalningar,
    storningar,
    hyresskuldOre,
    rekommenderarAvslut,
    hemforsakring,
    kommentar,
  } as Genomgangssvar
}

/** Same answer as is registered? Then nothing is written, and the landlord is told so. */
export const sameAnswer = (a: Genomgangssvar, b: Genomgangssvar): boolean =>
  (Object.keys(a) as (keyof Genomgangssvar)[]).every(field => a[field] === b[field])

type Varde = number | boolean | null
type Kriterium = Bedomning['kriterier'][number]

/** Met, not met, or unknown when there is no value to judge by. A criterion that the landlord has not set is left out. */
function judge(
  kod: Kriterium['kod'],
  krav: Varde | undefined,
  varde: Varde | undefined,
  met: (varde: never, krav: never) => boolean,
): Kriterium[] {
  if (krav == null || krav === false) return []
  if (varde == null) return [{ kod, krav, varde: null, utfall: 'okant' }]
  return [{ kod, krav, varde, utfall: met(varde as never, krav as never) ? 'uppfyllt' : 'ejUppfyllt' }]
}

const atLeast = (varde: number, krav: number) => varde >= krav
const atMost = (varde: number, krav: number) => varde <= krav

/**
 * What the landlord's criteria say of a tenancy on a day, and what follows: end, go on, or do something about debt or
 * disturbances before they become a claim or an eviction.
 */
export function assess(
  svar: Genomgangssvar | null,
  kriterier: Kriterieuppsattning | null,
  garanti: Bedomd,
  today: Day,
): Bedomning {
  const garantitid =
    garanti.giltigFran !== null && garanti.giltigFran <= today ? wholeMonths(garanti.giltigFran, today) : 0
  const judged = [
    ...judge('minManaderITid', kriterier?.minManaderITid, svar?.manaderITid, atLeast),
    ...judge('maxStorningar', kriterier?.maxStorningar, svar?.storningar, atMost),
    ...judge('maxHyresskuldOre', kriterier?.maxHyresskuldOre, svar?.hyresskuldOre, atMost),
    ...judge('minGarantitidManader', kriterier?.minGarantitidManader, garantitid, atLeast),
    ...judge('kravHemforsakring', kriterier?.kravHemforsakring, svar?.hemforsakring, (has: boolean) => has),
  ]
  return { ...propose(svar, kriterier, judged, garanti), kriterier: judged }
}

function propose(
  svar: Genomgangssvar | null,
  kriterier: Kriterieuppsattning | null,
  judged: Kriterium[],
  { reserveratOre }: Bedomd,
): Pick<Bedomning, 'forslag' | 'skal'> {
  if (svar === null) return { forslag: null, skal: 'Hyresvärden har inte svarat.' }
  if (svar.hyresskuldOre > (kriterier?.maxHyresskuldOre ?? 0))
    return { forslag: 'atgard', skal: 'Det finns en hyresskuld: kontakta hyresgästen innan den blir ett krav.' }
  if (svar.storningar > (kriterier?.maxStorningar ?? 0))
    return { forslag: 'atgard', skal: 'Det finns störningar: kontakta hyresgästen innan de blir en uppsägning.' }
  const missing = judged.filter(({ utfall }) => utfall !== 'uppfyllt').map(({ kod }) => kod)
  if (missing.length > 0) return { forslag: 'fortsatt', skal: `Inte uppfyllt eller okänt: ${missing.join(', ')}.` }
  if (reserveratOre > 0) return { forslag: 'fortsatt', skal: 'Kriterierna är uppfyllda men det finns öppna krav.' }
  if (judged.length === 0)
    return svar.rekommenderarAvslut
      ? { forslag: 'avsluta', skal: 'Hyresvärden har inga kriterier och samtycker till avslut.' }
      : { forslag: 'fortsatt', skal: 'Hyresvärden har inga kriterier och har inte samtyckt till avslut.' }
  return {
    forslag: 'avsluta',
    skal: svar.rekommenderarAvslut
      ? 'Alla kriterier är uppfyllda och hyresvärden samtycker.'
      : 'Alla kriterier är uppfyllda.',
  }
}

/** Ending in a review needs every criterion met; going on, or acting, is always open to the person who decides. */
export function whyNotDecide(
  _: GenomgangRad,
  { beslut, bedomning }: { beslut: Genomgangsutfall; bedomning: Bedomning },
): Refusal | null {
  if (beslut.utfall !== 'avsluta') return null
  const missing = bedomning.kriterier.filter(({ utfall }) => utfall !== 'uppfyllt').map(({ kod }) => kod)
  if (bedomning.forslag === null)
    return kriteriernaInteUppfyllda('Hyresvärden har inte svarat, så kriterierna kan inte bedömas.')
  return missing.length > 0
    ? kriteriernaInteUppfyllda(`Inte uppfyllt eller okänt: ${missing.join(', ')}. Välj fortsatt eller atgard.`)
    : null
}
