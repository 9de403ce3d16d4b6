import type { Caller } from '../../src/shared/caller.ts'
import type { Importutfall } from '../../src/shared/import.ts'
import type { Refusal } from '../../src/shared/refusals.ts'
import type { Work } from '../../src/shared/work.ts'
import type { Harness } from '../harness.ts'

type Import = (work: Work, file: AsyncIterable<Buffer>, options: { delvis: boolean }) => Promise<Importutfall>
type Avvisad = { rad: number; falt: string | null; kod: string }

async function* bytes(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text)
}

/** A spreadsheet of these rows, each with the same columns. */
export const sheetOf = (rows: Record<string, string>[]): string =>
  [Object.keys(rows[0] ?? {}).join(';'), ...rows.map(row => Object.values(row).join(';')), ''].join('\r\n')

/** Imports rows as someone does, in one transaction. */
export const importer =
  ({ db }: Harness, run: Import, by: Caller) =>
  (rows: Record<string, string>[], { delvis = false, caller = by } = {}): Promise<Importutfall> =>
    db.transaction(caller, { atgard: 'importera' }, work => run(work, bytes(sheetOf(rows)), { delvis }))

/** What was refused, as line, column and code. */
export async function avvisade(work: Promise<unknown>): Promise<[number, string | null, string][]> {
  const refusal: Refusal = await work.then(
    () => {
      throw new Error('was not refused')
    },
    error => error,
  )
  if (!refusal.extra?.avvisade) throw refusal
  return (refusal.extra.avvisade as Avvisad[]).map(({ rad, falt, kod }) => [rad, falt, kod])
}

/** How many rows each table has. */
export async function countsOf({ owner }: Harness, tables: string[]): Promise<Record<string, number>> {
  const { rows } = await owner.query(
    `SELECT ${tables.map(table => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
  )
  return rows[0]
}

/** Homes that are free, with these numbers, written as the owner: many are one statement. */
export async function freeHomes({ owner }: Harness, numbers: string[], fields: object = {}): Promise<void> {
  const home = {
    version: 1,
    agare: 'lundafastigheter',
    kategori: 'stodlagenhet',
    tillstand: 'ledig',
    tillstand_sedan: '2020-01-01',
    skyddad: false,
    omrade: 'linero',
    rum: 2,
    hyra_ore: 800_000,
    tillganglighet: [],
    blockhyrd: false,
    i_poolen_fran: '2020-01-01',
    skapad: '2020-01-01T00:00:00Z',
    andrad: '2020-01-01T00:00:00Z',
    ...fields,
  }
  await owner.query(
    `INSERT INTO lagenhet SELECT (jsonb_populate_record(NULL::lagenhet, $2::jsonb || jsonb_build_object('id', gen_random_uuid(), 'objektnummer', x))).*
     FROM unnest($1::text[]) AS x`,
    [numbers, home],
  )
}
