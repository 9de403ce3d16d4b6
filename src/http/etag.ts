import type { FastifyReply, FastifyRequest } from 'fastify'
import { andradAvNagonAnnan, defineProblem } from '../shared/refusals.ts'

const ifMatchSaknas = defineProblem(
  'if-match-saknas',
  428,
  'If-Match saknas',
  'Läs resursen först och skicka dess ETag i rubriken If-Match, så att ingen annans ändring skrivs över.',
)

/** The strong ETag of a row version. */
export const etagOf = (version: number): string => `"${version}"`

/**
 * The versions that the caller accepts, from If-Match.
 *
 * @throws 428 when the header is missing
 */
export function ifMatchOf(request: FastifyRequest): (version: number) => void {
  const header = request.headers['if-match']
  if (!header) throw ifMatchSaknas()
  const accepted = header.split(',').map(tag => tag.trim())
  return version => {
    if (!accepted.includes('*') && !accepted.includes(etagOf(version))) throw andradAvNagonAnnan()
  }
}

export const setEtag = (reply: FastifyReply, version: number): FastifyReply => reply.header('etag', etagOf(version))
