import type { FastifyRequest } from 'fastify'
import { actorsOf } from '../shared/caller.ts'
import type { Command } from '../shared/lifecycle.ts'
import { link } from './links.ts'

/** The commands that the caller can give now, as links (HYP.03): a frontend needs no copy of the lifecycle. */
export function commandLinks<Row extends { tillstand: string }>(
  request: FastifyRequest,
  lifecycle: { possible(tillstand: Row['tillstand'], actors: readonly string[]): [string, Command<Row>][] },
  row: Row,
  path: string,
) {
  return Object.fromEntries(
    lifecycle
      .possible(row.tillstand, actorsOf(request.caller))
      .map(([name, command]) => [
        name,
        link(request, name, `${path}/${filled(command.path, row)}`, 'POST', command.title),
      ]),
  )
}

/** A command's path with the row's own values: `erbjudanden/{erbjudandeId}/svar`. */
const filled = (path: string | undefined, row: object) =>
  path?.replace(/\{(\w+)\}/g, (_, field: string) => String((row as Record<string, unknown>)[field]))
