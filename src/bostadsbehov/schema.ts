import { type Static, Type } from 'typebox'
import { Datum, exampleOf, Lankar, oneOf, orNull, ref } from '../shared/schema-parts.ts'

/** Kinds of help whose need is held against what there is. Each has homes of its own, so they are not added up. */
export const insatser = ['stodlagenhet', 'bostadForst', 'fortur'] as const
export type Insats = (typeof insatser)[number]
/** Years ahead that the plan describes. */
export const horisonter = [1, 3, 5] as const
export type Horisont = (typeof horisonter)[number]

/** A calendar year of the plan. */
export const Ar = Type.Integer({ minimum: 2000, maximum: 2100, example: 2026 })

const Antal = orNull(Type.Number({ example: 12 }))
const base = 'https://api.example.se/hemvist/v1/bostadsbehov'

/** One figure, and the days that it is of. */
export const Bostadsmatt = Type.Object(
  {
    kod: Type.String({ example: 'beredda' }),
    namn: Type.String(),
    definition: Type.String(),
    enhet: Type.String({ example: 'st' }),
    fran: Datum,
    till: Datum,
    varde: orNull(Type.Number({ description: 'null när det inte finns något att räkna på.', example: 12 })),
    taljare: Antal,
    namnare: Antal,
    antalPoster: orNull(Type.Integer({ example: 12 })),
    fordelning: Type.Array(
      Type.Object(
        {
          dimension: Type.String({ example: 'rum' }),
          varde: Type.String({ example: '2' }),
          antal: Type.Integer({ example: 7 }),
        },
        { additionalProperties: false },
      ),
    ),
    _links: Lankar,
  },
  {
    $id: 'Bostadsmatt',
    additionalProperties: false,
    example: {
      kod: 'beredda',
      namn: 'Beredda bostäder',
      definition: 'Bostäder vars första dag i beståndet ligger i perioden.',
      enhet: 'st',
      fran: '2026-01-01',
      till: '2026-12-31',
      varde: 12,
      taljare: 12,
      namnare: null,
      antalPoster: 12,
      fordelning: [
        { dimension: 'rum', varde: '2', antal: 7 },
        { dimension: 'rum', varde: '3', antal: 5 },
      ],
      _links: { underlag: { href: `${base}/beredda/underlag?ar=2026`, rel: 'underlag', method: 'GET' } },
    },
  },
)

/** What the need and the supply are made of. A takeover frees no home, so it is in none of them. */
const delar = {
  vantar: Antal,
  tillkommer: Antal,
  behov: Antal,
  lediga: Antal,
  frigors: Antal,
  planerade: Antal,
  lamnar: Antal,
  utbud: Antal,
  saknas: orNull(Type.Number({ description: 'Behovet minus utbudet; mindre än 0 är ett överskott.', example: 9 })),
}
export const delnamn = Object.keys(delar) as (keyof typeof delar)[]
export type Delar = Static<typeof Delar>
const Delar = Type.Object(delar)
const delexempel = {
  vantar: 14,
  tillkommer: 9,
  behov: 23,
  lediga: 3,
  frigors: 8,
  planerade: 4,
  lamnar: 1,
  utbud: 14,
  saknas: 9,
}

/** The need of one kind of help against its homes, so many years from the figures' last day. */
export const Bostadsprognos = Type.Object(
  {
    insats: oneOf(insatser),
    horisontAr: Type.Integer({ enum: [...horisonter], example: 1 }),
    till: Datum,
    ...delar,
    berakning: Type.String({ description: 'Hur talen följer av måtten, med deras koder.' }),
    perRum: Type.Array(
      Type.Object(
        { rum: Type.String({ description: 'Antal rum, 5+ eller okant.', example: '2' }), ...delar },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Bostadsprognos',
    additionalProperties: false,
    example: {
      insats: 'stodlagenhet',
      horisontAr: 1,
      till: '2027-12-31',
      ...delexempel,
      berakning: 'behov = vantandeStodlagenhet + beviljadeStodlagenhet / 3 × 1',
      perRum: [{ rum: '2', ...delexempel }],
    },
  },
)

/** The need of homes in a year: what was done, what there is, and need against supply. */
export const Bostadsbehov = Type.Object(
  {
    ar: Ar,
    fran: Datum,
    till: { ...Datum, description: 'Årets sista dag, eller i dag.' } as typeof Datum,
    medelAr: Type.Integer({ description: 'Antal år som det årliga inflödet räknas på.', example: 3 }),
    matt: Type.Array(ref(Bostadsmatt)),
    prognoser: Type.Array(ref(Bostadsprognos)),
    _links: Lankar,
  },
  {
    $id: 'Bostadsbehov',
    additionalProperties: false,
    example: {
      ar: 2026,
      fran: '2026-01-01',
      till: '2026-12-31',
      medelAr: 3,
      matt: [exampleOf(Bostadsmatt)],
      prognoser: [exampleOf(Bostadsprognos)],
      _links: { self: { href: `${base}?ar=2026`, rel: 'self', method: 'GET' } },
    },
  },
)
