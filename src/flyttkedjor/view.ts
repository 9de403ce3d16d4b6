import type { FastifyRequest } from 'fastify'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { actorsOf } from '../shared/caller.ts'
import { lankLifecycle, lifecycle } from './lifecycle.ts'
import type { PartensRad } from './list.ts'
import type { FlyttkedjaRad, FlyttlankRad } from './schema.ts'
import type { Hel } from './service.ts'

const ofLank = ['taBort', 'svara', 'genomfor'] as const

/** What can be done with a link: what its own state and the chain's both let. */
function lankCommands(
  request: FastifyRequest,
  kedja: Pick<FlyttkedjaRad, 'tillstand'>,
  lank: FlyttlankRad,
  path: string,
) {
  const refused = ofLank.filter(
    name => lifecycle.whyNot(name, kedja as FlyttkedjaRad, actorsOf(request.caller)) !== null,
  )
  const possible = commandLinks(request, lankLifecycle, lank, path)
  return Object.fromEntries(Object.entries(possible).filter(([name]) => !(refused as string[]).includes(name)))
}

/** A chain with its links, and what can be done. */
export function kedjeView(request: FastifyRequest, { kedja, lankar }: Hel) {
  const path = `/flyttkedjor/${kedja.id}`
  return {
    ...kedja,
    lankar: lankar.map(lank => ({
      ...lank,
      _links: {
        hushall: link(request, 'related', `/hushall/${lank.hushallId}`),
        ...lankCommands(request, kedja, lank, `${path}/lankar/${lank.id}`),
      },
    })),
    etag: etagOf(kedja.version),
    _links: {
      self: link(request, 'self', path),
      hyresvard: link(request, 'related', `/hyresvardar/${kedja.hyresvardId}`),
      historik: link(request, 'version-history', `${path}/historik`),
      ...commandLinks(request, lifecycle, kedja, path),
    },
  }
}

/** A link as a party sees it: each field by name, so that a new one is not shown by itself. */
const partens = (request: FastifyRequest, row: PartensRad, svar: FlyttlankRad['hushalletsSvar'], at: string) => {
  const path = `/${at}/flyttkedjor/lankar/${row.id}`
  return {
    // For the read log: the answer's schema has no household.
    hushallId: row.hushallId,
    id: row.id,
    flyttkedjenummer: row.flyttkedjenummer,
    kedjansTillstand: row.kedjansTillstand,
    tillstand: row.tillstand,
    vantarPaErtSvar: row.kedjansTillstand === 'planerad' && svar === null,
    ertSvar: svar,
    flyttdag: row.flyttdag,
    antalPersoner: row.antalPersoner,
    hyresgast: row.hyresgast,
    genomfordDatum: row.genomfordDatum,
    etag: etagOf(row.version),
    _links: {
      self: link(request, 'self', path),
      ...lankCommands(request, { tillstand: row.kedjansTillstand }, row, path),
    },
  }
}
export const hyresvardensView = (request: FastifyRequest, row: PartensRad) => ({
  ...partens(request, row, row.hyresvardensSvar, 'hyresvard'),
  objektnummer: row.tillObjektnummer,
})
export const serviceforvaltningensView = (request: FastifyRequest, row: PartensRad) => ({
  ...partens(request, row, row.serviceforvaltningensSvar, 'serviceforvaltningen'),
  franLagenhetId: row.franLagenhetId,
  franObjektnummer: row.franObjektnummer,
  tillLagenhetId: row.tillLagenhetId,
  tillObjektnummer: row.poolensObjektnummer,
})
