import { startTestApp } from '../harness.ts'
import { activate, createLandlord, goodAnswer, openRound, reviewOf } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')

test('from granted to ended: agreement, review, answer, decision', async () => {
  const landlord = await createLandlord(handlaggare)
  await handlaggare.post(`/hyresvardar/${landlord.id}/kriterieuppsattningar`, {
    giltigFran: '2024-01-01',
    minManaderITid: 12,
    maxHyresskuldOre: 0,
    kravHemforsakring: true,
  })
  const garanti = await activate(handlaggare, { hyresvardId: landlord.id })
  expect(garanti).toMatchObject({
    tillstand: 'aktiv',
    maxBeloppOre: 4800000,
    bidragsberattigad: true,
    bidragStatus: 'attSoka',
    genomgang: null,
  })

  await openRound(harness)
  const flagged = await handlaggare.get(`/hyresgarantier/${garanti.id}`)
  expect(flagged.body.genomgang).toMatchObject({ period: '2026H2', tillstand: 'vantar', sedan: '2026-09-01' })

  const vard = harness.hyresvard(landlord.id)
  const waiting = await vard.get('/hyresvard/genomgangar')
  expect(waiting.body.genomgangar).toHaveLength(1)
  const answered = await vard.post('/hyresvard/genomgangssvar', {
    svar: [{ avtalsnummer: garanti.avtalsnummer, ...goodAnswer }],
  })
  expect(answered.body).toEqual({ resultat: [{ index: 0, utfall: 'mottaget' }] })

  const review = await reviewOf(handlaggare, garanti.id)
  expect(review).toMatchObject({ tillstand: 'besvarad', bedomning: { forslag: 'avsluta' } })
  const decided = await handlaggare.post(
    `/genomgangar/${review.id}/utfall`,
    { utfall: 'avsluta', motivering: 'Allt är uppfyllt.' },
    { ifMatch: review.etag },
  )
  expect(decided.body).toMatchObject({ tillstand: 'klar', utfall: 'avsluta' })

  const ended = await handlaggare.get(`/hyresgarantier/${garanti.id}`)
  expect(ended.body).toMatchObject({
    tillstand: 'avslutadKriterier',
    avslutsorsak: 'kriterierUppfyllda',
    avslutadDatum: '2026-09-15',
    genomgang: null,
  })
})

test('a claim, its payment and recourse', async () => {
  const garanti = await activate(handlaggare)
  const krav = await handlaggare.post(`/hyresgarantier/${garanti.id}/krav`, {
    hyresmanad: '2026-03',
    kravtBeloppOre: 800000,
  })
  expect(krav.status).toBe(201)
  const decided = await beslutsfattare.post(
    `/hyresgarantier/${garanti.id}/krav/${krav.body.id}/beslut`,
    {
      utfall: 'godkant',
      godkantBeloppOre: 700000,
      indrivningsbevisRef: 'KFM 1',
      motivering: 'Utmätning misslyckades.',
    },
    { ifMatch: krav.body.etag },
  )
  expect(decided.status).toBe(200)
  const paid = await handlaggare.post(
    `/hyresgarantier/${garanti.id}/krav/${krav.body.id}/utbetalning`,
    {},
    { ifMatch: decided.body.etag },
  )
  expect(paid.body).toMatchObject({ tillstand: 'utbetalt' })
  const { body } = await handlaggare.get(`/regressfordringar?hyresgarantiId=${garanti.id}`)
  expect(body.regressfordringar).toMatchObject([{ beloppOre: 700000, kvarOre: 700000, tillstand: 'oppnad' }])
  const stats = await handlaggare.get('/hyresgarantier/statistik?fran=2026-01-01&till=2026-12-31')
  expect(stats.status).toBe(200)
  const exp = await handlaggare.get('/hyresgarantier/exponering?datum=2026-09-15')
  expect(exp.body.exponeringOre).toBeGreaterThan(0)
  const hist = await handlaggare.get(`/hyresgarantier/${garanti.id}/historik`)
  expect(hist.body.historik.length).toBeGreaterThan(3)
})
