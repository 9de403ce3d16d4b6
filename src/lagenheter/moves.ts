import { type Day, daysAfter } from '../shared/dates.ts'
import type { Work } from '../shared/work.ts'
import {
  type Anknytning,
  lockLagenhet,
  noticeGiven,
  noticeWithdrawn,
  release,
  reserve,
  saveUpplatelse,
  standing,
} from './service.ts'

/**
 * Promises a move in a chain: the home that is left gets a last day, and the one that is moved to is held from the day
 * after its own tenant's. In the chain's order: each home has its last day before it is promised to the next.
 *
 * @param leaves whether the process has a home that is left
 * @param lagenhetId the home that is moved to; null when it is not of the pool
 * @param fran the first day in the new home
 * @throws 409 when a home is taken, or notice of it is given already
 */
export async function planMove(
  work: Work,
  anknytning: Anknytning,
  {
    leaves,
    lagenhetId,
    fran,
    hushallId,
    skyddad,
  }: { leaves: boolean; lagenhetId: string | null; fran: Day; hushallId: string; skyddad: boolean },
): Promise<void> {
  if (leaves) await noticeGiven(work, anknytning, daysAfter(fran, -1))
  if (lagenhetId !== null)
    await reserve(work, lagenhetId, { for: anknytning, hushallId, skyddad, fran, till: null, ahead: true })
}

/**
 * Takes a planned move back: what is held is released, and the tenancy goes on. What has changed since in another way is
 * left as it is, so that a chain can always be broken. In the chain's order backwards.
 */
export async function cancelMove(work: Work, anknytning: Anknytning): Promise<void> {
  const [held] = await standing(work, anknytning, 'reservation')
  if (held) await release(work, anknytning)
  const [tenancy] = await standing(work, anknytning, 'boende')
  if (!tenancy || tenancy.till === null) return
  const lagenhet = await lockLagenhet(work, tenancy.lagenhetId)
  if (lagenhet.tillstand === 'uppsagd') await noticeWithdrawn(work, anknytning)
}

/** Another first day of a planned move: the home that is left until the day before, the new one held from it. */
export async function postponeMove(work: Work, anknytning: Anknytning, fran: Day): Promise<void> {
  const [held] = await standing(work, anknytning, 'reservation')
  const [tenancy] = await standing(work, anknytning, 'boende')
  const hold = async () => held && (await saveUpplatelse(work, held, { fran }))
  // Nobody has two homes on one day, not even between two statements.
  const later = held !== undefined && fran > held.fran
  if (later) await hold()
  if (tenancy && tenancy.till !== null) await saveUpplatelse(work, tenancy, { till: daysAfter(fran, -1) })
  if (!later) await hold()
}
