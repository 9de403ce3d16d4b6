import { type Static, Type } from 'typebox'
import { Datum, Etag, Id, Lankar, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** From the decision to a home, or not (domain §2.3). What comes before it is an ärende. */
export const tillstand = [
  'beviljad',
  'hosHyresvard',
  'erbjuden',
  'accepterad',
  'tillgodosedd',
  'tillgodoseddEgen',
  'forbrukad',
  'utgangen',
  'upphavd',
] as const
/** A person has at most one förtur in these states. */
export const oppna = ['beviljad', 'hosHyresvard', 'erbjuden', 'accepterad'] as const
export const ursprung = ['arende', 'import'] as const
/** What a landlord meets: the open ones, and what its own answers lead to. */
export const hyresvardensTillstand = [...oppna, 'tillgodosedd', 'forbrukad'] as const
export const kontraktsformer = ['forstahand', 'andrahand'] as const

export const erbjudandetillstand = [
  'oppet',
  'accepterat',
  'avbojt',
  'uteblivet',
  'nekat',
  'aterkallat',
  'kontrakt',
] as const
/** Why a person said no, or a landlord did. */
export const nejorsaker = [
  'lage',
  'storlek',
  'hyra',
  'standard',
  'tillganglighet',
  'trygghet',
  'annatBoende',
  'annat',
] as const
export const nekandeorsaker = ['inkomst', 'skuld', 'referens', 'storning', 'avtaletUteblev', 'annat'] as const
export const orsaker = [...new Set([...nejorsaker, ...nekandeorsaker])]

const Kod = Type.String({ pattern: '^[a-zA-Z0-9]{1,50}$', maxLength: 50, example: 'norraFaladen' })
const Koder = Type.Array(Kod, { maxItems: 50, uniqueItems: true })
const Rum = Type.Integer({ minimum: 1, maximum: 20, example: 2 })
const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 1100000 })
const Motivering = text(4000, 'Omständigheterna har ändrats.')

/** What the letting needs to know: may be corrected while the förtur is open. */
const behov = {
  minRum: orNull(Rum),
  maxRum: orNull(Rum),
  maxHyraOre: orNull(Hyra),
  tillganglighet: Koder,
  onskadeOmraden: Koder,
  uteslutnaOmraden: {
    ...Koder,
    description: 'Lämnas till hyresvärden bara om handläggaren väljer det, och utan skäl.',
  } as typeof Koder,
  koRegistrerad: orNull(Type.Boolean({ description: 'I hyresvärdens kö.', example: true })),
  koFornyad: orNull(Datum),
}
const falt = {
  id: Id,
  forturnummer: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: 'AR-2026-00012' }),
  tillstand: oneOf(tillstand),
  ursprung: oneOf(ursprung),
  arendeId: orNull(Id),
  beslutId: orNull({ ...Id, description: 'Beslutet som gäller nu.' } as typeof Id),
  beslutDatum: Datum,
  hushallId: Id,
  personId: { ...Id, description: 'Den som har förtur.' } as typeof Id,
  medsokandeId: orNull(Id),
  giltigFran: Datum,
  giltigTill: { ...Datum, description: 'Sista dagen.' } as typeof Datum,
  maxErbjudanden: Type.Integer({ minimum: 1, description: 'Så många nej som förbrukar förturen.', example: 1 }),
  antalNej: Type.Integer({ minimum: 0, example: 0 }),
  antalPersoner: Type.Integer({ minimum: 1, description: 'I hushållet, för bostadens storlek.', example: 2 }),
  ...behov,
  lamnarUteslutnaOmraden: Type.Boolean({ example: false }),
  koPaminnd: orNull({ ...Datum, description: 'Dagen då köns förnyelse påmindes om.' } as typeof Datum),
  hyresvardId: orNull(Id),
  overlamnadDatum: orNull(Datum),
  erbjudandeId: orNull({ ...Id, description: 'Erbjudandet som gäller nu.' } as typeof Id),
  varnadDagar: orNull(Type.Integer({ description: 'Gränsen som senast passerades före giltigTill.', example: 60 })),
  varnadDatum: orNull(Datum),
  avslutadDatum: orNull(Datum),
  kontraktsform: orNull(oneOf(kontraktsformer)),
  avslutsmotivering: orNull(Motivering),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A förtur as it is kept. `grunder` never leaves the department, and is in no answer. */
export const ForturRad = Type.Object({
  ...falt,
  grunder: Type.Array(Type.String()),
  version: Version,
  skyddad: Type.Boolean(),
})
export type ForturRad = Static<typeof ForturRad>

const lank = 'https://api.example.se/hemvist/v1/forturer/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b'
export const Fortur = Type.Object(
  { ...falt, etag: Etag, _links: Lankar },
  {
    $id: 'Fortur',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b',
      forturnummer: 'AR-2026-00012',
      tillstand: 'hosHyresvard',
      ursprung: 'arende',
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      beslutId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
      beslutDatum: '2026-10-01',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      personId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d',
      medsokandeId: null,
      giltigFran: '2026-10-01',
      giltigTill: '2027-09-30',
      maxErbjudanden: 1,
      antalNej: 0,
      antalPersoner: 2,
      minRum: 2,
      maxRum: 3,
      maxHyraOre: 1100000,
      tillganglighet: [],
      onskadeOmraden: ['norraFaladen'],
      uteslutnaOmraden: [],
      koRegistrerad: true,
      koFornyad: '2026-05-01',
      lamnarUteslutnaOmraden: false,
      koPaminnd: null,
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      overlamnadDatum: '2026-10-02',
      erbjudandeId: null,
      varnadDagar: null,
      varnadDatum: null,
      avslutadDatum: null,
      kontraktsform: null,
      avslutsmotivering: null,
      skapad: '2026-10-01T09:12:00.000Z',
      andrad: '2026-10-02T10:00:00.000Z',
      etag: '"2"',
      _links: {
        self: { href: lank, rel: 'self', method: 'GET' },
        erbjud: { href: `${lank}/erbjudanden`, rel: 'erbjud', method: 'POST', title: 'Erbjuda en bostad' },
      },
    },
  },
)

export const ForturAndring = Type.Object(Type.Partial(Type.Object(behov)).properties, {
  $id: 'ForturAndring',
  additionalProperties: false,
  minProperties: 1,
  example: { koFornyad: '2027-04-28', maxHyraOre: 1150000 },
})
export type ForturAndring = Static<typeof ForturAndring>

/** Hands the förtur over to a landlord that receives them. It is a disclosure (OSL 10:2 unless another ground is given). */
export const Forturoverlamnande = Type.Object(
  {
    hyresvardId: Id,
    grund: Type.Optional(oneOf(['samtycke', 'nodvandigt', 'lag', 'menprovning'])),
    lamnarUteslutnaOmraden: Type.Optional(
      Type.Boolean({ description: 'Om hyresvärden ska få veta vilka områden som ska undvikas. Aldrig varför.' }),
    ),
  },
  {
    $id: 'Forturoverlamnande',
    additionalProperties: false,
    example: { hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b', grund: 'samtycke' },
  },
)
export type Forturoverlamnande = Static<typeof Forturoverlamnande>

const Omrade = { ...Kod, description: 'Alltid med, så att ett område som ska undvikas aldrig erbjuds.' } as typeof Kod
const hem = {
  adress: orNull(text(200, 'Exempelgatan 3, 222 22 Lund')),
  lagenhetsnummer: orNull(text(20, '1203')),
  omrade: orNull(Kod),
  rum: Rum,
  hyraOre: Hyra,
  tilltrade: Datum,
  svaraSenast: {
    ...Datum,
    description: 'Sista dagen att svara; utan uppgift så lång tid som kommunen har bestämt.',
  } as typeof Datum,
}
const erbjudande = {
  id: Id,
  forturId: Id,
  hyresvardId: Id,
  tillstand: oneOf(erbjudandetillstand),
  ...hem,
  datum: Datum,
  svarDatum: orNull(Datum),
  orsak: orNull(oneOf(orsaker)),
  kommentar: orNull(text(2000, 'För långt till barnens skola.')),
  raknas: orNull(Type.Boolean({ description: 'Om ett nej räknas mot maxErbjudanden.', example: true })),
  kontraktDatum: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}
/** An offer as it is kept. */
export const ErbjudandeRad = Type.Object({ ...erbjudande, hushallId: Id, version: Version, skyddad: Type.Boolean() })
export type ErbjudandeRad = Static<typeof ErbjudandeRad>

const erbjudandeExempel = {
  id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c2b',
  forturId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b',
  hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
  tillstand: 'oppet',
  adress: 'Exempelgatan 3, 222 22 Lund',
  lagenhetsnummer: '1203',
  omrade: 'norraFaladen',
  rum: 2,
  hyraOre: 985000,
  tilltrade: '2026-12-01',
  svaraSenast: '2026-10-20',
  datum: '2026-10-12',
  svarDatum: null,
  orsak: null,
  kommentar: null,
  raknas: null,
  kontraktDatum: null,
  skapad: '2026-10-12T09:12:00.000Z',
  andrad: '2026-10-12T09:12:00.000Z',
  etag: '"1"',
}
export const Erbjudande = Type.Object(
  { ...erbjudande, etag: Etag },
  { $id: 'Erbjudande', additionalProperties: false, example: erbjudandeExempel },
)

export const NyttErbjudande = Type.Object(
  {
    adress: Type.Optional(hem.adress),
    lagenhetsnummer: Type.Optional(hem.lagenhetsnummer),
    omrade: Omrade,
    rum: hem.rum,
    hyraOre: hem.hyraOre,
    tilltrade: hem.tilltrade,
    svaraSenast: Type.Optional(orNull(hem.svaraSenast)),
  },
  {
    $id: 'NyttErbjudande',
    additionalProperties: false,
    example: {
      adress: 'Exempelgatan 3, 222 22 Lund',
      lagenhetsnummer: '1203',
      omrade: 'norraFaladen',
      rum: 2,
      hyraOre: 985000,
      tilltrade: '2026-12-01',
    },
  },
)
export type NyttErbjudande = Static<typeof NyttErbjudande>

const svar = {
  svar: oneOf(['ja', 'nej', 'vardenNekar']),
  orsak: Type.Optional(orNull(oneOf(orsaker))),
  kommentar: Type.Optional(erbjudande.kommentar),
}
/** The person's yes or no, or the landlord's no. A person's no for an accepted reason does not count. */
export const Erbjudandesvar = Type.Object(
  {
    ...svar,
    godtagbartSkal: Type.Optional(
      Type.Boolean({ description: 'Socialförvaltningens bedömning: ett godtagbart nej räknas inte.' }),
    ),
  },
  { $id: 'Erbjudandesvar', additionalProperties: false, example: { svar: 'nej', orsak: 'lage' } },
)
export type Erbjudandesvar = Static<typeof Erbjudandesvar>

/** The same from a landlord, which does not judge whether a no counts. */
export const HyresvardensErbjudandesvar = Type.Object(svar, {
  $id: 'HyresvardensErbjudandesvar',
  additionalProperties: false,
  example: { svar: 'vardenNekar', orsak: 'referens' },
})

export const Forturkontrakt = Type.Object(
  { kontraktDatum: Datum, kontraktsform: oneOf(kontraktsformer) },
  {
    $id: 'Forturkontrakt',
    additionalProperties: false,
    example: { kontraktDatum: '2026-10-25', kontraktsform: 'forstahand' },
  },
)
export type Forturkontrakt = Static<typeof Forturkontrakt>

export const EgenKotid = Type.Object(
  { datum: Datum, motivering: Motivering },
  {
    $id: 'EgenKotid',
    additionalProperties: false,
    example: { datum: '2026-10-25', motivering: 'Egen kötid räckte till en tvåa.' },
  },
)
export type EgenKotid = Static<typeof EgenKotid>

export const Upphavande = Type.Object(
  { motivering: Motivering },
  { $id: 'Upphavande', additionalProperties: false, example: { motivering: 'Familjen har flyttat från kommunen.' } },
)
export type Upphavande = Static<typeof Upphavande>

const hyresvardensErbjudande = Type.Object(
  {
    id: Id,
    tillstand: oneOf(erbjudandetillstand),
    ...hem,
    datum: Datum,
    svarDatum: orNull(Datum),
    kontraktDatum: orNull(Datum),
  },
  { additionalProperties: false, description: 'Erbjudandet som gäller nu.' },
)

/** What a landlord that receives förturer sees: what the letting needs. The name comes with an offer. */
export const HyresvardensFortur = Type.Object(
  {
    id: Id,
    forturnummer: falt.forturnummer,
    tillstand: oneOf(hyresvardensTillstand),
    giltigTill: Datum,
    antalPersoner: falt.antalPersoner,
    minRum: behov.minRum,
    maxRum: behov.maxRum,
    maxHyraOre: behov.maxHyraOre,
    tillganglighet: Koder,
    onskadeOmraden: Koder,
    undvik: { ...Koder, description: 'Områden som inte ska erbjudas.' } as typeof Koder,
    sokande: orNull(Type.String({ description: 'Namn; först när ett erbjudande är lämnat.', example: 'Maja Lind' })),
    medsokande: orNull(Type.String({ example: 'Alva Ek' })),
    erbjudande: orNull(hyresvardensErbjudande),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'HyresvardensFortur',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b',
      forturnummer: 'AR-2026-00012',
      tillstand: 'hosHyresvard',
      giltigTill: '2027-09-30',
      antalPersoner: 2,
      minRum: 2,
      maxRum: 3,
      maxHyraOre: 1100000,
      tillganglighet: [],
      onskadeOmraden: ['norraFaladen'],
      undvik: [],
      sokande: null,
      medsokande: null,
      erbjudande: null,
      etag: '"2"',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresvard/forturer/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

const kriterier = {
  minFolkbokfordManader: orNull(
    Type.Integer({ minimum: 0, maximum: 240, description: 'Folkbokförd i kommunen, om inte undantag.', example: 24 }),
  ),
  kravKo: orNull(Type.Boolean({ description: 'Registrerad i hyresvärdens kö.', example: true })),
  kravEgenKotid: orNull(Type.Boolean({ description: 'Egen kötid är prövad först.', example: true })),
  minIntygPerGrund: orNull(Type.Integer({ minimum: 0, maximum: 10, example: 1 })),
  maxBostadsskuldOre: orNull(Type.Integer({ minimum: 0, maximum: 2_000_000_000, example: 0 })),
  maxAlderUng: orNull(
    Type.Integer({
      minimum: 18,
      maximum: 40,
      description: 'Yngre än så på ansökningsdagen, för grunden ungUnder28.',
      example: 28,
    }),
  ),
}
/** A version of the municipality's criteria for förtur. A criterion that is null is not asked. */
export const ForturskriterierRad = Type.Object({
  id: Id,
  nummer: Type.Integer({ example: 1 }),
  giltigFran: Datum,
  ...kriterier,
  skapad: Tidpunkt,
})
export type ForturskriterierRad = Static<typeof ForturskriterierRad>

const kriterierExempel = {
  minFolkbokfordManader: 24,
  kravKo: true,
  kravEgenKotid: true,
  minIntygPerGrund: 1,
  maxBostadsskuldOre: null,
  maxAlderUng: 28,
}
export const Forturskriterier = Type.Object(
  { nummer: Type.Integer({ example: 1 }), giltigFran: Datum, ...kriterier },
  {
    $id: 'Forturskriterier',
    additionalProperties: false,
    example: { nummer: 1, giltigFran: '2026-01-01', ...kriterierExempel },
  },
)
export const NyaForturskriterier = Type.Object(
  { giltigFran: Datum, ...Type.Partial(Type.Object(kriterier)).properties },
  {
    $id: 'NyaForturskriterier',
    additionalProperties: false,
    example: { giltigFran: '2027-01-01', ...kriterierExempel, maxBostadsskuldOre: 0 },
  },
)
export type NyaForturskriterier = Static<typeof NyaForturskriterier>
/** Criteria to try, without a day. */
export const ProvadeKriterier = Type.Partial(Type.Object(kriterier))
export type ProvadeKriterier = Static<typeof ProvadeKriterier>
