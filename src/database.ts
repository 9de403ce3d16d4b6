import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import pg from 'pg'
import QueryStream from 'pg-query-stream'
import { DataSource, type EntityManager, type EntitySchema } from 'typeorm'
import { ArendeEntity, JavEntity, UtredningEntity } from './arenden/entity.ts'
import { BarnchecklistaEntity, BarnchecklistemallEntity } from './barnchecklistor/entity.ts'
import { BeslutEntity, DelegationEntity } from './beslut/entity.ts'
import { BfBoendeEntity, BfStodEntity, OvergangsprovningEntity, TrohetsmatningEntity } from './bostad-forst/entity.ts'
import type { Config } from './config.ts'
import { openEmergencies } from './emergencies.ts'
import { FlyttkedjaEntity, FlyttlankEntity } from './flyttkedjor/entity.ts'
import { ErbjudandeEntity, ForturEntity, ForturskriterierEntity } from './forturer/entity.ts'
import { GarantikravEntity } from './garantikrav/entity.ts'
import { GenomgangEntity, GenomgangsomgangEntity } from './genomgangar/entity.ts'
import { HushallEntity, PersonEntity } from './hushall/entity.ts'
import { HyresgarantiEntity } from './hyresgarantier/entity.ts'
import { HyresvardEntity, KriterieuppsattningEntity } from './hyresvardar/entity.ts'
import { LagenhetEntity, UpplatelseEntity } from './lagenheter/entity.ts'
import { NodatkomstEntity } from './nodatkomster/entity.ts'
import { RegressbetalningEntity, RegressfordranEntity } from './regressfordringar/entity.ts'
import { type Caller, isCleared } from './shared/caller.ts'
import { type Clock, instantText, todayOf } from './shared/clock.ts'
import type { Encryption } from './shared/encryption.ts'
import type { Lasning } from './shared/read-recorder.ts'
import { SnakeCaseColumns } from './shared/storage.ts'
import type { Work } from './shared/work.ts'
import { StartError } from './start-error.ts'
import {
  AvstaendeEntity,
  BoendehandelseEntity,
  BostadsforslagEntity,
  StodlagenhetEntity,
  UppfoljningEntity,
} from './stodlagenheter/entity.ts'
import { UtlamnandeEntity } from './utlamnanden/entity.ts'

export const entities: EntitySchema<never>[] = [
  HushallEntity,
  PersonEntity,
  HyresvardEntity,
  KriterieuppsattningEntity,
  HyresgarantiEntity,
  GarantikravEntity,
  RegressfordranEntity,
  RegressbetalningEntity,
  GenomgangsomgangEntity,
  GenomgangEntity,
  UtlamnandeEntity,
  NodatkomstEntity,
  BarnchecklistemallEntity,
  BarnchecklistaEntity,
  DelegationEntity,
  BeslutEntity,
  ForturskriterierEntity,
  ForturEntity,
  ErbjudandeEntity,
  ArendeEntity,
  UtredningEntity,
  JavEntity,
  LagenhetEntity,
  UpplatelseEntity,
  StodlagenhetEntity,
  BostadsforslagEntity,
  AvstaendeEntity,
  UppfoljningEntity,
  BoendehandelseEntity,
  BfBoendeEntity,
  BfStodEntity,
  OvergangsprovningEntity,
  TrohetsmatningEntity,
  FlyttkedjaEntity,
  FlyttlankEntity,
] as never

const oldestVersion = 150_000
/** Held while the schema is changed, or a job does its work. */
export const migrationLock = 7_402_611
const notAllowed = '42501'

/** Text for dates, ISO text for instants, numbers for counts: what the wire and our types have. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: string) => {
    if (oid === pg.types.builtins.DATE) return (value: string) => value
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (value: string) => new Date(value).toISOString()
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

const names = new Map<string, string>()

/** A name for a parameterised SELECT, so that PostgreSQL plans it once a connection. Bounded: texts do not vary much. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 500) return known
  const name = createHash('sha1').update(text).digest('base64url')
  names.set(text, name)
  return name
}

/** A client that prepares what it reads: planning at every call is a third of a small read's time. */
class PreparingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values] = args
    if (typeof text === 'string' && Array.isArray(values) && values.length > 0 && /^\s*(SELECT|WITH)\b/i.test(text))
      return super.query({ text, values, name: nameOf(text) } as never, ...(args.slice(2) as [never])) as never
    return super.query(...(args as [never])) as never
  }
}

/** @param settings of every connection, as `-c` options: the role to work under, and what its row security looks at */
function dataSource(url: string, poolSize: number, settings: Record<string, string> = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    namingStrategy: new SnakeCaseColumns(),
    poolSize,
    applicationName: 'hemvist',
    installExtensions: false,
    connectTimeoutMS: 5000,
    // A connection that breaks while idle is dropped from the pool; the next query opens another.
    poolErrorHandler: () => {},
    extra: {
      Client: PreparingClient,
      types,
      options: Object.entries({ TimeZone: 'UTC', ...settings })
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      keepAlive: true,
    },
  })
}

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
  const ordinary = dataSource(url, config.DATABASE_POOL, { role: 'hemvist_allman' })
  const cleared = dataSource(url, Math.max(2, Math.ceil(config.DATABASE_POOL / 3)), { role: 'hemvist_skyddad' })
  await Promise.all([ordinary.initialize(), cleared.initialize()])

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
    async *stream<Row>(caller: Caller, { text, values }: { text: string; values: unknown[] }): AsyncGenerator<Row> {
      const runner = sourceOf(caller).createQueryRunner()
      const client: pg.PoolClient = await runner.connect()
      const rows = client.query(new QueryStream(text, values, { batchSize: 500, types }))
      try {
        yield* rows
      } finally {
        rows.destroy()
        await runner.release()
      }
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
      await Promise.all([ordinary.destroy(), cleared.destroy()])
    },
  }
}
