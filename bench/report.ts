import type { Result } from './measuring.ts'
import type { Timed } from './once.ts'
import type { Name } from './services.ts'

/** A row of the table: a work, at so many connections, of all that were asked. */
export type Line = {
  work: string
  connections: number
  goal: number | null
  results: Partial<Record<Name, Result>>
  /** The service's speed as a share of the others'. */
  of: Partial<Record<Name, number>>
}

type Column = { heading: string; of: (line: Line) => string | number | null | undefined }
const columns: Column[] = [
  { heading: 'work', of: line => line.work },
  { heading: 'conns', of: line => line.connections },
  { heading: 'per s', of: line => line.results.service?.perSecond },
  { heading: 'p50 ms', of: line => line.results.service?.p50 },
  { heading: 'p99 ms', of: line => line.results.service?.p99 },
  { heading: 'MB', of: line => line.results.service?.memoryMb },
  { heading: 'floor per s', of: line => line.results.floor?.perSecond },
  { heading: 'p99 ms', of: line => line.results.floor?.p99 },
  { heading: 'MB', of: line => line.results.floor?.memoryMb },
  { heading: 'Nest per s', of: line => line.results.nest?.perSecond },
  { heading: 'p99 ms', of: line => line.results.nest?.p99 },
  { heading: 'MB', of: line => line.results.nest?.memoryMb },
  { heading: 'of floor', of: line => line.of.floor },
  { heading: '(goal)', of: line => line.goal },
  { heading: 'of Nest', of: line => line.of.nest },
  { heading: 'of unlogged', of: line => line.of.withoutLog },
]
const widths = columns.map(({ heading }, index) => (index === 0 ? 29 : Math.max(heading.length, 7)))
const row = (cells: string[]) =>
  cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' ')

export const heading = (): string => row(columns.map(column => column.heading))
export const lineText = (line: Line): string => row(columns.map(column => String(column.of(line) ?? '-')))
export const timedText = ({ work, what, value, unit, goal }: Timed): string =>
  `${work.padEnd(64)} ${what.padEnd(25)} ${String(value).padStart(10)} ${unit}${goal ? ` (goal: ${goal})` : ''}`
