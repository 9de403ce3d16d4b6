import type { Day } from '../shared/dates.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import {
  type Flyttgenomforande,
  type FlyttkedjaRad,
  type FlyttlankRad,
  type Flyttlanksvar,
  flestLankar,
  type NyFlyttlank,
  type svarande,
} from './schema.ts'

const full = defineProblem(
  'flyttkedjan-ar-full',
  409,
  'Flyttkedjan är full',
  `En flyttkedja har högst ${flestLankar} länkar. Börja en ny kedja.`,
)
const ingenBostadLamnas = defineProblem(
  'ingen-bostad-lamnas',
  409,
  'Ingen bostad blir ledig',
  'Den sista länken lämnar ingen bostad, så kedjan kan inte fortsätta efter den.',
)
const kanInteFlytta = defineProblem(
  'kan-inte-flytta-i-kedjan',
  409,
  'Flytten stämmer inte med läget',
  'Den som ska flytta är inte, eller inte längre, i ett läge där flytten kan göras. Kontrollera insatsen, och bryt kedjan om den har upphört.',
)
const inteSist = defineProblem(
  'lanken-ar-inte-sist',
  409,
  'Länken är inte sist',
  'Andra länkar bygger på den här. Ta bort länkarna bakifrån.',
)
const inteRedo = defineProblem(
  'flyttkedjan-ar-inte-redo',
  409,
  'Alla har inte svarat ja',
  'En kedja blir klar när den har minst två länkar och alla har svarat ja på varje länk.',
)
const inteIOrdning = defineProblem(
  'inte-i-ordning',
  409,
  'Länken före är inte genomförd',
  'Bostaden är inte tömd än: genomför länkarna i ordning, från den första.',
)
const redanLovad = defineProblem(
  'redan-lovad',
  409,
  'Kedjan är redan klar',
  'Alla har redan svarat ja. Nu kan svaret bara bli nej, och då bryts kedjan.',
)
const forturenInteKlar = defineProblem(
  'forturens-kontrakt-saknas',
  409,
  'Förturens kontrakt är inte tecknat',
  'Länken bygger på en förtur: teckna dess kontrakt först.',
)

type Svarande = (typeof svarande)[number]
/** Where each one's answer is kept. */
export const svarsfalt = {
  hushall: 'hushalletsSvar',
  hyresvard: 'hyresvardensSvar',
  serviceforvaltningen: 'serviceforvaltningensSvar',
} as const satisfies Record<Svarande, keyof FlyttlankRad>

/** Who has to say yes: the household, the landlord of the own contract, and who keeps the pool's homes. */
const needed = ({ tillHyresvardId }: Pick<FlyttlankRad, 'tillHyresvardId'>): Svarande[] => [
  'hushall',
  ...(tillHyresvardId ? (['hyresvard'] as const) : []),
  'serviceforvaltningen',
]

/** A link is ready when everyone has said yes. */
export const answered = (lank: FlyttlankRad): 'planerad' | 'klar' =>
  needed(lank).every(part => lank[svarsfalt[part]] === 'ja') ? 'klar' : 'planerad'

/** The chain as its links are, once it is ready. */
export const carriedOut = (lankar: Pick<FlyttlankRad, 'tillstand'>[]): 'pagar' | 'genomford' =>
  lankar.every(({ tillstand }) => tillstand === 'genomford') ? 'genomford' : 'pagar'

/** What is looked at of whose move it is. */
export type Flyttande = { tillstand: string; lagenhetId: string | null }

/** In which states someone can leave a sublet for an own contract, and in which someone can take a home of the pool. */
const movable = {
  stodlagenhet: { first: ['boende'], later: ['iKo', 'boende'] },
  bostadForst: { first: ['inflyttad', 'byteAvBostad'], later: ['matchning', 'byteAvBostad'] },
} as const

/** Why someone cannot move in a link: their help is in another state, or they live somewhere else than the link says. */
export const whyNotMove = (
  insats: FlyttkedjaRad['insats'],
  { ordning, franLagenhetId }: Pick<FlyttlankRad, 'ordning' | 'franLagenhetId'>,
  flyttande: Flyttande | undefined,
): Refusal | null => {
  const states: readonly string[] = movable[insats][ordning === 1 ? 'first' : 'later']
  if (!flyttande || !states.includes(flyttande.tillstand)) return kanInteFlytta()
  return flyttande.lagenhetId === franLagenhetId ? null : kanInteFlytta()
}

/** What a link of a chain is about, by the kind of help. */
export const processField = { stodlagenhet: 'stodlagenhetId', bostadForst: 'bfBoendeId' } as const

/** Why a link cannot be added: the chain is full or ends, or the link does not begin or go on as it must. */
export function whyNotAdd(
  { insats }: FlyttkedjaRad,
  { lankar, body, today }: { lankar: FlyttlankRad[]; body: NyFlyttlank; today: Day },
): Refusal | null {
  const last = lankar.at(-1)
  if (lankar.length >= flestLankar) return full()
  if (last && last.franLagenhetId === null) return ingenBostadLamnas()
  const [own, other] = insats === 'stodlagenhet' ? processes : [...processes].reverse()
  const need = (field: keyof NyFlyttlank, wanted: boolean, when: string) =>
    wanted !== (body[field] != null) && {
      pointer: `/${field}`,
      kod: wanted ? 'saknas' : 'okant-falt',
      detail: wanted ? `${field} behövs ${when}.` : `${field} anges inte ${when}.`,
    }
  return incoherent([
    need(own as keyof NyFlyttlank, true, `när kedjan gäller ${insats}`),
    need(other as keyof NyFlyttlank, false, `när kedjan gäller ${insats}`),
    need('objektnummer', !last, last ? 'efter den första länken' : 'i den första länken'),
    need('lagenhetId', last !== undefined, last ? 'efter den första länken' : 'i den första länken'),
    last !== undefined && need('forturId', false, 'efter den första länken'),
    last !== undefined &&
      body.lagenhetId != null &&
      body.lagenhetId !== last.franLagenhetId && {
        pointer: '/lagenhetId',
        kod: 'inte-den-som-lamnas',
        detail: 'lagenhetId är bostaden som länken före lämnar.',
      },
    body.flyttdag < today && {
      pointer: '/flyttdag',
      kod: 'i-det-forflutna',
      detail: 'flyttdag kan inte ligga före i dag.',
    },
    last !== undefined &&
      body.flyttdag < last.flyttdag && {
        pointer: '/flyttdag',
        kod: 'fore-lanken-fore',
        detail: `flyttdag är tidigast ${last.flyttdag}, då bostaden är tömd.`,
      },
  ])
}
const processes = ['stodlagenhetId', 'bfBoendeId'] as const

/** What is looked at of a förtur that a link rests on. */
export type Fortursuppgift = { hushallId: string; hyresvardId: string | null; tillstand: string } | undefined

/** The förtur is the household's own, and with the landlord that gives the contract. */
export const whyNotFortur = (
  fortur: Fortursuppgift,
  { hushallId, hyresvardId }: { hushallId: string; hyresvardId: string },
): Refusal | null =>
  incoherent([
    (fortur?.hushallId !== hushallId ||
      fortur.hyresvardId !== hyresvardId ||
      !['hosHyresvard', 'erbjuden', 'accepterad'].includes(fortur.tillstand)) && {
      pointer: '/forturId',
      kod: 'finns-inte',
      detail: 'forturId är ingen öppen förtur som hushållet har hos hyresvärden.',
    },
  ])

/** Links are taken from the end: those after it move to the home that it leaves. */
export const whyNotRemove = ({ ordning }: FlyttlankRad, { lankar }: { lankar: FlyttlankRad[] }): Refusal | null =>
  ordning === lankar.at(-1)?.ordning ? null : inteSist()

/** A no has a reason and a yes none; who has no part in the link has no answer; what is promised can only be broken. */
export function whyNotAnswer(
  lank: FlyttlankRad,
  { svar, kedjan }: { svar: Flyttlanksvar; kedjan: FlyttkedjaRad['tillstand'] },
): Refusal | null {
  if (svar.svar === 'ja' && kedjan !== 'planerad') return redanLovad()
  return incoherent([
    !needed(lank).includes(svar.part) && {
      pointer: '/part',
      kod: 'inte-part',
      detail: 'Parten har inget att svara på i länken: den rör ingen bostad som är dess.',
    },
    svar.svar === 'nej' &&
      svar.orsak == null && { pointer: '/orsak', kod: 'saknas', detail: 'orsak behövs när svaret är nej.' },
    svar.svar === 'ja' &&
      svar.orsak != null && { pointer: '/orsak', kod: 'okant-falt', detail: 'orsak hör bara till svaret nej.' },
  ])
}

/** A chain frees a home for someone, and everyone in it has said yes. */
export const whyNotReady = (_: FlyttkedjaRad, { lankar }: { lankar: FlyttlankRad[] }): Refusal | null =>
  lankar.length >= 2 && lankar.every(({ tillstand }) => tillstand === 'klar') ? null : inteRedo()

/**
 * Why a link cannot be carried out: the one before has not been, the day is wrong, or the contract is wanting.
 *
 * @param previous the link before it
 * @param hasLease the lease is signed already by the commands of the help itself
 */
export function whyNotCarryOut(
  lank: FlyttlankRad,
  {
    previous,
    body,
    insats,
    hasLease,
    fortur,
    today,
  }: {
    previous: FlyttlankRad | undefined
    body: Flyttgenomforande
    insats: FlyttkedjaRad['insats']
    hasLease: boolean
    fortur: Fortursuppgift
    today: Day
  },
): Refusal | null {
  if (previous && previous.genomfordDatum === null) return inteIOrdning()
  if (lank.forturId !== null && fortur?.tillstand !== 'tillgodosedd') return forturenInteKlar()
  const inPool = lank.tillLagenhetId !== null
  const part = (field: 'stodlagenhet' | 'bostadForst') => {
    const wanted = inPool && insats === field && !hasLease
    return (
      wanted !== (body[field] !== undefined) && {
        pointer: `/${field}`,
        kod: wanted ? 'saknas' : 'okant-falt',
        detail: wanted
          ? `${field} behövs: kontraktet på bostaden som hushållet flyttar till.`
          : `${field} anges bara när kontraktet på en bostad i beståndet ska skrivas in.`,
      }
    )
  }
  const first = previous?.genomfordDatum
  return incoherent([
    (body.datum > today || (first != null && body.datum < first)) && {
      pointer: '/datum',
      kod: 'utanfor-granserna',
      detail: first
        ? `datum ska ligga mellan ${first}, då bostaden tömdes, och i dag.`
        : 'datum kan inte ligga efter i dag.',
    },
    part('stodlagenhet'),
    part('bostadForst'),
    body.stodlagenhet !== undefined &&
      body.stodlagenhet.avtalDatum > body.datum && {
        pointer: '/stodlagenhet/avtalDatum',
        kod: 'efter-flytten',
        detail: 'avtalDatum är senast datum: avtalet tecknas före flytten.',
      },
  ])
}
