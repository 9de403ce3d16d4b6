import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { partIdOf } from '../http/access.ts'
import type { Api, Services } from '../http/api.ts'
import { baseOf, link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { logged } from '../http/problems.ts'
import type { Encryption } from '../shared/encryption.ts'
import { ogiltigaUppgifter } from '../shared/refusals.ts'
import { cursorOf, positionOf } from './cursor.ts'
import { cloudEvent, matchingTypes } from './events.ts'
import { createNews, type Waiter } from './news.ts'
import { FeedQuery, Handelser, Handelsestrom, StreamQuery } from './schema.ts'
import { type Page, readFeed, type Start } from './service.ts'

const tag = 'Händelser'
const egna = only(
  ['handlaggare', 'beslutsfattare', 'hyresvard', 'serviceforvaltningen'],
  'Varje part ser sina egna händelser; socialförvaltningens ser de som handlägger ärenden',
)
const order =
  'Händelserna står alltid i samma ordning, och den som följer markören får var och en exakt en gång. En händelse säger vad som har hänt med vad, och aldrig något om en person; läs mer på `data.lank`.'

/** Milliseconds between signs of life in a stream that is silent. */
const pulse = 15_000
/** Events that a stream sends at a time. */
const streamed = 500

/** A party's own events: read page by page, waited for, or as a stream. */
export function handelserRoutes(app: Api, { db }: Services, encryption: Encryption): void {
  const news = createNews(db, error => app.log.warn({ fel: logged(error) }, 'händelser'))
  // Before the server stops listening, since it waits for its answers.
  app.addHook('preClose', async () => news.stop())

  const startOf = (cursor: string | undefined, otherwise: Start): Start => {
    if (!cursor) return otherwise
    return cursor === 'nu' ? 'nu' : positionOf(encryption, cursor)
  }
  const read = (request: FastifyRequest, after: Start, limit: number, types: string[] | null) => {
    if (request.caller.part === 'hyresvard') partIdOf(request)
    return readFeed(db.reading(request.caller), { after, limit, types })
  }

  app.get(
    '/v1/handelser',
    operation({
      id: 'lasHandelser',
      tag,
      summary: 'Läs händelser',
      description: `${order} Utan \`cursor\` läses från början. \`_links.next\` finns när fler händelser kan finnas redan nu; annars är läsningen ikapp, och nästa görs senare från \`nextCursor\`, gärna med \`vanta\`.`,
      access: egna,
      query: FeedQuery,
      answers: { 200: Handelser },
      refuses: [410],
    }),
    async (request, reply) => {
      const { cursor, typ, limit = 20, vanta = 0 } = request.query
      const types = typesIn(request, typ)
      const gone = goneSignal(reply)
      const deadline = performance.now() + 1000 * vanta
      let after = startOf(cursor, 'borjan')
      for (;;) {
        const waiter = vanta > 0 ? news.join(request.caller) : undefined
        try {
          const page = await read(request, after, limit, types)
          const left = deadline - performance.now()
          if (page.events.length > 0 || left <= 0 || news.stopped || gone.aborted) return answer(request, page)
          after = page.next
          if (waiter && !page.more) await until(waiter, left, gone)
        } finally {
          waiter?.leave()
        }
      }
    },
  )

  const answer = (request: FastifyRequest, { events, next, more }: Page) => {
    const base = baseOf(request)
    const nextCursor = cursorOf(encryption, next)
    const [path, query] = request.url.replace(/^\/v1/, '').split('?') as [string, string?]
    const params = new URLSearchParams(query)
    params.set('cursor', nextCursor)
    return {
      // The household is for the read log: the answer's schema has none.
      handelser: events.map(({ handelse, hushallId }) => ({ ...cloudEvent(base, handelse), hushallId })),
      nextCursor,
      _links: {
        self: link(request, 'self', query ? `${path}?${query}` : path),
        ...(more && { next: link(request, 'next', `${path}?${params}`) }),
      },
    }
  }

  app.get('/v1/handelser/strom', {
    ...operation({
      id: 'foljHandelser',
      tag,
      summary: 'Följ händelser',
      description: `Server-sent events: ett meddelande per händelse, med markören som \`id\` och händelsen som \`data\`. ${order} Tar vid efter \`Last-Event-ID\`, annars efter \`cursor\`, annars med det som händer härnäst. Slutar när token går ut; anslut då igen med en ny.`,
      access: egna,
      query: StreamQuery,
      answers: { 200: Handelsestrom },
      gives: 'text/event-stream',
      refuses: [410],
    }),
    handler: async (request, reply) => {
      const { cursor, typ } = request.query
      const types = typesIn(request, typ)
      const from = startOf(request.headers['last-event-id']?.toString() || cursor, 'nu')
      const gone = goneSignal(reply)
      const waiter = news.join(request.caller)
      // Also when it is gone before the stream begins.
      gone.addEventListener('abort', waiter.leave)
      // Here, so that a cursor which is too old is answered as elsewhere.
      const page = await read(request, from, streamed, types)
      reply
        .type('text/event-stream; charset=utf-8')
        // A gateway must not save it up; and its connection is not used again, so that the server can close.
        .headers({ 'x-accel-buffering': 'no', connection: 'close' })
      return reply.send(Readable.from(stream(request, { page, waiter, types, gone })))
    },
  })

  type Following = { page: Page; waiter: Waiter; types: string[] | null; gone: AbortSignal }
  async function* stream(request: FastifyRequest, { page, waiter, types, gone }: Following) {
    const base = baseOf(request)
    let nextPulse = 0
    try {
      for (;;) {
        await app.logRead(
          request,
          page.events.flatMap(({ hushallId }) => hushallId ?? []),
        )
        for (const { handelse, position } of page.events)
          yield `id: ${cursorOf(encryption, position)}\ndata: ${JSON.stringify(cloudEvent(base, handelse))}\n\n`
        // At once, so that whoever is cut off before the first event knows where to go on from; then by the time alone:
        // a sign of life when one is woken for nothing would tell of what one may not know of.
        if (performance.now() >= nextPulse) {
          nextPulse = performance.now() + pulse
          yield `id: ${cursorOf(encryption, page.next)}\n: puls\n\n`
        }
        if (!page.more) await until(waiter, nextPulse - performance.now(), gone)
        waiter.leave()
        if (gone.aborted || news.stopped || !(await app.isStillValid(request))) return
        waiter = news.join(request.caller)
        page = await read(request, page.next, streamed, types)
      }
    } finally {
      waiter.leave()
    }
  }
}

/** The types that are asked for. Null is all. */
function typesIn({ caller }: FastifyRequest, typ: string | undefined): string[] | null {
  if (!typ) return null
  const types = matchingTypes(caller.part, typ.split(','))
  if (types) return types
  const detail = 'typ är ingen händelse som ni kan få. Typerna står i API:ets beskrivning under webhooks.'
  throw ogiltigaUppgifter(detail, { errors: [{ pointer: 'query/typ', kod: 'okand-handelsetyp', detail }] })
}

/** Aborted when nobody is there to be answered, or all is said. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

/** Done when there may be news, after so many milliseconds, or when nobody is there. */
async function until({ arrived }: Waiter, milliseconds: number, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  const left = () => resolve()
  gone.addEventListener('abort', left)
  void arrived.then(resolve)
  await promise
  // A stream lasts for hours: nothing of each wait may stay with it.
  clearTimeout(timer)
  gone.removeEventListener('abort', left)
}
