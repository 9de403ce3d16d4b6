import assert from 'node:assert/strict'
import { entities } from '../../src/connections.ts'
import type { Harness } from '../harness.ts'
import type { Row } from './rows.ts'
import { type TableName, tables } from './tables.ts'

/** One row of the history: an insert has no `fore`. */
export type Change = {
  tid: string
  id: number
  tabell: string
  rad_id: string
  atgard: string
  av: string
  fore: Row | null
  efter: Row | null
}
/** The rows at a moment, and whether one has been in a state until then. */
export type World = { rowsOf: (table: string) => Row[]; hasBeen: (id: unknown, state: string) => boolean }
/** Who someone is in the lifecycle tables. */
export type ActorsOf = (sub: string) => readonly string[]

/** Fields without a value are left out of the history of a new row, so here they are nowhere. */
const withoutNull = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNull)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNull(inner)]])),
  )
}

/** What is done to a row under another name than its own command's: by a job, or as what follows from something else. */
const follows: Partial<Record<TableName, Record<string, string[]>>> = {
  arende: { 'kompletteringstider-gar-ut': ['kompletteringstidenGarUt'], omprova: ['omprova', 'omprovaOverklagat'] },
  fortur: {
    omprova: ['forlang'],
    'svar-pa-erbjudanden-uteblir': ['svarUteblir'],
    'forturer-gar-ut': ['giltighetenGarUt'],
  },
  erbjudande: { 'svar-pa-erbjudanden-uteblir': ['svarUteblir'] },
  hyresgaranti: {
    'forfall-oanvanda-beslut': ['forfalla'],
    'avsluta-utgangna-garantier': ['tidenGarUt', 'uppsagningstidenGarUt'],
    betalaUt: ['forbruka'],
    avgor: ['foreslaAvslut', 'avsluta'],
  },
  stodlagenhet: { besluta: ['forlang'], omprova: ['forlang'] },
  lagenhet: {
    foreslaMatch: ['reservera'],
    erbjud: ['reservera'],
    svara: ['slapp'],
    aterkallaForslag: ['slapp'],
    tackaNej: ['slapp'],
    tecknaAvtal: ['hyrUt'],
    havAvtal: ['hav'],
    bistandetUpphor: ['slapp'],
    flyttaIn: ['hyrUt', 'tom'],
    svaraPaOvertagande: ['overlat'],
    uppsagning: ['sagUpp'],
    flyttaUt: ['tom'],
    avsluta: ['slapp', 'tom', 'overlat'],
    importera: ['laggIn'],
    atgarda: ['klar', 'besiktiga', 'aterlamna'],
  },
  genomgang: {
    'flagga-forfallna-genomgangar': ['forfalla'],
    'avsluta-utgangna-garantier': ['utga'],
    hyresavtaletUpphor: ['utga'],
    avsluta: ['utga'],
    betalaUt: ['utga'],
    avgor: ['avgor', 'utga'],
  },
}

/**
 * The rows as the history tells them, step by step. Each step is held against the row before it and against the table of
 * its lifecycle as it is read.
 *
 * @param onInsert looks at a new row when everything else is as it was before it
 * @param onStep looks at each change, when everything else is as it was before it
 */
export function replay(
  actorsOf: ActorsOf,
  onInsert: (table: string, row: Row, world: World) => void = () => {},
  onStep: (change: Change, before: Row | null, after: Row, rowsOf: World['rowsOf']) => void = () => {},
) {
  const world = new Map<string, Map<string, Row>>()
  /** Every line of a table that has been gone. */
  const gone = new Set<string>()
  const been = new Set<string>()
  const rowsOf = (table: string) => [...(world.get(table)?.values() ?? [])]
  const hasBeen = (id: unknown, state: string) => been.has(`${id} ${state}`)

  function checkStep(tabell: string, before: Row | null, after: Row, { atgard, av }: Change) {
    const table = tables[tabell as TableName]
    if (!table) return
    const [from, to] = [before?.tillstand as string, after.tillstand as string]
    assert(table.states.includes(to), `${tabell} is in the state ${to}, which is none`)
    if (!before) return assert(table.initial.includes(to), `${tabell} begins as ${to}`)
    const own = table.lines.some(({ command }) => command === atgard)
    const commands = follows[tabell as TableName]?.[atgard] ?? (own ? [atgard] : [])
    const line = table.lines.find(line => line.from === from && line.to.includes(to) && commands.includes(line.command))
    if (!line && from === to && !own) return
    assert(line, `${tabell} went from ${from} to ${to} by ${atgard}, which is not in the table`)
    const may = line.by.includes('system') || line.by.some(actor => actorsOf(av).includes(actor))
    assert(may, `${tabell}: ${atgard} from ${from} by ${av}, who may not`)
    gone.add(`${tabell}: ${from} ${line.command}`)
  }

  function apply(change: Change): void {
    const { tabell, rad_id, fore, efter } = change
    const rows = world.get(tabell) ?? new Map<string, Row>()
    world.set(tabell, rows)
    const before = rows.get(rad_id) ?? null
    if (fore === null) {
      assert.equal(before, null, `${tabell} ${rad_id} is made twice`)
      onInsert(tabell, efter as Row, { rowsOf, hasBeen })
    } else {
      const known = Object.fromEntries(Object.keys(fore).map(key => [key, before?.[key] ?? null]))
      assert.deepEqual(
        withoutNull(known),
        withoutNull(fore),
        `${tabell} ${rad_id} was not what ${change.atgard} changed`,
      )
    }
    if (efter === null) return void rows.delete(rad_id)
    const after = { ...before, ...efter }
    checkStep(tabell, before, after, change)
    onStep(change, before, after, rowsOf)
    rows.set(rad_id, after)
    been.add(`${rad_id} ${after.tillstand}`)
  }

  return { apply, rowsOf, gone }
}
export type Replay = ReturnType<typeof replay>

/** Reads what has been written since the last time. */
export function historyOf({ owner }: Harness) {
  let [tid, id] = ['-infinity', 0]
  return async (): Promise<Change[]> => {
    const { rows } = await owner.query(
      `SELECT tid::text, id::int, tabell, rad_id, atgard, av, fore, efter FROM historik
       WHERE (tid, id) > ($1::timestamptz, $2) ORDER BY tid, id`,
      [tid, id],
    )
    const last = rows.at(-1)
    if (last) [tid, id] = [last.tid, last.id]
    return rows
  }
}

/** Every row of the database is what the history tells, and the history tells of no other. */
export async function expectExplained({ owner }: Harness, { rowsOf }: Replay): Promise<void> {
  const client = await owner.connect()
  try {
    // As the service's own connections have it: instants are texts in the history.
    await client.query("SET TIME ZONE 'UTC'")
    for (const table of entities.map(({ options }) => options.name)) {
      const { rows } = await client.query(
        `SELECT to_jsonb(t) - ARRAY['personnummer_krypterat', 'personnummer_hash'] AS row FROM ${table} t`,
      )
      const keyOf = ({ id, period }: Row) => id ?? period
      const told = new Map(rowsOf(table).map(row => [keyOf(row), withoutNull(row)]))
      assert.equal(rows.length, told.size, `${table} has another number of rows than its history tells`)
      for (const { row } of rows)
        assert.deepEqual(withoutNull(row), told.get(keyOf(row)), `${table} is not what its history tells`)
    }
  } finally {
    client.release()
  }
}
