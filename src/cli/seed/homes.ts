import { addLagenheter, handBack, inspect, makeReady } from '../../lagenheter/pool.ts'
import { agare, kategorier, type LagenhetRad } from '../../lagenheter/schema.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'
import { gator, omraden } from './made-up.ts'
import { on, type Part, type Story } from './story.ts'
import { anyVersion, type Home, serviceforvaltningen, type Town, turn } from './town.ts'

/** What a home must be like for somebody. */
export type Need = Pick<Home, 'kategori' | 'omrade' | 'tillganglighet'> & { rum: number; maxHyraOre: number }

/** The categories that the stories give homes of. */
const given: readonly LagenhetRad['kategori'][] = ['stodlagenhet', 'bostadForst']

async function add(
  town: Town,
  work: Work,
  home: Pick<Home, 'kategori' | 'omrade' | 'rum' | 'tillganglighet'>,
  fields: { agare: LagenhetRad['agare']; klar: boolean },
): Promise<Home> {
  const blockhyrd = home.kategori === 'stodlagenhet' && turn(town, 'leases', [false, false, false, true])
  const hyraOre = (4 + 2 * home.rum) * 100_000 + town.chance.between(0, 9) * 10_000
  const number = town.homes.made++
  const { resultat } = await addLagenheter(work, [
    {
      lagenhet: {
        objektnummer: `EX-${String(number).padStart(4, '0')}`,
        ...home,
        ...fields,
        hyraOre,
        blockhyrd,
        yta: 18 + 19 * home.rum,
        iPoolenFran: work.today,
        // Where people are sheltered is written nowhere.
        ...(home.kategori !== 'jour' && { adress: `${town.chance.oneOf(gator)} ${number % 200}, 222 22 Lund` }),
      },
    },
  ])
  return { ...home, id: resultat[0]?.id as string, hyraOre, blockhyrd }
}

/** A vacant home that fits, or else one that serviceförvaltningen comes up with; it is nobody else's from then on. */
export const homeFor = (town: Town, need: Need, day: Day): Part<Home> =>
  on(day, serviceforvaltningen, 'laggTill', async work => {
    const { vacant } = town.homes
    const found = vacant.findIndex(
      home =>
        home.kategori === need.kategori &&
        home.omrade === need.omrade &&
        home.rum === need.rum &&
        home.hyraOre <= need.maxHyraOre &&
        need.tillganglighet.every(one => home.tillganglighet.includes(one)),
    )
    const [home] = found < 0 ? [] : vacant.splice(found, 1)
    const { maxHyraOre: _, ...wanted } = need
    return home ?? add(town, work, wanted, { agare: turn(town, 'owners', agare), klar: true })
  })

/** The home can be let again. */
export const vacantAgain = ({ homes }: Town, home: Home): void => {
  if (given.includes(home.kategori)) homes.vacant.push(home)
}

const ready = (town: Town, home: Home, day: Day) =>
  on(day, serviceforvaltningen, 'klar', async work => {
    await makeReady(work, home.id, anyVersion)
    vacantAgain(town, home)
  })

const handedBack = ({ id }: Home, day: Day) =>
  on(day, serviceforvaltningen, 'aterlamna', work => handBack(work, id, anyVersion, { iPoolenTill: work.today }))

/** What becomes of a home that somebody has left: of one that was left lately, how far it has come. */
const lately = ['tomstalld', 'renovering', 'ledig'] as const
const longAgo = ['renoverad', 'ledig', 'renoverad', 'aterlamnad', 'ledig'] as const

/** From the day that somebody leaves a home to when it can be let again. */
export function* turnover(town: Town, home: Home, left: Day): Story {
  const fate =
    left > daysAfter(town.last, -120)
      ? turn(town, 'homes that were left lately', lately)
      : turn(town, 'homes that were left', longAgo)
  if (fate === 'tomstalld') return
  const day = daysAfter(left, town.chance.between(2, 10))
  if (fate === 'aterlamnad') {
    yield* handedBack(home, day)
    return
  }
  const behoverRenoveras = fate !== 'ledig'
  yield* on(day, serviceforvaltningen, 'besiktiga', async work => {
    await inspect(work, home.id, anyVersion, { behoverRenoveras })
    if (!behoverRenoveras) vacantAgain(town, home)
  })
  if (fate === 'renoverad') yield* ready(town, home, daysAfter(day, town.chance.between(14, 60)))
}

const beginnings = ['ledig', 'planerad', 'ledig', 'aterlamnad', 'klar'] as const

/** Homes that come to the pool whoever waits, one after another: of each category and owner. */
export const pool = (town: Town, since: Day): Story[] =>
  kategorier.flatMap((kategori, first) =>
    agare.map((owner, second) =>
      oneOfPool(town, since, { kategori, agare: owner, rum: 1 + ((first + second) % 4) }, first + 4 * second),
    ),
  )

function* oneOfPool(
  town: Town,
  since: Day,
  { kategori, agare: owner, rum }: Pick<LagenhetRad, 'kategori' | 'agare' | 'rum'>,
  index: number,
): Story {
  const fate = beginnings[index % beginnings.length]
  const day = fate === 'planerad' ? daysAfter(town.last, -town.chance.between(5, 60)) : daysAfter(since, 1 + 70 * index)
  const home = yield* on(day, serviceforvaltningen, 'laggTill', async work => {
    const wanted = { kategori, omrade: omraden[index % omraden.length] as string, rum }
    const klar = fate === 'ledig' || fate === 'aterlamnad'
    const made = await add(town, work, { ...wanted, tillganglighet: [] }, { agare: owner, klar })
    if (fate === 'ledig') vacantAgain(town, made)
    return made
  })
  if (fate === 'klar') yield* ready(town, home, daysAfter(day, 30))
  if (fate === 'aterlamnad') yield* handedBack(home, daysAfter(day, 200))
}
