import { tillstand as arendetillstand } from '../../arenden/schema.ts'
import { type ForturRad, tillstand as forturtillstand } from '../../forturer/schema.ts'
import { type Day, daysAfter, monthsAfter } from '../../shared/dates.ts'
import type { Insats } from '../../shared/insatser.ts'
import {
  type Boendeode,
  bostadForstGranted,
  bostadForstScripts,
  type Stodlagenhetsode,
  stodlagenhetGranted,
  stodlagenhetScripts,
} from './home-cases.ts'
import { weighted } from './made-up.ts'
import { type Household, type Town, turn } from './town.ts'

type Arendetillstand = (typeof arendetillstand)[number]
type Forturtillstand = ForturRad['tillstand']
/** What there is of a checklist for a case. `undantag`: none, and a decision that says why. */
type Checklista = 'ingen' | 'paborjad' | 'klar' | 'reviderad' | 'undantag' | 'forGammal'
/** Days, at least and at most. */
type Range = readonly [number, number]

/** A case from the application on, planned so that it is in a certain state when the stories end. */
export type Arendeplan = Household & {
  insats: Insats
  tillstand: Arendetillstand
  /** What becomes of the förtur that it grants; null when it grants none. */
  fortur: Forturtillstand | null
  /** What becomes of the stödlägenhet, or the tenancy in Bostad Först, that it grants. */
  stodlagenhet: Stodlagenhetsode | null
  bostadForst: Boendeode | null
  checklista: Checklista
  applied: Day
  /** The day of the decision; in a case without one, of the last that has happened in it. */
  settled: Day
}
type Script = {
  insats: Insats
  tillstand: Arendetillstand
  fortur?: Forturtillstand
  stodlagenhet?: Stodlagenhetsode
  bostadForst?: Boendeode
}

const granting: readonly Arendetillstand[] = ['bifall', 'delvisBifall']

const grantedAs = (fortur: Forturtillstand): Script => ({ insats: 'fortur', tillstand: 'bifall', fortur })
const forturScripts: Script[] = [
  ...forturtillstand.map(grantedAs),
  { insats: 'fortur', tillstand: 'delvisBifall', fortur: 'hosHyresvard' },
  ...arendetillstand.filter(one => !granting.includes(one)).map(one => ({ insats: 'fortur', tillstand: one }) as const),
  // Most who wait get a home.
  ...weighted({ tillgodosedd: 5, hosHyresvard: 2, erbjuden: 1 }).map(grantedAs),
]
const others = ['stodlagenhet', 'bostadForst', 'hyresgaranti', 'tillfalligtBoende'] as const
/** States of cases that have given help which is told of elsewhere. */
const tellsOf: Partial<Record<Insats, readonly Arendetillstand[]>> = {
  hyresgaranti: granting,
  stodlagenhet: [...granting, 'omprovad'],
  bostadForst: [...granting, 'omprovad'],
}
/** Each round has every state, about another kind of help than the round before. */
const otherScripts: Script[] = others
  .flatMap((_, round) =>
    arendetillstand.map((tillstand, index) => ({ insats: others[(index + round) % 4] as Insats, tillstand })),
  )
  // Those have stories of their own, with what becomes of the help (`guarantees.ts`, `home-cases.ts`).
  .filter(({ insats, tillstand }) => !(tellsOf[insats] ?? []).includes(tillstand))

/** The states as they may be spread in a municipality. */
const later = weighted<Arendetillstand>({
  bifall: 46,
  avslag: 16,
  utredning: 10,
  delvisBifall: 6,
  avskriven: 5,
  inkommen: 4,
  kommunicerad: 4,
  komplettering: 3,
  overklagad: 3,
  dom: 2,
  omprovad: 1,
})

/** Each script once, so that there is one of each; then as in a municipality. */
function deal({ chance, turns }: Town, name: string, scripts: Script[]): Script {
  const count = turns.get(name) ?? 0
  turns.set(name, count + 1)
  const next = scripts[count]
  if (next) return next
  const tillstand = chance.oneOf(later.filter(one => scripts.some(script => script.tillstand === one)))
  return chance.oneOf(scripts.filter(script => script.tillstand === tillstand))
}

/** So many of the first households have a case of each kind: the smallest town has cases and homes in every state. */
const first = 12

/** The cases of a household beside those of its guarantees. A person has one open help of a kind: one case is about it. */
export function casesOf(town: Town, household: Household): Arendeplan[] {
  const { n, skyddsniva } = household
  const possible = forturScripts.filter(
    ({ insats, tillstand }) => canAppeal(town, insats) || !appealed.includes(tillstand),
  )
  const dealt = (name: string, scripts: Script[], isTold: boolean) =>
    n < first || isTold ? [deal(town, name, scripts)] : []
  const scripts = [
    ...dealt('cases about fortur', possible, n % 4 === 1 || skyddsniva !== 'ingen'),
    ...dealt('other cases', otherScripts, n % 4 === 2),
    ...dealt('cases about stodlagenhet', stodlagenhetScripts, n % 8 === 3),
    ...dealt('cases about bostadForst', bostadForstScripts, n % 8 === 7),
  ]
  return scripts
    .map(script => planCase(town, household, script, daysOf(town, script)))
    .filter(({ applied }) => applied >= town.decidesFrom)
}

/** Whether decisions about a kind of help can be appealed: förtur's are as the setting says. */
export const canAppeal = ({ config }: Town, insats: Insats): boolean =>
  insats !== 'fortur' || config.FORTUR_OVERKLAGANDETYP !== 'ejOverklagbar'

/** States that come after an appeal. */
export const appealed: readonly Arendetillstand[] = ['overklagad', 'omprovad', 'dom']

/** How many days ago the last day of the plan was, and how long it took from the application until then. */
const times: Record<Arendetillstand, { ago: Range; took: Range }> = {
  inkommen: { ago: [0, 0], took: [0, 12] },
  utredning: { ago: [0, 0], took: [10, 75] },
  komplettering: { ago: [1, 9], took: [14, 50] },
  kommunicerad: { ago: [1, 12], took: [20, 60] },
  bifall: { ago: [5, 400], took: [14, 70] },
  delvisBifall: { ago: [30, 340], took: [14, 70] },
  avslag: { ago: [5, 400], took: [14, 70] },
  avskriven: { ago: [5, 300], took: [8, 40] },
  overklagad: { ago: [20, 60], took: [20, 70] },
  omprovad: { ago: [20, 300], took: [14, 40] },
  dom: { ago: [130, 400], took: [20, 70] },
}
/** How many days ago a förtur was granted, so that it can have come to its state (`forturer.ts`). */
const granted: Record<Forturtillstand, Range> = {
  beviljad: [0, 20],
  hosHyresvard: [30, 340],
  erbjuden: [30, 120],
  accepterad: [35, 120],
  tillgodosedd: [90, 380],
  tillgodoseddEgen: [75, 380],
  forbrukad: [60, 300],
  utgangen: [370, 450],
  upphavd: [85, 350],
}

function daysOf({ chance, last }: Town, script: Script): Pick<Arendeplan, 'applied' | 'settled'> {
  const { ago, took } = times[script.tillstand]
  const { fortur, stodlagenhet, bostadForst } = script
  const since =
    (fortur && granted[fortur]) ??
    (stodlagenhet && stodlagenhetGranted[stodlagenhet.tillstand]) ??
    (bostadForst && bostadForstGranted[bostadForst.tillstand])
  const isGranted = granting.includes(script.tillstand)
  const settled = daysAfter(last, -chance.between(...((isGranted && since) || ago)))
  return { settled, applied: daysAfter(settled, -chance.between(...took)) }
}

const underInvestigation: Checklista[] = ['forGammal', 'paborjad', 'ingen', 'paborjad', 'klar', 'paborjad']
const forDecision: Checklista[] = ['klar', 'undantag', 'reviderad', ...Array<Checklista>(9).fill('klar')]

/** For a case about a household with children. */
function checklistFor(town: Town, tillstand: Arendetillstand): Checklista {
  if (tillstand === 'inkommen' || tillstand === 'avskriven') return 'ingen'
  if (tillstand === 'komplettering') return 'paborjad'
  if (tillstand === 'kommunicerad') return 'klar'
  return tillstand === 'utredning'
    ? turn(town, 'checklists under investigation', underInvestigation)
    : turn(town, 'checklists for decisions', forDecision)
}

/** A day on which a checklist can have been finished, and be too old today. */
const tooOld = ({ last, config }: Town): Day => monthsAfter(last, -config.BARNCHECKLISTA_MANADER - 1)

/** A case that comes in and is settled on certain days. */
export function planCase(
  town: Town,
  household: Household,
  { insats, tillstand, fortur, stodlagenhet, bostadForst }: Script,
  given: Pick<Arendeplan, 'applied' | 'settled'>,
): Arendeplan {
  const checklista = household.antalBarn > 0 ? checklistFor(town, tillstand) : 'ingen'
  const days = checklista === 'forGammal' ? { applied: daysAfter(tooOld(town), -40), settled: tooOld(town) } : given
  const help = { fortur: fortur ?? null, stodlagenhet: stodlagenhet ?? null, bostadForst: bostadForst ?? null }
  return { ...household, insats, tillstand, ...help, checklista, ...days }
}
