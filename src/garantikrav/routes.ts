import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { commandLinks } from '../http/commands.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { lifecycle } from './lifecycle.ts'
import { Garantikrav, type GarantikravRad, Kravbeslut, Kravutbetalning, NyttGarantikrav } from './schema.ts'
import { decideKrav, listKrav, payKrav, readKrav, receiveKrav, reviewKrav, withdrawKrav } from './service.ts'

const tag = 'Krav och regress'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Kraven hör till ärendet')
const handlagga = only(['handlaggare'], 'Handläggaren tar emot, granskar och betalar ut krav')
const besluta = only(['beslutsfattare'], 'Beslutet binder kommunens pengar')
const params = Type.Object({ id: Id })
const kravParams = Type.Object({ id: Id, kravId: Id })

export const Kravlista = listOf('krav', 'Kravlista', Garantikrav)

export function garantikravRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const pathOf = ({ hyresgarantiId, id }: GarantikravRad) => `/hyresgarantier/${hyresgarantiId}/krav/${id}`
  const view = (request: FastifyRequest, krav: GarantikravRad) => ({
    ...krav,
    etag: etagOf(krav.version),
    _links: {
      self: link(request, 'self', pathOf(krav)),
      hyresgaranti: link(request, 'up', `/hyresgarantier/${krav.hyresgarantiId}`),
      ...commandLinks(request, lifecycle, krav, pathOf(krav)),
    },
  })
  const answer = (request: FastifyRequest, krav: GarantikravRad) => ({
    body: view(request, krav),
    version: krav.version,
  })

  app.get(
    '/v1/hyresgarantier/:id/krav',
    operation({
      id: 'listaKrav',
      tag,
      summary: 'Krav på en hyresgaranti',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Kravlista },
    }),
    async request => {
      const { rows, total } = await listKrav(db.browsing(request.caller), request.params.id, offsetOf(request.query))
      return { krav: rows.map(row => view(request, row)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/hyresgarantier/:id/krav',
    operation({
      id: 'taEmotKrav',
      tag,
      summary: 'Ta emot ett krav',
      description:
        'Ett krav gäller en hyresmånad i garantins tid, krävs en gång och överstiger aldrig det som återstår.',
      access: handlagga,
      params,
      body: NyttGarantikrav,
      answers: { 201: Garantikrav },
    }),
    (request, reply) =>
      write(request, reply, 'taEmotKrav', async work => {
        const krav = await receiveKrav(work, request.params.id, request.body)
        return { ...answer(request, krav), status: 201, location: pathOf(krav) }
      }),
  )

  app.get(
    '/v1/hyresgarantier/:id/krav/:kravId',
    operation({
      id: 'hamtaKrav',
      tag,
      summary: 'Hämta ett krav',
      access: lasa,
      params: kravParams,
      answers: { 200: Garantikrav },
    }),
    async (request, reply) => {
      const krav = await readKrav(db.reading(request.caller), request.params)
      setEtag(reply, krav.version)
      return view(request, krav)
    },
  )

  change.post(
    '/v1/hyresgarantier/:id/krav/:kravId/granskning',
    'granska',
    {
      id: 'granskaKrav',
      tag,
      summary: 'Börja granska ett krav',
      access: handlagga,
      params: kravParams,
      body: Tomt,
      answers: { 200: Garantikrav },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await reviewKrav(work, params, ifMatch)),
  )

  change.post(
    '/v1/hyresgarantier/:id/krav/:kravId/beslut',
    'besluta',
    {
      id: 'beslutaOmKrav',
      tag,
      summary: 'Besluta om ett krav',
      access: besluta,
      params: kravParams,
      body: Kravbeslut,
      answers: { 200: Garantikrav },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await decideKrav(work, params, ifMatch, body)),
  )

  change.post(
    '/v1/hyresgarantier/:id/krav/:kravId/utbetalning',
    'betalaUt',
    {
      id: 'betalaUtKrav',
      tag,
      summary: 'Betala ut ett godkänt krav',
      description: 'Skapar regressfordran på hyresgästen. Är garantin förbrukad upphör den.',
      access: handlagga,
      params: kravParams,
      body: Kravutbetalning,
      answers: { 200: Garantikrav },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await payKrav(work, params, ifMatch, body)),
  )

  change.post(
    '/v1/hyresgarantier/:id/krav/:kravId/aterkallande',
    'aterkalla',
    {
      id: 'aterkallaKrav',
      tag,
      summary: 'Återkalla ett krav',
      access: handlagga,
      params: kravParams,
      body: Tomt,
      answers: { 200: Garantikrav },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await withdrawKrav(work, params, ifMatch)),
  )
}
