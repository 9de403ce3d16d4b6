import { startTestApp } from '../harness.ts'
import { activate, createHousehold, createLandlord, goodAnswer, grant, openRound, reviewOf } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const landlord = await createLandlord(handlaggare)
const vard = harness.hyresvard(landlord.id)
const utlamnanden = async (query: string) => (await handlaggare.get(`/utlamnanden?${query}`)).body.utlamnanden

test('signing an agreement discloses the guarantee to its landlord, in the same transaction and once', async () => {
  const granted = await grant(handlaggare, { hyresvardId: landlord.id })
  expect(await utlamnanden(`hyresgarantiId=${granted.id}`)).toEqual([])
  const refused = await handlaggare.post(
    `/hyresgarantier/${granted.id}/avtal`,
    { avtalTecknatDatum: '2027-01-01' },
    { ifMatch: granted.etag },
  )
  expect(refused.status).toBe(422)
  expect(await utlamnanden(`hyresgarantiId=${granted.id}`)).toEqual([])
  await handlaggare.post(
    `/hyresgarantier/${granted.id}/avtal`,
    { avtalTecknatDatum: '2025-03-01' },
    { ifMatch: granted.etag },
  )
  await openRound(harness)
  expect(await utlamnanden(`hyresgarantiId=${granted.id}`)).toMatchObject([
    {
      part: 'hyresvard',
      partId: landlord.id,
      grund: 'nodvandigt',
      beslutadAv: 'test.handlaggare',
      aterkallat: null,
      falt: expect.arrayContaining(['adress']),
    },
  ])
})

test('when the disclosure is withdrawn the landlord’s view is gone, by list, file, answer and proposal, and stays so', async () => {
  const garanti = await activate(handlaggare, { hyresvardId: landlord.id })
  await openRound(harness)
  const seen = async () => {
    const list = (await vard.get('/hyresvard/genomgangar?limit=100')).text
    const sheet = (await vard.get('/hyresvard/genomgangar', { accept: 'text/csv' })).text
    return [list, sheet].map(text => text.includes(garanti.avtalsnummer))
  }
  expect(await seen()).toEqual([true, true])
  const [utlamnande] = await utlamnanden(`hyresgarantiId=${garanti.id}`)
  const withdrawn = await handlaggare.post(
    `/utlamnanden/${utlamnande.id}/aterkallande`,
    { skal: 'Samtycket drogs tillbaka.' },
    { ifMatch: utlamnande.etag },
  )
  expect(withdrawn.body).toMatchObject({
    aterkallatAv: 'test.handlaggare',
    aterkallatSkal: 'Samtycket drogs tillbaka.',
  })
  expect(await seen()).toEqual([false, false])
  const review = await reviewOf(handlaggare, garanti.id)
  const answers = await vard.post('/hyresvard/genomgangssvar', {
    svar: [
      { avtalsnummer: garanti.avtalsnummer, ...goodAnswer },
      { genomgangId: review.id, ...goodAnswer },
    ],
  })
  expect(answers.body.resultat.map(({ kod }: { kod: string }) => kod)).toEqual(['okand-genomgang', 'okand-genomgang'])
  await openRound(harness)
  expect(await seen()).toEqual([false, false])
  const again = await handlaggare.post(
    `/utlamnanden/${utlamnande.id}/aterkallande`,
    { skal: 'Igen.' },
    { ifMatch: withdrawn.headers.etag as string },
  )
  expect(again.body).toMatchObject({ status: 409, kod: 'redan-aterkallat' })

  const fresh = await handlaggare.get(`/hyresgarantier/${garanti.id}`)
  await handlaggare.post(
    `/hyresgarantier/${garanti.id}/avslutsforslag`,
    { motivering: 'Uppfyllt.' },
    { ifMatch: fresh.headers.etag as string },
  )
  const proposed = await handlaggare.get(`/hyresgarantier/${garanti.id}`)
  expect((await vard.get('/hyresvard/avslutsforslag')).text).not.toContain(garanti.id)
  const answer = await vard.post(
    `/hyresvard/avslutsforslag/${garanti.id}/svar`,
    { svar: 'godkant' },
    { ifMatch: proposed.headers.etag as string },
  )
  expect(answer.status).toBe(404)
})

test('a protected household is disclosed to nobody by itself; one with clearance hands over by hand, with a reason', async () => {
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const hushall = await createHousehold(handlaggare)
  const { headers } = await handlaggare.get(`/hushall/${hushall.id}`)
  const [person] = hushall.personer
  await handlaggare.patch(
    `/hushall/${hushall.id}/personer/${person.id}`,
    { skyddsniva: 'sekretessmarkering' },
    { ifMatch: headers.etag as string },
  )
  const garanti = await activate(cleared, { hushallId: hushall.id, hyresvardId: landlord.id })
  await openRound(harness)
  expect((await cleared.get(`/utlamnanden?hyresgarantiId=${garanti.id}`)).body.utlamnanden).toEqual([])
  const byHand = {
    part: 'hyresvard',
    partId: landlord.id,
    hushallId: hushall.id,
    falt: ['adress'],
    grund: 'menprovning',
    skal: 'Måste veta.',
  }
  expect((await handlaggare.post('/utlamnanden', byHand)).body).toMatchObject({
    status: 422,
    errors: [{ pointer: '/hushallId', kod: 'finns-inte' }],
  })
  expect((await cleared.post('/utlamnanden', byHand)).status).toBe(201)
  expect(await utlamnanden(`hushallId=${hushall.id}`)).toEqual([])
  expect((await vard.get('/hyresvard/genomgangar?limit=100')).text).not.toContain(garanti.avtalsnummer)
})

test('with skyddad folkbokföring no address is kept, and what was known is dropped', async () => {
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const garanti = await activate(handlaggare, {
    hyresvardId: landlord.id,
    adress: 'Gamla gatan 1',
    lagenhetsnummer: '1001',
  })
  const hushall = await handlaggare.get(`/hushall/${garanti.hushallId}`)
  const [person] = hushall.body.personer
  const path = `/hushall/${garanti.hushallId}/personer/${person.id}`
  const raised = await handlaggare.patch(
    path,
    { skyddsniva: 'skyddadFolkbokforing' },
    { ifMatch: hushall.headers.etag as string },
  )
  expect(raised.status).toBe(200)
  expect((await handlaggare.get(`/hushall/${garanti.hushallId}`)).status).toBe(404)
  const now = await cleared.get(`/hyresgarantier/${garanti.id}`)
  expect(now.body).toMatchObject({ adress: null, lagenhetsnummer: null })
  const refused = await cleared.patch(
    `/hyresgarantier/${garanti.id}`,
    { adress: 'Nya gatan 2' },
    { ifMatch: now.headers.etag as string },
  )
  expect(refused.body).toMatchObject({ status: 422, errors: [{ pointer: '/adress', kod: 'adress-far-inte-lagras' }] })
  await harness.owner.query('UPDATE hyresgaranti SET adress = $2 WHERE id = $1', [garanti.id, 'Bakvägen 3'])
  expect((await cleared.get(`/hyresgarantier/${garanti.id}`)).body.adress).toBeNull()
})
