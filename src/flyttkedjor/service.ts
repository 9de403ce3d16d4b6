import type { Caller } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, type Refusal, uppgifterHangerInteIhop } from '../shared/refusals.ts'
import { changeMany, changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { FlyttkedjaEntity, FlyttlankEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import type { Fortursuppgift } from './rules.ts'
import type { FlyttkedjaRad, FlyttlankRad, NyFlyttkedja } from './schema.ts'

export type IfMatch = (version: number) => void
/** A chain with its links in order; those that were taken away are not among them. */
export type Hel = { kedja: FlyttkedjaRad; lankar: FlyttlankRad[] }

const hushalletUpptaget = defineProblem(
  'hushallet-ar-i-en-flyttkedja',
  409,
  'Hushållet är redan i en flyttkedja',
  'Ett hushåll är i en öppen flyttkedja i taget. Välj ett annat hushåll, eller avsluta den andra kedjan först.',
)
const bostadenUpptagen = defineProblem(
  'bostaden-ar-i-en-flyttkedja',
  409,
  'Bostaden är redan i en flyttkedja',
  'Bostaden är redan med i en annan öppen flyttkedja. Välj en annan bostad, eller avsluta den andra kedjan först.',
)
const okandHyresvard = (): Refusal => {
  const detail = 'hyresvardId är ingen registrerad hyresvärd.'
  return uppgifterHangerInteIhop(detail, { errors: [{ pointer: '/hyresvardId', kod: 'finns-inte', detail }] })
}
/** The last guard, whatever was read before: what the database refuses, in words. */
const constraints = {
  flyttlank_ett_hushall: () => hushalletUpptaget(),
  flyttlank_en_fran: () => bostadenUpptagen(),
  flyttlank_en_till: () => bostadenUpptagen(),
  flyttlank_ett_objekt: () => bostadenUpptagen(),
  flyttkedja_hyresvard: okandHyresvard,
}

export const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

/** Which chains a caller has to do with: who plans stödlägenheter does not see Bostad Först, and the other way round. */
export function insatserOf({ part, roller }: Caller): FlyttkedjaRad['insats'][] {
  const all = part !== 'socialforvaltningen' || roller.includes('handlaggare') || roller.includes('beslutsfattare')
  return [
    ...(all || roller.includes('boendeenhet') ? (['stodlagenhet'] as const) : []),
    ...(all || roller.includes('bostadForstTeam') ? (['bostadForst'] as const) : []),
  ]
}
/** Who plans the chains of each kind. */
const planner = { stodlagenhet: 'boendeenhet', bostadForst: 'bostadForstTeam' } as const

/** Begins a chain at a landlord who gives a tenant in a sublet a contract of their own. @throws 404 for the other's kind */
export async function startKedja(work: Work, body: NyFlyttkedja): Promise<Hel> {
  if (!work.caller.roller.includes(planner[body.insats])) throw finnsInte()
  const [{ nummer }] = await work.db.query("SELECT nextval('flyttkedjenummer_seq') AS nummer")
  const kedja: FlyttkedjaRad = {
    id: newId(work.now),
    version: 1,
    flyttkedjenummer: `FK-${work.today.slice(0, 4)}-${String(nummer).padStart(5, '0')}`,
    ...body,
    tillstand: lifecycle.initial,
    skyddad: false,
    klarDatum: null,
    avslutadDatum: null,
    avbrottsskal: null,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, FlyttkedjaEntity, [kedja]), constraints)
  return { kedja, lankar: [] }
}

/** The links of chains, in order: one statement, however many chains. */
export const lankarOf = (work: Work, kedjeIds: string[], lock: '' | 'FOR UPDATE' = ''): Promise<FlyttlankRad[]> =>
  work.db.query(
    `SELECT ${selectList(FlyttlankEntity, 'l')} FROM flyttlank l
     WHERE l.flyttkedja_id = ANY ($1) AND l.tillstand <> 'borttagen' ORDER BY l.flyttkedja_id, l.ordning ${lock}`,
    [kedjeIds],
  )

/** @throws 404, also for a chain that a protected household is in, and for the other's kind */
export async function readKedja(work: Work, id: string): Promise<Hel> {
  const kedja = await findRow(work.db, FlyttkedjaEntity, id)
  if (!kedja || !insatserOf(work.caller).includes(kedja.insats)) throw finnsInte()
  return { kedja, lankar: await lankarOf(work, [id]) }
}

/**
 * Reads a chain in order to decide about it: its households before it, as when protection is raised, then the chain, its
 * links, and never the other way.
 *
 * @param also the process that is to be added
 * @throws 404, or 412 when another version was read
 */
export async function lockKedja(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  also: { stodlagenhetId?: string; bfBoendeId?: string } = {},
): Promise<Hel> {
  await work.db.query(
    `SELECT FROM hushall WHERE id IN (SELECT hushall_id FROM flyttlank WHERE flyttkedja_id = $1 AND tillstand <> 'borttagen'
       UNION SELECT hushall_id FROM stodlagenhet WHERE id = $2 UNION SELECT hushall_id FROM bf_boende WHERE id = $3)
     ORDER BY id FOR KEY SHARE`,
    [id, also.stodlagenhetId ?? null, also.bfBoendeId ?? null],
  )
  const kedja = await findRow(work.db, FlyttkedjaEntity, id, 'FOR UPDATE')
  if (!kedja) throw finnsInte()
  const { part, roller } = work.caller
  if (part === 'socialforvaltningen' && !roller.includes(planner[kedja.insats])) throw finnsInte()
  ifMatch(kedja.version)
  return { kedja, lankar: await lankarOf(work, [id], 'FOR UPDATE') }
}

/** The link with this id. @throws 404 */
export function lankOf({ lankar }: Hel, lankId: string): FlyttlankRad {
  const lank = lankar.find(({ id }) => id === lankId)
  if (!lank) throw finnsInte()
  return lank
}

/** Writes a decided change. @throws 412 when the row has another version now */
export const saveKedja = (work: Work, kedja: FlyttkedjaRad, changes: Partial<FlyttkedjaRad>): Promise<FlyttkedjaRad> =>
  changeRow(work.db, FlyttkedjaEntity, kedja, changes, work.now)

/** Writes a decided change. @throws 409 when a home or household is in another chain, 412 when the row has another version */
export const saveLank = (work: Work, lank: FlyttlankRad, changes: Partial<FlyttlankRad>): Promise<FlyttlankRad> =>
  onConstraint(changeRow(work.db, FlyttlankEntity, lank, changes, work.now), constraints)

/** Writes the same fields of many links. @throws 412 when any has another version now */
export const saveLankar = (work: Work, lankar: FlyttlankRad[], fields: (keyof FlyttlankRad)[]): Promise<void> =>
  changeMany(work.db, FlyttlankEntity, lankar, fields, work.now)

/** @throws 409 when the household or a home is in another chain */
export const insertLank = (work: Work, lank: FlyttlankRad): Promise<void> =>
  onConstraint(insertRows(work.db, FlyttlankEntity, [lank]), constraints)

/** What a förtur is, for whom it is and where; undefined when there is none. */
export async function forturOf(work: Work, id: string | null): Promise<Fortursuppgift> {
  if (id === null) return undefined
  const [found] = await work.db.query(
    'SELECT hushall_id AS "hushallId", hyresvard_id AS "hyresvardId", tillstand FROM fortur WHERE id = $1',
    [id],
  )
  return found
}
