import { Type } from 'typebox'
import { defineStatistics, type Indikator } from '../shared/statistics.ts'

const inPeriod = (day: string) => `${day} BETWEEN period.fran AND period.till`
const dimensioner = ['kontraktsform', 'orsak', 'utfall'] as const

type Rows = {
  from: string
  where: string
  regel: string
  id?: string
  hushallId?: string
  nummer?: string
  taljare?: string
  namnare?: string
} & { [D in (typeof dimensioner)[number]]?: string }

/** The rows of an indicator; of the tenancy `b` unless another is said. */
const rowsOf = ({ from, where, regel, taljare = '1', namnare = 'NULL::int', ...given }: Rows) => `
  SELECT ${given.id ?? 'b.id'} AS id, ${given.hushallId ?? 'b.hushall_id'} AS hushall_id, ${given.nummer ?? 'b.boendenummer'} AS nummer,
    ${taljare} AS taljare, ${namnare} AS namnare, ${regel} AS regel,
    ${dimensioner.map(name => `${given[name] ?? 'NULL::text'} AS ${name}`).join(', ')}
  FROM ${from} WHERE ${where}`

const lived = "u.slag = 'boende' AND u.upphavd IS NULL"
/** Who leaves Bostad Först with the contract in their own name stays in the home. */
const lastDay = `CASE WHEN x.utfall = 'egetBoende' AND u.kontraktsform = 'forstahand' AND u.till >= x.avslutad_datum THEN NULL ELSE u.till END`
/** The homes `u` of the person of `b`, in Bostad Först now or before. */
const ofPerson = `upplatelse u JOIN bf_boende x ON x.id = u.bf_boende_id WHERE x.person_id = b.person_id AND ${lived}`

/** Each person `b`, by the tenancy in which they first moved in, and when. */
const people = `(SELECT DISTINCT ON (x.person_id) x.id, x.hushall_id, x.boendenummer, x.person_id, u.fran AS inflyttad
  FROM upplatelse u JOIN bf_boende x ON x.id = u.bf_boende_id WHERE ${lived} ORDER BY x.person_id, u.fran, u.id) b`
const dead = `(SELECT min(x.avslutad_datum) FROM bf_boende x WHERE x.person_id = b.person_id AND x.utfall = 'avliden')`

/** The person's first time with a home, as one range: a change of home, or a single day between two, does not break it. */
const stayed = (day: string) => `coalesce((
  SELECT range_agg(daterange(i.fran, CASE WHEN i.nasta <= i.till + 2 THEN greatest(i.till, i.nasta - 1) ELSE i.till END, '[]'))
  FROM (SELECT u.fran, ${lastDay} AS till, lead(u.fran) OVER (ORDER BY u.fran, u.id) AS nasta FROM ${ofPerson}) i
) @> daterange(b.inflyttad, ${day}, '[]'), false)`
const ownContract = (day: string) =>
  `EXISTS (SELECT FROM ${ofPerson} AND u.kontraktsform = 'forstahand' AND daterange(u.fran, ${lastDay}, '[]') @> ${day})`

/** Those who are followed up after so long, each on a day of their own: the same day of the month, or its last. */
const after = (months: number, counts: (day: string) => string, yes: string, no: string) =>
  rowsOf({
    from: `${people} CROSS JOIN LATERAL (SELECT (b.inflyttad + interval '${months} months')::date AS dag) d`,
    where: `${inPeriod('d.dag')} AND coalesce(${dead} >= d.dag, true)`,
    taljare: `CASE WHEN ${counts('d.dag')} THEN 1 ELSE 0 END`,
    namnare: '1',
    regel: `format(CASE WHEN ${counts('d.dag')} THEN 'Inflyttad %s, ${yes} %s.' ELSE 'Inflyttad %s, ${no} %s.' END, b.inflyttad, d.dag)`,
  })
const cohort = (months: number) =>
  `Personer vars dag ${months} månader efter den första inflyttningen ligger i perioden; finns inte dagen i månaden gäller månadens sista. Den som avled dessförinnan räknas inte. Ligger dagen efter i dag räknas som det är i dag.`

const staying = (months: number): Indikator => ({
  kod: `kvarboende${months}`,
  namn: `Kvarboende efter ${months} månader`,
  enhet: 'andel',
  sort: 'andel',
  definition: `${cohort(months)} Andelen som har haft bostad utan avbrott till och med den dagen. Byte av bostad är inget avbrott, inte heller en dag mellan två bostäder. Den som har lämnat Bostad Först med eget kontrakt på bostaden räknas som kvar.`,
  rows: after(months, stayed, 'kvar utan avbrott', 'inte kvar utan avbrott'),
})
const ownContracts = (months: number): Indikator => ({
  kod: `andelForstahand${months}`,
  namn: `Eget kontrakt efter ${months} månader`,
  enhet: 'andel',
  sort: 'andel',
  definition: `${cohort(months)} Andelen som den dagen hade förstahandskontrakt på sin bostad, i Bostad Först eller efter att ha lämnat det med kontraktet.`,
  rows: after(months, ownContract, 'eget kontrakt', 'inget eget kontrakt'),
})

const firstOwn = `(SELECT min(u.fran) AS dag FROM ${ofPerson} AND u.kontraktsform = 'forstahand') f`
const calendarMonths = `((extract(year FROM f.dag) - extract(year FROM b.inflyttad)) * 12 + extract(month FROM f.dag) - extract(month FROM b.inflyttad))::int`
const noticed = 'b.uppsagd_datum IS NOT NULL'

const indikatorer: Indikator[] = [
  {
    kod: 'bostader',
    namn: 'Bostäder för Bostad Först',
    enhet: 'st',
    sort: 'antal',
    definition: 'Bostäder i kategorin bostadForst som fanns i beståndet på periodens sista dag, uthyrda eller inte.',
    rows: rowsOf({
      from: 'lagenhet l',
      where: `l.kategori = 'bostadForst' AND l.i_poolen_fran <= period.till AND coalesce(l.i_poolen_till >= period.till, true)`,
      id: 'l.id',
      hushallId: 'NULL::uuid',
      nummer: 'l.objektnummer',
      regel: `format('I beståndet från %s.', l.i_poolen_fran)`,
    }),
  },
  {
    kod: 'personer',
    namn: 'Personer med bostad',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Personer som hade en bostad genom Bostad Först på periodens sista dag, också de som tillfälligt var borta.',
    rows: rowsOf({
      from: 'bf_boende b JOIN upplatelse u ON u.bf_boende_id = b.id',
      where: `${lived} AND daterange(u.fran, u.till, '[]') @> period.till`,
      kontraktsform: 'u.kontraktsform',
      regel: `format('Bostad från %s%s.', u.fran, CASE WHEN u.till IS NULL THEN '' ELSE format(' till %s', u.till) END)`,
    }),
  },
  staying(12),
  staying(24),
  ownContracts(12),
  ownContracts(24),
  {
    kod: 'manaderTillForstahand',
    namn: 'Månader till eget kontrakt, median',
    enhet: 'månader',
    sort: 'median',
    definition:
      'Hela månader från den första inflyttningen till det första förstahandskontraktet, för dem som fick det i perioden. Den som fick det från början räknas med 0.',
    rows: rowsOf({
      from: `${people} CROSS JOIN LATERAL ${firstOwn}`,
      where: inPeriod('f.dag'),
      taljare: `${calendarMonths} - CASE WHEN b.inflyttad + make_interval(months => ${calendarMonths}) > f.dag THEN 1 ELSE 0 END`,
      regel: `format('Inflyttad %s, eget kontrakt %s.', b.inflyttad, f.dag)`,
    }),
  },
  {
    kod: 'overgangsavslag',
    namn: 'Avslag på eget kontrakt',
    enhet: 'st',
    sort: 'antal',
    definition: 'Prövningar av övergången till eget kontrakt som hyresvärden sade nej till i perioden, med orsak.',
    rows: rowsOf({
      from: 'overgangsprovning p JOIN bf_boende b ON b.id = p.bf_boende_id',
      where: `p.utfall = 'avslag' AND ${inPeriod('p.provad')}`,
      id: 'p.id',
      orsak: 'p.orsak',
      regel: `format('Avslag %s, prövas igen %s.', p.provad, p.nasta)`,
    }),
  },
  {
    kod: 'forloradeBoenden',
    namn: 'Förlorade boenden',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Målet är 0. Boenden som avslutades i perioden efter inflyttning, antingen med utfallet hemlos, eller medan hyresvärdens uppsägning gällde och utfallet varken är eget boende eller att personen avled.',
    rows: rowsOf({
      from: 'bf_boende b',
      where: `${inPeriod('b.avslutad_datum')} AND b.inflyttad IS NOT NULL
        AND (b.utfall = 'hemlos' OR (${noticed} AND b.utfall NOT IN ('egetBoende', 'avliden')))`,
      utfall: 'b.utfall',
      regel: `format('Avslutat %s %s.', b.avslutad_datum, CASE WHEN ${noticed} THEN 'efter uppsägning' ELSE 'med hemlöshet' END)`,
    }),
  },
  {
    kod: 'dagarTillInflyttning',
    namn: 'Dagar från antagande till inflyttning, median',
    enhet: 'dagar',
    sort: 'median',
    definition: 'Dagar från att personen antogs till den första inflyttningen, för dem som flyttade in i perioden.',
    rows: rowsOf({
      from: 'bf_boende b',
      where: inPeriod('b.inflyttad'),
      taljare: 'b.inflyttad - b.antagen_datum',
      regel: `format('Antagen %s, inflyttad %s.', b.antagen_datum, b.inflyttad)`,
    }),
  },
  {
    kod: 'bostadsbyten',
    namn: 'Byten av bostad',
    enhet: 'st',
    sort: 'antal',
    definition: 'Inflyttningar i perioden i en annan bostad än den som personen hade förut i samma boende.',
    rows: rowsOf({
      from: `(SELECT u.*, lag(u.lagenhet_id) OVER (PARTITION BY u.bf_boende_id ORDER BY u.fran, u.id) AS forra
        FROM upplatelse u WHERE u.bf_boende_id IS NOT NULL AND ${lived}) u JOIN bf_boende b ON b.id = u.bf_boende_id`,
      where: `u.forra <> u.lagenhet_id AND ${inPeriod('u.fran')}`,
      id: 'u.id',
      kontraktsform: 'u.kontraktsform',
      regel: `format('Ny bostad från %s.', u.fran)`,
    }),
  },
]

/** What Bostad Först leads to (domain §4.3): homes, whether people stay in them, and whose name the contract is in. */
export const bostadForststatistik = defineStatistics({
  name: 'BostadForst',
  path: '/bostad-forst/statistik',
  nyckel: { kolumn: 'nummer', schema: Type.String({ example: 'AR-2026-00021' }) },
  post: 'Boendet, prövningen, bytet eller bostaden som räknas.',
  dimensioner,
  regel: true,
  indikatorer,
})
