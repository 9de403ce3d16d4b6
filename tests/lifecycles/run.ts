import assert from 'node:assert/strict'
import { type JobName, jobNames } from '../../src/jobs.ts'
import type { Harness } from '../harness.ts'
import { createLandlord } from '../people.ts'
import type { Stage } from './bodies.ts'
import { actorsOf, type Call, cast } from './cast.ts'
import { chance } from './chance.ts'
import { checkDecision, checkGuarantee } from './decisions.ts'
import { nextCall } from './events.ts'
import { type Change, expectExplained, historyOf, replay } from './history.ts'
import type { Row } from './rows.ts'
import { type TableName, tables } from './tables.ts'

/** PROPERTY_SEED=7 PROPERTY_STEPS=100000 for another run, or a longer one. */
const seed = Number(process.env.PROPERTY_SEED ?? 1)
export const steps = Number(process.env.PROPERTY_STEPS ?? 3000)

type Run = {
  /** How often each thing happens. */
  weights: Record<string, number>
  insatser: Record<string, number>
  /** Jobs that have most to do come more often. */
  busy: Partial<Record<JobName, number>>
  /** What may never be, whatever has happened: rows that break it. */
  never: Record<string, string>
  /** Whose lines of the tables the run is about, and how much of them must be gone. */
  about: TableName[]
  share: number
  /** Looks at a step, beside the tables. */
  onStep?: (change: Change, before: Row | null, after: Row, rowsOf: (table: string) => Row[]) => void
}

/** Does whatever chance says, and holds what came of it against the tables, the history and what may never be. */
export async function randomRun(harness: Harness, { weights, insatser, busy, never, about, share, onStep }: Run) {
  const landlords = await Promise.all(
    [1, 2].map(async n => (await createLandlord(harness.as('handlaggare'), `Värd ${n} AB`, true)).id as string),
  )
  const jobWeights = { ...Object.fromEntries(jobNames.map(name => [name, 1])), ...busy } as Record<JobName, number>

  async function expectSound(): Promise<void> {
    for (const [what, query] of Object.entries(never))
      assert.deepEqual((await harness.owner.query(query)).rows, [], what)
  }

  /** A token lasts for the day. */
  const tokens = new Map<string, Promise<string>>()
  const tokenOf = (who: string): Promise<string> => {
    const key = `${who} ${harness.clock.day}`
    const { roller, landlord, part: own } = cast[who] as (typeof cast)[string]
    const part = landlord === undefined ? own : `hyresvard:${landlords[landlord]}`
    const token = tokens.get(key) ?? harness.as(roller, part, who).token()
    tokens.set(key, token)
    return token
  }
  const ask = async ({ who, method, url, body, ifMatch }: Call) =>
    harness.app.inject({
      method,
      url: `/v1${url}`,
      headers: {
        authorization: `Bearer ${await tokenOf(who)}`,
        ...(ifMatch && { 'if-match': ifMatch }),
        ...(typeof body === 'string' && { 'content-type': 'text/csv' }),
      },
      payload: body,
    })

  const r = chance(seed)
  const world = replay(
    actorsOf,
    (table, row, before) => {
      if (table === 'beslut') checkDecision(row, before, actorsOf)
      if (table === 'hyresgaranti') checkGuarantee(row, before)
    },
    onStep,
  )
  const news = historyOf(harness)
  const day = (from: number, to: number) =>
    Temporal.PlainDate.from(harness.clock.day)
      .add({ days: r.int(from, to) })
      .toString()
  const stage: Stage = { r, day, rowsOf: world.rowsOf, landlords, weights, insatser }

  const trace: string[] = []
  async function step(): Promise<void> {
    const what = r.weighted({ call: 93, job: 7, days: 4.5, months: 0.2, years: 0.08 })
    if (what === 'job') {
      const name = r.weighted(jobWeights)
      const when = r.maybe(0.3) ? day(-30, 30) : harness.clock.day
      await harness.job(name, when)
      return void trace.push(`${name} as of ${when}`)
    }
    if (what !== 'call') {
      harness.clock.day = { days: () => day(0, 9), months: () => day(60, 400), years: () => day(3700, 4100) }[what]()
      return void trace.push(`it is ${harness.clock.day}`)
    }
    const call = nextCall(stage)
    const { statusCode, body } = await ask(call)
    trace.push(`${JSON.stringify(call)} -> ${statusCode} ${body.slice(0, 300)}`)
    assert(statusCode < 500, 'the service failed')
    assert(!body.includes('strider-mot-registret'), 'only the database refused, and the answer does not say why')
    const changes = await news()
    if (statusCode >= 400) assert.equal(changes.length, 0, 'what was refused left a trace')
    changes.forEach(world.apply)
  }

  ;(await news()).forEach(world.apply)
  try {
    for (let n = 1; n <= steps; n++) {
      await step()
      ;(await news()).forEach(world.apply)
      if (n % 200 === 0 || n === steps) {
        await expectExplained(harness, world)
        await expectSound()
      }
    }
  } catch (error) {
    const told = [`PROPERTY_SEED=${seed}, step ${trace.length}: ${error}`, ...trace.slice(-5)]
    throw new Error(told.join('\n'), { cause: error })
  }
  // A run in which little happens would prove little.
  const lines = about.flatMap(name => tables[name].lines.map(({ from, command }) => `${name}: ${from} ${command}`))
  const gone = lines.filter(line => world.gone.has(line)).length
  if (process.env.PROPERTY_MISSING) console.log(lines.filter(line => !world.gone.has(line)))
  if (steps >= 3000) expect(gone).toBeGreaterThan(lines.length * share)
}
