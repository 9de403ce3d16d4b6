import { decide } from '../../arenden/decisions.ts'
import type { NyttBeslut } from '../../arenden/schema.ts'
import { daysAfter, monthsAfter } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'
import { wished } from './bostad-forst.ts'
import type { Arendeplan } from './cases.ts'
import { wanted } from './forturer.ts'
import { needed } from './stodlagenheter.ts'
import { on, type Part } from './story.ts'
import { anyVersion } from './town.ts'

const undecided: readonly Arendeplan['tillstand'][] = [
  'inkommen',
  'utredning',
  'komplettering',
  'kommunicerad',
  'avskriven',
]

/** What is decided first: what is appealed was refused. Null when nothing is. */
export function outcomeOf({ tillstand }: Arendeplan): NyttBeslut['utfall'] | null {
  if (undecided.includes(tillstand)) return null
  return tillstand === 'bifall' || tillstand === 'delvisBifall' ? tillstand : 'avslag'
}

const motiveringar: Record<NyttBeslut['utfall'], string> = {
  bifall: 'Hushållet kan inte ordna sin bostad på annat sätt, och behovet är utrett.',
  delvisBifall: 'Behovet finns, men kan tillgodoses med mindre än vad ansökan gäller.',
  avslag: 'Hushållet bedöms kunna ordna en bostad på egen hand.',
}

/** How long help of a kind is granted: as long as the delegation of a new register lets anyone decide. */
const months: Partial<Record<Arendeplan['insats'], number>> = { fortur: 12, stodlagenhet: 12, tillfalligtBoende: 1 }

/** What a decision says today, but for a guarantee's terms. */
export function decisionOf(plan: Arendeplan, work: Work, utfall: NyttBeslut['utfall']): NyttBeslut {
  const { insats, checklista } = plan
  const time = utfall === 'avslag' ? undefined : months[insats]
  return {
    utfall,
    motivering: motiveringar[utfall],
    ...(checklista === 'undantag' && { barnchecklistaUndantag: 'Akut läge: familjen står utan tak i natt.' }),
    ...(time && { giltigTill: daysAfter(monthsAfter(work.today, time), -1) }),
    ...(utfall !== 'avslag' && insats === 'fortur' && { fortur: wanted(plan) }),
    ...(utfall !== 'avslag' && insats === 'stodlagenhet' && { stodlagenhet: needed(plan) }),
    ...(utfall !== 'avslag' && insats === 'bostadForst' && { bostadForst: wished(plan) }),
  }
}

/** @returns the decision's id */
export function* decision(plan: Arendeplan, arendeId: string, hyresgaranti?: NyttBeslut['hyresgaranti']): Part<string> {
  const { id } = yield* on(plan.settled, plan.staff.beslutsfattare, 'besluta', work =>
    decide(work, arendeId, anyVersion, {
      ...decisionOf(plan, work, outcomeOf(plan) as NyttBeslut['utfall']),
      ...(hyresgaranti && { hyresgaranti }),
    }),
  )
  return id
}
