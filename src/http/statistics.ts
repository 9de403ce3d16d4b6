import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Indikatortal, statistics, statisticsRows, statisticsSeries } from '../shared/figures.ts'
import { Datum, exampleOf, oneOf, ref } from '../shared/schema-parts.ts'
import { Statistikfraga, type Statistikomrade } from '../shared/statistics.ts'
import type { Api, Services } from './api.ts'
import { link } from './links.ts'
import { type Access, only, operation } from './operation.ts'
import { countedAtMost, listQuery, offsetOf, pageOf } from './paging.ts'

const tag = 'Uppföljning'

/**
 * Registers the figures of an area, `GET <path>`, and the records behind each, `GET <path>/{kod}/underlag`.
 *
 * @param ids operationId of the two
 * @param summary what the figures are, in Swedish
 * @param omrade which part of the plan they follow up
 * @param lasa who may see the records; the figures are for the statistician as well
 */
export function statisticsRoutes(
  app: Api,
  { db }: Services,
  area: Statistikomrade,
  {
    ids,
    summary,
    omrade,
    lasa,
  }: { ids: [figures: string, records: string]; summary: string; omrade: string; lasa: Access },
): void {
  const { path, koder, Statistik, Statistikserie, Statistikunderlag } = area
  const masked = ({ caller }: FastifyRequest) => !caller.roller.some(roll => lasa.by.includes(roll))
  const time = (fran: string, till: string) => `?fran=${fran}&till=${till}`
  const withLinks = (request: FastifyRequest, fran: string, till: string, found: Indikatortal[]) =>
    found.map(indikator => ({
      ...indikator,
      _links: { underlag: link(request, 'underlag', `${path}/${indikator.kod}/underlag${time(fran, till)}`) },
    }))

  app.get(
    `/v1${path}`,
    operation({
      id: ids[0],
      tag,
      summary,
      description:
        'Varje tal har sin definition och en länk till posterna bakom. För statistiker visas inga tal under fem och ingen fördelning. Med `per` delas tiden, och varje del har sina egna tal.',
      access: only(
        [...lasa.by, 'statistiker'],
        `Uppföljningen av handlingsplanens ${omrade}; statistikern ser inga små tal`,
      ),
      query: Statistikfraga,
      answers: { 200: Type.Union([ref(Statistik), ref(Statistikserie)], { example: exampleOf(Statistik) }) },
    }),
    async request => {
      const { per, ...tid } = request.query
      const work = db.browsing(request.caller)
      const self = `${path}${time(tid.fran, tid.till)}`
      if (per === undefined) {
        const found = await statistics(work, area, tid, masked(request))
        return {
          ...tid,
          indikatorer: withLinks(request, tid.fran, tid.till, found),
          _links: { self: link(request, 'self', self) },
        }
      }
      const found = await statisticsSeries(work, area, tid, per, masked(request))
      return {
        ...tid,
        per,
        perioder: found.map(({ period, fran, till, indikatorer }) => ({
          period,
          fran,
          till,
          indikatorer: withLinks(request, fran, till, indikatorer),
        })),
        _links: { self: link(request, 'self', `${self}&per=${per}`) },
      }
    },
  )

  app.get(
    `/v1${path}/:kod/underlag`,
    operation({
      id: ids[1],
      tag,
      summary: 'Posterna bakom ett tal',
      access: lasa,
      params: Type.Object({ kod: oneOf(koder) }),
      query: listQuery({ fran: Datum, till: Datum }),
      answers: { 200: Statistikunderlag },
    }),
    async request => {
      const { kod } = request.params
      const { definition, poster, total } = await statisticsRows(
        db.browsing(request.caller),
        area,
        kod,
        request.query,
        {
          ...offsetOf(request.query),
          countedAtMost,
        },
      )
      return { kod, definition, poster, ...pageOf(request, request.query, poster.length, total) }
    },
  )
}
