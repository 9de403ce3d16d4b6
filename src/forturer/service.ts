import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { refuseConflicted } from '../shared/jav.ts'
import { defineProblem, finnsInte, finnsRedan, incoherent, type Refusal } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseForturer } from '../utlamnanden/service.ts'
import { ForturEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { isLandlords } from './list.ts'
import { whyClosed, whyNotNeed } from './rules.ts'
import { type ForturAndring, type Forturoverlamnande, type ForturRad, oppna } from './schema.ts'

export type IfMatch = (version: number) => void

const oppenFinns = defineProblem(
  'oppen-fortur-finns',
  409,
  'Personen har redan en öppen förtur',
  'Sökanden eller medsökanden har redan en öppen förtur. Förläng eller upphäv den i stället.',
)
const constraints = {
  fortur_en_oppen_per_person: () => oppenFinns(),
  fortur_en_oppen_per_medsokande: () => oppenFinns(),
  fortur_forturnummer: () => finnsRedan('En förtur med ärendets nummer finns redan.'),
}

export const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

/** What a decision may say about the home. Absent and null mean the same. */
export type Forturvillkor = {
  minRum?: number | null
  maxRum?: number | null
  maxHyraOre?: number | null
  tillganglighet?: string[] | null
  onskadeOmraden?: string[] | null
  uteslutnaOmraden?: string[] | null
  maxErbjudanden?: number | null
}

/**
 * The förtur that a decision grants, with the case's number.
 *
 * @throws 409 when the applicant or the co-applicant has an open one, 422 under `/fortur` when the terms do not go together
 */
export async function grantFortur(
  work: Work,
  {
    arende,
    beslut,
    utredning,
    villkor,
  }: {
    arende: Pick<ForturRad, 'hushallId' | 'skyddad' | 'personId' | 'medsokandeId'> & {
      id: string
      arendenummer: string
    }
    beslut: { id: string; datum: string; giltigFran: string; giltigTill: string }
    utredning: Pick<ForturRad, 'grunder' | 'koRegistrerad' | 'koFornyad'>
    villkor: Forturvillkor
  },
): Promise<ForturRad> {
  // Stronger than the caller's lock, which others may share: that one person is applicant here and co-applicant there
  // is in no index.
  await work.db.query('SELECT FROM hushall WHERE id = $1 FOR NO KEY UPDATE', [arende.hushallId])
  const [{ antalPersoner }] = await work.db.query(
    'SELECT count(*) AS "antalPersoner" FROM person WHERE hushall_id = $1',
    [arende.hushallId],
  )
  const fortur: ForturRad = {
    id: newId(work.now),
    version: 1,
    forturnummer: arende.arendenummer,
    tillstand: 'beviljad',
    ursprung: 'arende',
    arendeId: arende.id,
    beslutId: beslut.id,
    beslutDatum: beslut.datum,
    hushallId: arende.hushallId,
    skyddad: arende.skyddad,
    personId: arende.personId,
    medsokandeId: arende.medsokandeId,
    ...utredning,
    giltigFran: beslut.giltigFran,
    giltigTill: beslut.giltigTill,
    maxErbjudanden: villkor.maxErbjudanden ?? work.config.FORTUR_ERBJUDANDEN,
    antalNej: 0,
    antalPersoner,
    minRum: villkor.minRum ?? null,
    maxRum: villkor.maxRum ?? null,
    maxHyraOre: villkor.maxHyraOre ?? null,
    tillganglighet: villkor.tillganglighet ?? [],
    onskadeOmraden: villkor.onskadeOmraden ?? [],
    uteslutnaOmraden: villkor.uteslutnaOmraden ?? [],
    lamnarUteslutnaOmraden: false,
    koPaminnd: null,
    hyresvardId: null,
    overlamnadDatum: null,
    erbjudandeId: null,
    varnadDagar: null,
    varnadDatum: null,
    avslutadDatum: null,
    kontraktsform: null,
    avslutsmotivering: null,
    skapad: work.now,
    andrad: work.now,
  }
  // The queue is the investigation's, not the decision's: it is not in the body that the pointers are about.
  throwIf(whyNotNeed({ ...fortur, koFornyad: null }, work.today, '/fortur'))
  const open = await work.db.query(
    `SELECT FROM fortur WHERE hushall_id = $1 AND tillstand = ANY ($2)
       AND (person_id = ANY ($3) OR medsokande_id = ANY ($3)) LIMIT 1`,
    [arende.hushallId, oppna, [arende.personId, ...(arende.medsokandeId ? [arende.medsokandeId] : [])]],
  )
  if (open.length > 0) throw oppenFinns()
  await onConstraint(insertRows(work.db, ForturEntity, [fortur]), constraints)
  return fortur
}

/**
 * A new decision on the same case: the förtur holds until another day. The caller holds the household.
 *
 * @returns null when the case has no förtur
 * @throws 409 when the förtur can no longer be extended, 422 when it would end before it begins
 */
export async function extendFortur(
  work: Work,
  arendeId: string,
  beslut: { id: string; datum: string; giltigTill: string },
): Promise<ForturRad | null> {
  const fortur = await forturOfArende(work, arendeId, 'FOR UPDATE')
  if (!fortur) return null
  lifecycle.check('forlang', fortur, actorsOf(work.caller))
  throwIf(
    incoherent([
      beslut.giltigTill < fortur.giltigFran && {
        pointer: '/giltigTill',
        kod: 'fore-giltigfran',
        detail: `giltigTill är tidigast ${fortur.giltigFran}, då förturen börjar gälla.`,
      },
    ]),
  )
  return saveFortur(work, fortur, {
    beslutId: beslut.id,
    beslutDatum: beslut.datum,
    giltigTill: beslut.giltigTill,
    varnadDagar: null,
    varnadDatum: null,
  })
}

/** The förtur that a case has led to, or null. */
export async function forturOfArende(
  work: Work,
  arendeId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<ForturRad | null> {
  const rows = await work.db.query(
    `SELECT ${selectList(ForturEntity, 'f')} FROM fortur f WHERE f.arende_id = $1 ${lock}`,
    [arendeId],
  )
  return rows[0] ?? null
}

/** @throws 404 */
export async function readFortur(work: Work, id: string): Promise<ForturRad> {
  const fortur = await findRow(work.db, ForturEntity, id)
  if (!fortur) throw finnsInte()
  return fortur
}

/**
 * Reads a förtur in order to decide about it: the household before it, as when protection is raised. A landlord has only
 * what is handed over and disclosed to it, whichever way it came here.
 *
 * @throws 404, or 412 when another version was read
 */
export async function lockFortur(work: Work, id: string, ifMatch: IfMatch): Promise<ForturRad> {
  await work.db.query('SELECT FROM hushall WHERE id = (SELECT hushall_id FROM fortur WHERE id = $1) FOR KEY SHARE', [
    id,
  ])
  const fortur = await findRow(work.db, ForturEntity, id, 'FOR UPDATE')
  if (!fortur) throw finnsInte()
  if (work.caller.part === 'hyresvard' && !(await isLandlords(work, id, work.caller.partId))) throw finnsInte()
  ifMatch(fortur.version)
  await refuseConflicted(work, fortur.arendeId)
  return fortur
}

/** Writes a decided change. @throws 412 when the row has another version now */
export const saveFortur = (work: Work, fortur: ForturRad, changes: Partial<ForturRad>): Promise<ForturRad> =>
  changeRow(work.db, ForturEntity, fortur, changes, work.now)

/** Corrects what the letting needs to know. A renewed queue is reminded of anew. @throws 409 when the förtur has ended */
export async function changeFortur(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  changes: ForturAndring,
): Promise<ForturRad> {
  const fortur = await lockFortur(work, id, ifMatch)
  const changed = { ...fortur, ...changes }
  throwIf(whyClosed(fortur) ?? whyNotNeed(changed, work.today))
  const renewed = changed.koFornyad !== fortur.koFornyad
  return saveFortur(work, fortur, { ...changes, ...(renewed && { koPaminnd: null }) })
}

/** `beviljad` -> `hosHyresvard`: the landlord sees what the letting needs, unless the household is protected. */
export async function handOver(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { hyresvardId, grund = 'nodvandigt', lamnarUteslutnaOmraden = false }: Forturoverlamnande,
): Promise<ForturRad> {
  const fortur = await lockFortur(work, id, ifMatch)
  const [hyresvard] = await work.db.query(
    'SELECT tar_emot_forturer AS "tarEmotForturer" FROM hyresvard WHERE id = $1',
    [hyresvardId],
  )
  lifecycle.check('overlamna', fortur, actorsOf(work.caller), { tarEmotForturer: hyresvard?.tarEmotForturer })
  const handed = await saveFortur(work, fortur, {
    tillstand: 'hosHyresvard',
    hyresvardId,
    overlamnadDatum: work.today,
    lamnarUteslutnaOmraden,
  })
  await discloseForturer(work, [id], { grund, uteslutnaOmraden: lamnarUteslutnaOmraden })
  return handed
}
