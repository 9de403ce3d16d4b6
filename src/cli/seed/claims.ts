import type { kravtillstand } from '../../garantikrav/schema.ts'
import { decideKrav, payKrav, receiveKrav, reviewKrav, withdrawKrav } from '../../garantikrav/service.ts'
import type { regresstillstand } from '../../regressfordringar/schema.ts'
import { listRegressfordringar, receiveBetalning, remit, sendToEnforcement } from '../../regressfordringar/service.ts'
import { type Day, daysAfter, daysOfMonth, monthsAfter } from '../../shared/dates.ts'
import type { Plan } from './guarantees.ts'
import { on, type Story } from './story.ts'
import { anyVersion, type Town, turn } from './town.ts'

type Kravtillstand = (typeof kravtillstand)[number]
type Regresstillstand = (typeof regresstillstand)[number]

/** What becomes of the claims on guarantees of each kind, in turn. Time and release end no guarantee with open claims. */
const claims: Partial<Record<Plan['fate'], Kravtillstand[][]>> = {
  aktiv: [['utbetalt', 'inkommet'], [], [], ['avvisat'], [], [], ['utbetalt', 'granskas'], [], [], ['godkant'], []],
  uppsagd: [['granskas', 'godkant'], []],
  upphordHyresavtal: [['utbetalt', 'avvisat'], [], ['utbetalt']],
  upphordTid: [['utbetalt', 'aterkallat'], [], [], ['utbetalt'], []],
  forbrukad: [['utbetalt', 'utbetalt']],
}
/** Ten years must pass before one can be written off as prescribed. */
const debts: Regresstillstand[] = ['avbetalning', 'reglerad', 'oppnad', 'efterskankt', 'tillKronofogden', 'avbetalning']
const stillOpen: Kravtillstand[] = ['inkommet', 'granskas', 'godkant']

export function claimsOf(town: Town, plan: Plan): Story[] {
  const kinds = claims[plan.fate]
  const { days } = Temporal.PlainDate.from(plan.fran).until(town.last)
  // A claim takes some months from the first missed rent.
  if (!kinds || days < 330) return []
  return turn(town, plan.fate, kinds).map((tillstand, index) => {
    const month = stillOpen.includes(tillstand) ? monthsAfter(town.last, -2 - index) : monthsAfter(plan.fran, 3 + index)
    return claim(town, plan, month.slice(0, 7), tillstand)
  })
}

function* claim(town: Town, plan: Plan, hyresmanad: string, tillstand: Kravtillstand): Story {
  const { handlaggare, beslutsfattare } = plan.staff
  const came = daysAfter(daysOfMonth(hyresmanad).last, 12)
  const bevis = `KFM U-${10_000 + town.chance.between(0, 89_999)}-${hyresmanad.slice(2, 4)}`
  const krav = yield* on(came, handlaggare, 'taEmotKrav', work =>
    receiveKrav(work, plan.id as string, { hyresmanad, kravtBeloppOre: plan.hyra }),
  )
  const ids = { id: krav.hyresgarantiId, kravId: krav.id }
  if (tillstand === 'inkommet') return
  yield* on(daysAfter(came, 3), handlaggare, 'granska', work => reviewKrav(work, ids, anyVersion))
  if (tillstand === 'granskas') return
  const settled = daysAfter(came, 7)
  if (tillstand === 'aterkallat') {
    yield* on(settled, handlaggare, 'aterkalla', work => withdrawKrav(work, ids, anyVersion))
    return
  }
  yield* on(settled, beslutsfattare, 'besluta', work =>
    decideKrav(work, ids, anyVersion, {
      ...(tillstand === 'avvisat'
        ? {
            utfall: 'avvisat',
            avvisningsorsak: 'bevisSaknas',
            motivering: 'Hyresvärden har inte visat att indrivning misslyckats.',
          }
        : {
            utfall: 'godkant',
            godkantBeloppOre: plan.hyra,
            indrivningsbevisRef: bevis,
            motivering: 'Utmätning har misslyckats.',
          }),
    }),
  )
  if (tillstand !== 'utbetalt') return
  const paid = daysAfter(settled, 6)
  const fordranId = yield* on(paid, handlaggare, 'betalaUt', async work => {
    await payKrav(work, ids, anyVersion, {})
    const { rows } = await listRegressfordringar(work, { hyresgarantiId: ids.id }, { limit: 50, offset: 0 })
    return rows.find(({ garantikravId }) => garantikravId === krav.id)?.id as string
  })
  yield* debt(plan, fordranId, paid, turn(town, 'debts', debts))
}

/** What the tenant then owes the municipality. */
function* debt({ staff, hyra }: Plan, fordranId: string, since: Day, tillstand: Regresstillstand): Story {
  const { handlaggare, beslutsfattare } = staff
  const pay = (days: number, beloppOre: number) =>
    on(daysAfter(since, days), handlaggare, 'taEmotBetalning', work =>
      receiveBetalning(work, fordranId, { beloppOre, referens: `OCR ${10_000 + days}` }),
    )
  if (tillstand === 'avbetalning') for (const days of [28, 59, 89, 120]) yield* pay(days, 50_000)
  if (tillstand === 'reglerad') {
    yield* pay(30, hyra / 2)
    yield* pay(60, hyra / 2)
  }
  if (tillstand === 'efterskankt')
    yield* on(daysAfter(since, 45), beslutsfattare, 'efterskank', work =>
      remit(work, fordranId, anyVersion, { motivering: 'Hyresgästen saknar betalningsförmåga.' }),
    )
  if (tillstand === 'tillKronofogden') {
    yield* pay(30, 50_000)
    yield* on(daysAfter(since, 75), handlaggare, 'lamnaTillKronofogden', work =>
      sendToEnforcement(work, fordranId, anyVersion),
    )
  }
}
