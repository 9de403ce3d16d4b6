import { finishedChecklist } from '../barnchecklistor/service.ts'
import { evaluateCriteria, type Forturfakta, kriterierForDay } from '../forturer/criteria.ts'
import { type HushallMedPersoner, readHushall } from '../hushall/service.ts'
import { type Day, wholeMonths, yearsBetween } from '../shared/dates.ts'
import { bornOn } from '../shared/personnummer.ts'
import { defineProblem, finnsInte } from '../shared/refusals.ts'
import { changeRow, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { UtredningEntity } from './entity.ts'
import { missing, type Underlag } from './requirements.ts'
import { prioriteradeGrupper, whyNotInvestigated } from './rules.ts'
import type { ArendeRad, Grupp, NyUtredning, UtredningRad } from './schema.ts'
import { emptyUtredning, type IfMatch, lockArende, readArende } from './service.ts'

const utredningenArLast = defineProblem(
  'utredningen-ar-last',
  409,
  'Utredningen kan inte ändras',
  'Ärendet är avskrivet: utredningen är som den var.',
)
const utredningenArKommunicerad = defineProblem(
  'utredningen-ar-kommunicerad',
  409,
  'Utredningen är kommunicerad',
  'Parten har fått ta del av utredningen som den är (FL 25 §). Återuppta utredningen först, och kommunicera den sedan igen.',
)
const barBeslutet = defineProblem(
  'utredningen-bar-beslutet',
  409,
  'Beslutet vilar på uppgiften',
  'Det finns ett beslut som kräver det som skulle tas bort. Komplettera i stället för att ta bort.',
)

/** An investigation with what follows from the register. */
export type MedGrupper = { utredning: UtredningRad; grupper: Grupp[] }

async function utredningOf(work: Work, arendeId: string): Promise<UtredningRad> {
  const [row] = await work.db.query(
    `SELECT ${selectList(UtredningEntity, 'u')} FROM utredning u WHERE u.arende_id = $1`,
    [arendeId],
  )
  if (!row) throw finnsInte()
  return row
}

const bornIn = (work: Work, { personer }: HushallMedPersoner, roller: string[]): Day[] =>
  personer
    .filter(({ roll }) => roller.includes(roll))
    .map(({ personnummerKrypterat }) => bornOn(work.encryption.decrypt(personnummerKrypterat)))

function withGroups(work: Work, utredning: UtredningRad, found: HushallMedPersoner): MedGrupper {
  const fakta = {
    bostadslosSedan: found.hushall.bostadslosSedan,
    antalBarn: childrenOf(found).length,
    vuxnasFodelsedagar: bornIn(work, found, ['sokande', 'medsokande', 'vuxen']),
  }
  return { utredning, grupper: prioriteradeGrupper(utredning, fakta, work.today, work.config) }
}

const childrenOf = ({ personer }: HushallMedPersoner) => personer.filter(({ roll }) => roll === 'barn')

/** @throws 404 */
export async function readInvestigation(work: Work, arendeId: string): Promise<MedGrupper> {
  const utredning = await utredningOf(work, arendeId)
  return withGroups(work, utredning, await readHushall(work, utredning.hushallId))
}

/**
 * Saves the investigation as sent. A draft saves with anything missing, until a decision rests on it: then it may be
 * completed, never emptied of what the decision needed.
 *
 * @throws 409 when the case is written off, or a decision rests on what would go
 */
export async function saveInvestigation(
  work: Work,
  arendeId: string,
  ifMatch: IfMatch,
  body: NyUtredning,
): Promise<MedGrupper> {
  // The case first, whose commands read the investigation under the same lock.
  const arende = await lockArende(work, arendeId, () => {})
  const utredning = await utredningOf(work, arendeId)
  ifMatch(utredning.version)
  if (arende.tillstand === 'avskriven') throw utredningenArLast()
  if (arende.tillstand === 'kommunicerad') throw utredningenArKommunicerad()
  // As a whole: what is not sent is empty.
  const next = { ...emptyUtredning, ...withoutNull(body) } as NyUtredning
  const refusal = whyNotInvestigated(next, work.today)
  if (refusal) throw refusal
  if (arende.beslutId !== null) await keepsDecision(work, arende, utredning, { ...utredning, ...next })
  const saved = await changeRow(work.db, UtredningEntity, utredning, next, work.now)
  return withGroups(work, saved, await readHushall(work, arende.hushallId))
}

const withoutNull = (body: NyUtredning) => Object.fromEntries(Object.entries(body).filter(([, v]) => v !== null))

/** What was there when it was decided may not go missing afterwards; the decision keeps its own assessment of the criteria. */
async function keepsDecision(work: Work, arende: ArendeRad, before: UtredningRad, after: UtredningRad): Promise<void> {
  const lacking = async (utredning: UtredningRad) => missing(arende, await gather(work, arende, utredning))
  const known = (await lacking(before)).map(({ kod }) => kod)
  const lost = (await lacking(after)).filter(({ kod }) => kod !== 'kriterierEjUppfyllda' && !known.includes(kod))
  if (lost.length > 0) throw barBeslutet(lost.map(({ text }) => text).join(' '))
}

/** Everything that a decision in the case is measured by, as of today. */
export async function gather(work: Work, arende: ArendeRad, given?: UtredningRad): Promise<Underlag> {
  const utredning = given ?? (await utredningOf(work, arende.id))
  const found = await readHushall(work, arende.hushallId)
  const barnIds = childrenOf(found).map(({ id }) => id)
  return {
    utredning,
    antalBarn: barnIds.length,
    barnchecklista:
      barnIds.length === 0
        ? { saknas: 'ingen' }
        : await finishedChecklist(work, { hushallId: arende.hushallId, arendeId: arende.id, barnIds }),
    kriterier:
      arende.insats === 'fortur'
        ? evaluateCriteria(await kriterierForDay(work, work.today), forturfakta(work, arende, utredning, found))
        : [],
    today: work.today,
  }
}

/** What the criteria for förtur look at, as of the day of the application (domain §2.4). */
export function forturfakta(
  work: Work,
  { ansokanDatum, personId }: ArendeRad,
  utredning: UtredningRad,
  { personer }: HushallMedPersoner,
): Forturfakta {
  const { grunder, intyg, folkbokfordSedan } = utredning
  const sokande = personer.find(({ id }) => id === personId)
  const born = sokande && bornOn(work.encryption.decrypt(sokande.personnummerKrypterat))
  return {
    folkbokfordManader: folkbokfordSedan === null ? null : Math.max(0, fullMonths(folkbokfordSedan, ansokanDatum)),
    undantagFolkbokforing: utredning.undantagFolkbokforing,
    koRegistrerad: utredning.koRegistrerad,
    egenKotidProvad: utredning.egenKotidProvad,
    minIntygPerGrund:
      grunder.length === 0 ? 0 : Math.min(...grunder.map(grund => intyg.filter(one => one.grund === grund).length)),
    bostadsskuldOre: utredning.bostadsskuldOre,
    ung: grunder.includes('ungUnder28'),
    alder: born ? yearsBetween(born, ansokanDatum) : null,
  }
}

/** Whole months from one day until another; none when the other comes first. */
const fullMonths = (first: Day, last: Day): number => (last < first ? 0 : wholeMonths(first, last))

/** What is missing for a decision today, in plain Swedish. */
export async function completeness(work: Work, arendeId: string) {
  const arende = await readArende(work, arendeId)
  const saknas = missing(arende, await gather(work, arende))
  const stops = (utfall: 'bifall' | 'avslag') => saknas.some(({ hindrar }) => hindrar.includes(utfall))
  return { arende, kanBeviljas: !stops('bifall'), kanAvslas: !stops('avslag'), saknas }
}
