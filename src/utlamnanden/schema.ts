import { type Static, Type } from 'typebox'
import { Etag, exampleOf, Id, Lankar, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** Whom something can be given to. */
export const mottagare = ['hyresvard', 'serviceforvaltningen', 'kriscentrum', 'frivillig'] as const
/** What the law lets it rest on (domain §8): consent, need in one's own work (OSL 10:2), a law, a harm test. */
export const grunder = ['samtycke', 'nodvandigt', 'lag', 'menprovning'] as const

const Falt = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,49}$', example: 'adress' })
const Skal = text(2000, 'Hyresvärden behöver veta vilken bostad garantin gäller.')

const falt = {
  id: Id,
  part: oneOf(mottagare),
  partId: orNull(Id),
  hushallId: Id,
  hyresgarantiId: orNull(Id),
  forturId: orNull(Id),
  stodlagenhetId: orNull(Id),
  flyttkedjaId: orNull(Id),
  falt: Type.Array(Falt, { minItems: 1, maxItems: 50 }),
  grund: oneOf(grunder),
  skal: orNull(Skal),
  beslutadAv: Type.String({ example: 'maja.handlaggare' }),
  tid: Tidpunkt,
  aterkallat: orNull(Tidpunkt),
  aterkallatAv: orNull(Type.String({ example: 'maja.handlaggare' })),
  aterkallatSkal: orNull(Skal),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A disclosure as it is kept. */
export const UtlamnandeRad = Type.Object({ ...falt, version: Version, skyddad: Type.Boolean() })
export type UtlamnandeRad = Static<typeof UtlamnandeRad>

export const Utlamnande = Type.Object(
  { ...falt, etag: Etag, _links: Lankar },
  {
    $id: 'Utlamnande',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a8b',
      part: 'hyresvard',
      partId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      hyresgarantiId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      forturId: null,
      stodlagenhetId: null,
      flyttkedjaId: null,
      falt: ['avtalsnummer', 'adress', 'lagenhetsnummer', 'manadshyraOre'],
      grund: 'nodvandigt',
      skal: null,
      beslutadAv: 'maja.handlaggare',
      tid: '2026-02-20T10:00:00.000Z',
      aterkallat: null,
      aterkallatAv: null,
      aterkallatSkal: null,
      skapad: '2026-02-20T10:00:00.000Z',
      andrad: '2026-02-20T10:00:00.000Z',
      etag: '"1"',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/utlamnanden/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a8b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

/** A disclosure made by hand: by letter, telephone or meeting. */
export const NyttUtlamnande = Type.Object(
  {
    part: falt.part,
    partId: Type.Optional(falt.partId),
    hushallId: falt.hushallId,
    falt: falt.falt,
    grund: falt.grund,
    skal: Skal,
  },
  {
    $id: 'NyttUtlamnande',
    additionalProperties: false,
    example: {
      part: 'hyresvard',
      partId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      falt: ['adress'],
      grund: 'samtycke',
      skal: 'Hyresgästen har bett oss kontakta hyresvärden.',
    },
  },
)
export type NyttUtlamnande = Static<typeof NyttUtlamnande>

export const Aterkallande = Type.Object(
  { skal: Skal },
  { $id: 'Aterkallande', additionalProperties: false, example: { skal: exampleOf(Skal) } },
)
export type Aterkallande = Static<typeof Aterkallande>
