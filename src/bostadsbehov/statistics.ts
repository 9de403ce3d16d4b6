import { Type } from 'typebox'
import { exampleOf } from '../shared/schema-parts.ts'
import { defineStatistics } from '../shared/statistics.ts'
import { dimensioner, type Matt } from './definitions.ts'
import { bostadsmatt, kommandeMatt, utbudsmatt } from './homes.ts'
import { horisonter } from './schema.ts'
import { vantematt } from './waiting.ts'

const ofPool = [
  ['stodlagenhet', 'Stodlagenhet', 'stödlägenhet'],
  ['bostadForst', 'BostadForst', 'Bostad Först'],
] as const

/** Every figure, those that the projection is computed of as well (plan areas 5, 8 and 12). */
export const matt: readonly Matt[] = [
  ...bostadsmatt,
  ...vantematt,
  ...ofPool.flatMap(([kategori, namn, ord]) => [
    ...utbudsmatt(kategori, namn, ord),
    ...horisonter.flatMap(ar => kommandeMatt(kategori, namn, ord, ar)),
  ]),
]

/** The figures as every area has them: each computed of the rows that its `/underlag` shows. */
export const bostadsbehov = defineStatistics({
  name: 'Bostadsbehov',
  path: '/bostadsbehov',
  nyckel: { kolumn: 'nummer', schema: Type.String({ example: '1001-1203' }) },
  post: 'Bostaden, upplåtelsen, stödlägenheten, boendet, förturen eller erbjudandet som räknas.',
  dimensioner,
  regel: true,
  indikatorer: matt,
})

/** The records behind a figure of a year. */
export const Bostadsbehovsunderlag = Type.Object(bostadsbehov.Statistikunderlag.properties, {
  $id: 'Bostadsbehovsunderlag',
  additionalProperties: false,
  example: {
    ...(exampleOf(bostadsbehov.Statistikunderlag) as object),
    _links: {
      self: {
        href: 'https://api.example.se/hemvist/v1/bostadsbehov/beredda/underlag?ar=2026',
        rel: 'self',
        method: 'GET',
      },
    },
  },
})
