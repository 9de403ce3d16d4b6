import { saveInvestigation } from '../../arenden/investigation.ts'
import {
  askForMore,
  communicate,
  receiveMore,
  recordStatement,
  registerArende,
  startInvestigation,
  writeOff,
} from '../../arenden/service.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import { afterDecision } from './appeals.ts'
import { bostadForst } from './bostad-forst.ts'
import type { Arendeplan } from './cases.ts'
import { checklist } from './checklists.ts'
import { decision, outcomeOf } from './decisions.ts'
import { fortur } from './forturer.ts'
import { findings } from './investigations.ts'
import { stodlagenhet } from './stodlagenheter.ts'
import { on, type Part, type Story } from './story.ts'
import { anyVersion, hushallId, medsokandeId, type Town, turn } from './town.ts'

/** A case from the application to what has become of it. */
export function* caseStory(town: Town, plan: Arendeplan): Story {
  const arendeId = yield* application(town, plan)
  if (outcomeOf(plan) === null) return
  const beslutId = yield* decision(plan, arendeId)
  yield* afterDecision(town, plan, { arendeId, beslutId })
  if (plan.fortur !== null) yield* fortur(town, plan, arendeId)
  if (plan.stodlagenhet !== null) yield* stodlagenhet(town, plan, plan.stodlagenhet, { arendeId, beslutId })
  if (plan.bostadForst !== null) yield* bostadForst(town, plan, plan.bostadForst, arendeId)
}

/** The day when so much (0-1) of the time from the application has passed. */
function dayIn({ applied, settled }: Arendeplan, share: number): Day {
  const { days } = Temporal.PlainDate.from(applied).until(settled)
  return daysAfter(applied, Math.floor(share * days))
}

/** Until it can be decided, or until it stands where it is to stand. */
export function* application(town: Town, plan: Arendeplan): Part<string> {
  const { insats, tillstand, staff, applied, settled, n } = plan
  const { handlaggare } = staff
  const isNew = tillstand === 'inkommen'
  const { id } = yield* on(applied, handlaggare, 'registrera', work =>
    registerArende(work, {
      insats,
      hushallId: hushallId(plan),
      ansokanDatum: applied,
      kanal: town.chance.oneOf(['eTjanst', 'eTjanst', 'papper', 'handlaggare']),
      medsokandeId: medsokandeId(plan),
      handlaggare: isNew && turn(town, 'new cases', [false, true]) ? handlaggare.sub : null,
    }),
  )
  if (isNew) return id
  yield* on(dayIn(plan, 0.1), handlaggare, 'paborjaUtredning', work => startInvestigation(work, id, anyVersion))
  const ask = (day: Day, senast: Day) =>
    on(day, handlaggare, 'begarKomplettering', work =>
      askForMore(work, id, anyVersion, { begart: 'Intyg om inkomst de senaste tre månaderna.', senast }),
    )
  if (n % 5 === 2 && tillstand !== 'komplettering') {
    yield* ask(dayIn(plan, 0.2), daysAfter(dayIn(plan, 0.2), 21))
    yield* on(dayIn(plan, 0.35), handlaggare, 'kompletteringInkommer', work =>
      receiveMore(work, id, anyVersion, { inkommen: work.today }),
    )
  }
  yield* on(dayIn(plan, 0.4), handlaggare, 'utred', work =>
    saveInvestigation(work, id, anyVersion, findings(town, plan, work)),
  )
  yield* checklist(town, plan, id, [dayIn(plan, 0.45), dayIn(plan, 0.65)])
  if (tillstand === 'komplettering') yield* ask(settled, daysAfter(town.last, town.chance.between(2, 18)))
  const outcome = outcomeOf(plan)
  if (tillstand === 'kommunicerad' || (outcome !== null && outcome !== 'bifall')) yield* hearing(town, plan, id)
  if (tillstand === 'avskriven')
    yield* on(settled, handlaggare, 'avskriv', work =>
      writeOff(work, id, anyVersion, {
        ...town.chance.oneOf([
          { orsak: 'aterkallad', motivering: 'Sökanden drar tillbaka ansökan.' },
          { orsak: 'flyttat', motivering: 'Sökanden har flyttat till en annan kommun.' },
          { orsak: 'losningPaAnnatSatt', motivering: 'Sökanden har fått ett eget kontrakt.' },
        ]),
      }),
    )
  return id
}

/** The party is told, and answers, or lets its time pass (FL 25 §). */
function* hearing(town: Town, plan: Arendeplan, id: string): Story {
  const { tillstand, staff, settled } = plan
  const waits = tillstand === 'kommunicerad'
  const told = waits ? settled : dayIn(plan, 0.75)
  const answer = waits
    ? turn(town, 'statements that are waited for', ['waiting', 'answered', 'silent'])
    : turn(town, 'statements', ['answered', 'silent'])
  const end = waits ? town.last : daysAfter(settled, -1)
  const yttrandeSenast = answer === 'silent' ? end : daysAfter(end, town.chance.between(3, 14))
  yield* on(told, staff.handlaggare, 'kommunicera', work => communicate(work, id, anyVersion, { yttrandeSenast }))
  if (answer === 'answered')
    yield* on(daysAfter(told, 1), staff.handlaggare, 'yttraSig', work =>
      recordStatement(work, id, anyVersion, { yttrande: 'Sökanden håller inte med om bedömningen.' }),
    )
}
