import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { openServer } from '../src/database-server.ts'
import { endure } from './endurance.ts'
import { startIssuer } from './issuer.ts'
import { importAndExport, openRound, startTime, type Timed } from './once.ts'
import { heading, type Line, lineText, timedText } from './report.ts'
import { stopAll } from './services.ts'
import { type Bench, prepare } from './setting.ts'
import { compareSizes } from './sizes.ts'
import { measureWork, worksOf } from './works.ts'

const help = `npm run bench -- [--rader 10000] [--kort] [--last] [--bara NAME] [--json FILE]

Measures the service as in production (tokens, roles, row security, read log, metrics) against a floor of bare Fastify
and pg with the same statements and no protections, and against the same resource as a NestJS and TypeORM service: turn
by turn, so that a noisy machine hits all of them. Starts and fills its own database.
  --rader      active guarantees in the register
  --kort       two minutes: 20 connections only, smaller files, no comparison of sizes
  --bara       only the work whose name begins so
  --jamfor     two sizes of register to compare: 10000,1000000 unless --kort; nej for none
  --utan-logg  also against the service without its read log
  --last       instead of all this: 200 connections at 80 % of the service's speed
  --minuter    for so long: 5, or a third of one with --kort
  --json       writes the figures to a file as well`
const { values } = parseArgs({
  options: {
    rader: { type: 'string', default: '10000' },
    kort: { type: 'boolean', default: false },
    bara: { type: 'string', default: '' },
    jamfor: { type: 'string' },
    'utan-logg': { type: 'boolean', default: false },
    last: { type: 'boolean', default: false },
    minuter: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(help)
  process.exit()
}
const { kort, last } = values
const jamfor = values.jamfor ?? (kort ? 'nej' : '10000,1000000')
const minutes = Number(values.minuter ?? (kort ? 1 / 3 : 5))

/** What is timed rather than counted, in an order: an import makes the register larger. */
const timed: { name: string; run: (bench: Bench) => Promise<Timed[]> }[] = [
  { name: 'start', run: startTime },
  { name: 'sizes', run: compareSizes },
  { name: 'open a round', run: openRound },
  { name: 'import, export', run: importAndExport },
]
const isChosen = ({ name }: { name: string }) => name.startsWith(values.bara)

const folder = await mkdtemp(join(tmpdir(), 'hemvist-bench-'))
const server = await openServer(readConfig({ NODE_ENV: 'test', DATA_DIR: folder }), 'service')
const issuer = await startIssuer()
/** Leaves neither processes nor files behind. */
async function clean(): Promise<void> {
  await stopAll()
  issuer.close()
  await server.release()
  await rm(folder, { recursive: true, force: true })
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => clean().finally(() => process.exit(1)))

const table: Line[] = []
const times: Timed[] = []
try {
  const bench = await prepare(server.url, issuer, {
    rader: Number(values.rader),
    sizes: jamfor === 'nej' ? [] : jamfor.split(',').map(Number),
    kort,
    lastSeconds: last ? minutes * 60 : null,
    unlogged: values['utan-logg'],
  })
  console.log(`${cpus().length} cores, Node ${process.version}${last ? '' : `\n${heading()}`}`)
  for (const work of last ? [] : worksOf(bench.register.filled).filter(isChosen))
    for await (const line of measureWork(bench, work)) {
      console.log(lineText(line))
      table.push(line)
    }
  for (const { run } of last ? [{ run: endure }] : timed.filter(isChosen))
    for (const line of await run(bench)) {
      console.log(timedText(line))
      times.push(line)
    }
  if (values.json) {
    const figures = { rader: Number(values.rader), cores: cpus().length, node: process.version, table, times }
    await writeFile(values.json, JSON.stringify(figures, null, 2))
  }
} finally {
  await clean()
}
process.exit()
