import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Recorder } from '../shared/read-recorder.ts'
import { defineProblem } from '../shared/refusals.ts'
import { logged } from './problems.ts'

const kanInteLoggas = defineProblem(
  'atkomsten-kan-inte-loggas',
  503,
  'Åtkomsten kan inte loggas',
  'Svaret innehåller personuppgifter och får inte lämnas utan att läsningen loggas. Försök igen om en stund.',
)

declare module 'fastify' {
  interface FastifyInstance {
    /** Logs that the caller is given these households' data. For streams; JSON answers are logged by themselves. */
    logRead: (request: FastifyRequest, hushallIds: Iterable<string>) => Promise<void>
  }
}

/**
 * Logs every answer with personal data before it leaves. Which households it is about is seen in what the route
 * returns, before the serialiser drops what the caller may not see: everything about a person carries `hushallId`.
 */
export function readLog(app: FastifyInstance, recorder: Recorder): void {
  app.decorate('logRead', async (request, hushallIds) => {
    const ids = [...new Set(hushallIds)]
    if (ids.length === 0) return
    const { sub, part, partId, klient } = request.caller
    const vag = request.routeOptions.url as string
    try {
      await recorder.record({
        sub,
        part,
        partId,
        klient,
        metod: request.method,
        vag,
        hushallIds: ids,
        spar: request.id,
      })
    } catch (error) {
      request.log.error({ fel: logged(error as Error) }, 'läsningen kunde inte loggas')
      throw kanInteLoggas()
    }
  })
  app.addHook('preSerialization', async (request, _reply, payload) => {
    if (request.caller) await app.logRead(request, householdsIn(payload))
    return payload
  })
}

/** The households that a value is about: every `hushallId` in it, however deep, and a household itself. */
export function householdsIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) householdsIn(item, found)
  else if (value !== null && typeof value === 'object') {
    const { id, hushallId, personer } = value as Record<string, unknown>
    if (typeof hushallId === 'string') found.add(hushallId)
    if (typeof id === 'string' && Array.isArray(personer)) found.add(id)
    for (const item of Object.values(value)) if (item !== null && typeof item === 'object') householdsIn(item, found)
  }
  return found
}

/** The same rows, each some hundreds logged before they are let through: for exports, which are streams. */
export async function* loggedRows<Row extends { hushallId: string }>(
  request: FastifyRequest,
  rows: AsyncIterable<Row>,
): AsyncGenerator<Row> {
  let held: Row[] = []
  for await (const row of rows) {
    held.push(row)
    if (held.length < 500) continue
    await request.server.logRead(
      request,
      held.map(({ hushallId }) => hushallId),
    )
    yield* held
    held = []
  }
  await request.server.logRead(
    request,
    held.map(({ hushallId }) => hushallId),
  )
  yield* held
}
