import { type Static, type TProperties, Type } from 'typebox'
import { Datum, Etag, Id, Lankar, Ore, oneOf, orNull, Period, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** From the decision on (domain §1.3). What comes before it is an ärende. */
export const tillstand = [
  'beviljad',
  'aktiv',
  'avslutForeslaget',
  'uppsagd',
  'avslutadKriterier',
  'avslutadOverenskommelse',
  'upphordTid',
  'upphordHyresavtal',
  'upphordUppsagd',
  'forbrukad',
  'forfallen',
] as const
/** States in which the municipality answers for the rent. */
export const iKraft = ['aktiv', 'avslutForeslaget', 'uppsagd'] as const
/** States in which the guarantee is reviewed each half-year; one under notice is already on its way out. */
export const genomgas = ['aktiv', 'avslutForeslaget'] as const

export const garantityper = ['bistand', 'kommunal'] as const
export const borgenstyper = ['enkel', 'proprie'] as const
export const kontraktsformer = ['forstahand', 'andrahand'] as const
/** How it came to be: granted in a case here, or from before: registered by hand, imported. */
export const ursprung = ['arende', 'registrerad', 'import'] as const
export const overklagandetyper = ['forvaltningsbesvar', 'laglighetsprovning', 'ejOverklagbar'] as const
export const bidragsstatusar = ['ejAktuellt', 'attSoka', 'sokt', 'beviljat', 'avslaget'] as const
export const vardensSvar = ['godkant', 'avvisat'] as const
export const avslutsorsaker = [
  'kriterierUppfyllda',
  'overenskommelse',
  'tidenUte',
  'hyresavtaletUpphort',
  'uppsagd',
  'forbrukad',
  'ingetAvtal',
] as const

/** Monthly rent: 1 krona to 100 000 kronor, so that twelve of them fit an integer column. */
const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 845000 })
const Kod = (example: string, description: string) =>
  Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,49}$', maxLength: 50, description, example })
const Motivering = text(4000, 'Hyran är betald i tid i tolv månader.')
const Avtalsnummer = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$',
  maxLength: 40,
  example: 'HG-2026-00012',
})

/** What a decision says. Immutable: another decision is another guarantee. */
const beslut = {
  garantityp: oneOf(garantityper),
  garanteradeManader: Type.Integer({ minimum: 1, maximum: 12, description: 'Antal månadshyror.', example: 6 }),
  beslutDatum: Datum,
  beslutsfattare: text(200, 'Karin Ek, enhetschef'),
}
const beslutKanSaknas = {
  delegationspunkt: text(50, '4.2'),
  lagrum: text(100, '2 kap. 6 § lagen (2009:47)'),
  ansokanDatum: Datum,
  medsokandeId: Id,
}
/** The agreement's terms: open until it is signed. */
const avtal = {
  hyresvardId: Id,
  borgenstyp: oneOf(borgenstyper),
  kontraktsform: oneOf(kontraktsformer),
  manadshyraOre: Hyra,
  giltigFran: Datum,
  giltigTill: { ...Datum, description: 'Sista dagen.' } as typeof Datum,
}
/** Where the home is, and what Boverket asks for (domain §1.1): may be corrected later. */
const uppgifter = {
  diarienummer: text(50, 'SN 2026/123'),
  adress: text(200, 'Exempelgatan 1, 222 22 Lund'),
  lagenhetsnummer: text(20, '1101'),
  lagenhetstyp: Kod('hyresratt', 'Boverkets uppgift om bostaden.'),
  skalKod: Kod('saknarInkomst', 'Boverkets uppgift om skälet. Aldrig hälsa eller våld i fritext.'),
  tidigareBoendeKod: Kod('andrahand', 'Boverkets uppgift om tidigare boende.'),
  ekonomiskBedomningKod: Kod('klararHyran', 'Boverkets uppgift om ekonomisk förmåga.'),
  utanForsorjningsstod: Type.Boolean({ description: 'Klarar hyran utan försörjningsstöd.', example: true }),
}
const bidrag = {
  bidragStatus: oneOf(bidragsstatusar),
  bidragSokt: orNull(Datum),
  bidragBeviljatOre: orNull(Ore),
}

/** Every field of `P` optional, and null as good as absent. */
type Maybe<P extends TProperties> = { [K in keyof P]: ReturnType<typeof orNull<P[K]>> }
const allNullable = <P extends TProperties>(fields: P) =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, orNull(field)])) as unknown as Maybe<P>
const optional = <P extends TProperties>(fields: P) => Type.Partial(Type.Object(allNullable(fields))).properties

/** What is shown of a guarantee as it is kept. */
const falt = {
  id: Id,
  avtalsnummer: Avtalsnummer,
  tillstand: oneOf(tillstand),
  ursprung: oneOf(ursprung),
  arendeId: orNull({ ...Id, description: 'Ärendet som den beviljades i.' } as typeof Id),
  hushallId: Id,
  personId: { ...Id, description: 'Hyresgästen.' } as typeof Id,
  ...beslut,
  ...allNullable(beslutKanSaknas),
  lagrum: beslutKanSaknas.lagrum,
  overklagandetyp: oneOf(overklagandetyper),
  beviljadGiltigTill: { ...Datum, description: 'Sista dagen att teckna avtal.' } as typeof Datum,
  ...allNullable(avtal),
  ...allNullable(uppgifter),
  avtalTecknatDatum: orNull(Datum),
  maxBeloppOre: orNull(Ore),
  reserveratOre: { ...Ore, description: 'Krävt eller godkänt men inte utbetalt.' } as typeof Ore,
  utbetaltOre: Ore,
  kriterieuppsattningId: orNull(Id),
  ...bidrag,
  avslutForeslagetDatum: orNull(Datum),
  vardensSvar: orNull(oneOf(vardensSvar)),
  vardensSvarDatum: orNull(Datum),
  vardensSvarOrsak: orNull(Motivering),
  uppsagdDatum: orNull(Datum),
  uppsagdTill: orNull(Datum),
  avslutsorsak: orNull(oneOf(avslutsorsaker)),
  avslutsmotivering: orNull(Motivering),
  avslutadDatum: orNull({ ...Datum, description: 'Första dagen utan garanti.' } as typeof Datum),
  varnadDagar: orNull(Type.Integer({ description: 'Gränsen som senast passerades före giltigTill.', example: 90 })),
  varnadDatum: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A guarantee as it is kept. */
export const HyresgarantiRad = Type.Object({ ...falt, version: Version, skyddad: Type.Boolean() })
export type HyresgarantiRad = Static<typeof HyresgarantiRad>

/** The flag on a guarantee: its oldest review that is not done. */
export const Genomgangsflagga = Type.Object(
  {
    id: Id,
    period: Period,
    tillstand: oneOf(['vantar', 'besvarad', 'forfallen']),
    sedan: Datum,
  },
  { additionalProperties: false },
)
export type Genomgangsflagga = Static<typeof Genomgangsflagga>

const lank = 'https://api.example.se/hemvist/v1/hyresgarantier/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'

export const Hyresgaranti = Type.Object(
  {
    ...falt,
    etag: Etag,
    aterstarOre: { ...Ore, description: 'Vad kommunen ännu kan krävas på.' } as typeof Ore,
    bidragsberattigad: Type.Boolean({ description: 'Beräknas enligt förordning 2007:623.', example: true }),
    nastaGenomgang: orNull(Datum),
    genomgang: orNull(Genomgangsflagga),
    _links: Lankar,
  },
  {
    $id: 'Hyresgaranti',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      avtalsnummer: 'HG-2026-00012',
      tillstand: 'aktiv',
      ursprung: 'registrerad',
      arendeId: null,
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      personId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d',
      medsokandeId: null,
      garantityp: 'kommunal',
      garanteradeManader: 6,
      beslutDatum: '2026-01-20',
      beslutsfattare: 'Karin Ek, enhetschef',
      delegationspunkt: '4.2',
      lagrum: '2 kap. 6 § lagen (2009:47)',
      overklagandetyp: 'laglighetsprovning',
      ansokanDatum: '2025-12-15',
      beviljadGiltigTill: '2026-07-20',
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      borgenstyp: 'enkel',
      kontraktsform: 'forstahand',
      manadshyraOre: 845000,
      giltigFran: '2026-03-01',
      giltigTill: '2028-02-29',
      diarienummer: 'SN 2026/123',
      adress: 'Exempelgatan 1, 222 22 Lund',
      lagenhetsnummer: '1101',
      lagenhetstyp: null,
      skalKod: null,
      tidigareBoendeKod: null,
      ekonomiskBedomningKod: null,
      utanForsorjningsstod: true,
      avtalTecknatDatum: '2026-02-20',
      maxBeloppOre: 5070000,
      reserveratOre: 0,
      utbetaltOre: 0,
      aterstarOre: 5070000,
      kriterieuppsattningId: null,
      bidragStatus: 'attSoka',
      bidragSokt: null,
      bidragBeviljatOre: null,
      avslutForeslagetDatum: null,
      vardensSvar: null,
      vardensSvarDatum: null,
      vardensSvarOrsak: null,
      uppsagdDatum: null,
      uppsagdTill: null,
      avslutsorsak: null,
      avslutsmotivering: null,
      avslutadDatum: null,
      varnadDagar: null,
      varnadDatum: null,
      skapad: '2026-01-20T09:12:00.000Z',
      andrad: '2026-02-20T10:00:00.000Z',
      etag: '"2"',
      bidragsberattigad: true,
      nastaGenomgang: '2027-03-01',
      genomgang: {
        id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
        period: '2026H2',
        tillstand: 'vantar',
        sedan: '2026-09-01',
      },
      _links: {
        self: { href: lank, rel: 'self', method: 'GET' },
        foreslaAvslut: {
          href: `${lank}/avslutsforslag`,
          rel: 'foreslaAvslut',
          method: 'POST',
          title: 'Föreslå avslut',
        },
      },
    },
  },
)

/** Registers a decided guarantee (`beviljad`). The agreement's terms may be unknown until a home is found. */
export const NyHyresgaranti = Type.Object(
  {
    hushallId: Id,
    personId: Type.Optional(orNull(Id)),
    ...beslut,
    ...optional(beslutKanSaknas),
    ...optional(avtal),
    ...optional(uppgifter),
    avtalsnummer: Type.Optional(orNull(Avtalsnummer)),
    beviljadGiltigTill: Type.Optional(orNull(Datum)),
  },
  {
    $id: 'NyHyresgaranti',
    additionalProperties: false,
    example: {
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      garantityp: 'kommunal',
      garanteradeManader: 6,
      beslutDatum: '2026-01-20',
      beslutsfattare: 'Karin Ek, enhetschef',
      delegationspunkt: '4.2',
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      manadshyraOre: 845000,
      utanForsorjningsstod: true,
    },
  },
)
export type NyHyresgaranti = Static<typeof NyHyresgaranti>

export const HyresgarantiAndring = Type.Object(
  { ...optional(avtal), ...optional(uppgifter), ...Type.Partial(Type.Object(bidrag)).properties },
  {
    $id: 'HyresgarantiAndring',
    additionalProperties: false,
    minProperties: 1,
    example: { bidragStatus: 'sokt', bidragSokt: '2026-03-05' },
  },
)
export type HyresgarantiAndring = Static<typeof HyresgarantiAndring>
/** Fields that are fixed when the agreement is signed. */
export const avtalsfalt = Object.keys(avtal) as (keyof typeof avtal)[]

export const TecknatAvtal = Type.Object(
  {
    avtalTecknatDatum: Datum,
    ...optional(avtal),
    adress: optional(uppgifter).adress,
    lagenhetsnummer: optional(uppgifter).lagenhetsnummer,
  },
  {
    $id: 'TecknatAvtal',
    additionalProperties: false,
    example: {
      avtalTecknatDatum: '2026-02-20',
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      borgenstyp: 'enkel',
      kontraktsform: 'forstahand',
      manadshyraOre: 845000,
      giltigFran: '2026-03-01',
      giltigTill: '2028-02-29',
    },
  },
)
export type TecknatAvtal = Static<typeof TecknatAvtal>

export const Avslutsforslag = Type.Object(
  { motivering: Motivering },
  {
    $id: 'Avslutsforslag',
    additionalProperties: false,
    example: { motivering: 'Hyran är betald i tid i tolv månader.' },
  },
)
export type Avslutsforslag = Static<typeof Avslutsforslag>

export const Forslagssvar = Type.Object(
  { svar: oneOf(vardensSvar), orsak: Type.Optional(orNull(Motivering)) },
  { $id: 'Forslagssvar', additionalProperties: false, example: { svar: 'godkant' } },
)
export type Forslagssvar = Static<typeof Forslagssvar>

export const Avslut = Type.Object(
  { avslutsorsak: oneOf(['kriterierUppfyllda', 'overenskommelse']), motivering: Motivering },
  {
    $id: 'Avslut',
    additionalProperties: false,
    example: { avslutsorsak: 'kriterierUppfyllda', motivering: 'Hyresvärden har släppt garantin.' },
  },
)
export type Avslut = Static<typeof Avslut>

export const Uppsagning = Type.Object(
  { uppsagdTill: Datum, motivering: Motivering },
  {
    $id: 'Uppsagning',
    additionalProperties: false,
    example: { uppsagdTill: '2028-03-01', motivering: 'Hyresgästen klarar sig utan garanti.' },
  },
)
export type Uppsagning = Static<typeof Uppsagning>

export const HyresavtaletsUpphorande = Type.Object(
  { datum: Datum, motivering: Motivering },
  {
    $id: 'HyresavtaletsUpphorande',
    additionalProperties: false,
    example: { datum: '2026-10-31', motivering: 'Hyresgästen har flyttat.' },
  },
)
export type HyresavtaletsUpphorande = Static<typeof HyresavtaletsUpphorande>
