import { type Importutfall, importSheet } from '../shared/import.ts'
import { type Radfel, radfelOf } from '../shared/import-rows.ts'
import type { Work } from '../shared/work.ts'
import { registerImported } from './import-register.ts'
import { type Importkolumn, type Importrad, importkolumner, readImportrad } from './import-rows.ts'

/**
 * Imports a spreadsheet of guarantees as `importSheet` says. Missing landlords and households are created.
 *
 * @throws as `importSheet`
 */
export function importHyresgarantier(
  work: Work,
  file: AsyncIterable<Buffer>,
  options: { delvis: boolean },
): Promise<Importutfall> {
  // Ids of landlords by organisation number, as far as the file has come.
  const hyresvardar = new Map<string, string>()
  return importSheet(work, file, options, {
    kolumner: { required: importkolumner },
    nummer: 'avtalsnummer',
    read: falt => readImportrad(falt, work.today),
    compare: compareWithRegistered,
    register: (_, rader: Importrad[]) => registerImported(work, rader, hyresvardar),
  })
}

/** The columns that tell whether a registered guarantee is the one of the row, and where they are kept. */
const compared = {
  personnummer: '(SELECT personnummer_hash FROM person WHERE id = h.person_id)',
  organisationsnummer: '(SELECT organisationsnummer FROM hyresvard WHERE id = h.hyresvard_id)',
  adress: 'h.adress',
  lagenhetsnummer: 'h.lagenhetsnummer',
  manadshyra: 'h.manadshyra_ore',
  garanterade_manader: 'h.garanterade_manader',
  giltig_fran: 'h.giltig_fran',
  giltig_till: 'h.giltig_till',
  garantityp: 'h.garantityp',
  borgenstyp: 'h.borgenstyp',
  beslutsdatum: 'h.beslut_datum',
  beslutsfattare: 'h.beslutsfattare',
  diarienummer: 'h.diarienummer',
} as const satisfies Partial<Record<Importkolumn, string>>
type Comparable = Record<keyof typeof compared, unknown>
const comparedColumns = Object.keys(compared) as (keyof Comparable)[]

const comparable = (work: Work, { garanti, hyresgast, hyresvard }: Importrad): Comparable => ({
  personnummer: work.encryption.hash(hyresgast.personnummer),
  organisationsnummer: hyresvard.organisationsnummer,
  adress: garanti.adress,
  lagenhetsnummer: garanti.lagenhetsnummer,
  manadshyra: garanti.manadshyraOre,
  garanterade_manader: garanti.garanteradeManader,
  giltig_fran: garanti.giltigFran,
  giltig_till: garanti.giltigTill,
  garantityp: garanti.garantityp,
  borgenstyp: garanti.borgenstyp,
  beslutsdatum: garanti.beslutDatum,
  beslutsfattare: garanti.beslutsfattare,
  diarienummer: garanti.diarienummer,
})

/**
 * The register keeps no address of a person with protected registration, whatever the file said: it is no difference
 * that it is not there, and the answer must be that of any other row.
 */
const noAddressKept = `h.skyddad AND EXISTS (
  SELECT FROM person WHERE hushall_id = h.hushall_id AND skyddsniva = 'skyddadFolkbokforing') AS "noAddress"`
const addressColumns: readonly string[] = ['adress', 'lagenhetsnummer']
type Registered = Comparable & { avtalsnummer: string; noAddress: boolean }

/** How rows stand to the guarantees that are registered with their numbers. */
async function compareWithRegistered(work: Work, rader: Importrad[]): Promise<(Radfel<Importkolumn>[] | null)[]> {
  const rows: Registered[] = await work.db.query(
    `SELECT h.avtalsnummer, ${noAddressKept}, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
     FROM hyresgaranti h WHERE h.avtalsnummer = ANY($1)`,
    [rader.map(({ garanti }) => garanti.avtalsnummer)],
  )
  const registered = new Map(rows.map(row => [row.avtalsnummer, row]))
  return rader.map(rad => {
    const known = registered.get(rad.garanti.avtalsnummer)
    return known ? differences(known, comparable(work, rad)) : null
  })
}

const finnsRedanAnnorlunda = radfelOf(comparedColumns, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma avtalsnummer. Importen ändrar inget som är registrerat',
}))
const differences = (known: Registered, row: Comparable): Radfel<Importkolumn>[] =>
  comparedColumns
    .filter(kolumn => known[kolumn] !== row[kolumn] && !(known.noAddress && addressColumns.includes(kolumn)))
    .map(kolumn => finnsRedanAnnorlunda[kolumn])
