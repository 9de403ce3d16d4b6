import { startTestApp } from '../harness.ts'
import { activate, createLandlord, goodAnswer, reviewOf } from '../people.ts'

const harness = await startTestApp({ today: '2026-08-15' })
const handlaggare = harness.as('handlaggare')
const round = async (period: string) => (await handlaggare.get(`/genomgangsomgangar/${period}`)).body

test('a round is the guarantees that were active on its day, one review each, however often and late it is opened', async () => {
  const landlord = await createLandlord(handlaggare)
  const terms = { hyresvardId: landlord.id, giltigTill: '2027-02-28' }
  const active = await activate(handlaggare, terms)
  const later = await activate(handlaggare, { ...terms, giltigFran: '2026-08-10' })
  await handlaggare.post(
    `/hyresgarantier/${later.id}/avslut`,
    { avslutsorsak: 'overenskommelse', motivering: 'Såld.' },
    { ifMatch: later.etag },
  )
  harness.clock.day = '2026-09-20'
  const endedSince = await activate(handlaggare, { ...terms, giltigFran: '2026-06-01' })
  await handlaggare.post(
    `/hyresgarantier/${endedSince.id}/hyresavtalets-upphorande`,
    { datum: '2026-09-10', motivering: 'Flyttade.' },
    { ifMatch: endedSince.etag },
  )
  const begunAfter = await activate(handlaggare, { ...terms, giltigFran: '2026-09-02' })

  const opened = await harness.job('oppna-genomgangar', '2026-09-20')
  expect(opened).toEqual({ omgangar: ['2026H2'], genomgangar: 2 })
  expect(await harness.job('oppna-genomgangar', '2026-09-20')).toEqual({ omgangar: [], genomgangar: 0 })

  expect(await round('2026H2')).toMatchObject({
    oppnad: '2026-09-01',
    stanger: '2026-12-31',
    antal: 2,
    vantar: 1,
    klara: 1,
    besvarade: 0,
    forfallna: 0,
  })
  expect(await reviewOf(handlaggare, active.id)).toMatchObject({ tillstand: 'vantar', tillstandSedan: '2026-09-01' })
  expect(await reviewOf(handlaggare, endedSince.id)).toMatchObject({ tillstand: 'klar', utfall: 'utgick' })
  expect(await reviewOf(handlaggare, begunAfter.id)).toBeUndefined()
  expect(await reviewOf(handlaggare, later.id)).toBeUndefined()

  const registeredLate = await activate(handlaggare, { ...terms, giltigFran: '2026-05-01' })
  expect(await harness.job('oppna-genomgangar', '2026-09-21')).toEqual({ omgangar: [], genomgangar: 1 })
  expect(await reviewOf(handlaggare, registeredLate.id)).toMatchObject({ period: '2026H2', tillstand: 'vantar' })
})

test('landlords are reminded once after 14 days, what is not done at the end is overdue, and can still be done', async () => {
  expect(await harness.job('paminn-hyresvardar', '2026-09-14')).toEqual({ paminda: 0, hyresvardar: 0 })
  expect(await harness.job('paminn-hyresvardar', '2026-09-15')).toEqual({ paminda: 2, hyresvardar: 1 })
  expect(await harness.job('paminn-hyresvardar', '2026-09-16')).toEqual({ paminda: 0, hyresvardar: 0 })

  expect(await harness.job('flagga-forfallna-genomgangar', '2026-12-30')).toEqual({ forfallna: 0 })
  expect(await harness.job('flagga-forfallna-genomgangar', '2026-12-31')).toEqual({ forfallna: 2 })
  expect(await round('2026H2')).toMatchObject({ antal: 3, vantar: 0, klara: 1, forfallna: 2 })

  harness.clock.day = '2027-01-10'
  const { body } = await handlaggare.get('/hyresgarantier?genomgang=forfallen')
  expect(body.hyresgarantier).toHaveLength(2)
  const [garanti] = body.hyresgarantier
  expect(garanti.genomgang).toMatchObject({ tillstand: 'forfallen', sedan: '2026-12-31' })
  const svar = [{ genomgangId: garanti.genomgang.id, ...goodAnswer, rekommenderarAvslut: false }]
  expect(
    (await harness.hyresvard(garanti.hyresvardId).post('/hyresvard/genomgangssvar', { svar })).body.resultat[0].utfall,
  ).toBe('mottaget')
  const review = await reviewOf(handlaggare, garanti.id)
  expect(review).toMatchObject({ tillstand: 'forfallen', svar: { manaderITid: 14 } })
  const done = await handlaggare.post(
    `/genomgangar/${review.id}/utfall`,
    { utfall: 'fortsatt', motivering: 'Ett halvår till.' },
    { ifMatch: review.etag },
  )
  expect(done.body).toMatchObject({ tillstand: 'klar', utfall: 'fortsatt' })
  expect((await handlaggare.get(`/hyresgarantier/${garanti.id}`)).body).toMatchObject({
    tillstand: 'aktiv',
    genomgang: null,
  })
})

test('a round that was missed while the service was down opens with what was registered in time, and only that', async () => {
  harness.clock.day = '2027-05-15'
  const landlord = await createLandlord(handlaggare)
  const terms = {
    hyresvardId: landlord.id,
    beslutDatum: '2026-11-01',
    beviljadGiltigTill: '2029-12-31',
    giltigFran: '2026-12-01',
    giltigTill: '2028-11-30',
  }
  const inTime = await activate(handlaggare, terms)
  // The service was down from before 1 September 2027 and comes back in January, when the autumn's round has closed.
  harness.clock.day = '2028-01-10'
  const tooLate = await activate(handlaggare, terms)
  expect(await harness.job('oppna-genomgangar', '2028-01-10')).toEqual({
    omgangar: ['2027H1', '2027H2'],
    genomgangar: 2,
  })
  expect(await reviewOf(handlaggare, inTime.id)).toMatchObject({ period: '2027H2', tillstandSedan: '2027-09-01' })
  expect(await reviewOf(handlaggare, tooLate.id)).toBeUndefined()
  expect(await harness.job('oppna-genomgangar', '2028-03-01')).toEqual({ omgangar: ['2028H1'], genomgangar: 2 })
})

test('a person opens a round on its day or later, once', async () => {
  harness.clock.day = '2029-03-01'
  expect((await handlaggare.post('/genomgangsomgangar', { period: '2029H2' })).body).toMatchObject({
    status: 409,
    kod: 'omgangen-oppnar-senare',
  })
  const opened = await handlaggare.post('/genomgangsomgangar', { period: '2029H1' })
  expect(opened.status).toBe(201)
  expect(opened.body).toMatchObject({ period: '2029H1', antal: 0 })
  expect(opened.headers.location).toBe(`${harness.base}/v1/genomgangsomgangar/2029H1`)
  expect((await handlaggare.post('/genomgangsomgangar', { period: '2029H1' })).body).toMatchObject({
    status: 409,
    kod: 'finns-redan',
  })
})
