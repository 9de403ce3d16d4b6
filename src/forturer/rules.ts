import type { Day } from '../shared/dates.ts'
import { kronor } from '../shared/money.ts'
import { defineProblem, type FieldError, incoherent, type Refusal } from '../shared/refusals.ts'
import {
  type ErbjudandeRad,
  type Erbjudandesvar,
  type ForturRad,
  type NyttErbjudande,
  nejorsaker,
  nekandeorsaker,
  oppna,
} from './schema.ts'

const galler = defineProblem(
  'forturen-galler-inte',
  409,
  'Förturen gäller inte i dag',
  'En bostad kan erbjudas bara medan förturen gäller. Ett nytt beslut kan förlänga den.',
)
const avslutad = defineProblem(
  'forturen-ar-avslutad',
  409,
  'Förturen är avslutad',
  'Uppgifterna kan ändras bara medan förturen är öppen.',
)
const annatErbjudande = defineProblem(
  'erbjudandet-galler-inte-langre',
  409,
  'Erbjudandet gäller inte längre',
  'Ett annat erbjudande gäller nu. Läs förturen igen: erbjudandeId är det som kan besvaras.',
)
const redanAccepterat = defineProblem(
  'erbjudandet-ar-accepterat',
  409,
  'Erbjudandet är redan accepterat',
  'Det som kan hända nu är att kontraktet tecknas, eller att någon av parterna ändå säger nej.',
)
const svarstidenUte = defineProblem(
  'svarstiden-har-gatt-ut',
  409,
  'Svarstiden har gått ut',
  'Ett ja kan tas emot till och med svaraSenast. Bostaden kan erbjudas på nytt.',
)

/** What a home must be like: the part of a förtur that decides what can be offered. */
export type Behov = Pick<
  ForturRad,
  'minRum' | 'maxRum' | 'maxHyraOre' | 'onskadeOmraden' | 'uteslutnaOmraden' | 'koFornyad'
>

/** Areas are codes without a list: one spelt in other letters is the same area, above all when it is to be avoided. */
const sameArea = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/**
 * Why a need does not hold together (domain §2.4): areas apart, fewest rooms first, the queue not renewed in the future.
 *
 * @param at where in the body the need is: `/fortur`, or nothing
 */
export const whyNotNeed = (behov: Behov, today: Day, at = ''): Refusal | null =>
  incoherent([
    behov.onskadeOmraden.some(one => behov.uteslutnaOmraden.some(other => sameArea(one, other))) && {
      pointer: `${at}/uteslutnaOmraden`,
      kod: 'bade-och',
      detail: 'Ett område kan inte vara både önskat och uteslutet.',
    },
    behov.minRum !== null &&
      behov.maxRum !== null &&
      behov.minRum > behov.maxRum && {
        pointer: `${at}/maxRum`,
        kod: 'mindre-an-minrum',
        detail: 'maxRum är minst minRum.',
      },
    behov.koFornyad !== null &&
      behov.koFornyad > today && {
        pointer: `${at}/koFornyad`,
        kod: 'i-framtiden',
        detail: 'koFornyad kan inte ligga i framtiden.',
      },
  ])

/** A förtur that has ended is kept as it was. */
export const whyClosed = ({ tillstand }: ForturRad): Refusal | null =>
  (oppna as readonly string[]).includes(tillstand) ? null : avslutad()

/** @param tarEmotForturer of the landlord; undefined when there is none of that id */
export const whyNotHandOver = (
  _: ForturRad,
  { tarEmotForturer }: { tarEmotForturer: boolean | undefined },
): Refusal | null =>
  incoherent([
    tarEmotForturer === undefined && {
      pointer: '/hyresvardId',
      kod: 'finns-inte',
      detail: 'hyresvardId är ingen registrerad hyresvärd.',
    },
    tarEmotForturer === false && {
      pointer: '/hyresvardId',
      kod: 'tar-inte-emot',
      detail: 'Hyresvärden tar inte emot förturer: välj en som har tarEmotForturer.',
    },
  ])

const unfit = (fortur: ForturRad, { rum, hyraOre, omrade }: NyttErbjudande): (FieldError | false)[] => [
  ((fortur.minRum !== null && rum < fortur.minRum) || (fortur.maxRum !== null && rum > fortur.maxRum)) && {
    pointer: '/rum',
    kod: 'utanfor-behovet',
    detail: `rum ska vara ${[fortur.minRum && `minst ${fortur.minRum}`, fortur.maxRum && `högst ${fortur.maxRum}`].filter(Boolean).join(' och ')}.`,
  },
  fortur.maxHyraOre !== null &&
    hyraOre > fortur.maxHyraOre && {
      pointer: '/hyraOre',
      kod: 'over-hogsta-hyran',
      detail: `hyraOre är högst ${kronor(fortur.maxHyraOre)} kr.`,
    },
  fortur.uteslutnaOmraden.some(area => sameArea(area, omrade)) && {
    pointer: '/omrade',
    kod: 'uteslutet-omrade',
    detail: 'Området är uteslutet: erbjud en bostad i ett annat.',
  },
]

/**
 * Why a home cannot be offered: the förtur is not in force, a day is wrong, or the home is not what is needed.
 *
 * @param explained whether the caller may know which areas are excluded. A landlord that has not been told them gets one
 *   sentence for whatever does not fit, whether or not any area is excluded: no answer names an area, and the person is
 *   never offered a home, nor named to the landlord, where it is not safe.
 */
export function whyNotOffer(
  fortur: ForturRad,
  {
    erbjudande,
    today,
    explained,
  }: { erbjudande: NyttErbjudande & { svaraSenast: Day }; today: Day; explained: boolean },
): Refusal | null {
  if (today < fortur.giltigFran || today > fortur.giltigTill)
    return galler(`Förturen gäller från ${fortur.giltigFran} till ${fortur.giltigTill}.`)
  const days = incoherent([
    erbjudande.svaraSenast <= today && {
      pointer: '/svaraSenast',
      kod: 'inte-i-framtiden',
      detail: 'svaraSenast ska ligga efter i dag.',
    },
    erbjudande.tilltrade < today && {
      pointer: '/tilltrade',
      kod: 'i-det-forflutna',
      detail: 'tilltrade kan inte ligga före i dag.',
    },
  ])
  const need = days ?? incoherent(unfit(fortur, erbjudande))
  if (!need || days || explained) return need
  const detail = 'Bostaden passar inte behovet. Erbjud en annan, eller fråga handläggaren.'
  return incoherent([{ pointer: '', kod: 'passar-inte', detail }])
}

/** Why an answer cannot be received: another offer holds now, it comes too late, or its reason is not one. */
export function whyNotAnswer(
  fortur: ForturRad,
  { erbjudande, svar: given, today }: { erbjudande: ErbjudandeRad; svar: Erbjudandesvar; today: Day },
): Refusal | null {
  if (erbjudande.id !== fortur.erbjudandeId) return annatErbjudande()
  const { svar, orsak, kommentar, godtagbartSkal } = given
  if (svar === 'ja' && fortur.tillstand !== 'erbjuden') return redanAccepterat()
  if (svar === 'ja' && today > erbjudande.svaraSenast)
    return svarstidenUte(`Sista dagen att svara ja var ${erbjudande.svaraSenast}.`)
  const reasons: readonly string[] = svar === 'nej' ? nejorsaker : svar === 'vardenNekar' ? nekandeorsaker : []
  return incoherent([
    svar === 'ja' && orsak != null && { pointer: '/orsak', kod: 'okant-falt', detail: 'Ett ja har ingen orsak.' },
    svar !== 'ja' &&
      !reasons.includes(orsak ?? '') && {
        pointer: '/orsak',
        kod: orsak == null ? 'saknas' : 'fel-orsak',
        detail: `orsak behövs när svaret är ${svar}, en av ${reasons.join(', ')}.`,
      },
    svar !== 'ja' &&
      orsak === 'annat' &&
      kommentar == null && { pointer: '/kommentar', kod: 'saknas', detail: 'kommentar behövs när orsaken är annat.' },
    svar !== 'nej' &&
      godtagbartSkal !== undefined && {
        pointer: '/godtagbartSkal',
        kod: 'okant-falt',
        detail: 'godtagbartSkal hör bara till ett nej.',
      },
  ])
}

/** What a förtur becomes when its offer came to nothing: with the landlord again, or used up. */
export function afterNo(
  { antalNej, maxErbjudanden }: ForturRad,
  raknas: boolean,
  today: Day,
): Pick<ForturRad, 'tillstand' | 'antalNej' | 'erbjudandeId' | 'avslutadDatum'> {
  const refused = antalNej + (raknas ? 1 : 0)
  return refused >= maxErbjudanden
    ? { tillstand: 'forbrukad', antalNej: refused, erbjudandeId: null, avslutadDatum: today }
    : { tillstand: 'hosHyresvard', antalNej: refused, erbjudandeId: null, avslutadDatum: null }
}

/** A lease is signed between the day of the offer and today. */
export const whyNotContract = (
  _: ForturRad,
  { erbjudande, kontraktDatum, today }: { erbjudande: ErbjudandeRad; kontraktDatum: Day; today: Day },
): Refusal | null =>
  incoherent([
    (kontraktDatum > today || kontraktDatum < erbjudande.datum) && {
      pointer: '/kontraktDatum',
      kod: 'utanfor-granserna',
      detail: `kontraktDatum ska ligga mellan erbjudandet, ${erbjudande.datum}, och i dag.`,
    },
  ])

/** A home by own queue time was found between the decision and today. */
export const whyNotOwnQueue = (fortur: ForturRad, { datum, today }: { datum: Day; today: Day }): Refusal | null =>
  incoherent([
    (datum > today || datum < fortur.beslutDatum) && {
      pointer: '/datum',
      kod: 'utanfor-granserna',
      detail: `datum ska ligga mellan beslutet, ${fortur.beslutDatum}, och i dag.`,
    },
  ])
