import type { Database } from '../../database.ts'
import { type JobName, runJob } from '../../jobs.ts'
import type { Caller } from '../../shared/caller.ts'
import { type Clock, clockAt } from '../../shared/clock.ts'
import type { Day } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'

/** What somebody does on a day. */
export type Step = { day: Day; caller: Caller; atgard: string; run: (work: Work) => Promise<unknown> }

/** Steps in the order of their days, each knowing what came of the one before; a part of a story may tell the next. */
export type Part<T> = Generator<Step, T, unknown>
export type Story = Part<void>

/** One step of a story; the story goes on with its result. */
export function* on<T>(day: Day, caller: Caller, atgard: string, run: (work: Work) => Promise<T>): Part<T> {
  return (yield { day, caller, atgard, run }) as T
}

/** Stories that do not wait for each other, as one: in the order of their days. */
export function* together(...stories: Story[]): Story {
  type Next = { story: Story; step: Step }
  const next = (story: Story, result?: unknown): Next[] => {
    const { done, value } = story.next(result)
    return done ? [] : [{ story, step: value }]
  }
  let waiting = stories.flatMap(story => next(story))
  for (;;) {
    const first = waiting.reduce<Next | undefined>((a, b) => (!a || b.step.day < a.step.day ? b : a), undefined)
    if (!first) return
    waiting = [...waiting.filter(one => one !== first), ...next(first.story, yield first.step)]
  }
}

/** A clock that is moved from day to day; it starts by showing the real time. */
export class MovableClock implements Clock {
  #shown: Clock
  constructor(shown: Clock) {
    this.#shown = shown
  }
  now(): Temporal.Instant {
    return this.#shown.now()
  }
  show(clock: Clock): void {
    this.#shown = clock
  }
}

/** What the schedule does to cases and what they lead to; the other jobs only keep the database in order. */
const scheduled: JobName[] = [
  'kompletteringstider-gar-ut',
  'beslut-far-laga-kraft',
  'svar-pa-erbjudanden-uteblir',
  'forturer-gar-ut',
  'varna-forturer',
  'varna-stodlagenheter',
  'paminn-kofornyelse',
  'flagga-langsamma-arenden',
  'avsluta-utgangna-garantier',
  'forfall-oanvanda-beslut',
  'varna-utgaende-garantier',
  'oppna-genomgangar',
  'flagga-forfallna-genomgangar',
  'paminn-hyresvardar',
]

/**
 * Lets the stories happen, day by day until the last; what they would do later has not happened yet. What one person
 * does on one day is one transaction: to begin and end one takes as long as a step does.
 *
 * @param jobDays days on which the schedule runs, in order
 */
export async function tell(
  db: Database,
  clock: MovableClock,
  stories: Story[],
  jobDays: Day[],
  last: Day,
): Promise<void> {
  type Next = { story: Story; step: Step }
  const next = (story: Story, result?: unknown): Next[] => {
    const { done, value } = story.next(result)
    return done || value.day > last ? [] : [{ story, step: value }]
  }
  let waiting = stories.flatMap(story => next(story))
  let jobs = jobDays.filter(day => day <= last)
  let today: Day = ''
  let minutes = 0
  while (waiting.length > 0 || jobs.length > 0) {
    const first = waiting.reduce<Next | undefined>((a, b) => (!a || b.step.day < a.step.day ? b : a), undefined)
    const day = [today, first?.step.day ?? jobs[0] ?? ''].sort().at(-1) as Day
    const [jobDay] = jobs
    if (jobDay !== undefined && (!first || jobDay <= day)) {
      clock.show(clockAt(Temporal.PlainDate.from(jobDay)))
      for (const name of scheduled) await runJob(db, name)
      jobs = jobs.slice(1)
      continue
    }
    if (!first) break
    minutes = day === today ? minutes + 1 : 0
    today = day
    // The working day begins at eight.
    const instant = clockAt(Temporal.PlainDate.from(day))
      .now()
      .add({ minutes: minutes - 240 })
    clock.show({ now: () => instant })
    const { caller } = first.step
    const isNow = ({ step }: Next) => step.day <= day && step.caller.sub === caller.sub
    waiting = await db.transaction(caller, { spar: 'exempeldata' }, async work => {
      let left = waiting
      for (;;) {
        const atgard = left.find(isNow)?.step.atgard
        if (atgard === undefined) return left
        // Nor does it wait for the disk: what a power cut takes can be made up again.
        await work.db.query(
          "SELECT set_config('hemvist.atgard', $1, true), set_config('synchronous_commit', 'off', true)",
          [atgard],
        )
        const alike = left.filter(one => isNow(one) && one.step.atgard === atgard)
        const rest = left.filter(one => !alike.includes(one))
        const after: Next[] = []
        for (const { story, step } of alike) after.push(...next(story, await step.run(work)))
        left = [...rest, ...after]
      }
    })
  }
}
