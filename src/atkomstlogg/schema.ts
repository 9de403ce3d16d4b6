import { type Static, Type } from 'typebox'
import { exampleOf, Id, Lankar, Manad, oneOf, orNull, ref, Tidpunkt, text } from '../shared/schema-parts.ts'

/** Why an entry is in a sample (domain §7.5). */
export const stickprovsskal = ['slump', 'utanArende', 'skyddadPerson', 'sammaEfternamn', 'mangaPaKortTid'] as const
export const bedomningar = ['motiverad', 'omotiverad', 'utreds'] as const

export const Atkomst = Type.Object(
  {
    id: Type.Integer({ example: 1200001 }),
    tid: Tidpunkt,
    sub: Type.String({ description: 'Vem, enligt token.', example: 'maja.handlaggare' }),
    part: Type.String({ example: 'socialforvaltningen' }),
    partId: orNull(Type.String({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b' })),
    klient: Type.String({ example: 'boendewebben' }),
    metod: Type.String({ example: 'GET' }),
    vag: Type.String({ description: 'Vägens mönster, aldrig adressen.', example: '/v1/hyresgarantier/:id' }),
    hushallIds: Type.Array(Id),
    spar: Type.String({ description: 'Anropets spår-id.', example: '4bf92f3577b34da6a3ce929d0e0e4736' }),
  },
  {
    $id: 'Atkomst',
    additionalProperties: false,
    example: {
      id: 1200001,
      tid: '2026-09-15T10:00:00.000Z',
      sub: 'maja.handlaggare',
      part: 'socialforvaltningen',
      partId: null,
      klient: 'boendewebben',
      metod: 'GET',
      vag: '/v1/hyresgarantier/:id',
      hushallIds: ['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c'],
      spar: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
  },
)
export type Atkomst = Static<typeof Atkomst>

export const Loggkontroll = Type.Object(
  {
    hel: Type.Boolean({ description: 'Ingen rad är ändrad, tillagd eller borttagen sedan den skrevs.' }),
    satser: Type.Integer({ example: 120 }),
    rader: Type.Integer({ example: 4210 }),
    brutenVidSats: orNull(Type.Integer({ example: 77 })),
    senasteSats: orNull(Type.Integer({ example: 120 })),
    senasteHash: orNull(
      Type.String({
        description: 'Spara den någon annanstans: den visar om de sista satserna tas bort.',
        example: '9f86d081884c7d65',
      }),
    ),
  },
  {
    $id: 'Loggkontroll',
    additionalProperties: false,
    example: {
      hel: true,
      satser: 120,
      rader: 4210,
      brutenVidSats: null,
      senasteSats: 120,
      senasteHash: '9f86d081884c7d65',
    },
  },
)
export type Loggkontroll = Static<typeof Loggkontroll>

export const NyttStickprov = Type.Object(
  {
    manad: Manad,
    antal: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 200,
        default: 20,
        description: 'Högst så många av varje skäl.',
        example: 20,
      }),
    ),
  },
  { $id: 'NyttStickprov', additionalProperties: false, example: { manad: '2026-09', antal: 20 } },
)
export type NyttStickprov = Static<typeof NyttStickprov>

export const Stickprov = Type.Object(
  {
    id: Id,
    manad: Manad,
    draget: Tidpunkt,
    dragetAv: Type.String({ example: 'lars.granskare' }),
    antal: Type.Integer({ example: 34 }),
    granskade: Type.Integer({ example: 30 }),
    andelGranskade: orNull(
      Type.Number({ description: 'Indikatorn: andelen som en granskare har bedömt.', example: 0.88 }),
    ),
    _links: Lankar,
  },
  {
    $id: 'Stickprov',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0acb',
      manad: '2026-09',
      draget: '2026-10-01T08:00:00.000Z',
      dragetAv: 'lars.granskare',
      antal: 34,
      granskade: 30,
      andelGranskade: 0.88,
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/atkomstlogg/stickprov/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0acb',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

export const Stickprovspost = Type.Object(
  {
    id: Id,
    skal: oneOf(stickprovsskal),
    atkomst: ref(Atkomst),
    bedomning: orNull(oneOf(bedomningar)),
    kommentar: orNull(Type.String({ example: 'Handläggaren vikarierade.' })),
    granskad: orNull(Tidpunkt),
    granskadAv: orNull(Type.String({ example: 'lars.granskare' })),
  },
  {
    $id: 'Stickprovspost',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0adb',
      skal: 'slump',
      atkomst: exampleOf(Atkomst),
      bedomning: null,
      kommentar: null,
      granskad: null,
      granskadAv: null,
    },
  },
)

export const Granskningar = Type.Object(
  {
    granskningar: Type.Array(
      Type.Object(
        {
          postId: Id,
          bedomning: oneOf(bedomningar),
          kommentar: Type.Optional(orNull(text(2000, 'Handläggaren vikarierade.'))),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 1000 },
    ),
  },
  {
    $id: 'Granskningar',
    additionalProperties: false,
    example: { granskningar: [{ postId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0adb', bedomning: 'motiverad' }] },
  },
)
export type Granskningar = Static<typeof Granskningar>
