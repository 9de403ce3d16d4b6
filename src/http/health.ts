import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import { parter, systemCaller } from '../shared/caller.ts'
import { oneOf } from '../shared/schema-parts.ts'
import type { Api } from './api.ts'
import { apiReleased, apiVersion, documentFor } from './openapi.ts'
import { open, operation } from './operation.ts'

type Jobb = { namn: string; senastLyckad: string; dag: string }
/** When each job last did its work, as every instance sees it. */
const lastRuns = (db: Database): Promise<Jobb[]> =>
  db.reading(systemCaller).db.query('SELECT namn, senast_lyckad AS "senastLyckad", dag FROM jobb ORDER BY namn')

/**
 * Whether the process lives and is ready, and its metrics. No personal data, and labels are route patterns, never
 * addresses: these are for the platform, without a token, and not to be let through a gateway.
 *
 * @param more registers what a domain measures
 */
export function health(app: FastifyInstance, db: Database, more: (registry: Registry) => void): void {
  const registry = new Registry()
  more(registry)
  collectDefaultMetrics({ register: registry })
  const seconds = new Histogram({
    name: 'hemvist_http_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  })
  const lastSuccess = new Gauge({
    name: 'hemvist_job_last_success_seconds',
    help: 'When each job last succeeded, seconds since 1970',
    labelNames: ['job'],
    registers: [registry],
    async collect() {
      for (const { namn, senastLyckad } of await lastRuns(db)) this.set({ job: namn }, Date.parse(senastLyckad) / 1000)
    },
  })
  new Gauge({
    name: 'hemvist_replica_used',
    help: 'Whether each replica of DATABASE_REPLICA_URLS is used, or left out',
    labelNames: ['replica'],
    registers: [registry],
    collect() {
      for (const [at, used] of db.replicasUsed().entries()) this.set({ replica: at + 1 }, used ? 1 : 0)
    },
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'okand'
    seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    done()
  })

  const config = { access: open('Plattformen frågar om tjänsten lever; inga personuppgifter') }
  const schema = { hide: true }
  app.get('/health/live', { config, schema }, async () => ({ status: 'ok' }))
  app.get('/health/ready', { config, schema }, async (_, reply) => {
    try {
      return { status: 'ok', jobb: await lastRuns(db) }
    } catch {
      return reply.code(503).send({ status: 'databasen svarar inte', jobb: [] })
    }
  })
  app.get('/metrics', { config, schema }, async (_, reply) => {
    try {
      return await reply.type(registry.contentType).send(await registry.metrics())
    } catch {
      lastSuccess.reset()
      return reply.code(503).send('')
    }
  })
}

const ApiInfo = Type.Object(
  {
    apiName: Type.String(),
    apiVersion: Type.String(),
    apiReleased: Type.String({ format: 'date', example: '2026-11-23' }),
    apiDocumentation: Type.String({ format: 'uri' }),
    apiStatus: Type.String(),
    kommunkod: Type.String(),
  },
  {
    $id: 'ApiInfo',
    additionalProperties: false,
    example: {
      apiName: 'Hemvist',
      apiVersion: '1.0.0',
      apiReleased: '2026-11-23',
      apiDocumentation: 'https://api.example.se/hemvist/docs',
      apiStatus: 'active',
      kommunkod: '1281',
    },
  },
)

/** What the API is (VER.06-07), and its document. */
export function apiInfo(app: Api, config: Config): void {
  const tag = 'Om API:et'
  app.get(
    '/v1/api-info',
    operation({
      id: 'hamtaApiInfo',
      tag,
      summary: 'Om API:et',
      access: open('Beskriver API:et'),
      answers: { 200: ApiInfo },
      public: true,
    }),
    async () => ({
      apiName: 'Hemvist',
      apiVersion,
      apiReleased,
      apiDocumentation: `${app.publicUrl()}/docs`,
      apiStatus: 'active',
      kommunkod: config.KOMMUNKOD,
    }),
  )
  const query = Type.Object({ part: Type.Optional(oneOf(parter)) }, { additionalProperties: false })
  app.get(
    '/v1/openapi.json',
    { config: { access: open('Kontraktet är offentligt') }, schema: { hide: true, querystring: query } },
    async (request, reply) => {
      const { part } = request.query
      return reply.header('cache-control', 'public, max-age=300').send(part ? documentFor(app, part) : app.swagger())
    },
  )
}
