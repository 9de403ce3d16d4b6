import type { Database } from '../../database.ts'
import { type JobName, runJob } from '../../jobs.ts'
import type { Caller } from '../../shared/caller.ts'
import { type Clock, clockAt } from '../../shared/clock.ts'
import type { Day } from '../../shared/dates.ts'
import type { Work } from '../../shared/work.ts'

/** What somebody does on a day. */
export type Step = { day: Day; caller: Caller; atgard: string; run: (work: Work) => Promise<unknown> }

/** Steps in the order of their days, each knowing what came of the one before. */
export type Story = Generator<Step, void, unknown>

/** One step of a story; the story goes on with its result. */
export function* on<T>(
  day: Day,
  caller: Caller,
  atgard: string,
  run: (work: Work) => Promise<T>,
): Generator<Step, T, unknown> {
  return (yield { day, caller, atgard, run }) as T
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

/** What the schedule does to guarantees and reviews; the other jobs only keep the database in order. */
const scheduled: JobName[] = [
  'avsluta-utgangna-garantier',
  'forfall-oanvanda-beslut',
  'varna-utgaende-garantier',
  'oppna-genomgangar',
  'flagga-forfallna-genomgangar',
  'paminn-hyresvardar',
]

/**
 * Lets the stories happen, day by day until the last; what they would do later has not happened yet. What one person
 * does in one way on one day is one transaction, as it would be in a batch.
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
    const { caller, atgard } = first.step
    const together = waiting.filter(
      ({ step }) => step.day <= day && step.caller.sub === caller.sub && step.atgard === atgard,
    )
    const results = await db.transaction(caller, { atgard, spar: 'exempeldata' }, async work => {
      // Does not wait for the disk at each step: what a power cut takes can be made up again.
      await work.db.query('SET LOCAL synchronous_commit = off')
      const done: unknown[] = []
      for (const { step } of together) done.push(await step.run(work))
      return done
    })
    const rest = waiting.filter(one => !together.includes(one))
    waiting = [...rest, ...together.flatMap(({ story }, index) => next(story, results[index]))]
  }
}
