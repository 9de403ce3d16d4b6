import type { FastifyRequest } from 'fastify'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { lifecycle, stodLifecycle } from './lifecycle.ts'
import type { BfStodRad, TrohetsmatningRad } from './schema.ts'
import type { Helt } from './service.ts'

const pathOf = (id: string) => `/bostad-forst/${id}`

/** The support, with an ETag and commands of its own. */
export function stodView(request: FastifyRequest, stod: BfStodRad) {
  const path = `${pathOf(stod.bfBoendeId)}/stod`
  return {
    ...stod,
    etag: etagOf(stod.version),
    _links: { self: link(request, 'self', path), ...commandLinks(request, stodLifecycle, stod, path) },
  }
}

/** The tenancy, where the person lives, and the support beside it. */
export function boendeView(request: FastifyRequest, { stod, ...boende }: Helt) {
  const path = pathOf(boende.id)
  return {
    ...boende,
    stod: stodView(request, stod),
    etag: etagOf(boende.version),
    _links: {
      self: link(request, 'self', path),
      hushall: link(request, 'related', `/hushall/${boende.hushallId}`),
      ...(boende.arendeId && { arende: link(request, 'up', `/arenden/${boende.arendeId}`) }),
      boenden: link(request, 'related', `${path}/boenden`),
      provningar: link(request, 'related', `${path}/provningar`),
      ...commandLinks(request, lifecycle, boende, path),
    },
  }
}

export const matningView = (matning: TrohetsmatningRad) => ({
  ...matning,
  procent: Math.round((1000 * matning.poang) / matning.maxPoang) / 10,
})
