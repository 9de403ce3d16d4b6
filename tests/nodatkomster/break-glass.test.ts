import { startTestApp } from '../harness.ts'
import { activate, createHousehold } from '../people.ts'

const harness = await startTestApp()
const maja = harness.as('handlaggare', undefined, 'maja.handlaggare')
const other = harness.as('handlaggare', undefined, 'olle.handlaggare')
const skyddsgrupp = harness.as(['handlaggare', 'skyddsgrupp'], undefined, 'siv.skydd')

async function protectedHousehold() {
  const hushall = await createHousehold(maja)
  const garanti = await activate(maja, { hushallId: hushall.id })
  const { headers } = await maja.get(`/hushall/${hushall.id}`)
  const path = `/hushall/${hushall.id}/personer/${hushall.personer[0].id}`
  await maja.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: headers.etag as string })
  return { hushall: hushall.id as string, garanti: garanti.id as string, avtalsnummer: garanti.avtalsnummer as string }
}
const [needed, another] = [await protectedHousehold(), await protectedHousehold()]
const status = async (client: typeof maja, path: string) => (await client.get(path)).status

test('a caseworker with a reason sees the one household for thirty minutes, and nobody else does', async () => {
  expect(await status(maja, `/hushall/${needed.hushall}`)).toBe(404)
  const broken = await maja.post('/nodatkomster', { avtalsnummer: needed.avtalsnummer, skal: 'Vattenskada i natt.' })
  expect(broken.status).toBe(201)
  expect(broken.body).toMatchObject({
    sub: 'maja.handlaggare',
    hushallId: needed.hushall,
    fran: '2026-09-15T10:00:00.000Z',
    till: '2026-09-15T10:30:00.000Z',
    sedd: null,
  })
  expect(await status(maja, `/hushall/${needed.hushall}`)).toBe(200)
  const garanti = await maja.get(`/hyresgarantier/${needed.garanti}`)
  expect(garanti.status).toBe(200)
  expect((await maja.get('/hyresgarantier')).body._meta.totalRecords).toBe(1)
  expect(await status(maja, `/hushall/${another.hushall}`)).toBe(404)
  expect(await status(other, `/hushall/${needed.hushall}`)).toBe(404)
  expect(await status(harness.as([], 'serviceforvaltningen', 'maja.handlaggare'), `/hushall/${needed.hushall}`)).toBe(
    403,
  )

  const changed = await maja.patch(
    `/hyresgarantier/${needed.garanti}`,
    { diarienummer: 'SN 1' },
    { ifMatch: garanti.headers.etag as string },
  )
  expect(changed.status).toBe(200)
})

test('it is in the read log, waits for skyddsgrupp, and is marked when they have looked', async () => {
  const log = await harness
    .as(['loggranskare', 'skyddsgrupp'])
    .get(`/atkomstlogg?hushallId=${needed.hushall}&sub=maja.handlaggare&limit=100`)
  expect(log.body.atkomster.map(({ vag }: { vag: string }) => vag)).toEqual(
    expect.arrayContaining(['/v1/nodatkomster', '/v1/hushall/:id']),
  )
  expect((await maja.get('/nodatkomster')).status).toBe(403)
  const waiting = await skyddsgrupp.get('/nodatkomster?osedda=true')
  expect(waiting.body.nodatkomster).toMatchObject([{ sub: 'maja.handlaggare', skal: 'Vattenskada i natt.' }])
  const seen = await skyddsgrupp.post(`/nodatkomster/${waiting.body.nodatkomster[0].id}/kvittens`)
  expect(seen.body).toMatchObject({ seddAv: 'siv.skydd' })
  expect((await skyddsgrupp.get('/nodatkomster?osedda=true')).body.nodatkomster).toEqual([])
})

test('it ends by itself, also for what was open', async () => {
  const noon = harness.clock.now
  harness.clock.now = () => Temporal.Instant.from('2026-09-15T10:30:00Z')
  expect(await status(maja, `/hushall/${needed.hushall}`)).toBe(404)
  harness.clock.now = noon
})

test('it needs a reason, a household that exists, and one that is not seen already', async () => {
  const open = await createHousehold(maja)
  const kod = async (body: object) => (await maja.post('/nodatkomster', body)).body.kod
  expect(await kod({ hushallId: another.hushall })).toBe('ogiltiga-uppgifter')
  expect(await kod({ skal: 'Akut.' })).toBe('uppgifter-hanger-inte-ihop')
  expect(await kod({ hushallId: another.hushall, avtalsnummer: another.avtalsnummer, skal: 'Akut.' })).toBe(
    'uppgifter-hanger-inte-ihop',
  )
  expect(await kod({ hushallId: '00000000-0000-7000-8000-000000000000', skal: 'Akut.' })).toBe('finns-inte')
  expect(await kod({ hushallId: open.id, skal: 'Akut.' })).toBe('nodatkomst-behovs-inte')
  expect(
    (await harness.as('beslutsfattare').post('/nodatkomster', { hushallId: another.hushall, skal: 'Akut.' })).status,
  ).toBe(403)
})
