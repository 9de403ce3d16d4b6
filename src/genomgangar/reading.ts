import type { HyresgarantiRad } from '../hyresgarantier/schema.ts'
import { KriterieuppsattningEntity } from '../hyresvardar/entity.ts'
import type { Kriterieuppsattning } from '../hyresvardar/schema.ts'
import { finnsInte } from '../shared/refusals.ts'
import { jsonObject, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { disclosedToLandlord } from '../utlamnanden/service.ts'
import { GenomgangEntity } from './entity.ts'
import { answerOf, assess } from './rules.ts'
import type { Bedomning, GenomgangRad } from './schema.ts'

/** A review with what it is judged by. */
export type Genomgangsunderlag = {
  genomgang: GenomgangRad
  avtalsnummer: string
  stanger: string
  giltigFran: string | null
  reserveratOre: number
  garantinsTillstand: HyresgarantiRad['tillstand']
  adress: string | null
  lagenhetsnummer: string | null
  manadshyraOre: number
  kriterier: Kriterieuppsattning | null
}

/**
 * The criteria of a review: the version that the guarantee was signed under, else the landlord's that holds today.
 * `$1` is today in every query that is built of this.
 */
export const basis = `
  SELECT ${selectList(GenomgangEntity, 'g')}, h.avtalsnummer, o.stanger, h.giltig_fran AS "giltigFran",
    h.reserverat_ore AS "reserveratOre", h.tillstand AS "garantinsTillstand", h.adress, h.lagenhetsnummer,
    h.manadshyra_ore AS "manadshyraOre", ${jsonObject(KriterieuppsattningEntity, 'k')} AS kriterier
  FROM genomgang g
  JOIN hyresgaranti h ON h.id = g.hyresgaranti_id
  JOIN genomgangsomgang o ON o.period = g.period
  LEFT JOIN kriterieuppsattning k ON k.id = coalesce(g.kriterieuppsattning_id, h.kriterieuppsattning_id, (
    SELECT id FROM kriterieuppsattning WHERE hyresvard_id = g.hyresvard_id AND giltig_fran <= $1
    ORDER BY giltig_fran DESC, nummer DESC LIMIT 1))`

export const toUnderlag = (row: GenomgangRad & Omit<Genomgangsunderlag, 'genomgang'>): Genomgangsunderlag => ({
  genomgang: row,
  avtalsnummer: row.avtalsnummer,
  stanger: row.stanger,
  giltigFran: row.giltigFran,
  reserveratOre: row.reserveratOre,
  garantinsTillstand: row.garantinsTillstand,
  adress: row.adress,
  lagenhetsnummer: row.lagenhetsnummer,
  manadshyraOre: row.manadshyraOre,
  kriterier: row.kriterier,
})

/** A done review keeps the assessment it was decided on; an open one is judged by what is known now. */
export const assessmentOf = ({ genomgang, kriterier, ...garanti }: Genomgangsunderlag, today: string): Bedomning =>
  genomgang.bedomning ?? assess(answerOf(genomgang), kriterier, garanti, today)

/** @throws 404 */
export async function readGenomgang(work: Work, id: string): Promise<Genomgangsunderlag> {
  const [row] = await work.db.query(`${basis} WHERE g.id = $2`, [work.today, id])
  if (!row) throw finnsInte()
  return toUnderlag(row)
}

export type Genomgangsfilter = {
  period?: string
  tillstand?: GenomgangRad['tillstand']
  hyresvardId?: string
  hyresgarantiId?: string
  /** Only those that are not done. */
  oppna?: boolean
  /** As the landlord sees them: only where a disclosure to it is in force. */
  utlamnad?: boolean
}

/** Reviews by round and id, newest round first. */
export async function listGenomgangar(
  work: Work,
  filter: Genomgangsfilter,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: Genomgangsunderlag[]; total: number }> {
  const parameters: unknown[] = []
  const given = (sql: (p: string) => string, value: unknown) =>
    value === undefined ? [] : [sql(`$${parameters.push(value) + 1}`)]
  const conditions = [
    ...given(p => `g.period = ${p}`, filter.period),
    ...given(p => `g.tillstand = ${p}`, filter.tillstand),
    ...given(p => `g.hyresvard_id = ${p}`, filter.hyresvardId),
    ...given(p => `g.hyresgaranti_id = ${p}`, filter.hyresgarantiId),
    ...(filter.oppna ? ["g.tillstand <> 'klar'"] : []),
    ...(filter.utlamnad
      ? [`EXISTS (SELECT FROM hyresgaranti h WHERE h.id = g.hyresgaranti_id AND ${disclosedToLandlord})`]
      : []),
  ]
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  const [limitAt, offsetAt] = [`$${parameters.length + 2}`, `$${parameters.length + 3}`]
  const rows = await work.db.query(
    `${basis} ${where} ORDER BY g.period DESC, g.id LIMIT ${limitAt} OFFSET ${offsetAt}`,
    [work.today, ...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM genomgang g ${where} LIMIT ${limitAt} + 0 * length($1)) c`,
    [work.today, ...parameters, countedAtMost + 1],
  )
  return { rows: rows.map(toUnderlag), total }
}
