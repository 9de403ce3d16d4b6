import type { Day } from '../shared/dates.ts'
import { bornOn } from '../shared/personnummer.ts'
import { incoherent, type Refusal } from '../shared/refusals.ts'
import type { NyPerson, PersonRad } from './schema.ts'

/** Who is in a household: one applicant at most, never the same person twice. */
export function whyNotTogether(personer: Pick<NyPerson, 'personnummer' | 'roll'>[]): Refusal | null {
  const numbers = personer.map(({ personnummer }) => personnummer.replace('-', ''))
  return incoherent([
    personer.filter(({ roll }) => roll === 'sokande').length !== 1 && {
      pointer: '/personer',
      kod: 'en-sokande',
      detail: 'Ett hushåll ska ha precis en person med rollen sokande.',
    },
    new Set(numbers).size < numbers.length && {
      pointer: '/personer',
      kod: 'samma-person-tva-ganger',
      detail: 'Samma personnummer står två gånger.',
    },
  ])
}

/** Nobody is registered before the day that their number says they were born. */
export const whyNotBorn = (personnummer: string, today: Day, pointer: string): Refusal | null => {
  const born = bornOn(personnummer)
  return incoherent([
    born > today && { pointer, kod: 'i-framtiden', detail: 'Födelsedagen kan inte ligga i framtiden.' },
  ])
}

/** A household cannot have become homeless after today. */
export const whyNotHomelessSince = (since: Day | null | undefined, today: Day): Refusal | null =>
  incoherent([
    since != null &&
      since > today && {
        pointer: '/bostadslosSedan',
        kod: 'i-framtiden',
        detail: 'bostadslosSedan kan inte ligga i framtiden.',
      },
  ])

/** Any protected person makes the household protected: the others lead to it. */
export const isProtected = (personer: { skyddsniva?: PersonRad['skyddsniva'] }[]): boolean =>
  personer.some(({ skyddsniva }) => skyddsniva !== undefined && skyddsniva !== 'ingen')
