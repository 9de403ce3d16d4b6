import { isCleared } from '../shared/caller.ts'
import { type Importutfall, importSheet } from '../shared/import.ts'
import {
  cellReader,
  codesOf,
  datum,
  type Form,
  kronorOf,
  numberOf,
  oneOf,
  type Radfel,
  radfelOf,
  textOf,
  wholeOf,
} from '../shared/import-rows.ts'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { LagenhetEntity } from './entity.ts'
import { insertLagenheter, newLagenhet } from './pool.ts'
import { agare, kategorier, LagenhetRad, urPoolen } from './schema.ts'

export const importkolumner = [
  'objektnummer',
  'agare',
  'kategori',
  'adress',
  'lagenhetsnummer',
  'omrade',
  'rum',
  'yta',
  'hyra',
  'tillganglighet',
  'blockhyrd',
  'i_poolen_fran',
] as const
type Kolumn = (typeof importkolumner)[number]

/** A home as the file says it. */
type Importrad = Pick<
  LagenhetRad,
  | 'objektnummer'
  | 'agare'
  | 'kategori'
  | 'adress'
  | 'lagenhetsnummer'
  | 'omrade'
  | 'rum'
  | 'yta'
  | 'hyraOre'
  | 'tillganglighet'
  | 'blockhyrd'
  | 'iPoolenFran'
>

/** Each column in the words of the register. */
const properties = {
  objektnummer: 'objektnummer',
  agare: 'agare',
  kategori: 'kategori',
  adress: 'adress',
  lagenhetsnummer: 'lagenhetsnummer',
  omrade: 'omrade',
  rum: 'rum',
  yta: 'yta',
  hyra: 'hyraOre',
  tillganglighet: 'tillganglighet',
  blockhyrd: 'blockhyrd',
  i_poolen_fran: 'iPoolenFran',
} as const satisfies Record<Kolumn, keyof Importrad>

const falt = LagenhetRad.properties
const words = <const T extends string>(values: readonly T[]) =>
  oneOf(Object.fromEntries(values.map(value => [value.toLowerCase(), value])) as Record<string, T>)
const codes = codesOf(falt.tillganglighet)
const kod: Form<string> = {
  read: (text, today) => {
    const found = codes.read(text, today)
    return found?.length === 1 ? found[0] : undefined
  },
  kod: 'fel-kod',
  krav: 'ska vara en kod av bokstäver A-Z och siffror (högst 50 tecken)',
}

const cellsOf = cellReader({
  objektnummer: numberOf(falt.objektnummer, 'fel-objektnummer'),
  agare: words(agare),
  kategori: words(kategorier),
  adress: textOf(falt.adress),
  lagenhetsnummer: textOf(falt.lagenhetsnummer),
  omrade: kod,
  rum: wholeOf(falt.rum),
  yta: wholeOf(falt.yta),
  hyra: kronorOf(falt.hyraOre),
  tillganglighet: codes,
  blockhyrd: oneOf({ ja: 'ja', nej: 'nej' }),
  i_poolen_fran: datum,
})

const farInteLagras = radfelOf(['adress', 'lagenhetsnummer'], () => ({
  kod: 'far-inte-lagras',
  krav: 'får inte lagras för en bostad i kategorin jour: var människor skyddas skrivs ingenstans',
}))

function readRow(cells: Record<Kolumn, string>, today: string): { rad: Importrad } | { fel: Radfel<Kolumn>[] } {
  const { fel, optional, required } = cellsOf(cells, today)
  const rad: Importrad = {
    objektnummer: required('objektnummer'),
    agare: required('agare'),
    kategori: required('kategori'),
    adress: optional('adress'),
    lagenhetsnummer: optional('lagenhetsnummer'),
    omrade: required('omrade'),
    rum: required('rum'),
    yta: optional('yta'),
    hyraOre: required('hyra'),
    tillganglighet: optional('tillganglighet') ?? [],
    blockhyrd: required('blockhyrd') === 'ja',
    iPoolenFran: required('i_poolen_fran'),
  }
  if (rad.kategori === 'jour')
    fel.push(
      ...(['adress', 'lagenhetsnummer'] as const).flatMap(column =>
        rad[column] === null ? [] : [farInteLagras[column]],
      ),
    )
  return fel.length > 0 ? { fel } : { rad }
}

const isGone = ({ tillstand }: LagenhetRad) => (urPoolen as readonly string[]).includes(tillstand)

/** Lists are the same in any order. */
const plain = (value: unknown) => (Array.isArray(value) ? [...value].sort().join() : value)

const finnsRedanAnnorlunda = radfelOf(importkolumner, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma objektnummer. Importen ändrar inget som är registrerat',
}))

/**
 * How rows stand to the homes that are registered with their numbers. A home that has left the pool before a row's first
 * day is another: the row is of it coming again.
 */
async function compare(work: Work, rader: Importrad[]): Promise<(Radfel<Kolumn>[] | 'dold' | null)[]> {
  const rows: LagenhetRad[] = await work.db.query(
    `SELECT ${selectList(LagenhetEntity, 'l')} FROM lagenhet l WHERE l.objektnummer = ANY ($1) ORDER BY l.i_poolen_fran, l.id`,
    [rader.map(({ objektnummer }) => objektnummer)],
  )
  const registered = new Map(rows.map(row => [row.objektnummer, row]))
  return rader.map(rad => {
    const known = registered.get(rad.objektnummer)
    const left = known && isGone(known) && (known.iPoolenTill as string) < rad.iPoolenFran
    if (!known || left) return null
    // Answered as a home that is new: nothing of what is hidden is told, not even by a difference.
    if (known.skyddad && !isCleared(work.caller)) return 'dold'
    return importkolumner
      .filter(kolumn => plain(known[properties[kolumn]]) !== plain(rad[properties[kolumn]]))
      .map(kolumn => finnsRedanAnnorlunda[kolumn])
  })
}

/**
 * Imports a spreadsheet of homes as `importSheet` says. A home that is in the pool already is ready to be let.
 *
 * @throws as `importSheet`
 */
export function importLagenheter(
  work: Work,
  file: AsyncIterable<Buffer>,
  options: { delvis: boolean },
): Promise<Importutfall> {
  return importSheet(work, file, options, {
    kolumner: { required: importkolumner },
    nummer: 'objektnummer',
    read: cells => readRow(cells, work.today),
    compare: (_, rader: Importrad[]) => compare(work, rader),
    register: (_, rader) =>
      insertLagenheter(
        work,
        rader.map(rad => newLagenhet(work, { ...rad, klar: rad.iPoolenFran <= work.today })),
      ),
  })
}
