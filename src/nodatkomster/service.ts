import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, incoherent } from '../shared/refusals.ts'
import { findRow, insertRows, selectList } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { NodatkomstEntity } from './entity.ts'
import type { NodatkomstRad, NyNodatkomst } from './schema.ts'

const behovsInte = defineProblem('nodatkomst-behovs-inte', 409, 'Nödåtkomst behövs inte', 'Du får redan se hushållet.')

/**
 * Break-glass: a caseworker with a reason sees one protected household for a while. It is written down, shows in the
 * read log, and waits for skyddsgrupp to look at. Telling that the household exists is what this is for; so a wrong
 * guess is written in the service's log too.
 *
 * @throws 404 when there is no such household, 409 when the caller sees it already
 */
export async function breakGlass(work: Work, { hushallId, avtalsnummer, skal }: NyNodatkomst): Promise<NodatkomstRad> {
  const refusal = incoherent([
    (hushallId === undefined) === (avtalsnummer === undefined) && {
      pointer: '/hushallId',
      kod: 'ett-av-tva',
      detail: 'Ange antingen hushallId eller avtalsnummer.',
    },
  ])
  if (refusal) throw refusal
  const [hushall] = await asCleared(work, () =>
    work.db.query(
      `SELECT s.id, s.skyddad FROM hushall s
       WHERE s.id = $1 OR s.id = (SELECT h.hushall_id FROM hyresgaranti h WHERE h.avtalsnummer = $2)`,
      [hushallId ?? null, avtalsnummer ?? null],
    ),
  )
  if (!hushall) throw finnsInte('Det finns inget sådant hushåll.')
  const visible = await work.db.query('SELECT FROM hushall WHERE id = $1', [hushall.id])
  if (visible.length > 0) throw behovsInte()
  const till = Temporal.Instant.from(work.now).add({ minutes: work.config.NODATKOMST_MINUTER })
  const nodatkomst: NodatkomstRad = {
    id: newId(work.now),
    sub: work.caller.sub,
    hushallId: hushall.id,
    skyddad: hushall.skyddad,
    skal,
    fran: work.now,
    till: till.toString({ smallestUnit: 'millisecond' }),
    sedd: null,
    seddAv: null,
    skapad: work.now,
  }
  await asCleared(work, () => insertRows(work.db, NodatkomstEntity, [nodatkomst]))
  return nodatkomst
}

/** Accesses in an emergency, the latest first; those that nobody of skyddsgrupp has looked at are marked by `sedd` null. */
export async function listNodatkomster(
  work: Work,
  unseenOnly: boolean,
  { limit, offset }: { limit: number; offset: number },
) {
  const where = 'WHERE ($1 = false OR n.sedd IS NULL)'
  const rows: NodatkomstRad[] = await work.db.query(
    `SELECT ${selectList(NodatkomstEntity, 'n')} FROM nodatkomst n ${where} ORDER BY n.fran DESC, n.id LIMIT $2 OFFSET $3`,
    [unseenOnly, limit, offset],
  )
  const [{ total }] = await work.db.query(`SELECT count(*) AS total FROM nodatkomst n ${where}`, [unseenOnly])
  return { rows, total: total as number }
}

/** Skyddsgrupp has looked at it. Looking twice changes nothing. */
export async function markSeen(work: Work, id: string): Promise<NodatkomstRad> {
  const found = await findRow(work.db, NodatkomstEntity, id, 'FOR UPDATE')
  if (!found) throw finnsInte()
  if (found.sedd !== null) return found
  const seen = { sedd: work.now, seddAv: work.caller.sub }
  await work.db.update(NodatkomstEntity, { id }, seen)
  return { ...found, ...seen }
}
