import { startTestApp } from '../harness.ts'
import { weights } from './events.ts'
import { randomRun, steps } from './run.ts'

const harness = await startTestApp()

/** What may never be, whatever has happened: rows that break it. */
const never = {
  'a person has two open förturer': `
    SELECT person FROM fortur CROSS JOIN LATERAL unnest(ARRAY[person_id, medsokande_id]) AS person
    WHERE tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad') AND person IS NOT NULL
    GROUP BY person HAVING count(*) > 1`,
  'a förtur has two offers at once': `
    SELECT fortur_id FROM erbjudande WHERE tillstand IN ('oppet', 'accepterat') GROUP BY fortur_id HAVING count(*) > 1`,
  'a förtur and its offer do not agree': `
    SELECT f.id FROM fortur f
    LEFT JOIN erbjudande e ON e.fortur_id = f.id AND e.tillstand IN ('oppet', 'accepterat', 'kontrakt')
    WHERE (e.id, e.tillstand) IS DISTINCT FROM (f.erbjudande_id, CASE f.tillstand
      WHEN 'erbjuden' THEN 'oppet' WHEN 'accepterad' THEN 'accepterat' WHEN 'tillgodosedd' THEN 'kontrakt' END)`,
  'a no is counted wrongly, or one too many': `
    SELECT id FROM fortur f WHERE antal_nej > max_erbjudanden
      OR antal_nej <> (SELECT count(*) FROM erbjudande e WHERE e.fortur_id = f.id AND e.raknas)`,
  'an approval has given no help, or two, or a refusal some': `
    SELECT a.id FROM arende a WHERE a.insats IN ('fortur', 'hyresgaranti')
      AND (SELECT count(*) FROM fortur f WHERE f.arende_id = a.id AND a.insats = 'fortur')
        + (SELECT count(*) FROM hyresgaranti h WHERE h.arende_id = a.id AND a.insats = 'hyresgaranti')
        <> (EXISTS (SELECT FROM beslut b WHERE b.arende_id = a.id AND b.utfall <> 'avslag'))::int`,
  'a case stands by a decision that another has replaced': `
    SELECT a.id FROM arende a JOIN beslut b ON b.ersatter_id = a.beslut_id`,
  'a decision has legal force while it is appealed in time': `
    SELECT b.id FROM arende a JOIN beslut b ON b.id = a.beslut_id
    WHERE a.tillstand = 'overklagad' AND a.overklagad_i_ratt_tid AND b.laga_kraft_datum IS NOT NULL`,
  'a guarantee holds or has paid another sum than its claims': `
    SELECT h.id FROM hyresgaranti h LEFT JOIN garantikrav k ON k.hyresgaranti_id = h.id GROUP BY h.id
    HAVING h.utbetalt_ore <> coalesce(sum(k.godkant_belopp_ore) FILTER (WHERE k.tillstand = 'utbetalt'), 0)
      OR h.reserverat_ore <> coalesce(sum(coalesce(k.godkant_belopp_ore, k.kravt_belopp_ore))
        FILTER (WHERE k.tillstand IN ('inkommet', 'granskas', 'godkant')), 0)`,
  'a debt is not the sum of its payments': `
    SELECT r.id FROM regressfordran r LEFT JOIN regressbetalning b ON b.regressfordran_id = r.id
    GROUP BY r.id HAVING r.betalt_ore <> coalesce(sum(b.belopp_ore), 0)`,
  'an ended guarantee has an open review': `
    SELECT g.id FROM genomgang g JOIN hyresgaranti h ON h.id = g.hyresgaranti_id
    WHERE g.tillstand <> 'klar' AND h.avslutad_datum IS NOT NULL`,
}

test(
  'whatever is asked of it: no state outside the tables, no decision without what it needs, a history that explains it all',
  () =>
    randomRun(harness, {
      weights,
      insatser: { fortur: 7, hyresgaranti: 4, tillfalligtBoende: 1, stodlagenhet: 1, bostadForst: 1 },
      busy: {
        'oppna-genomgangar': 7,
        'svar-pa-erbjudanden-uteblir': 7,
        'avsluta-utgangna-garantier': 3,
        'forturer-gar-ut': 4,
        'kompletteringstider-gar-ut': 3,
      },
      never,
      about: [
        'arende',
        'barnchecklista',
        'fortur',
        'erbjudande',
        'hyresgaranti',
        'garantikrav',
        'regressfordran',
        'genomgang',
      ],
      share: 0.65,
    }),
  10_000 + steps * 20,
)
