import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { commandLinks } from '../http/commands.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import { lifecycle } from './lifecycle.ts'
import { kvar } from './rules.ts'
import {
  Betalningskvitto,
  Eftergift,
  NyRegressbetalning,
  Regressbetalning,
  Regressfordran,
  type RegressfordranRad,
  regresstillstand,
} from './schema.ts'
import {
  listBetalningar,
  listRegressfordringar,
  readRegressfordran,
  receiveBetalning,
  remit,
  sendToEnforcement,
  writeOff,
} from './service.ts'

const tag = 'Krav och regress'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Fordringarna hör till ärendet')
const handlagga = only(['handlaggare'], 'Handläggaren följer betalningarna')
const besluta = only(['beslutsfattare'], 'Att avstå en fordran är ett beslut')
const params = Type.Object({ id: Id })

export const Regresslista = listOf('regressfordringar', 'Regresslista', Regressfordran)
export const Betalningslista = listOf('betalningar', 'Betalningslista', Regressbetalning)

export function regressfordringarRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const pathOf = ({ id }: RegressfordranRad) => `/regressfordringar/${id}`
  const view = (request: FastifyRequest, fordran: RegressfordranRad) => ({
    ...fordran,
    kvarOre: kvar(fordran),
    etag: etagOf(fordran.version),
    _links: {
      self: link(request, 'self', pathOf(fordran)),
      hyresgaranti: link(request, 'related', `/hyresgarantier/${fordran.hyresgarantiId}`),
      ...commandLinks(request, lifecycle, fordran, pathOf(fordran)),
    },
  })
  const answer = (request: FastifyRequest, fordran: RegressfordranRad) => ({
    body: view(request, fordran),
    version: fordran.version,
  })

  app.get(
    '/v1/regressfordringar',
    operation({
      id: 'listaRegressfordringar',
      tag,
      summary: 'Lista regressfordringar',
      access: lasa,
      query: listQuery({ tillstand: Type.Optional(oneOf(regresstillstand)), hyresgarantiId: Type.Optional(Id) }),
      answers: { 200: Regresslista },
    }),
    async request => {
      const { rows, total } = await listRegressfordringar(
        db.browsing(request.caller),
        request.query,
        offsetOf(request.query),
      )
      return {
        regressfordringar: rows.map(row => view(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/regressfordringar/:id',
    operation({
      id: 'hamtaRegressfordran',
      tag,
      summary: 'Hämta en regressfordran',
      access: lasa,
      params,
      answers: { 200: Regressfordran },
    }),
    async (request, reply) => {
      const fordran = await readRegressfordran(db.reading(request.caller), request.params.id)
      setEtag(reply, fordran.version)
      return view(request, fordran)
    },
  )

  app.get(
    '/v1/regressfordringar/:id/betalningar',
    operation({
      id: 'listaRegressbetalningar',
      tag,
      summary: 'Betalningar på en fordran',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Betalningslista },
    }),
    async request => {
      const { rows, total } = await listBetalningar(
        db.browsing(request.caller),
        request.params.id,
        offsetOf(request.query),
      )
      return { betalningar: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/regressfordringar/:id/betalningar',
    operation({
      id: 'taEmotRegressbetalning',
      tag,
      summary: 'Ta emot en betalning',
      access: handlagga,
      params,
      body: NyRegressbetalning,
      answers: { 201: Betalningskvitto },
    }),
    (request, reply) =>
      write(request, reply, 'taEmotBetalning', async work => {
        const { betalning, fordran } = await receiveBetalning(work, request.params.id, request.body)
        return {
          status: 201,
          body: { betalning, regressfordran: view(request, fordran) },
          version: fordran.version,
          location: `${pathOf(fordran)}/betalningar`,
        }
      }),
  )

  change.post(
    '/v1/regressfordringar/:id/eftergift',
    'efterskank',
    {
      id: 'efterskankRegressfordran',
      tag,
      summary: 'Efterskänk en fordran',
      access: besluta,
      params,
      body: Eftergift,
      answers: { 200: Regressfordran },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await remit(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/regressfordringar/:id/indrivning',
    'lamnaTillKronofogden',
    {
      id: 'lamnaTillKronofogden',
      tag,
      summary: 'Lämna en fordran till Kronofogden',
      access: handlagga,
      params,
      body: Tomt,
      answers: { 200: Regressfordran },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await sendToEnforcement(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/regressfordringar/:id/preskription',
    'skrivAv',
    {
      id: 'skrivAvRegressfordran',
      tag,
      summary: 'Skriv av en preskriberad fordran',
      access: besluta,
      params,
      body: Tomt,
      answers: { 200: Regressfordran },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await writeOff(work, params.id, ifMatch)),
  )
}
