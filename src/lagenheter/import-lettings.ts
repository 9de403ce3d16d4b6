import { isCleared } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { radfelOf } from '../shared/import-rows.ts'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { LagenhetEntity } from './entity.ts'
import { whyNotInPool } from './rules.ts'
import { type LagenhetRad, upptagna, urPoolen } from './schema.ts'

/** A home that a file names, and the last day for which it is promised or let; null when it never was. */
export type Namngiven = LagenhetRad & { upptagenTill: Day | null }

/**
 * Reads the homes that rows of a file name, by their number, in order to let them: nobody else can until the import is
 * done. The caller holds the households.
 */
export async function lockNamed(work: Work, numbers: string[]): Promise<Map<string, Namngiven>> {
  if (numbers.length === 0) return new Map()
  const rows: Namngiven[] = await work.db.query(
    `SELECT ${selectList(LagenhetEntity, 'l')}, (SELECT max(coalesce(u.till, '9999-12-31'::date)) FROM upplatelse u
       WHERE u.lagenhet_id = l.id AND u.upphavd IS NULL) AS "upptagenTill"
     FROM lagenhet l WHERE l.objektnummer = ANY ($1) AND l.tillstand <> ALL ($2) ORDER BY l.id FOR UPDATE`,
    [numbers, urPoolen],
  )
  return new Map(rows.map(row => [row.objektnummer, row]))
}

const fel = (kod: string, krav: string) => radfelOf(['objektnummer'], () => ({ kod, krav })).objektnummer
const finnsInte = fel('finns-inte', 'är ingen bostad i beståndet. Lägg in beståndet först')
const felKategori = fel('fel-kategori', 'är en bostad som är avsedd för annat')
const upptagen = fel('bostaden-ar-upptagen', 'är en bostad som redan är utlovad eller uthyrd för någon av dagarna')
const inteLedig = fel('bostaden-ar-inte-ledig', 'är en bostad som inte är ledig. Gör den klar först')
const inteIPoolen = fel('bostaden-ar-inte-i-bestandet', 'är en bostad som inte var i beståndet den första dagen')

/**
 * Why a home cannot be let as a row of a file says, or null. A home that a protected household has is not there for a
 * caller who may not know of it.
 *
 * @param fran the first day of the tenancy
 */
export function whyNotLet(
  work: Work,
  bostad: Namngiven | undefined,
  { kategori, fran }: { kategori: LagenhetRad['kategori']; fran: Day },
): typeof finnsInte | null {
  if (!bostad || (bostad.skyddad && !isCleared(work.caller))) return finnsInte
  if (bostad.kategori !== kategori) return felKategori
  if ((upptagna as readonly string[]).includes(bostad.tillstand) || (bostad.upptagenTill ?? '') >= fran) return upptagen
  if (bostad.tillstand !== 'ledig') return inteLedig
  return whyNotInPool(bostad, fran) && inteIPoolen
}
