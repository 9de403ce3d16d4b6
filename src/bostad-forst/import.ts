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
 * Imports a spreadsheet of those who are in Bostad Först as `importSheet` says, each with a support beside the tenancy.
 * Missing households are created; a home must be in the pool and free.
 *
 * @throws as `importSheet`
 */
export function importBostadForst(
  work: Work,
  file: AsyncIterable<Buffer>,
  options: { delvis: boolean },
): Promise<Importutfall> {
  const seen: Seen = { personer: new Set(), objektnummer: new Set(), bostader: new Map() }
  return importSheet(work, file, options, {
    kolumner: { required: kravdaKolumner, optional: valfriaKolumner },
    nummer: 'boendenummer',
    read: falt => readImportrad(falt, work.today),
    compare: (_, rader: Importrad[]) => compareWithRegistered(work, rader, seen),
    register: (_, rader) => registerImported(work, rader, seen.bostader),
  })
}

/** The columns that tell whether a registered tenancy is the one of the row, and where they are kept. */
const compared = {
  personnummer: '(SELECT p.personnummer_hash FROM person p WHERE p.id = b.person_id)',
  antagen_datum: 'b.antagen_datum',
  objektnummer: '(SELECT l.objektnummer FROM lagenhet l WHERE l.id = b.lagenhet_id)',
  kontraktsform: 'b.kontraktsform',
  skal_andrahand: 'b.skal_andrahand',
  overgang_tidigast: 'b.overgang_tidigast',
  inflyttad: 'b.inflyttad',
  forstahand_datum: 'b.forstahand_datum',
  stodniva: '(SELECT s.niva FROM bf_stod s WHERE s.bf_boende_id = b.id)',
  hyra: `(SELECT u.hyra_ore FROM upplatelse u WHERE u.bf_boende_id = b.id AND u.slag = 'boende' AND u.upphavd IS NULL
    ORDER BY u.fran DESC, u.id LIMIT 1)`,
} as const satisfies Partial<Record<Importkolumn, string>>
type Comparable = Record<keyof typeof compared, unknown>
const comparedColumns = Object.keys(compared) as (keyof Comparable)[]

const comparable = (work: Work, { person, antagenDatum, bostad, niva }: Importrad): Comparable => ({
  personnummer: work.encryption.hash(person.personnummer),
  antagen_datum: antagenDatum,
  objektnummer: bostad?.objektnummer ?? null,
  kontraktsform: bostad?.kontraktsform ?? null,
  skal_andrahand: bostad?.skalAndrahand ?? null,
  overgang_tidigast: bostad?.overgangTidigast ?? null,
  inflyttad: bostad?.inflyttad ?? null,
  forstahand_datum: bostad?.kontraktsform === 'forstahand' ? (bostad.forstahandDatum ?? bostad.inflyttad) : null,
  stodniva: niva,
  hyra: bostad?.hyraOre ?? null,
})

const finnsRedanAnnorlunda = radfelOf(comparedColumns, () => ({
  kod: 'finns-redan-annorlunda',
  krav: 'är registrerat på annat sätt för samma boendenummer. Importen ändrar inget som är registrerat',
}))
const differences = (known: Comparable, row: Comparable): Radfel<Importkolumn>[] =>
  comparedColumns
    .filter(kolumn => known[kolumn] !== row[kolumn] && !(kolumn === 'hyra' && row.hyra === null))
    .map(kolumn => finnsRedanAnnorlunda[kolumn])

const dubblettPerson = doubleOf('personnummer')
const dubblettBostad = doubleOf('objektnummer')
const harRedan = radfelOf(['personnummer'], () => ({
  kod: 'oppet-boende-finns',
  krav: 'är registrerat för någon som redan har ett öppet boende i Bostad Först, med ett annat nummer',
})).personnummer

/** How rows stand to the tenancies that are registered with their numbers, to their persons' and to their homes. */
async function compareWithRegistered(
  work: Work,
  rader: Importrad[],
  seen: Seen,
): Promise<(Radfel<Importkolumn>[] | 'dold' | null)[]> {
  const rows: (Comparable & { nummer: string; skyddad: boolean })[] = await work.db.query(
    `SELECT b.boendenummer AS nummer, b.skyddad, ${comparedColumns.map(kolumn => `${compared[kolumn]} AS ${kolumn}`).join(', ')}
     FROM bf_boende b WHERE b.boendenummer = ANY ($1)`,
    [rader.map(({ boendenummer }) => boendenummer)],
  )
  const registered = new Map(rows.map(row => [row.nummer, row]))
  const nya = rader.filter(({ boendenummer }) => !registered.has(boendenummer))
  const open = await withOpen(
    work,
    nya.map(({ person }) => work.encryption.hash(person.personnummer)),
  )
  seen.bostader = await lockNamed(
    work,
    nya.flatMap(({ bostad }) => (bostad ? [bostad.objektnummer] : [])),
  )
  return rader.map(rad => {
    const row = comparable(work, rad)
    const known = registered.get(rad.boendenummer)
    // Whoever is not cleared is told nothing of what a hidden person has, not even by a difference.
    if (known) return known.skyddad && !isCleared(work.caller) ? [] : differences(known, row)
    const hash = row.personnummer as string
    const hidden = open.get(hash)?.skyddad && !isCleared(work.caller)
    const whyNotPerson = seen.personer.has(hash) ? dubblettPerson : open.has(hash) && !hidden ? harRedan : null
    seen.personer.add(hash)
    const fel = [whyNotPerson, whyNotHome(work, rad, seen)].filter(one => one !== null)
    // Answered as a row about anyone else: that someone hidden is in Bostad Först is not told.
    return fel.length > 0 ? fel : hidden ? 'dold' : null
  })
}

function whyNotHome(work: Work, { bostad }: Importrad, { objektnummer, bostader }: Seen): Radfel<Importkolumn> | null {
  if (bostad === null) return null
  if (objektnummer.has(bostad.objektnummer)) return dubblettBostad
  objektnummer.add(bostad.objektnummer)
  return whyNotLet(work, bostader.get(bostad.objektnummer), { kategori: 'bostadForst', fran: bostad.inflyttad })
}

/** Of these hashes of personnummer, those whose person has an open tenancy; their households are held. */
async function withOpen(work: Work, hashes: string[]): Promise<Map<string, { skyddad: boolean }>> {
  if (hashes.length === 0) return new Map()
  await work.db.query(
    `SELECT FROM hushall WHERE id IN (SELECT hushall_id FROM person WHERE personnummer_hash = ANY ($1))
     ORDER BY id FOR KEY SHARE`,
    [hashes],
  )
  const rows: { hash: string; skyddad: boolean }[] = await work.db.query(
    `SELECT p.personnummer_hash AS hash, b.skyddad FROM person p JOIN bf_boende b ON b.person_id = p.id
     WHERE p.personnummer_hash = ANY ($1) AND b.tillstand <> 'avslutad'`,
    [hashes],
  )
  return new Map(rows.map(({ hash, skyddad }) => [hash, { skyddad }]))
}
