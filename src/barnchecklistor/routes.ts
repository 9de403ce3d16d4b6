import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { commandLinks } from '../http/commands.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { statisticsRoutes } from '../http/statistics.ts'
import { actorsOf } from '../shared/caller.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import { lifecycle } from './lifecycle.ts'
import {
  Barnchecklista,
  type BarnchecklistaRad,
  Barnchecklistemall,
  type BarnchecklistemallRad,
  Barnchecklistepost,
  Barnchecklisteutkast,
  NyBarnchecklista,
  NyBarnchecklistemall,
  tillstand,
} from './schema.ts'
import {
  beginChecklist,
  finishChecklist,
  listChecklists,
  readChecklist,
  reviseChecklist,
  saveDraft,
} from './service.ts'
import { barnchecklistestatistik } from './statistics.ts'
import { addTemplate, listTemplates, readTemplate } from './templates.ts'

const tag = 'Barnchecklistor'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Barnchecklistan är underlag för beslut som rör barn')
const fylla = only(['handlaggare'], 'Handläggaren utreder barnets bästa')
const mallLasa = only(['handlaggare', 'beslutsfattare', 'administrator'], 'Mallen är checklistans frågor')
const mallSkriva = only(['administrator'], 'Kommunens mall förs in av administratören')
const params = Type.Object({ id: Id })
const filter = {
  hushallId: Type.Optional(Id),
  arendeId: Type.Optional(Id),
  tillstand: Type.Optional(oneOf(tillstand)),
}

const Barnchecklistelista = listOf('barnchecklistor', 'Barnchecklistelista', Barnchecklistepost)
const Barnchecklistemallslista = listOf('barnchecklistemallar', 'Barnchecklistemallslista', Barnchecklistemall)

export function barnchecklistorRoutes(app: Api, services: Services): void {
  templateRoutes(app, services)
  const { db, write } = services
  const change = changes(app, write)
  const pathOf = ({ id }: BarnchecklistaRad) => `/barnchecklistor/${id}`
  const view = (request: FastifyRequest, checklista: BarnchecklistaRad) => {
    const { version, hushallId, arendeId, ersatterId, mallNummer } = checklista
    const path = pathOf(checklista)
    const mayFill = checklista.tillstand === 'paborjad' && actorsOf(request.caller).includes('handlaggare')
    return {
      ...checklista,
      etag: etagOf(version),
      _links: {
        self: link(request, 'self', path),
        hushall: link(request, 'related', `/hushall/${hushallId}`),
        mall: link(request, 'related', `/barnchecklistemallar/${mallNummer}`),
        ...(arendeId && { arende: link(request, 'related', `/arenden/${arendeId}`) }),
        ...(ersatterId && { ersatter: link(request, 'predecessor-version', `/barnchecklistor/${ersatterId}`) }),
        ...(mayFill && { spara: link(request, 'spara', path, 'PUT', 'Spara utkastet') }),
        ...commandLinks(request, lifecycle, checklista, path),
      },
    }
  }
  const answer = (request: FastifyRequest, checklista: BarnchecklistaRad) => ({
    body: view(request, checklista),
    version: checklista.version,
  })

  app.get(
    '/v1/barnchecklistor',
    operation({
      id: 'listaBarnchecklistor',
      tag,
      summary: 'Lista barnchecklistor',
      description: 'De senaste först. Vad en checklista säger om barnen står bara i den själv.',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Barnchecklistelista },
    }),
    async request => {
      const { rows, total } = await listChecklists(db.browsing(request.caller), request.query, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        barnchecklistor: rows.map(row => view(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/barnchecklistor',
    operation({
      id: 'paborjaBarnchecklista',
      tag,
      summary: 'Påbörja en barnchecklista',
      description:
        'Med mallen som gäller i dag. En checklista för ett ärende räknas bara i det; en utan ärende räknas i alla hushållets.',
      access: fylla,
      body: NyBarnchecklista,
      answers: { 201: Barnchecklista },
    }),
    (request, reply) =>
      write(request, reply, 'paborja', async work => {
        const made = await beginChecklist(work, request.body)
        return { ...answer(request, made), status: 201, location: pathOf(made) }
      }),
  )

  app.get(
    '/v1/barnchecklistor/:id',
    operation({
      id: 'hamtaBarnchecklista',
      tag,
      summary: 'Hämta en barnchecklista',
      access: lasa,
      params,
      answers: { 200: Barnchecklista },
    }),
    async (request, reply) => {
      const checklista = await readChecklist(db.reading(request.caller), request.params.id)
      setEtag(reply, checklista.version)
      return view(request, checklista)
    },
  )

  change.put(
    '/v1/barnchecklistor/:id',
    'spara',
    {
      id: 'sparaBarnchecklista',
      tag,
      summary: 'Spara ett utkast',
      description:
        'Hela utkastet som det ska vara: det som inte skickas är tomt. Det får sakna vad som helst tills det klarmarkeras.',
      access: fylla,
      params,
      body: Barnchecklisteutkast,
      answers: { 200: Barnchecklista },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await saveDraft(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/barnchecklistor/:id/klarmarkering',
    'klarmarkera',
    {
      id: 'klarmarkeraBarnchecklista',
      tag,
      summary: 'Klarmarkera en barnchecklista',
      description:
        'Varje obligatorisk punkt är besvarad, varje barn i hushållet finns med, med skäl om det inte har hörts av annan orsak än ålder eller egen vilja, och barnets bästa är bedömt. `errors` säger vad som saknas.',
      access: fylla,
      params,
      body: Tomt,
      answers: { 200: Barnchecklista },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await finishChecklist(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/barnchecklistor/:id/revidering',
    'revidera',
    {
      id: 'revideraBarnchecklista',
      tag,
      summary: 'Revidera en klar barnchecklista',
      description:
        'Svarar med ett nytt utkast med samma innehåll, som ersätter den klara. Den klara ändras aldrig, men räknas inte längre som färdig.',
      access: fylla,
      params,
      body: Tomt,
      answers: { 201: Barnchecklista },
    },
    async ({ work, request, params, ifMatch }) => {
      const revision = await reviseChecklist(work, params.id, ifMatch)
      return { ...answer(request, revision), status: 201, location: pathOf(revision) }
    },
  )

  statisticsRoutes(app, services, barnchecklistestatistik, {
    ids: ['hamtaBarnchecklistestatistik', 'hamtaBarnchecklistestatistikunderlag'],
    summary: 'Hur barnchecklistan används',
    omrade: 'område 4 och 8',
    lasa,
  })
}

function templateRoutes(app: Api, { db, write }: Services): void {
  const view = (request: FastifyRequest, mall: BarnchecklistemallRad) => ({
    ...mall,
    _links: { self: link(request, 'self', `/barnchecklistemallar/${mall.nummer}`) },
  })

  app.get(
    '/v1/barnchecklistemallar',
    operation({
      id: 'listaBarnchecklistemallar',
      tag,
      summary: 'Barnchecklistans mallar',
      description: 'De senaste först. Den som gäller är den med senast giltigFran som inte ligger framåt i tiden.',
      access: mallLasa,
      query: listQuery({}),
      answers: { 200: Barnchecklistemallslista },
    }),
    async request => {
      const { rows, total } = await listTemplates(db.browsing(request.caller), offsetOf(request.query))
      return {
        barnchecklistemallar: rows.map(row => view(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/barnchecklistemallar',
    operation({
      id: 'skapaBarnchecklistemall',
      tag,
      summary: 'För in en ny mall',
      description: 'En mall ändras aldrig. Checklistor som är påbörjade med en tidigare mall behåller den.',
      access: mallSkriva,
      body: NyBarnchecklistemall,
      answers: { 201: Barnchecklistemall },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const mall = await addTemplate(work, request.body)
        return { status: 201, body: view(request, mall), location: `/barnchecklistemallar/${mall.nummer}` }
      }),
  )

  app.get(
    '/v1/barnchecklistemallar/:nummer',
    operation({
      id: 'hamtaBarnchecklistemall',
      tag,
      summary: 'Hämta en mall',
      access: mallLasa,
      params: Type.Object({ nummer: Type.Integer({ minimum: 1, maximum: 2_147_483_647, example: 1 }) }),
      answers: { 200: Barnchecklistemall },
    }),
    async request => view(request, await readTemplate(db.reading(request.caller), request.params.nummer)),
  )
}
