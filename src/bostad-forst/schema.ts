import { type Static, type TSchema, Type } from 'typebox'
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

/** The tenancy, from the decision on (domain §4.2). What comes before it is an ärende. */
export const tillstand = [
  'antagen',
  'matchning',
  'erbjuden',
  'inflyttad',
  'overgangProvas',
  'forstahand',
  'byteAvBostad',
  'tillfalligtBorta',
  'uppsagd',
  'avslutad',
] as const
/** The support has states of its own: neither process ever changes the other. */
export const stodtillstand = ['erbjudet', 'pagar', 'vilande', 'avslutat'] as const
export const ursprung = ['arende', 'import'] as const
export const kontraktsformer = ['forstahand', 'andrahand'] as const
export const andrahandsskal = ['vardenKraver', 'betalningsanmarkning', 'ingenInkomst', 'egetOnskemal', 'annat'] as const
export const bortaorsaker = ['behandlingshem', 'sjukhus', 'kriminalvard', 'annat'] as const
export const bytesorsaker = ['onskemal', 'storning', 'otrygghet', 'bostadenUpphor', 'annat'] as const
export const utfall = [
  'egetBoende',
  'annatBoende',
  'institution',
  'hemlos',
  'avliden',
  'flyttatFranKommunen',
  'ejPaborjat',
] as const
export const nivaer = ['hog', 'medel', 'lag'] as const
export const provningsutfall = ['godkand', 'avslag'] as const
export const provningsorsaker = ['hyresskuld', 'storning', 'inkomst', 'referens', 'kortTid', 'annat'] as const
/** Why a person said no to a home. */
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
/** The five domains that fidelity is measured in (domain §4.1). */
export const trohetsdomaner = ['boendeprocess', 'atskildhet', 'forhallningssatt', 'stodutbud', 'teamstruktur'] as const

const described = <T extends TSchema>(schema: T, description: string): T => ({ ...schema, description })
const Kod = Type.String({ pattern: '^[a-zA-Z0-9]{1,50}$', maxLength: 50, example: 'norraFaladen' })
const Koder = Type.Array(Kod, { maxItems: 50, uniqueItems: true })
const Rum = Type.Integer({ minimum: 1, maximum: 20, example: 1 })
const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 720000 })

/** What the person wishes for: written down before any home is sought (the choice principle, domain §4.2). */
const onskemal = {
  onskadeOmraden: Koder,
  uteslutnaOmraden: Koder,
  onskadeRum: orNull(Rum),
  husdjur: orNull(Type.Boolean({ example: true })),
  onskemal: orNull(text(2000, 'Markplan, gärna nära vänner.')),
}
const falt = {
  id: Id,
  boendenummer: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: 'AR-2026-00021' }),
  tillstand: oneOf(tillstand),
  ursprung: oneOf(ursprung),
  arendeId: orNull(Id),
  beslutId: orNull(Id),
  hushallId: Id,
  personId: Id,
  antagenDatum: Datum,
  ...onskemal,
  onskemalDatum: orNull(described(Datum, 'När önskemålen skrevs ner; utan dem söks ingen bostad.')),
  lagenhetId: orNull(described(Id, 'Bostaden som personen är erbjuden, eller bor i.')),
  kontraktsform: orNull(oneOf(kontraktsformer)),
  skalAndrahand: orNull(oneOf(andrahandsskal)),
  overgangTidigast: orNull(described(Datum, 'Tidigaste dag för eget kontrakt, enligt planen.')),
  overgangNasta: orNull(described(Datum, 'När övergången till eget kontrakt ska prövas nästa gång.')),
  inflyttad: orNull(described(Datum, 'Första dagen i den första bostaden.')),
  forstahandDatum: orNull(described(Datum, 'Från när personen har haft förstahandskontrakt på bostaden.')),
  bortaSedan: orNull(Datum),
  bortaOrsak: orNull(oneOf(bortaorsaker)),
  byteOrsak: orNull(oneOf(bytesorsaker)),
  nejOrsak: orNull(oneOf(nejorsaker, { description: 'Varför personen sist tackade nej till en bostad.' })),
  uppsagdDatum: orNull(Datum),
  uppsagdTill: orNull(Datum),
  avslutadDatum: orNull(Datum),
  utfall: orNull(oneOf(utfall)),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** The tenancy as it is kept. No field asks for anything beyond an ordinary lease, and none may (JO 8958-2020). */
export const BfBoendeRad = Type.Object({ ...falt, version: Version, skyddad: Type.Boolean() })
export type BfBoendeRad = Static<typeof BfBoendeRad>

const stodfalt = {
  id: Id,
  bfBoendeId: Id,
  tillstand: oneOf(stodtillstand),
  niva: orNull(oneOf(nivaer)),
  kontaktperson: orNull(text(200, 'maja.team')),
  onskadFrekvens: orNull(described(text(200, 'Två gånger i veckan.'), 'Så ofta som personen själv vill.')),
  paborjat: orNull(Datum),
  avslutat: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}
/** The support as it is kept. */
export const BfStodRad = Type.Object({ ...stodfalt, hushallId: Id, version: Version, skyddad: Type.Boolean() })
export type BfStodRad = Static<typeof BfStodRad>

const lank = 'https://api.example.se/hemvist/v1/bostad-forst/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d1b'
export const BfStod = Type.Object(
  { ...stodfalt, etag: Etag, _links: Lankar },
  {
    $id: 'BfStod',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d2b',
      bfBoendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d1b',
      tillstand: 'pagar',
      niva: 'hog',
      kontaktperson: 'maja.team',
      onskadFrekvens: 'Två gånger i veckan.',
      paborjat: '2026-10-05',
      avslutat: null,
      skapad: '2026-10-01T09:12:00.000Z',
      andrad: '2026-10-05T10:00:00.000Z',
      etag: '"2"',
      _links: { self: { href: `${lank}/stod`, rel: 'self', method: 'GET' } },
    },
  },
)

const boendeperiod = {
  id: Id,
  lagenhetId: Id,
  slag: oneOf(['reservation', 'boende']),
  fran: Datum,
  till: orNull(described(Datum, 'Sista dagen; null så länge bostaden är personens.')),
  kontraktsform: orNull(oneOf(kontraktsformer)),
  hyraOre: orNull(Hyra),
  upphavd: orNull(described(Datum, 'När en reservation togs tillbaka.')),
}
/** One interval of a home. */
export const Boendeperiod = Type.Object(boendeperiod, {
  $id: 'Boendeperiod',
  additionalProperties: false,
  example: {
    id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d3b',
    lagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d4b',
    slag: 'boende',
    fran: '2026-11-01',
    till: null,
    kontraktsform: 'andrahand',
    hyraOre: 720000,
    upphavd: null,
  },
})
export type Boendeperiod = Static<typeof Boendeperiod>

const Bostad = Type.Object(
  {
    lagenhetId: Id,
    objektnummer: orNull(Type.String({ description: 'Med omrade och rum: null för den som inte ser bostaden.' })),
    omrade: orNull(Kod),
    rum: orNull(Rum),
    fran: Datum,
    till: orNull(Datum),
    kontraktsform: oneOf(kontraktsformer),
    hyraOre: Hyra,
  },
  { additionalProperties: false, description: 'Där personen bor i dag, om hen har flyttat in.' },
)
export type BfBostad = Static<typeof Bostad>

export const BfBoende = Type.Object(
  {
    ...falt,
    bostad: orNull(Bostad),
    avvikerFran: Type.Array(Type.String({ example: 'Bostaden har 2 rum, och personen önskar 1.' }), {
      description: 'Hur den erbjudna bostaden avviker från önskemålen: valet är personens.',
    }),
    stod: ref(BfStod),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'BfBoende',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d1b',
      boendenummer: 'AR-2026-00021',
      tillstand: 'inflyttad',
      ursprung: 'arende',
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      beslutId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      personId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d',
      antagenDatum: '2026-10-01',
      onskadeOmraden: ['norraFaladen'],
      uteslutnaOmraden: [],
      onskadeRum: 1,
      husdjur: true,
      onskemal: null,
      onskemalDatum: '2026-10-02',
      lagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d4b',
      kontraktsform: 'andrahand',
      skalAndrahand: 'betalningsanmarkning',
      overgangTidigast: '2027-11-01',
      overgangNasta: '2027-11-01',
      inflyttad: '2026-11-01',
      forstahandDatum: null,
      bortaSedan: null,
      bortaOrsak: null,
      byteOrsak: null,
      nejOrsak: null,
      uppsagdDatum: null,
      uppsagdTill: null,
      avslutadDatum: null,
      utfall: null,
      skapad: '2026-10-01T09:12:00.000Z',
      andrad: '2026-11-01T10:00:00.000Z',
      bostad: {
        lagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d4b',
        objektnummer: 'LKF-1042',
        omrade: 'norraFaladen',
        rum: 1,
        fran: '2026-11-01',
        till: null,
        kontraktsform: 'andrahand',
        hyraOre: 720000,
      },
      avvikerFran: [],
      stod: exampleOf(BfStod),
      etag: '"4"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

/** The wishes as a whole: what is not given is not wished for. */
export const Onskemal = Type.Object(Type.Partial(Type.Object(onskemal)).properties, {
  $id: 'BfOnskemal',
  additionalProperties: false,
  example: { onskadeOmraden: ['norraFaladen'], onskadeRum: 1, husdjur: true },
})
export type Onskemal = Static<typeof Onskemal>

export const BfErbjudande = Type.Object(
  { lagenhetId: Id, fran: Type.Optional(described(Datum, 'Från när bostaden hålls; i dag om inget sägs.')) },
  { $id: 'BfErbjudande', additionalProperties: false, example: { lagenhetId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d4b' } },
)
export type BfErbjudande = Static<typeof BfErbjudande>

export const BfErbjudandesvar = Type.Object(
  { svar: oneOf(['nej']), orsak: oneOf(nejorsaker) },
  { $id: 'BfErbjudandesvar', additionalProperties: false, example: { svar: 'nej', orsak: 'lage' } },
)

export const BfInflyttning = Type.Object(
  {
    kontraktsform: oneOf(kontraktsformer),
    hyraOre: Hyra,
    inflyttad: described(Datum, 'Första dagen i bostaden.'),
    skalAndrahand: Type.Optional(orNull(oneOf(andrahandsskal))),
    overgangTidigast: Type.Optional(falt.overgangTidigast),
  },
  {
    $id: 'BfInflyttning',
    additionalProperties: false,
    example: {
      kontraktsform: 'andrahand',
      hyraOre: 720000,
      inflyttad: '2026-11-01',
      skalAndrahand: 'betalningsanmarkning',
      overgangTidigast: '2027-11-01',
    },
  },
)
export type BfInflyttning = Static<typeof BfInflyttning>

export const Overgangssvar = Type.Object(
  {
    utfall: oneOf(provningsutfall),
    forstahandDatum: Type.Optional(orNull(described(Datum, 'Från när förstahandskontraktet gäller.'))),
    hyraOre: Type.Optional(orNull(described(Hyra, 'Hyran i det egna kontraktet; samma som förut om inget sägs.'))),
    orsak: Type.Optional(orNull(oneOf(provningsorsaker))),
    nasta: Type.Optional(orNull(described(Datum, 'Nästa prövning, inom sex månader; om sex månader om inget sägs.'))),
  },
  {
    $id: 'Overgangssvar',
    additionalProperties: false,
    example: { utfall: 'godkand', forstahandDatum: '2027-11-01' },
  },
)
export type Overgangssvar = Static<typeof Overgangssvar>

export const Bostadsbyte = Type.Object(
  { orsak: oneOf(bytesorsaker) },
  { $id: 'Bostadsbyte', additionalProperties: false, example: { orsak: 'otrygghet' } },
)
export const Franvaro = Type.Object(
  { sedan: Datum, orsak: oneOf(bortaorsaker) },
  { $id: 'Franvaro', additionalProperties: false, example: { sedan: '2026-12-01', orsak: 'sjukhus' } },
)
export type Franvaro = Static<typeof Franvaro>
export const BfUppsagning = Type.Object(
  { uppsagdTill: described(Datum, 'Sista dagen enligt uppsägningen.') },
  { $id: 'BfUppsagning', additionalProperties: false, example: { uppsagdTill: '2027-03-31' } },
)
export const BfAvslut = Type.Object(
  { utfall: oneOf(utfall), datum: described(Datum, 'Sista dagen i bostaden, eller i Bostad Först.') },
  { $id: 'BfAvslut', additionalProperties: false, example: { utfall: 'egetBoende', datum: '2028-05-31' } },
)
export type BfAvslut = Static<typeof BfAvslut>

export const Stodstart = Type.Object(
  {
    niva: oneOf(nivaer),
    kontaktperson: Type.Optional(stodfalt.kontaktperson),
    onskadFrekvens: Type.Optional(stodfalt.onskadFrekvens),
  },
  { $id: 'Stodstart', additionalProperties: false, example: { niva: 'hog', kontaktperson: 'maja.team' } },
)
export type Stodstart = Static<typeof Stodstart>
export const Stodniva = Type.Object(
  { niva: oneOf(nivaer) },
  { $id: 'Stodniva', additionalProperties: false, example: { niva: 'medel' } },
)

const provning = {
  id: Id,
  bfBoendeId: Id,
  provad: Datum,
  utfall: oneOf(provningsutfall),
  orsak: orNull(oneOf(provningsorsaker)),
  nasta: orNull(Datum),
  skapad: Tidpunkt,
}
/** What the landlord answered when the transfer to an own contract was tried. */
export const OvergangsprovningRad = Type.Object({ ...provning, hushallId: Id, skyddad: Type.Boolean() })
export type OvergangsprovningRad = Static<typeof OvergangsprovningRad>
export const Overgangsprovning = Type.Object(provning, {
  $id: 'Overgangsprovning',
  additionalProperties: false,
  example: {
    id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d5b',
    bfBoendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d1b',
    provad: '2027-11-01',
    utfall: 'avslag',
    orsak: 'hyresskuld',
    nasta: '2028-05-01',
    skapad: '2027-11-01T09:12:00.000Z',
  },
})

const Poang = Type.Integer({ minimum: 0, maximum: 10_000, example: 30 })
const Trohetsdoman = Type.Object(
  { kod: oneOf(trohetsdomaner), poang: Poang, max: Type.Integer({ minimum: 1, maximum: 10_000, example: 34 }) },
  { additionalProperties: false },
)
const matning = {
  ar: Type.Integer({ minimum: 2010, maximum: 2100, description: 'Året som mätningen gäller.', example: 2026 }),
  datum: Datum,
  instrument: text(100, 'Pathways självskattning'),
  domaner: Type.Array(Trohetsdoman, { minItems: 5, maxItems: 5, description: 'Alla fem områdena, var sin gång.' }),
  poang: described(Poang, 'Summan av områdenas poäng.'),
  maxPoang: Type.Integer({ minimum: 1, maximum: 50_000, description: 'Summan av områdenas högsta.', example: 169 }),
}
/** A measurement of how true the work is to the model: the programme's, not anyone's. */
export const TrohetsmatningRad = Type.Object({
  id: Id,
  ...matning,
  atgarder: orNull(text(4000, 'Fler bostäder att välja mellan.')),
  skapad: Tidpunkt,
})
export type TrohetsmatningRad = Static<typeof TrohetsmatningRad>

const matningsexempel = {
  ar: 2026,
  datum: '2026-11-10',
  instrument: 'Pathways självskattning',
  domaner: [
    { kod: 'boendeprocess', poang: 30, max: 34 },
    { kod: 'atskildhet', poang: 33, max: 34 },
    { kod: 'forhallningssatt', poang: 32, max: 34 },
    { kod: 'stodutbud', poang: 30, max: 34 },
    { kod: 'teamstruktur', poang: 31, max: 33 },
  ],
  poang: 156,
  maxPoang: 169,
  atgarder: 'Fler bostäder att välja mellan.',
}
export const NyTrohetsmatning = Type.Object(
  { ...matning, atgarder: Type.Optional(TrohetsmatningRad.properties.atgarder) },
  { $id: 'NyTrohetsmatning', additionalProperties: false, example: matningsexempel },
)
export type NyTrohetsmatning = Static<typeof NyTrohetsmatning>
export const Trohetsmatning = Type.Object(
  {
    ...TrohetsmatningRad.properties,
    procent: Type.Number({ description: 'Poängen av det högsta, med en decimal.', example: 92.3 }),
  },
  {
    $id: 'Trohetsmatning',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0d6b',
      ...matningsexempel,
      skapad: '2026-11-10T09:12:00.000Z',
      procent: 92.3,
    },
  },
)
