import { importBostadForst } from '../../src/bostad-forst/import.ts'
import { type Importkolumn, importkolumner, readImportrad } from '../../src/bostad-forst/import-rows.ts'
import { caller as callerWith } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { avvisade, countsOf, freeHomes, importer, sheetOf } from '../lagenheter/sheets.ts'
import { nextPersonnummer } from '../people.ts'
import { command } from './admitted.ts'

const harness = await startTestApp()
const team = harness.as('bostadForstTeam')
const maja = harness.as('handlaggare')
const skyddsgrupp = harness.as(['handlaggare', 'skyddsgrupp'])
const importing = importer(harness, importBostadForst, callerWith(['handlaggare']))
const counts = () =>
  countsOf(harness, ['hushall', 'person', 'bf_boende', 'bf_stod', 'upplatelse', 'lagenhet', 'historik'])

type Row = Record<Importkolumn, string>
const good: Row = {
  boendenummer: 'BF-1',
  personnummer: '19850709-9805',
  fornamn: 'Maja',
  efternamn: 'Lind',
  antagen_datum: '2023-11-01',
  objektnummer: 'LKF-1',
  kontraktsform: 'andrahand',
  skal_andrahand: 'betalningsanmarkning',
  overgang_tidigast: '2025-02-01',
  inflyttad: '2024-02-29',
  forstahand_datum: '',
  stodniva: 'medel',
  hyra: '6 900',
}
const ownContract = {
  kontraktsform: 'forstahand',
  skal_andrahand: '',
  overgang_tidigast: '',
  forstahand_datum: '2025-05-01',
}
const noHome = {
  objektnummer: '',
  kontraktsform: '',
  skal_andrahand: '',
  overgang_tidigast: '',
  inflyttad: '',
  forstahand_datum: '',
  hyra: '',
}

let next = 0
/** A row of someone new, with a home that is free unless another is named. */
async function row(changes: Partial<Row> = {}): Promise<Row> {
  const objektnummer = `BFI-${++next}`
  if (changes.objektnummer === undefined)
    await freeHomes(harness, [objektnummer], { kategori: 'bostadForst', hyra_ore: 720_000 })
  return { ...good, boendenummer: `B-${next}`, personnummer: nextPersonnummer(), objektnummer, ...changes }
}
async function byNumber(nummer: string, client = team) {
  const { rows } = await harness.owner.query('SELECT id FROM bf_boende WHERE boendenummer = $1', [nummer])
  return rows[0] && (await client.get(`/bostad-forst/${rows[0].id}`)).body
}
const lettingsOf = async (id: string) =>
  (
    await harness.owner.query(
      'SELECT fran::text, till::text, kontraktsform, hyra_ore FROM upplatelse WHERE bf_boende_id = $1 ORDER BY fran',
      [id],
    )
  ).rows

describe('a row', () => {
  const read = (changes: Partial<Row>) => {
    const found = readImportrad({ ...good, ...changes }, '2026-09-15')
    return 'fel' in found ? found.fel.map(({ falt, kod }) => [falt, kod]) : found.rad
  }

  test.each<[Partial<Row>, [Importkolumn, string][]]>([
    [{ boendenummer: 'B 1' }, [['boendenummer', 'fel-boendenummer']]],
    [{ antagen_datum: '2026-09-16', ...noHome }, [['antagen_datum', 'i-framtiden']]],
    [{ inflyttad: '2026-09-16', overgang_tidigast: '2026-09-16' }, [['inflyttad', 'i-framtiden']]],
    [{ inflyttad: '2023-10-31' }, [['inflyttad', 'fore-antagandet']]],
    [{ overgang_tidigast: '2024-02-28' }, [['overgang_tidigast', 'fore-inflyttad']]],
    [
      { skal_andrahand: '', overgang_tidigast: '' },
      [
        ['skal_andrahand', 'saknas'],
        ['overgang_tidigast', 'saknas'],
      ],
    ],
    [{ skal_andrahand: 'nykter' }, [['skal_andrahand', 'fel-val']]],
    [{ kontraktsform: 'blockhyraAndrahand' }, [['kontraktsform', 'fel-val']]],
    [{ kontraktsform: 'Första hand' }, [['kontraktsform', 'fel-val']]],
    [
      { kontraktsform: 'forstahand' },
      [
        ['skal_andrahand', 'okant-falt'],
        ['overgang_tidigast', 'okant-falt'],
      ],
    ],
    [{ forstahand_datum: '2025-05-01' }, [['forstahand_datum', 'okant-falt']]],
    [{ ...ownContract, forstahand_datum: '2026-09-16' }, [['forstahand_datum', 'i-framtiden']]],
    [{ ...ownContract, forstahand_datum: '2024-02-28' }, [['forstahand_datum', 'fore-inflyttad']]],
    [{ stodniva: 'mycket' }, [['stodniva', 'fel-val']]],
    [
      { ...noHome, hyra: '6900' },
      [
        ['objektnummer', 'saknas'],
        ['kontraktsform', 'saknas'],
        ['inflyttad', 'saknas'],
      ],
    ],
  ])('with %j is refused: %j', (changes, expected) => {
    expect(read(changes)).toEqual(expected)
  })

  test('may say nothing of a home, nor of support', () => {
    expect(read({ ...noHome, stodniva: '' })).toMatchObject({ bostad: null, niva: null })
  })

  test('has no column for sobriety, tests or treatment (JO 8958-2020)', () => {
    expect(importkolumner.filter(column => /nykter|drog|test|behandling|missbruk|diagnos/.test(column))).toEqual([])
  })
})

test('becomes a tenancy in a sublet, whose transfer is tried in the series that the move in began', async () => {
  const r = await row()
  expect(await importing([r])).toEqual({ rader: 1, importerade: 1, oforandrade: 0, avvisade: [] })
  const boende = await byNumber(r.boendenummer)
  expect(boende).toMatchObject({
    tillstand: 'inflyttad',
    ursprung: 'import',
    antagenDatum: '2023-11-01',
    kontraktsform: 'andrahand',
    skalAndrahand: 'betalningsanmarkning',
    overgangTidigast: '2025-02-01',
    // 12, 18, 24 and 30 months after leap day have been.
    overgangNasta: '2027-02-28',
    inflyttad: '2024-02-29',
    forstahandDatum: null,
    bostad: { objektnummer: r.objektnummer, hyraOre: 690_000, fran: '2024-02-29', till: null },
    stod: { tillstand: 'pagar', niva: 'medel', paborjat: '2024-02-29' },
  })
  const { rows } = await harness.owner.query('SELECT tillstand FROM lagenhet WHERE objektnummer = $1', [r.objektnummer])
  expect(rows).toEqual([{ tillstand: 'uthyrd' }])
  // And lives on as any other.
  expect((await command(team, boende.id, 'overgangsprovning')).body.tillstand).toBe('overgangProvas')
})

test('whoever has got the contract had a sublet before; whoever had it from the start, never', async () => {
  const [later, atOnce] = [await row(ownContract), await row({ ...ownContract, forstahand_datum: '', hyra: '' })]
  await importing([later, atOnce])
  const boende = await byNumber(later.boendenummer)
  expect(boende).toMatchObject({ tillstand: 'forstahand', forstahandDatum: '2025-05-01', overgangNasta: null })
  expect(await lettingsOf(boende.id)).toEqual([
    { fran: '2024-02-29', till: '2025-04-30', kontraktsform: 'andrahand', hyra_ore: 690_000 },
    { fran: '2025-05-01', till: null, kontraktsform: 'forstahand', hyra_ore: 690_000 },
  ])
  const other = await byNumber(atOnce.boendenummer)
  expect(other).toMatchObject({ tillstand: 'forstahand', forstahandDatum: '2024-02-29' })
  expect(await lettingsOf(other.id)).toEqual([
    { fran: '2024-02-29', till: null, kontraktsform: 'forstahand', hyra_ore: 720_000 },
  ])
})

test('without a home the person is admitted, with support offered', async () => {
  const r = await row({ ...noHome, stodniva: '' })
  await importing([r])
  const boende = await byNumber(r.boendenummer)
  expect(boende).toMatchObject({ tillstand: 'antagen', bostad: null, stod: { tillstand: 'erbjudet', niva: null } })
  expect((await command(team, boende.id, 'onskemal', {})).body.tillstand).toBe('matchning')
})

test('the same file again changes nothing; what differs is told of column by column', async () => {
  const rows = [
    await row(),
    await row(ownContract),
    await row({ ...ownContract, forstahand_datum: '' }),
    await row(noHome),
  ]
  await importing(rows)
  const before = await counts()
  expect(await importing(rows)).toEqual({ rader: 4, importerade: 0, oforandrade: 4, avvisade: [] })
  expect(await importing(rows.map(one => ({ ...one, hyra: '' })))).toMatchObject({ oforandrade: 4 })
  expect(await counts()).toEqual(before)
  const changed: Row = {
    ...(rows[0] as Row),
    personnummer: nextPersonnummer(),
    antagen_datum: '2023-11-02',
    objektnummer: (await row()).objektnummer,
    ...ownContract,
    inflyttad: '2024-03-01',
    stodniva: '',
    hyra: '7000',
  }
  const columns = importkolumner.filter(column => changed[column] !== rows[0]?.[column])
  expect((await avvisade(importing([changed]))).sort()).toEqual(
    columns.map(column => [2, column, 'finns-redan-annorlunda']).sort(),
  )
  expect(columns).toHaveLength(importkolumner.length - 3)
})

test('a home that is not there, for others or taken, and a person who has one already, are row errors', async () => {
  const taken = await row()
  await importing([taken])
  await freeHomes(harness, ['FEL-SL'])
  const twice = await row()
  const rows = [
    await row({ objektnummer: 'FINNS-INTE' }),
    await row({ objektnummer: 'FEL-SL' }),
    await row({ objektnummer: taken.objektnummer }),
    twice,
    await row({ objektnummer: twice.objektnummer }),
    await row({ ...noHome, personnummer: taken.personnummer }),
    await row({ ...noHome, personnummer: twice.personnummer }),
  ]
  const before = await counts()
  expect(await avvisade(importing(rows))).toEqual([
    [2, 'objektnummer', 'finns-inte'],
    [3, 'objektnummer', 'fel-kategori'],
    [4, 'objektnummer', 'bostaden-ar-upptagen'],
    [6, 'objektnummer', 'dubblett-i-filen'],
    [7, 'personnummer', 'oppet-boende-finns'],
    [8, 'personnummer', 'dubblett-i-filen'],
  ])
  expect(await counts()).toEqual(before)
  expect(await importing(rows, { delvis: true })).toMatchObject({ importerade: 1 })
})

test('a protected person’s row is answered as any other, and tells nothing of what they have', async () => {
  const personnummer = nextPersonnummer()
  const person = { personnummer, fornamn: 'S', efternamn: 'K', roll: 'sokande', skyddsniva: 'skyddadFolkbokforing' }
  const { body: hushall } = await skyddsgrupp.post('/hushall', { personer: [person] })
  const r = await row({ personnummer })
  expect(await importing([r])).toEqual({ rader: 1, importerade: 1, oforandrade: 0, avvisade: [] })
  expect(await importing([{ ...r, stodniva: 'hog' }])).toEqual({
    rader: 1,
    importerade: 0,
    oforandrade: 1,
    avvisade: [],
  })
  expect((await byNumber(r.boendenummer)).kod).toBe('finns-inte')
  const cleared = harness.as(['bostadForstTeam', 'skyddsgrupp'])
  expect(await byNumber(r.boendenummer, cleared)).toMatchObject({ hushallId: hushall.id, tillstand: 'inflyttad' })
  const another = await row({ personnummer })
  expect(await importing([another])).toEqual({ rader: 1, importerade: 1, oforandrade: 0, avvisade: [] })
  expect(await byNumber(another.boendenummer, cleared)).toBeUndefined()
  expect(await avvisade(importing([await row({ objektnummer: r.objektnummer })]))).toEqual([
    [2, 'objektnummer', 'finns-inte'],
  ])
})

test('over HTTP it is the caseworker’s, and a dry run keeps nothing', async () => {
  const r = await row()
  const send = (client: typeof maja, query = '') =>
    client.post(`/bostad-forst/importer${query}`, sheetOf([r]), { type: 'text/csv' })
  expect((await send(team)).status).toBe(403)
  const before = await counts()
  expect((await send(maja, '?dryRun=true')).body).toMatchObject({ importerade: 1, dryRun: true })
  expect(await counts()).toEqual(before)
  expect((await send(maja)).body).toMatchObject({ importerade: 1, dryRun: false })
})

test('many rows go in page by page', async () => {
  const numbers = Array.from({ length: 1200 }, (_, n) => `MANGA-${n}`)
  await freeHomes(harness, numbers, { kategori: 'bostadForst' })
  const rows = numbers.map((objektnummer, n) => ({
    ...good,
    ...(n % 2 ? ownContract : {}),
    boendenummer: objektnummer,
    personnummer: nextPersonnummer(),
    objektnummer,
  }))
  expect(await importing(rows)).toEqual({ rader: 1200, importerade: 1200, oforandrade: 0, avvisade: [] })
  expect(await importing(rows)).toEqual({ rader: 1200, importerade: 0, oforandrade: 1200, avvisade: [] })
})
