import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Config } from '../config.ts'
import { testEvent, typesOf } from '../handelser/events.ts'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, oneOf, Tidpunkt, Tomt } from '../shared/schema-parts.ts'
import { listDeliveries, replay } from './log.ts'
import {
  Leverans,
  leveransfel,
  leveranslagen,
  NyPrenumeration,
  Prenumeration,
  PrenumerationAndring,
  PrenumerationMedNyckel,
  Provsvar,
} from './schema.ts'
import { createSender } from './sending.ts'
import {
  changeKey,
  changePrenumeration,
  endPrenumeration,
  type Halsad,
  listPrenumerationer,
  readCurrent,
  readPrenumeration,
  secretsOf,
  subscribe,
} from './service.ts'

const tag = 'Händelser'
const egna = only(
  ['hyresvard', 'serviceforvaltningen', 'administrator'],
  'Varje part sköter sina egna prenumerationer; socialförvaltningens sköts av administratören',
)
const params = Type.Object({ id: Id })

export const Prenumerationslista = listOf('prenumerationer', 'Prenumerationslista', Prenumeration)
export const Leveranslista = listOf('leveranser', 'Leveranslista', Leverans)

/** A party's webhooks: where its events are sent, which, with what keys, and how it goes. */
export function prenumerationerRoutes(app: Api, { db, write }: Services, config: Config): void {
  const sender = createSender(config)
  app.addHook('onClose', async () => sender.close())
  const change = changes(app, write)
  const limitsOf = (request: FastifyRequest) => ({ types: typesOf(request.caller.part), addresses: sender.addresses })
  const view = (request: FastifyRequest, { version, part: _, partId: __, ...prenumeration }: Halsad) => {
    const path = `/prenumerationer/${prenumeration.id}`
    const command = (rel: string, title: string) => link(request, rel, `${path}/${rel}`, 'POST', title)
    return {
      ...prenumeration,
      etag: etagOf(version),
      _links: {
        self: link(request, 'self', path),
        leveranser: link(request, 'related', `${path}/leveranser`),
        doda: link(request, 'related', `${path}/leveranser?lage=dod`),
        ...(prenumeration.avslutad === null && {
          provleverans: command('provleverans', 'Skicka en provhändelse'),
          omleverans: command('omleverans', 'Skicka händelser igen'),
          nyckelbyte: command('nyckelbyte', 'Byt nyckel'),
          upphorande: command('upphorande', 'Avsluta prenumerationen'),
        }),
      },
    }
  }
  const answer = (request: FastifyRequest, prenumeration: Halsad) => ({
    body: view(request, prenumeration),
    version: prenumeration.version,
  })
  const withKey = (
    request: FastifyRequest,
    { prenumeration, hemlighet }: { prenumeration: Halsad; hemlighet: string },
  ) => ({
    body: { ...view(request, prenumeration), hemlighet },
    version: prenumeration.version,
  })

  app.get(
    '/v1/prenumerationer',
    operation({
      id: 'listaPrenumerationer',
      tag,
      summary: 'Partens prenumerationer',
      description: 'De senaste först, även de avslutade.',
      access: egna,
      query: listQuery({}),
      answers: { 200: Prenumerationslista },
    }),
    async request => {
      const { rows, total } = await listPrenumerationer(db.reading(request.caller), offsetOf(request.query))
      return {
        prenumerationer: rows.map(row => view(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/prenumerationer',
    operation({
      id: 'skapaPrenumeration',
      tag,
      summary: 'Prenumerera på händelser',
      description:
        'Händelser från och med nu skickas till adressen, signerade enligt Standard Webhooks. Samma händelser finns i `GET /handelser`. Om skyddade personer skickas inget. `hemlighet` visas bara i detta svar.',
      access: egna,
      body: NyPrenumeration,
      answers: { 201: PrenumerationMedNyckel },
    }),
    (request, reply) =>
      write(request, reply, 'prenumerera', async work => {
        const made = await subscribe(work, request.body, limitsOf(request))
        return { ...withKey(request, made), status: 201, location: `/prenumerationer/${made.prenumeration.id}` }
      }),
  )

  app.get(
    '/v1/prenumerationer/:id',
    operation({
      id: 'hamtaPrenumeration',
      tag,
      summary: 'Hämta en prenumeration och hur den mår',
      access: egna,
      params,
      answers: { 200: Prenumeration },
    }),
    async (request, reply) => {
      const prenumeration = await readPrenumeration(db.reading(request.caller), request.params.id)
      setEtag(reply, prenumeration.version)
      return view(request, prenumeration)
    },
  )

  change.patch(
    '/v1/prenumerationer/:id',
    'andra',
    {
      id: 'andraPrenumeration',
      tag,
      summary: 'Ändra adress eller typer, eller låt prenumerationen vila',
      description: 'Ändrade typer gäller händelser som inte redan står på tur.',
      access: egna,
      params,
      body: PrenumerationAndring,
      answers: { 200: Prenumeration },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await changePrenumeration(work, params.id, ifMatch, body, limitsOf(request))),
  )

  change.post(
    '/v1/prenumerationer/:id/upphorande',
    'avsluta',
    {
      id: 'avslutaPrenumeration',
      tag,
      summary: 'Avsluta en prenumeration',
      description: 'Inget mer skickas, inte heller det som väntar. Det som hänt kan läsas i `GET /handelser`.',
      access: egna,
      params,
      body: Tomt,
      answers: { 200: Prenumeration },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await endPrenumeration(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/prenumerationer/:id/nyckelbyte',
    'bytNyckel',
    {
      id: 'bytPrenumerationensNyckel',
      tag,
      summary: 'Byt nyckel',
      description:
        'Den nya nyckeln visas bara i detta svar. En tid signeras varje meddelande med både den nya och den förra, så att mottagaren hinner byta. Byts nyckeln två gånger slutar den första genast att gälla.',
      access: egna,
      params,
      body: Tomt,
      answers: { 200: PrenumerationMedNyckel },
    },
    async ({ work, request, params, ifMatch }) => withKey(request, await changeKey(work, params.id, ifMatch)),
  )

  app.post(
    '/v1/prenumerationer/:id/provleverans',
    operation({
      id: 'provaPrenumeration',
      tag,
      summary: 'Skicka en provhändelse nu',
      description:
        'En händelse av typen `se.hemvist.prov`, som inte handlar om något, skickas en gång. Svaret säger hur det gick.',
      access: egna,
      params,
      body: Tomt,
      answers: { 200: Provsvar },
    }),
    async request => {
      const work = db.reading(request.caller)
      const { id, url } = await readCurrent(work, request.params.id)
      const { secrets, now } = await secretsOf(work, id)
      const body = JSON.stringify(testEvent(app.publicUrl(), { id: randomUUID(), prenumerationId: id, now }))
      const { status, ms, fel } = await sender.send({ id, url, body, secrets, now })
      return { lyckades: fel === null, status, ms, fel, forklaring: fel && leveransfel[fel] }
    },
  )

  app.post(
    '/v1/prenumerationer/:id/omleverans',
    operation({
      id: 'omleverera',
      tag,
      summary: 'Skicka händelser igen',
      description:
        'Alla händelser från tidpunkten, i ordning och med samma `webhook-id`; med `baraDoda=true` bara de som tjänsten gett upp om.',
      access: egna,
      params,
      query: Type.Object(
        {
          fran: { ...Tidpunkt, description: 'Händelser som inträffat då eller senare.' },
          baraDoda: Type.Optional(Type.Boolean({ description: 'Bara de som tjänsten gett upp om.' })),
        },
        { additionalProperties: false },
      ),
      body: Tomt,
      answers: { 200: Prenumeration },
    }),
    (request, reply) =>
      write(request, reply, 'omleverera', async work =>
        answer(request, await replay(work, request.params.id, request.query)),
      ),
  )

  app.get(
    '/v1/prenumerationer/:id/leveranser',
    operation({
      id: 'listaLeveranser',
      tag,
      summary: 'Leveranserna och deras försök',
      description:
        'De senaste händelserna först. `lage=dod` ger dem som tjänsten gett upp om. Varken det som skickats eller det som svarats sparas.',
      access: egna,
      params,
      query: listQuery({ lage: Type.Optional(oneOf(leveranslagen)) }),
      answers: { 200: Leveranslista },
    }),
    async request => {
      const { rows, total } = await listDeliveries(db.reading(request.caller), request.params.id, request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return { leveranser: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )
}
