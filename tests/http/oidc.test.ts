import { createHash, createPublicKey, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { readConfig } from '../../src/config.ts'
import { createTokenVerifier, keyTimes } from '../../src/http/tokens.ts'
import { roller } from '../../src/shared/caller.ts'
import { startTestApp, TestClock } from '../harness.ts'

// The provider warns, each time, that it is not set up for production.
console.warn = console.info = () => {}
const { default: Provider } = await import('oidc-provider')

const lkf = randomUUID()
const minute = 60_000
const day = 24 * 60 * minute
const lifetime = 3 * day

/** The machine's time, moved ahead as a test needs. */
class MovableClock extends TestClock {
  ahead = 0
  override now() {
    return Temporal.Now.instant().add({ milliseconds: this.ahead })
  }
}

/** What the directory says of people and clients; the provider puts it in their tokens. */
const claimsOf: Record<string, Record<string, unknown>> = {
  'lkf-integration': { part: `hyresvard:${lkf}`, roller: [] },
  'serviceforvaltningen-integration': { part: 'serviceforvaltningen', roller: [] },
  'anna.andersson': { part: 'socialforvaltningen', roller: ['handlaggare', 'skyddsgrupp'] },
  'nils.nilsson': { part: 'socialforvaltningen', roller: [] },
}
const redirect = 'http://127.0.0.1:9/klar'

async function newKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: randomUUID() }
}

/** An OpenID provider on loopback whose keys can be changed and which can be made unreachable. */
async function startIssuer() {
  let answer: (request: never, response: never) => unknown
  const seen: string[] = []
  const issuer = { url: '', keys: [] as JWK[], seen, away: false, document: undefined as object | undefined }
  const server = createServer((request, response) => {
    seen.push(request.url as string)
    if (issuer.away) request.socket.destroy()
    else if (issuer.document && request.url?.includes('.well-known')) response.end(JSON.stringify(issuer.document))
    else answer(request as never, response as never)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const machine = (client_id: string) => ({
    client_id,
    client_secret: `hemlig-${client_id}`,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  })
  function serve(...keys: JWK[]) {
    const provider = new Provider(issuer.url, {
      jwks: { keys: keys as never },
      clients: [
        machine('lkf-integration'),
        machine('serviceforvaltningen-integration'),
        {
          client_id: 'hemvist-frontend',
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: [redirect],
          application_type: 'native',
        },
      ],
      cookies: { keys: ['kaka'] },
      clientDefaults: { id_token_signed_response_alg: keys[0]?.alg as 'ES256' },
      features: {
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({
            scope: 'hemvist',
            audience: 'hemvist',
            accessTokenFormat: 'jwt',
            accessTokenTTL: lifetime / 1000,
            jwt: { sign: { alg: keys[0]?.alg as 'ES256' } },
          }),
        },
      },
      extraTokenClaims: (_, token) => claimsOf['accountId' in token ? String(token.accountId) : String(token.clientId)],
    })
    provider.on('server_error', (_, error) => console.error(error))
    issuer.keys = keys
    answer = provider.callback() as never
  }
  serve(await newKey('ES256'))

  async function token(body: Record<string, string>): Promise<string> {
    const reply = await fetch(`${issuer.url}/token`, {
      method: 'POST',
      body: new URLSearchParams({ resource: 'urn:hemvist', ...body }),
    })
    const { access_token, ...rest } = (await reply.json()) as { access_token?: string }
    if (!access_token) throw new Error(JSON.stringify(rest))
    return access_token
  }

  return Object.assign(issuer, {
    serve,
    /** A token for a machine, by client credentials. */
    machine: (client_id: string) =>
      token({ grant_type: 'client_credentials', client_id, client_secret: `hemlig-${client_id}`, scope: 'hemvist' }),
    /** A token for a person in a frontend: authorization code with PKCE, through the provider's own pages. */
    async person(login: string) {
      const client_id = 'hemvist-frontend'
      const verifier = randomBytes(32).toString('base64url')
      const cookies = new Map<string, string>()
      const step = async (url: string, form?: Record<string, string>) => {
        const reply = await fetch(new URL(url, issuer.url), {
          method: form ? 'POST' : 'GET',
          redirect: 'manual',
          headers: { cookie: [...cookies].map(pair => pair.join('=')).join('; ') },
          body: form && new URLSearchParams(form),
        })
        for (const line of reply.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) as RegExpExecArray
          if (value) cookies.set(name as string, value)
          else cookies.delete(name as string)
        }
        return reply.headers.get('location') as string
      }
      let at = await step(
        `/auth?${new URLSearchParams({
          client_id,
          response_type: 'code',
          redirect_uri: redirect,
          scope: 'hemvist',
          resource: 'urn:hemvist',
          code_challenge: createHash('sha256').update(verifier).digest('base64url'),
          code_challenge_method: 'S256',
        })}`,
      )
      at = await step(await step(at, { prompt: 'login', login, password: 'x' }))
      at = await step(await step(at, { prompt: 'consent' }))
      const code = new URL(at).searchParams.get('code') as string
      return token({
        grant_type: 'authorization_code',
        client_id,
        code,
        code_verifier: verifier,
        redirect_uri: redirect,
      })
    },
    /** A token as the provider would sign it, with these things otherwise. */
    async signed(
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      key = issuer.keys[0] as JWK,
    ) {
      const now = Math.floor(Date.now() / 1000)
      return new SignJWT({
        iss: issuer.url,
        aud: 'hemvist',
        sub: 'anna.andersson',
        client_id: 'hemvist-frontend',
        iat: now,
        exp: now + 600,
        ...claimsOf['anna.andersson'],
        ...claims,
      })
        .setProtectedHeader({ alg: key.alg as string, typ: 'at+jwt', kid: key.kid, ...header })
        .sign(key.kty === 'oct' ? Buffer.from(key.k as string, 'base64url') : await importJWK(key))
    },
    stop: () => new Promise(resolve => server.close(resolve).closeAllConnections()),
  })
}

const issuer = await startIssuer()
afterAll(() => issuer.stop())
const clock = new MovableClock('2026-09-15')
const { as, request, logLines } = await startTestApp({ clock, settings: { OIDC_ISSUER: issuer.url } })

/** How the service answers a token on a caseworker's route. */
const answer = (token: string, path = '/hyresvardar') =>
  request('get', path, { headers: { authorization: `Bearer ${token}` } })
const status = async (token: string, path?: string) => (await answer(token, path)).status

/** A verifier of its own, with its own keys and time, and what it has logged. */
async function verifierWith(settings: Record<string, string> = {}, times = keyTimes) {
  const clock = new MovableClock('2026-09-15')
  const config = readConfig({ NODE_ENV: 'test', OIDC_ISSUER: issuer.url, ...settings })
  const { verify } = await createTokenVerifier(config, clock, times)
  const warnings: string[] = []
  return { clock, warnings, verify: (token: string) => verify(token, { warn: text => void warnings.push(text) }) }
}
const keyReads = () => issuer.seen.filter(path => path === '/jwks').length

afterEach(() => {
  issuer.away = false
  issuer.document = undefined
  clock.ahead = 0
})

describe('tokens from a real OpenID provider', () => {
  test('client credentials: LKF and serviceförvaltningen are their parties', async () => {
    const { verify } = await verifierWith()
    const token = await issuer.machine('lkf-integration')
    expect(await verify(token)).toEqual({
      sub: 'lkf-integration',
      part: 'hyresvard',
      partId: lkf,
      roller: [],
      klient: 'lkf-integration',
    })
    expect(await status(token, '/hyresvard/genomgangar')).toBe(200)
    expect(await status(token)).toBe(403)

    const other = await issuer.machine('serviceforvaltningen-integration')
    expect(await verify(other)).toMatchObject({ part: 'serviceforvaltningen', partId: null, roller: [] })
    expect(await status(other, '/hyresvard/genomgangar')).toBe(403)
  })

  test('authorization code with PKCE: a person with roles', async () => {
    const { verify } = await verifierWith()
    const token = await issuer.person('anna.andersson')
    expect(await verify(token)).toEqual({
      sub: 'anna.andersson',
      part: 'socialforvaltningen',
      partId: null,
      roller: ['handlaggare', 'skyddsgrupp'],
      klient: 'hemvist-frontend',
    })
    expect(await status(token)).toBe(200)
    expect(await status(token, '/hyresvard/genomgangar')).toBe(403)
    expect(await status(await issuer.person('nils.nilsson'))).toBe(403)
  })

  test('a refusal says that the token is not valid, and no more', async () => {
    const token = await issuer.machine('lkf-integration')
    clock.ahead = lifetime + 2 * minute
    const { status, headers, body } = await answer(token)
    expect({ status, challenge: headers['www-authenticate'], kod: body.kod }).toEqual({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      kod: 'inte-inloggad',
    })
    const without = await request('get', '/hyresvardar')
    expect([without.status, without.headers['www-authenticate']]).toEqual([401, 'Bearer'])
    expect(logLines.join()).not.toContain(token)
  })

  test('the development issuer is not believed beside it', async () => {
    expect((await as('handlaggare').get('/hyresvardar')).status).toBe(401)
  })
})

describe('what a token must be', () => {
  const seconds = (ahead: number) => Math.floor(Date.now() / 1000) + ahead
  const good: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    ['as issued', {}],
    ['for several audiences', { aud: ['annan', 'hemvist'] }],
    ['expired within the skew', { exp: seconds(-30) }],
    ['not yet valid within the skew', { nbf: seconds(30) }],
    ['with the type in full', {}, { typ: 'application/at+jwt' }],
  ]
  test.each(good)('%s: believed', async (...[, claims, header]) => {
    expect(await status(await issuer.signed(claims, header))).toBe(200)
  })

  const bad: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    ['expired beyond the skew', { exp: seconds(-61) }],
    ['not yet valid beyond the skew', { nbf: seconds(120) }],
    ['without an end', { exp: undefined }],
    ['without a subject', { sub: undefined }],
    ['without a client', { client_id: undefined }],
    ['from another issuer', { iss: 'https://annan.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'annan' }],
    ['for no audience', { aud: undefined }],
    ['an id token', {}, { typ: 'JWT' }],
    ['without a type', {}, { typ: undefined }],
    ['of an unknown key', {}, { kid: 'okand' }],
    ['of no party', { part: undefined }],
    ['of an unknown party', { part: 'polisen' }],
    ['of the service itself', { part: 'system' }],
    ['of a landlord without an id', { part: 'hyresvard' }],
    ['of two parties', { part: ['socialforvaltningen', 'serviceforvaltningen'] }],
  ]
  test.each(bad)('%s: refused', async (...[, claims, header]) => {
    const { status, headers } = await answer(await issuer.signed(claims, header))
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer error="invalid_token"'])
  })

  test('unsigned, signed with a shared secret, or by anyone else: refused', async () => {
    const [key] = issuer.keys as [JWK]
    const parts = (await issuer.signed()).split('.')
    const header = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url')
    const pem = createPublicKey({ key: key as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
    const secret = { kty: 'oct', alg: 'HS256', kid: key.kid, k: Buffer.from(pem).toString('base64url') }
    const stranger = { ...(await newKey('ES256')), kid: key.kid }
    const [, payload, signature] = parts
    const forged = [
      `${header({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      `${header({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
      await issuer.signed({}, {}, secret),
      await issuer.signed({}, {}, stranger),
      await issuer.signed({}, { jwk: stranger, jku: 'http://127.0.0.1:9/' }, stranger),
      `${parts[0]}.${header({ ...JSON.parse(Buffer.from(payload as string, 'base64url').toString()), sub: 'annan' })}.${signature}`,
      parts.join('.').slice(0, -4),
      'inte.en.token',
      'x',
    ]
    for (const token of forged) expect(await status(token)).toBe(401)
  })
})

describe('keys', () => {
  /** The issuer with keys of its own, and as it was afterwards. */
  const before = issuer.keys
  afterEach(() => issuer.serve(...before))

  test('a new key is picked up at once, and an unknown one asks at most each half minute', async () => {
    const { verify, clock } = await verifierWith()
    expect(await verify(await issuer.machine('lkf-integration'))).not.toBeNull()
    clock.ahead = 31_000
    const [old] = issuer.keys as [JWK]
    issuer.serve(await newKey('RS256'), old)
    const rotated = await issuer.machine('lkf-integration')
    const atOnce = await Promise.all([rotated, rotated, await issuer.machine('lkf-integration')].map(verify))
    expect(atOnce).not.toContain(null)

    const reads = keyReads()
    for (let i = 0; i < 5; i++) expect(await verify(await issuer.signed({}, { kid: `okand-${i}` }))).toBeNull()
    expect(keyReads()).toBe(reads)
    clock.ahead = 62_000
    await Promise.all(['a', 'b', 'c'].map(async kid => verify(await issuer.signed({}, { kid }))))
    expect(keyReads()).toBe(reads + 1)
    expect(await verify(rotated)).not.toBeNull()
  })

  test('a withdrawn key is refused within ten minutes, also for a token that was just believed', async () => {
    const { verify, clock } = await verifierWith()
    const token = await issuer.machine('lkf-integration')
    expect(await verify(token)).not.toBeNull()
    issuer.serve(await newKey('EdDSA'))
    clock.ahead = 10 * minute - 5000
    expect(await verify(token)).not.toBeNull()
    clock.ahead = 10 * minute + 1
    expect(await verify(token)).toBeNull()
    expect(await verify(await issuer.machine('lkf-integration'))).not.toBeNull()
  })

  test('an issuer that is away keeps its known keys for two days and never opens the door', async () => {
    const { verify, clock, warnings } = await verifierWith()
    const token = await issuer.machine('lkf-integration')
    const other = await issuer.machine('serviceforvaltningen-integration')
    expect(await verify(token)).not.toBeNull()
    issuer.away = true
    clock.ahead = day
    expect(await verify(token)).not.toBeNull()
    expect(await verify(other)).not.toBeNull()
    expect(await verify(await issuer.signed({}, { kid: 'okand' }))).toBeNull()
    expect(warnings).toHaveLength(1)
    expect(warnings.join()).toMatch(/OIDC_ISSUER cannot be read \(.+\)\. Known ones are kept/)
    clock.ahead = 2 * day + minute
    expect(await verify(token)).toBeNull()
    issuer.away = false
    clock.ahead += minute
    expect(await verify(token)).not.toBeNull()
  })

  test('an issuer that is away from the start is asked again', async () => {
    const { verify, clock, warnings } = await verifierWith()
    const token = await issuer.machine('lkf-integration')
    issuer.away = true
    expect(await verify(token)).toBeNull()
    expect(warnings).toHaveLength(1)
    expect(warnings.join()).not.toContain(token)
    issuer.away = false
    clock.ahead = 1001
    expect(await verify(token)).not.toBeNull()
  })

  test('an issuer that does not answer in time, or not sensibly, is away', async () => {
    const token = await issuer.machine('lkf-integration')
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const { verify, warnings } = await verifierWith({ OIDC_ISSUER: url }, { ...keyTimes, answer: 50 })
    expect(await verify(token)).toBeNull()
    expect(warnings.join()).toMatch(/timeout/)
    silent.close()
    silent.closeAllConnections()

    const jwks_uri = `${issuer.url}/jwks`
    for (const [document, why] of [
      [{ issuer: 'https://annan.example', jwks_uri }, /names another issuer/],
      [{ issuer: `${issuer.url}/`, jwks_uri }, /names another issuer/],
      [{ issuer: issuer.url }, /URL/],
      [{ issuer: issuer.url, jwks_uri: 'file:///etc/passwd' }, /not https/],
      [{ issuer: issuer.url, jwks_uri: `${issuer.url}/finns-inte` }, /answers 404/],
      [{ issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/x` }, /JSON Web Key Set/],
    ] as const) {
      issuer.document = document
      const { verify, warnings } = await verifierWith()
      expect(await verify(token)).toBeNull()
      expect(warnings.join()).toMatch(why)
    }
  })

  test('a token that expires is refused although it was just believed', async () => {
    const { verify, clock } = await verifierWith()
    const token = await issuer.signed({ exp: Math.floor(Date.now() / 1000) + 20 })
    expect(await verify(token)).not.toBeNull()
    clock.ahead = 50_000
    expect(await verify(token)).not.toBeNull()
    clock.ahead = 81_000
    expect(await verify(token)).toBeNull()
  })

  test('a token is checked once a minute, not at each call', async () => {
    const { verify, clock } = await verifierWith()
    const token = await issuer.signed()
    const first = await verify(token)
    expect(await verify(token)).toBe(first)
    clock.ahead = minute + 1000
    const second = await verify(token)
    expect(second).toEqual(first)
    expect(second).not.toBe(first)
    // Its text is its key: the same signature under other claims is another token.
    expect(await verify(token.replace('.', '.e30'))).toBeNull()
  })
})

describe('where identity providers put things', () => {
  const person = { part: 'socialforvaltningen', partId: null, roller: ['handlaggare', 'skyddsgrupp'] }
  const machine = { part: 'hyresvard', partId: lkf, roller: [], klient: 'lkf-integration' }
  const none = { part: undefined, roller: undefined, client_id: undefined }
  const entra = { TOKEN_TYP: 'JWT', TOKEN_ROLLER: 'roles', TOKEN_KLIENT: 'azp' }
  const adfs = {
    TOKEN_TYP: 'JWT',
    TOKEN_UTFARDARE: 'http://adfs.example.se/adfs/services/trust',
    TOKEN_ROLLER: 'role',
    TOKEN_ROLLKARTA: 'GG Hemvist Handläggare=handlaggare,GG Hemvist Skydd=skyddsgrupp',
    TOKEN_KLIENT: 'appid',
    TOKEN_PART_STANDARD: 'socialforvaltningen',
    TOKEN_KLIENTPARTER: `annan=serviceforvaltningen, lkf-integration=hyresvard:${lkf}`,
  }
  const ofAdfs = { ...none, iss: adfs.TOKEN_UTFARDARE }
  test.each<[string, Record<string, string>, object, string, object | null]>([
    [
      'Keycloak: realm roles',
      { TOKEN_ROLLER: 'realm_access.roles', TOKEN_KLIENT: 'azp' },
      {
        ...none,
        azp: 'hemvist-frontend',
        part: 'socialforvaltningen',
        realm_access: { roles: ['offline_access', 'handlaggare', 'skyddsgrupp'] },
      },
      'at+jwt',
      { ...person, klient: 'hemvist-frontend' },
    ],
    [
      'Keycloak: client roles',
      { TOKEN_ROLLER: 'resource_access.hemvist.roles', TOKEN_KLIENT: 'azp' },
      {
        ...none,
        azp: 'hemvist-frontend',
        part: 'socialforvaltningen',
        resource_access: { hemvist: { roles: ['handlaggare', 'skyddsgrupp'] } },
      },
      'at+jwt',
      person,
    ],
    [
      'ADFS: several roles',
      adfs,
      { ...ofAdfs, appid: 'frontend', role: ['Domain Users', 'GG Hemvist Handläggare', 'GG Hemvist Skydd'] },
      'JWT',
      person,
    ],
    [
      'ADFS: one role is a text',
      adfs,
      { ...ofAdfs, appid: 'frontend', role: 'GG Hemvist Handläggare' },
      'JWT',
      { ...person, roller: ['handlaggare'] },
    ],
    ['ADFS: a machine', adfs, { ...ofAdfs, appid: 'lkf-integration', part: 'socialforvaltningen' }, 'JWT', machine],
    ['ADFS: nobody we know', adfs, { ...ofAdfs, appid: 'frontend', role: 'Domain Users' }, 'JWT', null],
    ['ADFS: our own name is not theirs', adfs, { ...ofAdfs, appid: 'frontend', role: 'administrator' }, 'JWT', null],
    ['ADFS: its other issuer name', adfs, { ...none, appid: 'frontend', role: 'GG Hemvist Skydd' }, 'JWT', null],
    [
      'Entra: app roles and an attribute',
      { ...entra, TOKEN_PART: 'extn.part' },
      { ...none, azp: 'frontend', roles: ['handlaggare', 'skyddsgrupp'], 'extn.part': ['socialforvaltningen'] },
      'JWT',
      person,
    ],
    [
      'Entra: a machine',
      { ...entra, TOKEN_KLIENTPARTER: `lkf-integration=hyresvard:${lkf}` },
      { ...none, azp: 'lkf-integration', roles: ['Hemvist.Maskin'] },
      'JWT',
      machine,
    ],
    [
      'Entra: an id token has no client',
      entra,
      { ...none, part: 'socialforvaltningen', roles: ['handlaggare'] },
      'JWT',
      null,
    ],
  ])('%s', async (_, settings, claims, typ, expected) => {
    const { verify } = await verifierWith(settings)
    const caller = await verify(await issuer.signed(claims as Record<string, unknown>, { typ }))
    if (expected) expect(caller).toMatchObject(expected)
    else expect(caller).toBeNull()
  })

  test('the realm for Keycloak has our roles and three clients, and no secret', async () => {
    const text = await readFile(new URL('../../docker/keycloak/hemvist-realm.json', import.meta.url), 'utf8')
    const realm = JSON.parse(text)
    expect(realm.roles.realm.map((role: { name: string }) => role.name)).toEqual(Object.keys(roller))
    expect(text).not.toMatch(/"(secret|credentials)"/)
    const clients = realm.clients.map((client: Record<string, never>) => {
      const {
        clientId,
        publicClient,
        standardFlowEnabled,
        serviceAccountsEnabled = false,
        directAccessGrantsEnabled,
      } = client
      expect(client.attributes).toMatchObject({ 'access.token.header.type.rfc9068': 'true' })
      expect(client.protocolMappers).toContainEqual(
        expect.objectContaining({ config: expect.objectContaining({ 'included.custom.audience': 'hemvist' }) }),
      )
      expect(directAccessGrantsEnabled).toBe(false)
      return { clientId, publicClient, standardFlowEnabled, serviceAccountsEnabled }
    })
    const machine = { publicClient: false, standardFlowEnabled: false, serviceAccountsEnabled: true }
    expect(clients).toEqual([
      { clientId: 'hemvist-frontend', publicClient: true, standardFlowEnabled: true, serviceAccountsEnabled: false },
      { clientId: 'lkf-integration', ...machine },
      { clientId: 'serviceforvaltningen-integration', ...machine },
    ])
    expect(realm.clients[0].attributes).toMatchObject({ 'pkce.code.challenge.method': 'S256' })
  })

  test('a setting that is not understood stops the start', () => {
    for (const [name, value] of [
      ['TOKEN_ROLLKARTA', 'Handläggare=kung'],
      ['TOKEN_ROLLKARTA', 'handlaggare'],
      ['TOKEN_KLIENTPARTER', 'lkf-integration=hyresvard:LKF'],
      ['TOKEN_KLIENTPARTER', 'lkf-integration=system'],
      ['TOKEN_PART_STANDARD', 'hyresvard'],
      ['TOKEN_TYP', 'HMAC'],
      ['OIDC_ISSUER', 'file:///etc'],
    ] as const)
      expect(() => readConfig({ [name]: value })).toThrow(`The setting ${name} is not valid`)
  })
})
