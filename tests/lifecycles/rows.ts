import type { Harness } from '../harness.ts'

export type Row = Record<string, unknown>

/** A process with a lifecycle, and one row of it that can be put into each state. */
export type Process = {
  lifecycle: {
    initial: string
    states: readonly string[]
    commands: Record<string, { path?: string; by: readonly string[]; from: unknown; to: unknown }>
  }
  table: string
  id: string
  path: string
  base: Row
  /** Columns of the row in each state, beside the ones it has. */
  states: Record<string, Row>
  /** Puts what the row is about in order for a state and the command to come, and takes away what commands have made. */
  before: (state: string, command: string) => Promise<void>
  /** Columns that a command asks for beside the state. */
  needs?: Record<string, Row>
  /** Bodies that are right: in every state from which the command can be given, or by state. */
  bodies: Record<string, object[] | Record<string, object[]>>
  /** The offer that a command's path names. */
  erbjudandeId?: string
  /** The party outside socialförvaltningen that meets it, a landlord unless another is named. */
  party?: 'hyresvard' | 'serviceforvaltningen'
  /** Where that party gives its commands, and, when it can read the row, the states in which there is none for it. */
  landlordsPath?: Record<string, string>
  hiddenFromLandlord?: string[]
  /** Commands that answer something else than the row. */
  answersAnother?: string[]
  /** Some of its fields can be changed by PATCH; never the state. */
  patchable?: boolean
}

/** A row as the database has it. */
export const readRow = async ({ owner }: Harness, table: string, id: string): Promise<Row> =>
  (await owner.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE id = $1`, [id])).rows[0].row

/** Writes a row as its owner, past every rule but the database's own. */
export async function writeRow({ owner }: Harness, table: string, row: Row): Promise<void> {
  const columns = Object.keys(row).filter(column => column !== 'id')
  await owner.query(
    `UPDATE ${table} t SET ${columns.map(column => `${column} = x.${column}`).join(', ')}
     FROM jsonb_populate_record(NULL::${table}, $1) x WHERE t.id = x.id`,
    [row],
  )
}

export async function insertRow({ owner }: Harness, table: string, row: Row): Promise<void> {
  await owner.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`, [row])
}

const all =
  `hyresgaranti garantikrav regressfordran regressbetalning genomgang arende utredning beslut fortur erbjudande
  barnchecklista lagenhet upplatelse stodlagenhet bostadsforslag avstaende bf_boende bf_stod overgangsprovning utlamnande historik`.split(
    /\s+/,
  )

/** A sum of every table: the same as before when nothing at all has changed. */
export async function everything({ owner }: Harness): Promise<Row> {
  const sums = all.map(table => `(SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM ${table} t) AS ${table}`)
  return (await owner.query(`SELECT ${sums.join(', ')}`)).rows[0]
}
