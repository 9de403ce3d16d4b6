import { DefaultNamingStrategy, type EntityManager, EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import { andradAvNagonAnnan } from './refusals.ts'

/** Every property of `T` has a column. TypeORM itself accepts a table that forgets some. */
export type ColumnsOf<T> = { [Property in keyof T]-?: EntitySchemaColumnOptions }

/** `manadshyraOre` -> `manadshyra_ore`. The one rule between a property and its column. */
export const snakeCase = (property: string): string => property.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/** Tells TypeORM the rule of `snakeCase`, so that entities need not spell column names. */
export class SnakeCaseColumns extends DefaultNamingStrategy {
  override columnName(property: string, customName: string | undefined): string {
    return customName || snakeCase(property)
  }
}

/** `timestamptz` is ISO 8601 text in UTC in our types; TypeORM would make a Date of it. */
const isoText = { from: (value: Date | null) => value?.toISOString() ?? null, to: (value: unknown) => value }

export const id: EntitySchemaColumnOptions = { type: 'uuid', primary: true }
export const uuid: EntitySchemaColumnOptions = { type: 'uuid' }
export const text: EntitySchemaColumnOptions = { type: 'text' }
export const int: EntitySchemaColumnOptions = { type: 'int' }
export const bool: EntitySchemaColumnOptions = { type: 'boolean' }
export const day: EntitySchemaColumnOptions = { type: 'date' }
export const instant: EntitySchemaColumnOptions = { type: 'timestamptz', transformer: isoText }
export const json: EntitySchemaColumnOptions = { type: 'jsonb' }
export const textList: EntitySchemaColumnOptions = { type: 'text', array: true }
export const nullable = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  nullable: true,
})

/** The CHECK constraint of a list of values: the migration writes it, a test compares the two. */
export const oneOfCheck = (table: string, property: string, values: readonly string[]) => ({
  name: `${table}_${snakeCase(property)}`,
  expression: `${snakeCase(property)} IN (${values.map(value => `'${value}'`).join(', ')})`,
})

/** A table that keeps `T` and nothing else. */
export function table<T extends object>(
  name: string,
  columns: ColumnsOf<T>,
  checks: { name: string; expression: string }[] = [],
): EntitySchema<T> {
  return new EntitySchema<T>({ name, columns: columns as EntitySchema<T>['options']['columns'], checks })
}

const selectLists = new WeakMap<EntitySchema<unknown>, Map<string, string>>()

/** The columns of a table as SQL, named as the properties: `h.hushall_id AS "hushallId"`. */
export function selectList<T>(entity: EntitySchema<T>, alias: string): string {
  const lists = selectLists.get(entity as EntitySchema<unknown>) ?? new Map<string, string>()
  selectLists.set(entity as EntitySchema<unknown>, lists)
  const known = lists.get(alias)
  if (known) return known
  const list = Object.keys(entity.options.columns)
    .map(property => `${alias}.${snakeCase(property)} AS "${property}"`)
    .join(', ')
  lists.set(alias, list)
  return list
}

/**
 * One row by its key, or null.
 *
 * @param lock 'FOR UPDATE' when the row is read in order to decide: nobody else may decide meanwhile
 */
export async function findRow<T>(
  db: EntityManager,
  entity: EntitySchema<T>,
  rowId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<T | null> {
  const { name } = entity.options
  const rows = await db.query(`SELECT ${selectList(entity, 't')} FROM ${name} t WHERE t.id = $1 ${lock}`, [rowId])
  return rows[0] ?? null
}

/** Inserts rows as they are: every column is given, none is made by the database. */
export async function insertRows<T extends object>(
  db: EntityManager,
  entity: EntitySchema<T>,
  rows: T[],
): Promise<void> {
  if (rows.length > 0) await db.insert(entity, rows as never)
}

/**
 * Writes changes to a row that was read at a version, and returns the row as it became.
 *
 * @throws 412 when the row has another version now: TypeORM's `save` would overwrite it
 */
export async function changeRow<T extends { id: string; version: number; andrad: string }>(
  db: EntityManager,
  entity: EntitySchema<T>,
  row: T,
  changes: Partial<T>,
  now: string,
): Promise<T> {
  const next = { ...changes, version: row.version + 1, andrad: now }
  const { affected } = await db.update(entity, { id: row.id, version: row.version } as never, next as never)
  if (affected !== 1) throw andradAvNagonAnnan()
  return { ...row, ...next }
}

/** The name of the violated constraint, if that is what the error is. */
export function violatedConstraint(error: unknown): string | undefined {
  const driverError = (error as { driverError?: unknown }).driverError ?? error
  const { code, constraint } = driverError as { code?: string; constraint?: string }
  return code?.startsWith('23') ? constraint : undefined
}

/** Turns the violation of a named constraint into a refusal; every other error passes. */
export async function onConstraint<T>(work: Promise<T>, refusals: Record<string, () => Error>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const refusal = refusals[violatedConstraint(error) ?? '']
    throw refusal ? refusal() : error
  }
}

/** A joined row as one JSON value with the properties' names, or null where there is none. */
export function jsonObject<T>(entity: EntitySchema<T>, alias: string): string {
  const pairs = Object.keys(entity.options.columns).map(property => `'${property}', ${alias}.${snakeCase(property)}`)
  return `CASE WHEN ${alias}.id IS NULL THEN NULL ELSE json_build_object(${pairs.join(', ')}) END`
}

/**
 * Writes many rows, each read at its version, in one statement.
 *
 * @param rows the rows as they shall be, with the version that was read
 * @param changed the properties to write, the same for all
 * @throws 412 when any of them has another version now; then none is written, once the transaction is rolled back
 */
export async function changeMany<T extends { id: string; version: number; andrad: string }>(
  db: EntityManager,
  entity: EntitySchema<T>,
  rows: T[],
  changed: (keyof T & string)[],
  now: string,
): Promise<void> {
  if (rows.length === 0) return
  const { name, columns } = entity.options
  const typeOf = (property: string) => (columns as Record<string, EntitySchemaColumnOptions>)[property]?.type as string
  const fields = ['id', 'version', ...changed]
  const values = rows.map(row => Object.fromEntries(fields.map(field => [snakeCase(field), row[field as keyof T]])))
  const [, count] = await db.query(
    `UPDATE ${name} t SET ${changed.map(field => `${snakeCase(field)} = x.${snakeCase(field)}`).join(', ')},
       version = t.version + 1, andrad = $2
     FROM jsonb_to_recordset($1) AS x (${fields.map(field => `${snakeCase(field)} ${typeOf(field)}`).join(', ')})
     WHERE t.id = x.id AND t.version = x.version`,
    [JSON.stringify(values), now],
  )
  if (count !== rows.length) throw andradAvNagonAnnan()
}

/** Rows as one JSON parameter, `$1`: many rows are one statement, whose text is always the same. */
export function recordset<T>({ options: { columns } }: EntitySchema<T>): { columns: string; source: string } {
  const types = Object.entries(columns as Record<string, EntitySchemaColumnOptions>)
  return {
    columns: types.map(([property]) => snakeCase(property)).join(', '),
    source: `(SELECT ${types.map(([property]) => `"${property}" AS ${snakeCase(property)}`).join(', ')}
      FROM jsonb_to_recordset($1) AS x (${types.map(([property, { type, array }]) => `"${property}" ${type}${array ? '[]' : ''}`).join(', ')})) AS rader`,
  }
}

/** Inserts many rows in one statement, as they are. */
export async function insertMany<T extends object>(
  db: EntityManager,
  entity: EntitySchema<T>,
  rows: T[],
  onConflict = '',
): Promise<void> {
  const { columns, source } = recordset(entity)
  await db.query(`INSERT INTO ${entity.options.name} (${columns}) SELECT ${columns} FROM ${source} ${onConflict}`, [
    JSON.stringify(rows),
  ])
}
