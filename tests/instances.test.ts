import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { jobNames } from '../src/jobs.ts'
import { createTestDatabase } from './harness.ts'
import { type Cluster, startCluster } from './instances/cluster.ts'
import { type Acknowledged, clientOf, writeUntil } from './instances/writers.ts'
import { endAll, newDataDir, startService, stopProgram } from './processes.ts'
import { answerIn, expectAnswers, run, type Step, walkthrough, walkthroughEnv, writtenDay } from './walkthrough.ts'

const writers = 3
const [seed, ...steps] = walkthrough()
const opening = steps.findIndex(({ commands }) => commands.includes('npm run --silent job -- oppna-genomgangar'))
const history = steps.findIndex(({ commands }) => commands.includes('/historik'))

let cluster: Cluster
let owner: pg.Client
let acknowledged: Acknowledged[]
let outputs: string[]
let dataDir: string

/** What Node compiles of the service is kept at an orderly end only: without it each start would take twice the time. */
async function compiled(): Promise<void> {
  await stopProgram(await startService({ DATA_DIR: await newDataDir(), DATABASE_URL: await createTestDatabase() }))
}

beforeAll(async () => {
  const folder = await mkdtemp(join(process.env.TEST_FOLDER as string, 'instances-'))
  dataDir = join(folder, 'data')
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_URL: await createTestDatabase(),
    DATABASE_POOL: '5',
    OVERLAST_MS: '0',
    ANROP_PER_MINUT: '1000000',
    TEST_SINCE: Temporal.Now.instant().toString(),
  }
  owner = new pg.Client(settings.DATABASE_URL)
  await owner.connect()
  const env = await walkthroughEnv(folder, settings, true)
  // Before anyone serves the town: its years are told as of their own days, and the jobs of an instance act today.
  expect(seed?.commands).toContain('npm run --silent seed')
  await Promise.all([run([seed as Step], '', env), compiled()])

  cluster = await startCluster(3, { ...settings, TEST_DAY: writtenDay, NODE_OPTIONS: env.NODE_OPTIONS as string })
  const stopping = new AbortController()
  const writing = Array.from({ length: writers }, async (_, n) => {
    const client = await clientOf(cluster.base, dataDir, `test.skrivare.${n}`, ['handlaggare', 'administrator'])
    return writeUntil(stopping.signal, client, 10_000 * (n + 1))
  })
  cluster.startKilling()
  outputs = await run(steps, cluster.base, env).finally(() => stopping.abort())
  acknowledged = await Promise.all(writing)
  await cluster.stopKilling()
}, 240_000)

afterAll(async () => {
  await cluster?.stop()
  await endAll()
  await owner?.end()
}, 30_000)

/** The first column of each row. */
const values = async <Value = string>(sql: string, parameters: unknown[] = []): Promise<Value[]> =>
  (await owner.query({ text: sql, values: parameters, rowMode: 'array' })).rows.map(([value]) => value)

const allOf = <Value>(part: (one: Acknowledged) => Iterable<Value>): Value[] =>
  acknowledged.flatMap(one => [...part(one)])

test('one instance of three was killed every few seconds, and requests were lost with it', () => {
  const { kills, lost, requests } = cluster.figures()
  expect(kills).toBeGreaterThanOrEqual(6)
  expect(lost).toBeGreaterThan(0)
  expect(requests).toBeGreaterThan(500)
  expect(acknowledged.reduce((sum, { answers }) => sum + answers, 0)).toBeGreaterThan(200)
})

test('the walk-through gave the answers that README shows', async () => {
  // An instance that started meanwhile may have opened reviews before the command did: together they are README's.
  const { answer } = steps[opening] as Step
  expect(answerIn(outputs[opening] as string)).toMatchObject({ jobb: 'oppna-genomgangar' })
  expect(
    await values<number>(
      `SELECT count(*)::int FROM genomgang g JOIN historik r ON r.rad_id = g.hyresgaranti_id::text
       WHERE r.tabell = 'hyresgaranti' AND r.atgard = 'importera' AND g.period = '2026H2'`,
    ),
  ).toEqual([(answer as { genomgangar: number }).genomgangar])
  // Instances that start also warn and remind, as the hours do where nobody is killed: that is history too.
  const { answer: told } = steps[history] as Step
  const { historik } = answerIn(outputs[history] as string) as { historik: { atgard: string }[] }
  const others = jobNames.filter(name => name !== 'oppna-genomgangar') as string[]
  expect({ historik: historik.filter(({ atgard }) => !others.includes(atgard)) }).toMatchObject(told as object)

  const rest = (_: unknown, index: number) => index !== opening && index !== history
  expectAnswers(steps.filter(rest), outputs.filter(rest))
})

test('every acknowledged write is there with its history, and nothing is there twice', async () => {
  const households = new Map(allOf(({ hushall }) => hushall))
  const { rows } = await owner.query(
    `SELECT h.id, h.version, count(*)::int AS changes, count(*) FILTER (WHERE r.fore IS NULL)::int AS made
     FROM hushall h JOIN historik r ON r.tabell = 'hushall' AND r.rad_id = h.id::text
     WHERE EXISTS (SELECT FROM historik f WHERE f.rad_id = h.id::text AND f.fore IS NULL AND f.av LIKE 'test.skrivare.%')
     GROUP BY h.id`,
  )
  // Not one more than was answered either: whoever was cut off has said the same again, with the same key.
  expect(new Map(rows.map(({ id, ...row }) => [id, row]))).toEqual(
    new Map([...households].map(([id, version]) => [id, { version, changes: version, made: 1 }])),
  )
  const guarantees = allOf(({ garantier }) => garantier.keys())
  expect(
    (
      await values(
        `SELECT rad_id FROM historik WHERE tabell = 'hyresgaranti' AND av LIKE 'test.skrivare.%'
           AND efter->>'tillstand' = 'aktiv' AND fore->>'tillstand' = 'beviljad'`,
      )
    ).sort(),
  ).toEqual(guarantees.sort())
})

test('each job has had its effect once, whoever ran it', async () => {
  const guarantees = new Map(allOf(({ garantier }) => garantier))
  const { rows } = await owner.query(
    `SELECT h.id, h.tillstand,
       (SELECT count(*)::int FROM historik WHERE rad_id = h.id::text AND atgard = 'avsluta-utgangna-garantier') AS ended,
       (SELECT count(*)::int FROM genomgang WHERE hyresgaranti_id = h.id) AS reviews,
       (SELECT count(*)::int FROM historik WHERE rot_id = h.id::text AND tabell = 'genomgang' AND fore IS NULL) AS opened
     FROM hyresgaranti h WHERE h.id = ANY ($1)`,
    [[...guarantees.keys()]],
  )
  expect(rows).toHaveLength(guarantees.size)
  for (const { id, reviews, opened, ...row } of rows) {
    const lapsed = guarantees.get(id) === 'utgangen'
    expect(row).toMatchObject(lapsed ? { tillstand: 'upphordTid', ended: 1 } : { tillstand: 'aktiv', ended: 0 })
    expect(opened).toBe(reviews)
    if (lapsed) expect(reviews).toBeLessThanOrEqual(1)
    else expect(reviews).toBe(1)
  }
  expect(await values('SELECT period FROM genomgangsomgang GROUP BY period HAVING count(*) > 1')).toEqual([])
  expect((await values('SELECT namn FROM jobb')).sort()).toEqual([...jobNames].sort())
  expect((await values('SELECT name FROM jobbko.schedule')).sort()).toEqual([...jobNames].sort())
  expect(cluster.log()).not.toContain('jobbet misslyckades')
})

test('numbers are given once, answers are kept once, and the read log is whole', async () => {
  for (const [table, column] of [
    ['hyresgaranti', 'avtalsnummer'],
    ['arende', 'arendenummer'],
    ['flyttkedja', 'flyttkedjenummer'],
  ])
    expect(await values(`SELECT ${column} FROM ${table} GROUP BY 1 HAVING count(*) > 1`)).toEqual([])
  expect(await values('SELECT nyckel FROM idempotensnyckel GROUP BY klient, nyckel HAVING count(*) > 1')).toEqual([])

  const reviewer = await clientOf(cluster.base, dataDir, 'test.granskare', ['loggranskare'])
  const { body } = await reviewer.get('/atkomstlogg/kontroll')
  expect(body).toMatchObject({ hel: true, brutenVidSats: null })
  // Each household was answered at least thrice to the one who wrote it: made, changed and read.
  const read = await values<number>(
    `SELECT count(*)::int FROM atkomstlogg WHERE sub LIKE 'test.skrivare.%' AND vag LIKE '/v1/hushall%'`,
  )
  expect(read[0]).toBeGreaterThanOrEqual(3 * allOf(({ hushall }) => hushall).length)
})

test('no instance answered with an error of its own', async () => {
  const statuses = [...cluster.log().matchAll(/"status":(5\d\d)/g)].map(([, status]) => status)
  expect(statuses).toEqual([])
  for (const end of await cluster.stop()) expect(end).toMatchObject({ code: 0, stderr: '' })
})
