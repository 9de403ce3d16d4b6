import type { TSchema } from 'typebox'
import type { Day } from './dates.ts'
import { formatOrganisationsnummer, isOrganisationsnummer } from './organisationsnummer.ts'
import { personnummerFromSpreadsheet } from './personnummer.ts'

/** What is wrong with a row. `falt` is the column, null when it is the whole row. Never says the value. */
export type Radfel<Column extends string = string> = { falt: Column | null; kod: string; meddelande: string }

/** How a cell is read: its value, or undefined and then `kod` and what it must be. */
export type Form<T> = { read: (text: string, today: Day) => T | undefined; kod: string; krav: string }

/** The bounds that the register's own schemas set. */
const boundsOf = (schema: TSchema) =>
  schema as unknown as { minimum: number; maximum: number; maxLength: number; pattern: string }

/** A text of bounded length. */
export function textOf(schema: TSchema): Form<string> {
  const { maxLength } = boundsOf(schema)
  return {
    // Length as JSON Schema counts it: an emoji is one character.
    read: text => (text.length <= maxLength || [...text].length <= maxLength ? text : undefined),
    kod: 'for-lang-text',
    krav: `ska vara högst ${maxLength} tecken`,
  }
}

/** A number of the municipality's own, such as an agreement's. @param kod when it is not one */
export function numberOf(schema: TSchema, kod: string): Form<string> {
  const pattern = new RegExp(boundsOf(schema).pattern)
  return {
    read: text => (pattern.test(text) ? text : undefined),
    kod,
    krav: `ska vara högst ${boundsOf(schema).maxLength} tecken: bokstäver A-Z, siffror och / _ -, med en bokstav eller siffra först`,
  }
}

/** Twelve digits. */
export const personnummer: Form<string> = {
  read: (text, today) => personnummerFromSpreadsheet(text, today) ?? undefined,
  kod: 'fel-personnummer',
  krav: 'ska ha formen ÅÅÅÅMMDD-NNNN, ÅÅÅÅMMDDNNNN eller ÅÅMMDD-NNNN (plustecken från hundra år), med rätt kontrollsiffra',
}

/** With its hyphen. */
export const organisationsnummer: Form<string> = {
  read: text => (isOrganisationsnummer(text) ? formatOrganisationsnummer(text) : undefined),
  kod: 'fel-organisationsnummer',
  krav: 'ska ha formen NNNNNN-NNNN med rätt kontrollsiffra, och inte vara ett personnummer',
}

/** Space between thousands is an ordinary one or, as Excel writes it, one that does not break. */
const amount = /^(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d{1,9})(?:,(\d{1,2}))?(?:[ \u00a0]?kr)?$/i

/** Kronor as people write them; öre in the register. */
export function kronorOf(schema: TSchema): Form<number> {
  const { minimum, maximum } = boundsOf(schema)
  const inKronor = (ore: number) => String(ore / 100)
  return {
    read: text => {
      const [, whole, cents = ''] = amount.exec(text) ?? []
      if (whole === undefined) return undefined
      const ore = Number(whole.replace(/\D/g, '')) * 100 + Number(cents.padEnd(2, '0'))
      return ore >= minimum && ore <= maximum ? ore : undefined
    },
    kod: 'fel-belopp',
    krav: `ska vara ${inKronor(minimum)}-${inKronor(maximum)} kronor, som 8450 eller 8 450,00`,
  }
}

export function wholeOf(schema: TSchema): Form<number> {
  const { minimum, maximum } = boundsOf(schema)
  return {
    read: text =>
      /^\d{1,9}$/.test(text) && Number(text) >= minimum && Number(text) <= maximum ? Number(text) : undefined,
    kod: 'fel-antal',
    krav: `ska vara ett heltal, ${minimum}-${maximum}`,
  }
}

/** A day, also as Excel writes a cell that it takes for a point in time: at midnight. */
const day = /^((?:19|20|21)\d\d)(-?)(\d\d)\2(\d\d)(?:[ T]00:00(?::00(?:[.,]0{1,6})?)?)?$/

export const datum: Form<Day> = {
  read: text => {
    const [, year, , month, dayOfMonth] = day.exec(text) ?? []
    if (year === undefined) return undefined
    const found = `${year}-${month}-${dayOfMonth}`
    try {
      return Temporal.PlainDate.from(found).toString()
    } catch {
      return undefined
    }
  },
  kod: 'fel-datum',
  krav: 'ska vara ett datum som finns, som 2020-03-01 eller 20200301',
}

/** One of a few words, in any case and with any spaces. */
export function oneOf<const T extends string>(words: Record<string, T>): Form<T> {
  const byWord = new Map(Object.entries(words))
  return {
    read: text => byWord.get(text.toLowerCase().replace(/\s/g, '')),
    kod: 'fel-val',
    krav: `ska vara ${[...new Set(Object.values(words))].join(' eller ')}`,
  }
}

/** Several of something, with a comma between. */
export function severalOf<T>(form: Form<T>, maxItems: number): Form<T[]> {
  return {
    read: (text, today) => {
      const read = text.split(',').map(part => form.read(part.trim(), today))
      const values = read.filter(value => value !== undefined)
      return values.length === read.length && values.length <= maxItems ? [...new Set(values)] : undefined
    },
    kod: form.kod,
    krav: `${form.krav}, högst ${maxItems} stycken med kommatecken emellan`,
  }
}

/** A list of codes, of the form that its schema says. */
export function codesOf(schema: TSchema): Form<string[]> {
  const { items, maxItems } = schema as unknown as { items: TSchema; maxItems: number }
  const { pattern, maxLength } = boundsOf(items)
  const code = new RegExp(pattern)
  const form: Form<string> = {
    read: text => (code.test(text) ? text : undefined),
    kod: 'fel-kod',
    krav: `ska vara koder av bokstäver A-Z och siffror (högst ${maxLength} tecken)`,
  }
  return severalOf(form, maxItems)
}

/**
 * A finding for each column. Made once: the same error in every row of a large file is not a text a row.
 *
 * @param find its code, and what the column must be or what is wrong with it
 */
export const radfelOf = <K extends string>(
  kolumner: readonly K[],
  find: (kolumn: K) => { kod: string; krav: string },
): Record<K, Radfel<K>> =>
  Object.fromEntries(
    kolumner.map((falt): [K, Radfel<K>] => {
      const { kod, krav } = find(falt)
      return [falt, { falt, kod, meddelande: `${falt} ${krav}.` }]
    }),
  ) as Record<K, Radfel<K>>

/** Nothing that cannot be stored or was lost on the way here; a line break or tab in a cell is neither. */
const unreadable = /[^\P{Cc}\n\t]|\uFFFD/u

/**
 * What reads the cells of a row, one column at a time, and gathers what is wrong with them.
 *
 * @param former how each column is read
 */
export function cellReader<Forms extends Record<string, Form<unknown>>>(former: Forms) {
  type Column = keyof Forms & string
  type Value<K extends Column> = NonNullable<ReturnType<Forms[K]['read']>>
  const kolumner = Object.keys(former) as Column[]
  const felForm = radfelOf(kolumner, kolumn => former[kolumn] as Form<unknown>)
  const saknas = radfelOf(kolumner, () => ({ kod: 'saknas', krav: 'saknas' }))
  const otillatetTecken = radfelOf(kolumner, () => ({
    kod: 'otillatet-tecken',
    krav: 'innehåller tecken som inte kan läsas. Spara filen i Excel som "CSV UTF-8"',
  }))

  /**
   * @param falt the texts of the row's cells, without space around them
   * @param today decides the century of a short personnummer
   */
  return (falt: Record<Column, string>, today: Day) => {
    const fel: Radfel<Column>[] = []
    function optional<K extends Column>(kolumn: K): Value<K> | null {
      const text = falt[kolumn]
      if (text === '') return null
      if (unreadable.test(text)) {
        fel.push(otillatetTecken[kolumn])
        return null
      }
      const value = (former[kolumn] as Form<unknown>).read(text, today)
      if (value === undefined) fel.push(felForm[kolumn])
      return (value ?? null) as Value<K> | null
    }
    // A cell that is missing or wrong leaves null in a row that is then not returned.
    function required<K extends Column>(kolumn: K): Value<K> {
      if (falt[kolumn] === '') fel.push(saknas[kolumn])
      return optional(kolumn) as Value<K>
    }
    return { fel, optional, required }
  }
}
