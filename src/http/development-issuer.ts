import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, importJWK, type JWTVerifyGetKey, SignJWT } from 'jose'
import type { Config } from '../config.ts'
import { writeFirst } from '../keys.ts'
import type { Roll } from '../shared/caller.ts'
import type { Clock } from '../shared/clock.ts'
import { StartError } from '../start-error.ts'

export const developmentIssuer = 'urn:hemvist:utveckling'

/** The development issuer's key. Exists only outside production. */
async function developmentKey(config: Config) {
  const path = join(config.DATA_DIR, 'utvecklingsnyckel.json')
  if (!existsSync(path)) {
    await mkdir(config.DATA_DIR, { recursive: true })
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    await writeFirst(path, JSON.stringify(await exportJWK(privateKey)))
  }
  const jwk = JSON.parse(await readFile(path, 'utf8'))
  const { d: _, ...publicJwk } = jwk
  return { privateKey: await importJWK(jwk, 'EdDSA'), publicKey: await importJWK(publicJwk, 'EdDSA') }
}

/** What the development issuer's tokens are checked with. */
export async function developmentKeys(config: Config): Promise<JWTVerifyGetKey> {
  const { publicKey } = await developmentKey(config)
  return async () => publicKey as CryptoKey
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
