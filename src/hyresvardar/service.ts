import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { formatOrganisationsnummer } from '../shared/organisationsnummer.ts'
import { finnsInte, finnsRedan } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { HyresvardEntity, KriterieuppsattningEntity } from './entity.ts'
import type {
  HyresvardAndring,
  HyresvardRad,
  Kriterieuppsattning,
  NyHyresvard,
  NyKriterieuppsattning,
} from './schema.ts'

/** @throws 409 when the organisation number is registered */
export async function createHyresvard(
  work: Work,
  { organisationsnummer, tarEmotForturer = false, ...rest }: NyHyresvard,
): Promise<HyresvardRad> {
  const hyresvard: HyresvardRad = {
    ...rest,
    id: newId(work.now),
    version: 1,
    organisationsnummer: formatOrganisationsnummer(organisationsnummer),
    tarEmotForturer,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, HyresvardEntity, [hyresvard]), {
    hyresvard_organisationsnummer: () => finnsRedan('En hyresvärd med det organisationsnumret finns redan.'),
  })
  return hyresvard
}

/** @throws 404 */
export async function readHyresvard(work: Work, id: string, lock: '' | 'FOR UPDATE' = ''): Promise<HyresvardRad> {
  const hyresvard = await findRow(work.db, HyresvardEntity, id, lock)
  if (!hyresvard) throw finnsInte()
  return hyresvard
}

/** Landlords by name. */
export async function listHyresvardar(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows: HyresvardRad[] = await work.db.query(
    `SELECT ${selectList(HyresvardEntity, 'v')} FROM hyresvard v ORDER BY v.namn, v.id LIMIT $1 OFFSET $2`,
    [limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM hyresvard')
  return { rows, total: total as number }
}

/** @throws 412 when another version was read */
export async function changeHyresvard(
  work: Work,
  id: string,
  ifMatch: (version: number) => void,
  changes: HyresvardAndring,
) {
  const hyresvard = await readHyresvard(work, id, 'FOR UPDATE')
  ifMatch(hyresvard.version)
  return changeRow(work.db, HyresvardEntity, hyresvard, changes, work.now)
}

/** A new version of a landlord's criteria. The earlier ones stay: guarantees signed under them keep them. */
export async function addKriterieuppsattning(
  work: Work,
  hyresvardId: string,
  body: NyKriterieuppsattning,
): Promise<Kriterieuppsattning> {
  // Locked so that two new versions do not take the same number.
  await readHyresvard(work, hyresvardId, 'FOR UPDATE')
  const [{ nummer }] = await work.db.query(
    'SELECT coalesce(max(nummer), 0) + 1 AS nummer FROM kriterieuppsattning WHERE hyresvard_id = $1',
    [hyresvardId],
  )
  const kriterier: Kriterieuppsattning = {
    id: newId(work.now),
    hyresvardId,
    nummer,
    giltigFran: body.giltigFran,
    minManaderITid: body.minManaderITid ?? null,
    maxStorningar: body.maxStorningar ?? null,
    maxHyresskuldOre: body.maxHyresskuldOre ?? null,
    minGarantitidManader: body.minGarantitidManader ?? null,
    kravHemforsakring: body.kravHemforsakring ?? null,
    skapad: work.now,
  }
  await insertRows(work.db, KriterieuppsattningEntity, [kriterier])
  return kriterier
}

/** All versions of a landlord's criteria, the newest first. */
export async function listKriterieuppsattningar(
  work: Work,
  hyresvardId: string,
  { limit, offset }: { limit: number; offset: number },
) {
  await readHyresvard(work, hyresvardId)
  const rows: Kriterieuppsattning[] = await work.db.query(
    `SELECT ${selectList(KriterieuppsattningEntity, 'k')} FROM kriterieuppsattning k
     WHERE k.hyresvard_id = $1 ORDER BY k.nummer DESC LIMIT $2 OFFSET $3`,
    [hyresvardId, limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM kriterieuppsattning WHERE hyresvard_id = $1', [
    hyresvardId,
  ])
  return { rows, total: total as number }
}

/** The version of a landlord's criteria that holds on a day, or null. */
export async function criteriaInForce(work: Work, hyresvardId: string, day: Day): Promise<Kriterieuppsattning | null> {
  const rows = await work.db.query(
    `SELECT ${selectList(KriterieuppsattningEntity, 'k')} FROM kriterieuppsattning k
     WHERE k.hyresvard_id = $1 AND k.giltig_fran <= $2 ORDER BY k.giltig_fran DESC, k.nummer DESC LIMIT 1`,
    [hyresvardId, day],
  )
  return rows[0] ?? null
}
