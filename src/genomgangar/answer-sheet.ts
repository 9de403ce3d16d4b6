import { kronor } from '../shared/money.ts'
import type { FieldError } from '../shared/refusals.ts'
import { readSheet, type Sheetrow, writeSheet } from '../shared/spreadsheet.ts'
import type { Post } from './answers.ts'
import type { Genomgangssvar, InkommetSvar } from './schema.ts'

/** The sheet that a landlord is given, fills in and sends back. */
const about = ['genomgang_id', 'avtalsnummer', 'period', 'adress', 'lagenhetsnummer', 'svaras_senast'] as const
const questions = [
  'manader_i_tid',
  'forsenade_betalningar',
  'storningar',
  'hyresskuld',
  'rekommenderar_avslut',
] as const
const optional = ['genomgang_id', 'avtalsnummer', 'hemforsakring', 'kommentar'] as const
type Column = (typeof questions)[number] | (typeof optional)[number]

type Genomgang = {
  genomgangId: string
  avtalsnummer: string
  period: string
  adress: string | null
  lagenhetsnummer: string | null
  stanger: string
  svar: Genomgangssvar | null
}

/** The waiting reviews as a sheet, with what has been answered so far. */
export const answerRows = (genomgangar: Genomgang[]): AsyncGenerator<string> =>
  writeSheet(
    [...about, ...questions, 'hemforsakring', 'kommentar'],
    genomgangar.map(({ svar, ...genomgang }) => ({
      genomgang_id: genomgang.genomgangId,
      avtalsnummer: genomgang.avtalsnummer,
      period: genomgang.period,
      adress: genomgang.adress,
      lagenhetsnummer: genomgang.lagenhetsnummer,
      svaras_senast: genomgang.stanger,
      manader_i_tid: svar?.manaderITid ?? null,
      forsenade_betalningar: svar?.forsenadeBetalningar ?? null,
      storningar: svar?.storningar ?? null,
      hyresskuld: svar ? kronor(svar.hyresskuldOre) : null,
      rekommenderar_avslut: svar?.rekommenderarAvslut ?? null,
      hemforsakring: svar?.hemforsakring ?? null,
      kommentar: svar?.kommentar ?? null,
    })),
  )

/**
 * The rows of a sheet as answers, in its order. A row that nobody filled in is refused like any other that lacks its
 * values: the landlord then sees which are left.
 *
 * @param check the same check as for an answer in JSON
 */
export async function answersFromSpreadsheet(
  file: AsyncIterable<Buffer>,
  check: (item: unknown) => FieldError[],
  most: number,
): Promise<Post[] | 'too-many'> {
  const poster: Post[] = []
  for await (const row of readSheet<Column>(file, { required: questions, optional })) {
    if (poster.length === most) return 'too-many'
    poster.push(toPost(row, check))
  }
  return poster
}

function toPost(row: Sheetrow<Column>, check: (item: unknown) => FieldError[]): Post {
  if ('fel' in row) return { errors: [{ pointer: '', kod: row.fel.kod, detail: row.fel.meddelande }] }
  const { falt } = row
  const svar = Object.fromEntries(
    Object.entries({
      genomgangId: falt.genomgang_id,
      avtalsnummer: falt.avtalsnummer,
      manaderITid: wholeNumber(falt.manader_i_tid),
      forsenadeBetalningar: wholeNumber(falt.forsenade_betalningar),
      storningar: wholeNumber(falt.storningar),
      hyresskuldOre: ore(falt.hyresskuld),
      rekommenderarAvslut: yesOrNo(falt.rekommenderar_avslut),
      hemforsakring: yesOrNo(falt.hemforsakring),
      kommentar: falt.kommentar,
    }).filter(([, value]) => value !== ''),
  )
  const errors = check(svar)
  return errors.length > 0 ? { errors } : { svar: svar as InkommetSvar }
}

/** Text that is not what it should be stays text, and the check says so. */
const wholeNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : text)
const ore = (text: string) => {
  const plain = text.replace(/[\s\u00a0\u202f]/g, '')
  return /^\d+(,\d{1,2})?$/.test(plain) ? Math.round(Number(plain.replace(',', '.')) * 100) : text
}
const yesOrNo = (text: string) =>
  /^(ja|sant|true)$/i.test(text) ? true : /^(nej|falskt|false)$/i.test(text) ? false : text
