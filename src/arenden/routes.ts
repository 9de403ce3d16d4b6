import type { FastifyRequest } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { Beslut } from '../beslut/schema.ts'
import { beslutView } from '../beslut/view.ts'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { type Access, only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { insatser } from '../shared/insatser.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { appeal, forward, recordJudgement, rejectAppeal, withdrawAppeal } from './appeals.ts'
import { decide, reconsider } from './decisions.ts'
import { completeness, readInvestigation, saveInvestigation } from './investigation.ts'
import { listArenden, sorteringar } from './list.ts'
import {
  Arende,
  type ArendeRad,
  Avskrivning,
  Dom,
  Fullstandighet,
  Jav,
  Javsanmalan,
  Kommunicering,
  Komplettering,
  Kompletteringsbegaran,
  NyttArende,
  NyttBeslut,
  NyUtredning,
  Omprovning,
  Overklagande,
  OverklagandeAvvisning,
  Overlamnande,
  Tilldelning,
  tillstand,
  Utredning,
  Yttrande,
} from './schema.ts'
import {
  askForMore,
  assign,
  communicate,
  type IfMatch,
  listConflicts,
  present,
  readArende,
  receiveMore,
  recordStatement,
  registerArende,
  reportConflict,
  resume,
  startInvestigation,
  writeOff,
} from './service.ts'
import { arendeView, utredningView } from './view.ts'

const tag = 'Ärenden'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Ärendena är socialtjänstens')
const handlagga = only(['handlaggare'], 'Handläggaren tar emot, utreder och följer upp')
const besluta = only(['beslutsfattare'], 'Beslut fattas enligt nämndens delegation')
const params = Type.Object({ id: Id })
const Arendelista = listOf('arenden', 'Arendelista', Arende)
const Javslista = listOf('jav', 'Javslista', Jav)

const filter = {
  tillstand: Type.Optional(oneOf(tillstand)),
  oppet: Type.Optional(Type.Boolean({ description: 'Väntar på beslut.' })),
  insats: Type.Optional(oneOf(insatser)),
  handlaggare: Type.Optional(
    Type.String({ maxLength: 200, description: 'Handläggarens id i token, eller `mig`.', example: 'mig' }),
  ),
  hushallId: Type.Optional(Id),
  arendenummer: Type.Optional(Type.String({ maxLength: 40, example: 'AR-2026-00012' })),
  sort: Type.Optional(oneOf(sorteringar, { default: 'ansokanDatum' })),
}

export function arendenRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const answer = (request: FastifyRequest, arende: ArendeRad) => ({
    body: arendeView(request, arende),
    version: arende.version,
  })

  /** A command that answers the case as it became. */
  const command = <B extends TSchema>(
    path: string,
    atgard: string,
    spec: { id: string; summary: string; description?: string; access: Access; body: B },
    run: (work: Work, id: string, ifMatch: IfMatch, body: Static<B>) => Promise<ArendeRad>,
  ) =>
    change.post(
      `/v1/arenden/:id/${path}`,
      atgard,
      { ...spec, tag, params, answers: { 200: Arende } },
      async ({ work, request, params, body, ifMatch }) => answer(request, await run(work, params.id, ifMatch, body)),
    )

  app.get(
    '/v1/arenden',
    operation({
      id: 'listaArenden',
      tag,
      summary: 'Lista ärenden',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Arendelista },
    }),
    async request => {
      const { page: _, limit: __, handlaggare, ...rest } = request.query
      const { rows, total } = await listArenden(
        db.browsing(request.caller),
        { ...rest, handlaggare: handlaggare === 'mig' ? request.caller.sub : handlaggare },
        { ...offsetOf(request.query), countedAtMost },
      )
      return {
        arenden: rows.map(row => arendeView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/arenden',
    operation({
      id: 'registreraArende',
      tag,
      summary: 'Registrera en ansökan',
      description: 'Ett ärende för vilken hjälp som helst: samma väg från ansökan till beslut.',
      access: handlagga,
      body: NyttArende,
      answers: { 201: Arende },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const made = await registerArende(work, request.body)
        return { ...answer(request, made), status: 201, location: `/arenden/${made.id}` }
      }),
  )

  app.get(
    '/v1/arenden/:id',
    operation({
      id: 'hamtaArende',
      tag,
      summary: 'Hämta ett ärende',
      description: '`_links` har de kommandon du kan ge nu.',
      access: lasa,
      params,
      answers: { 200: Arende },
    }),
    async (request, reply) => {
      const arende = await readArende(db.reading(request.caller), request.params.id)
      setEtag(reply, arende.version)
      return arendeView(request, arende)
    },
  )

  command(
    'tilldelning',
    'tilldela',
    {
      id: 'tilldelaArende',
      summary: 'Ge ärendet till en handläggare, eller lämna över det',
      access: only(['handlaggare', 'beslutsfattare'], 'Ärendet har alltid en ansvarig'),
      body: Tilldelning,
    },
    assign,
  )
  command(
    'utredningsstart',
    'paborjaUtredning',
    {
      id: 'paborjaUtredning',
      summary: 'Påbörja utredningen',
      description: 'Den som påbörjar blir handläggare om ärendet ingen har.',
      access: handlagga,
      body: Tomt,
    },
    startInvestigation,
  )
  command(
    'kompletteringsbegaran',
    'begarKomplettering',
    { id: 'begarKomplettering', summary: 'Begära komplettering', access: handlagga, body: Kompletteringsbegaran },
    askForMore,
  )
  command(
    'komplettering',
    'kompletteringInkommer',
    { id: 'taEmotKomplettering', summary: 'Kompletteringen har kommit in', access: handlagga, body: Komplettering },
    receiveMore,
  )
  command(
    'kommunicering',
    'kommunicera',
    {
      id: 'kommuniceraUtredning',
      summary: 'Låta parten ta del av utredningen',
      description: 'Behövs innan något går parten emot (FL 25 §).',
      access: handlagga,
      body: Kommunicering,
    },
    communicate,
  )
  command(
    'yttrande',
    'yttraSig',
    { id: 'skrivInYttrande', summary: 'Skriva in partens yttrande', access: handlagga, body: Yttrande },
    recordStatement,
  )
  command(
    'aterupptagande',
    'aterupptaUtredning',
    { id: 'aterupptaUtredning', summary: 'Återuppta utredningen', access: handlagga, body: Tomt },
    resume,
  )
  command(
    'foredragning',
    'foredra',
    {
      id: 'foredraArende',
      summary: 'Lämna ärendet till beslutsfattaren',
      description: 'Ärendet väntar då på beslut i `/mitt` hos dem som beslutar.',
      access: handlagga,
      body: Tomt,
    },
    present,
  )
  command(
    'avskrivning',
    'avskriv',
    { id: 'skrivAvArende', summary: 'Avskriva ärendet utan beslut i sak', access: lasa, body: Avskrivning },
    writeOff,
  )
  command(
    'overklagande',
    'overklaga',
    {
      id: 'skrivInOverklagande',
      summary: 'Skriva in ett överklagande',
      description: 'Om det kom i rätt tid följer av delgivningen och står i `overklagadIRattTid`.',
      access: handlagga,
      body: Overklagande,
    },
    appeal,
  )
  command(
    'overklagande/avvisning',
    'avvisaOverklagande',
    {
      id: 'avvisaOverklagande',
      summary: 'Avvisa ett överklagande som kom för sent',
      access: besluta,
      body: OverklagandeAvvisning,
    },
    rejectAppeal,
  )
  command(
    'overklagande/aterkallande',
    'aterkallaOverklagande',
    {
      id: 'aterkallaOverklagande',
      summary: 'Skriva in att parten har återkallat överklagandet',
      access: handlagga,
      body: Tomt,
    },
    withdrawAppeal,
  )
  command(
    'overlamnande',
    'overlamna',
    { id: 'overlamnaOverklagande', summary: 'Lämna över till domstolen', access: handlagga, body: Overlamnande },
    forward,
  )
  command(
    'dom',
    'skrivInDom',
    {
      id: 'skrivInDom',
      summary: 'Skriva in domstolens dom',
      description: 'En dom till partens fördel verkställs med ett nytt beslut (`/omprovning`).',
      access: handlagga,
      body: Dom,
    },
    recordJudgement,
  )

  change.post(
    '/v1/arenden/:id/beslut',
    'besluta',
    {
      id: 'beslutaOmArende',
      tag,
      summary: 'Besluta',
      description:
        'Bara inom din delegation, och bara när underlaget räcker (`/fullstandighet`). Vid bifall kommer hjälpen till i samma stund. Beslutet ändras aldrig: det rättas med ett nytt.',
      access: besluta,
      params,
      body: NyttBeslut,
      answers: { 201: Beslut },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const beslut = await decide(work, params.id, ifMatch, body)
      return {
        status: 201,
        body: beslutView(request, beslut),
        version: beslut.version,
        location: `/beslut/${beslut.id}`,
      }
    },
  )
  change.post(
    '/v1/arenden/:id/omprovning',
    'omprova',
    {
      id: 'omprovaBeslut',
      tag,
      summary: 'Rätta, ändra eller förlänga beslutet med ett nytt',
      description:
        'Det nya beslutet nämner det gamla (`ersatterId`) och är aldrig till nackdel för parten (FL 37 §). En förlängning är ett bifall med längre `giltigTill`.',
      access: besluta,
      params,
      body: Omprovning,
      answers: { 201: Beslut },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const beslut = await reconsider(work, params.id, ifMatch, body)
      return {
        status: 201,
        body: beslutView(request, beslut),
        version: beslut.version,
        location: `/beslut/${beslut.id}`,
      }
    },
  )

  app.get(
    '/v1/arenden/:id/utredning',
    operation({
      id: 'hamtaUtredning',
      tag,
      summary: 'Hämta utredningen',
      access: lasa,
      params,
      answers: { 200: Utredning },
    }),
    async (request, reply) => {
      const found = await readInvestigation(db.reading(request.caller), request.params.id)
      setEtag(reply, found.utredning.version)
      return utredningView(request, found)
    },
  )
  change.put(
    '/v1/arenden/:id/utredning',
    'utred',
    {
      id: 'sparaUtredning',
      tag,
      summary: 'Spara utredningen',
      description:
        'Hela utredningen som den skickas. Ett utkast sparas när som helst; vad som saknas för ett beslut säger `/fullstandighet`. If-Match är utredningens ETag.',
      access: handlagga,
      params,
      body: NyUtredning,
      answers: { 200: Utredning },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const saved = await saveInvestigation(work, params.id, ifMatch, body)
      return { body: utredningView(request, saved), version: saved.utredning.version }
    },
  )

  app.get(
    '/v1/arenden/:id/fullstandighet',
    operation({
      id: 'hamtaFullstandighet',
      tag,
      summary: 'Vad som saknas för ett beslut i dag',
      description: 'Samma lista som stoppar beslutet: varje brist i klartext, och vilka utfall den hindrar.',
      access: lasa,
      params,
      answers: { 200: Fullstandighet },
    }),
    async request => {
      const { arende, ...rest } = await completeness(db.reading(request.caller), request.params.id)
      // For the read log: the answer's schema has no household.
      return { hushallId: arende.hushallId, arendeId: arende.id, ...rest }
    },
  )

  app.get(
    '/v1/arenden/:id/historik',
    operation({
      id: 'hamtaArendetsHistorik',
      tag,
      summary: 'Allt som har ändrats',
      description: 'Ärendet, dess utredning, barnchecklista, jäv och beslut: när, vem, vad, från och till.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readArende(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/arenden/:id/jav',
    operation({
      id: 'listaJav',
      tag,
      summary: 'Anmälda jäv',
      access: lasa,
      params,
      answers: { 200: Javslista },
    }),
    async request => {
      const rows = await listConflicts(db.browsing(request.caller), request.params.id)
      return { jav: rows, ...pageOf(request, { limit: 100 }, rows.length, rows.length) }
    },
  )
  app.post(
    '/v1/arenden/:id/jav',
    operation({
      id: 'anmalJav',
      tag,
      summary: 'Anmäla jäv',
      description:
        'Personen varken handlägger eller beslutar i ärendet från och med nu (FL 16-18 §§). Är det handläggaren får ärendet en annan med `/tilldelning`.',
      access: lasa,
      params,
      body: Javsanmalan,
      answers: { 201: Jav },
    }),
    (request, reply) =>
      write(request, reply, 'anmalJav', async work => ({
        status: 201,
        body: await reportConflict(work, request.params.id, request.body),
        location: `/arenden/${request.params.id}/jav`,
      })),
  )
}
