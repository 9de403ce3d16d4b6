import type { TSchema } from 'typebox'
import { NyPerson } from '../hushall/schema.ts'
import { HyresvardRad } from '../hyresvardar/schema.ts'
import type { Day } from '../shared/dates.ts'
import { formatOrganisationsnummer, isOrganisationsnummer } from '../shared/organisationsnummer.ts'
import { personnummerFromSpreadsheet } from '../shared/personnummer.ts'
import { HyresgarantiRad } from './schema.ts'

/** The columns of the file, all of which must be there; `adress`, `lagenhetsnummer` and `diarienummer` may be empty. */
export const importkolumner = [
  'avtalsnummer',
  'personnummer',
  'fornamn',
  'efternamn',
  'hyresvard',
  'organisationsnummer',
  'adress',
  'lagenhetsnummer',
  'manadshyra',
  'garanterade_manader',
  'giltig_fran',
  'giltig_till',
  'garantityp',
  'borgenstyp',
  'beslutsdatum',
  'beslutsfattare',
  'diarienummer',
] as const
export type Importkolumn = (typeof importkolumner)[number]

/** What the file says of the guarantee itself, all of it in the words of the register. */
type Garantiuppgifter = Pick<
  HyresgarantiRad,
  | 'avtalsnummer'
  | 'garanteradeManader'
  | 'garantityp'
  | 'beslutDatum'
  | 'beslutsfattare'
  | 'adress'
  | 'lagenhetsnummer'
  | 'diarienummer'
> & {
  [Field in 'manadshyraOre' | 'giltigFran' | 'giltigTill' | 'borgenstyp']: NonNullable<HyresgarantiRad[Field]>
}

/** A row that can be imported. `personnummer` is twelve digits, `organisationsnummer` has its hyphen. */
export type Importrad = {
  garanti: Garantiuppgifter
  hyresgast: { personnummer: string; fornamn: string; efternamn: string }
  hyresvard: { organisationsnummer: string; namn: string }
}

/** What is wrong with a row. `falt` is the column, null when it is the whole row. Never says the value. */
export type Radfel = { falt: Importkolumn | null; kod: string; meddelande: string }

/** How a cell is read: its value, or undefined and then `kod` and what it must be. */
type Form<T> = { read: (text: string, today: Day) => T | undefined; kod: string; krav: string }

/** The bounds that the register's own schemas set. */
const boundsOf = (schema: TSchema) =>
  schema as unknown as { minimum: number; maximum: number; maxLength: number; pattern: string }
const garanti = HyresgarantiRad.properties
const person = NyPerson.properties

function textOf(schema: TSchema): Form<string> {
  const { maxLength } = boundsOf(schema)
  return {
    // Length as JSON Schema counts it: an emoji is one character.
    read: text => (text.length <= maxLength || [...text].length <= maxLength ? text : undefined),
    kod: 'for-lang-text',
    krav: `ska vara högst ${maxLength} tecken`,
  }
}

function avtalsnummerOf(schema: TSchema): Form<string> {
  const pattern = new RegExp(boundsOf(schema).pattern)
  return {
    read: text => (pattern.test(text) ? text : undefined),
    kod: 'fel-avtalsnummer',
    krav: `ska vara högst ${boundsOf(schema).maxLength} tecken: bokstäver A-Z, siffror och / _ -, med en bokstav eller siffra först`,
  }
}

const personnummer: Form<string> = {
  read: (text, today) => personnummerFromSpreadsheet(text, today) ?? undefined,
  kod: 'fel-personnummer',
  krav: 'ska ha formen ÅÅÅÅMMDD-NNNN, ÅÅÅÅMMDDNNNN eller ÅÅMMDD-NNNN (plustecken från hundra år), med rätt kontrollsiffra',
}

const organisationsnummer: Form<string> = {
  read: text => (isOrganisationsnummer(text) ? formatOrganisationsnummer(text) : undefined),
  kod: 'fel-organisationsnummer',
  krav: 'ska ha formen NNNNNN-NNNN med rätt kontrollsiffra, och inte vara ett personnummer',
}

/** Space between thousands is an ordinary one or, as Excel writes it, one that does not break. */
const amount = /^(\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+|\d{1,9})(?:,(\d{1,2}))?(?:[ \u00a0]?kr)?$/i

function kronorOf(schema: TSchema): Form<number> {
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

function wholeOf(schema: TSchema): Form<number> {
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

const datum: Form<Day> = {
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

function oneOf<const T extends string>(words: Record<string, T>): Form<T> {
  const byWord = new Map(Object.entries(words))
  return {
    read: text => byWord.get(text.toLowerCase().replace(/\s/g, '')),
    kod: 'fel-val',
    krav: `ska vara ${[...new Set(Object.values(words))].join(' eller ')}`,
  }
}

const former = {
  avtalsnummer: avtalsnummerOf(garanti.avtalsnummer),
  personnummer,
  fornamn: textOf(person.fornamn),
  efternamn: textOf(person.efternamn),
  hyresvard: textOf(HyresvardRad.properties.namn),
  organisationsnummer,
  adress: textOf(garanti.adress),
  lagenhetsnummer: textOf(garanti.lagenhetsnummer),
  manadshyra: kronorOf(garanti.manadshyraOre),
  garanterade_manader: wholeOf(garanti.garanteradeManader),
  giltig_fran: datum,
  giltig_till: datum,
  garantityp: oneOf({ bistand: 'bistand', bistånd: 'bistand', kommunal: 'kommunal' }),
  borgenstyp: oneOf({ enkel: 'enkel', enkelborgen: 'enkel', proprie: 'proprie', proprieborgen: 'proprie' }),
  beslutsdatum: datum,
  beslutsfattare: textOf(garanti.beslutsfattare),
  diarienummer: textOf(garanti.diarienummer),
} satisfies Record<Importkolumn, Form<unknown>>
type Value<K extends Importkolumn> = NonNullable<ReturnType<(typeof former)[K]['read']>>

/**
 * A finding for each column. Made once: the same error in every row of a large file is not a text a row.
 *
 * @param find its code, and what the column must be or what is wrong with it
 */
export const radfelOf = <K extends Importkolumn>(
  kolumner: readonly K[],
  find: (kolumn: K) => { kod: string; krav: string },
): Record<K, Radfel> =>
  Object.fromEntries(
    kolumner.map((falt): [K, Radfel] => {
      const { kod, krav } = find(falt)
      return [falt, { falt, kod, meddelande: `${falt} ${krav}.` }]
    }),
  ) as Record<K, Radfel>

const felForm = radfelOf(importkolumner, kolumn => former[kolumn])
const saknas = radfelOf(importkolumner, () => ({ kod: 'saknas', krav: 'saknas' }))
const otillatetTecken = radfelOf(importkolumner, () => ({
  kod: 'otillatet-tecken',
  krav: 'innehåller tecken som inte kan läsas. Spara filen i Excel som "CSV UTF-8"',
}))
const fore = radfelOf(['giltig_till'], () => ({ kod: 'fore-giltig-fran', krav: 'ska ligga efter giltig_fran' }))
const framtid = radfelOf(['beslutsdatum'], () => ({ kod: 'i-framtiden', krav: 'kan inte ligga i framtiden' }))

/** Nothing that cannot be stored or was lost on the way here; a line break or tab in a cell is neither. */
const unreadable = /[^\P{Cc}\n\t]|\uFFFD/u

/**
 * Reads one row of the file.
 *
 * @param falt the texts of its cells, without space around them
 * @param today decides the century of a short personnummer, and what lies in the future
 * @returns the row, or everything that is wrong with it
 */
export function readImportrad(falt: Record<Importkolumn, string>, today: Day): { rad: Importrad } | { fel: Radfel[] } {
  const fel: Radfel[] = []
  function optional<K extends Importkolumn>(kolumn: K): Value<K> | null {
    const text = falt[kolumn]
    if (text === '') return null
    if (unreadable.test(text)) {
      fel.push(otillatetTecken[kolumn])
      return null
    }
    const form: Form<unknown> = former[kolumn]
    const value = form.read(text, today)
    if (value === undefined) fel.push(felForm[kolumn])
    return (value ?? null) as Value<K> | null
  }
  // A cell that is missing or wrong leaves null in a row that is then not returned.
  function required<K extends Importkolumn>(kolumn: K): Value<K> {
    if (falt[kolumn] === '') fel.push(saknas[kolumn])
    return optional(kolumn) as Value<K>
  }

  const rad: Importrad = {
    garanti: {
      avtalsnummer: required('avtalsnummer'),
      adress: optional('adress'),
      lagenhetsnummer: optional('lagenhetsnummer'),
      manadshyraOre: required('manadshyra'),
      garanteradeManader: required('garanterade_manader'),
      giltigFran: required('giltig_fran'),
      giltigTill: required('giltig_till'),
      garantityp: required('garantityp'),
      borgenstyp: required('borgenstyp'),
      beslutDatum: required('beslutsdatum'),
      beslutsfattare: required('beslutsfattare'),
      diarienummer: optional('diarienummer'),
    },
    hyresgast: {
      personnummer: required('personnummer'),
      fornamn: required('fornamn'),
      efternamn: required('efternamn'),
    },
    hyresvard: { organisationsnummer: required('organisationsnummer'), namn: required('hyresvard') },
  }
  const { giltigFran, giltigTill, beslutDatum } = rad.garanti
  if (giltigFran && giltigTill && giltigTill <= giltigFran) fel.push(fore.giltig_till)
  if (beslutDatum > today) fel.push(framtid.beslutsdatum)
  return fel.length > 0 ? { fel } : { rad }
}
