import { type Static, type TSchema, Type } from 'typebox'

/**
 * Parts that every domain's `schema.ts` is built of. `example` is what OpenAPI readers see and what a test validates.
 */
export const Id = Type.String({ format: 'uuid', example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' })

/** A calendar day in Sweden, `YYYY-MM-DD`. */
export const Datum = Type.String({ format: 'date', example: '2026-09-01' })

/** An instant in UTC, RFC 3339. */
export const Tidpunkt = Type.String({ format: 'date-time', example: '2026-09-01T08:30:00.000Z' })

/** Money: whole öre, from 0 to 20 million kronor. */
export const Ore = Type.Integer({ minimum: 0, maximum: 2_000_000_000, example: 845000 })

/** Row version; the ETag of the resource is this number in quotes. */
export const Version = Type.Integer({ minimum: 1, example: 1 })

/** The strong ETag of a list item, so that a client can change it straight from the list. */
export const Etag = Type.String({ description: 'Skickas i If-Match när posten ändras.', example: '"3"' })

/** Free text from a person: trimmed of nothing, never empty, bounded. */
export const text = (maxLength: number, example: string) =>
  Type.String({ minLength: 1, maxLength, pattern: '\\S', example })

/** A month, `YYYY-MM`. */
export const Manad = Type.String({ pattern: '^(19|20)\\d\\d-(0[1-9]|1[0-2])$', example: '2026-03' })

/** A half-year, `2026H2`. */
export const Period = Type.String({ pattern: '^20\\d\\dH[12]$', example: '2026H2' })

export const oneOf = <const Values extends readonly string[]>(values: Values, options: Record<string, unknown> = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: values, example: values[0], ...options })

/**
 * A field that may be unknown. Absent and null mean the same in requests; answers always have the field.
 * Written as a list of types: a union would make the serialiser try each branch with a validator.
 */
export function orNull<T extends TSchema>(schema: T) {
  const { type, enum: values, ...rest } = schema as { type?: string; enum?: unknown[] }
  if (typeof type !== 'string') throw new Error('only a schema with one type can also be null')
  return Type.Unsafe<Static<T> | null>({ ...rest, type: [type, 'null'], ...(values && { enum: [...values, null] }) })
}

/** A value of one of several plain types. */
export const either = <T>(types: string[], options: Record<string, unknown> = {}) =>
  Type.Unsafe<T>({ type: types, ...options })

/** Any JSON value. */
export const anything = <T>(options: Record<string, unknown> = {}) => Type.Unsafe<T>(options)

/** Every named component that something refers to, for the validators and the OpenAPI document. */
export const components = new Map<string, TSchema>()

/** A named component, referred to instead of repeated. */
export function ref<T extends TSchema>(schema: T) {
  const { $id } = schema as { $id?: string }
  if (!$id) throw new Error('a component needs an $id')
  if (components.has($id) && components.get($id) !== schema) throw new Error(`two components are named ${$id}`)
  components.set($id, schema)
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` })
}

/** The example of a component, to build another's of. */
export const exampleOf = (schema: TSchema): unknown => (schema as { example?: unknown }).example

/** A link to something that can be read or done (api.md 25). */
export const Lank = Type.Object(
  {
    href: Type.String({ format: 'uri', example: 'https://api.example.se/hemvist/v1/hyresgarantier' }),
    rel: Type.String({ example: 'self' }),
    method: Type.String({ example: 'GET' }),
    title: Type.Optional(Type.String({ example: 'Föreslå avslut' })),
  },
  {
    $id: 'Lank',
    additionalProperties: false,
    example: { href: 'https://api.example.se/hemvist/v1/hyresgarantier', rel: 'self', method: 'GET' },
  },
)
export type Lank = Static<typeof Lank>

/** `_links` of an item: by relation or command name. */
export const Lankar = Type.Record(Type.String(), ref(Lank))

/** `_meta` of a list. Totals are exact up to 10 000, then only `totalRecordsAtLeast` is given. */
export const ListMeta = Type.Object(
  {
    page: Type.Integer({ example: 1 }),
    limit: Type.Integer({ example: 20 }),
    count: Type.Integer({ description: 'Antal poster i detta svar.', example: 20 }),
    totalRecords: Type.Optional(Type.Integer({ example: 40 })),
    totalPages: Type.Optional(Type.Integer({ example: 2 })),
    totalRecordsAtLeast: Type.Optional(Type.Integer({ example: 10000 })),
  },
  {
    $id: 'ListMeta',
    additionalProperties: false,
    example: { page: 1, limit: 20, count: 20, totalRecords: 40, totalPages: 2 },
  },
)

/** The body of a command that needs nothing but to be given. */
export const Tomt = Type.Object({}, { $id: 'Tomt', additionalProperties: false, example: {} })
