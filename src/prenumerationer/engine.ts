import { setTimeout as sleep } from 'node:timers/promises'
import type { PgBoss } from 'pg-boss'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { dispatch, queue } from './dispatch.ts'
import { drain } from './drain.ts'
import { createSender } from './sending.ts'

/** How often, in milliseconds, new events and waiting jobs are looked for, and after a failure. */
const [tick, afterFailure] = [250, 1000]
/** Connections that deliveries use at a time. */
const mostConnections = 4
/** How long requests may go on after a stop, in milliseconds; then their connections are cut. */
const patience = 2000

/** Runs at most so many at a time; the others wait in line. */
export function gateOf(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async run => {
    if (running >= most) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/**
 * Delivers webhooks in this instance, beside any number of others: moves subscriptions forward, takes jobs from the
 * queue and drains one subscription for each. A slow receiver costs no connection and holds up nobody else.
 *
 * @param boss the queue, started
 * @param base base of links in events, without `/v1`
 * @param failed is told of what went wrong; it is tried again
 */
export async function startDeliveries({
  db,
  boss,
  config,
  base,
  failed,
}: {
  db: Database
  boss: PgBoss
  config: Config
  base: () => string
  failed: (error: Error) => void
}): Promise<{ stop(): Promise<void> }> {
  // A job is done when its subscription has been drained once. What remains is seen by the next look, so none is retried.
  await boss.createQueue(queue, { policy: 'short', retryLimit: 0, expireInSeconds: 300, deleteAfterSeconds: 300 })
  const stopping = new AbortController()
  const sender = createSender(config)
  const parts = { db, config, sender, base, gate: gateOf(mostConnections), stopping: stopping.signal }
  const running = new Set<Promise<void>>()

  const take = async () => {
    const free = config.WEBHOOK_MOTTAGARE - running.size
    const jobs = free > 0 ? await boss.fetch<{ prenumerationId: string }>(queue, { batchSize: free }) : []
    for (const { id, data } of jobs) {
      const work = drain(parts, data.prenumerationId)
        .then(() => boss.complete(queue, id))
        .then(() => {}, failed)
        .finally(() => running.delete(work))
      running.add(work)
    }
    return jobs.length
  }
  const loop = async () => {
    while (!stopping.signal.aborted) {
      try {
        const isMore = await dispatch(db, boss)
        await take()
        await sleep(isMore ? 10 : tick, undefined, { signal: stopping.signal })
      } catch (error) {
        if (stopping.signal.aborted) return
        failed(error as Error)
        await sleep(afterFailure, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
  const looping = loop()

  return {
    async stop() {
      stopping.abort()
      await looping
      const idle = () => Promise.race([Promise.all(running), sleep(patience, undefined, { ref: false })])
      await idle()
      sender.close()
      await idle()
    },
  }
}
