import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { partIdOf } from '../http/access.ts'
import type { Api, Services } from '../http/api.ts'
import { wants } from '../http/negotiation.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { limited } from '../http/streams.ts'
import { itemValidator } from '../http/validation.ts'
import { defineProblem } from '../shared/refusals.ts'
import { oneOf, Period } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { answerRows, answersFromSpreadsheet } from './answer-sheet.ts'
import { type Post, receiveAnswers } from './answers.ts'
import { type Genomgangsunderlag, listGenomgangar } from './reading.ts'
import { answerOf } from './rules.ts'
import { genomgangstillstand, HyresvardensGenomgang, InkommetSvar, InkomnaSvar, Svarsresultat } from './schema.ts'

const tag = 'För hyresvärdar'
const hyresvard = only(['hyresvard'], 'Hyresvärden ser och besvarar genomgångar av sina egna garantier, inget annat')

export const HyresvardensGenomgangslista = listOf('genomgangar', 'HyresvardensGenomgangslista', HyresvardensGenomgang)

/** A sheet of answers is a whole municipality's at most. */
const forMangaRader = defineProblem(
  'for-manga-rader',
  422,
  'För många rader',
  'Ett kalkylblad får ha högst 5 000 svar. Dela upp det.',
)
const answerLimit = 8
const mostAnswers = 5000

/** The landlord's side of the review: its own waiting reviews and its answers, as JSON or as the sheet it was given. */
export function hyresvardensGenomgangarRoutes(app: Api, { db, write }: Services, bodyLimit: number): void {
  const view = ({ genomgang, ...rest }: Genomgangsunderlag) => ({
    // For the read log: the answer's schema has no household.
    hushallId: genomgang.hushallId,
    genomgangId: genomgang.id,
    avtalsnummer: rest.avtalsnummer,
    period: genomgang.period,
    tillstand: genomgang.tillstand,
    stanger: rest.stanger,
    paminnd: genomgang.paminnd,
    adress: rest.adress,
    lagenhetsnummer: rest.lagenhetsnummer,
    manadshyraOre: rest.manadshyraOre,
    svar: answerOf(genomgang),
  })

  app.get(
    '/v1/hyresvard/genomgangar',
    operation({
      id: 'listaHyresvardensGenomgangar',
      tag,
      summary: 'Hyresvärdens öppna genomgångar',
      description:
        'Utan filter visas de som inte är klara. Med `Accept: text/csv` ges alla (högst 5 000) som ett kalkylblad att fylla i och skicka till `POST /hyresvard/genomgangssvar`.',
      access: hyresvard,
      query: listQuery({ period: Type.Optional(Period), tillstand: Type.Optional(oneOf(genomgangstillstand)) }),
      answers: { 200: HyresvardensGenomgangslista },
      also: ['text/csv'],
    }),
    async (request, reply) => {
      const { period, tillstand } = request.query
      const filter = {
        period,
        tillstand,
        hyresvardId: partIdOf(request),
        oppna: tillstand === undefined,
        utlamnad: true,
      }
      const work = db.browsing(request.caller)
      if (wants(request, 'text/csv')) {
        const { rows } = await listGenomgangar(work, filter, { limit: mostAnswers, offset: 0, countedAtMost })
        await app.logRead(
          request,
          rows.map(({ genomgang }) => genomgang.hushallId),
        )
        reply.header('content-disposition', 'attachment; filename="genomgangar.csv"')
        return reply.type('text/csv; charset=utf-8').send(Readable.from(answerRows(rows.map(view))))
      }
      const { rows, total } = await listGenomgangar(work, filter, { ...offsetOf(request.query), countedAtMost })
      return { genomgangar: rows.map(view), ...pageOf(request, request.query, rows.length, total) }
    },
  )

  const check = itemValidator(InkommetSvar)
  const toPost = (item: unknown): Post => {
    const errors = check(item)
    return errors.length > 0 ? { errors } : { svar: item as InkommetSvar }
  }

  app.post(
    '/v1/hyresvard/genomgangssvar',
    operation({
      id: 'svaraPaGenomgangar',
      tag,
      summary: 'Svara på genomgångar',
      description:
        'Ett till 5 000 svar i ett anrop, som JSON eller som kalkylbladet (text/csv). Varje svar tas emot eller avvisas för sig. Samma svar igen ändrar ingenting.',
      access: hyresvard,
      body: InkomnaSvar,
      answers: { 200: Svarsresultat },
      accepts: ['application/json', 'text/csv'],
      bodyLimit: answerLimit * bodyLimit,
    }),
    async (request, reply) => {
      const hyresvardId = partIdOf(request)
      const body = request.body as unknown
      const poster =
        body instanceof Readable
          ? await answersFromSpreadsheet(limited(body, answerLimit * bodyLimit), check, mostAnswers)
          : request.body.svar.map(toPost)
      if (poster === 'too-many') throw forMangaRader()
      const answer = async (work: Work) => ({ body: await receiveAnswers(work, hyresvardId, poster) })
      return write(request, reply, 'svara', answer, { fingerprint: poster })
    },
  )
}
