import { createHash } from 'node:crypto'
import type { Database } from '../database.ts'
import type { Caller } from '../shared/caller.ts'
import { defineProblem, type FieldError, finnsInte, type Refusal } from '../shared/refusals.ts'
import { onConstraint } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import type { Handler, Item, Led } from './posts.ts'
import type { Mottagningsresultat } from './schema.ts'

/** An item as it came: right, with what is to be done; or with what is wrong with it. */
export type Post = { item: Item; handler: Handler } | { nyckel: string | undefined; errors: FieldError[] }
type Ratt = Extract<Post, { item: Item }> & { index: number }
/** What became of an item. The household is for the read log: the answer's schema has none. */
type Resultat = Mottagningsresultat['resultat'][number] & { hushallId?: string }
type Nyckelrad = Led & { nyckel: string; sha256: string }

const nyckelnAnvand = defineProblem(
  'nyckeln-anvand',
  409,
  'Nyckeln är redan använd',
  'Postens nyckel har använts till en post med annat innehåll. Ta en ny nyckel för varje ny post.',
)

/** So many items are done at a time, of one call. */
const lanes = 4

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same whatever order the fields stand in. */
const sha256Of = (item: Item) =>
  createHash('sha256')
    .update(
      JSON.stringify(item, (_, value) =>
        isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
      ),
    )
    .digest('base64url')

const keysOf = ({ db, caller: { part, partId } }: Work, nycklar: string[]): Promise<Nyckelrad[]> =>
  db.query(
    `SELECT nyckel, sha256, led_till AS id, hushall_id AS "hushallId" FROM inkommen_post
     WHERE part = $1 AND part_id IS NOT DISTINCT FROM $2::uuid AND nyckel = ANY ($3)`,
    [part, partId, nycklar],
  )

/** What the item has led to already. @throws 409 when the key was another item's */
function repeated(item: Item, { sha256, id, hushallId }: Nyckelrad): Omit<Resultat, 'index'> {
  if (sha256 !== sha256Of(item)) throw nyckelnAnvand()
  return { utfall: 'upprepad', id, ...(hushallId !== null && { hushallId }) }
}

/** One item in its transaction: the key is written with what was done, so neither is there without the other. */
async function receive(work: Work, { item, handler }: Ratt): Promise<Omit<Resultat, 'index'>> {
  const { part, partId } = work.caller
  // Before anything else: whoever sends the same at the same moment waits, and then finds the key.
  await work.db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `inkommande ${part} ${partId} ${item.nyckel}`,
  ])
  const [known] = await keysOf(work, [item.nyckel])
  if (known) return repeated(item, known)
  const { id, hushallId } = await handler.run(work, item)
  const row = [part, partId, item.nyckel, item.slag, sha256Of(item), id, hushallId, work.now]
  await onConstraint(
    work.db.query(
      `INSERT INTO inkommen_post (part, part_id, nyckel, slag, sha256, led_till, hushall_id, tid)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      row,
    ),
    { inkommen_post_nyckel: () => nyckelnAnvand() },
  )
  return { utfall: 'mottaget', id, ...(hushallId !== null && { hushallId }) }
}

const refused = ({ problem, message }: Refusal) => ({
  utfall: 'avvisat' as const,
  kod: problem.kod,
  // In one way, whether there is no such thing or it is hidden.
  detail: problem.kod === finnsInte().problem.kod ? finnsInte().message : message,
})

export type Receiving = {
  db: Pick<Database, 'transaction' | 'reading'>
  caller: Caller
  /** Trace id of the request. */
  spar: string
  /** What the sender is told of an error; throws one that is not the item's. */
  refusalOf: (error: unknown) => Refusal
}

/**
 * Takes a batch, each item done or refused on its own and in a transaction of its own. A refused item leaves no key, so
 * it can be sent again. Items about one thing are done in their order; of one kind, those about different things at once.
 */
export async function receiveBatch(
  { db, caller, spar, refusalOf }: Receiving,
  poster: Post[],
): Promise<{ resultat: Resultat[] }> {
  const ratta = poster.flatMap((post, index) => ('item' in post ? [{ ...post, index }] : []))
  // A batch that is sent again, as after a lost answer, is one read.
  const before = await keysOf(
    db.reading(caller),
    ratta.map(({ item }) => item.nyckel),
  )
  const known = new Map(before.map(row => [row.nyckel, row]))
  const results = new Map<number, Omit<Resultat, 'index'>>()
  const take = async (post: Ratt) => {
    try {
      const row = known.get(post.item.nyckel)
      const cause = { atgard: post.handler.atgard(post.item), spar }
      results.set(
        post.index,
        row ? repeated(post.item, row) : await db.transaction(caller, cause, work => receive(work, post)),
      )
    } catch (error) {
      results.set(post.index, refused(refusalOf(error)))
    }
  }
  for (const run of runsOf(ratta)) await inLanes(run, take)
  return {
    resultat: poster.map((post, index) => {
      if ('item' in post) return { index, nyckel: post.item.nyckel, ...(results.get(index) as Omit<Resultat, 'index'>) }
      const { nyckel, errors } = post
      const detail = errors.map(error => error.detail).join(' ')
      const kod = errors[0]?.kod ?? 'ogiltiga-uppgifter'
      return { index, ...(nyckel !== undefined && { nyckel }), utfall: 'avvisat', kod, detail }
    }),
  }
}

/** The field by which an item names what it is about, and the name. */
function nameOf({ item, handler }: Ratt): [field: string, name: string] {
  const field = handler.names.find(name => name in item) as string
  return [field, String(item[field]).toLowerCase()]
}

/**
 * Cuts a batch where the next item may have to do with those before it: another kind, another way of naming, or a key
 * once more. Within a run two items are about the same thing only if they name the same.
 */
function runsOf(poster: Ratt[]): Ratt[][] {
  const runs: Ratt[][] = []
  let last = ''
  let keys = new Set<string>()
  for (const post of poster) {
    const { slag, nyckel } = post.item
    const kind = `${slag} ${nameOf(post)[0]}`
    if (kind !== last || keys.has(nyckel)) {
      runs.push([])
      keys = new Set()
    }
    last = kind
    keys.add(nyckel)
    runs.at(-1)?.push(post)
  }
  return runs
}

/** Does a run a few at a time, each thing's items in their order. The first error ends it all. */
async function inLanes(run: Ratt[], take: (post: Ratt) => Promise<void>): Promise<void> {
  const laneOf = new Map<string, number>()
  const queues: Ratt[][] = Array.from({ length: lanes }, () => [])
  for (const post of run) {
    const name = post.handler.inOrder ? '' : nameOf(post)[1]
    const lane = laneOf.get(name) ?? laneOf.size % lanes
    laneOf.set(name, lane)
    queues[lane]?.push(post)
  }
  let failed = false
  const outcomes = await Promise.allSettled(
    queues.map(async queue => {
      for (const post of queue) {
        if (failed) return
        try {
          await take(post)
        } catch (error) {
          failed = true
          throw error
        }
      }
    }),
  )
  const failure = outcomes.find(outcome => outcome.status === 'rejected')
  if (failure) throw failure.reason
}

/** The job: removes keys that are older than INKOMMANDE_DAGAR. */
export async function forgetKeys({ db, now, config }: Work): Promise<{ borttagna: number }> {
  const before = Temporal.Instant.from(now)
    .subtract({ hours: 24 * config.INKOMMANDE_DAGAR })
    .toString()
  const [{ borttagna }] = await db.query('SELECT inkommen_post_gallra($1) AS borttagna', [before])
  return { borttagna }
}
