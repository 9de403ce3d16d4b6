import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, Harness } from '../harness.ts'

export type Event = { id: string; type: string; subject: string; time: string; data: { lank: string | null } }
export type FeedPage = { handelser: Event[]; nextCursor: string; _links: Record<string, { href: string }> }

let owner: Harness['owner'] | undefined
/**
 * From now on a page is read when what other test files were writing just before has ended: a transaction that writes
 * anywhere on the server holds the feed up, and the test files share one.
 */
export function amongOthers(harness: Harness): void {
  owner = harness.owner
}
async function othersDone(): Promise<void> {
  if (!owner) return
  const [{ mine }] = (await owner.query('SELECT pg_current_xact_id()::text::bigint AS mine')).rows
  for (;;) {
    const { rows } = await owner.query(
      `SELECT FROM pg_stat_activity WHERE datname <> current_database() AND backend_xid::text::bigint < $1`,
      [mine],
    )
    if (rows.length === 0) return
    await sleep(10)
  }
}

/** A page of the feed. */
export async function page(client: Client, query: Record<string, string | number> = {}): Promise<FeedPage> {
  if (!query.vanta) await othersDone()
  const { status, body } = await client.get(`/handelser?${new URLSearchParams(query as Record<string, string>)}`)
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** Where the feed of a client goes on from now. */
export const now = async (client: Client): Promise<string> => (await page(client, { cursor: 'nu' })).nextCursor

/** Everything after a cursor, page by page, and where it ends. */
export async function follow(
  client: Client,
  cursor: string,
  limit = 100,
): Promise<{ events: Event[]; cursor: string }> {
  const events: Event[] = []
  for (let after = cursor; ; ) {
    const { handelser, nextCursor, _links } = await page(client, { cursor: after, limit })
    events.push(...handelser)
    after = nextCursor
    if (!_links.next) return { events, cursor: after }
  }
}

export const typesOf = (events: { type: string }[]): string[] =>
  events.map(({ type }) => type.replace('se.hemvist.', ''))

/** Where an event says that one reads more. */
export const pathOf = (event: Event | undefined): string => new URL(event?.data.lank as string).pathname
