import { type Static, Type } from 'typebox'
import {
  Datum,
  Etag,
  either,
  exampleOf,
  Id,
  Lankar,
  oneOf,
  orNull,
  Period,
  ref,
  Tidpunkt,
  text,
  Version,
} from '../shared/schema-parts.ts'

export const genomgangstillstand = ['vantar', 'besvarad', 'klar', 'forfallen'] as const
/** What a person may decide. */
export const utfallsval = ['avsluta', 'fortsatt', 'atgard'] as const
/** `utgick`: the guarantee ended before the review was done. */
export const utfall = [...utfallsval, 'utgick'] as const
export const kriterieutfall = ['uppfyllt', 'ejUppfyllt', 'okant'] as const
export const kriteriekoder = [
  'minManaderITid',
  'maxStorningar',
  'maxHyresskuldOre',
  'minGarantitidManader',
  'kravHemforsakring',
] as const

const Antal = (maximum: number, example: number, description: string) =>
  Type.Integer({ minimum: 0, maximum, description, example })
const Motivering = text(4000, 'Alla kriterier är uppfyllda och hyresvärden samtycker.')

/** What the landlord says of a tenancy, since the last review. */
const svarsfalt = {
  manaderITid: Antal(120, 12, 'Månader i rad som hyran betalats i tid.'),
  forsenadeBetalningar: Antal(1000, 0, 'Antal försenade betalningar sedan förra genomgången.'),
  storningar: Antal(1000, 0, 'Antal störningar sedan förra genomgången.'),
  hyresskuldOre: Type.Integer({
    minimum: 0,
    maximum: 1_000_000_000,
    description: 'Hyresskuld i dag, i öre.',
    example: 0,
  }),
  rekommenderarAvslut: Type.Boolean({
    description: 'Hyresvärden samtycker till att garantin avslutas.',
    example: true,
  }),
}
const svarKanSaknas = {
  hemforsakring: Type.Boolean({
    description: 'Hyresgästen har hemförsäkring. Utelämnas om det är okänt.',
    example: true,
  }),
  kommentar: text(1000, 'Skötsam hyresgäst.'),
}

export const Genomgangssvar = Type.Object(
  { ...svarsfalt, hemforsakring: orNull(svarKanSaknas.hemforsakring), kommentar: orNull(svarKanSaknas.kommentar) },
  { additionalProperties: false },
)
export type Genomgangssvar = Static<typeof Genomgangssvar>

export const Kriteriebedomning = Type.Object(
  {
    kod: oneOf(kriteriekoder),
    krav: either<number | boolean>(['integer', 'boolean'], { description: 'Vad hyresvärden begär.', example: 12 }),
    varde: either<number | boolean | null>(['integer', 'boolean', 'null'], {
      description: 'Värdet som bedömdes.',
      example: 12,
    }),
    utfall: oneOf(kriterieutfall),
  },
  {
    $id: 'Kriteriebedomning',
    additionalProperties: false,
    example: { kod: 'minManaderITid', krav: 12, varde: 12, utfall: 'uppfyllt' },
  },
)

/** What the service proposes and why; a person decides. */
export const Bedomning = Type.Object(
  {
    forslag: orNull(oneOf(utfallsval)),
    skal: Type.String({ description: 'Förslaget förklarat i en mening.', example: 'Alla kriterier är uppfyllda.' }),
    kriterier: Type.Array(ref(Kriteriebedomning)),
  },
  {
    $id: 'Bedomning',
    additionalProperties: false,
    example: {
      forslag: 'avsluta',
      skal: 'Alla kriterier är uppfyllda och hyresvärden samtycker.',
      kriterier: [exampleOf(Kriteriebedomning)],
    },
  },
)
export type Bedomning = Static<typeof Bedomning>

/** A review as it is kept: the answer lies in columns, since it is filtered and counted. */
export const GenomgangRad = Type.Object({
  id: Id,
  version: Version,
  period: Period,
  hyresgarantiId: Id,
  hushallId: Id,
  hyresvardId: Id,
  skyddad: Type.Boolean(),
  tillstand: oneOf(genomgangstillstand),
  tillstandSedan: Datum,
  manaderITid: orNull(svarsfalt.manaderITid),
  forsenadeBetalningar: orNull(svarsfalt.forsenadeBetalningar),
  storningar: orNull(svarsfalt.storningar),
  hyresskuldOre: orNull(svarsfalt.hyresskuldOre),
  hemforsakring: orNull(svarKanSaknas.hemforsakring),
  rekommenderarAvslut: orNull(svarsfalt.rekommenderarAvslut),
  kommentar: orNull(svarKanSaknas.kommentar),
  besvarad: orNull(Tidpunkt),
  besvaradAv: orNull(Type.String()),
  paminnd: orNull(Datum),
  utfall: orNull(oneOf(utfall)),
  motivering: orNull(Motivering),
  beslutad: orNull(Tidpunkt),
  beslutadAv: orNull(Type.String()),
  kriterieuppsattningId: orNull(Id),
  bedomning: Type.Unsafe<Bedomning | null>({}),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
})
export type GenomgangRad = Static<typeof GenomgangRad>

const exempelSvar = {
  manaderITid: 12,
  forsenadeBetalningar: 0,
  storningar: 0,
  hyresskuldOre: 0,
  rekommenderarAvslut: true,
  hemforsakring: true,
  kommentar: null,
}

export const Genomgang = Type.Object(
  {
    id: Id,
    hyresgarantiId: Id,
    avtalsnummer: Type.String({ example: 'HG-2026-00012' }),
    hyresvardId: Id,
    period: Period,
    tillstand: oneOf(genomgangstillstand),
    tillstandSedan: Datum,
    stanger: Datum,
    svar: orNull(Genomgangssvar),
    besvarad: orNull(Tidpunkt),
    besvaradAv: orNull(Type.String({ example: 'lkf-integration' })),
    paminnd: orNull(Datum),
    bedomning: ref(Bedomning),
    utfall: orNull(oneOf(utfall)),
    motivering: orNull(Motivering),
    beslutad: orNull(Tidpunkt),
    beslutadAv: orNull(Type.String({ example: 'maja.handlaggare' })),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'Genomgang',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
      hyresgarantiId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      avtalsnummer: 'HG-2026-00012',
      hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
      period: '2026H2',
      tillstand: 'besvarad',
      tillstandSedan: '2026-09-10',
      stanger: '2026-12-31',
      svar: exempelSvar,
      besvarad: '2026-09-10T08:00:00.000Z',
      besvaradAv: 'lkf-integration',
      paminnd: null,
      bedomning: exampleOf(Bedomning),
      utfall: null,
      motivering: null,
      beslutad: null,
      beslutadAv: null,
      etag: '"2"',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/genomgangar/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

export const Genomgangsutfall = Type.Object(
  { utfall: oneOf(utfallsval), motivering: Motivering },
  {
    $id: 'Genomgangsutfall',
    additionalProperties: false,
    example: { utfall: 'avsluta', motivering: 'Alla kriterier är uppfyllda.' },
  },
)
export type Genomgangsutfall = Static<typeof Genomgangsutfall>

const UtfallForEn = Type.Object(
  {
    genomgangId: Id,
    utfall: oneOf(utfallsval),
    motivering: Motivering,
    etag: Type.Optional({
      ...Etag,
      description: 'Om den skickas ska den stämma, annars avvisas posten.',
    } as typeof Etag),
  },
  { additionalProperties: false },
)
export const MangaUtfall = Type.Object(
  { utfall: Type.Array(UtfallForEn, { minItems: 1, maxItems: 1000 }) },
  {
    $id: 'MangaUtfall',
    additionalProperties: false,
    example: {
      utfall: [
        { genomgangId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b', utfall: 'fortsatt', motivering: 'Hyresskuld kvarstår.' },
      ],
    },
  },
)
export type MangaUtfall = Static<typeof MangaUtfall>

export const Utfallsresultat = Type.Object(
  {
    dryRun: Type.Boolean(),
    resultat: Type.Array(
      Type.Object(
        {
          index: Type.Integer(),
          genomgangId: Id,
          utfall: oneOf(['beslutat', 'avvisat']),
          kod: Type.Optional(Type.String()),
          detail: Type.Optional(Type.String()),
          garantinsTillstand: Type.Optional(Type.String({ description: 'Hyresgarantins tillstånd efter beslutet.' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Utfallsresultat',
    additionalProperties: false,
    example: {
      dryRun: false,
      resultat: [
        {
          index: 0,
          genomgangId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
          utfall: 'beslutat',
          garantinsTillstand: 'avslutadKriterier',
        },
      ],
    },
  },
)
export type Utfallsresultat = Static<typeof Utfallsresultat>

/** A round as it is kept. */
export const GenomgangsomgangRad = Type.Object({ period: Period, oppnad: Datum, stanger: Datum, skapad: Tidpunkt })
export type GenomgangsomgangRad = Static<typeof GenomgangsomgangRad>

const Raknat = (description: string, example: number) => Type.Integer({ description, example })
export const Genomgangsomgang = Type.Object(
  {
    period: Period,
    oppnad: Datum,
    stanger: Datum,
    antal: Raknat('Alla genomgångar i omgången.', 40),
    vantar: Raknat('Väntar på hyresvärdens svar.', 10),
    besvarade: Raknat('Besvarade, väntar på beslut.', 5),
    klara: Raknat('Beslutade, eller utgångna med garantin.', 25),
    forfallna: Raknat('Inte klara när omgången stängde.', 0),
    _links: Lankar,
  },
  {
    $id: 'Genomgangsomgang',
    additionalProperties: false,
    example: {
      period: '2026H2',
      oppnad: '2026-09-01',
      stanger: '2026-12-31',
      antal: 40,
      vantar: 10,
      besvarade: 5,
      klara: 25,
      forfallna: 0,
      _links: {
        self: { href: 'https://api.example.se/hemvist/v1/genomgangsomgangar/2026H2', rel: 'self', method: 'GET' },
      },
    },
  },
)

export const NyGenomgangsomgang = Type.Object(
  { period: Period },
  { $id: 'NyGenomgangsomgang', additionalProperties: false, example: { period: '2026H2' } },
)

/** One answer from a landlord, to a review by its id or to a guarantee by its number. */
export const InkommetSvar = Type.Object(
  {
    genomgangId: Type.Optional(Id),
    avtalsnummer: Type.Optional(Type.String({ minLength: 1, maxLength: 40, example: 'HG-2026-00012' })),
    ...svarsfalt,
    hemforsakring: Type.Optional(orNull(svarKanSaknas.hemforsakring)),
    kommentar: Type.Optional(orNull(svarKanSaknas.kommentar)),
  },
  { $id: 'InkommetSvar', additionalProperties: false, example: { avtalsnummer: 'HG-2026-00012', ...exempelSvar } },
)
export type InkommetSvar = Static<typeof InkommetSvar>

/** Each answer is accepted or refused on its own, so the items are checked one by one against `InkommetSvar`. */
export const InkomnaSvar = Type.Object(
  { svar: Type.Array(Type.Unknown({ description: 'Se InkommetSvar.' }), { minItems: 1, maxItems: 5000 }) },
  { $id: 'InkomnaSvar', additionalProperties: false, example: { svar: [exampleOf(InkommetSvar)] } },
)

export const Svarsresultat = Type.Object(
  {
    resultat: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Platsen i det som skickades, från 0.' }),
          utfall: oneOf(['mottaget', 'oforandrat', 'avvisat']),
          kod: Type.Optional(Type.String()),
          detail: Type.Optional(Type.String()),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Svarsresultat',
    additionalProperties: false,
    example: {
      resultat: [
        { index: 0, utfall: 'mottaget' },
        { index: 1, utfall: 'avvisat', kod: 'okand-genomgang', detail: 'Det finns ingen sådan genomgång hos er.' },
      ],
    },
  },
)
export type Svarsresultat = Static<typeof Svarsresultat>

/** A review as its landlord sees it: the home and what was answered. Nothing of the household, the decision or others. */
export const HyresvardensGenomgang = Type.Object(
  {
    genomgangId: Id,
    avtalsnummer: Type.String({ example: 'HG-2026-00012' }),
    period: Period,
    tillstand: oneOf(genomgangstillstand),
    stanger: Datum,
    paminnd: orNull(Datum),
    adress: orNull(Type.String({ example: 'Exempelgatan 1, 222 22 Lund' })),
    lagenhetsnummer: orNull(Type.String({ example: '1101' })),
    manadshyraOre: Type.Integer({ example: 845000 }),
    svar: orNull(Genomgangssvar),
  },
  {
    $id: 'HyresvardensGenomgang',
    additionalProperties: false,
    example: {
      genomgangId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
      avtalsnummer: 'HG-2026-00012',
      period: '2026H2',
      tillstand: 'vantar',
      stanger: '2026-12-31',
      paminnd: null,
      adress: 'Exempelgatan 1, 222 22 Lund',
      lagenhetsnummer: '1101',
      manadshyraOre: 845000,
      svar: null,
    },
  },
)
