import type { NyPerson } from '../../hushall/schema.ts'
import { createHushall } from '../../hushall/service.ts'
import type { HyresgarantiRad } from '../../hyresgarantier/schema.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import { claimsOf } from './claims.ts'
import { guarantee, planOf } from './guarantees.ts'
import { efternamn, fornamn } from './made-up.ts'
import { reviewsOf } from './reviews.ts'
import { on, type Story } from './story.ts'
import { staffFor, type Town } from './town.ts'

type Fate = HyresgarantiRad['tillstand']

/** The first households have one of each; then as in a municipality: most guarantees are in force. */
const firstFates: Fate[] = [
  'aktiv',
  'avslutForeslaget',
  'uppsagd',
  'forbrukad',
  'upphordHyresavtal',
  'aktiv',
  'upphordTid',
  'avslutadKriterier',
  'avslutadOverenskommelse',
  'upphordUppsagd',
  'forfallen',
  'beviljad',
]
export const fewestHouseholds = firstFates.length

const laterFates = Object.entries({
  aktiv: 46,
  avslutadKriterier: 14,
  upphordTid: 10,
  upphordHyresavtal: 6,
  beviljad: 6,
  avslutForeslaget: 5,
  avslutadOverenskommelse: 3,
  uppsagd: 3,
  forbrukad: 3,
  upphordUppsagd: 2,
  forfallen: 2,
} satisfies Record<Fate, number>).flatMap(([fate, percent]) => Array<Fate>(percent).fill(fate as Fate))

/** Everything that happens to the n-th household. */
export function household(town: Town, n: number): Story[] {
  const skyddsniva = n % 40 === 5 ? 'sekretessmarkering' : n % 60 === 11 ? 'skyddadFolkbokforing' : 'ingen'
  const staff = staffFor(town, skyddsniva !== 'ingen')
  const about = { n, staff, skyddsniva } as const
  const plans = fatesOf(town, n).map((fate, index) => planOf(town, fate, about, index > 0 ? 0 : undefined))
  const arrives = plans[0]?.applied ?? daysAfter(town.last, -town.chance.between(5, 200))
  const personer = familyOf(town, arrives, skyddsniva)
  const bostadslosSedan = town.chance.percent(45) ? daysAfter(arrives, -town.chance.between(20, 500)) : null

  function* live(): Story {
    const made = yield* on(arrives, staff.handlaggare, 'registrera', work =>
      createHushall(work, { personer, bostadslosSedan }),
    )
    for (const plan of plans) plan.home = made
  }
  return [live(), ...plans.flatMap(plan => [guarantee(town, plan), ...reviewsOf(town, plan), ...claimsOf(town, plan)])]
}

function fatesOf({ chance }: Town, n: number): Fate[] {
  const first = firstFates[n]
  if (first) return [first]
  if (n % 20 === 10) return []
  // Has since got another home, with another guarantee.
  if (n % 20 === 0) return ['upphordTid', 'aktiv']
  return [chance.oneOf(laterFates)]
}

/** One to six people whose ages go together; about four of ten households have children. */
function familyOf({ chance, personnummer }: Town, day: Day, skyddsniva: NyPerson['skyddsniva']): NyPerson[] {
  const surname = chance.oneOf(efternamn)
  const children = chance.percent(40) ? chance.oneOf([1, 1, 1, 2, 2, 2, 3, 3, 4]) : 0
  const age = children > 0 ? chance.between(24, 48) : chance.between(19, 82)
  const people: NyPerson[] = []
  const add = (roll: NyPerson['roll'], years: number, name = surname) =>
    people.push({
      personnummer: personnummer(years, day),
      fornamn: chance.oneOf(fornamn),
      efternamn: name,
      roll,
      skyddsniva,
    })
  add('sokande', age)
  if (chance.percent(children > 0 ? 45 : 20)) {
    const years = Math.min(82, Math.max(19, age + chance.between(-6, 6)))
    add('medsokande', years, chance.percent(60) ? surname : chance.oneOf(efternamn))
  }
  for (let n = 0; n < children; n++) add('barn', chance.between(0, Math.min(14, age - 20)))
  if (age > 45 && people.length < 6 && chance.percent(15)) add('vuxen', chance.between(19, age - 24))
  return people
}
