import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { link } from '../http/links.ts'
import { wants } from '../http/negotiation.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { oneOf } from '../shared/schema-parts.ts'
import { Ar, Bostadsbehov } from './schema.ts'
import { housingNeed, housingNeedRows, needSheet } from './service.ts'
import { Bostadsbehovsunderlag, bostadsbehov } from './statistics.ts'

const tag = 'Uppföljning'
const lasa = only(
  ['handlaggare', 'beslutsfattare', 'boendeenhet'],
  'Posterna bakom behovet av bostäder är socialtjänstens ärenden och boendeenhetens bostäder',
)
const path = '/bostadsbehov'

export function bostadsbehovRoutes(app: Api, { db }: Services): void {
  app.get(
    `/v1${path}`,
    operation({
      id: 'hamtaBostadsbehov',
      tag,
      summary: 'Behovet av bostäder: underlag till bostads- och lokalförsörjningsplanen',
      description:
        'Hur många bostäder som bereddes under året, beståndet, kön, väntan och omsättningen, och behovet mot utbudet om ett, tre och fem år. Varje tal har sin definition och en länk till posterna bakom; varje prognos säger vilka mått den är räknad av. Pågår året räknas till och med i dag. Ett hushåll kan vänta på mer än en insats, så insatserna läggs inte ihop. Med `Accept: text/csv` ges samma tal som ett kalkylblad. För statistiker visas inga tal under fem och ingen fördelning.',
      access: only(
        [...lasa.by, 'statistiker'],
        'Behovet beskrivs varje år i bostads- och lokalförsörjningsplanen; statistikern ser inga små tal',
      ),
      query: Type.Object({ ar: Ar }, { additionalProperties: false }),
      answers: { 200: Bostadsbehov },
      also: ['text/csv'],
    }),
    async (request, reply) => {
      const { caller, query } = request
      const masked = !caller.roller.some(roll => lasa.by.includes(roll))
      const behov = await housingNeed(db.browsing(caller), query.ar, masked)
      if (wants(request, 'text/csv')) {
        reply.header('content-disposition', `attachment; filename="bostadsbehov-${query.ar}.csv"`)
        return reply.type('text/csv; charset=utf-8').send(Readable.from(needSheet(behov)))
      }
      const asked = `?ar=${query.ar}`
      return {
        ...behov,
        matt: behov.matt.map(one => ({
          ...one,
          _links: { underlag: link(request, 'underlag', `${path}/${one.kod}/underlag${asked}`) },
        })),
        _links: { self: link(request, 'self', `${path}${asked}`) },
      }
    },
  )

  app.get(
    `/v1${path}/:kod/underlag`,
    operation({
      id: 'hamtaBostadsbehovetsUnderlag',
      tag,
      summary: 'Posterna bakom ett mått i behovet av bostäder',
      access: lasa,
      params: Type.Object({ kod: oneOf(bostadsbehov.koder) }),
      query: listQuery({ ar: Ar }),
      answers: { 200: Bostadsbehovsunderlag },
    }),
    async request => {
      const { kod } = request.params
      const { definition, poster, total } = await housingNeedRows(db.browsing(request.caller), kod, request.query.ar, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return { kod, definition, poster, ...pageOf(request, request.query, poster.length, total) }
    },
  )
}
