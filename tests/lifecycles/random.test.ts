import assert from 'node:assert/strict'
import { type JobName, jobNames } from '../../src/jobs.ts'
import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'
import type { Stage } from './bodies.ts'
import { actorsOf, type Call, cast } from './cast.ts'
import { chance } from './chance.ts'
import { checkDecision, checkGuarantee } from './decisions.ts'
import { nextCall } from './events.ts'
import { expectExplained, historyOf, replay } from './history.ts'
import { tables } from './tables.ts'

/** PROPERTY_SEED=7 PROPERTY_STEPS=100000 for another run, or a longer one. */
const seed = Number(process.env.PROPERTY_SEED ?? 1)
const steps = Number(process.env.PROPERTY_STEPS ?? 3000)

const harness = await startTestApp()
const landlords = await Promise.all(
  [1, 2].map(async n => (await createLandlord(harness.as('handlaggare'), `Värd ${n} AB`, true)).id as string),
)

/** Jobs that have most to do come more often. */
const anyJob = Object.fromEntries(jobNames.map(name => [name, 1])) as Record<JobName, number>
const busy = {
  'oppna-genomgangar': 6,
  'svar-pa-erbjudanden-uteblir': 6,
  'avsluta-utgangna-garantier': 2,
  'forturer-gar-ut': 3,
  'kompletteringstider-gar-ut': 2,
}

/** What may never be, whatever has happened: rows that break it. */
const never = {
  'a person has two open förturer': `
    SELECT person FROM fortur CROSS JOIN LATERAL unnest(ARRAY[person_id, medsokande_id]) AS person
    WHERE tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad') AND person IS NOT NULL
    GROUP BY person HAVING count(*) > 1`,
  'a förtur has two offers at once': `
    SELECT fortur_id FROM erbjudande WHERE tillstand IN ('oppet', 'accepterat') GROUP BY fortur_id HAVING count(*) > 1`,
  'a förtur and its offer do not agree': `
    SELECT f.id FROM fortur f
    LEFT JOIN erbjudande e ON e.fortur_id = f.id AND e.tillstand IN ('oppet', 'accepterat', 'kontrakt')
    WHERE (e.id, e.tillstand) IS DISTINCT FROM (f.erbjudande_id, CASE f.tillstand
      WHEN 'erbjuden' THEN 'oppet' WHEN 'accepterad' THEN 'accepterat' WHEN 'tillgodosedd' THEN 'kontrakt' END)`,
  'a no is counted wrongly, or one too many': `
    SELECT id FROM fortur f WHERE antal_nej > max_erbjudanden
      OR antal_nej <> (SELECT count(*) FROM erbjudande e WHERE e.fortur_id = f.id AND e.raknas)`,
  'an approval has given no help, or two, or a refusal some': `
    SELECT a.id FROM arende a WHERE a.insats IN ('fortur', 'hyresgaranti')
      AND (SELECT count(*) FROM fortur f WHERE f.arende_id = a.id AND a.insats = 'fortur')
        + (SELECT count(*) FROM hyresgaranti h WHERE h.arende_id = a.id AND a.insats = 'hyresgaranti')
        <> (EXISTS (SELECT FROM beslut b WHERE b.arende_id = a.id AND b.utfall <> 'avslag'))::int`,
  'a case stands by a decision that another has replaced': `
    SELECT a.id FROM arende a JOIN beslut b ON b.ersatter_id = a.beslut_id`,
  'a decision has legal force while it is appealed in time': `
    SELECT b.id FROM arende a JOIN beslut b ON b.id = a.beslut_id
    WHERE a.tillstand = 'overklagad' AND a.overklagad_i_ratt_tid AND b.laga_kraft_datum IS NOT NULL`,
  'a guarantee holds or has paid another sum than its claims': `
    SELECT h.id FROM hyresgaranti h LEFT JOIN garantikrav k ON k.hyresgaranti_id = h.id GROUP BY h.id
    HAVING h.utbetalt_ore <> coalesce(sum(k.godkant_belopp_ore) FILTER (WHERE k.tillstand = 'utbetalt'), 0)
      OR h.reserverat_ore <> coalesce(sum(coalesce(k.godkant_belopp_ore, k.kravt_belopp_ore))
        FILTER (WHERE k.tillstand IN ('inkommet', 'granskas', 'godkant')), 0)`,
  'a debt is not the sum of its payments': `
    SELECT r.id FROM regressfordran r LEFT JOIN regressbetalning b ON b.regressfordran_id = r.id
    GROUP BY r.id HAVING r.betalt_ore <> coalesce(sum(b.belopp_ore), 0)`,
  'an ended guarantee has an open review': `
    SELECT g.id FROM genomgang g JOIN hyresgaranti h ON h.id = g.hyresgaranti_id
    WHERE g.tillstand <> 'klar' AND h.avslutad_datum IS NOT NULL`,
}
async function expectSound(): Promise<void> {
  for (const [what, query] of Object.entries(never)) assert.deepEqual((await harness.owner.query(query)).rows, [], what)
}

const lines = Object.values(tables).flatMap(({ lines }) => lines)

/** A token lasts for the day. */
const tokens = new Map<string, Promise<string>>()
const tokenOf = (who: string): Promise<string> => {
  const key = `${who} ${harness.clock.day}`
  const { roller, landlord } = cast[who] as (typeof cast)[string]
  const part = landlord === undefined ? undefined : `hyresvard:${landlords[landlord]}`
  const token = tokens.get(key) ?? harness.as(roller, part, who).token()
  tokens.set(key, token)
  return token
}
const ask = async ({ who, method, url, body, ifMatch }: Call) =>
  harness.app.inject({
    method,
    url: `/v1${url}`,
    headers: { authorization: `Bearer ${await tokenOf(who)}`, ...(ifMatch && { 'if-match': ifMatch }) },
    payload: body,
  })

test(
  'whatever is asked of it: no state outside the tables, no decision without what it needs, a history that explains it all',
  async () => {
    const r = chance(seed)
    const world = replay(actorsOf, (table, row, before) => {
      if (table === 'beslut') checkDecision(row, before, actorsOf)
      if (table === 'hyresgaranti') checkGuarantee(row, before)
    })
    const news = historyOf(harness)
    const day = (from: number, to: number) =>
      Temporal.PlainDate.from(harness.clock.day)
        .add({ days: r.int(from, to) })
        .toString()
    const stage: Stage = { r, day, rowsOf: world.rowsOf, landlords }

    const trace: string[] = []
    async function step(): Promise<void> {
      const what = r.weighted({ call: 93, job: 7, days: 4.5, months: 0.2, years: 0.08 })
      if (what === 'job') {
        const name = r.weighted({ ...anyJob, ...busy })
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
    if (steps >= 3000) expect(world.gone.size).toBeGreaterThan(lines.length * 0.65)
  },
  10_000 + steps * 20,
)
