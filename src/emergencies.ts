import type { DataSource } from 'typeorm'
import type { Caller } from './shared/caller.ts'

type Emergency = { sub: string; till: string; hushall: string }

/**
 * Connections for callers who have broken the glass: each such caller has a small pool of its own, whose row-level
 * security shows the household in question and nothing else that is protected. There are few, and they last minutes.
 *
 * @param read the accesses that hold now
 * @param open a pool that sees these households, by their ids with commas between
 */
export function openEmergencies(read: () => Promise<Emergency[]>, open: (hushall: string) => DataSource) {
  const pools = new Map<string, Emergency & { source: DataSource }>()
  let last: Promise<void> = Promise.resolve()

  async function update(): Promise<void> {
    const now = new Map((await read()).map(emergency => [emergency.sub, emergency]))
    for (const [sub, pool] of pools) {
      if (now.get(sub)?.hushall === pool.hushall) continue
      pools.delete(sub)
      await pool.source.destroy()
    }
    for (const [sub, emergency] of now) {
      const source = pools.get(sub)?.source ?? (await open(emergency.hushall).initialize())
      pools.set(sub, { ...emergency, source })
    }
  }

  const refresh = () => {
    last = last.then(update, update)
    return last
  }
  // Another instance may have given one; the next round is the retry.
  const timer = setInterval(() => refresh().catch(() => {}), 3000).unref()

  return {
    refresh,
    /** The pool of a caller with an access that holds at an instant. */
    of({ sub, part }: Caller, now: string): DataSource | undefined {
      const pool = pools.size > 0 && part === 'socialforvaltningen' ? pools.get(sub) : undefined
      return pool && pool.till > now ? pool.source : undefined
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await last.catch(() => {})
      await Promise.all([...pools.values()].map(({ source }) => source.destroy()))
      pools.clear()
    },
  }
}
