import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Datum, Id } from '../shared/schema-parts.ts'
import { Atkomst, Granskningar, Loggkontroll, NyttStickprov, Stickprov, Stickprovspost } from './schema.ts'
import {
  drawSample,
  listAtkomster,
  listHouseholdReads,
  listSampleEntries,
  listSamples,
  readSample,
  type StickprovRad,
  signOff,
  verifyLog,
} from './service.ts'

const tag = 'Sekretess och åtkomst'
const granska = only(['loggranskare'], 'Loggranskaren ser vem som läst om vem, aldrig ärendena')
const vemHarLast = only(
  ['loggranskare', 'handlaggare'],
  'Den enskilde har rätt att få veta; svaret är en del av registerutdraget',
)
const params = Type.Object({ id: Id })

export const Atkomstlista = listOf('atkomster', 'Atkomstlista', Atkomst)
export const Stickprovslista = listOf('stickprov', 'Stickprovslista', Stickprov)
export const Stickprovsposter = listOf('poster', 'Stickprovsposter', Stickprovspost)

export function atkomstloggRoutes(app: Api, { db, write }: Services): void {
  const view = (request: FastifyRequest, stickprov: StickprovRad) => ({
    ...stickprov,
    andelGranskade: stickprov.antal > 0 ? stickprov.granskade / stickprov.antal : null,
    _links: {
      self: link(request, 'self', `/atkomstlogg/stickprov/${stickprov.id}`),
      poster: link(request, 'item', `/atkomstlogg/stickprov/${stickprov.id}/poster`),
    },
  })

  app.get(
    '/v1/atkomstlogg',
    operation({
      id: 'listaAtkomster',
      tag,
      summary: 'Läs åtkomstloggen',
      description: 'Varje svar med personuppgifter, skrivet innan det lämnades: per hushåll, per anropare, per period.',
      access: granska,
      query: listQuery({
        hushallId: Type.Optional(Id),
        sub: Type.Optional(Type.String({ maxLength: 200, description: 'Anroparen, enligt token.' })),
        fran: Type.Optional(Datum),
        till: Type.Optional(Datum),
      }),
      answers: { 200: Atkomstlista },
    }),
    async request => {
      const { rows, total } = await listAtkomster(db.browsing(request.caller), request.query, offsetOf(request.query))
      return { atkomster: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/hushall/:id/atkomst',
    operation({
      id: 'listaHushalletsAtkomster',
      tag,
      summary: 'Vem har läst om hushållet',
      access: vemHarLast,
      params,
      query: listQuery({}),
      answers: { 200: Atkomstlista },
    }),
    async request => {
      const { rows, total } = await listHouseholdReads(
        db.browsing(request.caller),
        request.params.id,
        offsetOf(request.query),
      )
      return { atkomster: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/atkomstlogg/kontroll',
    operation({
      id: 'kontrolleraAtkomstloggen',
      tag,
      summary: 'Kontrollera att loggen är hel',
      description:
        'Varje sats har en hash över sina rader och över satsen före: en rad som ändras eller tas bort bryter kedjan.',
      access: granska,
      answers: { 200: Loggkontroll },
    }),
    async request => verifyLog(db.reading(request.caller)),
  )

  app.get(
    '/v1/atkomstlogg/stickprov',
    operation({
      id: 'listaStickprov',
      tag,
      summary: 'Lista stickprov',
      access: granska,
      query: listQuery({}),
      answers: { 200: Stickprovslista },
    }),
    async request => {
      const { rows, total } = await listSamples(db.browsing(request.caller), offsetOf(request.query))
      return { stickprov: rows.map(row => view(request, row)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/atkomstlogg/stickprov',
    operation({
      id: 'draStickprov',
      tag,
      summary: 'Dra månadens stickprov',
      description: 'Slumpvis, och efter risk: utan ärende, skyddad person, samma efternamn, många på kort tid.',
      access: granska,
      body: NyttStickprov,
      answers: { 201: Stickprov },
    }),
    (request, reply) =>
      write(request, reply, 'draStickprov', async work => {
        const id = await drawSample(work, request.body)
        return {
          status: 201,
          body: view(request, await readSample(work, id)),
          location: `/atkomstlogg/stickprov/${id}`,
        }
      }),
  )

  app.get(
    '/v1/atkomstlogg/stickprov/:id',
    operation({
      id: 'hamtaStickprov',
      tag,
      summary: 'Hämta ett stickprov',
      access: granska,
      params,
      answers: { 200: Stickprov },
    }),
    async (request, reply) => {
      const stickprov = await readSample(db.reading(request.caller), request.params.id)
      reply.header('etag', `"${stickprov.granskade}.${stickprov.antal}"`)
      return view(request, stickprov)
    },
  )

  app.get(
    '/v1/atkomstlogg/stickprov/:id/poster',
    operation({
      id: 'listaStickprovsposter',
      tag,
      summary: 'Stickprovets poster',
      access: granska,
      params,
      query: listQuery({}),
      answers: { 200: Stickprovsposter },
    }),
    async request => {
      const { rows, total } = await listSampleEntries(
        db.browsing(request.caller),
        request.params.id,
        offsetOf(request.query),
      )
      return { poster: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/atkomstlogg/stickprov/:id/granskningar',
    operation({
      id: 'granskaStickprov',
      tag,
      summary: 'Bedöm stickprovets poster',
      access: granska,
      params,
      body: Granskningar,
      answers: { 200: Stickprov },
    }),
    (request, reply) =>
      write(request, reply, 'granskaStickprov', async work => ({
        body: view(request, await signOff(work, request.params.id, request.body)),
      })),
  )
}
