import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { readConfig, settings } from '../src/config.ts'
import { developmentToken } from '../src/http/tokens.ts'
import type { Roll } from '../src/shared/caller.ts'
import { systemClock } from '../src/shared/clock.ts'

const repository = fileURLToPath(new URL('..', import.meta.url))
const started: { child: ChildProcess; dataDir: string | undefined }[] = []

/** A folder of its own for the embedded database and the development keys. */
export const newDataDir = async (): Promise<string> =>
  join(await mkdtemp(join(process.env.TEST_FOLDER as string, 'process-')), 'data')

/** No setting of the test's own process reaches the child. What Node compiled for one serves the next. */
const plainEnv = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name.replace(/_FILE$/, '') in settings))),
  NODE_COMPILE_CACHE: join(process.env.TEST_FOLDER as string, 'compiled'),
}

export type Started = ReturnType<typeof startProgram>

/** Runs `node <program> <args>` with only these settings. */
export function startProgram(program: string, args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [join(repository, program), ...args], {
    env: { ...plainEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push({ child, dataDir: env.DATA_DIR })
  const output = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', text => {
    output.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    output.stderr += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }))
  return { child, output, ended }
}

/** Runs a program to its end. */
export const runProgram = (program: string, args: string[], env: Record<string, string>) =>
  startProgram(program, args, env).ended

/** Starts the service and waits until it says where it listens. */
export async function startService(env: Record<string, string>) {
  // Beside other tests it may lag, and these tests ask as fast as they can: neither limit is their subject.
  const unlimited = { OVERLAST_MS: '0', ANROP_PER_MINUT: '10000000' }
  const service = startProgram('src/main.ts', [], { PORT: '0', ...unlimited, ...env })
  let base: string | undefined
  while (!base) {
    base = /Hemvist listens on (\S+)/.exec(service.output.stdout)?.[1]
    const { exitCode, signalCode } = service.child
    if (!base && (exitCode !== null || signalCode !== null))
      throw new Error(`The service ended before it listened: ${service.output.stderr}`)
    await sleep(10)
  }
  const url = base
  /** A request with a development token, as a caseworker unless other roles are given. */
  const call = async (method: string, path: string, body?: unknown, roller: Roll[] = ['handlaggare']) => {
    const config = readConfig({ DATA_DIR: env.DATA_DIR })
    const part = 'socialforvaltningen'
    const token = await developmentToken(config, systemClock, { sub: 'test.handlaggare', roller, part, minuter: 5 })
    const answer = await fetch(`${url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'if-match': '"1"',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { status: answer.status, body: JSON.parse((await answer.text()) || 'null') }
  }
  return { ...service, url, call }
}
export type Service = Awaited<ReturnType<typeof startService>>

/** Sends a signal and waits for the end. `ms`: how long that took. */
export async function stopProgram(program: Started, signal: NodeJS.Signals = 'SIGTERM') {
  const before = performance.now()
  program.child.kill(signal)
  const end = await program.ended
  return { ...end, ms: performance.now() - before }
}

/** The embedded server of a data folder, or undefined when none runs. */
export function serverPid(dataDir: string): number | undefined {
  const file = join(dataDir, 'postgres', 'postmaster.pid')
  if (!fs.existsSync(file)) return undefined
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  return isRunning(pid) ? pid : undefined
}

/** The embedded server's address, as its owner. */
export function serverUrl(dataDir: string): string {
  const port = fs.readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[3]
  const password = fs.readFileSync(join(dataDir, 'postgres-password'), 'utf8').trim()
  return `postgres://hemvist:${password}@127.0.0.1:${port}/hemvist?sslmode=disable`
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // Where nobody asks for its exit code (many containers), an ended process keeps its number as a zombie.
    return process.platform !== 'linux' || !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

/** Ends what tests of this file have left running. */
export async function endAll(): Promise<void> {
  for (const { child } of started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  for (const { dataDir } of started) {
    const pid = dataDir && serverPid(dataDir)
    if (!pid) continue
    process.kill(pid, 'SIGQUIT')
    while (isRunning(pid)) await sleep(20)
  }
  started.length = 0
}
