import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { jobNames } from '../src/jobs.ts'

export const root = new URL('..', import.meta.url).pathname
/** What is measured: ours as in production, what any service must pay, and how it is usually written. */
export type Name = 'service' | 'withoutLog' | 'floor' | 'nest'
export type Service = { name: Name; base: string; pid: number; child: ChildProcess; startedInMs: number }

const running: ChildProcess[] = []

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = net.createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

type Start = { name: Name; args: string[]; env: (port: string) => Record<string, string>; ready: string }

/** Starts a service as a process of its own, and waits until it answers. */
export async function start({ name, args, env, ready }: Start): Promise<Service> {
  const port = String(await freePort())
  const began = performance.now()
  const { BENCH_PROFIL } = process.env
  const profile = BENCH_PROFIL ? ['--cpu-prof', `--cpu-prof-dir=${BENCH_PROFIL}`] : []
  const child = spawn(process.execPath, ['--max-old-space-size=1024', '--max-semi-space-size=8', ...profile, ...args], {
    cwd: root,
    env: { ...process.env, ...env(port) },
    stdio: ['ignore', process.env.BENCH_LOG ? 'inherit' : 'ignore', 'inherit'],
  })
  running.push(child)
  const base = `http://127.0.0.1:${port}`
  while (performance.now() - began < 90_000 && child.exitCode === null) {
    const answer = await fetch(`${base}${ready}`).catch(() => null)
    if (answer && answer.status < 500)
      return { name, base, child, pid: child.pid as number, startedInMs: performance.now() - began }
    await wait(10)
  }
  throw new Error(`${args.join(' ')} does not start`)
}

export async function stop(...children: ChildProcess[]): Promise<void> {
  for (const child of children) child.kill('SIGTERM')
  await Promise.all(
    children.map(child =>
      child.exitCode === null && child.signalCode === null ? new Promise(done => child.once('exit', done)) : null,
    ),
  )
}
export const stopAll = () => stop(...running)

const production = (databaseUrl: string, issuer: string, key: string) => (port: string) => ({
  NODE_ENV: 'production',
  DATABASE_URL: databaseUrl,
  OIDC_ISSUER: issuer,
  PERSONNUMMER_KEY: key,
  PERSONNUMMER_HASH_KEY: key,
  ANROP_PER_MINUT: '10000000',
  OVERLAST_MS: '0',
  PORT: port,
})

/** The service as in production. */
export async function startOurs(
  databaseUrl: string,
  issuer: string,
  key: string,
  name: 'service' | 'withoutLog' = 'service',
): Promise<Service> {
  const args = name === 'withoutLog' ? ['--import', './bench/without-read-log.mjs', 'src/main.ts'] : ['src/main.ts']
  return start({ name, args, env: production(databaseUrl, issuer, key), ready: '/health/ready' })
}

/** Waits for the jobs that every first start runs: they are not to be measured with the requests. */
export async function untilReady({ base }: Service): Promise<void> {
  for (;;) {
    const { jobb } = (await (await fetch(`${base}/health/ready`)).json()) as { jobb: { namn: string }[] }
    if (jobNames.every(job => jobb.some(({ namn }) => namn === job))) return
    await wait(100)
  }
}

export const startFloor = (databaseUrl: string, ready: string): Promise<Service> =>
  start({
    name: 'floor',
    args: ['bench/floor.ts'],
    env: port => ({ FLOOR_URL: databaseUrl, FLOOR_PORT: port, FLOOR_BASE: `http://127.0.0.1:${port}` }),
    ready,
  })

/** The usual way, whose packages only the bench installs; null when they cannot be had. */
export async function startNest(databaseUrl: string, ready: string): Promise<Service | null> {
  const folder = join(root, 'bench/nest')
  const run = (script: string, args: string[]) =>
    spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' })
  if (!existsSync(join(folder, 'node_modules'))) {
    const { status, stderr } = run(process.env.npm_execpath ?? '', ['ci', '--no-audit', '--no-fund'])
    if (status !== 0) {
      console.log(
        `Without NestJS, which could not be installed: ${stderr.split('\n').find(line => /error/i.test(line))}`,
      )
      return null
    }
  }
  const built = run(join(root, 'node_modules/typescript/bin/tsc'), ['--project', '.'])
  if (built.status !== 0) throw new Error(`bench/nest does not compile: ${built.stdout}`)
  return start({
    name: 'nest',
    args: ['bench/nest/dist/main.js'],
    env: port => ({ NODE_ENV: 'production', NEST_URL: databaseUrl, NEST_PORT: port }),
    ready,
  })
}

/** Memory of a process in MB, as the system sees it. */
export function memoryOf(pid: number): number {
  const kilobytes =
    process.platform === 'linux'
      ? /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Math.round(Number(kilobytes) / 1024)
}

/** Its largest memory while something is done, in MB. */
export async function peakWhile<T>(pid: number, work: () => Promise<T>): Promise<{ result: T; peakMb: number }> {
  let peakMb = memoryOf(pid)
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, memoryOf(pid))
  }, 50)
  try {
    const result = await work()
    return { result, peakMb }
  } finally {
    clearInterval(timer)
  }
}
