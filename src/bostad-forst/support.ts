import { actorsOf } from '../shared/caller.ts'
import { finnsInte } from '../shared/refusals.ts'
import { changeRow, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BfStodEntity } from './entity.ts'
import { stodLifecycle } from './lifecycle.ts'
import type { BfStodRad, Stodstart } from './schema.ts'
import type { IfMatch } from './service.ts'

/** The support beside a tenancy. Nothing here reads or writes the tenancy. @throws 404 */
export async function readStod(work: Work, bfBoendeId: string, lock: '' | 'FOR UPDATE' = ''): Promise<BfStodRad> {
  const [stod] = await work.db.query(
    `SELECT ${selectList(BfStodEntity, 's')} FROM bf_stod s WHERE s.bf_boende_id = $1 ${lock}`,
    [bfBoendeId],
  )
  if (!stod) throw finnsInte()
  return stod
}

type Name = keyof typeof stodLifecycle.commands

/** The support after a command: its lifecycle is asked, and nothing else. */
async function changeStod(
  work: Work,
  bfBoendeId: string,
  ifMatch: IfMatch,
  name: Name,
  changes: Partial<BfStodRad> | ((stod: BfStodRad) => Partial<BfStodRad>),
): Promise<BfStodRad> {
  await work.db.query(
    'SELECT FROM hushall WHERE id = (SELECT hushall_id FROM bf_stod WHERE bf_boende_id = $1) FOR KEY SHARE',
    [bfBoendeId],
  )
  const stod = await readStod(work, bfBoendeId, 'FOR UPDATE')
  ifMatch(stod.version)
  stodLifecycle.check(name, stod, actorsOf(work.caller))
  return changeRow(work.db, BfStodEntity, stod, typeof changes === 'function' ? changes(stod) : changes, work.now)
}

/** `erbjudet` -> `pagar`. A support that is taken up again after its end keeps whom it was with unless another is given. */
export const startStod = (work: Work, id: string, ifMatch: IfMatch, body: Stodstart): Promise<BfStodRad> =>
  changeStod(work, id, ifMatch, 'starta', stod => ({
    tillstand: 'pagar',
    niva: body.niva,
    kontaktperson: body.kontaktperson ?? stod.kontaktperson,
    onskadFrekvens: body.onskadFrekvens ?? stod.onskadFrekvens,
    paborjat: work.today,
    avslutat: null,
  }))

export const setNiva = (
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { niva }: { niva: BfStodRad['niva'] },
): Promise<BfStodRad> => changeStod(work, id, ifMatch, 'andraNiva', { niva })

export const restStod = (work: Work, id: string, ifMatch: IfMatch): Promise<BfStodRad> =>
  changeStod(work, id, ifMatch, 'vila', { tillstand: 'vilande' })

export const resumeStod = (work: Work, id: string, ifMatch: IfMatch): Promise<BfStodRad> =>
  changeStod(work, id, ifMatch, 'ateruppta', { tillstand: 'pagar' })

export const endStod = (work: Work, id: string, ifMatch: IfMatch): Promise<BfStodRad> =>
  changeStod(work, id, ifMatch, 'avslutaStod', { tillstand: 'avslutat', avslutat: work.today })

export const offerStodAgain = (work: Work, id: string, ifMatch: IfMatch): Promise<BfStodRad> =>
  changeStod(work, id, ifMatch, 'erbjudIgen', { tillstand: 'erbjudet' })
