import type { Radfel } from './import-rows.ts'
import { defineProblem } from './refusals.ts'
import { batchesOf, readSheet, type Sheetrow } from './spreadsheet.ts'
import { asCleared, type Work } from './work.ts'

/** What became of a file; whether it was kept is the caller's to say. */
export type Importutfall = {
  rader: number
  importerade: number
  oforandrade: number
  avvisade: ({ rad: number } & Radfel)[]
}

/** A kind of record that is imported from a spreadsheet. Made anew for each file: what it has seen may be kept in it. */
export type Importslag<Column extends string, Rad> = {
  kolumner: { required: readonly Column[]; optional?: readonly Column[] }
  /** The column that names a record; the same twice in a file is a double. */
  nummer: Column
  /** A row of the file in the words of the register, or everything that is wrong with it. */
  read: (falt: Record<Column, string>) => { rad: Rad } | { fel: Radfel<Column>[] }
  /**
   * How each row stands to what is registered, in order: null when it is new, no differences when it is registered
   * already, else why it cannot be imported. 'dold' is answered as new and not written: what stands in its way is
   * hidden from the caller.
   */
  compare: (work: Work, rader: Rad[]) => Promise<(Radfel<Column>[] | 'dold' | null)[]>
  /** Writes new rows: a handful of statements, however many they are. */
  register: (work: Work, rader: Rad[]) => Promise<void>
}

const importenInnehallerFel = defineProblem(
  'importen-innehaller-fel',
  422,
  'Filen har rader med fel',
  'Inget är importerat. `avvisade` räknar upp varje felaktig rad. Rätta dem, eller importera de andra med `delvis`.',
)

const importLock = 7_402_612
const batchSize = 500
/** From here on only the first error of a row is kept: every bad row is listed, and the list stays bounded. */
const fullyListed = 20_000

/** A good row with the line it stands on. */
type Post<Rad> = { rad: number; post: Rad }
type Importing = Importutfall & {
  delvis: boolean
  /** Numbers seen in the file. */
  nummer: Set<string>
}

/**
 * Imports a spreadsheet, in the caller's transaction and with the rights to see protected persons: a row about one of
 * them is attached to the protected household, and answered as any other.
 *
 * What is registered with the same data is left alone; with other data it is refused. A few hundred rows at a time are
 * in memory.
 *
 * @param file the CSV file's bytes
 * @param delvis import the good rows although others are bad
 * @throws 422 with every bad row in `avvisade`, unless `delvis`; 415 or 422 when the file as a whole cannot be read;
 *   409 when someone registers the same at the same time
 */
export async function importSheet<Column extends string, Rad>(
  work: Work,
  file: AsyncIterable<Buffer>,
  { delvis }: { delvis: boolean },
  slag: Importslag<Column, Rad>,
): Promise<Importutfall> {
  const state: Importing = { rader: 0, importerade: 0, oforandrade: 0, avvisade: [], delvis, nummer: new Set() }
  await asCleared(work, async () => {
    for await (const batch of batchesOf(readSheet(file, slag.kolumner), batchSize)) {
      if (state.rader === 0) await prepare(work)
      await importBatch(work, batch, state, slag)
    }
  })
  const { rader, importerade, oforandrade, avvisade } = state
  if (avvisade.length > 0 && !delvis) {
    const detail = `${new Set(avvisade.map(({ rad }) => rad)).size} av ${rader} rader har fel. Inget är importerat.`
    throw importenInnehallerFel(detail, { rader, importerade: 0, oforandrade, avvisade })
  }
  return { rader, importerade, oforandrade, avvisade }
}

/** Once there is something to import, so that nothing waits for a file that is not one. */
async function prepare(work: Work): Promise<void> {
  // One import at a time, until the transaction ends: two files with the same new person must not both create it.
  await work.db.query('SELECT pg_advisory_xact_lock($1)', [importLock])
  // Tables grow a thousandfold in this transaction, unseen by the planner: a plan made for one page, of a query or of
  // a foreign key, would read the whole table for every row.
  await work.db.query('DISCARD PLANS')
  await work.db.query('SET LOCAL enable_seqscan = off')
}

async function importBatch<Column extends string, Rad>(
  work: Work,
  batch: Sheetrow<Column>[],
  state: Importing,
  slag: Importslag<Column, Rad>,
): Promise<void> {
  const poster = readBatch(batch, state, slag)
  const stands = await slag.compare(
    work,
    poster.map(({ post }) => post),
  )
  const nya = poster.filter(({ rad }, index) => {
    const different = stands[index]
    if (!different) return true
    if (different === 'dold') state.importerade++
    else if (different.length === 0) state.oforandrade++
    else refuse(state, rad, different)
    return false
  })
  // Everything will be undone: go on only to find the other bad rows.
  if ((state.avvisade.length > 0 && !state.delvis) || nya.length === 0) return
  await slag.register(
    work,
    nya.map(({ post }) => post),
  )
  state.importerade += nya.length
}

function refuse(state: Importing, rad: number, fel: Radfel[]): void {
  const listed = state.avvisade.length < fullyListed ? fel : fel.slice(0, 1)
  state.avvisade.push(...listed.map(radfel => ({ rad, ...radfel })))
}

/** The good rows of a batch; the others are refused. */
function readBatch<Column extends string, Rad>(
  batch: Sheetrow<Column>[],
  state: Importing,
  { nummer, read }: Importslag<Column, Rad>,
): Post<Rad>[] {
  state.rader += batch.length
  return batch.flatMap((row): Post<Rad>[] => {
    if ('fel' in row) {
      refuse(state, row.rad, [{ falt: null, ...row.fel }])
      return []
    }
    const named = row.falt[nummer]
    const seen = named !== '' && state.nummer.has(named)
    state.nummer.add(named)
    const post = read(row.falt)
    if ('rad' in post && !seen) return [{ rad: row.rad, post: post.rad }]
    refuse(state, row.rad, [...(seen ? [doubleOf(nummer)] : []), ...('fel' in post ? post.fel : [])])
    return []
  })
}

/** A row about what an earlier row of the file is about. */
export const doubleOf = <Column extends string>(falt: Column): Radfel<Column> => ({
  falt,
  kod: 'dubblett-i-filen',
  meddelande: `${falt} står redan på en tidigare rad i filen.`,
})
