import { once } from 'node:events'
import fs from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { latestRound } from '../src/hyresgarantier/periods.ts'
import { jobNames } from '../src/jobs.ts'
import { systemClock, todayOf } from '../src/shared/clock.ts'
import { monthsAfter } from '../src/shared/dates.ts'
import { createTestDatabase } from './harness.ts'
import { testOrganisationsnummer, testPersonnummer } from './people.ts'
import {
  endAll,
  isRunning,
  newDataDir,
  runProgram,
  type Service,
  serverPid,
  serverUrl,
  startProgram,
  startService,
  stopProgram,
} from './processes.ts'

/** Used once and stopped: copies of it start without making a cluster first. */
let prepared: string | undefined
/** Service number one: started on nothing. */
let first: { stdout: string; dataDir: string; service: Service }

beforeAll(async () => {
  const dataDir = await newDataDir()
  const service = await startService({ DATA_DIR: dataDir })
  first = { service, dataDir, stdout: service.output.stdout }
})

afterAll(endAll)

let made = 0
/** A data folder with a database in it that has been used once. */
async function usedDataDir(): Promise<string> {
  if (!prepared) {
    prepared = await newDataDir()
    await runProgram('src/cli/job.ts', ['forfall-oanvanda-beslut'], { DATA_DIR: prepared })
  }
  const copy = join(dirname(prepared), `copy-${made++}`)
  fs.cpSync(prepared, copy, { recursive: true })
  return copy
}

let people = 0
const newHousehold = () => ({
  personer: [{ personnummer: testPersonnummer(people++), fornamn: 'Torgny', efternamn: 'Kvistgren', roll: 'sokande' }],
})

/** A guarantee that was in force on the day that the latest round opened. */
async function guaranteeInForce(service: Service): Promise<string> {
  const today = todayOf(systemClock).toString()
  const begun = monthsAfter(latestRound(today, readConfig({})).oppnar, -2)
  const { body: hushall } = await service.call('POST', '/hushall', newHousehold())
  const { body: hyresvard } = await service.call('POST', '/hyresvardar', {
    namn: 'Exempelbostäder AB',
    organisationsnummer: testOrganisationsnummer(people),
    fastighetsagartyp: 'allmannytta',
  })
  const { body: garanti } = await service.call('POST', '/hyresgarantier', {
    hushallId: hushall.id,
    hyresvardId: hyresvard.id,
    garantityp: 'bistand',
    garanteradeManader: 6,
    beslutDatum: begun,
    beslutsfattare: 'Karin Ek, enhetschef',
    borgenstyp: 'enkel',
    manadshyraOre: 800_000,
    giltigFran: begun,
    giltigTill: monthsAfter(begun, 48),
  })
  const { status } = await service.call('POST', `/hyresgarantier/${garanti.id}/avtal`, { avtalTecknatDatum: begun })
  expect(status).toBe(200)
  return garanti.id
}

describe('a start on an empty data folder', () => {
  test('says where it listens and that it is in development mode', async () => {
    expect(first.stdout).toMatch(
      /^Hemvist listens on http:\/\/127\.0\.0\.1:\d+ \(development mode: .*npm run token.*\)\nSwagger UI: http:\/\/127\.0\.0\.1:\d+\/docs$/m,
    )
    expect(first.service.output.stderr).toBe('')
  })

  test('is ready, and shows Swagger UI', async () => {
    const ready = await fetch(`${first.service.url}/health/ready`)
    expect(ready.status).toBe(200)
    expect(((await ready.json()) as { jobb: unknown[] }).jobb).toHaveLength(jobNames.length)
    const docs = await fetch(`${first.service.url}/docs`)
    expect(docs.status).toBe(200)
    expect(await docs.text()).toContain('swagger-ui')
  })

  test('a second start on the same folder is refused, and does not disturb the first', async () => {
    const end = await runProgram('src/main.ts', [], { PORT: '0', DATA_DIR: first.dataDir })
    expect(end).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: `Hemvist is already running on ${first.dataDir}.\n`,
    })
    expect((await fetch(`${first.service.url}/health/ready`)).status).toBe(200)
  })

  test('SIGTERM stops it in order, and its database with it', async () => {
    const pid = serverPid(first.dataDir) as number
    expect(pid).toBeGreaterThan(0)
    const end = await stopProgram(first.service)
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(end.ms).toBeLessThan(10_000)
    expect(isRunning(pid)).toBe(false)
    prepared = first.dataDir
  })
})

describe('stopping', () => {
  test('SIGINT stops it like SIGTERM', async () => {
    const DATA_DIR = await usedDataDir()
    const service = await startService({ DATA_DIR })
    const pid = serverPid(DATA_DIR) as number
    const end = await stopProgram(service, 'SIGINT')
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(end.ms).toBeLessThan(10_000)
    expect(isRunning(pid)).toBe(false)
  })

  test('a client that never finishes its request does not keep it from stopping', async () => {
    const DATA_DIR = await usedDataDir()
    const service = await startService({ DATA_DIR })
    const pid = serverPid(DATA_DIR) as number
    const { hostname, port } = new URL(service.url)
    const socket = net.connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(
      'POST /v1/hushall HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    )
    await sleep(200)
    const end = await stopProgram(service)
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' })
    expect(end.ms).toBeLessThan(10_000)
    expect(isRunning(pid)).toBe(false)
  })

  test('stopped while it starts, it leaves no database behind', async () => {
    const DATA_DIR = await usedDataDir()
    const service = startProgram('src/main.ts', [], { PORT: '0', DATA_DIR })
    while (!serverPid(DATA_DIR)) await sleep(5)
    const pid = serverPid(DATA_DIR) as number
    const end = await stopProgram(service)
    expect(end).toMatchObject({ code: 0, signal: null, stdout: '', stderr: '' })
    expect(end.ms).toBeLessThan(10_000)
    expect(isRunning(pid)).toBe(false)
  })
})

describe('what was answered is kept', () => {
  /** Registers households until the service is gone. Returns the ids that were answered. */
  async function writeUntilGone(service: Service): Promise<string[]> {
    const ids: string[] = []
    const writer = async () => {
      for (;;) {
        const answer = await service.call('POST', '/hushall', newHousehold()).catch(() => undefined)
        if (answer?.status !== 201) return
        ids.push(answer.body.id)
      }
    }
    await Promise.all(Array.from({ length: 6 }, writer))
    return ids
  }

  /** Which of them the database does not have. */
  async function missing(dataDir: string, ids: string[]): Promise<string[]> {
    const owner = new pg.Client(serverUrl(dataDir))
    await owner.connect()
    const { rows } = await owner.query('SELECT id FROM hushall')
    await owner.end()
    const found = new Set(rows.map(({ id }) => id))
    return ids.filter(id => !found.has(id))
  }

  test('when the service is killed, and goes on with the database that it left', async () => {
    const DATA_DIR = await usedDataDir()
    const service = await startService({ DATA_DIR })
    const writing = writeUntilGone(service)
    await sleep(700)
    const pid = serverPid(DATA_DIR) as number
    await stopProgram(service, 'SIGKILL')
    const ids = await writing
    expect(ids.length).toBeGreaterThan(20)
    expect(isRunning(pid)).toBe(true)

    const next = await startService({ DATA_DIR })
    expect(serverPid(DATA_DIR)).toBe(pid)
    expect(await missing(DATA_DIR, ids)).toEqual([])
    expect(await stopProgram(next)).toMatchObject({ code: 0, stderr: '' })
    expect(isRunning(pid)).toBe(false)
  })

  test('when the database is killed, and the service is started again', async () => {
    const DATA_DIR = await usedDataDir()
    const service = await startService({ DATA_DIR })
    const writing = writeUntilGone(service)
    await sleep(700)
    process.kill(serverPid(DATA_DIR) as number, 'SIGKILL')
    const ids = await writing
    expect(ids.length).toBeGreaterThan(20)
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200)
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503)
    const end = await stopProgram(service)
    expect(end).toMatchObject({ code: 0, signal: null })
    expect(end.ms).toBeLessThan(10_000)

    const next = await startService({ DATA_DIR })
    expect(await missing(DATA_DIR, ids)).toEqual([])
    await stopProgram(next)
  })
})

describe('a start that cannot succeed says why in one line', () => {
  async function refusal(env: Record<string, string>) {
    const { stderr, ...end } = await runProgram('src/main.ts', [], { PORT: '0', DATA_DIR: await newDataDir(), ...env })
    expect(end).toEqual({ code: 1, signal: null, stdout: '' })
    expect(stderr).toMatch(/^[^\n]+\n$/)
    return stderr.trim()
  }
  async function listening() {
    const server = net.createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return { server, port: (server.address() as AddressInfo).port }
  }
  const otherDatabase = (change: (url: URL) => void) => {
    const url = new URL(process.env.TEST_SERVER_URL as string)
    change(url)
    return url.href
  }

  test('when the port is taken', async () => {
    const { server: other, port } = await listening()
    const DATA_DIR = await usedDataDir()
    expect(await refusal({ PORT: String(port), DATA_DIR })).toBe(
      `Cannot listen: 127.0.0.1:${port} is taken. Set HOST or PORT.`,
    )
    other.close()
    expect(serverPid(DATA_DIR)).toBeUndefined()
  })

  test('when HOST is no address of this machine', async () => {
    const DATABASE_URL = await createTestDatabase()
    expect(await refusal({ HOST: '192.0.2.1', DATABASE_URL })).toContain('192.0.2.1:0 is not an address here')
  })

  test('when nobody answers at DATABASE_URL', async () => {
    const { server, port } = await listening()
    server.close()
    const DATABASE_URL = `postgres://hemvist:hemligt@127.0.0.1:${port}/hemvist`
    const line = await refusal({ DATABASE_URL })
    expect(line).toBe('The database of DATABASE_URL cannot be used: nobody answers at its address.')
  })

  test('when the password is wrong', async () => {
    const DATABASE_URL = otherDatabase(url => {
      url.password = 'hemligt'
    })
    const line = await refusal({ DATABASE_URL })
    expect(line).toBe('The database of DATABASE_URL cannot be used: the user or password is not accepted.')
  })

  test('when there is no such database', async () => {
    const DATABASE_URL = otherDatabase(url => {
      url.pathname = '/finns_inte'
    })
    expect(await refusal({ DATABASE_URL })).toContain('there is no database of that name')
  })

  test('when the user may not change the database', async () => {
    const role = `${process.env.TEST_PREFIX}_utan_ratt`
    const admin = new pg.Client(process.env.TEST_SERVER_URL)
    await admin.connect()
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'hemligt'`)
    const DATABASE_URL = otherDatabase(url => {
      url.username = role
      url.password = 'hemligt'
      url.pathname = '/postgres'
    })
    expect(await refusal({ DATABASE_URL })).toContain('The user of DATABASE_URL may not change the database')
    await admin.query(`DROP ROLE ${role}`)
    await admin.end()
  })

  test('when PostgreSQL is too old', async () => {
    const DATABASE_URL = await createTestDatabase()
    const client = new pg.Client(DATABASE_URL)
    await client.connect()
    // A server that says that it is version 14: its own function is hidden by one of the same name.
    await client.query(`
      CREATE SCHEMA gammal;
      CREATE FUNCTION gammal.current_setting(text) RETURNS text LANGUAGE sql
        AS $$ SELECT CASE $1 WHEN 'server_version_num' THEN '140012' ELSE pg_catalog.current_setting($1) END $$;`)
    await client.query(
      `ALTER DATABASE ${new URL(DATABASE_URL).pathname.slice(1)} SET search_path = gammal, pg_catalog, public`,
    )
    await client.end()
    expect(await refusal({ DATABASE_URL })).toBe('PostgreSQL 14 is too old: Hemvist needs 15 or newer.')
  })

  test('when a setting is not valid', async () => {
    expect(await refusal({ PORT: 'abc' })).toBe('The setting PORT is not valid: it takes port, 0-65535.')
  })

  test('when production has no issuer', async () => {
    expect(await refusal({ NODE_ENV: 'production' })).toMatch(/^NODE_ENV=production needs the setting OIDC_ISSUER: /)
  })

  test('when a file is in the way of the data folder', async () => {
    const file = join(dirname(await newDataDir()), 'fil')
    fs.writeFileSync(file, '')
    expect(await refusal({ DATA_DIR: file })).toContain(file)
    expect(await refusal({ DATA_DIR: join(file, 'data') })).toContain(file)
  })

  test('when a key file is damaged', async () => {
    const DATA_DIR = await usedDataDir()
    fs.writeFileSync(join(DATA_DIR, 'personnummer-key'), 'trasig')
    expect(await refusal({ DATA_DIR })).toContain(join(DATA_DIR, 'personnummer-key'))
  })
})

test('a round that should have opened while it was down opens when it starts', async () => {
  const DATA_DIR = await usedDataDir()
  const before = await startService({ DATA_DIR })
  const id = await guaranteeInForce(before)
  expect((await before.call('GET', '/genomgangsomgangar')).body.genomgangsomgangar).toEqual([])
  await stopProgram(before)

  const after = await startService({ DATA_DIR })
  const { oppnar, period } = latestRound(todayOf(systemClock).toString(), readConfig({}))
  const { body } = await after.call('GET', '/genomgangsomgangar')
  expect(body.genomgangsomgangar).toMatchObject([{ period, oppnad: oppnar }])
  expect((await after.call('GET', `/hyresgarantier/${id}`)).body.genomgang).toMatchObject({ period })
  await stopProgram(after)
})

test('two services may share a database: both migrate and run the jobs, with one effect', async () => {
  const name = `${process.env.TEST_PREFIX}_tva`
  const admin = new pg.Client(process.env.TEST_SERVER_URL)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  const url = new URL(process.env.TEST_SERVER_URL as string)
  url.pathname = `/${name}`
  const env = { DATA_DIR: await newDataDir(), DATABASE_URL: url.href }

  const [a, b] = await Promise.all([startService(env), startService(env)])
  const id = await guaranteeInForce(a)
  expect((await b.call('GET', `/hyresgarantier/${id}`)).status).toBe(200)
  expect(await Promise.all([a, b].map(service => stopProgram(service)))).toMatchObject([{ code: 0 }, { code: 0 }])

  const both = await Promise.all([startService(env), startService(env)])
  for (const service of both) expect((await service.call('GET', `/hyresgarantier/${id}`)).body.genomgang).not.toBeNull()
  for (const { output } of both) expect(output.stdout).not.toContain('misslyckades')
  const client = new pg.Client(url.href)
  await client.connect()
  const count = async (table: string, where = 'true') =>
    (await client.query(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`)).rows[0].n
  expect(await count('genomgangsomgang')).toBe(1)
  expect(await count('genomgang')).toBe(1)
  expect(await count('historik', "atgard = 'oppna-genomgangar'")).toBe(2)
  expect(await count('migration')).toBe(fs.readdirSync(new URL('../migrations/', import.meta.url)).length)
  expect(await count('jobbko.schedule')).toBe(jobNames.length)
  await client.end()
  await Promise.all(both.map(service => stopProgram(service)))
})

test('neither log says who anything is about', async () => {
  const DATA_DIR = await usedDataDir()
  const service = await startService({ DATA_DIR, LOG_LEVEL: 'trace' })
  const household = newHousehold()
  const { personnummer } = household.personer[0] as { personnummer: string }
  const { body } = await service.call('POST', '/hushall', household)
  expect((await service.call('POST', '/hushall', household)).status).toBe(409)
  expect((await service.call('POST', '/hushall/sokningar', { personnummer })).body.hushall).toHaveLength(1)
  await service.call('GET', `/hushall/${body.id}`)
  await service.call('GET', `/hushall/${personnummer}`)
  await service.call('GET', `/hushall?personnummer=${personnummer}`)
  await service.call('GET', `/okand/${personnummer}`)
  await service.call('POST', '/hushall', { personer: [{ ...household.personer[0], roll: personnummer }] })
  await service.call('PATCH', `/hushall/${body.id}`, { Kvistgren: personnummer })
  await service.call('PUT', `/hushall/${body.id}`, household)
  const { hostname, port } = new URL(service.url)
  const socket = net.connect(Number(port), hostname)
  socket.end(`GET /${personnummer}  Kvistgren HTTP/1.1\r\n\r\n`)
  socket.resume()
  await once(socket, 'close')
  const owner = new pg.Client(serverUrl(DATA_DIR))
  await owner.connect()
  // PostgreSQL says which row it refused, to the client and to nobody else.
  await expect(owner.query("UPDATE person SET roll = 'fel'")).rejects.toMatchObject({
    detail: expect.stringContaining('Kvistgren'),
  })
  await owner.end()
  await stopProgram(service)

  const logs = service.output.stdout + service.output.stderr + fs.readFileSync(join(DATA_DIR, 'postgres.log'), 'utf8')
  expect(logs).toContain('"route":"/v1/hushall/sokningar"')
  expect(logs.split('"msg":"anrop"').length - 1).toBeGreaterThanOrEqual(10)
  for (const secret of [personnummer, personnummer.slice(2), `${personnummer.slice(0, 8)}-`, 'Torgny', 'Kvistgren'])
    expect(logs).not.toContain(secret)
  expect(logs).not.toContain('Bearer')
})
