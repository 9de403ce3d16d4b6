import { readdir } from 'node:fs/promises'
import type pg from 'pg'
import QueryStream from 'pg-query-stream'
import type { DataSource, EntityManager } from 'typeorm'
import type { Config } from './config.ts'
import { dataSource, pooledSource, types } from './connections.ts'
import { openEmergencies } from './emergencies.ts'
import { openReplicas, type Pools } from './replicas.ts'
import { type Caller, isCleared } from './shared/caller.ts'
import { type Clock, instantText, todayOf } from './shared/clock.ts'
import type { Encryption } from './shared/encryption.ts'
import type { Lasning } from './shared/read-recorder.ts'
import type { Work } from './shared/work.ts'
import { StartError } from './start-error.ts'

const oldestVersion = 150_000
/** Held while the schema is changed, or a job does its work. */
export const migrationLock = 7_402_611
const notAllowed = '42501'

/** The migrations of `migrations/`, in order. */
async function loadMigrations() {
  const folder = new URL('../migrations/', import.meta.url)
  const files = (await readdir(folder)).filter(file => file.endsWith('.ts')).sort()
  const modules = await Promise.all(files.map(file => import(new URL(file, folder).href)))
  return modules.flatMap(module => Object.values(module) as never[])
}

/**
 * Brings the database to this version of the service. Safe to call from several instances: the first one does it, the
 * others wait.
 *
 * @returns the names of the migrations that were run
 * @throws StartError when the server cannot be reached, refuses, or is too old
 */
export async function migrate(url: string, direction: 'up' | 'down' = 'up'): Promise<string[]> {
  const owner = dataSource(url, 2)
  // The logger: TypeORM's own prints each failure beside the one line that the caller prints.
  owner.setOptions({ migrations: await loadMigrations(), migrationsTableName: 'migration', logger: 'debug' } as never)
  try {
    await owner.initialize()
  } catch (error) {
    throw new StartError(`The database of DATABASE_URL cannot be used: ${reasonOf(error)}.`)
  }
  const lock = owner.createQueryRunner()
  try {
    const [{ version }] = await lock.query("SELECT current_setting('server_version_num')::int AS version")
    if (version < oldestVersion)
      throw new StartError(`PostgreSQL ${Math.floor(version / 10_000)} is too old: Hemvist needs 15 or newer.`)
    await lock.query('SELECT pg_advisory_lock($1)', [migrationLock])
    if (direction === 'down') {
      await owner.undoLastMigration({ transaction: 'each' })
      return []
    }
    const run = await owner.runMigrations({ transaction: 'each' })
    await lock.query(
      `SELECT historik_partition(month), atkomst_partition(month)
       FROM (SELECT (current_date + make_interval(months => m))::date AS month FROM generate_series(0, 3) m) months`,
    )
    await lock.query('SELECT handelse_efter_aterlasning()')
    return run.map(({ name }) => name)
  } catch (error) {
    if ((error as { code?: string }).code !== notAllowed) throw error
    throw new StartError(
      'The user of DATABASE_URL may not change the database: it must own it, and have CREATEROLE when a migration makes roles.',
    )
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [migrationLock]).catch(() => {})
    await lock.release()
    await owner.destroy()
  }
}

/** Why a connection failed, without address or password. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ECONNREFUSED') return 'nobody answers at its address'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its host is not known'
  if (code === '28P01' || code === '28000') return 'the user or password is not accepted'
  if (code === '3D000') return 'there is no database of that name'
  if (/timeout/i.test(message ?? '')) return 'it did not answer within 5 seconds'
  return `PostgreSQL or the network says ${code ?? (error as Error).name}`
}

export type Database = Awaited<ReturnType<typeof openDatabase>>

/**
 * The application's connections: one pool for ordinary callers, one for those cleared for protected persons, each
 * under its own database role. Neither role owns anything, so a forgotten WHERE shows nothing that it should not.
 */
export async function openDatabase(url: string, config: Config, clock: Clock, encryption: Encryption) {
  const sizes = { allman: config.DATABASE_POOL, skyddad: Math.max(2, Math.ceil(config.DATABASE_POOL / 3)) }
  const direct = (url: string, roll: keyof typeof sizes) => dataSource(url, sizes[roll], { role: `hemvist_${roll}` })
  const pooler = config.DATABASE_POOLER_URL
  const own = (roll: keyof typeof sizes) =>
    pooler ? pooledSource(pooler.replaceAll('{roll}', roll), sizes[roll]) : direct(url, roll)
  const primary = { ordinary: own('allman'), cleared: own('skyddad') }
  const { ordinary, cleared } = primary
  await Promise.all([ordinary.initialize(), cleared.initialize()])
  if (pooler) await verifyPooler(primary)
  const replicas = openReplicas(config.DATABASE_REPLICA_URLS, {
    primary,
    open: replica => ({ ordinary: direct(replica, 'allman'), cleared: direct(replica, 'skyddad') }),
    patience: config.DATABASE_REPLICA_MS,
  })

  const emergencies = openEmergencies(
    () =>
      cleared.query(
        `SELECT sub, min(till) AS till, string_agg(DISTINCT hushall_id::text, ',' ORDER BY hushall_id::text) AS hushall
         FROM nodatkomst WHERE till > $1 GROUP BY sub`,
        [instantText(clock)],
      ),
    hushall => dataSource(url, 2, { role: 'hemvist_nod', 'hemvist.nodatkomst': hushall }),
  )
  const sourceOf = (caller: Caller) =>
    isCleared(caller) ? cleared : (emergencies.of(caller, instantText(clock)) ?? ordinary)
  const roleOf = (source: DataSource) => (source === ordinary ? 'ordinary' : source === cleared ? 'cleared' : undefined)
  const workOf = (db: EntityManager, caller: Caller): Work => ({
    db,
    caller,
    today: todayOf(clock).toString(),
    now: instantText(clock),
    config,
    encryption,
  })

  return {
    clock,
    /** Reads that need no transaction of their own, with the caller's rights. */
    reading: (caller: Caller): Work => workOf(sourceOf(caller).manager, caller),

    /**
     * Reads of many rows: lists, statistics. From a replica, where there is one that has all that was committed when this
     * was asked for. An access in an emergency is the primary's.
     */
    browsing: (caller: Caller): Work => {
      const source = sourceOf(caller)
      const role = roleOf(source)
      return workOf(role ? replicas.manager(role) : source.manager, caller)
    },

    /** Which replicas are used now, in the order of DATABASE_REPLICA_URLS. */
    replicasUsed: () => replicas.used(),

    /**
     * Everything in `run`, or nothing. The history trigger gets who, what and which request from here.
     *
     * @param cause `atgard`: the command's name; `spar`: trace id of the request
     */
    transaction: <T>(
      caller: Caller,
      cause: { atgard?: string; spar?: string },
      run: (work: Work) => Promise<T>,
    ): Promise<T> =>
      sourceOf(caller).transaction(async db => {
        const work = workOf(db, caller)
        await db.query(
          `SELECT set_config('hemvist.av', $1, true), set_config('hemvist.atgard', $2, true), set_config('hemvist.spar', $3, true),
             set_config('hemvist.dag', $4, true)`,
          [caller.sub, cause.atgard ?? '', cause.spar ?? '', work.today],
        )
        return run(work)
      }),

    /** The rows of a statement with the caller's rights, some hundreds at a time: for lists without an end. */
    async *stream<Row>(caller: Caller, statement: Statement): AsyncGenerator<Row> {
      const own = sourceOf(caller)
      const role = roleOf(own)
      const from = role && (await replicas.source(role))
      if (from) {
        let begun = false
        try {
          for await (const row of streamFrom<Row>(from.source, statement, from.lost)) {
            begun = true
            yield row
          }
          return
        } catch (error) {
          if (begun) throw error
        }
      }
      yield* streamFrom<Row>(own, statement)
    },

    /** Takes up an access in an emergency that was just given; other instances do within seconds. */
    refreshEmergencies: () => emergencies.refresh(),

    /** Writes a batch to the read log: all of it, or an error. */
    writeReadLog: async (lasningar: Lasning[]) => {
      await ordinary.query('SELECT atkomst_skriv($1)', [JSON.stringify(lasningar)])
    },

    /**
     * Adds this instance's requests, by client, to what all instances have let through in the client's window.
     *
     * @param windowMs length of a window that begins now
     * @returns for each client the total, and what is left of its window in milliseconds
     */
    countCalls: (
      calls: Record<string, number>,
      windowMs: number,
    ): Promise<{ klient: string; antal: number; kvarMs: number }[]> =>
      ordinary.query('SELECT klient, antal, kvar_ms AS "kvarMs" FROM anrop_rakna($1, $2)', [calls, windowMs]),

    /** Throws when the database does not answer. */
    ping: async () => void (await ordinary.query('SELECT 1')),

    close: async () => {
      await emergencies.close()
      await replicas.close()
      await Promise.all([ordinary.destroy(), cleared.destroy()])
    },
  }
}

/** Rows that are fetched at a time. */
const batchSize = 500

type Statement = { text: string; values: unknown[] }

async function* streamFrom<Row>(
  source: DataSource,
  { text, values }: Statement,
  lost?: AbortSignal,
): AsyncGenerator<Row> {
  const runner = source.createQueryRunner()
  const client: pg.PoolClient = await runner.connect()
  const { cursor } = client.query(new QueryStream(text, values, { types }))
  // Ends the query too: a server that has vanished does not answer when it is asked to stop.
  const breakOff = () => client.end().catch(() => {})
  lost?.addEventListener('abort', breakOff, { once: true })
  let whole = false
  try {
    // Not the stream itself: it never ends when its connection is lost.
    for (let rows: Row[]; !whole; yield* rows) {
      rows = await cursor.read(batchSize)
      whole = rows.length < batchSize
    }
  } finally {
    lost?.removeEventListener('abort', breakOff)
    if (!whole) breakOff()
    await runner.release()
  }
}

/**
 * A pooler that gives connections under any other role would show what row security hides.
 *
 * @throws StartError that says what the users behind it must have
 */
async function verifyPooler({ ordinary, cleared }: Pools): Promise<void> {
  for (const [source, role] of [
    [ordinary, 'hemvist_allman'],
    [cleared, 'hemvist_skyddad'],
  ] as const) {
    const [{ got, zone }] = await source.query("SELECT current_user AS got, current_setting('TimeZone') AS zone")
    if (got !== role || zone !== 'UTC')
      throw new StartError(
        `DATABASE_POOLER_URL: its user for ${role} must have that role and UTC from the start (ALTER ROLE ... SET role, SET timezone).`,
      )
  }
}
