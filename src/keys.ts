import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
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

/**
 * Writes a file that only its owner reads, unless there is one: of processes that start at once one makes it, and none
 * reads it before it is whole.
 */
export async function writeFirst(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, text, { mode: 0o600 })
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
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
  if (!existsSync(path))
    await writeFirst(path, randomBytes(32).toString('base64')).catch(error => {
      throw new StartError(`The key file ${path} cannot be written: ${error.code}.`)
    })
  const text = await readFile(path, 'utf8').catch(error => {
    throw new StartError(`The key file ${path} cannot be read: ${error.code}.`)
  })
  const key = Buffer.from(text, 'base64')
  if (key.length !== 32) throw new StartError(`The key file ${path} is damaged: it should hold 32 bytes in base64.`)
  return key
}
