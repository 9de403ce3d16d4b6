import { type TSchema, Type } from 'typebox'
import { perioder } from './periods.ts'
import { Datum, exampleOf, Id, Lankar, ListMeta, oneOf, orNull, ref } from './schema-parts.ts'

export type Sort = 'antal' | 'andel' | 'median' | 'kvot'
export type Indikator = {
  kod: string
  namn: string
  enhet: string
  /** How the figure follows from its rows: their sum, numerator over denominator, the median, or 100 times a ratio. */
  sort: Sort
  /** The rule in words, shown with the figure. */
  definition: string
  /**
   * The SELECT of the rows behind the figure, for the days `period.fran` to `period.till`. Its columns: `id`,
   * `hushall_id`, `taljare`, `namnare` (null where the sort has none), the area's key, each dimension as a text under
   * its own name, and `regel` where the area has it.
   */
  rows: string
}

export type Statistikomrade = ReturnType<typeof defineStatistics>

/** Counts of one to four could point at a person: hidden from those who see figures but not cases (domain §0.15). */
export const smallCountLimit = 5
/** Of a series: five years of months. */
export const periodsAtMost = 60

/**
 * What one area follows up. Each indicator is one query for its rows: the figure is computed of them and they are what
 * `/underlag` shows, so a figure and its records cannot differ.
 *
 * @returns what was given, and the schemas of the area's answers
 */
export function defineStatistics(area: {
  /** Begins the names of the components, `Fortur` + `statistik`; '' for those without. */
  name: string
  /** Path of the figures under `/v1`. */
  path: string
  /** What a row is called for a caseworker: the column, and its schema. */
  nyckel: { kolumn: string; schema: TSchema }
  /** What a row is, in Swedish. */
  post: string
  /** What figures are broken down by. */
  dimensioner: readonly string[]
  /** Each row tells the rule that decided how it counts. */
  regel?: boolean
  indikatorer: readonly Indikator[]
}) {
  const { name, path, nyckel, dimensioner, indikatorer } = area
  const $id = (word: string) => (name ? name + word.toLowerCase() : word)
  const koder = indikatorer.map(({ kod }) => kod)
  const shown = indikatorer.find(({ sort }) => sort === 'andel') ?? (indikatorer[0] as Indikator)
  const time = { fran: '2026-07-01', till: '2026-12-31' }
  const lank = (rel: string, rest: string) => ({
    [rel]: { href: `https://api.example.se/hemvist/v1${path}${rest}`, rel, method: 'GET' },
  })
  const asked = `?fran=${time.fran}&till=${time.till}`

  const Fordelning = Type.Object(
    { dimension: oneOf(dimensioner), varde: Type.String({ example: 'ja' }), antal: Type.Integer({ example: 31 }) },
    { additionalProperties: false },
  )
  const Indikatorsvar = Type.Object(
    {
      kod: oneOf(koder),
      namn: Type.String(),
      definition: Type.String(),
      enhet: Type.String({ example: 'andel' }),
      varde: orNull(Type.Number({ description: 'null när det inte finns något att räkna på.', example: 0.85 })),
      taljare: orNull(Type.Number({ example: 34 })),
      namnare: orNull(Type.Number({ example: 40 })),
      antalPoster: orNull(Type.Integer({ example: 40 })),
      fordelning: Type.Array(Fordelning),
      _links: Lankar,
    },
    {
      $id: $id('Indikator'),
      additionalProperties: false,
      example: {
        kod: shown.kod,
        namn: shown.namn,
        definition: shown.definition,
        enhet: shown.enhet,
        varde: 0.85,
        taljare: 34,
        namnare: 40,
        antalPoster: 40,
        fordelning: [],
        _links: lank('underlag', `/${shown.kod}/underlag${asked}`),
      },
    },
  )
  // Made when they are asked for: an area with an answer of its own has no use for them.
  const figures = () => ({ indikatorer: Type.Array(ref(Indikatorsvar)) })
  const statistik = once(() =>
    Type.Object(
      { fran: Datum, till: Datum, ...figures(), _links: Lankar },
      {
        $id: $id('Statistik'),
        additionalProperties: false,
        example: { ...time, indikatorer: [exampleOf(Indikatorsvar)], _links: lank('self', asked) },
      },
    ),
  )
  const serie = once(() =>
    Type.Object(
      {
        fran: Datum,
        till: Datum,
        per: oneOf(perioder),
        perioder: Type.Array(
          Type.Object(
            { period: Type.String({ example: '2026K3' }), fran: Datum, till: Datum, ...figures() },
            { additionalProperties: false },
          ),
        ),
        _links: Lankar,
      },
      {
        $id: $id('Statistikserie'),
        additionalProperties: false,
        example: {
          ...time,
          per: 'kvartal',
          perioder: [
            { period: '2026K3', fran: '2026-07-01', till: '2026-09-30', indikatorer: [exampleOf(Indikatorsvar)] },
            { period: '2026K4', fran: '2026-10-01', till: '2026-12-31', indikatorer: [exampleOf(Indikatorsvar)] },
          ],
          _links: lank('self', `${asked}&per=kvartal`),
        },
      },
    ),
  )
  const Post = Type.Object(
    {
      id: { ...Id, description: area.post } as typeof Id,
      [nyckel.kolumn]: nyckel.schema,
      taljare: Type.Number({ example: 1 }),
      namnare: orNull(Type.Number({ example: 1 })),
      ...(area.regel && {
        regel: orNull(Type.String({ description: 'Regeln som avgjorde hur posten räknas.', example: 'Beslut finns.' })),
      }),
    },
    { additionalProperties: false },
  )
  const Statistikunderlag = Type.Object(
    {
      kod: Type.String(),
      definition: Type.String(),
      poster: Type.Array(Post),
      _meta: ref(ListMeta),
      _links: Lankar,
    },
    {
      $id: $id('Statistikunderlag'),
      additionalProperties: false,
      example: {
        kod: shown.kod,
        definition: shown.definition,
        poster: [
          {
            id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b',
            [nyckel.kolumn]: exampleOf(nyckel.schema),
            taljare: 1,
            namnare: 1,
            ...(area.regel && { regel: 'Beslut finns.' }),
          },
        ],
        _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
        _links: lank('self', `/${shown.kod}/underlag${asked}`),
      },
    },
  )
  return {
    ...area,
    koder,
    Statistikunderlag,
    get Statistik() {
      return statistik()
    },
    get Statistikserie() {
      return serie()
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** The query of the figures: a time, and whether it is to be divided. */
export const Statistikfraga = Type.Object(
  {
    fran: Datum,
    till: Datum,
    per: Type.Optional(
      oneOf(perioder, {
        description: `Delar tiden i månader, kvartal eller år, högst ${periodsAtMost}; svaret är då en serie.`,
      }),
    ),
  },
  { additionalProperties: false },
)
