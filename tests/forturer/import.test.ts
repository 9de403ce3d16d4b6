import { readFile } from 'node:fs/promises'
import { importForturer } from '../../src/forturer/import.ts'
import { type Importkolumn, type Importrad, importkolumner, readImportrad } from '../../src/forturer/import-rows.ts'
import { grantFortur } from '../../src/forturer/service.ts'
import { forturgrunder as grunder } from '../../src/shared/insatser.ts'
import type { Refusal } from '../../src/shared/refusals.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold, createLandlord, nextPersonnummer } from '../people.ts'
import { caller as callerWith, decidedCase, granted, handedOver, receivingLandlord } from './granted.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const skyddsgrupp = harness.as(['handlaggare', 'skyddsgrupp'])
const caller = callerWith(['handlaggare'])
const today = '2026-09-15'

type Row = Record<Importkolumn, string>
const good: Row = {
  forturnummer: 'SF-2026-001',
  personnummer: '19850709-9805',
  fornamn: 'Maja',
  efternamn: 'Lind',
  antal_personer: '3',
  grunder: 'barnFarIlla, ovrigtStarkt',
  beslut_datum: '2026-05-10',
  giltig_fran: '2026-05-15',
  giltig_till: '2027-05-14',
  min_rum: '2',
  max_rum: '3',
  max_hyra: '11 000,00',
  tillganglighet: 'hiss',
  onskade_omraden: 'norraFaladen,klostergarden',
  uteslutna_omraden: 'linero',
  max_erbjudanden: '2',
  antal_nej: '1',
  ko_fornyad: '2026-04-01',
  hyresvard_orgnr: '5560125790',
  overlamnad_datum: '2026-05-20',
}
const without = (...kolumner: Importkolumn[]): Partial<Row> => Object.fromEntries(kolumner.map(kolumn => [kolumn, '']))
const valfria: Importkolumn[] = ['max_erbjudanden', 'antal_nej', 'ko_fornyad', 'hyresvard_orgnr', 'overlamnad_datum']

describe('a row', () => {
  function accepted(changes: Partial<Row> = {}): Importrad {
    const read = readImportrad({ ...good, ...changes }, today, 1)
    if ('fel' in read) throw new Error(JSON.stringify(read.fel))
    return read.rad
  }
  function refused(changes: Partial<Row>): [string | null, string][] {
    const read = readImportrad({ ...good, ...changes }, today, 1)
    return 'fel' in read ? read.fel.map(({ falt, kod }) => [falt, kod]) : []
  }

  test('is read into the words of the register', () => {
    expect(accepted()).toEqual({
      fortur: {
        forturnummer: 'SF-2026-001',
        antalPersoner: 3,
        grunder: ['barnFarIlla', 'ovrigtStarkt'],
        beslutDatum: '2026-05-10',
        giltigFran: '2026-05-15',
        giltigTill: '2027-05-14',
        minRum: 2,
        maxRum: 3,
        maxHyraOre: 1_100_000,
        tillganglighet: ['hiss'],
        onskadeOmraden: ['norraFaladen', 'klostergarden'],
        uteslutnaOmraden: ['linero'],
        maxErbjudanden: 2,
        antalNej: 1,
        koFornyad: '2026-04-01',
        overlamnadDatum: '2026-05-20',
      },
      sokande: { personnummer: '198507099805', fornamn: 'Maja', efternamn: 'Lind' },
      organisationsnummer: '556012-5790',
    })
  })

  test('may leave what the letting needs, and the optional columns, empty', () => {
    const empty = without(
      'min_rum',
      'max_rum',
      'max_hyra',
      'tillganglighet',
      'onskade_omraden',
      'uteslutna_omraden',
      ...valfria,
    )
    expect(accepted(empty)).toMatchObject({
      fortur: {
        minRum: null,
        maxRum: null,
        maxHyraOre: null,
        tillganglighet: [],
        onskadeOmraden: [],
        uteslutnaOmraden: [],
        maxErbjudanden: null,
        antalNej: null,
        koFornyad: null,
        overlamnadDatum: null,
      },
      organisationsnummer: null,
    })
  })

  test('has every other empty cell reported, all of them at once', () => {
    expect(refused(without(...importkolumner)).sort()).toEqual(
      (['forturnummer', 'personnummer', 'fornamn', 'efternamn', 'antal_personer', 'grunder', 'beslut_datum'] as const)
        .concat(['giltig_fran', 'giltig_till'] as never)
        .map(kolumn => [kolumn, 'saknas'])
        .sort(),
    )
  })

  test.each<[Partial<Row>, Importkolumn, string]>([
    [{ forturnummer: 'SF 1' }, 'forturnummer', 'fel-forturnummer'],
    [{ personnummer: '19850709-9806' }, 'personnummer', 'fel-personnummer'],
    [{ fornamn: 'x'.repeat(101) }, 'fornamn', 'for-lang-text'],
    [{ antal_personer: '0' }, 'antal_personer', 'fel-antal'],
    [{ antal_personer: '31' }, 'antal_personer', 'fel-antal'],
    [{ grunder: 'barnFarIlla, trångboddhet' }, 'grunder', 'fel-val'],
    [{ grunder: 'barnFarIlla,,medicinskt' }, 'grunder', 'fel-val'],
    [{ beslut_datum: '2026-02-30' }, 'beslut_datum', 'fel-datum'],
    [{ beslut_datum: '2026-09-16', overlamnad_datum: '' }, 'beslut_datum', 'i-framtiden'],
    [{ giltig_fran: '2027-05-15' }, 'giltig_till', 'fore-giltig-fran'],
    [{ giltig_till: '2026-09-14' }, 'giltig_till', 'har-gatt-ut'],
    [{ min_rum: '21', max_rum: '' }, 'min_rum', 'fel-antal'],
    [{ min_rum: '4' }, 'max_rum', 'mindre-an-min-rum'],
    [{ max_hyra: '0' }, 'max_hyra', 'fel-belopp'],
    [{ tillganglighet: 'med hiss' }, 'tillganglighet', 'fel-kod'],
    [{ onskade_omraden: Array.from({ length: 51 }, (_, n) => `o${n}`).join() }, 'onskade_omraden', 'fel-kod'],
    [{ uteslutna_omraden: 'LINERO, norrafaladen' }, 'uteslutna_omraden', 'bade-och'],
    [{ max_erbjudanden: '11' }, 'max_erbjudanden', 'fel-antal'],
    [{ antal_nej: '2' }, 'antal_nej', 'forbrukad'],
    [{ max_erbjudanden: '' }, 'antal_nej', 'forbrukad'],
    [{ ko_fornyad: '2026-09-16' }, 'ko_fornyad', 'i-framtiden'],
    [{ hyresvard_orgnr: '556012-5791' }, 'hyresvard_orgnr', 'fel-organisationsnummer'],
    [{ hyresvard_orgnr: '' }, 'hyresvard_orgnr', 'saknas'],
    [{ overlamnad_datum: '2026-09-16' }, 'overlamnad_datum', 'i-framtiden'],
    [{ overlamnad_datum: '2026-05-09' }, 'overlamnad_datum', 'fore-beslutet'],
  ])('with %j is refused: %s %s', (changes, falt, kod) => {
    expect(refused(changes)).toEqual([[falt, kod]])
  })

  test.each<[Partial<Row>, object]>([
    [{ grunder: 'BarnFarIlla,barnfarilla , UNGUNDER28' }, { grunder: ['barnFarIlla', 'ungUnder28'] }],
    [{ giltig_till: today, giltig_fran: today }, { giltigTill: today }],
    [
      { min_rum: '3', max_rum: '3' },
      { minRum: 3, maxRum: 3 },
    ],
    [{ overlamnad_datum: '20260510' }, { overlamnadDatum: '2026-05-10' }],
    [{ antal_nej: '', max_erbjudanden: '' }, { antalNej: null }],
  ])('with %j is taken', (changes, expected) => {
    expect(accepted(changes).fortur).toMatchObject(expected)
  })

  test.each(grunder)('may have the ground %s', grund => {
    expect(accepted({ grunder: grund }).fortur.grunder).toEqual([grund])
  })
})

let next = 100
const row = (changes: Partial<Row> = {}): Row => ({
  ...good,
  ...without('hyresvard_orgnr', 'overlamnad_datum'),
  forturnummer: `SF26-${next++}`,
  personnummer: nextPersonnummer(),
  ...changes,
})
const sheet = (...rows: Row[]): string =>
  [Object.keys(rows[0] as Row).join(';'), ...rows.map(r => Object.values(r).join(';')), ''].join('\r\n')

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}
const importing = (text: string, { delvis = false, by = caller } = {}) =>
  harness.db.transaction(by, { atgard: 'importera' }, work => importForturer(work, bytes(text), { delvis }))
const refusalOf = (work: Promise<unknown>): Promise<Refusal> =>
  work.then(
    () => {
      throw new Error('was not refused')
    },
    error => error,
  )
type Avvisad = { rad: number; falt: string | null; kod: string }
const avvisadeOf = ({ extra }: Refusal) => (extra.avvisade as Avvisad[]).map(({ rad, falt, kod }) => [rad, falt, kod])

const tables = ['hushall', 'person', 'hyresvard', 'fortur', 'utlamnande', 'historik']
async function counts(): Promise<Record<string, number>> {
  const { rows } = await harness.owner.query(
    `SELECT ${tables.map(table => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
  )
  return rows[0]
}
async function byNumber(forturnummer: string, client = handlaggare) {
  const { body } = await client.get(`/forturer?forturnummer=${forturnummer}`)
  return body.forturer[0]
}
async function disclosuresOf(forturId: string) {
  const { rows } = await harness.owner.query(
    'SELECT part, part_id, hushall_id, skyddad, falt, grund, beslutad_av FROM utlamnande WHERE fortur_id = $1',
    [forturId],
  )
  return rows
}
async function protectedPerson(skyddsniva = 'sekretessmarkering') {
  const personnummer = nextPersonnummer()
  const person = { personnummer, fornamn: 'S', efternamn: 'K', roll: 'sokande', skyddsniva }
  const { body } = await skyddsgrupp.post('/hushall', { personer: [person] })
  return { personnummer, hushallId: body.id as string }
}

test('the example is imported, and again without effect', async () => {
  const example = await readFile(new URL('../../examples/forturer.csv', import.meta.url), 'utf8')
  expect(await importing(example)).toEqual({ rader: 12, importerade: 12, oforandrade: 0, avvisade: [] })
  const before = await counts()
  expect(await importing(example)).toEqual({ rader: 12, importerade: 0, oforandrade: 12, avvisade: [] })
  expect(await counts()).toEqual(before)
})

test('a row becomes an open förtur, with the household it needs', async () => {
  const r = row()
  await importing(sheet(r))
  const fortur = await byNumber(r.forturnummer)
  expect(fortur).toMatchObject({
    tillstand: 'beviljad',
    ursprung: 'import',
    arendeId: null,
    beslutId: null,
    beslutDatum: '2026-05-10',
    giltigFran: '2026-05-15',
    giltigTill: '2027-05-14',
    maxErbjudanden: 2,
    antalNej: 1,
    antalPersoner: 3,
    maxHyraOre: 1_100_000,
    uteslutnaOmraden: ['linero'],
    lamnarUteslutnaOmraden: false,
    koRegistrerad: true,
    koFornyad: '2026-04-01',
    hyresvardId: null,
    overlamnadDatum: null,
  })
  const { rows } = await harness.owner.query('SELECT grunder FROM fortur WHERE id = $1', [fortur.id])
  expect(rows[0].grunder).toEqual(['barnFarIlla', 'ovrigtStarkt'])
  const { body: hushall } = await handlaggare.get(`/hushall/${fortur.hushallId}`)
  expect(hushall.personer).toMatchObject([{ id: fortur.personId, personnummer: r.personnummer, roll: 'sokande' }])
  expect(await disclosuresOf(fortur.id)).toEqual([])
})

test('columns that the file does not have are left to the municipality', async () => {
  const { max_erbjudanden, antal_nej, ko_fornyad, hyresvard_orgnr, overlamnad_datum, ...r } = row()
  expect(await importing(sheet(r as Row))).toMatchObject({ importerade: 1 })
  expect(await byNumber(r.forturnummer)).toMatchObject({
    maxErbjudanden: harness.config.FORTUR_ERBJUDANDEN,
    antalNej: 0,
    koRegistrerad: null,
    koFornyad: null,
  })
})

test('one that is with a landlord is disclosed to it, as when it is handed over here', async () => {
  const landlord = await receivingLandlord(handlaggare)
  const { body: hyresvard } = await handlaggare.get(`/hyresvardar/${landlord.id}`)
  const dated = row({ hyresvard_orgnr: hyresvard.organisationsnummer, overlamnad_datum: '2026-05-20' })
  const undated = row({ hyresvard_orgnr: hyresvard.organisationsnummer.replace('-', '') })
  await importing(sheet(dated, undated))
  const fortur = await byNumber(dated.forturnummer)
  expect(fortur).toMatchObject({ tillstand: 'hosHyresvard', hyresvardId: landlord.id, overlamnadDatum: '2026-05-20' })
  expect(await byNumber(undated.forturnummer)).toMatchObject({ overlamnadDatum: undated.beslut_datum })

  const byHand = await handedOver(harness, handlaggare, landlord.id)
  const [expected] = await disclosuresOf(byHand.id)
  expect(await disclosuresOf(fortur.id)).toEqual([
    { ...expected, hushall_id: fortur.hushallId, beslutad_av: caller.sub },
  ])
  const { body } = await harness.hyresvard(landlord.id).get('/hyresvard/forturer')
  expect(body.forturer.map(({ forturnummer }: Row) => forturnummer)).toEqual(
    expect.arrayContaining([dated.forturnummer, undated.forturnummer]),
  )
})

test('a landlord that is not registered, or receives none, is a row error', async () => {
  const { organisationsnummer } = await createLandlord(handlaggare)
  const before = await counts()
  const refusal = await refusalOf(
    importing(sheet(row({ hyresvard_orgnr: '559999-9181' }), row(), row({ hyresvard_orgnr: organisationsnummer }))),
  )
  expect(avvisadeOf(refusal)).toEqual([
    [2, 'hyresvard_orgnr', 'finns-inte'],
    [4, 'hyresvard_orgnr', 'tar-inte-emot'],
  ])
  expect(await counts()).toEqual(before)
})

const badRows = () =>
  sheet(
    row(),
    row({ personnummer: '19850709-9806' }),
    row(),
    row({ giltig_till: '2026-09-14', max_hyra: 'elva tusen' }),
    row({ grunder: '' }),
  )

test('one bad row and nothing is imported; the answer lists every bad row, and no value', async () => {
  const before = await counts()
  const refusal = await refusalOf(importing(badRows()))
  expect(refusal.problem).toMatchObject({ status: 422, kod: 'importen-innehaller-fel' })
  expect(refusal.extra).toMatchObject({ rader: 5, importerade: 0, oforandrade: 0 })
  expect(avvisadeOf(refusal).sort()).toEqual([
    [3, 'personnummer', 'fel-personnummer'],
    [5, 'giltig_till', 'har-gatt-ut'],
    [5, 'max_hyra', 'fel-belopp'],
    [6, 'grunder', 'saknas'],
  ])
  expect(JSON.stringify([refusal.message, refusal.extra])).not.toMatch(/9806|elva tusen|2026-09-14/)
  expect(await counts()).toEqual(before)
})

test('with delvis the good rows go in and the bad are listed', async () => {
  const { avvisade, ...rest } = await importing(badRows(), { delvis: true })
  expect(rest).toEqual({ rader: 5, importerade: 2, oforandrade: 0 })
  expect(new Set(avvisade.map(({ rad }) => rad))).toEqual(new Set([3, 5, 6]))
})

test('bad rows far down in a long file undo the good ones before them', async () => {
  const before = await counts()
  const rows = Array.from({ length: 1200 }, () => row())
  const refusal = await refusalOf(importing(sheet(...rows, row({ grunder: 'x' }))))
  expect(avvisadeOf(refusal)).toEqual([[1202, 'grunder', 'fel-val']])
  expect(await counts()).toEqual(before)
  expect(await importing(sheet(...rows))).toMatchObject({ importerade: 1200 })
})

test('a row that differs from what is registered is reported column by column, not overwritten', async () => {
  const landlord = await receivingLandlord(handlaggare)
  const { body: hyresvard } = await handlaggare.get(`/hyresvardar/${landlord.id}`)
  const r = row({ hyresvard_orgnr: hyresvard.organisationsnummer, overlamnad_datum: '2026-05-20' })
  await importing(sheet(r))
  const changed: Row = {
    ...r,
    personnummer: nextPersonnummer(),
    antal_personer: '4',
    grunder: 'barnFarIlla',
    beslut_datum: '2026-05-11',
    giltig_fran: '2026-05-16',
    giltig_till: '2027-05-15',
    min_rum: '',
    max_rum: '4',
    max_hyra: '11 001,00',
    tillganglighet: '',
    onskade_omraden: 'norraFaladen',
    uteslutna_omraden: '',
    max_erbjudanden: '3',
    antal_nej: '0',
    ko_fornyad: '2026-04-02',
    hyresvard_orgnr: '559999-9181',
    overlamnad_datum: '2026-05-21',
  }
  const columns = importkolumner.filter(kolumn => changed[kolumn] !== r[kolumn])
  const refusal = await refusalOf(importing(sheet(changed)))
  expect(avvisadeOf(refusal).sort()).toEqual(columns.map(kolumn => [2, kolumn, 'finns-redan-annorlunda']).sort())
  expect(await importing(sheet(changed, row()), { delvis: true })).toMatchObject({ importerade: 1, oforandrade: 0 })
  expect(await byNumber(r.forturnummer)).toMatchObject({ antalPersoner: 3, maxRum: 3 })
})

test('the same data written in another way, in another order or under another name, is unchanged', async () => {
  const r = row()
  await importing(sheet(r))
  const again = {
    ...r,
    max_hyra: '11000',
    giltig_fran: '20260515',
    fornamn: 'Maja Stina',
    grunder: 'ovrigtstarkt,barnfarilla',
    onskade_omraden: 'klostergarden, norraFaladen',
    ...without('antal_nej', 'max_erbjudanden', 'ko_fornyad'),
  }
  expect(await importing(sheet(again))).toMatchObject({ importerade: 0, oforandrade: 1, avvisade: [] })
})

test('a number twice, or a person twice, in the file is a double', async () => {
  const [first, bad] = [row(), row({ min_rum: 'x' })]
  const short = `${first.personnummer.slice(2, 8)}-${first.personnummer.slice(8)}`
  const between = Array.from({ length: 600 }, () => row())
  const file = sheet(
    first,
    bad,
    row({ personnummer: short }),
    ...between,
    row({ forturnummer: bad.forturnummer }),
    row({ personnummer: first.personnummer }),
  )
  const refusal = await refusalOf(importing(file))
  expect(avvisadeOf(refusal)).toEqual([
    [3, 'min_rum', 'fel-antal'],
    [4, 'personnummer', 'dubblett-i-filen'],
    [605, 'forturnummer', 'dubblett-i-filen'],
    [606, 'personnummer', 'dubblett-i-filen'],
  ])
})

describe('a person who has an open förtur', () => {
  async function withTwo() {
    const medsokande = { personnummer: nextPersonnummer(), fornamn: 'Bo', efternamn: 'Ek', roll: 'medsokande' }
    const hushall = await createHousehold(handlaggare, [medsokande])
    type Person = { id: string; roll: string; personnummer: string }
    const of = (roll: string) => hushall.personer.find((person: Person) => person.roll === roll) as Person
    return { hushall, sokande: of('sokande'), medsokande: of('medsokande') }
  }

  test('as applicant or as co-applicant does not get another', async () => {
    const { hushall, sokande, medsokande } = await withTwo()
    await granted(harness, handlaggare, { hushall, personId: sokande.id, medsokandeId: medsokande.id })
    const file = sheet(row({ personnummer: sokande.personnummer }), row({ personnummer: medsokande.personnummer }))
    expect(avvisadeOf(await refusalOf(importing(file)))).toEqual([
      [2, 'personnummer', 'oppen-fortur-finns'],
      [3, 'personnummer', 'oppen-fortur-finns'],
    ])
  })

  test('that has ended gets another, in the household that is registered', async () => {
    const { hushall, sokande } = await withTwo()
    const ended = await granted(harness, handlaggare, { hushall })
    const { status } = await harness
      .as('beslutsfattare')
      .post(`/forturer/${ended.id}/upphavande`, { motivering: 'Flyttat.' }, { ifMatch: '*' })
    expect(status).toBe(200)
    const r = row({ personnummer: sokande.personnummer })
    expect(await importing(sheet(r))).toMatchObject({ importerade: 1 })
    expect(await byNumber(r.forturnummer)).toMatchObject({ hushallId: hushall.id, personId: sokande.id })
  })

  test('is the same förtur when its number is that of a granted one', async () => {
    const { hushall, sokande } = await withTwo()
    const { forturnummer } = await granted(harness, handlaggare, { hushall })
    const refusal = await refusalOf(importing(sheet(row({ forturnummer, personnummer: sokande.personnummer }))))
    const found = avvisadeOf(refusal)
    expect(found).toContainEqual([2, 'beslut_datum', 'finns-redan-annorlunda'])
    expect(found.map(([, falt]) => falt)).not.toContain('personnummer')
  })

  test('that is granted while the file is read does not get another', async () => {
    const { hushall, sokande, medsokande } = await withTwo()
    const decided = await decidedCase(harness, hushall, { personId: sokande.id, medsokandeId: medsokande.id })
    const held = await harness.db.transaction(callerWith(['beslutsfattare']), {}, async work => {
      await grantFortur(work, decided)
      // Granted, not yet committed, until the import waits for it.
      const waiting = refusalOf(importing(sheet(row({ personnummer: medsokande.personnummer }))))
      await new Promise(resolve => setTimeout(resolve, 300))
      return { refusal: waiting }
    })
    expect(avvisadeOf(await held.refusal)).toEqual([[2, 'personnummer', 'oppen-fortur-finns']])
    const { rows } = await harness.owner.query('SELECT count(*)::int AS n FROM fortur WHERE hushall_id = $1', [
      hushall.id,
    ])
    expect(rows[0].n).toBe(1)
  })
})

describe('a person with protected identity', () => {
  test.each(['sekretessmarkering', 'skyddadFolkbokforing'])(
    'has the row attached to the protected household, answered as any other: %s',
    async niva => {
      const { personnummer, hushallId } = await protectedPerson(niva)
      const r = row({ personnummer })
      const file = sheet(r, row())
      expect(await importing(file)).toEqual({ rader: 2, importerade: 2, oforandrade: 0, avvisade: [] })
      expect(await importing(file)).toEqual({ rader: 2, importerade: 0, oforandrade: 2, avvisade: [] })
      expect(await byNumber(r.forturnummer)).toBeUndefined()
      expect(await byNumber(r.forturnummer, skyddsgrupp)).toMatchObject({ hushallId, tillstand: 'beviljad' })
      const { body } = await handlaggare.post('/hushall/sokningar', { personnummer })
      expect(body.hushall).toEqual([])
    },
  )

  test('is not given away by a förtur that it has: not by its person, its number, nor what it rests on', async () => {
    const { personnummer } = await protectedPerson()
    const hidden = row({ personnummer })
    await importing(sheet(hidden))
    const another = row({ personnummer })
    const answer = await importing(sheet(another))
    expect(answer).toEqual(await importing(sheet(row())))
    expect(await byNumber(another.forturnummer, skyddsgrupp)).toBeUndefined()
    for (const grunder of ['medicinskt', 'hotEllerVald', 'barnFarIlla'])
      expect(await importing(sheet({ ...hidden, grunder }))).toEqual({
        rader: 1,
        importerade: 0,
        oforandrade: 1,
        avvisade: [],
      })
  })

  test('is not disclosed to the landlord', async () => {
    const landlord = await receivingLandlord(handlaggare)
    const { body: hyresvard } = await handlaggare.get(`/hyresvardar/${landlord.id}`)
    const { personnummer } = await protectedPerson()
    const r = row({ personnummer, hyresvard_orgnr: hyresvard.organisationsnummer })
    await importing(sheet(r))
    const fortur = await byNumber(r.forturnummer, skyddsgrupp)
    expect(fortur).toMatchObject({ tillstand: 'hosHyresvard', hyresvardId: landlord.id })
    expect(await disclosuresOf(fortur.id)).toEqual([])
    expect((await harness.hyresvard(landlord.id).get('/hyresvard/forturer')).body.forturer).toEqual([])
  })
})

describe('at the same time', () => {
  test('imports of the same file by many are one import', async () => {
    const file = sheet(...Array.from({ length: 50 }, () => row()))
    const results = await Promise.all(Array.from({ length: 6 }, () => importing(file)))
    expect(results.map(({ importerade }) => importerade).sort()).toEqual([0, 0, 0, 0, 0, 50])
    expect(results.map(({ oforandrade }) => oforandrade).sort()).toEqual([0, 50, 50, 50, 50, 50])
  })

  test('files with the same person under different numbers give one förtur', async () => {
    const personnummer = nextPersonnummer()
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => importing(sheet(row({ personnummer })))))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results)
      if (result.status === 'rejected')
        expect(avvisadeOf(result.reason)).toEqual([[2, 'personnummer', 'oppen-fortur-finns']])
  })
})

describe('POST /forturer/importer', () => {
  const send = (text: string, query = '', client = handlaggare) =>
    client.post(`/forturer/importer${query}`, text, { type: 'text/csv' })

  test('dryRun answers as the import would, and stores nothing', async () => {
    const file = sheet(row(), row())
    const before = await counts()
    const result = { rader: 2, importerade: 2, oforandrade: 0, avvisade: [] }
    const tried = await send(file, '?dryRun=true')
    expect([tried.status, tried.body]).toEqual([200, { ...result, dryRun: true }])
    expect(await counts()).toEqual(before)
    const imported = await send(file)
    expect([imported.status, imported.body]).toEqual([200, { ...result, dryRun: false }])
  })

  test('bad rows are a problem with the rows, or with delvis a result with them', async () => {
    const file = sheet(row(), row({ ko_fornyad: '2026-02-31' }))
    const avvisade = [{ rad: 3, falt: 'ko_fornyad', kod: 'fel-datum', meddelande: expect.stringContaining('20200301') }]
    const refused = await send(file)
    expect([refused.status, refused.body]).toEqual([
      422,
      expect.objectContaining({ kod: 'importen-innehaller-fel', rader: 2, importerade: 0, avvisade }),
    ])
    const partly = await send(file, '?delvis=true')
    expect(partly.body).toEqual({ rader: 2, importerade: 1, oforandrade: 0, avvisade, dryRun: false })
  })

  test('a file that is not CSV, one that lacks a column, and other callers are refused', async () => {
    expect((await send('PK\x03\x04')).status).toBe(415)
    expect((await send(sheet(row()).replace('grunder', 'skal'))).status).toBe(422)
    for (const roll of ['beslutsfattare', 'statistiker', 'administrator'] as const)
      expect((await send(sheet(row()), '', harness.as(roll))).status).toBe(403)
  })
})
