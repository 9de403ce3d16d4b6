import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { wants } from '../http/negotiation.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { loggedRows } from '../http/read-log.ts'
import { insatser } from '../shared/insatser.ts'
import { lagrum } from '../shared/lagrum.ts'
import { Datum, Id, oneOf } from '../shared/schema-parts.ts'
import { exportSheet } from './export.ts'
import {
  Beslut,
  Delegation,
  type DelegationRad,
  Delegationsupphorande,
  Delgivning,
  Lagrumspost,
  NyDelegation,
  utfall,
} from './schema.ts'
import {
  addDelegation,
  beslutQuery,
  deliver,
  endDelegation,
  type Listat,
  listBeslut,
  listDelegationer,
  readBeslut,
  readDelegation,
} from './service.ts'
import { beslutView } from './view.ts'

const tag = 'Beslut'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Besluten är socialtjänstens ärenden')
const delge = only(['handlaggare'], 'Handläggaren skriver in när beslutet nådde parten')
const delegationLasa = only(
  ['handlaggare', 'beslutsfattare', 'administrator'],
  'Vem som får besluta ska var och en i förvaltningen kunna se',
)
const delegationSkriva = only(['administrator'], 'Nämndens delegationsordning förs in av administratören')
const params = Type.Object({ id: Id })
const Beslutslista = listOf('beslut', 'Beslutslista', Beslut)
const Delegationslista = listOf('delegationer', 'Delegationslista', Delegation)
const Lagrumslista = listOf('lagrum', 'Lagrumslista', Lagrumspost)

const filter = {
  fran: Type.Optional(Datum),
  till: Type.Optional(Datum),
  insats: Type.Optional(oneOf(insatser)),
  utfall: Type.Optional(oneOf(utfall)),
  arendeId: Type.Optional(Id),
  hushallId: Type.Optional(Id),
  delgivet: Type.Optional(Type.Boolean()),
}

export function beslutRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)

  app.get(
    '/v1/beslut',
    operation({
      id: 'listaBeslut',
      tag,
      summary: 'Delegationslistan: beslut i en period',
      description:
        'Besluten i den ordning de fattades, som de anmäls till nämnden. Med `Accept: text/csv` ges hela listan som ett kalkylblad, utan motiveringar.',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Beslutslista },
      also: ['text/csv'],
    }),
    async (request, reply) => {
      if (wants(request, 'text/csv')) {
        const rows = db.stream<Listat>(request.caller, beslutQuery(onlyFilter(request.query)))
        reply.header('content-disposition', 'attachment; filename="delegationslista.csv"')
        return reply.type('text/csv; charset=utf-8').send(Readable.from(exportSheet(loggedRows(request, rows))))
      }
      const { rows, total } = await listBeslut(db.browsing(request.caller), onlyFilter(request.query), {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        beslut: rows.map(row => beslutView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/beslut/:id',
    operation({ id: 'hamtaBeslut', tag, summary: 'Hämta ett beslut', access: lasa, params, answers: { 200: Beslut } }),
    async (request, reply) => {
      const beslut = await readBeslut(db.reading(request.caller), request.params.id)
      setEtag(reply, beslut.version)
      return beslutView(request, beslut)
    },
  )

  change.post(
    '/v1/beslut/:id/delgivning',
    'delge',
    {
      id: 'delgeBeslut',
      tag,
      summary: 'Skriv in att beslutet har nått parten',
      description:
        'Överklagandetiden räknas härifrån: tre veckor (FL 44 §), flyttad till nästa vardag när sista dagen är en helgdag.',
      access: delge,
      params,
      body: Delgivning,
      answers: { 200: Beslut },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const beslut = await deliver(work, params.id, ifMatch, body)
      return { body: beslutView(request, beslut), version: beslut.version }
    },
  )

  const delegationView = (request: FastifyRequest, delegation: DelegationRad) => ({
    ...delegation,
    etag: etagOf(delegation.version),
    _links: { self: link(request, 'self', `/delegationer/${delegation.id}`) },
  })

  app.get(
    '/v1/delegationer',
    operation({
      id: 'listaDelegationer',
      tag,
      summary: 'Vem som får besluta vad',
      access: delegationLasa,
      query: listQuery({}),
      answers: { 200: Delegationslista },
    }),
    async request => {
      const { rows, total } = await listDelegationer(db.browsing(request.caller), offsetOf(request.query))
      return {
        delegationer: rows.map(row => delegationView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/delegationer',
    operation({
      id: 'skapaDelegation',
      tag,
      summary: 'För in en delegation',
      access: delegationSkriva,
      body: NyDelegation,
      answers: { 201: Delegation },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const made = await addDelegation(work, request.body)
        return {
          status: 201,
          body: delegationView(request, made),
          version: made.version,
          location: `/delegationer/${made.id}`,
        }
      }),
  )

  app.get(
    '/v1/delegationer/:id',
    operation({
      id: 'hamtaDelegation',
      tag,
      summary: 'Hämta en delegation',
      access: delegationLasa,
      params,
      answers: { 200: Delegation },
    }),
    async (request, reply) => {
      const delegation = await readDelegation(db.reading(request.caller), request.params.id)
      setEtag(reply, delegation.version)
      return delegationView(request, delegation)
    },
  )

  change.post(
    '/v1/delegationer/:id/upphorande',
    'upphor',
    {
      id: 'avslutaDelegation',
      tag,
      summary: 'Låt en delegation upphöra',
      description: 'Vad en delegation säger ändras aldrig: den upphör, och en ny förs in.',
      access: delegationSkriva,
      params,
      body: Delegationsupphorande,
      answers: { 200: Delegation },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const ended = await endDelegation(work, params.id, ifMatch, body)
      return { body: delegationView(request, ended), version: ended.version }
    },
  )

  app.get(
    '/v1/lagrum',
    operation({
      id: 'listaLagrum',
      tag,
      summary: 'Lagrum som beslut kan vila på, och när de gäller',
      access: delegationLasa,
      query: listQuery({ datum: Type.Optional(Datum) }),
      answers: { 200: Lagrumslista },
    }),
    async request => {
      const { datum } = request.query
      const found = lagrum.filter(
        ({ fran, till }) => datum === undefined || (fran <= datum && (till === null || datum <= till)),
      )
      const { limit, offset } = offsetOf(request.query)
      const page = found.slice(offset, offset + limit)
      return { lagrum: page, ...pageOf(request, request.query, page.length, found.length) }
    },
  )
}

/** The query without its paging. */
const onlyFilter = <Q extends { page?: number; limit?: number }>({ page: _, limit: __, ...rest }: Q) => rest
