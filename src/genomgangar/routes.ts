import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { commandLinks } from '../http/commands.ts'
import { etagOf, setEtag } from '../http/etag.ts'
import { href, link } from '../http/links.ts'
import { wants } from '../http/negotiation.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Id, oneOf, Period } from '../shared/schema-parts.ts'
import { calendarLimit, calendarOf } from './calendar.ts'
import { lifecycle } from './lifecycle.ts'
import { assessmentOf, type Genomgangsunderlag, listGenomgangar, readGenomgang } from './reading.ts'
import { listRounds, type OmgangMedLage, openRound, readRound } from './rounds.ts'
import { answerOf } from './rules.ts'
import {
  Genomgang,
  Genomgangsomgang,
  Genomgangsutfall,
  genomgangstillstand,
  MangaUtfall,
  NyGenomgangsomgang,
  Utfallsresultat,
} from './schema.ts'
import { decideMany, decideOne } from './service.ts'

const tag = 'Genomgångar'
const lasa = only(['handlaggare', 'beslutsfattare'], 'Genomgångarna hör till garantierna som handläggs')
const avgora = only(['handlaggare'], 'En namngiven person avgör; tjänsten föreslår')
const params = Type.Object({ id: Id })

export const Genomgangslista = listOf('genomgangar', 'Genomgangslista', Genomgang)
export const Omgangslista = listOf('genomgangsomgangar', 'Omgangslista', Genomgangsomgang)

export function genomgangarRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const view = (request: FastifyRequest, underlag: Genomgangsunderlag, today: string) => {
    const { genomgang, avtalsnummer, stanger } = underlag
    const path = `/genomgangar/${genomgang.id}`
    return {
      ...genomgang,
      avtalsnummer,
      stanger,
      svar: answerOf(genomgang),
      bedomning: assessmentOf(underlag, today),
      etag: etagOf(genomgang.version),
      _links: {
        self: link(request, 'self', path),
        hyresgaranti: link(request, 'up', `/hyresgarantier/${genomgang.hyresgarantiId}`),
        omgang: link(request, 'collection', `/genomgangsomgangar/${genomgang.period}`),
        ...commandLinks(request, lifecycle, genomgang, path),
      },
    }
  }

  const filter = {
    period: Type.Optional(Period),
    tillstand: Type.Optional(oneOf(genomgangstillstand)),
    hyresvardId: Type.Optional(Id),
    hyresgarantiId: Type.Optional(Id),
  }
  async function calendar(request: FastifyRequest, query: object) {
    const work = db.browsing(request.caller)
    const { rows } = await listGenomgangar(
      work,
      { ...query, oppna: true },
      { limit: calendarLimit, offset: 0, countedAtMost },
    )
    await app.logRead(
      request,
      rows.map(({ genomgang }) => genomgang.hushallId),
    )
    return calendarOf(rows, id => href(request, `/genomgangar/${id}`))
  }

  app.get(
    '/v1/genomgangar',
    operation({
      id: 'listaGenomgangar',
      tag,
      summary: 'Lista genomgångar',
      description:
        'Med `Accept: text/calendar` (eller på adressen `/genomgangar.ics`) ges de öppna genomgångarnas sista dagar som en kalender, med nummer och aldrig namn.',
      access: lasa,
      query: listQuery(filter),
      answers: { 200: Genomgangslista },
      also: ['text/calendar'],
    }),
    async (request, reply) => {
      if (wants(request, 'text/calendar')) {
        const { page: _, limit: __, ...query } = request.query
        return reply
          .type('text/calendar; charset=utf-8')
          .serializer(String)
          .send(await calendar(request, query))
      }
      const work = db.browsing(request.caller)
      const { rows, total } = await listGenomgangar(work, request.query, { ...offsetOf(request.query), countedAtMost })
      return {
        genomgangar: rows.map(row => view(request, row, work.today)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get('/v1/genomgangar.ics', { schema: { hide: true }, config: { access: lasa } }, async (request, reply) =>
    reply.type('text/calendar; charset=utf-8').send(await calendar(request, {})),
  )

  app.post(
    '/v1/genomgangar/utfall',
    operation({
      id: 'avgorGenomgangar',
      tag,
      summary: 'Avgör många genomgångar',
      description:
        'Varje post avgörs för sig; en som avvisas säger varför och hindrar inte de andra. Med `dryRun=true` görs ingenting, men svaret är detsamma.',
      access: avgora,
      query: Type.Object({ dryRun: Type.Optional(Type.Boolean({ default: false })) }, { additionalProperties: false }),
      body: MangaUtfall,
      answers: { 200: Utfallsresultat },
    }),
    (request, reply) => {
      const dryRun = request.query.dryRun ?? false
      return write(request, reply, 'avgor', async work => ({ body: await decideMany(work, request.body, dryRun) }), {
        dryRun,
      })
    },
  )

  app.get(
    '/v1/genomgangar/:id',
    operation({
      id: 'hamtaGenomgang',
      tag,
      summary: 'Hämta en genomgång',
      access: lasa,
      params,
      answers: { 200: Genomgang },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const underlag = await readGenomgang(work, request.params.id)
      setEtag(reply, underlag.genomgang.version)
      return view(request, underlag, work.today)
    },
  )

  change.post(
    '/v1/genomgangar/:id/utfall',
    'avgor',
    {
      id: 'avgorGenomgang',
      tag,
      summary: 'Avgör en genomgång',
      description:
        '`avsluta` kräver att alla hyresvärdens kriterier är uppfyllda och att inget krav är öppet. Har hyresvärden samtyckt i sitt svar avslutas garantin, annars föreslås avslutet för hyresvärden.',
      access: avgora,
      params,
      body: Genomgangsutfall,
      answers: { 200: Genomgang },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const underlag = await decideOne(work, params.id, ifMatch, body)
      return { body: view(request, underlag, work.today), version: underlag.genomgang.version }
    },
  )

  const omgangView = (request: FastifyRequest, omgang: OmgangMedLage) => ({
    ...omgang,
    _links: {
      self: link(request, 'self', `/genomgangsomgangar/${omgang.period}`),
      genomgangar: link(request, 'item', `/genomgangar?period=${omgang.period}`),
    },
  })

  app.get(
    '/v1/genomgangsomgangar',
    operation({
      id: 'listaGenomgangsomgangar',
      tag,
      summary: 'Lista genomgångsomgångar',
      access: lasa,
      query: listQuery({}),
      answers: { 200: Omgangslista },
    }),
    async request => {
      const { rows, total } = await listRounds(db.browsing(request.caller), offsetOf(request.query))
      return {
        genomgangsomgangar: rows.map(row => omgangView(request, row)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/genomgangsomgangar',
    operation({
      id: 'oppnaGenomgangsomgang',
      tag,
      summary: 'Öppna en genomgångsomgång',
      description:
        'Omgångarna öppnas av sig själva; detta är för den som inte vill vänta. Listan är garantierna som var aktiva på omgångens öppningsdag.',
      access: avgora,
      body: NyGenomgangsomgang,
      answers: { 201: Genomgangsomgang },
    }),
    (request, reply) =>
      write(request, reply, 'oppnaOmgang', async work => {
        const { period } = request.body
        await openRound(work, period)
        return {
          status: 201,
          body: omgangView(request, await readRound(work, period)),
          location: `/genomgangsomgangar/${period}`,
        }
      }),
  )

  app.get(
    '/v1/genomgangsomgangar/:period',
    operation({
      id: 'hamtaGenomgangsomgang',
      tag,
      summary: 'Hämta en genomgångsomgång med dess läge',
      access: lasa,
      params: Type.Object({ period: Period }),
      answers: { 200: Genomgangsomgang },
    }),
    async (request, reply) => {
      const omgang = await readRound(db.reading(request.caller), request.params.period)
      // A round has no row version: its tag is its progress.
      const { antal, vantar, besvarade, klara, forfallna } = omgang
      reply.header('etag', `"${[antal, vantar, besvarade, klara, forfallna].join('.')}"`)
      return omgangView(request, omgang)
    },
  )
}
