import { ensurePersons, type Registrerad } from '../hushall/import.ts'
import { newId } from '../shared/ids.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseForturer } from '../utlamnanden/service.ts'
import { ForturEntity } from './entity.ts'
import type { Importrad } from './import-rows.ts'
import type { ForturRad } from './schema.ts'

/**
 * Writes new förturer, and the households they need: a handful of statements, however many rows. Those that are with a
 * landlord are disclosed to it.
 *
 * @param hyresvardar the landlords of the rows by organisation number
 * @throws 409 when someone else has just registered one of the numbers, or granted one of the persons a förtur
 */
export async function registerImported(
  work: Work,
  rader: Importrad[],
  hyresvardar: Map<string, { id: string } | null>,
): Promise<void> {
  const personer = await ensurePersons(
    work,
    rader.map(({ sokande }) => sokande),
  )
  const forturer = rader.map(rad => {
    const person = personer.get(work.encryption.hash(rad.sokande.personnummer)) as Registrerad
    return forturOf(work, rad, person, hyresvardar.get(rad.organisationsnummer ?? '')?.id ?? null)
  })
  const oppen = () => finnsRedan('En av filens personer fick just en öppen förtur av någon annan. Försök igen.')
  await onConstraint(insertMany(work.db, ForturEntity, forturer), {
    fortur_forturnummer: () => finnsRedan('Ett av filens förturnummer registrerades just av någon annan. Försök igen.'),
    fortur_en_oppen_per_person: oppen,
    fortur_en_oppen_per_medsokande: oppen,
  })
  const ids = forturer.map(({ id }) => id)
  await discloseForturer(work, ids, { grund: 'nodvandigt', uteslutnaOmraden: false })
}

/** The förtur of a row. The municipality's limits and criteria are not applied: old decisions stand as they are. */
function forturOf(work: Work, { fortur }: Importrad, person: Registrerad, hyresvardId: string | null): ForturRad {
  return {
    ...fortur,
    ...person,
    id: newId(work.now),
    version: 1,
    tillstand: hyresvardId === null ? 'beviljad' : 'hosHyresvard',
    ursprung: 'import',
    arendeId: null,
    beslutId: null,
    medsokandeId: null,
    maxErbjudanden: fortur.maxErbjudanden ?? work.config.FORTUR_ERBJUDANDEN,
    antalNej: fortur.antalNej ?? 0,
    lamnarUteslutnaOmraden: false,
    // Who has renewed its place in the queue is in it; of others the file says nothing.
    koRegistrerad: fortur.koFornyad === null ? null : true,
    koPaminnd: null,
    hyresvardId,
    overlamnadDatum: hyresvardId === null ? null : (fortur.overlamnadDatum ?? fortur.beslutDatum),
    erbjudandeId: null,
    varnadDagar: null,
    varnadDatum: null,
    avslutadDatum: null,
    kontraktsform: null,
    avslutsmotivering: null,
    skapad: work.now,
    andrad: work.now,
  }
}
