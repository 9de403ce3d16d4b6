import { createHmac, randomBytes } from 'node:crypto'

/** A new secret as Standard Webhooks writes it: 32 bytes, base64, with a prefix that scanners know. */
export const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/**
 * The three headers of Standard Webhooks, one signature for each secret that is valid now.
 *
 * @param id the event's; the same in every attempt
 * @param now when the message is sent, ISO 8601
 */
export function signedHeaders(id: string, now: string, body: string, secrets: readonly string[]) {
  const timestamp = Math.floor(Date.parse(now) / 1000)
  const signature = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${timestamp}.${body}`)
      .digest('base64')
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map(secret => `v1,${signature(secret)}`).join(' '),
  }
}
