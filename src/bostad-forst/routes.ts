import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { statisticsRoutes } from '../http/statistics.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { listBoenden, listPeriods, listTrials } from './list.ts'
import {
  BfAvslut,
  BfBoende,
  type BfBoendeRad,
  BfErbjudande,
  BfErbjudandesvar,
  BfInflyttning,
  BfUppsagning,
  Boendeperiod,
  Bostadsbyte,
  Franvaro,
  Onskemal,
  Overgangsprovning,
  Overgangssvar,
  tillstand,
} from './schema.ts'
import { type Helt, readBoende, recordWishes, whole } from './service.ts'
import { bostadForststatistik } from './statistics.ts'
import {
  comeHome,
  end,
  giveNotice,
  goAway,
  moveIn,
  offerHome,
  refuseHome,
  seekAnotherHome,
  stay,
  withdrawNotice,
} from './tenancy.ts'
import { answerTrial, tryTransfer } from './trials.ts'
import { boendeView } from './view.ts'

const tag = 'Bostad Först'
const lasa = only(
  ['bostadForstTeam', 'handlaggare', 'beslutsfattare'],
  'Teamet arbetar med boendet, handläggaren och beslutsfattaren med ärendet',
)
const arbeta = only(
  ['bostadForstTeam', 'handlaggare'],
  'Teamet för Bostad Först skriver in vad som händer, också hyresvärdens del',
)
const params = Type.Object({ id: Id })

export const BfBoendelista = listOf('boenden', 'BfBoendelista', BfBoende)
export const Boendeperiodlista = listOf('boenden', 'Boendeperiodlista', Boendeperiod)
export const Overgangsprovningslista = listOf('provningar', 'Overgangsprovningslista', Overgangsprovning)

const filter = { tillstand: Type.Optional(oneOf(tillstand)), hushallId: Type.Optional(Id) }

/** The tenancies of Bostad Först, for the team. Each command is about the tenancy only: the support has its own. */
export function bostadForstRoutes(app: Api, services: Services): void {
  const { db, write } = services
  const change = changes(app, write)
  const answer = async (work: Work, request: FastifyRequest, boende: BfBoendeRad) => {
    const [helt] = await whole(work, [boende])
    return { body: boendeView(request, helt as Helt), version: boende.version }
  }

  app.get(
    '/v1/bostad-forst',
    operation({
      id: 'listaBostadForst',
      tag,
      summary: 'Lista boenden i Bostad Först',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: BfBoendelista },
    }),
    async request => {
      const { rows, total } = await listBoenden(db.browsing(request.caller), request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        boenden: rows.map(row => boendeView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/bostad-forst/:id',
    operation({
      id: 'hamtaBostadForst',
      tag,
      summary: 'Hämta ett boende, med bostad och stöd',
      description: 'ETag är boendets; stödet har en egen. `_links` har de kommandon du kan ge nu.',
      access: lasa,
      params,
      answers: { 200: BfBoende },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const { body, version } = await answer(work, request, await readBoende(work, request.params.id))
      setEtag(reply, version)
      return body
    },
  )

  app.get(
    '/v1/bostad-forst/:id/boenden',
    operation({
      id: 'listaBostadForstBoenden',
      tag,
      summary: 'Bostäderna som personen har haft, dag för dag',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Boendeperiodlista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readBoende(work, request.params.id)
      const { rows, total } = await listPeriods(work, id, offsetOf(request.query))
      return { boenden: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/bostad-forst/:id/provningar',
    operation({
      id: 'listaOvergangsprovningar',
      tag,
      summary: 'Prövningarna av övergången till eget kontrakt',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Overgangsprovningslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readBoende(work, request.params.id)
      const { rows, total } = await listTrials(work, id, offsetOf(request.query))
      return { provningar: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/bostad-forst/:id/historik',
    operation({
      id: 'hamtaBostadForstHistorik',
      tag,
      summary: 'Allt som har ändrats i boendet och stödet',
      description: 'Boendet, bostäderna, prövningarna och stödet: när, vem, vad, från och till.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readBoende(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  change.post(
    '/v1/bostad-forst/:id/onskemal',
    'onskemal',
    {
      id: 'skrivBostadForstOnskemal',
      tag,
      summary: 'Skriv ner personens önskemål',
      description:
        'Önskemålen som helhet: det som inte står med önskas inte. Ingen bostad söks innan de är nedskrivna, och de kan ändras så länge en bostad söks.',
      access: arbeta,
      params,
      body: Onskemal,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await recordWishes(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/erbjudande',
    'erbjud',
    {
      id: 'erbjudBostadForst',
      tag,
      summary: 'Erbjuda en bostad',
      description:
        'Bostaden hålls för personen. Den ska vara ledig och ligga där personen vill bo. Den som byter bostad har kvar sin så länge.',
      access: arbeta,
      params,
      body: BfErbjudande,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await offerHome(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/erbjudandesvar',
    'tackaNej',
    {
      id: 'svaraPaBostadForst',
      tag,
      summary: 'Skriv in ett nej till bostaden',
      description:
        'Bostaden hålls inte längre, och en annan söks. Ett nej räknas aldrig mot personen. Ett ja är inflyttningen.',
      access: arbeta,
      params,
      body: BfErbjudandesvar,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await refuseHome(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/inflyttning',
    'flyttaIn',
    {
      id: 'flyttaInBostadForst',
      tag,
      summary: 'Skriv in inflyttningen',
      description:
        'Ett andrahandskontrakt behöver ett skäl och en tidigaste dag för eget kontrakt, och övergången prövas den dagen, senast efter tolv månader. Vid byte av bostad slutar den förra dagen före, och en uppsägning av den är över.',
      access: arbeta,
      params,
      body: BfInflyttning,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await moveIn(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/overgangsprovning',
    'provaOvergang',
    {
      id: 'provaBostadForstOvergang',
      tag,
      summary: 'Pröva övergången till eget kontrakt',
      description: 'Hyresvärden tillfrågas.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfBoende },
    },
    async asked => answer(asked.work, asked.request, await tryTransfer(asked.work, asked.params.id, asked.ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/overgangssvar',
    'svaraPaOvergang',
    {
      id: 'svaraPaBostadForstOvergang',
      tag,
      summary: 'Skriv in hyresvärdens svar på övergången',
      description:
        'Ett godkännande ger eget kontrakt från forstahandDatum. Ett avslag har en orsak, och prövas igen inom sex månader.',
      access: arbeta,
      params,
      body: Overgangssvar,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await answerTrial(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/bostadsbyte',
    'bytBostad',
    {
      id: 'bytBostadForst',
      tag,
      summary: 'Påbörja ett byte av bostad',
      description: 'Bostaden behålls till flytten. Också den som är uppsagd kan få en annan. Stödet påverkas inte.',
      access: arbeta,
      params,
      body: Bostadsbyte,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await seekAnotherHome(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/kvarboende',
    'boKvar',
    {
      id: 'boKvarBostadForst',
      tag,
      summary: 'Skriv in att personen bor kvar',
      description: 'Bytet av bostad blir inte av. En uppsägning står kvar.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfBoende },
    },
    async asked => answer(asked.work, asked.request, await stay(asked.work, asked.params.id, asked.ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/franvaro',
    'borta',
    {
      id: 'skrivBostadForstFranvaro',
      tag,
      summary: 'Skriv in att personen är borta en tid',
      description: 'Bostaden behålls.',
      access: arbeta,
      params,
      body: Franvaro,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await goAway(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/aterkomst',
    'hemma',
    {
      id: 'skrivBostadForstAterkomst',
      tag,
      summary: 'Skriv in att personen är hemma igen',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfBoende },
    },
    async asked => answer(asked.work, asked.request, await comeHome(asked.work, asked.params.id, asked.ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/uppsagning',
    'uppsagning',
    {
      id: 'sagUppBostadForst',
      tag,
      summary: 'Skriv in hyresvärdens uppsägning',
      description:
        'Den som är uppsagd kan byta bostad. Den som redan söker en annan fortsätter med det. Stödet påverkas inte.',
      access: arbeta,
      params,
      body: BfUppsagning,
      answers: { 200: BfBoende },
    },
    async asked =>
      answer(asked.work, asked.request, await giveNotice(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  change.post(
    '/v1/bostad-forst/:id/atertagande',
    'aterta',
    {
      id: 'atertaBostadForstUppsagning',
      tag,
      summary: 'Skriv in att uppsägningen är återtagen',
      description: 'Boendet blir som före uppsägningen.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfBoende },
    },
    async asked => answer(asked.work, asked.request, await withdrawNotice(asked.work, asked.params.id, asked.ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/avslut',
    'avsluta',
    {
      id: 'avslutaBostadForst',
      tag,
      summary: 'Avsluta boendet',
      description:
        'Bostaden lämnas. Har personen förstahandskontrakt på den och utfallet är egetBoende går den ur beståndet, om den inte är uppsagd. Stödet påverkas inte: det fortsätter så länge personen vill.',
      access: arbeta,
      params,
      body: BfAvslut,
      answers: { 200: BfBoende },
    },
    async asked => answer(asked.work, asked.request, await end(asked.work, asked.params.id, asked.ifMatch, asked.body)),
  )

  statisticsRoutes(app, services, bostadForststatistik, {
    ids: ['hamtaBostadForststatistik', 'hamtaBostadForststatistikensUnderlag'],
    summary: 'Vad arbetet med Bostad Först leder till',
    omrade: 'arbete med Bostad Först',
    lasa,
  })
}
