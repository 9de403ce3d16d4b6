import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { addForturskriterier, listForturskriterier } from './criteria.ts'
import { decisionsToReplay, Kriterieprov, Kriterieprovsresultat, type Provat, replay } from './replay.ts'
import { Forturskriterier, NyaForturskriterier } from './schema.ts'

const tag = 'Social förtur'

export const Forturskriterielista = listOf('forturskriterier', 'Forturskriterielista', Forturskriterier)

/** The municipality's criteria for förtur, and what others would have meant. */
export function forturskriterierRoutes(app: Api, { db, write }: Services): void {
  app.get(
    '/v1/forturskriterier',
    operation({
      id: 'listaForturskriterier',
      tag,
      summary: 'Kommunens kriterier för förtur, alla versioner',
      access: only(
        ['handlaggare', 'beslutsfattare', 'administrator'],
        'Den som utreder och beslutar ska kunna se vad som krävs',
      ),
      query: listQuery({}),
      answers: { 200: Forturskriterielista },
    }),
    async request => {
      const { rows, total } = await listForturskriterier(db.browsing(request.caller), offsetOf(request.query))
      return { forturskriterier: rows, ...pageOf(request, request.query, rows.length, total) }
    },
  )

  app.post(
    '/v1/forturskriterier',
    operation({
      id: 'skapaForturskriterier',
      tag,
      summary: 'Ny version av kriterierna för förtur',
      description:
        'En version ändras aldrig. Ett beslut bedöms med den version som gäller den dagen: senaste giltigFran, sedan högsta nummer. Kriterier som saknas ställs inte.',
      access: only(['administrator'], 'Kriterierna är nämndens riktlinjer'),
      body: NyaForturskriterier,
      answers: { 201: Forturskriterier },
    }),
    (request, reply) =>
      write(request, reply, 'nyaKriterier', async work => ({
        status: 201,
        body: await addForturskriterier(work, request.body),
        location: '/forturskriterier',
      })),
  )

  app.post(
    '/v1/forturer/kriterieprov',
    operation({
      id: 'provaForturskriterier',
      tag,
      summary: 'Pröva andra kriterier på fattade beslut',
      description:
        'Räknar om bedömningen i periodens beslut om förtur med andra kriterier, från de värden som besluten fattades på. ' +
        'Ingen person, inget hushåll och inget ärende finns i svaret. Kriterier som saknas ställs inte. ' +
        'För statistiker visas inga värden, inga tal under fem och inget beslut som färre än fem är lika. ' +
        'Provet är en POST för att kriterierna är för många för en adress. Det ändrar ingenting.',
      access: only(
        ['beslutsfattare', 'administrator', 'statistiker'],
        'Den som ändrar kriterierna ska först kunna se vad ändringen betyder',
      ),
      body: Kriterieprov,
      answers: { 200: Kriterieprovsresultat },
    }),
    async request => {
      const { caller, body } = request
      const masked = !caller.roller.some(roll => roll === 'beslutsfattare' || roll === 'administrator')
      return replay(body, db.stream<Provat>(caller, decisionsToReplay(body)), masked)
    },
  )
}
