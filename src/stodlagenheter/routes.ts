import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Historik, historyOf } from '../shared/history.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { listForslag, listStodlagenheter } from './list.ts'
import { answerProposal, propose, withdrawProposal } from './proposals.ts'
import {
  BistandetsUpphorande,
  Bostadsforslag,
  Bostadsforslagssvar,
  beslutstyper,
  Inflyttning,
  NyttBostadsforslag,
  Overtagandesvar,
  Stodlagenhet,
  type StodlagenhetRad,
  Stodlagenhetsavslut,
  Stodlagenhetsavtal,
  Stodlagenhetsbehov,
  Stodlagenhetsuppsagning,
  tillstand,
  Utflyttning,
} from './schema.ts'
import { changeNeed, type HelStodlagenhet, readStodlagenhet, whole } from './service.ts'
import {
  answerTakeover,
  close,
  endAssistance,
  giveNotice,
  moveIn,
  moveOut,
  sign,
  tryTakeover,
  voidLease,
  withdrawNotice,
} from './tenancy.ts'
import { stodlagenhetView } from './view.ts'

const tag = 'Stödlägenheter'
const lasa = only(
  ['handlaggare', 'beslutsfattare', 'boendeenhet'],
  'Boendeenheten matchar och följer upp, handläggaren och beslutsfattaren har ärendet',
)
const matcha = only(['boendeenhet'], 'Boendeenheten väljer ur kön')
const arbeta = only(['handlaggare', 'boendeenhet'], 'Den som har kontakten med hushållet skriver in vad som händer')
const hyra = only(['boendeenhet'], 'Serviceförvaltningen har egna vägar; boendeenheten för in det som kommer för hand')
const besluta = only(['beslutsfattare'], 'Att biståndet upphör är ett beslut')
const params = Type.Object({ id: Id })

export const Stodlagenhetslista = listOf('stodlagenheter', 'Stodlagenhetslista', Stodlagenhet)
export const Bostadsforslagslista = listOf('forslag', 'Bostadsforslagslista', Bostadsforslag)

const filter = {
  tillstand: Type.Optional(oneOf(tillstand)),
  hushallId: Type.Optional(Id),
  lagenhetId: Type.Optional(Id),
  beslutstyp: Type.Optional(oneOf(beslutstyper)),
}

/** Stödlägenheter from the place in the queue to the own contract, for socialförvaltningen. */
export function stodlagenheterRoutes(app: Api, services: Services): void {
  const { db, write } = services
  const change = changes(app, write)
  const answer = async (work: Work, request: FastifyRequest, row: StodlagenhetRad) => {
    const [hel] = await whole(work, [row])
    return { body: stodlagenhetView(request, hel as HelStodlagenhet), version: row.version }
  }

  app.get(
    '/v1/stodlagenheter',
    operation({
      id: 'listaStodlagenheter',
      tag,
      summary: 'Lista stödlägenheter',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Stodlagenhetslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { rows, total } = await listStodlagenheter(work, request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        stodlagenheter: (await whole(work, rows)).map(row => stodlagenhetView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    '/v1/stodlagenheter/:id',
    operation({
      id: 'hamtaStodlagenhet',
      tag,
      summary: 'Hämta en stödlägenhet',
      description: 'Behovet av stöd och planen står i ärendet. `_links` har de kommandon du kan ge nu.',
      access: lasa,
      params,
      answers: { 200: Stodlagenhet },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const { body, version } = await answer(work, request, await readStodlagenhet(work, request.params.id))
      setEtag(reply, version)
      return body
    },
  )

  app.get(
    '/v1/stodlagenheter/:id/historik',
    operation({
      id: 'hamtaStodlagenhetensHistorik',
      tag,
      summary: 'Allt som har ändrats',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Historik },
    }),
    async request => {
      const work = db.browsing(request.caller)
      await readStodlagenhet(work, request.params.id)
      const { rows, total } = await historyOf(work, request.params.id, offsetOf(request.query))
      return { historik: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.get(
    '/v1/stodlagenheter/:id/forslag',
    operation({
      id: 'listaBostadsforslag',
      tag,
      summary: 'Bostäder som har föreslagits',
      description: 'Med platsen i kön, och skälet när någon annan än den första fick förslaget.',
      access: lasa,
      params,
      query: listQuery({}),
      answers: { 200: Bostadsforslagslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { id } = await readStodlagenhet(work, request.params.id)
      const { rows, total } = await listForslag(work, id, offsetOf(request.query))
      return { forslag: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  change.post(
    '/v1/stodlagenheter/:id/behov',
    'andraBehov',
    {
      id: 'andraStodlagenhetsbehov',
      tag,
      summary: 'Ändra vad bostaden ska vara',
      description:
        'Hela behovet, medan bostaden fortfarande kan bli en annan: ett hot på ett nytt ställe, ett barn som har fötts. Ligger bostaden som hålls i ett område som blir uteslutet återkallas förslaget först.',
      access: arbeta,
      params,
      body: Stodlagenhetsbehov,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await changeNeed(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/forslag',
    'foreslaMatch',
    {
      id: 'foreslaBostad',
      tag,
      summary: 'Föreslå en bostad',
      description:
        'Bostaden hålls för hushållet. Den första i kön som bostaden passar går före: för någon annan behövs skalForAvsteg, som sparas. I ett uteslutet område föreslås aldrig någon bostad. Serviceförvaltningen ser numret och antalet personer, inte vem det är; för ett hushåll med skyddade personuppgifter ser den ingenting.',
      access: matcha,
      params,
      body: NyttBostadsforslag,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await propose(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/forslagssvar',
    'svara',
    {
      id: 'svaraPaBostadsforslag',
      tag,
      summary: 'Skriv in svaret på förslaget',
      description:
        'Ett ja tilldelar bostaden, och serviceförvaltningen ser vem den är till. Efter ett nej är platsen i kön densamma.',
      access: arbeta,
      params,
      body: Bostadsforslagssvar,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await answerProposal(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/forslagsaterkallelse',
    'aterkallaForslag',
    {
      id: 'aterkallaBostadsforslag',
      tag,
      summary: 'Återkalla förslaget',
      description: 'Bostaden hålls inte längre, och hushållet står i kön med samma ködatum.',
      access: matcha,
      params,
      body: Tomt,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, ifMatch }) =>
      answer(work, request, await withdrawProposal(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/stodlagenheter/:id/avtal',
    'tecknaAvtal',
    {
      id: 'tecknaStodlagenhetsavtal',
      tag,
      summary: 'Skriv in att avtalet är tecknat',
      description: 'Hyresgästen är informerad om villkoren senast när avtalet tecknas (RH 2018:28).',
      access: hyra,
      params,
      body: Stodlagenhetsavtal,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await sign(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/avtalshavning',
    'havAvtal',
    {
      id: 'havStodlagenhetsavtal',
      tag,
      summary: 'Häv avtalet före inflyttningen',
      description: 'När ingen flyttar in. Bostaden är ledig igen, och hushållet står i kön med samma ködatum.',
      access: hyra,
      params,
      body: Tomt,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, ifMatch }) => answer(work, request, await voidLease(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/stodlagenheter/:id/inflyttning',
    'flyttaIn',
    {
      id: 'flyttaInStodlagenhet',
      tag,
      summary: 'Skriv in inflyttningen',
      description: 'Den första uppföljningen sätts en månad senare.',
      access: arbeta,
      params,
      body: Inflyttning,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await moveIn(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/bistandets-upphorande',
    'bistandetUpphor',
    {
      id: 'avslutaBistandet',
      tag,
      summary: 'Biståndet upphör',
      description:
        'Hyresavtalet gäller tills någon säger upp det; i kön släpps bostaden som hålls, och platsen kan avslutas. Finns det barn i hushållet är barnchecklistan klar. Ett nytt beslut i ärendet förlänger i stället.',
      access: besluta,
      params,
      body: BistandetsUpphorande,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await endAssistance(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/overtagande',
    'provaOvertagande',
    {
      id: 'provaOvertagande',
      tag,
      summary: 'Pröva övertagande',
      description: 'Hyresvärden frågas om hyresgästen kan ta över kontraktet.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, ifMatch }) => answer(work, request, await tryTakeover(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/stodlagenheter/:id/overtagandesvar',
    'svaraPaOvertagande',
    {
      id: 'svaraPaOvertagande',
      tag,
      summary: 'Skriv in hyresvärdens svar om övertagande',
      description: 'Ett ja lämnar bostaden till hyresgästen: den lämnar beståndet, och målet är nått.',
      access: hyra,
      params,
      body: Overtagandesvar,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await answerTakeover(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/uppsagning',
    'sagUpp',
    {
      id: 'sagUppStodlagenhet',
      tag,
      summary: 'Skriv in uppsägningen',
      description:
        'Socialnämnden är meddelad när grunden är hyresskuld eller störning. Finns det barn i hushållet är barnchecklistan klar.',
      access: hyra,
      params,
      body: Stodlagenhetsuppsagning,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await giveNotice(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/atertagande',
    'aterta',
    {
      id: 'atertaUppsagning',
      tag,
      summary: 'Återta uppsägningen',
      access: hyra,
      params,
      body: Tomt,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, ifMatch }) => answer(work, request, await withdrawNotice(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/stodlagenheter/:id/utflyttning',
    'flyttaUt',
    {
      id: 'flyttaUtUrStodlagenhet',
      tag,
      summary: 'Skriv in utflyttningen',
      access: hyra,
      params,
      body: Utflyttning,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await moveOut(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/stodlagenheter/:id/avslut',
    'avsluta',
    {
      id: 'avslutaStodlagenhet',
      tag,
      summary: 'Avsluta stödlägenheten',
      description: 'Efter utflyttning eller övertagande, eller ur kön. Utfallet säger hur det gick.',
      access: arbeta,
      params,
      body: Stodlagenhetsavslut,
      answers: { 200: Stodlagenhet },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(work, request, await close(work, params.id, ifMatch, body)),
  )
}
