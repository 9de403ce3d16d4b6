import { Type } from 'typebox'
import type { Importperson } from '../hushall/import.ts'
import { NyPerson } from '../hushall/schema.ts'
import type { Day } from '../shared/dates.ts'
import {
  cellReader,
  codesOf,
  datum,
  kronorOf,
  numberOf,
  oneOf,
  organisationsnummer,
  personnummer,
  type Radfel,
  radfelOf,
  severalOf,
  textOf,
  wholeOf,
} from '../shared/import-rows.ts'
import { forturgrunder } from '../shared/insatser.ts'
import { whyNotNeed } from './rules.ts'
import { ForturRad } from './schema.ts'

/** Columns that must be there; from `min_rum` on their cells may be empty. */
export const kravdaKolumner = [
  'forturnummer',
  'personnummer',
  'fornamn',
  'efternamn',
  'antal_personer',
  'grunder',
  'beslut_datum',
  'giltig_fran',
  'giltig_till',
  'min_rum',
  'max_rum',
  'max_hyra',
  'tillganglighet',
  'onskade_omraden',
  'uteslutna_omraden',
] as const
/** Columns that may be left out. Where one of their cells is empty the file says nothing. */
export const valfriaKolumner = [
  'max_erbjudanden',
  'antal_nej',
  'ko_fornyad',
  'hyresvard_orgnr',
  'overlamnad_datum',
] as const
export const importkolumner = [...kravdaKolumner, ...valfriaKolumner] as const
export type Importkolumn = (typeof importkolumner)[number]

/** What the file says of the förtur itself, in the words of the register; null in the last ones: nothing. */
type Forturuppgifter = Pick<
  ForturRad,
  | 'forturnummer'
  | 'antalPersoner'
  | 'grunder'
  | 'beslutDatum'
  | 'giltigFran'
  | 'giltigTill'
  | 'minRum'
  | 'maxRum'
  | 'maxHyraOre'
  | 'tillganglighet'
  | 'onskadeOmraden'
  | 'uteslutnaOmraden'
  | 'koFornyad'
  | 'overlamnadDatum'
> & { maxErbjudanden: number | null; antalNej: number | null }

/** A row that can be imported. `organisationsnummer`: of the landlord that the förtur is with. */
export type Importrad = { fortur: Forturuppgifter; sokande: Importperson; organisationsnummer: string | null }

const fortur = ForturRad.properties
const person = NyPerson.properties
const grund = oneOf(Object.fromEntries(forturgrunder.map(kod => [kod.toLowerCase(), kod])))

const former = {
  forturnummer: numberOf(fortur.forturnummer, 'fel-forturnummer'),
  personnummer,
  fornamn: textOf(person.fornamn),
  efternamn: textOf(person.efternamn),
  antal_personer: wholeOf(Type.Integer({ minimum: 1, maximum: 30 })),
  grunder: severalOf(grund, 6),
  beslut_datum: datum,
  giltig_fran: datum,
  giltig_till: datum,
  min_rum: wholeOf(fortur.minRum),
  max_rum: wholeOf(fortur.maxRum),
  max_hyra: kronorOf(fortur.maxHyraOre),
  tillganglighet: codesOf(fortur.tillganglighet),
  onskade_omraden: codesOf(fortur.onskadeOmraden),
  uteslutna_omraden: codesOf(fortur.uteslutnaOmraden),
  max_erbjudanden: wholeOf(Type.Integer({ minimum: 1, maximum: 10 })),
  antal_nej: wholeOf(Type.Integer({ minimum: 0, maximum: 10 })),
  ko_fornyad: datum,
  hyresvard_orgnr: organisationsnummer,
  overlamnad_datum: datum,
} satisfies Record<Importkolumn, unknown>
const cellsOf = cellReader(former)

const framtid = radfelOf(['beslut_datum', 'overlamnad_datum', 'ko_fornyad'], () => ({
  kod: 'i-framtiden',
  krav: 'kan inte ligga i framtiden',
}))
const foreFran = radfelOf(['giltig_till'], () => ({ kod: 'fore-giltig-fran', krav: 'kan inte ligga före giltig_fran' }))
const harGattUt = radfelOf(['giltig_till'], () => ({
  kod: 'har-gatt-ut',
  krav: 'har passerats. Bara löpande förturer importeras',
}))
const foreBeslut = radfelOf(['overlamnad_datum'], () => ({
  kod: 'fore-beslutet',
  krav: 'kan inte ligga före beslut_datum',
}))
const utanHyresvard = radfelOf(['hyresvard_orgnr'], () => ({
  kod: 'saknas',
  krav: 'ska finnas när overlamnad_datum finns',
}))
const forbrukad = radfelOf(['antal_nej'], () => ({
  kod: 'forbrukad',
  krav: 'ska vara färre än max_erbjudanden. Bara löpande förturer importeras',
}))
const badeOch = radfelOf(['uteslutna_omraden'], () => ({
  kod: 'bade-och',
  krav: 'kan inte ha ett område som också är önskat',
}))
const mindre = radfelOf(['max_rum'], () => ({ kod: 'mindre-an-min-rum', krav: 'ska vara minst min_rum' }))

/** What `whyNotNeed` finds, in the words of the file. */
const behovsfel: Record<string, Radfel<Importkolumn>> = {
  '/uteslutnaOmraden': badeOch.uteslutna_omraden,
  '/maxRum': mindre.max_rum,
  '/koFornyad': framtid.ko_fornyad,
}

/**
 * Reads one row of the file.
 *
 * @param falt the texts of its cells, without space around them
 * @param today decides the century of a short personnummer, and what lies in the future or has run out
 * @param maxErbjudanden how many refused offers use up a förtur of which the file does not say it
 * @returns the row, or everything that is wrong with it
 */
export function readImportrad(
  falt: Record<Importkolumn, string>,
  today: Day,
  maxErbjudanden: number,
): { rad: Importrad } | { fel: Radfel<Importkolumn>[] } {
  const { fel, optional, required } = cellsOf(falt, today)
  const rad: Importrad = {
    fortur: {
      forturnummer: required('forturnummer'),
      antalPersoner: required('antal_personer'),
      grunder: required('grunder'),
      beslutDatum: required('beslut_datum'),
      giltigFran: required('giltig_fran'),
      giltigTill: required('giltig_till'),
      minRum: optional('min_rum'),
      maxRum: optional('max_rum'),
      maxHyraOre: optional('max_hyra'),
      tillganglighet: optional('tillganglighet') ?? [],
      onskadeOmraden: optional('onskade_omraden') ?? [],
      uteslutnaOmraden: optional('uteslutna_omraden') ?? [],
      maxErbjudanden: optional('max_erbjudanden'),
      antalNej: optional('antal_nej'),
      koFornyad: optional('ko_fornyad'),
      overlamnadDatum: optional('overlamnad_datum'),
    },
    sokande: {
      personnummer: required('personnummer'),
      fornamn: required('fornamn'),
      efternamn: required('efternamn'),
    },
    organisationsnummer: optional('hyresvard_orgnr'),
  }
  const max = falt.max_erbjudanden === '' ? maxErbjudanden : rad.fortur.maxErbjudanden
  fel.push(...incoherences(rad.fortur, today, max))
  if (rad.fortur.overlamnadDatum !== null && falt.hyresvard_orgnr === '') fel.push(utanHyresvard.hyresvard_orgnr)
  return fel.length > 0 ? { fel } : { rad }
}

/** What does not go together. A cell that could not be read is null, and compares with nothing. */
function incoherences(fortur: Forturuppgifter, today: Day, max: number | null): Radfel<Importkolumn>[] {
  const { beslutDatum, giltigFran, giltigTill, overlamnadDatum, antalNej } = fortur
  const found = [
    beslutDatum > today && framtid.beslut_datum,
    giltigFran && giltigTill && giltigTill < giltigFran && foreFran.giltig_till,
    giltigTill && giltigTill < today && harGattUt.giltig_till,
    overlamnadDatum && overlamnadDatum > today && framtid.overlamnad_datum,
    overlamnadDatum && beslutDatum && overlamnadDatum < beslutDatum && foreBeslut.overlamnad_datum,
    antalNej && max && antalNej >= max && forbrukad.antal_nej,
    ...(whyNotNeed(fortur, today)?.extra.errors ?? []).map(({ pointer }) => behovsfel[pointer]),
  ]
  return found.flatMap(one => (one ? [one] : []))
}
