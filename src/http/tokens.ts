import { hash } from 'node:crypto'
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { type Config, partPattern } from '../config.ts'
import { type Caller, type Partslag, type Roll, roller } from '../shared/caller.ts'
import type { Clock } from '../shared/clock.ts'
import { developmentIssuer, developmentKeys } from './development-issuer.ts'

export { developmentToken, type TokenRequest } from './development-issuer.ts'

type Log = { warn(text: string): void }

/** Says who a token is for, or null when it is not to be believed. Never throws for a bad token. */
export type TokenVerifier = {
  /** @param log is told when the issuer cannot be reached; never sees the token */
  verify(token: string, log?: Log): Promise<Caller | null>
}

/** What an issuer may sign with: never `none`, never a shared secret. */
const algorithms = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA']
const clockTolerance = 60
/** For how long, in milliseconds, and for how many tokens the outcome of a check is kept. */
const checked = { kept: 60_000, tokens: 5000 }

/** How the keys of an issuer are kept, in milliseconds. README promises these. */
export const keyTimes = {
  /** Older keys are read again before a token is believed: how long a withdrawn key lives at the most. */
  fresh: 10 * 60_000,
  /** An unknown key id, or an issuer that does not answer, makes it ask again this often at the most. */
  pause: 30_000,
  /** The same while no key is known. */
  firstPause: 1000,
  /** An issuer that cannot be reached keeps its known keys so long. */
  kept: 48 * 3_600_000,
  /** So long an answer may take. */
  answer: 5000,
}

/** The keys to check with now, and newer ones than those for a token whose key is not among them. */
type KeySource = {
  current(log: Log): Promise<JWTVerifyGetKey | undefined>
  newer(than: JWTVerifyGetKey, log: Log): Promise<JWTVerifyGetKey | undefined>
}

/**
 * Checks RFC 9068 access tokens: signature, type, issuer, audience and times. With OIDC_ISSUER those of that issuer,
 * otherwise, outside production, those of the development issuer.
 */
export async function createTokenVerifier(config: Config, clock: Clock, times = keyTimes): Promise<TokenVerifier> {
  const source = config.OIDC_ISSUER
    ? issuerKeys(config.OIDC_ISSUER, clock, times)
    : fixedKeys(await developmentKeys(config))
  const claims = {
    issuer: config.OIDC_ISSUER ? (config.TOKEN_UTFARDARE ?? config.OIDC_ISSUER) : developmentIssuer,
    audience: config.OIDC_AUDIENCE,
    typ: config.OIDC_ISSUER ? config.TOKEN_TYP : 'at+jwt',
    algorithms,
    clockTolerance,
    requiredClaims: ['exp', 'sub'],
  }
  /** Tokens that have just been checked, by their hash, the oldest first. Only those that were believed. */
  const known = new Map<string, { caller: Caller; keys: JWTVerifyGetKey; until: number }>()

  async function check(token: string, log: Log): Promise<Caller | null> {
    const keys = await source.current(log)
    if (!keys) return null
    const now = clock.now().epochMilliseconds
    const digest = hash('sha256', token, 'base64url')
    const before = known.get(digest)
    if (before && before.keys === keys && now < before.until) return before.caller
    known.delete(digest)

    const { payload } = await jwtVerify(
      token,
      async (header, jws) => {
        try {
          return await keys(header, jws)
        } catch (error) {
          const newer = error instanceof errors.JWKSNoMatchingKey ? await source.newer(keys, log) : undefined
          if (!newer) throw error
          return newer(header, jws)
        }
      },
      { ...claims, currentDate: new Date(now) },
    )
    const caller = callerOf(payload, config)
    if (!caller) return null
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size >= checked.tokens) known.delete(oldest)
    known.set(digest, { caller, keys, until: Math.min((payload.exp as number) * 1000, now + checked.kept) })
    return caller
  }
  return { verify: (token, log = console) => check(token, log).catch(() => null) }
}

const fixedKeys = (keys: JWTVerifyGetKey): KeySource => ({ current: async () => keys, newer: async () => undefined })

/** An issuer's keys, found by discovery when a token first needs them. */
function issuerKeys(issuer: string, clock: Clock, times: typeof keyTimes): KeySource {
  let keys: JWTVerifyGetKey | undefined
  let readAt = Number.NEGATIVE_INFINITY
  let askedAt = Number.NEGATIVE_INFINITY
  let failing = false
  let asking: Promise<void> | undefined
  const now = () => clock.now().epochMilliseconds
  // A clock that is set back must not make old keys young.
  const isPast = (time: number, limit: number) => Math.abs(now() - time) >= limit

  /** Asks the issuer, unless that was done a moment ago. Many at once share one answer. */
  function ask(log: Log): Promise<void> | undefined {
    if (asking || !isPast(askedAt, keys ? times.pause : times.firstPause)) return asking
    const started = now()
    askedAt = started
    asking = readKeys(issuer, times.answer)
      .then(
        found => {
          keys = found
          readAt = started
          failing = false
        },
        error => {
          failing = true
          const then = keys ? 'Known ones are kept.' : 'No token is believed.'
          log.warn(`The keys of OIDC_ISSUER cannot be read (${reason(error)}). ${then}`)
        },
      )
      .finally(() => {
        asking = undefined
      })
    return asking
  }

  return {
    async current(log) {
      if (isPast(readAt, times.fresh)) {
        const mayWait = !keys || !failing
        const answer = ask(log)
        // While the issuer is away it is asked beside the requests: they do not all wait for it.
        if (mayWait || isPast(readAt, times.kept)) await answer
      }
      return isPast(readAt, times.kept) ? undefined : keys
    },
    async newer(than, log) {
      if (keys === than) await ask(log)
      return keys === than ? undefined : keys
    },
  }
}

/**
 * An issuer's keys as they are now.
 *
 * @throws Error when it does not answer, or answers as another issuer
 */
async function readKeys(issuer: string, timeout: number): Promise<JWTVerifyGetKey> {
  const signal = AbortSignal.timeout(timeout)
  const read = async (url: string): Promise<unknown> => {
    const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
    if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
    return answer.json()
  }
  const found = (await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)) as {
    issuer?: unknown
    jwks_uri?: unknown
  }
  if (found.issuer !== issuer) throw new Error('its discovery document names another issuer')
  const { protocol, href } = new URL(String(found.jwks_uri))
  if (protocol !== 'https:' && protocol !== new URL(issuer).protocol) throw new Error('its jwks_uri is not https')
  return createLocalJWKSet((await read(href)) as JSONWebKeySet)
}

const reason = (error: Error) => (error.cause instanceof Error ? error.cause.message : '') || error.message

/** The caller that a token's claims describe, or null when they do not say which party and client it is. */
function callerOf(payload: JWTPayload, config: Config): Caller | null {
  const klient = claim(payload, config.TOKEN_KLIENT)
  if (typeof klient !== 'string' || !klient || !payload.sub) return null
  const known = rolesIn(payload, config)
  const part = partIn(payload, klient, known.length > 0, config)
  if (typeof part !== 'string' || !partPattern.test(part)) return null
  const [slag, partId] = part.split(':')
  return {
    sub: payload.sub,
    part: slag as Partslag,
    partId: partId?.toLowerCase() ?? null,
    roller: slag === 'socialforvaltningen' ? known : [],
    klient,
  }
}

/** Our roles among the token's: by TOKEN_ROLLKARTA where that is set, otherwise by their own names. */
function rolesIn(payload: JWTPayload, { TOKEN_ROLLER, TOKEN_ROLLKARTA }: Config): Roll[] {
  const names = [claim(payload, TOKEN_ROLLER)].flat()
  return TOKEN_ROLLKARTA
    ? TOKEN_ROLLKARTA.flatMap(([name, roll]) => (names.includes(name) ? [roll as Roll] : []))
    : names.filter((name): name is Roll => typeof name === 'string' && Object.hasOwn(roller, name))
}

function partIn(payload: JWTPayload, klient: string, hasRole: boolean, config: Config): unknown {
  const ofClient = config.TOKEN_KLIENTPARTER?.find(([id]) => id === klient)
  if (ofClient) return ofClient[1]
  // Entra gives a directory attribute as an array.
  const [part, ...more] = [claim(payload, config.TOKEN_PART)].flat()
  if (part === undefined && hasRole) return config.TOKEN_PART_STANDARD
  return more.length === 0 ? part : undefined
}

/** A claim by name, or by a dotted path when no claim has the whole text as its name. */
function claim(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      payload,
    )
}
