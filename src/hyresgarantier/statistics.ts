import { type Static, Type } from 'typebox'
import type { Day } from '../shared/dates.ts'
import { incoherent } from '../shared/refusals.ts'
import { Datum, exampleOf, Id, Lankar, ListMeta, oneOf, orNull, ref } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'

/** In force on a day (`:dag`): signed, begun and not ended. */
const inForce = (dag: string) =>
  `h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= ${dag} AND h.giltig_fran <= ${dag}
   AND (h.avslutad_datum IS NULL OR h.avslutad_datum > ${dag})`

/** Whole months between two days, as PostgreSQL sees them. */
const months = (from: string, to: string) =>
  `(extract(year FROM age(${to}, ${from})) * 12 + extract(month FROM age(${to}, ${from})))::int`

type Sort = 'antal' | 'andel' | 'median' | 'kvot'
type Indikator = {
  kod: string
  namn: string
  enhet: 'st' | 'andel' | 'månader' | 'dagar' | 'öre' | 'öre per 100' | 'st per 100'
  /** How the figure follows from its rows: their sum, numerator over denominator, the median, or 100 times a ratio. */
  sort: Sort
  /** The rule in words, shown with the figure. */
  definition: string
  /** The rows behind the figure: `id`, `taljare`, `namnare`, and `grupp` parts. `$1` is fran, `$2` till. */
  rows: string
}

const fromGuarantee = 'h.id, h.hushall_id, h.avtalsnummer'
const part = (alias = 'h') => `${alias}.garantityp, ${alias}.hyresvard_id AS "hyresvardId",
  EXISTS (SELECT FROM person p WHERE p.hushall_id = ${alias}.hushall_id AND p.roll = 'barn') AS barn`

/**
 * The indicators of domain §1.6. Each is one query for its rows: the figure is computed of them and they are what
 * `/underlag` shows, so a figure and its records cannot differ.
 */
export const indikatorer = [
  {
    kod: 'aktiva',
    namn: 'Hyresgarantier i kraft',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Garantier vars avtal har tecknats och börjat gälla senast på periodens sista dag och som inte har avslutats då.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE ${inForce('$2')} AND $1::date IS NOT NULL`,
  },
  {
    kod: 'beviljade',
    namn: 'Beviljade hyresgarantier',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier med beslutsdatum i perioden.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE h.beslut_datum BETWEEN $1 AND $2`,
  },
  {
    kod: 'handlaggningsdagar',
    namn: 'Handläggningstid, median',
    enhet: 'dagar',
    sort: 'median',
    definition: 'Dagar från ansökan till beslut, för garantier med beslutsdatum i perioden och känt ansökningsdatum.',
    rows: `SELECT ${fromGuarantee}, h.beslut_datum - h.ansokan_datum AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.beslut_datum BETWEEN $1 AND $2 AND h.ansokan_datum IS NOT NULL`,
  },
  {
    kod: 'genomgangna',
    namn: 'Andel genomgångna',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Av genomgångarna i omgångar som öppnade i perioden: andelen som en person har avgjort. Genomgångar som utgick för att garantin upphörde räknas inte.',
    rows: `SELECT g.id, h.hushall_id, h.avtalsnummer, CASE WHEN g.tillstand = 'klar' THEN 1 ELSE 0 END AS taljare, 1 AS namnare, ${part()}
      FROM genomgang g JOIN genomgangsomgang o ON o.period = g.period JOIN hyresgaranti h ON h.id = g.hyresgaranti_id
      WHERE o.oppnad BETWEEN $1 AND $2 AND g.utfall IS DISTINCT FROM 'utgick'`,
  },
  {
    kod: 'avslutadeEnligtKriterier',
    namn: 'Avslutade för att kriterierna är uppfyllda',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Garantier som avslutades i perioden för att hyresvärdens kriterier var uppfyllda, av dem som var i kraft vid periodens början eller började gälla i den.',
    rows: `SELECT ${fromGuarantee},
        CASE WHEN h.avslutsorsak = 'kriterierUppfyllda' AND h.avslutad_datum BETWEEN $1 AND $2 THEN 1 ELSE 0 END AS taljare, 1 AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= $2 AND h.giltig_fran <= $2
        AND (h.avslutad_datum IS NULL OR h.avslutad_datum >= $1)`,
  },
  {
    kod: 'manaderTillAvslut',
    namn: 'Månader till avslut, median',
    enhet: 'månader',
    sort: 'median',
    definition: 'Hela månader från giltigFran till avslut, för garantier som avslutades i perioden.',
    rows: `SELECT ${fromGuarantee}, ${months('h.giltig_fran', 'h.avslutad_datum')} AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.avslutad_datum BETWEEN $1 AND $2 AND h.giltig_fran IS NOT NULL AND h.tillstand <> 'forfallen'`,
  },
  {
    kod: 'kravPer100',
    namn: 'Krav per 100 garantier i kraft',
    enhet: 'st per 100',
    sort: 'kvot',
    definition: 'Krav som kom in i perioden, per 100 garantier som var i kraft på dess sista dag.',
    rows: `SELECT h.id, h.hushall_id, h.avtalsnummer, coalesce(k.antal, 0) AS taljare, CASE WHEN ${inForce('$2')} THEN 1 ELSE 0 END AS namnare, ${part()}
      FROM hyresgaranti h
      LEFT JOIN (SELECT hyresgaranti_id, count(*) AS antal FROM garantikrav WHERE inkommet BETWEEN $1 AND $2 GROUP BY 1) k ON k.hyresgaranti_id = h.id
      WHERE k.antal > 0 OR (${inForce('$2')})`,
  },
  {
    kod: 'utbetaltPer100',
    namn: 'Utbetalt per 100 garantier i kraft',
    enhet: 'öre per 100',
    sort: 'kvot',
    definition: 'Öre som betalades ut på krav i perioden, per 100 garantier som var i kraft på dess sista dag.',
    rows: `SELECT h.id, h.hushall_id, h.avtalsnummer, coalesce(k.ore, 0) AS taljare, CASE WHEN ${inForce('$2')} THEN 1 ELSE 0 END AS namnare, ${part()}
      FROM hyresgaranti h
      LEFT JOIN (SELECT hyresgaranti_id, sum(godkant_belopp_ore) AS ore FROM garantikrav WHERE utbetalt_datum BETWEEN $1 AND $2 GROUP BY 1) k ON k.hyresgaranti_id = h.id
      WHERE k.ore > 0 OR (${inForce('$2')})`,
  },
  {
    kod: 'atervunnet',
    namn: 'Återvunnet av regress',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Av regressfordringar som uppkom i perioden: hur stor del av beloppet som har betalats till och med periodens sista dag.',
    rows: `SELECT r.id, h.hushall_id, h.avtalsnummer,
        coalesce((SELECT sum(b.belopp_ore) FROM regressbetalning b WHERE b.regressfordran_id = r.id AND b.betald <= $2), 0) AS taljare,
        r.belopp_ore AS namnare, ${part()}
      FROM regressfordran r JOIN hyresgaranti h ON h.id = r.hyresgaranti_id WHERE r.uppkommen BETWEEN $1 AND $2`,
  },
  {
    kod: 'bidragSokta',
    namn: 'Sökta statsbidrag',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier vars statsbidrag söktes i perioden (förordning 2007:623).',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE h.bidrag_sokt BETWEEN $1 AND $2`,
  },
  {
    kod: 'bidragBeviljatOre',
    namn: 'Beviljat statsbidrag',
    enhet: 'öre',
    sort: 'antal',
    definition: 'Beviljat statsbidrag för garantier vars bidrag söktes i perioden.',
    rows: `SELECT ${fromGuarantee}, coalesce(h.bidrag_beviljat_ore, 0) AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.bidrag_sokt BETWEEN $1 AND $2 AND h.bidrag_status = 'beviljat'`,
  },
  {
    kod: 'overTvaAr',
    namn: 'I kraft mer än två år',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier i kraft på periodens sista dag som började gälla mer än 24 månader tidigare.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h
      WHERE ${inForce('$2')} AND h.giltig_fran < $2::date - interval '24 months' AND $1::date IS NOT NULL`,
  },
] as const satisfies readonly Indikator[]

export const indikatorkoder = indikatorer.map(({ kod }) => kod)

const Varde = orNull(Type.Number({ description: 'null när det inte finns något att räkna på.', example: 0.85 }))
const Fordelning = Type.Object(
  {
    dimension: oneOf(['garantityp', 'hyresvardId', 'barn']),
    varde: Type.String({ example: 'kommunal' }),
    antal: Type.Integer({ example: 31 }),
  },
  { additionalProperties: false },
)

export const Indikatorsvar = Type.Object(
  {
    kod: oneOf(indikatorkoder),
    namn: Type.String(),
    definition: Type.String(),
    enhet: Type.String({ example: 'andel' }),
    varde: Varde,
    taljare: orNull(Type.Number({ example: 34 })),
    namnare: orNull(Type.Number({ example: 40 })),
    antalPoster: orNull(Type.Integer({ example: 40 })),
    fordelning: Type.Array(Fordelning),
    _links: Lankar,
  },
  {
    $id: 'Indikator',
    additionalProperties: false,
    example: {
      kod: 'genomgangna',
      namn: 'Andel genomgångna',
      definition: 'Av genomgångarna i omgångar som öppnade i perioden: andelen som en person har avgjort.',
      enhet: 'andel',
      varde: 0.85,
      taljare: 34,
      namnare: 40,
      antalPoster: 40,
      fordelning: [],
      _links: {
        underlag: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/statistik/genomgangna/underlag?fran=2026-07-01&till=2026-12-31',
          rel: 'underlag',
          method: 'GET',
        },
      },
    },
  },
)

export const Statistik = Type.Object(
  { fran: Datum, till: Datum, indikatorer: Type.Array(ref(Indikatorsvar)), _links: Lankar },
  {
    $id: 'Statistik',
    additionalProperties: false,
    example: {
      fran: '2026-07-01',
      till: '2026-12-31',
      indikatorer: [exampleOf(Indikatorsvar)],
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/statistik?fran=2026-07-01&till=2026-12-31',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

const Underlagspost = Type.Object(
  {
    id: { ...Id, description: 'Garantin, genomgången eller regressfordran som räknas.' } as typeof Id,
    avtalsnummer: Type.String({ example: 'HG-2026-00012' }),
    taljare: Type.Number({ example: 1 }),
    namnare: orNull(Type.Number({ example: 1 })),
  },
  { additionalProperties: false },
)
export const Statistikunderlag = Type.Object(
  {
    kod: Type.String(),
    definition: Type.String(),
    poster: Type.Array(Underlagspost),
    _meta: ref(ListMeta),
    _links: Lankar,
  },
  {
    $id: 'Statistikunderlag',
    additionalProperties: false,
    example: {
      kod: 'genomgangna',
      definition: 'Av genomgångarna i omgångar som öppnade i perioden: andelen som en person har avgjort.',
      poster: [{ id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b', avtalsnummer: 'HG-2026-00012', taljare: 1, namnare: 1 }],
      _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/statistik/genomgangna/underlag?fran=2026-07-01&till=2026-12-31',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

/** Masks what could point at a person: counts of one to four (domain §0.15), for those who see figures but not cases. */
export const smallCountLimit = 5

type Figures = {
  antalPoster: number
  taljare: number
  namnare: number | null
  median: number | null
  fordelning: Static<typeof Fordelning>[] | null
}

const figureBy: Record<Sort, (f: Figures) => number | null> = {
  antal: ({ taljare }) => taljare,
  andel: ({ taljare, namnare }) => (namnare ? taljare / namnare : null),
  kvot: ({ taljare, namnare }) => (namnare ? (100 * taljare) / namnare : null),
  median: ({ median }) => median,
}

const figuresOf = ({ rows }: Indikator) => `
  WITH poster AS (${rows})
  SELECT count(*) AS "antalPoster", coalesce(sum(taljare), 0) AS taljare, sum(namnare) AS namnare,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY taljare) AS median,
    (SELECT json_agg(f ORDER BY f.dimension, f.varde) FROM (
      SELECT 'garantityp' AS dimension, garantityp AS varde, count(*) AS antal FROM poster GROUP BY garantityp
      UNION ALL SELECT 'hyresvardId', "hyresvardId"::text, count(*) FROM poster WHERE "hyresvardId" IS NOT NULL GROUP BY "hyresvardId"
      UNION ALL SELECT 'barn', CASE WHEN barn THEN 'ja' ELSE 'nej' END, count(*) FROM poster GROUP BY barn) f) AS fordelning
  FROM poster`

function refuseBackwards(fran: Day, till: Day): void {
  const refusal = incoherent([
    till < fran && { pointer: 'query/till', kod: 'fore-fran', detail: 'till ska inte ligga före fran.' },
  ])
  if (refusal) throw refusal
}

/**
 * Every indicator of a period.
 *
 * @param masked for a caller who sees figures but not cases: no breakdown, and small counts left out
 */
export async function statistics(work: Work, fran: Day, till: Day, masked: boolean) {
  refuseBackwards(fran, till)
  const svar = []
  // One after another: they share the caller's connection. Twelve statements, not one a record.
  for (const indikator of indikatorer as readonly Indikator[]) {
    const [figures]: [Figures] = await work.db.query(figuresOf(indikator), [fran, till])
    svar.push(answerOf(indikator, figures, masked))
  }
  return svar
}

function answerOf({ kod, namn, definition, enhet, sort }: Indikator, figures: Figures, masked: boolean) {
  const { antalPoster, taljare, namnare } = figures
  const hidden = masked && [antalPoster, taljare].some(count => count > 0 && count < smallCountLimit)
  return {
    kod,
    namn,
    definition: hidden ? `${definition} Talet är dolt: det bygger på färre än ${smallCountLimit}.` : definition,
    enhet,
    varde: hidden ? null : figureBy[sort](figures),
    taljare: hidden ? null : taljare,
    namnare: hidden ? null : namnare,
    antalPoster: hidden ? null : antalPoster,
    fordelning: masked ? [] : (figures.fordelning ?? []),
  }
}

/** The records behind one figure. */
export async function statisticsRows(
  work: Work,
  kod: string,
  fran: Day,
  till: Day,
  { limit, offset }: { limit: number; offset: number },
) {
  refuseBackwards(fran, till)
  const { rows: sql, definition } = indikatorer.find(indikator => indikator.kod === kod) as Indikator
  const poster = await work.db.query(
    `WITH poster AS (${sql}) SELECT id, hushall_id AS "hushallId", avtalsnummer, taljare, namnare FROM poster ORDER BY avtalsnummer, id LIMIT $3 OFFSET $4`,
    [fran, till, limit, offset],
  )
  const [{ total }] = await work.db.query(`WITH poster AS (${sql}) SELECT count(*) AS total FROM poster`, [fran, till])
  return { definition, poster, total: total as number }
}
