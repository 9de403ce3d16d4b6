import { Type } from 'typebox'
import { defineStatistics, type Indikator } from '../shared/statistics.ts'
import { beviljadDatum, utanBostadDen } from './definitions.ts'

/** Which rows an indicator has, as SQL: its condition, the rule that it counts by, and what it counts. */
type Rows = { where: string; regel: string; taljare?: string }
type Caserows = Rows & { namnare?: string; orsak?: string }

const inPeriod = (day: string) => `${day} BETWEEN period.fran AND period.till`
const hasChild = (alias: string) =>
  `EXISTS (SELECT FROM person p WHERE p.hushall_id = ${alias}.hushall_id AND p.roll = 'barn')`
/** A decision may have several grounds: every row is counted once, under all of them together. */
const together = (grunder: string) => `(SELECT string_agg(g, '+' ORDER BY g) FROM unnest(${grunder}) g)`

/**
 * The parts that figures are broken down by. Neither sex nor age is one: they are only in the personnummer, which is
 * not read for figures.
 */
const dimensioner = ['grund', 'hyresvardId', 'orsak', 'barn'] as const

/** Cases about förtur, each with its first decision `b` where there is one. */
const cases = ({ where, regel, taljare = '1', namnare = 'NULL::int', orsak = 'NULL::text' }: Caserows) => `
  SELECT a.id, a.hushall_id, a.arendenummer AS nummer, ${taljare} AS taljare, ${namnare} AS namnare, ${regel} AS regel,
    ${together('coalesce(b.grunder, u.grunder)')} AS grund, NULL::uuid AS "hyresvardId", ${orsak} AS orsak,
    CASE WHEN coalesce(b.antal_barn > 0, ${hasChild('a')}) THEN 'ja' ELSE 'nej' END AS barn
  FROM arende a LEFT JOIN beslut b ON b.arende_id = a.id AND b.ersatter_id IS NULL
  LEFT JOIN utredning u ON u.arende_id = a.id
  WHERE a.insats = 'fortur' AND ${where}`

/** Förturer `f`, or their offers `e`. Of an imported household only the applicant is sure to be registered. */
const rowsOf = (table: 'f' | 'e', { where, regel, taljare = '1' }: Rows) => `
  SELECT ${table}.id, f.hushall_id, f.forturnummer AS nummer, ${taljare} AS taljare, NULL::int AS namnare, ${regel} AS regel,
    ${together('f.grunder')} AS grund, ${table === 'e' ? 'e.orsak' : 'NULL::text'} AS orsak,
    ${table === 'e' ? 'e.hyresvard_id' : 'CASE WHEN f.overlamnad_datum <= period.till THEN f.hyresvard_id END'} AS "hyresvardId",
    CASE WHEN coalesce(b.antal_barn > 0, ${hasChild('f')}) THEN 'ja'
      WHEN b.id IS NULL AND f.antal_personer > 1 THEN 'okant' ELSE 'nej' END AS barn
  FROM fortur f ${table === 'e' ? 'JOIN erbjudande e ON e.fortur_id = f.id' : ''}
  LEFT JOIN beslut b ON b.arende_id = f.arende_id AND b.ersatter_id IS NULL
  WHERE ${where}`
const forturer = (rows: Rows) => rowsOf('f', rows)
const offers = (rows: Rows) => rowsOf('e', rows)

const granted = "b.utfall <> 'avslag'"
const outcome = `CASE b.utfall WHEN 'bifall' THEN 'bifall' WHEN 'delvisBifall' THEN 'delvis bifall' ELSE 'avslag' END`

const appealDay = "(h.efter->>'overklagad_datum')::date"
/**
 * The first day of the period on which an appeal in the case came in, or null. From the history: a new decision takes
 * the appeal of the one before out of the case. CASE, so that it is looked for only in the few cases that can have one.
 */
const appealed = `CASE WHEN a.overklagad_datum IS NOT NULL OR a.beslut_id <> b.id THEN (
  SELECT min(${appealDay}) FROM historik h
  WHERE h.rot_id = a.id::text AND h.tabell = 'arende' AND ${inPeriod(appealDay)}) END`

const indikatorer: Indikator[] = [
  {
    kod: 'ansokningar',
    namn: 'Ansökningar om förtur',
    enhet: 'st',
    sort: 'antal',
    definition: 'Ärenden om förtur vars ansökan kom in i perioden, oavsett vad som har hänt med dem sedan.',
    rows: cases({ where: inPeriod('a.ansokan_datum'), regel: "format('Ansökan kom in %s.', a.ansokan_datum)" }),
  },
  {
    kod: 'komplettaAndel',
    namn: 'Ansökningar som var kompletta',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Av ansökningarna som kom in i perioden: andelen där komplettering aldrig har begärts. Ansökningar som ingen har börjat utreda räknas inte, för de är inte granskade än.',
    rows: cases({
      where: `${inPeriod('a.ansokan_datum')} AND a.tillstand <> 'inkommen'`,
      taljare: 'CASE WHEN a.komplettering_begart IS NULL THEN 1 ELSE 0 END',
      namnare: '1',
      regel: `CASE WHEN a.komplettering_begart IS NULL THEN 'Komplett: komplettering har aldrig begärts.'
        ELSE 'Inte komplett: komplettering har begärts.' END`,
    }),
  },
  {
    kod: 'beviljade',
    namn: 'Beviljade ansökningar',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Ärenden om förtur vars första beslut fattades i perioden och är bifall eller delvis bifall. Ett senare ändrat eller förlängt beslut räknas inte, och inte importerade förturer.',
    rows: cases({
      where: `${inPeriod('b.datum')} AND ${granted}`,
      regel: `format('Första beslutet, %s, är %s.', b.datum, ${outcome})`,
    }),
  },
  {
    kod: 'avslagna',
    namn: 'Avslagna ansökningar',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Ärenden om förtur vars första beslut fattades i perioden och är avslag. De räknas också när ett senare beslut har ändrat det till bifall.',
    rows: cases({
      where: `${inPeriod('b.datum')} AND NOT ${granted}`,
      regel: "format('Första beslutet, %s, är avslag.', b.datum)",
    }),
  },
  {
    kod: 'avskrivna',
    namn: 'Avskrivna ansökningar',
    enhet: 'st',
    sort: 'antal',
    definition: 'Ärenden om förtur som avskrevs i perioden, utan beslut i sak.',
    rows: cases({
      where: inPeriod('a.avskriven_datum'),
      regel: "format('Avskrivet %s.', a.avskriven_datum)",
      orsak: 'a.avskrivningsorsak',
    }),
  },
  {
    kod: 'bifallsandel',
    namn: 'Bifallsandel',
    enhet: 'andel',
    sort: 'andel',
    definition:
      'Av ärendena om förtur vars första beslut fattades i perioden: andelen där det är bifall eller delvis bifall. Avskrivna ärenden räknas inte.',
    rows: cases({
      where: inPeriod('b.datum'),
      taljare: `CASE WHEN ${granted} THEN 1 ELSE 0 END`,
      namnare: '1',
      regel: `format('Första beslutet, %s, är %s.', b.datum, ${outcome})`,
    }),
  },
  {
    kod: 'dagarTillBeslut',
    namn: 'Dagar från ansökan till beslut, median',
    enhet: 'dagar',
    sort: 'median',
    definition: 'Dagar från att ansökan kom in till det första beslutet, för första beslut som fattades i perioden.',
    rows: cases({
      where: inPeriod('b.datum'),
      taljare: 'b.datum - b.ansokan_datum',
      regel: "format('Ansökan kom in %s och det första beslutet fattades %s.', b.ansokan_datum, b.datum)",
    }),
  },
  {
    kod: 'dagarTillKontrakt',
    namn: 'Dagar från beslut till kontrakt, median',
    enhet: 'dagar',
    sort: 'median',
    definition:
      'Dagar från beslutet som gav förturen till att kontraktet tecknades, för kontrakt som tecknades i perioden. En förlängning ändrar inte beslutets dag.',
    rows: offers({
      where: inPeriod('e.kontrakt_datum'),
      taljare: `e.kontrakt_datum - ${beviljadDatum}`,
      regel: `format('Beviljad %s, kontrakt %s.', ${beviljadDatum}, e.kontrakt_datum)`,
    }),
  },
  {
    kod: 'utanBostad',
    namn: 'Förturer utan bostad',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Behovet på periodens sista dag: förturer som var beviljade då och inte hade avslutats, även de som börjar gälla senare, de som har en erbjuden bostad och de importerade. Slutar perioden efter i dag räknas som det är i dag.',
    rows: forturer({
      where: utanBostadDen('period.till'),
      regel: `format('Beviljad %s och %s.', ${beviljadDatum},
        CASE WHEN f.avslutad_datum IS NULL THEN 'inte avslutad' ELSE format('avslutad först %s', f.avslutad_datum) END)`,
    }),
  },
  {
    kod: 'bostader',
    namn: 'Bostäder genom förtur',
    enhet: 'st',
    sort: 'antal',
    definition: 'Kontrakt på erbjudna bostäder som tecknades i perioden, i första eller andra hand.',
    rows: offers({
      where: inPeriod('e.kontrakt_datum'),
      regel: `format('Kontrakt i %s hand tecknat %s.',
        CASE f.kontraktsform WHEN 'forstahand' THEN 'första' ELSE 'andra' END, e.kontrakt_datum)`,
    }),
  },
  {
    kod: 'nej',
    namn: 'Nej till erbjuden bostad',
    enhet: 'st',
    sort: 'antal',
    definition: 'Erbjudanden som den sökande tackade nej till i perioden, med eller utan godtagbart skäl.',
    rows: offers({
      where: `e.tillstand = 'avbojt' AND ${inPeriod('e.svar_datum')}`,
      regel: `format('Nej %s, %s godtagbart skäl.', e.svar_datum, CASE WHEN e.raknas THEN 'utan' ELSE 'med' END)`,
    }),
  },
  {
    kod: 'nejSomRaknas',
    namn: 'Nej som räknas',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Erbjudanden i perioden som räknades mot maxErbjudanden: nej utan godtagbart skäl, och obesvarade om kommunen räknar dem.',
    rows: offers({
      where: `e.raknas AND ${inPeriod('e.svar_datum')}`,
      regel: `CASE e.tillstand WHEN 'avbojt' THEN format('Nej %s, utan godtagbart skäl.', e.svar_datum)
        ELSE format('Inget svar senast %s, som kommunen räknar som nej.', e.svara_senast) END`,
    }),
  },
  {
    kod: 'obesvaradeErbjudanden',
    namn: 'Obesvarade erbjudanden',
    enhet: 'st',
    sort: 'antal',
    definition: 'Erbjudanden som ingen svarade på i tid och vars första dag efter svarstiden ligger i perioden.',
    rows: offers({
      where: `e.tillstand = 'uteblivet' AND ${inPeriod('e.svar_datum')}`,
      regel: "format('Inget svar senast %s.', e.svara_senast)",
    }),
  },
  {
    kod: 'hyresvardenNekade',
    namn: 'Erbjudanden där hyresvärden nekade',
    enhet: 'st',
    sort: 'antal',
    definition: 'Erbjudanden där hyresvärden nekade i perioden, också efter den sökandes ja.',
    rows: offers({
      where: `e.tillstand = 'nekat' AND ${inPeriod('e.svar_datum')}`,
      regel: "format('Hyresvärden nekade %s.', e.svar_datum)",
    }),
  },
  {
    kod: 'utgangnaUtanBostad',
    namn: 'Förturer som gick ut utan bostad',
    enhet: 'st',
    sort: 'antal',
    definition: 'Förturer som gick ut utan bostad och vars första dag efter giltighetens slut ligger i perioden.',
    rows: forturer({
      where: `f.tillstand = 'utgangen' AND ${inPeriod('f.avslutad_datum')}`,
      regel: "format('Sista dagen var %s.', f.giltig_till)",
    }),
  },
  {
    kod: 'egenKotid',
    namn: 'Lösta med egen kötid',
    enhet: 'st',
    sort: 'antal',
    definition: 'Förturer som avslutades i perioden för att egen kötid räckte till en bostad.',
    rows: forturer({
      where: `f.tillstand = 'tillgodoseddEgen' AND ${inPeriod('f.avslutad_datum')}`,
      regel: "format('Egen kötid räckte %s.', f.avslutad_datum)",
    }),
  },
  {
    kod: 'barnIBeviljade',
    namn: 'Barn i hushåll som beviljades förtur',
    enhet: 'barn',
    sort: 'antal',
    definition:
      'Barn i hushållen när det första beslutet fattades, för första beslut i perioden som är bifall eller delvis bifall. Hushåll utan barn är inte bland posterna.',
    rows: cases({
      where: `${inPeriod('b.datum')} AND ${granted} AND b.antal_barn > 0`,
      taljare: 'b.antal_barn',
      regel: "format('Barn i hushållet vid beslutet %s: %s.', b.datum, b.antal_barn)",
    }),
  },
  {
    kod: 'overklagade',
    namn: 'Överklagade ärenden',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Ärenden om förtur där ett överklagande kom in i perioden, i rätt tid eller för sent. Flera i samma ärende räknas en gång.',
    rows: cases({ where: `${appealed} IS NOT NULL`, regel: `format('Överklagandet kom in %s.', ${appealed})` }),
  },
]

/** What the work with social förtur leads to (plan area 2, domain §2.5), from the application to a home. */
export const forturstatistik = defineStatistics({
  name: 'Fortur',
  path: '/forturer/statistik',
  nyckel: { kolumn: 'nummer', schema: Type.String({ example: 'AR-2026-00012' }) },
  post: 'Ärendet, förturen eller erbjudandet som räknas.',
  dimensioner,
  regel: true,
  indikatorer,
})
