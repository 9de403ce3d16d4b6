import { actorsOf } from '../shared/caller.ts'
import { monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { RegressbetalningEntity, RegressfordranEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { kvar } from './rules.ts'
import type { Eftergift, NyRegressbetalning, RegressbetalningRad, RegressfordranRad } from './schema.ts'

type IfMatch = (version: number) => void

/** The paid claim that a debt comes from. */
type BetaltKrav = Pick<RegressfordranRad, 'hyresgarantiId' | 'hushallId' | 'hyresvardId' | 'skyddad'> & {
  id: string
  godkantBeloppOre: number | null
  utbetaltDatum: string | null
}

/** Comes into being with the payment of a claim, in its transaction. */
export async function openRegressfordran(work: Work, krav: BetaltKrav): Promise<void> {
  const { id: garantikravId, hyresgarantiId, hushallId, hyresvardId, skyddad } = krav
  const uppkommen = krav.utbetaltDatum as string
  const fordran: RegressfordranRad = {
    id: newId(work.now),
    version: 1,
    garantikravId,
    hyresgarantiId,
    hushallId,
    hyresvardId,
    skyddad,
    tillstand: 'oppnad',
    beloppOre: krav.godkantBeloppOre as number,
    betaltOre: 0,
    uppkommen,
    preskriberas: monthsAfter(uppkommen, 12 * work.config.PRESKRIPTION_AR),
    eftergiftDatum: null,
    eftergiftMotivering: null,
    eftergiftBeslutsfattare: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, RegressfordranEntity, [fordran])
}

/** @throws 404 */
export async function readRegressfordran(
  work: Work,
  id: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<RegressfordranRad> {
  const fordran = await findRow(work.db, RegressfordranEntity, id, lock)
  if (!fordran) throw finnsInte()
  return fordran
}

export type Regressfilter = { tillstand?: RegressfordranRad['tillstand']; hyresgarantiId?: string }

/** Debts by the day they arose. */
export async function listRegressfordringar(
  work: Work,
  filter: Regressfilter,
  { limit, offset }: { limit: number; offset: number },
) {
  const where = 'WHERE ($1::text IS NULL OR r.tillstand = $1) AND ($2::uuid IS NULL OR r.hyresgaranti_id = $2)'
  const parameters = [filter.tillstand ?? null, filter.hyresgarantiId ?? null]
  const rows: RegressfordranRad[] = await work.db.query(
    `SELECT ${selectList(RegressfordranEntity, 'r')} FROM regressfordran r ${where} ORDER BY r.uppkommen, r.id LIMIT $3 OFFSET $4`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM regressfordran r ${where} LIMIT 10001) c`,
    parameters,
  )
  return { rows, total: total as number }
}

/** The payments on a debt, oldest first. */
export async function listBetalningar(work: Work, id: string, { limit, offset }: { limit: number; offset: number }) {
  await readRegressfordran(work, id)
  const rows: RegressbetalningRad[] = await work.db.query(
    `SELECT ${selectList(RegressbetalningEntity, 'b')} FROM regressbetalning b
     WHERE b.regressfordran_id = $1 ORDER BY b.betald, b.id LIMIT $2 OFFSET $3`,
    [id, limit, offset],
  )
  const [{ total }] = await work.db.query(
    'SELECT count(*) AS total FROM regressbetalning WHERE regressfordran_id = $1',
    [id],
  )
  return { rows, total: total as number }
}

/** @throws 422 when more is paid than is owed */
export async function receiveBetalning(work: Work, id: string, body: NyRegressbetalning) {
  // Locked: two payments that each fit must not together exceed the debt.
  const fordran = await readRegressfordran(work, id, 'FOR UPDATE')
  const betald = body.betald ?? work.today
  lifecycle.check('taEmotBetalning', fordran, actorsOf(work.caller), {
    beloppOre: body.beloppOre,
    betald,
    today: work.today,
  })
  const betalning: RegressbetalningRad = {
    id: newId(work.now),
    regressfordranId: id,
    hyresgarantiId: fordran.hyresgarantiId,
    hushallId: fordran.hushallId,
    skyddad: fordran.skyddad,
    beloppOre: body.beloppOre,
    betald,
    referens: body.referens ?? null,
    skapad: work.now,
  }
  await insertRows(work.db, RegressbetalningEntity, [betalning])
  const paidInFull = body.beloppOre === kvar(fordran)
  const changed = await changeRow(
    work.db,
    RegressfordranEntity,
    fordran,
    {
      betaltOre: fordran.betaltOre + body.beloppOre,
      tillstand: paidInFull ? 'reglerad' : fordran.tillstand === 'oppnad' ? 'avbetalning' : fordran.tillstand,
    },
    work.now,
  )
  return { betalning, fordran: changed }
}

/** A command that only changes the debt's state and what the decision says. */
async function command(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  check: (fordran: RegressfordranRad) => void,
  changes: Partial<RegressfordranRad>,
): Promise<RegressfordranRad> {
  const fordran = await readRegressfordran(work, id, 'FOR UPDATE')
  ifMatch(fordran.version)
  check(fordran)
  return changeRow(work.db, RegressfordranEntity, fordran, changes, work.now)
}

/** The municipality lets the rest of the debt go. */
export const remit = (work: Work, id: string, ifMatch: IfMatch, { motivering }: Eftergift) =>
  command(work, id, ifMatch, fordran => lifecycle.check('efterskank', fordran, actorsOf(work.caller)), {
    tillstand: 'efterskankt',
    eftergiftDatum: work.today,
    eftergiftMotivering: motivering,
    eftergiftBeslutsfattare: work.caller.sub,
  })

export const sendToEnforcement = (work: Work, id: string, ifMatch: IfMatch) =>
  command(work, id, ifMatch, fordran => lifecycle.check('lamnaTillKronofogden', fordran, actorsOf(work.caller)), {
    tillstand: 'tillKronofogden',
  })

export const writeOff = (work: Work, id: string, ifMatch: IfMatch) =>
  command(
    work,
    id,
    ifMatch,
    fordran => lifecycle.check('skrivAv', fordran, actorsOf(work.caller), { today: work.today }),
    {
      tillstand: 'avskrivenPreskriberad',
    },
  )
