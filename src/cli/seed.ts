import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { latestRound } from '../hyresgarantier/periods.ts'
import { addKriterieuppsattning, createHyresvard, listHyresvardar } from '../hyresvardar/service.ts'
import { jobNames, runJob } from '../jobs.ts'
import { systemCaller } from '../shared/caller.ts'
import { clockAt, systemClock, todayOf } from '../shared/clock.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import type { Encryption } from '../shared/encryption.ts'
import { StartError } from '../start-error.ts'
import { command, plainDate, UsageError, withDatabase } from './running.ts'
import { fewestHouseholds, household } from './seed/households.ts'
import { chanceFrom, hyresvardar, organisationsnummer, personnummerFor } from './seed/made-up.ts'
import { MovableClock, tell } from './seed/story.ts'
import { administrator, type Landlord, type Town } from './seed/town.ts'

const help = `npm run seed -- [--hushall 200] [--fro 1] [--day YYYY-MM-DD]

Fills the database with a made-up municipality: landlords, households, guarantees in every state, claims, debts and
review rounds of the last half-years, as they would stand on a day (today). Prints what there is as one JSON line.
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
  const taken = new Set(persons.map(({ hash }: { hash: string }) => hash))
  const town: Town = {
    chance: chanceFrom(start),
    config,
    last: daysAfter(today, -1),
    rounds: [latestRound(today, config)],
    landlords: await settleLandlords(db, clock, since),
    personnummer: personnummerFor(chanceFrom(~start), personnummer => taken.has(encryption.hash(personnummer))),
    turns: new Map(),
  }
  for (let n = 0; n < 4; n++)
    town.rounds.push(latestRound(daysAfter((town.rounds.at(-1) as Town['rounds'][number]).oppnar, -1), config))
  const stories = Array.from({ length: households }, (_, n) => household(town, n)).flat()
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

/** How many there are of each, in each state, in the database. */
async function counts(db: Database): Promise<object> {
  const { db: manager } = db.reading(systemCaller)
  const [one] = await manager.query(
    'SELECT (SELECT count(*) FROM hushall) AS hushall, (SELECT count(*) FROM person) AS personer, (SELECT count(*) FROM hyresvard) AS hyresvardar',
  )
  const states: Record<string, object> = {}
  for (const table of ['hyresgaranti', 'garantikrav', 'regressfordran', 'genomgang']) {
    const rows = await manager.query(`SELECT tillstand, count(*) AS antal FROM ${table} GROUP BY 1 ORDER BY 1`)
    states[table] = Object.fromEntries(rows.map(({ tillstand, antal }: Record<string, unknown>) => [tillstand, antal]))
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
