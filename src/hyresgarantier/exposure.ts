import { Type } from 'typebox'
import type { Day } from '../shared/dates.ts'
import { Datum, Id, Lankar, ListMeta, Ore, orNull, ref } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'

/** Sums over many guarantees outgrow a single guarantee's limit. */
const Summa = Type.Integer({ minimum: 0, example: 20280000 })

const Post = Type.Object(
  {
    hyresvardId: Id,
    namn: Type.String({ example: 'Exempelbostäder AB' }),
    antal: Type.Integer({ example: 4 }),
    exponeringOre: Summa,
  },
  { additionalProperties: false },
)

export const Exponering = Type.Object(
  {
    datum: Datum,
    definition: Type.String(),
    antal: Type.Integer({ example: 4 }),
    exponeringOre: Summa,
    perHyresvard: Type.Array(Post),
    _links: Lankar,
  },
  {
    $id: 'Exponering',
    additionalProperties: false,
    example: {
      datum: '2026-09-01',
      definition: 'Summan av vad kommunen högst kan krävas på.',
      antal: 4,
      exponeringOre: 20280000,
      perHyresvard: [
        {
          hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
          namn: 'Exempelbostäder AB',
          antal: 4,
          exponeringOre: 20280000,
        },
      ],
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/exponering?datum=2026-09-01',
          rel: 'self',
          method: 'GET',
        },
        underlag: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/exponering/underlag?datum=2026-09-01',
          rel: 'underlag',
          method: 'GET',
        },
      },
    },
  },
)

const Underlagspost = Type.Object(
  {
    hyresgarantiId: Id,
    avtalsnummer: Type.String({ example: 'HG-2026-00012' }),
    hyresvardId: Id,
    maxBeloppOre: Ore,
    utbetaltOre: Summa,
    exponeringOre: Summa,
    giltigTill: orNull(Datum),
  },
  { additionalProperties: false },
)
export const Exponeringsunderlag = Type.Object(
  {
    datum: Datum,
    definition: Type.String(),
    garantier: Type.Array(Underlagspost),
    _meta: ref(ListMeta),
    _links: Lankar,
  },
  {
    $id: 'Exponeringsunderlag',
    additionalProperties: false,
    example: {
      datum: '2026-09-01',
      definition: 'Summan av vad kommunen högst kan krävas på.',
      garantier: [
        {
          hyresgarantiId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
          avtalsnummer: 'HG-2026-00012',
          hyresvardId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2b',
          maxBeloppOre: 5070000,
          utbetaltOre: 0,
          exponeringOre: 5070000,
          giltigTill: '2028-02-29',
        },
      ],
      _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/exponering/underlag?datum=2026-09-01',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

/** The rule behind the figure, shown with it. */
export const exponeringsdefinition =
  'Garantier vars avtal har tecknats och börjat gälla senast på dagen och som inte har avslutats då. Var och en räknas med sitt ' +
  'maxbelopp minus det som betalats ut till och med dagen; har tiden gått ut men krav är öppna räknas bara de öppna kraven.'

/** One row a guarantee that is in force on `$1`: the same rows are summed and shown. */
const rowsOnDay = `
  SELECT h.id AS "hyresgarantiId", h.hushall_id AS "hushallId", h.avtalsnummer, h.hyresvard_id AS "hyresvardId", h.max_belopp_ore AS "maxBeloppOre",
    coalesce(betalt.ore, 0) AS "utbetaltOre", h.giltig_till AS "giltigTill",
    CASE WHEN h.giltig_till >= $1 THEN h.max_belopp_ore - coalesce(betalt.ore, 0) ELSE h.reserverat_ore END AS "exponeringOre"
  FROM hyresgaranti h
  LEFT JOIN (SELECT hyresgaranti_id, sum(godkant_belopp_ore) AS ore FROM garantikrav WHERE utbetalt_datum <= $1 GROUP BY 1) betalt
    ON betalt.hyresgaranti_id = h.id
  WHERE h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= $1 AND h.giltig_fran <= $1
    AND (h.avslutad_datum IS NULL OR h.avslutad_datum > $1)
    AND (h.giltig_till >= $1 OR h.reserverat_ore > 0)`

/** What the municipality can be made to pay on a day, per landlord and in all. */
export async function exposureOn(work: Work, datum: Day) {
  const perHyresvard = await work.db.query(
    `SELECT v.id AS "hyresvardId", v.namn, count(*) AS antal, sum(r."exponeringOre") AS "exponeringOre"
     FROM (${rowsOnDay}) r JOIN hyresvard v ON v.id = r."hyresvardId" GROUP BY v.id, v.namn ORDER BY v.namn, v.id`,
    [datum],
  )
  const sum = (field: 'antal' | 'exponeringOre') =>
    perHyresvard.reduce((total: number, row: Record<typeof field, number>) => total + row[field], 0)
  return {
    datum,
    definition: exponeringsdefinition,
    antal: sum('antal'),
    exponeringOre: sum('exponeringOre'),
    perHyresvard,
  }
}

/** The guarantees behind the figure. */
export async function exposureRows(work: Work, datum: Day, { limit, offset }: { limit: number; offset: number }) {
  const rows = await work.db.query(`${rowsOnDay} ORDER BY h.avtalsnummer LIMIT $2 OFFSET $3`, [datum, limit, offset])
  const [{ total }] = await work.db.query(`SELECT count(*) AS total FROM (${rowsOnDay}) r`, [datum])
  return { rows, total: total as number }
}
