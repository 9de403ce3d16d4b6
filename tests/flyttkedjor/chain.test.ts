import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'
import { people } from '../stodlagenheter/placed.ts'
import { addLink, allSayYes, begun, give, housed, lease, objektnummer, ofThree, placed } from './chained.ts'

const harness = await startTestApp()
const { clock, owner } = harness
beforeEach(() => {
  clock.day = '2026-09-15'
})

type Chain = Awaited<ReturnType<typeof ofThree>>
const home = async (id: string) =>
  (await owner.query('SELECT tillstand FROM lagenhet WHERE id = $1', [id])).rows[0].tillstand
const stod = async (id: string) =>
  (
    await owner.query(
      'SELECT tillstand, lagenhet_id AS "lagenhetId", ko_datum AS "koDatum", utfall, tilltrade FROM stodlagenhet WHERE id = $1',
      [id],
    )
  ).rows[0]
const lettings = async (lagenhetId: string) =>
  (
    await owner.query(
      `SELECT slag, fran::text, till::text, upphavd IS NOT NULL AS upphavd FROM upplatelse WHERE lagenhet_id = $1 ORDER BY fran, skapad`,
      [lagenhetId],
    )
  ).rows
const asThereWas = async ({ first, second, third }: Chain) => ({
  homes: [await home(first.lagenhetId), await home(second.lagenhetId)],
  people: [await stod(first.id), await stod(second.id), await stod(third.id)],
  tenancies: (await Promise.all([lettings(first.lagenhetId), lettings(second.lagenhetId)])).map(rows =>
    rows.filter(({ upphavd }) => !upphavd),
  ),
  place: (await owner.query("SELECT ko_datum::text FROM stodlagenhet WHERE id = $1 AND tillstand = 'iKo'", [third.id]))
    .rows,
})

test('a chain of three: an own contract, and each home that is freed goes to the next', async () => {
  const { who, first, second, third, kedja, day } = await ofThree(harness)
  expect((await give(who.bo, kedja.id, 'klarmarkering')).body.kod).toBe('flyttkedjan-ar-inte-redo')
  await allSayYes(who, kedja)
  expect(ok(await give(who.bo, kedja.id, 'klarmarkering')).tillstand).toBe('klar')
  expect([await home(first.lagenhetId), await home(second.lagenhetId)]).toEqual(['uppsagd', 'uppsagd'])
  expect(await lettings(first.lagenhetId)).toMatchObject([
    { slag: 'boende', till: day(9) },
    { slag: 'reservation', fran: day(12), till: null },
  ])
  expect(await stod(third.id)).toMatchObject({ tillstand: 'tilldelad', lagenhetId: second.lagenhetId })

  const [one, two, three] = kedja.lankar
  clock.day = day(20)
  expect((await give(who.bo, kedja.id, `lankar/${two.id}/genomforande`, lease(day(12)))).body.kod).toBe(
    'inte-i-ordning',
  )
  // Later than planned: those after it wait.
  const begunMoving = ok(await give(who.bo, kedja.id, `lankar/${one.id}/genomforande`, { datum: day(13) }))
  expect(begunMoving).toMatchObject({
    tillstand: 'pagar',
    lankar: [{ tillstand: 'genomford' }, { flyttdag: day(13) }, { flyttdag: day(14) }],
  })
  expect(await stod(first.id)).toMatchObject({ tillstand: 'avslutad', utfall: 'egetKontrakt' })
  expect(await home(first.lagenhetId)).toBe('reserverad')
  ok(await give(who.bo, kedja.id, `lankar/${two.id}/genomforande`, lease(day(15))))
  expect(await stod(second.id)).toMatchObject({ tillstand: 'boende', lagenhetId: first.lagenhetId })
  expect([await home(first.lagenhetId), await home(second.lagenhetId)]).toEqual(['uthyrd', 'reserverad'])
  const done = ok(await give(who.bo, kedja.id, `lankar/${three.id}/genomforande`, lease(day(16))))
  expect(done).toMatchObject({ tillstand: 'genomford', avslutadDatum: clock.day })
  expect(await stod(third.id)).toMatchObject({ tillstand: 'boende', lagenhetId: second.lagenhetId })
  expect(await home(second.lagenhetId)).toBe('uthyrd')
  expect(await lettings(first.lagenhetId)).toMatchObject([
    { slag: 'boende', till: day(12) },
    { slag: 'boende', fran: day(15), till: null },
  ])
  const { historik } = ok(await who.bo.get(`/flyttkedjor/${kedja.id}/historik?limit=100`))
  expect(historik.map(({ atgard }: { atgard: string }) => atgard)).toEqual(
    expect.arrayContaining(['borja', 'laggTill', 'svara', 'klarmarkera', 'genomfor']),
  )
})

test('a no in the middle puts everything back: states, homes and the place in the queue', async () => {
  const chain = await ofThree(harness)
  const { who, kedja } = chain
  const before = await asThereWas(chain)
  expect(before.place).toHaveLength(1)
  await allSayYes(who, kedja)
  ok(await give(who.bo, kedja.id, 'klarmarkering'))
  expect(await asThereWas(chain)).not.toEqual(before)
  const no = { part: 'hushall', svar: 'nej', orsak: 'lage' }
  const broken = ok(await give(who.bo, kedja.id, `lankar/${kedja.lankar[1].id}/svar`, no))
  expect(broken).toMatchObject({ tillstand: 'bruten', avbrottsskal: 'nej' })
  expect(broken.lankar.map(({ tillstand }: { tillstand: string }) => tillstand)).toEqual(['fallen', 'fallen', 'fallen'])
  expect(await asThereWas(chain)).toEqual(before)
})

test('what is carried out stands when the rest falls, and its home is free for others', async () => {
  const { who, first, second, third, kedja, day } = await ofThree(harness)
  await allSayYes(who, kedja)
  ok(await give(who.bo, kedja.id, 'klarmarkering'))
  clock.day = day(10)
  ok(await give(who.bo, kedja.id, `lankar/${kedja.lankar[0].id}/genomforande`, { datum: day(10) }))
  const late = await give(who.bo, kedja.id, `lankar/${kedja.lankar[0].id}/svar`, {
    part: 'hushall',
    svar: 'nej',
    orsak: 'annat',
  })
  expect([late.status, late.body.kod]).toEqual([409, 'fel-tillstand'])
  const broken = ok(await give(who.bo, kedja.id, 'avbrott', { skal: 'beslutUpphort' }))
  expect(broken.lankar.map(({ tillstand }: { tillstand: string }) => tillstand)).toEqual([
    'genomford',
    'fallen',
    'fallen',
  ])
  expect((await stod(first.id)).tillstand).toBe('avslutad')
  expect(await stod(second.id)).toMatchObject({ tillstand: 'boende', lagenhetId: second.lagenhetId })
  expect(await stod(third.id)).toMatchObject({ tillstand: 'iKo', lagenhetId: null })
  expect([await home(first.lagenhetId), await home(second.lagenhetId)]).toEqual(['ledig', 'uthyrd'])
})

test('of those who ask for the same home, or the same household, at once one gets it and the others a clean no', async () => {
  const who = people(harness)
  const landlord = await createLandlord(who.maja)
  const nummer = objektnummer()
  const tenants = [await housed(who, harness), await housed(who, harness), await housed(who, harness)]
  const ask = async (stodlagenhetId: string, number: string) => {
    const { id } = await begun(who, landlord.id)
    return () => give(who.bo, id, 'lankar', { stodlagenhetId, objektnummer: number, flyttdag: '2026-10-01' })
  }
  const sameHome = await Promise.all(tenants.map(({ id }) => ask(id, nummer)))
  const answers = await Promise.all(sameHome.map(call => call()))
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  expect([...new Set(answers.filter(({ status }) => status === 409).map(({ body }) => body.kod))]).toEqual([
    'bostaden-ar-i-en-flyttkedja',
  ])
  const { id } = await housed(who, harness)
  const sameHousehold = await Promise.all([1, 2, 3].map(() => ask(id, objektnummer())))
  const again = await Promise.all(sameHousehold.map(call => call()))
  expect(again.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  expect(again.find(({ status }) => status === 409)?.body.kod).toBe('hushallet-ar-i-en-flyttkedja')
})

test('a home that is promised in a chain is nobody else’s, and its tenant cannot be given notice meanwhile', async () => {
  const { who, first, kedja } = await ofThree(harness)
  await allSayYes(who, kedja)
  ok(await give(who.bo, kedja.id, 'klarmarkering'))
  const other = await placed(who)
  const body = { lagenhetId: first.lagenhetId, skalForAvsteg: 'Bostaden behövs här.' }
  const taken = await who.bo.post(`/stodlagenheter/${other.id}/forslag`, body, { ifMatch: '*' })
  expect([taken.status, taken.body.kod]).toEqual([409, 'bostaden-ar-upptagen'])
  const notice = { grund: 'egenUppsagning', uppsagdTill: '2026-12-31' }
  expect((await who.bo.post(`/stodlagenheter/${first.id}/uppsagning`, notice, { ifMatch: '*' })).status).toBe(409)
})

test('links go on from each other: another home, another kind of help or an earlier day is refused, the last is taken away', async () => {
  const { who, first, second, third, kedja, day } = await ofThree(harness)
  const fourth = await placed(who)
  const ended = await give(who.bo, kedja.id, 'lankar', {
    stodlagenhetId: fourth.id,
    lagenhetId: second.lagenhetId,
    flyttdag: day(20),
  })
  expect(ended.body.kod).toBe('ingen-bostad-lamnas')
  expect((await give(who.bo, kedja.id, `lankar/${kedja.lankar[0].id}/borttagande`)).body.kod).toBe(
    'lanken-ar-inte-sist',
  )
  const shorter = ok(await give(who.bo, kedja.id, `lankar/${kedja.lankar[2].id}/borttagande`))
  expect(shorter.lankar).toHaveLength(2)
  const wrong = await give(who.bo, kedja.id, 'lankar', {
    stodlagenhetId: third.id,
    lagenhetId: first.lagenhetId,
    flyttdag: day(11),
  })
  expect(wrong.status).toBe(422)
  expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/lagenhetId', '/flyttdag'])
  // Taken away, it is in no chain: it can come back.
  await addLink(who, shorter, { stodlagenhetId: third.id, lagenhetId: second.lagenhetId, flyttdag: day(14) })
})

test('who plans Bostad Först does not see the chains of stödlägenheter, and who only reads changes none', async () => {
  const { kedja } = await ofThree(harness)
  const team = harness.as('bostadForstTeam')
  expect((await team.get(`/flyttkedjor/${kedja.id}`)).status).toBe(404)
  expect((await give(team, kedja.id, 'avbrott', { skal: 'annat' })).status).toBe(404)
  expect(ok(await team.get('/flyttkedjor')).flyttkedjor).toEqual([])
  expect(ok(await harness.as('beslutsfattare').get(`/flyttkedjor/${kedja.id}`)).lankar).toHaveLength(3)
})
