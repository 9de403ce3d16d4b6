import type { Database } from '../database.ts'
import { type Caller, systemCaller } from '../shared/caller.ts'
import { settled } from './events.ts'

/** How often, in milliseconds, the database is asked while somebody waits. */
const interval = 200

/** Somebody who waits for a party's next event. `leave` when it no longer does. */
export type Waiter = { arrived: Promise<void>; leave(): void }

/** Tells waiting readers that their party may have a new event. They hold no connection while they wait. */
export type News = {
  /** Join before reading: what happens after that read is then told. */
  join(caller: Caller): Waiter
  /** Whether everyone has been sent home. */
  readonly stopped: boolean
  stop(): void
}

type Party = { part: string; partId: string | null; newest?: string | null; waiting: Set<() => void> }

/** SQL: the last settled event of each party. Of a party with an id, and of one that is one: each has its index. */
const newest = (party: string) => `(SELECT e.xid || ' ' || e.nr FROM handelse e
  WHERE e.part = p.part AND ${party} AND ${settled('e')} ORDER BY e.xid DESC, e.nr DESC LIMIT 1)`
const statement = `SELECT p.nyckel, CASE WHEN p.part_id IS NULL THEN ${newest('e.part_id IS NULL')} ELSE ${newest('e.part_id = p.part_id')} END AS newest
  FROM jsonb_to_recordset($1) AS p (nyckel text, part text, part_id uuid)`

/**
 * One poller in each instance, only while somebody waits. It sees every event; whoever it wakes reads as itself, and
 * goes back to waiting when there was nothing for it.
 *
 * @param failed is told when the database could not be asked; it is asked again
 */
export function createNews(db: Database, failed: (error: Error) => void): News {
  const parties = new Map<string, Party>()
  let stopped = false
  let polling = false

  const wake = (party: Party) => {
    for (const arrived of party.waiting) arrived()
    party.waiting.clear()
  }

  async function poll(): Promise<void> {
    const asked = [...parties].map(([nyckel, { part, partId }]) => ({ nyckel, part, part_id: partId }))
    const idle = [...parties].filter(([, { waiting }]) => waiting.size === 0)
    try {
      const rows = await db.reading(systemCaller).db.query(statement, [JSON.stringify(asked)])
      for (const { nyckel, newest } of rows as { nyckel: string; newest: string | null }[]) {
        const party = parties.get(nyckel)
        // The first answer says nothing of what came between a reading and it: who waits then reads once more.
        if (!party || party.newest === newest) continue
        party.newest = newest
        wake(party)
      }
    } catch (error) {
      failed(error as Error)
    }
    // Not those that were just woken: whoever comes back at once needs no first answer.
    for (const [nyckel, { waiting }] of idle) if (waiting.size === 0) parties.delete(nyckel)
    polling = parties.size > 0 && !stopped
    if (polling) setTimeout(poll, interval).unref()
  }

  return {
    get stopped() {
      return stopped
    },
    join({ part, partId }) {
      const key = `${part}:${partId ?? ''}`
      const party = parties.get(key) ?? { part, partId, waiting: new Set() }
      const { promise, resolve } = Promise.withResolvers<void>()
      if (stopped) resolve()
      else {
        parties.set(key, party)
        party.waiting.add(resolve)
      }
      if (!polling && !stopped) {
        polling = true
        setTimeout(poll, interval).unref()
      }
      return { arrived: promise, leave: () => void party.waiting.delete(resolve) }
    },
    stop() {
      stopped = true
      for (const party of parties.values()) wake(party)
      parties.clear()
    },
  }
}
