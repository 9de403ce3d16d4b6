import type { FastifyRequest } from 'fastify'
import type { Config } from '../config.ts'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { lifecycle } from './lifecycle.ts'
import { aterstar, bidragsberattigad, nastaGenomgang } from './rules.ts'
import type { MedFlagga } from './service.ts'

declare module 'fastify' {
  interface FastifyInstance {
    settings: Config
  }
}

/** A guarantee as socialförvaltningen sees it: the row, what is computed of it today, and what can be done. */
export function hyresgarantiView(request: FastifyRequest, { garanti, flagga }: MedFlagga, today: string) {
  const path = `/hyresgarantier/${garanti.id}`
  return {
    ...garanti,
    etag: etagOf(garanti.version),
    aterstarOre: aterstar(garanti),
    bidragsberattigad: bidragsberattigad(garanti),
    nastaGenomgang: nastaGenomgang(garanti, today, request.server.settings),
    genomgang: flagga,
    _links: {
      self: link(request, 'self', path),
      hushall: link(request, 'related', `/hushall/${garanti.hushallId}`),
      historik: link(request, 'version-history', `${path}/historik`),
      krav: link(request, 'related', `${path}/krav`),
      genomgangar: link(request, 'related', `/genomgangar?hyresgarantiId=${garanti.id}`),
      ...commandLinks(request, lifecycle, garanti, path),
    },
  }
}
