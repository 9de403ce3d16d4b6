import { type TSchema, Type } from 'typebox'
import type { Roll } from '../shared/caller.ts'
import { ref } from '../shared/schema-parts.ts'

/** Who may call a route, and what for. A route without it stops the service from starting. */
export type Access = {
  /** Roles at socialförvaltningen, or parties; 'alla' needs no token. */
  by: readonly (Roll | 'hyresvard' | 'serviceforvaltningen' | 'alla')[]
  why: string
}

/** A route that anyone may call, without a token. */
export const open = (why: string): Access => ({ by: ['alla'], why })
export const only = (by: Access['by'], why: string): Access => ({ by, why })

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    operation?: {
      ifMatch: boolean
      /** Whether anyone may cache the answer; everything with personal data is `no-store`. */
      publiclyCacheable: boolean
      /** Media types that the body may have. */
      accepts: readonly string[]
      /** Statuses that the document shows as problems. */
      refusals: readonly number[]
      /** The media type of the answer, and others that it may have. */
      gives: string
      also: readonly string[]
    }
  }
}

/** What a route says of itself. */
export type Operation<P extends TSchema, Q extends TSchema, B extends TSchema> = {
  /** operationId: camelCase, stable. */
  id: string
  tag: string
  summary: string
  description?: string
  access: Access
  params?: P
  query?: Q
  body?: B
  /** JSON answers by status; a 201 gets `Location`. */
  answers: Record<number, TSchema>
  /** The route changes a row that the caller has read: If-Match is required (428/412). */
  ifMatch?: boolean
  /** A JSON merge patch (RFC 7396): absent leaves, null clears. */
  merge?: boolean
  /** Media types of the body; JSON unless said. */
  accepts?: readonly string[]
  /** Media type of the answer; JSON unless said. */
  gives?: string
  /** Statuses of refusals beside those that follow from the rest. */
  refuses?: readonly number[]
  /** Other media types that the answer can have, when the caller asks for them. */
  also?: readonly string[]
  /** No personal data: may be cached by anyone. */
  public?: boolean
  bodyLimit?: number
}

/** A component is referred to by name; anything else stays in line. */
const named = (schema: TSchema) => ('$id' in schema ? ref(schema) : schema)

/** Unknown parameters are refused also where none are known. */
const noQuery = Type.Object({}, { additionalProperties: false })

const mergePatch = ['application/merge-patch+json', 'application/json']

type Part<Name extends string, S extends TSchema> = TSchema extends S ? unknown : { [K in Name]: S }

/** Bodies that are not JSON come as a stream, and are checked by whoever reads it. */
const bodyOf = (type: string, schema: TSchema) =>
  type.endsWith('json') ? named(schema) : { description: 'Kalkylblad, semikolonseparerat.' }

/**
 * One route's contract: what Fastify validates and serialises, what OpenAPI shows, and who may call. Header parameters
 * and the problem answers that every operation has are added to the document in `openapi.ts`.
 */
export function operation<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema>(
  spec: Operation<P, Q, B>,
) {
  const refusals = [
    400,
    ...(spec.access.by.includes('alla') ? [] : [401, 403]),
    ...(spec.params ? [404] : []),
    ...(spec.ifMatch || spec.body ? [409, 413, 415, 422] : []),
    ...(spec.ifMatch ? [412, 428] : []),
    ...(spec.refuses ?? []),
    429,
    500,
    503,
  ].sort()
  const who = spec.access.by.includes('alla') ? 'alla, utan token' : spec.access.by.join(', ')
  const accepts = spec.accepts ?? (spec.merge ? mergePatch : ['application/json'])
  const schema = {
    operationId: spec.id,
    tags: [spec.tag],
    summary: spec.summary,
    description: `${spec.description ?? `${spec.summary}.`}\n\n**Får anropas av:** ${who}. ${spec.access.why}.`,
    ...(spec.params && { params: spec.params }),
    querystring: spec.query ?? noQuery,
    ...(spec.body && {
      body: {
        content: Object.fromEntries(accepts.map(type => [type, { schema: bodyOf(type, spec.body as TSchema) }])),
      },
    }),
    response: Object.fromEntries(Object.entries(spec.answers).map(([status, s]) => [status, named(s)])),
    ...(spec.access.by.includes('alla') && { security: [] }),
  }
  return {
    schema: schema as typeof schema & Part<'params', P> & Part<'querystring', Q> & Part<'body', B>,
    config: {
      access: spec.access,
      operation: {
        ifMatch: spec.ifMatch ?? false,
        publiclyCacheable: spec.public ?? false,
        accepts,
        refusals,
        gives: spec.gives ?? 'application/json',
        also: spec.also ?? [],
      },
    },
    ...(spec.bodyLimit && { bodyLimit: spec.bodyLimit }),
  }
}
