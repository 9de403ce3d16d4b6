import { NyPerson } from '../hushall/schema.ts'
import { HyresvardRad } from '../hyresvardar/schema.ts'
import type { Day } from '../shared/dates.ts'
import {
  cellReader,
  datum,
  kronorOf,
  numberOf,
  oneOf,
  organisationsnummer,
  personnummer,
  type Radfel,
  radfelOf,
  textOf,
  wholeOf,
} from '../shared/import-rows.ts'
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

const garanti = HyresgarantiRad.properties
const person = NyPerson.properties

const former = {
  avtalsnummer: numberOf(garanti.avtalsnummer, 'fel-avtalsnummer'),
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
} satisfies Record<Importkolumn, unknown>
const cellsOf = cellReader(former)

const fore = radfelOf(['giltig_till'], () => ({ kod: 'fore-giltig-fran', krav: 'ska ligga efter giltig_fran' }))
const framtid = radfelOf(['beslutsdatum'], () => ({ kod: 'i-framtiden', krav: 'kan inte ligga i framtiden' }))

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
