import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose'
import type { Config } from '../config.ts'
import { type Caller, type Partslag, parter, type Roll, roller } from '../shared/caller.ts'
import type { Clock } from '../shared/clock.ts'
import { StartError } from '../start-error.ts'

/** Says who a token is for, or null when it is not to be believed. Never throws for a bad token. */
export type TokenVerifier = { verify(token: string): Promise<Caller | null> }

const developmentIssuer = 'urn:hemvist:utveckling'
/** What an issuer may sign with: never `none`, never a shared secret. */
const algorithms = ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA']
const clockTolerance = 60

/** The development issuer's key. Exists only outside production. */
async function developmentKey(config: Config) {
  const path = join(config.DATA_DIR, 'utvecklingsnyckel.json')
  if (!existsSync(path)) {
    await mkdir(config.DATA_DIR, { recursive: true })
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const draft = `${path}.${randomUUID()}`
    await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 })
    await rename(draft, path)
    await chmod(path, 0o600)
  }
  const jwk = JSON.parse(await readFile(path, 'utf8'))
  const { d: _, ...publicJwk } = jwk
  return { privateKey: await importJWK(jwk, 'EdDSA'), publicKey: await importJWK(publicJwk, 'EdDSA') }
}

export type TokenRequest = { sub: string; roller: readonly Roll[]; part: string; minuter: number }

/**
 * A token from the development issuer, for a person with roles or for a party's machine.
 *
 * @throws StartError in production
 */
export async function developmentToken(config: Config, clock: Clock, request: TokenRequest): Promise<string> {
  if (config.NODE_ENV === 'production') throw new StartError('There is no development issuer in production.')
  const { privateKey } = await developmentKey(config)
  const now = Math.floor(clock.now().epochMilliseconds / 1000)
  return new SignJWT({ client_id: `utveckling:${request.sub}`, roller: request.roller, part: request.part })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'utveckling' })
    .setIssuer(developmentIssuer)
    .setAudience(config.OIDC_AUDIENCE)
    .setSubject(request.sub)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + request.minuter * 60)
    .sign(privateKey)
}

/**
 * Checks RFC 9068 access tokens: signature, type, issuer, audience and times. With OIDC_ISSUER those of that issuer,
 * otherwise, outside production, those of the development issuer.
 */
export async function createTokenVerifier(config: Config, clock: Clock): Promise<TokenVerifier> {
  const { issuer, keys } = config.OIDC_ISSUER
    ? { issuer: config.OIDC_ISSUER, keys: remoteKeys(config.OIDC_ISSUER) }
    : { issuer: developmentIssuer, keys: await developmentKeys(config) }
  return {
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer,
          audience: config.OIDC_AUDIENCE,
          typ: 'at+jwt',
          algorithms,
          clockTolerance,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(clock.now().epochMilliseconds),
        })
        return callerOf(payload, config)
      } catch {
        return null
      }
    },
  }
}

async function developmentKeys(config: Config): Promise<JWTVerifyGetKey> {
  const { publicKey } = await developmentKey(config)
  return async () => publicKey as CryptoKey
}

/** The issuer's keys, found by discovery at first use and kept while it cannot be reached. */
function remoteKeys(issuer: string): JWTVerifyGetKey {
  let found: JWTVerifyGetKey | undefined
  return async (header, token) => {
    if (!found) {
      const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
        signal: AbortSignal.timeout(5000),
      })
      const { jwks_uri } = (await answer.json()) as { jwks_uri: string }
      found = createRemoteJWKSet(new URL(jwks_uri))
    }
    return found(header, token)
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The caller that a token's claims describe, or null when they do not say which party it is. */
function callerOf(payload: JWTPayload, config: Config): Caller | null {
  const partText = claim(payload, config.TOKEN_PART)
  const [slag, partId = null, ...rest] = typeof partText === 'string' ? partText.split(':') : []
  const needsId = slag === 'hyresvard' || slag === 'kriscentrum' || slag === 'frivillig'
  if (!parter.includes(slag as Partslag) || slag === 'system' || rest.length > 0) return null
  if (needsId ? !uuid.test(partId ?? '') : partId !== null) return null
  const found = claim(payload, config.TOKEN_ROLLER)
  const known = Array.isArray(found)
    ? found.filter((roll): roll is Roll => typeof roll === 'string' && Object.hasOwn(roller, roll))
    : []
  const klient = claim(payload, config.TOKEN_KLIENT)
  return {
    sub: payload.sub as string,
    part: slag as Partslag,
    partId: partId?.toLowerCase() ?? null,
    roller: slag === 'socialforvaltningen' ? known : [],
    klient: typeof klient === 'string' ? klient : (payload.sub as string),
  }
}

/** A claim by name, or by a dotted path when no claim has the whole text as its name. */
function claim(payload: JWTPayload, path: string): unknown {
  if (path in payload) return payload[path]
  return path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], payload)
}
