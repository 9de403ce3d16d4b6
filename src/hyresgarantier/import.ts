import type { Day } from '../shared/dates.ts'
import { defineProblem } from '../shared/refusals.ts'
import { batchesOf, readSheet, type Sheetrow } from '../shared/spreadsheet.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { registerImported } from './import-register.ts'
import {
  type Importkolumn,
  type Importrad,
  importkolumner,
  type Radfel,
  radfelOf,
  readImportrad,
} from './import-rows.ts'
import type { Importresultat } from './import-schema.ts'

/** What became of a file; whether it was kept is the caller's to say. */
export type Importutfall = Omit<Importresultat, 'dryRun'>

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
type Post = { rad: number; post: Importrad }
type Importing = Importutfall & {
  delvis: boolean
  /** Numbers seen in the file. */
  nummer: Set<string>
  /** Ids of landlords by organisation number. */
  hyresvardar: Map<string, string>
}

/**
 * Imports a spreadsheet of guarantees, in the caller's transaction and with the rights to see protected persons: a row
 * about one of them is attached to the protected household, and answered as any other.
 *
 * Missing landlords and households are created. A number that is registered with the same data is left alone; with
 * other data it is refused. A few hundred rows at a time are in memory.
 *
 * @param file the CSV file's bytes
 * @param delvis import the good rows although others are bad
 * @throws 422 with every bad row in `avvisade`, unless `delvis`; 415 or 422 when the file as a whole cannot be read;
 *   409 when someone registers one of its numbers at the same time
 */
export async function importHyresgarantier(
  work: Work,
  file: AsyncIterable<Buffer>,
  { delvis }: { delvis: boolean },
): Promise<Importutfall> {
  const state: Importing = {
    rader: 0,
    importerade: 0,
    oforandrade: 0,
    avvisade: [],
    delvis,
    nummer: new Set(),
    hyresvardar: new Map(),
  }
  await asCleared(work, async () => {
    for await (const batch of batchesOf(readSheet(file, { required: importkolumner }), batchSize)) {
      if (state.rader === 0) await prepare(work)
      await importBatch(work, batch, state)
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

async function importBatch(work: Work, batch: Sheetrow<Importkolumn>[], state: Importing): Promise<void> {
  const poster = readBatch(batch, work.today, state)
  const nya = await withoutRegistered(work, poster, state)
  // Everything will be undone: go on only to find the other bad rows.
  if (state.avvisade.length > 0 && !state.delvis) return
  await registerImported(
    work,
    nya.map(({ post }) => post),
    state.hyresvardar,
  )
  state.importerade += nya.length
}

function refuse(state: Importing, rad: number, fel: Radfel[]): void {
  const listed = state.avvisade.length < fullyListed ? fel : fel.slice(0, 1)
  state.avvisade.push(...listed.map(radfel => ({ rad, ...radfel })))
}

const dubblett: Radfel = {
  falt: 'avtalsnummer',
  kod: 'dubblett-i-filen',
  meddelande: 'avtalsnummer står redan på en tidigare rad i filen.',
}

/** The good rows of a batch; the others are refused. */
function readBatch(batch: Sheetrow<Importkolumn>[], today: Day, state: Importing): Post[] {
  state.rader += batch.length
  return batch.flatMap((row): Post[] => {
    if ('fel' in row) {
      refuse(state, row.rad, [{ falt: null, ...row.fel }])
      return []
    }
    const { avtalsnummer } = row.falt
    const seen = avtalsnummer !== '' && state.nummer.has(avtalsnummer)
    state.nummer.add(avtalsnummer)
    const read = readImportrad(row.falt, today)
    if ('rad' in read && !seen) return [{ rad: row.rad, post: read.rad }]
    refuse(state, row.rad, [...(seen ? [dubblett] : []), ...('fel' in read ? read.fel : [])])
    return []
  })
}

/** The columns that tell whether a registered guarantee is the one of the row, and where they are kept. */
const compared = {
  personnummer: '(SELECT personnummer_hash FROM person WHERE id = h.person_id)',
  organisationsnummer: '(SELECT organisationsnummer FROM hyresvard WHERE id = h.hyresvard_id)',
  adress: 'h.adress',
  lagenhetsnummer: 'h.lagenhetsnummer',
  manadshyra: 'h.manadshyra_ore',
  garanterade_manader: 'h.garanterade_manader',
  giltig_fran: 'h.giltig_fran',
  giltig_till: 'h.giltig_till',
  garantityp: 'h.garantityp',
  borgenstyp: 'h.borgenstyp',
  beslutsdatum: 'h.beslut_datum',
  beslutsfattare: 'h.beslutsfattare',
  diarienummer: 'h.diarienummer',
} as const satisfies Partial<Record<Importkolumn, string>>
type Comparable = Record<keyof typeof compared, unknown>
const comparedColumns = Object.keys(compared) as (keyof Comparable)[]

const comparable = (work: Work, { garanti, hyresgast, hyresvard }: Importrad): Comparable => ({
  personnummer: work.encryption.hash(hyresgast.personnummer),
  organisationsnummer: hyresvard.organisationsnummer,
  adress: garanti.adress,
  lagenhetsnummer: garanti.lagenhetsnummer,
  manadshyra: garanti.manadshyraOre,
  garanterade_manader: garanti.garanteradeManader,
  giltig_fran: garanti.giltigFran,
  giltig_till: garanti.giltigTill,
  garantityp: garanti.garantityp,
  borgenstyp: garanti.borgenstyp,
  beslutsdatum: garanti.beslutDatum,
  beslutsfattare: garanti.beslutsfattare,
  diarienummer: garanti.diarienummer,
})

/**
 * The register keeps no address of a person with protected registration, whatever the file said: it is no difference
 * that it is not there, and the answer must be that of any other row.
 */
const noAddressKept = `h.skyddad AND EXISTS (
  SELECT FROM person WHERE hushall_id = h.hushall_id AND skyddsniva = 'skyddadFolkbokforing') AS "noAddress"`
const addressColumns: readonly string[] = ['adress', 'lagenhetsnummer']
type Registered = Comparable & { avtalsnummer: string; noAddress: boolean }

/** The rows whose number is not registered. The others are counted as unchanged, or refused when they differ. */
async function withoutRegistered(work: Work, poster: Post[], state: Importing): Promise<Post[]> {
  const rows: Registered[] = await work.db.query(
    `SELECT h.avtalsnummer, ${noAddressKept}, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
     FROM hyresgaranti h WHERE h.avtalsnummer = ANY($1)`,
    [poster.map(({ post }) => post.garanti.avtalsnummer)],
  )
  const registered = new Map(rows.map(row => [row.avtalsnummer, row]))
  return poster.filter(({ rad, post }) => {
    const known = registered.get(post.garanti.avtalsnummer)
    if (!known) return true
    const different = differences(known, comparable(work, post))
    if (different.length === 0) state.oforandrade++
    else refuse(state, rad, different)
    return false
  })
}

const finnsRedanAnnorlunda = radfelOf(comparedColumns, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma avtalsnummer. Importen ändrar inget som är registrerat',
}))
const differences = (known: Registered, row: Comparable): Radfel[] =>
  comparedColumns
    .filter(kolumn => known[kolumn] !== row[kolumn] && !(known.noAddress && addressColumns.includes(kolumn)))
    .map(kolumn => finnsRedanAnnorlunda[kolumn])
