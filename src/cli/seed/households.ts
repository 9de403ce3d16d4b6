import type { NyPerson } from '../../hushall/schema.ts'
import { createHushall } from '../../hushall/service.ts'
import type { HyresgarantiRad } from '../../hyresgarantier/schema.ts'
import { type Day, daysAfter, earliest } from '../../shared/dates.ts'
import { caseStory } from './applications.ts'
import { casesOf } from './cases.ts'
import { claimsOf } from './claims.ts'
import { guarantee, planOf } from './guarantees.ts'
import { efternamn, fornamn, weighted } from './made-up.ts'
import { reviewsOf } from './reviews.ts'
import { on, type Story } from './story.ts'
import { type Household, staffFor, type Town } from './town.ts'

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

const laterFates = weighted<Fate>({
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
})

/** Everything that happens to the n-th household. */
export function household(town: Town, n: number): Story[] {
  const skyddsniva = n % 40 === 5 ? 'sekretessmarkering' : n % 60 === 11 ? 'skyddadFolkbokforing' : 'ingen'
  const staff = staffFor(town, skyddsniva !== 'ingen')
  const about: Household = { n, staff, skyddsniva, antalBarn: childrenOf(town, n), home: {} }
  const plans = fatesOf(town, n).map((fate, index) => planOf(town, fate, about, index > 0 ? 0 : undefined))
  const cases = casesOf(town, about)
  const applied = [...plans, ...cases].map(({ applied }) => applied)
  const arrives = applied.length > 0 ? earliest(...applied) : daysAfter(town.last, -town.chance.between(5, 200))
  const personer = familyOf(town, arrives, about)
  const isHomeless = cases.some(({ insats }) => insats === 'stodlagenhet') || town.chance.percent(45)
  const bostadslosSedan = isHomeless ? daysAfter(arrives, -town.chance.between(20, 500)) : null

  function* live(): Story {
    yield* on(arrives, staff.handlaggare, 'registrera', async work => {
      // At once: others of its stories may go on in the same transaction.
      about.home.made = await createHushall(work, { personer, bostadslosSedan })
    })
  }
  return [
    live(),
    ...cases.map(plan => caseStory(town, plan)),
    ...plans.flatMap(plan => [guarantee(town, plan), ...reviewsOf(town, plan), ...claimsOf(town, plan)]),
  ]
}

/** About four of ten households have children; some of the first always, so that there is a checklist of each kind. */
function childrenOf({ chance }: Town, n: number): number {
  const hasChildren = (1 <= n && n <= 4) || chance.percent(40)
  return hasChildren ? chance.oneOf([1, 1, 1, 2, 2, 2, 3, 3, 4]) : 0
}

function fatesOf({ chance }: Town, n: number): Fate[] {
  const first = firstFates[n]
  if (first) return [first]
  if (n % 20 === 10) return []
  // Has since got another home, with another guarantee.
  if (n % 20 === 0) return ['upphordTid', 'aktiv']
  return [chance.oneOf(laterFates)]
}

/** One to six people whose ages go together. */
function familyOf({ chance, personnummer }: Town, day: Day, { antalBarn, skyddsniva }: Household): NyPerson[] {
  const surname = chance.oneOf(efternamn)
  const age = antalBarn > 0 ? chance.between(24, 48) : chance.between(19, 82)
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
  if (chance.percent(antalBarn > 0 ? 45 : 20)) {
    const years = Math.min(82, Math.max(19, age + chance.between(-6, 6)))
    add('medsokande', years, chance.percent(60) ? surname : chance.oneOf(efternamn))
  }
  for (let n = 0; n < antalBarn; n++) add('barn', chance.between(0, Math.min(14, age - 20)))
  if (age > 45 && people.length < 6 && chance.percent(15)) add('vuxen', chance.between(19, age - 24))
  return people
}
