import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { followUp, report } from './follow-up.ts'
import { listAvstaenden, listHandelser, listUppfoljningar } from './list.ts'
import {
  Avstaende,
  Avstaendebeslut,
  Avstaendeinskickning,
  type AvstaendeRad,
  Boendehandelse,
  NyBoendehandelse,
  NyttAvstaende,
  NyUppfoljning,
  Uppfoljning,
} from './schema.ts'
import { readStodlagenhet } from './service.ts'
import { avstaendeView } from './view.ts'
import { decideWaiver, needsNoApproval, readWaiver, sendWaiver, writeWaiver } from './waivers.ts'

const tag = 'Stödlägenheter'
const lasa = only(['handlaggare', 'beslutsfattare', 'boendeenhet'], 'Uppföljningen hör till ärendet')
const arbeta = only(['handlaggare', 'boendeenhet'], 'Den som har kontakten med hushållet skriver in vad som händer')
const hyra = only(
  ['boendeenhet'],
  'Serviceförvaltningen har en egen väg; om den som är skyddad meddelar den sig för hand',
)
const params = Type.Object({ id: Id })
const avstaendeParams = Type.Object({ id: Id, avstaendeId: Id })

export const Avstaendelista = listOf('avstaenden', 'Avstaendelista', Avstaende)
export const Uppfoljningslista = listOf('uppfoljningar', 'Uppfoljningslista', Uppfoljning)
export const Boendehandelselista = listOf('handelser', 'Boendehandelselista', Boendehandelse)

/** What belongs to a stödlägenhet: waivers of besittningsskydd, follow-ups, and what the landlord has told of. */
export function stodlagenhetsuppfoljningRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const answer = (request: FastifyRequest, row: AvstaendeRad) => ({
    body: avstaendeView(request, row),
    version: row.version,
  })

  app.get(
    '/v1/stodlagenheter/:id/avstaenden',
    operation({
      id: 'listaAvstaenden',
      tag,
      summary: 'Avståenden från besittningsskydd',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Avstaendelista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readStodlagenhet(work, request.params.id)
      const { rows, total } = await listAvstaenden(work, id, offsetOf(request.query))
      return {
        avstaenden: rows.map(row => avstaendeView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/stodlagenheter/:id/avstaenden',
    operation({
      id: 'upprattaAvstaende',
      tag,
      summary: 'Upprätta ett avstående från besittningsskydd',
      description: 'En egen handling, för högst fyra år från tillträdet om inte skalLangreTid säger varför.',
      access: arbeta,
      params,
      body: NyttAvstaende,
      answers: { 201: Avstaende },
    }),
    (request, reply) =>
      write(request, reply, 'upprattaAvstaende', async work => {
        const made = await writeWaiver(work, request.params.id, request.body)
        const location = `/stodlagenheter/${made.stodlagenhetId}/avstaenden/${made.id}`
        return { ...answer(request, made), status: 201, location }
      }),
  )

  app.get(
    '/v1/stodlagenheter/:id/avstaenden/:avstaendeId',
    operation({
      id: 'hamtaAvstaende',
      tag,
      summary: 'Hämta ett avstående',
      access: lasa,
      params: avstaendeParams,
      answers: { 200: Avstaende },
    }),
    async (request, reply) => {
      const row = await readWaiver(db.reading(request.caller), request.params)
      setEtag(reply, row.version)
      return avstaendeView(request, row)
    },
  )

  change.post(
    '/v1/stodlagenheter/:id/avstaenden/:avstaendeId/inskickning',
    'skickaIn',
    {
      id: 'skickaInAvstaende',
      tag,
      summary: 'Skriv in att avståendet är inskickat till hyresnämnden',
      access: arbeta,
      params: avstaendeParams,
      body: Avstaendeinskickning,
      answers: { 200: Avstaende },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await sendWaiver(work, params, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/avstaenden/:avstaendeId/beslut',
    'besluta',
    {
      id: 'beslutaAvstaende',
      tag,
      summary: 'Skriv in hyresnämndens beslut',
      description: 'Medan ett godkänt avstående gäller har hyresgästen inget besittningsskydd.',
      access: arbeta,
      params: avstaendeParams,
      body: Avstaendebeslut,
      answers: { 200: Avstaende },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await decideWaiver(work, params, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/avstaenden/:avstaendeId/ej-krav',
    'kraverInte',
    {
      id: 'avstaendeKraverInteGodkannande',
      tag,
      summary: 'Avståendet kräver inte godkännande',
      description: 'Ett avstående av ett slag som gäller utan hyresnämndens godkännande (förordning 2005:1148).',
      access: arbeta,
      params: avstaendeParams,
      body: Tomt,
      answers: { 200: Avstaende },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await needsNoApproval(work, params, ifMatch)),
  )

  app.get(
    '/v1/stodlagenheter/:id/uppfoljningar',
    operation({
      id: 'listaUppfoljningar',
      tag,
      summary: 'Uppföljningar',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Uppfoljningslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readStodlagenhet(work, request.params.id)
      const { rows, total } = await listUppfoljningar(work, id, offsetOf(request.query))
      return { uppfoljningar: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/stodlagenheter/:id/uppfoljningar',
    operation({
      id: 'foljUppStodlagenhet',
      tag,
      summary: 'Skriv in en uppföljning',
      description: 'Utan nasta sätts nästa uppföljning tre månader fram.',
      access: arbeta,
      params,
      body: NyUppfoljning,
      answers: { 201: Uppfoljning },
    }),
    (request, reply) =>
      write(request, reply, 'foljUpp', async work => ({
        status: 201,
        body: await followUp(work, request.params.id, request.body),
        location: `/stodlagenheter/${request.params.id}/uppfoljningar`,
      })),
  )

  app.get(
    '/v1/stodlagenheter/:id/handelser',
    operation({
      id: 'listaBoendehandelser',
      tag,
      summary: 'Störningar och hyresskulder som hyresvärden har meddelat',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Boendehandelselista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readStodlagenhet(work, request.params.id)
      const { rows, total } = await listHandelser(work, id, offsetOf(request.query))
      return { handelser: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/stodlagenheter/:id/handelser',
    operation({
      id: 'skrivInBoendehandelse',
      tag,
      summary: 'Skriv in en störning eller en hyresskuld',
      description:
        'Det som hyresvärden meddelar på annat sätt än genom API:et. En hyresskuld skrivs in hel, och med 0 när den är betald.',
      access: hyra,
      params,
      body: NyBoendehandelse,
      answers: { 201: Boendehandelse },
    }),
    (request, reply) =>
      write(request, reply, 'rapportera', async work => ({
        status: 201,
        body: await report(work, request.params.id, request.body),
        location: `/stodlagenheter/${request.params.id}/handelser`,
      })),
  )
}
