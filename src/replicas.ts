import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { DataSource, EntityManager } from 'typeorm'
import { gathered } from './shared/gathered.ts'

/** Pools of a server, one for each database role that callers work under. */
export type Pools = { ordinary: DataSource; cleared: DataSource }
type Role = keyof Pools

/** Asked of the primary: which cluster it is, and how far its log is safe. What was answered for has come so far. */
const primaryState = `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS kluster,
  pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::text AS till`
/** Asked of a replica. One that has been promoted goes its own way, and is none any more. */
const replicaState = `SELECT (SELECT system_identifier::text FROM pg_control_system()) AS kluster, pg_is_in_recovery() AS foljer,
  pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::text AS till`

/** How often a replica that nobody waits for is looked at, and how long it may take to say something, milliseconds. */
const lookedAt = 1000
const silence = 2000

/**
 * Streaming replicas for reads of many rows. One is used when it has replayed all that was committed at the primary when
 * the reading was asked for, so nobody misses what they wrote, and a household that has just been protected is as hidden
 * there as here. One that has not come so far within `patience`, is silent, or fails, is left out until it has caught up;
 * what it was asked is asked of the primary.
 *
 * @param primary pools of the primary
 * @param open makes the pools of a replica
 * @param patience milliseconds that a reading waits for a replica to catch up
 */
export function openReplicas(
  urls: readonly string[],
  { primary, open, patience }: { primary: Pools; open: (url: string) => Pools; patience: number },
) {
  // Over one connection of the pool, however many ask at the same time.
  const committed = gathered(async (): Promise<{ kluster: string; till: bigint }> => {
    const [{ kluster, till }] = await primary.ordinary.query(primaryState)
    return { kluster, till: BigInt(till) }
  })
  const replicas = urls.map(url => follow(url, open))
  let turn = 0

  async function choose(): Promise<Connected | undefined> {
    const able = replicas.filter(replica => replica.isAble())
    if (able.length === 0) return undefined
    const { kluster, till } = await committed()
    return (able[turn++ % able.length] as Replica).reached(kluster, till, patience)
  }
  /** No replica is also what it comes to when the primary cannot be asked: then it says so itself. */
  const chosen = (): Promise<Connected | undefined> => choose().catch(() => undefined)

  return {
    /** Reads one statement at a time under a role: on the chosen replica, and from when that fails on the primary. */
    manager(role: Role): EntityManager {
      const own = primary[role].manager
      if (replicas.length === 0) return own
      let choice: Promise<Connected | undefined> | undefined
      const query = async (...statement: Parameters<EntityManager['query']>) => {
        choice ??= chosen()
        const connected = await choice
        if (connected)
          try {
            return await unlessLost(connected, connected.pools[role].query(...statement))
          } catch {
            choice = Promise.resolve(undefined)
          }
        return own.query(...statement)
      }
      return Object.create(own, { query: { value: query } })
    },

    /** Where to read a stream, if not from the primary: a pool, and what tells that the server is lost. */
    async source(role: Role): Promise<{ source: DataSource; lost: AbortSignal } | undefined> {
      const connected = await chosen()
      return connected && { source: connected.pools[role], lost: connected.lost.signal }
    },

    /** Which of them are used now, in the order of their addresses. */
    used: (): boolean[] => replicas.map(replica => replica.isAble()),

    close: async () => void (await Promise.all(replicas.map(replica => replica.close()))),
  }
}

type Connected = { client: pg.Client; pools: Pools; lost: AbortController; kluster: string }
type Replica = ReturnType<typeof follow>

/** Keeps looking at one replica: whether it answers, and how far it has come. */
function follow(url: string, open: (url: string) => Pools) {
  let connected: Connected | undefined
  let till = 0n
  /** Where it must have come before it is used again. */
  let behind = 0n
  const waiting = new Set<() => void>()
  const closed = new AbortController()
  let wake = () => {}

  async function connect(): Promise<Connected> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'hemvist-replik',
      connectionTimeoutMillis: silence,
      query_timeout: silence,
      keepAlive: true,
    })
    client.on('error', () => {})
    await client.connect()
    const pools = open(url)
    try {
      await Promise.all([pools.ordinary.initialize(), pools.cleared.initialize()])
    } catch (error) {
      client.end().catch(() => {})
      throw error
    }
    return { client, pools, lost: new AbortController(), kluster: '' }
  }

  /** Lets go of its connections. Whether it answers to that is nothing to wait for long. */
  function drop(): Promise<unknown> {
    if (!connected) return Promise.resolve()
    const { client, pools, lost } = connected
    connected = undefined
    lost.abort()
    const ended = [client.end(), pools.ordinary.destroy(), pools.cleared.destroy()]
    return Promise.race([Promise.allSettled(ended), sleep(silence, undefined, { ref: false })])
  }

  async function look(): Promise<void> {
    try {
      const now = connected ?? (await connect())
      connected = now
      const { rows } = await now.client.query(replicaState)
      if (!rows[0].foljer) throw new Error('it has been promoted')
      now.kluster = rows[0].kluster
      till = BigInt(rows[0].till)
    } catch {
      void drop()
    }
    for (const tell of waiting) tell()
  }

  const following = (async () => {
    while (!closed.signal.aborted) {
      await look()
      await (waiting.size > 0
        ? sleep(1)
        : new Promise<void>(done => {
            const timer = setTimeout(done, lookedAt)
            wake = () => {
              clearTimeout(timer)
              done()
            }
          }))
    }
    await drop()
  })()

  return {
    isAble: () => connected !== undefined && till >= behind,

    /** Its connections when it has come so far within the time, else nothing, and it is left out until it has. */
    async reached(kluster: string, wanted: bigint, patience: number): Promise<Connected | undefined> {
      const has = () => connected?.kluster === kluster && till >= wanted
      if (!has() && connected?.kluster === kluster)
        await new Promise<void>(done => {
          const tell = () => {
            if (connected && !has()) return
            clearTimeout(timer)
            waiting.delete(tell)
            done()
          }
          const timer = setTimeout(() => {
            waiting.delete(tell)
            done()
          }, patience)
          waiting.add(tell)
          wake()
        })
      if (has()) return connected
      behind = wanted
      return undefined
    },

    async close() {
      closed.abort()
      wake()
      await following
    },
  }
}

/** The result, or an error as soon as the server is lost: a server that has vanished never answers. */
function unlessLost<T>({ lost: { signal } }: Connected, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error('the replica was lost'))
    signal.addEventListener('abort', lost, { once: true })
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', lost))
  })
}
