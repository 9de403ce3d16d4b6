import { appeal, forward, recordJudgement, rejectAppeal } from '../../arenden/appeals.ts'
import { reconsider } from '../../arenden/decisions.ts'
import { deliver } from '../../beslut/service.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import { type Arendeplan, appealed, canAppeal } from './cases.ts'
import { decisionOf } from './decisions.ts'
import { on, type Story } from './story.ts'
import { anyVersion, type Town, turn } from './town.ts'

type Ids = { arendeId: string; beslutId: string }

/** The decision reaches the party, most often, and the party appeals, if the case is to end so. */
export function* afterDecision(town: Town, plan: Arendeplan, ids: Ids): Story {
  const { tillstand, settled, staff } = plan
  const isAppealed = appealed.includes(tillstand)
  const reaches = turn(town, `deliveries of ${tillstand}`, [true, true, false, true, true, true])
  if (!isAppealed && !reaches) return
  const delivered = daysAfter(settled, town.chance.between(1, 3))
  yield* on(delivered, staff.handlaggare, 'delge', work =>
    deliver(work, ids.beslutId, anyVersion, {
      delgivenDatum: work.today,
      delgivningssatt: town.chance.oneOf(['personligen', 'brev', 'rekommenderatBrev', 'digitalBrevlada', 'eTjanst']),
    }),
  )
  if (isAppealed) yield* inTime(town, plan, ids, daysAfter(delivered, town.chance.between(2, 6)))
  if (tillstand === 'avslag' && canAppeal(town, plan.insats)) yield* tooLate(town, plan, ids, delivered)
}

const received = ({ staff }: Arendeplan, { arendeId }: Ids, day: Day) =>
  on(day, staff.handlaggare, 'overklaga', work => appeal(work, arendeId, anyVersion, { inkommet: work.today }))

function* inTime(town: Town, plan: Arendeplan, ids: Ids, came: Day): Story {
  const { tillstand, staff } = plan
  const { arendeId, beslutId } = ids
  yield* received(plan, ids, came)
  if (tillstand === 'omprovad') {
    // All that was asked for: with less the appeal would stand.
    yield* on(daysAfter(came, 3), staff.beslutsfattare, 'omprova', work =>
      reconsider(work, arendeId, anyVersion, {
        ...decisionOf(plan, work, 'bifall'),
        ...(plan.insats === 'hyresgaranti' && { hyresgaranti: { garantityp: 'bistand', garanteradeManader: 3 } }),
        ersatterId: beslutId,
      }),
    )
    return
  }
  if (tillstand === 'overklagad' && turn(town, 'appeals', [false, true])) return
  yield* on(daysAfter(came, 4), staff.handlaggare, 'overlamna', work =>
    forward(work, arendeId, anyVersion, { domstol: 'Förvaltningsrätten i Malmö' }),
  )
  if (tillstand !== 'dom') return
  const utfall = turn(town, 'judgements', ['avslag', 'bifall', 'avslag', 'delvisBifall', 'aterforvisning'] as const)
  yield* on(daysAfter(came, town.chance.between(60, 110)), staff.handlaggare, 'skrivInDom', work =>
    recordJudgement(work, arendeId, anyVersion, {
      datum: work.today,
      utfall,
      malnummer: `${town.chance.between(1000, 9999)}-${work.today.slice(2, 4)}`,
    }),
  )
}

/** Some appeals of a refusal come too late; the refusal stands. */
function* tooLate(town: Town, plan: Arendeplan, ids: Ids, delivered: Day): Story {
  const came = daysAfter(delivered, 7 * town.config.OVERKLAGANDE_VECKOR + 10)
  const rejected = daysAfter(came, 3)
  if (rejected > town.last || !turn(town, 'late appeals', [true, false, false, false])) return
  yield* received(plan, ids, came)
  yield* on(rejected, plan.staff.beslutsfattare, 'avvisaOverklagande', work =>
    rejectAppeal(work, ids.arendeId, anyVersion, { motivering: 'Överklagandet kom in efter tre veckor.' }),
  )
}
