import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id } from '../shared/schema-parts.ts'
import {
  Hyresvard,
  HyresvardAndring,
  type HyresvardRad,
  Kriterieuppsattning,
  NyHyresvard,
  NyKriterieuppsattning,
} from './schema.ts'
import {
  addKriterieuppsattning,
  changeHyresvard,
  createHyresvard,
  listHyresvardar,
  listKriterieuppsattningar,
  readHyresvard,
} from './service.ts'

const lasa = only(
  ['handlaggare', 'beslutsfattare', 'boendeenhet', 'administrator'],
  'Hyresvärdar är inte hemliga för förvaltningen',
)
const skriva = only(['handlaggare', 'administrator'], 'Hyresvärdar och deras kriterier läggs upp där de behövs')
const tag = 'Hyresvärdar'
const params = Type.Object({ id: Id })

export const Hyresvardslista = listOf('hyresvardar', 'Hyresvardslista', Hyresvard)
export const Kriterielista = listOf('kriterieuppsattningar', 'Kriterielista', Kriterieuppsattning)

export function hyresvardarRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const view = (request: FastifyRequest, { version, ...hyresvard }: HyresvardRad) => ({
    ...hyresvard,
    etag: etagOf(version),
    _links: {
      self: link(request, 'self', `/hyresvardar/${hyresvard.id}`),
      kriterieuppsattningar: link(request, 'related', `/hyresvardar/${hyresvard.id}/kriterieuppsattningar`),
      hyresgarantier: link(request, 'related', `/hyresgarantier?hyresvardId=${hyresvard.id}`),
    },
  })

  app.get(
    '/v1/hyresvardar',
    operation({
      id: 'listaHyresvardar',
      tag,
      summary: 'Lista hyresvärdar',
      access: lasa,
      query: listQuery({}),
      answers: { 200: Hyresvardslista },
    }),
    async request => {
      const { rows, total } = await listHyresvardar(db.browsing(request.caller), offsetOf(request.query))
      return { hyresvardar: rows.map(row => view(request, row)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/hyresvardar',
    operation({
      id: 'skapaHyresvard',
      tag,
      summary: 'Registrera en hyresvärd',
      access: skriva,
      body: NyHyresvard,
      answers: { 201: Hyresvard },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const made = await createHyresvard(work, request.body)
        return { status: 201, body: view(request, made), version: made.version, location: `/hyresvardar/${made.id}` }
      }),
  )

  app.get(
    '/v1/hyresvardar/:id',
    operation({
      id: 'hamtaHyresvard',
      tag,
      summary: 'Hämta en hyresvärd',
      access: lasa,
      params,
      answers: { 200: Hyresvard },
    }),
    async (request, reply) => {
      const found = await readHyresvard(db.reading(request.caller), request.params.id)
      setEtag(reply, found.version)
      return view(request, found)
    },
  )

  change.patch(
    '/v1/hyresvardar/:id',
    'andra',
    {
      id: 'andraHyresvard',
      tag,
      summary: 'Ändra en hyresvärd',
      access: skriva,
      params,
      body: HyresvardAndring,
      answers: { 200: Hyresvard },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const changed = await changeHyresvard(work, params.id, ifMatch, body)
      return { body: view(request, changed), version: changed.version }
    },
  )

  app.get(
    '/v1/hyresvardar/:id/kriterieuppsattningar',
    operation({
      id: 'listaKriterieuppsattningar',
      tag,
      summary: 'Hyresvärdens kriterier, alla versioner',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Kriterielista },
    }),
    async request => {
      const { rows, total } = await listKriterieuppsattningar(
        db.browsing(request.caller),
        request.params.id,
        offsetOf(request.query),
      )
      return { kriterieuppsattningar: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/hyresvardar/:id/kriterieuppsattningar',
    operation({
      id: 'skapaKriterieuppsattning',
      tag,
      summary: 'Ny version av hyresvärdens kriterier',
      description:
        'En version ändras aldrig. En garanti behåller den version som gällde när avtalet tecknades; saknas en sådan används den som gäller när genomgången bedöms.',
      access: skriva,
      params,
      body: NyKriterieuppsattning,
      answers: { 201: Kriterieuppsattning },
    }),
    (request, reply) =>
      write(request, reply, 'nyaKriterier', async work => ({
        status: 201,
        body: await addKriterieuppsattning(work, request.params.id, request.body),
        location: `/hyresvardar/${request.params.id}/kriterieuppsattningar`,
      })),
  )
}
