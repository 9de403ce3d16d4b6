import { Type } from 'typebox'
import { orNull } from '../shared/schema-parts.ts'
import { defineStatistics } from '../shared/statistics.ts'

/** Decisions about households with children, as they were when it was decided. */
const decisions = (taljare: string, namnare: string, where: string) => `
  SELECT b.id, b.hushall_id, a.arendenummer, ${taljare} AS taljare, ${namnare} AS namnare, b.insats
  FROM beslut b JOIN arende a ON a.id = b.arende_id
  WHERE b.datum BETWEEN period.fran AND period.till AND b.antal_barn > 0 ${where}`

/** Checklists finished in the period, but for those that a later one of the period has taken the place of. */
const finished = (taljare: string) => `
  SELECT c.id, c.hushall_id, a.arendenummer, ${taljare} AS taljare, c.antal_barn AS namnare, a.insats
  FROM barnchecklista c LEFT JOIN arende a ON a.id = c.arende_id
  WHERE c.klar_datum BETWEEN period.fran AND period.till
    AND NOT EXISTS (SELECT FROM barnchecklista e WHERE e.ersatter_id = c.id AND e.klar_datum <= period.till)`

/** How the checklist is used (plan area 4.4 and 8.1): whether it is there when it is decided, and the child's part in it. */
export const barnchecklistestatistik = defineStatistics({
  name: 'Barncheckliste',
  path: '/barnchecklistor/statistik',
  nyckel: { kolumn: 'arendenummer', schema: orNull(Type.String({ example: 'AR-2026-00012' })) },
  post: 'Beslutet eller checklistan som räknas.',
  dimensioner: ['insats'],
  indikatorer: [
    {
      kod: 'beslutMedChecklista',
      namn: 'Beslut med barnchecklista',
      enhet: 'andel',
      sort: 'andel',
      definition:
        'Av besluten i perioden för hushåll med barn: andelen som vilar på en färdig barnchecklista. Ändrade beslut räknas för sig.',
      rows: decisions('CASE WHEN b.barnchecklista_id IS NOT NULL THEN 1 ELSE 0 END', '1', ''),
    },
    {
      kod: 'undantag',
      namn: 'Beslut med undantag från barnchecklistan',
      enhet: 'st',
      sort: 'antal',
      definition:
        'Beslut i perioden för hushåll med barn som fattades utan färdig barnchecklista, med ett motiverat undantag.',
      rows: decisions('1', 'NULL::int', 'AND b.barnchecklista_undantag IS NOT NULL'),
    },
    {
      kod: 'horda',
      namn: 'Barn som har hörts',
      enhet: 'andel',
      sort: 'andel',
      definition:
        'Av barnen i barnchecklistor som blev klara i perioden: andelen som har hörts. Av en reviderad checklista räknas den senaste som är klar.',
      rows: finished('c.antal_horda'),
    },
    {
      kod: 'informerade',
      namn: 'Barn som har informerats',
      enhet: 'andel',
      sort: 'andel',
      definition:
        'Av barnen i barnchecklistor som blev klara i perioden: andelen som har fått information som passar åldern. Av en reviderad checklista räknas den senaste som är klar.',
      rows: finished('c.antal_informerade'),
    },
  ],
})
