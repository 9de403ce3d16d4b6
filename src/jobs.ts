import type { FastifyBaseLogger } from 'fastify'
import { PgBoss } from 'pg-boss'
import { endWaiting, flagSlow } from './arenden/deadlines.ts'
import { gainLegalForce } from './beslut/service.ts'
import type { Config } from './config.ts'
import { type Database, migrationLock } from './database.ts'
import { expire, remindQueue, unanswered, warn } from './forturer/deadlines.ts'
import { flagOverdue, openDueRounds, remindLandlords } from './genomgangar/rounds.ts'
import { forgetEvents } from './handelser/service.ts'
import { logged } from './http/problems.ts'
import { endExpired, lapseUnused, warnExpiring } from './hyresgarantier/deadlines.ts'
import { forgetKeys } from './inkommande/service.ts'
import { startDeliveries } from './prenumerationer/engine.ts'
import { systemCaller } from './shared/caller.ts'
import { timeZone } from './shared/clock.ts'
import { forgetIdempotencyKeys, prepareHistoryPartitions } from './shared/upkeep.ts'
import type { Work } from './shared/work.ts'
import { warn as warnStodlagenheter } from './stodlagenheter/deadlines.ts'

type Job = {
  /** Cron in Swedish time. Jobs are idempotent: the next run makes up for one that was missed or failed. */
  cron: string
  does: string
  run: (work: Work) => Promise<object>
}

/** Everything that happens without a request. */
export const jobs = {
  'oppna-genomgangar': {
    cron: '10 4 * * *',
    does: 'Opens the half-year review rounds that should be open',
    run: openDueRounds,
  },
  'flagga-forfallna-genomgangar': {
    cron: '30 23 * * *',
    does: 'Marks reviews that were not done when their round closed',
    run: flagOverdue,
  },
  'paminn-hyresvardar': { cron: '0 8 * * *', does: 'Reminds landlords who have not answered', run: remindLandlords },
  'avsluta-utgangna-garantier': {
    cron: '20 0 * * *',
    does: 'Ends guarantees whose time or notice has run out',
    run: endExpired,
  },
  'forfall-oanvanda-beslut': {
    cron: '25 0 * * *',
    does: 'Lapses granted guarantees that were never signed',
    run: lapseUnused,
  },
  'varna-utgaende-garantier': { cron: '30 4 * * *', does: 'Flags guarantees that end soon', run: warnExpiring },
  // Before those that end: what was not answered in time may be offered again, or end with its last day.
  'svar-pa-erbjudanden-uteblir': {
    cron: '15 0 * * *',
    does: 'Closes offers of a home that were not answered in time',
    run: unanswered,
  },
  'forturer-gar-ut': { cron: '20 0 * * *', does: 'Ends förturer whose last day has passed', run: expire },
  'varna-forturer': { cron: '35 4 * * *', does: 'Flags förturer that end soon', run: warn },
  'varna-stodlagenheter': {
    cron: '50 4 * * *',
    does: 'Flags stödlägenheter whose tenant soon gains besittningsskydd, or whose decision soon ends',
    run: warnStodlagenheter,
  },
  'paminn-kofornyelse': {
    cron: '40 4 * * *',
    does: 'Reminds of places in the landlord’s queue that must be renewed',
    run: remindQueue,
  },
  'kompletteringstider-gar-ut': {
    cron: '5 0 * * *',
    does: 'Resumes investigations whose time for completion has passed',
    run: endWaiting,
  },
  'beslut-far-laga-kraft': {
    cron: '10 0 * * *',
    does: 'Notes that decisions which nobody appealed have gained legal force',
    run: gainLegalForce,
  },
  'flagga-langsamma-arenden': {
    cron: '45 4 * * *',
    does: 'Flags applications that have waited long for a decision',
    run: flagSlow,
  },
  'rensa-idempotensnycklar': {
    cron: '15 * * * *',
    does: 'Forgets answers kept for Idempotency-Key',
    run: forgetIdempotencyKeys,
  },
  'gallra-inkommande': {
    cron: '55 3 * * *',
    does: 'Forgets the keys of what was received in batches, older than they are kept',
    run: forgetKeys,
  },
  'gallra-handelser': {
    cron: '50 3 * * *',
    does: 'Removes events that are older than they are kept',
    run: forgetEvents,
  },
  'skapa-historikpartitioner': {
    cron: '0 3 * * *',
    does: 'Prepares the coming months of the history',
    run: prepareHistoryPartitions,
  },
} as const satisfies Record<string, Job>

export type JobName = keyof typeof jobs
export const jobNames = Object.keys(jobs) as JobName[]

/**
 * Runs a job as of the database's clock, in one transaction with the note that it succeeded.
 *
 * @returns what changed
 */
export function runJob(db: Database, name: JobName): Promise<object> {
  return db.transaction(systemCaller, { atgard: name }, async work => {
    // One after another: jobs that change many rows each, in an order of their own, could wait for each other.
    await work.db.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    const result = await jobs[name].run(work)
    await work.db.query(
      `INSERT INTO jobb (namn, senast_lyckad, dag, resultat) VALUES ($1, $2, $3, $4)
       ON CONFLICT (namn) DO UPDATE SET senast_lyckad = excluded.senast_lyckad, dag = excluded.dag, resultat = excluded.resultat`,
      [name, work.now, work.today, JSON.stringify(result)],
    )
    return result
  })
}

/** The queue in the database, started. `max`: connections of its own. */
export async function openQueue(url: string, log: FastifyBaseLogger): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString: url, schema: 'jobbko', max: 2, application_name: 'hemvist-jobb' })
  boss.on('error', error => log.warn({ fel: logged(error) }, 'jobbkön'))
  await boss.start()
  return boss
}

/**
 * Starts the schedule: first everything that may have been missed, then cron; and the delivery of webhooks. Any number
 * of instances may do so; what a job changes is guarded by its own statements, not by who runs it.
 *
 * @param base base of links in events, without `/v1`
 */
export async function startJobs(
  db: Database,
  url: string,
  config: Config,
  base: () => string,
  log: FastifyBaseLogger,
): Promise<{ stop(): Promise<void> }> {
  const run = async (name: JobName) => {
    try {
      log.info({ jobb: name, resultat: await runJob(db, name) }, 'jobb')
    } catch (error) {
      // The next run is the retry.
      log.warn({ jobb: name, fel: logged(error as Error) }, 'jobbet misslyckades')
    }
  }
  for (const name of jobNames) await run(name)

  const boss = await openQueue(url, log)
  for (const name of jobNames) {
    await boss.createQueue(name)
    await boss.work(name, { pollingIntervalSeconds: 30 }, () => run(name))
    await boss.schedule(name, jobs[name].cron, {}, { tz: timeZone })
  }
  const failed = (error: Error) => log.warn({ fel: logged(error) }, 'webhooks')
  const deliveries = await startDeliveries({ db, boss, config, base, failed })
  return {
    stop: async () => {
      await deliveries.stop()
      await boss.stop({ graceful: true, timeout: 3000 })
    },
  }
}
