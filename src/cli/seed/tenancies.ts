import { type Day, daysAfter, monthsAfter } from '../../shared/dates.ts'
import { followUp, report } from '../../stodlagenheter/follow-up.ts'
import {
  type AvstaendeRad,
  bedomningar,
  type NyBoendehandelse,
  type StodlagenhetRad,
  uppfoljningsomraden,
} from '../../stodlagenheter/schema.ts'
import { answerTakeover, giveNotice, tryTakeover, withdrawNotice } from '../../stodlagenheter/tenancy.ts'
import { decideWaiver, needsNoApproval, sendWaiver, writeWaiver } from '../../stodlagenheter/waivers.ts'
import type { Arendeplan } from './cases.ts'
import { checklist } from './checklists.ts'
import { on, type Story } from './story.ts'
import { anyVersion, type Home, type Town, turn } from './town.ts'

/** A person's stödlägenhet, once it has a home. */
export type Boende = {
  id: string
  arendeId: string
  home: Home
  /** The first day in the home, and the one from which what ends the story begins. */
  access: Day
  lives: Day
}

/** Everything that happens while somebody lives in a stödlägenhet, one thing beside the other. */
export const lives = (town: Town, plan: Arendeplan, boende: Boende): Story[] => [
  followUps(town, plan, boende),
  waiver(town, plan, boende),
  rent(town, plan, boende),
  refusedTakeover(town, plan, boende),
]

/** As often as the settings say; the last of some has not been made. */
function* followUps(town: Town, { staff, n }: Arendeplan, { id, access, lives }: Boende): Story {
  const { UPPFOLJNING_FORSTA_MANADER: first, UPPFOLJNING_MANADER: between } = town.config
  const until = n % 3 === 1 ? daysAfter(lives, -45) : lives
  for (let months = first; monthsAfter(access, months) < until; months += between)
    yield* on(monthsAfter(access, months), staff.handlaggare, 'foljUpp', work =>
      followUp(work, id, {
        datum: work.today,
        omraden: [
          'ekonomi',
          ...(n % 2 > 0 ? ['skotselAvBostaden' as const] : []),
          town.chance.oneOf(uppfoljningsomraden.slice(2)),
        ],
        bedomning: turn(town, 'follow-ups', [...bedomningar, 'enligtPlanen' as const]),
      }),
    )
}

const waivers: (AvstaendeRad['tillstand'] | null)[] = [
  'godkant',
  'upprattat',
  'inskickat',
  'avslaget',
  'ejKrav',
  'godkant',
  null,
  'godkant',
]

/** A waiver of besittningsskydd, as far as it has come: for four years, or longer with a reason. */
function* waiver(town: Town, { staff, n }: Arendeplan, { id, access, lives }: Boende): Story {
  const fate = turn(town, 'waivers', waivers)
  const day = daysAfter(access, 1)
  if (fate === null || daysAfter(day, 40) >= lives) return
  const isLong = n % 5 === 4
  const { id: avstaendeId } = yield* on(day, staff.boendeenhet, 'avsta', work =>
    writeWaiver(work, id, {
      skal: 'Bostaden hyrs ut så länge biståndet pågår.',
      giltigtTill: monthsAfter(access, isLong ? 60 : 48),
      ...(isLong && { skalLangreTid: 'Planen för familjen är fem år.' }),
    }),
  )
  const ids = { id, avstaendeId }
  if (fate === 'upprattat') return
  if (fate === 'ejKrav') {
    yield* on(daysAfter(day, 1), staff.boendeenhet, 'kraverInte', work => needsNoApproval(work, ids, anyVersion))
    return
  }
  yield* on(daysAfter(day, 3), staff.boendeenhet, 'skickaIn', work =>
    sendWaiver(work, ids, anyVersion, { datum: work.today }),
  )
  if (fate === 'inskickat') return
  yield* on(daysAfter(day, 35), staff.boendeenhet, 'besluta', work =>
    decideWaiver(work, ids, anyVersion, { utfall: fate, datum: work.today }),
  )
}

const troubles = [
  'arrears',
  'disturbance',
  null,
  'notice',
  'debt',
  null,
  'disturbance',
  null,
  'arrears',
  null,
  null,
] as const

/** What the landlord tells of: a debt that is paid or not, a disturbance, or a notice that is taken back. */
function* rent(town: Town, plan: Arendeplan, boende: Boende): Story {
  const { access, lives, home, id } = boende
  const trouble = turn(town, 'troubles', troubles)
  if (trouble === null || daysAfter(access, 140) >= lives) return
  const { vard } = plan.staff
  const told = (day: Day, what: Pick<NyBoendehandelse, 'slag' | 'allvar' | 'hyresskuldOre' | 'beskrivning'>) =>
    on(day, vard, 'rapportera', work => report(work, id, { ...what, datum: work.today }))
  const begins = daysAfter(access, 75)
  if (trouble === 'disturbance') {
    yield* told(begins, {
      slag: 'storning',
      allvar: turn(town, 'disturbances', ['lindrig', 'allvarlig', 'sarskiltAllvarlig'] as const),
      beskrivning: 'Hög musik efter klockan 22.',
    })
    return
  }
  yield* told(begins, { slag: 'hyresskuld', hyresskuldOre: home.hyraOre })
  if (trouble === 'debt') return
  if (trouble === 'notice') yield* notice(town, plan, boende, daysAfter(begins, 15), 'hyresskuld')
  yield* told(daysAfter(begins, 40), { slag: 'hyresskuld', hyresskuldOre: 0 })
  if (trouble === 'notice')
    yield* on(daysAfter(begins, 42), vard, 'aterta', work => withdrawNotice(work, id, anyVersion))
}

/** The takeover is tried when the settings say; the first time it is refused, and the tenant stays. */
function* refusedTakeover(town: Town, { staff }: Arendeplan, { id, access, lives }: Boende): Story {
  const day = monthsAfter(access, town.config.OVERTAGANDE_FORSTA_MANADER)
  const answered = daysAfter(day, 20)
  if (answered >= lives) return
  yield* on(day, staff.handlaggare, 'provaOvertagande', work => tryTakeover(work, id, anyVersion))
  yield* on(answered, staff.vard, 'svaraPaOvertagande', work =>
    answerTakeover(work, id, anyVersion, {
      svar: 'ejGodkant',
      orsak: turn(town, 'takeovers', ['hyresskuld', 'inkomst', 'bostadenBehovs', 'referens', 'storning'] as const),
    }),
  )
}

/** What is decided, or given notice of, about children needs a checklist that is not too old. */
export function* freshChecklist(town: Town, plan: Arendeplan, arendeId: string, day: Day): Story {
  if (plan.antalBarn > 0) yield* checklist(town, { ...plan, checklista: 'klar' }, arendeId, [day, day])
}

/** Notice of three months. */
export function* notice(
  town: Town,
  plan: Arendeplan,
  { id, arendeId }: Pick<Boende, 'id' | 'arendeId'>,
  day: Day,
  grund: NonNullable<StodlagenhetRad['uppsagningsgrund']>,
): Story {
  yield* freshChecklist(town, plan, arendeId, daysAfter(day, -2))
  yield* on(day, plan.staff.vard, 'sagUpp', work =>
    giveNotice(work, id, anyVersion, {
      grund,
      uppsagdTill: monthsAfter(work.today, 3),
      ...((grund === 'hyresskuld' || grund === 'storning') && { socialnamndenMeddelad: work.today }),
    }),
  )
}
