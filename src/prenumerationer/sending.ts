import http from 'node:http'
import https from 'node:https'
import type { Config } from '../config.ts'
import { allowedAddresses, RefusedAddress } from './addresses.ts'
import { type Attempt, retryAfterOf } from './rules.ts'
import type { Leveransfel } from './schema.ts'
import { signedHeaders } from './signature.ts'

/** A message to a receiver. */
export type Message = { id: string; url: string; body: string; secrets: readonly string[]; now: string }

/** So much of an answer is read, in bytes; nobody looks at it, but a connection can then be used again. */
const longestAnswer = 65_536

export type Sender = ReturnType<typeof createSender>

/** Sends webhooks: signed, without following redirects, only to addresses that are allowed, and never for long. */
export function createSender(config: Config) {
  const addresses = allowedAddresses(config.WEBHOOK_TILLATNA_NAT)
  const agentOptions = { keepAlive: true, maxFreeSockets: 256, timeout: 60_000, lookup: addresses.lookup }
  const agents = { 'http:': new http.Agent(agentOptions), 'https:': new https.Agent(agentOptions) }
  let closed = false
  const limit = config.WEBHOOK_TIDSGRANS_SEKUNDER * 1000

  function once(message: Message): Promise<{ status: number; retryAfter: string | undefined }> {
    const url = new URL(message.url)
    addresses.checkLiteral(url)
    const { promise, resolve, reject } = Promise.withResolvers<{ status: number; retryAfter: string | undefined }>()
    const options: https.RequestOptions = {
      method: 'POST',
      agent: agents[url.protocol as keyof typeof agents],
      signal: AbortSignal.timeout(limit),
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': Buffer.byteLength(message.body),
        'user-agent': 'Hemvist',
        ...signedHeaders(message.id, message.now, message.body, message.secrets),
      },
    }
    const request = (url.protocol === 'https:' ? https : http).request(url, options, answer => {
      let length = 0
      answer.on('data', chunk => {
        length += chunk.length
        if (length > longestAnswer) answer.destroy()
      })
      answer.on('error', () => {})
      // However the body ends: the status has been given.
      answer.on('close', () =>
        resolve({ status: answer.statusCode as number, retryAfter: answer.headers['retry-after'] }),
      )
    })
    request.on('error', error => reject(Object.assign(error, { reused: request.reusedSocket })))
    request.end(message.body)
    return promise
  }

  return {
    addresses,

    /** One attempt. Never fails: what went wrong is in what it gives. */
    async send(message: Message): Promise<Attempt> {
      const started = performance.now()
      const attempt = (status: number | null, fel: Leveransfel | null, retryAfter: number | null = null): Attempt => ({
        tid: message.now,
        ms: Math.round(performance.now() - started),
        status,
        fel,
        retryAfter,
      })
      try {
        // A connection that the receiver closed just as it was used again says nothing of the receiver.
        const { status, retryAfter } = await once(message).catch(error => {
          if (!closed && error.reused && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) return once(message)
          throw error
        })
        if (status >= 200 && status < 300) return attempt(status, null)
        const isRedirect = status >= 300 && status < 400
        return attempt(status, isRedirect ? 'omdirigering' : 'felstatus', retryAfterOf(retryAfter, message.now))
      } catch (error) {
        return attempt(null, faultOf(error as NodeJS.ErrnoException))
      }
    },

    close(): void {
      closed = true
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

function faultOf(error: NodeJS.ErrnoException): Leveransfel {
  if (error instanceof RefusedAddress) return 'otillatenAdress'
  if (error.name === 'AbortError' || error.name === 'TimeoutError' || error.code === 'ETIMEDOUT') return 'tidsgrans'
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'okantNamn'
  if (/CERT|SIGNATURE|SELF_SIGNED|ISSUER|ALTNAME/.test(error.code ?? '')) return 'certifikat'
  return 'ingenAnslutning'
}
