import type { Api, Services } from '../http/api.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Uppgift } from './schema.ts'
import { listWaiting } from './service.ts'

const Uppgiftslista = listOf('uppgifter', 'Uppgiftslista', Uppgift)

export function mittRoutes(app: Api, { db }: Services): void {
  app.get(
    '/v1/mitt',
    operation({
      id: 'hamtaMitt',
      tag: 'Ärenden',
      summary: 'Allt som väntar på mig i dag',
      description:
        'Det som förfaller, är försenat, obesvarat eller inte öppnat: egna ärenden, och det som ingen har tagit. Det som är mest försenat står först.',
      access: only(
        ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam'],
        'Var och en ser vad som väntar på just hen',
      ),
      query: listQuery({}),
      answers: { 200: Uppgiftslista },
    }),
    async request => {
      const { rows, total } = await listWaiting(db.browsing(request.caller), {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        uppgifter: rows.map(row => ({
          ...row,
          _links: {
            ...(row.arendeId && { arende: link(request, 'related', `/arenden/${row.arendeId}`) }),
            ...(row.beslutId && { beslut: link(request, 'related', `/beslut/${row.beslutId}`) }),
            ...(row.forturId && { fortur: link(request, 'related', `/forturer/${row.forturId}`) }),
            ...(row.lagenhetId && { bostad: link(request, 'related', `/lagenheter/${row.lagenhetId}`) }),
            ...(row.stodlagenhetId && {
              stodlagenhet: link(request, 'related', `/stodlagenheter/${row.stodlagenhetId}`),
            }),
            ...(row.bostadForstId && { boende: link(request, 'related', `/bostad-forst/${row.bostadForstId}`) }),
          },
        })),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )
}
