import type { Kriterieutfall } from '../beslut/schema.ts'
import type { Day } from '../shared/dates.ts'
import { forturgrunder } from '../shared/insatser.ts'
import { type ArendeRad, kraver, type NyttBeslut, type UtredningRad } from './schema.ts'

type Utfall = NyttBeslut['utfall']
/** What a decision is measured by. */
export type Underlag = {
  utredning: UtredningRad
  antalBarn: number
  /** The finished checklist that the decision rests on, or why there is none. */
  barnchecklista: { id: string } | { saknas: 'ingen' | 'forGammal' | 'barnSaknas' }
  /** For förtur: how each criterion came out. */
  kriterier: Kriterieutfall[]
  today: Day
}
type Requirement = {
  kod: string
  /** The outcomes that it stands in the way of. */
  hindrar: readonly Utfall[]
  /** What is missing, as a caseworker would say it; null when nothing is. */
  brist: (arende: ArendeRad, underlag: Underlag) => string | null
}
export type Brist = { kod: string; text: string; hindrar: readonly Utfall[] }

const alla = ['bifall', 'delvisBifall', 'avslag'] as const
const tillFordel = ['bifall', 'delvisBifall'] as const

const when = (missing: boolean, text: string) => (missing ? text : null)
const needs = ({ insats }: ArendeRad, part: (typeof kraver)[typeof insats][number]) => kraver[insats].includes(part)

const checklist = {
  ingen: 'Hushållet har barn: en färdig barnchecklista för ärendet behövs.',
  forGammal: 'Barnchecklistan är för gammal. Revidera den och gör den klar igen.',
  barnSaknas: 'Barnchecklistan tar inte upp alla barn i hushållet. Revidera den.',
}
const criteria: Record<string, string> = {
  minFolkbokfordManader:
    'Folkbokföring: personen ska vara folkbokförd i kommunen så länge som kriterierna kräver, eller omfattas av ett undantag.',
  kravKo: 'Kö: personen ska vara registrerad i hyresvärdens kö.',
  kravEgenKotid: 'Egen kötid ska ha prövats först.',
  minIntygPerGrund: 'Intyg: varje grund ska styrkas med det antal intyg som kriterierna kräver.',
  maxBostadsskuldOre: 'Bostadsskulden är högre än vad kriterierna tillåter, eller inte känd.',
  maxAlderUng: 'Grunden ungUnder28 kräver att personen var yngre än gränsen på ansökningsdagen.',
}

/**
 * Everything that a decision needs, and which outcomes it stands in the way of: what `fullstandighet` lists is what
 * stops the decision.
 */
export const requirements: readonly Requirement[] = [
  {
    // Plan area 9: the user's own view in every investigation.
    kod: 'brukarsynpunktSaknas',
    hindrar: alla,
    brist: (_, { utredning: u }) =>
      when(
        u.brukarsynpunktSaknas === null && (u.brukarsynpunkt === null || u.brukarenInstammer === null),
        'Skriv vad personen själv säger (brukarsynpunkt) och om hen instämmer (brukarenInstammer), eller varför det saknas (brukarsynpunktSaknas).',
      ),
  },
  {
    // Plan area 8: a clear focus on the need of support ...
    kod: 'stodbehovSaknas',
    hindrar: alla,
    brist: (arende, { utredning }) =>
      when(needs(arende, 'stod') && utredning.stodbehov === null, 'Beskriv behovet av stöd (stodbehov).'),
  },
  {
    // ... and on the continued planning.
    kod: 'planeringSaknas',
    hindrar: alla,
    brist: (arende, { utredning }) =>
      when(
        needs(arende, 'stod') && utredning.fortsattPlanering === null,
        'Beskriv den fortsatta planeringen (fortsattPlanering).',
      ),
  },
  {
    kod: 'ekonomiSaknas',
    hindrar: tillFordel,
    brist: (arende, { utredning }) =>
      when(
        needs(arende, 'ekonomi') && (utredning.inkomstOre === null || utredning.budget === null),
        'Skriv in inkomsten (inkomstOre) och budgeten (budget).',
      ),
  },
  {
    kod: 'grundSaknas',
    hindrar: alla,
    brist: (arende, { utredning }) =>
      when(
        needs(arende, 'fortur') && utredning.grunder.length === 0,
        `Ange minst en grund för förtur (grunder): ${forturgrunder.join(', ')}.`,
      ),
  },
  {
    kod: 'egenKotidEjProvad',
    hindrar: alla,
    brist: (arende, { utredning }) =>
      when(
        needs(arende, 'fortur') && utredning.egenKotidProvad === null,
        'Skriv in om egen kötid har prövats (egenKotidProvad). Den används alltid först.',
      ),
  },
  {
    // Domain 2.4: who has used violence gets a home elsewhere by agreement.
    kod: 'overenskommelseSaknas',
    hindrar: tillFordel,
    brist: (arende, { utredning }) =>
      when(
        needs(arende, 'fortur') && utredning.grunder.includes('valdsutovare') && utredning.overenskommelse === null,
        'Grunden valdsutovare kräver att överenskommelsen är antecknad (overenskommelse).',
      ),
  },
  {
    kod: 'kriterierEjUppfyllda',
    hindrar: tillFordel,
    brist: (_, { kriterier }) => {
      const failed = kriterier.filter(({ utfall }) => utfall === 'ejUppfyllt' || utfall === 'okant')
      return when(failed.length > 0, failed.map(({ kod }) => criteria[kod] ?? kod).join(' '))
    },
  },
  {
    // Plan areas 4 and 8; no decision about a household with children without it.
    kod: 'barnchecklistaSaknas',
    hindrar: alla,
    brist: (_, { antalBarn, barnchecklista }) =>
      antalBarn > 0 && 'saknas' in barnchecklista ? checklist[barnchecklista.saknas] : null,
  },
  {
    // FL 25 §: who may be refused is heard first.
    kod: 'inteHord',
    hindrar: ['delvisBifall', 'avslag'],
    brist: (arende, { today }) =>
      when(
        !isHeard(arende, today),
        'Personen ska ha fått ta del av utredningen och yttra sig: kommunicera den, och vänta på yttrandet eller på att tiden går ut.',
      ),
  },
]

/** Whether the party has answered what was communicated, or has had its time to. */
export const isHeard = ({ kommuniceradDatum, yttrandeDatum, yttrandeSenast }: ArendeRad, today: Day): boolean =>
  kommuniceradDatum !== null &&
  ((yttrandeDatum !== null && yttrandeDatum >= kommuniceradDatum) ||
    (yttrandeSenast !== null && yttrandeSenast < today))

/** Everything that is missing. */
export const missing = (arende: ArendeRad, underlag: Underlag): Brist[] =>
  requirements.flatMap(({ kod, hindrar, brist }) => {
    const text = brist(arende, underlag)
    return text === null ? [] : [{ kod, text, hindrar }]
  })
