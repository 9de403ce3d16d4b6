import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { latestRound } from '../hyresgarantier/periods.ts'
import { addKriterieuppsattning, changeHyresvard, createHyresvard, listHyresvardar } from '../hyresvardar/service.ts'
import { jobNames, runJob } from '../jobs.ts'
import { systemCaller } from '../shared/caller.ts'
import { clockAt, systemClock, todayOf } from '../shared/clock.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import type { Encryption } from '../shared/encryption.ts'
import { StartError } from '../start-error.ts'
import { command, plainDate, UsageError, withDatabase } from './running.ts'
import { fidelity } from './seed/bostad-forst.ts'
import { pool } from './seed/homes.ts'
import { fewestHouseholds, household } from './seed/households.ts'
import { chanceFrom, hyresvardar, organisationsnummer, personnummerFor } from './seed/made-up.ts'
import { MovableClock, tell } from './seed/story.ts'
import { administrator, anyVersion, caseworkers, type Landlord, type Town } from './seed/town.ts'

const help = `npm run seed -- [--hushall 200] [--fro 1] [--day YYYY-MM-DD]

Fills the database with a made-up municipality, as it would stand on a day (today): landlords, households, cases about
every kind of help in every state, child checklists, decisions, förturer with their offers, homes with those who live in
them, stödlägenheter and Bostad Först from the first day to the last, guarantees, claims, debts and the review rounds of
the last half-years. Prints what there is as one JSON line. Work waits (GET /v1/mitt) for
${[...caseworkers, 'karin.beslut', 'bo.boendeenhet', 'tove.team'].join(', ')}.
The personnummer are the tax agency's test numbers, and the same --fro gives the same people and events. Each run adds
as many households again. Not for production.`

/** Landlords are the same from run to run. */
async function settleLandlords(db: Database, clock: MovableClock, since: Day): Promise<Landlord[]> {
  clock.show(clockAt(Temporal.PlainDate.from(since)))
  return db.transaction(administrator, { atgard: 'registrera' }, async work => {
    const { rows } = await listHyresvardar(work, { limit: 100_000, offset: 0 })
    const landlords: Landlord[] = []
    for (const [index, { kriterier, ...landlord }] of hyresvardar.entries()) {
      const number = organisationsnummer(index + 1)
      const known = rows.find(row => row.organisationsnummer === number)
      const { id } = known ?? (await createHyresvard(work, { ...landlord, organisationsnummer: number }))
      if (known && 'tarEmotForturer' in landlord && !known.tarEmotForturer)
        await changeHyresvard(work, id, anyVersion, { tarEmotForturer: true })
      if (!known && kriterier) await addKriterieuppsattning(work, id, { giltigFran: since, ...kriterier })
      landlords.push({ id, nummer: index + 1 })
    }
    return landlords
  })
}

async function seed(
  { db, config, encryption }: { db: Database; config: Config; encryption: Encryption },
  clock: MovableClock,
  { today, households, start }: { today: Day; households: number; start: number },
): Promise<void> {
  const since = monthsAfter(today, -Math.max(24, config.UPPSAGNING_TIDIGAST_MANADER) - 18)
  const persons = await db.reading(systemCaller).db.query('SELECT personnummer_hash AS hash FROM person')
  const [{ decidesFrom }] = await db.reading(systemCaller).db.query(`SELECT greatest(
    (SELECT min(giltig_fran) FROM delegation), (SELECT min(giltig_fran) FROM forturskriterier),
    (SELECT min(giltig_fran) FROM barnchecklistemall)) AS "decidesFrom"`)
  const [{ made }] = await db
    .reading(systemCaller)
    .db.query("SELECT count(*) AS made FROM lagenhet WHERE objektnummer LIKE 'EX-%'")
  const taken = new Set(persons.map(({ hash }: { hash: string }) => hash))
  const landlords = await settleLandlords(db, clock, since)
  const town: Town = {
    chance: chanceFrom(start),
    config,
    last: daysAfter(today, -1),
    rounds: [latestRound(today, config)],
    landlords,
    forturvard: landlords[0] as Landlord,
    homes: { vacant: [], made: made + 1 },
    decidesFrom,
    personnummer: personnummerFor(chanceFrom(~start), personnummer => taken.has(encryption.hash(personnummer))),
    turns: new Map(),
  }
  for (let n = 0; n < 4; n++)
    town.rounds.push(latestRound(daysAfter((town.rounds.at(-1) as Town['rounds'][number]).oppnar, -1), config))
  const stories = [
    ...pool(town, since),
    fidelity(town, since),
    ...Array.from({ length: households }, (_, n) => household(town, n)).flat(),
  ]
  const jobDays = new Set<Day>(
    town.rounds.flatMap(({ oppnar, stanger }) => [
      oppnar,
      daysAfter(oppnar, config.GENOMGANG_PAMINNELSE_DAGAR),
      stanger,
    ]),
  )
  for (let month = since; month < today; month = monthsAfter(month, 1)) jobDays.add(`${month.slice(0, 7)}-01`)
  await tell(db, clock, stories, [...jobDays].sort(), town.last)
}

/** The tables that are counted, each with what it is counted by. */
const stateOf = {
  arende: 'tillstand',
  barnchecklista: 'tillstand',
  beslut: 'utfall',
  fortur: 'tillstand',
  erbjudande: 'tillstand',
  lagenhet: 'tillstand',
  upplatelse: 'slag',
  stodlagenhet: 'tillstand',
  bostadsforslag: "coalesce(svar, 'oppet')",
  avstaende: 'tillstand',
  uppfoljning: 'bedomning',
  boendehandelse: 'slag',
  bf_boende: 'tillstand',
  bf_stod: 'tillstand',
  overgangsprovning: 'utfall',
  trohetsmatning: 'ar',
  hyresgaranti: 'tillstand',
  garantikrav: 'tillstand',
  regressfordran: 'tillstand',
  genomgang: 'tillstand',
}

/** How many there are of each, in each state, in the database. */
async function counts(db: Database): Promise<object> {
  const { db: manager } = db.reading(systemCaller)
  const [one] = await manager.query(
    'SELECT (SELECT count(*) FROM hushall) AS hushall, (SELECT count(*) FROM person) AS personer, (SELECT count(*) FROM hyresvard) AS hyresvardar',
  )
  const states: Record<string, object> = {}
  for (const [table, state] of Object.entries(stateOf)) {
    const rows = await manager.query(`SELECT ${state} AS state, count(*) AS antal FROM ${table} GROUP BY 1 ORDER BY 1`)
    states[table] = Object.fromEntries(rows.map(({ state, antal }: Record<string, unknown>) => [state, antal]))
  }
  return { ...one, ...states }
}

await command(
  help,
  {
    hushall: { type: 'string', default: '200' },
    fro: { type: 'string', default: '1' },
    day: { type: 'string' },
  },
  async ({ hushall, fro, day }) => {
    if (process.env.NODE_ENV === 'production') throw new StartError('There is no made-up data in production.')
    const households = Number(hushall)
    if (!/^\d{1,5}$/.test(hushall) || households < fewestHouseholds)
      throw new UsageError(`--hushall takes a number, ${fewestHouseholds}-99999.`)
    if (!/^\d{1,9}$/.test(fro)) throw new UsageError('--fro takes a number, 0-999999999.')
    const asOf = day === undefined ? systemClock : clockAt(plainDate(day))
    const clock = new MovableClock(asOf)
    const today = todayOf(asOf).toString()
    const result = await withDatabase(async parts => {
      await seed(parts, clock, { today, households, start: Number(fro) })
      clock.show(asOf)
      for (const name of jobNames) await runJob(parts.db, name)
      return counts(parts.db)
    }, clock)
    console.log(JSON.stringify(result))
    return 0
  },
)
