import { isAscii, isUtf8 } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { defineProblem } from './refusals.ts'

const felFilformat = defineProblem(
  'fel-filformat',
  415,
  'Filen är inte ett kalkylblad i CSV',
  'Filen är något annat än text i CSV-format, till exempel ett .xlsx eller en bild. Spara den i Excel som "CSV UTF-8 (kommaavgränsad)".',
)
const felKolumner = defineProblem(
  'fel-kolumner',
  422,
  'Kolumnerna stämmer inte',
  'Rubrikraden saknar kolumner eller har samma kolumn flera gånger. `errors` säger vilka. Filen ska ha semikolon mellan kolumnerna.',
)
const forLangRad = defineProblem(
  'for-lang-rad',
  422,
  'En rad är för lång',
  'En rad i filen är längre än 65 536 tecken. Filen är troligen inte ett kalkylblad med en post per rad.',
)
const tomFil = defineProblem(
  'tom-fil',
  422,
  'Filen är tom',
  'Filen har ingen rubrikrad. Den ska ha en rubrikrad och en rad per post.',
)

const lineLimit = 65_536
/** A stray quotation mark must not make a record of the rest of the file. */
const linesPerRecord = 100

/** What makes a line unreadable as a record; the line after it is read as if nothing had happened. */
export type Brokenrow = { kod: 'fel-antal-falt' | 'fel-citattecken'; meddelande: string }
const felAntalFalt: Brokenrow = {
  kod: 'fel-antal-falt',
  meddelande: 'Raden ska ha lika många fält som rubrikraden. Ett semikolon i en text kräver citattecken runt texten.',
}
const felCitattecken: Brokenrow = {
  kod: 'fel-citattecken',
  meddelande:
    'Citattecken ska omge hela fältet, och ett citattecken i texten ska dubbleras. En post har högst 100 rader och 65 536 tecken.',
}

/**
 * One record of a spreadsheet. `rad` is the line of the file on which it starts, the heading being 1; `falt` has the
 * text of every column that was asked for, without space around it, and '' where an optional column is not in the file.
 */
export type Sheetrow<Column extends string> =
  | { rad: number; falt: Record<Column, string> }
  | { rad: number; fel: Brokenrow }

/**
 * Reads what Swedish Excel saves as CSV: semicolons, UTF-8 or Windows-1252, any line ends, columns in any order and
 * headings in any case. Blank rows and columns that nobody asked for are passed over. One line at a time is in memory.
 *
 * @param file the bytes as they come; a rejected file is left where it was found to be wrong
 * @throws 415 when it is not CSV; 422 when it is empty, lacks a required column or has a line of more than 64 KiB
 */
export async function* readSheet<Column extends string>(
  file: AsyncIterable<Buffer>,
  columns: { required: readonly Column[]; optional?: readonly Column[] },
): AsyncGenerator<Sheetrow<Column>> {
  let heading: Heading<Column> | undefined
  for await (const { rad, cells } of recordsOf(linesOf(textOf(file)))) {
    if (cells?.every(cell => cell.trim() === '')) continue
    if (!heading) heading = headingOf(cells ?? [], columns)
    else if (!cells) yield { rad, fel: felCitattecken }
    else if (cells.length !== heading.width) yield { rad, fel: felAntalFalt }
    else yield { rad, falt: heading.pick(cells) }
  }
  if (!heading) throw tomFil()
}

type Heading<Column extends string> = { width: number; pick: (cells: string[]) => Record<Column, string> }

/** Where each column stands in this file. */
function headingOf<Column extends string>(
  cells: string[],
  { required, optional = [] }: { required: readonly Column[]; optional?: readonly Column[] },
): Heading<Column> {
  if (cells.some(cell => /[\p{Cc}\uFFFD]/u.test(cell))) throw felFilformat()
  const names = cells.map(cell => cell.trim().toLowerCase())
  const all = [...required, ...optional]
  const missing = required.filter(column => !names.includes(column))
  const double = all.filter(column => names.indexOf(column) !== names.lastIndexOf(column))
  if (missing.length + double.length > 0) {
    const detail = [
      missing.length > 0 && `Rubrikraden saknar: ${missing.join(', ')}. Filen ska ha semikolon mellan kolumnerna.`,
      double.length > 0 && `Rubrikraden har flera gånger: ${double.join(', ')}.`,
    ]
    throw felKolumner(detail.filter(Boolean).join(' '), {
      errors: [
        ...missing.map(column => ({ pointer: `/${column}`, kod: 'saknas', detail: `Kolumnen ${column} saknas.` })),
        ...double.map(column => ({
          pointer: `/${column}`,
          kod: 'dubblett',
          detail: `Kolumnen ${column} finns flera gånger.`,
        })),
      ],
    })
  }
  const places = all.map(column => [column, names.indexOf(column)] as const)
  const pick = (row: string[]) => {
    const falt = {} as Record<Column, string>
    for (const [column, place] of places) falt[column] = cellText(row[place] ?? '')
    return falt
  }
  return { width: cells.length, pick }
}

/** A cell as it was meant: macOS writes å as two characters, and `writeSheet` puts an apostrophe before a formula. */
const cellText = (cell: string): string =>
  cell
    .normalize('NFC')
    .trim()
    .replace(/^'(?=[=+\-@＝＋－＠])/, '')

/**
 * The records of the file with the line on which each starts; `cells` is null when its quotation marks make no sense.
 * A quoted field may go on over several lines, so lines wait until the field is closed.
 */
async function* recordsOf(chunks: AsyncIterable<string[]>): AsyncGenerator<{ rad: number; cells: string[] | null }> {
  let rad = 1
  let waiting: string[] = []
  function* take(atEnd: boolean) {
    let next = 0
    for (let record = firstRecord(waiting, next, atEnd); record; record = firstRecord(waiting, next, atEnd)) {
      yield { rad, cells: record.cells }
      rad += record.lines
      next += record.lines
    }
    waiting = waiting.slice(next)
  }
  for await (const lines of chunks) {
    waiting = waiting.length > 0 ? waiting.concat(lines) : lines
    yield* take(false)
  }
  yield* take(true)
}

/** The record that starts at a line, or undefined when its end has not been read. */
function firstRecord(
  lines: string[],
  start: number,
  atEnd: boolean,
): { lines: number; cells: string[] | null } | undefined {
  const first = lines[start]
  if (first === undefined) return undefined
  // Excel quotes only what must be quoted: most lines are just their fields.
  if (!first.includes('"')) return { lines: 1, cells: first.split(';') }
  // Only the first line is given up: what follows an unclosed quotation mark are probably good rows.
  const broken = { lines: 1, cells: null }
  let quotes = 0
  let size = 0
  for (let end = start; end < lines.length; end++) {
    const line = lines[end] as string
    quotes += line.split('"').length - 1
    size += line.length
    if (quotes % 2 === 0) {
      const cells = cellsOf(lines.slice(start, end + 1).join('\n'))
      return cells ? { lines: end - start + 1, cells } : broken
    }
    if (size > lineLimit || end - start + 1 >= linesPerRecord) return broken
  }
  return atEnd ? broken : undefined
}

/** The fields of one record with quotation marks, or null when they are not placed as CSV wants them. */
function cellsOf(text: string): string[] | null {
  try {
    const records = parse(text, { delimiter: ';', record_delimiter: '\n', relax_column_count: true })
    return records.length === 1 ? (records[0] as string[]) : null
  } catch {
    return null
  }
}

/** Lines without their ends (CRLF, LF or CR), as many at a time as came. */
async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = ''
  let afterCr = false
  for await (const text of texts) {
    if (text === '') continue
    const lines = (afterCr && text.startsWith('\n') ? text.slice(1) : text).split(/\r\n|\r|\n/)
    afterCr = text.endsWith('\r')
    lines[0] = rest + lines[0]
    if (lines.some(line => line.length > lineLimit)) throw forLangRad()
    rest = lines.pop() as string
    yield lines
  }
  yield [rest]
}

const signatures = [
  'PK\x03\x04',
  '\x89PNG',
  '\xff\xd8\xff',
  '%PDF',
  'GIF8',
  '\xd0\xcf\x11\xe0',
  '\x1f\x8b',
  '\xff\xfe',
  '\xfe\xff',
].map(text => Buffer.from(text, 'latin1'))
const bom = Buffer.from('\ufeff')
const longestSignature = 4

/**
 * The file as text. Both encodings are ASCII up to the first character outside it; that one tells which it is, wherever
 * in the file it comes. What is not valid in UTF-8 becomes U+FFFD.
 */
async function* textOf(file: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let held = Buffer.alloc(0)
  let started = false
  const start = () => {
    started = true
    if (signatures.some(signature => held.subarray(0, signature.length).equals(signature))) throw felFilformat()
    if (held.subarray(0, bom.length).equals(bom)) decoder = new TextDecoder('utf-8')
  }
  for await (const chunk of file) {
    if (decoder) {
      yield decoder.decode(chunk, { stream: true })
      continue
    }
    held = Buffer.concat([held, chunk])
    if (!started && held.length < longestSignature) continue
    if (!started) start()
    const whole = held.subarray(0, wholeCharacters(held))
    if (!decoder && isAscii(whole)) {
      held = held.subarray(whole.length)
      yield whole.toString('latin1')
      continue
    }
    decoder ??= encodingOf(whole)
    yield decoder.decode(held, { stream: true })
    held = Buffer.alloc(0)
  }
  if (!started) start()
  yield (decoder ?? encodingOf(held)).decode(held)
}

const encodingOf = (bytes: Buffer): TextDecoder => new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252')

/** How many bytes there are before a last UTF-8 character that may go on in the next chunk. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) break
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** A value of a cell: numbers get a decimal comma, truth `ja` or `nej`, null an empty cell. */
export type Cell = string | number | boolean | null

/**
 * A spreadsheet that Swedish Excel opens with a double click: semicolons, CRLF, UTF-8 with BOM, decimal comma. A text
 * that Excel would run as a formula gets an apostrophe before it, which `readSheet` takes away again.
 *
 * @param rows as they come: about 500 at a time are in memory
 * @returns pieces of the file, for `Readable.from`
 */
export async function* writeSheet<Column extends string>(
  columns: readonly Column[],
  rows: Iterable<Record<Column, Cell>> | AsyncIterable<Record<Column, Cell>>,
): AsyncGenerator<string> {
  const options = {
    columns: [...columns],
    delimiter: ';',
    record_delimiter: 'windows',
    escape_formulas: true,
    cast: {
      number: (value: number) => String(value).replace('.', ','),
      boolean: (value: boolean) => (value ? 'ja' : 'nej'),
    },
  }
  yield `\ufeff${stringify([], { ...options, header: true })}`
  for await (const batch of batchesOf(rows, 500)) yield stringify(batch, options)
}

/** The items, so many at a time. */
export async function* batchesOf<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
