import { type Static, Type } from 'typebox'
import {
  Datum,
  Etag,
  exampleOf,
  Id,
  Lankar,
  oneOf,
  orNull,
  ref,
  Tidpunkt,
  text,
  Version,
} from '../shared/schema-parts.ts'

/** What the tenant owes the municipality after a claim was paid (domain §1.3). */
export const regresstillstand = [
  'oppnad',
  'avbetalning',
  'reglerad',
  'efterskankt',
  'tillKronofogden',
  'avskrivenPreskriberad',
] as const

const Belopp = Type.Integer({ minimum: 1, maximum: 10_000_000, example: 845000 })
const Motivering = text(4000, 'Hyresgästen saknar betalningsförmåga.')

const falt = {
  id: Id,
  garantikravId: Id,
  hyresgarantiId: Id,
  tillstand: oneOf(regresstillstand),
  beloppOre: Belopp,
  betaltOre: Type.Integer({ minimum: 0, example: 100000 }),
  uppkommen: Datum,
  preskriberas: Datum,
  eftergiftDatum: orNull(Datum),
  eftergiftMotivering: orNull(Motivering),
  eftergiftBeslutsfattare: orNull(Type.String({ example: 'karin.beslut' })),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A recourse debt as it is kept. */
export const RegressfordranRad = Type.Object({
  ...falt,
  version: Version,
  hushallId: Id,
  hyresvardId: Id,
  skyddad: Type.Boolean(),
})
export type RegressfordranRad = Static<typeof RegressfordranRad>

/** A payment; written once. */
export const RegressbetalningRad = Type.Object({
  id: Id,
  regressfordranId: Id,
  hyresgarantiId: Id,
  hushallId: Id,
  skyddad: Type.Boolean(),
  beloppOre: Belopp,
  betald: Datum,
  referens: orNull(Type.String()),
  skapad: Tidpunkt,
})
export type RegressbetalningRad = Static<typeof RegressbetalningRad>

const lank = 'https://api.example.se/hemvist/v1/regressfordringar/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a6b'
export const Regressfordran = Type.Object(
  { ...falt, kvarOre: Type.Integer({ minimum: 0, example: 745000 }), etag: Etag, _links: Lankar },
  {
    $id: 'Regressfordran',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a6b',
      garantikravId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a5b',
      hyresgarantiId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      tillstand: 'avbetalning',
      beloppOre: 845000,
      betaltOre: 100000,
      kvarOre: 745000,
      uppkommen: '2026-05-02',
      preskriberas: '2036-05-02',
      eftergiftDatum: null,
      eftergiftMotivering: null,
      eftergiftBeslutsfattare: null,
      skapad: '2026-05-02T09:12:00.000Z',
      andrad: '2026-06-02T09:12:00.000Z',
      etag: '"2"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

export const Regressbetalning = Type.Object(
  {
    id: Id,
    beloppOre: Belopp,
    betald: Datum,
    referens: orNull(Type.String({ example: 'OCR 12345' })),
    skapad: Tidpunkt,
  },
  {
    $id: 'Regressbetalning',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a7b',
      beloppOre: 100000,
      betald: '2026-06-01',
      referens: 'OCR 12345',
      skapad: '2026-06-02T09:12:00.000Z',
    },
  },
)

export const NyRegressbetalning = Type.Object(
  { beloppOre: Belopp, betald: Type.Optional(Datum), referens: Type.Optional(orNull(text(50, 'OCR 12345'))) },
  { $id: 'NyRegressbetalning', additionalProperties: false, example: { beloppOre: 100000, betald: '2026-06-01' } },
)
export type NyRegressbetalning = Static<typeof NyRegressbetalning>

export const Betalningskvitto = Type.Object(
  { betalning: ref(Regressbetalning), regressfordran: ref(Regressfordran) },
  {
    $id: 'Betalningskvitto',
    additionalProperties: false,
    example: { betalning: exampleOf(Regressbetalning), regressfordran: exampleOf(Regressfordran) },
  },
)

export const Eftergift = Type.Object(
  { motivering: Motivering },
  { $id: 'Eftergift', additionalProperties: false, example: { motivering: 'Hyresgästen saknar betalningsförmåga.' } },
)
export type Eftergift = Static<typeof Eftergift>
