import type { EntitySchema, EntitySchemaColumnOptions } from 'typeorm'
import { PersonEntity } from '../hushall/entity.ts'
import type { PersonRad } from '../hushall/schema.ts'
import { HyresvardEntity } from '../hyresvardar/entity.ts'
import type { HyresvardRad } from '../hyresvardar/schema.ts'
import { latest, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { lagrum, lagrumFor } from '../shared/lagrum.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { onConstraint, snakeCase } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseToLandlords } from '../utlamnanden/service.ts'
import { HyresgarantiEntity } from './entity.ts'
import type { Importrad } from './import-rows.ts'
import type { HyresgarantiRad } from './schema.ts'
import { noAgreement, overklagandetypOf } from './service.ts'

/**
 * Writes new guarantees, and the landlords and households they need: a handful of statements, however many rows.
 *
 * @param hyresvardar ids of landlords by organisation number, as far as known; those of the rows are added
 * @throws 409 when someone else has just registered one of the numbers
 */
export async function registerImported(
  work: Work,
  rader: Importrad[],
  hyresvardar: Map<string, string>,
): Promise<void> {
  if (rader.length === 0) return
  await ensureLandlords(work, rader, hyresvardar)
  const tenants = await ensureTenants(work, rader)
  const garantier = rader.map(rad => {
    const tenant = tenants.get(work.encryption.hash(rad.hyresgast.personnummer)) as Tenant
    return garantiOf(work, rad, tenant, hyresvardar.get(rad.hyresvard.organisationsnummer) as string)
  })
  await onConstraint(insertMany(work, HyresgarantiEntity, garantier), {
    hyresgaranti_avtalsnummer: () =>
      finnsRedan('Ett av filens avtalsnummer registrerades just av någon annan. Försök igen.'),
  })
  await discloseToLandlords(work, { ids: garantier.map(({ id }) => id) })
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
type FoundTenant = Tenant & { hash: string }

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
  const created: FoundTenant[] = await work.db.query(
    `WITH nya AS (
       INSERT INTO person (${columns}) SELECT ${columns} FROM ${source}
       ON CONFLICT (personnummer_hash) WHERE NOT skyddad DO NOTHING RETURNING personnummer_hash, id, hushall_id
     ), hem AS (
       INSERT INTO hushall (id, version, skyddad, skapad, andrad) SELECT hushall_id, 1, false, $2, $2 FROM nya
     )
     SELECT personnummer_hash AS hash, id AS "personId", hushall_id AS "hushallId", false AS skyddad FROM nya`,
    [JSON.stringify(nya), work.now],
  )
  for (const { hash, ...tenant } of created) found.set(hash, tenant)
  const meanwhile = missing.map(([hash]) => hash).filter(hash => !found.has(hash))
  return meanwhile.length === 0 ? found : new Map([...found, ...(await findTenants(work, meanwhile))])
}

/**
 * Registered persons by the hash of their personnummer; of a person with a double, the protected one. The households'
 * protection cannot change until the import is done.
 */
async function findTenants(work: Work, hashes: string[]): Promise<Map<string, Tenant>> {
  const rows: FoundTenant[] = await work.db.query(
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

/** Rows as one JSON parameter, `$1`: many rows are one statement, whose text is always the same. */
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
