import { actorsOf, type Caller } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { type FieldError, finnsRedan, type Refusal } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { LagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotChange, whyNotFacts } from './rules.ts'
import type { Aterlamning, Besiktning, LagenhetAndring, LagenhetRad, Lagenhetsresultat, NyLagenhet } from './schema.ts'
import { type IfMatch, lockLagenhet, saveLagenhet } from './service.ts'

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
    skapad: now,
    andrad: now,
  }
}

/** Writes new homes in one statement. @throws 409 when someone else has just added one with the same number */
export const insertLagenheter = (work: Work, rows: LagenhetRad[]): Promise<void> =>
  onConstraint(insertMany(work.db, LagenhetEntity, rows), {
    lagenhet_objektnummer: () => finnsRedan('Ett av objektnumren registrerades just av någon annan. Försök igen.'),
  })

const finns = () => finnsRedan('En bostad med objektnumret finns redan.')
const refused = (refusal: Refusal): Utfall => ({
  utfall: 'avvisad',
  kod: refusal.problem.kod,
  detail: refusal.message,
})

/** Those of the numbers that are taken; also by a home that is hidden: the keeper's own, and no other can have it. */
async function takenOf(work: Work, numbers: string[]): Promise<Set<string>> {
  const known: { objektnummer: string }[] = await asCleared(work, () =>
    work.db.query('SELECT objektnummer FROM lagenhet WHERE objektnummer = ANY ($1)', [numbers]),
  )
  return new Set(known.map(({ objektnummer }) => objektnummer))
}

/** Adds one home to the pool. @throws 409 when its number is taken, 422 when its facts do not go together */
export async function addLagenhet(work: Work, body: NyLagenhet): Promise<LagenhetRad> {
  const lagenhet = newLagenhet(work, body)
  const taken = await takenOf(work, [lagenhet.objektnummer])
  const refusal = taken.size > 0 ? finns() : whyNotFacts(lagenhet)
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
    const refusal = taken.has(lagenhet.objektnummer) ? finns() : whyNotFacts(lagenhet)
    if (refusal) return refused(refusal)
    taken.add(lagenhet.objektnummer)
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

/** Corrects the facts of a home. @throws 409 when it has left the pool, 422 when they do not go together */
export async function changeLagenhet(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  changes: LagenhetAndring,
): Promise<LagenhetRad> {
  const lagenhet = await lockRead(work, id, ifMatch)
  const refusal = whyNotChange(lagenhet, changes)
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
  lifecycle.check('aterlamna', lagenhet, actors(work), { iPoolenTill, today: work.today })
  return saveLagenhet(work, lagenhet, { tillstand: 'aterlamnad', iPoolenTill })
}
