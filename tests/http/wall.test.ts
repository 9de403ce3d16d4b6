import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'

const frontend = 'https://boende.example.se'
const harness = await startTestApp({ settings: { CORS_ORIGINS: frontend } })
const limited = await startTestApp({ settings: { ANROP_PER_MINUT: '5' } })
const handlaggare = harness.as('handlaggare')
await createLandlord(handlaggare)

test('every answer tells browsers to load, frame, sniff and remember nothing', async () => {
  for (const answer of [
    await handlaggare.get('/hyresvardar'),
    await handlaggare.get('/hyresvardar/x'),
    await harness.request('get', '/finns-inte'),
  ]) {
    expect(answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringContaining('max-age='),
      'cache-control': 'no-store',
    })
    expect(answer.headers).not.toHaveProperty('x-powered-by')
    expect(answer.headers).not.toHaveProperty('server')
  }
})

test('Swagger UI may load its own scripts, and offers each party’s document', async () => {
  const page = await fetch(`${harness.base}/docs/`)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const script = await (await fetch(`${harness.base}/docs/static/swagger-initializer.js`)).text()
  expect(script).toContain('/v1/openapi.json?part=hyresvard')
})

test('only a listed origin may call from a browser', async () => {
  const ask = (base: string, origin: string) =>
    fetch(`${base}/v1/hyresvardar`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'PATCH' },
    })
  const listed = await ask(harness.base, frontend)
  expect(listed.status).toBe(204)
  expect(listed.headers.get('access-control-allow-origin')).toBe(frontend)
  expect((await ask(harness.base, 'https://annan.example.se')).headers.get('access-control-allow-origin')).toBeNull()
  const off = await ask(limited.base, frontend)
  expect([off.status, off.headers.get('access-control-allow-origin')]).toEqual([405, null])
  const real = await handlaggare.get('/hyresvardar', { headers: { origin: frontend } })
  expect(real.headers['access-control-expose-headers']).toContain('etag')
})

test('a client that asks too often is told when to come back, and others are not held up', async () => {
  const eager = limited.as('handlaggare', undefined, 'ivrig')
  const answers = []
  for (let n = 0; n < 6; n++) answers.push(await eager.get('/hyresvardar'))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
  expect(answers[5]?.body).toMatchObject({ kod: 'for-manga-anrop', status: 429 })
  expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(0)
  expect((await limited.as('handlaggare', undefined, 'lugn').get('/hyresvardar')).status).toBe(200)
  expect((await fetch(`${limited.base}/health/live`)).status).toBe(200)
})

test('a process that lags refuses work with 503, but still says that it lives', async () => {
  const slow = await startedWithLag()
  const block = setInterval(() => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  }, 301)
  await new Promise(resolve => setTimeout(resolve, 2500))
  const answer = await slow.as('handlaggare').get('/hyresvardar')
  const alive = await fetch(`${slow.base}/health/live`)
  clearInterval(block)
  expect(answer.body).toMatchObject({ status: 503, kod: 'overbelastad' })
  expect(answer.headers['retry-after']).toBeDefined()
  expect(alive.status).toBe(200)
})
const lagging = await startTestApp({ settings: { OVERLAST_MS: '100' } })
const startedWithLag = async () => lagging

test('a party’s document has what it may call and what that needs, and nothing else', async () => {
  const document = async (query: string) => (await harness.request('get', `/openapi.json${query}`)).body
  const prenumerationer = [
    '/prenumerationer',
    '/prenumerationer/{id}',
    '/prenumerationer/{id}/leveranser',
    '/prenumerationer/{id}/nyckelbyte',
    '/prenumerationer/{id}/omleverans',
    '/prenumerationer/{id}/provleverans',
    '/prenumerationer/{id}/upphorande',
  ]
  const [all, landlords] = [await document(''), await document('?part=hyresvard')]
  expect(Object.keys(landlords.paths).sort()).toEqual([
    '/api-info',
    '/handelser',
    '/handelser/strom',
    '/hyresvard/avslutsforslag',
    '/hyresvard/avslutsforslag/{id}/svar',
    '/hyresvard/flyttkedjor',
    '/hyresvard/flyttkedjor/lankar/{lankId}',
    '/hyresvard/flyttkedjor/lankar/{lankId}/svar',
    '/hyresvard/forturer',
    '/hyresvard/forturer/{id}',
    '/hyresvard/forturer/{id}/erbjudanden',
    '/hyresvard/forturer/{id}/erbjudanden/{erbjudandeId}/svar',
    '/hyresvard/forturer/{id}/kontrakt',
    '/hyresvard/genomgangar',
    '/hyresvard/genomgangssvar',
    '/hyresvard/inkommande',
    ...prenumerationer,
  ])
  expect(Object.keys(landlords.components.schemas)).toContain('HyresvardensGenomgang')
  for (const hidden of ['Hyresgaranti', 'Hushall', 'Person', 'Genomgang', 'Atkomst'])
    expect(Object.keys(landlords.components.schemas)).not.toContain(hidden)
  const refs = [...JSON.stringify(landlords).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)
  for (const name of refs) expect(landlords.components.schemas).toHaveProperty(name as string)
  const keeper = await document('?part=serviceforvaltningen')
  expect(
    Object.keys(keeper.paths)
      .filter(path => !path.startsWith('/serviceforvaltningen/'))
      .sort(),
  ).toEqual(['/api-info', '/handelser', '/handelser/strom', ...prenumerationer])
  expect(Object.keys(keeper.paths).length).toBeGreaterThan(12)
  for (const hidden of ['Stodlagenhet', 'Upplatelse', 'Avstaende', 'Uppfoljning', 'Hushall', 'BfBoende'])
    expect(Object.keys(keeper.components.schemas)).not.toContain(hidden)
  expect(Object.keys((await document('?part=socialforvaltningen')).paths).length).toBe(
    Object.keys(all.paths).filter(path => !/^\/(hyresvard|serviceforvaltningen)\//.test(path)).length,
  )
  expect((await harness.request('get', '/openapi.json?part=nagon')).status).toBe(400)
})
