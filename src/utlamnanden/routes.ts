import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, oneOf } from '../shared/schema-parts.ts'
import { Aterkallande, mottagare, NyttUtlamnande, Utlamnande, type UtlamnandeRad } from './schema.ts'
import { listUtlamnanden, readUtlamnande, recordDisclosure, withdraw } from './service.ts'

const tag = 'Sekretess och åtkomst'
const lasa = only(
  ['handlaggare', 'beslutsfattare', 'loggranskare'],
  'Vad som har lämnats ut, till vem och på vilken grund',
)
const skriva = only(
  ['handlaggare'],
  'Den som lämnar ut skriver ner det; om en skyddad person bara den som har skyddsgrupp',
)
const params = Type.Object({ id: Id })

export const Utlamnandelista = listOf('utlamnanden', 'Utlamnandelista', Utlamnande)

export function utlamnandenRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const view = (request: FastifyRequest, utlamnande: UtlamnandeRad) => ({
    ...utlamnande,
    etag: etagOf(utlamnande.version),
    _links: {
      self: link(request, 'self', `/utlamnanden/${utlamnande.id}`),
      hushall: link(request, 'related', `/hushall/${utlamnande.hushallId}`),
    },
  })
  const answer = (request: FastifyRequest, utlamnande: UtlamnandeRad) => ({
    body: view(request, utlamnande),
    version: utlamnande.version,
  })

  app.get(
    '/v1/utlamnanden',
    operation({
      id: 'listaUtlamnanden',
      tag,
      summary: 'Lista utlämnanden',
      access: lasa,
      query: listQuery({
        hushallId: Type.Optional(Id),
        hyresgarantiId: Type.Optional(Id),
        forturId: Type.Optional(Id),
        stodlagenhetId: Type.Optional(Id),
        flyttkedjaId: Type.Optional(Id),
        part: Type.Optional(oneOf(mottagare)),
        partId: Type.Optional(Id),
      }),
      answers: { 200: Utlamnandelista },
    }),
    async request => {
      const { rows, total } = await listUtlamnanden(db.browsing(request.caller), request.query, offsetOf(request.query))
      return { utlamnanden: rows.map(row => view(request, row)), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/utlamnanden',
    operation({
      id: 'skrivNerUtlamnande',
      tag,
      summary: 'Skriv ner ett utlämnande som gjorts för hand',
      description:
        'Det som lämnas ut genom tjänsten skrivs ner av sig självt: när avtal tecknas, ett kalkylblad importeras eller en genomgång öppnas.',
      access: skriva,
      body: NyttUtlamnande,
      answers: { 201: Utlamnande },
    }),
    (request, reply) =>
      write(request, reply, 'lamnaUt', async work => {
        const made = await recordDisclosure(work, request.body)
        return { ...answer(request, made), status: 201, location: `/utlamnanden/${made.id}` }
      }),
  )

  app.get(
    '/v1/utlamnanden/:id',
    operation({
      id: 'hamtaUtlamnande',
      tag,
      summary: 'Hämta ett utlämnande',
      access: lasa,
      params,
      answers: { 200: Utlamnande },
    }),
    async (request, reply) => {
      const utlamnande = await readUtlamnande(db.reading(request.caller), request.params.id)
      setEtag(reply, utlamnande.version)
      return view(request, utlamnande)
    },
  )

  change.post(
    '/v1/utlamnanden/:id/aterkallande',
    'aterkalla',
    {
      id: 'aterkallaUtlamnande',
      tag,
      summary: 'Återkalla ett utlämnande',
      description:
        'Samtycket dras tillbaka, eller behovet finns inte längre. Parten ser genast inte längre uppgifterna.',
      access: skriva,
      params,
      body: Aterkallande,
      answers: { 200: Utlamnande },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await withdraw(work, params.id, ifMatch, body)),
  )
}
