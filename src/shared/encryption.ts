import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** What keeps personnummer unreadable in the database and still searchable by exact match. */
export type Encryption = ReturnType<typeof createEncryption>

/**
 * AES-256-GCM with a random nonce, as `v1.<base64url of nonce, tag and text>`; and a keyed hash (HMAC-SHA-256).
 *
 * @param key 32 bytes for encryption
 * @param hashKey 32 bytes for the hash; another key, so that knowing one says nothing of the other
 */
export function createEncryption(key: Buffer, hashKey: Buffer) {
  return {
    encrypt(text: string): string {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `v1.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`
    },
    /** @throws when the text was not written with this key, or was altered */
    decrypt(stored: string): string {
      const bytes = Buffer.from(stored.slice(3), 'base64url')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(12, 28))
      return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
    },
    hash: (text: string): string => createHmac('sha256', hashKey).update(text).digest('base64url'),
  }
}
