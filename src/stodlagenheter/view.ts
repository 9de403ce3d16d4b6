import type { FastifyRequest } from 'fastify'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { avstaendeLifecycle, lifecycle } from './lifecycle.ts'
import type { ServiceforvaltningensRad } from './list.ts'
import type { Ikon } from './queue.ts'
import type { AvstaendeRad } from './schema.ts'
import type { HelStodlagenhet } from './service.ts'

const pathOf = (id: string) => `/stodlagenheter/${id}`

/** A stödlägenhet as socialförvaltningen sees it, and what can be done. */
export function stodlagenhetView(request: FastifyRequest, row: HelStodlagenhet) {
  const path = pathOf(row.id)
  return {
    ...row,
    etag: etagOf(row.version),
    _links: {
      self: link(request, 'self', path),
      hushall: link(request, 'related', `/hushall/${row.hushallId}`),
      ...(row.arendeId && { arende: link(request, 'up', `/arenden/${row.arendeId}`) }),
      ...(row.lagenhetId && { lagenhet: link(request, 'related', `/lagenheter/${row.lagenhetId}`) }),
      tidigareForslag: link(request, 'related', `${path}/forslag`),
      avstaenden: link(request, 'related', `${path}/avstaenden`),
      uppfoljningar: link(request, 'related', `${path}/uppfoljningar`),
      handelser: link(request, 'related', `${path}/handelser`),
      historik: link(request, 'version-history', `${path}/historik`),
      ...commandLinks(request, lifecycle, row, path),
    },
  }
}

/** A place in the queue, which is a stödlägenhet. */
export const platsView = <Row extends Ikon>(request: FastifyRequest, row: Row) => ({
  ...row,
  etag: etagOf(row.version),
  _links: { stodlagenhet: link(request, 'related', pathOf(row.stodlagenhetId)) },
})

export function avstaendeView(request: FastifyRequest, row: AvstaendeRad) {
  const path = `${pathOf(row.stodlagenhetId)}/avstaenden/${row.id}`
  return {
    ...row,
    etag: etagOf(row.version),
    _links: {
      self: link(request, 'self', path),
      stodlagenhet: link(request, 'up', pathOf(row.stodlagenhetId)),
      ...commandLinks(request, avstaendeLifecycle, row, path),
    },
  }
}

/** A stödlägenhet as its landlord sees it: each field by name, so that a new one is not shown by itself. */
export function serviceforvaltningensView(request: FastifyRequest, row: ServiceforvaltningensRad) {
  const path = `/serviceforvaltningen/stodlagenheter/${row.id}`
  return {
    // For the read log: the answer's schema has no household.
    hushallId: row.hushallId,
    id: row.id,
    stodlagenhetsnummer: row.stodlagenhetsnummer,
    tillstand: row.tillstand,
    antalPersoner: row.antalPersoner,
    hyresgast: row.hyresgast,
    medhyresgast: row.medhyresgast,
    lagenhetId: row.lagenhetId,
    objektnummer: row.objektnummer,
    avtalsform: row.avtalsform,
    avtalDatum: row.avtalDatum,
    informeradOmVillkorDatum: row.informeradOmVillkorDatum,
    hyraOre: row.hyraOre,
    tilltrade: row.tilltrade,
    hemforsakringTill: row.hemforsakringTill,
    hyresskuldOre: row.hyresskuldOre,
    forstahandDatum: row.forstahandDatum,
    uppsagdDatum: row.uppsagdDatum,
    uppsagdTill: row.uppsagdTill,
    utflyttad: row.utflyttad,
    etag: etagOf(row.version),
    _links: { self: link(request, 'self', path), ...commandLinks(request, lifecycle, row, path) },
  }
}
