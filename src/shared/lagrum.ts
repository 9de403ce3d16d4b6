import type { Day } from './dates.ts'

/** A provision that decisions refer to, and the days on which it held. */
export type Lagrum = { kod: string; text: string; galler: readonly string[]; fran: Day; till: Day | null }

/**
 * Dated list of provisions (domain §0.12): the Social Services Act changed numbers on 1 July 2025, and a decision
 * keeps the reference that held on its day. The new number is from the bill (prop. 2024/25:89): uncertain, so data.
 */
export const lagrum: readonly Lagrum[] = [
  {
    kod: 'befogenhetslagen-2-6',
    text: '2 kap. 6 § lagen (2009:47)',
    galler: ['kommunal'],
    fran: '2009-03-01',
    till: null,
  },
  {
    kod: 'kl-2-1',
    text: '2 kap. 1 § KL (2017:725)',
    galler: ['kommunalFortur'],
    fran: '2018-01-01',
    till: null,
  },
  {
    kod: 'sol-2001-4-1',
    text: '4 kap. 1 § SoL (2001:453)',
    galler: ['bistand'],
    fran: '2002-01-01',
    till: '2025-06-30',
  },
  { kod: 'sol-2025-11-1', text: '11 kap. 1 § SoL (2025:400)', galler: ['bistand'], fran: '2025-07-01', till: null },
]

/** The provisions that a decision of a kind can rest on, on its day. */
export const lagrumFor = (kind: string, day: Day): Lagrum[] =>
  lagrum.filter(({ galler, fran, till }) => galler.includes(kind) && fran <= day && (till === null || day <= till))
