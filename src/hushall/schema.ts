import { type Static, Type } from 'typebox'
import { Datum, exampleOf, Id, Lankar, oneOf, orNull, ref, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

export const personroller = ['sokande', 'medsokande', 'barn', 'vuxen'] as const
/** Levels of protected personal data (domain §7.6). Everything but `ingen` hides the whole household. */
export const skyddsnivaer = ['ingen', 'sekretessmarkering', 'skyddadFolkbokforing'] as const

const Personnummer = Type.String({
  format: 'personnummer',
  maxLength: 13,
  description: 'Personnummer eller samordningsnummer, ÅÅÅÅMMDDNNNC.',
  example: '198507099805',
})
const Fornamn = text(100, 'Maja')
const Efternamn = text(100, 'Lind')
const Personroll = oneOf(personroller)
const Skyddsniva = oneOf(skyddsnivaer)

/** A household as it is kept. */
export const HushallRad = Type.Object({
  id: Id,
  version: Version,
  skyddad: Type.Boolean(),
  bostadslosSedan: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
})
export type HushallRad = Static<typeof HushallRad>

/** A person as it is kept: the number only encrypted, and as a keyed hash for exact search. */
export const PersonRad = Type.Object({
  id: Id,
  hushallId: Id,
  skyddad: Type.Boolean(),
  personnummerKrypterat: Type.String(),
  personnummerHash: Type.String(),
  fornamn: Fornamn,
  efternamn: Efternamn,
  roll: Personroll,
  skyddsniva: Skyddsniva,
  skapad: Tidpunkt,
  andrad: Tidpunkt,
})
export type PersonRad = Static<typeof PersonRad>

export const Person = Type.Object(
  {
    id: Id,
    personnummer: Personnummer,
    fornamn: Fornamn,
    efternamn: Efternamn,
    roll: Personroll,
    skyddsniva: Skyddsniva,
  },
  {
    $id: 'Person',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      personnummer: '198507099805',
      fornamn: 'Maja',
      efternamn: 'Lind',
      roll: 'sokande',
      skyddsniva: 'ingen',
    },
  },
)
export type Person = Static<typeof Person>

export const Hushall = Type.Object(
  {
    id: Id,
    bostadslosSedan: orNull(Datum),
    antalBarn: Type.Integer({ description: 'Beräknas av personerna.', example: 1 }),
    personer: Type.Array(ref(Person)),
    skapad: Tidpunkt,
    andrad: Tidpunkt,
    _links: Lankar,
  },
  {
    $id: 'Hushall',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      bostadslosSedan: '2025-11-03',
      antalBarn: 0,
      personer: [exampleOf(Person)],
      skapad: '2026-01-15T09:12:00.000Z',
      andrad: '2026-01-15T09:12:00.000Z',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hushall/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

export const NyPerson = Type.Object(
  {
    personnummer: Personnummer,
    fornamn: Fornamn,
    efternamn: Efternamn,
    roll: Personroll,
    skyddsniva: Type.Optional(Skyddsniva),
  },
  {
    $id: 'NyPerson',
    additionalProperties: false,
    example: { personnummer: '19850709-9805', fornamn: 'Maja', efternamn: 'Lind', roll: 'sokande' },
  },
)
export type NyPerson = Static<typeof NyPerson>

export const NyttHushall = Type.Object(
  {
    personer: Type.Array(ref(NyPerson), { minItems: 1, maxItems: 30 }),
    bostadslosSedan: Type.Optional(orNull(Datum)),
  },
  {
    $id: 'NyttHushall',
    additionalProperties: false,
    example: { personer: [exampleOf(NyPerson)], bostadslosSedan: '2025-11-03' },
  },
)
export type NyttHushall = Static<typeof NyttHushall>

export const HushallAndring = Type.Object(
  { bostadslosSedan: Type.Optional(orNull(Datum)) },
  { $id: 'HushallAndring', additionalProperties: false, minProperties: 1, example: { bostadslosSedan: '2025-12-01' } },
)
export type HushallAndring = Static<typeof HushallAndring>

export const PersonAndring = Type.Object(
  {
    fornamn: Type.Optional(Fornamn),
    efternamn: Type.Optional(Efternamn),
    roll: Type.Optional(Personroll),
    skyddsniva: Type.Optional(Skyddsniva),
  },
  { $id: 'PersonAndring', additionalProperties: false, minProperties: 1, example: { efternamn: 'Lindh' } },
)
export type PersonAndring = Static<typeof PersonAndring>

export const Hushallssokning = Type.Object(
  { personnummer: Personnummer },
  { $id: 'Hushallssokning', additionalProperties: false, example: { personnummer: '19850709-9805' } },
)

export const Hushallstraffar = Type.Object(
  { hushall: Type.Array(ref(Hushall)) },
  { $id: 'Hushallstraffar', additionalProperties: false, example: { hushall: [exampleOf(Hushall)] } },
)
