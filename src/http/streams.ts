import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { defineProblem } from '../shared/refusals.ts'
import { felMedietyp } from './problems.ts'

const forStorFil = defineProblem(
  'for-stor-fil',
  413,
  'För stor fil',
  'Filen är större än vad vägen tar emot. Dela upp den.',
)

/**
 * Lets routes that say so take a spreadsheet, as the stream that it is; whoever reads it also counts it. Every other
 * route answers 415.
 */
export function spreadsheets(app: FastifyInstance): void {
  app.addContentTypeParser('text/csv', (request: FastifyRequest, payload, done) => {
    if (request.routeOptions.config.operation?.accepts.includes('text/csv')) done(null, payload)
    else done(felMedietyp())
  })
}

/** The body's bytes, up to a limit: a stream is not under the framework's own. */
export async function* limited(body: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  try {
    for await (const chunk of body instanceof Readable ? body.iterator({ destroyOnReturn: false }) : body) {
      left -= chunk.length
      if (left < 0) throw forStorFil(`Filen får ha högst ${bytes} byte.`)
      yield chunk
    }
  } finally {
    // What follows a refusal is read and thrown away: left unread, it would hold the connection, and the sender, up.
    if (body instanceof Readable) body.resume()
  }
}
