import { type BfBoendeRad, tillstand as boendetillstand, utfall as boendeutfall } from '../../bostad-forst/schema.ts'
import {
  type StodlagenhetRad,
  tillstand as stodlagenhetstillstand,
  utfall as stodlagenhetsutfall,
} from '../../stodlagenheter/schema.ts'
import { weighted } from './made-up.ts'

type Stodlagenhetstillstand = StodlagenhetRad['tillstand']
type Boendetillstand = BfBoendeRad['tillstand']
/** Days, at least and at most. */
type Range = readonly [number, number]

/** What becomes of a stödlägenhet; how it ended, when it has. */
export type Stodlagenhetsode = {
  tillstand: Stodlagenhetstillstand
  utfall: NonNullable<StodlagenhetRad['utfall']> | null
}
/** What becomes of a tenancy in Bostad Först. */
export type Boendeode = { tillstand: Boendetillstand; utfall: NonNullable<BfBoendeRad['utfall']> | null }

/** Each state, then each way in which it ends. */
const stodlagenhetsoden: Stodlagenhetsode[] = [
  ...stodlagenhetstillstand
    .filter(tillstand => tillstand !== 'avslutad')
    .map(tillstand => ({ tillstand, utfall: null })),
  ...stodlagenhetsutfall.map(utfall => ({ tillstand: 'avslutad', utfall }) as const),
]
const boendeoden: Boendeode[] = [
  ...boendetillstand.filter(tillstand => tillstand !== 'avslutad').map(tillstand => ({ tillstand, utfall: null })),
  ...boendeutfall.map(utfall => ({ tillstand: 'avslutad', utfall }) as const),
]

/** Most who are told of after that live in their homes. */
const living = <Tillstand extends string>(shares: Record<Tillstand, number>) =>
  weighted(shares).map(tillstand => ({ tillstand, utfall: null }))

/** Cases that grant a home: with the first `states` of them, as many as the smallest town has, there is each state. */
const scripts = <Ode>(oden: Ode[], states: number, [beginning, ...more]: [Ode, ...Ode[]]) => [
  ...oden.slice(0, states).map(ode => ({ tillstand: 'bifall', ode }) as const),
  { tillstand: 'omprovad', ode: beginning } as const,
  ...oden.slice(states).map(ode => ({ tillstand: 'bifall', ode }) as const),
  { tillstand: 'delvisBifall', ode: beginning } as const,
  ...more.map(ode => ({ tillstand: 'bifall', ode }) as const),
]
const moreStodlagenheter = living({ boende: 9, iKo: 3, overtagande: 1 })
const moreBoenden = living({ forstahand: 6, inflyttad: 4, matchning: 1 })
export const stodlagenhetScripts = scripts<Stodlagenhetsode>(stodlagenhetsoden, stodlagenhetstillstand.length, [
  { tillstand: 'iKo', utfall: null },
  ...moreStodlagenheter,
]).map(({ tillstand, ode }) => ({ insats: 'stodlagenhet', tillstand, stodlagenhet: ode }) as const)
export const bostadForstScripts = scripts<Boendeode>(boendeoden, boendetillstand.length, [
  { tillstand: 'antagen', utfall: null },
  ...moreBoenden,
]).map(({ tillstand, ode }) => ({ insats: 'bostadForst', tillstand, bostadForst: ode }) as const)

/** How many days ago it was granted, so that it can have come to its state (`stodlagenheter.ts`). */
export const stodlagenhetGranted: Record<Stodlagenhetstillstand, Range> = {
  iKo: [20, 200],
  foreslagen: [30, 150],
  tilldelad: [35, 150],
  avtalTecknat: [60, 150],
  boende: [90, 900],
  bistandUpphor: [250, 900],
  overtagande: [400, 900],
  uppsagd: [250, 900],
  avflyttad: [300, 900],
  overlaten: [400, 900],
  avslutad: [500, 900],
}
/** So that it can have come to its state (`bostad-forst.ts`). */
export const bostadForstGranted: Record<Boendetillstand, Range> = {
  antagen: [3, 12],
  matchning: [40, 200],
  erbjuden: [70, 160],
  inflyttad: [120, 430],
  overgangProvas: [480, 800],
  forstahand: [560, 900],
  byteAvBostad: [200, 800],
  tillfalligtBorta: [200, 800],
  uppsagd: [200, 800],
  avslutad: [420, 900],
}

/** What is done with the support, from the offer on: whatever the tenancy is. */
export type Stodsteg = 'starta' | 'andraNiva' | 'vila' | 'ateruppta' | 'avslutaStod' | 'erbjudIgen'
export const stodvagar: Stodsteg[][] = [
  [],
  ['starta', 'andraNiva'],
  ['starta'],
  ['starta', 'vila'],
  ['starta', 'andraNiva', 'avslutaStod'],
  ['starta', 'vila', 'ateruppta', 'andraNiva'],
  ['starta', 'avslutaStod', 'erbjudIgen'],
  ['starta', 'avslutaStod', 'erbjudIgen', 'starta'],
]
