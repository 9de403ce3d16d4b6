import type { FastifyRequest } from 'fastify'
import { etagOf } from '../http/etag.ts'
import { link } from '../http/links.ts'
import type { Listat } from './service.ts'

/** A decision as socialförvaltningen sees it. Its grounds stay in the investigation. */
export const beslutView = (request: FastifyRequest, { grunder: _, bedomning, ...beslut }: Listat) => ({
  ...beslut,
  kriterier: bedomning?.kriterier ?? [],
  etag: etagOf(beslut.version),
  _links: {
    self: link(request, 'self', `/beslut/${beslut.id}`),
    arende: link(request, 'up', `/arenden/${beslut.arendeId}`),
    ...(beslut.ersatterId && { ersatter: link(request, 'predecessor-version', `/beslut/${beslut.ersatterId}`) }),
    ...(beslut.ersattAvId && { ersattAv: link(request, 'successor-version', `/beslut/${beslut.ersattAvId}`) }),
    ...(beslut.delgivenDatum === null &&
      request.caller.roller.includes('handlaggare') && {
        delge: link(request, 'delge', `/beslut/${beslut.id}/delgivning`, 'POST', 'Skriva in delgivningen'),
      }),
  },
})
