import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { createEncryption, type Encryption } from './shared/encryption.ts'
import { StartError } from './start-error.ts'

/**
 * The keys for personnummer: from the settings, or outside production from files in DATA_DIR that are made at first
 * use. Losing them loses every personnummer: in production they belong in the municipality's own key store.
 */
export async function readEncryption(config: Config): Promise<Encryption> {
  const [key, hashKey] = await Promise.all([
    keyOf(config, 'PERSONNUMMER_KEY', 'personnummer-key'),
    keyOf(config, 'PERSONNUMMER_HASH_KEY', 'personnummer-hash-key'),
  ])
  return createEncryption(key, hashKey)
}

async function keyOf(
  config: Config,
  name: 'PERSONNUMMER_KEY' | 'PERSONNUMMER_HASH_KEY',
  file: string,
): Promise<Buffer> {
  const given = config[name]
  if (given) return Buffer.from(given, 'base64')
  const path = join(config.DATA_DIR, file)
  await mkdir(config.DATA_DIR, { recursive: true }).catch(error => {
    throw new StartError(`The data folder ${config.DATA_DIR} cannot be used: ${error.message}.`)
  })
  // 'wx': of two processes that start at once, one makes the key and the other reads it.
  await writeFile(path, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' }).catch(error => {
    if (error.code !== 'EEXIST') throw new StartError(`The key file ${path} cannot be written: ${error.code}.`)
  })
  const text = await readFile(path, 'utf8').catch(error => {
    throw new StartError(`The key file ${path} cannot be read: ${error.code}.`)
  })
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new StartError(`The key file ${path} is damaged: it should hold 32 bytes in base64.`)
  return key
}
