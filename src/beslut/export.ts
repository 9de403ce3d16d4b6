import { type Cell, writeSheet } from '../shared/spreadsheet.ts'
import type { Listat } from './service.ts'

const columns = [
  'beslutsdatum',
  'arendenummer',
  'insats',
  'utfall',
  'delegationspunkt',
  'beslutsfattare',
  'lagrum',
  'giltig_fran',
  'giltig_till',
  'delgiven',
  'laga_kraft',
  'ersatter_tidigare',
] as const

/** The delegation list as a spreadsheet for the board: no reasons, nobody's name or number. */
export const exportSheet = (rows: AsyncIterable<Listat>): AsyncGenerator<string> => writeSheet(columns, cellsOf(rows))

async function* cellsOf(rows: AsyncIterable<Listat>): AsyncGenerator<Record<(typeof columns)[number], Cell>> {
  for await (const row of rows)
    yield {
      beslutsdatum: row.datum,
      arendenummer: row.arendenummer,
      insats: row.insats,
      utfall: row.utfall,
      delegationspunkt: row.delegationspunkt,
      beslutsfattare: row.beslutsfattare,
      lagrum: row.lagrum,
      giltig_fran: row.giltigFran,
      giltig_till: row.giltigTill,
      delgiven: row.delgivenDatum,
      laga_kraft: row.lagaKraftDatum,
      ersatter_tidigare: row.ersatterId === null ? 'nej' : 'ja',
    }
}
