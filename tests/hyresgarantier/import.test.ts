import { readFile } from 'node:fs/promises'
import { createHushall } from '../../src/hushall/service.ts'
import { importHyresgarantier } from '../../src/hyresgarantier/import.ts'
import type { Importkolumn } from '../../src/hyresgarantier/import-rows.ts'
import type { Caller } from '../../src/shared/caller.ts'
import type { Refusal } from '../../src/shared/refusals.ts'
import { startTestApp } from '../harness.ts'
import { activate, createHousehold, createLandlord, nextPersonnummer } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const skyddsgrupp = harness.as(['handlaggare', 'skyddsgrupp'])
const caller: Caller = {
  sub: 'maja',
  part: 'socialforvaltningen',
  partId: null,
  roller: ['handlaggare'],
  klient: 'test',
}

type Row = Record<Importkolumn, string>
let next = 100
const row = (changes: Partial<Row> = {}): Row => ({
  avtalsnummer: `HG25-${next++}`,
  personnummer: nextPersonnummer(),
  fornamn: 'Åsa',
  efternamn: 'Öberg',
  hyresvard: 'Påhittade Hem AB',
  organisationsnummer: '559999-9025',
  adress: 'Exempelgatan 1, 222 22 Lund',
  lagenhetsnummer: '1101',
  manadshyra: '8 450,00',
  garanterade_manader: '6',
  giltig_fran: '2025-03-01',
  giltig_till: '2027-02-28',
  garantityp: 'kommunal',
  borgenstyp: 'enkel',
  beslutsdatum: '2025-02-10',
  beslutsfattare: 'Karin Ek, enhetschef',
  diarienummer: 'SN 2025/123',
  ...changes,
})
const sheet = (...rows: Row[]): string =>
  [Object.keys(rows[0] as Row).join(';'), ...rows.map(r => Object.values(r).join(';')), ''].join('\r\n')

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
const importing = (text: string, { delvis = false, by = caller } = {}) =>
  harness.db.transaction(by, { atgard: 'importera' }, work => importHyresgarantier(work, bytes(text), { delvis }))

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  return work.then(
    () => {
      throw new Error('was not refused')
    },
    error => error,
  )
}
type Avvisad = { rad: number; falt: string | null; kod: string; meddelande: string }
const avvisadeOf = (refusal: Refusal) =>
  (refusal.extra.avvisade as Avvisad[]).map(({ rad, falt, kod }) => [rad, falt, kod])

async function count(table: string): Promise<number> {
  const { rows } = await harness.owner.query(`SELECT count(*)::int AS n FROM ${table}`)
  return rows[0].n
}
const counts = async () => Promise.all(['hushall', 'person', 'hyresvard', 'hyresgaranti', 'historik'].map(count))

async function byNumber(avtalsnummer: string, client = handlaggare) {
  const { body } = await client.get(`/hyresgarantier?avtalsnummer=${avtalsnummer}`)
  return body.hyresgarantier[0]
}

test('the example is imported as guarantees in force, and again without effect', async () => {
  const example = await readFile(new URL('../../examples/hyresgarantier.csv', import.meta.url), 'utf8')
  expect(await importing(example)).toEqual({ rader: 40, importerade: 40, oforandrade: 0, avvisade: [] })
  const { body } = await handlaggare.get('/hyresgarantier?tillstand=aktiv&limit=100')
  expect(body.hyresgarantier).toHaveLength(40)
  const before = await counts()
  expect(await importing(example)).toEqual({ rader: 40, importerade: 0, oforandrade: 40, avvisade: [] })
  expect(await counts()).toEqual(before)
})

test('a row becomes a guarantee in force, with the landlord and household it needs', async () => {
  const r = row({ organisationsnummer: '5599999074', hyresvard: 'Sagohuset', manadshyra: '8450' })
  await importing(sheet(r))
  const garanti = await byNumber(r.avtalsnummer)
  expect(garanti).toMatchObject({
    tillstand: 'aktiv',
    ursprung: 'import',
    garantityp: 'kommunal',
    kontraktsform: 'forstahand',
    lagrum: '2 kap. 6 § lagen (2009:47)',
    overklagandetyp: 'laglighetsprovning',
    manadshyraOre: 845000,
    garanteradeManader: 6,
    maxBeloppOre: 5070000,
    giltigFran: '2025-03-01',
    giltigTill: '2027-02-28',
    beslutDatum: '2025-02-10',
    avtalTecknatDatum: '2025-03-01',
    beviljadGiltigTill: '2025-08-10',
    bidragStatus: 'ejAktuellt',
    diarienummer: 'SN 2025/123',
  })
  const { body: hyresvard } = await handlaggare.get(`/hyresvardar/${garanti.hyresvardId}`)
  expect(hyresvard).toMatchObject({ namn: 'Sagohuset', organisationsnummer: '559999-9074', fastighetsagartyp: 'ovrig' })
  const { body: hushall } = await handlaggare.get(`/hushall/${garanti.hushallId}`)
  expect(hushall.personer).toEqual([
    {
      id: garanti.personId,
      personnummer: r.personnummer,
      fornamn: 'Åsa',
      efternamn: 'Öberg',
      roll: 'sokande',
      skyddsniva: 'ingen',
    },
  ])
})

test.each([
  ['a decision before its agreement', { beslutsdatum: '2025-02-10', giltig_fran: '2025-03-01' }, '2025-03-01'],
  ['a decision after it began to hold', { beslutsdatum: '2025-03-20', giltig_fran: '2025-03-01' }, '2025-03-20'],
  ['a guarantee that begins later than today', { beslutsdatum: '2026-09-01', giltig_fran: '2026-10-01' }, '2026-09-01'],
])('%s is signed on the day that fits', async (_, days, signed) => {
  const r = row(days)
  await importing(sheet(r))
  expect((await byNumber(r.avtalsnummer)).avtalTecknatDatum).toBe(signed)
})

test.each([
  ['bistand', '2024-05-01', '4 kap. 1 § SoL (2001:453)', null],
  ['bistånd', '2025-08-01', '11 kap. 1 § SoL (2025:400)', null],
  ['bistand', '1999-05-01', '4 kap. 1 § SoL (2001:453)', null],
  ['kommunal', '2005-05-01', '2 kap. 6 § lagen (2009:47)', 'forstahand'],
])('a decision of %s on %s rests on %s', async (garantityp, beslutsdatum, lagrum, kontraktsform) => {
  const r = row({ garantityp, beslutsdatum })
  await importing(sheet(r))
  expect(await byNumber(r.avtalsnummer)).toMatchObject({ lagrum, kontraktsform })
})

test('registered landlords and persons are used, whatever they are called in the file', async () => {
  const hyresvard = await createLandlord(handlaggare, 'Exempelbostäder AB')
  const medsokande = { personnummer: nextPersonnummer(), fornamn: 'Bo', efternamn: 'Ek', roll: 'medsokande' }
  const hushall = await createHousehold(handlaggare, [medsokande])
  const before = await counts()
  const r = row({
    organisationsnummer: hyresvard.organisationsnummer,
    hyresvard: 'EXEMPELBOSTÄDER',
    personnummer: medsokande.personnummer,
    fornamn: 'Bosse',
  })
  await importing(sheet(r))
  const after = await counts()
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3))
  expect(await byNumber(r.avtalsnummer)).toMatchObject({
    hushallId: hushall.id,
    personId: hushall.personer.find((p: { roll: string }) => p.roll === 'medsokande').id,
    hyresvardId: hyresvard.id,
  })
})

test('a person on several rows is one person in one household', async () => {
  const first = row()
  const second = row({ personnummer: `${first.personnummer.slice(2, 8)}-${first.personnummer.slice(8)}` })
  const [households] = await counts()
  await importing(sheet(first, second))
  expect((await counts())[0]).toBe((households as number) + 1)
  expect((await byNumber(first.avtalsnummer)).personId).toBe((await byNumber(second.avtalsnummer)).personId)
})

const badRows = () =>
  sheet(
    row(),
    row({ personnummer: '19850709-9806' }),
    row(),
    row({ giltig_fran: '2025-02-30', manadshyra: 'åtta tusen' }),
    row({ fornamn: '' }),
  )

test('one bad row and nothing is imported; the answer lists every bad row', async () => {
  const before = await counts()
  const refusal = await refusalOf(importing(badRows()))
  expect(refusal.problem).toMatchObject({ status: 422, kod: 'importen-innehaller-fel' })
  expect(refusal.extra).toMatchObject({ rader: 5, importerade: 0, oforandrade: 0 })
  expect(avvisadeOf(refusal).sort()).toEqual([
    [3, 'personnummer', 'fel-personnummer'],
    [5, 'giltig_fran', 'fel-datum'],
    [5, 'manadshyra', 'fel-belopp'],
    [6, 'fornamn', 'saknas'],
  ])
  expect(JSON.stringify([refusal.message, refusal.extra])).not.toMatch(/9806|åtta tusen|2025-02-30/)
  expect(await counts()).toEqual(before)
})

test('with delvis the good rows go in and the bad are listed', async () => {
  const { avvisade, ...rest } = await importing(badRows(), { delvis: true })
  expect(rest).toEqual({ rader: 5, importerade: 2, oforandrade: 0 })
  expect(new Set(avvisade.map(({ rad }) => rad))).toEqual(new Set([3, 5, 6]))
})

test('bad rows far down in a long file are found after good ones have been written, and undo them', async () => {
  const before = await counts()
  const rows = Array.from({ length: 2500 }, () => row())
  const refusal = await refusalOf(importing(sheet(...rows, row({ garantityp: 'okänd' }))))
  expect(avvisadeOf(refusal)).toEqual([[2502, 'garantityp', 'fel-val']])
  expect(await counts()).toEqual(before)
  expect(await importing(sheet(...rows))).toMatchObject({ importerade: 2500 })
})

test('rows that are not rows are listed with their line', async () => {
  const lines = sheet(row(), row(), row()).split('\r\n')
  lines[2] += ';'
  lines[3] = `"${lines[3]}`
  const refusal = await refusalOf(importing(lines.join('\r\n')))
  expect(avvisadeOf(refusal)).toEqual([
    [3, null, 'fel-antal-falt'],
    [4, null, 'fel-citattecken'],
  ])
})

test('a row that differs from what is registered is reported field by field, not overwritten', async () => {
  const r = row()
  await importing(sheet(r))
  const before = await counts()
  const changed = {
    ...r,
    personnummer: nextPersonnummer(),
    organisationsnummer: '559999-9041',
    adress: '',
    lagenhetsnummer: '1102',
    manadshyra: '8 451,00',
    garanterade_manader: '5',
    giltig_fran: '2025-03-02',
    giltig_till: '2027-03-01',
    garantityp: 'bistand',
    borgenstyp: 'proprie',
    beslutsdatum: '2025-02-11',
    beslutsfattare: 'Någon Annan',
    diarienummer: 'SN 2025/124',
  }
  const refusal = await refusalOf(importing(sheet(changed)))
  const fields = Object.keys(changed).filter(kolumn => changed[kolumn as Importkolumn] !== r[kolumn as Importkolumn])
  expect(avvisadeOf(refusal).sort()).toEqual(fields.map(kolumn => [2, kolumn, 'finns-redan-annorlunda']).sort())
  expect(await importing(sheet(changed, row()), { delvis: true })).toMatchObject({ importerade: 1, oforandrade: 0 })
  expect((await byNumber(r.avtalsnummer)).manadshyraOre).toBe(845000)
  expect((await counts())[3]).toBe((before[3] as number) + 1)
})

test('the same data written in another way, or under other names, is unchanged', async () => {
  const r = row()
  await importing(sheet(r))
  const again = {
    ...r,
    manadshyra: '8450',
    giltig_fran: '20250301',
    borgenstyp: 'Enkel borgen',
    fornamn: 'Åsa Maria',
    hyresvard: 'Hem',
  }
  expect(await importing(sheet(again))).toEqual({ rader: 1, importerade: 0, oforandrade: 1, avvisade: [] })
})

test('a guarantee that was registered by hand is compared too', async () => {
  const garanti = await activate(handlaggare)
  const r = row({ avtalsnummer: garanti.avtalsnummer })
  const refusal = await refusalOf(importing(sheet(r)))
  expect(avvisadeOf(refusal)).toContainEqual([2, 'personnummer', 'finns-redan-annorlunda'])
})

test('the second row with a number is a double, also when the first is bad or long before', async () => {
  const first = row()
  const bad = row({ manadshyra: '' })
  const between = Array.from({ length: 1100 }, () => row())
  const file = sheet(
    first,
    bad,
    ...between,
    row({ avtalsnummer: first.avtalsnummer }),
    row({ avtalsnummer: bad.avtalsnummer }),
  )
  const refusal = await refusalOf(importing(file))
  expect(avvisadeOf(refusal)).toEqual([
    [3, 'manadshyra', 'saknas'],
    [1104, 'avtalsnummer', 'dubblett-i-filen'],
    [1105, 'avtalsnummer', 'dubblett-i-filen'],
  ])
})

describe('a person with protected identity', () => {
  async function protectedHousehold(skyddsniva = 'sekretessmarkering') {
    const personnummer = nextPersonnummer()
    const person = { personnummer, fornamn: 'S', efternamn: 'K', roll: 'sokande', skyddsniva }
    const { body } = await skyddsgrupp.post('/hushall', { personer: [person] })
    return { personnummer, id: body.id as string }
  }

  test('has the row attached to the protected household, hidden from whoever imported it', async () => {
    const hushall = await protectedHousehold()
    const r = row({ personnummer: hushall.personnummer })
    expect(await importing(sheet(r, row()))).toEqual({ rader: 2, importerade: 2, oforandrade: 0, avvisade: [] })
    expect(await byNumber(r.avtalsnummer)).toBeUndefined()
    expect(await byNumber(r.avtalsnummer, skyddsgrupp)).toMatchObject({ hushallId: hushall.id, tillstand: 'aktiv' })
    const { body } = await handlaggare.post('/hushall/sokningar', { personnummer: hushall.personnummer })
    expect(body.hushall).toEqual([])
  })

  test('who also has an open double is the protected one', async () => {
    const hushall = await protectedHousehold()
    const double = await createHousehold(handlaggare, [])
    await harness.owner.query('UPDATE person SET personnummer_hash = $1 WHERE hushall_id = $2', [
      harness.encryption.hash(hushall.personnummer),
      double.id,
    ])
    const r = row({ personnummer: hushall.personnummer })
    await importing(sheet(r))
    expect(await byNumber(r.avtalsnummer)).toBeUndefined()
    expect((await byNumber(r.avtalsnummer, skyddsgrupp)).hushallId).toBe(hushall.id)
  })

  test.each(['sekretessmarkering', 'skyddadFolkbokforing'])(
    'is answered for as anyone else when the file comes again: %s',
    async niva => {
      const hushall = await protectedHousehold(niva)
      const r = row({ personnummer: hushall.personnummer })
      await importing(sheet(r))
      expect(await importing(sheet(r))).toEqual({ rader: 1, importerade: 0, oforandrade: 1, avvisade: [] })
    },
  )

  test('stays hidden in what the importer does next in the same transaction', async () => {
    const hushall = await protectedHousehold()
    const seen = await harness.db.transaction(caller, {}, async work => {
      await importHyresgarantier(work, bytes(sheet(row({ personnummer: hushall.personnummer }))), { delvis: false })
      return work.db.query('SELECT FROM hyresgaranti WHERE hushall_id = $1', [hushall.id])
    })
    expect(seen).toEqual([])
  })
})

describe('at the same time', () => {
  test('imports of the same file by many are one import', async () => {
    const file = sheet(...Array.from({ length: 50 }, () => row({ organisationsnummer: '559999-9058' })))
    const results = await Promise.all(Array.from({ length: 6 }, () => importing(file)))
    expect(results.map(({ importerade }) => importerade).sort()).toEqual([0, 0, 0, 0, 0, 50])
    expect(results.every(({ avvisade }) => avvisade.length === 0)).toBe(true)
  })

  test('files with the same new person and landlord create them once', async () => {
    const shared = { personnummer: nextPersonnummer(), organisationsnummer: '559999-9066' }
    const before = await counts()
    await Promise.all(Array.from({ length: 6 }, () => importing(sheet(row(shared)))))
    const after = await counts()
    expect(after.slice(0, 3).map((n, i) => n - (before[i] as number))).toEqual([1, 1, 1])
  })

  test('a person whom someone else registers while the file is read is used as registered', async () => {
    const personnummer = nextPersonnummer()
    const r = row({ personnummer })
    const households = await count('hushall')
    const other = harness.db.transaction(caller, {}, async work => {
      const made = await createHushall(work, {
        personer: [{ personnummer, fornamn: 'Åsa', efternamn: 'Öberg', roll: 'sokande' }],
      })
      // Holds the person, not yet committed, until the import waits for it.
      const importera = importing(sheet(r))
      await new Promise(resolve => setTimeout(resolve, 300))
      return { made, importera }
    })
    const { made, importera } = await other
    expect(await importera).toMatchObject({ importerade: 1 })
    expect((await byNumber(r.avtalsnummer)).hushallId).toBe(made.hushall.id)
    expect(await count('hushall')).toBe(households + 1)
  })
})

test.each([
  ['an .xlsx', 'PK\x03\x04rest', 415],
  ['a missing column', sheet(row()).replace('giltig_till', 'slutdatum'), 422],
  ['one huge line', `${sheet(row())}${'x'.repeat(200_000)}`, 422],
])('%s is one problem and stores nothing, also with delvis', async (_, text, status) => {
  const before = await counts()
  for (const delvis of [false, true]) {
    const refusal = await refusalOf(importing(text, { delvis }))
    expect(refusal.problem.status).toBe(status)
    expect(refusal.extra.avvisade).toBeUndefined()
  }
  expect(await counts()).toEqual(before)
})

test('a file that is bad in every row is listed to the last one, within bounds', async () => {
  const broken = {
    personnummer: 'x',
    manadshyra: 'x',
    giltig_fran: 'x',
    giltig_till: 'x',
    beslutsdatum: 'x',
    garantityp: 'x',
  }
  const rows = Array.from({ length: 8000 }, (_, n) => row({ ...broken, avtalsnummer: `X${n}` }))
  const refusal = await refusalOf(importing(sheet(...rows)))
  const avvisade = refusal.extra.avvisade as Avvisad[]
  expect(new Set(avvisade.map(({ rad }) => rad)).size).toBe(8000)
  expect(avvisade.length).toBeLessThan(30_000)
})

describe('POST /hyresgarantier/importer', () => {
  const send = (text: string, query = '', client = handlaggare) =>
    client.post(`/hyresgarantier/importer${query}`, text, { type: 'text/csv' })

  test('dryRun answers as the import would, and stores nothing', async () => {
    const file = sheet(row(), row())
    const before = await counts()
    const tried = await send(file, '?dryRun=true')
    expect([tried.status, tried.body]).toEqual([
      200,
      { rader: 2, importerade: 2, oforandrade: 0, avvisade: [], dryRun: true },
    ])
    expect(await counts()).toEqual(before)
    const imported = await send(file)
    expect([imported.status, imported.body]).toEqual([
      200,
      { rader: 2, importerade: 2, oforandrade: 0, avvisade: [], dryRun: false },
    ])
  })

  test('bad rows are a problem with the rows, or with delvis a result with them', async () => {
    const file = sheet(row(), row({ giltig_till: '2025-02-31' }))
    const avvisade = [
      { rad: 3, falt: 'giltig_till', kod: 'fel-datum', meddelande: expect.stringContaining('20200301') },
    ]
    const refused = await send(file)
    expect(refused.status).toBe(422)
    expect(refused.headers['content-type']).toContain('application/problem+json')
    expect(refused.body).toMatchObject({ kod: 'importen-innehaller-fel', rader: 2, importerade: 0, avvisade })
    const partly = await send(file, '?delvis=true')
    expect(partly.body).toEqual({ rader: 2, importerade: 1, oforandrade: 0, avvisade, dryRun: false })
  })

  test('a file that is not CSV, and a caller who is not a caseworker, are refused', async () => {
    expect((await send('PK\x03\x04')).status).toBe(415)
    expect((await send('')).status).toBe(422)
    expect((await send(sheet(row()), '', harness.as('statistiker'))).status).toBe(403)
  })
})
