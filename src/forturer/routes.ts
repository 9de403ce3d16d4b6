import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { statisticsRoutes } from '../http/statistics.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { Datum, Id, oneOf } from '../shared/schema-parts.ts'
import { listErbjudanden, listForturer, sorteringar } from './list.ts'
import { answerOffer, foundByOwnQueue, offer, readErbjudande, revoke, signContract } from './offers.ts'
import {
  EgenKotid,
  Erbjudande,
  Erbjudandesvar,
  Fortur,
  ForturAndring,
  Forturkontrakt,
  Forturoverlamnande,
  type ForturRad,
  NyttErbjudande,
  tillstand,
  Upphavande,
} from './schema.ts'
import { changeFortur, handOver, readFortur } from './service.ts'
import { forturstatistik } from './statistics.ts'
import { erbjudandeView, forturView } from './view.ts'

const tag = 'Social förtur'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Förturerna är socialtjänstens ärenden')
const handlagga = only(['handlaggare'], 'Handläggaren lämnar över, följer upp och skriver in svar')
const besluta = only(['beslutsfattare'], 'Att upphäva en förtur är ett beslut')
const params = Type.Object({ id: Id })
const erbjudandeParams = Type.Object({ id: Id, erbjudandeId: Id })

export const Forturlista = listOf('forturer', 'Forturlista', Fortur)
export const Erbjudandelista = listOf('erbjudanden', 'Erbjudandelista', Erbjudande)

const filter = {
  tillstand: Type.Optional(oneOf(tillstand)),
  hyresvardId: Type.Optional(Id),
  hushallId: Type.Optional(Id),
  forturnummer: Type.Optional(Type.String({ maxLength: 40, example: 'AR-2026-00012' })),
  giltigTillFore: Type.Optional({ ...Datum, description: 'giltigTill ligger före dagen.' } as typeof Datum),
  sort: Type.Optional(oneOf(sorteringar, { default: 'forturnummer' })),
}

/** Social förtur from the decision to a home, for socialförvaltningen. */
export function forturerRoutes(app: Api, services: Services): void {
  const { db, write } = services
  const change = changes(app, write)
  const answer = (request: FastifyRequest, fortur: ForturRad) => ({
    body: forturView(request, fortur),
    version: fortur.version,
  })

  app.get(
    '/v1/forturer',
    operation({
      id: 'listaForturer',
      tag,
      summary: 'Lista förturer',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Forturlista },
    }),
    async request => {
      const { rows, total } = await listForturer(db.browsing(request.caller), request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        forturer: rows.map(row => forturView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/forturer/:id',
    operation({
      id: 'hamtaFortur',
      tag,
      summary: 'Hämta en förtur',
      description: 'Grunderna står i ärendet. `_links` har de kommandon du kan ge nu.',
      access: lasa,
      params,
      answers: { 200: Fortur },
    }),
    async (request, reply) => {
      const fortur = await readFortur(db.reading(request.caller), request.params.id)
      setEtag(reply, fortur.version)
      return forturView(request, fortur)
    },
  )

  change.patch(
    '/v1/forturer/:id',
    'andra',
    {
      id: 'andraFortur',
      tag,
      summary: 'Ändra vad bostaden behöver vara',
      description:
        'Bara medan förturen är öppen. Är förturen överlämnad ser hyresvärden ändringen genast. En ny koFornyad påminns om på nytt.',
      access: handlagga,
      params,
      body: ForturAndring,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await changeFortur(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/forturer/:id/overlamnande',
    'overlamna',
    {
      id: 'overlamnaFortur',
      tag,
      summary: 'Lämna över till en hyresvärd',
      description:
        'Hyresvärden ser vad uthyrningen kräver, och namnet först när en bostad erbjuds. Det skrivs ner som ett utlämnande och kan återkallas; då ser hyresvärden genast ingenting. För ett hushåll med skyddade personuppgifter lämnas inget ut genom tjänsten: lämna över för hand, skriv ner utlämnandet, och för in erbjudanden och svar här.',
      access: handlagga,
      params,
      body: Forturoverlamnande,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await handOver(work, params.id, ifMatch, body)),
  )

  app.get(
    '/v1/forturer/:id/historik',
    operation({
      id: 'hamtaForturensHistorik',
      tag,
      summary: 'Allt som har ändrats',
      description: 'Förturen, dess erbjudanden och vad som har lämnats ut om den: när, vem, vad, från och till.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readFortur(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/forturer/:id/erbjudanden',
    operation({
      id: 'listaErbjudanden',
      tag,
      summary: 'Bostäder som har erbjudits',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Erbjudandelista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readFortur(work, request.params.id)
      const { rows, total } = await listErbjudanden(work, id, offsetOf(request.query))
      return { erbjudanden: rows.map(erbjudandeView), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/forturer/:id/erbjudanden/:erbjudandeId',
    operation({
      id: 'hamtaErbjudande',
      tag,
      summary: 'Hämta ett erbjudande',
      access: lasa,
      params: erbjudandeParams,
      answers: { 200: Erbjudande },
    }),
    async (request, reply) => {
      const erbjudande = await readErbjudande(db.reading(request.caller), request.params)
      setEtag(reply, erbjudande.version)
      return erbjudandeView(erbjudande)
    },
  )

  change.post(
    '/v1/forturer/:id/erbjudanden',
    'erbjud',
    {
      id: 'erbjudBostad',
      tag,
      summary: 'Skriv in att en bostad har erbjudits',
      description:
        'Ett erbjudande i taget, av en bostad som passar behovet och medan förturen gäller. If-Match är förturens, och svaret är förturen.',
      access: handlagga,
      params,
      body: NyttErbjudande,
      answers: { 201: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const { fortur, erbjudande } = await offer(work, params.id, ifMatch, body)
      return {
        ...answer(request, fortur),
        status: 201,
        location: `/forturer/${fortur.id}/erbjudanden/${erbjudande.id}`,
      }
    },
  )

  change.post(
    '/v1/forturer/:id/erbjudanden/:erbjudandeId/svar',
    'svara',
    {
      id: 'svaraPaErbjudande',
      tag,
      summary: 'Skriv in svaret på ett erbjudande',
      description:
        'Ett nej räknas om inte godtagbartSkal är sant; så många som maxErbjudanden förbrukar förturen. Att hyresvärden nekar räknas aldrig. Båda kan komma också efter ett ja, när kontraktet uteblir.',
      access: handlagga,
      params: erbjudandeParams,
      body: Erbjudandesvar,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await answerOffer(work, params, ifMatch, body)),
  )

  change.post(
    '/v1/forturer/:id/kontrakt',
    'tecknaKontrakt',
    {
      id: 'tecknaForturkontrakt',
      tag,
      summary: 'Skriv in att kontraktet är tecknat',
      access: handlagga,
      params,
      body: Forturkontrakt,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await signContract(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/forturer/:id/egen-kotid',
    'egenKotidRacker',
    {
      id: 'egenKotidRacker',
      tag,
      summary: 'Skriv in att egen kötid räckte till en bostad',
      description: 'Förturen avslutas. Ett erbjudande som är öppet återkallas.',
      access: handlagga,
      params,
      body: EgenKotid,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await foundByOwnQueue(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/forturer/:id/upphavande',
    'upphav',
    {
      id: 'upphavFortur',
      tag,
      summary: 'Upphäv en förtur',
      description:
        'När omständigheterna har ändrats. Ett gynnande beslut får återkallas bara i de fall som FL 37 § räknar upp. Ett erbjudande som är öppet återkallas.',
      access: besluta,
      params,
      body: Upphavande,
      answers: { 200: Fortur },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await revoke(work, params.id, ifMatch, body)),
  )

  statisticsRoutes(app, services, forturstatistik, {
    ids: ['hamtaForturstatistik', 'hamtaForturstatistikensUnderlag'],
    summary: 'Vad arbetet med social förtur leder till',
    omrade: 'område 2',
    lasa,
  })
}
