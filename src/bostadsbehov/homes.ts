import { homes, inPeriod, letting, lettings, type Matt, taken } from './definitions.ts'

/** SQL: the home `l` is there for people: it is not only planned, and was not given back before it was ready. */
const ready = `l.tillstand <> 'planerad' AND CASE WHEN l.tillstand = 'aterlamnad' THEN NOT EXISTS (
  SELECT FROM historik h WHERE h.rot_id = l.id::text AND h.tabell = 'lagenhet'
    AND h.fore->>'tillstand' = 'planerad' AND h.efter->>'tillstand' = 'aterlamnad') ELSE true END`
/** SQL: the home `l` is in the pool when the period ends. */
const inPool = `${ready} AND l.i_poolen_fran <= period.till AND coalesce(l.i_poolen_till > period.till, true)`

/** Homes of socialförvaltningen's target groups, and how they were used in a year. */
export const bostadsmatt: Matt[] = [
  {
    kod: 'beredda',
    avser: 'ar',
    namn: 'Beredda bostäder',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Bostäder som kom till beståndet för socialförvaltningens målgrupper under året: första dagen i beståndet (iPoolenFran) ligger i perioden, och bostaden har blivit klar att hyra ut. En bostad som ännu bara är planerad räknas inte, inte heller en som lämnades tillbaka innan den blev klar.',
    rows: homes({
      where: `${ready} AND ${inPeriod('l.i_poolen_fran')}`,
      regel: `format('I beståndet från %s.', l.i_poolen_fran)`,
    }),
  },
  {
    kod: 'bestand',
    avser: 'ar',
    namn: 'Beståndet',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Bostäder som fanns i beståndet när periodens sista dag var slut, uthyrda eller inte. En bostad vars sista dag (iPoolenTill) är den dagen har lämnat beståndet. Beståndet är förra årets, plus beredda, minus de som lämnade det.',
    rows: homes({ where: inPool, regel: `format('I beståndet från %s.', l.i_poolen_fran)` }),
  },
  {
    kod: 'lamnade',
    avser: 'ar',
    namn: 'Bostäder som lämnade beståndet',
    enhet: 'st',
    sort: 'antal',
    definition:
      'Bostäder vars sista dag i beståndet (iPoolenTill) ligger i perioden. Orsaken är aterlamnad, overlaten (hyresgästen tog över kontraktet, vilket är ett lyckat resultat) eller slutdatum när dagen har passerat men bostaden inte är återlämnad än.',
    rows: homes({
      where: `${ready} AND ${inPeriod('l.i_poolen_till')}`,
      orsak: `CASE WHEN l.tillstand IN ('aterlamnad', 'overlaten') THEN l.tillstand ELSE 'slutdatum' END`,
      regel: `format('Sista dagen i beståndet var %s.', l.i_poolen_till)`,
    }),
  },
  {
    kod: 'vakansdagar',
    avser: 'ar',
    namn: 'Dagar utan hyresgäst',
    enhet: 'dagar',
    sort: 'antal',
    definition:
      'Dagar i perioden då bostäder i beståndet inte var uthyrda, första och sista dagen inräknade. En reserverad bostad står tom tills någon flyttar in. Nämnaren är alla dagar i perioden som bostäderna fanns i beståndet.',
    rows: homes({
      from: `lagenhet l
        CROSS JOIN LATERAL (SELECT greatest(l.i_poolen_fran, period.fran) AS fran, least(l.i_poolen_till, period.till) AS till) d
        CROSS JOIN LATERAL (
          SELECT coalesce(sum(least(u.till, d.till) - greatest(u.fran, d.fran) + 1), 0)::int AS dagar FROM upplatelse u
          WHERE u.lagenhet_id = l.id AND ${letting('u')} AND u.fran <= d.till AND coalesce(u.till >= d.fran, true)) h`,
      where: `${ready} AND d.fran <= d.till`,
      taljare: 'd.till - d.fran + 1 - h.dagar',
      namnare: 'd.till - d.fran + 1',
      regel: `format('I beståndet %s till %s, uthyrd %s dagar.', d.fran, d.till, h.dagar)`,
    }),
  },
  {
    kod: 'omsattningsdagar',
    avser: 'ar',
    namn: 'Dagar mellan två hyresgäster, median',
    enhet: 'dagar',
    sort: 'median',
    definition:
      'Dagar som bostaden stod tom från att en hyresgäst hade flyttat ut tills nästa flyttade in, besiktning och renovering inräknade, för inflyttningar i perioden. Den som flyttar in dagen efter ger 0. Samma hyresgäst med ett nytt kontrakt räknas inte.',
    rows: lettings({
      from: `upplatelse u JOIN lagenhet l ON l.id = u.lagenhet_id
        CROSS JOIN LATERAL (SELECT f.till, f.stodlagenhet_id, f.bf_boende_id FROM upplatelse f
          WHERE f.lagenhet_id = u.lagenhet_id AND ${letting('f')} AND f.fran < u.fran ORDER BY f.fran DESC LIMIT 1) f`,
      where: `${letting('u')} AND ${inPeriod('u.fran')}
        AND (f.stodlagenhet_id, f.bf_boende_id) IS DISTINCT FROM (u.stodlagenhet_id, u.bf_boende_id)`,
      taljare: 'u.fran - f.till - 1',
      regel: `format('Tom efter %s, inflyttning %s.', f.till, u.fran)`,
    }),
  },
]

type Kategori = 'stodlagenhet' | 'bostadForst'

/** Homes that the projection counts with, of one category: what is there, and what is let again in a year. */
export const utbudsmatt = (kategori: Kategori, namn: string, ord: string): Matt[] => [
  {
    kod: `lediga${namn}`,
    avser: 'ar',
    namn: `Lediga bostäder för ${ord}`,
    enhet: 'st',
    sort: 'antal',
    definition: `Bostäder i kategorin ${kategori} som fanns i beståndet när periodens sista dag var slut och som ingen då hade eller var lovad. Tomställda bostäder och bostäder under renovering räknas.`,
    rows: homes({
      where: `l.kategori = '${kategori}' AND ${inPool} AND NOT ${taken}`,
      regel: `format('I beståndet från %s, ingen har den.', l.i_poolen_fran)`,
    }),
  },
  {
    kod: `frigjorda${namn}`,
    avser: 'medel',
    namn: `Frigjorda bostäder för ${ord}`,
    enhet: 'st',
    sort: 'antal',
    definition: `Utflyttningar i perioden ur bostäder i kategorin ${kategori} som stannade i beståndet. Den som tar över sin bostad frigör ingen, och inte heller den som byter till en annan av bostäderna eller får ett nytt kontrakt på samma.`,
    rows: lettings({
      where: `l.kategori = '${kategori}' AND ${letting('u')} AND ${inPeriod('u.till')} AND coalesce(l.i_poolen_till > u.till, true)
        AND NOT EXISTS (SELECT FROM upplatelse v WHERE v.stodlagenhet_id = u.stodlagenhet_id AND ${letting('v')} AND v.fran > u.fran)
        AND NOT EXISTS (SELECT FROM upplatelse v WHERE v.bf_boende_id = u.bf_boende_id AND ${letting('v')} AND v.fran > u.fran)`,
      regel: `format('Utflyttad %s.', u.till)`,
    }),
  },
]

/** Homes of a category that come and leave in so many years ahead. */
export const kommandeMatt = (kategori: Kategori, namn: string, ord: string, ar: 1 | 3 | 5): Matt[] => [
  {
    kod: `planerade${namn}${ar}`,
    avser: ar,
    namn: `Planerade bostäder för ${ord}, ${ar} år`,
    enhet: 'st',
    sort: 'antal',
    definition: `Bostäder i kategorin ${kategori} vars första dag i beståndet (iPoolenFran) ligger i perioden, och de som skulle ha kommit tidigare men ännu är planerade. En bostad som lämnades tillbaka innan den blev klar räknas inte.`,
    rows: homes({
      where: `l.kategori = '${kategori}' AND (l.tillstand = 'planerad' AND l.i_poolen_fran <= period.till
        OR ${ready} AND ${inPeriod('l.i_poolen_fran')})`,
      regel: `format('I beståndet från %s.', l.i_poolen_fran)`,
    }),
  },
  {
    kod: `lamnar${namn}${ar}`,
    avser: ar,
    namn: `Bostäder för ${ord} som lämnar beståndet, ${ar} år`,
    enhet: 'st',
    sort: 'antal',
    definition: `Bostäder i kategorin ${kategori} vars sista dag i beståndet (iPoolenTill) är känd och ligger i perioden, uthyrda eller inte. En bostad som hyresgästen har tagit över räknas inte: den minskar varken behovet eller utbudet.`,
    rows: homes({
      where: `l.kategori = '${kategori}' AND ${inPeriod('l.i_poolen_till')} AND l.tillstand <> 'overlaten'
        AND (l.tillstand = 'planerad' OR ${ready})`,
      regel: `format('Sista dagen i beståndet är %s.', l.i_poolen_till)`,
    }),
  },
]
