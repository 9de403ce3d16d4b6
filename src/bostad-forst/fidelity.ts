import { newId } from '../shared/ids.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { TrohetsmatningEntity } from './entity.ts'
import { whyNotMeasure } from './rules.ts'
import type { NyTrohetsmatning, TrohetsmatningRad } from './schema.ts'
import { throwIf } from './service.ts'

/** Keeps a year's measurement. @throws 409 when the instrument has measured that year, 422 when the sums are not right */
export async function measure(work: Work, body: NyTrohetsmatning): Promise<TrohetsmatningRad> {
  throwIf(whyNotMeasure(body, work.today))
  const matning: TrohetsmatningRad = { ...body, id: newId(work.now), atgarder: body.atgarder ?? null, skapad: work.now }
  await onConstraint(insertRows(work.db, TrohetsmatningEntity, [matning]), {
    trohetsmatning_en_per_ar: () => finnsRedan('Instrumentet har redan en mätning för det året.'),
  })
  return matning
}

/** The measurements, the latest year first. */
export async function listMeasurements(
  work: Work,
  ar: number | undefined,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: TrohetsmatningRad[]; total: number }> {
  const rows = await work.db.query(
    `SELECT ${selectList(TrohetsmatningEntity, 't')} FROM trohetsmatning t WHERE $1::int IS NULL OR t.ar = $1
     ORDER BY t.ar DESC, t.instrument, t.id LIMIT $2 OFFSET $3`,
    [ar ?? null, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM trohetsmatning t WHERE $1::int IS NULL OR t.ar = $1 LIMIT $2) counted`,
    [ar ?? null, countedAtMost + 1],
  )
  return { rows, total }
}
