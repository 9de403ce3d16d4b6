import { newId } from '../shared/ids.ts'
import { finnsInte, finnsRedan } from '../shared/refusals.ts'
import { insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BarnchecklistemallEntity } from './entity.ts'
import { ingenMall, whyNotTemplate } from './rules.ts'
import type { BarnchecklistemallRad, NyBarnchecklistemall } from './schema.ts'

const columns = selectList(BarnchecklistemallEntity, 'm')

/**
 * A new version of the template. The earlier ones stay: checklists that were begun with them keep them.
 *
 * @throws 422 when two points have the same code, 409 when another version was made at the same moment
 */
export async function addTemplate(work: Work, body: NyBarnchecklistemall): Promise<BarnchecklistemallRad> {
  const refusal = whyNotTemplate(body)
  if (refusal) throw refusal
  const [{ nummer }] = await work.db.query('SELECT coalesce(max(nummer), 0) + 1 AS nummer FROM barnchecklistemall')
  const mall: BarnchecklistemallRad = { ...body, id: newId(work.now), nummer, skapad: work.now }
  await onConstraint(insertRows(work.db, BarnchecklistemallEntity, [mall]), {
    barnchecklistemall_nummer: () => finnsRedan('En annan mall skapades i samma stund. Läs den, och försök igen.'),
  })
  return mall
}

/** All versions, the newest first. */
export async function listTemplates(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows: BarnchecklistemallRad[] = await work.db.query(
    `SELECT ${columns} FROM barnchecklistemall m ORDER BY m.nummer DESC LIMIT $1 OFFSET $2`,
    [limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM barnchecklistemall')
  return { rows, total: total as number }
}

/** @throws 404 */
export async function readTemplate(work: Work, nummer: number): Promise<BarnchecklistemallRad> {
  const [mall] = await work.db.query(`SELECT ${columns} FROM barnchecklistemall m WHERE m.nummer = $1`, [nummer])
  if (!mall) throw finnsInte()
  return mall
}

/** @throws 409 when none holds today */
export async function templateInForce(work: Work): Promise<BarnchecklistemallRad> {
  const [mall] = await work.db.query(
    `SELECT ${columns} FROM barnchecklistemall m WHERE m.giltig_fran <= $1
     ORDER BY m.giltig_fran DESC, m.nummer DESC LIMIT 1`,
    [work.today],
  )
  if (!mall) throw ingenMall()
  return mall
}
