import { randomBytes } from 'node:crypto'
import { appendFile, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import supertest from 'supertest'
import { createApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database.ts'
import { createTokenVerifier, developmentToken } from '../src/http/tokens.ts'
import { type JobName, runJob } from '../src/jobs.ts'
import { readEncryption } from '../src/keys.ts'
import type { Roll } from '../src/shared/caller.ts'
import { type Clock, clockAt } from '../src/shared/clock.ts'

/** A database of the test file's own, copied from the migrated template, or from another test database. */
export async function createTestDatabase(template = `${process.env.TEST_PREFIX}_mall`): Promise<string> {
  const name = `${process.env.TEST_PREFIX}_${randomBytes(4).toString('hex')}`
  const admin = new pg.Client({ connectionString: process.env.TEST_SERVER_URL })
  await admin.connect()
  for (let attempt = 0; ; attempt++) {
    try {
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
      break
    } catch (error) {
      // Another file is copying the template at this moment.
      if ((error as { code?: string }).code !== '55006' || attempt > 50) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  await admin.end()
  const url = new URL(process.env.TEST_SERVER_URL as string)
  url.pathname = `/${name}`
  return url.href
}

/** A clock that tests set: `clock.day = '2024-02-29'`. */
export class TestClock implements Clock {
  day: string
  constructor(day: string) {
    this.day = day
  }
  now(): Temporal.Instant {
    return clockAt(Temporal.PlainDate.from(this.day)).now()
  }
}

type Options = { ifMatch?: string; key?: string; accept?: string; type?: string; headers?: Record<string, string> }

export type Harness = Awaited<ReturnType<typeof startTestApp>>
export type Client = ReturnType<Harness['as']>

/**
 * The whole API on a database of its own, and clients for it. Closed when the test file ends.
 *
 * @param today the day it is; `clock.day` changes it
 */
export async function startTestApp({
  today = '2026-09-15',
  settings = {},
  url: given,
  clock = new TestClock(today),
}: {
  today?: string
  settings?: Record<string, string>
  url?: string
  clock?: TestClock
} = {}) {
  const url = given ?? (await createTestDatabase())
  const dataDir = await mkdtemp(join(process.env.TEST_FOLDER as string, 'app-'))
  const config: Config = readConfig({
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    DATABASE_POOL: '12',
    ANROP_PER_MINUT: '1000000',
    OVERLAST_MS: '0',
    DATABASE_POOLER_URL: process.env.TEST_POOLER_URL?.replace('{database}', new URL(url).pathname.slice(1)),
    ...settings,
  })
  const encryption = await readEncryption(config)
  const db = await openDatabase(url, config, clock, encryption)
  const logLines: string[] = []
  const app = await createApp({
    config,
    db,
    encryption,
    tokens: await createTokenVerifier(config, clock),
    logger: { level: 'info', stream: { write: (line: string) => void logLines.push(line) } },
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const owner = new pg.Pool({ connectionString: url, max: 2 })
  owner.on('error', () => {})
  const base = app.listeningOrigin

  afterAll(async () => {
    await app.close()
    await db.close()
    await owner.end()
    const folder = process.env.TEST_FOLDER as string
    await appendFile(join(folder, 'log.txt'), logLines.join(''))
    await appendFile(join(folder, 'personal.txt'), [...personal].map(value => `${value}\n`).join(''))
  })

  /** Everything personal that the tests send, for the check of the whole run's log. */
  const personal = new Set<string>()
  const personalFields = ['personnummer', 'fornamn', 'efternamn', 'adress']
  const notePersonal = (value: unknown): unknown =>
    JSON.stringify(value ?? null, (name, inner) => {
      if (personalFields.includes(name) && typeof inner === 'string') personal.add(inner)
      return inner
    })

  function request(
    method: 'get' | 'post' | 'patch' | 'put' | 'delete',
    path: string,
    token: string | undefined,
    options: Options,
  ) {
    let call = supertest(base)[method](path.startsWith('/v1') || !path.startsWith('/') ? path : `/v1${path}`)
    if (token) call = call.set('authorization', `Bearer ${token}`)
    if (options.ifMatch) call = call.set('if-match', options.ifMatch)
    if (options.key) call = call.set('idempotency-key', options.key)
    if (options.accept) call = call.set('accept', options.accept)
    for (const [name, value] of Object.entries(options.headers ?? {})) call = call.set(name, value)
    return call.set('content-type', options.type ?? 'application/json')
  }

  /** A client with a token of these roles, or of a party. Tokens last for the whole test whatever the clock says. */
  function as(roller: Roll | Roll[], part = 'socialforvaltningen', sub?: string) {
    const names = [roller].flat()
    const token = () =>
      developmentToken(config, clock, {
        sub: sub ?? (part === 'socialforvaltningen' ? `test.${names.join('.')}` : 'test.maskin'),
        roller: names,
        part,
        minuter: 60,
      })
    return {
      token,
      get: async (path: string, options: Options = {}) => request('get', path, await token(), options),
      post: async (path: string, body: unknown = {}, options: Options = {}) => {
        notePersonal(body)
        return request('post', path, await token(), options).send(body as object)
      },
      put: async (path: string, body: unknown, options: Options = {}) => {
        notePersonal(body)
        return request('put', path, await token(), options).send(body as object)
      },
      patch: async (path: string, body: unknown, options: Options = {}) => {
        notePersonal(body)
        return request('patch', path, await token(), options).send(body as object)
      },
    }
  }

  return {
    app,
    base,
    url,
    clock,
    config,
    db,
    encryption,
    /** Everything that was logged, one JSON text a line. */
    logLines,
    /** The database as its owner sees it: everything, whatever the caller may see. */
    owner,
    as,
    hyresvard: (id: string) => as([], `hyresvard:${id}`),
    request: (method: 'get' | 'post' | 'patch' | 'put' | 'delete', path: string, options: Options = {}) =>
      request(method, path, undefined, options),
    job: (name: JobName, day?: string) => {
      const before = clock.day
      if (day) clock.day = day
      return runJob(db, name).finally(() => {
        clock.day = before
      })
    },
  }
}
