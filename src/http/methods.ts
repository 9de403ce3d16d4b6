import type { FastifyInstance, HTTPMethods } from 'fastify'
import { open } from './operation.ts'
import { felMetod, sendProblem } from './problems.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Call when all routes are registered: every other method on a known path is answered 405 with `Allow`. */
    refuseOtherMethods: () => void
  }
}

const known: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** 405 with `Allow` on a known path (SAK.05); the framework would say 404. */
export function methods(app: FastifyInstance): void {
  const byPath = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const allowed = byPath.get(url) ?? new Set<string>()
    for (const one of [method].flat()) allowed.add(one)
    byPath.set(url, allowed)
  })
  app.decorate('refuseOtherMethods', () => {
    for (const [url, allowed] of [...byPath]) {
      if (!url.startsWith('/v1/') || url.includes('*')) continue
      const allow = [...allowed].sort().join(', ')
      app.route({
        url,
        method: known.filter(method => !allowed.has(method) && !(method === 'HEAD' && allowed.has('GET'))),
        config: { access: open('Säger vilka metoder vägen tar emot') },
        schema: { hide: true },
        handler: (request, reply) =>
          sendProblem(request, reply.header('allow', allow), felMetod(`Vägen tar emot: ${allow}.`)),
      })
    }
  })
}
