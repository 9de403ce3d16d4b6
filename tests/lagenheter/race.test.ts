import { randomUUID } from 'node:crypto'
import { lockLagenhet, release, reserve } from '../../src/lagenheter/service.ts'
import type { Refusal } from '../../src/shared/refusals.ts'
import { violatedConstraint } from '../../src/shared/storage.ts'
import { startTestApp } from '../harness.ts'
import { home, inOne, type Ko, queued } from './made.ts'

const harness = await startTestApp()
const serviceforvaltningen = harness.as([], 'serviceforvaltningen')

const homes = (antal: number) => Promise.all(Array.from({ length: antal }, () => home(serviceforvaltningen)))
const fran = harness.clock.day

/** What became of each attempt: the code of its refusal, or 'vann'. */
const outcome = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'vann',
    (error: Error) => (error as Refusal).problem?.kod ?? violatedConstraint(error) ?? String(error),
  )
const counted = (outcomes: string[]) =>
  Object.fromEntries(Object.entries(Object.groupBy(outcomes, one => one)).map(([one, all]) => [one, all?.length]))

/** How many stand for each of the homes. */
async function standing(ids: string[]): Promise<number[]> {
  const { rows } = await harness.owner.query(
    `SELECT (SELECT count(*)::int FROM upplatelse u WHERE u.lagenhet_id = x.id AND u.upphavd IS NULL) AS antal FROM unnest($1::uuid[]) AS x (id)`,
    [ids],
  )
  return rows.map(({ antal }) => antal)
}

test('200 at once who want 20 homes: 20 get one, and 180 are told that it is taken', async () => {
  const ids = await homes(20)
  const wanting = await queued(harness, 200)
  const outcomes = await Promise.all(
    wanting.map((one, n) =>
      outcome(inOne(harness, work => reserve(work, ids[n % 20] as string, { ...one, fran, till: null }))),
    ),
  )
  expect(counted(outcomes)).toEqual({ vann: 20, 'bostaden-ar-upptagen': 180 })
  expect(await standing(ids)).toEqual(ids.map(() => 1))
  const { rows } = await harness.owner.query('SELECT tillstand FROM lagenhet WHERE id = ANY ($1)', [ids])
  expect(new Set(rows.map(({ tillstand }) => tillstand))).toEqual(new Set(['reserverad']))
})

const insert = (lagenhetId: string, { for: { stodlagenhetId }, hushallId }: Ko, from: string, till: string | null) =>
  harness.owner.query(
    `INSERT INTO upplatelse (id, version, lagenhet_id, hushall_id, skyddad, stodlagenhet_id, slag, fran, till, skapad, andrad)
     VALUES ($1, 1, $2, $3, false, $4, 'reservation', $5, $6, now(), now())`,
    [randomUUID(), lagenhetId, hushallId, stodlagenhetId, from, till],
  )

test('without any lock the database alone lets one of them through', async () => {
  const ids = await homes(20)
  const wanting = await queued(harness, 200)
  const outcomes = await Promise.all(wanting.map((one, n) => outcome(insert(ids[n % 20] as string, one, fran, null))))
  expect(counted(outcomes)).toEqual({ vann: 20, upplatelse_en_i_taget: 180 })
  expect(await standing(ids)).toEqual(ids.map(() => 1))
})

test('a home that says it is vacant but is somebody’s is refused by the constraint, with the same answer', async () => {
  const id = await home(serviceforvaltningen)
  const [one, other] = await queued(harness, 2)
  await insert(id, one, '2026-12-01', null)
  expect(await outcome(inOne(harness, work => reserve(work, id, { ...(other as Ko), fran, till: null })))).toBe(
    'bostaden-ar-upptagen',
  )
  // Nothing of the attempt is left.
  expect(await inOne(harness, async work => (await lockLagenhet(work, id)).tillstand)).toBe('ledig')
})

test('one person is not promised two homes, and a home that is released can be promised again', async () => {
  const [first, second] = (await homes(2)) as [string, string]
  const [one, other] = (await queued(harness, 2)) as [Ko, Ko]
  const want = (id: string, who: Ko) => outcome(inOne(harness, work => reserve(work, id, { ...who, fran, till: null })))
  expect(await want(first, one)).toBe('vann')
  expect(await want(second, one)).toBe('har-redan-en-bostad')
  expect(await want(first, other)).toBe('bostaden-ar-upptagen')
  await inOne(harness, work => release(work, one.for))
  expect(await want(first, other)).toBe('vann')
  expect(await outcome(inOne(harness, work => release(work, one.for)))).toBe('ingen-bostad-upplaten')
})

test('a home that is not ready, or not in the pool that day, is not promised', async () => {
  const [one] = await queued(harness, 1)
  const want = async (fields: object, from = fran, till: string | null = null) => {
    const id = await home(serviceforvaltningen, fields)
    return outcome(inOne(harness, work => reserve(work, id, { ...one, fran: from, till })))
  }
  expect(await want({ klar: false })).toBe('fel-tillstand')
  expect(await want({ iPoolenFran: '2026-10-01' })).toBe('bostaden-ar-inte-i-bestandet')
  expect(await want({ iPoolenTill: '2026-09-30' }, '2026-10-01')).toBe('bostaden-ar-inte-i-bestandet')
  const day = '2026-10-01'
  expect(await want({ iPoolenFran: day, iPoolenTill: day }, day)).toBe('bostaden-lamnar-bestandet')
  expect(await want({ iPoolenFran: day, iPoolenTill: day }, day, day)).toBe('vann')
})
