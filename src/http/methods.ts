import type { FastifyInstance } from 'fastify'
import { open } from './operation.ts'
import { felMetod, sendProblem } from './problems.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Call when all routes are registered: every other method on a known path is answered 405 with `Allow`. */
    refuseOtherMethods: () => void
  }
}

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
      if (url.includes('*')) continue
      const allow = [...allowed].sort().join(', ')
      app.route({
        url,
        method: app.supportedMethods.filter(method => !allowed.has(method)),
        config: { access: open('Säger vilka metoder vägen tar emot') },
        schema: { hide: true },
        // Before the body is read: what it holds does not matter here.
        onRequest: (request, reply) =>
          sendProblem(request, reply.header('allow', allow), felMetod(`Vägen tar emot: ${allow}.`)),
        handler: () => {},
      })
    }
  })
}
