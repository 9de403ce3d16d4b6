import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { type Access, only } from '../http/operation.ts'
import type { Day } from '../shared/dates.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { handBack, inspect, makeReady } from './pool.ts'
import { Aterlamning, Besiktning, Lagenhet, type LagenhetRad } from './schema.ts'
import { lagenhetView, serviceforvaltningensView } from './view.ts'

/** Who keeps homes: the commands are the same. */
type Keeper = {
  tag: string
  path: string
  access: Access
  ids: { klar: string; besiktiga: string; aterlamna: string }
  view: (request: FastifyRequest, lagenhet: LagenhetRad, today: Day) => object
}
const keepers: Keeper[] = [
  {
    tag: 'Bostäder',
    path: '/v1/lagenheter',
    access: only(['boendeenhet'], 'Boendeenheten sköter de bostäder som andra än serviceförvaltningen lämnar'),
    ids: { klar: 'goraLagenhetLedig', besiktiga: 'besiktigaLagenhet', aterlamna: 'aterlamnaLagenhet' },
    view: lagenhetView,
  },
  {
    tag: 'För serviceförvaltningen',
    path: '/v1/serviceforvaltningen/lagenheter',
    access: only(['serviceforvaltningen'], 'Serviceförvaltningen sköter beståndet'),
    ids: {
      klar: 'serviceforvaltningenGorLagenhetLedig',
      besiktiga: 'serviceforvaltningenBesiktigarLagenhet',
      aterlamna: 'serviceforvaltningenAterlamnarLagenhet',
    },
    view: serviceforvaltningensView,
  },
]

/** What is done with a home that nobody has. */
export function lagenhetskommandonRoutes(app: Api, { write }: Services): void {
  const change = changes(app, write)

  for (const { tag, path, access, ids, view } of keepers) {
    const spec = { tag, access, params: Type.Object({ id: Id }), answers: { 200: Lagenhet } }
    const answer = (request: FastifyRequest, today: Day, lagenhet: LagenhetRad) => ({
      body: view(request, lagenhet, today),
      version: lagenhet.version,
    })

    change.post(
      `${path}/:id/klar`,
      'klar',
      { ...spec, id: ids.klar, summary: 'Gör en bostad ledig', body: Tomt },
      async ({ work, request, params, ifMatch }) =>
        answer(request, work.today, await makeReady(work, params.id, ifMatch)),
    )
    change.post(
      `${path}/:id/besiktning`,
      'besiktiga',
      {
        ...spec,
        id: ids.besiktiga,
        summary: 'Skriv in besiktningen av en tömd bostad',
        description: 'Behöver den inte renoveras blir den ledig genast.',
        body: Besiktning,
      },
      async ({ work, request, params, body, ifMatch }) =>
        answer(request, work.today, await inspect(work, params.id, ifMatch, body)),
    )
    change.post(
      `${path}/:id/aterlamning`,
      'aterlamna',
      {
        ...spec,
        id: ids.aterlamna,
        summary: 'Lämna tillbaka en bostad till ägaren',
        description: 'Bara en bostad som ingen har eller är lovad. Den lämnar beståndet.',
        body: Aterlamning,
      },
      async ({ work, request, params, body, ifMatch }) =>
        answer(request, work.today, await handBack(work, params.id, ifMatch, body)),
    )
  }
}
