import { isCleared } from '../shared/caller.ts'
import { doubleOf, type Importutfall, importSheet } from '../shared/import.ts'
import { type Radfel, radfelOf } from '../shared/import-rows.ts'
import type { Work } from '../shared/work.ts'
import { registerImported } from './import-register.ts'
import { type Importkolumn, type Importrad, kravdaKolumner, readImportrad, valfriaKolumner } from './import-rows.ts'

/** A landlord that a file names; null when there is none of that number. */
export type Hyresvard = { id: string; tarEmotForturer: boolean } | null

/** What is known so far of those whom a file names. */
type Seen = { hyresvardar: Map<string, Hyresvard>; personer: Set<string> }

/**
 * Imports a spreadsheet of running förturer as `importSheet` says. Missing households are created; a landlord must be
 * registered and receive förturer, and those of its förturer are disclosed to it.
 *
 * @throws as `importSheet`
 */
export function importForturer(
  work: Work,
  file: AsyncIterable<Buffer>,
  options: { delvis: boolean },
): Promise<Importutfall> {
  const seen: Seen = { hyresvardar: new Map(), personer: new Set() }
  return importSheet(work, file, options, {
    kolumner: { required: kravdaKolumner, optional: valfriaKolumner },
    nummer: 'forturnummer',
    read: falt => readImportrad(falt, work.today, work.config.FORTUR_ERBJUDANDEN),
    compare: (_, rader: Importrad[]) => compareWithRegistered(work, rader, seen),
    register: (_, rader) => registerImported(work, rader, seen.hyresvardar),
  })
}

/** The columns that tell whether a registered förtur is the one of the row, and where they are kept. */
const compared = {
  personnummer: '(SELECT personnummer_hash FROM person WHERE id = f.person_id)',
  antal_personer: 'f.antal_personer',
  grunder: 'f.grunder',
  beslut_datum: 'f.beslut_datum',
  giltig_fran: 'f.giltig_fran',
  giltig_till: 'f.giltig_till',
  min_rum: 'f.min_rum',
  max_rum: 'f.max_rum',
  max_hyra: 'f.max_hyra_ore',
  tillganglighet: 'f.tillganglighet',
  onskade_omraden: 'f.onskade_omraden',
  uteslutna_omraden: 'f.uteslutna_omraden',
  max_erbjudanden: 'f.max_erbjudanden',
  antal_nej: 'f.antal_nej',
  ko_fornyad: 'f.ko_fornyad',
  hyresvard_orgnr: '(SELECT organisationsnummer FROM hyresvard WHERE id = f.hyresvard_id)',
  overlamnad_datum: 'f.overlamnad_datum',
} as const satisfies Partial<Record<Importkolumn, string>>
type Comparable = Record<keyof typeof compared, unknown>
const comparedColumns = Object.keys(compared) as (keyof Comparable)[]

const comparable = (work: Work, { fortur, sokande, organisationsnummer }: Importrad): Comparable => ({
  personnummer: work.encryption.hash(sokande.personnummer),
  antal_personer: fortur.antalPersoner,
  grunder: fortur.grunder,
  beslut_datum: fortur.beslutDatum,
  giltig_fran: fortur.giltigFran,
  giltig_till: fortur.giltigTill,
  min_rum: fortur.minRum,
  max_rum: fortur.maxRum,
  max_hyra: fortur.maxHyraOre,
  tillganglighet: fortur.tillganglighet,
  onskade_omraden: fortur.onskadeOmraden,
  uteslutna_omraden: fortur.uteslutnaOmraden,
  max_erbjudanden: fortur.maxErbjudanden,
  antal_nej: fortur.antalNej,
  ko_fornyad: fortur.koFornyad,
  hyresvard_orgnr: organisationsnummer,
  overlamnad_datum: fortur.overlamnadDatum,
})

/** Lists are the same in any order. */
const plain = (value: unknown) => (Array.isArray(value) ? [...value].sort().join() : value)
const saysNothing = (row: Comparable, kolumn: Importkolumn) =>
  row[kolumn as keyof Comparable] === null && (valfriaKolumner as readonly string[]).includes(kolumn)

const finnsRedanAnnorlunda = radfelOf(comparedColumns, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma forturnummer. Importen ändrar inget som är registrerat',
}))
const differences = (known: Comparable, row: Comparable): Radfel<Importkolumn>[] =>
  comparedColumns
    .filter(kolumn => plain(known[kolumn]) !== plain(row[kolumn]) && !saysNothing(row, kolumn))
    .map(kolumn => finnsRedanAnnorlunda[kolumn])

/** How rows stand to the förturer that are registered with their numbers, to their persons' and to their landlords. */
async function compareWithRegistered(
  work: Work,
  rader: Importrad[],
  { hyresvardar, personer }: Seen,
): Promise<(Radfel<Importkolumn>[] | 'dold' | null)[]> {
  const rows: (Comparable & { forturnummer: string; skyddad: boolean })[] = await work.db.query(
    `SELECT f.forturnummer, f.skyddad, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
     FROM fortur f WHERE f.forturnummer = ANY($1)`,
    [rader.map(({ fortur }) => fortur.forturnummer)],
  )
  const registered = new Map(rows.map(row => [row.forturnummer, row]))
  const nya = rader.filter(({ fortur }) => !registered.has(fortur.forturnummer))
  await findLandlords(work, nya, hyresvardar)
  const open = await withOpenFortur(
    work,
    nya.map(({ sokande }) => work.encryption.hash(sokande.personnummer)),
  )
  return rader.map(rad => {
    const row = comparable(work, rad)
    const known = registered.get(rad.fortur.forturnummer)
    // Whoever is not cleared is told nothing of what a hidden förtur has, not even by a difference.
    if (known) return known.skyddad && !isCleared(work.caller) ? [] : differences(known, row)
    const hash = row.personnummer as string
    const hidden = open.get(hash)?.skyddad && !isCleared(work.caller)
    const double = personer.has(hash)
    personer.add(hash)
    const fel = [
      double ? dubblett : open.has(hash) && !hidden && harOppen.personnummer,
      rad.organisationsnummer !== null && whyNotLandlord(hyresvardar.get(rad.organisationsnummer) ?? null),
    ].filter(one => one !== false)
    // Answered as a row about anyone else: that someone hidden has an open förtur is not told.
    return fel.length > 0 ? fel : hidden ? 'dold' : null
  })
}

const dubblett = doubleOf('personnummer')
const harOppen = radfelOf(['personnummer'], () => ({
  kod: 'oppen-fortur-finns',
  krav: 'är registrerat för någon som redan har en öppen förtur, med ett annat nummer',
}))
const ingenHyresvard = radfelOf(['hyresvard_orgnr'], () => ({
  kod: 'finns-inte',
  krav: 'är ingen registrerad hyresvärd. Registrera den först',
}))
const tarInteEmot = radfelOf(['hyresvard_orgnr'], () => ({
  kod: 'tar-inte-emot',
  krav: 'är en hyresvärd som inte tar emot förturer (tarEmotForturer)',
}))

const whyNotLandlord = (hyresvard: Hyresvard): Radfel<Importkolumn> | false => {
  if (hyresvard === null) return ingenHyresvard.hyresvard_orgnr
  return !hyresvard.tarEmotForturer && tarInteEmot.hyresvard_orgnr
}

/** Looks up the landlords of rows that the file has not named before. */
async function findLandlords(work: Work, rader: Importrad[], known: Map<string, Hyresvard>): Promise<void> {
  const unknown = rader.flatMap(({ organisationsnummer: number }) => (number && !known.has(number) ? [number] : []))
  if (unknown.length === 0) return
  for (const number of unknown) known.set(number, null)
  const rows = await work.db.query(
    'SELECT organisationsnummer, id, tar_emot_forturer AS "tarEmotForturer" FROM hyresvard WHERE organisationsnummer = ANY($1)',
    [unknown],
  )
  for (const { organisationsnummer, ...hyresvard } of rows) known.set(organisationsnummer, hyresvard)
}

/** Of these hashes of personnummer, those whose person is applicant or co-applicant of an open förtur. */
async function withOpenFortur(work: Work, hashes: string[]): Promise<Map<string, { skyddad: boolean }>> {
  if (hashes.length === 0) return new Map()
  // As when a förtur is granted: that one person is applicant here and co-applicant there is in no index.
  await work.db.query(
    `SELECT FROM hushall WHERE id IN (SELECT hushall_id FROM person WHERE personnummer_hash = ANY($1))
     ORDER BY id FOR NO KEY UPDATE`,
    [hashes],
  )
  const rows: { hash: string; skyddad: boolean }[] = await work.db.query(
    `SELECT p.personnummer_hash AS hash, f.skyddad FROM person p
     JOIN fortur f ON f.hushall_id = p.hushall_id AND p.id IN (f.person_id, f.medsokande_id)
     WHERE p.personnummer_hash = ANY($1) AND f.avslutad_datum IS NULL`,
    [hashes],
  )
  return new Map(rows.map(({ hash, skyddad }) => [hash, { skyddad }]))
}
