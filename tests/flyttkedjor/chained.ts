import { ok } from '../cases.ts'
import type { Client, Harness } from '../harness.ts'
import { createLandlord } from '../people.ts'
import { addHome, avtal, housed, type People, people, placed, skalForAvsteg } from '../stodlagenheter/placed.ts'

/** Gives a chain a command with whatever version there is. */
export const give = (client: Client, id: string, path: string, body: object = {}) =>
  client.post(`/flyttkedjor/${id}/${path}`, body, { ifMatch: '*' })

export type Lank = {
  id: string
  tillstand: string
  hushallId: string
  stodlagenhetId: string
  franLagenhetId: string
  flyttdag: string
}
export type Kedja = {
  id: string
  etag: string
  tillstand: string
  flyttkedjenummer: string
  lankar: [Lank, Lank, Lank]
}

const must = (answer: { status: number; body: Kedja }): Kedja => {
  if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
let next = 0
export const objektnummer = () => `LKF-${++next}`

/** A chain at a landlord, with no links yet. */
export const begun = async ({ bo }: People, hyresvardId: string): Promise<Kedja> =>
  must(await bo.post('/flyttkedjor', { insats: 'stodlagenhet', hyresvardId, skal: 'Eget kontrakt.' }))

export const addLink = async ({ bo }: People, kedja: Kedja, body: object): Promise<Kedja> =>
  must(await give(bo, kedja.id, 'lankar', { skalForAvsteg, ...body }))

/**
 * A tenant who gets an own contract, a tenant who takes over that home, and someone from the queue who takes theirs: one
 * day after another.
 */
export async function ofThree(harness: Harness, { skydd = false } = {}) {
  const who = people(harness)
  const landlord = await createLandlord(who.maja, 'Exempelstadens Fastighets AB')
  const first = await housed(who, harness)
  const second = await housed(who, harness)
  const third = await placed(who, { dag: harness.clock.day })
  if (skydd)
    await harness.owner.query('UPDATE hushall SET skyddad = true, version = version + 1 WHERE id = $1', [
      third.hushallId,
    ])
  const begins = harness.clock.day
  const day = (days: number) => Temporal.PlainDate.from(begins).add({ days }).toString()
  const planner = skydd ? { ...who, bo: harness.as(['boendeenhet', 'skyddsgrupp'], undefined, 'bo.skydd') } : who
  let kedja = await begun(planner, landlord.id)
  kedja = await addLink(planner, kedja, {
    stodlagenhetId: first.id,
    objektnummer: objektnummer(),
    flyttdag: day(10),
    skalForAvsteg: undefined,
  })
  kedja = await addLink(planner, kedja, { stodlagenhetId: second.id, lagenhetId: first.lagenhetId, flyttdag: day(12) })
  kedja = await addLink(planner, kedja, { stodlagenhetId: third.id, lagenhetId: second.lagenhetId, flyttdag: day(14) })
  return { who: planner, landlord, first, second, third, kedja, day }
}

/** Everyone says yes, written down by hand. */
export async function allSayYes({ bo }: People, kedja: Kedja): Promise<void> {
  for (const [n, lank] of kedja.lankar.entries())
    for (const part of n === 0 ? ['hushall', 'hyresvard', 'serviceforvaltningen'] : ['hushall', 'serviceforvaltningen'])
      ok(await give(bo, kedja.id, `lankar/${lank.id}/svar`, { part, svar: 'ja' }))
}

export const lease = (day: string) => {
  const { tilltrade: _, ...rest } = avtal(day)
  return { datum: day, stodlagenhet: rest }
}
export { addHome, housed, placed }
