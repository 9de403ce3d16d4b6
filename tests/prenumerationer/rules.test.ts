import { settings } from '../../src/config.ts'
import { type Attempt, longestRetryAfter, retryAfterOf, verdictOf } from '../../src/prenumerationer/rules.ts'

const waits = settings.WEBHOOK_FORSOK_SEKUNDER.standard
const attempt = (status: number | null, retryAfter: number | null = null): Attempt => ({
  tid: '2026-09-01T08:30:00.000Z',
  ms: 1,
  status,
  fel: status !== null && status < 300 ? null : 'felstatus',
  retryAfter,
})

test('attempts go on for about three days, and then the delivery is dead', () => {
  for (const chance of [0, 0.5, 1]) {
    const verdicts = Array.from({ length: waits.length + 1 }, (_, n) => verdictOf(attempt(500), n + 1, waits, chance))
    expect(verdicts.map(({ lage }) => lage)).toEqual([...waits.map(() => 'vantar'), 'dod'])
    const days = verdicts.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / 86_400
    expect(days).toBeGreaterThan(2.3)
    expect(days).toBeLessThan(3.6)
  }
  expect(verdictOf(attempt(500), 1, waits, 0).seconds).toBeCloseTo(4)
  expect(verdictOf(attempt(500), 1, waits, 1).seconds).toBeCloseTo(6)
})

test.each([
  [attempt(204), { lage: 'levererad', seconds: null }],
  [attempt(null), { lage: 'vantar', seconds: 5, rest: false }],
  [attempt(302), { lage: 'vantar', seconds: 5, rest: false }],
  [attempt(410), { lage: 'dod', seconds: null }],
  // The receiver as a whole is asked to be left alone by 429 and 503; anything else is about the one event.
  [attempt(429, 60), { lage: 'vantar', seconds: 60, rest: true }],
  [attempt(503, 1), { lage: 'vantar', seconds: 5, rest: true }],
  [attempt(500, 60), { lage: 'vantar', seconds: 60, rest: false }],
])('%j leads to %j', (one, verdict) => {
  expect(verdictOf(one, 1, waits, 0.5)).toEqual(verdict)
})

test.each([
  [undefined, null],
  ['120', 120],
  ['0', 0],
  ['999999', longestRetryAfter],
  ['Tue, 01 Sep 2026 08:31:00 GMT', 60],
  ['Tue, 01 Sep 2026 08:00:00 GMT', 0],
  ['Fri, 31 Dec 2099 23:59:59 GMT', longestRetryAfter],
  ['snart', null],
  ['-5', null],
])('Retry-After: %s is %s seconds', (header, seconds) => {
  expect(retryAfterOf(header, '2026-09-01T08:30:00.000Z')).toBe(seconds)
})
