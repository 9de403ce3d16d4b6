import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'

/** What all instances have let through of each client's requests, with this instance's since last time added. */
export type CountCalls = (
  calls: Record<string, number>,
  windowMs: number,
) => Promise<{ klient: string; antal: number; kvarMs: number }[]>

/** How often, in milliseconds, an instance that is asked tells the others what it has let through. */
export const sharingInterval = 200
/** So many clients are counted at a time; whoever makes up more names than that is not held back by this. */
const mostClients = 5000

/** `own`: let through here and not yet told; `shared`: by all, as last heard; `ends`: the window's end, process time. */
type Count = { klient: string; own: number; shared: number; ends: number }

/**
 * Counts a client's requests over all instances without asking the database at each: an instance counts by itself and
 * at most every `sharingInterval` adds its counts to the shared ones, for the clients that have asked it since. A client
 * passes while the shared count and what is not yet told are below the limit; who is refused costs the database nothing.
 *
 * The bound, within a window: the limit, and what the other instances let through in one interval and the time of one
 * statement. No instance lets through more than the limit by itself, so a burst can never get more than the limit at
 * each. While the database does not answer, each instance counts by itself from what it last heard (fails open to that).
 *
 * @param hash what the database sees of a client: the same in every instance, and not to be read back
 */
export function sharedLimit(count: CountCalls, hash: (client: string) => string): FastifyRateLimitStoreCtor {
  const counts = new Map<string, Count>()
  let sharing = false

  /** @returns whether more has come meanwhile */
  async function share(windowMs: number): Promise<boolean> {
    const now = performance.now()
    for (const [client, { ends }] of counts) if (ends <= now) counts.delete(client)
    const told = new Map(
      [...counts.values()].filter(({ own }) => own > 0).map(one => [one.klient, { one, own: one.own }]),
    )
    if (told.size === 0) return false
    const calls = Object.fromEntries([...told].map(([klient, { own }]) => [klient, own]))
    for (const { klient, antal, kvarMs } of await count(calls, windowMs)) {
      const { one, own } = told.get(klient) as { one: Count; own: number }
      one.own -= own
      one.shared = antal
      one.ends = performance.now() + kvarMs
    }
    return [...told.values()].some(({ one }) => one.own > 0)
  }

  /** The first request since last time is what starts it: an instance that nobody asks is silent. */
  function shareSoon(windowMs: number): void {
    if (sharing) return
    sharing = true
    setTimeout(async () => {
      // What could not be told is told with the next request's; what came meanwhile may be the last, and is told.
      const more = await share(windowMs).catch(() => false)
      sharing = false
      if (more) shareSoon(windowMs)
    }, sharingInterval).unref()
  }

  function countOf(client: string, windowMs: number): Count {
    const known = counts.get(client)
    const now = performance.now()
    if (known && known.ends > now) return known
    const begun: Count = { klient: known?.klient ?? hash(client), own: 0, shared: 0, ends: now + windowMs }
    if (!known && counts.size >= mostClients) counts.delete(counts.keys().next().value as string)
    counts.set(client, begun)
    return begun
  }

  return class implements FastifyRateLimitStore {
    incr(
      client: string,
      answer: (error: Error | null, result?: { current: number; ttl: number }) => void,
      windowMs: number,
      max: number,
    ): void {
      const one = countOf(client, windowMs)
      const before = one.own + one.shared
      if (before < max) {
        one.own++
        shareSoon(windowMs)
      }
      answer(null, { current: before + 1, ttl: one.ends - performance.now() })
    }

    child(): FastifyRateLimitStore {
      return this
    }
  }
}
