import { importStodlagenheter } from '../../src/stodlagenheter/import.ts'
import { type Importkolumn, importkolumner, readImportrad } from '../../src/stodlagenheter/import-rows.ts'
import { caller as callerWith } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { avvisade, countsOf, freeHomes, importer, sheetOf } from '../lagenheter/sheets.ts'
import { nextPersonnummer } from '../people.ts'
import { addHome, give, people, skalForAvsteg } from './placed.ts'

const harness = await startTestApp()
const who = people(harness)
const skyddsgrupp = harness.as(['handlaggare', 'skyddsgrupp'])
const importing = importer(harness, importStodlagenheter, callerWith(['handlaggare']))
const counts = () =>
  countsOf(harness, [
    'hushall',
    'person',
    'stodlagenhet',
    'upplatelse',
    'avstaende',
    'utlamnande',
    'lagenhet',
    'historik',
  ])

type Row = Record<Importkolumn, string>
const good: Row = {
  stodlagenhetsnummer: 'SL-1',
  personnummer: '19850709-9805',
  fornamn: 'Maja',
  efternamn: 'Lind',
  antal_personer: '3',
  beslutstyp: 'ordinarie',
  beslut_fran: '2026-01-01',
  beslut_till: '2026-12-31',
  objektnummer: 'SF-1',
  avtalsform: 'andrahand',
  avtal_datum: '2025-02-20',
  informerad_om_villkor_datum: '2025-02-19',
  hyra: '9 850,00',
  tilltrade: '2025-03-01',
  ko_datum: '2024-11-01',
  min_rum: '2',
  max_rum: '4',
  max_hyra: '11000',
  onskade_omraden: 'norraFaladen',
  uteslutna_omraden: 'linero',
  tillganglighet: 'hiss',
  avstaende_till: '2028-12-31',
  avstaende_godkant: '2025-03-20',
  hyresskuld: '1 200,50',
}
const lease: Importkolumn[] = [
  'objektnummer',
  'avtalsform',
  'avtal_datum',
  'informerad_om_villkor_datum',
  'hyra',
  'tilltrade',
  'avstaende_till',
  'avstaende_godkant',
  'hyresskuld',
]
const empty = (...columns: Importkolumn[]): Partial<Row> => Object.fromEntries(columns.map(column => [column, '']))

let next = 0
/** A row of someone new, with a home that is free unless another is named. */
async function row(changes: Partial<Row> = {}): Promise<Row> {
  const objektnummer = `IMP-${++next}`
  if (changes.objektnummer === undefined) await freeHomes(harness, [objektnummer])
  return { ...good, stodlagenhetsnummer: `SLI-${next}`, personnummer: nextPersonnummer(), objektnummer, ...changes }
}
const inQueue = (changes: Partial<Row> = {}) => row({ ...empty(...lease), ...changes })
async function byNumber(nummer: string, client = who.bo) {
  const { rows } = await harness.owner.query('SELECT id FROM stodlagenhet WHERE stodlagenhetsnummer = $1', [nummer])
  return rows[0] && (await client.get(`/stodlagenheter/${rows[0].id}`)).body
}
const homeOf = async (objektnummer: string) =>
  (await harness.owner.query('SELECT * FROM lagenhet WHERE objektnummer = $1', [objektnummer])).rows[0]
const lettingsOf = async (id: string) =>
  (
    await harness.owner.query(
      'SELECT slag, fran::text, till::text, kontraktsform, hyra_ore FROM upplatelse WHERE stodlagenhet_id = $1',
      [id],
    )
  ).rows

describe('a row', () => {
  const read = (changes: Partial<Row>) => {
    const found = readImportrad({ ...good, ...changes }, '2026-09-15')
    return 'fel' in found ? found.fel.map(({ falt, kod }) => [falt, kod]) : found.rad
  }

  test.each<[Partial<Row>, [Importkolumn, string][]]>([
    [{ personnummer: '19850709-9806' }, [['personnummer', 'fel-personnummer']]],
    [{ beslutstyp: 'tillsvidare' }, [['beslutstyp', 'fel-val']]],
    [{ beslut_fran: '2026-09-16' }, [['beslut_fran', 'i-framtiden']]],
    [{ beslut_till: '2025-12-31' }, [['beslut_till', 'fore-beslut-fran']]],
    [{ beslut_till: '2026-09-14', ...empty(...lease) }, [['beslut_till', 'har-gatt-ut']]],
    [{ beslutstyp: 'tidsbegransatBarnfamilj', beslut_till: '' }, [['beslut_till', 'saknas']]],
    [{ informerad_om_villkor_datum: '2025-02-21' }, [['informerad_om_villkor_datum', 'efter-avtalet']]],
    [{ ko_datum: '2025-02-21' }, [['ko_datum', 'efter-avtalet']]],
    [{ tilltrade: '2025-02-19' }, [['tilltrade', 'fore-avtalet']]],
    [{ tilltrade: '2026-09-16' }, [['tilltrade', 'i-framtiden']]],
    [{ hyra: '0' }, [['hyra', 'fel-belopp']]],
    [{ avtalsform: 'forstahand' }, [['avtalsform', 'fel-val']]],
    [{ tilltrade: '' }, [['tilltrade', 'saknas']]],
    [{ ...empty(...lease), hyresskuld: '100' }, lease.slice(0, 6).map(column => [column, 'saknas'])],
    [{ avstaende_till: '' }, [['avstaende_till', 'saknas']]],
    [{ avstaende_till: '2029-03-02' }, [['avstaende_till', 'over-fyra-ar']]],
    [{ uteslutna_omraden: 'NORRAFALADEN' }, [['uteslutna_omraden', 'bade-och']]],
    [{ min_rum: '5' }, [['max_rum', 'mindre-an-min-rum']]],
  ])('with %j is refused: %j', (changes, expected) => {
    expect(read(changes)).toEqual(expected)
  })

  test('may say nothing of a home: then it is a place in the queue', () => {
    expect(read(empty(...lease))).toMatchObject({ avtal: null, avstaende: null, stodlagenhet: { minRum: 2 } })
  })

  test('whose decision has run out still has its lease, and a waiver lasts to the day four years after the access', () => {
    expect(read({ beslut_till: '2026-09-14', avstaende_till: '2029-03-01' })).toMatchObject({
      avtal: { objektnummer: 'SF-1' },
      avstaende: { till: '2029-03-01', godkant: '2025-03-20' },
    })
  })
})

test('becomes a stödlägenhet that somebody lives in, with the household, lease and waiver, and the home is let', async () => {
  const r = await row()
  expect(await importing([r])).toEqual({ rader: 1, importerade: 1, oforandrade: 0, avvisade: [] })
  const row1 = await byNumber(r.stodlagenhetsnummer)
  expect(row1).toMatchObject({
    tillstand: 'boende',
    ursprung: 'import',
    arendeId: null,
    koDatum: '2024-11-01',
    beslutFran: '2026-01-01',
    beslutTill: '2026-12-31',
    antalPersoner: 3,
    avtalsform: 'andrahand',
    avtalDatum: '2025-02-20',
    informeradOmVillkorDatum: '2025-02-19',
    hyraOre: 985_000,
    tilltrade: '2025-03-01',
    hyresskuldOre: 120_050,
    uteslutnaOmraden: ['linero'],
    nastaUppfoljning: '2026-12-15',
    // 24 months after the access, had there been no waiver: now the day after it.
    besittningsskyddFran: '2029-01-01',
  })
  expect(await lettingsOf(row1.id)).toEqual([
    { slag: 'boende', fran: '2025-03-01', till: null, kontraktsform: 'andrahand', hyra_ore: 985_000 },
  ])
  expect(await homeOf(r.objektnummer)).toMatchObject({ id: row1.lagenhetId, tillstand: 'uthyrd', skyddad: false })
  const { body } = await who.maja.get(`/stodlagenheter/${row1.id}/avstaenden`)
  expect(body.avstaenden).toMatchObject([
    { tillstand: 'godkant', giltigtTill: '2028-12-31', beslutDatum: '2025-03-20' },
  ])
  const { personer } = (await who.maja.get(`/hushall/${row1.hushallId}`)).body
  expect(personer).toMatchObject([{ id: row1.personId, personnummer: r.personnummer, roll: 'sokande' }])
})

test('serviceförvaltningen, who lets the home, is told of it, and the lease lives on', async () => {
  const r = await row()
  await importing([r, await inQueue()])
  const { body } = await who.landlord.get('/serviceforvaltningen/stodlagenheter')
  const seen = body.stodlagenheter.filter((one: { objektnummer: string }) => one.objektnummer === r.objektnummer)
  expect(seen).toMatchObject([{ hyresgast: 'Maja Lind', tillstand: 'boende', hyresskuldOre: 120_050 }])
  const notice = { grund: 'egenUppsagning', uppsagdTill: '2026-12-31' }
  expect((await give(who.bo, seen[0].id, 'uppsagning', notice)).body).toMatchObject({ tillstand: 'uppsagd' })
  expect((await give(who.bo, seen[0].id, 'utflyttning', { datum: '2026-09-15' })).status).toBe(200)
  expect(await homeOf(r.objektnummer)).toMatchObject({ tillstand: 'tomstalld' })
})

test('a lease without waiver has besittningsskydd 24 months after the access', async () => {
  const r = await row({ avstaende_till: '', avstaende_godkant: '' })
  await importing([r])
  expect(await byNumber(r.stodlagenhetsnummer)).toMatchObject({ besittningsskyddFran: '2027-03-01' })
})

test('without a home it is a place in the queue, by the decision or the older lease', async () => {
  const r = await inQueue({ ko_datum: '' })
  const leased = await row({ ko_datum: '' })
  await importing([r, leased])
  const placed = await byNumber(r.stodlagenhetsnummer)
  expect(placed).toMatchObject({ tillstand: 'iKo', koDatum: '2026-01-01', lagenhetId: null, hyresskuldOre: 0 })
  expect(await lettingsOf(placed.id)).toEqual([])
  expect(await byNumber(leased.stodlagenhetsnummer)).toMatchObject({ koDatum: '2025-02-20' })
  const lagenhetId = await addHome(harness, { omrade: 'norraFaladen' })
  expect((await give(who.bo, placed.id, 'forslag', { lagenhetId, skalForAvsteg })).body.tillstand).toBe('foreslagen')
})

test('the same file again changes nothing, in another spelling or without the columns that may be left out', async () => {
  const rows = [await row(), await inQueue(), await row({ avstaende_godkant: '' })]
  expect(await importing(rows)).toMatchObject({ importerade: 3 })
  const before = await counts()
  expect(await importing(rows)).toEqual({ rader: 3, importerade: 0, oforandrade: 3, avvisade: [] })
  const spelt = rows.map(one => ({
    ...one,
    fornamn: 'Anna',
    hyra: one.hyra.replace(' ', ''),
    ...empty('ko_datum', 'hyresskuld'),
  }))
  expect(await importing(spelt)).toMatchObject({ oforandrade: 3 })
  expect(await counts()).toEqual(before)
})

test('what is registered in another way is told of column by column, and not overwritten', async () => {
  const r = await row()
  const other = await row()
  await importing([r])
  const changed: Row = {
    ...r,
    personnummer: nextPersonnummer(),
    antal_personer: '4',
    beslutstyp: 'tidsbegransatBarnfamilj',
    beslut_fran: '2026-01-02',
    beslut_till: '2026-12-30',
    objektnummer: other.objektnummer,
    avtalsform: 'blockhyraAndrahand',
    avtal_datum: '2025-02-21',
    informerad_om_villkor_datum: '2025-02-18',
    hyra: '9851',
    tilltrade: '2025-03-02',
    ko_datum: '2024-11-02',
    min_rum: '1',
    max_rum: '3',
    max_hyra: '12000',
    onskade_omraden: 'klostergarden',
    uteslutna_omraden: 'nobbelov',
    tillganglighet: 'ramp',
    avstaende_till: '2028-12-30',
    avstaende_godkant: '2025-03-21',
    hyresskuld: '0',
  }
  const columns = importkolumner.filter(column => changed[column] !== r[column])
  expect((await avvisade(importing([changed]))).sort()).toEqual(
    columns.map(column => [2, column, 'finns-redan-annorlunda']).sort(),
  )
  expect(columns).toHaveLength(importkolumner.length - 3)
  expect(await byNumber(r.stodlagenhetsnummer)).toMatchObject({ antalPersoner: 3, hyraOre: 985_000 })
})

test('a home that is not there, for others, taken, not ready, or came later is a row error; the others can go in', async () => {
  const taken = await row()
  await importing([taken])
  await freeHomes(harness, ['FEL-BF'], { kategori: 'bostadForst' })
  await freeHomes(harness, ['FEL-REN'], { tillstand: 'renovering' })
  await freeHomes(harness, ['FEL-NY'], { i_poolen_fran: '2026-09-01' })
  const ended = await row({ avstaende_till: '', avstaende_godkant: '' })
  await importing([ended])
  const { id } = await byNumber(ended.stodlagenhetsnummer)
  await give(who.bo, id, 'uppsagning', { grund: 'egenUppsagning', uppsagdTill: '2026-12-31' })
  await give(who.bo, id, 'utflyttning', { datum: '2026-08-31' })
  await harness.owner.query("UPDATE lagenhet SET tillstand = 'ledig' WHERE objektnummer = $1", [ended.objektnummer])

  const twice = await row()
  const rows = [
    await row({ objektnummer: 'FINNS-INTE' }),
    await row({ objektnummer: 'FEL-BF' }),
    await row({ objektnummer: taken.objektnummer }),
    await row({ objektnummer: 'FEL-REN' }),
    await row({ objektnummer: 'FEL-NY' }),
    await row({ objektnummer: ended.objektnummer }),
    twice,
    await row({ objektnummer: twice.objektnummer }),
  ]
  const before = await counts()
  expect(await avvisade(importing(rows))).toEqual([
    [2, 'objektnummer', 'finns-inte'],
    [3, 'objektnummer', 'fel-kategori'],
    [4, 'objektnummer', 'bostaden-ar-upptagen'],
    [5, 'objektnummer', 'bostaden-ar-inte-ledig'],
    [6, 'objektnummer', 'bostaden-ar-inte-i-bestandet'],
    [7, 'objektnummer', 'bostaden-ar-upptagen'],
    [9, 'objektnummer', 'dubblett-i-filen'],
  ])
  expect(await counts()).toEqual(before)
  const after = await row({
    objektnummer: ended.objektnummer,
    tilltrade: '2026-09-01',
    ...empty('avstaende_till', 'avstaende_godkant'),
  })
  expect(await importing(rows, { delvis: true })).toMatchObject({ importerade: 1 })
  expect(await importing([after])).toMatchObject({ importerade: 1 })
})

test('a person has one: another number, or another row, is refused', async () => {
  const first = await inQueue()
  await importing([first])
  const [other, again] = [await inQueue(), await inQueue({ personnummer: first.personnummer })]
  expect(await avvisade(importing([other, again, await inQueue({ personnummer: other.personnummer })]))).toEqual([
    [3, 'personnummer', 'stodlagenhet-finns'],
    [4, 'personnummer', 'dubblett-i-filen'],
  ])
})

describe('a person with protected identity', () => {
  async function hidden() {
    const personnummer = nextPersonnummer()
    const person = { personnummer, fornamn: 'S', efternamn: 'K', roll: 'sokande', skyddsniva: 'sekretessmarkering' }
    return { personnummer, hushallId: (await skyddsgrupp.post('/hushall', { personer: [person] })).body.id as string }
  }

  test('has the row attached to the protected household, answered as any other; the home is then hidden', async () => {
    const { personnummer, hushallId } = await hidden()
    const [r, visible] = [await row({ personnummer }), await row()]
    expect(await importing([r, visible])).toEqual({ rader: 2, importerade: 2, oforandrade: 0, avvisade: [] })
    expect(await importing([r, visible])).toMatchObject({ importerade: 0, oforandrade: 2 })
    expect(await importing([{ ...r, beslut_till: '2026-12-30', hyra: '1' }, visible])).toMatchObject({ oforandrade: 2 })
    expect((await byNumber(r.stodlagenhetsnummer)).kod).toBe('finns-inte')
    expect(await byNumber(r.stodlagenhetsnummer, skyddsgrupp)).toMatchObject({ hushallId, tillstand: 'boende' })
    expect(await homeOf(r.objektnummer)).toMatchObject({ tillstand: 'uthyrd', skyddad: true })
    // As a home that was never there, for whoever cannot see it.
    expect(await avvisade(importing([await row({ objektnummer: r.objektnummer })]))).toEqual([
      [2, 'objektnummer', 'finns-inte'],
    ])
    expect((await who.landlord.get('/serviceforvaltningen/stodlagenheter')).text).not.toContain(r.objektnummer)
  })

  test('is not given away by the one that it has', async () => {
    const { personnummer } = await hidden()
    await importing([await inQueue({ personnummer })])
    const another = await row({ personnummer })
    expect(await importing([another])).toEqual(await importing([await row()]))
    expect(await byNumber(another.stodlagenhetsnummer, skyddsgrupp)).toBeUndefined()
    const cleared = callerWith(['handlaggare', 'skyddsgrupp'])
    expect(await avvisade(importing([another], { caller: cleared }))).toEqual([
      [2, 'personnummer', 'stodlagenhet-finns'],
    ])
  })
})

test('over HTTP it is the caseworker’s, and a dry run keeps nothing', async () => {
  const r = await row()
  const send = (client: typeof who.maja, query = '') =>
    client.post(`/stodlagenheter/importer${query}`, sheetOf([r]), { type: 'text/csv' })
  expect((await send(who.landlord)).status).toBe(403)
  const before = await counts()
  expect((await send(who.maja, '?dryRun=true')).body).toMatchObject({ importerade: 1, dryRun: true })
  expect(await counts()).toEqual(before)
  expect((await send(who.maja)).body).toMatchObject({ importerade: 1, dryRun: false })
  const refused = await send(who.maja, '?delvis=false')
  expect(refused.body).toMatchObject({ oforandrade: 1, importerade: 0 })
})

test('a person who is placed while the file is read is not placed twice', async () => {
  const rows = await Promise.all([row(), row()])
  const shared = { ...(rows[1] as Row), personnummer: (rows[0] as Row).personnummer }
  const outcomes = await Promise.allSettled([importing([rows[0] as Row]), importing([shared])])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('many rows are a handful of statements for each 500 of them', async () => {
  const count = Number(process.env.IMPORT_ROWS ?? 2000)
  const numbers = Array.from({ length: count }, (_, n) => `MANGA-${n}`)
  await freeHomes(harness, numbers)
  const rows = numbers.map(objektnummer => ({
    ...good,
    stodlagenhetsnummer: objektnummer,
    personnummer: nextPersonnummer(),
    objektnummer,
  }))
  let statements = 0
  const { rows: before } = await harness.owner.query('SELECT count(*)::int AS n FROM stodlagenhet')
  const outcome = await harness.db.transaction(callerWith(['handlaggare']), { atgard: 'importera' }, work => {
    const { query } = work.db
    work.db.query = ((...args: Parameters<typeof query>) => {
      statements++
      return query.apply(work.db, args)
    }) as typeof query
    return importStodlagenheter(
      work,
      (async function* () {
        yield Buffer.from(sheetOf(rows))
      })(),
      { delvis: false },
    )
  })
  expect(outcome).toEqual({ rader: count, importerade: count, oforandrade: 0, avvisade: [] })
  expect(statements).toBeLessThan((count / 500) * 20)
  const { rows: after } = await harness.owner.query('SELECT count(*)::int AS n FROM stodlagenhet')
  expect(after[0].n - before[0].n).toBe(count)
}, 100_000)
