import { randomBytes } from 'node:crypto'

/**
 * A new public id: UUIDv7 (RFC 9562), so that rows of a time lie together in the index.
 *
 * @param now the instant of the work; the id tells it to whoever reads it
 */
export function newId(now: string): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Temporal.Instant.from(now).epochMilliseconds, 0, 6)
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f)
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
