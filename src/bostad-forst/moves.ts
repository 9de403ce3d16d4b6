import { cancelMove, planMove, postponeMove } from '../lagenheter/moves.ts'
import { actorsOf } from '../shared/caller.ts'
import { type Day, daysAfter } from '../shared/dates.ts'
import { selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BfBoendeEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import type { BfBoendeRad, BfInflyttning } from './schema.ts'
import { homeOf, saveBoende } from './service.ts'
import { end, linkOf, moveIn } from './tenancy.ts'

/** The chain of moves has been read at a version; what it moves follows from it. */
const anyVersion = () => {}

/** Many at once, in one order, for a chain of moves. The caller holds their households. */
export function lockBoenden(work: Work, ids: string[]): Promise<BfBoendeRad[]> {
  return work.db.query(
    `SELECT ${selectList(BfBoendeEntity, 'b')} FROM bf_boende b WHERE b.id = ANY ($1) ORDER BY b.id FOR UPDATE`,
    [ids],
  )
}

/** Promises a move in a chain: who is to have another home of the pool is offered it, as after a yes. */
export async function promiseMove(
  work: Work,
  boende: BfBoendeRad,
  { lagenhetId, flyttdag }: { lagenhetId: string | null; flyttdag: Day },
): Promise<void> {
  const { hushallId, skyddad } = boende
  const leaves = boende.lagenhetId !== null
  if (lagenhetId !== null) {
    const [bostad] = await work.db.query('SELECT omrade, kategori FROM lagenhet WHERE id = $1', [lagenhetId])
    lifecycle.check('erbjud', boende, actorsOf(work.caller), { bostad, body: { lagenhetId }, today: work.today })
  }
  await planMove(work, linkOf(boende), { leaves, lagenhetId, fran: flyttdag, hushallId, skyddad })
  if (lagenhetId !== null) await saveBoende(work, boende, { tillstand: 'erbjuden', lagenhetId, nejOrsak: null })
}

/** The chain is broken: as after a no, a home is sought as before, and one that the person has is kept. */
export async function takeBackMove(work: Work, boende: BfBoendeRad, lagenhetId: string | null): Promise<void> {
  await cancelMove(work, linkOf(boende))
  if (boende.tillstand !== 'erbjuden' || boende.lagenhetId !== lagenhetId) return
  const home = await homeOf(work, boende)
  await saveBoende(work, boende, {
    tillstand: home ? 'byteAvBostad' : 'matchning',
    lagenhetId: home?.lagenhetId ?? null,
  })
}

/** Another day of a promised move. */
export const changeMoveDay = (work: Work, boende: BfBoendeRad, flyttdag: Day): Promise<void> =>
  postponeMove(work, linkOf(boende), flyttdag)

/** -> `avslutad`: the person has a contract of their own in another home. The support goes on. */
export async function leaveForOwn(work: Work, { id }: BfBoendeRad, day: Day): Promise<void> {
  await end(work, id, anyVersion, { utfall: 'egetBoende', datum: daysAfter(day, -1) })
}

/** Moves to the home that the chain has come to. */
export async function carryOutMove(work: Work, { id }: BfBoendeRad, kontrakt: BfInflyttning): Promise<void> {
  await moveIn(work, id, anyVersion, kontrakt)
}
