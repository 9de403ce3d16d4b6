import { type Day, earliest, monthsAfter } from '../shared/dates.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type {
  BfAvslut,
  BfBoendeRad,
  BfErbjudande,
  BfInflyttning,
  Franvaro,
  NyTrohetsmatning,
  Onskemal,
  Overgangssvar,
} from './schema.ts'

/** The transfer to an own contract is tried so long after moving in, and then at least so often (domain §4.2). */
export const firstTrialMonths = 12
export const trialMonths = 6

const redanEgetKontrakt = defineProblem(
  'redan-eget-kontrakt',
  409,
  'Personen har redan eget kontrakt',
  'Övergången prövas bara medan bostaden hyrs ut i andra hand.',
)

const redanUppsagd = defineProblem(
  'redan-uppsagd',
  409,
  'Bostaden är redan uppsagd',
  'En uppsägning gäller redan. Skriv in att den är återtagen först, om den har ersatts av en annan.',
)

/** Areas are codes without a list: one spelt in other letters is the same area, above all when it is to be avoided. */
const has = (areas: readonly string[], area: string) => areas.some(one => one.toLowerCase() === area.toLowerCase())

/** The state of a tenancy whose person has the home: what the notice, the absence and the contract say. */
export const atHome = ({
  kontraktsform,
  bortaSedan,
  uppsagdTill,
}: Pick<BfBoendeRad, 'kontraktsform' | 'bortaSedan' | 'uppsagdTill'>):
  | 'forstahand'
  | 'inflyttad'
  | 'tillfalligtBorta'
  | 'uppsagd' => {
  if (uppsagdTill !== null) return 'uppsagd'
  if (bortaSedan !== null) return 'tillfalligtBorta'
  return kontraktsform === 'forstahand' ? 'forstahand' : 'inflyttad'
}

/**
 * Why wishes do not hold together: an area is wished for or avoided, not both.
 *
 * @param at where in the body they are: `/bostadForst`, or nothing
 */
export const whyNotWishes = (
  { onskadeOmraden, uteslutnaOmraden }: Pick<Onskemal, 'onskadeOmraden' | 'uteslutnaOmraden'>,
  at = '',
): Refusal | null =>
  incoherent([
    (onskadeOmraden ?? []).some(area => has(uteslutnaOmraden ?? [], area)) && {
      pointer: `${at}/uteslutnaOmraden`,
      kod: 'bade-och',
      detail: 'Ett område kan inte vara både önskat och uteslutet.',
    },
  ])

/** How a home that is offered differs from what the person wishes for, in words. What is to be avoided is never offered. */
export const deviations = ({ onskadeRum }: Pick<Onskemal, 'onskadeRum'>, rum: number | undefined): string[] =>
  onskadeRum == null || rum === undefined || rum === onskadeRum
    ? []
    : [`Bostaden har ${rum} rum, och personen önskar ${onskadeRum}.`]

/** What is looked at of the home that is offered; undefined when there is none of that id. */
export type Erbjudenbostad = { omrade: string; kategori: string } | undefined

/**
 * The home is chosen by the person's wishes (domain §4.2): never in an area that is to be avoided, and in one that is
 * wished for when any is. Who has changed their mind changes the wishes first.
 */
export const whyNotOffer = (
  { onskadeOmraden, uteslutnaOmraden }: BfBoendeRad,
  { bostad, body, today }: { bostad: Erbjudenbostad; body: BfErbjudande; today: Day },
): Refusal | null =>
  incoherent([
    bostad === undefined && {
      pointer: '/lagenhetId',
      kod: 'finns-inte',
      detail: 'lagenhetId är ingen bostad i beståndet.',
    },
    bostad !== undefined &&
      bostad.kategori !== 'bostadForst' && {
        pointer: '/lagenhetId',
        kod: 'fel-kategori',
        detail: 'Bostaden är avsedd för annat: välj en i kategorin bostadForst.',
      },
    bostad !== undefined &&
      has(uteslutnaOmraden, bostad.omrade) && {
        pointer: '/lagenhetId',
        kod: 'uteslutet-omrade',
        detail: 'Personen vill inte bo i området: erbjud en bostad i ett annat.',
      },
    bostad !== undefined &&
      onskadeOmraden.length > 0 &&
      !has([...onskadeOmraden, ...uteslutnaOmraden], bostad.omrade) && {
        pointer: '/lagenhetId',
        kod: 'inte-onskat-omrade',
        detail: 'Bostaden ligger inte i något av de önskade områdena. Ändra önskemålen först om personen vill det.',
      },
    body.fran !== undefined &&
      body.fran < today && { pointer: '/fran', kod: 'i-det-forflutna', detail: 'fran kan inte ligga före i dag.' },
  ])

/**
 * Why a move in cannot be written down: it has not been, or a sublet lacks its reason or the plan to end it.
 *
 * @param borSedan since when the person has the home that is left, or null
 */
export const whyNotMoveIn = (
  { antagenDatum }: BfBoendeRad,
  { body, borSedan, today }: { body: BfInflyttning; borSedan: Day | null; today: Day },
): Refusal | null => {
  const sublet = body.kontraktsform === 'andrahand'
  return incoherent([
    (body.inflyttad > today || body.inflyttad < antagenDatum) && {
      pointer: '/inflyttad',
      kod: 'utanfor-granserna',
      detail: `inflyttad ska ligga mellan antagandet, ${antagenDatum}, och i dag.`,
    },
    borSedan !== null &&
      body.inflyttad <= borSedan && {
        pointer: '/inflyttad',
        kod: 'fore-forra-bostaden',
        detail: `inflyttad ska ligga efter inflyttningen i den förra bostaden, ${borSedan}.`,
      },
    sublet &&
      body.skalAndrahand == null && {
        pointer: '/skalAndrahand',
        kod: 'saknas',
        detail: 'skalAndrahand behövs: varför personen inte får eget kontrakt från början.',
      },
    sublet &&
      body.overgangTidigast == null && {
        pointer: '/overgangTidigast',
        kod: 'saknas',
        detail: 'overgangTidigast behövs: när personen tidigast kan ta över kontraktet.',
      },
    sublet &&
      body.overgangTidigast != null &&
      body.overgangTidigast < body.inflyttad && {
        pointer: '/overgangTidigast',
        kod: 'fore-inflyttad',
        detail: 'overgangTidigast är tidigast inflyttad.',
      },
    ...(['skalAndrahand', 'overgangTidigast'] as const).map(
      field =>
        !sublet &&
        body[field] != null && {
          pointer: `/${field}`,
          kod: 'okant-falt',
          detail: `${field} hör bara till ett andrahandskontrakt.`,
        },
    ),
  ])
}

/** A trial is of a sublet. */
export const whyNotTry = ({ kontraktsform }: BfBoendeRad): Refusal | null =>
  kontraktsform === 'forstahand' ? redanEgetKontrakt() : null

/** The first trial of a sublet: the day of the plan, at the latest after twelve months; null for an own contract. */
export const firstTrial = ({
  kontraktsform,
  inflyttad,
  overgangTidigast,
}: Pick<BfInflyttning, 'kontraktsform' | 'inflyttad' | 'overgangTidigast'>): Day | null => {
  if (kontraktsform === 'forstahand') return null
  const last = monthsAfter(inflyttad, firstTrialMonths)
  return earliest(overgangTidigast ?? last, last)
}

/** The first trial from a day on, of those that are counted from the move in: after twelve months, then every six. */
export function trialFrom(inflyttad: Day, day: Day): Day {
  let months = firstTrialMonths
  while (monthsAfter(inflyttad, months) < day) months += trialMonths
  return monthsAfter(inflyttad, months)
}

/** The answer as it is kept: of a no, the next trial is in six months unless an earlier day is given. */
export const nextTrial = ({ utfall, nasta }: Overgangssvar, today: Day): Day | null =>
  utfall === 'avslag' ? (nasta ?? monthsAfter(today, trialMonths)) : null

/**
 * Why the landlord's answer does not hold together: a yes has its day, a no its reason and its next trial.
 *
 * @param borSedan since when the person has the home
 */
export const whyNotTrialAnswer = (
  _: BfBoendeRad,
  { body, borSedan, today }: { body: Overgangssvar; borSedan: Day; today: Day },
): Refusal | null => {
  const { utfall, forstahandDatum, orsak, nasta } = body
  const yes = utfall === 'godkand'
  const last = monthsAfter(today, trialMonths)
  return incoherent([
    yes &&
      (forstahandDatum == null || forstahandDatum < borSedan || forstahandDatum > today) && {
        pointer: '/forstahandDatum',
        kod: forstahandDatum == null ? 'saknas' : 'utanfor-granserna',
        detail: `forstahandDatum behövs när svaret är godkand, mellan inflyttningen, ${borSedan}, och i dag.`,
      },
    !yes && orsak == null && { pointer: '/orsak', kod: 'saknas', detail: 'orsak behövs när svaret är avslag.' },
    !yes &&
      nasta != null &&
      (nasta <= today || nasta > last) && {
        pointer: '/nasta',
        kod: 'utanfor-granserna',
        detail: `nasta ska ligga efter i dag och senast ${last}: övergången prövas minst var sjätte månad.`,
      },
    ...(['orsak', 'nasta'] as const).map(
      field =>
        yes &&
        body[field] != null && {
          pointer: `/${field}`,
          kod: 'okant-falt',
          detail: `${field} hör bara till ett avslag.`,
        },
    ),
    ...(['forstahandDatum', 'hyraOre'] as const).map(
      field =>
        !yes &&
        body[field] != null && {
          pointer: `/${field}`,
          kod: 'okant-falt',
          detail: `${field} hör bara till ett godkännande.`,
        },
    ),
  ])
}

/** Someone who is away left between moving in and today. */
export const whyNotAway = (
  { inflyttad }: BfBoendeRad,
  { body, today }: { body: Franvaro; today: Day },
): Refusal | null =>
  incoherent([
    (body.sedan > today || (inflyttad !== null && body.sedan < inflyttad)) && {
      pointer: '/sedan',
      kod: 'utanfor-granserna',
      detail: 'sedan ska ligga mellan inflyttningen och i dag.',
    },
  ])

/** A notice is given once, and ends on a day to come. */
export const whyNotNotice = (
  boende: BfBoendeRad,
  { uppsagdTill, today }: { uppsagdTill: Day; today: Day },
): Refusal | null => {
  if (boende.uppsagdTill !== null) return redanUppsagd()
  return incoherent([
    uppsagdTill < today && {
      pointer: '/uppsagdTill',
      kod: 'i-det-forflutna',
      detail: 'uppsagdTill kan inte ligga före i dag.',
    },
  ])
}

/**
 * Why a tenancy cannot end so: the day is not one of its own, or the outcome says that it never began.
 *
 * @param borSedan since when the person has the home, or null when they have none
 */
export const whyNotEnd = (
  { antagenDatum, inflyttad }: BfBoendeRad,
  { body, borSedan, today }: { body: BfAvslut; borSedan: Day | null; today: Day },
): Refusal | null => {
  const first = borSedan ?? antagenDatum
  return incoherent([
    (body.datum > today || body.datum < first) && {
      pointer: '/datum',
      kod: 'utanfor-granserna',
      detail: `datum ska ligga mellan ${first} och i dag.`,
    },
    body.utfall === 'ejPaborjat' &&
      inflyttad !== null && {
        pointer: '/utfall',
        kod: 'paborjat',
        detail: 'Personen har flyttat in: utfall är något annat än ejPaborjat.',
      },
  ])
}

/** A measurement has each of the five domains once, and its sums are theirs. */
export function whyNotMeasure({ ar, datum, domaner, poang, maxPoang }: NyTrohetsmatning, today: Day): Refusal | null {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  const years = [`${ar}`, `${ar + 1}`]
  return incoherent([
    new Set(domaner.map(({ kod }) => kod)).size !== domaner.length && {
      pointer: '/domaner',
      kod: 'dubbel',
      detail: 'Varje område ska vara med en gång.',
    },
    ...domaner.map(
      (domain, index) =>
        domain.poang > domain.max && {
          pointer: `/domaner/${index}/poang`,
          kod: 'over-hogsta',
          detail: 'Poängen är högst områdets max.',
        },
    ),
    poang !== sum(domaner.map(domain => domain.poang)) && {
      pointer: '/poang',
      kod: 'stammer-inte',
      detail: 'poang ska vara summan av områdenas poäng.',
    },
    maxPoang !== sum(domaner.map(domain => domain.max)) && {
      pointer: '/maxPoang',
      kod: 'stammer-inte',
      detail: 'maxPoang ska vara summan av områdenas max.',
    },
    (datum > today || !years.includes(datum.slice(0, 4))) && {
      pointer: '/datum',
      kod: 'utanfor-granserna',
      detail: 'datum ska ligga i året som mätningen gäller eller året efter, och inte i framtiden.',
    },
  ])
}
