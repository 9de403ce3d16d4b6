import type { FastifyRequest } from 'fastify'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import type { MedGrupper } from './investigation.ts'
import { lifecycle } from './lifecycle.ts'
import type { ArendeRad } from './schema.ts'

/** A case as socialförvaltningen sees it, with what can be done in it. */
export function arendeView(request: FastifyRequest, arende: ArendeRad) {
  const path = `/arenden/${arende.id}`
  return {
    ...arende,
    etag: etagOf(arende.version),
    _links: {
      self: link(request, 'self', path),
      hushall: link(request, 'related', `/hushall/${arende.hushallId}`),
      utredning: link(request, 'related', `${path}/utredning`),
      fullstandighet: link(request, 'related', `${path}/fullstandighet`),
      barnchecklistor: link(request, 'related', `/barnchecklistor?hushallId=${arende.hushallId}`),
      beslut: link(request, 'related', `/beslut?arendeId=${arende.id}`),
      historik: link(request, 'version-history', `${path}/historik`),
      ...commandLinks(request, lifecycle, arende, path),
    },
  }
}

/** An investigation with the plan's groups. */
export const utredningView = (request: FastifyRequest, { utredning, grupper }: MedGrupper) => ({
  ...utredning,
  prioriteradeGrupper: grupper,
  etag: etagOf(utredning.version),
  _links: {
    self: link(request, 'self', `/arenden/${utredning.arendeId}/utredning`),
    arende: link(request, 'up', `/arenden/${utredning.arendeId}`),
    fullstandighet: link(request, 'related', `/arenden/${utredning.arendeId}/fullstandighet`),
  },
})
