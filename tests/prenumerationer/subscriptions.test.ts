import { randomUUID } from 'node:crypto'
import { created, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'
import { startProgram, stopProgram } from '../processes.ts'
import { startReceiver, subscribe, until, verify, webhookSettings } from './receiving.ts'

const harness = await startTestApp({ settings: webhookSettings })
const [a, b] = [await createLandlord(harness.as('handlaggare')), await createLandlord(harness.as('handlaggare'))]
const [one, other] = [harness.hyresvard(a.id), harness.hyresvard(b.id)]
const administrator = harness.as('administrator')
const url = 'https://integration.example.se/hemvist'

test('the secret is shown once, is encrypted where it is kept, and stands in no history', async () => {
  const made = created(await one.post('/prenumerationer', { url }))
  expect(made.hemlighet).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(made).toMatchObject({ url, typer: [], aktiv: true, avslutad: null, halsa: { vantar: 0, doda: 0 } })
  const read = await one.get(`/prenumerationer/${made.id}`)
  expect(read.headers.etag).toBe(made.etag)
  expect(read.body).not.toHaveProperty('hemlighet')
  expect(ok(await one.get('/prenumerationer')).prenumerationer[0]).not.toHaveProperty('hemlighet')
  const { rows } = await harness.owner.query(
    `SELECT l::text AS text FROM leveranslage l UNION ALL SELECT h::text FROM historik h WHERE tabell = 'prenumeration'`,
  )
  expect(rows.length).toBeGreaterThan(1)
  for (const { text } of rows) expect(text).not.toContain(made.hemlighet.slice(6))
  expect(harness.logLines.join('')).not.toContain(made.hemlighet.slice(6))
})

test('a party sees and changes its own subscriptions and no others', async () => {
  const { id } = await subscribe(one, url)
  for (const client of [other, administrator, harness.as([], 'serviceforvaltningen')]) {
    expect(ok(await client.get('/prenumerationer')).prenumerationer.map((p: { id: string }) => p.id)).not.toContain(id)
    for (const answer of [
      await client.get(`/prenumerationer/${id}`),
      await client.get(`/prenumerationer/${id}/leveranser`),
      await client.patch(`/prenumerationer/${id}`, { aktiv: false }, { ifMatch: '*' }),
      await client.post(`/prenumerationer/${id}/upphorande`, {}, { ifMatch: '*' }),
      await client.post(`/prenumerationer/${id}/nyckelbyte`, {}, { ifMatch: '*' }),
      await client.post(`/prenumerationer/${id}/provleverans`),
      await client.post(`/prenumerationer/${id}/omleverans?fran=2026-01-01T00:00:00Z`),
    ])
      expect(answer.body).toMatchObject({ status: 404, kod: 'finns-inte' })
  }
})

test('what is changed is what was read, and an ended subscription is not changed again', async () => {
  const { id, etag } = await subscribe(one, url)
  expect((await one.patch(`/prenumerationer/${id}`, { aktiv: false })).status).toBe(428)
  const changed = ok(await one.patch(`/prenumerationer/${id}`, { aktiv: false }, { ifMatch: etag }))
  expect((await one.patch(`/prenumerationer/${id}`, { aktiv: true }, { ifMatch: etag })).status).toBe(412)
  const ended = ok(await one.post(`/prenumerationer/${id}/upphorande`, {}, { ifMatch: changed.etag }))
  expect(ended).toMatchObject({ aktiv: false, avslutsorsak: 'egenBegaran', avslutad: expect.any(String) })
  expect(Object.keys(ended._links)).not.toContain('upphorande')
  for (const answer of [
    await one.patch(`/prenumerationer/${id}`, { aktiv: true }, { ifMatch: '*' }),
    await one.post(`/prenumerationer/${id}/nyckelbyte`, {}, { ifMatch: '*' }),
    await one.post(`/prenumerationer/${id}/upphorande`, {}, { ifMatch: '*' }),
    await one.post(`/prenumerationer/${id}/provleverans`),
  ])
    expect(answer.body).toMatchObject({ status: 409, kod: 'prenumerationen-ar-avslutad' })
})

test.each([
  [{ url: 'http://integration.example.se' }, '/url', 'inte-https'],
  [{ url: 'https://169.254.169.254/latest' }, '/url', 'otillaten-adress'],
  [{ url, typer: ['se.hemvist.hyresgaranti.aktiv', 'se.hemvist.okand.aktiv'] }, '/typer/1', 'okand-handelsetyp'],
  [{ url, typer: ['se.hemvist.arende.bifall'] }, '/typer/0', 'okand-handelsetyp'],
])('%j is refused, and nothing of it is repeated', async (body, pointer, kod) => {
  for (const answer of [
    await one.post('/prenumerationer', body),
    await one.patch(`/prenumerationer/${(await subscribe(one, url)).id}`, body, { ifMatch: '*' }),
  ]) {
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer, kod }] })
    expect(answer.text).not.toContain('okand.aktiv')
    expect(answer.text).not.toContain('169.254')
  }
})

test('a party has at most twenty, also when it asks for many at once', async () => {
  const client = harness.hyresvard(randomUUID())
  const answers = await Promise.all(Array.from({ length: 25 }, () => client.post('/prenumerationer', { url })))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(20)
  expect(answers.find(({ status }) => status !== 201)?.body).toMatchObject({ kod: 'for-manga-prenumerationer' })
})

test('a test delivery is signed, is of nothing, and says how it went', async () => {
  const receiver = await startReceiver()
  const { id, hemlighet } = await subscribe(one, receiver.url)
  expect(ok(await one.post(`/prenumerationer/${id}/provleverans`))).toMatchObject({
    lyckades: true,
    status: 204,
    fel: null,
  })
  expect(verify(hemlighet, receiver.got[0] as never)).toMatchObject({ type: 'se.hemvist.prov' })
  receiver.answer = response => response.writeHead(302, { location: 'https://example.se' }).end()
  expect(ok(await one.post(`/prenumerationer/${id}/provleverans`))).toMatchObject({
    lyckades: false,
    status: 302,
    fel: 'omdirigering',
    forklaring: expect.stringContaining('url'),
  })
  receiver.close()
  expect(ok(await one.post(`/prenumerationer/${id}/provleverans`))).toMatchObject({ fel: 'ingenAnslutning' })
})

test('the example receiver takes what is signed with its secret, and nothing else', async () => {
  const begun = async (secret: string) => {
    const program = startProgram('examples/mottagare.ts', [], { HEMLIGHET: secret, PORT: '0' })
    await until(() => program.output.stderr.includes('http://'), 'the receiver')
    return { program, url: /http:\S+/.exec(program.output.stderr)?.[0] as string }
  }
  const { id, hemlighet } = await subscribe(one, 'http://127.0.0.1:9/')
  const [right, wrong] = [
    await begun(`whsec_${Buffer.alloc(32).toString('base64')},${hemlighet}`),
    await begun('whsec_eA=='),
  ]
  const tryAt = async (url: string) => {
    ok(await one.patch(`/prenumerationer/${id}`, { url }, { ifMatch: '*' }))
    return ok(await one.post(`/prenumerationer/${id}/provleverans`))
  }
  expect(await tryAt(right.url)).toMatchObject({ lyckades: true, status: 204 })
  expect(await tryAt(wrong.url)).toMatchObject({ lyckades: false, status: 401, fel: 'felstatus' })
  await until(() => right.program.output.stdout.includes('se.hemvist.prov'), 'the event')
  for (const { program } of [right, wrong]) await stopProgram(program)
  expect(wrong.program.output.stdout).toBe('')
})

test('the metrics say how it goes for all together, and name no party, address or person', async () => {
  await harness.owner.query("UPDATE leveranslage SET misslyckas_sedan = now() - interval '1 minute'")
  const text = await (await fetch(`${harness.base}/metrics`)).text()
  const lines = text.split('\n').filter(line => line.startsWith('hemvist_webhook_'))
  expect(lines.map(line => line.replace(/ [\d.]+$/, ''))).toEqual([
    'hemvist_webhook_waiting',
    'hemvist_webhook_oldest_waiting_seconds',
    'hemvist_webhook_dead',
    'hemvist_webhook_failing_subscriptions',
  ])
  expect(Number(lines[3]?.split(' ')[1])).toBeGreaterThan(0)
})
