import { createHmac, createPublicKey, randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { exportJWK, generateKeyPair, importJWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import type { Access } from '../../src/http/operation.ts'
import { type Caller, type Roll, roller } from '../../src/shared/caller.ts'
import { sublet } from '../bostad-forst/admitted.ts'
import { decided, finishedChecklist, investigated, openCase } from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { livingInHomes } from '../homes.ts'
import {
  activate,
  createHousehold,
  createLandlord,
  goodAnswer,
  grant,
  nextPersonnummer,
  openRound,
  reviewOf,
} from '../people.ts'
import { avtal } from '../stodlagenheter/placed.ts'

// Every route there is, also those that no document shows: Fastify tells of itself before the first is registered.
const routes: { methods: string[]; url: string; id?: string; by?: Access['by'] }[] = []
subscribe('fastify.initialization', message => {
  const { fastify } = message as { fastify: FastifyInstance }
  fastify.addHook('onRoute', ({ method, url, schema, config }) => {
    const id = (schema as { operationId?: string } | undefined)?.operationId
    routes.push({ methods: [method].flat(), url, id, by: config?.access?.by })
  })
})
const harness = await startTestApp()

/** Who may call what, by operation; routes without one by their address. Written by hand, from domain §8. */
const open = ['alla']
const handlaggare = ['handlaggare']
const beslutsfattare = ['beslutsfattare']
const arendet = ['handlaggare', 'beslutsfattare']
const siffror = ['handlaggare', 'beslutsfattare', 'statistiker']
const hyresvard = ['hyresvard']
const loggranskare = ['loggranskare']
const skyddsgrupp = ['skyddsgrupp']
const utlamnat = ['handlaggare', 'beslutsfattare', 'loggranskare']
const administrator = ['administrator']
const regler = ['handlaggare', 'beslutsfattare', 'administrator']
const handelselasare = ['handlaggare', 'beslutsfattare', 'hyresvard', 'serviceforvaltningen']
const prenumeranter = ['hyresvard', 'serviceforvaltningen', 'administrator']
const vardarLasa = ['handlaggare', 'beslutsfattare', 'boendeenhet', 'administrator']
const vardarSkriva = ['handlaggare', 'administrator']
const serviceforvaltningen = ['serviceforvaltningen']
const boendeenhet = ['boendeenhet']
const flyttkedjor = ['boendeenhet', 'bostadForstTeam']
const bostaderLasa = ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam']
const stodlagenheterLasa = ['handlaggare', 'beslutsfattare', 'boendeenhet']
const stodlagenheterArbeta = ['handlaggare', 'boendeenhet']
const bostadForstLasa = ['bostadForstTeam', 'handlaggare', 'beslutsfattare']
const bostadForstArbeta = ['bostadForstTeam', 'handlaggare']
const whoMay: Record<string, readonly string[]> = {
  hamtaApiInfo: open,
  skapaHushall: handlaggare,
  sokHushall: arendet,
  hamtaHushall: arendet,
  andraHushall: handlaggare,
  laggTillPerson: handlaggare,
  andraPerson: handlaggare,
  listaHyresvardar: vardarLasa,
  skapaHyresvard: vardarSkriva,
  hamtaHyresvard: vardarLasa,
  andraHyresvard: vardarSkriva,
  listaKriterieuppsattningar: vardarLasa,
  skapaKriterieuppsattning: vardarSkriva,
  listaHyresgarantier: arendet,
  registreraHyresgaranti: handlaggare,
  hamtaHyresgaranti: arendet,
  andraHyresgaranti: handlaggare,
  tecknaAvtal: handlaggare,
  foreslaAvslut: handlaggare,
  svaraPaAvslutsforslag: handlaggare,
  avslutaHyresgaranti: handlaggare,
  sagUppHyresgaranti: beslutsfattare,
  hyresavtaletUpphor: handlaggare,
  hamtaHyresgarantinsHistorik: arendet,
  hamtaExponering: siffror,
  hamtaExponeringensUnderlag: arendet,
  hamtaStatistik: siffror,
  hamtaStatistikunderlag: arendet,
  importeraHyresgarantier: handlaggare,
  listaKrav: arendet,
  taEmotKrav: handlaggare,
  hamtaKrav: arendet,
  granskaKrav: handlaggare,
  beslutaOmKrav: beslutsfattare,
  betalaUtKrav: handlaggare,
  aterkallaKrav: handlaggare,
  listaRegressfordringar: arendet,
  hamtaRegressfordran: arendet,
  listaRegressbetalningar: arendet,
  taEmotRegressbetalning: handlaggare,
  efterskankRegressfordran: beslutsfattare,
  lamnaTillKronofogden: handlaggare,
  skrivAvRegressfordran: beslutsfattare,
  listaGenomgangar: arendet,
  '/v1/genomgangar.ics': arendet,
  avgorGenomgangar: handlaggare,
  hamtaGenomgang: arendet,
  avgorGenomgang: handlaggare,
  listaGenomgangsomgangar: arendet,
  oppnaGenomgangsomgang: handlaggare,
  hamtaGenomgangsomgang: arendet,
  listaBarnchecklistemallar: regler,
  skapaBarnchecklistemall: administrator,
  hamtaBarnchecklistemall: regler,
  listaBarnchecklistor: arendet,
  paborjaBarnchecklista: handlaggare,
  hamtaBarnchecklista: arendet,
  sparaBarnchecklista: handlaggare,
  klarmarkeraBarnchecklista: handlaggare,
  revideraBarnchecklista: handlaggare,
  hamtaBarnchecklistestatistik: siffror,
  hamtaBarnchecklistestatistikunderlag: arendet,
  listaForturer: arendet,
  hamtaFortur: arendet,
  andraFortur: handlaggare,
  overlamnaFortur: handlaggare,
  listaErbjudanden: arendet,
  hamtaForturensHistorik: arendet,
  erbjudBostad: handlaggare,
  hamtaErbjudande: arendet,
  svaraPaErbjudande: handlaggare,
  tecknaForturkontrakt: handlaggare,
  egenKotidRacker: handlaggare,
  upphavFortur: beslutsfattare,
  hamtaForturstatistik: siffror,
  hamtaForturstatistikensUnderlag: arendet,
  listaForturskriterier: regler,
  skapaForturskriterier: administrator,
  provaForturskriterier: ['beslutsfattare', 'administrator', 'statistiker'],
  importeraForturer: handlaggare,
  listaBeslut: arendet,
  hamtaBeslut: arendet,
  delgeBeslut: handlaggare,
  listaDelegationer: regler,
  skapaDelegation: administrator,
  hamtaDelegation: regler,
  avslutaDelegation: administrator,
  listaLagrum: regler,
  listaArenden: arendet,
  registreraArende: handlaggare,
  hamtaArende: arendet,
  tilldelaArende: arendet,
  paborjaUtredning: handlaggare,
  begarKomplettering: handlaggare,
  taEmotKomplettering: handlaggare,
  kommuniceraUtredning: handlaggare,
  skrivInYttrande: handlaggare,
  aterupptaUtredning: handlaggare,
  foredraArende: handlaggare,
  skrivAvArende: arendet,
  skrivInOverklagande: handlaggare,
  avvisaOverklagande: beslutsfattare,
  aterkallaOverklagande: handlaggare,
  overlamnaOverklagande: handlaggare,
  skrivInDom: handlaggare,
  beslutaOmArende: beslutsfattare,
  omprovaBeslut: beslutsfattare,
  hamtaUtredning: arendet,
  sparaUtredning: handlaggare,
  hamtaFullstandighet: arendet,
  hamtaArendetsHistorik: arendet,
  listaJav: arendet,
  anmalJav: arendet,
  hamtaMitt: ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam'],
  listaLagenheter: bostaderLasa,
  listaLedigaLagenheter: bostaderLasa,
  hamtaLagenhet: bostaderLasa,
  listaUpplatelser: bostaderLasa,
  hamtaLagenhetensHistorik: bostaderLasa,
  goraLagenhetLedig: boendeenhet,
  besiktigaLagenhet: boendeenhet,
  aterlamnaLagenhet: boendeenhet,
  foreslaBostad: boendeenhet,
  aterkallaBostadsforslag: boendeenhet,
  tecknaStodlagenhetsavtal: boendeenhet,
  havStodlagenhetsavtal: boendeenhet,
  svaraPaOvertagande: boendeenhet,
  skrivInBoendehandelse: boendeenhet,
  sagUppStodlagenhet: boendeenhet,
  atertaUppsagning: boendeenhet,
  flyttaUtUrStodlagenhet: boendeenhet,
  listaStodlagenheter: stodlagenheterLasa,
  hamtaStodlagenhet: stodlagenheterLasa,
  hamtaStodlagenhetensHistorik: stodlagenheterLasa,
  listaBostadsforslag: stodlagenheterLasa,
  listaKo: stodlagenheterLasa,
  listaKandidater: stodlagenheterLasa,
  utvarderaTidsbegransade: stodlagenheterLasa,
  listaAvstaenden: stodlagenheterLasa,
  hamtaAvstaende: stodlagenheterLasa,
  listaUppfoljningar: stodlagenheterLasa,
  listaBoendehandelser: stodlagenheterLasa,
  svaraPaBostadsforslag: stodlagenheterArbeta,
  andraStodlagenhetsbehov: stodlagenheterArbeta,
  flyttaInStodlagenhet: stodlagenheterArbeta,
  provaOvertagande: stodlagenheterArbeta,
  avslutaStodlagenhet: stodlagenheterArbeta,
  upprattaAvstaende: stodlagenheterArbeta,
  skickaInAvstaende: stodlagenheterArbeta,
  beslutaAvstaende: stodlagenheterArbeta,
  avstaendeKraverInteGodkannande: stodlagenheterArbeta,
  foljUppStodlagenhet: stodlagenheterArbeta,
  avslutaBistandet: beslutsfattare,
  listaBostadForst: bostadForstLasa,
  hamtaBostadForst: bostadForstLasa,
  listaBostadForstBoenden: bostadForstLasa,
  listaOvergangsprovningar: bostadForstLasa,
  hamtaBostadForstHistorik: bostadForstLasa,
  hamtaBostadForstStod: bostadForstLasa,
  skrivBostadForstOnskemal: bostadForstArbeta,
  erbjudBostadForst: bostadForstArbeta,
  svaraPaBostadForst: bostadForstArbeta,
  flyttaInBostadForst: bostadForstArbeta,
  provaBostadForstOvergang: bostadForstArbeta,
  svaraPaBostadForstOvergang: bostadForstArbeta,
  bytBostadForst: bostadForstArbeta,
  boKvarBostadForst: bostadForstArbeta,
  skrivBostadForstFranvaro: bostadForstArbeta,
  skrivBostadForstAterkomst: bostadForstArbeta,
  sagUppBostadForst: bostadForstArbeta,
  atertaBostadForstUppsagning: bostadForstArbeta,
  avslutaBostadForst: bostadForstArbeta,
  startaBostadForstStod: bostadForstArbeta,
  andraBostadForstStodniva: bostadForstArbeta,
  vilaBostadForstStod: bostadForstArbeta,
  aterupptaBostadForstStod: bostadForstArbeta,
  avslutaBostadForstStod: bostadForstArbeta,
  erbjudBostadForstStod: bostadForstArbeta,
  listaServiceforvaltningensLagenheter: serviceforvaltningen,
  taEmotFranHyresvard: hyresvard,
  taEmotFranServiceforvaltningen: serviceforvaltningen,
  skapaLagenheter: serviceforvaltningen,
  hamtaServiceforvaltningensLagenhet: serviceforvaltningen,
  andraLagenhet: serviceforvaltningen,
  utforLagenhetsatgarder: serviceforvaltningen,
  serviceforvaltningenGorLagenhetLedig: serviceforvaltningen,
  serviceforvaltningenBesiktigarLagenhet: serviceforvaltningen,
  serviceforvaltningenAterlamnarLagenhet: serviceforvaltningen,
  importeraLagenheter: serviceforvaltningen,
  listaServiceforvaltningensStodlagenheter: serviceforvaltningen,
  hamtaServiceforvaltningensStodlagenhet: serviceforvaltningen,
  serviceforvaltningenTecknarAvtal: serviceforvaltningen,
  serviceforvaltningenHaverAvtal: serviceforvaltningen,
  serviceforvaltningenSagerUpp: serviceforvaltningen,
  serviceforvaltningenAtertarUppsagning: serviceforvaltningen,
  serviceforvaltningenMeddelarUtflyttning: serviceforvaltningen,
  serviceforvaltningenSvararPaOvertagande: serviceforvaltningen,
  rapporteraBoendehandelse: serviceforvaltningen,
  importeraStodlagenheter: handlaggare,
  importeraBostadForst: handlaggare,
  listaFlyttkedjor: bostaderLasa,
  borjaFlyttkedja: flyttkedjor,
  hamtaFlyttkedja: bostaderLasa,
  hamtaFlyttkedjansHistorik: bostaderLasa,
  laggTillFlyttlank: flyttkedjor,
  taBortFlyttlank: flyttkedjor,
  svaraPaFlyttlank: flyttkedjor,
  klarmarkeraFlyttkedja: flyttkedjor,
  genomforFlyttlank: flyttkedjor,
  avbrytFlyttkedja: flyttkedjor,
  listaHyresvardensFlyttlankar: hyresvard,
  hamtaHyresvardensFlyttlank: hyresvard,
  hyresvardenSvararPaFlyttlank: hyresvard,
  listaServiceforvaltningensFlyttlankar: serviceforvaltningen,
  hamtaServiceforvaltningensFlyttlank: serviceforvaltningen,
  serviceforvaltningenSvararPaFlyttlank: serviceforvaltningen,
  hamtaBostadsbehov: [...stodlagenheterLasa, 'statistiker'],
  hamtaBostadsbehovetsUnderlag: stodlagenheterLasa,
  hamtaBostadForststatistik: [...bostadForstLasa, 'statistiker'],
  hamtaBostadForststatistikensUnderlag: bostadForstLasa,
  listaTrohetsmatningar: [...bostadForstLasa, 'statistiker'],
  registreraTrohetsmatning: ['bostadForstTeam'],
  listaUtlamnanden: utlamnat,
  skrivNerUtlamnande: handlaggare,
  hamtaUtlamnande: utlamnat,
  aterkallaUtlamnande: handlaggare,
  skapaNodatkomst: handlaggare,
  listaNodatkomster: skyddsgrupp,
  kvitteraNodatkomst: skyddsgrupp,
  listaAtkomster: loggranskare,
  listaHushalletsAtkomster: ['loggranskare', 'handlaggare'],
  kontrolleraAtkomstloggen: loggranskare,
  listaStickprov: loggranskare,
  draStickprov: loggranskare,
  hamtaStickprov: loggranskare,
  listaStickprovsposter: loggranskare,
  granskaStickprov: loggranskare,
  lasHandelser: handelselasare,
  foljHandelser: handelselasare,
  listaPrenumerationer: prenumeranter,
  skapaPrenumeration: prenumeranter,
  hamtaPrenumeration: prenumeranter,
  andraPrenumeration: prenumeranter,
  avslutaPrenumeration: prenumeranter,
  bytPrenumerationensNyckel: prenumeranter,
  provaPrenumeration: prenumeranter,
  omleverera: prenumeranter,
  listaLeveranser: prenumeranter,
  listaAvslutsforslag: hyresvard,
  hyresvardenSvararPaForslag: hyresvard,
  listaHyresvardensGenomgangar: hyresvard,
  svaraPaGenomgangar: hyresvard,
  listaHyresvardensForturer: hyresvard,
  hamtaHyresvardensFortur: hyresvard,
  hyresvardenErbjuder: hyresvard,
  hyresvardenSvarar: hyresvard,
  hyresvardenTecknarKontrakt: hyresvard,
  '/v1/openapi.json': open,
  '/health/live': open,
  '/health/ready': open,
  '/metrics': open,
  '/docs/problemtyper': open,
  '/docs/problemtyper/:kod': open,
  '/docs': open,
  '/docs/': open,
  '/docs/json': open,
  '/docs/yaml': open,
  '/docs/static/*': open,
  '/docs/static/index.html': open,
  '/docs/static/swagger-initializer.js': open,
}
/** Swagger UI's own pages: registered by its plugin, outside our declarations. */
const isSwaggerUi = (url: string) => url.startsWith('/docs') && !url.startsWith('/docs/problemtyper')

/** Routes that only say which methods a path takes. */
const isRefusal = ({ id, url, methods }: (typeof routes)[number]) =>
  id === undefined && methods.length > 2 && url !== '/'
const real = routes.filter(route => !isRefusal(route))
const keyOf = ({ id, url }: (typeof routes)[number]) => id ?? url

const partId = randomUUID()
const callers: [name: string, actors: string[], client: { token(): Promise<string> }][] = [
  ...(Object.keys(roller) as Roll[]).map(roll => [roll, [roll], harness.as(roll)] as never),
  ['socialförvaltningen without a role', [], harness.as([])],
  ['a landlord', ['hyresvard'], harness.hyresvard(partId)],
  ['another landlord', ['hyresvard'], harness.hyresvard(randomUUID())],
  ['serviceförvaltningen', ['serviceforvaltningen'], harness.as([], 'serviceforvaltningen')],
  ['kriscentrum', ['kriscentrum'], harness.as([], `kriscentrum:${partId}`)],
  ['frivillig', ['frivillig'], harness.as([], `frivillig:${partId}`)],
  [
    'a landlord that claims every role',
    ['hyresvard'],
    harness.as(Object.keys(roller) as Roll[], `hyresvard:${partId}`),
  ],
]

const addressOf = (url: string) =>
  url
    .replace(':period', '2030H1')
    .replace(
      ':kod',
      url.includes('/hyresgarantier/')
        ? 'aktiva'
        : url.includes('/forturer/')
          ? 'utanBostad'
          : url.includes('/bostad')
            ? 'bostader'
            : 'undantag',
    )
    .replace(':nummer', '1')
    .replace('*', 'index.html')
    .replace(/:\w+/g, () => randomUUID())

function call(method: string, url: string, authorization?: string) {
  const hasBody = method === 'POST' || method === 'PATCH' || method === 'PUT'
  return fetch(harness.base + url, {
    method,
    headers: {
      ...(authorization && { authorization }),
      ...(hasBody && { 'content-type': url.endsWith('/importer') ? 'text/csv' : 'application/json' }),
      'if-match': '*',
    },
    ...(hasBody && { body: url.endsWith('/importer') ? 'x' : '{}' }),
  })
}

/** Runs many requests, some at a time, and gives what is wrong with them. */
async function wrongOf<T>(cases: T[], check: (one: T) => Promise<string | undefined>): Promise<string[]> {
  const wrong: string[] = []
  const left = [...cases]
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const found = await check(one)
      if (found) wrong.push(found)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return wrong.sort()
}

describe('every route', () => {
  test('stands in the table, and the table has no other', () => {
    expect(real.length).toBeGreaterThan(70)
    expect([...new Set(real.map(keyOf))].sort()).toEqual(Object.keys(whoMay).sort())
  })

  test('declares the callers that the table has', () => {
    const declared = real.filter(({ url }) => !isSwaggerUi(url))
    const callersOf = (by: readonly string[] | undefined) => [...(by ?? [])].sort()
    expect(Object.fromEntries(declared.map(route => [keyOf(route), callersOf(route.by)]))).toEqual(
      Object.fromEntries(declared.map(route => [keyOf(route), callersOf(whoMay[keyOf(route)])])),
    )
  })

  test('that only refuses a method answers 405 to everyone, and says nothing else', async () => {
    const refusals = routes
      .filter(isRefusal)
      .flatMap(({ methods, url, by }) => methods.map(method => ({ method, url, by })))
      // fetch itself refuses TRACE.
      .filter(({ method }) => method !== 'TRACE')
    expect(refusals.length).toBeGreaterThan(200)
    const wrong = await wrongOf(refusals, async ({ method, url, by }) => {
      const answer = await fetch(harness.base + addressOf(url), { method })
      const isRight = answer.status === 405 && (answer.headers.get('allow') ?? '').length > 2 && by?.includes('alla')
      return isRight ? undefined : `${method} ${url}: ${answer.status}`
    })
    expect(wrong).toEqual([])
  })

  test.each(callers)('is open to %s only where the table says so', async (_, actors, client) => {
    const authorization = `Bearer ${await client.token()}`
    const cases = real.flatMap(route => route.methods.map(method => ({ method, route })))
    const wrong = await wrongOf(cases, async ({ method, route }) => {
      const may = whoMay[keyOf(route)]?.some(actor => actor === 'alla' || actors.includes(actor))
      const answer = await call(method, addressOf(route.url), authorization)
      const { status } = answer
      const isRight = may ? status < 500 && status !== 401 && status !== 403 : status === 403
      const kod = status === 403 && method !== 'HEAD' ? ((await answer.json()) as { kod: string }).kod : 'inte-behorig'
      return isRight && kod === 'inte-behorig' ? undefined : `${method} ${route.url}: ${status}`
    })
    expect(wrong).toEqual([])
  })
})

const closed = real.filter(route => !whoMay[keyOf(route)]?.includes('alla'))
const now = Math.floor(harness.clock.now().epochMilliseconds / 1000)
const claims: JWTPayload = {
  sub: 'test.handlaggare',
  iss: 'urn:hemvist:utveckling',
  aud: 'hemvist',
  iat: now,
  exp: now + 3600,
  client_id: 'test',
  roller: Object.keys(roller),
  part: 'socialforvaltningen',
}
const header: JWTHeaderParameters = { alg: 'EdDSA', typ: 'at+jwt', kid: 'utveckling' }
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

const jwk = JSON.parse(await readFile(join(harness.config.DATA_DIR, 'utvecklingsnyckel.json'), 'utf8'))
const right = await importJWK(jwk, 'EdDSA')
const other = await generateKeyPair('EdDSA', { extractable: true })
const ec = await generateKeyPair('ES256')
const publicJwk = { ...jwk, d: undefined }
const sign = (changes: JWTPayload = {}, headers: Partial<JWTHeaderParameters> = {}, key: unknown = right) =>
  new SignJWT({ ...claims, ...changes })
    .setProtectedHeader({ ...header, ...headers } as JWTHeaderParameters)
    .sign(key as CryptoKey)
const critical = () =>
  new SignJWT(claims)
    .setProtectedHeader({ ...header, crit: ['x'], x: 1 } as JWTHeaderParameters)
    .sign(right as CryptoKey, { crit: { x: true } })
const hmac = (secret: string | Buffer) => {
  const text = `${base64url({ ...header, alg: 'HS256' })}.${base64url(claims)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}
const without = (claim: string) => {
  const { [claim]: _, ...rest } = claims
  return new SignJWT(rest).setProtectedHeader(header).sign(right as CryptoKey)
}
const bearer = async (token: string | Promise<string>) => `Bearer ${await token}`
const pem = createPublicKey({ key: publicJwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const [h, , s] = (await sign()).split('.') as [string, string, string]

const bad: [string, string | undefined][] = [
  ['is missing', undefined],
  ['is empty', 'Bearer '],
  ['is not one', 'Bearer a.b.c'],
  ['comes as Basic', `Basic ${Buffer.from('maja:hemligt').toString('base64')}`],
  ['is right but comes as another scheme', `Token ${await sign()}`],
  ['has expired', await bearer(sign({ exp: now - 3600 }))],
  ['is not valid yet', await bearer(sign({ nbf: now + 3600 }))],
  ['never expires', await bearer(without('exp'))],
  ['is of nobody', await bearer(without('sub'))],
  ['is signed with another key', await bearer(sign({}, {}, other.privateKey))],
  ['brings its own key', await bearer(sign({}, { jwk: await exportJWK(other.publicKey) } as never, other.privateKey))],
  ['is signed with another key and algorithm', await bearer(sign({}, { alg: 'ES256' }, ec.privateKey))],
  ['is signed with alg none', `Bearer ${base64url({ ...header, alg: 'none' })}.${base64url(claims)}.`],
  [
    'is signed with alg None and an old signature',
    `Bearer ${base64url({ ...header, alg: 'None' })}.${base64url(claims)}.${s}`,
  ],
  ['has claims that were changed', `Bearer ${h}.${base64url({ ...claims, sub: 'någon.annan' })}.${s}`],
  ['is signed with HMAC of the public key as PEM', await bearer(hmac(pem as string))],
  ['is signed with HMAC of the public key as JWK', await bearer(hmac(JSON.stringify(publicJwk)))],
  ['is signed with HMAC of the public key', await bearer(hmac(Buffer.from(publicJwk.x, 'base64url')))],
  ['is for another audience', await bearer(sign({ aud: 'annat-system' }))],
  ['is for no audience', await bearer(without('aud'))],
  ['is from another issuer', await bearer(sign({ iss: 'https://idp.example.se' }))],
  ['is from no issuer', await bearer(without('iss'))],
  ['is an id token', await bearer(sign({}, { typ: 'JWT' }))],
  ['has no type', await bearer(sign({}, { typ: undefined }))],
  ['has a critical extension', await bearer(critical())],
  ['is of no party', await bearer(without('part'))],
  ['is of an unknown party', await bearer(sign({ part: 'region' }))],
  ['is of the service itself', await bearer(sign({ part: 'system' }))],
  ['is of a party with too much in it', await bearer(sign({ part: `socialforvaltningen:${partId}` }))],
  ['is of a landlord without an id', await bearer(sign({ part: 'hyresvard' }))],
  ['is of a landlord whose id is not one', await bearer(sign({ part: "hyresvard:' OR 1=1" }))],
  ['is of a landlord with two ids', await bearer(sign({ part: `hyresvard:${partId}:${partId}` }))],
  ['is of two parties', await bearer(sign({ part: ['socialforvaltningen', `hyresvard:${partId}`] }))],
  ['is of no client', await bearer(without('client_id'))],
]

test.each(bad)('a token that %s opens nothing', async (_, authorization) => {
  // HEAD is checked where GET is; once is enough to see it.
  const tried = closed.filter(({ methods: [method] }) => method !== 'HEAD' || authorization === undefined)
  const wrong = await wrongOf(tried, async ({ methods: [method], url }) => {
    const answer = await call(method as string, addressOf(url), authorization)
    const says = answer.headers.get('www-authenticate')
    return answer.status === 401 && says?.startsWith('Bearer') ? undefined : `${method} ${url}: ${answer.status}`
  })
  expect(wrong).toEqual([])
})

test('a token in the address opens nothing', async () => {
  const answer = await call('GET', `/v1/hyresgarantier?access_token=${await sign()}`)
  expect(answer.status).toBe(401)
})

test.each([
  ['as issued', () => sign(), 200],
  ['of the full media type', () => sign({}, { typ: 'application/at+jwt' }), 200],
  ['that expired within the tolerance', () => sign({ exp: now - 30 }), 200],
  ['with one role, as a text', () => sign({ roller: 'handlaggare' }), 200],
  ['whose roles are unknown', () => sign({ roller: ['admin', 'constructor', '__proto__', 7, null] }), 403],
  ['without roles', () => without('roller'), 403],
])('a token %s is believed for what it says', async (_, token, status) => {
  const answer = await call('GET', '/v1/hyresgarantier', await bearer(token()))
  expect(answer.status).toBe(status)
})

test('no token is ever in the log', () => {
  const log = harness.logLines.join('')
  expect(log).toContain('anrop')
  for (const [, authorization] of bad)
    if (authorization && authorization.length > 20) expect(log).not.toContain(authorization.slice(7))
  expect(log).not.toMatch(/eyJ[\w-]{10}/)
})

/** A problem without what differs between two occurrences of it. */
const said = ({ status, body: { instance: _, ...body } }: { status: number; body: Record<string, unknown> }) => ({
  status,
  body,
})

describe('a landlord', () => {
  const worker = harness.as('handlaggare')
  const names = ['Maja', 'Lind', 'Alva', 'Lindsten']

  async function tenancy(hyresvardId: string) {
    const alva = { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Lindsten', roll: 'barn' }
    const household = await createHousehold(worker, [alva])
    const garanti = await activate(worker, { hyresvardId, hushallId: household.id, diarienummer: 'SN 2026/77' })
    return { household, garanti }
  }
  const propose = (garantiId: string) =>
    worker.post(
      `/hyresgarantier/${garantiId}/avslutsforslag`,
      { motivering: 'Hushållet klarar sig utan garanti.' },
      { ifMatch: '*' },
    )
  async function setUp() {
    const [mine, other] = [await createLandlord(worker, 'Min Bostad AB'), await createLandlord(worker, 'Annan AB')]
    const [answered, proposed] = [await tenancy(mine.id), await tenancy(mine.id)]
    const [theirs, theirProposed] = [await tenancy(other.id), await tenancy(other.id)]
    await openRound(harness)
    await propose(proposed.garanti.id)
    await propose(theirProposed.garanti.id)
    const review = await reviewOf(worker, answered.garanti.id)
    const proposedReview = await reviewOf(worker, proposed.garanti.id)
    const theirReview = await reviewOf(worker, theirs.garanti.id)
    const client = harness.hyresvard(mine.id)
    return { mine, other, answered, proposed, theirs, theirProposed, review, proposedReview, theirReview, client }
  }
  let world: Awaited<ReturnType<typeof setUp>>
  beforeAll(async () => {
    world = await setUp()
  })

  test('sees its own reviews and proposals, and counts no others', async () => {
    const { client, review, proposedReview, theirReview, proposed } = world
    const own = [review.id, proposedReview.id].sort()
    for (const query of ['', '?period=2026H2', '?tillstand=vantar', '?limit=100']) {
      const { body } = await client.get(`/hyresvard/genomgangar${query}`)
      expect(body.genomgangar.map((g: { genomgangId: string }) => g.genomgangId).sort()).toEqual(own)
      expect(body._meta.totalRecords).toBe(2)
    }
    const { body } = await client.get('/hyresvard/avslutsforslag')
    expect(body.avslutsforslag.map(({ id }: { id: string }) => id)).toEqual([proposed.garanti.id])
    expect(body._meta.totalRecords).toBe(1)
    const { text } = await client.get('/hyresvard/genomgangar', { accept: 'text/csv' })
    expect(own.map(id => text.includes(id))).toEqual([true, true])
    expect(text).not.toContain(theirReview.id)
  })

  test.each(['hyresvardId', 'hushallId', 'hyresgarantiId'])('cannot ask for others with %s', async parameter => {
    for (const list of ['genomgangar', 'avslutsforslag'])
      expect((await world.client.get(`/hyresvard/${list}?${parameter}=${world.other.id}`)).status).toBe(400)
  })

  test.each(['*', '"1"', '"3"'])(
    "is told the same of another's proposal as of none, with If-Match %s",
    async ifMatch => {
      const { client, theirProposed } = world
      const answer = (id: string) =>
        client.post(`/hyresvard/avslutsforslag/${id}/svar`, { svar: 'godkant' }, { ifMatch })
      const theirs = await answer(theirProposed.garanti.id)
      expect(theirs.status).toBe(404)
      expect(said(theirs)).toEqual(said(await answer(randomUUID())))
      const { body } = await worker.get(`/hyresgarantier/${theirProposed.garanti.id}`)
      expect(body.vardensSvar).toBeNull()
    },
  )

  test("is told the same of another's review as of none, and changes nothing", async () => {
    const { client, answered, theirs, theirReview } = world
    const svar = [
      { genomgangId: theirReview.id, ...goodAnswer },
      { avtalsnummer: theirs.garanti.avtalsnummer, ...goodAnswer },
      { genomgangId: theirReview.id, avtalsnummer: answered.garanti.avtalsnummer, ...goodAnswer },
      { genomgangId: randomUUID(), ...goodAnswer },
      { avtalsnummer: 'HG-1999-00001', ...goodAnswer },
      { ...goodAnswer },
    ]
    const { body } = await client.post('/hyresvard/genomgangssvar', { svar })
    const [{ detail }] = body.resultat
    expect(body.resultat).toEqual(
      svar.map((_, index) => ({ index, utfall: 'avvisat', kod: 'okand-genomgang', detail })),
    )
    for (const { garanti } of [answered, theirs]) expect((await reviewOf(worker, garanti.id)).svar).toBeNull()
  })

  test('whose token has its id in capitals is the same landlord', async () => {
    const client = harness.hyresvard(world.mine.id.toUpperCase())
    const { body } = await client.get('/hyresvard/avslutsforslag')
    expect(body.avslutsforslag).toHaveLength(1)
    const id = body.avslutsforslag[0].id.toUpperCase()
    const { status } = await client.post(`/hyresvard/avslutsforslag/${id}/svar`, { svar: 'godkant' }, { ifMatch: '*' })
    expect(status).toBe(200)
  })

  test('never learns of the household, the case or the decision', async () => {
    const { client, answered, proposed, review } = world
    const post = (path: string, body: object) => client.post(path, body, { ifMatch: '*' })
    const late = { ...goodAnswer, hyresskuldOre: 500 }
    // Ids are taken in capitals too: SQL Server writes them so.
    const sent = await post('/hyresvard/genomgangssvar', {
      svar: [{ genomgangId: review.id.toUpperCase(), ...late }],
    })
    expect(sent.body.resultat).toEqual([{ index: 0, utfall: 'mottaget' }])
    const motivering = 'Skulden tas upp med hyresgästen.'
    await worker.post(`/genomgangar/${review.id}/utfall`, { utfall: 'atgard', motivering }, { ifMatch: '*' })
    await propose(answered.garanti.id)
    const [open, done, sheet, doneSheet, proposals, again, refusal] = await Promise.all([
      client.get('/hyresvard/genomgangar'),
      client.get('/hyresvard/genomgangar?tillstand=klar'),
      client.get('/hyresvard/genomgangar', { accept: 'text/csv' }),
      client.get('/hyresvard/genomgangar?tillstand=klar', { accept: 'text/csv' }),
      client.get('/hyresvard/avslutsforslag'),
      post('/hyresvard/genomgangssvar', { svar: [{ genomgangId: review.id, ...late }] }),
      post(`/hyresvard/avslutsforslag/${proposed.garanti.id}/svar`, { svar: 'avvisat', orsak: 'Skulden kvarstår.' }),
    ])
    const all = [open, done, sheet, doneSheet, proposals, again, refusal]
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
    expect(done.body.genomgangar).toHaveLength(1)
    expect(proposals.body.avslutsforslag.length).toBeGreaterThan(0)

    const text = all.map(answer => answer.text).join('')
    const secrets = [answered, proposed].flatMap(({ household, garanti }) => [
      household.id,
      ...household.personer.flatMap((p: { id: string; personnummer: string }) => [p.id, p.personnummer]),
      garanti.beslutsfattare,
      garanti.diarienummer,
    ])
    for (const secret of [...secrets, ...names, 'test.handlaggare', motivering, 'klarar sig utan'])
      expect(text).not.toContain(secret)
    // What is shown of a home and its review. Anything more has to be put here first.
    const keys = (item: object) => Object.keys(item).sort()
    const ofProposal = 'adress avslutForeslagetDatum avtalsnummer etag id lagenhetsnummer tillstand vardensSvar'
    expect(keys(proposals.body.avslutsforslag[0])).toEqual(ofProposal.split(' '))
    expect(keys(refusal.body)).toEqual(ofProposal.split(' '))
    const ofReview =
      'adress avtalsnummer genomgangId lagenhetsnummer manadshyraOre paminnd period stanger svar tillstand'
    expect(keys(done.body.genomgangar[0])).toEqual(ofReview.split(' '))
  })
})

describe('a household with a protected person', () => {
  const roles: Roll[] = ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam', 'loggranskare']
  const worker = harness.as(roles)
  const cleared = harness.as([...roles, 'skyddsgrupp'])
  const serviceforvaltningen = harness.as([], 'serviceforvaltningen')
  const statistician = harness.as('statistiker')

  /** A household, and one of everything about it: guarantees, claims, a debt with a payment, reviews. */
  async function everything(client: Client, hyresvardId: string, skyddsniva: string) {
    const personnummer = nextPersonnummer()
    const { body: household } = await client.post('/hushall', {
      personer: [
        { personnummer, fornamn: 'Disa', efternamn: 'Ek', roll: 'sokande', skyddsniva },
        { personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Ek', roll: 'barn' },
      ],
    })
    // With skyddad folkbokföring no address may be kept.
    const adress = skyddsniva === 'skyddadFolkbokforing' ? null : 'Exempelgatan 1'
    const fields = { hushallId: household.id, hyresvardId, ansokanDatum: '2025-01-02', adress }
    const granted = await grant(client, fields)
    const garanti = await activate(client, fields)
    const proposed = await activate(client, fields)
    const command = (path: string, body: object) => client.post(path, body, { ifMatch: '*' })
    await command(`/hyresgarantier/${proposed.id}/avslutsforslag`, { motivering: 'Klart.' })
    await openRound(harness)
    const path = `/hyresgarantier/${garanti.id}/krav`
    const { body: paid } = await client.post(path, { hyresmanad: '2026-03', kravtBeloppOre: 800000 })
    await command(`${path}/${paid.id}/beslut`, {
      utfall: 'godkant',
      godkantBeloppOre: 800000,
      indrivningsbevisRef: 'KFM 1',
      motivering: 'Utmätt.',
    })
    await command(`${path}/${paid.id}/utbetalning`, {})
    const { body: krav } = await client.post(path, { hyresmanad: '2026-04', kravtBeloppOre: 800000 })
    const { body: debts } = await client.get(`/regressfordringar?hyresgarantiId=${garanti.id}`)
    const [debt] = debts.regressfordringar
    const payment = await client.post(`/regressfordringar/${debt.id}/betalningar`, { beloppOre: 1000 })
    expect(payment.status).toBe(201)
    const review = await reviewOf(client, garanti.id)
    const { arende, beslut } = await decided(client, client, { hushallId: household.id })
    const { body: given } = await client.get(`/forturer?hushallId=${household.id}`)
    const [fortur] = given.forturer
    await command(`/forturer/${fortur.id}/overlamnande`, { hyresvardId })
    const offer = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum' }
    const { body: offered } = await command(`/forturer/${fortur.id}/erbjudanden`, offer)
    const oppet = await openCase(client, { hushallId: household.id, insats: 'tillfalligtBoende' })
    await client.post(`/arenden/${oppet.id}/jav`, { sub: 'nagon', skal: 'Släkt.' })
    const checklist = await finishedChecklist(client, household.id)
    const homes = await livingInHomes(harness, client, household.id, hyresvardId)
    const { body: disclosure } = await client.post('/utlamnanden', {
      part: 'hyresvard',
      partId: hyresvardId,
      hushallId: household.id,
      falt: ['adress'],
      grund: 'samtycke',
      skal: 'Hyresgästen har bett om det.',
    })
    return {
      personnummer,
      household,
      granted,
      garanti,
      proposed,
      paid,
      krav,
      debt,
      review,
      disclosure,
      arende,
      beslut,
      oppet,
      checklist,
      ...homes,
      fortur: { id: fortur.id as string, erbjudandeId: offered.erbjudandeId as string },
    }
  }
  type World = Awaited<ReturnType<typeof everything>>

  /** All that callers without clearance are shown of the register as a whole. */
  async function overview(landlord: Client) {
    const period = 'fran=2025-01-01&till=2026-12-31'
    const { body } = await worker.get(`/hyresgarantier/statistik?${period}`)
    const asked: (readonly [Client, string, string?])[] = [
      [worker, '/hyresgarantier?limit=100'],
      [worker, '/hyresgarantier', 'text/csv'],
      [worker, '/hyresgarantier?genomgang=vantar&tillstand=aktiv&sort=-skapad'],
      [worker, '/hyresgarantier/exponering'],
      [worker, '/hyresgarantier/exponering/underlag?limit=100'],
      [worker, `/hyresgarantier/statistik?${period}`],
      ...body.indikatorer.map(({ kod }: { kod: string }) => [
        worker,
        `/hyresgarantier/statistik/${kod}/underlag?${period}&limit=100`,
      ]),
      [statistician, '/hyresgarantier/exponering'],
      [statistician, `/hyresgarantier/statistik?${period}`],
      [worker, '/regressfordringar?limit=100'],
      [worker, '/genomgangar?limit=100'],
      [worker, '/genomgangar', 'text/calendar'],
      [worker, '/genomgangar.ics'],
      [worker, '/genomgangsomgangar'],
      [worker, '/genomgangsomgangar/2026H2'],
      [worker, '/utlamnanden?limit=100'],
      [worker, '/arenden?limit=100'],
      [worker, '/arenden?handlaggare=mig&oppet=true&sort=-ansokanDatum'],
      [worker, '/mitt?limit=100'],
      [worker, '/beslut?limit=100'],
      [worker, '/beslut', 'text/csv'],
      [worker, '/barnchecklistor?limit=100'],
      [worker, '/forturer?limit=100'],
      [worker, '/lagenheter?limit=100'],
      [worker, '/lagenheter?tillstand=uthyrd&kategori=stodlagenhet'],
      [worker, '/lagenheter/lediga?limit=100'],
      [worker, '/stodlagenheter?limit=100'],
      [worker, '/stodlagenheter/ko?limit=100'],
      [worker, '/stodlagenheter/tidsbegransade/utvardering?ar=2026'],
      [worker, '/bostad-forst?limit=100'],
      [worker, '/flyttkedjor?limit=100'],
      [worker, '/bostadsbehov?ar=2026'],
      [worker, '/bostadsbehov?ar=2026', 'text/csv'],
      [statistician, '/bostadsbehov?ar=2026'],
      [worker, '/bostadsbehov/vantandeStodlagenhet/underlag?ar=2026&limit=100'],
      [landlord, '/hyresvard/flyttkedjor?limit=100'],
      [serviceforvaltningen, '/serviceforvaltningen/flyttkedjor?limit=100'],
      [serviceforvaltningen, '/serviceforvaltningen/lagenheter?limit=100'],
      [serviceforvaltningen, '/serviceforvaltningen/stodlagenheter?limit=100'],
      ...['barnchecklistor', 'forturer', 'bostad-forst'].flatMap(area => [
        [worker, `/${area}/statistik?${period}`] as const,
        [statistician, `/${area}/statistik?${period}&per=kvartal`] as const,
      ]),
      [landlord, '/hyresvard/forturer?limit=100'],
      [landlord, '/hyresvard/genomgangar?limit=100'],
      [landlord, '/hyresvard/genomgangar', 'text/csv'],
      [landlord, '/hyresvard/avslutsforslag?limit=100'],
    ]
    const seen: Record<string, string> = {}
    for (const [index, [client, path, accept]] of asked.entries()) {
      const { status, text } = await client.get(path, { accept })
      expect({ path, status }).toEqual({ path, status: 200 })
      seen[`${index} ${path} ${accept ?? ''}`] = text
    }
    return seen
  }

  type Method = 'get' | 'post' | 'patch' | 'put'
  type Ids = readonly string[]
  type Question = { method: Method; ids: Ids; path: (ids: Ids) => string; body?: (ids: Ids) => object }

  /** Every way to ask about one of the household's own ids. */
  function questions(world: World): Question[] {
    const { household, garanti, proposed, granted, krav, paid, debt, review, disclosure } = world
    const { arende, beslut, oppet, checklist, fortur, lagenhetId, stodlagenhet, bostadForst, flyttkedja } = world
    const motivering = 'Prövning.'
    const about = (method: Method, path: string, ids: Ids, body?: object | ((ids: Ids) => object)): Question => ({
      method,
      ids,
      path: given => given.reduce((text, id) => text.replace('*', id), path),
      body: typeof body === 'function' ? (body as Question['body']) : body && (() => body),
    })
    const h = [household.id]
    const g = [garanti.id]
    const k = [garanti.id, krav.id]
    const d = [debt.id]
    const r = [review.id]
    const l = [lagenhetId]
    const s = [stodlagenhet.id]
    const waiver = [stodlagenhet.id, stodlagenhet.avstaendeId]
    const b = [bostadForst.id]
    const f = [flyttkedja.id]
    const fl = [flyttkedja.id, flyttkedja.lankId]
    const one = { personnummer: '19850709-9805', fornamn: 'A', efternamn: 'B', roll: 'barn' }
    const decision = {
      garantityp: 'kommunal',
      garanteradeManader: 6,
      beslutDatum: '2026-01-20',
      beslutsfattare: 'K Ek',
    }
    return [
      about('get', '/hushall/*', h),
      about('patch', '/hushall/*', h, { bostadslosSedan: '2025-01-01' }),
      about('post', '/hushall/*/personer', h, one),
      about('patch', '/hushall/*/personer/*', [household.id, household.personer[0].id], { fornamn: 'Eva' }),
      about('get', '/hyresgarantier?hushallId=*', h),
      about('post', '/hyresgarantier', h, ([hushallId]) => ({ hushallId, ...decision })),
      about('get', '/hyresgarantier/*', g),
      about('patch', '/hyresgarantier/*', g, { adress: 'Nya gatan 1' }),
      about('post', '/hyresgarantier/*/avtal', [granted.id], { avtalTecknatDatum: '2025-02-01' }),
      about('post', '/hyresgarantier/*/avslutsforslag', g, { motivering }),
      about('post', '/hyresgarantier/*/avslutsforslag/svar', [proposed.id], { svar: 'godkant' }),
      about('post', '/hyresgarantier/*/avslut', g, { avslutsorsak: 'overenskommelse', motivering }),
      about('post', '/hyresgarantier/*/uppsagning', g, { uppsagdTill: '2027-06-01', motivering }),
      about('post', '/hyresgarantier/*/hyresavtalets-upphorande', g, { datum: '2026-09-01', motivering }),
      about('get', '/hyresgarantier/*/historik', g),
      about('get', '/hyresgarantier/*/krav', g),
      about('post', '/hyresgarantier/*/krav', g, { hyresmanad: '2026-05', kravtBeloppOre: 1000 }),
      about('get', '/hyresgarantier/*/krav/*', k),
      about('post', '/hyresgarantier/*/krav/*/granskning', k, {}),
      about('post', '/hyresgarantier/*/krav/*/beslut', k, { utfall: 'avvisat', avvisningsorsak: 'annat', motivering }),
      about('post', '/hyresgarantier/*/krav/*/utbetalning', [garanti.id, paid.id], {}),
      about('post', '/hyresgarantier/*/krav/*/aterkallande', k, {}),
      about('get', '/regressfordringar?hyresgarantiId=*', g),
      about('get', '/regressfordringar/*', d),
      about('get', '/regressfordringar/*/betalningar', d),
      about('post', '/regressfordringar/*/betalningar', d, { beloppOre: 1 }),
      about('post', '/regressfordringar/*/eftergift', d, { motivering }),
      about('post', '/regressfordringar/*/indrivning', d, {}),
      about('post', '/regressfordringar/*/preskription', d, {}),
      about('get', '/utlamnanden?hushallId=*', h),
      about('get', '/utlamnanden?hyresgarantiId=*', g),
      about('get', '/utlamnanden/*', [disclosure.id]),
      about('post', '/utlamnanden/*/aterkallande', [disclosure.id], { skal: motivering }),
      about('post', '/utlamnanden', h, ([hushallId]) => ({
        part: 'serviceforvaltningen',
        hushallId,
        falt: ['adress'],
        grund: 'lag',
        skal: motivering,
      })),
      about('get', '/arenden?hushallId=*', h),
      about('post', '/arenden', h, ([hushallId]) => ({
        hushallId,
        insats: 'fortur',
        ansokanDatum: '2026-09-01',
        kanal: 'papper',
      })),
      about('get', '/arenden/*', [arende.id]),
      about('get', '/arenden/*/utredning', [arende.id]),
      about('put', '/arenden/*/utredning', [oppet.id], investigated),
      about('get', '/arenden/*/fullstandighet', [oppet.id]),
      about('get', '/arenden/*/historik', [arende.id]),
      about('get', '/arenden/*/jav', [oppet.id]),
      about('post', '/arenden/*/jav', [oppet.id], { sub: 'x', skal: motivering }),
      about('post', '/arenden/*/tilldelning', [oppet.id], { handlaggare: 'x' }),
      about('post', '/arenden/*/utredningsstart', [oppet.id], {}),
      about('post', '/arenden/*/kompletteringsbegaran', [oppet.id], { begart: 'x', senast: '2026-12-01' }),
      about('post', '/arenden/*/komplettering', [oppet.id], { inkommen: '2026-09-01' }),
      about('post', '/arenden/*/kommunicering', [oppet.id], { yttrandeSenast: '2026-12-01' }),
      about('post', '/arenden/*/yttrande', [oppet.id], { yttrande: 'x' }),
      about('post', '/arenden/*/aterupptagande', [oppet.id], {}),
      about('post', '/arenden/*/foredragning', [oppet.id], {}),
      about('post', '/arenden/*/avskrivning', [oppet.id], { orsak: 'annat', motivering }),
      about('post', '/arenden/*/beslut', [oppet.id], { utfall: 'avslag', motivering }),
      about('post', '/arenden/*/omprovning', [arende.id, beslut.id], ([, ersatterId]) => ({
        ersatterId,
        utfall: 'bifall',
        motivering,
      })),
      about('post', '/arenden/*/overklagande', [arende.id], { inkommet: '2026-09-15' }),
      about('post', '/arenden/*/overklagande/avvisning', [arende.id], { motivering }),
      about('post', '/arenden/*/overklagande/aterkallande', [arende.id], {}),
      about('post', '/arenden/*/overlamnande', [arende.id], { domstol: 'x' }),
      about('post', '/arenden/*/dom', [arende.id], { datum: '2026-09-15', utfall: 'avslag', malnummer: '1' }),
      about('get', '/beslut?hushallId=*', h),
      about('get', '/beslut?arendeId=*', [arende.id]),
      about('get', '/beslut/*', [beslut.id]),
      about('post', '/beslut/*/delgivning', [beslut.id], { delgivenDatum: '2026-09-15', delgivningssatt: 'brev' }),
      about('get', '/barnchecklistor?hushallId=*', h),
      about('get', '/barnchecklistor?arendeId=*', [arende.id]),
      about('post', '/barnchecklistor', h, ([hushallId]) => ({ hushallId })),
      about('get', '/barnchecklistor/*', [checklist.id]),
      about('put', '/barnchecklistor/*', [checklist.id], {}),
      about('post', '/barnchecklistor/*/klarmarkering', [checklist.id], {}),
      about('post', '/barnchecklistor/*/revidering', [checklist.id], {}),
      about('get', '/forturer?hushallId=*', h),
      about('get', '/forturer/*', [fortur.id]),
      about('patch', '/forturer/*', [fortur.id], { maxHyraOre: 1000000 }),
      about('get', '/forturer/*/historik', [fortur.id]),
      about('get', '/forturer/*/erbjudanden', [fortur.id]),
      about('get', '/forturer/*/erbjudanden/*', [fortur.id, fortur.erbjudandeId]),
      about('post', '/forturer/*/overlamnande', [fortur.id], { hyresvardId: randomUUID() }),
      about('post', '/forturer/*/erbjudanden', [fortur.id], {
        rum: 2,
        hyraOre: 900000,
        tilltrade: '2026-12-01',
        omrade: 'centrum',
      }),
      about('post', '/forturer/*/erbjudanden/*/svar', [fortur.id, fortur.erbjudandeId], { svar: 'ja' }),
      about('post', '/forturer/*/kontrakt', [fortur.id], { kontraktDatum: '2026-09-15', kontraktsform: 'forstahand' }),
      about('post', '/forturer/*/egen-kotid', [fortur.id], { datum: '2026-09-15', motivering }),
      about('post', '/forturer/*/upphavande', [fortur.id], { motivering }),
      about('get', '/lagenheter/*', l),
      about('get', '/lagenheter/*/upplatelser', l),
      about('get', '/lagenheter/*/historik', l),
      about('get', '/lagenheter/*/kandidater', l),
      about('post', '/lagenheter/*/klar', l, {}),
      about('post', '/lagenheter/*/besiktning', l, { behoverRenoveras: false }),
      about('post', '/lagenheter/*/aterlamning', l, { iPoolenTill: '2026-12-31' }),
      about('get', '/stodlagenheter?hushallId=*', h),
      about('get', '/stodlagenheter/*', s),
      about('get', '/stodlagenheter/*/historik', s),
      about('get', '/stodlagenheter/*/forslag', s),
      about('get', '/stodlagenheter/*/avstaenden', s),
      about('get', '/stodlagenheter/*/avstaenden/*', waiver),
      about('get', '/stodlagenheter/*/uppfoljningar', s),
      about('get', '/stodlagenheter/*/handelser', s),
      about('post', '/stodlagenheter/*/forslag', [stodlagenhet.id, lagenhetId], ([, id]) => ({ lagenhetId: id })),
      about('post', '/stodlagenheter/*/forslagssvar', s, { svar: 'accepterat' }),
      about('post', '/stodlagenheter/*/forslagsaterkallelse', s, {}),
      about('post', '/stodlagenheter/*/avtal', s, avtal('2026-09-15')),
      about('post', '/stodlagenheter/*/avtalshavning', s, {}),
      about('post', '/stodlagenheter/*/behov', s, {
        antalPersoner: 2,
        minRum: null,
        maxRum: null,
        maxHyraOre: null,
        onskadeOmraden: [],
        uteslutnaOmraden: [],
        tillganglighet: [],
      }),
      about('post', '/stodlagenheter/*/inflyttning', s, { datum: '2026-09-15' }),
      about('post', '/stodlagenheter/*/bistandets-upphorande', s, { datum: '2026-09-15' }),
      about('post', '/stodlagenheter/*/overtagande', s, {}),
      about('post', '/stodlagenheter/*/overtagandesvar', s, { svar: 'godkant', forstahandDatum: '2026-12-01' }),
      about('post', '/stodlagenheter/*/uppsagning', s, { grund: 'egenUppsagning', uppsagdTill: '2026-12-31' }),
      about('post', '/stodlagenheter/*/atertagande', s, {}),
      about('post', '/stodlagenheter/*/utflyttning', s, { datum: '2026-09-15' }),
      about('post', '/stodlagenheter/*/avslut', s, { utfall: 'annatBoende' }),
      about('post', '/stodlagenheter/*/avstaenden', s, { skal: motivering, giltigtTill: '2028-09-15' }),
      about('post', '/stodlagenheter/*/avstaenden/*/inskickning', waiver, { datum: '2026-09-15' }),
      about('post', '/stodlagenheter/*/avstaenden/*/beslut', waiver, { utfall: 'godkant', datum: '2026-09-15' }),
      about('post', '/stodlagenheter/*/avstaenden/*/ej-krav', waiver, {}),
      about('post', '/stodlagenheter/*/uppfoljningar', s, {
        datum: '2026-09-15',
        omraden: ['ekonomi'],
        bedomning: 'enligtPlanen',
      }),
      about('post', '/stodlagenheter/*/handelser', s, { slag: 'hyresskuld', datum: '2026-09-15', hyresskuldOre: 1 }),
      about('get', '/flyttkedjor?hushallId=*', h),
      about('get', '/flyttkedjor/*', f),
      about('get', '/flyttkedjor/*/historik', f),
      about('post', '/flyttkedjor/*/lankar', f, { objektnummer: 'LKF-1', flyttdag: '2026-12-01' }),
      about('post', '/flyttkedjor/*/lankar/*/borttagande', fl, {}),
      about('post', '/flyttkedjor/*/lankar/*/svar', fl, { part: 'hushall', svar: 'ja' }),
      about('post', '/flyttkedjor/*/lankar/*/genomforande', fl, { datum: '2026-09-15' }),
      about('post', '/flyttkedjor/*/klarmarkering', f, {}),
      about('post', '/flyttkedjor/*/avbrott', f, { skal: 'annat' }),
      about('get', '/bostad-forst?hushallId=*', h),
      about('get', '/bostad-forst/*', b),
      about('get', '/bostad-forst/*/boenden', b),
      about('get', '/bostad-forst/*/provningar', b),
      about('get', '/bostad-forst/*/historik', b),
      about('get', '/bostad-forst/*/stod', b),
      about('post', '/bostad-forst/*/onskemal', b, {}),
      about('post', '/bostad-forst/*/erbjudande', [bostadForst.id, lagenhetId], ([, id]) => ({ lagenhetId: id })),
      about('post', '/bostad-forst/*/erbjudandesvar', b, { svar: 'nej', orsak: 'lage' }),
      about('post', '/bostad-forst/*/inflyttning', b, sublet('2026-09-15')),
      about('post', '/bostad-forst/*/overgangsprovning', b, {}),
      about('post', '/bostad-forst/*/overgangssvar', b, { utfall: 'avslag', orsak: 'kortTid' }),
      about('post', '/bostad-forst/*/bostadsbyte', b, { orsak: 'onskemal' }),
      about('post', '/bostad-forst/*/kvarboende', b, {}),
      about('post', '/bostad-forst/*/franvaro', b, { sedan: '2026-09-15', orsak: 'sjukhus' }),
      about('post', '/bostad-forst/*/aterkomst', b, {}),
      about('post', '/bostad-forst/*/uppsagning', b, { uppsagdTill: '2026-12-31' }),
      about('post', '/bostad-forst/*/atertagande', b, {}),
      about('post', '/bostad-forst/*/avslut', b, { utfall: 'annatBoende', datum: '2026-09-15' }),
      about('post', '/bostad-forst/*/stod/start', b, { niva: 'hog' }),
      about('post', '/bostad-forst/*/stod/niva', b, { niva: 'lag' }),
      about('post', '/bostad-forst/*/stod/vila', b, {}),
      about('post', '/bostad-forst/*/stod/ateruppta', b, {}),
      about('post', '/bostad-forst/*/stod/avslut', b, {}),
      about('post', '/bostad-forst/*/stod/erbjudande', b, {}),
      about('get', '/hushall/*/atkomst', h),
      about('get', '/atkomstlogg?hushallId=*', h),
      about('get', '/genomgangar?hyresgarantiId=*', g),
      about('get', '/genomgangar/*', r),
      about('post', '/genomgangar/*/utfall', r, { utfall: 'fortsatt', motivering }),
      about('post', '/genomgangar/utfall', r, ([genomgangId]) => ({
        utfall: [{ genomgangId, utfall: 'fortsatt', motivering }],
      })),
    ]
  }

  async function ask(client: Client, { method, path, body }: Question, ids: Ids) {
    const { status, text } =
      method === 'get'
        ? await client.get(path(ids))
        : await client[method](path(ids), body?.(ids) ?? {}, { ifMatch: '*' })
    const anonymous = ids.reduce((t, id, index) => t.replaceAll(id, `ID${index}`), text)
    return { path: path(ids.map((_, index) => `ID${index}`)), status, text: anonymous.replace(/"urn:uuid:[^"]+"/, '') }
  }

  /** Asked of the household as of nobody's: the same status, the same body, the same counts. */
  async function expectUnknown(client: Client, world: World) {
    for (const question of questions(world)) {
      const theirs = await ask(client, question, question.ids)
      expect(theirs).toEqual(
        await ask(
          client,
          question,
          question.ids.map(() => randomUUID()),
        ),
      )
      if (theirs.status === 200) expect(theirs.text).toMatch(/"totalRecords":0|"kod":"finns-inte"/)
      else expect([404, 422]).toContain(theirs.status)
    }
  }

  async function landlordOf() {
    const { id } = await createLandlord(worker, 'Exempelbostäder AB', true)
    return { id: id as string, client: harness.hyresvard(id) }
  }
  const search = async (client: Client, personnummer: string) =>
    (await client.post('/hushall/sokningar', { personnummer })).body.hushall.map(({ id }: { id: string }) => id).sort()

  test.each(['sekretessmarkering', 'skyddadFolkbokforing'])(
    'does not exist for whoever is not cleared: %s',
    async niva => {
      const landlord = await landlordOf()
      await everything(worker, landlord.id, 'ingen')
      const before = await overview(landlord.client)
      const hidden = await everything(cleared, landlord.id, niva)
      expect(await overview(landlord.client)).toEqual(before)
      expect(await search(worker, hidden.personnummer)).toEqual([])
      await expectUnknown(worker, hidden)
      await expectUnknown(harness.as([...roles, 'administrator']), hidden)
      const answer = (id: string) =>
        landlord.client.post(`/hyresvard/avslutsforslag/${id}/svar`, { svar: 'godkant' }, { ifMatch: '*' })
      expect(said(await answer(hidden.proposed.id))).toEqual(said(await answer(randomUUID())))
      const answered = await landlord.client.post('/hyresvard/genomgangssvar', {
        svar: [
          { genomgangId: hidden.review.id, ...goodAnswer },
          { avtalsnummer: hidden.garanti.avtalsnummer, ...goodAnswer },
        ],
      })
      expect(answered.body.resultat).toMatchObject([{ kod: 'okand-genomgang' }, { kod: 'okand-genomgang' }])
      for (const path of [`lagenheter/${hidden.lagenhetId}`, `stodlagenheter/${hidden.stodlagenhet.id}`])
        expect((await serviceforvaltningen.get(`/serviceforvaltningen/${path}`)).status).toBe(404)
    },
  )

  test('is there, with all about it, for a caseworker in skyddsgrupp', async () => {
    const world = await everything(cleared, (await landlordOf()).id, 'sekretessmarkering')
    expect(await search(cleared, world.personnummer)).toEqual([world.household.id])
    // A disclosure to a landlord is never made by the service for someone protected.
    const byHand = '/utlamnanden?hyresgarantiId'
    // Nobody is in the queue.
    const empty = '/lagenheter/*/kandidater'
    for (const question of questions(world).filter(
      ({ method, path }) => method === 'get' && !path([]).startsWith(byHand) && path([]) !== empty,
    )) {
      const { path, status, text } = await ask(cleared, question, question.ids)
      expect({ path, status }).toEqual({ path, status: 200 })
      expect(text).not.toContain('"totalRecords":0')
    }
    const countFor = async (client: Client) => (await client.get('/genomgangsomgangar/2026H2')).body.antal
    expect(await countFor(cleared)).toBeGreaterThan(await countFor(worker))
  })

  test('is in no list of its landlord even when its caseworker is cleared', async () => {
    const landlord = await landlordOf()
    await everything(cleared, landlord.id, 'skyddadFolkbokforing')
    for (const list of ['genomgangar', 'avslutsforslag'])
      expect((await landlord.client.get(`/hyresvard/${list}`)).body._meta.totalRecords).toBe(0)
  })

  test('is in no table, nor in the history, for the role that ordinary callers run as', async () => {
    const { household } = await everything(cleared, (await landlordOf()).id, 'sekretessmarkering')
    const utlamnande = {
      part: 'serviceforvaltningen',
      hushallId: household.id,
      falt: ['adress'],
      grund: 'samtycke',
      skal: 'Bad.',
    }
    expect((await cleared.post('/utlamnanden', utlamnande)).status).toBe(201)
    const nod = { hushallId: household.id, skal: 'Akut.' }
    expect((await harness.as('handlaggare', undefined, 'nod.handlaggare').post('/nodatkomster', nod)).status).toBe(201)
    const { rows } = await harness.owner.query(
      `SELECT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.column_name = 'hushall_id' AND t.table_name NOT LIKE 'historik\\_%' AND t.table_schema = 'public'`,
    )
    const conditions: string[] = [
      ...rows.map(({ table_name }) => `${table_name} WHERE hushall_id = $1`),
      'hushall WHERE id = $1',
    ]
    expect(conditions.length).toBeGreaterThan(9)
    const emergency = { hushallId: household.id, skal: 'Vattenskada.' }
    const { status } = await harness.as('handlaggare', 'socialforvaltningen', 'i.nod').post('/nodatkomster', emergency)
    expect(status).toBe(201)
    await harness.owner.query(
      `INSERT INTO inkommen_post (part, nyckel, slag, sha256, led_till, hushall_id, tid)
       VALUES ('serviceforvaltningen', 'en', 'utflyttning', '', gen_random_uuid(), $1, now())`,
      [household.id],
    )
    const ordinary: Caller = {
      sub: 'test',
      part: 'socialforvaltningen',
      partId: null,
      roller: ['handlaggare', 'beslutsfattare', 'administrator', 'loggranskare'],
      klient: 'test',
    }
    const { db } = harness.db.reading(ordinary)
    for (const condition of conditions) {
      const sql = `SELECT count(*)::int AS antal FROM ${condition}`
      const [{ antal }] = await db.query(sql, [household.id])
      expect({ condition, antal }).toEqual({ condition, antal: 0 })
      expect((await harness.owner.query(sql, [household.id])).rows[0].antal).toBeGreaterThan(0)
    }
  })

  test('is not opened by skyddsgrupp alone: clearance is no role', async () => {
    expect((await harness.as('skyddsgrupp').get('/hyresgarantier')).status).toBe(403)
  })

  test('disappears at once, with all about it, when its protection is raised, and comes back when lowered', async () => {
    const landlord = await landlordOf()
    const before = await overview(landlord.client)
    const world = await everything(worker, landlord.id, 'ingen')
    const shown = await overview(landlord.client)
    expect(shown).not.toEqual(before)
    const person = `/hushall/${world.household.id}/personer/${world.household.personer[0].id}`
    const raised = await worker.patch(person, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' })
    expect(raised.status).toBe(200)
    expect(await overview(landlord.client)).toEqual(before)
    expect(await search(worker, world.personnummer)).toEqual([])
    await expectUnknown(worker, world)
    expect((await cleared.patch(person, { skyddsniva: 'ingen' }, { ifMatch: '*' })).status).toBe(200)
    expect(await overview(landlord.client)).toEqual(shown)
  })

  test('disappears at once when a protected person moves in', async () => {
    const landlord = await landlordOf()
    const before = await overview(landlord.client)
    const world = await everything(worker, landlord.id, 'ingen')
    const tove = { personnummer: nextPersonnummer(), fornamn: 'Tove', efternamn: 'Ek', roll: 'vuxen' }
    const added = await worker.post(`/hushall/${world.household.id}/personer`, {
      ...tove,
      skyddsniva: 'sekretessmarkering',
    })
    expect(added.status).toBe(201)
    expect(await overview(landlord.client)).toEqual(before)
    await expectUnknown(worker, world)
  })

  test('is not given away when one of its people is registered again', async () => {
    const { personnummer, household } = await everything(cleared, (await landlordOf()).id, 'sekretessmarkering')
    const disa = { personnummer, fornamn: 'Disa', efternamn: 'Ek', roll: 'sokande' }
    const made = await worker.post('/hushall', { personer: [disa] })
    expect(made.status).toBe(201)
    expect(await search(worker, personnummer)).toEqual([made.body.id])
    // Now the person is in the ordinary register, once.
    expect((await worker.post('/hushall', { personer: [disa] })).status).toBe(409)
    expect(await search(cleared, personnummer)).toEqual([household.id, made.body.id].sort())

    const another = await everything(cleared, (await landlordOf()).id, 'skyddadFolkbokforing')
    const { id } = await createHousehold(worker)
    const child = { ...disa, personnummer: another.personnummer, roll: 'barn' }
    expect((await worker.post(`/hushall/${id}/personer`, child)).status).toBe(201)
  })

  test('is not given away by naming one of its people in a guarantee', async () => {
    const { household } = await everything(cleared, (await landlordOf()).id, 'sekretessmarkering')
    const { id: hushallId } = await createHousehold(worker)
    const name = (personId: string) =>
      worker.post('/hyresgarantier', {
        hushallId,
        personId,
        garantityp: 'kommunal',
        garanteradeManader: 6,
        beslutDatum: '2026-01-20',
        beslutsfattare: 'Karin Ek',
      })
    expect(said(await name(household.personer[0].id))).toEqual(said(await name(randomUUID())))
  })
})
