import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

const traceparent = /^[0-9a-e][0-9a-f]-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/

/** The trace that a request belongs to: the caller's (W3C Trace Context), or a new one when absent or invalid. */
export function traceIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const found = traceparent.exec(String(request.headers.traceparent ?? ''))
  const traceId = found?.[1]
  return traceId && !/^0+$/.test(traceId) && !/^0+$/.test(found?.[2] ?? '') ? traceId : randomBytes(16).toString('hex')
}

export const traceparentOf = (traceId: string): string => `00-${traceId}-${randomBytes(8).toString('hex')}-01`

/** Every answer says its trace (SPA.04); `request.id` is the trace id, and stands in every log line. */
export function trace(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('traceparent', traceparentOf(request.id))
    done()
  })
}
