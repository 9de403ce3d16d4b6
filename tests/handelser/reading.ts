import type { Client } from '../harness.ts'

export type Event = { id: string; type: string; subject: string; time: string; data: { lank: string | null } }
export type FeedPage = { handelser: Event[]; nextCursor: string; _links: Record<string, { href: string }> }

/** A page of the feed. */
export async function page(client: Client, query: Record<string, string | number> = {}): Promise<FeedPage> {
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
