import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { commandLinks } from '../http/commands.ts'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { listOf } from '../http/paging.ts'
import type { Day } from '../shared/dates.ts'
import { oneOf } from '../shared/schema-parts.ts'
import { lifecycle } from './lifecycle.ts'
import { sorteringar } from './list.ts'
import { vakansdagar } from './rules.ts'
import { agare, Hyra, kategorier, Lagenhet, type LagenhetRad, Omrade, Rum, tillstand } from './schema.ts'

export const Lagenhetslista = listOf('lagenheter', 'Lagenhetslista', Lagenhet)

/** What a home is like. */
export const onskat = {
  kategori: Type.Optional(oneOf(kategorier)),
  omrade: Type.Optional(Omrade),
  minRum: Type.Optional(Rum),
  maxRum: Type.Optional(Rum),
  maxHyraOre: Type.Optional(Hyra),
}
/** What the pool can be filtered on, whoever lists it. */
export const lagenhetsfilter = {
  ...onskat,
  tillstand: Type.Optional(oneOf(tillstand)),
  agare: Type.Optional(oneOf(agare)),
  objektnummer: Type.Optional(Type.String({ maxLength: 40, example: '1001-1203' })),
  sort: Type.Optional(oneOf(sorteringar, { default: 'objektnummer' })),
}

const shown = (lagenhet: LagenhetRad, today: Day) => ({
  ...lagenhet,
  vakansdagar: vakansdagar(lagenhet, today),
  etag: etagOf(lagenhet.version),
})

/** A home as socialförvaltningen sees it, and what can be done. */
export function lagenhetView(request: FastifyRequest, lagenhet: LagenhetRad, today: Day) {
  const path = `/lagenheter/${lagenhet.id}`
  return {
    ...shown(lagenhet, today),
    _links: {
      self: link(request, 'self', path),
      upplatelser: link(request, 'related', `${path}/upplatelser`),
      historik: link(request, 'related', `${path}/historik`),
      ...commandLinks(request, lifecycle, lagenhet, path),
    },
  }
}

/** A home as serviceförvaltningen sees it: never who lives there. */
export function serviceforvaltningensView(request: FastifyRequest, lagenhet: LagenhetRad, today: Day) {
  const path = `/serviceforvaltningen/lagenheter/${lagenhet.id}`
  return {
    ...shown(lagenhet, today),
    _links: { self: link(request, 'self', path), ...commandLinks(request, lifecycle, lagenhet, path) },
  }
}
