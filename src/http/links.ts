import type { FastifyRequest } from 'fastify'
import type { Lank } from '../shared/schema-parts.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Base of links when the gateway does not say another: PUBLIC_URL, or where the service listens. */
    publicUrl: () => string
    /** Whether the sender of this request is a gateway whose `Forwarded` is believed. */
    trustsProxy: (address: string) => boolean
  }
}

/** The API's base URL without `/v1`: from the gateway's `Forwarded` (RFC 7239; HYP.09), else the configured one. */
export function baseOf(request: FastifyRequest): string {
  const forwarded = request.headers.forwarded
  if (forwarded && request.server.trustsProxy(request.socket.remoteAddress ?? '')) {
    const first = forwarded.split(',')[0] ?? ''
    const host = /(?:^|;)\s*host="?([\w.:[\]-]+)"?/i.exec(first)?.[1]
    const proto = /(?:^|;)\s*proto="?(https?)"?/i.exec(first)?.[1]?.toLowerCase() ?? 'https'
    if (host) return `${proto}://${host}${new URL(request.server.publicUrl()).pathname.replace(/\/$/, '')}`
  }
  return request.server.publicUrl()
}

/** Absolute address of a path under `/v1`. */
export const href = (request: FastifyRequest, path: string): string => `${baseOf(request)}/v1${path}`

export const link = (request: FastifyRequest, rel: string, path: string, method = 'GET', title?: string): Lank => ({
  href: href(request, path),
  rel,
  method,
  ...(title ? { title } : {}),
})
