import fs from 'node:fs'
import pg from 'pg'
import { jobNames } from '../src/jobs.ts'
import { createTestDatabase } from './harness.ts'
import { endAll, newDataDir, runProgram, type Service, serverPid, startService } from './processes.ts'

const files = fs.readdirSync(new URL('../src/cli/', import.meta.url)).filter(name => name.endsWith('.ts'))
const commands = files.map(file => file.replace('.ts', '')).filter(name => name !== 'running')

let dataDir: string
let service: Service

beforeAll(async () => {
  dataDir = await newDataDir()
  service = await startService({ DATA_DIR: dataDir })
})
afterAll(endAll)

/** Runs a command beside the service, on the same data folder unless the settings say otherwise. */
const run = (name: string, args: string[] = [], env: Record<string, string> = {}) =>
  runProgram(`src/cli/${name}.ts`, args, { DATA_DIR: dataDir, ...env })

const production = {
  NODE_ENV: 'production',
  OIDC_ISSUER: 'https://login.example.se',
  PERSONNUMMER_KEY: Buffer.alloc(32, 1).toString('base64'),
  PERSONNUMMER_HASH_KEY: Buffer.alloc(32, 2).toString('base64'),
}

describe('every command', () => {
  test('explains itself and does nothing else', async () => {
    expect(commands).toEqual(expect.arrayContaining(['job', 'openapi', 'seed', 'token']))
    const DATA_DIR = await newDataDir()
    const ends = await Promise.all(commands.map(name => run(name, ['--help'], { DATA_DIR })))
    for (const [index, end] of ends.entries()) {
      expect(end).toMatchObject({ code: 0, stderr: '' })
      expect(end.stdout).toMatch(new RegExp(`^npm run (--silent )?${commands[index]}\\b`))
    }
    expect(fs.existsSync(DATA_DIR)).toBe(false)
  })

  test('answers wrong usage with what is wrong and its help', async () => {
    const wrong = (name: string) => (['seed', 'token'].includes(name) ? ['50'] : ['--finns-inte'])
    const ends = await Promise.all(commands.map(name => run(name, wrong(name))))
    for (const [index, end] of ends.entries()) {
      expect(end).toMatchObject({ code: 1, stdout: '' })
      expect(end.stderr).toMatch(new RegExp(`^[^\\n]+\\n\\nnpm run (--silent )?${commands[index]}\\b`))
    }
  })

  test('says in one line which setting is wrong', async () => {
    const ends = await Promise.all(
      ['job', 'token', 'seed'].map(name => run(name, name === 'job' ? [jobNames[0] as string] : [], { PORT: 'abc' })),
    )
    for (const end of ends)
      expect(end).toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'The setting PORT is not valid: it takes port, 0-65535.\n',
      })
  })
})

describe('job', () => {
  test('without a name lists every job with when and what', async () => {
    const { code, stdout } = await run('job')
    expect(code).toBe(0)
    const lines = stdout.trim().split('\n')
    expect(lines.map(line => line.split(/\s/)[0])).toEqual(jobNames)
    for (const line of lines) expect(line).toMatch(/^\S+ +(\S+ ){5}.*\w/)
  })

  test('runs as of a day and prints one line, through the database that the service has', async () => {
    const pid = serverPid(dataDir)
    const end = await run('job', ['oppna-genomgangar', '--day', '2026-09-01'])
    expect(end).toMatchObject({ code: 0, stderr: '' })
    expect(end.stdout).toMatch(/^[^\n]+\n$/)
    expect(JSON.parse(end.stdout)).toEqual({ jobb: 'oppna-genomgangar', omgangar: [], genomgangar: 0 })
    expect(serverPid(dataDir)).toBe(pid)
    const { jobb } = (await (await fetch(`${service.url}/health/ready`)).json()) as {
      jobb: { namn: string; dag: string }[]
    }
    expect(jobb.find(({ namn }) => namn === 'oppna-genomgangar')?.dag).toBe('2026-09-01')
  })

  test('starts the database when nobody has, and stops it again', async () => {
    const DATA_DIR = await newDataDir()
    expect(await run('job', ['forfall-oanvanda-beslut'], { DATA_DIR })).toMatchObject({ code: 0, stderr: '' })
    expect(fs.existsSync(`${DATA_DIR}/postgres/PG_VERSION`)).toBe(true)
    expect(serverPid(DATA_DIR)).toBeUndefined()
  })

  test.each([
    [['oppna-genomgangar', '--day', '2026-02-30'], '--day takes a day that exists, YYYY-MM-DD.'],
    [['oppna-genomgangar', '--day', 'i dag'], '--day takes a day that exists, YYYY-MM-DD.'],
    [['finns-inte'], `There is no job of that name. Jobs: ${jobNames.join(', ')}.`],
    [['oppna-genomgangar', 'paminn-hyresvardar'], 'One job at a time.'],
  ])('refuses %j', async (args, why) => {
    const { code, stdout, stderr } = await run('job', args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.startsWith(`${why}\n\nnpm run job`)).toBe(true)
  })
})

describe('token', () => {
  const call = (path: string, token: string) =>
    fetch(`${service.url}/v1${path}`, { headers: { authorization: `Bearer ${token.trim()}` } })

  test('prints a token that the service takes, and nothing else', async () => {
    const { code, stdout, stderr } = await run('token', ['--roll', 'handlaggare', '--roll', 'beslutsfattare'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    expect((await call('/hyresgarantier', stdout)).status).toBe(200)
    expect((await call('/hyresvard/genomgangar', stdout)).status).toBe(403)
  })

  test('makes tokens for landlords', async () => {
    const { stdout } = await run('token', ['--part', 'hyresvard:0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b'])
    expect((await call('/hyresvard/genomgangar', stdout)).status).toBe(200)
    expect((await call('/hyresgarantier', stdout)).status).toBe(403)
  })

  test.each([
    [['--roll', 'chef'], 'There is no role chef.'],
    [['--part', 'polisen'], '--part is not a party; a landlord is hyresvard:<its id>.'],
    [['--part', 'hyresvard:1'], '--part is not a party; a landlord is hyresvard:<its id>.'],
    [['--minuter', '0'], '--minuter takes minutes, 1-99999.'],
  ])('refuses %j', async (args, why) => {
    const { code, stdout, stderr } = await run('token', args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.startsWith(`${why}\n\nnpm run --silent token`)).toBe(true)
  })

  test('refuses in production', async () => {
    const env = { ...production, DATABASE_URL: 'postgres://x@127.0.0.1:1/x' }
    expect(await run('token', ['--roll', 'handlaggare'], env)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'There is no development issuer in production.\n',
    })
  })
})

const example = new URL('../examples/hyresgarantier.csv', import.meta.url)
const canImport = commands.includes('import') && fs.existsSync(example)
;(canImport ? test : test.skip)('import takes the example of the README', async () => {
  const DATABASE_URL = await createTestDatabase()
  const end = await run('import', ['hyresgarantier', example.pathname], { DATABASE_URL })
  expect(end.code).toBe(0)
  const client = new pg.Client(DATABASE_URL)
  await client.connect()
  const { rows } = await client.query('SELECT count(*)::int AS n FROM hyresgaranti')
  await client.end()
  expect(rows[0].n).toBeGreaterThan(0)
})
