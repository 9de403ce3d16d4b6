import { receiveAnswers } from '../../genomgangar/answers.ts'
import { listGenomgangar } from '../../genomgangar/reading.ts'
import type { Genomgangsutfall, InkommetSvar } from '../../genomgangar/schema.ts'
import { decideOne } from '../../genomgangar/service.ts'
import type { Omgang } from '../../hyresgarantier/periods.ts'
import { type Day, daysAfter, earliest, wholeMonths } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'
import type { Plan } from './guarantees.ts'
import { on, type Story } from './story.ts'
import { anyVersion, landlordCaller, type Town, turn } from './town.ts'

/** How far a review has come when the stories end. */
type Progress = 'vantar' | 'besvarad' | 'klar'

const inLatest: Progress[] = [
  'klar',
  'vantar',
  'besvarad',
  'klar',
  'besvarad',
  'vantar',
  'klar',
  'klar',
  'besvarad',
  'vantar',
]
/** What is not done here is overdue now. */
const inTheOneBefore: Progress[] = [
  'klar',
  'vantar',
  'klar',
  'klar',
  'klar',
  'klar',
  'klar',
  'besvarad',
  'klar',
  'klar',
]

/** The reviews of a guarantee, one for each round that found it in force. */
export function reviewsOf(town: Town, plan: Plan): Story[] {
  const { signed, fran, till, endsIn } = plan
  if (signed === null) return []
  const found = town.rounds.filter(
    ({ oppnar, period }) =>
      fran <= oppnar &&
      oppnar <= till &&
      (plan.ends === null || oppnar < plan.ends) &&
      (endsIn === null || period <= endsIn.period),
  )
  return found.map(round => review(town, plan, round))
}

/** A day in a round, so far into it (0-1), of the time that it has been open. */
function dayIn({ oppnar, stanger }: Omgang, share: number, last: Day): Day {
  const { days } = Temporal.PlainDate.from(oppnar).until(earliest(stanger, last))
  return daysAfter(oppnar, 1 + Math.floor(share * Math.max(0, days - 1)))
}

type Answer = Omit<InkommetSvar, 'genomgangId' | 'avtalsnummer'>

function* review(town: Town, plan: Plan, round: Omgang): Story {
  const { staff, landlord, ends, endsIn, skyddsniva, n } = plan
  const progress = round === endsIn ? 'klar' : progressOf(town, round)
  const answered = dayIn(round, 0.1 + 0.07 * (landlord.nummer - 1), town.last)
  const decided = dayIn(round, 0.6 + 0.1 * (n % 3), town.last)
  const svar = round === endsIn ? good(plan, round) : answerOf(town, plan, round)
  /** Undefined when the guarantee has ended before. */
  const open = async (work: Work) => {
    const filter = { hyresgarantiId: plan.id, period: round.period, oppna: true }
    return (await listGenomgangar(work, filter, { limit: 1, offset: 0, countedAtMost: 1 })).rows[0]?.genomgang.id
  }
  // Landlords are never asked about protected tenants.
  if (progress !== 'vantar' && skyddsniva === 'ingen')
    yield* on(answered, landlordCaller(landlord), 'svara', async work => {
      const genomgangId = await open(work)
      if (genomgangId) await receiveAnswers(work, landlord.id, [{ svar: { genomgangId, ...svar } }])
    })
  if (progress !== 'klar' || (ends !== null && ends <= decided)) return
  yield* on(decided, staff.handlaggare, 'avgor', async work => {
    const genomgangId = await open(work)
    if (genomgangId) await decideOne(work, genomgangId, anyVersion, outcomeOf(round === endsIn, svar))
  })
}

function progressOf(town: Town, round: Omgang): Progress {
  const age = town.rounds.indexOf(round)
  if (age === 0) return turn(town, 'latest', inLatest)
  return age === 1 ? turn(town, 'the one before', inTheOneBefore) : 'klar'
}

const good = ({ fran }: Plan, { oppnar }: Omgang): Answer => ({
  manaderITid: wholeMonths(fran, oppnar),
  forsenadeBetalningar: 0,
  storningar: 0,
  hyresskuldOre: 0,
  hemforsakring: true,
  rekommenderarAvslut: true,
  kommentar: 'Skötsam hyresgäst.',
})

function answerOf({ chance }: Town, plan: Plan, round: Omgang): Answer {
  const fine = good(plan, round)
  const kind = chance.between(1, 100)
  if (plan.fate === 'forbrukad' || kind <= 12)
    return {
      ...fine,
      manaderITid: 0,
      forsenadeBetalningar: chance.between(1, 4),
      hyresskuldOre: plan.hyra * chance.between(1, 2),
      rekommenderarAvslut: false,
      kommentar: 'Hyran är inte betald.',
    }
  if (kind <= 20) return { ...fine, storningar: chance.between(2, 4), rekommenderarAvslut: false, kommentar: null }
  if (kind <= 55) return { ...fine, rekommenderarAvslut: false, hemforsakring: null, kommentar: null }
  return { ...fine, rekommenderarAvslut: (fine.manaderITid as number) >= 12 }
}

function outcomeOf(isEnd: boolean, { hyresskuldOre, storningar }: Answer): Genomgangsutfall {
  if (isEnd) return { utfall: 'avsluta', motivering: 'Alla kriterier är uppfyllda och hyresvärden samtycker.' }
  return hyresskuldOre > 0 || storningar > 1
    ? { utfall: 'atgard', motivering: 'Vi bokar ett möte med hyresgästen.' }
    : { utfall: 'fortsatt', motivering: 'Garantin behövs ännu ett halvår.' }
}
