import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Work } from '../shared/work.ts'
import type { Api } from './api.ts'
import { ifMatchOf } from './etag.ts'
import { type Operation, operation } from './operation.ts'
import type { Answer, Write } from './writing.ts'

type Asked<P extends TSchema, B extends TSchema> = {
  work: Work
  request: FastifyRequest
  params: Static<P>
  body: Static<B>
  /** Throws 412 unless the caller has read this version. */
  ifMatch: (version: number) => void
}

/**
 * Registers routes that change a row which the caller has read: If-Match (428 without it), one transaction in the
 * caller's name, the Idempotency-Key, and the row as it became.
 *
 * @param atgard the command's name in the history
 */
export function changes(app: Api, write: Write) {
  const register =
    (method: 'POST' | 'PUT' | 'PATCH') =>
    <P extends TSchema, B extends TSchema>(
      url: string,
      atgard: string,
      spec: Operation<P, TSchema, B>,
      run: (asked: Asked<P, B>) => Promise<Answer>,
    ): void => {
      app.route({
        method,
        url,
        ...operation({ ...spec, ifMatch: true, merge: method === 'PATCH' }),
        // The provider cannot follow the types of a schema that is itself a parameter.
        handler: ((request: FastifyRequest, reply: FastifyReply) => {
          const ifMatch = ifMatchOf(request)
          const { params, body } = request as { params: Static<P>; body: Static<B> }
          return write(request, reply, atgard, work => run({ work, request, params, body, ifMatch }))
        }) as never,
      })
    }
  return { post: register('POST'), put: register('PUT'), patch: register('PATCH') }
}
