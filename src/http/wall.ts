import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import type { Encryption } from '../shared/encryption.ts'
import { defineProblem } from '../shared/refusals.ts'
import { forManga } from './problems.ts'
import { sharedLimit } from './shared-limit.ts'

const overbelastad = defineProblem(
  'overbelastad',
  503,
  'Tjänsten är överbelastad',
  'Tjänsten hinner inte med just nu och tar inte emot mer. Inget har ändrats; försök igen om en stund.',
)

/** How often, in milliseconds, the process's lag is measured. */
const sampled = 1000

/**
 * What stands before every route: headers that browsers obey, other origins only when listed, and no more work than
 * the process can do. Called before the access check is registered, so that a browser's question about an origin
 * needs no token.
 */
export async function outerWall(app: FastifyInstance, config: Config): Promise<void> {
  await app.register(helmet, {
    // Answers are data: a browser that shows one by mistake may load and run nothing. Swagger UI has its own policy.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    referrerPolicy: { policy: 'no-referrer' },
  })
  if (config.CORS_ORIGINS.length > 0)
    await app.register(cors, {
      origin: config.CORS_ORIGINS,
      methods: ['GET', 'HEAD', 'POST', 'PATCH'],
      allowedHeaders: [
        'authorization',
        'content-type',
        'accept',
        'if-match',
        'idempotency-key',
        'traceparent',
        'last-event-id',
      ],
      exposedHeaders: ['etag', 'location', 'traceparent', 'retry-after', 'www-authenticate', 'content-disposition'],
      maxAge: 600,
      strictPreflight: false,
    })
  // The first measure is of the start itself, which is no reason to refuse anyone.
  let measured = false
  app.addHook('onListen', async () => void setTimeout(() => (measured = true), 2 * sampled).unref())
  if (config.OVERLAST_MS > 0)
    await app.register(underPressure, {
      sampleInterval: sampled,
      maxEventLoopDelay: config.OVERLAST_MS,
      pressureHandler: request => {
        // The platform must still hear that the process lives.
        if (measured && !request.url.startsWith('/health/')) throw overbelastad()
      },
    })
}

/**
 * A client's requests per minute, by its token, over all instances; called after the access check is registered, which
 * says who it is.
 */
export async function clientLimit(
  app: FastifyInstance,
  { config, db, encryption }: { config: Config; db: Database; encryption: Encryption },
): Promise<void> {
  await app.register(rateLimit, {
    store: sharedLimit(
      (calls, windowMs) => db.countCalls(calls, windowMs),
      client => encryption.hash(`anrop ${client}`),
    ),
    max: config.ANROP_PER_MINUT,
    timeWindow: '1 minute',
    keyGenerator: request => (request.caller ? `${request.caller.part}:${request.caller.klient}` : request.ip),
    allowList: request => /^\/(health|metrics)/.test(request.url),
    errorResponseBuilder: () => forManga(),
    addHeaders: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
      'retry-after': true,
    },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  })
}
