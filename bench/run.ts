import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { migrate } from '../src/database.ts'
import { openServer } from '../src/database-server.ts'
import { type Filled, fill } from './fill.ts'
import { startIssuer } from './issuer.ts'
import type { Load, Measured } from './load.ts'

const help = `npm run bench -- [--rader 10000] [--kort] [--bara NAME] [--json FILE]

Measures the service as in production (tokens, roles, row security, read log, metrics) against a floor of bare Fastify
and pg with the same statements and no protections, and against itself without the read log: turn by turn, so that a
noisy machine hits all of them. Starts and fills its own database.
  --rader  active guarantees in the register
  --kort   a shorter round
  --bara   only the work whose name begins so
  --json   writes the figures to a file as well`
const { values } = parseArgs({
  options: {
    rader: { type: 'string', default: '10000' },
    kort: { type: 'boolean', default: false },
    bara: { type: 'string', default: '' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit()
}
const root = new URL('..', import.meta.url).pathname
const rounds = values.kort ? 3 : 7
const seconds = values.kort ? 1 : 2
const folder = await mkdtemp(join(tmpdir(), 'hemvist-bench-'))
const running: ChildProcess[] = []

/** Starts a service as a process of its own, and waits until it answers. */
async function start(port: number, args: string[], env: Record<string, string>, ready: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--max-old-space-size=1024', '--max-semi-space-size=8', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', process.env.BENCH_LOG ? 'inherit' : 'ignore', 'inherit'],
  })
  running.push(child)
  for (let attempt = 0; attempt < 900; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}${ready}`).catch(() => null)
    if (answer && answer.status < 500) return child
    if (child.exitCode !== null) break
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`${args.join(' ')} does not start`)
}

function measure(load: Load): Promise<Measured> {
  const child = spawn(process.execPath, [join(root, 'bench/load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(load))
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
    })
    child.on('exit', code =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the load stopped: ${code}`)),
    )
  })
}

type Work = { name: string; goal: number; requests: Load['requests']; token: string }
const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] as number

/** The work of the table: what is asked, by whom, and what share of the floor's speed is the goal. */
function worksOf({ garantier, hushall, hyresvard }: Filled, tokens: { worker: string; landlord: string }): Work[] {
  const json = (method: string, path: string, body: object, type?: string) => ({
    method,
    path,
    body: JSON.stringify(body),
    type,
  })
  return [
    {
      name: 'get one guarantee',
      goal: 0.85,
      requests: garantier.map(id => ({ method: 'GET', path: `/v1/hyresgarantier/${id}` })),
      token: tokens.worker,
    },
    {
      name: 'list 50, filtered and sorted',
      goal: 0.85,
      requests: [{ method: 'GET', path: '/v1/hyresgarantier?tillstand=aktiv&sort=giltigTill&limit=50' }],
      token: tokens.worker,
    },
    {
      name: 'due reviews of a landlord',
      goal: 0.85,
      requests: [{ method: 'GET', path: '/v1/hyresvard/genomgangar?limit=50' }],
      token: tokens.landlord,
    },
    {
      name: 'create',
      goal: 0.7,
      requests: hushall.map(hushallId =>
        json('POST', '/v1/hyresgarantier', {
          hushallId,
          hyresvardId: hyresvard,
          garantityp: 'kommunal',
          garanteradeManader: 6,
          beslutDatum: '2026-01-20',
          beslutsfattare: 'Karin Ek',
          manadshyraOre: 845000,
        }),
      ),
      token: tokens.worker,
    },
    {
      name: 'change, with If-Match',
      goal: 0.7,
      requests: garantier.map(id =>
        json('PATCH', `/v1/hyresgarantier/${id}`, { diarienummer: 'SN 2026/1' }, 'application/merge-patch+json'),
      ),
      token: tokens.worker,
    },
  ]
}

const config = readConfig({ NODE_ENV: 'test', DATA_DIR: folder })
const server = await openServer(config, 'service')
const issuer = await startIssuer()
try {
  await migrate(server.url)
  const began = performance.now()
  const filled = await fill(server.url, Number(values.rader))
  console.log(
    `${values.rader} guarantees, filled in ${Math.round((performance.now() - began) / 1000)} s; ${cpus().length} cores, Node ${process.version}`,
  )
  const key = () => randomBytes(32).toString('base64')
  const [ours, unlogged, floor] = [3401, 3402, 3403]
  const production = {
    NODE_ENV: 'production',
    DATABASE_URL: server.url,
    OIDC_ISSUER: issuer.url,
    PERSONNUMMER_KEY: key(),
    PERSONNUMMER_HASH_KEY: key(),
    ANROP_PER_MINUT: '10000000',
    OVERLAST_MS: '0',
  }
  await start(ours, ['src/main.ts'], { ...production, PORT: String(ours) }, '/health/ready')
  const without = ['--import', './bench/without-read-log.mjs', 'src/main.ts']
  await start(unlogged, without, { ...production, PORT: String(unlogged) }, '/health/ready')
  const floorEnv = { FLOOR_URL: server.url, FLOOR_PORT: String(floor), FLOOR_BASE: `http://127.0.0.1:${floor}` }
  await start(floor, ['bench/floor.ts'], floorEnv, `/v1/hyresgarantier/${filled.garantier[0]}`)
  const tokens = {
    worker: await issuer.token({ part: 'socialforvaltningen', roller: ['handlaggare'] }),
    landlord: await issuer.token({ part: `hyresvard:${filled.hyresvard}`, roller: [] }),
  }
  const results = []
  for (const { name, goal, requests, token } of worksOf(filled, tokens).filter(({ name }) =>
    name.startsWith(values.bara),
  ))
    for (const connections of values.kort ? [20] : [1, 20, 200]) {
      const measured: Record<'service' | 'withoutLog' | 'floor', Measured[]> = {
        service: [],
        withoutLog: [],
        floor: [],
      }
      for (let round = 0; round < rounds; round++)
        for (const [target, port] of [
          ['service', ours],
          ['withoutLog', unlogged],
          ['floor', floor],
        ] as const) {
          const asked =
            target === 'floor'
              ? requests.map(r => ({
                  ...r,
                  path: r.path.replace('genomgangar?', `genomgangar?vard=${filled.hyresvard}&`),
                }))
              : requests
          const one = await measure({
            base: `http://127.0.0.1:${port}`,
            connections,
            seconds,
            requests: asked.map(r => (target === 'floor' && r.type ? { ...r, type: 'application/json' } : r)),
            headers: { authorization: `Bearer ${token}`, 'if-match': '*' },
          })
          if (one.failed > 0) throw new Error(`${name}, ${target}: ${one.firstFailure}`)
          // The first round warms up.
          if (round > 0) measured[target].push(one)
        }
      const speed = (target: keyof typeof measured) => median(measured[target].map(({ perSecond }) => perSecond))
      const share = (a: keyof typeof measured, b: keyof typeof measured) =>
        median(measured[a].map(({ perSecond }, n) => perSecond / (measured[b][n]?.perSecond ?? 1)))
      const line = {
        work: name,
        connections,
        perSecond: Math.round(speed('service')),
        p50: median(measured.service.map(({ p50 }) => p50)),
        p99: median(measured.service.map(({ p99 }) => p99)),
        floor: Math.round(speed('floor')),
        ofFloor: Math.round(100 * share('service', 'floor')) / 100,
        goal,
        ofWithoutLog: Math.round(100 * share('service', 'withoutLog')) / 100,
      }
      results.push(line)
      console.log(
        `${name.padEnd(30)} ${String(connections).padStart(3)} conns  ${String(line.perSecond).padStart(6)}/s  p50 ${line.p50} ms  p99 ${line.p99} ms` +
          `  floor ${line.floor}/s  ${line.ofFloor} of it (goal ${goal})  ${line.ofWithoutLog} of itself without the read log`,
      )
    }
  if (values.json)
    await writeFile(
      values.json,
      JSON.stringify({ rader: Number(values.rader), cores: cpus().length, results }, null, 2),
    )
} finally {
  for (const child of running) child.kill('SIGTERM')
  await Promise.all(
    running.map(child => (child.exitCode === null ? new Promise(done => child.once('exit', done)) : null)),
  )
  issuer.close()
  await server.release()
  await rm(folder, { recursive: true, force: true })
}
process.exit()
