import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type { Leveransforsok, PrenumerationRad } from './schema.ts'

const redanAvslutad = defineProblem(
  'prenumerationen-ar-avslutad',
  409,
  'Prenumerationen är avslutad',
  'En avslutad prenumeration ändras inte och skickar inget. Skapa en ny.',
)
const forMangaPrenumerationer = defineProblem(
  'for-manga-prenumerationer',
  409,
  'Parten har för många prenumerationer',
  'En part kan ha högst 20 prenumerationer som inte är avslutade. Avsluta en som inte behövs.',
)

/** Subscriptions that a party may have at a time. */
export const mostPerParty = 20
/** The longest that a receiver's `Retry-After` is obeyed, in seconds. */
export const longestRetryAfter = 86_400
/** So many failures in a row are the receiver's and not a subject's: the subscription rests. */
export const failuresBeforeRest = 10

/** An ended subscription is kept for its log, and nothing else. */
export const whyNotChange = ({ avslutad }: PrenumerationRad): Refusal | null =>
  avslutad === null ? null : redanAvslutad()

export const whyNotOneMore = (current: number): Refusal | null =>
  current < mostPerParty ? null : forMangaPrenumerationer()

/**
 * Why these types cannot be subscribed to.
 *
 * @param known every type of event that the party can get
 */
export function whyNotTypes(typer: readonly string[], known: readonly string[]): Refusal | null {
  const isKnown = (typ: string) =>
    typ.endsWith('.*') ? known.some(one => one.startsWith(typ.slice(0, -1))) : known.includes(typ)
  return incoherent(
    typer.map(
      (typ, index) =>
        !isKnown(typ) && {
          pointer: `/typer/${index}`,
          kod: 'okand-handelsetyp',
          detail: `typer/${index} är ingen händelse som parten kan få. Typerna står i API:ets beskrivning under webhooks.`,
        },
    ),
  )
}

/** Seconds that a receiver asks for (RFC 9110 10.2.3: seconds or a date), or null. Never more than a day. */
export function retryAfterOf(header: string | undefined, now: string): number | null {
  if (!header) return null
  if (/^\d{1,9}$/.test(header)) return Math.min(Number(header), longestRetryAfter)
  const till = /^[A-Z]/i.test(header) ? Date.parse(header) : Number.NaN
  if (Number.isNaN(till)) return null
  return Math.min(Math.max(0, Math.ceil((till - Date.parse(now)) / 1000)), longestRetryAfter)
}

/** An attempt, and what the receiver asked for. */
export type Attempt = Leveransforsok & { retryAfter: number | null }

/** What an attempt leads to. `seconds`: until the next one. */
export type Verdict =
  | { lage: 'levererad' | 'dod'; seconds: null }
  | { lage: 'vantar'; seconds: number /** The whole receiver asks to be left alone. */; rest: boolean }

/**
 * What follows from an attempt.
 *
 * @param made attempts so far, this one counted
 * @param waits seconds after the first, second, ... failed attempt; when they are used up the delivery is dead
 * @param chance 0-1, for jitter: receivers that fell together must not be tried together
 */
export function verdictOf(attempt: Attempt, made: number, waits: readonly number[], chance: number): Verdict {
  if (attempt.fel === null) return { lage: 'levererad', seconds: null }
  const wait = waits[made - 1]
  if (attempt.status === 410 || wait === undefined) return { lage: 'dod', seconds: null }
  const seconds = Math.max(wait * (0.8 + 0.4 * chance), attempt.retryAfter ?? 0)
  const rest = attempt.retryAfter !== null && (attempt.status === 429 || attempt.status === 503)
  return { lage: 'vantar', seconds, rest }
}
