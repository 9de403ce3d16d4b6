import { startTestApp } from '../harness.ts'
import { activate, createHousehold, createLandlord, goodAnswer, openRound, reviewOf } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const landlord = await createLandlord(handlaggare)
const vard = harness.hyresvard(landlord.id)
const other = await createLandlord(handlaggare, 'Andra Hus AB')
const [first, second, foreign] = [
  await activate(handlaggare, { hyresvardId: landlord.id }),
  await activate(handlaggare, { hyresvardId: landlord.id }),
  await activate(handlaggare, { hyresvardId: other.id }),
]
await openRound(harness)
const utfall = ({ body }: { body: { resultat: { utfall: string; kod?: string }[] } }) =>
  body.resultat.map(r => r.kod ?? r.utfall)

test('each answer is taken or refused on its own, and the same answer again changes nothing', async () => {
  const review = await reviewOf(handlaggare, second.id)
  const svar = [
    { avtalsnummer: first.avtalsnummer, ...goodAnswer },
    { genomgangId: review.id, ...goodAnswer, hemforsakring: null, kommentar: 'Skötsam' },
    { avtalsnummer: foreign.avtalsnummer, ...goodAnswer },
    { avtalsnummer: 'HG-0000-00000', ...goodAnswer },
    { avtalsnummer: first.avtalsnummer, ...goodAnswer },
    { avtalsnummer: second.avtalsnummer, ...goodAnswer, manaderITid: -1 },
    { avtalsnummer: second.avtalsnummer, ...goodAnswer, okant: 1 },
    'nonsens',
    { genomgangId: review.id, ...goodAnswer, avtalsnummer: first.avtalsnummer },
  ]
  expect(utfall(await vard.post('/hyresvard/genomgangssvar', { svar }))).toEqual([
    'mottaget',
    'mottaget',
    'okand-genomgang',
    'okand-genomgang',
    'samma-genomgang-tva-ganger',
    'utanfor-granserna',
    'okant-falt',
    'fel-typ',
    'numret-hor-till-en-annan',
  ])
  expect(utfall(await vard.post('/hyresvard/genomgangssvar', { svar: svar.slice(0, 2) }))).toEqual([
    'oforandrat',
    'oforandrat',
  ])
  const before = await reviewOf(handlaggare, first.id)
  await vard.post('/hyresvard/genomgangssvar', { svar: [{ ...(svar[0] as object), storningar: 1 }] })
  const after = await reviewOf(handlaggare, first.id)
  expect(after).toMatchObject({ svar: { storningar: 1 }, tillstandSedan: before.tillstandSedan })
  expect(after.etag).not.toBe(before.etag)
  expect((await reviewOf(handlaggare, foreign.id)).svar).toBeNull()
})

test('the landlord gets a sheet, fills it in with Excel’s habits and sends it back', async () => {
  const sheet = await vard.get('/hyresvard/genomgangar', { accept: 'text/csv' })
  expect(sheet.headers['content-type']).toContain('text/csv')
  const [heading, ...rows] = sheet.text.replace('\ufeff', '').trim().split('\r\n')
  expect(heading).toBe(
    'genomgang_id;avtalsnummer;period;adress;lagenhetsnummer;svaras_senast;manader_i_tid;forsenade_betalningar;storningar;hyresskuld;rekommenderar_avslut;hemforsakring;kommentar',
  )
  expect(rows).toHaveLength(2)
  expect(sheet.text).not.toMatch(/Lind|Maja|19\d{10}/)
  const review = await reviewOf(handlaggare, second.id)
  const filled = [
    'AVTALSNUMMER;manader_i_tid;forsenade_betalningar;storningar;hyresskuld;rekommenderar_avslut;hemforsakring;kommentar',
    `${first.avtalsnummer};13;0;0;1 250,50;nej;ja;"Två rader\nhär"`,
    `${second.avtalsnummer};;;;;;;`,
    `${second.avtalsnummer};x;0;0;0;ja;;`,
  ].join('\r\n')
  const sent = await vard.post('/hyresvard/genomgangssvar', Buffer.from(filled, 'latin1').toString('latin1'), {
    type: 'text/csv',
  })
  expect(utfall(sent)).toEqual(['mottaget', 'saknas', 'fel-typ'])
  expect((await reviewOf(handlaggare, first.id)).svar).toMatchObject({
    manaderITid: 13,
    hyresskuldOre: 125050,
    rekommenderarAvslut: false,
  })
  expect(await reviewOf(handlaggare, second.id)).toEqual(review)
})

test('5 000 answers in one call are taken in two seconds, and 5 001 are refused', async () => {
  const svar = Array.from({ length: 4999 }, (_, n) => ({ avtalsnummer: `HG-1999-${n}`, ...goodAnswer }))
  const started = performance.now()
  const { body, status } = await vard.post('/hyresvard/genomgangssvar', {
    svar: [...svar, { avtalsnummer: first.avtalsnummer, ...goodAnswer }],
  })
  expect(status).toBe(200)
  expect(performance.now() - started).toBeLessThan(2000)
  expect(body.resultat).toHaveLength(5000)
  expect(body.resultat[4999]).toEqual({ index: 4999, utfall: 'mottaget' })
  const tooMany = await vard.post('/hyresvard/genomgangssvar', { svar: [...svar, ...svar.slice(0, 2)] })
  expect(tooMany.body).toMatchObject({ status: 400, kod: 'ogiltiga-uppgifter' })
})

test('many reviews are decided in one call, each on its own, and a dry run does nothing', async () => {
  const [a, b] = [await reviewOf(handlaggare, first.id), await reviewOf(handlaggare, second.id)]
  const utfallen = [
    { genomgangId: a.id, utfall: 'avsluta', motivering: 'Allt är uppfyllt.', etag: a.etag },
    { genomgangId: a.id, utfall: 'fortsatt', motivering: 'En gång till.' },
    { genomgangId: b.id, utfall: 'fortsatt', motivering: 'Ett halvår till.', etag: '"99"' },
    { genomgangId: '00000000-0000-7000-8000-000000000000', utfall: 'fortsatt', motivering: 'Finns inte.' },
  ]
  const dry = await handlaggare.post('/genomgangar/utfall?dryRun=true', { utfall: utfallen })
  expect(
    dry.body.resultat.map((r: { kod?: string; garantinsTillstand?: string }) => r.kod ?? r.garantinsTillstand),
  ).toEqual(['avslutadKriterier', 'fel-tillstand', 'andrad-av-nagon-annan', 'finns-inte'])
  expect(await reviewOf(handlaggare, first.id)).toEqual(a)
  const real = await handlaggare.post('/genomgangar/utfall', { utfall: utfallen })
  expect(real.body).toEqual({ ...dry.body, dryRun: false })
  const { rows } = await harness.owner.query('SELECT hushall_ids FROM atkomstlogg WHERE spar = $1', [
    String(real.headers.traceparent).split('-')[1],
  ])
  expect(rows).toEqual([{ hushall_ids: [first.hushallId] }])
  expect((await handlaggare.get(`/hyresgarantier/${first.id}`)).body).toMatchObject({
    tillstand: 'avslutadKriterier',
    vardensSvar: 'godkant',
  })
  const done = await reviewOf(handlaggare, first.id)
  expect(done).toMatchObject({ tillstand: 'klar', bedomning: { forslag: 'avsluta' } })
  expect(
    utfall(await vard.post('/hyresvard/genomgangssvar', { svar: [{ genomgangId: a.id, ...goodAnswer }] })),
  ).toEqual(['fel-tillstand'])
})

test('a decision to end without the landlord’s consent asks the landlord, who can say no', async () => {
  const answer = { avtalsnummer: second.avtalsnummer, ...goodAnswer, rekommenderarAvslut: false }
  await handlaggare.post(`/hyresvardar/${landlord.id}/kriterieuppsattningar`, {
    giltigFran: '2024-01-01',
    minManaderITid: 12,
  })
  await vard.post('/hyresvard/genomgangssvar', { svar: [answer] })
  const review = await reviewOf(handlaggare, second.id)
  const decided = await handlaggare.post(
    `/genomgangar/${review.id}/utfall`,
    { utfall: 'avsluta', motivering: 'Uppfyllt.' },
    { ifMatch: review.etag },
  )
  expect(decided.status).toBe(200)
  const proposals = await vard.get('/hyresvard/avslutsforslag')
  expect(proposals.body.avslutsforslag).toMatchObject([{ id: second.id, avtalsnummer: second.avtalsnummer }])
  const [{ id, etag }] = proposals.body.avslutsforslag
  const withoutReason = await vard.post(`/hyresvard/avslutsforslag/${id}/svar`, { svar: 'avvisat' }, { ifMatch: etag })
  expect(withoutReason.body).toMatchObject({ status: 422, errors: [{ pointer: '/orsak' }] })
  const no = await vard.post(
    `/hyresvard/avslutsforslag/${id}/svar`,
    { svar: 'avvisat', orsak: 'Nyligen störning.' },
    { ifMatch: etag },
  )
  expect(no.body).toMatchObject({ tillstand: 'aktiv', vardensSvar: 'avvisat' })
  expect((await handlaggare.get(`/hyresgarantier/${id}`)).body).toMatchObject({
    tillstand: 'aktiv',
    vardensSvarOrsak: 'Nyligen störning.',
  })
})

test('a review is not ended on criteria that are not met or not known', async () => {
  const strict = await createLandlord(handlaggare, 'Stränga Hus AB')
  await handlaggare.post(`/hyresvardar/${strict.id}/kriterieuppsattningar`, {
    giltigFran: '2024-01-01',
    kravHemforsakring: true,
  })
  const garanti = await activate(handlaggare, { hyresvardId: strict.id })
  await openRound(harness)
  const end = async () => {
    const review = await reviewOf(handlaggare, garanti.id)
    return handlaggare.post(
      `/genomgangar/${review.id}/utfall`,
      { utfall: 'avsluta', motivering: 'Nu.' },
      { ifMatch: review.etag },
    )
  }
  expect((await end()).body).toMatchObject({
    status: 409,
    kod: 'kriterierna-ar-inte-uppfyllda',
    detail: expect.stringContaining('inte svarat'),
  })
  const svar = [{ avtalsnummer: garanti.avtalsnummer, ...goodAnswer, hemforsakring: null }]
  await harness.hyresvard(strict.id).post('/hyresvard/genomgangssvar', { svar })
  expect((await end()).body).toMatchObject({ status: 409, detail: expect.stringContaining('kravHemforsakring') })
  expect((await handlaggare.get(`/hyresgarantier/${garanti.id}`)).body.tillstand).toBe('aktiv')
})

test('the criteria of the day the agreement was signed hold, also when the landlord has changed them', async () => {
  const changing = await createLandlord(handlaggare, 'Nya Hus AB')
  const criteria = `/hyresvardar/${changing.id}/kriterieuppsattningar`
  await handlaggare.post(criteria, { giltigFran: '2024-01-01', minManaderITid: 6 })
  const garanti = await activate(handlaggare, { hyresvardId: changing.id })
  await handlaggare.post(criteria, { giltigFran: '2026-01-01', minManaderITid: 24 })
  await openRound(harness)
  await harness
    .hyresvard(changing.id)
    .post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer: garanti.avtalsnummer, ...goodAnswer }] })
  expect((await reviewOf(handlaggare, garanti.id)).bedomning.kriterier).toEqual([
    { kod: 'minManaderITid', krav: 6, varde: 14, utfall: 'uppfyllt' },
  ])
  const { body } = await handlaggare.get(criteria)
  expect(body.kriterieuppsattningar.map((k: { nummer: number }) => k.nummer)).toEqual([2, 1])
})

test('the calendar has the open reviews’ last days, numbers and no names', async () => {
  const { text, headers } = await handlaggare.get('/genomgangar.ics')
  expect(headers['content-type']).toContain('text/calendar')
  expect(text).toContain('BEGIN:VCALENDAR')
  expect(text).toContain('DTSTART;VALUE=DATE:20261231')
  expect(text).toContain(foreign.avtalsnummer)
  expect(text).not.toContain(first.avtalsnummer)
  expect(text).not.toMatch(/Lind|Maja/)
  expect(
    (await handlaggare.get(`/genomgangar?hyresvardId=${other.id}`, { accept: 'text/calendar' })).text.match(
      /BEGIN:VEVENT/g,
    ),
  ).toHaveLength(1)
})

test('when the round opens, a household’s protection hides its review from landlord and caseworker, and counts do not tell', async () => {
  const hidden = await createHousehold(handlaggare)
  const garanti = await activate(handlaggare, { hyresvardId: other.id, hushallId: hidden.id })
  const { headers } = await handlaggare.get(`/hushall/${hidden.id}`)
  const person = hidden.personer[0].id
  await handlaggare.patch(
    `/hushall/${hidden.id}/personer/${person}`,
    { skyddsniva: 'sekretessmarkering' },
    { ifMatch: headers.etag as string },
  )
  const before = (await handlaggare.get('/genomgangsomgangar/2026H2')).body
  await openRound(harness)
  expect((await handlaggare.get('/genomgangsomgangar/2026H2')).body).toEqual(before)
  expect((await harness.hyresvard(other.id).get('/hyresvard/genomgangar')).body.genomgangar).toHaveLength(1)
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  expect(await reviewOf(cleared, garanti.id)).toMatchObject({ tillstand: 'vantar' })
})
