import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { migrate } from '../src/database.ts'
import { systemClock, todayOf } from '../src/shared/clock.ts'
import { type Filled, fill } from './fill.ts'
import type { startIssuer } from './issuer.ts'
import { rounded } from './measuring.ts'
import { type Service, startFloor, startNest, startOurs, untilReady } from './services.ts'

/** What was asked for on the command line. */
export type Options = {
  rader: number
  /** Two sizes of register to compare, or none. */
  sizes: number[]
  kort: boolean
  /** Only the service for so many seconds, and none of the comparisons; null for the comparisons. */
  lastSeconds: number | null
  unlogged: boolean
}

/** A register of its own size, in a database of its own. */
export type Register = { url: string; filled: Filled }
/** What is measured, and by what. */
export type Bench = Awaited<ReturnType<typeof prepare>>

/** Makes a database on the server and fills it. */
async function openRegister(serverUrl: string, rows: number): Promise<Register> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  const name = `bench_${rows}_${randomBytes(4).toString('hex')}`
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href
  await migrate(url)
  const began = performance.now()
  const filled = await fill(url, rows)
  console.log(`${rows} guarantees, filled in ${rounded((performance.now() - began) / 1000, 1)} s`)
  return { url, filled }
}

/** A filled register with the service and those it is measured against, all of them running. */
export async function prepare(serverUrl: string, issuer: Awaited<ReturnType<typeof startIssuer>>, options: Options) {
  const { rader, kort, lastSeconds, unlogged } = options
  const register = await openRegister(serverUrl, rader)
  const key = randomBytes(32).toString('base64')
  const start = (url: string, name?: 'withoutLog') => startOurs(url, issuer.url, key, name)
  const ours = await start(register.url)
  await untilReady(ours)
  const floor = await startFloor(register.url, `/v1/hyresgarantier/${register.filled.garantier[0]}`)
  const others: (Service | null)[] =
    lastSeconds === null
      ? [
          floor,
          await startNest(register.url, `/v1/hyresgarantier/${register.filled.garantier[0]}`),
          unlogged ? await start(register.url, 'withoutLog') : null,
        ]
      : []
  const worker = await issuer.token({ part: 'socialforvaltningen', roller: ['handlaggare'] })
  return {
    ...options,
    register,
    /** Another register, that nothing has been done to, with a service of its own. */
    another: async (rows: number): Promise<{ register: Register; service: Service }> => {
      const made = await openRegister(serverUrl, rows)
      const service = await start(made.url)
      await untilReady(service)
      return { register: made, service }
    },
    /** Once more the service, on the same register. */
    again: () => start(register.url),
    ours,
    floor,
    services: [ours, ...others.filter(one => one !== null)],
    /** Those of the caller: a caseworker unless a landlord is named. */
    headersFor: async ({ hyresvard }: { hyresvard?: string } = {}) => ({
      authorization: `Bearer ${hyresvard ? await issuer.token({ part: `hyresvard:${hyresvard}`, roller: [] }) : worker}`,
      'if-match': '*',
    }),
    /** How often and how long each is asked, and how many rows a large file has. */
    rounds: kort ? 2 : 3,
    seconds: kort ? 1 : 1.2,
    fileRows: Math.min(kort ? 5000 : 100_000, 10 * rader),
    today: todayOf(systemClock).toString(),
  }
}
