import { lockNamed, type Namngiven, whyNotLet } from '../lagenheter/import-lettings.ts'
import { isCleared } from '../shared/caller.ts'
import { doubleOf, type Importutfall, importSheet } from '../shared/import.ts'
import { type Radfel, radfelOf } from '../shared/import-rows.ts'
import type { Work } from '../shared/work.ts'
import { registerImported } from './import-register.ts'
import { type Importkolumn, type Importrad, kravdaKolumner, readImportrad, valfriaKolumner } from './import-rows.ts'

/** What is known so far of what a file names. The homes are those of the rows at hand. */
type Seen = { personer: Set<string>; objektnummer: Set<string>; bostader: Map<string, Namngiven> }

/**
 * Imports a spreadsheet of running stödlägenheter, and of places in the queue, as `importSheet` says. Missing households
 * are created; a home must be in the pool and free, and who it is let to is disclosed to serviceförvaltningen.
 *
 * @throws as `importSheet`
 */
export function importStodlagenheter(
  work: Work,
  file: AsyncIterable<Buffer>,
  options: { delvis: boolean },
): Promise<Importutfall> {
  const seen: Seen = { personer: new Set(), objektnummer: new Set(), bostader: new Map() }
  return importSheet(work, file, options, {
    kolumner: { required: kravdaKolumner, optional: valfriaKolumner },
    nummer: 'stodlagenhetsnummer',
    read: falt => readImportrad(falt, work.today),
    compare: (_, rader: Importrad[]) => compareWithRegistered(work, rader, seen),
    register: (_, rader) => registerImported(work, rader, seen.bostader),
  })
}

const avstaende = (column: string) => `(SELECT v.${column} FROM avstaende v WHERE v.stodlagenhet_id = s.id
  AND v.lagenhet_id = s.lagenhet_id AND v.tillstand IN ('godkant', 'ejKrav') ORDER BY v.giltigt_till DESC, v.id LIMIT 1)`
/** The columns that tell whether a registered stödlägenhet is the one of the row, and where they are kept. */
const compared = {
  personnummer: '(SELECT p.personnummer_hash FROM person p WHERE p.id = s.person_id)',
  antal_personer: 's.antal_personer',
  beslutstyp: 's.beslutstyp',
  beslut_fran: 's.beslut_fran',
  beslut_till: 's.beslut_till',
  objektnummer: '(SELECT l.objektnummer FROM lagenhet l WHERE l.id = s.lagenhet_id)',
  avtalsform: 's.avtalsform',
  avtal_datum: 's.avtal_datum',
  informerad_om_villkor_datum: 's.informerad_om_villkor_datum',
  hyra: 's.hyra_ore',
  tilltrade: 's.tilltrade',
  ko_datum: 's.ko_datum',
  min_rum: 's.min_rum',
  max_rum: 's.max_rum',
  max_hyra: 's.max_hyra_ore',
  onskade_omraden: 's.onskade_omraden',
  uteslutna_omraden: 's.uteslutna_omraden',
  tillganglighet: 's.tillganglighet',
  avstaende_till: avstaende('giltigt_till'),
  avstaende_godkant: avstaende('beslut_datum'),
  hyresskuld: 's.hyresskuld_ore',
} as const satisfies Partial<Record<Importkolumn, string>>
type Comparable = Record<keyof typeof compared, unknown>
const comparedColumns = Object.keys(compared) as (keyof Comparable)[]

const comparable = (work: Work, { stodlagenhet, person, avtal, avstaende }: Importrad): Comparable => ({
  personnummer: work.encryption.hash(person.personnummer),
  antal_personer: stodlagenhet.antalPersoner,
  beslutstyp: stodlagenhet.beslutstyp,
  beslut_fran: stodlagenhet.beslutFran,
  beslut_till: stodlagenhet.beslutTill,
  objektnummer: avtal?.objektnummer ?? null,
  avtalsform: avtal?.avtalsform ?? null,
  avtal_datum: avtal?.avtalDatum ?? null,
  informerad_om_villkor_datum: avtal?.informeradOmVillkorDatum ?? null,
  hyra: avtal?.hyraOre ?? null,
  tilltrade: avtal?.tilltrade ?? null,
  ko_datum: stodlagenhet.koDatum,
  min_rum: stodlagenhet.minRum,
  max_rum: stodlagenhet.maxRum,
  max_hyra: stodlagenhet.maxHyraOre,
  onskade_omraden: stodlagenhet.onskadeOmraden,
  uteslutna_omraden: stodlagenhet.uteslutnaOmraden,
  tillganglighet: stodlagenhet.tillganglighet,
  avstaende_till: avstaende?.till ?? null,
  avstaende_godkant: avstaende?.godkant ?? null,
  hyresskuld: stodlagenhet.hyresskuldOre,
})

/** Lists are the same in any order. */
const plain = (value: unknown) => (Array.isArray(value) ? [...value].sort().join() : value)
const saysNothing = (row: Comparable, kolumn: keyof Comparable) =>
  row[kolumn] === null && (valfriaKolumner as readonly string[]).includes(kolumn)

const finnsRedanAnnorlunda = radfelOf(comparedColumns, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma stodlagenhetsnummer. Importen ändrar inget som är registrerat',
}))
const differences = (known: Comparable, row: Comparable): Radfel<Importkolumn>[] =>
  comparedColumns
    .filter(kolumn => plain(known[kolumn]) !== plain(row[kolumn]) && !saysNothing(row, kolumn))
    .map(kolumn => finnsRedanAnnorlunda[kolumn])

const dubblettPerson = doubleOf('personnummer')
const dubblettBostad = doubleOf('objektnummer')
const harRedan = radfelOf(['personnummer'], () => ({
  kod: 'stodlagenhet-finns',
  krav: 'är registrerat för någon som redan har en stödlägenhet eller en plats i kön, med ett annat nummer',
})).personnummer

/** How rows stand to the stödlägenheter that are registered with their numbers, to their persons' and to their homes. */
async function compareWithRegistered(
  work: Work,
  rader: Importrad[],
  seen: Seen,
): Promise<(Radfel<Importkolumn>[] | 'dold' | null)[]> {
  const rows: (Comparable & { nummer: string; skyddad: boolean })[] = await work.db.query(
    `SELECT s.stodlagenhetsnummer AS nummer, s.skyddad, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
     FROM stodlagenhet s WHERE s.stodlagenhetsnummer = ANY ($1)`,
    [rader.map(({ stodlagenhet }) => stodlagenhet.stodlagenhetsnummer)],
  )
  const registered = new Map(rows.map(row => [row.nummer, row]))
  const nya = rader.filter(({ stodlagenhet }) => !registered.has(stodlagenhet.stodlagenhetsnummer))
  const open = await withOpen(
    work,
    nya.map(({ person }) => work.encryption.hash(person.personnummer)),
  )
  seen.bostader = await lockNamed(
    work,
    nya.flatMap(({ avtal }) => (avtal ? [avtal.objektnummer] : [])),
  )
  return rader.map(rad => {
    const row = comparable(work, rad)
    const known = registered.get(rad.stodlagenhet.stodlagenhetsnummer)
    // Whoever is not cleared is told nothing of what a hidden person has, not even by a difference.
    if (known) return known.skyddad && !isCleared(work.caller) ? [] : differences(known, row)
    const hash = row.personnummer as string
    const hidden = open.get(hash)?.skyddad && !isCleared(work.caller)
    const whyNotPerson = seen.personer.has(hash) ? dubblettPerson : open.has(hash) && !hidden ? harRedan : null
    seen.personer.add(hash)
    const fel = [whyNotPerson, whyNotHome(work, rad, seen)].filter(one => one !== null)
    // Answered as a row about anyone else: that someone hidden has a stödlägenhet is not told.
    return fel.length > 0 ? fel : hidden ? 'dold' : null
  })
}

function whyNotHome(work: Work, { avtal }: Importrad, { objektnummer, bostader }: Seen): Radfel<Importkolumn> | null {
  if (avtal === null) return null
  if (objektnummer.has(avtal.objektnummer)) return dubblettBostad
  objektnummer.add(avtal.objektnummer)
  return whyNotLet(work, bostader.get(avtal.objektnummer), { kategori: 'stodlagenhet', fran: avtal.tilltrade })
}

/** Of these hashes of personnummer, those whose person has a stödlägenhet or a place in the queue; their households are held. */
async function withOpen(work: Work, hashes: string[]): Promise<Map<string, { skyddad: boolean }>> {
  if (hashes.length === 0) return new Map()
  await work.db.query(
    `SELECT FROM hushall WHERE id IN (SELECT hushall_id FROM person WHERE personnummer_hash = ANY ($1))
     ORDER BY id FOR KEY SHARE`,
    [hashes],
  )
  const rows: { hash: string; skyddad: boolean }[] = await work.db.query(
    `SELECT p.personnummer_hash AS hash, s.skyddad FROM person p JOIN stodlagenhet s ON p.id IN (s.person_id, s.medsokande_id)
     WHERE p.personnummer_hash = ANY ($1) AND s.tillstand NOT IN ('overlaten', 'avslutad')`,
    [hashes],
  )
  return new Map(rows.map(({ hash, skyddad }) => [hash, { skyddad }]))
}
