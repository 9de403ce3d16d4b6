import { type Static, type TObject, type TProperties, Type } from 'typebox'
import { urPoolen } from '../lagenheter/schema.ts'
import { andradAvNagonAnnan, finnsInte } from '../shared/refusals.ts'
import { Etag } from '../shared/schema-parts.ts'
import type { Work } from '../shared/work.ts'
import { Nyckel } from './schema.ts'

/** What an item led to: the row that it made or changed, and whom that is about. */
export type Led = { id: string; hushallId: string | null }

/** An item that is right: what it is about, what it says, and the version that it accepts. */
type Asked<N extends TProperties, B extends TObject> = {
  names: Static<TObject<N>>
  body: Static<B>
  ifMatch: (version: number) => void
}

/** A kind of item: what it has, and what is done with it. */
export type Handler = {
  does: string
  schema: TObject
  /** The fields by which it may name what it is about, one of which it has. */
  names: string[]
  /** Kept in order with every other of its kind: what two of them are about can hang together. */
  inOrder: boolean
  /** The command's name in the history. */
  atgard: (item: Item) => string
  /** @throws Refusal */
  run: (work: Work, item: Item) => Promise<Led>
}
/** An item that its schema has let through. */
export type Item = { nyckel: string; slag: string; [field: string]: unknown }

/** The command's name in the history, in `atgard`, is that of the party's own route. */
type Spec<N extends TProperties, B extends TObject> = {
  does: string
  atgard: string | ((body: Static<B>) => string)
  names: N
  body: B
  /** The single route takes If-Match. Here `etag` may be left out: then whatever version there is. */
  versioned?: boolean
  inOrder?: boolean
  run: (work: Work, asked: Asked<N, B>) => Promise<Led>
}

const ofThese = (fields: TProperties, item: Item) =>
  Object.fromEntries(Object.keys(fields).flatMap(name => (name in item ? [[name, item[name]]] : [])))

/** Makes a kind of item of what its party's own route takes. With several names any of them is enough. */
export function handler<N extends TProperties, B extends TObject>({
  does,
  atgard,
  names,
  body,
  versioned = false,
  inOrder = false,
  run,
}: Spec<N, B>): Handler {
  const named = Object.keys(names)
  const bodyOf = (item: Item) => ofThese(body.properties, item) as Static<B>
  return {
    does,
    names: named,
    inOrder,
    schema: Type.Object(
      {
        nyckel: Nyckel,
        slag: Type.String(),
        ...names,
        ...(versioned && { etag: Type.Optional(Etag) }),
        ...body.properties,
      },
      {
        additionalProperties: false,
        ...(named.length > 1 && { anyOf: named.map(name => ({ required: [name] })) }),
      },
    ) as TObject,
    atgard: item => (typeof atgard === 'string' ? atgard : atgard(bodyOf(item))),
    run: (work, item) =>
      run(work, {
        names: ofThese(names, item) as Static<TObject<N>>,
        body: bodyOf(item),
        ifMatch: version => {
          if (item.etag !== undefined && item.etag !== `"${version}"`) throw andradAvNagonAnnan()
        },
      }),
  }
}

/** A home that came again has the number of one that has left the pool. */
const present = `AND t.tillstand NOT IN (${urPoolen.map(state => `'${state}'`).join(', ')})`
const numbers = { fortur: 'forturnummer', stodlagenhet: 'stodlagenhetsnummer', lagenhet: 'objektnummer' } as const

/**
 * The id of what an item names by id, by number or by both. Whether the caller may do anything with it, the service says.
 *
 * @throws 404
 */
export async function idOf(
  { db }: Work,
  table: keyof typeof numbers,
  { id, nummer }: { id: string | undefined; nummer: string | undefined },
): Promise<string> {
  const number = numbers[table]
  const [row] = await db.query(
    `SELECT t.id, t.${number} AS nummer FROM ${table} t WHERE t.${id === undefined ? number : 'id'} = $1
     ${id === undefined && table === 'lagenhet' ? present : ''}`,
    [id ?? nummer],
  )
  if (!row || (nummer !== undefined && row.nummer !== nummer)) throw finnsInte()
  return row.id
}
