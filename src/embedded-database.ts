import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import {
  childOptions,
  codeOf,
  lend,
  openSafely,
  owner,
  prepareServerFiles,
  run,
  type ServerFiles,
} from './embedded-server-files.ts'
import { StartError } from './start-error.ts'

export type EmbeddedDatabase = {
  /** Connection string of the owner, to the database `hemvist`. */
  url: string
  /**
   * Lets go of the server; the last process to do so stops it. Close all other connections first. Takes up to 10
   * seconds, and does not fail: a server that is already gone is what it wants.
   */
  release(): Promise<void>
}

type Use = 'service' | 'command'
type Running = { pid: number; port: number; status: string }
type Session = { client: pg.Client; isLost(): boolean }
/** The server that this process started. `final`: another try would end the same way. */
type Child = { pid: number | undefined; ended?: { reason: string; final: boolean } }

/** Held shared by every process that uses the server, and exclusively by the one that stops it. */
const usersLock = 7_402_621
/** Held by the one service. */
const serviceLock = 7_402_622

const wrongPassword = '28P01'
const noSuchDatabase = '3D000'
const patience = 20_000
const isWindows = process.platform === 'win32'
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=128MB',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_checkpoints=off',
  // The service sees its own failed statements; here they would put personal data in a file.
  'log_min_messages=log',
]

/**
 * Opens the service's own PostgreSQL in `dataDir`: makes it the first time, and starts it unless it runs.
 *
 * @param use a `service` is alone on its data folder; any number of commands may run beside it
 * @throws StartError when the user has to do something: another service runs, the folder cannot be used, no programs
 * for this machine, data from another PostgreSQL, or a server that does not start
 */
export async function openEmbeddedDatabase(dataDir: string, use: Use): Promise<EmbeddedDatabase> {
  const folder = path.resolve(dataDir)
  try {
    const files = await prepareServerFiles(folder)
    return await startOrJoin(files, folder, use)
  } catch (error) {
    // What our own code did wrong has no code, and keeps its stack.
    if (error instanceof StartError || !(error as { code?: unknown }).code) throw error
    throw new StartError(`The data folder ${folder} cannot be used: ${(error as Error).message}.`, { cause: error })
  }
}

async function startOrJoin(files: ServerFiles, folder: string, use: Use): Promise<EmbeddedDatabase> {
  let child: Child | undefined
  let obstacle = 'it does not answer'
  let deadline = performance.now() + patience
  while (performance.now() < deadline) {
    const server = await findServer(files.cluster)
    if (server?.status === 'ready') {
      try {
        return await join(files, server.port, folder, use)
      } catch (error) {
        if (error instanceof StartError) throw error
        obstacle = (error as Error).message || codeOf(error)
        if (codeOf(error) === wrongPassword) {
          // Nobody else gets in either, so nobody is left without it.
          if (child?.pid === server.pid) signal(server.pid, 'SIGINT')
          throw new StartError(
            `${files.passwordFile} does not fit ${files.cluster}: put the right one back from a copy.`,
          )
        }
      }
    } else if (server) {
      // After a crash it first repeats its log, however long that takes.
      if (server.status === 'starting') deadline = performance.now() + patience
    } else if (!child) {
      child = await start(files)
    } else if (child.ended) {
      obstacle = child.ended.reason
      if (child.ended.final) break
      child = undefined
      await sleep(200)
    }
    await sleep(25)
  }
  throw new StartError(`PostgreSQL in ${files.cluster} does not start: ${obstacle}. Its log is ${files.log}.`)
}

/** Fails with an ordinary error where another try may succeed. */
async function join(files: ServerFiles, port: number, folder: string, use: Use): Promise<EmbeddedDatabase> {
  const session = await connect(files, port).catch(async error => {
    if (codeOf(error) !== noSuchDatabase) throw error
    const { client } = await connect(files, port, 'postgres')
    await client.query(`CREATE DATABASE ${owner}`).finally(() => client.end())
    return connect(files, port)
  })
  const { client } = session
  try {
    if (!(await serves(client, files.cluster))) throw new Error(`another server answers on port ${port}`)
    if (!(await tryLock(client, 'pg_try_advisory_lock_shared', usersLock))) throw new Error('it is being stopped')
    if (use === 'service' && !(await lockService(client))) {
      await leave(files, port, session)
      throw new StartError(`Hemvist is already running on ${folder}.`)
    }
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
  let released: Promise<void> | undefined
  return {
    url: urlOf(files, port),
    release() {
      released ??= leave(files, port, session)
      return released
    },
  }
}

async function leave(files: ServerFiles, port: number, session: Session) {
  try {
    const { client } = session.isLost() ? await connect(files, port) : session
    await client.query('SELECT pg_advisory_unlock_shared($1)', [usersLock])
    // Held until the server is gone, so that no newcomer joins what is about to stop.
    if (await tryLock(client, 'pg_try_advisory_lock', usersLock)) await stop(files)
    await client.end()
  } catch {
    // The server is gone already, or about to be.
  }
}

/** The session of a service that was killed may outlive it by a moment. */
async function lockService(client: pg.Client) {
  for (const deadline = performance.now() + 1500; performance.now() < deadline; await sleep(50))
    if (await tryLock(client, 'pg_try_advisory_lock', serviceLock)) return true
  return false
}

async function tryLock(client: pg.Client, how: string, key: number): Promise<boolean> {
  return (await client.query(`SELECT ${how}($1) AS got`, [key])).rows[0].got
}

/** Whether this is the server of the cluster, and not of a copy of it or of another: it must see a file that we make. */
async function serves(client: pg.Client, cluster: string): Promise<boolean> {
  const name = `hemvist-${randomUUID()}`
  fs.writeFileSync(path.join(cluster, name), '', { flag: 'wx' })
  try {
    return (await client.query('SELECT (pg_stat_file($1, true)).size IS NOT NULL AS sees', [name])).rows[0].sees
  } finally {
    fs.rmSync(path.join(cluster, name), { force: true })
  }
}

async function connect(files: ServerFiles, port: number, database = owner): Promise<Session> {
  const client = new pg.Client({
    connectionString: urlOf(files, port, database),
    application_name: 'hemvist-lock',
    connectionTimeoutMillis: 5000,
    query_timeout: 15_000,
    keepAlive: true,
  })
  let lost = false
  client.on('error', () => {
    lost = true
  })
  await client.connect()
  return { client, isLost: () => lost }
}

/** `sslmode`: else PGSSLMODE would be obeyed, and this server has no certificate. */
function urlOf(files: ServerFiles, port: number, database = owner) {
  return `postgres://${owner}:${files.password}@127.0.0.1:${port}/${database}?sslmode=disable`
}

async function start(files: ServerFiles): Promise<Child> {
  const port = await freePort()
  const options = ['-p', String(port), ...settings.flatMap(setting => ['-c', setting])]
  const log = openSafely(files.log, fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_CREAT)
  const logStart = fs.fstatSync(log).size
  const cluster = lend(files.cluster, files.account)
  // Its own session: Ctrl-C in the terminal is for this process, which then stops the server in order.
  const how = { ...childOptions(files.account), detached: true }
  // Only pg_ctl drops an administrator's rights on Windows, with which the server refuses to run.
  const child = isWindows
    ? spawn(
        path.join(files.bin, 'pg_ctl'),
        ['start', '-W', '-D', files.cluster, '-l', files.log, '-o', options.join(' ')],
        { ...how, stdio: 'ignore' },
      )
    : spawn(path.join(files.bin, 'postgres'), ['-D', cluster.path, ...options], {
        ...how,
        stdio: ['ignore', log, log, ...cluster.stdio],
      })
  cluster.close()
  fs.closeSync(log)
  child.unref()
  const state: Child = { pid: child.pid }
  child.on('error', error => {
    state.ended = { reason: error.message, final: true }
  })
  child.on('exit', code => {
    if (code) state.ended = judge(files, cluster.path, logStart, child.pid)
    else if (!isWindows) state.ended = { reason: 'it was stopped', final: false }
  })
  return state
}

/** Why the server ended, from what it wrote to its log. */
function judge(files: ServerFiles, lentPath: string, from: number, pid: number | undefined) {
  const lines = fs.readFileSync(files.log).subarray(from).toString().trim().split('\n')
  // "The database system is starting up" and the like are answers to clients.
  const fatal = lines.filter(line => /\b(FATAL|PANIC): /.test(line) && !line.includes('the database system is '))
  const line = fatal.findLast(line => line.includes(`[${pid}]`)) ?? fatal.at(-1) ?? lines.at(-1) ?? ''
  const reason = line.replace(/^.*?\b(FATAL|PANIC|LOG): +/, '').replaceAll(lentPath, files.cluster)
  // Another process was first, sessions of a killed server are ending, or the port was taken meanwhile.
  return { reason, final: !/lock file .* (exists|empty)|shared memory block|any TCP\/IP sockets/.test(reason) }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  return port
}

async function stop(files: ServerFiles) {
  const server = await findServer(files.cluster)
  if (!server) return
  if (isWindows) {
    await run(path.join(files.bin, 'pg_ctl'), ['stop', '-D', files.cluster, '-m', 'fast', '-t', '8'], files.account)
    return
  }
  for (const [name, wait] of [
    ['SIGINT', 8000],
    ['SIGQUIT', 2000],
  ] as const) {
    signal(server.pid, name)
    for (const deadline = performance.now() + wait; performance.now() < deadline; await sleep(20))
      if ((await findServer(files.cluster))?.pid !== server.pid) return
  }
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') throw error
  }
}

/** The server that runs on the cluster, from its postmaster.pid. Removes that file where it would block a start. */
async function findServer(cluster: string): Promise<Running | undefined> {
  const file = path.join(cluster, 'postmaster.pid')
  const read = () => {
    try {
      return fs.readFileSync(file, 'utf8')
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    }
  }
  let text = read()
  if (text === '') {
    // Just being written, unless a power loss emptied it.
    await sleep(1000)
    text = read()
  }
  if (text === undefined) return undefined
  const [pid, , , port, , , , status] = text.split('\n')
  const found = await processOf(Number(pid), cluster)
  if (found === 'server') return { pid: Number(pid), port: Number(port), status: status?.trim() ?? '' }
  // PostgreSQL sees itself that a process is gone, but takes any other that got its number for a server.
  if (found === 'other' && read() === text) fs.rmSync(file, { force: true })
  return undefined
}

async function processOf(pid: number, cluster: string): Promise<'gone' | 'server' | 'other'> {
  if (!(pid > 0)) return 'other'
  if (process.platform !== 'linux') {
    const [program, ...args] = isWindows
      ? ['tasklist', '/NH', '/FO', 'CSV', '/FI', `PID eq ${pid}`]
      : ['ps', '-o', 'comm=', '-p', String(pid)]
    const { stdout } = await promisify(execFile)(program as string, args).catch(() => ({ stdout: '' }))
    return /postgres(\.exe".*)?\s*$/s.test(stdout) ? 'server' : stdout ? 'other' : 'gone'
  }
  const stat = `/proc/${pid}/stat`
  if (!fs.existsSync(stat)) return 'gone'
  try {
    const [, name, state] = fs.readFileSync(stat, 'latin1').match(/\((.*)\) (\S)/s) ?? []
    // A zombie (Z) keeps its number for as long as nobody asks for its exit code, as in many containers.
    if (name !== 'postgres' || state === 'Z') return 'other'
    const [at, our] = [fs.statSync(`/proc/${pid}/cwd`), fs.statSync(cluster)]
    return at.dev === our.dev && at.ino === our.ino ? 'server' : 'other'
  } catch {
    // Gone just now, or a container without CAP_SYS_PTRACE does not let us look; then the connection tells.
    return 'server'
  }
}
