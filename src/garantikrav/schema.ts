import { type Static, Type } from 'typebox'
import { Datum, Etag, Id, Lankar, Manad, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** A claim on a guarantee (domain §1.3). */
export const kravtillstand = ['inkommet', 'granskas', 'godkant', 'utbetalt', 'avvisat', 'aterkallat'] as const
/** Claims that no longer hold any part of the guarantee, nor their rent month. */
export const avvisningsorsaker = ['utanforPerioden', 'bevisSaknas', 'intePrecis', 'redanBetalt', 'annat'] as const

const Belopp = Type.Integer({ minimum: 1, maximum: 10_000_000, example: 845000 })
const BevisRef = text(100, 'KFM U-12345-26')
const Motivering = text(4000, 'Utmätning har misslyckats.')

const falt = {
  id: Id,
  hyresgarantiId: Id,
  hyresmanad: Manad,
  tillstand: oneOf(kravtillstand),
  kravtBeloppOre: Belopp,
  godkantBeloppOre: orNull(Belopp),
  indrivningsbevisRef: orNull(BevisRef),
  inkommet: Datum,
  beslutDatum: orNull(Datum),
  beslutsfattare: orNull(Type.String({ example: 'karin.beslut' })),
  beslutsmotivering: orNull(Motivering),
  avvisningsorsak: orNull(oneOf(avvisningsorsaker)),
  utbetaltDatum: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A claim as it is kept; household, landlord and protection follow from the guarantee by foreign key. */
export const GarantikravRad = Type.Object({
  ...falt,
  version: Version,
  hushallId: Id,
  hyresvardId: Id,
  skyddad: Type.Boolean(),
})
export type GarantikravRad = Static<typeof GarantikravRad>

const lank =
  'https://api.example.se/hemvist/v1/hyresgarantier/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b/krav/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a5b'
export const Garantikrav = Type.Object(
  { ...falt, etag: Etag, _links: Lankar },
  {
    $id: 'Garantikrav',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a5b',
      hyresgarantiId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      hyresmanad: '2026-03',
      tillstand: 'inkommet',
      kravtBeloppOre: 845000,
      godkantBeloppOre: null,
      indrivningsbevisRef: null,
      inkommet: '2026-04-15',
      beslutDatum: null,
      beslutsfattare: null,
      beslutsmotivering: null,
      avvisningsorsak: null,
      utbetaltDatum: null,
      skapad: '2026-04-15T09:12:00.000Z',
      andrad: '2026-04-15T09:12:00.000Z',
      etag: '"1"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

export const NyttGarantikrav = Type.Object(
  {
    hyresmanad: Manad,
    kravtBeloppOre: Belopp,
    inkommet: Type.Optional(Datum),
    indrivningsbevisRef: Type.Optional(orNull(BevisRef)),
  },
  {
    $id: 'NyttGarantikrav',
    additionalProperties: false,
    example: { hyresmanad: '2026-03', kravtBeloppOre: 845000, inkommet: '2026-04-15' },
  },
)
export type NyttGarantikrav = Static<typeof NyttGarantikrav>

export const Kravbeslut = Type.Object(
  {
    utfall: oneOf(['godkant', 'avvisat']),
    godkantBeloppOre: Type.Optional(orNull(Belopp)),
    avvisningsorsak: Type.Optional(orNull(oneOf(avvisningsorsaker))),
    indrivningsbevisRef: Type.Optional(orNull(BevisRef)),
    motivering: Motivering,
  },
  {
    $id: 'Kravbeslut',
    additionalProperties: false,
    example: {
      utfall: 'godkant',
      godkantBeloppOre: 845000,
      indrivningsbevisRef: 'KFM U-12345-26',
      motivering: 'Utmätning har misslyckats.',
    },
  },
)
export type Kravbeslut = Static<typeof Kravbeslut>

export const Kravutbetalning = Type.Object(
  { utbetaltDatum: Type.Optional(Datum) },
  { $id: 'Kravutbetalning', additionalProperties: false, example: { utbetaltDatum: '2026-05-02' } },
)
export type Kravutbetalning = Static<typeof Kravutbetalning>
