import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { Config } from '../config.ts'
import { type Partslag, parter, roller } from '../shared/caller.ts'
import { ref } from '../shared/schema-parts.ts'
import { Problem } from './problems.ts'

/** A message that the service sends, by its type: what it says, and an example for each party that gets it. */
export type Webhook = {
  summary: string
  description: string
  /** The `$id` of its schema. */
  component: string
  examples: Partial<Record<Partslag, { value: object }>>
}

type Document = {
  paths: Record<string, Record<string, object>>
  webhooks: Record<string, ReturnType<typeof webhookItem>>
  components: { schemas: Record<string, object> }
}

/** Media type of a message. */
const messageType = 'application/cloudevents+json'

const webhookItem = ({ summary, description, component, examples }: Webhook) => ({
  post: {
    tags: ['Händelser'],
    summary,
    description,
    security: [],
    requestBody: {
      required: true,
      content: { [messageType]: { schema: { $ref: `#/components/schemas/${component}` }, examples } },
    },
    responses: { '2XX': { description: 'Mottaget.' } },
  },
})

/** The document with only what a party may call, and the components that this needs. */
export function documentFor(app: FastifyInstance, part: Partslag): Document {
  const document = app.swagger() as unknown as Document
  const mayCall = new Set(
    app.accessTable
      .filter(({ by }) =>
        by.some(who => who === 'alla' || (part === 'socialforvaltningen' ? who in roller : who === part)),
      )
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/^\/v1/, '').replace(/:(\w+)/g, '{$1}')}`),
  )
  const paths = Object.fromEntries(
    Object.entries(document.paths)
      .map(([path, methods]) => [
        path,
        Object.fromEntries(Object.entries(methods).filter(([method]) => mayCall.has(`${method} ${path}`))),
      ])
      .filter(([, methods]) => Object.keys(methods as object).length > 0),
  )
  const webhooks = Object.fromEntries(
    Object.entries(document.webhooks).flatMap(([type, { post }]) => {
      const message = post.requestBody.content[messageType]
      const example = message?.examples[part]
      const content = { [messageType]: { ...message, examples: { [part]: example } } }
      return example ? [[type, { post: { ...post, requestBody: { required: true, content } } }]] : []
    }),
  )
  const needed = new Set<string>()
  const follow = (value: unknown) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g))
      if (name && !needed.has(name)) {
        needed.add(name)
        follow(document.components.schemas[name])
      }
  }
  follow({ paths, webhooks })
  const schemas = Object.fromEntries(Object.entries(document.components.schemas).filter(([name]) => needed.has(name)))
  return { ...document, paths, webhooks, components: { ...document.components, schemas } }
}

/** SemVer of the API. Only the major is in the URL. */
export const apiVersion = '1.0.0'
export const apiReleased = '2026-11-23'

/** Named once here, so that it is a component before the document is made. */
const problemRef = ref(Problem)

type Operation = NonNullable<import('fastify').FastifyContextConfig['operation']>

const traceparent = {
  type: 'string',
  description: 'W3C Trace Context. Saknas den börjas ett nytt spår.',
  example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
}
const statusTexts: Record<number, string> = {
  200: 'Svar',
  201: 'Skapat',
  400: 'Förfrågan har fel form',
  401: 'Giltig token saknas',
  403: 'Rollen eller parten får inte anropa vägen',
  404: 'Finns inte, eller får inte kännas till',
  409: 'Går inte i resursens tillstånd, eller strider mot det registrerade',
  410: 'Finns inte längre; börja om',
  412: 'Resursen har ändrats sedan den lästes',
  413: 'För stor förfrågan',
  415: 'Medietypen tas inte emot',
  422: 'Uppgifterna hänger inte ihop, eller nyckeln är använd till annat',
  428: 'If-Match saknas',
  429: 'För många anrop',
  500: 'Fel hos tjänsten',
  503: 'Tillfälligt otillgänglig; inget har ändrats',
}

const description = `Register och API för en kommuns arbete mot hemlöshet: hushåll, hyresvärdar, hyresgarantier, krav och
halvårsgenomgångar.

In English: register and API for a Swedish municipality's work against homelessness. A case worker registers rent
guarantees; each is reviewed twice a year with the landlord's answers and ended when the landlord's criteria are met.

**Felsvar** är \`application/problem+json\` (RFC 9457); program läser \`type\` och \`kod\`, aldrig \`detail\`.
**Ändringar** av något du har läst kräver \`If-Match\`. **Omförsök** görs säkra med \`Idempotency-Key\`.
**Sidor** räknas från 1 med högst 100 poster. Personnummer står aldrig i en adress.`

function infoOf(config: Config) {
  return {
    title: 'Hemvist',
    version: apiVersion,
    description,
    termsOfService: 'https://www.example.se/hemvist/villkor',
    contact: {
      name: `${config.KOMMUNNAMN}, Hemvist`,
      url: 'https://www.example.se/hemvist',
      email: 'hemvist@example.se',
    },
    license: { name: 'EUPL-1.2', url: 'https://eupl.eu/1.2/sv/' },
    'x-sla': { availability: '99.5 %, vardagar 7-18', responseTime: 'p99 under 500 ms', support: 'vardagar 8-16' },
    'x-limitations': [
      'FNS.14: page=0 ger 400, inte en tom lista (schemats minimum är 1).',
      'CAC.01: svar med personuppgifter är no-store och cachas inte.',
      'VER.09: Deprecation och Sunset har sina RFC:ers datumformat.',
      'totalRecords är exakt till 10 000 och ersätts därefter av totalRecordsAtLeast.',
    ],
  }
}

/** Adds to a route's own schema what every operation has: header parameters, header answers and the problems. */
function complete(
  schema: FastifySchema & { hide?: boolean },
  method: string,
  operation: Operation | undefined,
): FastifySchema {
  if (!operation || schema.hide) return schema
  const isItem = operation.ifMatch || 'params' in schema
  const headers = {
    type: 'object',
    properties: {
      traceparent,
      ...(operation.ifMatch && {
        'If-Match': {
          type: 'string',
          description: 'Resursens ETag. Saknas den: 428. Är den gammal: 412.',
          example: '"3"',
        },
      }),
      ...(method === 'POST' && {
        'Idempotency-Key': {
          type: 'string',
          maxLength: 255,
          description: 'Samma nyckel och innehåll ger samma svar igen, utan att något görs två gånger.',
          example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a9b',
        },
      }),
    },
  }
  const answerHeaders = (status: string) => ({
    traceparent,
    ...(isItem &&
      status.startsWith('2') && {
        ETag: { type: 'string', description: 'Stark ETag av radens version.', example: '"3"' },
      }),
    ...(status === '201' && { Location: { type: 'string', format: 'uri', description: 'Adressen till det skapade.' } }),
    ...(status === '401' && { 'WWW-Authenticate': { type: 'string' } }),
    ...((status === '429' || status === '503') && { 'Retry-After': { type: 'integer', description: 'Sekunder.' } }),
  })
  const own = Object.entries(schema.response as Record<string, object>).map(([status, body]) => [
    status,
    {
      description: statusTexts[Number(status)],
      headers: answerHeaders(status),
      content: Object.fromEntries([
        [operation.gives, { schema: body }],
        ...operation.also.map(type => [type, { schema: { type: 'string' } }]),
      ]),
    },
  ])
  const problem = (status: number) => [
    String(status),
    {
      description: statusTexts[status],
      headers: answerHeaders(String(status)),
      content: { 'application/problem+json': { schema: problemRef } },
    },
  ]
  return { ...schema, headers, response: Object.fromEntries([...own, ...operation.refusals.map(problem)]) }
}

/**
 * The OpenAPI document, made of the routes, and Swagger UI at `/docs`. Paths stand without `/v1`: it is the server's.
 *
 * @param serverUrl where the document says that the API is, with `/v1`
 * @param webhooks what the service sends, by type
 */
export async function openapi(
  app: FastifyInstance,
  config: Config,
  serverUrl: string,
  webhooks: Record<string, Webhook>,
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: infoOf(config) as never,
      externalDocs: {
        description: 'DIGG: Nationell REST API-profil',
        url: 'https://www.dataportal.se/rest-api-profil',
      },
      servers: [{ url: serverUrl }],
      tags: [
        'Hushåll',
        'Ärenden',
        'Barnchecklistor',
        'Beslut',
        'Social förtur',
        'Bostäder',
        'Stödlägenheter',
        'Bostad Först',
        'Flyttkedjor',
        'Hyresvärdar',
        'Hyresgarantier',
        'Krav och regress',
        'Genomgångar',
        'Uppföljning',
        'Sekretess och åtkomst',
        'Händelser',
        'För hyresvärdar',
        'För serviceförvaltningen',
        'Om API:et',
      ].map(name => ({ name, description: name })),
      security: [{ bearer: [] }],
      webhooks: Object.fromEntries(
        Object.entries(webhooks).map(([type, webhook]) => [type, webhookItem(webhook)]),
      ) as never,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'Åtkomsttoken enligt RFC 9068 från kommunens identitetsleverantör.',
          },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => (json.$id as string) ?? `def-${i}` },
    transform: ({ schema, url, route }) => {
      const method = [route.method].flat()[0] as string
      const hide = schema?.hide || !url.startsWith('/v1/') || method === 'HEAD'
      return {
        schema: { ...complete(schema ?? {}, method, route.config?.operation), hide } as never,
        url: url.replace(/^\/v1/, ''),
      }
    },
  })
  const documents = [
    { name: 'Allt', url: '/v1/openapi.json' },
    ...parter.filter(part => part !== 'system').map(part => ({ name: part, url: `/v1/openapi.json?part=${part}` })),
  ]
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { urls: documents } as never })
}
