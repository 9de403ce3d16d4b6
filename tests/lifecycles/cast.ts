import type { Roll } from '../../src/shared/caller.ts'
import { type Stage, spoilt } from './bodies.ts'
import type { Row } from './rows.ts'

/** Everyone who gives commands, by `sub`. Landlords are the first and the second. */
export const cast: Record<string, { roller: Roll[]; landlord?: 0 | 1; part?: 'serviceforvaltningen' }> = {
  maja: { roller: ['handlaggare'] },
  ove: { roller: ['handlaggare'] },
  karin: { roller: ['beslutsfattare'] },
  nils: { roller: ['beslutsfattare'] },
  chefen: { roller: ['handlaggare', 'beslutsfattare'] },
  sara: { roller: ['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam', 'skyddsgrupp'] },
  bo: { roller: ['boendeenhet'] },
  tea: { roller: ['bostadForstTeam'] },
  admin: { roller: ['administrator'] },
  granskaren: { roller: ['loggranskare', 'statistiker'] },
  lkf: { roller: [], landlord: 0 },
  annan: { roller: [], landlord: 1 },
  forvaltaren: { roller: [], part: 'serviceforvaltningen' },
}
export const names = Object.keys(cast)
const actors = (who: string): readonly string[] => {
  const { roller = [], landlord, part } = cast[who] ?? {}
  return landlord === undefined ? (part ? [part] : roller) : ['hyresvard']
}
/** Who someone is in the lifecycle tables; `hemvist` is the service itself. */
export const actorsOf = (who: string): readonly string[] => (who === 'hemvist' ? ['system'] : actors(who))

export type Call = {
  who: string
  method: 'POST' | 'PUT' | 'PATCH'
  url: string
  body: object | string
  ifMatch?: string
}

/** Someone who may, mostly; of protected persons mostly the one who knows of them. */
export const someone = ({ r }: Stage, by: readonly string[], row?: Row): string => {
  if (row?.skyddad && !by.includes('administrator') && r.maybe(0.8)) return 'sara'
  const allowed = names.filter(who => actors(who).some(actor => by.includes(actor)))
  return r.one(allowed.length > 0 && r.maybe(0.85) ? allowed : names)
}
/** The version that was read, mostly. */
export const ifMatch = ({ r }: Stage, { version }: Row): string | undefined =>
  r.maybe(0.94) ? `"${version}"` : r.one(['*', '"999"', `"${(version as number) - 1}"`, undefined])
export const body = (stage: Stage, right: object) => (stage.r.maybe(0.92) ? right : spoilt(stage, right))
