import { Type } from 'typebox'
import { defineStatistics, type Indikator } from '../shared/statistics.ts'

/** In force on a day (`:dag`): signed, begun and not ended. */
const inForce = (dag: string) =>
  `h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= ${dag} AND h.giltig_fran <= ${dag}
   AND (h.avslutad_datum IS NULL OR h.avslutad_datum > ${dag})`

/** Whole months between two days, as PostgreSQL sees them. */
const months = (from: string, to: string) =>
  `(extract(year FROM age(${to}, ${from})) * 12 + extract(month FROM age(${to}, ${from})))::int`

const fromGuarantee = 'h.id, h.hushall_id, h.avtalsnummer'
const part = (alias = 'h') => `${alias}.garantityp, ${alias}.hyresvard_id AS "hyresvardId",
  CASE WHEN EXISTS (SELECT FROM person p WHERE p.hushall_id = ${alias}.hushall_id AND p.roll = 'barn') THEN 'ja' ELSE 'nej' END AS barn`

/**
 * The indicators of domain §1.6. Each is one query for its rows: the figure is computed of them and they are what
 * `/underlag` shows, so a figure and its records cannot differ.
 */
const indikatorer: Indikator[] = [
  {
    kod: 'aktiva',
    namn: 'Hyresgarantier i kraft',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Garantier vars avtal har tecknats och börjat gälla senast på periodens sista dag och som inte har avslutats då.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE ${inForce('period.till')}`,
  },
  {
    kod: 'beviljade',
    namn: 'Beviljade hyresgarantier',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier med beslutsdatum i perioden.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE h.beslut_datum BETWEEN period.fran AND period.till`,
  },
  {
    kod: 'handlaggningsdagar',
    namn: 'Handläggningstid, median',
    enhet: 'dagar',
    sort: 'median',
    definition: 'Dagar från ansökan till beslut, för garantier med beslutsdatum i perioden och känt ansökningsdatum.',
    rows: `SELECT ${fromGuarantee}, h.beslut_datum - h.ansokan_datum AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.beslut_datum BETWEEN period.fran AND period.till AND h.ansokan_datum IS NOT NULL`,
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
      WHERE o.oppnad BETWEEN period.fran AND period.till AND g.utfall IS DISTINCT FROM 'utgick'`,
  },
  {
    kod: 'avslutadeEnligtKriterier',
    namn: 'Avslutade för att kriterierna är uppfyllda',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Garantier som avslutades i perioden för att hyresvärdens kriterier var uppfyllda, av dem som var i kraft vid periodens början eller började gälla i den.',
    rows: `SELECT ${fromGuarantee},
        CASE WHEN h.avslutsorsak = 'kriterierUppfyllda' AND h.avslutad_datum BETWEEN period.fran AND period.till THEN 1 ELSE 0 END AS taljare, 1 AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= period.till AND h.giltig_fran <= period.till
        AND (h.avslutad_datum IS NULL OR h.avslutad_datum >= period.fran)`,
  },
  {
    kod: 'manaderTillAvslut',
    namn: 'Månader till avslut, median',
    enhet: 'månader',
    sort: 'median',
    definition: 'Hela månader från giltigFran till avslut, för garantier som avslutades i perioden.',
    rows: `SELECT ${fromGuarantee}, ${months('h.giltig_fran', 'h.avslutad_datum')} AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.avslutad_datum BETWEEN period.fran AND period.till AND h.giltig_fran IS NOT NULL AND h.tillstand <> 'forfallen'`,
  },
  {
    kod: 'kravPer100',
    namn: 'Krav per 100 garantier i kraft',
    enhet: 'st per 100',
    sort: 'kvot',
    definition: 'Krav som kom in i perioden, per 100 garantier som var i kraft på dess sista dag.',
    rows: `SELECT h.id, h.hushall_id, h.avtalsnummer, coalesce(k.antal, 0) AS taljare, CASE WHEN ${inForce('period.till')} THEN 1 ELSE 0 END AS namnare, ${part()}
      FROM hyresgaranti h
      LEFT JOIN (SELECT hyresgaranti_id, count(*) AS antal FROM garantikrav WHERE inkommet BETWEEN period.fran AND period.till GROUP BY 1) k ON k.hyresgaranti_id = h.id
      WHERE k.antal > 0 OR (${inForce('period.till')})`,
  },
  {
    kod: 'utbetaltPer100',
    namn: 'Utbetalt per 100 garantier i kraft',
    enhet: 'öre per 100',
    sort: 'kvot',
    definition: 'Öre som betalades ut på krav i perioden, per 100 garantier som var i kraft på dess sista dag.',
    rows: `SELECT h.id, h.hushall_id, h.avtalsnummer, coalesce(k.ore, 0) AS taljare, CASE WHEN ${inForce('period.till')} THEN 1 ELSE 0 END AS namnare, ${part()}
      FROM hyresgaranti h
      LEFT JOIN (SELECT hyresgaranti_id, sum(godkant_belopp_ore) AS ore FROM garantikrav WHERE utbetalt_datum BETWEEN period.fran AND period.till GROUP BY 1) k ON k.hyresgaranti_id = h.id
      WHERE k.ore > 0 OR (${inForce('period.till')})`,
  },
  {
    kod: 'atervunnet',
    namn: 'Återvunnet av regress',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Av regressfordringar som uppkom i perioden: hur stor del av beloppet som har betalats till och med periodens sista dag.',
    rows: `SELECT r.id, h.hushall_id, h.avtalsnummer,
        coalesce((SELECT sum(b.belopp_ore) FROM regressbetalning b WHERE b.regressfordran_id = r.id AND b.betald <= period.till), 0) AS taljare,
        r.belopp_ore AS namnare, ${part()}
      FROM regressfordran r JOIN hyresgaranti h ON h.id = r.hyresgaranti_id WHERE r.uppkommen BETWEEN period.fran AND period.till`,
  },
  {
    kod: 'bidragSokta',
    namn: 'Sökta statsbidrag',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier vars statsbidrag söktes i perioden (förordning 2007:623).',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h WHERE h.bidrag_sokt BETWEEN period.fran AND period.till`,
  },
  {
    kod: 'bidragBeviljatOre',
    namn: 'Beviljat statsbidrag',
    enhet: 'öre',
    sort: 'antal',
    definition: 'Beviljat statsbidrag för garantier vars bidrag söktes i perioden.',
    rows: `SELECT ${fromGuarantee}, coalesce(h.bidrag_beviljat_ore, 0) AS taljare, NULL::int AS namnare, ${part()}
      FROM hyresgaranti h WHERE h.bidrag_sokt BETWEEN period.fran AND period.till AND h.bidrag_status = 'beviljat'`,
  },
  {
    kod: 'overTvaAr',
    namn: 'I kraft mer än två år',
    enhet: 'st',
    sort: 'antal',
    definition: 'Garantier i kraft på periodens sista dag som började gälla mer än 24 månader tidigare.',
    rows: `SELECT ${fromGuarantee}, 1 AS taljare, NULL::int AS namnare, ${part()} FROM hyresgaranti h
      WHERE ${inForce('period.till')} AND h.giltig_fran < period.till - interval '24 months'`,
  },
]

export const hyresgarantistatistik = defineStatistics({
  name: '',
  path: '/hyresgarantier/statistik',
  nyckel: { kolumn: 'avtalsnummer', schema: Type.String({ example: 'HG-2026-00012' }) },
  post: 'Garantin, genomgången eller regressfordran som räknas.',
  dimensioner: ['garantityp', 'hyresvardId', 'barn'],
  indikatorer,
})
