import { beviljadDatum, utanBostadDen } from '../forturer/definitions.ts'
import { inPeriod, letting, type Matt, people, stood } from './definitions.ts'

/** A kind of help with homes of the pool. */
type Slag = {
  namn: string
  ord: string
  table: { id: string; nummer: string; from: string }
  /** The column of `upplatelse` that names it. */
  kolumn: string
  rum: string
  beviljad: string
  /** What the day is called. */
  dag: string
}

const slag: Slag[] = [
  {
    namn: 'Stodlagenhet',
    ord: 'stödlägenhet',
    table: { id: 's.id', nummer: 's.stodlagenhetsnummer', from: 'stodlagenhet s' },
    kolumn: 'stodlagenhet_id',
    rum: 's.min_rum',
    beviljad: 's.ko_datum',
    dag: 'beslutet',
  },
  {
    namn: 'BostadForst',
    ord: 'Bostad Först',
    table: { id: 'b.id', nummer: 'b.boendenummer', from: 'bf_boende b' },
    kolumn: 'bf_boende_id',
    rum: 'b.onskade_rum',
    beviljad: 'b.antagen_datum',
    dag: 'antagandet',
  },
]

const storlek = 'Rum är det minsta antal rum som hushållet behöver, okant när det inte är angivet.'

/** Who waits, is granted the help, and has moved in. */
const ofPool = ({ namn, ord, table, kolumn, rum, beviljad, dag }: Slag): Matt[] => {
  const ended = `${table.id.split('.')[0]}.avslutad_datum`
  return [
    {
      kod: `vantande${namn}`,
      avser: 'ar',
      namn: `Väntar på ${ord}`,
      enhet: 'st',
      sort: 'antal',
      definition: `De som på periodens sista dag hade beviljats ${ord} men inte hade fått eller lovats någon bostad, och vars insats inte hade avslutats. ${storlek}`,
      rows: people(table, {
        rum,
        where: `${beviljad} <= period.till AND coalesce(${ended} > period.till, true)
          AND NOT EXISTS (SELECT FROM upplatelse u WHERE u.${kolumn} = ${table.id} AND ${stood})`,
        regel: `format('Väntar sedan %s.', ${beviljad})`,
      }),
    },
    {
      kod: `beviljade${namn}`,
      avser: 'medel',
      namn: `Beviljanden av ${ord}`,
      enhet: 'st',
      sort: 'antal',
      definition: `De som beviljades ${ord} i perioden, efter dagen för ${dag}; ett senare beslut som förlänger räknas inte, men de importerade. Perioden är så många år som medelAr säger: dela med dem för ett år. Har registret inte funnits så länge blir talet för litet. ${storlek}`,
      rows: people(table, { rum, where: inPeriod(beviljad), regel: `format('Beviljad %s.', ${beviljad})` }),
    },
    {
      kod: `vantetid${namn}`,
      avser: 'ar',
      namn: `Dagar i väntan på ${ord}, median`,
      enhet: 'dagar',
      sort: 'median',
      definition: `Dagar från ${dag} till den första inflyttningen, för dem som flyttade in i perioden.`,
      rows: people(table, {
        from: `${table.from} CROSS JOIN LATERAL (
          SELECT min(u.fran) AS dag FROM upplatelse u WHERE u.${kolumn} = ${table.id} AND ${letting('u')}) i`,
        rum,
        where: inPeriod('i.dag'),
        taljare: `i.dag - ${beviljad}`,
        regel: `format('Beviljad %s, inflyttad %s.', ${beviljad}, i.dag)`,
      }),
    },
  ]
}

const fortur = { id: 'f.id', nummer: 'f.forturnummer', from: 'fortur f' }
const kontrakt = { id: 'e.id', nummer: 'f.forturnummer', from: 'erbjudande e JOIN fortur f ON f.id = e.fortur_id' }

/** What is waited for through förtur, and got: homes of the landlords, not of the pool. */
const ofFortur: Matt[] = [
  {
    kod: 'vantandeFortur',
    avser: 'ar',
    namn: 'Öppna förturer',
    enhet: 'st',
    sort: 'antal',
    definition: `Förturer som var beviljade på periodens sista dag och inte hade avslutats, även de som har en erbjuden bostad och de importerade. ${storlek}`,
    rows: people(fortur, {
      rum: 'f.min_rum',
      where: utanBostadDen('period.till'),
      regel: `format('Beviljad %s.', ${beviljadDatum})`,
    }),
  },
  {
    kod: 'beviljadeFortur',
    avser: 'medel',
    namn: 'Beviljade förturer',
    enhet: 'st',
    sort: 'antal',
    definition: `Förturer som beviljades i perioden, efter det första beslutets dag; ett senare beslut som förlänger räknas inte, men de importerade. Perioden är så många år som medelAr säger: dela med dem för ett år. Har registret inte funnits så länge blir talet för litet. ${storlek}`,
    rows: people(fortur, {
      rum: 'f.min_rum',
      where: inPeriod(beviljadDatum),
      regel: `format('Beviljad %s.', ${beviljadDatum})`,
    }),
  },
  ...(['ar', 'medel'] as const).map(
    (avser): Matt => ({
      kod: avser === 'ar' ? 'bostaderFortur' : 'kontraktFortur',
      avser,
      namn: avser === 'ar' ? 'Bostäder genom förtur' : 'Kontrakt genom förtur',
      enhet: 'st',
      sort: 'antal',
      definition: `Kontrakt på bostäder som hyresvärdar erbjöd den som har förtur och som tecknades i perioden. De kommer inte ur beståndet.${avser === 'medel' ? ' Perioden är så många år som medelAr säger: dela med dem för ett år.' : ''}`,
      rows: people(kontrakt, {
        rum: 'e.rum',
        where: inPeriod('e.kontrakt_datum'),
        regel: `format('Kontrakt tecknat %s.', e.kontrakt_datum)`,
      }),
    }),
  ),
  {
    kod: 'vantetidFortur',
    avser: 'ar',
    namn: 'Dagar i väntan på bostad genom förtur, median',
    enhet: 'dagar',
    sort: 'median',
    definition: 'Dagar från beslutet som gav förturen till kontraktet, för kontrakt som tecknades i perioden.',
    rows: people(kontrakt, {
      rum: 'e.rum',
      where: inPeriod('e.kontrakt_datum'),
      taljare: `e.kontrakt_datum - ${beviljadDatum}`,
      regel: `format('Beviljad %s, kontrakt %s.', ${beviljadDatum}, e.kontrakt_datum)`,
    }),
  },
]

export const vantematt: Matt[] = [...slag.flatMap(ofPool), ...ofFortur]
