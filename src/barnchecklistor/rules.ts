import { defineProblem, type FieldError, felTillstand, incoherent, type Refusal } from '../shared/refusals.ts'
import {
  type BarnchecklistaRad,
  type Barnchecklisteutkast,
  type NyBarnchecklistemall,
  type Punkt,
  svarsord,
} from './schema.ts'

export const ingenMall = defineProblem(
  'ingen-barnchecklistemall',
  409,
  'Ingen mall gäller i dag',
  'Det finns ingen mall för barnchecklistan som gäller i dag. Administratören för in en.',
)

const wrong = (pointer: string, kod: string, detail: string): FieldError => ({ pointer, kod, detail })

/** Places of what stands more than once, but for the first. */
const repeated = (values: string[]): number[] =>
  values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []))

/** A template's points are told apart by their codes. */
export const whyNotTemplate = ({ punkter }: Pick<NyBarnchecklistemall, 'punkter'>): Refusal | null =>
  incoherent(
    repeated(punkter.map(({ kod }) => kod)).map(place =>
      wrong(`/punkter/${place}/kod`, 'tva-ganger', 'En punkt med samma kod står tidigare i mallen.'),
    ),
  )

/** Only a household with children has a checklist. */
export const whyNotBegin = (barnIds: readonly string[]): Refusal | null =>
  incoherent([barnIds.length === 0 && wrong('/hushallId', 'inga-barn', 'Hushållet har ingen person med rollen barn.')])

const fits: Record<Punkt['svarstyp'], { when: (svar: string | number) => boolean; accepts: string }> = {
  jaNejEjAktuellt: {
    when: svar => (svarsord as readonly (string | number)[]).includes(svar),
    accepts: svarsord.join(', '),
  },
  text: { when: svar => typeof svar === 'string', accepts: 'en text' },
  skala: { when: svar => typeof svar === 'number', accepts: 'ett heltal från 1 till 5' },
}

/** Why a draft cannot be kept: anything may be missing, but what is there must be the template's and the household's. */
export function whyNotSave(
  { tillstand }: Pick<BarnchecklistaRad, 'tillstand'>,
  { svar = [], barn = [] }: Barnchecklisteutkast,
  { punkter, barnIds }: { punkter: readonly Punkt[]; barnIds: readonly string[] },
): Refusal | null {
  if (tillstand !== 'paborjad')
    return felTillstand('En klar barnchecklista ändras inte: revidera den, och fyll i den nya.')
  return incoherent([
    ...svar.map(({ kod, svar: given }, place) => {
      const punkt = punkter.find(one => one.kod === kod)
      if (!punkt) return wrong(`/svar/${place}/kod`, 'okand-punkt', 'Mallen har ingen punkt med den koden.')
      const { when, accepts } = fits[punkt.svarstyp]
      return !when(given) && wrong(`/svar/${place}/svar`, 'fel-svarstyp', `Punkten besvaras med ${accepts}.`)
    }),
    ...repeated(svar.map(({ kod }) => kod)).map(place =>
      wrong(`/svar/${place}/kod`, 'tva-ganger', 'Punkten är redan besvarad tidigare i listan.'),
    ),
    ...barn.map(
      ({ personId }, place) =>
        !barnIds.includes(personId) &&
        wrong(`/barn/${place}/personId`, 'inte-barn-i-hushallet', 'personId är inget barn i hushållet.'),
    ),
    ...repeated(barn.map(({ personId }) => personId)).map(place =>
      wrong(`/barn/${place}/personId`, 'tva-ganger', 'Barnet står tidigare i listan.'),
    ),
  ])
}

/**
 * Why a checklist cannot be finished: each thing that is missing, with a pointer into the checklist. Every point that
 * the template demands is answered, every child of the household is there and has been heard or there is a reason why
 * not, and the child's best interests are weighed (domain §6.1; lag 2018:1197).
 */
export const whyNotFinish = (
  { svar, barn, barnetsBasta }: BarnchecklistaRad,
  { punkter, barnIds }: { punkter: readonly Punkt[]; barnIds: readonly string[] },
): Refusal | null =>
  incoherent([
    ...punkter.map(
      ({ kod, text, obligatorisk }) =>
        obligatorisk &&
        !svar.some(given => given.kod === kod) &&
        wrong('/svar', 'obesvarad-punkt', `Punkten ${kod} ska besvaras: ${text}`),
    ),
    barnIds.length === 0 && wrong('/barn', 'inga-barn', 'Hushållet har ingen person med rollen barn.'),
    ...barnIds.map(
      id =>
        !barn.some(({ personId }) => personId === id) &&
        wrong('/barn', 'barn-saknas', `Ett barn i hushållet saknas: lägg till det med personId ${id}.`),
    ),
    ...barn.map(
      ({ personId }, place) =>
        !barnIds.includes(personId) &&
        wrong(
          `/barn/${place}/personId`,
          'inte-barn-i-hushallet',
          'Personen är inte längre barn i hushållet: ta bort den ur barn.',
        ),
    ),
    // Age and the child's own will are reasons in themselves.
    ...barn.map(
      ({ hord, skal }, place) =>
        hord === 'nejAnnat' &&
        skal === null &&
        wrong(`/barn/${place}/skal`, 'saknas', 'skal behövs när barnet inte har hörts av annat skäl.'),
    ),
    barnetsBasta === null && wrong('/barnetsBasta', 'saknas', 'barnetsBasta ska vara bedömt.'),
  ])
