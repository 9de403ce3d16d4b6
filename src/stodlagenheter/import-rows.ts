import { Type } from 'typebox'
import type { Importperson } from '../hushall/import.ts'
import { NyPerson } from '../hushall/schema.ts'
import { LagenhetRad } from '../lagenheter/schema.ts'
import { type Day, earliest, monthsAfter } from '../shared/dates.ts'
import {
  cellReader,
  codesOf,
  datum,
  kronorOf,
  numberOf,
  oneOf,
  personnummer,
  type Radfel,
  radfelOf,
  textOf,
  wholeOf,
} from '../shared/import-rows.ts'
import { avstaendeManader, whyNotPlace } from './rules.ts'
import { avtalsformer, beslutstyper, StodlagenhetRad } from './schema.ts'

/** What is said of a home and its lease: all of it, or nothing for who is in the queue. */
const hyreskolumner = [
  'objektnummer',
  'avtalsform',
  'avtal_datum',
  'informerad_om_villkor_datum',
  'hyra',
  'tilltrade',
] as const
/** Columns that must be there; from `beslut_till` on their cells may be empty. */
export const kravdaKolumner = [
  'stodlagenhetsnummer',
  'personnummer',
  'fornamn',
  'efternamn',
  'antal_personer',
  'beslutstyp',
  'beslut_fran',
  'beslut_till',
  ...hyreskolumner,
] as const
/** Columns that may be left out. Where one of their cells is empty the file says nothing. */
export const valfriaKolumner = [
  'ko_datum',
  'min_rum',
  'max_rum',
  'max_hyra',
  'onskade_omraden',
  'uteslutna_omraden',
  'tillganglighet',
  'avstaende_till',
  'avstaende_godkant',
  'hyresskuld',
] as const
export const importkolumner = [...kravdaKolumner, ...valfriaKolumner] as const
export type Importkolumn = (typeof importkolumner)[number]

/** The lease that runs. */
export type Importavtal = {
  objektnummer: string
  avtalsform: NonNullable<StodlagenhetRad['avtalsform']>
  avtalDatum: Day
  informeradOmVillkorDatum: Day
  hyraOre: number
  tilltrade: Day
}
/** What the file says of the stödlägenhet itself; null, from `koDatum` on: nothing. */
type Uppgifter = Pick<
  StodlagenhetRad,
  | 'stodlagenhetsnummer'
  | 'antalPersoner'
  | 'beslutstyp'
  | 'beslutFran'
  | 'beslutTill'
  | 'minRum'
  | 'maxRum'
  | 'maxHyraOre'
> & {
  koDatum: Day | null
  onskadeOmraden: string[] | null
  uteslutnaOmraden: string[] | null
  tillganglighet: string[] | null
  hyresskuldOre: number | null
}

/** A row that can be imported. `godkant`: when hyresnämnden approved the waiver, null when it needs no approval. */
export type Importrad = {
  stodlagenhet: Uppgifter
  person: Importperson
  avtal: Importavtal | null
  avstaende: { till: Day; godkant: Day | null } | null
}

const rad = StodlagenhetRad.properties
const person = NyPerson.properties
const words = <const T extends string>(values: readonly T[]) =>
  oneOf(Object.fromEntries(values.map(value => [value.toLowerCase(), value])) as Record<string, T>)
const rum = wholeOf(Type.Integer({ minimum: 1, maximum: 20 }))
const hyra = kronorOf(LagenhetRad.properties.hyraOre)

const former = {
  stodlagenhetsnummer: numberOf(rad.stodlagenhetsnummer, 'fel-stodlagenhetsnummer'),
  personnummer,
  fornamn: textOf(person.fornamn),
  efternamn: textOf(person.efternamn),
  antal_personer: wholeOf(Type.Integer({ minimum: 1, maximum: 30 })),
  beslutstyp: words(beslutstyper),
  beslut_fran: datum,
  beslut_till: datum,
  objektnummer: numberOf(LagenhetRad.properties.objektnummer, 'fel-objektnummer'),
  avtalsform: words(avtalsformer),
  avtal_datum: datum,
  informerad_om_villkor_datum: datum,
  hyra,
  tilltrade: datum,
  ko_datum: datum,
  min_rum: rum,
  max_rum: rum,
  max_hyra: hyra,
  onskade_omraden: codesOf(rad.onskadeOmraden),
  uteslutna_omraden: codesOf(rad.uteslutnaOmraden),
  tillganglighet: codesOf(rad.tillganglighet),
  avstaende_till: datum,
  avstaende_godkant: datum,
  hyresskuld: kronorOf(rad.hyresskuldOre),
} satisfies Record<Importkolumn, unknown>
const cellsOf = cellReader(former)

const fel = <K extends Importkolumn>(kolumn: K, kod: string, krav: string) =>
  radfelOf([kolumn], () => ({ kod, krav }))[kolumn]
const framtid = radfelOf(['beslut_fran', 'ko_datum', 'tilltrade', 'avstaende_godkant'], () => ({
  kod: 'i-framtiden',
  krav: 'kan inte ligga i framtiden',
}))
const foreFran = fel('beslut_till', 'fore-beslut-fran', 'kan inte ligga före beslut_fran')
const harGattUt = fel('beslut_till', 'har-gatt-ut', 'har passerats. Bara löpande beslut har en plats i kön')
const slutdagSaknas = fel('beslut_till', 'saknas', 'behövs när beslutstyp är tidsbegransatBarnfamilj')
const efterAvtalet = radfelOf(['informerad_om_villkor_datum', 'ko_datum'], () => ({
  kod: 'efter-avtalet',
  krav: 'är senast avtal_datum',
}))
const foreAvtalet = fel('tilltrade', 'fore-avtalet', 'är tidigast avtal_datum')
const badeOch = fel('uteslutna_omraden', 'bade-och', 'kan inte ha ett område som också är önskat')
const mindre = fel('max_rum', 'mindre-an-min-rum', 'ska vara minst min_rum')
const utanHyresavtal = radfelOf(hyreskolumner, () => ({
  kod: 'saknas',
  krav: 'behövs när raden har något annat om ett hyresavtal. Lämna alla sådana kolumner tomma för den som står i kön',
}))
const utanTill = fel('avstaende_till', 'saknas', 'behövs när avstaende_godkant finns')
const overFyraAr = fel(
  'avstaende_till',
  'over-fyra-ar',
  'är senast fyra år efter tillträdet. Skriv in ett längre avstående för hand, med skälet',
)

/** What `whyNotPlace` finds, in the words of the file. */
const behovsfel: Record<string, Radfel<Importkolumn>> = {
  '/uteslutnaOmraden': badeOch,
  '/maxRum': mindre,
  '/beslutstyp': slutdagSaknas,
}

/**
 * Reads one row of the file.
 *
 * @param falt the texts of its cells, without space around them
 * @param today decides the century of a short personnummer, and what lies in the future or has run out
 * @returns the row, or everything that is wrong with it
 */
export function readImportrad(
  falt: Record<Importkolumn, string>,
  today: Day,
): { rad: Importrad } | { fel: Radfel<Importkolumn>[] } {
  const { fel, optional, required } = cellsOf(falt, today)
  const hyr = [...hyreskolumner, 'avstaende_till', 'avstaende_godkant', 'hyresskuld'] as const
  const harAvtal = hyr.some(kolumn => falt[kolumn] !== '')
  const stodlagenhet: Uppgifter = {
    stodlagenhetsnummer: required('stodlagenhetsnummer'),
    antalPersoner: required('antal_personer'),
    beslutstyp: required('beslutstyp'),
    beslutFran: required('beslut_fran'),
    beslutTill: optional('beslut_till'),
    koDatum: optional('ko_datum'),
    minRum: optional('min_rum'),
    maxRum: optional('max_rum'),
    maxHyraOre: optional('max_hyra'),
    onskadeOmraden: optional('onskade_omraden'),
    uteslutnaOmraden: optional('uteslutna_omraden'),
    tillganglighet: optional('tillganglighet'),
    hyresskuldOre: optional('hyresskuld'),
  }
  const person = {
    personnummer: required('personnummer'),
    fornamn: required('fornamn'),
    efternamn: required('efternamn'),
  }
  // A cell that is missing or wrong leaves null in a row that is then not returned.
  const avtal = {
    objektnummer: optional('objektnummer'),
    avtalsform: optional('avtalsform'),
    avtalDatum: optional('avtal_datum'),
    informeradOmVillkorDatum: optional('informerad_om_villkor_datum'),
    hyraOre: optional('hyra'),
    tilltrade: optional('tilltrade'),
  } as Importavtal
  if (harAvtal) fel.push(...hyreskolumner.filter(one => falt[one] === '').map(one => utanHyresavtal[one]))
  const [till, godkant] = [optional('avstaende_till'), optional('avstaende_godkant')]
  if (falt.avstaende_godkant !== '' && falt.avstaende_till === '') fel.push(utanTill)
  fel.push(...incoherences(stodlagenhet, harAvtal ? avtal : null, { till, godkant }, today))
  if (fel.length > 0) return { fel }
  return {
    rad: { stodlagenhet, person, avtal: harAvtal ? avtal : null, avstaende: till === null ? null : { till, godkant } },
  }
}

/** What does not go together. A cell that could not be read is null, and compares with nothing. */
function incoherences(
  stodlagenhet: Uppgifter,
  avtal: Importavtal | null,
  { till, godkant }: { till: Day | null; godkant: Day | null },
  today: Day,
): Radfel<Importkolumn>[] {
  const { beslutFran, beslutTill, koDatum } = stodlagenhet
  const { avtalDatum, informeradOmVillkorDatum, tilltrade } = avtal ?? {}
  const behov = {
    ...stodlagenhet,
    onskadeOmraden: stodlagenhet.onskadeOmraden ?? [],
    uteslutnaOmraden: stodlagenhet.uteslutnaOmraden ?? [],
    tillganglighet: stodlagenhet.tillganglighet ?? [],
  }
  // What the household was when it was decided is not in the file: old decisions stand as they are.
  const placed = whyNotPlace(behov, { antalBarn: 1, bostadslosSedan: beslutFran }, '')
  const found = [
    beslutFran > today && framtid.beslut_fran,
    beslutTill && beslutFran && beslutTill < beslutFran && foreFran,
    beslutTill && avtal === null && beslutTill < today && harGattUt,
    koDatum && koDatum > today && framtid.ko_datum,
    koDatum && avtalDatum && koDatum > avtalDatum && efterAvtalet.ko_datum,
    informeradOmVillkorDatum &&
      avtalDatum &&
      informeradOmVillkorDatum > avtalDatum &&
      efterAvtalet.informerad_om_villkor_datum,
    tilltrade && avtalDatum && tilltrade < avtalDatum && foreAvtalet,
    tilltrade && tilltrade > today && framtid.tilltrade,
    till && tilltrade && till > monthsAfter(tilltrade, avstaendeManader) && overFyraAr,
    godkant && godkant > today && framtid.avstaende_godkant,
    ...(placed?.extra.errors ?? []).map(({ pointer }) => behovsfel[pointer]),
  ]
  return found.flatMap(one => (one ? [one] : []))
}

/** The day that the place in the queue counts from: the file's, else the decision's, or the lease's when it is older. */
export const koDatumOf = ({ stodlagenhet: { koDatum, beslutFran }, avtal }: Importrad): Day =>
  koDatum ?? earliest(beslutFran, avtal?.avtalDatum ?? beslutFran)
