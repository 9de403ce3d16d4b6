import type { Config } from '../../config.ts'
import type { NyPerson } from '../../hushall/schema.ts'
import type { HushallMedPersoner } from '../../hushall/service.ts'
import type { Omgang } from '../../hyresgarantier/periods.ts'
import type { LagenhetRad } from '../../lagenheter/schema.ts'
import type { Caller, Roll } from '../../shared/caller.ts'
import type { Day } from '../../shared/dates.ts'
import type { Chance } from './made-up.ts'

export type Landlord = { id: string; nummer: number }

/** A home of the pool. */
export type Home = Pick<LagenhetRad, 'id' | 'kategori' | 'omrade' | 'rum' | 'hyraOre' | 'tillganglighet' | 'blockhyrd'>

/** What all households of the made-up municipality share. */
export type Town = {
  chance: Chance
  config: Config
  /** The day on which the stories end. */
  last: Day
  /** Review rounds, the latest first. */
  rounds: Omgang[]
  landlords: Landlord[]
  /** The one that förturer are handed over to. */
  forturvard: Landlord
  /** Homes that nobody has, or is promised, as the stories stand; and the number that the next new one gets. */
  homes: { vacant: Home[]; made: number }
  /** The day from which cases can be decided: before it there is no delegation, template or criteria. */
  decidesFrom: Day
  /** A new personnummer for somebody of this age on a day. */
  personnummer: (years: number, day: Day) => string
  /** How often `turn` has been asked for each name. */
  turns: Map<string, number>
}

/** A household of the stories; `made` is known once it is registered. */
export type Household = {
  /** Its number in this town. */
  n: number
  staff: Staff
  skyddsniva: NonNullable<NyPerson['skyddsniva']>
  antalBarn: number
  home: { made?: HushallMedPersoner }
}
export const hushallId = ({ home }: Household): string => home.made?.hushall.id as string
export const medsokandeId = ({ home }: Household): string | null =>
  home.made?.personer.find(({ roll }) => roll === 'medsokande')?.id ?? null

/** The next of a list that begins anew: for what shall occur at all, and not only by chance. */
export function turn<T>({ turns }: Town, name: string, values: readonly T[]): T {
  const count = turns.get(name) ?? 0
  turns.set(name, count + 1)
  return values[count % values.length] as T
}

const employee = (sub: string, ...roller: Roll[]): Caller => ({
  sub,
  part: 'socialforvaltningen',
  partId: null,
  roller,
  klient: 'exempeldata',
})

/** Who deals with those who are not protected, by the `sub` of their tokens. */
export const caseworkers = ['anna.handlaggare', 'bilal.handlaggare', 'cecilia.handlaggare'] as const

/** Who keeps the homes, and lets them; sees nothing of protected households. */
export const serviceforvaltningen: Caller = {
  sub: 'serviceforvaltningen',
  part: 'serviceforvaltningen',
  partId: null,
  roller: [],
  klient: 'exempeldata',
}

export const bostadForstTeam = employee('tove.team', 'bostadForstTeam')

/** Who deals with a household: one of a few, or those who may see protected persons. `vard` lets its stödlägenhet. */
export type Staff = { handlaggare: Caller; beslutsfattare: Caller; boendeenhet: Caller; team: Caller; vard: Caller }
export function staffFor({ chance }: Town, isProtected: boolean): Staff {
  if (!isProtected)
    return {
      handlaggare: employee(chance.oneOf(caseworkers), 'handlaggare'),
      beslutsfattare: employee('karin.beslut', 'beslutsfattare'),
      boendeenhet: employee('bo.boendeenhet', 'boendeenhet'),
      team: bostadForstTeam,
      vard: serviceforvaltningen,
    }
  const boendeenhet = employee('stig.skyddsgrupp', 'boendeenhet', 'skyddsgrupp')
  return {
    handlaggare: employee('saga.skyddsgrupp', 'handlaggare', 'skyddsgrupp'),
    beslutsfattare: employee('karl.skyddsgrupp', 'beslutsfattare', 'skyddsgrupp'),
    boendeenhet,
    team: employee('siri.skyddsgrupp', 'bostadForstTeam', 'skyddsgrupp'),
    vard: boendeenhet,
  }
}

export const administrator = employee('dan.administrator', 'administrator')

export const landlordCaller = ({ id, nummer }: Landlord): Caller => ({
  sub: `hyresvard.${nummer}`,
  part: 'hyresvard',
  partId: id,
  roller: [],
  klient: 'exempeldata',
})

/** Commands want to know which version was read; a story knows that nobody else writes. */
export const anyVersion = (): void => {}
