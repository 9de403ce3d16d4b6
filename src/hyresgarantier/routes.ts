import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { wants } from '../http/negotiation.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { loggedRows } from '../http/read-log.ts'
import { statisticsRoutes } from '../http/statistics.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { Datum, Id, oneOf } from '../shared/schema-parts.ts'
import { type ExportRow, exportSheet } from './export.ts'
import { Exponering, Exponeringsunderlag, exponeringsdefinition, exposureOn, exposureRows } from './exposure.ts'
import { exportQuery, listHyresgarantier, sorteringar } from './list.ts'
import {
  Avslut,
  Avslutsforslag,
  Forslagssvar,
  garantityper,
  HyresavtaletsUpphorande,
  Hyresgaranti,
  HyresgarantiAndring,
  NyHyresgaranti,
  TecknatAvtal,
  tillstand,
  Uppsagning,
} from './schema.ts'
import {
  answerProposal,
  changeHyresgaranti,
  end,
  endWithLease,
  giveNotice,
  type MedFlagga,
  proposeEnd,
  readHyresgaranti,
  registerHyresgaranti,
  signAgreement,
} from './service.ts'
import { hyresgarantistatistik } from './statistics.ts'
import { hyresgarantiView } from './view.ts'

const tag = 'Hyresgarantier'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Garantierna är socialtjänstens ärenden')
const handlagga = only(['handlaggare'], 'Handläggaren registrerar och följer upp garantier')
const besluta = only(['beslutsfattare'], 'Att säga upp en garanti är ett beslut')
const siffror = only(
  ['handlaggare', 'beslutsfattare', 'statistiker'],
  'Uppföljningen av handlingsplanens område 3; statistikern ser inga små tal',
)
const params = Type.Object({ id: Id })

export const Hyresgarantilista = listOf('hyresgarantier', 'Hyresgarantilista', Hyresgaranti)

const filter = {
  tillstand: Type.Optional(oneOf(tillstand)),
  garantityp: Type.Optional(oneOf(garantityper)),
  hyresvardId: Type.Optional(Id),
  hushallId: Type.Optional(Id),
  avtalsnummer: Type.Optional(Type.String({ maxLength: 40, example: 'HG-2026-00012' })),
  genomgang: Type.Optional(
    oneOf(['vantar', 'besvarad', 'forfallen'], { description: 'Har en genomgång i det tillståndet.' }),
  ),
  giltigTillFore: Type.Optional({ ...Datum, description: 'giltigTill ligger före dagen.' } as typeof Datum),
  sort: Type.Optional(oneOf(sorteringar, { default: 'avtalsnummer' })),
}

export function hyresgarantierRoutes(app: Api, services: Services): void {
  const change = changes(app, services.write)
  const { db, write } = services
  const answer = (request: Parameters<typeof hyresgarantiView>[0], found: MedFlagga, today: string) => ({
    body: hyresgarantiView(request, found, today),
    version: found.garanti.version,
  })

  app.get(
    '/v1/hyresgarantier',
    operation({
      id: 'listaHyresgarantier',
      tag,
      summary: 'Lista hyresgarantier',
      description: 'Med `Accept: text/csv` ges hela listan, utan sidor, som ett kalkylblad för svensk Excel.',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Hyresgarantilista },
      also: ['text/csv'],
    }),
    async (request, reply) => {
      if (wants(request, 'text/csv')) {
        const rows = db.stream<ExportRow>(request.caller, exportQuery(request.query))
        reply.header('content-disposition', 'attachment; filename="hyresgarantier.csv"')
        return reply.type('text/csv; charset=utf-8').send(Readable.from(exportSheet(loggedRows(request, rows))))
      }
      const work = db.browsing(request.caller)
      const { rows, total } = await listHyresgarantier(work, request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        hyresgarantier: rows.map(row => hyresgarantiView(request, row, work.today)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/hyresgarantier',
    operation({
      id: 'registreraHyresgaranti',
      tag,
      summary: 'Registrera en beviljad hyresgaranti',
      description:
        'För garantier som beviljades innan ärendet fanns här: ett bifall i ett ärende skapar garantin av sig självt (`ursprung` säger vilket). Avtalets villkor får saknas tills en bostad är funnen; då tecknas avtalet med `/avtal`.',
      access: handlagga,
      body: NyHyresgaranti,
      answers: { 201: Hyresgaranti },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const made = await registerHyresgaranti(work, request.body)
        return { ...answer(request, made, work.today), status: 201, location: `/hyresgarantier/${made.garanti.id}` }
      }),
  )

  app.get(
    '/v1/hyresgarantier/:id',
    operation({
      id: 'hamtaHyresgaranti',
      tag,
      summary: 'Hämta en hyresgaranti',
      description:
        '`genomgang` är flaggan: den äldsta genomgången som inte är klar, eller null. `_links` har de kommandon du kan ge nu.',
      access: lasa,
      params,
      answers: { 200: Hyresgaranti },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const found = await readHyresgaranti(work, request.params.id)
      setEtag(reply, found.garanti.version)
      return hyresgarantiView(request, found, work.today)
    },
  )

  change.patch(
    '/v1/hyresgarantier/:id',
    'andra',
    {
      id: 'andraHyresgaranti',
      tag,
      summary: 'Ändra uppgifter om en hyresgaranti',
      description: 'Beslutet ändras aldrig. Avtalets villkor kan ändras tills avtalet är tecknat.',
      access: handlagga,
      params,
      body: HyresgarantiAndring,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await changeHyresgaranti(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/avtal',
    'tecknaAvtal',
    {
      id: 'tecknaAvtal',
      tag,
      summary: 'Teckna avtal',
      access: handlagga,
      params,
      body: TecknatAvtal,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await signAgreement(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/avslutsforslag',
    'foreslaAvslut',
    {
      id: 'foreslaAvslut',
      tag,
      summary: 'Föreslå hyresvärden att garantin avslutas',
      access: handlagga,
      params,
      body: Avslutsforslag,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await proposeEnd(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/avslutsforslag/svar',
    'svaraPaForslag',
    {
      id: 'svaraPaAvslutsforslag',
      tag,
      summary: 'Skriv in hyresvärdens svar på avslutsförslaget',
      description: 'Hyresvärden kan också svara själv: se `/hyresvard/avslutsforslag`.',
      access: handlagga,
      params,
      body: Forslagssvar,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await answerProposal(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/avslut',
    'avsluta',
    {
      id: 'avslutaHyresgaranti',
      tag,
      summary: 'Avsluta en hyresgaranti',
      description:
        '`kriterierUppfyllda` kräver att hyresvärden har godkänt avslutsförslaget och att inget krav är öppet. `overenskommelse` är för när hyresvärden har släppt garantin av annat skäl.',
      access: handlagga,
      params,
      body: Avslut,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await end(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/uppsagning',
    'sagUpp',
    {
      id: 'sagUppHyresgaranti',
      tag,
      summary: 'Säg upp en hyresgaranti',
      access: besluta,
      params,
      body: Uppsagning,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await giveNotice(work, params.id, ifMatch, body), work.today),
  )

  change.post(
    '/v1/hyresgarantier/:id/hyresavtalets-upphorande',
    'hyresavtaletUpphor',
    {
      id: 'hyresavtaletUpphor',
      tag,
      summary: 'Hyresavtalet har upphört',
      access: handlagga,
      params,
      body: HyresavtaletsUpphorande,
      answers: { 200: Hyresgaranti },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await endWithLease(work, params.id, ifMatch, body), work.today),
  )

  app.get(
    '/v1/hyresgarantier/:id/historik',
    operation({
      id: 'hamtaHyresgarantinsHistorik',
      tag,
      summary: 'Allt som har ändrats',
      description: 'Garantin, dess krav, regressfordringar och genomgångar: när, vem, vad, från och till.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readHyresgaranti(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  const exponering = 'hyresgarantier/exponering'
  app.get(
    '/v1/hyresgarantier/exponering',
    operation({
      id: 'hamtaExponering',
      tag: 'Uppföljning',
      summary: 'Vad kommunen kan krävas på en dag',
      description: exponeringsdefinition,
      access: siffror,
      query: Type.Object({ datum: Type.Optional(Datum) }, { additionalProperties: false }),
      answers: { 200: Exponering },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const datum = request.query.datum ?? work.today
      return {
        ...(await exposureOn(work, datum)),
        _links: {
          self: link(request, 'self', `/${exponering}?datum=${datum}`),
          underlag: link(request, 'underlag', `/${exponering}/underlag?datum=${datum}`),
        },
      }
    },
  )

  app.get(
    '/v1/hyresgarantier/exponering/underlag',
    operation({
      id: 'hamtaExponeringensUnderlag',
      tag: 'Uppföljning',
      summary: 'Garantierna bakom exponeringen',
      access: lasa,
      query: listQuery({ datum: Type.Optional(Datum) }),
      answers: { 200: Exponeringsunderlag },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const datum = request.query.datum ?? work.today
      const { rows, total } = await exposureRows(work, datum, offsetOf(request.query))
      return {
        datum,
        definition: exponeringsdefinition,
        garantier: rows,
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  statisticsRoutes(app, services, hyresgarantistatistik, {
    ids: ['hamtaStatistik', 'hamtaStatistikunderlag'],
    summary: 'Indikatorer för en period',
    omrade: 'område 3',
    lasa,
  })
}
