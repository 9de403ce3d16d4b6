import assert from 'node:assert/strict'
import { startTestApp } from '../harness.ts'
import type { Change } from './history.ts'
import { homeWeights } from './home-events.ts'
import type { Row } from './rows.ts'
import { randomRun, steps } from './run.ts'

const harness = await startTestApp()

/** Tenancies and reservations that stand. */
const stands = 'u.upphavd IS NULL'
const never = {
  'a home is let or promised twice for a day': `
    SELECT u.id, v.id FROM upplatelse u JOIN upplatelse v ON v.lagenhet_id = u.lagenhet_id AND v.id > u.id
    WHERE ${stands} AND v.upphavd IS NULL AND daterange(u.fran, u.till, '[]') && daterange(v.fran, v.till, '[]')`,
  'someone has two homes of a kind on a day': `
    SELECT u.id, v.id FROM upplatelse u JOIN upplatelse v ON v.id > u.id AND v.slag = u.slag
      AND coalesce(v.stodlagenhet_id, v.bf_boende_id) = coalesce(u.stodlagenhet_id, u.bf_boende_id)
    WHERE ${stands} AND v.upphavd IS NULL AND daterange(u.fran, u.till, '[]') && daterange(v.fran, v.till, '[]')`,
  'a home and what is known of who has it do not agree': `
    SELECT l.id, l.tillstand, h.slag FROM lagenhet l CROSS JOIN LATERAL (
      SELECT coalesce(string_agg(x.slag, '+'), 'ingen') AS slag FROM (
        SELECT 'lovad' AS slag FROM stodlagenhet s WHERE s.lagenhet_id = l.id AND s.tillstand IN ('foreslagen', 'tilldelad')
        UNION ALL SELECT 'bor' FROM stodlagenhet s
          WHERE s.lagenhet_id = l.id AND s.tillstand IN ('avtalTecknat', 'boende', 'bistandUpphor', 'overtagande')
        UNION ALL SELECT 'uppsagd' FROM stodlagenhet s WHERE s.lagenhet_id = l.id AND s.tillstand = 'uppsagd'
        UNION ALL SELECT 'overlaten' FROM stodlagenhet s WHERE s.lagenhet_id = l.id
          AND (s.tillstand = 'overlaten' OR (s.tillstand = 'avslutad' AND s.forstahand_datum IS NOT NULL))
        UNION ALL SELECT 'overlaten' FROM bf_boende b WHERE b.lagenhet_id = l.id AND b.tillstand = 'avslutad'
          AND b.kontraktsform = 'forstahand' AND b.utfall = 'egetBoende' AND b.uppsagd_till IS NULL
        UNION ALL SELECT 'lovad' FROM bf_boende b WHERE b.lagenhet_id = l.id AND b.tillstand = 'erbjuden'
        UNION ALL SELECT CASE WHEN b.uppsagd_till IS NULL THEN 'bor' ELSE 'uppsagd' END FROM bf_boende b
          WHERE b.tillstand NOT IN ('avslutad', 'antagen') AND EXISTS (SELECT FROM upplatelse u WHERE u.bf_boende_id = b.id
            AND u.lagenhet_id = l.id AND u.slag = 'boende' AND ${stands}
            AND NOT EXISTS (SELECT FROM upplatelse v WHERE v.bf_boende_id = b.id AND v.slag = 'boende' AND v.upphavd IS NULL
              AND v.fran > u.fran AND v.lagenhet_id <> u.lagenhet_id))
      ) x) h
    WHERE h.slag <> CASE l.tillstand WHEN 'reserverad' THEN 'lovad' WHEN 'uthyrd' THEN 'bor' WHEN 'uppsagd' THEN 'uppsagd'
      WHEN 'overlaten' THEN 'overlaten' ELSE 'ingen' END`,
  'a home and its tenancies do not agree': `
    SELECT l.id, l.tillstand FROM lagenhet l
    WHERE (l.tillstand = 'reserverad') <> EXISTS (SELECT FROM upplatelse u WHERE u.lagenhet_id = l.id AND ${stands} AND u.slag = 'reservation')
      OR (l.tillstand = 'uthyrd') <> EXISTS (SELECT FROM upplatelse u WHERE u.lagenhet_id = l.id AND ${stands} AND u.slag = 'boende' AND u.till IS NULL)`,
  'a home is hidden, or not, another way than who has it': `
    SELECT l.id FROM lagenhet l JOIN upplatelse u ON u.lagenhet_id = l.id AND ${stands} AND u.till IS NULL
    WHERE l.skyddad <> u.skyddad`,
  'a person has two stödlägenheter, or two tenancies in Bostad Först': `
    SELECT person_id FROM stodlagenhet WHERE tillstand NOT IN ('overlaten', 'avslutad') GROUP BY person_id HAVING count(*) > 1
    UNION ALL SELECT person_id FROM bf_boende WHERE tillstand <> 'avslutad' GROUP BY person_id HAVING count(*) > 1`,
  'an open proposal stands for someone to whom none is proposed, or the other way round': `
    SELECT s.id FROM stodlagenhet s WHERE (s.tillstand = 'foreslagen')
      <> EXISTS (SELECT FROM bostadsforslag f WHERE f.stodlagenhet_id = s.id AND f.svar IS NULL AND f.lagenhet_id = s.lagenhet_id)`,
  'a sublet in Bostad Först is not to be tried, or an own contract is': `
    SELECT b.id FROM bf_boende b WHERE b.tillstand IN ('inflyttad', 'forstahand')
      AND (b.kontraktsform = 'andrahand') <> (b.overgang_nasta IS NOT NULL)`,
  'a tenancy in Bostad Först is under another contract than it says': `
    SELECT b.id FROM bf_boende b JOIN upplatelse u ON u.bf_boende_id = b.id AND u.slag = 'boende' AND ${stands} AND u.till IS NULL
    WHERE b.tillstand NOT IN ('avslutad') AND u.kontraktsform <> b.kontraktsform`,
  'someone in Bostad Först has no support beside it': `
    SELECT b.id FROM bf_boende b LEFT JOIN bf_stod s ON s.bf_boende_id = b.id WHERE s.id IS NULL`,
  'an approval has given no home, or two, or a refusal some': `
    SELECT a.id FROM arende a WHERE a.insats IN ('stodlagenhet', 'bostadForst')
      AND (SELECT count(*) FROM stodlagenhet s WHERE s.arende_id = a.id) + (SELECT count(*) FROM bf_boende b WHERE b.arende_id = a.id)
        <> (EXISTS (SELECT FROM beslut b WHERE b.arende_id = a.id AND b.utfall <> 'avslag'))::int`,
}

const supportOnly = ['starta', 'andraNiva', 'vila', 'ateruppta', 'avslutaStod', 'erbjudIgen']

/** What no step may do, whatever the tables say. */
function onStep({ tabell, atgard }: Change, before: Row | null, after: Row): void {
  if (supportOnly.includes(atgard) && tabell !== 'bf_stod') throw new Error(`${atgard} of a support changed ${tabell}`)
  if (tabell === 'bf_stod' && before && !supportOnly.includes(atgard))
    assert.equal(after.tillstand, before.tillstand, `${atgard} changed a support`)
  if (tabell !== 'stodlagenhet' || !before) return
  assert.equal(after.ko_datum, before.ko_datum, `${atgard} moved the place in the queue`)
  // A longer decision moves nobody, but for whom the assistance had ended.
  if (['besluta', 'omprova'].includes(atgard)) {
    const expected = before.tillstand === 'bistandUpphor' ? 'boende' : before.tillstand
    assert.equal(after.tillstand, expected, `${atgard} moved a stödlägenhet from ${before.tillstand}`)
  }
  if (after.tillstand === 'iKo') assert(!after.lagenhet_id, 'someone in the queue has a home')
}

test(
  'whatever is asked about homes: none is let twice, each is what its tenancies say, support and home do not touch each other',
  () =>
    randomRun(harness, {
      weights: homeWeights,
      insatser: { stodlagenhet: 3, bostadForst: 2 },
      busy: { 'varna-stodlagenheter': 12 },
      never,
      about: ['lagenhet', 'stodlagenhet', 'avstaende', 'bf_boende', 'bf_stod'],
      share: 0.7,
      onStep,
    }),
  10_000 + steps * 20,
)
