import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../../src/config.ts'
import { developmentToken } from '../../src/http/development-issuer.ts'
import type { Roll } from '../../src/shared/caller.ts'
import { clockAt } from '../../src/shared/clock.ts'
import { testOrganisationsnummer, testPersonnummer } from '../people.ts'
import { writtenDay } from '../walkthrough.ts'

type Reply = { status: number; etag: string; body: { id: string; [field: string]: unknown } }
export type Client = Awaited<ReturnType<typeof clientOf>>

/** A good client of instances that come and go: says a request again, with the same key, until it is answered. */
export async function clientOf(base: string, dataDir: string, sub: string, roller: Roll[]) {
  const request = { sub, roller, part: 'socialforvaltningen', minuter: 60 }
  const clock = clockAt(Temporal.PlainDate.from(writtenDay))
  const token = await developmentToken(readConfig({ DATA_DIR: dataDir }), clock, request)

  async function once(method: string, path: string, headers: Record<string, string>, body?: object) {
    const answer = await fetch(`${base}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    const { status } = answer
    const text = await answer.text()
    if ([502, 503].includes(status) || text.includes('"kod":"pagar-redan"')) return undefined
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`)
    return { status, etag: answer.headers.get('etag') ?? '', body: JSON.parse(text) } satisfies Reply
  }

  async function ask(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: object,
  ): Promise<Reply> {
    for (const until = performance.now() + 60_000; performance.now() < until; ) {
      const answer = await once(method, path, headers, body).catch(error => {
        // A refusal is the test's own fault; anything else is a connection that was lost.
        if (/: \d{3} /.test((error as Error).message)) throw error
      })
      if (answer) return answer
      await sleep(50)
    }
    throw new Error(`${method} ${path}: nobody has answered in a minute`)
  }

  return {
    sub,
    get: (path: string) => ask('GET', path),
    write: (
      method: 'POST' | 'PATCH',
      path: string,
      body: object,
      { ifMatch = '', key = randomUUID() as string } = {},
    ) => ask(method, path, { 'idempotency-key': key, ...(ifMatch && { 'if-match': ifMatch }) }, body),
  }
}

/** What was answered with 2xx: the row, and how many changes of it. */
export type Acknowledged = {
  hushall: Map<string, number>
  garantier: Map<string, 'lopande' | 'utgangen'>
  answers: number
}

/**
 * Registers households, changes them, and gives every third a guarantee, until told to stop; what it has begun it ends.
 * Says some requests twice, as a client whose answer was lost does: one after the other, and both at once.
 */
export async function writeUntil(stopped: AbortSignal, client: Client, people: number): Promise<Acknowledged> {
  const done: Acknowledged = { hushall: new Map(), garantier: new Map(), answers: 0 }
  const write: Client['write'] = async (...request) => {
    const answer = await client.write(...request)
    done.answers++
    return answer
  }
  const { body: hyresvard } = await write('POST', '/hyresvardar', {
    namn: 'Exempelbostäder AB',
    organisationsnummer: testOrganisationsnummer(people),
    fastighetsagartyp: 'allmannytta',
  })

  for (let n = 0; !stopped.aborted; n++) {
    // As fast as people write, not as fast as the machine can: the walk-through needs some of it.
    await sleep(50)
    const personer = [
      { personnummer: testPersonnummer(people + n), fornamn: 'Tor', efternamn: 'Kvist', roll: 'sokande' },
    ]
    const key = randomUUID()
    const register = () => write('POST', '/hushall', { personer }, { key })
    const [made, again] = n % 4 === 0 ? await Promise.all([register(), register()]) : [await register(), undefined]
    const { id } = made.body
    done.hushall.set(id, 1)
    if (again) expect(again).toEqual(made)

    const change = { ifMatch: made.etag, key: randomUUID() }
    const changed = await write('PATCH', `/hushall/${id}`, { bostadslosSedan: '2026-02-01' }, change)
    done.hushall.set(id, 2)
    // Its own version was changed by itself: only the key tells that from somebody else's change.
    if (n % 4 === 1)
      expect(await write('PATCH', `/hushall/${id}`, { bostadslosSedan: '2026-02-01' }, change)).toEqual(changed)
    if (n % 4 === 2) expect(await register()).toEqual(made)
    expect((await client.get(`/hushall/${id}`)).etag).toBe(changed.etag)
    if (n % 3 !== 0) continue

    // In force when the round opened; every second has run out since, so that the jobs have something to do.
    const slag = n % 2 === 0 ? 'lopande' : 'utgangen'
    const { body: garanti, etag } = await write('POST', '/hyresgarantier', {
      hushallId: id,
      hyresvardId: hyresvard.id,
      garantityp: 'bistand',
      garanteradeManader: 6,
      beslutDatum: '2025-06-01',
      beviljadGiltigTill: '2027-06-01',
      beslutsfattare: 'Karin Ek, enhetschef',
      borgenstyp: 'enkel',
      manadshyraOre: 800_000,
      giltigFran: '2025-06-01',
      giltigTill: slag === 'lopande' ? '2028-05-31' : '2026-10-31',
    })
    await write('POST', `/hyresgarantier/${garanti.id}/avtal`, { avtalTecknatDatum: '2025-06-01' }, { ifMatch: etag })
    done.garantier.set(garanti.id, slag)
  }
  return done
}
