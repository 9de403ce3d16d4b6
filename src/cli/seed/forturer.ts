import type { BeviljadFortur } from '../../arenden/schema.ts'
import { answerOffer, foundByOwnQueue, offer, revoke, signContract } from '../../forturer/offers.ts'
import type { Erbjudandesvar } from '../../forturer/schema.ts'
import { forturOfArende, handOver } from '../../forturer/service.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import type { Arendeplan } from './cases.ts'
import { gator, omraden } from './made-up.ts'
import { on, type Part, type Story } from './story.ts'
import { anyVersion, landlordCaller, type Town, turn } from './town.ts'

/** The home that a household is to be given. */
export function wanted({ home, n, fortur }: Arendeplan) {
  const rooms = Math.min(5, 1 + Math.ceil((home.made?.personer.length ?? 1) / 2))
  const area = (index: number) => omraden[index % omraden.length] as string
  return {
    minRum: rooms,
    maxRum: rooms + 1,
    maxHyraOre: (5 + 2 * rooms) * 100_000,
    onskadeOmraden: [area(n)],
    uteslutnaOmraden: n % 5 === 0 ? [area(n + 1)] : [],
    tillganglighet: n % 11 === 3 ? ['hiss'] : [],
    // A first no uses up the one that is to be used up, and no other.
    maxErbjudanden: fortur === 'forbrukad' ? 1 : 2,
  } satisfies BeviljadFortur
}

/** Why an offer comes to nothing, when it does; `silence` is no answer at all. */
type No = Erbjudandesvar | 'silence'
const nekat: No = { svar: 'vardenNekar', orsak: 'referens' }
const accepted: No = { svar: 'nej', orsak: 'tillganglighet', godtagbartSkal: true }
const no: No = { svar: 'nej', orsak: 'lage', kommentar: 'För långt till arbetet.' }

/** From the day it is granted to what becomes of it. Time ends those that are not used. */
export function* fortur(town: Town, plan: Arendeplan, arendeId: string): Story {
  const { fortur: fate, settled, staff } = plan
  const { chance, last } = town
  const later = (low: number, high: number): Day => daysAfter(settled, chance.between(low, high))
  if (fate === 'beviljad') return
  const id = yield* overTo(town, plan, arendeId, later(4, 8))
  const offers = offersOf(town, plan, id)
  if (fate === 'hosHyresvard')
    yield* offers.refused(later(13, 15), turn(town, 'offers that came to nothing', ['silence', null, nekat, null, no]))
  if (fate === 'erbjuden') yield* offers.made(daysAfter(last, -chance.between(0, 4)))
  if (fate === 'accepterad') yield* offers.accepted(daysAfter(last, -chance.between(4, 12)))
  if (fate === 'tillgodosedd') {
    yield* offers.refused(later(10, 12), turn(town, 'offers before another', [nekat, null, accepted, null, no, null]))
    const yes = yield* offers.accepted(later(20, 60))
    yield* on(daysAfter(yes, chance.between(4, 12)), offers.landlord, 'tecknaKontrakt', work =>
      signContract(work, id, anyVersion, {
        kontraktDatum: work.today,
        kontraktsform: chance.oneOf(['forstahand', 'forstahand', 'andrahand']),
      }),
    )
  }
  if (fate === 'forbrukad') yield* offers.refused(later(15, 50), no)
  if (fate === 'tillgodoseddEgen' || fate === 'upphavd') {
    const ends = later(30, 70)
    // What is offered then is taken back.
    if (turn(town, fate, [true, false])) yield* offers.made(daysAfter(ends, -3))
    if (fate === 'upphavd')
      yield* on(ends, staff.beslutsfattare, 'upphav', work =>
        revoke(work, id, anyVersion, { motivering: 'Familjen har flyttat från kommunen.' }),
      )
    else
      yield* on(ends, staff.handlaggare, 'egenKotidRacker', work =>
        foundByOwnQueue(work, id, anyVersion, { datum: work.today, motivering: 'Egen kötid räckte till en bostad.' }),
      )
  }
}

/** @returns the förtur's id */
const overTo = (town: Town, { staff }: Arendeplan, arendeId: string, day: Day): Part<string> =>
  on(day, staff.handlaggare, 'overlamna', async work => {
    const { id } = (await forturOfArende(work, arendeId)) as { id: string }
    await handOver(work, id, anyVersion, { hyresvardId: town.forturvard.id, grund: 'samtycke' })
    return id
  })

/** What can happen with the offers of a förtur. */
function offersOf(town: Town, plan: Arendeplan, id: string) {
  const { handlaggare } = plan.staff
  // A landlord knows nothing of protected households: a caseworker writes down what was said.
  const landlord = plan.skyddsniva === 'ingen' ? landlordCaller(town.forturvard) : handlaggare
  const { chance } = town

  function* made(day: Day): Part<string> {
    const { minRum, maxHyraOre, onskadeOmraden } = wanted(plan)
    const { erbjudande } = yield* on(day, landlord, 'erbjud', work =>
      offer(work, id, anyVersion, {
        omrade: onskadeOmraden[0] as string,
        rum: minRum,
        hyraOre: maxHyraOre - chance.between(0, 20) * 10_000,
        tilltrade: daysAfter(work.today, chance.between(20, 60)),
        svaraSenast: daysAfter(work.today, 8),
        // Where somebody with protected registration lives is not written down.
        ...(plan.skyddsniva !== 'skyddadFolkbokforing' && {
          adress: `${chance.oneOf(gator)} ${chance.between(1, 60)}, 222 22 Lund`,
        }),
      }),
    )
    return erbjudande.id
  }

  const answered = (day: Day, erbjudandeId: string, svar: Erbjudandesvar) =>
    on(day, svar.svar === 'vardenNekar' ? landlord : handlaggare, 'svara', work =>
      answerOffer(work, { id, erbjudandeId }, anyVersion, svar),
    )

  function* refused(day: Day, why: No | null): Story {
    if (why === null) return
    const erbjudandeId = yield* made(day)
    if (why !== 'silence') yield* answered(daysAfter(day, 3), erbjudandeId, why)
  }

  /** @returns the day of the yes */
  function* accepted(day: Day): Part<Day> {
    const erbjudandeId = yield* made(day)
    const yes = daysAfter(day, chance.between(2, 4))
    yield* answered(yes, erbjudandeId, { svar: 'ja' })
    return yes
  }
  return { landlord, made, refused, accepted }
}
