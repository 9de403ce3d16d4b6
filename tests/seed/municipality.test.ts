import { tillstand as arendetillstand } from '../../src/arenden/schema.ts'
import { tillstand as checklistetillstand } from '../../src/barnchecklistor/schema.ts'
import { utfall } from '../../src/beslut/schema.ts'
import { utfall as boendeutfall } from '../../src/bostad-forst/schema.ts'
import { readConfig } from '../../src/config.ts'
import { erbjudandetillstand, tillstand as forturtillstand } from '../../src/forturer/schema.ts'
import { agare, kategorier } from '../../src/lagenheter/schema.ts'
import { monthsAfter } from '../../src/shared/dates.ts'
import { forturgrunder, insatser } from '../../src/shared/insatser.ts'
import { utfall as stodlagenhetsutfall } from '../../src/stodlagenheter/schema.ts'
import { ok } from '../cases.ts'
import { createTestDatabase, startTestApp } from '../harness.ts'
import { newDataDir, runProgram } from '../processes.ts'
import { homeStates } from './home-states.ts'

const today = '2026-10-20'
const url = await createTestDatabase()
const DATA_DIR = await newDataDir()
const seeded = await runProgram('src/cli/seed.ts', ['--hushall', '200', '--day', today], {
  DATA_DIR,
  DATABASE_URL: url,
})
const harness = await startTestApp({ url, today, settings: { DATA_DIR } })

const rowsOf = async (sql: string, values: unknown[] = []) => (await harness.owner.query(sql, values)).rows
/** Whether there is one of each, as text, and nothing else. */
const sorted = (values: readonly string[]) => [...new Set(values)].sort()
type Roller = 'handlaggare' | 'beslutsfattare' | 'boendeenhet' | 'bostadForstTeam'
const employee = (sub: string, roll: Roller) => harness.as(roll, undefined, sub)

test('prints how many there are in each state', async () => {
  expect(seeded).toMatchObject({ code: 0, stderr: '' })
  const counts = JSON.parse(seeded.stdout)
  expect(counts.hushall).toBe(200)
  const states = {
    arende: arendetillstand,
    barnchecklista: checklistetillstand,
    beslut: utfall,
    fortur: forturtillstand,
    erbjudande: erbjudandetillstand,
    ...homeStates,
  }
  for (const [table, all] of Object.entries(states)) {
    expect(sorted(Object.keys(counts[table]))).toEqual(sorted(all))
    const [{ n }] = await rowsOf(`SELECT count(*)::int AS n FROM ${table}`)
    expect(Object.values<number>(counts[table]).reduce((sum, one) => sum + one, 0)).toBe(n)
  }
})

test('has cases about every kind of help in every state', async () => {
  const found = await rowsOf('SELECT DISTINCT insats, tillstand FROM arende')
  const all = insatser.flatMap(insats => arendetillstand.map(tillstand => `${insats} ${tillstand}`))
  expect(sorted(found.map(({ insats, tillstand }) => `${insats} ${tillstand}`))).toEqual(sorted(all))
})

test('has decisions of every outcome, delivered and not, and appeals in time and too late', async () => {
  const found = await rowsOf('SELECT DISTINCT utfall, delgiven_datum IS NOT NULL AS delgivet FROM beslut')
  const all = utfall.flatMap(one => [`${one} true`, `${one} false`])
  expect(sorted(found.map(({ utfall, delgivet }) => `${utfall} ${delgivet}`))).toEqual(sorted(all))
  const [appeals] = await rowsOf(
    `SELECT count(*) FILTER (WHERE avvisad_datum IS NOT NULL)::int AS sena,
       count(*) FILTER (WHERE tillstand = 'overklagad' AND overlamnad_datum IS NULL)::int AS vantar,
       count(*) FILTER (WHERE tillstand = 'overklagad' AND overlamnad_datum IS NOT NULL)::int AS overlamnade,
       count(DISTINCT dom_utfall)::int AS domar FROM arende`,
  )
  expect(appeals.sena).toBeGreaterThan(0)
  expect(appeals.vantar).toBeGreaterThan(0)
  expect(appeals.overlamnade).toBeGreaterThan(0)
  expect(appeals.domar).toBeGreaterThanOrEqual(3)
})

test('has complete investigations and drafts, and every ground for förtur', async () => {
  const [investigations] = await rowsOf(
    `SELECT count(*) FILTER (WHERE brukarsynpunkt IS NULL AND brukarsynpunkt_saknas IS NULL)::int AS utkast,
       count(*) FILTER (WHERE brukarsynpunkt IS NOT NULL)::int AS hela FROM utredning`,
  )
  expect(investigations.utkast).toBeGreaterThan(10)
  expect(investigations.hela).toBeGreaterThan(50)
  const grunder = await rowsOf('SELECT DISTINCT unnest(grunder) AS grund FROM utredning')
  expect(sorted(grunder.map(({ grund }) => grund))).toEqual(sorted(forturgrunder))
})

test('has a checklist that is too old, and decisions without one that say why', async () => {
  const oldest = monthsAfter(today, -readConfig({}).BARNCHECKLISTA_MANADER)
  const [{ arende_id: id }] = await rowsOf(
    `SELECT c.arende_id FROM barnchecklista c JOIN arende a ON a.id = c.arende_id
     WHERE c.tillstand = 'klar' AND c.klar_datum < $1 AND a.tillstand = 'utredning'`,
    [oldest],
  )
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const { saknas } = ok(await cleared.get(`/arenden/${id}/fullstandighet`))
  expect(saknas).toContainEqual(
    expect.objectContaining({ kod: 'barnchecklistaSaknas', text: expect.stringContaining('för gammal') }),
  )
  const [decisions] = await rowsOf(
    `SELECT count(*) FILTER (WHERE barnchecklista_undantag IS NOT NULL)::int AS undantag,
       count(*) FILTER (WHERE barnchecklista_id IS NOT NULL)::int AS med FROM beslut WHERE antal_barn > 0`,
  )
  expect(decisions.undantag).toBeGreaterThan(1)
  expect(decisions.med).toBeGreaterThan(decisions.undantag)
})

test('has guarantees that a case granted, and others that were registered', async () => {
  const found = await rowsOf('SELECT ursprung, count(*)::int AS n FROM hyresgaranti GROUP BY 1 ORDER BY 1')
  expect(found).toMatchObject([{ ursprung: 'arende' }, { ursprung: 'registrerad' }])
  const states = await rowsOf("SELECT DISTINCT tillstand FROM hyresgaranti WHERE ursprung = 'arende'")
  expect(states.map(({ tillstand }) => tillstand)).toEqual(expect.arrayContaining(['aktiv', 'forbrukad']))
})

test('has work that waits for each caseworker, and for the decision-maker', async () => {
  const waiting = async (sub: string, roll: Roller) =>
    (ok(await employee(sub, roll).get('/mitt?limit=100')).uppgifter as { slag: string }[]).map(({ slag }) => slag)
  const all: string[] = []
  for (const name of ['anna', 'bilal', 'cecilia']) {
    const slag = await waiting(`${name}.handlaggare`, 'handlaggare')
    expect(slag.length).toBeGreaterThan(5)
    all.push(...slag)
  }
  expect(sorted(all)).toEqual(
    expect.arrayContaining([
      'ansokanUtanHandlaggare',
      'barnchecklistaSaknas',
      'erbjudandeVantarPaSvar',
      'yttrandeVantas',
      'stodlagenhetsbeslutGarUt',
      'uppfoljningAttGora',
    ]),
  )
  expect(await waiting('bo.boendeenhet', 'boendeenhet')).toEqual(
    expect.arrayContaining(['bostadsforslagVantarPaSvar', 'bostadStarTom']),
  )
  expect(await waiting('tove.team', 'bostadForstTeam')).toEqual(expect.arrayContaining(['langVantanPaBostad']))
  expect(sorted(await waiting('karin.beslut', 'beslutsfattare'))).toEqual(['domAttVerkstalla', 'redoForBeslut'])
})

test('has one landlord that receives förturer, and it sees those of nobody protected', async () => {
  const receiving = await rowsOf('SELECT id FROM hyresvard WHERE tar_emot_forturer')
  expect(receiving).toHaveLength(1)
  const landlord = harness.as([], `hyresvard:${receiving[0].id}`)
  const { forturer } = ok(await landlord.get('/hyresvard/forturer?limit=100'))
  const open = await rowsOf(
    `SELECT forturnummer FROM fortur WHERE tillstand IN ('hosHyresvard', 'erbjuden', 'accepterad') AND NOT skyddad`,
  )
  expect(sorted((forturer as { forturnummer: string }[]).map(({ forturnummer }) => forturnummer))).toEqual(
    sorted(open.map(({ forturnummer }) => forturnummer)),
  )
  const named = (forturer as { sokande: string | null }[]).filter(({ sokande }) => sokande !== null)
  expect(named.length).toBeGreaterThan(0)
})

test('has homes of each category and owner, and some that more than one household has had', async () => {
  const found = await rowsOf('SELECT DISTINCT kategori, agare FROM lagenhet')
  const all = kategorier.flatMap(kategori => agare.map(one => `${kategori} ${one}`))
  expect(sorted(found.map(one => `${one.kategori} ${one.agare}`))).toEqual(sorted(all))
  const again = await rowsOf(
    "SELECT lagenhet_id FROM upplatelse WHERE slag = 'boende' GROUP BY 1 HAVING count(DISTINCT hushall_id) > 1",
  )
  expect(again.length).toBeGreaterThan(0)
})

test('has stödlägenheter that ended in every way, and takeovers that were refused and granted', async () => {
  const ended = await rowsOf("SELECT DISTINCT utfall FROM stodlagenhet WHERE tillstand = 'avslutad'")
  expect(sorted(ended.map(({ utfall }) => utfall))).toEqual(sorted(stodlagenhetsutfall))
  const answers = await rowsOf(
    'SELECT DISTINCT overtagande_svar AS svar FROM stodlagenhet WHERE overtagande_svar IS NOT NULL',
  )
  expect(sorted(answers.map(({ svar }) => svar))).toEqual(['ejGodkant', 'godkant'])
})

test('has proposals to the first who could take the home, and to others with a reason', async () => {
  const [found] = await rowsOf(
    `SELECT count(*) FILTER (WHERE plats = 1)::int AS forst, count(*) FILTER (WHERE plats > 1)::int AS andra,
       count(*) FILTER (WHERE plats > 1 AND skal_for_avsteg IS NULL)::int AS utan_skal FROM bostadsforslag`,
  )
  expect(found.forst).toBeGreaterThan(found.andra)
  expect(found).toMatchObject({ andra: expect.any(Number), utan_skal: 0 })
  expect(found.andra).toBeGreaterThan(0)
})

test('has decisions about stödlägenheter that were extended, also of families, whose cohort can be evaluated', async () => {
  const extended = await rowsOf(
    `SELECT DISTINCT b.antal_barn > 0 AS barn FROM beslut b JOIN beslut f ON f.id = b.ersatter_id
     WHERE b.insats = 'stodlagenhet' AND f.utfall <> 'avslag'`,
  )
  expect(extended).toHaveLength(2)
  const boendeenheten = employee('bo.boendeenhet', 'boendeenhet')
  const years = await rowsOf(
    `SELECT DISTINCT extract(year FROM beslut_fran)::int AS ar FROM stodlagenhet
     WHERE beslutstyp = 'tidsbegransatBarnfamilj' AND NOT skyddad AND utfall = 'egetKontrakt'`,
  )
  expect(years.length).toBeGreaterThan(0)
  const cohort = ok(await boendeenheten.get(`/stodlagenheter/tidsbegransade/utvardering?ar=${years[0].ar}`))
  expect(cohort.antal).toBeGreaterThan(0)
})

test('tells what happened in stödlägenheter: arrears, disturbances, notices that were taken back', async () => {
  const told = await rowsOf(
    'SELECT DISTINCT slag, coalesce(allvar, (hyresskuld_ore > 0)::text) AS vad FROM boendehandelse',
  )
  expect(sorted(told.map(({ slag, vad }) => `${slag} ${vad}`))).toEqual(
    sorted([
      'hyresskuld false',
      'hyresskuld true',
      'storning allvarlig',
      'storning lindrig',
      'storning sarskiltAllvarlig',
    ]),
  )
  const [{ n }] = await rowsOf(
    "SELECT count(*)::int AS n FROM historik WHERE tabell = 'stodlagenhet' AND atgard = 'aterta'",
  )
  expect(n).toBeGreaterThan(0)
})

test('has people in Bostad Först who moved, were away, got a contract of their own, or ended in every way', async () => {
  const ended = await rowsOf("SELECT DISTINCT utfall FROM bf_boende WHERE tillstand = 'avslutad'")
  expect(sorted(ended.map(({ utfall }) => utfall))).toEqual(sorted(boendeutfall))
  const done = await rowsOf("SELECT DISTINCT atgard FROM historik WHERE tabell = 'bf_boende'")
  expect(done.map(({ atgard }) => atgard)).toEqual(
    expect.arrayContaining(['tackaNej', 'bytBostad', 'boKvar', 'borta', 'hemma', 'uppsagning', 'aterta']),
  )
  const moved = await rowsOf(
    "SELECT bf_boende_id FROM upplatelse WHERE slag = 'boende' GROUP BY 1 HAVING count(DISTINCT lagenhet_id) > 1",
  )
  expect(moved.length).toBeGreaterThan(0)
  const contracts = await rowsOf(
    "SELECT DISTINCT kontraktsform FROM upplatelse WHERE bf_boende_id IS NOT NULL AND slag = 'boende'",
  )
  expect(contracts).toHaveLength(2)
})

test('has measured how true Bostad Först is to its model, each past year', async () => {
  const years = await rowsOf('SELECT ar FROM trohetsmatning ORDER BY ar DESC')
  expect(years.map(({ ar }) => ar)).toEqual([2025, 2024, 2023])
})

test('serviceförvaltningen has the stödlägenheter that it lets, of nobody protected', async () => {
  const landlord = harness.as([], 'serviceforvaltningen')
  const { stodlagenheter } = ok(await landlord.get('/serviceforvaltningen/stodlagenheter?limit=100'))
  const let_ = await rowsOf(
    "SELECT stodlagenhetsnummer AS nummer FROM stodlagenhet WHERE lagenhet_id IS NOT NULL AND tillstand <> 'avslutad' AND NOT skyddad",
  )
  const seen = (stodlagenheter as { stodlagenhetsnummer: string }[]).map(one => one.stodlagenhetsnummer)
  expect(sorted(seen)).toEqual(sorted(let_.map(({ nummer }) => nummer)))
})

test('has cases, decisions, förturer and homes of protected households too', async () => {
  for (const table of ['arende', 'beslut', 'fortur', 'stodlagenhet', 'bf_boende', 'lagenhet'])
    expect((await rowsOf(`SELECT FROM ${table} WHERE skyddad`)).length).toBeGreaterThan(0)
})
