import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { partIdOf } from '../http/access.ts'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { finnsInte } from '../shared/refusals.ts'
import { Id } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { findHyresvardensFortur, listHyresvardensForturer } from './list.ts'
import { answerOffer, offer, signContract } from './offers.ts'
import { Forturkontrakt, HyresvardensErbjudandesvar, HyresvardensFortur, NyttErbjudande } from './schema.ts'
import { hyresvardensView } from './view.ts'

const tag = 'För hyresvärdar'
const hyresvard = only(
  ['hyresvard'],
  'En hyresvärd som tar emot förturer ser dem som lämnats över till den, och aldrig varför de finns',
)
const params = Type.Object({ id: Id })

export const HyresvardensForturlista = listOf('forturer', 'HyresvardensForturlista', HyresvardensFortur)

/** The landlord's side of förtur: what the letting needs, its offers, the answers it gets and the leases it signs. */
export function hyresvardensForturerRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const find = async (request: FastifyRequest, work: Work, id: string, alsoEnded = false) => {
    const fortur = await findHyresvardensFortur(work, id, partIdOf(request), { alsoEnded })
    if (!fortur) throw finnsInte()
    return fortur
  }
  /** The answer to a command, which may have ended the förtur. */
  const answer = async (request: FastifyRequest, work: Work, id: string) => {
    const fortur = await find(request, work, id, true)
    return { body: hyresvardensView(request, fortur), version: fortur.version }
  }

  app.get(
    '/v1/hyresvard/forturer',
    operation({
      id: 'listaHyresvardensForturer',
      tag,
      summary: 'Förturer som väntar på bostad',
      description: 'De öppna förturerna, efter nummer. Namnet följer med först när en bostad är erbjuden.',
      access: hyresvard,
      query: listQuery({}),
      answers: { 200: HyresvardensForturlista },
    }),
    async request => {
      const { rows, total } = await listHyresvardensForturer(db.browsing(request.caller), partIdOf(request), {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        forturer: rows.map(row => hyresvardensView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/hyresvard/forturer/:id',
    operation({
      id: 'hamtaHyresvardensFortur',
      tag,
      summary: 'Hämta en förtur',
      access: hyresvard,
      params,
      answers: { 200: HyresvardensFortur },
    }),
    async (request, reply) => {
      const fortur = await find(request, db.reading(request.caller), request.params.id)
      setEtag(reply, fortur.version)
      return hyresvardensView(request, fortur)
    },
  )

  change.post(
    '/v1/hyresvard/forturer/:id/erbjudanden',
    'erbjud',
    {
      id: 'hyresvardenErbjuder',
      tag,
      summary: 'Erbjud en bostad',
      description:
        'Ett erbjudande i taget, av en bostad som passar behovet. Svaret är förturen, nu med namn. If-Match är förturens.',
      access: hyresvard,
      params,
      body: NyttErbjudande,
      answers: { 201: HyresvardensFortur },
    },
    async ({ work, request, params, body, ifMatch }) => {
      await offer(work, params.id, ifMatch, body)
      return { ...(await answer(request, work, params.id)), status: 201, location: `/hyresvard/forturer/${params.id}` }
    },
  )

  change.post(
    '/v1/hyresvard/forturer/:id/erbjudanden/:erbjudandeId/svar',
    'svara',
    {
      id: 'hyresvardenSvarar',
      tag,
      summary: 'Lämna svaret på ett erbjudande',
      description: 'Den sökandes ja eller nej, eller att ni själva nekar. Att ni nekar räknas inte mot den sökande.',
      access: hyresvard,
      params: Type.Object({ id: Id, erbjudandeId: Id }),
      body: HyresvardensErbjudandesvar,
      answers: { 200: HyresvardensFortur },
    },
    async ({ work, request, params, body, ifMatch }) => {
      await answerOffer(work, params, ifMatch, body)
      return answer(request, work, params.id)
    },
  )

  change.post(
    '/v1/hyresvard/forturer/:id/kontrakt',
    'tecknaKontrakt',
    {
      id: 'hyresvardenTecknarKontrakt',
      tag,
      summary: 'Meddela att kontraktet är tecknat',
      access: hyresvard,
      params,
      body: Forturkontrakt,
      answers: { 200: HyresvardensFortur },
    },
    async ({ work, request, params, body, ifMatch }) => {
      await signContract(work, params.id, ifMatch, body)
      return answer(request, work, params.id)
    },
  )
}
