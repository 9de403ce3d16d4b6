import type { Importperson } from '../hushall/import.ts'
import { NyPerson } from '../hushall/schema.ts'
import { LagenhetRad } from '../lagenheter/schema.ts'
import type { Day } from '../shared/dates.ts'
import {
  cellReader,
  datum,
  kronorOf,
  numberOf,
  oneOf,
  personnummer,
  type Radfel,
  radfelOf,
  textOf,
} from '../shared/import-rows.ts'
import { andrahandsskal, BfBoendeRad, type BfStodRad, kontraktsformer, nivaer } from './schema.ts'

/** Columns that must be there; from `objektnummer` on their cells may be empty. */
export const kravdaKolumner = [
  'boendenummer',
  'personnummer',
  'fornamn',
  'efternamn',
  'antagen_datum',
  'objektnummer',
  'kontraktsform',
  'skal_andrahand',
  'overgang_tidigast',
  'inflyttad',
  'forstahand_datum',
  'stodniva',
] as const
/** Columns that may be left out. Where one of their cells is empty the file says nothing. */
export const valfriaKolumner = ['hyra'] as const
export const importkolumner = [...kravdaKolumner, ...valfriaKolumner] as const
export type Importkolumn = (typeof importkolumner)[number]

/** The home that the person has. `hyraOre` null: the home's own rent. */
export type Importbostad = {
  objektnummer: string
  kontraktsform: NonNullable<BfBoendeRad['kontraktsform']>
  skalAndrahand: BfBoendeRad['skalAndrahand']
  overgangTidigast: Day | null
  inflyttad: Day
  forstahandDatum: Day | null
  hyraOre: number | null
}
/** A row that can be imported. `niva` null: support is offered, and has not begun. */
export type Importrad = {
  boendenummer: string
  person: Importperson
  antagenDatum: Day
  bostad: Importbostad | null
  niva: BfStodRad['niva']
}

const person = NyPerson.properties
const words = <const T extends string>(values: readonly T[]) =>
  oneOf(Object.fromEntries(values.map(value => [value.toLowerCase(), value])) as Record<string, T>)
const cellsOf = cellReader({
  boendenummer: numberOf(BfBoendeRad.properties.boendenummer, 'fel-boendenummer'),
  personnummer,
  fornamn: textOf(person.fornamn),
  efternamn: textOf(person.efternamn),
  antagen_datum: datum,
  objektnummer: numberOf(LagenhetRad.properties.objektnummer, 'fel-objektnummer'),
  kontraktsform: words(kontraktsformer),
  skal_andrahand: words(andrahandsskal),
  overgang_tidigast: datum,
  inflyttad: datum,
  forstahand_datum: datum,
  stodniva: words(nivaer),
  hyra: kronorOf(LagenhetRad.properties.hyraOre),
})

const fel = <K extends Importkolumn>(kolumn: K, kod: string, krav: string) =>
  radfelOf([kolumn], () => ({ kod, krav }))[kolumn]
const framtid = radfelOf(['antagen_datum', 'inflyttad', 'forstahand_datum'], () => ({
  kod: 'i-framtiden',
  krav: 'kan inte ligga i framtiden',
}))
const foreAntagandet = fel('inflyttad', 'fore-antagandet', 'kan inte ligga före antagen_datum')
const foreInflyttad = radfelOf(['overgang_tidigast', 'forstahand_datum'], () => ({
  kod: 'fore-inflyttad',
  krav: 'kan inte ligga före inflyttad',
}))
/** What is said of a home: with `objektnummer`, or not at all. */
const bostadskolumner = [
  'objektnummer',
  'kontraktsform',
  'inflyttad',
  'skal_andrahand',
  'overgang_tidigast',
  'forstahand_datum',
  'hyra',
] as const
const utanBostad = radfelOf(['objektnummer', 'kontraktsform', 'inflyttad'], () => ({
  kod: 'saknas',
  krav: 'behövs när raden har något annat om en bostad',
}))
const utanSkal = radfelOf(['skal_andrahand', 'overgang_tidigast'], () => ({
  kod: 'saknas',
  krav: 'behövs när kontraktsform är andrahand',
}))
const baraAndrahand = radfelOf(['skal_andrahand', 'overgang_tidigast'], () => ({
  kod: 'okant-falt',
  krav: 'hör bara till kontraktsformen andrahand',
}))
const baraForstahand = fel('forstahand_datum', 'okant-falt', 'hör bara till kontraktsformen forstahand')

/**
 * Reads one row of the file.
 *
 * @param falt the texts of its cells, without space around them
 * @param today decides the century of a short personnummer, and what lies in the future
 * @returns the row, or everything that is wrong with it
 */
export function readImportrad(
  falt: Record<Importkolumn, string>,
  today: Day,
): { rad: Importrad } | { fel: Radfel<Importkolumn>[] } {
  const { fel, optional, required } = cellsOf(falt, today)
  const harBostad = bostadskolumner.some(kolumn => falt[kolumn] !== '')
  const rad = {
    boendenummer: required('boendenummer'),
    person: {
      personnummer: required('personnummer'),
      fornamn: required('fornamn'),
      efternamn: required('efternamn'),
    },
    antagenDatum: required('antagen_datum'),
    niva: optional('stodniva'),
  }
  // A cell that is missing or wrong leaves null in a row that is then not returned.
  const bostad = {
    objektnummer: optional('objektnummer'),
    kontraktsform: optional('kontraktsform'),
    skalAndrahand: optional('skal_andrahand'),
    overgangTidigast: optional('overgang_tidigast'),
    inflyttad: optional('inflyttad'),
    forstahandDatum: optional('forstahand_datum'),
    hyraOre: optional('hyra'),
  } as Importbostad
  if (rad.antagenDatum > today) fel.push(framtid.antagen_datum)
  if (harBostad)
    fel.push(...missing(falt, bostad.kontraktsform === 'andrahand'), ...incoherences(bostad, rad.antagenDatum, today))
  return fel.length > 0 ? { fel } : { rad: { ...rad, bostad: harBostad ? bostad : null } }
}

const missing = (falt: Record<Importkolumn, string>, sublet: boolean): Radfel<Importkolumn>[] =>
  [
    ...(['objektnummer', 'kontraktsform', 'inflyttad'] as const).map(one => falt[one] === '' && utanBostad[one]),
    ...(['skal_andrahand', 'overgang_tidigast'] as const).map(one => sublet && falt[one] === '' && utanSkal[one]),
  ].filter(one => one !== false)

/** What does not go together. A cell that could not be read is null, and compares with nothing. */
function incoherences(bostad: Importbostad, antagen: Day | null, today: Day): Radfel<Importkolumn>[] {
  const { kontraktsform, skalAndrahand, overgangTidigast, inflyttad, forstahandDatum } = bostad
  const own = kontraktsform === 'forstahand'
  return [
    inflyttad > today && framtid.inflyttad,
    inflyttad !== null && antagen !== null && inflyttad < antagen && foreAntagandet,
    overgangTidigast !== null && overgangTidigast < inflyttad && foreInflyttad.overgang_tidigast,
    forstahandDatum !== null && forstahandDatum > today && framtid.forstahand_datum,
    forstahandDatum !== null && forstahandDatum < inflyttad && foreInflyttad.forstahand_datum,
    own && skalAndrahand !== null && baraAndrahand.skal_andrahand,
    own && overgangTidigast !== null && baraAndrahand.overgang_tidigast,
    kontraktsform === 'andrahand' && forstahandDatum !== null && baraForstahand,
  ].filter(one => one !== false)
}
