import type { Day } from '../shared/dates.ts'
import { kronor } from '../shared/money.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type { RegressfordranRad } from './schema.ts'

const intePreskriberad = defineProblem(
  'inte-preskriberad',
  409,
  'Fordran är inte preskriberad',
  'Fordran kan skrivas av som preskriberad först när preskriptionsdagen är passerad.',
)

export const kvar = ({ beloppOre, betaltOre }: Pick<RegressfordranRad, 'beloppOre' | 'betaltOre'>): number =>
  beloppOre - betaltOre

/** Never more than is owed, and not on a day before the debt or to come. */
export const whyNotReceive = (
  fordran: RegressfordranRad,
  { beloppOre, betald, today }: { beloppOre: number; betald: Day; today: Day },
): Refusal | null =>
  incoherent([
    beloppOre > kvar(fordran) && {
      pointer: '/beloppOre',
      kod: 'mer-an-skulden',
      detail: `beloppOre är högst det som återstår, ${kronor(kvar(fordran))} kr.`,
    },
    (betald > today || betald < fordran.uppkommen) && {
      pointer: '/betald',
      kod: 'utanfor-granserna',
      detail: 'betald ska ligga mellan dagen då fordran uppkom och i dag.',
    },
  ])

export const whyNotLapse = (fordran: RegressfordranRad, { today }: { today: Day }): Refusal | null =>
  today > fordran.preskriberas ? null : intePreskriberad(`Fordran preskriberas ${fordran.preskriberas}.`)
