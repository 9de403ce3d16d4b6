import { type Static, Type } from 'typebox'
import { Datum, Etag, Id, Lankar, Ore, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** Boverket's kinds of property owner (domain §1.4). */
export const fastighetsagartyper = ['allmannytta', 'privat', 'kommun', 'stiftelse', 'ovrig'] as const

const Namn = text(200, 'Lunds Kommuns Fastighets AB')
const Organisationsnummer = Type.String({ format: 'organisationsnummer', maxLength: 11, example: '556012-5790' })
const Fastighetsagartyp = oneOf(fastighetsagartyper)
const TarEmotForturer = Type.Boolean({
  description: 'Hyresvärden tar emot sociala förturer, och ser dem som lämnats över till den.',
  example: true,
})

/** A landlord as it is kept. */
export const HyresvardRad = Type.Object({
  id: Id,
  version: Version,
  namn: Namn,
  organisationsnummer: Organisationsnummer,
  fastighetsagartyp: Fastighetsagartyp,
  tarEmotForturer: TarEmotForturer,
  skapad: Tidpunkt,
  andrad: Tidpunkt,
})
export type HyresvardRad = Static<typeof HyresvardRad>

export const Hyresvard = Type.Object(
  {
    id: Id,
    etag: Etag,
    namn: Namn,
    organisationsnummer: Organisationsnummer,
    fastighetsagartyp: Fastighetsagartyp,
    tarEmotForturer: TarEmotForturer,
    skapad: Tidpunkt,
    andrad: Tidpunkt,
    _links: Lankar,
  },
  {
    $id: 'Hyresvard',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      etag: '"1"',
      namn: 'Exempelbostäder AB',
      organisationsnummer: '556012-5790',
      fastighetsagartyp: 'allmannytta',
      tarEmotForturer: true,
      skapad: '2026-01-15T09:12:00.000Z',
      andrad: '2026-01-15T09:12:00.000Z',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresvardar/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

export const NyHyresvard = Type.Object(
  {
    namn: Namn,
    organisationsnummer: Organisationsnummer,
    fastighetsagartyp: Fastighetsagartyp,
    tarEmotForturer: Type.Optional({ ...TarEmotForturer, default: false } as typeof TarEmotForturer),
  },
  {
    $id: 'NyHyresvard',
    additionalProperties: false,
    example: { namn: 'Exempelbostäder AB', organisationsnummer: '556012-5790', fastighetsagartyp: 'allmannytta' },
  },
)
export type NyHyresvard = Static<typeof NyHyresvard>

export const HyresvardAndring = Type.Object(
  {
    namn: Type.Optional(Namn),
    fastighetsagartyp: Type.Optional(Fastighetsagartyp),
    tarEmotForturer: Type.Optional(TarEmotForturer),
  },
  {
    $id: 'HyresvardAndring',
    additionalProperties: false,
    minProperties: 1,
    example: { namn: 'Exempelbostäder i Lund AB' },
  },
)
export type HyresvardAndring = Static<typeof HyresvardAndring>

const Antal = (maximum: number, example: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, description, example })

/** What a landlord asks for to let a guarantee end. None is required; one that is absent is not asked. */
const kriterier = {
  minManaderITid: orNull(Antal(120, 12, 'Så många månader i rad ska hyran ha betalats i tid.')),
  maxStorningar: orNull(Antal(1000, 0, 'Högst så många störningar sedan förra genomgången.')),
  maxHyresskuldOre: orNull(Ore),
  minGarantitidManader: orNull(Antal(120, 12, 'Garantin ska ha gällt minst så många månader.')),
  kravHemforsakring: orNull(Type.Boolean({ description: 'Hyresgästen ska ha hemförsäkring.', example: true })),
}

/** Criteria in immutable, numbered versions: a guarantee keeps the version that held when it was signed (domain §1.4). */
export const Kriterieuppsattning = Type.Object(
  {
    id: Id,
    hyresvardId: Id,
    nummer: Type.Integer({ minimum: 1, example: 1 }),
    giltigFran: Datum,
    ...kriterier,
    skapad: Tidpunkt,
  },
  {
    $id: 'Kriterieuppsattning',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a3b',
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      nummer: 1,
      giltigFran: '2026-01-01',
      minManaderITid: 12,
      maxStorningar: 0,
      maxHyresskuldOre: 0,
      minGarantitidManader: null,
      kravHemforsakring: true,
      skapad: '2026-01-15T09:12:00.000Z',
    },
  },
)
export type Kriterieuppsattning = Static<typeof Kriterieuppsattning>

export const NyKriterieuppsattning = Type.Object(
  {
    giltigFran: Datum,
    minManaderITid: Type.Optional(kriterier.minManaderITid),
    maxStorningar: Type.Optional(kriterier.maxStorningar),
    maxHyresskuldOre: Type.Optional(kriterier.maxHyresskuldOre),
    minGarantitidManader: Type.Optional(kriterier.minGarantitidManader),
    kravHemforsakring: Type.Optional(kriterier.kravHemforsakring),
  },
  {
    $id: 'NyKriterieuppsattning',
    additionalProperties: false,
    example: {
      giltigFran: '2026-01-01',
      minManaderITid: 12,
      maxStorningar: 0,
      maxHyresskuldOre: 0,
      kravHemforsakring: true,
    },
  },
)
export type NyKriterieuppsattning = Static<typeof NyKriterieuppsattning>
