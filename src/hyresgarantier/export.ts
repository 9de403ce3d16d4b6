import { kronor } from '../shared/money.ts'
import { type Cell, writeSheet } from '../shared/spreadsheet.ts'
import { aterstar } from './rules.ts'
import type { HyresgarantiRad } from './schema.ts'

/** A row of the list as it is streamed: the guarantee, its landlord and its flag. */
export type ExportRow = HyresgarantiRad & {
  hyresvardNamn: string | null
  organisationsnummer: string | null
  flaggaPeriod: string | null
  flaggaTillstand: string | null
}

const columns = [
  'avtalsnummer',
  'tillstand',
  'hyresvard',
  'organisationsnummer',
  'adress',
  'lagenhetsnummer',
  'manadshyra',
  'garanterade_manader',
  'giltig_fran',
  'giltig_till',
  'garantityp',
  'borgenstyp',
  'beslutsdatum',
  'beslutsfattare',
  'diarienummer',
  'aterstar',
  'genomgang_period',
  'genomgang',
  'avslutsorsak',
  'avslutad',
] as const

/** The list as a spreadsheet, row by row as it is read. Headings are those of the import; nobody's name or number. */
export const exportSheet = (rows: AsyncIterable<ExportRow>): AsyncGenerator<string> =>
  writeSheet(columns, cellsOf(rows))

async function* cellsOf(rows: AsyncIterable<ExportRow>): AsyncGenerator<Record<(typeof columns)[number], Cell>> {
  for await (const row of rows)
    yield {
      avtalsnummer: row.avtalsnummer,
      tillstand: row.tillstand,
      hyresvard: row.hyresvardNamn,
      organisationsnummer: row.organisationsnummer,
      adress: row.adress,
      lagenhetsnummer: row.lagenhetsnummer,
      manadshyra: row.manadshyraOre === null ? null : kronor(row.manadshyraOre),
      garanterade_manader: row.garanteradeManader,
      giltig_fran: row.giltigFran,
      giltig_till: row.giltigTill,
      garantityp: row.garantityp,
      borgenstyp: row.borgenstyp,
      beslutsdatum: row.beslutDatum,
      beslutsfattare: row.beslutsfattare,
      diarienummer: row.diarienummer,
      aterstar: kronor(aterstar(row)),
      genomgang_period: row.flaggaPeriod,
      genomgang: row.flaggaTillstand,
      avslutsorsak: row.avslutsorsak,
      avslutad: row.avslutadDatum,
    }
}
