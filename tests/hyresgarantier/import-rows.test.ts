import { type Importkolumn, type Importrad, readImportrad } from '../../src/hyresgarantier/import-rows.ts'

const today = '2026-09-15'
const good: Record<Importkolumn, string> = {
  avtalsnummer: 'HG-2025-101',
  personnummer: '19850709-9805',
  fornamn: 'Maja',
  efternamn: 'Lind',
  hyresvard: 'Exempelbostäder AB',
  organisationsnummer: '556012-5790',
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
}

function accepted(changes: Partial<typeof good> = {}, day = today): Importrad {
  const read = readImportrad({ ...good, ...changes }, day)
  if ('fel' in read) throw new Error(JSON.stringify(read.fel))
  return read.rad
}
function refused(changes: Partial<typeof good>, day = today): [falt: string | null, kod: string][] {
  const read = readImportrad({ ...good, ...changes }, day)
  return 'fel' in read ? read.fel.map(({ falt, kod }) => [falt, kod]) : []
}

test('a row is read into the words of the register', () => {
  expect(accepted()).toEqual({
    garanti: {
      avtalsnummer: 'HG-2025-101',
      adress: 'Exempelgatan 1, 222 22 Lund',
      lagenhetsnummer: '1101',
      manadshyraOre: 845000,
      garanteradeManader: 6,
      giltigFran: '2025-03-01',
      giltigTill: '2027-02-28',
      garantityp: 'kommunal',
      borgenstyp: 'enkel',
      beslutDatum: '2025-02-10',
      beslutsfattare: 'Karin Ek, enhetschef',
      diarienummer: 'SN 2025/123',
    },
    hyresgast: { personnummer: '198507099805', fornamn: 'Maja', efternamn: 'Lind' },
    hyresvard: { organisationsnummer: '556012-5790', namn: 'Exempelbostäder AB' },
  })
})

test('address, apartment number and registry number may be empty', () => {
  const { garanti } = accepted({ adress: '', lagenhetsnummer: '', diarienummer: '' })
  expect(garanti).toMatchObject({ adress: null, lagenhetsnummer: null, diarienummer: null })
})

test('every other empty cell is reported, all of them at once', () => {
  const empty = Object.fromEntries(Object.keys(good).map(kolumn => [kolumn, '']))
  const optional = ['adress', 'lagenhetsnummer', 'diarienummer']
  const expected = Object.keys(good).filter(kolumn => !optional.includes(kolumn))
  expect(new Set(refused(empty).map(([falt]) => falt))).toEqual(new Set(expected))
  expect(refused(empty).every(([, kod]) => kod === 'saknas')).toBe(true)
})

test.each([
  ['19850709-9805', '198507099805'],
  ['198507099805', '198507099805'],
  ['850709-9805', '198507099805'],
  ['850709+9805', '188507099805'],
  ['701063-2391', '197010632391'],
])('personnummer %s is %s', (text, full) => {
  expect(accepted({ personnummer: text }).hyresgast.personnummer).toBe(full)
})

test('the century of a short personnummer follows from the day of the import', () => {
  const older = { beslutsdatum: '2010-01-01', personnummer: '121212-1212' }
  expect(accepted(older, '2011-12-31').hyresgast.personnummer).toBe('191212121212')
  expect(accepted({ personnummer: '121212-1212' }, '2026-09-15').hyresgast.personnummer).toBe('201212121212')
  expect(accepted({ personnummer: '121212+1212' }, '2026-09-15').hyresgast.personnummer).toBe('191212121212')
})

test.each([
  '19850709-9806',
  '19850732-9805',
  '850709',
  '1,98507E+11',
  '19850709-980T',
  '19850709 9805',
  'Maja Lind',
  '5560125790',
])('personnummer %s is refused', text => {
  expect(refused({ personnummer: text })).toEqual([['personnummer', 'fel-personnummer']])
})

test.each([
  ['8450', 845000],
  ['8 450', 845000],
  ['8 450,00', 845000],
  ['8\u00a0450,00', 845000],
  ['8\u202f450,00', 845000],
  ['8450,5', 845050],
  ['8450,05', 845005],
  ['8 450,00 kr', 845000],
  ['1', 100],
  ['100 000,00', 10000000],
])('rent %s is %i öre', (text, ore) => {
  expect(accepted({ manadshyra: text }).garanti.manadshyraOre).toBe(ore)
})

test.each([
  '0',
  '0,99',
  '100 000,01',
  '-8450',
  '8.450,00',
  '8450.00',
  '8,450.00',
  '84 50',
  '8450,123',
  '8 4500',
  'åttatusen',
  '8e3',
  '٣',
])('rent %s is refused', text => {
  expect(refused({ manadshyra: text })).toEqual([['manadshyra', 'fel-belopp']])
})

test.each(['2024-02-29', '20240229', '2024-02-29 00:00:00', '2024-02-29 00:00', '2024-02-29T00:00:00'])(
  'day %s is 2024-02-29',
  text => {
    const { garanti } = accepted({ giltig_fran: text, beslutsdatum: text })
    expect([garanti.giltigFran, garanti.beslutDatum]).toEqual(['2024-02-29', '2024-02-29'])
  },
)

test.each([
  '2025-02-29',
  '2025-13-01',
  '2025-00-10',
  '2025-1-1',
  '2025-0101',
  '01/03/2025',
  '25-03-01',
  '2025-03-01 12:30:00',
  '45717',
  '2025-W10',
])('day %s is refused', text => {
  expect(refused({ giltig_fran: text })).toEqual([['giltig_fran', 'fel-datum']])
})

test.each<[Importkolumn, string, string]>([
  ['avtalsnummer', 'HG 2025 101', 'fel-avtalsnummer'],
  ['avtalsnummer', 'HG.2025.101', 'fel-avtalsnummer'],
  ['avtalsnummer', '-101', 'fel-avtalsnummer'],
  ['avtalsnummer', 'H'.repeat(41), 'fel-avtalsnummer'],
  ['fornamn', 'M'.repeat(101), 'for-lang-text'],
  ['efternamn', 'L'.repeat(101), 'for-lang-text'],
  ['hyresvard', 'E'.repeat(201), 'for-lang-text'],
  ['adress', 'E'.repeat(201), 'for-lang-text'],
  ['lagenhetsnummer', '1'.repeat(21), 'for-lang-text'],
  ['beslutsfattare', 'K'.repeat(201), 'for-lang-text'],
  ['diarienummer', 'S'.repeat(51), 'for-lang-text'],
  ['fornamn', 'Ma\0ja', 'otillatet-tecken'],
  ['adress', 'Gatan\u0007 1', 'otillatet-tecken'],
  ['efternamn', 'L\ufffdnd', 'otillatet-tecken'],
  ['organisationsnummer', '556012-5791', 'fel-organisationsnummer'],
  ['organisationsnummer', '850709-9805', 'fel-organisationsnummer'],
  ['organisationsnummer', '19850709-9805', 'fel-organisationsnummer'],
  ['garanterade_manader', '0', 'fel-antal'],
  ['garanterade_manader', '13', 'fel-antal'],
  ['garanterade_manader', '6,5', 'fel-antal'],
  ['garanterade_manader', 'sex', 'fel-antal'],
  ['garantityp', 'annan', 'fel-val'],
  ['garantityp', 'constructor', 'fel-val'],
  ['borgenstyp', 'solidarisk', 'fel-val'],
  ['giltig_till', '2025-03-01', 'fore-giltig-fran'],
  ['giltig_till', '2025-02-28', 'fore-giltig-fran'],
  ['beslutsdatum', '2026-09-16', 'i-framtiden'],
])('%s %j is refused', (kolumn, text, kod) => {
  expect(refused({ [kolumn]: text })).toEqual([[kolumn, kod]])
})

test.each<[Importkolumn, string]>([
  ['avtalsnummer', 'HG/2025_101-b'],
  ['adress', 'Exempelgatan 1\nbox 2'],
  ['fornamn', '😀'.repeat(100)],
  ['organisationsnummer', '5560125790'],
  ['garanterade_manader', '12'],
  ['beslutsdatum', '2026-09-15'],
  ['beslutsdatum', '1998-01-01'],
])('%s %j is accepted', (kolumn, text) => {
  expect(refused({ [kolumn]: text })).toEqual([])
})

test.each([
  ['bistand', 'bistand'],
  ['Bistånd', 'bistand'],
  ['KOMMUNAL', 'kommunal'],
])('guarantee kind %s is %s', (text, kind) => {
  expect(accepted({ garantityp: text }).garanti.garantityp).toBe(kind)
})

test.each([
  ['enkel', 'enkel'],
  ['Enkel borgen', 'enkel'],
  ['proprie', 'proprie'],
  ['Proprieborgen', 'proprie'],
])('kind of surety %s is %s', (text, kind) => {
  expect(accepted({ borgenstyp: text }).garanti.borgenstyp).toBe(kind)
})

test('everything that is wrong with a row is said at once, and none of its values', () => {
  const bad = {
    personnummer: '19850709-9806',
    fornamn: `Maja${'x'.repeat(100)}`,
    manadshyra: '4711kronor',
    giltig_till: '2025-02-28',
    beslutsdatum: '2031-01-31',
  }
  const read = readImportrad({ ...good, ...bad }, today)
  const fel = 'fel' in read ? read.fel : []
  expect(new Set(fel.map(({ falt }) => falt))).toEqual(new Set(Object.keys(bad)))
  for (const value of [...Object.values(bad), 'Maja', '9806', '4711']) expect(JSON.stringify(fel)).not.toContain(value)
})

test('the municipality’s own limits are not applied to old agreements', () => {
  expect(
    refused({
      garanterade_manader: '12',
      giltig_fran: '2015-01-01',
      giltig_till: '2035-12-31',
      beslutsdatum: '2014-12-01',
    }),
  ).toEqual([])
})
