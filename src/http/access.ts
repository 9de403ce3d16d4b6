import type { FastifyInstance, FastifyRequest } from 'fastify'
import { actorsOf, type Caller } from '../shared/caller.ts'
import { defineProblem, finnsInte, intebehorig } from '../shared/refusals.ts'
import type { TokenVerifier } from './tokens.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route with who may call it and why, as declared. */
    accessTable: { method: string; path: string; by: readonly string[]; why: string }[]
    /** Whether the request's token is still to be believed, as at first: for answers that last. */
    isStillValid: (request: FastifyRequest) => Promise<boolean>
  }
  interface FastifyRequest {
    /** Who asks. Set on every route that is not open to all. */
    caller: Caller
  }
}

const inteInloggad = defineProblem(
  'inte-inloggad',
  401,
  'Giltig åtkomsttoken saknas',
  'Skicka en giltig token i rubriken Authorization: Bearer. Den kan ha gått ut.',
)

/**
 * Checks each request against its route's own declaration. A route that does not say who may call it stops the
 * service from starting.
 */
export function access(app: FastifyInstance, verifier: TokenVerifier): void {
  app.decorate('accessTable', [])
  app.addHook('onRoute', route => {
    const access = route.config?.access
    if (!access) throw new Error(`${route.method} ${route.url} does not say who may call it`)
    for (const method of [route.method].flat()) app.accessTable.push({ method, path: route.url, ...access })
  })
  app.decorateRequest('caller', null as never)
  const tokenIn = (request: FastifyRequest) => request.headers.authorization?.split(' ') ?? []
  const callerOf = async (request: FastifyRequest) => {
    const [scheme, token] = tokenIn(request)
    return scheme?.toLowerCase() === 'bearer' && token ? verifier.verify(token, request.log) : null
  }
  app.decorate('isStillValid', async request => (await callerOf(request)) !== null)
  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access
    if (!access || access.by.includes('alla')) return
    const caller = await callerOf(request)
    if (!caller) {
      reply.header('www-authenticate', tokenIn(request)[1] ? 'Bearer error="invalid_token"' : 'Bearer')
      throw inteInloggad()
    }
    if (!actorsOf(caller).some(actor => (access.by as readonly string[]).includes(actor)))
      throw intebehorig(`Vägen är för: ${access.by.join(', ')}.`)
    request.caller = caller
  })
}

/** The id of the party that asks, for routes where a party sees only its own. */
export function partIdOf(request: FastifyRequest): string {
  if (!request.caller.partId) throw finnsInte()
  return request.caller.partId
}
