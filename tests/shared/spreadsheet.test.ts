import type { Refusal } from '../../src/shared/refusals.ts'
import { type Cell, readSheet, type Sheetrow, writeSheet } from '../../src/shared/spreadsheet.ts'

const utf8 = (text: string) => Buffer.from(text)
const windows1252 = (text: string) => Buffer.from(text, 'latin1')
const lines = (...rows: string[]) => rows.join('\r\n')

async function* chunked(file: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < file.length; start += size) yield file.subarray(start, start + size)
}

async function read(file: Buffer, required = ['namn', 'ort'], size = file.length || 1): Promise<Sheetrow<string>[]> {
  const rows: Sheetrow<string>[] = []
  for await (const row of readSheet(chunked(file, size), { required, optional: ['anm'] })) rows.push(row)
  return rows
}
const texts = (rows: Sheetrow<string>[]) =>
  rows.map(row => ('falt' in row ? [row.falt.namn, row.falt.ort] : row.fel.kod))

async function refusalOf(reading: Promise<unknown>): Promise<Refusal> {
  return reading.then(
    () => {
      throw new Error('was read')
    },
    error => error,
  )
}

describe('encodings', () => {
  const file = lines('namn;ort', 'Åsa Öberg;Malmö', 'Ärla;Åhus')
  test.each([
    ['UTF-8 with BOM', utf8(`\ufeff${file}`)],
    ['UTF-8 without BOM', utf8(file)],
    ['Windows-1252', windows1252(file)],
  ])('%s is read alike, however it is cut', async (_, bytes) => {
    for (const size of [1, 2, 3, 5, 7, bytes.length])
      expect(texts(await read(bytes, undefined, size))).toEqual([
        ['Åsa Öberg', 'Malmö'],
        ['Ärla', 'Åhus'],
      ])
  })

  test.each([
    ['UTF-8', utf8],
    ['Windows-1252', windows1252],
  ])('%s is known by a letter that comes late in the file', async (_, encode) => {
    const plain = Array.from({ length: 5000 }, (_, n) => `Namn ${n};Lund`)
    const rows = texts(await read(encode(lines('namn;ort', ...plain, 'Åke;Örebro')), undefined, 1000))
    expect(rows).toHaveLength(5001)
    expect(rows.at(-1)).toEqual(['Åke', 'Örebro'])
  })

  test('what is Windows-1252 but not Latin-1 is read', async () => {
    const bytes = Buffer.concat([utf8('namn;ort\r\nA '), Buffer.from([0x96]), utf8(' B;'), Buffer.from([0x80])])
    expect(texts(await read(bytes))).toEqual([['A – B', '€']])
  })

  test('the last letter of the file may be the only one outside ASCII', async () => {
    expect(texts(await read(windows1252('namn;ort\r\nBo;Luleå'), undefined, 4))).toEqual([['Bo', 'Luleå']])
    expect(texts(await read(utf8('namn;ort\r\nBo;Luleå'), undefined, 4))).toEqual([['Bo', 'Luleå']])
  })

  test('bytes that are not UTF-8 in a UTF-8 file are visible in their row', async () => {
    const bytes = Buffer.concat([utf8('\ufeffnamn;ort\r\nÅsa;Lund\r\nB'), Buffer.from([0xe5]), utf8(';Lund')])
    expect(texts(await read(bytes))).toEqual([
      ['Åsa', 'Lund'],
      ['B\ufffd', 'Lund'],
    ])
  })

  test('letters that macOS writes as two characters become one', async () => {
    expect(texts(await read(utf8('namn;ort\r\nA\u030asa;Malmo\u0308')))).toEqual([['Åsa', 'Malmö']])
  })
})

describe('rows', () => {
  test('columns stand in any order, headings in any case, and unknown columns are passed over', async () => {
    const rows = await read(utf8(lines('Telefon;ORT; Namn ', '046;Lund;Bo')))
    expect(rows).toEqual([{ rad: 2, falt: { namn: 'Bo', ort: 'Lund', anm: '' } }])
  })

  test('optional columns are read when they are there', async () => {
    expect(await read(utf8(lines('anm;namn;ort', 'x;Bo;Lund')))).toEqual([
      { rad: 2, falt: { namn: 'Bo', ort: 'Lund', anm: 'x' } },
    ])
  })

  test.each([
    ['CRLF', '\r\n'],
    ['LF', '\n'],
    ['CR', '\r'],
  ])('lines end with %s', async (_, end) => {
    for (const size of [1, 4, 100])
      expect(
        (await read(utf8(`namn;ort${end}Bo;Lund${end}${end}Eva;Eslöv${end}`), undefined, size)).map(r => r.rad),
      ).toEqual([2, 4])
  })

  test('a line number counts blank lines, empty rows and line breaks in quoted fields', async () => {
    const file = lines('', 'namn;ort', 'Bo;Lund', '', ';', '"Eva', 'Lena";"Lund\nsyd"', '   ', 'Åke;Lund', '')
    for (const size of [1, 6, 1000]) {
      const rows = await read(utf8(file), undefined, size)
      expect(rows.map(({ rad }) => rad)).toEqual([3, 6, 10])
      expect(texts(rows)[1]).toEqual(['Eva\nLena', 'Lund\nsyd'])
    }
  })

  test('quoted fields hold semicolons and doubled quotation marks', async () => {
    expect(texts(await read(utf8('namn;ort\r\n"Bo ""Kula"" Ek";"Lund; Skåne"\r\n"";Lund')))).toEqual([
      ['Bo "Kula" Ek', 'Lund; Skåne'],
      ['', 'Lund'],
    ])
  })

  test('space around a value is not part of it, also space that does not break', async () => {
    expect(texts(await read(utf8('namn;ort\r\n Bo ;\u00a0Lund\u00a0')))).toEqual([['Bo', 'Lund']])
  })

  test('a row with too few or too many fields is bad, and the next is not', async () => {
    const rows = await read(utf8(lines('namn;ort', 'Bo', 'Eva;Lund;x', 'Åke;Lund')))
    expect(rows.map(({ rad }) => rad)).toEqual([2, 3, 4])
    expect(texts(rows)).toEqual(['fel-antal-falt', 'fel-antal-falt', ['Åke', 'Lund']])
  })

  test.each([
    ['a quotation mark inside a field', 'Bo "Kula;Lund'],
    ['a pair of them inside a field', 'Bo "Kula" Ek;Lund'],
    ['text after the closing one', '"Bo" Ek;Lund'],
    ['one that is never closed', '"Bo;Lund'],
  ])('%s makes that row bad and no other', async (_, bad) => {
    const file = lines('namn;ort', 'Eva;Lund', bad, '"Siv";Lund', 'Åke;Lund', '')
    expect(texts(await read(utf8(file), undefined, 9))).toEqual([
      ['Eva', 'Lund'],
      'fel-citattecken',
      ['Siv', 'Lund'],
      ['Åke', 'Lund'],
    ])
  })

  test('a quotation mark that is never closed does not take the rest of a long file', async () => {
    const rest = Array.from({ length: 1000 }, (_, n) => `Namn ${n};Lund`)
    const rows = texts(await read(utf8(lines('namn;ort', '"Bo;Lund', ...rest)), undefined, 500))
    expect(rows).toEqual(['fel-citattecken', ...rest.map(row => row.split(';'))])
  })

  test.each([
    ['lines', 'x\n'.repeat(98), 'x\n'.repeat(100)],
    ['characters', `${'x'.repeat(60_000)}\n`, `${'x'.repeat(60_000)}\n`.repeat(2)],
  ])('a quoted field may have so many %s and no more', async (_, long, tooLong) => {
    const [accepted] = await read(utf8(lines('namn;ort', `"${long}";Lund`)))
    expect(accepted).toMatchObject({ rad: 2, falt: { ort: 'Lund' } })
    const [refused] = await read(utf8(lines('namn;ort', `"${tooLong}";Lund`)))
    expect(refused).toMatchObject({ rad: 2, fel: { kod: 'fel-citattecken' } })
  })

  test('a file with only a heading has no rows', async () => {
    expect(await read(utf8('namn;ort\r\n'))).toEqual([])
  })
})

describe('a file that is not a spreadsheet', () => {
  test.each([
    ['an .xlsx', Buffer.from('PK\x03\x04\x14\0\x06\0namn;ort\r\n', 'latin1'), 415, 'fel-filformat'],
    ['an old .xls', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 415, 'fel-filformat'],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), 415, 'fel-filformat'],
    ['a JPEG', Buffer.from('ffd8ffe000104a464946', 'hex'), 415, 'fel-filformat'],
    ['a PDF', utf8('%PDF-1.7\n%âãÏÓ\n1 0 obj'), 415, 'fel-filformat'],
    ['UTF-16', Buffer.from('\ufeffnamn;ort\r\nBo;Lund', 'utf16le'), 415, 'fel-filformat'],
    ['other binary data', Buffer.from('0102000003ff00414200000a', 'hex'), 415, 'fel-filformat'],
    ['an empty file', utf8(''), 422, 'tom-fil'],
    ['a file of blank lines', utf8('\ufeff\r\n ;;\r\n\r\n'), 422, 'tom-fil'],
    ['a file with commas', utf8('namn,ort\r\nBo,Lund'), 422, 'fel-kolumner'],
    ['JSON', utf8('{"namn":"Bo"}'), 422, 'fel-kolumner'],
  ])('%s is one clear problem', async (_, bytes, status, kod) => {
    for (const size of [1, 3, 1000])
      expect((await refusalOf(read(bytes, undefined, size))).problem).toMatchObject({ status, kod })
  })

  test('missing columns are named', async () => {
    const refusal = await refusalOf(read(utf8('namn;telefon\r\nBo;046'), ['namn', 'ort', 'gata']))
    expect(refusal.message).toContain('ort, gata')
    expect(refusal.extra.errors?.map(({ pointer, kod }) => [pointer, kod])).toEqual([
      ['/ort', 'saknas'],
      ['/gata', 'saknas'],
    ])
  })

  test('a column that stands twice is named', async () => {
    const refusal = await refusalOf(read(utf8('namn;ort;Namn\r\nBo;Lund;Eva')))
    expect(refusal.problem.status).toBe(422)
    expect(refusal.extra.errors).toMatchObject([{ pointer: '/namn', kod: 'dubblett' }])
  })

  test.each([
    ['letters', 'x'],
    ['semicolons', ';'],
  ])('one endless line of %s is refused before much of it is read', async (_, filling) => {
    let sent = 0
    async function* endless(): AsyncGenerator<Buffer> {
      yield utf8('namn;ort\r\n')
      for (;;) {
        sent += 65_536
        yield Buffer.alloc(65_536, filling)
      }
    }
    const rows = readSheet(endless(), { required: ['namn', 'ort'] })
    expect((await refusalOf(rows.next())).problem).toMatchObject({ status: 422, kod: 'for-lang-rad' })
    expect(sent).toBeLessThan(500_000)
  })

  test('a field that goes on over line after line is a bad row, not memory', async () => {
    const rows = await read(utf8(lines('namn;ort', `"${'x\r\n'.repeat(200_000)}`)), undefined, 65_536)
    expect(rows[0]).toMatchObject({ rad: 2, fel: { kod: 'fel-citattecken' } })
    expect(rows).toHaveLength(200_000)
  })
})

describe('a spreadsheet that is written', () => {
  async function written(...rows: Record<'namn' | 'ort', Cell>[]): Promise<string> {
    let text = ''
    for await (const piece of writeSheet(['namn', 'ort'], rows)) text += piece
    return text
  }

  test('is what Swedish Excel opens: BOM, semicolons, CRLF, decimal comma', async () => {
    expect(await written({ namn: 'Åsa', ort: 8450.5 }, { namn: true, ort: null }, { namn: false, ort: -3 })).toBe(
      '\ufeffnamn;ort\r\nÅsa;8450,5\r\nja;\r\nnej;-3\r\n',
    )
  })

  test('has its heading when there are no rows', async () => {
    expect(await written()).toBe('\ufeffnamn;ort\r\n')
  })

  test.each(['=1+1', '+46', '-1', '@SUM(A1)', '\tx', '＝1'])('runs no formula: %s', async text => {
    expect((await written({ namn: text, ort: '' })).split('\r\n')[1]).toMatch(/^"?'/)
  })

  test('is read back as it was', async () => {
    const rows = [
      { namn: 'Bo "Kula"', ort: 'Lund; Skåne\nsyd' },
      { namn: '=HYPERLINK("x")', ort: '-' },
      { namn: '＝1', ort: '+46' },
      ...Array.from({ length: 1200 }, (_, n) => ({ namn: `Namn ${n}`, ort: 'Lund' })),
    ]
    expect(texts(await read(utf8(await written(...rows))))).toEqual(rows.map(({ namn, ort }) => [namn, ort]))
  })
})
