import { reconsider } from '../../arenden/decisions.ts'
import type { NyttBeslut } from '../../arenden/schema.ts'
import { type Day, daysAfter, monthsAfter } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'
import { answerProposal, propose, withdrawProposal } from '../../stodlagenheter/proposals.ts'
import { placeAmongFitting } from '../../stodlagenheter/queue.ts'
import type { BostadsforslagRad, StodlagenhetRad } from '../../stodlagenheter/schema.ts'
import { stodlagenhetOfArende } from '../../stodlagenheter/service.ts'
import {
  answerTakeover,
  close,
  endAssistance,
  moveIn,
  moveOut,
  sign,
  tryTakeover,
} from '../../stodlagenheter/tenancy.ts'
import type { Arendeplan } from './cases.ts'
import type { Stodlagenhetsode } from './home-cases.ts'
import { homeFor, turnover, vacantAgain } from './homes.ts'
import { omraden } from './made-up.ts'
import { on, type Part, type Story, together } from './story.ts'
import { type Boende, freshChecklist, lives, notice } from './tenancies.ts'
import { anyVersion, type Town, turn } from './town.ts'

type Ids = { arendeId: string; beslutId: string }
type Tillstand = StodlagenhetRad['tillstand']

const area = (index: number) => omraden[index % omraden.length] as string

/** What the home is to be like. Most families have time-limited decisions: all of them are in acute housing. */
export function needed({ home, n, antalBarn }: Arendeplan) {
  const rum = Math.min(5, Math.ceil((home.made?.personer.length ?? 1) / 2))
  return {
    beslutstyp: antalBarn > 0 && n % 3 > 0 ? 'tidsbegransatBarnfamilj' : 'ordinarie',
    minRum: rum,
    maxRum: rum + 1,
    maxHyraOre: (6 + 2 * rum) * 100_000,
    onskadeOmraden: [area(n)],
    uteslutnaOmraden: n % 6 === 0 ? [area(n + 1)] : [],
    tillganglighet: n % 11 === 4 ? ['hiss'] : [],
  } satisfies NyttBeslut['stodlagenhet']
}

/** How many days ago the last thing happened in it, at least and at most. */
const ago: Record<Tillstand, readonly [number, number]> = {
  iKo: [0, 0],
  foreslagen: [0, 5],
  tilldelad: [6, 12],
  avtalTecknat: [15, 30],
  boende: [0, 0],
  bistandUpphor: [5, 60],
  overtagande: [1, 20],
  uppsagd: [2, 40],
  avflyttad: [2, 25],
  overlaten: [3, 30],
  avslutad: [10, 200],
}
/** For these the home is proposed then, for others some weeks after the decision. */
const recent: readonly Tillstand[] = ['foreslagen', 'tilldelad', 'avtalTecknat']

type No = NonNullable<BostadsforslagRad['orsak']> | 'aterkallat'
const noes: (No | null)[] = ['lage', null, 'aterkallat', null, 'hyra', null, 'trygghet', null, null]

/** From the place in the queue to the own contract, or to how else it ends. */
export function* stodlagenhet(town: Town, plan: Arendeplan, ode: Stodlagenhetsode, ids: Ids): Story {
  const { staff, settled } = plan
  const { tillstand, utfall } = ode
  const later = (low: number, high: number): Day => daysAfter(settled, town.chance.between(low, high))
  yield* cameToNothing(town, plan, ids.arendeId, later(5, 10), turn(town, 'proposals before another', noes))
  if (tillstand === 'iKo') return
  if (utfall === 'aterkallat') {
    yield* closed(plan, ids.arendeId, later(30, 60), utfall)
    return
  }
  const lately = daysAfter(town.last, -town.chance.between(...ago[tillstand]))
  const told = recent.includes(tillstand) ? lately : later(20, 45)
  const { id, home } = yield* proposed(town, plan, ids.arendeId, told)
  if (tillstand === 'foreslagen') return
  yield* on(daysAfter(told, 3), staff.handlaggare, 'svara', work =>
    answerProposal(work, id, anyVersion, { svar: 'accepterat' }),
  )
  if (tillstand === 'tilldelad') return
  const access = tillstand === 'avtalTecknat' ? daysAfter(town.last, town.chance.between(5, 20)) : daysAfter(told, 14)
  yield* on(daysAfter(told, 7), staff.vard, 'tecknaAvtal', work =>
    sign(work, id, anyVersion, {
      avtalsform: home.blockhyrd ? 'blockhyraAndrahand' : 'andrahand',
      avtalDatum: work.today,
      informeradOmVillkorDatum: daysAfter(work.today, -(plan.n % 4)),
      hyraOre: home.hyraOre,
      tilltrade: access,
    }),
  )
  if (tillstand === 'avtalTecknat') return
  yield* on(access, staff.handlaggare, 'flyttaIn', work =>
    moveIn(work, id, anyVersion, { datum: work.today, hemforsakringTill: monthsAfter(work.today, 12) }),
  )
  const until = tillstand === 'boende' ? daysAfter(town.last, 1) : daysAfter(lately, -leadTime(ode))
  const boende: Boende = { id, home, arendeId: ids.arendeId, access, lives: until }
  yield* together(...lives(town, plan, boende), extended(town, plan, ids, until))
  if (tillstand !== 'boende') yield* ending(town, plan, ode, boende, lately)
}

const isTakenOver = ({ tillstand, utfall }: Stodlagenhetsode) =>
  utfall === 'egetKontrakt' || tillstand === 'overlaten' || tillstand === 'overtagande'

/** How many days before the last thing happens, what leads to it begins. */
function leadTime(ode: Stodlagenhetsode): number {
  if (ode.tillstand === 'avflyttad' || ode.utfall !== null) return isTakenOver(ode) ? 20 : 60
  return ode.tillstand === 'overlaten' ? 20 : 0
}

function* ending(town: Town, plan: Arendeplan, ode: Stodlagenhetsode, boende: Boende, lately: Day): Story {
  if (isTakenOver(ode)) yield* takeover(plan, ode, boende, lately)
  else yield* leaving(town, plan, ode, boende, lately)
  const isLeft = !isTakenOver(ode) && (ode.tillstand === 'avflyttad' || ode.utfall !== null)
  yield* together(
    ...(ode.utfall === null ? [] : [closed(plan, boende.arendeId, daysAfter(lately, 5), ode.utfall)]),
    ...(isLeft ? [turnover(town, boende.home, lately)] : []),
  )
}

async function idOf(work: Work, arendeId: string): Promise<string> {
  return ((await stodlagenhetOfArende(work, arendeId)) as StodlagenhetRad).id
}

/** A home is found and proposed; with a reason when someone before in the queue could take it. */
function* proposed(town: Town, plan: Arendeplan, arendeId: string, day: Day): Part<Pick<Boende, 'id' | 'home'>> {
  const { minRum: rum, maxHyraOre, onskadeOmraden, tillganglighet } = needed(plan)
  const [omrade] = onskadeOmraden as [string]
  const home = yield* homeFor(town, { kategori: 'stodlagenhet', rum, maxHyraOre, omrade, tillganglighet }, day)
  return yield* on(day, plan.staff.boendeenhet, 'foreslaMatch', async work => {
    const id = await idOf(work, arendeId)
    const plats = await placeAmongFitting(work, id, home)
    await propose(work, id, anyVersion, {
      lagenhetId: home.id,
      ...(plats > 1 && { skalForAvsteg: 'Bostaden ligger nära det stöd som personen redan har.' }),
    })
    return { id, home }
  })
}

/** The person says no, or the home is not to be had after all: the place in the queue is the same. */
function* cameToNothing(town: Town, plan: Arendeplan, arendeId: string, day: Day, why: No | null): Story {
  if (why === null) return
  const { handlaggare, boendeenhet } = plan.staff
  const { id, home } = yield* proposed(town, plan, arendeId, day)
  const then = daysAfter(day, 3)
  if (why === 'aterkallat')
    yield* on(then, boendeenhet, 'aterkallaForslag', work => withdrawProposal(work, id, anyVersion))
  else
    yield* on(then, handlaggare, 'svara', work => answerProposal(work, id, anyVersion, { svar: 'avbojt', orsak: why }))
  vacantAgain(town, home)
}

/** Assistance that runs longer than a decision may: a new decision each time, with the children's situation tried. */
function* extended(town: Town, plan: Arendeplan, { arendeId, beslutId }: Ids, until: Day): Story {
  let standing = beslutId
  for (let day = daysAfter(plan.settled, 345); day < until; day = daysAfter(day, 345)) {
    yield* freshChecklist(town, plan, arendeId, daysAfter(day, -3))
    const { id } = yield* on(day, plan.staff.beslutsfattare, 'omprova', work =>
      reconsider(work, arendeId, anyVersion, {
        utfall: plan.tillstand === 'delvisBifall' ? 'delvisBifall' : 'bifall',
        motivering: 'Behovet kvarstår, och planen följs.',
        giltigTill: daysAfter(monthsAfter(work.today, 12), -1),
        ersatterId: standing,
      }),
    )
    standing = id
  }
}

/** The tenant takes over the home, or is about to. */
function* takeover({ staff }: Arendeplan, ode: Stodlagenhetsode, { id, lives }: Boende, answered: Day): Story {
  yield* on(lives, staff.handlaggare, 'provaOvertagande', work => tryTakeover(work, id, anyVersion))
  if (ode.tillstand === 'overtagande') return
  yield* on(answered, staff.vard, 'svaraPaOvertagande', work =>
    answerTakeover(work, id, anyVersion, { svar: 'godkant', forstahandDatum: work.today }),
  )
}

type Grund = NonNullable<StodlagenhetRad['uppsagningsgrund']>
/** Why notice is given, for those who have left since; `bistandUpphort`: the assistance ends, and no notice is needed. */
const grunder: Partial<Record<NonNullable<Stodlagenhetsode['utfall']>, Grund>> = {
  annatBoende: 'bistandUpphort',
  institution: 'egenUppsagning',
  hemlos: 'hyresskuld',
  avliden: 'annat',
  flyttatFranKommunen: 'egenUppsagning',
}
const others: Grund[] = ['storning', 'bistandUpphort', 'egenUppsagning', 'hyresskuld', 'annat']

/** The assistance ends, or notice is given, and the home is left. */
function* leaving(town: Town, plan: Arendeplan, ode: Stodlagenhetsode, boende: Boende, left: Day): Story {
  const { tillstand, utfall } = ode
  const { staff } = plan
  const grund = (utfall && grunder[utfall]) ?? turn(town, 'notices', others)
  if (tillstand === 'bistandUpphor' || (tillstand !== 'uppsagd' && grund === 'bistandUpphort')) {
    yield* freshChecklist(town, plan, boende.arendeId, daysAfter(boende.lives, -2))
    yield* on(boende.lives, staff.beslutsfattare, 'bistandetUpphor', work =>
      endAssistance(work, boende.id, anyVersion, { datum: work.today }),
    )
  } else yield* notice(town, plan, boende, boende.lives, grund)
  if (tillstand === 'bistandUpphor' || tillstand === 'uppsagd') return
  yield* on(left, staff.vard, 'flyttaUt', work => moveOut(work, boende.id, anyVersion, { datum: work.today }))
}

function* closed(
  { staff }: Arendeplan,
  arendeId: string,
  day: Day,
  utfall: NonNullable<Stodlagenhetsode['utfall']>,
): Story {
  yield* on(day, staff.handlaggare, 'avsluta', async work =>
    close(work, await idOf(work, arendeId), anyVersion, { utfall }),
  )
}
