import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { tillstand as arendetillstand } from '../../src/arenden/schema.ts'
import { tillstand as checklistetillstand } from '../../src/barnchecklistor/schema.ts'
import { utfall } from '../../src/beslut/schema.ts'
import { readConfig } from '../../src/config.ts'
import { erbjudandetillstand, tillstand as forturtillstand } from '../../src/forturer/schema.ts'
import { kravtillstand } from '../../src/garantikrav/schema.ts'
import { genomgangstillstand } from '../../src/genomgangar/schema.ts'
import { latestRound } from '../../src/hyresgarantier/periods.ts'
import { tillstand } from '../../src/hyresgarantier/schema.ts'
import { jobNames } from '../../src/jobs.ts'
import { readEncryption } from '../../src/keys.ts'
import { normalisePersonnummer } from '../../src/shared/personnummer.ts'
import { createTestDatabase } from '../harness.ts'
import { endAll, isRunning, newDataDir, runProgram, serverPid, startProgram, stopProgram } from '../processes.ts'
import { homeStates } from './home-states.ts'

const today = '2026-10-20'
const dataDir = await newDataDir()
// The keys, which the runs at the same time would else all make.
const encryption = await readEncryption(readConfig({ DATA_DIR: dataDir }))
afterAll(endAll)

const seed = (args: string[], env: Record<string, string>) =>
  runProgram('src/cli/seed.ts', args, { DATA_DIR: dataDir, ...env })

let owner: pg.Client
let env: { DATABASE_URL: string }
let counts: Record<string, Record<string, number>>

beforeAll(async () => {
  env = { DATABASE_URL: await createTestDatabase() }
  const end = await seed(['--hushall', '12', '--day', today], env)
  expect(end).toMatchObject({ code: 0, stderr: '' })
  expect(end.stdout).toMatch(/^[^\n]+\n$/)
  counts = JSON.parse(end.stdout)
  owner = new pg.Client(env.DATABASE_URL)
  await owner.connect()
})
afterAll(() => owner.end())

test.each(
  Object.entries({
    arende: arendetillstand,
    barnchecklista: checklistetillstand,
    beslut: utfall,
    fortur: forturtillstand,
    erbjudande: erbjudandetillstand,
    hyresgaranti: tillstand,
    garantikrav: kravtillstand,
    genomgang: genomgangstillstand,
    ...homeStates,
  }),
)('with the fewest households has %s in every state', (table, states) => {
  expect(Object.keys(counts[table] ?? {}).sort()).toEqual([...states].sort())
})

test('with the fewest households counts them, and their debts', () => {
  expect(counts).toMatchObject({ hushall: 12, hyresvardar: 6 })
  expect(Object.keys(counts.regressfordran ?? {}).length).toBeGreaterThanOrEqual(5)
})

test('has had review rounds for several half-years, and lets the jobs run to the day', async () => {
  const { rows } = await owner.query('SELECT period FROM genomgangsomgang ORDER BY period DESC')
  expect(rows.length).toBeGreaterThanOrEqual(4)
  expect(rows[0].period).toBe(latestRound(today, readConfig({})).period)
  const jobs = await owner.query('SELECT count(*)::int AS n FROM jobb WHERE dag = $1', [today])
  expect(jobs.rows[0].n).toBe(jobNames.length)
})

test('makes up people with the tax agency’s test numbers, none twice, and some protected', async () => {
  const { rows } = await owner.query('SELECT personnummer_krypterat AS number, roll, skyddsniva FROM person')
  const people = rows.map(({ number, ...rest }) => ({ ...rest, number: encryption.decrypt(number) as string }))
  expect(new Set(people.map(({ number }) => number)).size).toBe(people.length)
  for (const { number, roll } of people) {
    expect(normalisePersonnummer(number)).toBe(number)
    expect(number.slice(8, 11)).toMatch(/^(98\d|99\d|238|239)$/)
    const born = Temporal.PlainDate.from(`${number.slice(0, 4)}-${number.slice(4, 6)}-${number.slice(6, 8)}`)
    const { years } = born.until(today, { largestUnit: 'years' })
    const [low, high] = roll === 'barn' ? [0, 17] : [19, 85]
    expect(years).toBeGreaterThanOrEqual(low)
    expect(years).toBeLessThanOrEqual(high)
  }
  expect(new Set(people.map(({ skyddsniva }) => skyddsniva))).toEqual(
    new Set(['ingen', 'sekretessmarkering', 'skyddadFolkbokforing']),
  )
})

test('is the same for the same --fro, and another for another', async () => {
  const contentOf = async (client: pg.Client) => ({
    garantier: (
      await client.query(
        `SELECT h.avtalsnummer, h.tillstand, h.giltig_till::text, h.adress, h.manadshyra_ore, h.skapad, p.fornamn,
           p.personnummer_hash, (SELECT count(*) FROM genomgang g WHERE g.hyresgaranti_id = h.id) AS genomgangar
         FROM hyresgaranti h JOIN person p ON p.id = h.person_id ORDER BY 1`,
      )
    ).rows,
    arenden: (
      await client.query(
        `SELECT a.arendenummer, a.insats, a.tillstand, a.handlaggare, a.skapad, a.andrad, u.inkomst_ore, u.grunder,
           f.tillstand AS fortur, f.giltig_till::text,
           ARRAY(SELECT concat_ws(' ', b.utfall, b.datum, b.delgiven_datum) FROM beslut b
             WHERE b.arende_id = a.id ORDER BY 1) AS beslut,
           ARRAY(SELECT concat_ws(' ', e.tillstand, e.datum, e.hyra_ore) FROM erbjudande e
             WHERE e.fortur_id = f.id ORDER BY 1) AS erbjudanden,
           ARRAY(SELECT concat_ws(' ', c.tillstand, c.svar) FROM barnchecklista c
             WHERE c.arende_id = a.id ORDER BY 1) AS checklistor
         FROM arende a JOIN utredning u ON u.arende_id = a.id LEFT JOIN fortur f ON f.arende_id = a.id ORDER BY 1`,
      )
    ).rows,
    bostader: (
      await client.query(
        `SELECT l.objektnummer, l.tillstand, l.tillstand_sedan::text, l.agare, l.kategori, l.hyra_ore, l.skyddad,
           ARRAY(SELECT concat_ws(' ', u.slag, u.fran, u.till, u.upphavd, s.stodlagenhetsnummer, s.tillstand, s.utfall,
               b.boendenummer, b.tillstand, b.utfall, t.tillstand)
             FROM upplatelse u LEFT JOIN stodlagenhet s ON s.id = u.stodlagenhet_id
             LEFT JOIN bf_boende b ON b.id = u.bf_boende_id LEFT JOIN bf_stod t ON t.bf_boende_id = b.id
             WHERE u.lagenhet_id = l.id ORDER BY 1) AS upplatelser
         FROM lagenhet l ORDER BY 1`,
      )
    ).rows,
  })
  const made = async (fro: string) => {
    const DATABASE_URL = await createTestDatabase()
    const end = await seed(['--hushall', '12', '--day', today, '--fro', fro], { DATABASE_URL })
    expect(end).toMatchObject({ code: 0, stderr: '' })
    const client = new pg.Client(DATABASE_URL)
    await client.connect()
    return contentOf(client).finally(() => client.end())
  }
  const [again, other] = await Promise.all([made('1'), made('2')])
  const first = await contentOf(owner)
  expect(first.garantier).toHaveLength(12)
  expect(first.bostader.length).toBeGreaterThan(12)
  expect(again).toEqual(first)
  const people = ({ garantier }: typeof first) => garantier.map(({ personnummer_hash }) => personnummer_hash)
  expect(people(other)).not.toEqual(people(first))
})

test('adds as many households again, also to landlords that did not receive förturer', async () => {
  await owner.query('UPDATE hyresvard SET tar_emot_forturer = false')
  const end = await seed(['--hushall', '12', '--day', today], env)
  expect(end).toMatchObject({ code: 0, stderr: '' })
  const { lagenhet, trohetsmatning, ...all } = JSON.parse(end.stdout)
  expect(all).toMatchObject({ hushall: 24, hyresvardar: 6 })
  const homes = (states: Record<string, number> = {}) => Object.values(states).reduce((sum, n) => sum + n, 0)
  expect(homes(lagenhet)).toBe(2 * homes(counts.lagenhet))
  // The programme is the municipality's: it is measured once a year, whoever lives there.
  expect(trohetsmatning).toEqual(counts.trohetsmatning)
  const { rows } = await owner.query('SELECT count(DISTINCT personnummer_hash) = count(*) AS unique FROM person')
  expect(rows).toEqual([{ unique: true }])
  const receiving = await owner.query('SELECT namn FROM hyresvard WHERE tar_emot_forturer')
  expect(receiving.rows).toEqual([{ namn: 'Exempelbostäder AB' }])
})

test('refuses too few households, and production', async () => {
  const few = await seed(['--hushall', '11'], env)
  expect(few).toMatchObject({ code: 1, stdout: '' })
  expect(few.stderr).toMatch(/^--hushall takes a number, 12-99999\.\n\nnpm run seed/)
  expect(await seed([], { NODE_ENV: 'production', ...env })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'There is no made-up data in production.\n',
  })
  expect((await owner.query('SELECT count(*)::int AS n FROM hushall')).rows).toEqual([{ n: 24 }])
})

test('stopped in the middle, it stops the database that it started', async () => {
  const DATA_DIR = await newDataDir()
  const seeding = startProgram('src/cli/seed.ts', ['--hushall', '2000'], { DATA_DIR })
  while (!serverPid(DATA_DIR)) await sleep(10)
  await sleep(1500)
  const pid = serverPid(DATA_DIR) as number
  const end = await stopProgram(seeding, 'SIGINT')
  expect(end).toMatchObject({ code: 1, stdout: '', stderr: 'Stopped by SIGINT.\n' })
  expect(end.ms).toBeLessThan(5000)
  expect(isRunning(pid)).toBe(false)
})
