import { type Static, Type } from 'typebox'
import { Datum, Etag, either, Id, Lankar, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** `reviderad`: another has taken its place (domain §6.1). */
export const tillstand = ['paborjad', 'klar', 'reviderad'] as const
export const svarstyper = ['jaNejEjAktuellt', 'text', 'skala'] as const
/** What a point of the type `jaNejEjAktuellt` is answered with. */
export const svarsord = ['ja', 'nej', 'ejAktuellt'] as const
/** Whether the child has been heard, or why not. */
export const hord = ['ja', 'nejAlder', 'nejVilleEj', 'nejAnnat'] as const

const Kod = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,49}$', maxLength: 50, example: 'skola' })
const Punkt = Type.Object(
  {
    kod: Kod,
    text: text(500, 'Hur påverkas skola, förskola och resväg?'),
    svarstyp: oneOf(svarstyper, { description: '`skala` är 1 till 5.' }),
    obligatorisk: Type.Boolean({ example: true }),
  },
  { additionalProperties: false },
)
export type Punkt = Static<typeof Punkt>
const mall = {
  namn: text(200, 'Barnchecklista vid beslut om boende'),
  punkter: Type.Array(Punkt, { minItems: 1, maxItems: 100 }),
  giltigFran: Datum,
}

/** A version of the template. Never changed: a new version is a new row. */
export const BarnchecklistemallRad = Type.Object({
  id: Id,
  nummer: Type.Integer({ example: 1 }),
  ...mall,
  skapad: Tidpunkt,
})
export type BarnchecklistemallRad = Static<typeof BarnchecklistemallRad>

const bas = 'https://api.example.se/hemvist/v1'
const mallExempel = {
  namn: 'Barnchecklista vid beslut om boende',
  punkter: [{ kod: 'skola', text: 'Hur påverkas skola, förskola och resväg?', svarstyp: 'text', obligatorisk: true }],
  giltigFran: '2026-01-01',
}
export const Barnchecklistemall = Type.Object(
  { nummer: Type.Integer({ example: 1 }), ...mall, skapad: Tidpunkt, _links: Lankar },
  {
    $id: 'Barnchecklistemall',
    additionalProperties: false,
    example: {
      nummer: 1,
      ...mallExempel,
      skapad: '2026-01-01T09:12:00.000Z',
      _links: { self: { href: `${bas}/barnchecklistemallar/1`, rel: 'self', method: 'GET' } },
    },
  },
)
export const NyBarnchecklistemall = Type.Object(mall, {
  $id: 'NyBarnchecklistemall',
  additionalProperties: false,
  example: mallExempel,
})
export type NyBarnchecklistemall = Static<typeof NyBarnchecklistemall>

const svar = {
  kod: Kod,
  svar: either<string | number>(['string', 'integer'], {
    minLength: 1,
    maxLength: 8000,
    pattern: '\\S',
    minimum: 1,
    maximum: 5,
    description: 'Efter punktens svarstyp: ja, nej eller ejAktuellt; text; eller 1 till 5.',
    example: 'ja',
  }),
}
const kommentar = orNull(text(2000, 'Skolan ligger kvar på gångavstånd.'))
const barn = {
  personId: Id,
  informerad: Type.Boolean({ description: 'Har fått information som passar åldern.', example: true }),
  hord: oneOf(hord),
}
const skal = orNull({ ...text(2000, 'Barnet är på sjukhus.'), description: 'Varför barnet inte har hörts.' })
const egenSyn = orNull({
  ...text(4000, 'Vill ha kvar sin skola och sina kompisar.'),
  description: 'Vad barnet själv säger.',
})
const bounded = { svar: { maxItems: 100 }, barn: { maxItems: 30 } }
const barnetsBasta = orNull(text(8000, 'Att bo kvar nära skolan väger tyngst.'))
const strict = { additionalProperties: false }

/** What is filled in, as it is answered: with every field. */
const ifyllt = {
  svar: Type.Array(Type.Object({ ...svar, kommentar }, strict), bounded.svar),
  barn: Type.Array(Type.Object({ ...barn, skal, egenSyn }, strict), bounded.barn),
  barnetsBasta,
}
const falt = {
  id: Id,
  hushallId: Id,
  arendeId: orNull(Id),
  mallNummer: Type.Integer({ example: 1 }),
  tillstand: oneOf(tillstand),
  antalBarn: Type.Integer({ description: 'Barn i checklistan.', example: 1 }),
  antalInformerade: Type.Integer({ example: 1 }),
  antalHorda: Type.Integer({ example: 1 }),
  klarDatum: orNull(Datum),
  klarAv: orNull(Type.String({ example: 'maja.handlaggare' })),
  ersatterId: orNull({ ...Id, description: 'Checklistan som denna reviderar.' } as typeof Id),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A filled-in checklist as it is kept. The counts follow from `barn`, and are what the indicators sum. */
export const BarnchecklistaRad = Type.Object({ ...falt, ...ifyllt, version: Version, skyddad: Type.Boolean() })
export type BarnchecklistaRad = Static<typeof BarnchecklistaRad>

const ifylltExempel = {
  svar: [{ kod: 'skola', svar: 'Skolan ligger kvar på gångavstånd.', kommentar: null }],
  barn: [
    {
      personId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1e',
      informerad: true,
      hord: 'ja',
      skal: null,
      egenSyn: 'Vill ha kvar sin skola och sina kompisar.',
    },
  ],
  barnetsBasta: 'Att bo kvar nära skolan väger tyngst.',
}
const faltExempel = {
  id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b3b',
  hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
  arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
  mallNummer: 1,
  tillstand: 'klar',
  antalBarn: 1,
  antalInformerade: 1,
  antalHorda: 1,
  klarDatum: '2026-09-01',
  klarAv: 'maja.handlaggare',
  ersatterId: null,
  skapad: '2026-08-28T09:12:00.000Z',
  andrad: '2026-09-01T09:12:00.000Z',
  etag: '"3"',
  _links: {
    self: { href: `${bas}/barnchecklistor/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b3b`, rel: 'self', method: 'GET' },
  },
}
export const Barnchecklista = Type.Object(
  { ...falt, ...ifyllt, etag: Etag, _links: Lankar },
  { $id: 'Barnchecklista', additionalProperties: false, example: { ...faltExempel, ...ifylltExempel } },
)
/** A checklist in a list: without what it says of the children. */
export const Barnchecklistepost = Type.Object(
  { ...falt, etag: Etag, _links: Lankar },
  { $id: 'Barnchecklistepost', additionalProperties: false, example: faltExempel },
)

export const NyBarnchecklista = Type.Object(
  { hushallId: Id, arendeId: Type.Optional(orNull(Id)) },
  {
    $id: 'NyBarnchecklista',
    additionalProperties: false,
    example: {
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
    },
  },
)
export type NyBarnchecklista = Static<typeof NyBarnchecklista>

/** A draft saves with anything missing; what is, is said when it is to be finished. Absent is empty. */
export const Barnchecklisteutkast = Type.Object(
  {
    svar: Type.Optional(
      Type.Array(Type.Object({ ...svar, kommentar: Type.Optional(kommentar) }, strict), bounded.svar),
    ),
    barn: Type.Optional(
      Type.Array(
        Type.Object({ ...barn, skal: Type.Optional(skal), egenSyn: Type.Optional(egenSyn) }, strict),
        bounded.barn,
      ),
    ),
    barnetsBasta: Type.Optional(barnetsBasta),
  },
  { $id: 'Barnchecklisteutkast', additionalProperties: false, example: ifylltExempel },
)
export type Barnchecklisteutkast = Static<typeof Barnchecklisteutkast>
