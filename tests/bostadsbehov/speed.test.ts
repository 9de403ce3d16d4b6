import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { queued } from '../lagenheter/made.ts'

const harness = await startTestApp({ today: '2026-09-15' })
const handlaggare = harness.as('handlaggare')
const { owner } = harness

const homes = 3000

test('the need of a municipality with thousands of homes and people is answered well under a second', async () => {
  const people = await queued(harness, homes)
  await owner.query(
    `INSERT INTO lagenhet (id, version, objektnummer, agare, kategori, tillstand, tillstand_sedan, skyddad, omrade, rum, hyra_ore,
       tillganglighet, blockhyrd, i_poolen_fran, i_poolen_till, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'FART-' || n, 'lkf', 'stodlagenhet', (ARRAY['ledig', 'aterlamnad', 'uthyrd'])[1 + n % 3], '2024-12-01',
       false, 'linero', 1 + n % 6, 985000, '{}', false, date '2020-01-01' + n % 1500, CASE WHEN n % 3 = 1 THEN date '2026-01-01' END, now(), now() FROM generate_series(1, $1) n`,
    [homes],
  )
  // Each home has had three tenants, the last of whom lives there still; the others wait.
  await owner.query(
    `INSERT INTO upplatelse (id, version, lagenhet_id, hushall_id, skyddad, stodlagenhet_id, slag, fran, till, kontraktsform, hyra_ore, skapad, andrad)
     SELECT gen_random_uuid(), 1, l.id, p.hushall, false, p.id, 'boende', date '2021-01-01' + t * 600, CASE WHEN t < 2 THEN date '2021-01-01' + t * 600 + 580 END,
       'andrahand', 985000, date '2021-01-01' + t * 600, now()
     FROM (SELECT id, row_number() OVER (ORDER BY objektnummer) AS n FROM lagenhet WHERE tillstand = 'uthyrd') l
     CROSS JOIN generate_series(0, 2) t
     JOIN unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS p (id, hushall, n) ON p.n = l.n * 3 - t
     WHERE l.n * 3 <= $3`,
    [people.map(one => one.for.stodlagenhetId), people.map(one => one.hushallId), homes],
  )
  // Warm, and the best of three: what else the machine does is not measured.
  const times: number[] = []
  for (let n = 0; n < 4; n++) {
    const begun = performance.now()
    const { matt } = ok(await handlaggare.get('/bostadsbehov?ar=2024'))
    times.push(performance.now() - begun)
    expect(matt.find(({ kod }: { kod: string }) => kod === 'bestand').antalPoster).toBeGreaterThan(2000)
    expect(matt.find(({ kod }: { kod: string }) => kod === 'vakansdagar').varde).toBeGreaterThan(100_000)
    expect(matt.find(({ kod }: { kod: string }) => kod === 'omsattningsdagar').varde).toBe(19)
  }
  expect(Math.min(...times)).toBeLessThan(800)
}, 60_000)
