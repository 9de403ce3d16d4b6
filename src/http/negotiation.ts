import type { FastifyInstance, FastifyRequest } from 'fastify'
import { felMedietyp } from './problems.ts'

/** Whether the caller asks for this media type by name. JSON is what everyone else gets (AME.02). */
export const wants = (request: FastifyRequest, mediaType: string): boolean =>
  request.headers.accept?.split(',').some(part => part.split(';')[0]?.trim().toLowerCase() === mediaType) ?? false

/**
 * A body in a media type that the route does not take, or in none, is refused before it is read (SAK.29): a route's
 * schema is chosen by media type, so what came in another would be validated by nothing.
 */
export function mediaTypes(app: FastifyInstance): void {
  app.addHook('preParsing', async request => {
    const { config, schema } = request.routeOptions
    if (!schema?.body || !config.operation) return
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
    const { accepts } = config.operation
    if (!accepts.includes(type)) throw felMedietyp(`Vägen tar emot Content-Type: ${accepts.join(', ')}.`)
  })
}
