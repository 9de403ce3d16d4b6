import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../database.ts'
import type { Encryption } from '../shared/encryption.ts'
import { defineProblem, finnsInte } from '../shared/refusals.ts'
import type { Work } from '../shared/work.ts'
import { etagOf } from './etag.ts'
import { href } from './links.ts'
import { householdsIn } from './read-log.ts'

/** What a writing route answers. It is stored with the Idempotency-Key, so it is all that is answered. */
export type Answer = {
  status?: 200 | 201
  body: object
  /** Version of the row in the body; becomes the ETag. */
  version?: number
  /** Path under `/v1` of what was created; becomes `Location`. */
  location?: string
}

const annanBegaran = defineProblem(
  'nyckeln-anvand-till-annat',
  422,
  'Idempotency-Key är redan använd',
  'Nyckeln har använts till en annan begäran. Ta en ny nyckel för ett nytt ärende.',
)
const pagar = defineProblem(
  'pagar-redan',
  409,
  'Samma begäran pågår',
  'En begäran med samma Idempotency-Key håller på att utföras. Försök igen om en stund.',
)
const felNyckel = defineProblem(
  'fel-idempotensnyckel',
  400,
  'Idempotency-Key har fel form',
  'Nyckeln ska vara 1-255 tecken, helst ett UUID.',
)

/** Thrown out of a transaction to undo it and still answer: `dryRun`. */
class Undo extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('dry run')
    this.answer = answer
  }
}

export type WriteOptions = {
  /** Do everything, answer, and undo it. */
  dryRun?: boolean
  /** What an Idempotency-Key is compared by, where the body is a stream. */
  fingerprint?: unknown
  /** The route gives the same result again by itself, and its body is too large to compare: the key is not kept. */
  keyless?: boolean
}

export type Write = (
  request: FastifyRequest,
  reply: FastifyReply,
  atgard: string,
  run: (work: Work) => Promise<Answer>,
  options?: WriteOptions,
) => Promise<object>

/**
 * The one way for a route to change something: a transaction in the caller's name, and with an Idempotency-Key the
 * stored answer of the first time. Key and work are in the same transaction: neither can be there without the other.
 */
export function writing(db: Database, encryption: Encryption): Write {
  return async (request, reply, atgard, run, options = {}) => {
    const given = request.headers['idempotency-key'] as string | undefined
    if (given !== undefined && !/^[\x21-\x7e]{1,255}$/.test(given)) throw felNyckel()
    const key = options.keyless ? undefined : given
    const answer = await db
      .transaction(request.caller, { atgard, spar: request.id }, async work => {
        const earlier =
          key && !options.dryRun ? await reserve(work, request, key, hashOf(request, options), encryption) : undefined
        if (earlier) return earlier
        const made = await run(work)
        if (options.dryRun) throw new Undo(made)
        if (key) await remember(work, request, key, hashOf(request, options), made, encryption)
        return made
      })
      .catch(error => {
        if (error instanceof Undo) return error.answer
        throw error
      })
    reply.code(answer.status ?? 200)
    if (answer.version !== undefined) reply.header('etag', etagOf(answer.version))
    if (answer.location !== undefined) reply.header('location', href(request, answer.location))
    return answer.body
  }
}

const klientOf = ({ caller }: FastifyRequest) => `${caller.part}:${caller.partId ?? ''}:${caller.klient}:${caller.sub}`

const hashOf = (request: FastifyRequest, { fingerprint = request.body ?? null }: WriteOptions) =>
  createHash('sha256')
    .update(`${request.method} ${request.url} ${JSON.stringify(fingerprint)}`)
    .digest('base64url')

/** Takes the key for this transaction, or gives the answer it already has. */
async function reserve(
  work: Work,
  request: FastifyRequest,
  key: string,
  hash: string,
  encryption: Encryption,
): Promise<Answer | undefined> {
  const klient = klientOf(request)
  const [{ taken }] = await work.db.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken', [
    `${klient} ${key}`,
  ])
  if (!taken) throw pagar()
  const [stored] = await work.db.query(
    'SELECT begaran_hash AS "hash", svar_krypterat AS svar FROM idempotensnyckel WHERE klient = $1 AND nyckel = $2',
    [klient, key],
  )
  if (!stored) return undefined
  if (stored.hash !== hash) throw annanBegaran()
  const { seen, answer }: Stored = JSON.parse(encryption.decrypt(stored.svar))
  // Protected since, or the caller is no longer cleared: what could be seen then is not there now.
  if (seen && !(await seesAll(work, answer))) throw finnsInte()
  return answer
}

/** An answer as it is kept. `seen`: its caller could see the households in it, which whoever hides one cannot. */
type Stored = { seen: boolean; answer: Answer }

async function seesAll(work: Work, { body }: Answer): Promise<boolean> {
  const ids = [...householdsIn(body)]
  if (ids.length === 0) return true
  return (await work.db.query('SELECT FROM hushall WHERE id = ANY($1)', [ids])).length === ids.length
}

/** Answers hold personal data, so they are kept encrypted; the job `rensa-idempotensnycklar` removes them. */
async function remember(
  work: Work,
  request: FastifyRequest,
  key: string,
  hash: string,
  answer: Answer,
  encryption: Encryption,
) {
  const stored: Stored = { seen: await seesAll(work, answer), answer }
  await work.db.query(
    'INSERT INTO idempotensnyckel (klient, nyckel, begaran_hash, svar_krypterat, skapad) VALUES ($1, $2, $3, $4, $5)',
    [klientOf(request), key, hash, encryption.encrypt(JSON.stringify(stored)), work.now],
  )
}
