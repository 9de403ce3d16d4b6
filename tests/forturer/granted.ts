import { randomUUID } from 'node:crypto'
import type { ForturRad } from '../../src/forturer/schema.ts'
import { type Forturvillkor, grantFortur } from '../../src/forturer/service.ts'
import type { Caller } from '../../src/shared/caller.ts'
import type { Work } from '../../src/shared/work.ts'
import type { Client, Harness } from '../harness.ts'
import { createHousehold, createLandlord } from '../people.ts'

export type Household = { id: string; personer: { id: string }[] }
type Given = {
  hushall?: Household
  personId?: string
  medsokandeId?: string | null
  villkor?: Forturvillkor
  giltigFran?: string
  giltigTill?: string
  koFornyad?: string | null
}

export const caller = (roller: Caller['roller']): Caller => ({
  sub: 'karin.beslut',
  part: 'socialforvaltningen',
  partId: null,
  roller,
  klient: 'test',
})

/** Two things at once, the second begun while the first is done and not yet committed. */
export async function whileUncommitted<A, B>(
  { db }: Harness,
  who: Caller,
  first: (work: Work) => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const done = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const one = db.transaction(who, {}, async work => {
    const result = await first(work)
    done.resolve()
    await begun.promise
    return result
  })
  await Promise.race([done.promise, one])
  const two = second()
  // Long enough to come to the lock, or past where it should have been.
  await new Promise(resolve => setTimeout(resolve, 150))
  begun.resolve()
  return Promise.all([one, two])
}

/** Far from the numbers that the cases of the same test get. */
let next = 50_000

/** A case and its decision, written as the owner. */
export async function decidedCase({ owner }: Harness, hushall: Household, given: Given = {}) {
  const [arendeId, beslutId] = [randomUUID(), randomUUID()]
  const arendenummer = `AR-2026-${String(++next).padStart(5, '0')}`
  const personId = given.personId ?? (hushall.personer[0]?.id as string)
  const medsokandeId = given.medsokandeId ?? null
  await owner.query(
    `INSERT INTO arende (id, version, arendenummer, insats, tillstand, hushall_id, skyddad, person_id, medsokande_id,
       ansokan_datum, kanal, skapad, andrad)
     SELECT $1, 1, $2, 'fortur', 'inkommen', id, skyddad, $4, $5, '2026-06-01', 'papper', now(), now() FROM hushall WHERE id = $3`,
    [arendeId, arendenummer, hushall.id, personId, medsokandeId],
  )
  await owner.query(
    `INSERT INTO beslut (id, version, arende_id, hushall_id, skyddad, insats, utfall, datum, giltig_fran, giltig_till, lagrum,
       delegation_id, delegationspunkt, beslutsfattare, motivering, overklagandetyp, ansokan_datum, antal_barn, grunder, skapad, andrad)
     SELECT $1, 1, $2, h.id, h.skyddad, 'fortur', 'bifall', '2026-09-01', $4, $5, '11 kap. 1 § SoL (2025:400)',
       d.id, d.delegationspunkt, 'karin.beslut', 'Beviljas.', 'forvaltningsbesvar', '2026-06-01', 0, '{hotEllerVald}', now(), now()
     FROM hushall h, delegation d WHERE h.id = $3 AND d.insats = 'fortur'`,
    [beslutId, arendeId, hushall.id, given.giltigFran ?? '2026-09-01', given.giltigTill ?? '2027-08-31'],
  )
  const [{ skyddad }] = (await owner.query('SELECT skyddad FROM hushall WHERE id = $1', [hushall.id])).rows
  return {
    arende: { id: arendeId, arendenummer, hushallId: hushall.id, skyddad, personId, medsokandeId },
    beslut: {
      id: beslutId,
      datum: '2026-09-01',
      giltigFran: given.giltigFran ?? '2026-09-01',
      giltigTill: given.giltigTill ?? '2027-08-31',
    },
    utredning: {
      grunder: ['hotEllerVald'],
      koRegistrerad: true,
      koFornyad: given.koFornyad === undefined ? '2026-05-01' : given.koFornyad,
    },
    villkor: given.villkor ?? {},
  }
}

/** Grants it as the case service does: in a transaction that holds the household. */
export const grantIn = (
  { db }: Harness,
  decided: Awaited<ReturnType<typeof decidedCase>>,
  who = caller(['beslutsfattare']),
): Promise<ForturRad> =>
  db.transaction(who, { atgard: 'besluta' }, async work => {
    await work.db.query('SELECT FROM hushall WHERE id = $1 FOR KEY SHARE', [decided.arende.hushallId])
    return grantFortur(work, decided)
  })

/** A granted förtur of a household of its own. */
export async function granted(harness: Harness, client: Client, given: Given = {}, who?: Caller): Promise<ForturRad> {
  const hushall = given.hushall ?? (await createHousehold(client))
  return grantIn(harness, await decidedCase(harness, hushall, given), who)
}

/** A landlord that receives förturer. */
export async function receivingLandlord(client: Client): Promise<{ id: string }> {
  const { id, etag } = await createLandlord(client)
  const { body } = await client.patch(`/hyresvardar/${id}`, { tarEmotForturer: true }, { ifMatch: etag })
  expect(body.tarEmotForturer).toBe(true)
  return body
}

/** A förtur with a landlord. */
export async function handedOver(
  harness: Harness,
  client: Client,
  hyresvardId: string,
  given: Given = {},
  body: object = {},
) {
  const { id } = await granted(harness, client, given)
  const answer = await client.post(`/forturer/${id}/overlamnande`, { hyresvardId, ...body }, { ifMatch: '*' })
  expect(answer.body).toMatchObject({ tillstand: 'hosHyresvard', hyresvardId })
  return answer.body
}

/** A home that suits everyone. */
export const bostad = {
  adress: 'Exempelgatan 3, 222 22 Lund',
  lagenhetsnummer: '1203',
  omrade: 'norraFaladen',
  rum: 2,
  hyraOre: 985000,
  tilltrade: '2026-12-01',
}
