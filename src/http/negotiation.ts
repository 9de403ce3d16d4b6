import type { FastifyRequest } from 'fastify'

/** Whether the caller asks for this media type by name. JSON is what everyone else gets (AME.02). */
export const wants = (request: FastifyRequest, mediaType: string): boolean =>
  request.headers.accept?.split(',').some(part => part.split(';')[0]?.trim().toLowerCase() === mediaType) ?? false
