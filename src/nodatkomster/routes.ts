import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { Nodatkomst, NyNodatkomst } from './schema.ts'
import { breakGlass, listNodatkomster, markSeen } from './service.ts'

const tag = 'Sekretess och åtkomst'
const handlaggare = only(['handlaggare'], 'I en nödsituation, med skäl; skyddsgruppen ser det')
const skyddsgrupp = only(['skyddsgrupp'], 'Skyddsgruppen granskar varje nödåtkomst')

export const Nodatkomstlista = listOf('nodatkomster', 'Nodatkomstlista', Nodatkomst)

export function nodatkomsterRoutes(app: Api, { db, write }: Services): void {
  app.post(
    '/v1/nodatkomster',
    operation({
      id: 'skapaNodatkomst',
      tag,
      summary: 'Se ett skyddat hushåll i en nödsituation',
      description:
        'Ger dig 30 minuter (NODATKOMST_MINUTER) att se hushållet och dess ärenden. Allt loggas och skyddsgruppen underrättas.',
      access: handlaggare,
      body: NyNodatkomst,
      answers: { 201: Nodatkomst },
    }),
    async (request, reply) => {
      const body = await write(request, reply, 'nodatkomst', async work => {
        const made = await breakGlass(work, request.body)
        return { status: 201, body: made, location: `/nodatkomster/${made.id}` }
      })
      await db.refreshEmergencies()
      request.log.warn({ sub: request.caller.sub }, 'nödåtkomst')
      return body
    },
  )

  app.get(
    '/v1/nodatkomster',
    operation({
      id: 'listaNodatkomster',
      tag,
      summary: 'Lista nödåtkomster',
      access: skyddsgrupp,
      query: listQuery({
        osedda: Type.Optional(Type.Boolean({ default: false, description: 'Bara de som ingen har granskat.' })),
      }),
      answers: { 200: Nodatkomstlista },
    }),
    async request => {
      const { rows, total } = await listNodatkomster(
        db.browsing(request.caller),
        request.query.osedda ?? false,
        offsetOf(request.query),
      )
      return { nodatkomster: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/nodatkomster/:id/kvittens',
    operation({
      id: 'kvitteraNodatkomst',
      tag,
      summary: 'Kvittera att en nödåtkomst är sedd',
      access: skyddsgrupp,
      params: Type.Object({ id: Id }),
      body: Tomt,
      answers: { 200: Nodatkomst },
    }),
    (request, reply) =>
      write(request, reply, 'kvittera', async work => ({ body: await markSeen(work, request.params.id) })),
  )
}
