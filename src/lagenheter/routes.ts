import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { incoherent } from '../shared/refusals.ts'
import { Datum, Id } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { listLagenheter, listLediga, listUpplatelser } from './list.ts'
import { Lagenhet, type LagenhetRad, Upplatelse } from './schema.ts'
import { readLagenhet } from './service.ts'
import { Lagenhetslista, lagenhetsfilter, lagenhetView, onskat } from './view.ts'

const tag = 'Bostäder'
const lasa = only(
  ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam'],
  'Bostäderna söks för den som beviljats hjälp',
)
const params = Type.Object({ id: Id })

export const Upplatelselista = listOf('upplatelser', 'Upplatelselista', Upplatelse)

const koder = Type.String({
  pattern: '^[a-zA-Z0-9]{1,50}(,[a-zA-Z0-9]{1,50}){0,9}$',
  maxLength: 510,
  description: 'Koder med kommatecken emellan: bostaden har dem alla.',
  example: 'hiss,rullstol',
})

/** The pool of homes, for socialförvaltningen: what there is, what is vacant on some days, and who has had what. */
export function lagenheterRoutes(app: Api, { db }: Services): void {
  const view =
    (request: FastifyRequest, { today }: Pick<Work, 'today'>) =>
    (lagenhet: LagenhetRad) =>
      lagenhetView(request, lagenhet, today)

  app.get(
    '/v1/lagenheter',
    operation({
      id: 'listaLagenheter',
      tag,
      summary: 'Lista bostäderna i beståndet',
      access: lasa,
      query: listQuery(lagenhetsfilter),
      answers: { 200: Lagenhetslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { rows, total } = await listLagenheter(work, request.query, { ...offsetOf(request.query), countedAtMost })
      return { lagenheter: rows.map(view(request, work)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/lagenheter/lediga',
    operation({
      id: 'listaLedigaLagenheter',
      tag,
      summary: 'Bostäder som är lediga vissa dagar',
      description:
        'I tillståndet ledig, i beståndet de dagarna och inte utlovade eller uthyrda någon av dem. Utan fran från i dag, utan till tills vidare: då bara bostäder utan sista dag i beståndet.',
      access: lasa,
      query: listQuery({
        ...onskat,
        fran: Type.Optional(Datum),
        till: Type.Optional(Datum),
        tillganglighet: Type.Optional(koder),
      }),
      answers: { 200: Lagenhetslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { fran = work.today, till, tillganglighet } = request.query
      const refusal = incoherent([
        till !== undefined &&
          till < fran && { pointer: 'query/till', kod: 'fore-fran', detail: `till är tidigast ${fran}.` },
      ])
      if (refusal) throw refusal
      const filter = { ...request.query, fran, tillganglighet: tillganglighet?.split(',') }
      const { rows, total } = await listLediga(work, filter, { ...offsetOf(request.query), countedAtMost })
      return { lagenheter: rows.map(view(request, work)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/lagenheter/:id',
    operation({
      id: 'hamtaLagenhet',
      tag,
      summary: 'Hämta en bostad',
      description:
        'Bostaden finns inte för den som inte får se hushållet som bor där. `_links` har det du kan göra nu.',
      access: lasa,
      params,
      answers: { 200: Lagenhet },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const lagenhet = await readLagenhet(work, request.params.id)
      setEtag(reply, lagenhet.version)
      return lagenhetView(request, lagenhet, work.today)
    },
  )

  app.get(
    '/v1/lagenheter/:id/upplatelser',
    operation({
      id: 'listaUpplatelser',
      tag,
      summary: 'Vilka som har haft, har eller är lovade bostaden',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Upplatelselista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readLagenhet(work, request.params.id)
      const { rows, total } = await listUpplatelser(work, id, offsetOf(request.query))
      return { upplatelser: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/lagenheter/:id/historik',
    operation({
      id: 'hamtaLagenhetensHistorik',
      tag,
      summary: 'Allt som har ändrats för en bostad',
      description: 'Bostaden själv: när, vem, vad, från och till. Upplåtelserna står hos den som de gäller.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readLagenhet(work, request.params.id)
      const { rows, total } = await historyOf(work, id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )
}
