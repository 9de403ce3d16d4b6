import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Lagenhet } from '../lagenheter/schema.ts'
import { readLagenhet } from '../lagenheter/service.ts'
import { serviceforvaltningensView as lagenhetsvy } from '../lagenheter/view.ts'
import { finnsInte } from '../shared/refusals.ts'
import { Id, oneOf, Tomt } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { report } from './follow-up.ts'
import { findServiceforvaltningens, listServiceforvaltningens } from './list.ts'
import {
  Boendehandelse,
  NyBoendehandelse,
  Overtagandesvar,
  ServiceforvaltningensStodlagenhet,
  Stodlagenhetsavtal,
  Stodlagenhetsuppsagning,
  serviceforvaltningensTillstand,
  Utflyttning,
} from './schema.ts'
import type { IfMatch } from './service.ts'
import { answerTakeover, giveNotice, moveOut, sign, voidLease, withdrawNotice } from './tenancy.ts'
import { serviceforvaltningensView } from './view.ts'

const tag = 'För serviceförvaltningen'
const hyresvard = only(
  ['serviceforvaltningen'],
  'Serviceförvaltningen är hyresvärd: den ser uthyrningen, aldrig varför den finns, planen eller barnen',
)
const params = Type.Object({ id: Id })
const path = '/v1/serviceforvaltningen/stodlagenheter'

export const ServiceforvaltningensStodlagenhetslista = listOf(
  'stodlagenheter',
  'ServiceforvaltningensStodlagenhetslista',
  ServiceforvaltningensStodlagenhet,
)

/** The landlord's side of stödlägenheter: the leases, notices and moves, and what it tells of. */
export function serviceforvaltningensStodlagenheterRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const find = async (work: Work, id: string) => {
    const row = await findServiceforvaltningens(work, id)
    if (!row) throw finnsInte()
    return row
  }
  /** A command by its landlord: done, and answered as the landlord sees it. */
  const answered = async (
    {
      work,
      request,
      params,
      ifMatch,
    }: { work: Work; request: FastifyRequest; params: { id: string }; ifMatch: IfMatch },
    done: (work: Work, id: string, ifMatch: IfMatch) => Promise<unknown>,
  ) => {
    await done(work, params.id, ifMatch)
    const row = await find(work, params.id)
    return { body: serviceforvaltningensView(request, row), version: row.version }
  }

  app.get(
    path,
    operation({
      id: 'listaServiceforvaltningensStodlagenheter',
      tag,
      summary: 'Stödlägenheter som hyrs ut eller ska hyras ut',
      description: 'Från att en bostad är föreslagen. Namnet följer med först när bostaden är tilldelad.',
      access: hyresvard,
      query: listQuery({ tillstand: Type.Optional(oneOf(serviceforvaltningensTillstand)) }),
      answers: { 200: ServiceforvaltningensStodlagenhetslista },
    }),
    async request => {
      const { rows, total } = await listServiceforvaltningens(db.browsing(request.caller), request.query.tillstand, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        stodlagenheter: rows.map(row => serviceforvaltningensView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    `${path}/:id`,
    operation({
      id: 'hamtaServiceforvaltningensStodlagenhet',
      tag,
      summary: 'Hämta en stödlägenhet',
      access: hyresvard,
      params,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    }),
    async (request, reply) => {
      const row = await find(db.reading(request.caller), request.params.id)
      setEtag(reply, row.version)
      return serviceforvaltningensView(request, row)
    },
  )

  change.post(
    `${path}/:id/avtal`,
    'tecknaAvtal',
    {
      id: 'serviceforvaltningenTecknarAvtal',
      tag,
      summary: 'Meddela att avtalet är tecknat',
      access: hyresvard,
      params,
      body: Stodlagenhetsavtal,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    },
    asked => answered(asked, (work, id, ifMatch) => sign(work, id, ifMatch, asked.body)),
  )

  change.post(
    `${path}/:id/avtalshavning`,
    'havAvtal',
    {
      id: 'serviceforvaltningenHaverAvtal',
      tag,
      summary: 'Häv avtalet före inflyttningen',
      description: 'När ingen flyttar in. Svaret är bostaden, som är ledig igen.',
      access: hyresvard,
      params,
      body: Tomt,
      answers: { 200: Lagenhet },
    },
    async ({ work, request, params, ifMatch }) => {
      const { lagenhetId, hushallId } = await find(work, params.id)
      await voidLease(work, params.id, ifMatch)
      const home = await readLagenhet(work, lagenhetId as string)
      // For the read log: whose contract it was.
      return { body: { hushallId, ...lagenhetsvy(request, home, work.today) }, version: home.version }
    },
  )

  change.post(
    `${path}/:id/uppsagning`,
    'sagUpp',
    {
      id: 'serviceforvaltningenSagerUpp',
      tag,
      summary: 'Meddela uppsägning',
      description: 'Socialnämnden meddelas när grunden är hyresskuld eller störning.',
      access: hyresvard,
      params,
      body: Stodlagenhetsuppsagning,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    },
    asked => answered(asked, (work, id, ifMatch) => giveNotice(work, id, ifMatch, asked.body)),
  )

  change.post(
    `${path}/:id/atertagande`,
    'aterta',
    {
      id: 'serviceforvaltningenAtertarUppsagning',
      tag,
      summary: 'Återta uppsägningen',
      access: hyresvard,
      params,
      body: Tomt,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    },
    asked => answered(asked, withdrawNotice),
  )

  change.post(
    `${path}/:id/utflyttning`,
    'flyttaUt',
    {
      id: 'serviceforvaltningenMeddelarUtflyttning',
      tag,
      summary: 'Meddela att hyresgästen har flyttat ut',
      access: hyresvard,
      params,
      body: Utflyttning,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    },
    asked => answered(asked, (work, id, ifMatch) => moveOut(work, id, ifMatch, asked.body)),
  )

  change.post(
    `${path}/:id/overtagandesvar`,
    'svaraPaOvertagande',
    {
      id: 'serviceforvaltningenSvararPaOvertagande',
      tag,
      summary: 'Svara om hyresgästen kan ta över kontraktet',
      access: hyresvard,
      params,
      body: Overtagandesvar,
      answers: { 200: ServiceforvaltningensStodlagenhet },
    },
    asked => answered(asked, (work, id, ifMatch) => answerTakeover(work, id, ifMatch, asked.body)),
  )

  app.post(
    `${path}/:id/handelser`,
    operation({
      id: 'rapporteraBoendehandelse',
      tag,
      summary: 'Rapportera en störning eller en hyresskuld',
      description: 'En hyresskuld rapporteras hel, och med 0 när den är betald.',
      access: hyresvard,
      params,
      body: NyBoendehandelse,
      answers: { 201: Boendehandelse },
    }),
    (request, reply) =>
      write(request, reply, 'rapportera', async work => ({
        status: 201,
        body: await report(work, request.params.id, request.body),
        location: `/serviceforvaltningen/stodlagenheter/${request.params.id}`,
      })),
  )
}
