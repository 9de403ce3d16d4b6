import {
  child,
  created,
  decided,
  finishedChecklist,
  investigate,
  investigated,
  motivering,
  ok,
  openCase,
} from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { createHousehold, createLandlord, nextPersonnummer } from '../people.ts'
import { bostad } from './granted.ts'

const harness = await startTestApp({ today: '2026-10-31' })
/** Where silence counts. */
const counting = await startTestApp({ settings: { FORTUR_UTEBLIVET_RAKNAS: 'ja' } })
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const cleared = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])
const on = (day: string) => {
  harness.clock.day = day
}
const base = '/forturer/statistik'
const winter = 'fran=2026-11-01&till=2027-01-31'
const landlord = await createLandlord(handlaggare, 'Exempelbostäder AB', true)

const decide = async (fields: Parameters<typeof decided>[2] = {}, [one, other] = [handlaggare, beslutsfattare]) =>
  (await decided(one as Client, other as Client, fields)) as {
    arende: { id: string; arendenummer: string; hushallId: string }
    beslut: { id: string }
  }
const forturOf = async (arende: { hushallId: string }, client = handlaggare) =>
  ok(await client.get(`/forturer?hushallId=${arende.hushallId}`)).forturer[0] as { id: string; forturnummer: string }
const command = async (client: Client, path: string, body: object = {}) => {
  const answer = await client.post(path, body, { ifMatch: '*' })
  if (answer.status >= 300) throw new Error(`${path} ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
const handOver = (path: string, client = handlaggare) =>
  command(client, `${path}/overlamnande`, { hyresvardId: landlord.id })
/** Offers a home, and has it answered if an answer is given. */
async function offer(path: string, svar: object | null, client = handlaggare) {
  const { erbjudandeId } = await command(client, `${path}/erbjudanden`, { ...bostad, tilltrade: '2027-03-01' })
  if (svar) await command(client, `${path}/erbjudanden/${erbjudandeId}/svar`, svar)
}
const reconsider = (id: string, ersatterId: string, giltigTill: string) =>
  command(beslutsfattare, `/arenden/${id}/omprovning`, { ersatterId, utfall: 'bifall', giltigTill, motivering })

// The day before the winter: granted, and without a home all through it.
const early = await decide({ ansokanDatum: '2026-10-31' })

// A family that is granted on the first day, refuses, is refused, and gets a home on the last day of the year.
on('2026-11-01')
const household = await createHousehold(handlaggare, [child(), child()])
const grunder = ['medicinskt', 'barnFarIlla']
const family = await openCase(handlaggare, { hushallId: household.id, ansokanDatum: '2026-10-02' })
await investigate(handlaggare, family.id, {
  ...investigated,
  grunder,
  intyg: grunder.map(grund => ({ ...investigated.intyg[0], grund })),
})
await finishedChecklist(handlaggare, household.id, family.id)
await command(beslutsfattare, `/arenden/${family.id}/beslut`, {
  utfall: 'bifall',
  motivering,
  fortur: { maxErbjudanden: 2 },
})
const familyPath = `/forturer/${(await forturOf(family)).id}`
on('2026-11-02')
await handOver(familyPath)
await offer(familyPath, { svar: 'nej', orsak: 'lage' })
await offer(familyPath, { svar: 'vardenNekar', orsak: 'inkomst' })
on('2026-11-06')
await offer(familyPath, null)
on('2026-11-14')
await harness.job('svar-pa-erbjudanden-uteblir')

on('2026-11-10')
const expiring = await decide({ ansokanDatum: '2026-11-10', beslut: { giltigTill: '2026-12-30' } })
on('2026-11-20')
const extended = await decide({ ansokanDatum: '2026-11-20' })
on('2026-11-30')
await offer(familyPath, { svar: 'nej', orsak: 'hyra', godtagbartSkal: true })
const refused = await decide({
  hushallId: (await createHousehold(handlaggare, [child()])).id,
  ansokanDatum: '2026-11-01',
  utfall: 'avslag',
})

on('2026-12-01')
const withdrawn = await openCase(handlaggare, {
  hushallId: (await createHousehold(handlaggare, [child()])).id,
  ansokanDatum: '2026-12-01',
})
await investigate(handlaggare, withdrawn.id)
await command(handlaggare, `/arenden/${withdrawn.id}/avskrivning`, { orsak: 'losningPaAnnatSatt', motivering })
on('2026-12-02')
const incomplete = await openCase(handlaggare, { ansokanDatum: '2026-12-02' })
await command(handlaggare, `/arenden/${incomplete.id}/kompletteringsbegaran`, {
  begart: 'Intyg.',
  senast: '2026-12-20',
})
const untouched = created(
  await handlaggare.post('/arenden', {
    insats: 'fortur',
    ansokanDatum: '2026-12-02',
    kanal: 'papper',
    hushallId: (await createHousehold(handlaggare)).id,
  }),
)
on('2026-12-05')
await decide({ insats: 'tillfalligtBoende', ansokanDatum: '2026-12-05', beslut: { giltigTill: '2026-12-31' } })
const hidden = created(
  await cleared.post('/hushall', {
    personer: [
      {
        personnummer: nextPersonnummer(),
        fornamn: 'Tuva',
        efternamn: 'Dold',
        roll: 'sokande',
        skyddsniva: 'sekretessmarkering',
      },
    ],
  }),
)
const protectedCase = await decide({ hushallId: hidden.id, ansokanDatum: '2026-12-05' }, [cleared, cleared])
on('2026-12-10')
const appealed = await decide({ ansokanDatum: '2026-12-01', utfall: 'avslag' })
await command(handlaggare, `/beslut/${appealed.beslut.id}/delgivning`, {
  delgivenDatum: '2026-12-10',
  delgivningssatt: 'personligen',
})
on('2026-12-16')
await command(handlaggare, `/arenden/${appealed.arende.id}/overklagande`, { inkommet: '2026-12-15' })
on('2026-12-20')
await offer(familyPath, { svar: 'ja' })
on('2026-12-31')
const later = await decide({
  ansokanDatum: '2026-12-01',
  beslut: { giltigFran: '2027-02-01', giltigTill: '2027-12-31' },
})

// What belongs to December is written down in January.
on('2027-01-02')
await harness.job('forturer-gar-ut')
on('2027-01-04')
await command(handlaggare, `${familyPath}/kontrakt`, { kontraktDatum: '2026-12-31', kontraktsform: 'forstahand' })
on('2027-01-05')
await reconsider(appealed.arende.id, appealed.beslut.id, '2027-12-31')
on('2027-01-10')
await reconsider(extended.arende.id, extended.beslut.id, '2027-12-31')
on('2027-02-03')
await command(handlaggare, `/forturer/${(await forturOf(later.arende)).id}/egen-kotid`, {
  datum: '2027-01-31',
  motivering,
})
const imported = await handlaggare.post(
  '/forturer/importer',
  [
    'forturnummer;personnummer;fornamn;efternamn;antal_personer;grunder;beslut_datum;giltig_fran;giltig_till;min_rum;max_rum;max_hyra;tillganglighet;onskade_omraden;uteslutna_omraden',
    `SF26-1;${nextPersonnummer()};Ida;Ek;3;medicinskt;2027-01-15;2027-01-15;2027-12-31;;;;;;`,
    '',
  ].join('\r\n'),
  { type: 'text/csv' },
)
if (imported.body.importerade !== 1) throw new Error(JSON.stringify(imported.body))
on('2027-02-05')

type Figure = {
  kod: string
  varde: number | null
  taljare: number
  namnare: number | null
  antalPoster: number
  definition: string
  fordelning: { dimension: string; varde: string; antal: number }[]
  _links: { underlag: { href: string } }
}
type Post = { id: string; nummer: string; taljare: number; namnare: number | null; regel: string }
const figures = async (query: string, client = handlaggare): Promise<Figure[]> =>
  ok(await client.get(`${base}?${query}`)).indikatorer
const byKod = (found: Figure[]) => Object.fromEntries(found.map(({ kod, varde }) => [kod, varde]))
const figure = async (kod: string, query = winter, client = handlaggare) =>
  (await figures(query, client)).find(found => found.kod === kod) as Figure
const rows = async (kod: string, query = winter, client = handlaggare): Promise<Post[]> =>
  ok(await client.get(`${base}/${kod}/underlag?${query}&limit=100`)).poster
const numbers = async (kod: string, query = winter, client = handlaggare) =>
  (await rows(kod, query, client)).map(({ nummer }) => nummer).sort()
const number = ({ arende }: { arende: { arendenummer: string } }) => arende.arendenummer
const asOf = (day: string) => `fran=${day}&till=${day}`

test('month by month over the new year, to the first and the last day', async () => {
  const { perioder } = ok(await handlaggare.get(`${base}?fran=2026-11-01&till=2027-02-05&per=manad`))
  const months = perioder.map(({ period, indikatorer }: { period: string; indikatorer: Figure[] }) => [
    period,
    byKod(indikatorer),
  ])
  const nothing = {
    ansokningar: 0,
    komplettaAndel: null,
    beviljade: 0,
    avslagna: 0,
    avskrivna: 0,
    bifallsandel: null,
    dagarTillBeslut: null,
    dagarTillKontrakt: null,
    bostader: 0,
    nej: 0,
    nejSomRaknas: 0,
    obesvaradeErbjudanden: 0,
    hyresvardenNekade: 0,
    utgangnaUtanBostad: 0,
    egenKotid: 0,
    barnIBeviljade: 0,
    overklagade: 0,
  }
  expect(Object.fromEntries(months)).toEqual({
    '2026-11': {
      ...nothing,
      ansokningar: 3,
      komplettaAndel: 1,
      beviljade: 3,
      avslagna: 1,
      bifallsandel: 0.75,
      dagarTillBeslut: 14.5,
      utanBostad: 4,
      nej: 2,
      nejSomRaknas: 1,
      obesvaradeErbjudanden: 1,
      hyresvardenNekade: 1,
      barnIBeviljade: 2,
    },
    '2026-12': {
      ...nothing,
      ansokningar: 5,
      komplettaAndel: 0.75,
      beviljade: 1,
      avslagna: 1,
      avskrivna: 1,
      bifallsandel: 0.5,
      dagarTillBeslut: 19.5,
      dagarTillKontrakt: 60,
      utanBostad: 3,
      bostader: 1,
      utgangnaUtanBostad: 1,
      overklagade: 1,
    },
    '2027-01': { ...nothing, utanBostad: 4, egenKotid: 1 },
    '2027-02': { ...nothing, utanBostad: 4 },
  })
})

test('every figure is what its records say, and each of them tells the rule', async () => {
  const median = (values: number[]) => {
    const sorted = [...values].sort((a, b) => a - b)
    const middle = sorted.length / 2
    return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2
  }
  const found = await figures(winter)
  expect(found).toHaveLength(18)
  for (const { kod, varde, taljare, namnare, antalPoster, definition, _links } of found) {
    const behind = ok(await handlaggare.get(`${_links.underlag.href.replace(harness.base, '')}&limit=100`))
    const poster: Post[] = behind.poster
    const sum = poster.reduce((total, post) => total + post.taljare, 0)
    const below = poster.reduce((total, post) => total + (post.namnare ?? 0), 0)
    expect([kod, behind.definition, poster.length, sum]).toEqual([kod, definition, antalPoster, taljare])
    expect([kod, poster.length > 0]).toEqual([kod, true])
    if (namnare !== null) expect([kod, below, varde]).toEqual([kod, namnare, sum / below])
    else if (kod.startsWith('dagar')) expect([kod, varde]).toEqual([kod, median(poster.map(post => post.taljare))])
    else expect([kod, varde]).toEqual([kod, sum])
    for (const { regel } of poster) expect([kod, regel]).toEqual([kod, expect.stringMatching(/^[A-ZÅÄÖ].{10,}\.$/)])
  }
})

test('a record is counted for the reason that it gives', async () => {
  const rule = async (kod: string) => (await rows(kod)).map(({ nummer, regel }) => [nummer, regel])
  const familyNumber = family.arendenummer
  expect(await rule('nej')).toEqual([
    [familyNumber, 'Nej 2026-11-02, utan godtagbart skäl.'],
    [familyNumber, 'Nej 2026-11-30, med godtagbart skäl.'],
  ])
  expect(await rule('nejSomRaknas')).toEqual([[familyNumber, 'Nej 2026-11-02, utan godtagbart skäl.']])
  expect(await rule('obesvaradeErbjudanden')).toEqual([[familyNumber, 'Inget svar senast 2026-11-13.']])
  expect(await rule('hyresvardenNekade')).toEqual([[familyNumber, 'Hyresvärden nekade 2026-11-02.']])
  expect(await rule('dagarTillKontrakt')).toEqual([[familyNumber, 'Beviljad 2026-11-01, kontrakt 2026-12-31.']])
  expect(await rule('bostader')).toEqual([[familyNumber, 'Kontrakt i första hand tecknat 2026-12-31.']])
  expect(await rule('utgangnaUtanBostad')).toEqual([[number(expiring), 'Sista dagen var 2026-12-30.']])
  expect(await rule('egenKotid')).toEqual([[number(later), 'Egen kötid räckte 2027-01-31.']])
  expect(await rule('barnIBeviljade')).toEqual([[familyNumber, 'Barn i hushållet vid beslutet 2026-11-01: 2.']])
  expect(await rule('avskrivna')).toEqual([[withdrawn.arendenummer, 'Avskrivet 2026-12-01.']])
  expect(await rule('komplettaAndel')).toContainEqual([
    incomplete.arendenummer,
    'Inte komplett: komplettering har begärts.',
  ])
  expect(await numbers('komplettaAndel')).not.toContain(untouched.arendenummer)
  expect(await numbers('ansokningar')).toContain(untouched.arendenummer)
})

test('a case is counted by its first decision, and its appeal also when a new decision has taken it away', async () => {
  expect(await numbers('avslagna')).toEqual([number(refused), number(appealed)].sort())
  expect(await rows('overklagade')).toMatchObject([
    { id: appealed.arende.id, nummer: number(appealed), regel: 'Överklagandet kom in 2026-12-15.' },
  ])
  expect(await numbers('overklagade', asOf('2026-12-14'))).toEqual([])
  expect(await numbers('overklagade', asOf('2026-12-15'))).toEqual([number(appealed)])
  expect(await numbers('overklagade', asOf('2026-12-16'))).toEqual([])
  expect(await numbers('beviljade', 'fran=2027-01-01&till=2027-12-31')).toEqual([])
})

describe('förturer without a home', () => {
  test('are as they were on the day, whatever has happened since', async () => {
    const names = new Map(
      Object.entries({
        early: number(early),
        family: family.arendenummer,
        expiring: number(expiring),
        extended: number(extended),
        later: number(later),
        appealed: number(appealed),
        imported: 'SF26-1',
      }).map(([name, nummer]) => [nummer, name]),
    )
    const without = async (day: string) =>
      (await numbers('utanBostad', asOf(day))).map(nummer => names.get(nummer) ?? nummer).sort()
    expect(await without('2026-10-30')).toEqual([])
    expect(await without('2026-10-31')).toEqual(['early'])
    expect(await without('2026-11-19')).toEqual(['early', 'expiring', 'family'])
    expect(await without('2026-12-30')).toEqual(['early', 'expiring', 'extended', 'family'])
    expect(await without('2026-12-31')).toEqual(['early', 'extended', 'later'])
    expect(await without('2027-01-05')).toEqual(['appealed', 'early', 'extended', 'later'])
    expect(await without('2027-01-30')).toEqual(['appealed', 'early', 'extended', 'imported', 'later'])
    expect(await without('2027-01-31')).toEqual(['appealed', 'early', 'extended', 'imported'])
    expect(await rows('utanBostad', asOf('2026-12-31'))).toContainEqual(
      expect.objectContaining({ nummer: number(later), regel: 'Beviljad 2026-12-31 och avslutad först 2027-01-31.' }),
    )
  })

  test.each([
    ['a caseworker', handlaggare],
    ['a cleared one', cleared],
  ])('are today, for %s, the open ones of the list', async (_, client) => {
    const listed: string[] = []
    for (const tillstand of ['beviljad', 'hosHyresvard', 'erbjuden', 'accepterad'])
      for (const { forturnummer } of ok(await client.get(`/forturer?tillstand=${tillstand}&limit=100`)).forturer)
        listed.push(forturnummer)
    const { varde } = await figure('utanBostad', asOf('2027-02-05'), client)
    expect(varde).toBe(listed.length)
    expect(await numbers('utanBostad', asOf('2027-02-05'), client)).toEqual(listed.sort())
    expect(await numbers('utanBostad', asOf('2027-12-31'), client)).toEqual(listed)
  })
})

test('figures are broken down by ground, landlord, reason and children', async () => {
  const parts = async (kod: string, query = winter) =>
    (await figure(kod, query)).fordelning.map(({ dimension, varde, antal }) => `${dimension} ${varde} ${antal}`)
  expect(await parts('beviljade')).toEqual([
    'barn ja 1',
    'barn nej 3',
    'grund barnFarIlla 3',
    'grund barnFarIlla+medicinskt 1',
  ])
  expect(await parts('nej')).toEqual([
    'barn ja 2',
    'grund barnFarIlla+medicinskt 2',
    `hyresvardId ${landlord.id} 2`,
    'orsak hyra 1',
    'orsak lage 1',
  ])
  expect(await parts('hyresvardenNekade')).toContain('orsak inkomst 1')
  expect(await parts('avskrivna')).toEqual(['barn ja 1', 'grund barnFarIlla 1', 'orsak losningPaAnnatSatt 1'])
  expect(await parts('bostader')).toContain(`hyresvardId ${landlord.id} 1`)
  expect(await parts('utanBostad', asOf('2026-11-01'))).not.toContain(`hyresvardId ${landlord.id} 1`)
  expect(await parts('utanBostad', asOf('2026-11-02'))).toContain(`hyresvardId ${landlord.id} 1`)
  // Only the applicant of an imported household of three is registered.
  expect(await parts('utanBostad')).toEqual(['barn nej 3', 'barn okant 1', 'grund barnFarIlla 3', 'grund medicinskt 1'])
})

test('a protected household is counted for those who may know of it, and for nobody else', async () => {
  for (const kod of ['ansokningar', 'beviljade', 'utanBostad']) {
    expect(await numbers(kod)).not.toContain(number(protectedCase))
    expect(await numbers(kod, winter, cleared)).toContain(number(protectedCase))
    expect((await figure(kod, winter, cleared)).varde).toBe(((await figure(kod)).varde as number) + 1)
  }
})

test('a statistician sees no small number, no breakdown and no record', async () => {
  const statistiker = harness.as('statistiker')
  const found = await figures(winter, statistiker)
  expect(byKod(found)).toMatchObject({ ansokningar: 8, beviljade: null, avslagna: null, nej: null, utanBostad: null })
  for (const { kod, varde, taljare, antalPoster, fordelning, definition } of found) {
    expect([kod, fordelning]).toEqual([kod, []])
    for (const count of [taljare, antalPoster])
      expect([kod, [null, 0].includes(count) || count >= 5]).toEqual([kod, true])
    if (antalPoster === null) expect([varde, definition]).toEqual([null, expect.stringContaining('dolt')])
  }
  expect((await statistiker.get(`${base}/ansokningar/underlag?${winter}`)).status).toBe(403)
  expect((await harness.as('administrator').get(`${base}?${winter}`)).status).toBe(403)
  expect((await harness.hyresvard(landlord.id).get(`${base}?${winter}`)).status).toBe(403)
})

test('who opens a figure to its records is in the read log', async () => {
  const reader = harness.as('beslutsfattare', undefined, 'karin.beslut')
  await reader.get(`${base}/utanBostad/underlag?${asOf('2026-10-31')}`)
  const { atkomster } = ok(
    await harness.as('loggranskare').get(`/atkomstlogg?hushallId=${early.arende.hushallId}&sub=karin.beslut`),
  )
  expect(atkomster).toHaveLength(1)
})

test('silence is a no that counts where the municipality says so', async () => {
  const client = counting.as('handlaggare')
  const { id } = await createLandlord(client, 'Exempelbostäder AB', true)
  const { arende } = await decided(client, counting.as('beslutsfattare'), { ansokanDatum: '2026-09-01' })
  const path = `/forturer/${(await forturOf(arende as { hushallId: string }, client)).id}`
  await command(client, `${path}/overlamnande`, { hyresvardId: id })
  await offer(path, null, client)
  await counting.job('svar-pa-erbjudanden-uteblir', '2026-09-23')
  const year = 'fran=2026-01-01&till=2026-12-31'
  expect(byKod(await figures(year, client))).toMatchObject({ nej: 0, nejSomRaknas: 1, obesvaradeErbjudanden: 1 })
  expect((await rows('nejSomRaknas', year, client))[0]?.regel).toBe(
    'Inget svar senast 2026-09-22, som kommunen räknar som nej.',
  )
})

test('nothing went wrong inside', () => {
  expect([...harness.logLines, ...counting.logLines].filter(line => JSON.parse(line).level >= 40)).toEqual([])
})
