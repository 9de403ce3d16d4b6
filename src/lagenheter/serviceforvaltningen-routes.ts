import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { limited } from '../http/streams.ts'
import { itemValidator } from '../http/validation.ts'
import { Importval, importbeskrivning } from '../shared/import-schema.ts'
import { Id } from '../shared/schema-parts.ts'
import { type Atgardspost, giveCommands } from './batch.ts'
import { importLagenheter } from './import.ts'
import { Lagenhetsimportresultat } from './import-schema.ts'
import { listLagenheter } from './list.ts'
import { addLagenheter, changeLagenhet, type Post } from './pool.ts'
import {
  Atgardsresultat,
  Lagenhet,
  LagenhetAndring,
  Lagenhetsatgard,
  Lagenhetsatgarder,
  Lagenhetsresultat,
  NyaLagenheter,
  NyLagenhet,
} from './schema.ts'
import { readLagenhet } from './service.ts'
import { Lagenhetslista, lagenhetsfilter, serviceforvaltningensView } from './view.ts'

const tag = 'För serviceförvaltningen'
const skota = only(
  ['serviceforvaltningen'],
  'Serviceförvaltningen sköter beståndet: bostädernas tillstånd och uppgifter, aldrig vem som bor där',
)
const params = Type.Object({ id: Id })
const path = '/v1/serviceforvaltningen/lagenheter'

/** Serviceförvaltningen keeps the pool: adds homes, one or many at a time, corrects them, and says what state they are in. */
export function serviceforvaltningensLagenheterRoutes(app: Api, { db, write }: Services, importLimit: number): void {
  app.get(
    path,
    operation({
      id: 'listaServiceforvaltningensLagenheter',
      tag,
      summary: 'Lista bostäderna i beståndet',
      access: skota,
      query: listQuery(lagenhetsfilter),
      answers: { 200: Lagenhetslista },
    }),
    async request => {
      const work = db.browsing(request.caller)
      const { rows, total } = await listLagenheter(work, request.query, { ...offsetOf(request.query), countedAtMost })
      return {
        lagenheter: rows.map(row => serviceforvaltningensView(request, row, work.today)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  app.get(
    `${path}/:id`,
    operation({
      id: 'hamtaServiceforvaltningensLagenhet',
      tag,
      summary: 'Hämta en bostad',
      access: skota,
      params,
      answers: { 200: Lagenhet },
    }),
    async (request, reply) => {
      const work = db.reading(request.caller)
      const lagenhet = await readLagenhet(work, request.params.id)
      setEtag(reply, lagenhet.version)
      return serviceforvaltningensView(request, lagenhet, work.today)
    },
  )

  const check = itemValidator(NyLagenhet)
  const toPost = (item: unknown): Post => {
    const errors = check(item)
    return errors.length > 0 ? { errors } : { lagenhet: item as NyLagenhet }
  }

  app.post(
    path,
    operation({
      id: 'skapaLagenheter',
      tag,
      summary: 'Lägg till bostäder i beståndet',
      description:
        'En till 500 bostäder i ett anrop. Varje bostad läggs till eller avvisas för sig. En ny bostad är planerad tills den är klar.',
      access: skota,
      body: NyaLagenheter,
      answers: { 200: Lagenhetsresultat },
    }),
    (request, reply) => {
      const poster = request.body.lagenheter.map(toPost)
      return write(request, reply, 'skapa', async work => ({ body: await addLagenheter(work, poster) }))
    },
  )

  const checkAtgard = itemValidator(Lagenhetsatgard)
  const toAtgard = (item: unknown): Atgardspost => {
    const errors = checkAtgard(item)
    return errors.length > 0 ? { errors } : { atgard: item as Lagenhetsatgard }
  }

  app.post(
    `${path}/atgarder`,
    operation({
      id: 'utforLagenhetsatgarder',
      tag,
      summary: 'Gör flera bostäder lediga, besiktigade eller återlämnade',
      description:
        'En till 500 åtgärder i ett anrop, en för varje bostad. Varje åtgärd utförs eller avvisas för sig, efter bostadens tillstånd.',
      access: skota,
      body: Lagenhetsatgarder,
      answers: { 200: Atgardsresultat },
    }),
    (request, reply) => {
      const poster = request.body.atgarder.map(toAtgard)
      return write(request, reply, 'atgarda', async work => ({ body: await giveCommands(work, poster) }))
    },
  )

  changes(app, write).patch(
    `${path}/:id`,
    'andra',
    {
      id: 'andraLagenhet',
      tag,
      summary: 'Ändra uppgifterna om en bostad',
      description:
        'Objektnumret ändras aldrig, och kategorin, området och iPoolenFran bara när ingen har eller är lovad bostaden. iPoolenTill läggs inte före dagen då den som har den flyttar.',
      access: skota,
      params,
      body: LagenhetAndring,
      answers: { 200: Lagenhet },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const lagenhet = await changeLagenhet(work, params.id, ifMatch, body)
      return { body: serviceforvaltningensView(request, lagenhet, work.today), version: lagenhet.version }
    },
  )

  app.post(
    `${path}/importer`,
    operation({
      id: 'importeraLagenheter',
      tag,
      summary: 'Importera bostäder från ett kalkylblad',
      description: `${importbeskrivning} En bostad med \`i_poolen_fran\` senast i dag blir ledig, en senare planerad.`,
      access: skota,
      query: Importval,
      body: Type.Unsafe<AsyncIterable<Buffer>>({}),
      accepts: ['text/csv'],
      bodyLimit: importLimit,
      answers: { 200: Lagenhetsimportresultat },
    }),
    (request, reply) => {
      const { dryRun = false, delvis = false } = request.query
      return write(
        request,
        reply,
        'importera',
        async work => ({
          body: { ...(await importLagenheter(work, limited(request.body, importLimit), { delvis })), dryRun },
        }),
        // Importing the same file again changes nothing; another file of the same size is not the same.
        { dryRun, keyless: true },
      )
    },
  )
}
