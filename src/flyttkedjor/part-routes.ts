import type { FastifyRequest } from 'fastify'
import { type TObject, type TSchema, Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { type Access, only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { finnsInte } from '../shared/refusals.ts'
import { Id } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { answerOwnLink } from './links.ts'
import { findPartens, listPartens, type Part, type PartensRad } from './list.ts'
import { HyresvardensFlyttlank, PartensFlyttlanksvar, ServiceforvaltningensFlyttlank } from './schema.ts'
import { hyresvardensView, serviceforvaltningensView } from './view.ts'

export const HyresvardensFlyttlankslista = listOf('lankar', 'HyresvardensFlyttlankslista', HyresvardensFlyttlank)
export const ServiceforvaltningensFlyttlankslista = listOf(
  'lankar',
  'ServiceforvaltningensFlyttlankslista',
  ServiceforvaltningensFlyttlank,
)

/** Who has links of its own: the routes are the same. */
type Party = {
  part: Part
  tag: string
  access: Access
  ids: { list: string; get: string; answer: string }
  item: TSchema
  list: TObject
  view: (request: FastifyRequest, row: PartensRad) => object
}
const parties: Party[] = [
  {
    part: 'hyresvard',
    tag: 'För hyresvärdar',
    access: only(['hyresvard'], 'En hyresvärd ser de länkar som rör dess egna bostäder, aldrig kedjans andra länkar'),
    ids: {
      list: 'listaHyresvardensFlyttlankar',
      get: 'hamtaHyresvardensFlyttlank',
      answer: 'hyresvardenSvararPaFlyttlank',
    },
    item: HyresvardensFlyttlank,
    list: HyresvardensFlyttlankslista,
    view: hyresvardensView,
  },
  {
    part: 'serviceforvaltningen',
    tag: 'För serviceförvaltningen',
    access: only(
      ['serviceforvaltningen'],
      'Serviceförvaltningen ser de länkar som rör beståndets bostäder, aldrig varför de finns',
    ),
    ids: {
      list: 'listaServiceforvaltningensFlyttlankar',
      get: 'hamtaServiceforvaltningensFlyttlank',
      answer: 'serviceforvaltningenSvararPaFlyttlank',
    },
    item: ServiceforvaltningensFlyttlank,
    list: ServiceforvaltningensFlyttlankslista,
    view: serviceforvaltningensView,
  },
]

/** Each party's side of the chains: its own links, what they wait for, and its answers. */
export function partensFlyttkedjorRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)

  for (const { part, tag, access, ids, item, list, view } of parties) {
    const path = `/v1/${part}/flyttkedjor`
    const params = Type.Object({ lankId: Id })
    const find = async (work: Work, lankId: string, alsoEnded = false) => {
      const row = await findPartens(work, part, lankId, { alsoEnded })
      if (!row) throw finnsInte()
      return row
    }

    app.get(
      path,
      operation({
        id: ids.list,
        tag,
        summary: 'Egna länkar i flyttkedjor',
        description: 'I öppna kedjor. Namnet följer med först när hela kedjan är klar.',
        access,
        query: listQuery({}),
        answers: { 200: list },
      }),
      async request => {
        const page = { ...offsetOf(request.query), countedAtMost }
        const { rows, total } = await listPartens(db.browsing(request.caller), part, page)
        return { lankar: rows.map(row => view(request, row)), ...pageOf(request, request.query, rows.length, total) }
      },
    )

    app.get(
      `${path}/lankar/:lankId`,
      operation({ id: ids.get, tag, summary: 'Hämta en egen länk', access, params, answers: { 200: item } }),
      async (request, reply) => {
        const row = await find(db.reading(request.caller), request.params.lankId)
        setEtag(reply, row.version)
        return view(request, row)
      },
    )

    change.post(
      `${path}/lankar/:lankId/svar`,
      'svara',
      {
        id: ids.answer,
        tag,
        summary: 'Svara på en egen länk',
        description: 'Ett nej bryter hela kedjan. If-Match är länkens.',
        access,
        params,
        body: PartensFlyttlanksvar,
        answers: { 200: item },
      },
      async ({ work, request, params, body, ifMatch }) => {
        const { flyttkedjaId } = await find(work, params.lankId)
        await answerOwnLink(work, flyttkedjaId, params.lankId, ifMatch, { ...body, part })
        const row = await find(work, params.lankId, true)
        return { body: view(request, row), version: row.version }
      },
    )
  }
}
