import { readFile } from 'node:fs/promises'
import { householdsIn } from '../../src/http/read-log.ts'
import { createRecorder, type Lasning } from '../../src/shared/read-recorder.ts'
import { decided as caseDecided, created, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { livingInHomes } from '../homes.ts'
import {
  activate,
  createHousehold,
  createLandlord,
  goodAnswer,
  nextPersonnummer,
  openRound,
  reviewOf,
} from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const granskare = harness.as('loggranskare')
const landlord = await createLandlord(handlaggare, 'Exempelbostäder AB', true)
const personnummer = nextPersonnummer()
const made = await handlaggare.post('/hushall', {
  personer: [{ personnummer, fornamn: 'Urban', efternamn: 'Unikson', roll: 'sokande' }],
})
const hushallId = made.body.id as string
const garanti = await activate(handlaggare, { hushallId, hyresvardId: landlord.id, adress: 'Unikgatan 7, 222 22 Lund' })
const path = `/hyresgarantier/${garanti.id}/krav`
const krav = await handlaggare.post(path, {
  hyresmanad: '2026-03',
  kravtBeloppOre: 800000,
  indrivningsbevisRef: 'KFM 1',
})
const beslut = { utfall: 'godkant', godkantBeloppOre: 800000, motivering: 'Visat.' }
const decided = await beslutsfattare.post(`${path}/${krav.body.id}/beslut`, beslut, { ifMatch: krav.body.etag })
await handlaggare.post(`${path}/${krav.body.id}/utbetalning`, {}, { ifMatch: decided.body.etag })
const fordran = (await handlaggare.get(`/regressfordringar?hyresgarantiId=${garanti.id}`)).body.regressfordringar[0]
await handlaggare.post(`/regressfordringar/${fordran.id}/betalningar`, { beloppOre: 1000 })
await openRound(harness)
await harness
  .hyresvard(landlord.id)
  .post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer: garanti.avtalsnummer, ...goodAnswer }] })
const genomgang = await reviewOf(handlaggare, garanti.id)
const utlamnande = (await handlaggare.get(`/utlamnanden?hushallId=${hushallId}`)).body.utlamnanden[0]

const child = { personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Unikson', roll: 'barn' }
created(await handlaggare.post(`/hushall/${hushallId}/personer`, child))
const { arende, beslut: granted } = await caseDecided(handlaggare, beslutsfattare, { hushallId })
const [fortur] = ok(await handlaggare.get(`/forturer?hushallId=${hushallId}`)).forturer
ok(await handlaggare.post(`/forturer/${fortur.id}/overlamnande`, { hyresvardId: landlord.id }, { ifMatch: '*' }))
const home = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum' }
const offered = created(await handlaggare.post(`/forturer/${fortur.id}/erbjudanden`, home, { ifMatch: '*' }))
created(await handlaggare.post(`/arenden/${arende.id}/jav`, { sub: 'nagon', skal: 'Släkt.' }))
const [checklist] = ok(await handlaggare.get(`/barnchecklistor?hushallId=${hushallId}`)).barnchecklistor
const homes = await livingInHomes(
  harness,
  harness.as(['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam']),
  hushallId,
  landlord.id,
)

const traceOf = ({ headers }: { headers: Record<string, unknown> }) => String(headers.traceparent).split('-')[1]
const entriesOf = async (trace: string | undefined) =>
  (
    await harness.owner.query('SELECT *, array_to_string(hushall_ids, $2) AS ids FROM atkomstlogg WHERE spar = $1', [
      trace,
      ',',
    ])
  ).rows

/** What leads to the one household: where any of it stands in an answer, the answer is about the household. */
const marks = [
  hushallId,
  garanti.id,
  garanti.avtalsnummer,
  krav.body.id,
  fordran.id,
  genomgang.id,
  arende.id,
  arende.arendenummer,
  granted.id,
  checklist.id,
  fortur.id,
  homes.stodlagenhet.id,
  homes.stodlagenhet.avstaendeId,
  homes.bostadForst.id,
  homes.flyttkedja.lankId,
  personnummer,
  'Unikson',
  'Unikgatan',
]

const document = JSON.parse(await readFile(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
const ids: Record<string, string> = {
  hushall: hushallId,
  hyresvardar: landlord.id,
  hyresgarantier: garanti.id,
  regressfordringar: fordran.id,
  genomgangar: genomgang.id,
  utlamnanden: utlamnande.id,
  arenden: arende.id,
  beslut: granted.id,
  barnchecklistor: checklist.id,
  forturer: fortur.id,
  lagenheter: homes.lagenhetId,
  stodlagenheter: homes.stodlagenhet.id,
  'bostad-forst': homes.bostadForst.id,
  flyttkedjor: homes.flyttkedja.id,
}
const koder: Record<string, string> = {
  forturer: 'utanBostad',
  barnchecklistor: 'informerade',
  'bostad-forst': 'personer',
  bostadsbehov: 'beviljadeStodlagenhet',
}
const gets = Object.entries<{ get?: { parameters: { in: string; name: string; required?: boolean }[] } }>(
  document.paths,
).flatMap(([p, { get }]) => {
  // A stream has no end; it gives what the feed gives.
  if (!get || p.startsWith('/atkomstlogg') || p.endsWith('/atkomst') || p.endsWith('/strom')) return []
  const required = get.parameters
    .filter(q => q.in === 'query' && q.required)
    .map(q => `${q.name}=${{ fran: '2025-01-01', till: '2026-12-31', ar: '2026' }[q.name]}`)
  const filled = p
    .replace('{id}', ids[p.replace(/^\/(hyresvard|serviceforvaltningen)\//, '/').split('/')[1] as string] ?? '')
    .replace('{erbjudandeId}', offered.erbjudandeId)
    .replace('{nummer}', '1')
    .replace('{kravId}', krav.body.id)
    .replace('{period}', '2026H2')
    .replace('{lankId}', homes.flyttkedja.lankId)
    .replace('{avstaendeId}', homes.stodlagenhet.avstaendeId)
    .replace('{kod}', koder[p.split('/')[1] as string] ?? 'aktiva')
  return [required.length > 0 ? `${filled}?${required.join('&')}` : filled]
})
const asked: [string, string | undefined][] = [
  ...gets.map((p): [string, undefined] => [p, undefined]),
  ['/hyresgarantier', 'text/csv'],
  ['/beslut', 'text/csv'],
  ['/genomgangar', 'text/calendar'],
  ['/genomgangar.ics', undefined],
  ['/bostadsbehov?ar=2026', 'text/csv'],
  ['/hyresvard/genomgangar', 'text/csv'],
]

test.each(asked)(
  'GET %s %s is logged when its answer leads to the household, and not otherwise',
  async (what, accept) => {
    const callers = [
      handlaggare,
      harness.as(['boendeenhet', 'bostadForstTeam']),
      harness.as('statistiker'),
      harness.hyresvard(landlord.id),
      harness.as([], 'serviceforvaltningen'),
    ]
    for (const client of callers) {
      const answer = await client.get(what, accept ? { accept } : {})
      const tells = answer.status === 200 && marks.some(mark => answer.text.replaceAll('"_links"', '').includes(mark))
      const entries = await entriesOf(traceOf(answer))
      const logged = entries.some(({ ids: found }) => found.includes(hushallId))
      // Links of a landlord's page, for one, hold no household.
      if (tells) expect([what, logged]).toEqual([what, true])
      else expect([what, entries.length]).toEqual([what, 0])
    }
  },
)

test('at least a dozen kinds of answers are about the household', async () => {
  const { rows } = await harness.owner.query(
    'SELECT DISTINCT metod, vag FROM atkomstlogg WHERE $1 = ANY (hushall_ids)',
    [hushallId],
  )
  expect(rows.length).toBeGreaterThan(15)
  expect(rows).toContainEqual({ metod: 'POST', vag: '/v1/hushall' })
  expect(rows).toContainEqual({ metod: 'GET', vag: '/v1/hyresvard/genomgangar' })
})

test('an entry says who, for which party, when, by which route and trace, and nothing of what was read', async () => {
  const answer = await handlaggare.get(`/hyresgarantier/${garanti.id}`, {
    headers: { traceparent: '00-11111111111111111111111111111111-2222222222222222-01' },
  })
  expect(traceOf(answer)).toBe('11111111111111111111111111111111')
  const [entry] = await entriesOf('11111111111111111111111111111111')
  expect(entry).toMatchObject({
    sub: 'test.handlaggare',
    part: 'socialforvaltningen',
    metod: 'GET',
    vag: '/v1/hyresgarantier/:id',
    hushall_ids: [hushallId],
  })
  const { rows } = await harness.owner.query('SELECT string_agg(l::text, $1) AS text FROM atkomstlogg l', ['\n'])
  for (const secret of [personnummer, 'Unikson', 'Unikgatan', garanti.avtalsnummer])
    expect(rows[0].text).not.toContain(secret)
})

test('the log reviewer reads it by household, caller and period; the household’s own list is the same', async () => {
  const byHousehold = await granskare.get(`/atkomstlogg?hushallId=${hushallId}&limit=100`)
  expect(byHousehold.body.atkomster.length).toBeGreaterThan(10)
  expect((await granskare.get(`/hushall/${hushallId}/atkomst?limit=100`)).body.atkomster).toEqual(
    byHousehold.body.atkomster,
  )
  const machines = await granskare.get('/atkomstlogg?sub=test.maskin')
  expect(
    new Set(machines.body.atkomster.map((a: { part: string; partId: string }) => `${a.part} ${a.partId}`)),
  ).toEqual(new Set([`hyresvard ${landlord.id}`, 'serviceforvaltningen null']))
  expect((await granskare.get('/atkomstlogg?fran=2001-01-01&till=2001-12-31')).body.atkomster).toEqual([])
  expect((await granskare.get(`/hyresgarantier/${garanti.id}`)).status).toBe(403)
})

test('when the log cannot be written, the answer is 503 and nothing of the household leaves', async () => {
  await harness.owner.query('ALTER FUNCTION atkomst_skriv(jsonb) RENAME TO atkomst_borta')
  const refused = await handlaggare.get(`/hyresgarantier/${garanti.id}`)
  const list = await handlaggare.get('/hyresgarantier')
  const open = await handlaggare.get('/hyresvardar')
  await harness.owner.query('ALTER FUNCTION atkomst_borta(jsonb) RENAME TO atkomst_skriv')
  expect(refused.body).toMatchObject({ status: 503, kod: 'atkomsten-kan-inte-loggas' })
  expect([refused.text, list.text].join()).not.toContain(garanti.avtalsnummer)
  expect(open.status).toBe(200)
  expect((await handlaggare.get(`/hyresgarantier/${garanti.id}`)).status).toBe(200)
})

test('a row that is changed, added or taken away breaks the chain from there on', async () => {
  const check = async () => (await granskare.get('/atkomstlogg/kontroll')).body
  const whole = await check()
  expect(whole).toMatchObject({ hel: true, brutenVidSats: null })
  const tamper = async (sql: string, undo: string) => {
    await harness.owner.query(sql)
    const found = await check()
    await harness.owner.query(undo)
    expect((await check()).hel).toBe(true)
    return found
  }
  const third = 'sats = 3'
  expect(
    await tamper(
      `UPDATE atkomstlogg SET sub = sub || 'x' WHERE ${third}`,
      `UPDATE atkomstlogg SET sub = left(sub, -1) WHERE ${third}`,
    ),
  ).toMatchObject({
    hel: false,
    brutenVidSats: 3,
  })
  await harness.owner.query(`CREATE TABLE undan AS SELECT * FROM atkomstlogg WHERE ${third}`)
  expect(
    await tamper(`DELETE FROM atkomstlogg WHERE ${third}`, 'INSERT INTO atkomstlogg SELECT * FROM undan'),
  ).toMatchObject({ hel: false, brutenVidSats: 3 })
  expect(
    await tamper(
      'INSERT INTO atkomstlogg SELECT id + 5000, sats, tid, sub, part, part_id, klient, metod, vag, hushall_ids, spar FROM undan',
      'DELETE FROM atkomstlogg WHERE id % 10000 > 5000',
    ),
  ).toMatchObject({ hel: false, brutenVidSats: 3 })
  await harness.owner.query('CREATE TABLE satser AS SELECT * FROM atkomstsats WHERE nr = 4')
  expect(
    await tamper('DELETE FROM atkomstsats WHERE nr = 4', 'INSERT INTO atkomstsats SELECT * FROM satser'),
  ).toMatchObject({ hel: false, brutenVidSats: 4 })
})

test('the application may not write to the log but through its function', async () => {
  for (const role of ['hemvist_allman', 'hemvist_skyddad', 'hemvist_nod'])
    for (const sql of [
      'DELETE FROM atkomstlogg',
      'UPDATE atkomstlogg SET sub = sub',
      'INSERT INTO atkomstsats VALUES (1, now(), 1, $$$$, $$$$)',
      'DELETE FROM atkomstsats',
    ])
      await expect(
        harness.owner.query(`BEGIN; SET LOCAL ROLE ${role}; ${sql}`).finally(() => harness.owner.query('ROLLBACK')),
      ).rejects.toThrow('permission denied')
})

test('a month’s sample is drawn once, for chance and for risk, and signed off', async () => {
  const snok = harness.as('handlaggare', undefined, 'urban.unikson')
  await snok.get(`/hushall/${hushallId}`)
  // What one is told of is not what one has sought.
  const told = await snok.get('/handelser?limit=1')
  expect((await entriesOf(traceOf(told))).flatMap(({ ids: found }) => found)).toEqual([hushallId])
  const month = new Date().toISOString().slice(0, 7)
  expect((await granskare.post('/atkomstlogg/stickprov', { manad: month })).body).toMatchObject({
    status: 409,
    kod: 'manaden-ar-inte-slut',
  })
  harness.clock.day = Temporal.PlainYearMonth.from(month).add({ months: 1 }).toPlainDate({ day: 2 }).toString()
  const drawn = await granskare.post('/atkomstlogg/stickprov', { manad: month, antal: 3 })
  expect(drawn.body).toMatchObject({ manad: month, granskade: 0, andelGranskade: 0 })
  expect((await granskare.post('/atkomstlogg/stickprov', { manad: month })).status).toBe(409)
  const { body } = await granskare.get(`/atkomstlogg/stickprov/${drawn.body.id}/poster?limit=100`)
  expect(body.poster).toHaveLength(drawn.body.antal)
  const ofSnok = body.poster.filter(({ skal }: { skal: string }) => skal === 'sammaEfternamn')
  expect(ofSnok.map(({ atkomst }: { atkomst: { vag: string } }) => atkomst.vag)).toEqual(['/v1/hushall/:id'])
  const reasons = new Set(body.poster.map(({ skal }: { skal: string }) => skal))
  expect(reasons).toContain('slump')
  expect(body.poster.find(({ skal }: { skal: string }) => skal === 'sammaEfternamn').atkomst.sub).toBe('urban.unikson')
  const granskningar = [{ postId: body.poster[0].id, bedomning: 'omotiverad', kommentar: 'Egen akt.' }]
  const signed = await granskare.post(`/atkomstlogg/stickprov/${drawn.body.id}/granskningar`, { granskningar })
  expect(signed.body).toMatchObject({ granskade: 1, andelGranskade: 1 / drawn.body.antal })
  harness.clock.day = '2026-09-15'
})

test('readings share a batch while another is being written; each is done when its batch is, or fails with it', async () => {
  const batches: Lasning[][] = []
  let release: (() => void) | undefined
  let fail = false
  const recorder = createRecorder(batch => {
    batches.push(batch)
    return new Promise((done, failed) => {
      release = () => (fail ? failed(new Error('full')) : done())
    })
  })
  const lasning = (spar: string): Lasning => ({
    sub: 's',
    part: 'p',
    partId: null,
    klient: 'k',
    metod: 'GET',
    vag: '/',
    hushallIds: [],
    spar,
  })
  const turn = () => new Promise(resolve => setTimeout(resolve, 5))
  const first = [recorder.record(lasning('a')), recorder.record(lasning('b'))]
  await turn()
  const second = [recorder.record(lasning('c')), recorder.record(lasning('d')), recorder.record(lasning('e'))]
  expect(batches.map(batch => batch.length)).toEqual([2])
  release?.()
  await Promise.all(first)
  await turn()
  expect(batches.map(batch => batch.map(({ spar }) => spar).join(''))).toEqual(['ab', 'cde'])
  fail = true
  release?.()
  for (const one of second) await expect(one).rejects.toThrow('full')
  fail = false
  const third = recorder.record(lasning('f'))
  await turn()
  release?.()
  await third
})

test('the households of an answer are found however deep they stand', () => {
  const value = {
    a: [{ hushallId: 'h1', b: { hushallId: 'h2' } }],
    c: { id: 'h3', personer: [] },
    hushallId: null,
    d: 'h4',
  }
  expect([...householdsIn(value)].sort()).toEqual(['h1', 'h2', 'h3'])
})

test('what another household reads is its own', async () => {
  const other = await createHousehold(handlaggare)
  const answer = await handlaggare.get(`/hushall/${other.id}`)
  expect((await entriesOf(traceOf(answer))).map(({ ids: found }) => found)).toEqual([other.id])
})
