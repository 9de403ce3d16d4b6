import { actorsOf } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, finnsRedan, incoherent, type Refusal } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { stodlagenhetDisclosed } from '../utlamnanden/service.ts'
import { besittningsskyddFran } from './definitions.ts'
import { StodlagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { tooLong, whyNotPlace } from './rules.ts'
import type { StodlagenhetRad, Stodlagenhetsbehov } from './schema.ts'

export type IfMatch = (version: number) => void

const pagaendeFinns = defineProblem(
  'stodlagenhet-finns',
  409,
  'Personen har redan en stödlägenhet eller en plats i kön',
  'En person, eller ett par, har en stödlägenhet i taget. Förläng eller avsluta den som finns.',
)
const constraints = {
  stodlagenhet_en_per_person: () => pagaendeFinns(),
  stodlagenhet_en_per_medsokande: () => pagaendeFinns(),
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

/** What is not known of a stödlägenhet before there is a lease. */
export const unleased = {
  lagenhetId: null,
  avtalsform: null,
  avtalDatum: null,
  informeradOmVillkorDatum: null,
  hyraOre: null,
  tilltrade: null,
  hemforsakringTill: null,
} as const satisfies Partial<StodlagenhetRad>

/** What is not known of a stödlägenhet before anyone has a home. */
export const unhoused = {
  ...unleased,
  nastaUppfoljning: null,
  hyresskuldOre: 0,
  overtagandeProvat: null,
  overtagandeSvar: null,
  overtagandeOrsak: null,
  forstahandDatum: null,
  bistandUpphort: null,
  uppsagdDatum: null,
  uppsagningsgrund: null,
  uppsagdTill: null,
  socialnamndenMeddelad: null,
  utflyttad: null,
  avslutadDatum: null,
  utfall: null,
  varnad: null,
  varnadDatum: null,
  varnadBeslut: null,
  varnadAvstaende: null,
  varnadBesittningsskydd: null,
} as const satisfies Partial<StodlagenhetRad>

type Arende = Pick<StodlagenhetRad, 'hushallId' | 'skyddad' | 'personId' | 'medsokandeId'> & {
  id: string
  arendenummer: string
}

/** What a household is when it is decided about. */
async function householdOf(work: Work, hushallId: string) {
  const [hushall]: { bostadslosSedan: Day | null; antalPersoner: number; antalBarn: number }[] = await work.db.query(
    `SELECT h.bostadslos_sedan AS "bostadslosSedan", count(p.id) AS "antalPersoner",
       count(p.id) FILTER (WHERE p.roll = 'barn') AS "antalBarn"
     FROM hushall h JOIN person p ON p.hushall_id = h.id WHERE h.id = $1 GROUP BY h.id`,
    [hushallId],
  )
  if (!hushall) throw finnsInte()
  return hushall
}

/** The open stödlägenheter and places in the queue of a case's people, whichever of them applied then. */
const openOf = (work: Work, { personId, medsokandeId }: Arende): Promise<StodlagenhetRad[]> =>
  work.db.query(
    `SELECT ${selectList(StodlagenhetEntity, 's')} FROM stodlagenhet s
     WHERE (s.person_id = ANY ($1) OR s.medsokande_id = ANY ($1)) AND s.tillstand NOT IN ('overlaten', 'avslutad')
     ORDER BY s.id FOR UPDATE`,
    [[personId, medsokandeId].filter(id => id !== null)],
  )

/**
 * The place in the queue that a decision gives, with the case's number and the day of its first decision: who wins an
 * appeal has waited since the refusal. What the person has from before the register becomes the case's, and goes on. The
 * caller holds the household alone.
 *
 * @throws 409 when the person or the co-applicant has one already, 422 under `/stodlagenhet` when the terms do not go together
 */
export async function placeInQueue(
  work: Work,
  {
    arende,
    beslut,
    villkor,
  }: {
    arende: Arende
    beslut: { id: string; datum: Day; giltigFran: Day; giltigTill: Day | null }
    villkor: Stodlagenhetsvillkor
  },
): Promise<StodlagenhetRad> {
  const [open] = await openOf(work, arende)
  if (open && open.arendeId === null && open.personId === arende.personId)
    return prolong(work, open, beslut, villkor, {
      arendeId: arende.id,
      medsokandeId: arende.medsokandeId ?? open.medsokandeId,
    })
  if (open) throw pagaendeFinns()
  const hushall = await householdOf(work, arende.hushallId)
  const [{ forsta }]: [{ forsta: Day }] = await work.db.query(
    'SELECT min(b.datum) AS forsta FROM beslut b WHERE b.arende_id = $1',
    [arende.id],
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
    koDatum: forsta,
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
  throwIf(incoherent([tooLong(stodlagenhet, beslut, work.config.TIDSBEGRANSAT_MANADER)]))
  await onConstraint(insertRows(work.db, StodlagenhetEntity, [stodlagenhet]), constraints)
  return stodlagenhet
}

/**
 * A new decision on the same case: the assistance goes on, and the place in the queue with it; a notice stands. What it
 * says of the home is changed. The caller holds the household.
 *
 * @returns null when the case has no stödlägenhet
 * @throws 409 when it can no longer be extended, 422 when the day does not go with the first decision
 */
export async function extendStodlagenhet(
  work: Work,
  arendeId: string,
  beslut: { id: string; giltigFran: Day; giltigTill: Day | null },
  villkor: Stodlagenhetsvillkor = {},
): Promise<StodlagenhetRad | null> {
  const stodlagenhet = await stodlagenhetOfArende(work, arendeId, 'FOR UPDATE')
  return stodlagenhet && prolong(work, stodlagenhet, beslut, villkor)
}

/** The decision's time, and what it says of the home: the other terms stand. */
async function prolong(
  work: Work,
  stodlagenhet: StodlagenhetRad,
  beslut: { id: string; giltigFran: Day; giltigTill: Day | null },
  villkor: Stodlagenhetsvillkor,
  changes: Partial<StodlagenhetRad> = {},
): Promise<StodlagenhetRad> {
  const given = Object.fromEntries(Object.entries(villkor).filter(([, value]) => value != null))
  const changed: StodlagenhetRad = { ...stodlagenhet, ...given }
  const { giltigFran, giltigTill } = beslut
  const manader = work.config.TIDSBEGRANSAT_MANADER
  lifecycle.check('forlang', changed, actorsOf(work.caller), { giltigFran, giltigTill, manader })
  if (Object.keys(given).length > 0) {
    const [hushall, held] = [await householdOf(work, stodlagenhet.hushallId), await heldHome(work, stodlagenhet)]
    throwIf(whyNotPlace({ ...changed, beslutTill: giltigTill }, { ...hushall, held }, '/stodlagenhet'))
  }
  return onConstraint(
    saveStodlagenhet(work, stodlagenhet, {
      ...given,
      ...changes,
      tillstand: stodlagenhet.tillstand === 'bistandUpphor' ? 'boende' : stodlagenhet.tillstand,
      beslutId: beslut.id,
      beslutTill: giltigTill,
      bistandUpphort: null,
    }),
    constraints,
  )
}

/** The home that is proposed or allotted, and can still be another; null when none is, or it is let. */
async function heldHome(work: Work, { tillstand, lagenhetId }: StodlagenhetRad): Promise<{ omrade: string } | null> {
  if (!['foreslagen', 'tilldelad'].includes(tillstand)) return null
  const [home] = await work.db.query('SELECT omrade FROM lagenhet WHERE id = $1', [lagenhetId])
  return home ?? null
}

/**
 * What the home must be like, while it can still be another: a threat that is new, a child that is born.
 *
 * @throws 422 when it does not hold together, or the home that is held lies in an area that becomes excluded
 */
export async function changeNeed(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Stodlagenhetsbehov,
): Promise<StodlagenhetRad> {
  const stodlagenhet = await lockStodlagenhet(work, id, ifMatch)
  const held = await heldHome(work, stodlagenhet)
  lifecycle.check('andraBehov', stodlagenhet, actorsOf(work.caller), { body, held })
  return saveStodlagenhet(work, stodlagenhet, body)
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
    `SELECT s.id, ${besittningsskyddFran(work.config.BESITTNINGSSKYDD_MANADER)} AS fran
     FROM stodlagenhet s WHERE s.id = ANY ($1)`,
    [rows.map(({ id }) => id)],
  )
  const by = new Map(found.map(({ id, fran }) => [id, fran]))
  return rows.map(row => ({ ...row, besittningsskyddFran: by.get(row.id) ?? null }))
}
