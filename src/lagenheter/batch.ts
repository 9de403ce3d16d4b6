import { actorsOf } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { defineProblem, type FieldError, incoherent, type Refusal } from '../shared/refusals.ts'
import { changeMany, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { LagenhetEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { letUntil } from './pool.ts'
import { type Atgardsresultat, type LagenhetRad, type Lagenhetsatgard, urPoolen } from './schema.ts'
import { type IfMatch, lockLagenhet, saveLagenhet, upplatenTill } from './service.ts'

/** A command as it came: with its values, or with what is wrong with it. */
export type Atgardspost = { atgard: Lagenhetsatgard } | { errors: FieldError[] }
/** A home, and the last day that somebody has had it. */
type Upplaten = LagenhetRad & { upplatenTill: Day | null }
type Utfall = Omit<Atgardsresultat['resultat'][number], 'index'>

const okand = defineProblem(
  'okand-bostad',
  404,
  'Okänd bostad',
  'Det finns ingen sådan bostad i beståndet. Kontrollera objektnumret.',
)
const tvaGanger = defineProblem(
  'samma-bostad-tva-ganger',
  409,
  'Samma bostad två gånger',
  'Bostaden har redan en åtgärd i samma anrop. Skicka den andra i ett eget anrop.',
)

const refused = (refusal: Refusal): Utfall => ({ utfall: 'avvisad', kod: refusal.problem.kod, detail: refusal.message })
const saknas = (field: 'behoverRenoveras' | 'iPoolenTill', atgard: string) =>
  incoherent([{ pointer: `/${field}`, kod: 'saknas', detail: `${field} behövs vid ${atgard}.` }]) as Refusal

/** The home as the command leaves it, or why it is refused. */
function after(
  work: Work,
  { upplatenTill, ...lagenhet }: Upplaten,
  { atgard, behoverRenoveras, iPoolenTill }: Omit<Lagenhetsatgard, 'objektnummer'>,
): Partial<LagenhetRad> | Refusal {
  const actors = actorsOf(work.caller)
  switch (atgard) {
    case 'klar':
      return lifecycle.whyNot('klar', lagenhet, actors) ?? { tillstand: 'ledig' }
    case 'besiktiga':
      if (behoverRenoveras == null) return saknas('behoverRenoveras', atgard)
      return lifecycle.whyNot('besiktiga', lagenhet, actors) ?? { tillstand: behoverRenoveras ? 'renovering' : 'ledig' }
    case 'aterlamna':
      if (iPoolenTill == null) return saknas('iPoolenTill', atgard)
      return (
        lifecycle.whyNot('aterlamna', lagenhet, actors, { iPoolenTill, upplatenTill, today: work.today }) ?? {
          tillstand: 'aterlamnad',
          iPoolenTill,
        }
      )
  }
}

/** Gives a command to one home. @throws 404, 409 when it is in another state, 422 when a part of the command is wanting */
export async function giveCommand(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  atgard: Omit<Lagenhetsatgard, 'objektnummer'>,
): Promise<LagenhetRad> {
  const lagenhet = await lockLagenhet(work, id)
  ifMatch(lagenhet.version)
  const made = after(work, { ...lagenhet, upplatenTill: await letUntil(work, id) }, atgard)
  if (made instanceof Error) throw made
  return saveLagenhet(work, lagenhet, made)
}

/** Gives commands to many homes, each done or refused on its own: one read, one write. */
export async function giveCommands(work: Work, poster: Atgardspost[]): Promise<Atgardsresultat> {
  const numbers = poster.flatMap(post => ('atgard' in post ? [post.atgard.objektnummer] : []))
  // In one order, so that two batches do not wait for each other.
  const rows: Upplaten[] = await work.db.query(
    `SELECT ${selectList(LagenhetEntity, 'l')}, ${upplatenTill('$2')} AS "upplatenTill" FROM lagenhet l
     WHERE l.objektnummer = ANY ($1) AND l.tillstand <> ALL ($3) ORDER BY l.id FOR UPDATE`,
    [numbers, work.today, urPoolen],
  )
  const known = new Map(rows.map(row => [row.objektnummer, row]))
  const changed = new Map<string, LagenhetRad>()
  const give = (post: Atgardspost): Utfall => {
    if ('errors' in post) {
      const detail = post.errors.map(error => error.detail).join(' ')
      return { utfall: 'avvisad', kod: post.errors[0]?.kod ?? 'ogiltiga-uppgifter', detail }
    }
    const lagenhet = known.get(post.atgard.objektnummer)
    if (!lagenhet) return refused(okand())
    if (changed.has(lagenhet.id)) return refused(tvaGanger())
    const made = after(work, lagenhet, post.atgard)
    if (made instanceof Error) return refused(made)
    const next = { ...lagenhet, ...made, tillstandSedan: work.today }
    changed.set(lagenhet.id, next)
    return { utfall: 'utford', tillstand: next.tillstand }
  }
  const resultat = poster.map((post, index) => ({ index, ...give(post) }))
  const fields = ['tillstand', 'tillstandSedan', 'iPoolenTill'] as const
  await changeMany(work.db, LagenhetEntity, [...changed.values()], [...fields], work.now)
  return { resultat }
}
