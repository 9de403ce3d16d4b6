import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { cloudEvent, type HandelseRad } from '../handelser/events.ts'
import type { Work } from '../shared/work.ts'
import { type Due, lease, letGo, type Result, type Round, settle, take } from './deliveries.ts'
import { courier } from './dispatch.ts'
import { failuresBeforeRest } from './rules.ts'
import type { Sender } from './sending.ts'

/** While a receiver thinks, new deliveries are looked for so often, in milliseconds, which also keeps the hold. */
const pulse = 1000
/** So long, in milliseconds, one subscription is worked on before others get their turn. */
const turn = 60_000

export type DrainParts = {
  db: Database
  config: Config
  sender: Sender
  /** Base of links in events, without `/v1`. */
  base: () => string
  /** Runs few things at a time: deliveries must not take the connections that callers wait for. */
  gate: <T>(run: () => Promise<T>) => Promise<T>
  stopping: AbortSignal
}

/**
 * Delivers what is due of one subscription until nothing is: each subject in order, some requests at a time, holding no
 * connection while a receiver thinks. Does nothing while another sender has the subscription.
 *
 * @throws what the database says, when it has been away so long that another sender may have taken over
 */
export async function drain(parts: DrainParts, prenumerationId: string): Promise<void> {
  const { db, config, sender, base, gate, stopping } = parts
  const inTransaction = <T>(run: (work: Work) => Promise<T>) =>
    gate(() => db.transaction(courier, { atgard: 'leverera' }, run))
  const hold = await inTransaction(work => take(work, prenumerationId))
  if (!hold) return

  const inFlight = new Map<string, Promise<void>>()
  let results: Result[] = []
  let failures = 0
  const ends = performance.now() + turn
  for (;;) {
    // Taken at one moment: what is neither written nor known to be under way would be sent twice.
    const [written, underWay] = [results, [...inFlight.keys()]]
    results = []
    const rest = failures >= failuresBeforeRest
    const most = rest || stopping.aborted || performance.now() > ends ? 0 : config.WEBHOOK_SAMTIDIGA - inFlight.size
    const round = await persistently(() =>
      inTransaction(work => settle(work, hold, { results: written, rest, most, inFlight: underWay })),
    )
    if (!round) return
    for (const due of round.due) {
      if (due.handelse === null) results.push({ due, attempt: null })
      else inFlight.set(due.handelseId, deliver(due, due.handelse, round))
    }
    if (inFlight.size === 0 && results.length === 0) break
    if (results.length === 0) await Promise.race([...inFlight.values(), sleep(pulse, undefined, { ref: false })])
    // Answers come in flocks: one transaction for those that come together.
    await sleep(2)
  }
  await inTransaction(work => letGo(work, hold))

  async function deliver(due: Due, handelse: HandelseRad, { url, secrets, now }: Round): Promise<void> {
    const body = JSON.stringify(cloudEvent(base(), handelse))
    const attempt = await sender.send({ id: due.handelseId, url, body, secrets, now })
    inFlight.delete(due.handelseId)
    // Cut off by our own stop, it is no failure of the receiver's: it will be sent again.
    if (stopping.aborted && attempt.status === null) return
    failures = attempt.fel === null ? 0 : failures + 1
    results.push({ due, attempt })
  }
}

/** Again while the database is away, as long as nobody else can have taken over. */
async function persistently<T>(run: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + lease * 1000
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(250)
    }
  }
}
