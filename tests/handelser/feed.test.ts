import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { ok } from '../cases.ts'
import { granted } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { activate, createHousehold, createLandlord, grant, nextPersonnummer, openRound } from '../people.ts'
import { people, signed } from '../stodlagenheter/placed.ts'
import { amongOthers, type FeedPage, follow, now, page, pathOf, typesOf } from './reading.ts'

const harness = await startTestApp()
amongOthers(harness)
const worker = harness.as(['handlaggare', 'beslutsfattare'])
const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
const sql = async (text: string, values: unknown[] = []) => (await harness.owner.query(text, values)).rows

const open: pg.Client[] = []
afterEach(() => Promise.all(open.splice(0).map(client => client.end())))
async function connection() {
  const client = new pg.Client(harness.url)
  await client.connect()
  open.push(client)
  return client
}
/** A change of state as any statement can make it. */
const lapse = (client: pg.Client, id: string) =>
  client.query(
    `UPDATE hyresgaranti SET tillstand = 'forfallen', avslutsorsak = 'ingetAvtal', avslutad_datum = '2026-09-15' WHERE id = $1`,
    [id],
  )
const ungrant = (client: pg.Client, id: string) =>
  client.query(
    `UPDATE hyresgaranti SET tillstand = 'beviljad', avslutsorsak = NULL, avslutad_datum = NULL WHERE id = $1`,
    [id],
  )

/** The household becomes protected, as the service does it. */
async function protect(hushallId: string) {
  const { personer } = ok(await worker.get(`/hushall/${hushallId}`))
  const path = `/hushall/${hushallId}/personer/${personer[0].id}`
  const { status } = await cleared.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' })
  expect([200, 404]).toContain(status)
}

describe('the feed', () => {
  test('tells of each state that something comes to, in order, and nothing of whom', async () => {
    const from = await now(worker)
    const { id } = await activate(worker)
    const { handelser, nextCursor } = await page(worker, { cursor: from })
    expect(typesOf(handelser)).toEqual(['hyresgaranti.beviljad', 'hyresgaranti.aktiv'])
    expect(handelser[0]).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      source: `${harness.base}/v1`,
      type: 'se.hemvist.hyresgaranti.beviljad',
      subject: `hyresgaranti/${id}`,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
      data: { lank: `${harness.base}/v1/hyresgarantier/${id}` },
    })
    expect((await worker.get(pathOf(handelser[0]))).status).toBe(200)
    expect(await page(worker, { cursor: nextCursor })).toMatchObject({ handelser: [], nextCursor: expect.any(String) })
  })

  test('is read from the beginning without a cursor, page by page, each event once', async () => {
    for (let n = 0; n < 5; n++) await grant(worker)
    const all = (await page(worker, { limit: 1000 })).handelser.map(({ id }) => id)
    const first = await page(worker, { limit: 2 })
    expect(first._links.next).toBeDefined()
    const { events } = await follow(worker, first.nextCursor, 2)
    expect([...first.handelser, ...events].map(({ id }) => id)).toEqual(all)
    expect(new Set(all).size).toBe(all.length)
  })

  test('gives an event of many rows one to each, and none when the state is the same', async () => {
    const garanti = await activate(worker)
    const from = await now(worker)
    ok(await worker.patch(`/hyresgarantier/${garanti.id}`, { diarienummer: 'SN 2026/1' }, { ifMatch: garanti.etag }))
    expect((await page(worker, { cursor: from })).handelser).toEqual([])
    await openRound(harness)
    const opened = (await follow(worker, from)).events
    const [{ n }] = await sql(`SELECT count(*)::int AS n FROM genomgang WHERE tillstand = 'vantar'`)
    expect(typesOf(opened)).toEqual(Array(n).fill('genomgang.vantar'))
    expect(n).toBeGreaterThan(0)
  })

  test('takes types that are asked for, also where there are none for long', async () => {
    const from = await now(worker)
    await activate(worker)
    const only = async (typ: string) => typesOf((await page(worker, { cursor: from, typ })).handelser)
    expect(await only('se.hemvist.hyresgaranti.aktiv')).toEqual(['hyresgaranti.aktiv'])
    expect(await only('se.hemvist.hyresgaranti.*')).toHaveLength(2)
    expect(await only('se.hemvist.arende.*,se.hemvist.hyresgaranti.beviljad')).toEqual(['hyresgaranti.beviljad'])
    expect(await only('se.hemvist.arende.*')).toEqual([])
  })

  test.each(['se.hemvist.hyresgaranti.aktivt', 'se.hemvist.personer.*', '*'])('refuses the type %s', async typ => {
    const { status, body, text } = await worker.get(`/handelser?typ=${typ}`)
    expect(status).toBe(400)
    expect(body.errors[0].pointer).toBe('query/typ')
    expect(text).not.toContain('personer')
  })

  test.each(['x', 'MTIzLjQ1Ng', 'a'.repeat(120), '../..', 'NU'])('refuses the cursor %s', async cursor => {
    const { status, body } = await worker.get(`/handelser?cursor=${encodeURIComponent(cursor)}`)
    expect({ status, kod: body.kod }).toEqual({ status: 400, kod: 'okand-markor' })
    expect(body.detail).toMatch(/nextCursor/)
  })

  test('has cursors that say nothing: as long for every place, and no two alike', async () => {
    const cursors = [await now(worker), await now(worker), (await page(worker, { limit: 1 })).nextCursor]
    expect(new Set(cursors.map(cursor => cursor.length)).size).toBe(1)
    expect(new Set(cursors).size).toBe(3)
    expect(Buffer.from(cursors[0] as string, 'base64url').toString('latin1')).not.toMatch(/\d{6}/)
  })
})

describe('whoever follows the cursor', () => {
  test('gets an event once also when a slow transaction commits after a faster that took a higher number', async () => {
    const [slowly, quickly] = [await grant(worker), await grant(worker)]
    const [slow, quick] = [await connection(), await connection()]
    let { cursor } = await follow(worker, await now(worker))
    await slow.query('BEGIN')
    await lapse(slow, slowly.id)
    await lapse(quick, quickly.id)

    const seen: string[] = []
    const look = async () => {
      const read = await follow(worker, cursor)
      seen.push(...read.events.map(({ subject }) => subject))
      cursor = read.cursor
    }
    await look()
    await slow.query('COMMIT')
    await look()
    await look()
    expect(seen.sort()).toEqual([`hyresgaranti/${slowly.id}`, `hyresgaranti/${quickly.id}`].sort())
  })

  test('gets what has happened to one thing in order, also when it was changed last by who began first', async () => {
    const [garanti, other] = [await grant(worker), await grant(worker)]
    const [early, late] = [await connection(), await connection()]
    const from = await now(worker)
    await early.query('BEGIN')
    // Takes its number now, and the row much later.
    await lapse(early, other.id)
    await lapse(late, garanti.id)
    await ungrant(early, garanti.id)
    await early.query('COMMIT')
    const { events } = await follow(worker, from)
    const of = events.filter(({ subject }) => subject.endsWith(garanti.id))
    expect(typesOf(of)).toEqual(['hyresgaranti.forfallen', 'hyresgaranti.beviljad'])
  })

  test('never goes back: eight writers, three readers', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, async () => (await grant(worker)).id as string))
    const from = await now(worker)
    let writing = true
    const written = Promise.all(
      ids.map(async (id, n) => {
        const client = await connection()
        for (let turn = 0; turn < 6; turn++) {
          await client.query('BEGIN')
          await (turn % 2 === 0 ? lapse(client, id) : ungrant(client, id))
          // Some hold theirs open.
          await sleep(n % 3 === 0 ? 120 : 5)
          await client.query('COMMIT')
        }
      }),
    ).finally(() => {
      writing = false
    })
    const reader = async () => {
      const seen: { id: string; subject: string; type: string }[] = []
      let cursor = from
      for (let rounds = 0; writing || rounds < 2; rounds = writing ? 0 : rounds + 1) {
        const read = await follow(worker, cursor, 3)
        seen.push(...read.events)
        cursor = read.cursor
      }
      return seen
    }
    const [one, two, three] = await Promise.all([reader(), reader(), reader(), written])
    expect(one).toHaveLength(48)
    expect(new Set(one?.map(({ id }) => id)).size).toBe(48)
    expect([two, three]).toEqual([one, one])
    for (const id of ids)
      expect(typesOf(one?.filter(({ subject }) => subject.endsWith(id)) ?? [])).toEqual(
        Array.from({ length: 6 }, (_, n) => (n % 2 === 0 ? 'hyresgaranti.forfallen' : 'hyresgaranti.beviljad')),
      )
  })

  test('goes on after the database was read back into a cluster that counts from its own start', async () => {
    const { cursor } = await follow(worker, await now(worker))
    // What was written before has numbers far ahead of this cluster's.
    await sql(`UPDATE handelse SET xid = (xid::text::bigint + 5000000)::text::xid8`)
    await sql('SELECT handelse_efter_aterlasning()')
    const { id } = await grant(worker)
    const [{ last }] = await sql('SELECT rad_id AS last FROM handelse ORDER BY xid DESC, nr DESC LIMIT 1')
    expect(last).toBe(id)
    const all = (await follow(worker, (await page(worker, { limit: 1 })).nextCursor, 1000)).events
    expect(all.at(-1)?.subject).toBe(`hyresgaranti/${id}`)
    // And a second time there is nothing to do.
    const [before] = await sql('SELECT bas FROM handelselage')
    await sql('SELECT handelse_efter_aterlasning()')
    expect(await sql('SELECT bas FROM handelselage')).toEqual([before])
    expect((await follow(worker, cursor)).events.at(-1)?.subject).toBe(`hyresgaranti/${id}`)
  })

  test('is told when the database is older than its cursor', async () => {
    const cursor = await now(worker)
    const [{ bas }] = await sql('SELECT bas FROM handelselage')
    await sql('UPDATE handelselage SET bas = bas - 5000')
    const { status, body } = await worker.get(`/handelser?cursor=${cursor}`)
    await sql('UPDATE handelselage SET bas = $1', [bas])
    expect({ status, kod: body.kod }).toEqual({ status: 410, kod: 'for-gammal-markor' })
  })
})

describe('a landlord', () => {
  test('is told of its own from when they are disclosed to it, with a link to its own view', async () => {
    const [mine, other] = [await createLandlord(worker), await createLandlord(worker)]
    const landlord = harness.hyresvard(mine.id)
    await activate(worker, { hyresvardId: other.id })
    const waiting = await grant(worker, { hyresvardId: mine.id })
    expect((await page(landlord)).handelser).toEqual([])
    ok(
      await worker.post(
        `/hyresgarantier/${waiting.id}/avtal`,
        { avtalTecknatDatum: '2025-03-01' },
        { ifMatch: waiting.etag },
      ),
    )
    const { handelser } = await page(landlord)
    expect(typesOf(handelser)).toEqual(['hyresgaranti.beviljad', 'hyresgaranti.aktiv'])
    expect(handelser[0]?.data.lank).toBe(`${harness.base}/v1/hyresvard/avslutsforslag`)
    expect((await landlord.get(pathOf(handelser[0]))).status).toBe(200)
  })

  test('is told nothing more the moment a disclosure is withdrawn', async () => {
    const { id: hyresvardId } = await createLandlord(worker)
    const { id } = await activate(worker, { hyresvardId })
    const landlord = harness.hyresvard(hyresvardId)
    expect((await page(landlord)).handelser).toHaveLength(2)
    const { utlamnanden } = ok(await worker.get(`/utlamnanden?hyresgarantiId=${id}`))
    ok(
      await worker.post(
        `/utlamnanden/${utlamnanden[0].id}/aterkallande`,
        { skal: 'Samtycket drogs tillbaka.' },
        { ifMatch: '*' },
      ),
    )
    expect((await page(landlord)).handelser).toEqual([])
  })

  test('is told of a förtur that is handed over to it after another, which is told no more', async () => {
    const [one, two] = [await createLandlord(worker, 'Ett AB', true), await createLandlord(worker, 'Två AB', true)]
    const fortur = await granted(harness, worker)
    const handOver = async (hyresvardId: string) =>
      ok(await worker.post(`/forturer/${fortur.id}/overlamnande`, { hyresvardId }, { ifMatch: '*' }))
    await handOver(one.id)
    expect(typesOf((await page(harness.hyresvard(one.id))).handelser)).toEqual(['fortur.hosHyresvard'])
    const from = await now(worker)
    await handOver(two.id)
    const { handelser } = await page(harness.hyresvard(two.id))
    expect(typesOf(handelser)).toEqual(['fortur.hosHyresvard'])
    expect((await harness.hyresvard(two.id).get(pathOf(handelser[0]))).status).toBe(200)
    expect((await page(harness.hyresvard(one.id))).handelser).toEqual([])
    // Its state is the same.
    expect((await page(worker, { cursor: from })).handelser).toEqual([])
  })

  test('cannot ask for what it never gets', async () => {
    const { id } = await createLandlord(worker)
    expect((await harness.hyresvard(id).get('/handelser?typ=se.hemvist.arende.*')).status).toBe(400)
  })
})

describe('serviceförvaltningen', () => {
  const keeper = harness.as([], 'serviceforvaltningen')

  test('is told of the homes of the pool, and of what it lets once a home is proposed, never of the queue', async () => {
    const who = people(harness)
    const from = await now(keeper)
    const row = await signed(who, harness)
    const { events } = await follow(keeper, from)
    const own = events.filter(({ subject }) => [row.id, row.lagenhetId].some(id => subject.endsWith(id)))
    expect(typesOf(own).sort()).toEqual([
      'lagenhet.ledig',
      'lagenhet.reserverad',
      'lagenhet.uthyrd',
      'stodlagenhet.avtalTecknat',
      'stodlagenhet.foreslagen',
      'stodlagenhet.tilldelad',
    ])
    for (const event of own) expect((await keeper.get(pathOf(event))).status).toBe(200)
    await protect(row.hushallId)
    expect((await follow(keeper, from)).events.filter(event => own.some(({ id }) => id === event.id))).toEqual([])
  })
})

describe('a household that becomes protected', () => {
  test('is gone from every feed but that of the cleared, also what was on its way', async () => {
    const { id: hyresvardId } = await createLandlord(worker)
    const landlord = harness.hyresvard(hyresvardId)
    const { id: hushallId } = await createHousehold(worker)
    const [from, landlordFrom] = [await now(worker), await now(landlord)]
    const { id } = await activate(worker, { hushallId, hyresvardId })
    expect((await page(worker, { cursor: from })).handelser).toHaveLength(2)
    expect((await page(landlord, { cursor: landlordFrom })).handelser).toHaveLength(2)
    await protect(hushallId)
    expect((await page(worker, { cursor: from })).handelser).toEqual([])
    expect((await page(landlord, { cursor: landlordFrom })).handelser).toEqual([])
    const seen = (await page(cleared, { cursor: from })).handelser
    expect(seen.map(({ subject }) => subject)).toEqual([`hyresgaranti/${id}`, `hyresgaranti/${id}`])
  })

  test('wakes nobody who waits and may not know', async () => {
    const person = { personnummer: nextPersonnummer(), fornamn: 'Ida', efternamn: 'Ek', roll: 'sokande' }
    const { body } = await cleared.post('/hushall', { personer: [{ ...person, skyddsniva: 'sekretessmarkering' }] })
    const from = await now(worker)
    const started = performance.now()
    const [waited, told] = [page(worker, { cursor: from, vanta: 2 }), page(cleared, { cursor: from, vanta: 10 })]
    await sleep(300)
    await grant(cleared, { hushallId: body.id })
    expect((await told).handelser).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(1800)
    expect((await waited).handelser).toEqual([])
    expect(performance.now() - started).toBeGreaterThan(1950)
  })
})

describe('whoever waits', () => {
  test('is answered when something happens, and with an empty page when nothing does', async () => {
    const from = await now(worker)
    const started = performance.now()
    const waited = page(worker, { cursor: from, vanta: 20 })
    await sleep(500)
    const { id } = await grant(worker)
    const { handelser, nextCursor } = await waited
    expect(handelser.map(({ subject }) => subject)).toEqual([`hyresgaranti/${id}`])
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await page(worker, { cursor: nextCursor, vanta: 1 })).handelser).toEqual([])
    expect(performance.now() - started).toBeGreaterThan(1400)
  })

  test('misses nothing that happens while it goes from one reading to the next', async () => {
    const from = await now(worker)
    const made: string[] = []
    const seen: string[] = []
    const reading = (async () => {
      for (let cursor = from; seen.length < 30; ) {
        const { handelser, nextCursor } = await page(worker, { cursor, vanta: 10, limit: 2 })
        if (handelser.length === 0) return
        seen.push(...handelser.map(({ subject }) => subject))
        cursor = nextCursor
      }
    })()
    for (let n = 0; n < 30; n++) {
      made.push(`hyresgaranti/${(await grant(worker)).id}`)
      await sleep(Math.random() * 60)
    }
    await reading
    expect(seen).toEqual(made)
  })

  test('costs no connection: a thousand wait, and the pool of twelve answers others as fast as ever', async () => {
    const landlords = await Promise.all(Array.from({ length: 10 }, () => createLandlord(worker)))
    const from = await Promise.all(
      landlords.map(async ({ id }) => {
        const client = harness.hyresvard(id)
        return { cursor: await now(client), headers: { authorization: `Bearer ${await client.token()}` } }
      }),
    )
    const waiting = Array.from({ length: 1000 }, async (_, n) => {
      const { cursor, headers } = from[n % 10] as (typeof from)[number]
      const answer = await fetch(`${harness.base}/v1/handelser?cursor=${cursor}&vanta=25`, { headers })
      return (await answer.json()) as FeedPage
    })
    const connections = promisify(harness.app.server.getConnections.bind(harness.app.server))
    const pool = async () =>
      sql(`SELECT state FROM pg_stat_activity WHERE application_name = 'hemvist' AND datname = current_database()`)
    const inUse = async () => (await pool()).filter(({ state }) => state !== 'idle').length
    while (((await connections()) as number) < 1000 || (await inUse()) > 2) await sleep(50)

    const took: number[] = []
    for (let n = 0; n < 40; n++) {
      expect(await inUse()).toBeLessThanOrEqual(2)
      const asked = performance.now()
      ok(await worker.get('/hyresvardar?limit=1'))
      took.push(performance.now() - asked)
      await sleep(25)
    }
    // The two pools of the service, however many wait.
    expect((await pool()).length).toBeLessThanOrEqual(16)
    expect(took.sort((a, b) => a - b)[20]).toBeLessThan(50)
    for (const { id } of landlords) await activate(worker, { hyresvardId: id })
    const acted = performance.now()
    const pages = await Promise.all(waiting)
    expect(performance.now() - acted).toBeLessThan(3000)
    expect(pages.filter(({ handelser }) => !(handelser?.length > 0))).toEqual([])
  })
})

describe('what is older than it is kept', () => {
  const age = (days: number, ids: string[]) =>
    sql(`UPDATE handelse SET tid = now() - make_interval(days => $1) WHERE rad_id = ANY ($2)`, [days, ids])

  test('is removed, and whoever may have missed it is told to start over', async () => {
    const landlord = await createLandlord(worker)
    const quiet = harness.hyresvard(landlord.id)
    const [old, kept] = [await grant(worker), await grant(worker)]
    harness.clock.day = Temporal.Now.plainDateISO().toString()
    const [from, untouched] = [await now(worker), await now(quiet)]
    await age(401, [old.id])
    expect((await harness.job('gallra-handelser')) as object).toEqual({ borttagna: 2 })
    const left = await sql('SELECT rad_id FROM handelse WHERE rad_id = ANY ($1)', [[old.id, kept.id]])
    expect(left.map(({ rad_id }) => rad_id)).toEqual([kept.id, kept.id])
    // Nobody who has read since then has missed anything.
    expect((await worker.get(`/handelser?cursor=${from}`)).status).toBe(200)
    expect((await quiet.get(`/handelser?cursor=${untouched}`)).status).toBe(200)

    // Not read for so long, however little has happened.
    await sql(`UPDATE handelselage SET gallrad_till = now() + interval '1 day'`)
    const { status, body } = await worker.get(`/handelser?cursor=${from}`)
    expect({ status, kod: body.kod }).toEqual({ status: 410, kod: 'for-gammal-markor' })
    expect(body.detail).toMatch(/[Bb]örja om/)
    expect((await page(worker, { limit: 1 })).handelser).toHaveLength(1)
    expect((await worker.get('/handelser?cursor=nu')).status).toBe(200)
    await sql(`UPDATE handelselage SET gallrad_till = '-infinity'`)
    harness.clock.day = '2026-09-15'
  })

  test('is never younger than thirty days, whatever the day of the job', async () => {
    const { id } = await grant(worker)
    await harness.job('gallra-handelser', '2040-01-01')
    expect(await sql('SELECT FROM handelse WHERE rad_id = $1', [id])).toHaveLength(2)
    await sql(`UPDATE handelselage SET gallrad_till = '-infinity'`)
  })
})
