import { type Static, Type } from 'typebox'
import { Datum, Etag, exampleOf, Id, Lankar, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** A home in the pool (domain §3.2, the object's side). */
export const tillstand = [
  'planerad',
  'ledig',
  'reserverad',
  'uthyrd',
  'uppsagd',
  'tomstalld',
  'renovering',
  'aterlamnad',
  'overlaten',
] as const
/** Nobody has, or is promised, a home in these states. */
export const vakanta = ['ledig', 'tomstalld', 'renovering'] as const
/** Somebody has a home in these states, or is promised it. */
export const upptagna = ['reserverad', 'uthyrd', 'uppsagd'] as const
/** The home has left the pool. */
export const urPoolen = ['aterlamnad', 'overlaten'] as const
export const agare = ['lkf', 'lundafastigheter', 'privat', 'bostadsratt'] as const
export const kategorier = ['stodlagenhet', 'bostadForst', 'hotellagenhet', 'jour'] as const

export const slag = ['reservation', 'boende'] as const
export const kontraktsformer = ['forstahand', 'andrahand', 'blockhyraAndrahand'] as const

const Kod = Type.String({ pattern: '^[a-zA-Z0-9]{1,50}$', maxLength: 50, example: 'norraFaladen' })
const Koder = Type.Array({ ...Kod, example: 'hiss' } as typeof Kod, { maxItems: 50, uniqueItems: true })
export const Rum = Type.Integer({ minimum: 1, maximum: 20, example: 2 })
export const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 845000 })
export const Omrade = Kod
const utanAdress = 'Aldrig för en bostad i kategorin jour.'

/** What can be corrected while the home is in the pool. */
const uppgifter = {
  agare: oneOf(agare),
  kategori: oneOf(kategorier),
  adress: orNull({ ...text(200, 'Exempelgatan 1, 222 22 Lund'), description: utanAdress } as ReturnType<typeof text>),
  lagenhetsnummer: orNull({ ...text(20, '1203'), description: utanAdress } as ReturnType<typeof text>),
  omrade: Omrade,
  rum: Rum,
  yta: orNull(Type.Integer({ minimum: 5, maximum: 1000, description: 'Kvadratmeter.', example: 54 })),
  hyraOre: { ...Hyra, description: 'Per månad.' } as typeof Hyra,
  tillganglighet: { ...Koder, description: 'Vad bostaden har, som hiss.' } as typeof Koder,
  blockhyrd: Type.Boolean({ example: false }),
  iPoolenFran: Datum,
}
const falt = {
  id: Id,
  objektnummer: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: '1001-1203' }),
  tillstand: oneOf(tillstand),
  tillstandSedan: Datum,
  ...uppgifter,
  iPoolenTill: orNull({ ...Datum, description: 'Sista dagen, om den är känd.' } as typeof Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** As it is kept. `tomSedan` is the day after the last tenancy that has ended; null when none has. */
export const LagenhetRad = Type.Object({ ...falt, tomSedan: orNull(Datum), version: Version, skyddad: Type.Boolean() })
export type LagenhetRad = Static<typeof LagenhetRad>

const { iPoolenFran, adress, lagenhetsnummer, yta, tillganglighet, ...maste } = uppgifter
const uppgifterExempel = {
  agare: 'lkf',
  kategori: 'stodlagenhet',
  adress: 'Exempelgatan 1, 222 22 Lund',
  lagenhetsnummer: '1203',
  omrade: 'norraFaladen',
  rum: 2,
  yta: 54,
  hyraOre: 845000,
  tillganglighet: ['hiss'],
  blockhyrd: false,
  iPoolenFran: '2026-09-01',
}

const lank = 'https://api.example.se/hemvist/v1/lagenheter/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0f1b'
/** A home in the pool. Never who lives there. */
export const Lagenhet = Type.Object(
  {
    ...falt,
    vakansdagar: orNull(
      Type.Integer({
        minimum: 0,
        description:
          'Dagar sedan den senaste hyresgästen flyttade ut, eller sedan bostaden kom till beståndet, för en bostad som är ledig, tomställd eller under renovering.',
        example: 14,
      }),
    ),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'Lagenhet',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0f1b',
      objektnummer: '1001-1203',
      tillstand: 'ledig',
      tillstandSedan: '2026-09-01',
      ...uppgifterExempel,
      iPoolenTill: null,
      skapad: '2026-08-20T08:00:00.000Z',
      andrad: '2026-09-01T08:00:00.000Z',
      vakansdagar: 14,
      etag: '"2"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

/** A home to add to the pool. */
export const NyLagenhet = Type.Object(
  {
    objektnummer: falt.objektnummer,
    ...maste,
    adress: Type.Optional(adress),
    lagenhetsnummer: Type.Optional(lagenhetsnummer),
    yta: Type.Optional(yta),
    tillganglighet: Type.Optional(tillganglighet),
    iPoolenFran,
    iPoolenTill: Type.Optional(falt.iPoolenTill),
    klar: Type.Optional(
      Type.Boolean({ default: false, description: 'Bostaden är redan klar att hyra ut: den blir ledig genast.' }),
    ),
  },
  {
    $id: 'NyLagenhet',
    additionalProperties: false,
    example: { objektnummer: '1001-1203', ...uppgifterExempel, klar: true },
  },
)
export type NyLagenhet = Static<typeof NyLagenhet>

/** One to 500 homes, each accepted or refused on its own, so the items are checked one by one against `NyLagenhet`. */
export const NyaLagenheter = Type.Object(
  { lagenheter: Type.Array(Type.Unknown({ description: 'Se NyLagenhet.' }), { minItems: 1, maxItems: 500 }) },
  { $id: 'NyaLagenheter', additionalProperties: false, example: { lagenheter: [exampleOf(NyLagenhet)] } },
)

export const Lagenhetsresultat = Type.Object(
  {
    resultat: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Platsen i anropet, från 0.', example: 0 }),
          utfall: oneOf(['skapad', 'avvisad']),
          id: Type.Optional(Id),
          kod: Type.Optional(Type.String({ example: 'finns-redan' })),
          detail: Type.Optional(Type.String({ example: 'En bostad med objektnumret finns redan.' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Lagenhetsresultat',
    additionalProperties: false,
    example: {
      resultat: [
        { index: 0, utfall: 'skapad', id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0f1b' },
        { index: 1, utfall: 'avvisad', kod: 'finns-redan', detail: 'En bostad med objektnumret finns redan.' },
      ],
    },
  },
)
export type Lagenhetsresultat = Static<typeof Lagenhetsresultat>

/** Corrects the facts of a home. Its number stays. */
export const LagenhetAndring = Type.Object(
  Type.Partial(Type.Object({ ...uppgifter, iPoolenTill: falt.iPoolenTill })).properties,
  { $id: 'LagenhetAndring', additionalProperties: false, minProperties: 1, example: { hyraOre: 860000 } },
)
export type LagenhetAndring = Static<typeof LagenhetAndring>

export const Besiktning = Type.Object(
  { behoverRenoveras: Type.Boolean({ example: false }) },
  { $id: 'Besiktning', additionalProperties: false, example: { behoverRenoveras: false } },
)
export type Besiktning = Static<typeof Besiktning>

export const Aterlamning = Type.Object(
  { iPoolenTill: { ...Datum, description: 'Sista dagen i beståndet.' } as typeof Datum },
  { $id: 'Aterlamning', additionalProperties: false, example: { iPoolenTill: '2026-09-01' } },
)
export type Aterlamning = Static<typeof Aterlamning>

export const atgarder = ['klar', 'besiktiga', 'aterlamna'] as const

/** What is done with one home of many. It is named as its keeper names it. */
export const Lagenhetsatgard = Type.Object(
  {
    objektnummer: falt.objektnummer,
    atgard: oneOf(atgarder),
    behoverRenoveras: Type.Optional(orNull(Type.Boolean({ description: 'Vid besiktiga.', example: false }))),
    iPoolenTill: Type.Optional(orNull({ ...Datum, description: 'Vid aterlamna.' } as typeof Datum)),
  },
  {
    $id: 'Lagenhetsatgard',
    additionalProperties: false,
    example: { objektnummer: '1001-1203', atgard: 'besiktiga', behoverRenoveras: false },
  },
)
export type Lagenhetsatgard = Static<typeof Lagenhetsatgard>

/** One to 500, each done or refused on its own: checked one by one against `Lagenhetsatgard`. */
export const Lagenhetsatgarder = Type.Object(
  { atgarder: Type.Array(Type.Unknown({ description: 'Se Lagenhetsatgard.' }), { minItems: 1, maxItems: 500 }) },
  { $id: 'Lagenhetsatgarder', additionalProperties: false, example: { atgarder: [exampleOf(Lagenhetsatgard)] } },
)

export const Atgardsresultat = Type.Object(
  {
    resultat: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Platsen i anropet, från 0.', example: 0 }),
          utfall: oneOf(['utford', 'avvisad']),
          tillstand: Type.Optional(oneOf(tillstand)),
          kod: Type.Optional(Type.String({ example: 'okand-bostad' })),
          detail: Type.Optional(Type.String({ example: 'Det finns ingen sådan bostad. Kontrollera objektnumret.' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Atgardsresultat',
    additionalProperties: false,
    example: {
      resultat: [
        { index: 0, utfall: 'utford', tillstand: 'ledig' },
        {
          index: 1,
          utfall: 'avvisad',
          kod: 'okand-bostad',
          detail: 'Det finns ingen sådan bostad. Kontrollera objektnumret.',
        },
      ],
    },
  },
)
export type Atgardsresultat = Static<typeof Atgardsresultat>

const upplatelse = {
  id: Id,
  lagenhetId: Id,
  hushallId: Id,
  stodlagenhetId: orNull(Id),
  bfBoendeId: orNull(Id),
  slag: oneOf(slag),
  fran: Datum,
  till: orNull({ ...Datum, description: 'Sista dagen; null tills vidare.' } as typeof Datum),
  kontraktsform: orNull(oneOf(kontraktsformer)),
  hyraOre: orNull(Hyra),
  upphavd: orNull({ ...Datum, description: 'Dagen då en reservation släpptes.' } as typeof Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** Who has a home, or is promised it, and when. A reservation becomes the tenancy: the same row. */
export const UpplatelseRad = Type.Object({ ...upplatelse, version: Version, skyddad: Type.Boolean() })
export type UpplatelseRad = Static<typeof UpplatelseRad>

export const Upplatelse = Type.Object(upplatelse, {
  $id: 'Upplatelse',
  additionalProperties: false,
  example: {
    id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0f2b',
    lagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0f1b',
    hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
    stodlagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0e1b',
    bfBoendeId: null,
    slag: 'boende',
    fran: '2026-10-01',
    till: null,
    kontraktsform: 'andrahand',
    hyraOre: 845000,
    upphavd: null,
    skapad: '2026-09-15T08:00:00.000Z',
    andrad: '2026-10-01T08:00:00.000Z',
  },
})
