import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { openQueue } from '../../src/jobs.ts'
import { startDeliveries } from '../../src/prenumerationer/engine.ts'
import { created } from '../cases.ts'
import type { Client, Harness } from '../harness.ts'

export type Got = {
  path: string
  id: string
  type: string
  subject: string
  body: string
  headers: IncomingHttpHeaders
}
type Answer = (response: ServerResponse, got: Got) => unknown

/** Tests wait for what comes, but not for ever. */
export async function until(condition: () => unknown, what: string, ms = 15_000): Promise<void> {
  const deadline = performance.now() + ms
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never: ${what}`)
    await sleep(20)
  }
}

/** What has been started. Closed first of all: this file is imported before the test starts its application. */
const started: { close(): unknown }[] = []
afterAll(async () => {
  for (const { close } of started) await close()
})

/** A receiver on this machine that keeps what it gets. `answer` says 204 unless a test changes it. */
export async function startReceiver(answer: Answer = response => response.writeHead(204).end()) {
  const got: Got[] = []
  const receiver = { got, answer, url: '', close: () => {} }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    const { id, type, subject } = JSON.parse(body)
    const one = { path: request.url as string, id, type, subject, body, headers: request.headers }
    got.push(one)
    receiver.answer(response, one)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  receiver.close = () => {
    server.closeAllConnections()
    server.close()
  }
  started.push(receiver)
  return receiver
}

/** The signature fits, and the body is what was signed. Throws otherwise. */
export const verify = (secret: string, { body, headers }: Got) =>
  new Webhook(secret).verify(body, headers as Record<string, string>)

/** Settings that let tests receive on this machine, and fail fast. */
export const webhookSettings = { WEBHOOK_TILLATNA_NAT: '127.0.0.1', WEBHOOK_FORSOK_SEKUNDER: '1,1,1,1' }

/** Delivers in the test's own process, as an instance of the service does. */
export async function deliver(harness: Harness) {
  const failures: Error[] = []
  const boss = await openQueue(harness.url, harness.app.log)
  const deliveries = await startDeliveries({
    db: harness.db,
    boss,
    config: harness.config,
    base: () => harness.base,
    failed: error => void failures.push(error),
  })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= deliveries.stop().then(() => boss.stop({ graceful: false }))
    return stopped
  }
  started.push({ close: stop })
  return { failures, stop }
}

export const subscribe = async (client: Client, url: string, fields: object = {}) =>
  created(await client.post('/prenumerationer', { url, ...fields }))

/** Events as the database makes them, for socialförvaltningen: `count` of them, over so many subjects in turn. */
export async function makeEvents(harness: Harness, count: number, subjects: string[] = [randomUUID()]): Promise<void> {
  await harness.owner.query(
    `INSERT INTO handelse (id, xid, tid, typ, tabell, rad_id, rot_id, part)
     SELECT gen_random_uuid(), handelse_nyckel(), clock_timestamp(), 'se.hemvist.hyresgaranti.aktiv', 'hyresgaranti', rad, rad,
       'socialforvaltningen'
     FROM (SELECT ($2::uuid[])[1 + n % cardinality($2::uuid[])] AS rad FROM generate_series(0, $1 - 1) n) r`,
    [count, subjects],
  )
}
