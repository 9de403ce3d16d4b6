import { actorsOf, type Caller } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { type FieldError, finnsRedan, type Refusal } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { LagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotChange, whyNotFacts } from './rules.ts'
import {
  type Aterlamning,
  type Besiktning,
  type LagenhetAndring,
  type LagenhetRad,
  type Lagenhetsresultat,
  type NyLagenhet,
  urPoolen,
} from './schema.ts'
import { type IfMatch, lockLagenhet, saveLagenhet, upplatenTill } from './service.ts'

/** A home as it came: with its values, or with what is wrong with it. */
export type Post = { lagenhet: NyLagenhet } | { errors: FieldError[] }
type Utfall = Omit<Lagenhetsresultat['resultat'][number], 'index'>

/** A home that comes to the pool. */
export function newLagenhet(
  { now, today }: Pick<Work, 'now' | 'today'>,
  { klar = false, ...body }: NyLagenhet,
): LagenhetRad {
  return {
    id: newId(now),
    version: 1,
    ...body,
    tillstand: klar ? 'ledig' : 'planerad',
    tillstandSedan: today,
    skyddad: false,
    adress: body.adress ?? null,
    lagenhetsnummer: body.lagenhetsnummer ?? null,
    yta: body.yta ?? null,
    tillganglighet: body.tillganglighet ?? [],
    iPoolenTill: body.iPoolenTill ?? null,
    tomSedan: null,
    skapad: now,
    andrad: now,
  }
}

/** Writes new homes in one statement. @throws 409 when someone else has just added one with the same number */
export const insertLagenheter = (work: Work, rows: LagenhetRad[]): Promise<void> =>
  onConstraint(insertMany(work.db, LagenhetEntity, rows), {
    lagenhet_objektnummer: () => finnsRedan('Ett av objektnumren registrerades just av någon annan. Försök igen.'),
  })

const finns = () =>
  finnsRedan(
    'En bostad med objektnumret finns redan. En som har lämnat beståndet kan läggas till igen från dagen efter.',
  )
const refused = (refusal: Refusal): Utfall => ({
  utfall: 'avvisad',
  kod: refusal.problem.kod,
  detail: refusal.message,
})

/**
 * The numbers that are taken, and until when. Also by a home that is hidden: the keeper's own, and no other can have it.
 * One that has left the pool can come again from the day after.
 */
async function takenOf(work: Work, numbers: string[]): Promise<Map<string, Day>> {
  const known: { objektnummer: string; till: Day }[] = await asCleared(work, () =>
    work.db.query(
      `SELECT objektnummer, max(CASE WHEN tillstand = ANY ($2) THEN i_poolen_till ELSE '9999-12-31' END) AS till
       FROM lagenhet WHERE objektnummer = ANY ($1) GROUP BY objektnummer`,
      [numbers, urPoolen],
    ),
  )
  return new Map(known.map(({ objektnummer, till }) => [objektnummer, till]))
}

/** Why a home cannot come to the pool, or null. */
function whyNotAdd(lagenhet: LagenhetRad, taken: Map<string, Day>): Refusal | null {
  const until = taken.get(lagenhet.objektnummer)
  return until !== undefined && lagenhet.iPoolenFran <= until ? finns() : whyNotFacts(lagenhet)
}

/** Adds one home to the pool. @throws 409 when its number is taken, 422 when its facts do not go together */
export async function addLagenhet(work: Work, body: NyLagenhet): Promise<LagenhetRad> {
  const lagenhet = newLagenhet(work, body)
  const refusal = whyNotAdd(lagenhet, await takenOf(work, [lagenhet.objektnummer]))
  if (refusal) throw refusal
  await insertLagenheter(work, [lagenhet])
  return lagenhet
}

/** Adds homes to the pool, one or 500, each on its own: one read, one write. */
export async function addLagenheter(work: Work, poster: Post[]): Promise<Lagenhetsresultat> {
  const numbers = poster.flatMap(post => ('lagenhet' in post ? [post.lagenhet.objektnummer] : []))
  const taken = await takenOf(work, numbers)
  const made: LagenhetRad[] = []
  const add = (post: Post): Utfall => {
    if ('errors' in post) {
      const detail = post.errors.map(error => error.detail).join(' ')
      return { utfall: 'avvisad', kod: post.errors[0]?.kod ?? 'ogiltiga-uppgifter', detail }
    }
    const lagenhet = newLagenhet(work, post.lagenhet)
    const refusal = whyNotAdd(lagenhet, taken)
    if (refusal) return refused(refusal)
    taken.set(lagenhet.objektnummer, '9999-12-31')
    made.push(lagenhet)
    return { utfall: 'skapad', id: lagenhet.id }
  }
  const resultat = poster.map((post, index) => ({ index, ...add(post) }))
  await insertLagenheter(work, made)
  return { resultat }
}

async function lockRead(work: Work, id: string, ifMatch: IfMatch): Promise<LagenhetRad> {
  const lagenhet = await lockLagenhet(work, id)
  ifMatch(lagenhet.version)
  return lagenhet
}

/** The last day that somebody has the home, or null. */
export async function letUntil(work: Work, id: string): Promise<Day | null> {
  const [{ till }] = await work.db.query(`SELECT ${upplatenTill('$2')} AS till FROM lagenhet l WHERE l.id = $1`, [
    id,
    work.today,
  ])
  return till
}

/** Corrects the facts of a home. @throws 409 when it has left the pool, 422 when they do not go together */
export async function changeLagenhet(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  changes: LagenhetAndring,
): Promise<LagenhetRad> {
  const lagenhet = await lockRead(work, id, ifMatch)
  const refusal = whyNotChange(lagenhet, changes, await letUntil(work, id))
  if (refusal) throw refusal
  return saveLagenhet(work, lagenhet, changes)
}

const actors = ({ caller }: { caller: Caller }) => actorsOf(caller)

/** -> `ledig`: the home can be let. */
export async function makeReady(work: Work, id: string, ifMatch: IfMatch): Promise<LagenhetRad> {
  const lagenhet = await lockRead(work, id, ifMatch)
  lifecycle.check('klar', lagenhet, actors(work))
  return saveLagenhet(work, lagenhet, { tillstand: 'ledig' })
}

/** `tomstalld` -> `renovering` or `ledig`. */
export async function inspect(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { behoverRenoveras }: Besiktning,
): Promise<LagenhetRad> {
  const lagenhet = await lockRead(work, id, ifMatch)
  lifecycle.check('besiktiga', lagenhet, actors(work))
  return saveLagenhet(work, lagenhet, { tillstand: behoverRenoveras ? 'renovering' : 'ledig' })
}

/** -> `aterlamnad`: the home leaves the pool. */
export async function handBack(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { iPoolenTill }: Aterlamning,
): Promise<LagenhetRad> {
  const lagenhet = await lockRead(work, id, ifMatch)
  const facts = { iPoolenTill, upplatenTill: await letUntil(work, id), today: work.today }
  lifecycle.check('aterlamna', lagenhet, actors(work), facts)
  return saveLagenhet(work, lagenhet, { tillstand: 'aterlamnad', iPoolenTill })
}
