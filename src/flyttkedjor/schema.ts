import { type Static, type TSchema, Type } from 'typebox'
import { Datum, Etag, Id, Lankar, oneOf, orNull, ref, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** A chain of moves: planned, ready (everyone has said yes and the homes are promised), under way, carried out or broken. */
export const tillstand = ['planerad', 'klar', 'pagar', 'genomford', 'bruten'] as const
/** A link: `klar` when its household and its landlords have said yes. */
export const lanktillstand = ['planerad', 'klar', 'genomford', 'fallen', 'borttagen'] as const
/** What the homes of a chain are for: a home never changes from one to the other on the way. */
export const insatser = ['stodlagenhet', 'bostadForst'] as const
export const svar = ['ja', 'nej'] as const
/** Who has to say yes to a link. */
export const svarande = ['hushall', 'hyresvard', 'serviceforvaltningen'] as const
export const nejorsaker = [
  'lage',
  'storlek',
  'hyra',
  'standard',
  'ekonomi',
  'referens',
  'annatBoende',
  'annat',
] as const
/** Why a chain broke; `nej` is somebody's answer. */
export const avbrottsskal = ['nej', 'beslutUpphort', 'bostadenUpphor', 'annat'] as const
/** The most links that a chain has. */
export const flestLankar = 10

const described = <T extends TSchema>(schema: T, description: string): T => ({ ...schema, description })
const Nummer = Type.String({ pattern: '^FK-\\d{4}-\\d{5,}$', example: 'FK-2026-00001' })
const Objektnummer = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: 'LKF-2201' })
const Skal = text(2000, 'Hyresgästen får eget kontrakt, och bostaden blir ledig för nästa.')
const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 985000 })
const Svar = orNull(oneOf(svar))

const lankfalt = {
  id: Id,
  ordning: Type.Integer({ minimum: 1, maximum: flestLankar, example: 1 }),
  tillstand: oneOf(lanktillstand),
  hushallId: Id,
  stodlagenhetId: orNull(Id),
  bfBoendeId: orNull(Id),
  forturId: orNull(described(Id, 'Förturen som det egna kontraktet bygger på.')),
  franLagenhetId: orNull(described(Id, 'Bostaden som lämnas, och blir nästa länks.')),
  tillLagenhetId: orNull(described(Id, 'Bostaden i beståndet, den som länken före lämnar.')),
  tillHyresvardId: orNull(described(Id, 'Hyresvärden som ger det egna kontraktet.')),
  tillObjektnummer: orNull(described(Objektnummer, 'Hyresvärdens nummer på bostaden med eget kontrakt.')),
  flyttdag: described(Datum, 'Första dagen i den nya bostaden.'),
  plats: orNull(Type.Integer({ minimum: 1, description: 'Platsen bland dem i kön som bostaden passade.', example: 1 })),
  skalForAvsteg: orNull(described(Skal, 'Varför någon annan än den första som bostaden passade.')),
  hushalletsSvar: Svar,
  hyresvardensSvar: Svar,
  serviceforvaltningensSvar: Svar,
  nejOrsak: orNull(oneOf(nejorsaker)),
  genomfordDatum: orNull(Datum),
}

/** A link as it is kept; `efterId` is the link before it. */
export const FlyttlankRad = Type.Object({
  ...lankfalt,
  flyttkedjaId: Id,
  efterId: orNull(Id),
  version: Version,
  skyddad: Type.Boolean(),
  kedjaSkyddad: Type.Boolean(),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
})
export type FlyttlankRad = Static<typeof FlyttlankRad>

const id = (last: string) => `0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f${last}`
const lank = `https://api.example.se/hemvist/v1/flyttkedjor/${id('1a1b')}`
export const Flyttlank = Type.Object(
  { ...lankfalt, _links: Lankar },
  {
    $id: 'Flyttlank',
    additionalProperties: false,
    example: {
      id: id('1a2b'),
      ordning: 1,
      tillstand: 'klar',
      hushallId: id('0a1c'),
      stodlagenhetId: id('0e1b'),
      bfBoendeId: null,
      forturId: null,
      franLagenhetId: id('0f1b'),
      tillLagenhetId: null,
      tillHyresvardId: id('0a2b'),
      tillObjektnummer: 'LKF-2201',
      flyttdag: '2026-11-01',
      plats: null,
      skalForAvsteg: null,
      hushalletsSvar: 'ja',
      hyresvardensSvar: 'ja',
      serviceforvaltningensSvar: 'ja',
      nejOrsak: null,
      genomfordDatum: null,
      _links: {},
    },
  },
)

const falt = {
  id: Id,
  flyttkedjenummer: Nummer,
  insats: oneOf(insatser),
  tillstand: oneOf(tillstand),
  hyresvardId: described(Id, 'Hyresvärden som ger det första hushållet eget kontrakt.'),
  skal: Skal,
  klarDatum: orNull(Datum),
  avslutadDatum: orNull(Datum),
  avbrottsskal: orNull(oneOf(avbrottsskal)),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A chain as it is kept. */
export const FlyttkedjaRad = Type.Object({ ...falt, version: Version, skyddad: Type.Boolean() })
export type FlyttkedjaRad = Static<typeof FlyttkedjaRad>

export const Flyttkedja = Type.Object(
  { ...falt, lankar: Type.Array(ref(Flyttlank), { maxItems: flestLankar }), etag: Etag, _links: Lankar },
  {
    $id: 'Flyttkedja',
    additionalProperties: false,
    example: {
      id: id('1a1b'),
      flyttkedjenummer: 'FK-2026-00001',
      insats: 'stodlagenhet',
      tillstand: 'planerad',
      hyresvardId: id('0a2b'),
      skal: 'Hyresgästen får eget kontrakt, och bostaden blir ledig för nästa.',
      klarDatum: null,
      avslutadDatum: null,
      avbrottsskal: null,
      skapad: '2026-09-15T08:00:00.000Z',
      andrad: '2026-09-16T08:00:00.000Z',
      lankar: [],
      etag: '"2"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

export const NyFlyttkedja = Type.Object(
  { insats: falt.insats, hyresvardId: falt.hyresvardId, skal: falt.skal },
  {
    $id: 'NyFlyttkedja',
    additionalProperties: false,
    example: { insats: 'stodlagenhet', hyresvardId: id('0a2b'), skal: 'Hyresvärden erbjuder eget kontrakt.' },
  },
)
export type NyFlyttkedja = Static<typeof NyFlyttkedja>

/** The first link has the landlord's object number, every other the home that the one before it leaves. */
export const NyFlyttlank = Type.Object(
  {
    stodlagenhetId: Type.Optional(described(Id, 'Vars flytt det är, när kedjan gäller stödlägenheter.')),
    bfBoendeId: Type.Optional(described(Id, 'Vars flytt det är, när kedjan gäller Bostad Först.')),
    forturId: Type.Optional(lankfalt.forturId),
    objektnummer: Type.Optional(described(Objektnummer, 'Bara i den första länken: bostaden med eget kontrakt.')),
    lagenhetId: Type.Optional(described(Id, 'I alla länkar utom den första: bostaden som länken före lämnar.')),
    flyttdag: lankfalt.flyttdag,
    skalForAvsteg: Type.Optional(
      described(Skal, 'Behövs när bostaden inte passar behovet, eller passar någon som står före i kön.'),
    ),
  },
  {
    $id: 'NyFlyttlank',
    additionalProperties: false,
    example: { stodlagenhetId: id('0e1b'), objektnummer: 'LKF-2201', flyttdag: '2026-11-01' },
  },
)
export type NyFlyttlank = Static<typeof NyFlyttlank>

const avgivet = { svar: oneOf(svar), orsak: Type.Optional(orNull(oneOf(nejorsaker))) }
/** An answer that came by hand: the household's, or a party's. */
export const Flyttlanksvar = Type.Object(
  { part: oneOf(svarande), ...avgivet },
  { $id: 'Flyttlanksvar', additionalProperties: false, example: { part: 'hushall', svar: 'ja' } },
)
export type Flyttlanksvar = Static<typeof Flyttlanksvar>
/** A party's own answer. */
export const PartensFlyttlanksvar = Type.Object(avgivet, {
  $id: 'PartensFlyttlanksvar',
  additionalProperties: false,
  example: { svar: 'nej', orsak: 'referens' },
})

/** What a move to a home of the pool needs besides its day: the contract, in the part of its kind of help. */
export const Flyttgenomforande = Type.Object(
  {
    datum: described(Datum, 'Första dagen i den nya bostaden.'),
    stodlagenhet: Type.Optional(
      Type.Object(
        {
          avtalsform: oneOf(['andrahand', 'blockhyraAndrahand']),
          avtalDatum: Datum,
          informeradOmVillkorDatum: Datum,
          hyraOre: Hyra,
          hemforsakringTill: Type.Optional(orNull(Datum)),
        },
        { additionalProperties: false, description: 'Avtalet om stödlägenheten, om det inte redan är tecknat.' },
      ),
    ),
    bostadForst: Type.Optional(
      Type.Object(
        {
          kontraktsform: oneOf(['forstahand', 'andrahand']),
          hyraOre: Hyra,
          skalAndrahand: Type.Optional(
            orNull(oneOf(['vardenKraver', 'betalningsanmarkning', 'ingenInkomst', 'egetOnskemal', 'annat'])),
          ),
          overgangTidigast: Type.Optional(orNull(Datum)),
        },
        { additionalProperties: false, description: 'Kontraktet i Bostad Först.' },
      ),
    ),
  },
  { $id: 'Flyttgenomforande', additionalProperties: false, example: { datum: '2026-11-01' } },
)
export type Flyttgenomforande = Static<typeof Flyttgenomforande>

export const Flyttavbrott = Type.Object(
  { skal: oneOf(['beslutUpphort', 'bostadenUpphor', 'annat']) },
  { $id: 'Flyttavbrott', additionalProperties: false, example: { skal: 'beslutUpphort' } },
)
export type Flyttavbrott = Static<typeof Flyttavbrott>

/** What every party sees of a link: never the other links, nor why there is help. */
const partens = {
  id: Id,
  flyttkedjenummer: Nummer,
  kedjansTillstand: described(oneOf(tillstand), 'Hela kedjans läge.'),
  tillstand: oneOf(lanktillstand),
  vantarPaErtSvar: Type.Boolean({ example: true }),
  ertSvar: Svar,
  flyttdag: lankfalt.flyttdag,
  antalPersoner: Type.Integer({ minimum: 1, example: 3 }),
  hyresgast: orNull(Type.String({ description: 'Namn; först när hela kedjan är klar.', example: 'Maja Lind' })),
  genomfordDatum: lankfalt.genomfordDatum,
}
const partensExempel = {
  id: id('1a2b'),
  flyttkedjenummer: 'FK-2026-00001',
  kedjansTillstand: 'planerad',
  tillstand: 'planerad',
  vantarPaErtSvar: true,
  ertSvar: null,
  flyttdag: '2026-11-01',
  antalPersoner: 3,
  hyresgast: null,
  genomfordDatum: null,
}
/** A landlord's own link: who is to have its home. */
export const HyresvardensFlyttlank = Type.Object(
  { ...partens, objektnummer: Objektnummer, etag: Etag, _links: Lankar },
  {
    $id: 'HyresvardensFlyttlank',
    additionalProperties: false,
    example: { ...partensExempel, objektnummer: 'LKF-2201', etag: '"1"', _links: {} },
  },
)
/** A link about homes of the pool: the one that is left and the one that is moved to, when they are of it. */
export const ServiceforvaltningensFlyttlank = Type.Object(
  {
    ...partens,
    franLagenhetId: lankfalt.franLagenhetId,
    franObjektnummer: orNull(Objektnummer),
    tillLagenhetId: lankfalt.tillLagenhetId,
    tillObjektnummer: orNull(Objektnummer),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'ServiceforvaltningensFlyttlank',
    additionalProperties: false,
    example: {
      ...partensExempel,
      franLagenhetId: id('0f1b'),
      franObjektnummer: 'SF-0412',
      tillLagenhetId: null,
      tillObjektnummer: null,
      etag: '"1"',
      _links: {},
    },
  },
)
