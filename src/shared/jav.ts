import { defineProblem } from './refusals.ts'
import type { Work } from './work.ts'

export const javig = defineProblem(
  'jav',
  403,
  'Du är jävig i ärendet',
  'Det finns en anmälan om jäv (FL 16-18 §§): någon annan handlägger och beslutar i ärendet.',
)

/**
 * Nobody with a conflict of interest acts in the case, nor with what belongs to it.
 *
 * @param arendeId null for what belongs to no case
 * @throws 403
 */
export async function refuseConflicted(work: Work, arendeId: string | null): Promise<void> {
  if (arendeId !== null && (await hasConflict(work, arendeId, work.caller.sub))) throw javig()
}

/** Whether someone is reported to have a conflict of interest in a case (FL 16-18 §§). */
export async function hasConflict(work: Work, arendeId: string, sub: string): Promise<boolean> {
  const rows = await work.db.query('SELECT FROM jav WHERE arende_id = $1 AND sub = $2', [arendeId, sub])
  return rows.length > 0
}
