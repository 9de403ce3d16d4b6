import { BlockList, isIP } from 'node:net'
import Fastify, { type FastifyServerOptions, LogController } from 'fastify'
import { arendenRoutes } from './arenden/routes.ts'
import { atkomstloggRoutes } from './atkomstlogg/routes.ts'
import { barnchecklistorRoutes } from './barnchecklistor/routes.ts'
import { beslutRoutes } from './beslut/routes.ts'
import { bostadForstImportRoutes } from './bostad-forst/import-routes.ts'
import { bostadForstRoutes } from './bostad-forst/routes.ts'
import { bfStodRoutes } from './bostad-forst/stod-routes.ts'
import { trohetsmatningarRoutes } from './bostad-forst/trohet-routes.ts'
import { bostadsbehovRoutes } from './bostadsbehov/routes.ts'
import type { Config } from './config.ts'
import type { Database } from './database.ts'
import { partensFlyttkedjorRoutes } from './flyttkedjor/part-routes.ts'
import { flyttkedjorRoutes } from './flyttkedjor/routes.ts'
import { forturskriterierRoutes } from './forturer/criteria-routes.ts'
import { hyresvardensForturerRoutes } from './forturer/hyresvard-routes.ts'
import { forturimportRoutes } from './forturer/import-routes.ts'
import { forturerRoutes } from './forturer/routes.ts'
import { garantikravRoutes } from './garantikrav/routes.ts'
import { hyresvardensGenomgangarRoutes } from './genomgangar/hyresvard-routes.ts'
import { genomgangarRoutes } from './genomgangar/routes.ts'
import { handelserRoutes } from './handelser/routes.ts'
import { webhooks } from './handelser/webhooks.ts'
import { access } from './http/access.ts'
import type { Api } from './http/api.ts'
import { apiInfo, health } from './http/health.ts'
import { methods } from './http/methods.ts'
import { mediaTypes } from './http/negotiation.ts'
import { openapi } from './http/openapi.ts'
import { answerUnreadable, problems } from './http/problems.ts'
import { readLog } from './http/read-log.ts'
import { serialization } from './http/serialization.ts'
import { spreadsheets } from './http/streams.ts'
import type { TokenVerifier } from './http/tokens.ts'
import { trace, traceIdOf, traceparentOf } from './http/trace.ts'
import { validation } from './http/validation.ts'
import { clientLimit, outerWall } from './http/wall.ts'
import { writing } from './http/writing.ts'
import { hushallRoutes } from './hushall/routes.ts'
import { hyresvardensForslagRoutes } from './hyresgarantier/hyresvard-routes.ts'
import { importRoutes } from './hyresgarantier/import-routes.ts'
import { hyresgarantierRoutes } from './hyresgarantier/routes.ts'
import { hyresvardarRoutes } from './hyresvardar/routes.ts'
import { inkommandeRoutes } from './inkommande/routes.ts'
import { lagenhetskommandonRoutes } from './lagenheter/command-routes.ts'
import { lagenheterRoutes } from './lagenheter/routes.ts'
import { serviceforvaltningensLagenheterRoutes } from './lagenheter/serviceforvaltningen-routes.ts'
import { mittRoutes } from './mitt/routes.ts'
import { nodatkomsterRoutes } from './nodatkomster/routes.ts'
import { webhookMetrics } from './prenumerationer/metrics.ts'
import { prenumerationerRoutes } from './prenumerationer/routes.ts'
import { regressfordringarRoutes } from './regressfordringar/routes.ts'
import type { Encryption } from './shared/encryption.ts'
import { createRecorder } from './shared/read-recorder.ts'
import { components } from './shared/schema-parts.ts'
import { stodlagenhetsuppfoljningRoutes } from './stodlagenheter/follow-up-routes.ts'
import { stodlagenhetsimportRoutes } from './stodlagenheter/import-routes.ts'
import { stodlagenhetskoRoutes } from './stodlagenheter/queue-routes.ts'
import { stodlagenheterRoutes } from './stodlagenheter/routes.ts'
import { serviceforvaltningensStodlagenheterRoutes } from './stodlagenheter/serviceforvaltningen-routes.ts'
import { utlamnandenRoutes } from './utlamnanden/routes.ts'

export type AppParts = {
  config: Config
  db: Database
  encryption: Encryption
  tokens: TokenVerifier
  /** As Fastify's `logger`; silent when absent. */
  logger?: FastifyServerOptions['logger']
}

/** The API: everything between a request and the database. Starting and stopping is `main.ts`'s. */
export async function createApp({ config, db, encryption, tokens, logger }: AppParts): Promise<Api> {
  const app = Fastify({
    logger: logger ?? false,
    genReqId: traceIdOf,
    // Addresses can hold what a caller mistyped: one line with the route's pattern is written below instead.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'traceId' }),
    bodyLimit: config.BODY_LIMIT,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: false },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    // An address that cannot be read passes none of the hooks below.
    frameworkErrors: (error, request, reply) => {
      reply.header('traceparent', traceparentOf(request.id)).header('cache-control', 'no-store')
      void app.errorHandler(error, request, reply as never)
    },
    clientErrorHandler: (error, socket) => answerUnreadable(app.publicUrl(), error, socket),
  }) as unknown as Api

  app.decorate('settings', config)
  let address = listening(app, config)
  app.addHook('onListen', async () => {
    address = listening(app, config)
  })
  app.decorate('publicUrl', () => config.PUBLIC_URL?.replace(/\/$/, '') ?? address)
  app.decorate('trustsProxy', trusted(config.TRUST_PROXY))

  // Before the access check: Swagger UI's own pages are open, and say nothing of anyone.
  await openapi(app, config, `${config.PUBLIC_URL?.replace(/\/$/, '') ?? ''}/v1`, webhooks)
  trace(app)
  await outerWall(app, config)
  validation(app)
  serialization(app)
  spreadsheets(app)
  access(app, tokens)
  await clientLimit(app, { config, db, encryption })
  mediaTypes(app)
  readLog(
    app,
    createRecorder(lasningar => db.writeReadLog(lasningar)),
  )
  methods(app)
  app.addHook('onSend', async (request, reply) => {
    if (reply.hasHeader('cache-control')) return
    const isPublic = request.routeOptions.config.operation?.publiclyCacheable && reply.statusCode < 400
    reply.header('cache-control', isPublic ? 'public, max-age=300' : 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { caller, routeOptions, method } = request
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ms, klient: caller?.klient }, 'anrop')
  })

  problems(app)
  health(app, db, registry => webhookMetrics(registry, db))
  apiInfo(app, config)

  const services = { db, write: writing(db, encryption) }
  hushallRoutes(app, services, encryption)
  utlamnandenRoutes(app, services)
  hyresvardarRoutes(app, services)
  barnchecklistorRoutes(app, services)
  forturerRoutes(app, services)
  forturskriterierRoutes(app, services)
  forturimportRoutes(app, services, config.IMPORT_LIMIT)
  lagenheterRoutes(app, services)
  lagenhetskommandonRoutes(app, services)
  stodlagenheterRoutes(app, services)
  stodlagenhetskoRoutes(app, services)
  stodlagenhetsuppfoljningRoutes(app, services)
  stodlagenhetsimportRoutes(app, services, config.IMPORT_LIMIT)
  bostadForstRoutes(app, services)
  bfStodRoutes(app, services)
  bostadForstImportRoutes(app, services, config.IMPORT_LIMIT)
  trohetsmatningarRoutes(app, services)
  flyttkedjorRoutes(app, services)
  bostadsbehovRoutes(app, services)
  hyresgarantierRoutes(app, services)
  importRoutes(app, services, config.IMPORT_LIMIT)
  garantikravRoutes(app, services)
  regressfordringarRoutes(app, services)
  genomgangarRoutes(app, services)
  beslutRoutes(app, services)
  arendenRoutes(app, services)
  mittRoutes(app, services)
  nodatkomsterRoutes(app, services)
  atkomstloggRoutes(app, services)
  handelserRoutes(app, services, encryption)
  prenumerationerRoutes(app, services, config)
  serviceforvaltningensLagenheterRoutes(app, services, config.IMPORT_LIMIT)
  serviceforvaltningensStodlagenheterRoutes(app, services)
  hyresvardensForslagRoutes(app, services)
  partensFlyttkedjorRoutes(app, services)
  hyresvardensForturerRoutes(app, services)
  hyresvardensGenomgangarRoutes(app, services, config.BODY_LIMIT)
  inkommandeRoutes(app, services, config.BODY_LIMIT)

  app.refuseOtherMethods()
  for (const schema of components.values()) app.addSchema(schema)
  return app
}

function listening(app: Api, config: Config): string {
  const address = app.server.address()
  const port = address && typeof address === 'object' ? address.port : config.PORT
  const host = config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
  return `http://${host}:${port}`
}

function trusted(setting: string | undefined): (address: string) => boolean {
  const list = new BlockList()
  for (const part of setting?.split(',').map(text => text.trim()) ?? []) {
    const [network = '', prefix] = part.split('/')
    const family = isIP(network) === 6 ? 'ipv6' : 'ipv4'
    if (prefix) list.addSubnet(network, Number(prefix), family)
    else if (isIP(network)) list.addAddress(network, family)
  }
  return address =>
    list.check(address.replace(/^::ffff:/, ''), isIP(address.replace(/^::ffff:/, '')) === 6 ? 'ipv6' : 'ipv4')
}
