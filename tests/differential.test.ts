import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import pg from 'pg'
import type { Roll } from '../src/shared/caller.ts'
import { roller } from '../src/shared/caller.ts'
import { created, decided, ok, openCase } from './cases.ts'
import { type Client, createTestDatabase, type Harness, startTestApp } from './harness.ts'
import { livingInHomes } from './homes.ts'
import {
  activate,
  createLandlord,
  goodAnswer,
  grant,
  nextPersonnummer,
  openRound,
  reviewOf,
  testPersonnummer,
} from './people.ts'

/**
 * Two databases that differ by one protected household with one of everything. Whoever is not cleared gets the same
 * answer from both, to the byte.
 */
const key = () => randomBytes(32).toString('base64')
const settings = { PUBLIC_URL: 'https://hemvist.test/api', PERSONNUMMER_KEY: key(), PERSONNUMMER_HASH_KEY: key() }
const document = JSON.parse(await readFile(new URL('../openapi/openapi.json', import.meta.url), 'utf8'))
const hiddenPersonnummer = testPersonnummer(4000)

const plain = await startTestApp({ settings })
const landlord = await createLandlord(plain.as('handlaggare'), 'Exempelbostäder AB', true)
const { id: prenumeration } = created(
  await plain.hyresvard(landlord.id).post('/prenumerationer', { url: 'https://integration.example.se/x' }),
)
const open = await oneOfEverything(plain, {})

/** A place in what both have been through. */
const cursor = (await plain.as('handlaggare').get('/handelser?limit=3')).body.nextCursor as string

async function copy(url: string): Promise<string> {
  const name = new URL(url).pathname.slice(1)
  const admin = new pg.Client({ connectionString: process.env.TEST_SERVER_URL })
  await admin.connect()
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name])
  await admin.end()
  return createTestDatabase(name)
}

const hiding = await startTestApp({ settings, url: await copy(plain.url) })
const hidden = await oneOfEverything(hiding, { personnummer: hiddenPersonnummer, skyddsniva: 'sekretessmarkering' })

/** A household with a guarantee in force, claims, recourse, reviews, and a granted guarantee. */
async function oneOfEverything(harness: Harness, person: { personnummer?: string; skyddsniva?: string }) {
  const protectedOne = person.skyddsniva !== undefined
  const handlaggare = harness.as(protectedOne ? ['handlaggare', 'skyddsgrupp'] : 'handlaggare')
  const team: Roll[] = ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam']
  const beslutsfattare = harness.as(protectedOne ? ['beslutsfattare', 'skyddsgrupp'] : 'beslutsfattare')
  const sokande = {
    personnummer: nextPersonnummer(),
    fornamn: 'Skyla',
    efternamn: 'Hemlig',
    roll: 'sokande',
    ...person,
  }
  const child = { personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Hemlig', roll: 'barn' }
  const made = await handlaggare.post('/hushall', { personer: [sokande, child] })
  const hushallId = made.body.id as string
  const terms = { hushallId, hyresvardId: landlord.id }
  const garanti = await activate(handlaggare, terms)
  const granted = await grant(handlaggare, terms)
  const path = `/hyresgarantier/${garanti.id}/krav`
  const krav = await handlaggare.post(path, {
    hyresmanad: '2026-03',
    kravtBeloppOre: 800000,
    indrivningsbevisRef: 'KFM 1',
  })
  const approval = { utfall: 'godkant', godkantBeloppOre: 800000, motivering: 'Visat.' }
  const approved = await beslutsfattare.post(`${path}/${krav.body.id}/beslut`, approval, { ifMatch: krav.body.etag })
  await handlaggare.post(`${path}/${krav.body.id}/utbetalning`, {}, { ifMatch: approved.body.etag })
  const { body } = await handlaggare.get(`/regressfordringar?hyresgarantiId=${garanti.id}`)
  const fordran = body.regressfordringar[0].id as string
  await handlaggare.post(`/regressfordringar/${fordran}/betalningar`, { beloppOre: 1000 })
  await openRound(harness)
  if (!protectedOne)
    await harness
      .hyresvard(landlord.id)
      .post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer: garanti.avtalsnummer, ...goodAnswer }] })
  const genomgang = (await reviewOf(handlaggare, garanti.id)).id as string
  const utlamnande = {
    part: 'serviceforvaltningen',
    hushallId,
    falt: ['adress'],
    grund: 'samtycke',
    skal: 'Bad om det.',
  }
  const given = await handlaggare.post('/utlamnanden', utlamnande)
  const { arende, beslut } = await decided(handlaggare, beslutsfattare, { hushallId })
  const [fortur] = ok(await handlaggare.get(`/forturer?hushallId=${hushallId}`)).forturer
  ok(await handlaggare.post(`/forturer/${fortur.id}/overlamnande`, { hyresvardId: landlord.id }, { ifMatch: '*' }))
  const offer = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum' }
  const offered = created(await handlaggare.post(`/forturer/${fortur.id}/erbjudanden`, offer, { ifMatch: '*' }))
  const oppet = await openCase(handlaggare, { hushallId, insats: 'tillfalligtBoende' })
  created(await handlaggare.post(`/arenden/${oppet.id}/jav`, { sub: 'nagon', skal: 'Släkt.' }))
  const checklist = ok(await handlaggare.get(`/barnchecklistor?hushallId=${hushallId}`)).barnchecklistor[0]
  const homes = await livingInHomes(
    harness,
    harness.as(protectedOne ? [...team, 'skyddsgrupp'] : team),
    hushallId,
    landlord.id,
  )
  if (protectedOne)
    await harness.as('handlaggare', undefined, 'nod.handlaggare').post('/nodatkomster', { hushallId, skal: 'Akut.' })
  return {
    hushallId,
    garanti: garanti.id as string,
    granted: granted.id as string,
    krav: krav.body.id as string,
    fordran,
    genomgang,
    utlamnande: given.body.id as string,
    avtalsnummer: garanti.avtalsnummer as string,
    arende: arende.id as string,
    arendenummer: arende.arendenummer as string,
    beslut: beslut.id as string,
    fortur: fortur.id as string,
    erbjudande: offered.erbjudandeId as string,
    checklist: checklist.id as string,
    lagenhet: homes.lagenhetId,
    stodlagenhet: homes.stodlagenhet.id,
    avstaende: homes.stodlagenhet.avstaendeId,
    bostadForst: homes.bostadForst.id,
    flyttkedja: homes.flyttkedja.id,
    flyttlank: homes.flyttkedja.lankId,
  }
}

/** The ids that a path parameter can be given: of the open household, of the hidden one, and of nothing. */
const nothing = '00000000-0000-7000-8000-000000000000'
type Ids = typeof open
function pathsOf(path: string, ids: Ids): string {
  const about: [begins: string, id: string][] = [
    ['/hushall', ids.hushallId],
    ['/hyresvardar', landlord.id],
    ['/prenumerationer', prenumeration],
    ['/hyresgarantier', ids.garanti],
    ['/regressfordringar', ids.fordran],
    ['/genomgangar', ids.genomgang],
    ['/utlamnanden', ids.utlamnande],
    ['/arenden', ids.arende],
    ['/beslut', ids.beslut],
    ['/barnchecklistor', ids.checklist],
    ['/forturer', ids.fortur],
    ['/hyresvard/forturer', ids.fortur],
    ['/lagenheter', ids.lagenhet],
    ['/serviceforvaltningen/lagenheter', ids.lagenhet],
    ['/stodlagenheter', ids.stodlagenhet],
    ['/serviceforvaltningen/stodlagenheter', ids.stodlagenhet],
    ['/bostad-forst', ids.bostadForst],
    ['/flyttkedjor', ids.flyttkedja],
  ]
  const id = about.find(([begins]) => path === begins || path.startsWith(`${begins}/`))?.[1] ?? nothing
  const koder: Record<string, string> = {
    hyresgarantier: 'aktiva',
    forturer: 'utanBostad',
    'bostad-forst': 'bostader',
    bostadsbehov: 'vantandeStodlagenhet',
  }
  return path
    .replace('{id}', id)
    .replace('{kravId}', ids.krav)
    .replace('{erbjudandeId}', ids.erbjudande)
    .replace('{period}', '2026H2')
    .replace('{nummer}', '1')
    .replace('{avstaendeId}', ids.avstaende)
    .replace('{lankId}', ids.flyttlank)
    .replace('{kod}', koder[path.split('/')[1] as string] ?? 'undantag')
}

type Parameter = {
  name: string
  in: string
  required?: boolean
  schema: { enum?: string[]; type?: string; format?: string }
}

/** Values to ask with: each of a list, both truths, days around the data, and ids of both households. */
function valuesOf({ name, schema }: Parameter): string[] {
  if (schema.enum) return schema.enum.filter(value => value !== null)
  if (schema.type === 'boolean') return ['true', 'false']
  if (name === 'page') return ['1', '2']
  if (name === 'limit') return ['1', '100']
  if (name === 'period') return ['2026H2', '2026H1']
  if (schema.format === 'date') return ['2026-09-15', '2027-03-01']
  if (name === 'hushallId') return [open.hushallId, hidden.hushallId]
  if (name === 'hyresgarantiId') return [open.garanti, hidden.garanti]
  if (name === 'hyresvardId' || name === 'partId') return [landlord.id]
  if (name === 'arendeId') return [open.arende, hidden.arende]
  if (name === 'forturId') return [open.fortur, hidden.fortur]
  if (name === 'arendenummer' || name === 'forturnummer') return [open.arendenummer, hidden.arendenummer]
  if (name === 'handlaggare') return ['mig', 'test.handlaggare.skyddsgrupp']
  if (name === 'avtalsnummer') return [open.avtalsnummer, hidden.avtalsnummer]
  if (name === 'cursor') return ['nu', cursor]
  if (name === 'typ') return ['se.hemvist.genomgang.*', 'se.hemvist.hyresgaranti.aktiv,se.hemvist.fortur.hosHyresvard']
  if (name === 'vanta') return ['1']
  if (name === 'stodlagenhetId') return [open.stodlagenhet, hidden.stodlagenhet]
  if (name === 'flyttkedjaId') return [open.flyttkedja, hidden.flyttkedja]
  if (name === 'lagenhetId') return [open.lagenhet, hidden.lagenhet]
  if (name === 'objektnummer') return ['SF-0001', 'SF-0002']
  if (name === 'omrade') return ['linero', 'norraFaladen']
  if (name === 'tillganglighet') return ['hiss']
  if (name === 'ar') return ['2026', '2027']
  if (name === 'minRum' || name === 'maxRum') return ['1', '3']
  if (name === 'maxHyraOre') return ['100000', '2000000']
  if (name === 'sub') return ['test.handlaggare', 'test.handlaggare.skyddsgrupp']
  throw new Error(`the differential test has no values for ${name}`)
}

/** What is about the log itself and not about anyone: it tells of every reading, so of those that only one side had. */
const aboutTheLog = ['/atkomstlogg', '/hushall/{id}/atkomst']

const gets = Object.entries<{ get?: { parameters: Parameter[] } }>(document.paths).flatMap(([path, { get }]) => {
  // A stream has no end: it is compared below.
  if (!get || path === '/handelser/strom' || aboutTheLog.some(prefix => path.startsWith(prefix))) return []
  const query = get.parameters.filter(parameter => parameter.in === 'query')
  const base = query
    .filter(({ required }) => required)
    .map(({ name }) => `${name}=${{ fran: '2026-01-01', till: '2026-12-31', ar: '2026' }[name]}`)
  const queries = [
    base,
    ...query.filter(({ required }) => !required).flatMap(p => valuesOf(p).map(v => [...base, `${p.name}=${v}`])),
  ]
  const paths = path.includes('{') ? [pathsOf(path, open), pathsOf(path, hidden)] : [path]
  return paths.flatMap(one => queries.map(parts => (parts.length > 0 ? `${one}?${parts.join('&')}` : one)))
})
const accepts: [string, string][] = [
  ['/hyresgarantier', 'text/csv'],
  ['/beslut', 'text/csv'],
  ['/genomgangar', 'text/calendar'],
  ['/bostadsbehov?ar=2026', 'text/csv'],
  ['/hyresvard/genomgangar', 'text/csv'],
]

const callers: [string, (harness: Harness) => ReturnType<Harness['as']>][] = [
  ...(Object.keys(roller) as Roll[])
    .filter(roll => roll !== 'skyddsgrupp')
    .map((roll): [string, (harness: Harness) => ReturnType<Harness['as']>] => [roll, harness => harness.as(roll)]),
  ['hyresvard', harness => harness.hyresvard(landlord.id)],
  ['serviceforvaltningen', harness => harness.as([], 'serviceforvaltningen')],
]

/**
 * An answer without what is new each time. A cursor is: it is a place in what all parties are told, encrypted with a
 * nonce of its own, and always as long.
 */
function shown({ status, text, headers }: { status: number; text: string; headers: Record<string, unknown> }) {
  const { date: _, traceparent: __, connection: ___, 'keep-alive': ____, ...rest } = headers
  return {
    status,
    headers: rest,
    text: text?.replace(/urn:uuid:[0-9a-f-]{36}/g, 'urn:uuid:').replace(/[\w-]{116}/g, 'cursor'),
  }
}

test('the two databases differ: whoever is cleared sees the hidden household', async () => {
  const cleared = (harness: Harness) => harness.as(['handlaggare', 'skyddsgrupp'])
  expect((await cleared(hiding).get(`/hushall/${hidden.hushallId}`)).status).toBe(200)
  expect((await cleared(plain).get(`/hushall/${hidden.hushallId}`)).status).toBe(404)
  const total = async (harness: Harness) => (await cleared(harness).get('/hyresgarantier')).body._meta.totalRecords
  expect([await total(plain), await total(hiding)]).toEqual([2, 4])
  expect(gets.length).toBeGreaterThan(200)
})

test.each(callers)(
  '%s gets the same answers from both, to the byte',
  async (_, as) => {
    const [a, b] = [as(plain), as(hiding)]
    const different: string[] = []
    const compare = async (what: string, ask: (client: typeof a) => Promise<unknown>) => {
      const [one, other] = [shown((await ask(a)) as never), shown((await ask(b)) as never)]
      if (JSON.stringify(one) !== JSON.stringify(other))
        different.push(`${what}\n${JSON.stringify(one)}\n${JSON.stringify(other)}`)
    }
    for (const path of gets) await compare(path, client => client.get(path))
    for (const [path, accept] of accepts) await compare(`${path} ${accept}`, client => client.get(path, { accept }))
    for (const personnummer of [hiddenPersonnummer, testPersonnummer(4001)])
      await compare('search', client => client.post('/hushall/sokningar', { personnummer }))
    expect(different.slice(0, 5)).toEqual([])
  },
  60_000,
)

test('the stream gives the same from both', async () => {
  /** All that it has to say, until nothing has come for a while. */
  const read = async (harness: Harness, client: Client) => {
    const headers = { authorization: `Bearer ${await client.token()}`, 'last-event-id': cursor }
    const asked = new AbortController()
    const answer = await fetch(`${harness.base}/v1/handelser/strom`, { headers, signal: asked.signal })
    setTimeout(() => asked.abort(), 700)
    let text = ''
    try {
      for await (const chunk of answer.body as never as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
    } catch {
      // As it was asked to.
    }
    return text.replace(/[\w-]{116}/g, 'cursor')
  }
  for (const as of [(one: Harness) => one.as('handlaggare'), (one: Harness) => one.hyresvard(landlord.id)]) {
    const [one, other] = [await read(plain, as(plain)), await read(hiding, as(hiding))]
    expect(one).toContain('data: {')
    expect(other).toBe(one)
  }
})

test('what a landlord answers, and what a caseworker decides in bulk, is the same where the other is hidden', async () => {
  const svar = [
    { genomgangId: hidden.genomgang, ...goodAnswer },
    { avtalsnummer: hidden.avtalsnummer, ...goodAnswer },
  ]
  const utfall = [{ genomgangId: hidden.genomgang, utfall: 'fortsatt', motivering: 'Nej.' }]
  const keyed = (items: object[]) => ({ poster: items.map((one, n) => ({ nyckel: `${n}`, ...one })) })
  const lease = { kontraktDatum: '2026-09-15', kontraktsform: 'forstahand' }
  const fromLandlord = keyed([
    { slag: 'genomgangssvar', genomgangId: hidden.genomgang, ...goodAnswer },
    { slag: 'genomgangssvar', avtalsnummer: hidden.avtalsnummer, ...goodAnswer },
    { slag: 'erbjudandesvar', erbjudandeId: hidden.erbjudande, svar: 'ja' },
    { slag: 'kontrakt', forturId: hidden.fortur, ...lease },
    { slag: 'kontrakt', forturnummer: hidden.arendenummer, ...lease },
    { slag: 'flyttlanksvar', lankId: hidden.flyttlank, svar: 'ja' },
  ])
  const fromKeeper = keyed([
    { slag: 'lagenhetsatgard', lagenhetId: hidden.lagenhet, atgard: 'klar' },
    { slag: 'atertagande', stodlagenhetId: hidden.stodlagenhet },
    {
      slag: 'boendehandelse',
      stodlagenhetId: hidden.stodlagenhet,
      handelse: 'storning',
      datum: '2026-09-15',
      allvar: 'lindrig',
    },
    { slag: 'flyttlanksvar', lankId: hidden.flyttlank, svar: 'ja' },
  ])
  const ask = async (harness: Harness) => [
    shown((await harness.hyresvard(landlord.id).post('/hyresvard/inkommande', fromLandlord)) as never),
    shown((await harness.as([], 'serviceforvaltningen').post('/serviceforvaltningen/inkommande', fromKeeper)) as never),
    shown((await harness.hyresvard(landlord.id).post('/hyresvard/genomgangssvar', { svar })) as never),
    shown((await harness.as('handlaggare').post('/genomgangar/utfall', { utfall })) as never),
    shown((await harness.as('handlaggare').post('/hyresgarantier', { hushallId: hidden.hushallId })) as never),
    shown(
      (await harness
        .as('handlaggare')
        .post(`/hyresgarantier/${hidden.garanti}/krav`, { hyresmanad: '2026-05', kravtBeloppOre: 100 })) as never,
    ),
  ]
  const answers = await ask(hiding)
  expect(answers).toEqual(await ask(plain))
  for (const [n, sent] of [fromLandlord, fromKeeper].entries()) {
    expect(answers[n]?.status).toBe(200)
    expect(answers[n]?.text.match(/"kod":"(finns-inte|okand-genomgang)"/g)).toHaveLength(sent.poster.length)
  }
})

test('nobody who is not cleared finds an entry about the hidden household in the read log', async () => {
  const { body } = await hiding.as('loggranskare').get('/atkomstlogg?limit=100')
  expect(body.atkomster.length).toBeGreaterThan(5)
  expect(JSON.stringify(body)).not.toContain(hidden.hushallId)
  const cleared = await hiding.as(['loggranskare', 'skyddsgrupp']).get(`/atkomstlogg?hushallId=${hidden.hushallId}`)
  expect(cleared.body.atkomster.length).toBeGreaterThan(5)
  expect((await hiding.as('loggranskare').get(`/atkomstlogg?hushallId=${hidden.hushallId}`)).body.atkomster).toEqual([])
  expect((await hiding.as('loggranskare').get(`/hushall/${hidden.hushallId}/atkomst`)).status).toBe(404)
})
