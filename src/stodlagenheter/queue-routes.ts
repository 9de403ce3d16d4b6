import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id } from '../shared/schema-parts.ts'
import { evaluateTimeLimited } from './cohort.ts'
import { listCandidates, listQueue } from './queue.ts'
import { Kandidat, Koplats, TidsbegransadUtvardering } from './schema.ts'
import { platsView } from './view.ts'

const tag = 'Stödlägenheter'
const lasa = only(
  ['handlaggare', 'beslutsfattare', 'boendeenhet'],
  'Den som beslutar, handlägger eller matchar ska kunna se ordningen och vad den bygger på',
)

export const Koplatslista = listOf('platser', 'Koplatslista', Koplats)
export const Kandidatlista = listOf('kandidater', 'Kandidatlista', Kandidat)

/** The queue for a stödlägenhet, who in it could take a home, and how the time-limited decisions went. */
export function stodlagenhetskoRoutes(app: Api, { db }: Services): void {
  app.get(
    '/v1/stodlagenheter/ko',
    operation({
      id: 'listaKo',
      tag,
      summary: 'Kön, i ordning',
      description:
        'Prioriteten beräknas och skrivs aldrig in: barn i hushållet, lång hemlöshet och tid i kön. Därefter går beslutets dag. Varje plats har sitt skäl i en mening.',
      access: lasa,
      query: listQuery({}),
      answers: { 200: Koplatslista },
    }),
    async request => {
      const { rows, total } = await listQueue(db.browsing(request.caller), offsetOf(request.query))
      return {
        platser: rows.map(row => platsView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/lagenheter/:id/kandidater',
    operation({
      id: 'listaKandidater',
      tag,
      summary: 'Vilka i kön som kan få en bostad',
      description: 'I köns ordning, med skälen när bostaden inte passar.',
      access: lasa,
      params: Type.Object({ id: Id }),
      query: listQuery({}),
      answers: { 200: Kandidatlista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { rows, total } = await listCandidates(work, request.params.id, offsetOf(request.query))
      return {
        kandidater: rows.map(row => platsView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/stodlagenheter/tidsbegransade/utvardering',
    operation({
      id: 'utvarderaTidsbegransade',
      tag,
      summary: 'Hur det gick för familjerna med tidsbegränsade beslut',
      description: 'Besluten som började gälla under året, med posterna bakom talen.',
      access: lasa,
      query: listQuery({ ar: Type.Integer({ minimum: 2010, maximum: 2100, example: 2026 }) }),
      answers: { 200: TidsbegransadUtvardering },
    }),
    async request => {
      const { kohort, underlag } = await evaluateTimeLimited(
        db.browsing(request.caller),
        request.query.ar,
        offsetOf(request.query),
      )
      return { ...kohort, underlag, ...pageOf(request, request.query, underlag.length, kohort.antal) }
    },
  )
}
