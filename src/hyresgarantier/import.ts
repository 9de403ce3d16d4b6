import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm'
import { PersonEntity } from '../hushall/entity.ts'
import type { PersonRad } from '../hushall/schema.ts'
import { HyresvardEntity } from '../hyresvardar/entity.ts'
import type { HyresvardRad } from '../hyresvardar/schema.ts'
import { type Day, latest, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { lagrum, lagrumFor } from '../shared/lagrum.ts'
import { defineProblem, finnsRedan } from '../shared/refusals.ts'
import { batchesOf, readSheet, type Sheetrow } from '../shared/spreadsheet.ts'
import { onConstraint, snakeCase } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { HyresgarantiEntity } from './entity.ts'
import { type Importkolumn, type Importrad, importkolumner, type Radfel, readImportrad } from './import-rows.ts'
import { Importresultat } from './import-schema.ts'
import type { HyresgarantiRad } from './schema.ts'
import { noAgreement, overklagandetypOf } from './service.ts'

/** What became of a file; whether it was kept is the caller's to say. */
export type Importutfall = Omit<Importresultat, 'dryRun'>
export { Importresultat }

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
 * other data it is refused. A thousand rows at a time are in memory.
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
  await register(work, nya, state)
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

/** The rows whose number is not registered. The others are counted as unchanged, or refused when they differ. */
async function withoutRegistered(work: Work, poster: Post[], state: Importing): Promise<Post[]> {
  const rows: (Comparable & { avtalsnummer: string })[] = await work.db.query(
    `SELECT h.avtalsnummer, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
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

const differences = (known: Comparable, row: Comparable): Radfel[] =>
  comparedColumns
    .filter(kolumn => known[kolumn] !== row[kolumn])
    .map(kolumn => ({
      falt: kolumn,
      kod: 'finns-redan-annorlunda',
      meddelande: `${kolumn} är registrerat på annat sätt för samma avtalsnummer. Importen ändrar inget som är registrerat.`,
    }))

/** Writes new guarantees, and the landlords and households they need. */
async function register(work: Work, poster: Post[], state: Importing): Promise<void> {
  if (poster.length === 0) return
  const rader = poster.map(({ post }) => post)
  await ensureLandlords(work, rader, state.hyresvardar)
  const tenants = await ensureTenants(work, rader)
  const garantier = rader.map(post => {
    const tenant = tenants.get(work.encryption.hash(post.hyresgast.personnummer)) as Tenant
    return garantiOf(work, post, tenant, state.hyresvardar.get(post.hyresvard.organisationsnummer) as string)
  })
  await onConstraint(insertMany(work, HyresgarantiEntity, garantier), {
    hyresgaranti_avtalsnummer: () =>
      finnsRedan('Ett av filens avtalsnummer registrerades just av någon annan. Försök igen.'),
  })
}

/** Finds or creates the landlords of the rows. One that is registered keeps its name, whatever the file calls it. */
async function ensureLandlords(work: Work, rader: Importrad[], known: Map<string, string>): Promise<void> {
  const unknown = new Map(
    rader
      .filter(({ hyresvard }) => !known.has(hyresvard.organisationsnummer))
      .map(({ hyresvard }) => [hyresvard.organisationsnummer, hyresvard.namn]),
  )
  if (unknown.size === 0) return
  const nya = [...unknown].map(
    ([organisationsnummer, namn]): HyresvardRad => ({
      id: newId(work.now),
      version: 1,
      namn,
      organisationsnummer,
      fastighetsagartyp: 'ovrig',
      skapad: work.now,
      andrad: work.now,
    }),
  )
  await insertMany(work, HyresvardEntity, nya, 'ON CONFLICT (organisationsnummer) DO NOTHING')
  const rows: HyresvardRad[] = await work.db.query(
    'SELECT id, organisationsnummer FROM hyresvard WHERE organisationsnummer = ANY($1)',
    [[...unknown.keys()]],
  )
  for (const { id, organisationsnummer } of rows) known.set(organisationsnummer, id)
}

/** A person whom a guarantee is about, and the household to register it with. */
type Tenant = { personId: string; hushallId: string; skyddad: boolean }

/** Finds the persons of the rows, or creates them as the applicants of new households; by hash of the personnummer. */
async function ensureTenants(work: Work, rader: Importrad[]): Promise<Map<string, Tenant>> {
  const byHash = new Map(rader.map(({ hyresgast }) => [work.encryption.hash(hyresgast.personnummer), hyresgast]))
  const found = await findTenants(work, [...byHash.keys()])
  const missing = [...byHash].filter(([hash]) => !found.has(hash))
  if (missing.length === 0) return found
  const nya = missing.map(
    ([personnummerHash, { personnummer, fornamn, efternamn }]): PersonRad => ({
      id: newId(work.now),
      hushallId: newId(work.now),
      skyddad: false,
      personnummerKrypterat: work.encryption.encrypt(personnummer),
      personnummerHash,
      fornamn,
      efternamn,
      roll: 'sokande',
      skyddsniva: 'ingen',
      skapad: work.now,
      andrad: work.now,
    }),
  )
  // Households after their persons, in one statement: whoever was registered meanwhile gets no second, empty household.
  const { columns, source } = recordset(PersonEntity)
  await work.db.query(
    `WITH nya AS (
       INSERT INTO person (${columns}) SELECT ${columns} FROM ${source}
       ON CONFLICT (personnummer_hash) WHERE NOT skyddad DO NOTHING RETURNING hushall_id
     )
     INSERT INTO hushall (id, version, skyddad, skapad, andrad) SELECT hushall_id, 1, false, $2, $2 FROM nya`,
    [JSON.stringify(nya), work.now],
  )
  return new Map([
    ...found,
    ...(await findTenants(
      work,
      missing.map(([hash]) => hash),
    )),
  ])
}

/**
 * Registered persons by the hash of their personnummer; of a person with a double, the protected one. The households'
 * protection cannot change until the import is done.
 */
async function findTenants(work: Work, hashes: string[]): Promise<Map<string, Tenant>> {
  const rows: (Tenant & { hash: string })[] = await work.db.query(
    `SELECT x.hash, p.* FROM unnest($1::text[]) AS x (hash) CROSS JOIN LATERAL (
       SELECT p.id AS "personId", h.id AS "hushallId", h.skyddad FROM person p JOIN hushall h ON h.id = p.hushall_id
       WHERE p.personnummer_hash = x.hash ORDER BY h.skyddad DESC, p.skapad, p.id LIMIT 1 FOR KEY SHARE OF h
     ) p`,
    [hashes],
  )
  return new Map(rows.map(({ hash, ...tenant }) => [hash, tenant]))
}

/**
 * The guarantee of a row, in force. The municipality's limits are not applied: old agreements stand as they are.
 */
function garantiOf(work: Work, { garanti }: Importrad, tenant: Tenant, hyresvardId: string): HyresgarantiRad {
  const { garantityp, beslutDatum, giltigFran } = garanti
  return {
    ...noAgreement,
    ...garanti,
    ...tenant,
    id: newId(work.now),
    version: 1,
    tillstand: 'aktiv',
    ursprung: 'import',
    hyresvardId,
    lagrum: lagrumOf(garanti),
    overklagandetyp: overklagandetypOf(garantityp),
    kontraktsform: garantityp === 'kommunal' ? 'forstahand' : null,
    maxBeloppOre: garanti.garanteradeManader * garanti.manadshyraOre,
    beviljadGiltigTill: monthsAfter(beslutDatum, work.config.BEVILJAD_GILTIG_MANADER),
    // The file does not say when the agreement was signed: at the latest when it began to hold.
    avtalTecknatDatum: giltigFran > work.today ? beslutDatum : latest(beslutDatum, giltigFran),
    skapad: work.now,
    andrad: work.now,
  }
}

/** The provision of the decision's day; for a decision from before the first one known, that one. */
function lagrumOf({ garantityp, beslutDatum }: Importrad['garanti']): string {
  const [found] = lagrumFor(garantityp, beslutDatum)
  if (found) return found.text
  const known = lagrum.filter(({ galler }) => galler.includes(garantityp))
  return known.reduce((oldest, one) => (one.fran < oldest.fran ? one : oldest)).text
}

/** Rows as one JSON parameter, `$1`: a thousand rows are one statement, whose text is always the same. */
function recordset<T>({ options: { columns } }: EntitySchema<T>): { columns: string; source: string } {
  const types = Object.entries(columns as Record<string, EntitySchemaColumnOptions>)
  return {
    columns: types.map(([property]) => snakeCase(property)).join(', '),
    source: `(SELECT ${types.map(([property]) => `"${property}" AS ${snakeCase(property)}`).join(', ')}
      FROM jsonb_to_recordset($1) AS x (${types.map(([property, { type }]) => `"${property}" ${type}`).join(', ')})) AS rader`,
  }
}

/** Inserts many rows in one statement. */
async function insertMany<T extends object>(
  work: Work,
  entity: EntitySchema<T>,
  rows: T[],
  onConflict = '',
): Promise<void> {
  const { columns, source } = recordset(entity)
  await work.db.query(
    `INSERT INTO ${entity.options.name} (${columns}) SELECT ${columns} FROM ${source} ${onConflict}`,
    [JSON.stringify(rows)],
  )
}
