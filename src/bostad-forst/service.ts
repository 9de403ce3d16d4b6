import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, finnsRedan, type Refusal } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BfBoendeEntity, BfStodEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { deviations, whyNotWishes } from './rules.ts'
import type { BfBoendeRad, BfBostad, BfStodRad, Onskemal } from './schema.ts'

export type IfMatch = (version: number) => void

const oppetFinns = defineProblem(
  'oppet-boende-finns',
  409,
  'Personen har redan ett öppet boende i Bostad Först',
  'En person har ett boende i taget i Bostad Först. Det som finns kan byta bostad, eller avslutas först.',
)
const constraints = {
  bf_boende_ett_per_person: () => oppetFinns(),
  bf_boende_nummer: () => finnsRedan('Ett boende med ärendets nummer finns redan.'),
}

export const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

/** The wishes as columns: what is not given is not wished for. */
const wished = ({ onskadeOmraden, uteslutnaOmraden, onskadeRum, husdjur, onskemal }: Villkor) => ({
  onskadeOmraden: onskadeOmraden ?? [],
  uteslutnaOmraden: uteslutnaOmraden ?? [],
  onskadeRum: onskadeRum ?? null,
  husdjur: husdjur ?? null,
  onskemal: onskemal ?? null,
})

/** What a decision may say of the person's wishes. Absent and null mean the same. */
export type Villkor = { [Field in keyof Onskemal]?: Onskemal[Field] | null }

/** What is not known of a tenancy before anyone has a home. */
export const unhoused = {
  onskemalDatum: null,
  lagenhetId: null,
  kontraktsform: null,
  skalAndrahand: null,
  overgangTidigast: null,
  overgangNasta: null,
  inflyttad: null,
  forstahandDatum: null,
  bortaSedan: null,
  bortaOrsak: null,
  byteOrsak: null,
  nejOrsak: null,
  uppsagdDatum: null,
  uppsagdTill: null,
  avslutadDatum: null,
  utfall: null,
} as const satisfies Partial<BfBoendeRad>

/** The support that stands beside a new tenancy, offered. */
export const offered = (work: Work, { id, hushallId, skyddad }: BfBoendeRad): BfStodRad => ({
  id: newId(work.now),
  version: 1,
  bfBoendeId: id,
  hushallId,
  skyddad,
  tillstand: 'erbjudet',
  niva: null,
  kontaktperson: null,
  onskadFrekvens: null,
  paborjat: null,
  avslutat: null,
  skapad: work.now,
  andrad: work.now,
})

/**
 * The tenancy that a decision admits to, with the case's number, and an offer of support beside it. Neither waits for
 * the other. One that was imported and still is open becomes the case's, with its number, home and support. The caller
 * holds the household.
 *
 * @throws 409 when the person has an open one, 422 under `/bostadForst` when the wishes do not go together
 */
export async function admit(
  work: Work,
  {
    arende,
    beslut,
    villkor,
  }: {
    arende: Pick<BfBoendeRad, 'hushallId' | 'skyddad' | 'personId'> & { id: string; arendenummer: string }
    beslut: { id: string; datum: string }
    villkor: Villkor
  },
): Promise<BfBoendeRad> {
  const [imported] = await lockImported(work, arende.personId)
  if (imported) return attach(work, imported, { arende, beslut, villkor })
  const boende: BfBoendeRad = {
    id: newId(work.now),
    version: 1,
    boendenummer: arende.arendenummer,
    tillstand: 'antagen',
    ursprung: 'arende',
    arendeId: arende.id,
    beslutId: beslut.id,
    hushallId: arende.hushallId,
    skyddad: arende.skyddad,
    personId: arende.personId,
    antagenDatum: beslut.datum,
    ...wished(villkor),
    ...unhoused,
    skapad: work.now,
    andrad: work.now,
  }
  throwIf(whyNotWishes(boende, '/bostadForst'))
  await onConstraint(insertRows(work.db, BfBoendeEntity, [boende]), constraints)
  await insertRows(work.db, BfStodEntity, [offered(work, boende)])
  return boende
}

/** The open tenancy of a person that no case has led to. */
const lockImported = (work: Work, personId: string): Promise<BfBoendeRad[]> =>
  work.db.query(
    `SELECT ${selectList(BfBoendeEntity, 'b')} FROM bf_boende b
     WHERE b.person_id = $1 AND b.arende_id IS NULL AND b.tillstand <> 'avslutad' FOR UPDATE`,
    [personId],
  )

/** What the decision says of the wishes is changed, and the others stand. */
async function attach(
  work: Work,
  imported: BfBoendeRad,
  { arende, beslut, villkor }: { arende: { id: string }; beslut: { id: string }; villkor: Villkor },
): Promise<BfBoendeRad> {
  const given = Object.fromEntries(Object.entries(villkor).filter(([, value]) => value != null))
  const wishes = wished({ ...imported, ...given })
  throwIf(whyNotWishes(wishes, '/bostadForst'))
  return saveBoende(work, imported, { ...wishes, arendeId: arende.id, beslutId: beslut.id })
}

/** The tenancy that a case has led to, or null. */
export async function bfBoendeOfArende(work: Work, arendeId: string): Promise<BfBoendeRad | null> {
  const rows = await work.db.query(
    `SELECT ${selectList(BfBoendeEntity, 'b')} FROM bf_boende b WHERE b.arende_id = $1`,
    [arendeId],
  )
  return rows[0] ?? null
}

/** @throws 404 */
export async function readBoende(work: Work, id: string): Promise<BfBoendeRad> {
  const boende = await findRow(work.db, BfBoendeEntity, id)
  if (!boende) throw finnsInte()
  return boende
}

/**
 * Reads a tenancy in order to decide about it: the household before it, as when protection is raised.
 *
 * @throws 404, or 412 when another version was read
 */
export async function lockBoende(work: Work, id: string, ifMatch: IfMatch): Promise<BfBoendeRad> {
  await work.db.query('SELECT FROM hushall WHERE id = (SELECT hushall_id FROM bf_boende WHERE id = $1) FOR KEY SHARE', [
    id,
  ])
  const boende = await findRow(work.db, BfBoendeEntity, id, 'FOR UPDATE')
  if (!boende) throw finnsInte()
  ifMatch(boende.version)
  return boende
}

/** Writes a decided change. @throws 412 when the row has another version now */
export const saveBoende = (work: Work, boende: BfBoendeRad, changes: Partial<BfBoendeRad>): Promise<BfBoendeRad> =>
  changeRow(work.db, BfBoendeEntity, boende, changes, work.now)

/** A tenancy with where the person lives, how what is offered differs from the wishes, and the support beside it. */
export type Helt = BfBoendeRad & { bostad: BfBostad | null; avvikerFran: string[]; stod: BfStodRad }

/** Where a person lives, or null: what has not ended with the tenancy. */
export async function homeOf(work: Work, boende: BfBoendeRad): Promise<BfBostad | null> {
  return (await whole(work, [boende]))[0]?.bostad ?? null
}

/** Tenancies with their homes, offers and supports: one statement each, however many they are. */
export async function whole(work: Work, boenden: BfBoendeRad[]): Promise<Helt[]> {
  const ids = boenden.map(({ id }) => id)
  const found: (BfBostad & { bfBoendeId: string })[] = await work.db.query(
    `SELECT DISTINCT ON (u.bf_boende_id) u.bf_boende_id AS "bfBoendeId", u.lagenhet_id AS "lagenhetId", l.objektnummer,
       l.omrade, l.rum, u.fran, u.till, u.kontraktsform, u.hyra_ore AS "hyraOre"
     FROM upplatelse u LEFT JOIN lagenhet l ON l.id = u.lagenhet_id
     WHERE u.bf_boende_id = ANY ($1) AND u.slag = 'boende' AND u.upphavd IS NULL
     ORDER BY u.bf_boende_id, u.fran DESC, u.id`,
    [ids],
  )
  const supports: BfStodRad[] = await work.db.query(
    `SELECT ${selectList(BfStodEntity, 's')} FROM bf_stod s WHERE s.bf_boende_id = ANY ($1)`,
    [ids],
  )
  const offers: { id: string; rum: number }[] = await work.db.query(
    'SELECT id, rum FROM lagenhet WHERE id = ANY ($1)',
    [boenden.flatMap(({ tillstand, lagenhetId }) => (tillstand === 'erbjuden' && lagenhetId ? [lagenhetId] : []))],
  )
  const offerBy = new Map(offers.map(({ id, rum }) => [id, rum]))
  const homeBy = new Map(found.map(({ bfBoendeId, ...bostad }) => [bfBoendeId, bostad]))
  const supportBy = new Map(supports.map(stod => [stod.bfBoendeId, stod]))
  return boenden.map(boende => ({
    ...boende,
    bostad: boende.tillstand === 'avslutad' ? null : (homeBy.get(boende.id) ?? null),
    avvikerFran: boende.tillstand === 'erbjuden' ? deviations(boende, offerBy.get(boende.lagenhetId ?? '')) : [],
    // Every tenancy is made with its support, in one transaction.
    stod: supportBy.get(boende.id) as BfStodRad,
  }))
}

/** Writes down what the person wishes for, as a whole: from `antagen` a home can be sought from then on. */
export async function recordWishes(work: Work, id: string, ifMatch: IfMatch, body: Onskemal): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('onskemal', boende, actorsOf(work.caller))
  throwIf(whyNotWishes(body))
  return saveBoende(work, boende, {
    ...wished(body),
    onskemalDatum: work.today,
    ...(boende.tillstand === 'antagen' && { tillstand: 'matchning' as const }),
  })
}
