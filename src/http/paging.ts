import type { FastifyRequest } from 'fastify'
import { type TProperties, type TSchema, Type } from 'typebox'
import { Lankar, ListMeta, ref } from '../shared/schema-parts.ts'
import { link } from './links.ts'

/** Totals are counted up to here: counting must not cost more as the table grows. */
export const countedAtMost = 10_000

/** `page` and `limit`, for the query schema of a list. */
export const pageQuery = {
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1, description: 'Sida, från 1.' })),
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'Poster per sida, högst 100.' }),
  ),
}

/** The query of a list: filters, and the paging that every list has. */
export const listQuery = <P extends TProperties>(filters: P) =>
  Type.Object({ ...filters, ...pageQuery }, { additionalProperties: false })

/** The envelope of a list: `{ <name>: [...], _meta, _links }`. */
export function listOf<T extends TSchema>(name: string, component: string, item: T) {
  const example = (item as { example?: unknown }).example
  return Type.Object(
    { [name]: Type.Array(ref(item)), _meta: ref(ListMeta), _links: Lankar },
    {
      $id: component,
      additionalProperties: false,
      example: {
        [name]: example ? [example] : [],
        _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
        _links: { self: { href: `https://api.example.se/hemvist/v1/${name}`, rel: 'self', method: 'GET' } },
      },
    },
  )
}

export type Paged = { page?: number; limit?: number }
export const offsetOf = ({ page = 1, limit = 20 }: Paged) => ({ limit, offset: (page - 1) * limit })

/** `_meta` and `_links` of a page. `total` is as counted, at most `countedAtMost + 1`. */
export function pageOf(request: FastifyRequest, { page = 1, limit = 20 }: Paged, count: number, total: number) {
  const exact = total <= countedAtMost
  const totalPages = Math.max(1, Math.ceil(total / limit))
  const to = (rel: string, target: number) => {
    const [path, query = ''] = request.url.split('?')
    const params = new URLSearchParams(query)
    params.set('page', String(target))
    params.set('limit', String(limit))
    return link(request, rel, `${path?.replace(/^\/v1/, '')}?${params}`)
  }
  const hasNext = exact ? page < totalPages : count === limit
  return {
    _meta: {
      page,
      limit,
      count,
      ...(exact ? { totalRecords: total, totalPages } : { totalRecordsAtLeast: countedAtMost }),
    },
    _links: {
      self: to('self', page),
      first: to('first', 1),
      ...(page > 1 && { prev: to('prev', page - 1) }),
      ...(hasNext && { next: to('next', page + 1) }),
      ...(exact && { last: to('last', totalPages) }),
    },
  }
}
