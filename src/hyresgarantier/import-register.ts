import { ensurePersons, type Registrerad } from '../hushall/import.ts'
import { HyresvardEntity } from '../hyresvardar/entity.ts'
import type { HyresvardRad } from '../hyresvardar/schema.ts'
import { latest, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { lagrum, lagrumFor } from '../shared/lagrum.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
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
  await ensureLandlords(work, rader, hyresvardar)
  const tenants = await ensurePersons(
    work,
    rader.map(({ hyresgast }) => hyresgast),
  )
  const garantier = rader.map(rad => {
    const tenant = tenants.get(work.encryption.hash(rad.hyresgast.personnummer)) as Registrerad
    return garantiOf(work, rad, tenant, hyresvardar.get(rad.hyresvard.organisationsnummer) as string)
  })
  await onConstraint(insertMany(work.db, HyresgarantiEntity, garantier), {
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
      tarEmotForturer: false,
      skapad: work.now,
      andrad: work.now,
    }),
  )
  await insertMany(work.db, HyresvardEntity, nya, 'ON CONFLICT (organisationsnummer) DO NOTHING')
  const rows: HyresvardRad[] = await work.db.query(
    'SELECT id, organisationsnummer FROM hyresvard WHERE organisationsnummer = ANY($1)',
    [[...unknown.keys()]],
  )
  for (const { id, organisationsnummer } of rows) known.set(organisationsnummer, id)
}

/**
 * The guarantee of a row, in force. The municipality's limits are not applied: old agreements stand as they are.
 */
function garantiOf(work: Work, { garanti }: Importrad, tenant: Registrerad, hyresvardId: string): HyresgarantiRad {
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
