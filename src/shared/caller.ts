/** Roles of people at socialförvaltningen (domain §8), and what each is. */
export const roller = {
  handlaggare: 'Handlägger ärenden: registrerar, utreder, följer upp',
  beslutsfattare: 'Fattar beslut enligt delegation',
  boendeenhet: 'Boendeenheten: bostäder och kö',
  kvarbo: 'Kvarbo: förebygger vräkning',
  bostadForstTeam: 'Teamet för Bostad Först',
  skyddsgrupp: 'Får dessutom se personer med skyddade personuppgifter',
  statistiker: 'Ser maskerade sammanställningar',
  arkivarie: 'Gallring och arkiv',
  loggranskare: 'Granskar åtkomstloggen',
  administrator: 'Hyresvärdar, kriterier och inställningar; inga ärenden',
} as const
export type Roll = keyof typeof roller

/** Which organisation a caller acts for. `system` is the service itself, on a schedule or from its command line. */
export const parter = [
  'socialforvaltningen',
  'hyresvard',
  'serviceforvaltningen',
  'kriscentrum',
  'frivillig',
  'system',
] as const
export type Partslag = (typeof parter)[number]

/** Who asks: taken from a checked token, never from the request's body. */
export type Caller = {
  /** The token's subject; written in the history. */
  sub: string
  part: Partslag
  /** Which landlord, crisis centre or organisation, where there are several. */
  partId: string | null
  roller: readonly Roll[]
  /** Client that the token was issued to; idempotency keys and rates are per client. */
  klient: string
}

/** The service itself. Sees protected persons, because a forgotten review is forgotten for them too. */
export const systemCaller: Caller = { sub: 'hemvist', part: 'system', partId: null, roller: [], klient: 'hemvist' }

/** Whether protected persons exist for this caller. Everything that is not surely cleared is not. */
export const isCleared = (caller: Caller): boolean =>
  caller.part === 'system' || (caller.part === 'socialforvaltningen' && caller.roller.includes('skyddsgrupp'))

/** The caller as an actor in lifecycle tables: its roles, or its party. */
export const actorsOf = (caller: Caller): readonly string[] =>
  caller.part === 'socialforvaltningen' ? caller.roller : [caller.part]
