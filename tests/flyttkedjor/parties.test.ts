import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'
import { allSayYes, give, ofThree } from './chained.ts'

const harness = await startTestApp()
const { owner } = harness
const pool = harness.as([], 'serviceforvaltningen')

type Chain = Awaited<ReturnType<typeof ofThree>>
/** Everything that names the others in a chain, and why there is one. */
const ofOthers = async ({ first, second, third, kedja }: Chain) => {
  const { rows } = await owner.query('SELECT id, objektnummer FROM lagenhet WHERE id = ANY ($1)', [
    [first.lagenhetId, second.lagenhetId],
  ])
  return [
    kedja.id,
    ...kedja.lankar.slice(1).map(({ id }) => id),
    ...[first, second, third].flatMap(({ id, hushallId }) => [id, hushallId]),
    ...rows.flatMap(({ id, objektnummer }) => [id, objektnummer]),
  ]
}
const disclosures = async (kedjaId: string) =>
  (
    await owner.query(
      'SELECT part, part_id AS "partId", hushall_id AS "hushallId", falt FROM utlamnande WHERE flyttkedja_id = $1 ORDER BY part, cardinality(falt) DESC, id',
      [kedjaId],
    )
  ).rows

test('a landlord sees its own link and nothing of the others, and the name first when the whole chain is ready', async () => {
  const chain = await ofThree(harness)
  const { who, landlord, first, kedja } = chain
  const lkf = harness.hyresvard(landlord.id)
  const others = await ofOthers(chain)
  const seen = await lkf.get('/hyresvard/flyttkedjor')
  expect(ok(seen).lankar).toMatchObject([
    {
      id: kedja.lankar[0].id,
      flyttkedjenummer: kedja.flyttkedjenummer,
      kedjansTillstand: 'planerad',
      vantarPaErtSvar: true,
      hyresgast: null,
      antalPersoner: 1,
    },
  ])
  const tells = (text: string) => others.filter(one => text.includes(one))
  expect(tells(seen.text)).toEqual([])
  expect(seen.text).not.toMatch(/Maja|Lind|stodlagenhet|bostadForst/i)

  await allSayYes(who, kedja)
  expect(ok(await lkf.get('/hyresvard/flyttkedjor')).lankar).toMatchObject([{ tillstand: 'klar', hyresgast: null }])
  ok(await give(who.bo, kedja.id, 'klarmarkering'))
  const ready = await lkf.get(`/hyresvard/flyttkedjor/lankar/${kedja.lankar[0].id}`)
  expect(ok(ready)).toMatchObject({ kedjansTillstand: 'klar', vantarPaErtSvar: false, hyresgast: 'Maja Lind' })
  expect(tells(ready.text)).toEqual([])
  expect((await disclosures(kedja.id)).filter(({ part }) => part === 'hyresvard')).toMatchObject([
    { partId: landlord.id, hushallId: first.hushallId, falt: ['flyttkedjenummer', 'antalPersoner', 'flyttdag'] },
    { partId: landlord.id, hushallId: first.hushallId, falt: ['fornamn', 'efternamn'] },
  ])

  const another = harness.hyresvard((await createLandlord(who.maja)).id)
  expect(ok(await another.get('/hyresvard/flyttkedjor')).lankar).toEqual([])
  expect((await another.get(`/hyresvard/flyttkedjor/lankar/${kedja.lankar[0].id}`)).status).toBe(404)
  // Not its own, though in its chain.
  expect((await lkf.get(`/hyresvard/flyttkedjor/lankar/${kedja.lankar[1].id}`)).status).toBe(404)
  expect(
    (await lkf.post(`/hyresvard/flyttkedjor/lankar/${kedja.lankar[1].id}/svar`, { svar: 'ja' }, { ifMatch: '*' }))
      .status,
  ).toBe(404)
})

test('a landlord’s no breaks the chain also when it is ready, and says so to nobody but through the chain', async () => {
  const { who, landlord, third, kedja } = await ofThree(harness)
  const lkf = harness.hyresvard(landlord.id)
  await allSayYes(who, kedja)
  ok(await give(who.bo, kedja.id, 'klarmarkering'))
  const path = `/hyresvard/flyttkedjor/lankar/${kedja.lankar[0].id}`
  const { etag } = ok(await lkf.get(path))
  expect((await lkf.post(`${path}/svar`, { svar: 'nej' }, { ifMatch: etag })).status).toBe(422)
  expect((await lkf.post(`${path}/svar`, { svar: 'nej', orsak: 'referens' }, { ifMatch: '"1"' })).status).toBe(412)
  const no = ok(await lkf.post(`${path}/svar`, { svar: 'nej', orsak: 'referens' }, { ifMatch: etag }))
  expect(no).toMatchObject({ kedjansTillstand: 'bruten', tillstand: 'fallen', ertSvar: 'nej' })
  expect(ok(await who.bo.get(`/stodlagenheter/${third.id}`))).toMatchObject({ tillstand: 'iKo', lagenhetId: null })
  expect((await lkf.get(path)).status).toBe(404)
})

test('serviceförvaltningen sees the homes of the pool in its links, and never the landlord’s', async () => {
  const { first, second, landlord, kedja } = await ofThree(harness)
  const seen = await pool.get(`/serviceforvaltningen/flyttkedjor/lankar/${kedja.lankar[0].id}`)
  expect(ok(seen)).toMatchObject({ franLagenhetId: first.lagenhetId, tillLagenhetId: null, tillObjektnummer: null })
  for (const hidden of [landlord.id, second.lagenhetId, kedja.id, first.hushallId, first.id, 'LKF-'])
    expect(seen.text).not.toContain(hidden)
  const path = `/serviceforvaltningen/flyttkedjor/lankar/${kedja.lankar[1].id}`
  const { etag } = ok(await pool.get(path))
  const yes = ok(await pool.post(`${path}/svar`, { svar: 'ja' }, { ifMatch: etag }))
  expect(yes).toMatchObject({ ertSvar: 'ja', vantarPaErtSvar: false, tillstand: 'planerad' })
})

test('a withdrawn disclosure takes the link from the party at once', async () => {
  const { who, landlord, kedja } = await ofThree(harness)
  const lkf = harness.hyresvard(landlord.id)
  const { utlamnanden } = ok(await who.maja.get(`/utlamnanden?flyttkedjaId=${kedja.id}&part=hyresvard`))
  const { id, etag } = utlamnanden[0]
  ok(await who.maja.post(`/utlamnanden/${id}/aterkallande`, { skal: 'Behövs inte.' }, { ifMatch: etag }))
  expect(ok(await lkf.get('/hyresvard/flyttkedjor')).lankar).toEqual([])
})

test('a chain with a protected household is there for nobody without clearance, party or not, and nothing of it is disclosed', async () => {
  const chain = await ofThree(harness, { skydd: true })
  const { who, landlord, third, kedja } = chain
  const lkf = harness.hyresvard(landlord.id)
  for (const [client, path] of [
    [lkf, `/hyresvard/flyttkedjor/lankar/${kedja.lankar[0].id}`],
    [pool, `/serviceforvaltningen/flyttkedjor/lankar/${kedja.lankar[2].id}`],
    [pool, `/serviceforvaltningen/flyttkedjor/lankar/${kedja.lankar[1].id}`],
    [harness.as('boendeenhet'), `/flyttkedjor/${kedja.id}`],
  ] as const)
    expect([path, (await client.get(path)).status]).toEqual([path, 404])
  expect(ok(await lkf.get('/hyresvard/flyttkedjor')).lankar).toEqual([])
  expect(
    ok(await harness.as('boendeenhet').get('/flyttkedjor?limit=100')).flyttkedjor.map(({ id }: { id: string }) => id),
  ).not.toContain(kedja.id)
  expect((await disclosures(kedja.id)).map(({ hushallId }) => hushallId)).not.toContain(third.hushallId)

  await allSayYes(who, kedja)
  expect(ok(await give(who.bo, kedja.id, 'klarmarkering')).tillstand).toBe('klar')
  expect((await disclosures(kedja.id)).filter(({ falt }) => falt.includes('fornamn'))).toEqual([])
  expect(ok(await give(who.bo, kedja.id, 'avbrott', { skal: 'annat' })).tillstand).toBe('bruten')
  expect((await owner.query('SELECT tillstand FROM stodlagenhet WHERE id = $1', [third.id])).rows).toEqual([
    { tillstand: 'iKo' },
  ])
})

test('protection that is raised while a chain is planned hides the chain and its other links', async () => {
  const { who, landlord, second, kedja } = await ofThree(harness)
  const lkf = harness.hyresvard(landlord.id)
  expect(ok(await lkf.get('/hyresvard/flyttkedjor')).lankar).toHaveLength(1)
  await owner.query('UPDATE hushall SET skyddad = true, version = version + 1 WHERE id = $1', [second.hushallId])
  expect(ok(await lkf.get('/hyresvard/flyttkedjor')).lankar).toEqual([])
  expect((await who.bo.get(`/flyttkedjor/${kedja.id}`)).status).toBe(404)
  expect(ok(await harness.as(['boendeenhet', 'skyddsgrupp']).get(`/flyttkedjor/${kedja.id}`)).lankar).toHaveLength(3)
})
