import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { listMeasurements, measure } from './fidelity.ts'
import { NyTrohetsmatning, Trohetsmatning } from './schema.ts'
import { matningView } from './view.ts'

const tag = 'Bostad Först'

export const Trohetsmatningslista = listOf('trohetsmatningar', 'Trohetsmatningslista', Trohetsmatning)

/** How true the work is to the model, per year and instrument. About the programme: no personal data. */
export function trohetsmatningarRoutes(app: Api, { db, write }: Services): void {
  app.get(
    '/v1/trohetsmatningar',
    operation({
      id: 'listaTrohetsmatningar',
      tag,
      summary: 'Mätningar av programtroheten',
      description: 'Det senaste året först. Poängen per område, och de åtgärder som mätningen ledde till.',
      access: only(
        ['bostadForstTeam', 'handlaggare', 'beslutsfattare', 'statistiker'],
        'Mätningen gäller arbetssättet och innehåller inga personuppgifter',
      ),
      query: listQuery({ ar: Type.Optional(NyTrohetsmatning.properties.ar) }),
      answers: { 200: Trohetsmatningslista },
    }),
    async request => {
      const { ar } = request.query
      const { rows, total } = await listMeasurements(db.browsing(request.caller), ar, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        trohetsmatningar: rows.map(matningView),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.post(
    '/v1/trohetsmatningar',
    operation({
      id: 'registreraTrohetsmatning',
      tag,
      summary: 'Registrera årets mätning av programtroheten',
      description: 'Alla fem områdena med poäng och max. En mätning per år och instrument; den ändras inte sedan.',
      access: only(['bostadForstTeam'], 'Teamet mäter sitt eget arbetssätt'),
      body: NyTrohetsmatning,
      answers: { 201: Trohetsmatning },
    }),
    (request, reply) =>
      write(request, reply, 'registreraTrohetsmatning', async work => {
        const matning = await measure(work, request.body)
        return { status: 201, body: matningView(matning), location: `/trohetsmatningar?ar=${matning.ar}` }
      }),
  )
}
