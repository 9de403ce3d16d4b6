import type { NyttBeslut } from '../../arenden/schema.ts'
import { listMeasurements, measure } from '../../bostad-forst/fidelity.ts'
import { type BfBoendeRad, trohetsdomaner } from '../../bostad-forst/schema.ts'
import { bfBoendeOfArende, recordWishes } from '../../bostad-forst/service.ts'
import { endStod, offerStodAgain, restStod, resumeStod, setNiva, startStod } from '../../bostad-forst/support.ts'
import {
  comeHome,
  end,
  giveNotice,
  goAway,
  moveIn,
  offerHome,
  refuseHome,
  seekAnotherHome,
  stay,
  withdrawNotice,
} from '../../bostad-forst/tenancy.ts'
import { answerTrial, tryTransfer } from '../../bostad-forst/trials.ts'
import { type Day, daysAfter, monthsAfter } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'
import type { Arendeplan } from './cases.ts'
import { type Boendeode, type Stodsteg, stodvagar } from './home-cases.ts'
import { homeFor, turnover, vacantAgain } from './homes.ts'
import { omraden } from './made-up.ts'
import { on, type Part, type Story, together } from './story.ts'
import { anyVersion, bostadForstTeam, type Home, type Town, turn } from './town.ts'

const area = (index: number) => omraden[index % omraden.length] as string

/** What the person wishes for. */
export const wished = ({ n }: Arendeplan) =>
  ({
    onskadeOmraden: [area(n), area(n + 2)],
    uteslutnaOmraden: n % 4 === 0 ? [area(n + 1)] : [],
    onskadeRum: 1 + (n % 2),
    husdjur: n % 5 === 0,
    ...(n % 3 === 0 && { onskemal: 'Markplan, gärna nära vänner.' }),
  }) satisfies NyttBeslut['bostadForst']

/** From the admission on: the tenancy, and the support beside it, which go ways of their own. */
export function* bostadForst(town: Town, plan: Arendeplan, ode: Boendeode, arendeId: string): Story {
  const { id } = yield* on(
    daysAfter(plan.settled, 1),
    plan.staff.team,
    'las',
    async work => (await bfBoendeOfArende(work, arendeId)) as BfBoendeRad,
  )
  yield* together(tenancy(town, plan, ode, id), support(town, plan, id))
}

const steps: Record<Stodsteg, (work: Work, id: string, sub: string) => Promise<unknown>> = {
  starta: (work, id, kontaktperson) =>
    startStod(work, id, anyVersion, { niva: 'hog', kontaktperson, onskadFrekvens: 'Två gånger i veckan.' }),
  andraNiva: (work, id) => setNiva(work, id, anyVersion, { niva: 'medel' }),
  vila: (work, id) => restStod(work, id, anyVersion),
  ateruppta: (work, id) => resumeStod(work, id, anyVersion),
  avslutaStod: (work, id) => endStod(work, id, anyVersion),
  erbjudIgen: (work, id) => offerStodAgain(work, id, anyVersion),
}

function* support(town: Town, { settled, staff }: Arendeplan, id: string): Story {
  let day = daysAfter(settled, town.chance.between(3, 10))
  for (const step of turn(town, 'support', stodvagar)) {
    yield* on(day, staff.team, step, work => steps[step](work, id, staff.team.sub))
    day = daysAfter(day, town.chance.between(20, 60))
  }
}

/** States that only those without an own contract are in; of the others every second one has begun in a sublet. */
const subletOnly: readonly BfBoendeRad['tillstand'][] = ['inflyttad', 'overgangProvas']

/** How many days ago the last thing happened in it, at least and at most. */
const ago: Partial<Record<BfBoendeRad['tillstand'], readonly [number, number]>> = {
  erbjuden: [0, 6],
  overgangProvas: [1, 15],
  byteAvBostad: [3, 40],
  tillfalligtBorta: [3, 60],
  uppsagd: [2, 40],
  avslutad: [10, 110],
}

function* tenancy(town: Town, plan: Arendeplan, ode: Boendeode, id: string): Story {
  const { tillstand, utfall } = ode
  const { team } = plan.staff
  const later = (low: number, high: number): Day => daysAfter(plan.settled, town.chance.between(low, high))
  if (tillstand === 'antagen') return
  yield* on(later(4, 10), team, 'onskemal', work => recordWishes(work, id, anyVersion, wished(plan)))
  const no = turn(town, 'homes that were refused', ['lage', null, 'storlek', null, null, 'standard'] as const)
  if (no !== null) yield* refused(town, plan, id, later(15, 20), no)
  if (tillstand === 'matchning') return
  const lately = daysAfter(town.last, -town.chance.between(...(ago[tillstand] ?? [0, 0])))
  if (utfall === 'ejPaborjat') {
    yield* on(later(40, 90), team, 'avsluta', work => end(work, id, anyVersion, { utfall, datum: work.today }))
    return
  }
  const home = yield* offered(town, plan, id, tillstand === 'erbjuden' ? lately : later(30, 50))
  if (tillstand === 'erbjuden') return
  const since = later(55, 65)
  const sublet = subletOnly.includes(tillstand) || turn(town, `contracts of ${tillstand}`, [true, false])
  yield* movedIn(town, plan, id, home, since, sublet)
  const endless = tillstand === 'inflyttad' || tillstand === 'forstahand'
  // With notice, what ends begins earlier.
  const until = endless ? daysAfter(town.last, 1) : daysAfter(lately, tillstand === 'avslutad' ? -60 : 0)
  const lives = yield* happening(town, plan, id, { home, since }, { sublet, until })
  const goesOn = function* (): Story {
    if (sublet) yield* trials(town, plan, id, lives.since, { ode, until })
    if (!endless) yield* ending(town, plan, ode, id, lives.home, until, lately)
  }
  yield* together(goesOn(), ...(lives.home === home ? [] : [turnover(town, home, lives.since)]))
}

/** A home in an area that the person wishes for is held for them. */
function* offered(town: Town, plan: Arendeplan, id: string, day: Day): Part<Home> {
  const { onskadeOmraden, onskadeRum } = wished(plan)
  const need = { rum: onskadeRum, omrade: town.chance.oneOf(onskadeOmraden), maxHyraOre: 1_500_000, tillganglighet: [] }
  const home = yield* homeFor(town, { kategori: 'bostadForst', ...need }, day)
  yield* on(day, plan.staff.team, 'erbjud', work => offerHome(work, id, anyVersion, { lagenhetId: home.id }))
  return home
}

function* refused(
  town: Town,
  plan: Arendeplan,
  id: string,
  day: Day,
  orsak: NonNullable<BfBoendeRad['nejOrsak']>,
): Story {
  const home = yield* offered(town, plan, id, day)
  yield* on(daysAfter(day, 4), plan.staff.team, 'tackaNej', work => refuseHome(work, id, anyVersion, { orsak }))
  vacantAgain(town, home)
}

const reasons = ['betalningsanmarkning', 'vardenKraver', 'ingenInkomst', 'egetOnskemal', 'annat'] as const

/** A sublet only with its reason, and the day from which the person can have an own contract. */
const movedIn = (town: Town, { staff }: Arendeplan, id: string, { hyraOre }: Home, day: Day, sublet: boolean) =>
  on(day, staff.team, 'flyttaIn', work =>
    moveIn(work, id, anyVersion, {
      kontraktsform: sublet ? 'andrahand' : 'forstahand',
      hyraOre,
      inflyttad: work.today,
      ...(sublet && {
        skalAndrahand: turn(town, 'reasons for a sublet', reasons),
        overgangTidigast: monthsAfter(work.today, 12),
      }),
    }),
  )

/** A home that the person has, and since when. */
type Bor = { home: Home; since: Day }

const happenings = ['away', 'moves', null, 'notice', 'stays', null] as const

/** What happens while somebody lives there, if there is time for it; and where they live then. */
function* happening(
  town: Town,
  plan: Arendeplan,
  id: string,
  bor: Bor,
  { sublet, until }: { sublet: boolean; until: Day },
): Part<Bor> {
  const { team } = plan.staff
  const begins = daysAfter(bor.since, 50)
  const ends = daysAfter(begins, 45)
  const what = daysAfter(ends, 5) < until ? turn(town, 'what happens', happenings) : null
  if (what === 'away') {
    const orsak = turn(town, 'absences', ['sjukhus', 'behandlingshem', 'kriminalvard', 'annat'] as const)
    yield* on(begins, team, 'borta', work => goAway(work, id, anyVersion, { sedan: work.today, orsak }))
    yield* on(ends, team, 'hemma', work => comeHome(work, id, anyVersion))
  }
  if (what === 'notice') {
    yield* noticed(plan, id, begins)
    yield* on(ends, team, 'aterta', work => withdrawNotice(work, id, anyVersion))
  }
  if (what === 'stays') {
    yield* sought(town, plan, id, begins)
    yield* on(ends, team, 'boKvar', work => stay(work, id, anyVersion))
  }
  if (what !== 'moves') return bor
  yield* sought(town, plan, id, begins)
  const home = yield* offered(town, plan, id, daysAfter(begins, 20))
  yield* movedIn(town, plan, id, home, ends, sublet)
  return { home, since: ends }
}

const sought = (town: Town, { staff }: Arendeplan, id: string, day: Day) => {
  const orsak = turn(town, 'changes of home', ['otrygghet', 'onskemal', 'storning', 'bostadenUpphor', 'annat'] as const)
  return on(day, staff.team, 'bytBostad', work => seekAnotherHome(work, id, anyVersion, { orsak }))
}

const noticed = ({ staff }: Arendeplan, id: string, day: Day) =>
  on(day, staff.team, 'uppsagning', work =>
    giveNotice(work, id, anyVersion, { uppsagdTill: monthsAfter(work.today, 3) }),
  )

/** After twelve months and every six: refused, or granted in the end to those who are to have an own contract. */
function* trials(
  town: Town,
  { staff }: Arendeplan,
  id: string,
  since: Day,
  { ode, until }: { ode: Boendeode; until: Day },
): Story {
  const refusals = ['kortTid', 'inkomst', 'hyresskuld', 'referens', 'storning'] as const
  const owns = ode.tillstand === 'forstahand' || ode.utfall === 'egetBoende'
  const hasTime = (months: number) => daysAfter(monthsAfter(since, months), 15) < until
  for (let months = 12; hasTime(months); months += 6) {
    const tried = monthsAfter(since, months)
    const granted = owns && (months > 12 || !hasTime(18) || turn(town, 'first trials', [false, true]))
    yield* on(tried, staff.team, 'provaOvergang', work => tryTransfer(work, id, anyVersion))
    yield* on(daysAfter(tried, 10), staff.team, 'svaraPaOvergang', work =>
      answerTrial(work, id, anyVersion, {
        ...(granted
          ? { utfall: 'godkand', forstahandDatum: work.today }
          : { utfall: 'avslag', orsak: turn(town, 'refused trials', refusals) }),
      }),
    )
    if (granted) return
  }
}

function* ending(
  town: Town,
  plan: Arendeplan,
  ode: Boendeode,
  id: string,
  home: Home,
  begins: Day,
  lately: Day,
): Story {
  const { tillstand, utfall } = ode
  const { team } = plan.staff
  if (tillstand === 'overgangProvas')
    yield* on(begins, team, 'provaOvergang', work => tryTransfer(work, id, anyVersion))
  if (tillstand === 'tillfalligtBorta')
    yield* on(begins, team, 'borta', work =>
      goAway(work, id, anyVersion, { sedan: work.today, orsak: town.chance.oneOf(['sjukhus', 'behandlingshem']) }),
    )
  if (tillstand === 'byteAvBostad') yield* sought(town, plan, id, begins)
  if (tillstand === 'uppsagd' || utfall === 'hemlos') yield* noticed(plan, id, begins)
  if (utfall === null) return
  const { kontraktsform } = yield* on(lately, team, 'avsluta', work =>
    end(work, id, anyVersion, { utfall, datum: work.today }),
  )
  // Whoever has the contract in their own name keeps the home.
  if (utfall === 'egetBoende' && kontraktsform === 'forstahand') return
  yield* turnover(town, home, lately)
}

/** The programme is measured in November, each past year since a day; a run before may have done it. */
export function* fidelity(town: Town, since: Day): Story {
  for (let ar = Number(since.slice(0, 4)); `${ar}-12-31` <= town.last; ar++) {
    const day = `${ar}-11-15`
    const domaner = trohetsdomaner.map(kod => ({ kod, poang: town.chance.between(24, 33), max: 34 }))
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
    if (day >= since)
      yield* on(day, bostadForstTeam, 'mat', async work => {
        const { total } = await listMeasurements(work, ar, { limit: 1, offset: 0, countedAtMost: 1 })
        if (total > 0) return
        await measure(work, {
          ar,
          datum: work.today,
          instrument: 'Pathways självskattning',
          domaner,
          poang: sum(domaner.map(({ poang }) => poang)),
          maxPoang: sum(domaner.map(({ max }) => max)),
          atgarder: 'Fler bostäder att välja mellan.',
        })
      })
  }
}
