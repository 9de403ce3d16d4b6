import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import { addLink, answerLink, removeLink } from './links.ts'
import { listKedjor } from './list.ts'
import { breakOff, carryOut, markReady } from './moving.ts'
import {
  Flyttavbrott,
  Flyttgenomforande,
  Flyttkedja,
  Flyttlanksvar,
  insatser,
  NyFlyttkedja,
  NyFlyttlank,
  tillstand,
} from './schema.ts'
import { type Hel, readKedja, startKedja } from './service.ts'
import { kedjeView } from './view.ts'

const tag = 'Flyttkedjor'
const lasa = only(
  ['boendeenhet', 'bostadForstTeam', 'handlaggare', 'beslutsfattare'],
  'Boendeenheten ser kedjor av stödlägenheter, teamet dem i Bostad Först, handläggaren och beslutsfattaren båda',
)
const planera = only(
  ['boendeenhet', 'bostadForstTeam'],
  'Boendeenheten planerar kedjor av stödlägenheter, teamet dem i Bostad Först',
)
const params = Type.Object({ id: Id })
const lankParams = Type.Object({ id: Id, lankId: Id })
const path = '/v1/flyttkedjor'

export const Flyttkedjelista = listOf('flyttkedjor', 'Flyttkedjelista', Flyttkedja)

/** Chains of moves: planned link by link, ready when everyone has said yes, carried out in order, or broken. */
export function flyttkedjorRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const answer = (request: FastifyRequest, hel: Hel) => ({ body: kedjeView(request, hel), version: hel.kedja.version })
  const spec = { tag, access: planera, answers: { 200: Flyttkedja } }

  app.get(
    path,
    operation({
      id: 'listaFlyttkedjor',
      tag,
      summary: 'Lista flyttkedjor',
      access: lasa,
      query: listQuery({
        tillstand: Type.Optional(oneOf(tillstand)),
        insats: Type.Optional(oneOf(insatser)),
        hyresvardId: Type.Optional(Id),
        hushallId: Type.Optional(Id),
      }),
      answers: { 200: Flyttkedjelista },
    }),
    async request => {
      const page = { ...offsetOf(request.query), countedAtMost }
      const { rows, total } = await listKedjor(db.browsing(request.caller), request.query, page)
      return {
        flyttkedjor: rows.map(row => kedjeView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    path,
    operation({
      id: 'borjaFlyttkedja',
      tag,
      summary: 'Börja en flyttkedja',
      description:
        'En hyresvärd ger en hyresgäst i andra hand ett eget kontrakt i en annan bostad. Länkarna läggs till en i taget.',
      access: planera,
      body: NyFlyttkedja,
      answers: { 201: Flyttkedja },
    }),
    (request, reply) =>
      write(request, reply, 'borja', async work => {
        const hel = await startKedja(work, request.body)
        return { ...answer(request, hel), status: 201, location: `/flyttkedjor/${hel.kedja.id}` }
      }),
  )

  app.get(
    `${path}/:id`,
    operation({
      id: 'hamtaFlyttkedja',
      tag,
      summary: 'Hämta en flyttkedja',
      access: lasa,
      params,
      answers: { 200: Flyttkedja },
    }),
    async (request, reply) => {
      const hel = await readKedja(db.reading(request.caller), request.params.id)
      setEtag(reply, hel.kedja.version)
      return kedjeView(request, hel)
    },
  )

  app.get(
    `${path}/:id/historik`,
    operation({
      id: 'hamtaFlyttkedjansHistorik',
      tag,
      summary: 'Allt som har ändrats',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readKedja(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  change.post(
    `${path}/:id/lankar`,
    'laggTill',
    {
      ...spec,
      id: 'laggTillFlyttlank',
      summary: 'Lägg till en länk sist i kedjan',
      description:
        'Den första länken lämnar en bostad i andra hand för hyresvärdens bostad. Varje annan flyttar till bostaden som länken före lämnar: den som väntar i kön, eller bor i en annan bostad, som då blir nästa länks. Svaret är kedjan.',
      params,
      body: NyFlyttlank,
      answers: { 201: Flyttkedja },
    },
    async ({ work, request, params, body, ifMatch }) => ({
      ...answer(request, await addLink(work, params.id, ifMatch, body)),
      status: 201,
      location: `/flyttkedjor/${params.id}`,
    }),
  )

  change.post(
    `${path}/:id/lankar/:lankId/borttagande`,
    'taBort',
    { ...spec, id: 'taBortFlyttlank', summary: 'Ta bort den sista länken', params: lankParams, body: Tomt },
    async ({ work, request, params, ifMatch }) =>
      answer(request, await removeLink(work, params.id, params.lankId, ifMatch)),
  )

  change.post(
    `${path}/:id/lankar/:lankId/svar`,
    'svara',
    {
      ...spec,
      id: 'svaraPaFlyttlank',
      summary: 'Skriv in ett svar på en länk',
      description: 'Hushållets svar, eller en parts som har kommit för hand. Ett nej bryter kedjan.',
      params: lankParams,
      body: Flyttlanksvar,
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await answerLink(work, params.id, params.lankId, ifMatch, body)),
  )

  change.post(
    `${path}/:id/klarmarkering`,
    'klarmarkera',
    {
      ...spec,
      id: 'klarmarkeraFlyttkedja',
      summary: 'Gör kedjan klar',
      description: 'När alla har svarat ja. Bostäderna utlovas, och parterna får namnen.',
      params,
      body: Tomt,
    },
    async ({ work, request, params, ifMatch }) => answer(request, await markReady(work, params.id, ifMatch)),
  )

  change.post(
    `${path}/:id/lankar/:lankId/genomforande`,
    'genomfor',
    {
      ...spec,
      id: 'genomforFlyttlank',
      summary: 'Skriv in att en länk är genomförd',
      description:
        'I ordning, från den första. Senare länkar som skulle ha varit genomförda före dagen skjuts till den.',
      params: lankParams,
      body: Flyttgenomforande,
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await carryOut(work, params.id, params.lankId, ifMatch, body)),
  )

  change.post(
    `${path}/:id/avbrott`,
    'avbryt',
    {
      ...spec,
      id: 'avbrytFlyttkedja',
      summary: 'Bryt en flyttkedja',
      description: 'Det som inte är genomfört går tillbaka: platser i kön, utlovade bostäder och hyresavtal.',
      params,
      body: Flyttavbrott,
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await breakOff(work, params.id, ifMatch, body)),
  )
}
