import { actorsOf } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, finnsRedan, type Refusal } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { stodlagenhetDisclosed } from '../utlamnanden/service.ts'
import { besittningsskyddFran } from './definitions.ts'
import { StodlagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotPlace } from './rules.ts'
import type { StodlagenhetRad } from './schema.ts'

export type IfMatch = (version: number) => void

const pagaendeFinns = defineProblem(
  'stodlagenhet-finns',
  409,
  'Personen har redan en stödlägenhet eller en plats i kön',
  'En person har en stödlägenhet i taget. Förläng eller avsluta den som finns.',
)
const constraints = {
  stodlagenhet_en_per_person: () => pagaendeFinns(),
  stodlagenhet_nummer: () => finnsRedan('En stödlägenhet med ärendets nummer finns redan.'),
}

export const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

/** What a decision may say of the home. Absent and null mean the same. */
export type Stodlagenhetsvillkor = {
  beslutstyp?: StodlagenhetRad['beslutstyp'] | null
  minRum?: number | null
  maxRum?: number | null
  maxHyraOre?: number | null
  onskadeOmraden?: string[] | null
  uteslutnaOmraden?: string[] | null
  tillganglighet?: string[] | null
}

/** What is not known of a stödlägenhet before anyone has a home. */
export const unhoused = {
  lagenhetId: null,
  avtalsform: null,
  avtalDatum: null,
  informeradOmVillkorDatum: null,
  hyraOre: null,
  tilltrade: null,
  hemforsakringTill: null,
  nastaUppfoljning: null,
  hyresskuldOre: 0,
  overtagandeProvat: null,
  overtagandeSvar: null,
  overtagandeOrsak: null,
  forstahandDatum: null,
  uppsagdDatum: null,
  uppsagningsgrund: null,
  uppsagdTill: null,
  socialnamndenMeddelad: null,
  utflyttad: null,
  avslutadDatum: null,
  utfall: null,
  varnad: null,
  varnadDatum: null,
} as const satisfies Partial<StodlagenhetRad>

/**
 * The place in the queue that a decision gives, with the case's number and the decision's day. The caller holds the
 * household.
 *
 * @throws 409 when the person has one already, 422 under `/stodlagenhet` when the terms do not go together
 */
export async function placeInQueue(
  work: Work,
  {
    arende,
    beslut,
    villkor,
  }: {
    arende: Pick<StodlagenhetRad, 'hushallId' | 'skyddad' | 'personId' | 'medsokandeId'> & {
      id: string
      arendenummer: string
    }
    beslut: { id: string; datum: Day; giltigFran: Day; giltigTill: Day | null }
    villkor: Stodlagenhetsvillkor
  },
): Promise<StodlagenhetRad> {
  const [hushall] = await work.db.query(
    `SELECT h.bostadslos_sedan AS "bostadslosSedan", count(p.id) AS "antalPersoner",
       count(p.id) FILTER (WHERE p.roll = 'barn') AS "antalBarn"
     FROM hushall h JOIN person p ON p.hushall_id = h.id WHERE h.id = $1 GROUP BY h.id`,
    [arende.hushallId],
  )
  const stodlagenhet: StodlagenhetRad = {
    id: newId(work.now),
    version: 1,
    stodlagenhetsnummer: arende.arendenummer,
    tillstand: lifecycle.initial,
    ursprung: 'arende',
    arendeId: arende.id,
    beslutId: beslut.id,
    hushallId: arende.hushallId,
    skyddad: arende.skyddad,
    personId: arende.personId,
    medsokandeId: arende.medsokandeId,
    beslutstyp: villkor.beslutstyp ?? 'ordinarie',
    koDatum: beslut.datum,
    beslutFran: beslut.giltigFran,
    beslutTill: beslut.giltigTill,
    antalPersoner: hushall.antalPersoner,
    minRum: villkor.minRum ?? null,
    maxRum: villkor.maxRum ?? null,
    maxHyraOre: villkor.maxHyraOre ?? null,
    onskadeOmraden: villkor.onskadeOmraden ?? [],
    uteslutnaOmraden: villkor.uteslutnaOmraden ?? [],
    tillganglighet: villkor.tillganglighet ?? [],
    ...unhoused,
    skapad: work.now,
    andrad: work.now,
  }
  throwIf(whyNotPlace(stodlagenhet, hushall, '/stodlagenhet'))
  await onConstraint(insertRows(work.db, StodlagenhetEntity, [stodlagenhet]), constraints)
  return stodlagenhet
}

/**
 * A new decision on the same case: the assistance goes on, and the place in the queue with it. The caller holds the
 * household.
 *
 * @returns null when the case has no stödlägenhet
 * @throws 409 when it can no longer be extended, 422 when the day does not go with the first decision
 */
export async function extendStodlagenhet(
  work: Work,
  arendeId: string,
  beslut: { id: string; giltigTill: Day | null },
): Promise<StodlagenhetRad | null> {
  const stodlagenhet = await stodlagenhetOfArende(work, arendeId, 'FOR UPDATE')
  if (!stodlagenhet) return null
  lifecycle.check('forlang', stodlagenhet, actorsOf(work.caller), beslut)
  return saveStodlagenhet(work, stodlagenhet, {
    tillstand: stodlagenhet.tillstand === 'bistandUpphor' ? 'boende' : stodlagenhet.tillstand,
    beslutId: beslut.id,
    beslutTill: beslut.giltigTill,
  })
}

/** The stödlägenhet that a case has led to, or null. */
export async function stodlagenhetOfArende(
  work: Work,
  arendeId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<StodlagenhetRad | null> {
  const rows = await work.db.query(
    `SELECT ${selectList(StodlagenhetEntity, 's')} FROM stodlagenhet s WHERE s.arende_id = $1 ${lock}`,
    [arendeId],
  )
  return rows[0] ?? null
}

/** @throws 404 */
export async function readStodlagenhet(work: Work, id: string): Promise<StodlagenhetRad> {
  const stodlagenhet = await findRow(work.db, StodlagenhetEntity, id)
  if (!stodlagenhet) throw finnsInte()
  return stodlagenhet
}

/**
 * Reads a stödlägenhet in order to decide about it: the household before it, as when protection is raised.
 * Serviceförvaltningen has only what is disclosed to it, whichever way it came here.
 *
 * @throws 404, or 412 when another version was read
 */
export async function lockStodlagenhet(work: Work, id: string, ifMatch: IfMatch): Promise<StodlagenhetRad> {
  await work.db.query(
    'SELECT FROM hushall WHERE id = (SELECT hushall_id FROM stodlagenhet WHERE id = $1) FOR KEY SHARE',
    [id],
  )
  const stodlagenhet = await findRow(work.db, StodlagenhetEntity, id, 'FOR UPDATE')
  if (!stodlagenhet) throw finnsInte()
  if (work.caller.part === 'serviceforvaltningen' && !(await isServiceforvaltningens(work, id))) throw finnsInte()
  ifMatch(stodlagenhet.version)
  return stodlagenhet
}

/** SQL: serviceförvaltningen may see the stödlägenhet `s`: it has a home of the pool, and the disclosure is in force. */
export const ofServiceforvaltningen = `s.lagenhet_id IS NOT NULL AND s.tillstand <> 'avslutad' AND ${stodlagenhetDisclosed}`

async function isServiceforvaltningens(work: Work, id: string): Promise<boolean> {
  const rows = await work.db.query(`SELECT FROM stodlagenhet s WHERE s.id = $1 AND ${ofServiceforvaltningen}`, [id])
  return rows.length > 0
}

/** Writes a decided change. @throws 412 when the row has another version now */
export const saveStodlagenhet = (
  work: Work,
  stodlagenhet: StodlagenhetRad,
  changes: Partial<StodlagenhetRad>,
): Promise<StodlagenhetRad> => changeRow(work.db, StodlagenhetEntity, stodlagenhet, changes, work.now)

/** A stödlägenhet with what is computed. */
export type HelStodlagenhet = StodlagenhetRad & { besittningsskyddFran: Day | null }

/** Stödlägenheter with what is computed, in one statement. */
export async function whole(work: Work, rows: StodlagenhetRad[]): Promise<HelStodlagenhet[]> {
  const found: { id: string; fran: Day | null }[] = await work.db.query(
    `SELECT s.id, ${besittningsskyddFran(work.config.BESITTNINGSSKYDD_MANADER, '$2')} AS fran
     FROM stodlagenhet s WHERE s.id = ANY ($1)`,
    [rows.map(({ id }) => id), work.today],
  )
  const by = new Map(found.map(({ id, fran }) => [id, fran]))
  return rows.map(row => ({ ...row, besittningsskyddFran: by.get(row.id) ?? null }))
}
