import { inTime } from '../beslut/rules.ts'
import type { BeslutRad } from '../beslut/schema.ts'
import type { Config } from '../config.ts'
import { type Day, daysAfter, monthsAfter, yearsBetween } from '../shared/dates.ts'
import { defineProblem, type FieldError, incoherent, type Refusal } from '../shared/refusals.ts'
import { type Brist, missing, type Underlag } from './requirements.ts'
import type {
  ArendeRad,
  Dom,
  Grupp,
  Kommunicering,
  Komplettering,
  Kompletteringsbegaran,
  NyttArende,
  NyttBeslut,
  NyUtredning,
  Overklagande,
  Overlamnande,
  UtredningRad,
  Yttrande,
} from './schema.ts'

export const underlagetRackerInte = defineProblem(
  'underlaget-racker-inte',
  409,
  'Underlaget räcker inte för beslutet',
  'Något som beslutet kräver saknas. `saknas` räknar upp vad; `GET /v1/arenden/{id}/fullstandighet` visar samma lista.',
)
export const inteGallande = defineProblem(
  'inte-gallande-beslut',
  409,
  'Ett annat beslut gäller',
  'ersatterId ska vara beslutet som gäller nu. Läs ärendet igen.',
)
const tillNackdel = defineProblem(
  'andring-till-nackdel',
  409,
  'Beslutet kan inte ändras till nackdel',
  'Ett gynnande beslut ändras inte till nackdel genom omprövning (FL 37 §). Avsluta insatsen, eller fatta ett nytt beslut i ett nytt ärende.',
)
const overklagandetRattid = defineProblem(
  'overklagandet-kom-i-tid',
  409,
  'Överklagandet kom in i rätt tid',
  'Bara ett överklagande som kom in för sent kan avvisas (FL 45 §).',
)
const overklagandetForSent = defineProblem(
  'overklagandet-kom-for-sent',
  409,
  'Överklagandet kom in för sent',
  'Ett överklagande som kom in för sent avvisas i stället (FL 45 §).',
)
const redanOverlamnat = defineProblem(
  'redan-overlamnat',
  409,
  'Redan överlämnat',
  'Överklagandet är redan överlämnat till domstolen.',
)
const redanHosDomstolen = defineProblem(
  'redan-hos-domstolen',
  409,
  'Överklagandet är hos domstolen',
  'När överklagandet är överlämnat prövar domstolen det (FL 39 §). Skriv in domen, och besluta sedan.',
)
const inteOverlamnat = defineProblem(
  'inte-overlamnat',
  409,
  'Överklagandet är inte överlämnat',
  'Domen skrivs in när överklagandet har lämnats över till domstolen.',
)
const kanInteOverklagas = defineProblem(
  'kan-inte-overklagas',
  409,
  'Beslutet kan inte överklagas',
  'Beslut av det här slaget går inte att överklaga.',
)

const notInFuture = (pointer: string, day: Day, today: Day): FieldError | false => {
  const field = pointer.slice(1)
  return day > today && { pointer, kod: 'i-framtiden', detail: `${field} kan inte ligga i framtiden.` }
}

/** An application has come in, and its co-applicant is someone else. */
export const whyNotRegister = (
  { ansokanDatum, personId, medsokandeId }: Pick<NyttArende, 'ansokanDatum' | 'personId' | 'medsokandeId'>,
  today: Day,
): Refusal | null =>
  incoherent([
    notInFuture('/ansokanDatum', ansokanDatum, today),
    medsokandeId != null &&
      medsokandeId === personId && {
        pointer: '/medsokandeId',
        kod: 'samma-person',
        detail: 'medsokandeId ska vara en annan än sökanden.',
      },
  ])

const ahead = (pointer: string, day: Day, today: Day): Refusal | null => {
  const field = pointer.slice(1)
  return incoherent([day < today && { pointer, kod: 'har-varit', detail: `${field} ska vara i dag eller senare.` }])
}

/** The time to complete an application lies ahead. */
export const whyNotAskForMore = (_: ArendeRad, { body, today }: { body: Kompletteringsbegaran; today: Day }) =>
  ahead('/senast', body.senast, today)

export const whyNotReceive = (_: ArendeRad, { body, today }: { body: Komplettering; today: Day }) =>
  incoherent([notInFuture('/inkommen', body.inkommen, today)])

/** The time to answer what is communicated lies ahead (FL 25 §). */
export const whyNotCommunicate = (_: ArendeRad, { body, today }: { body: Kommunicering; today: Day }) =>
  ahead('/yttrandeSenast', body.yttrandeSenast, today)

/** A statement is an answer to what was communicated, so it cannot be older. */
export const whyNotStatement = (arende: ArendeRad, { body, today }: { body: Yttrande; today: Day }) =>
  incoherent([
    body.inkommet !== undefined && notInFuture('/inkommet', body.inkommet, today),
    body.inkommet !== undefined &&
      body.inkommet < (arende.kommuniceradDatum as Day) && {
        pointer: '/inkommet',
        kod: 'fore-kommuniceringen',
        detail: 'inkommet kan inte ligga före dagen då utredningen kommunicerades.',
      },
  ])

/** A decision that is made, with what its rules look at. */
export type Beslutsfakta = {
  underlag: Underlag
  today: Day
  body: Pick<
    NyttBeslut,
    'utfall' | 'barnchecklistaUndantag' | 'fortur' | 'hyresgaranti' | 'stodlagenhet' | 'bostadForst'
  >
  giltigFran: Day | null
  giltigTill: Day | null
  possibleLagrum: string[]
  lagrum: string
  /** Whether an earlier decision in the case has given the help already. */
  hjalpFinns: boolean
}

/** Why a decision cannot be taken: what it says must go together, and everything that it needs must be there. */
export function whyNotDecide(arende: ArendeRad, fakta: Beslutsfakta): Refusal | null {
  const { underlag, body } = fakta
  return whyNotSay(arende, fakta) ?? whyLacking(missing(arende, underlag), body)
}

function whyNotSay(
  arende: ArendeRad,
  { body, giltigFran, giltigTill, possibleLagrum, lagrum, hjalpFinns, underlag, today }: Beslutsfakta,
): Refusal | null {
  const beviljar = body.utfall !== 'avslag'
  return incoherent([
    !beviljar &&
      (giltigFran !== null || giltigTill !== null) && {
        pointer: '/giltigFran',
        kod: 'okant-falt',
        detail: 'giltigFran och giltigTill hör inte till ett avslag.',
      },
    beviljar &&
      giltigTill === null &&
      arende.insats !== 'bostadForst' && {
        pointer: '/giltigTill',
        kod: 'saknas',
        detail: 'giltigTill behövs: beslutet är tidsbegränsat.',
      },
    giltigFran !== null &&
      giltigTill !== null &&
      giltigTill < giltigFran && {
        pointer: '/giltigTill',
        kod: 'fore-giltigFran',
        detail: 'giltigTill ska inte ligga före giltigFran.',
      },
    giltigTill !== null &&
      giltigTill < today && {
        pointer: '/giltigTill',
        kod: 'har-varit',
        detail: 'giltigTill ska vara i dag eller senare.',
      },
    giltigFran !== null &&
      giltigFran < arende.ansokanDatum && {
        pointer: '/giltigFran',
        kod: 'fore-ansokan',
        detail: 'giltigFran kan inte ligga före dagen då ansökan kom in.',
      },
    !possibleLagrum.includes(lagrum) && {
      pointer: '/lagrum',
      kod: 'lagrummet-galler-inte',
      detail: `lagrum gäller inte för insatsen på beslutsdagen. Möjliga: ${possibleLagrum.join(', ') || 'inget'}.`,
    },
    body.barnchecklistaUndantag != null &&
      (underlag.antalBarn === 0 || 'id' in underlag.barnchecklista) && {
        pointer: '/barnchecklistaUndantag',
        kod: 'okant-falt',
        detail: 'barnchecklistaUndantag hör bara till beslut där en färdig barnchecklista behövs och saknas.',
      },
    ...(['fortur', 'hyresgaranti', 'stodlagenhet', 'bostadForst'] as const).map(
      part =>
        body[part] !== undefined &&
        (!beviljar || arende.insats !== part || (hjalpFinns && part !== 'stodlagenhet')) && {
          pointer: `/${part}`,
          kod: 'okant-falt',
          detail: `${part} hör bara till det bifall som ger hjälpen, och till den insatsen; stodlagenhet också till ett nytt beslut om den.`,
        },
    ),
    body.hyresgaranti === undefined &&
      beviljar &&
      arende.insats === 'hyresgaranti' &&
      !hjalpFinns && {
        pointer: '/hyresgaranti',
        kod: 'saknas',
        detail: 'hyresgaranti behövs: garantityp och garanteradeManader.',
      },
  ])
}

/** A decision-maker may decide without the checklist, with a reason that is counted; without the rest nobody may. */
function whyLacking(found: Brist[], { utfall, barnchecklistaUndantag }: Beslutsfakta['body']): Refusal | null {
  const stops = found.filter(
    ({ kod, hindrar }) =>
      hindrar.includes(utfall) && !(kod === 'barnchecklistaSaknas' && barnchecklistaUndantag != null),
  )
  if (stops.length === 0) return null
  return underlagetRackerInte(stops.map(({ text }) => text).join(' '), {
    saknas: stops.map(({ kod, text }) => ({ kod, text })),
  })
}

const worth = { avslag: 0, delvisBifall: 1, bifall: 2 }

/** A decision is corrected by another that names it, and never to the party's disadvantage. */
export function whyNotReconsider(
  arende: ArendeRad,
  fakta: Beslutsfakta & { ersatterId: string; gallande: BeslutRad | null },
): Refusal | null {
  if (fakta.ersatterId !== arende.beslutId) return inteGallande()
  const { gallande, body, giltigTill } = fakta
  if (arende.tillstand === 'overklagad' && arende.overlamnadDatum !== null) return redanHosDomstolen()
  if (gallande && worth[body.utfall] < worth[gallande.utfall]) return tillNackdel()
  if (gallande?.giltigTill && giltigTill !== null && giltigTill < gallande.giltigTill) return tillNackdel()
  const found = missing(arende, fakta.underlag)
  // What a court has found is carried out whatever the municipality's own criteria say.
  const domTillFordel =
    arende.tillstand === 'dom' && (arende.domUtfall === 'bifall' || arende.domUtfall === 'delvisBifall')
  const stops = domTillFordel ? found.filter(({ kod }) => kod !== 'kriterierEjUppfyllda') : found
  return whyNotSay(arende, fakta) ?? whyLacking(stops, body)
}

export function whyNotAppeal(
  arende: ArendeRad,
  { body, gallande, today }: { body: Overklagande; gallande: BeslutRad | null; today: Day },
): Refusal | null {
  if (gallande?.overklagandetyp === 'ejOverklagbar') return kanInteOverklagas()
  return incoherent([
    notInFuture('/inkommet', body.inkommet, today),
    body.inkommet < (arende.beslutDatum as Day) && {
      pointer: '/inkommet',
      kod: 'fore-beslutet',
      detail: 'inkommet kan inte ligga före beslutet.',
    },
  ])
}
/** Whether an appeal came in time (FL 44-45 §§). */
export const appealInTime = inTime

export const whyNotRejectAppeal = ({ overklagadIRattTid }: ArendeRad): Refusal | null =>
  overklagadIRattTid ? overklagandetRattid() : null

export function whyNotForward(arende: ArendeRad, { body, today }: { body: Overlamnande; today: Day }): Refusal | null {
  if (!arende.overklagadIRattTid) return overklagandetForSent()
  if (arende.overlamnadDatum !== null) return redanOverlamnat()
  return incoherent([
    body.datum !== undefined && notInFuture('/datum', body.datum, today),
    body.datum !== undefined &&
      body.datum < (arende.overklagadDatum as Day) && {
        pointer: '/datum',
        kod: 'fore-overklagandet',
        detail: 'datum kan inte ligga före överklagandet.',
      },
  ])
}

export function whyNotJudgement(arende: ArendeRad, { body, today }: { body: Dom; today: Day }): Refusal | null {
  if (arende.overlamnadDatum === null) return inteOverlamnat()
  return incoherent([
    notInFuture('/datum', body.datum, today),
    body.datum < arende.overlamnadDatum && {
      pointer: '/datum',
      kod: 'fore-overlamnandet',
      detail: 'datum kan inte ligga före överlämnandet till domstolen.',
    },
  ])
}

/** What can be wrong between an investigation's own fields. */
export function whyNotInvestigated(utredning: NyUtredning, today: Day): Refusal | null {
  const { intyg = [], grunder = [], sattaGrupper = [] } = utredning
  return incoherent([
    utredning.brukarsynpunkt != null &&
      utredning.brukarsynpunktSaknas != null && {
        pointer: '/brukarsynpunktSaknas',
        kod: 'motsager',
        detail: 'Ange antingen brukarsynpunkt eller varför den saknas, inte båda.',
      },
    ...(['folkbokfordSedan', 'koFornyad'] as const).map(field => {
      const day = utredning[field]
      return day != null && notInFuture(`/${field}`, day, today)
    }),
    ...intyg.map(
      ({ datum }, n) =>
        datum > today && {
          pointer: `/intyg/${n}/datum`,
          kod: 'i-framtiden',
          detail: 'Ett intyg kan inte vara daterat i framtiden.',
        },
    ),
    ...intyg.map(
      ({ grund }, n) =>
        !grunder.includes(grund) && {
          pointer: `/intyg/${n}/grund`,
          kod: 'grunden-saknas',
          detail: 'Ett intyg ska höra till en grund som anges i grunder.',
        },
    ),
    new Set(sattaGrupper.map(({ grupp }) => grupp)).size < sattaGrupper.length && {
      pointer: '/sattaGrupper',
      kod: 'flera-ganger',
      detail: 'Varje grupp anges en gång.',
    },
  ])
}

/** What the register says of a household, for the plan's groups. */
export type Hushallsfakta = { bostadslosSedan: Day | null; antalBarn: number; vuxnasFodelsedagar: Day[] }

/** The plan's prioritised groups: from the register where it can tell, otherwise as set with a reason (areas 6, 13). */
export function prioriteradeGrupper(
  { sattaGrupper }: Pick<UtredningRad, 'sattaGrupper'>,
  { bostadslosSedan, antalBarn, vuxnasFodelsedagar }: Hushallsfakta,
  today: Day,
  config: Config,
): Grupp[] {
  const known: (Grupp | false)[] = [
    antalBarn > 0 && { grupp: 'barnfamilj', kalla: 'registret', skal: 'Hushållet har barn.' },
    vuxnasFodelsedagar.some(born => yearsBetween(born, today) >= config.PENSIONSALDER) && {
      grupp: 'alderspensionar',
      kalla: 'registret',
      skal: `Någon i hushållet har fyllt ${config.PENSIONSALDER} år.`,
    },
    bostadslosSedan !== null &&
      monthsAfter(bostadslosSedan, config.HEMLOS_MANADER) < today && {
        grupp: 'hemlosMerAn6Manader',
        kalla: 'registret',
        skal: `Hushållet har varit bostadslöst i mer än ${config.HEMLOS_MANADER} månader.`,
      },
  ]
  const found = known.filter(grupp => grupp !== false)
  const set = sattaGrupper
    .filter(({ grupp }) => !found.some(other => other.grupp === grupp))
    .map(({ grupp, skal }): Grupp => ({ grupp, kalla: 'satt', skal }))
  return [...found, ...set]
}

/** When a decision holds, if it does not say: from today, as long as the setting for its kind of help. */
export function standardGiltighet(
  insats: ArendeRad['insats'],
  { giltigFran, giltigTill, utfall }: Pick<NyttBeslut, 'giltigFran' | 'giltigTill' | 'utfall'>,
  today: Day,
  config: Config,
): { giltigFran: Day | null; giltigTill: Day | null } {
  if (utfall === 'avslag') return { giltigFran: giltigFran ?? null, giltigTill: giltigTill ?? null }
  const from = giltigFran ?? today
  const months =
    insats === 'fortur'
      ? config.FORTUR_GILTIG_MANADER
      : insats === 'hyresgaranti'
        ? config.BEVILJAD_GILTIG_MANADER
        : null
  return {
    giltigFran: from,
    giltigTill: giltigTill ?? (months === null ? null : daysAfter(monthsAfter(from, months), -1)),
  }
}
