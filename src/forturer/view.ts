import type { FastifyRequest } from 'fastify'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { lifecycle } from './lifecycle.ts'
import type { HyresvardensRad } from './list.ts'
import type { ErbjudandeRad, ForturRad } from './schema.ts'

/** A förtur as socialförvaltningen sees it, and what can be done. Its grounds are in the case only. */
export function forturView(request: FastifyRequest, { grunder: _, ...fortur }: ForturRad) {
  const path = `/forturer/${fortur.id}`
  return {
    ...fortur,
    etag: etagOf(fortur.version),
    _links: {
      historik: link(request, 'version-history', `/forturer/${fortur.id}/historik`),
      self: link(request, 'self', path),
      hushall: link(request, 'related', `/hushall/${fortur.hushallId}`),
      ...(fortur.arendeId && { arende: link(request, 'up', `/arenden/${fortur.arendeId}`) }),
      ...(fortur.hyresvardId && { hyresvard: link(request, 'related', `/hyresvardar/${fortur.hyresvardId}`) }),
      erbjudanden: link(request, 'related', `${path}/erbjudanden`),
      ...commandLinks(request, lifecycle, { ...fortur, grunder: [] }, path),
    },
  }
}

export const erbjudandeView = (erbjudande: ErbjudandeRad) => ({ ...erbjudande, etag: etagOf(erbjudande.version) })

/** A förtur as its landlord sees it: each field by name, so that a new one is not shown by itself. */
export function hyresvardensView(request: FastifyRequest, fortur: HyresvardensRad) {
  const path = `/hyresvard/forturer/${fortur.id}`
  const { id, forturnummer, tillstand, giltigTill, antalPersoner, minRum, maxRum, maxHyraOre } = fortur
  const { tillganglighet, onskadeOmraden, sokande, medsokande, erbjudande } = fortur
  return {
    // For the read log: the answer's schema has no household.
    hushallId: fortur.hushallId,
    id,
    forturnummer,
    tillstand,
    giltigTill,
    antalPersoner,
    minRum,
    maxRum,
    maxHyraOre,
    tillganglighet,
    onskadeOmraden,
    undvik: fortur.lamnarUteslutnaOmraden ? fortur.uteslutnaOmraden : [],
    sokande,
    medsokande,
    erbjudande,
    etag: etagOf(fortur.version),
    _links: { self: link(request, 'self', path), ...commandLinks(request, lifecycle, fortur, path) },
  }
}
