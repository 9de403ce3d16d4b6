import { extendFortur, forturOfArende, grantFortur } from '../../src/forturer/service.ts'
import { type Client, startTestApp } from '../harness.ts'
import { createHousehold, createLandlord, nextPersonnummer } from '../people.ts'
import {
  bostad,
  caller,
  decidedCase,
  granted,
  grantIn,
  handedOver,
  receivingLandlord,
  whileUncommitted,
} from './granted.ts'

const harness = await startTestApp({ settings: { FORTUR_ERBJUDANDEN: '2', DATABASE_POOL: '24' } })
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const cleared = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])
const landlord = await receivingLandlord(handlaggare)
const lkf = harness.hyresvard(landlord.id)
const sql = async (text: string, values: unknown[] = []) => (await harness.owner.query(text, values)).rows

const list = async (client: Client, query = '?limit=100') => (await client.get(`/hyresvard/forturer${query}`)).body
const numbersSeenBy = async (client: Client) =>
  (await list(client)).forturer.map(({ forturnummer }: { forturnummer: string }) => forturnummer)
const offer = (client: Client, path: string, changes: object = {}) =>
  client.post(`${path}/erbjudanden`, { ...bostad, ...changes }, { ifMatch: '*' })
const answer = (client: Client, path: string, erbjudandeId: string, body: object) =>
  client.post(`${path}/erbjudanden/${erbjudandeId}/svar`, body, { ifMatch: '*' })
const utlamnanden = async (hushallId: string) =>
  (await handlaggare.get(`/utlamnanden?hushallId=${hushallId}`)).body.utlamnanden
const nej = { svar: 'nej', orsak: 'lage' }
afterEach(() => {
  harness.clock.day = '2026-09-15'
})

test('from the decision to a home: the landlord learns who it is for with the offer, and never why', async () => {
  const hushall = await createHousehold(handlaggare, [
    { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Ek', roll: 'medsokande' },
  ])
  const villkor = {
    minRum: 2,
    maxRum: 3,
    maxHyraOre: 1100000,
    onskadeOmraden: ['linero'],
    uteslutnaOmraden: ['nobbelov'],
  }
  const rad = await granted(harness, handlaggare, { hushall, medsokandeId: hushall.personer[1].id, villkor })
  const path = `/forturer/${rad.id}`
  const mine = `/hyresvard${path}`

  const beviljad = await handlaggare.get(path)
  expect(beviljad.body).toMatchObject({
    tillstand: 'beviljad',
    forturnummer: rad.forturnummer,
    antalPersoner: 2,
    maxErbjudanden: 2,
    antalNej: 0,
    ...villkor,
  })
  expect(beviljad.text).not.toContain('hotEllerVald')
  expect((await lkf.get(mine)).status).toBe(404)

  const handed = await handlaggare.post(
    `${path}/overlamnande`,
    { hyresvardId: landlord.id, grund: 'samtycke' },
    { ifMatch: beviljad.body.etag },
  )
  expect(handed.body).toMatchObject({ tillstand: 'hosHyresvard', overlamnadDatum: '2026-09-15', etag: '"2"' })
  expect(handed.headers.etag).toBe('"2"')

  const [seen] = (await list(lkf)).forturer
  expect(seen).toEqual({
    id: rad.id,
    forturnummer: rad.forturnummer,
    tillstand: 'hosHyresvard',
    giltigTill: '2027-08-31',
    antalPersoner: 2,
    minRum: 2,
    maxRum: 3,
    maxHyraOre: 1100000,
    tillganglighet: [],
    onskadeOmraden: ['linero'],
    undvik: [],
    sokande: null,
    medsokande: null,
    erbjudande: null,
    etag: '"2"',
    _links: { self: expect.anything(), erbjud: expect.objectContaining({ method: 'POST' }) },
  })
  const one = await lkf.get(mine)
  expect(one.body).toEqual(seen)
  expect(one.headers.etag).toBe('"2"')

  const offered = await lkf.post(`${mine}/erbjudanden`, bostad, { ifMatch: seen.etag })
  expect(offered.status).toBe(201)
  expect(offered.headers.location).toMatch(new RegExp(`${mine}$`))
  expect(offered.body).toMatchObject({
    tillstand: 'erbjuden',
    sokande: 'Maja Lind',
    medsokande: 'Alva Ek',
    erbjudande: { tillstand: 'oppet', ...bostad, datum: '2026-09-15', svaraSenast: '2026-09-22' },
    etag: '"3"',
  })
  expect(Object.keys(offered.body.erbjudande)).not.toContain('hushallId')
  expect((await lkf.get(mine)).body).toEqual(offered.body)
  for (const secret of [hushall.id, rad.arendeId, rad.beslutId, ...rad.grunder, 'nobbelov'])
    expect(offered.text + one.text).not.toContain(secret)

  const declined = await handlaggare.post(
    `${path}/erbjudanden/${offered.body.erbjudande.id}/svar`,
    { ...nej, kommentar: 'För långt till skolan.' },
    { ifMatch: '"3"' },
  )
  expect(declined.body).toMatchObject({ tillstand: 'hosHyresvard', antalNej: 1, erbjudandeId: null, etag: '"4"' })
  const between = await lkf.get(mine)
  expect(between.body).toMatchObject({ sokande: null, medsokande: null, erbjudande: null })
  expect(between.text).not.toMatch(/Maja|Alva|skolan/)

  harness.clock.day = '2026-09-16'
  const second = await handlaggare.post(
    `${path}/erbjudanden`,
    { ...bostad, omrade: 'linero', svaraSenast: '2026-09-30' },
    { ifMatch: '"4"' },
  )
  expect(second.status).toBe(201)
  const { erbjudandeId } = second.body
  const erbjudande = await handlaggare.get(new URL(second.headers.location as string).pathname)
  expect(erbjudande.body).toMatchObject({ id: erbjudandeId, svaraSenast: '2026-09-30', tillstand: 'oppet' })
  expect(second.body._links.svara.href).toMatch(new RegExp(`${path}/erbjudanden/${erbjudandeId}/svar$`))

  const accepted = await lkf.post(`${mine}/erbjudanden/${erbjudandeId}/svar`, { svar: 'ja' }, { ifMatch: '"5"' })
  expect(accepted.body).toMatchObject({
    tillstand: 'accepterad',
    sokande: 'Maja Lind',
    erbjudande: { tillstand: 'accepterat' },
  })
  const signed = await lkf.post(
    `${mine}/kontrakt`,
    { kontraktDatum: '2026-09-16', kontraktsform: 'forstahand' },
    { ifMatch: '"6"' },
  )
  expect(signed.body).toMatchObject({
    tillstand: 'tillgodosedd',
    sokande: null,
    erbjudande: { tillstand: 'kontrakt', kontraktDatum: '2026-09-16' },
  })
  expect((await lkf.get(mine)).status).toBe(404)
  expect(await numbersSeenBy(lkf)).not.toContain(rad.forturnummer)
  expect((await handlaggare.get(path)).body).toMatchObject({
    tillstand: 'tillgodosedd',
    kontraktsform: 'forstahand',
    avslutadDatum: '2026-09-16',
    erbjudandeId,
    etag: '"7"',
  })

  expect((await handlaggare.get(`${path}/erbjudanden`)).body.erbjudanden).toMatchObject([
    { tillstand: 'avbojt', raknas: true, orsak: 'lage', svarDatum: '2026-09-15' },
    { tillstand: 'kontrakt', raknas: null, orsak: null },
  ])
  // All at the same instant of the tests' clock, so in no order.
  const byDecision = { grund: 'samtycke', beslutadAv: 'test.handlaggare', forturId: rad.id, partId: landlord.id }
  const written = await utlamnanden(hushall.id)
  expect(written).toHaveLength(2)
  expect(written).toContainEqual(expect.objectContaining({ ...byDecision, falt: ['fornamn', 'efternamn'] }))
  const needed = expect.not.arrayContaining(['uteslutnaOmraden', 'fornamn'])
  expect(written).toContainEqual(expect.objectContaining({ ...byDecision, falt: needed }))
  const history = await sql(
    'SELECT DISTINCT ON (spar, atgard) atgard, tabell, id FROM historik WHERE rot_id = $1 AND tabell = $2',
    [rad.id, 'fortur'],
  )
  expect(history.sort((a, b) => a.id - b.id).map(({ atgard }) => atgard)).toEqual([
    'besluta',
    'overlamna',
    'erbjud',
    'svara',
    'erbjud',
    'svara',
    'tecknaKontrakt',
  ])
  expect(await sql("SELECT FROM historik WHERE rot_id = $1 AND tabell = 'erbjudande'", [rad.id])).toHaveLength(5)
  const reads = await sql(
    "SELECT vag FROM atkomstlogg WHERE part = 'hyresvard' AND $1 = ANY (hushall_ids) ORDER BY vag",
    [hushall.id],
  )
  expect(new Set(reads.map(({ vag }) => vag))).toEqual(
    new Set([
      '/v1/hyresvard/forturer',
      '/v1/hyresvard/forturer/:id',
      '/v1/hyresvard/forturer/:id/erbjudanden',
      '/v1/hyresvard/forturer/:id/erbjudanden/:erbjudandeId/svar',
      '/v1/hyresvard/forturer/:id/kontrakt',
    ]),
  )
})

describe('a no', () => {
  test('that counts as many times as the decision says uses up the förtur; else FORTUR_ERBJUDANDEN', async () => {
    for (const [villkor, lasting] of [
      [{ maxErbjudanden: 1 }, 0],
      [{}, 1],
    ] as const) {
      const { id } = await handedOver(harness, handlaggare, landlord.id, { villkor })
      const path = `/forturer/${id}`
      for (let n = 0; n <= lasting; n++) {
        const { body } = await offer(handlaggare, path)
        const last = await answer(handlaggare, path, body.erbjudandeId, nej)
        expect(last.body).toMatchObject(
          n < lasting
            ? { tillstand: 'hosHyresvard', avslutadDatum: null }
            : { tillstand: 'forbrukad', avslutadDatum: '2026-09-15', erbjudandeId: null, antalNej: lasting + 1 },
        )
      }
      expect((await offer(handlaggare, path)).body.kod).toBe('fel-tillstand')
    }
  })

  test('for an accepted reason, and the landlord’s own, do not count; and either may come after a yes', async () => {
    const { id } = await handedOver(harness, handlaggare, landlord.id, { villkor: { maxErbjudanden: 1 } })
    const path = `/forturer/${id}`
    for (const [body, raknas, tillstand] of [
      [{ ...nej, godtagbartSkal: true }, false, 'avbojt'],
      [{ svar: 'vardenNekar', orsak: 'skuld' }, null, 'nekat'],
      [{ svar: 'vardenNekar', orsak: 'avtaletUteblev' }, null, 'nekat'],
    ] as const) {
      const { erbjudandeId } = (await offer(handlaggare, path)).body
      if (body.orsak === 'avtaletUteblev') await answer(handlaggare, path, erbjudandeId, { svar: 'ja' })
      const after = await answer(handlaggare, path, erbjudandeId, body)
      expect(after.body).toMatchObject({ tillstand: 'hosHyresvard', antalNej: 0 })
      const { body: kept } = await handlaggare.get(`${path}/erbjudanden/${erbjudandeId}`)
      expect(kept).toMatchObject({ tillstand, raknas, orsak: body.orsak })
    }
    const { erbjudandeId } = (await offer(handlaggare, path)).body
    await answer(handlaggare, path, erbjudandeId, { svar: 'ja' })
    expect((await answer(handlaggare, path, erbjudandeId, nej)).body).toMatchObject({
      tillstand: 'forbrukad',
      antalNej: 1,
    })
  })

  test('is the department’s to judge, not the landlord’s', async () => {
    const { id } = await handedOver(harness, handlaggare, landlord.id)
    const { erbjudande } = (await offer(lkf, `/hyresvard/forturer/${id}`)).body
    const judged = await answer(lkf, `/hyresvard/forturer/${id}`, erbjudande.id, { ...nej, godtagbartSkal: true })
    expect(judged).toMatchObject({ status: 400, body: { kod: 'ogiltiga-uppgifter' } })
    const denied = await answer(lkf, `/hyresvard/forturer/${id}`, erbjudande.id, {
      svar: 'vardenNekar',
      orsak: 'referens',
    })
    expect(denied.body).toMatchObject({ tillstand: 'hosHyresvard', sokande: null, erbjudande: null })
  })

  test('answers the offer that holds now, and no other', async () => {
    const { id } = await handedOver(harness, handlaggare, landlord.id)
    const other = await handedOver(harness, handlaggare, landlord.id)
    const first = (await offer(handlaggare, `/forturer/${id}`)).body.erbjudandeId
    await answer(handlaggare, `/forturer/${id}`, first, nej)
    expect((await answer(handlaggare, `/forturer/${id}`, first, nej)).body.kod).toBe('fel-tillstand')
    await offer(handlaggare, `/forturer/${id}`)
    await offer(handlaggare, `/forturer/${other.id}`)
    expect((await answer(handlaggare, `/forturer/${id}`, first, nej)).body.kod).toBe('erbjudandet-galler-inte-langre')
    expect((await answer(handlaggare, `/forturer/${other.id}`, first, nej)).status).toBe(404)
    expect((await handlaggare.get(`/forturer/${other.id}/erbjudanden/${first}`)).status).toBe(404)
  })
})

describe('a landlord', () => {
  const tries = async (client: Client, id: string, erbjudandeId: string) => {
    const path = `/hyresvard/forturer/${id}`
    const answers = [
      await client.get(path),
      await offer(client, path),
      await answer(client, path, erbjudandeId, { svar: 'ja' }),
      await client.post(
        `${path}/kontrakt`,
        { kontraktDatum: '2026-09-15', kontraktsform: 'forstahand' },
        { ifMatch: '*' },
      ),
    ]
    return answers.map(({ status }) => status)
  }
  const nothing = [404, 404, 404, 404]
  const withOffer = async (given: object = {}) => {
    const { id, forturnummer, hushallId } = await handedOver(harness, handlaggare, landlord.id, given)
    const { erbjudandeId } = (await offer(handlaggare, `/forturer/${id}`)).body
    return { id, forturnummer, hushallId, erbjudandeId }
  }

  test('sees nothing of another’s, nor of what is not handed over', async () => {
    const { id, forturnummer, erbjudandeId } = await withOffer()
    const another = harness.hyresvard((await receivingLandlord(handlaggare)).id)
    expect(await list(another)).toMatchObject({ forturer: [], _meta: { totalRecords: 0 } })
    expect(await tries(another, id, erbjudandeId)).toEqual(nothing)
    const kept = await granted(harness, handlaggare)
    expect(await tries(lkf, kept.id, erbjudandeId)).toEqual(nothing)
    expect(await numbersSeenBy(lkf)).toContain(forturnummer)
    expect(await numbersSeenBy(lkf)).not.toContain(kept.forturnummer)
  })

  test('that does not receive förturer is handed none, and sees none from the day it stops', async () => {
    const { id } = await granted(harness, handlaggare)
    for (const [hyresvardId, kod] of [
      [(await createLandlord(handlaggare)).id, 'tar-inte-emot'],
      [id, 'finns-inte'],
    ]) {
      const { status, body } = await handlaggare.post(`/forturer/${id}/overlamnande`, { hyresvardId }, { ifMatch: '*' })
      expect({ status, errors: body.errors }).toMatchObject({ status: 422, errors: [{ pointer: '/hyresvardId', kod }] })
    }
    const stopping = await receivingLandlord(handlaggare)
    const theirs = harness.hyresvard(stopping.id)
    const handed = await handedOver(harness, handlaggare, stopping.id)
    const { erbjudandeId } = (await offer(handlaggare, `/forturer/${handed.id}`)).body
    expect(await numbersSeenBy(theirs)).toEqual([handed.forturnummer])
    await handlaggare.patch(`/hyresvardar/${stopping.id}`, { tarEmotForturer: false }, { ifMatch: '*' })
    expect(await numbersSeenBy(theirs)).toEqual([])
    expect(await tries(theirs, handed.id, erbjudandeId)).toEqual(nothing)
  })

  test('sees nothing when the disclosure is withdrawn, and no name when that is', async () => {
    const { id, forturnummer, hushallId, erbjudandeId } = await withOffer()
    const withdraw = async (falt: string) => {
      const { id, etag } = (await utlamnanden(hushallId)).find((u: { falt: string[] }) => u.falt.includes(falt))
      await handlaggare.post(`/utlamnanden/${id}/aterkallande`, { skal: 'Återkallat.' }, { ifMatch: etag })
    }
    expect((await lkf.get(`/hyresvard/forturer/${id}`)).body.sokande).toBe('Maja Lind')
    await withdraw('fornamn')
    expect((await lkf.get(`/hyresvard/forturer/${id}`)).body).toMatchObject({
      sokande: null,
      erbjudande: { id: erbjudandeId },
    })
    await answer(handlaggare, `/forturer/${id}`, erbjudandeId, nej)
    const again = (await offer(handlaggare, `/forturer/${id}`)).body.erbjudandeId
    expect((await lkf.get(`/hyresvard/forturer/${id}`)).body.sokande).toBeNull()
    await withdraw('forturnummer')
    expect(await numbersSeenBy(lkf)).not.toContain(forturnummer)
    expect(await tries(lkf, id, again)).toEqual(nothing)
  })

  test('sees nothing of a protected household, whose offers a cleared caseworker writes down', async () => {
    const personer = [
      {
        personnummer: nextPersonnummer(),
        fornamn: 'Tuva',
        efternamn: 'Dold',
        roll: 'sokande',
        skyddsniva: 'skyddadFolkbokforing',
      },
    ]
    const hushall = (await cleared.post('/hushall', { personer })).body
    const who = caller(['beslutsfattare', 'skyddsgrupp'])
    const { id } = await granted(harness, cleared, { hushall }, who)
    const path = `/forturer/${id}`
    expect((await handlaggare.get(path)).status).toBe(404)
    const handOver = { hyresvardId: landlord.id }
    expect((await handlaggare.post(`${path}/overlamnande`, handOver, { ifMatch: '*' })).status).toBe(404)
    expect((await cleared.post(`${path}/overlamnande`, handOver, { ifMatch: '*' })).status).toBe(200)

    const refused = await offer(cleared, path)
    expect(refused.body.errors).toMatchObject([{ pointer: '/adress', kod: 'adress-far-inte-lagras' }])
    const { adress, lagenhetsnummer, ...withoutAddress } = bostad
    const offered = await cleared.post(`${path}/erbjudanden`, withoutAddress, { ifMatch: '*' })
    expect(offered.body.tillstand).toBe('erbjuden')
    expect(await tries(lkf, id, offered.body.erbjudandeId)).toEqual(nothing)
    expect((await lkf.get('/hyresvard/forturer?limit=100')).text).not.toContain(offered.body.forturnummer)
    expect(await sql('SELECT FROM utlamnande WHERE fortur_id = $1', [id])).toEqual([])
    expect((await answer(cleared, path, offered.body.erbjudandeId, { svar: 'ja' })).body.tillstand).toBe('accepterad')
  })

  test('no longer sees a household that becomes protected', async () => {
    const { id, forturnummer, hushallId, erbjudandeId } = await withOffer()
    expect(await numbersSeenBy(lkf)).toContain(forturnummer)
    const { body } = await handlaggare.get(`/hushall/${hushallId}`)
    await cleared.patch(
      `/hushall/${hushallId}/personer/${body.personer[0].id}`,
      { skyddsniva: 'skyddadFolkbokforing' },
      { ifMatch: '*' },
    )
    expect(await numbersSeenBy(lkf)).not.toContain(forturnummer)
    expect(await tries(lkf, id, erbjudandeId)).toEqual(nothing)
    expect(await sql('SELECT adress, lagenhetsnummer FROM erbjudande WHERE id = $1', [erbjudandeId])).toEqual([
      { adress: null, lagenhetsnummer: null },
    ])
  })
})

describe('what does not fit', () => {
  const villkor = { minRum: 2, maxRum: 2, maxHyraOre: 1000000, uteslutnaOmraden: ['norraFaladen'] }

  test('is refused with what would be accepted, and without an excluded area to a landlord that is not told', async () => {
    const { id } = await handedOver(harness, handlaggare, landlord.id, { villkor })
    const area = await offer(handlaggare, `/forturer/${id}`)
    expect(area.body).toMatchObject({ status: 422, errors: [{ pointer: '/omrade', kod: 'uteslutet-omrade' }] })
    const rooms = await offer(handlaggare, `/forturer/${id}`, { omrade: 'linero', rum: 4 })
    expect(rooms.body.errors).toMatchObject([{ pointer: '/rum', detail: 'rum ska vara minst 2 och högst 2.' }])

    const untold = [{}, { omrade: 'linero', rum: 4 }, { omrade: 'linero', hyraOre: 1000001 }]
    const answers = []
    for (const home of untold) answers.push((await offer(lkf, `/hyresvard/forturer/${id}`, home)).body)
    expect(answers[0]).toMatchObject({ status: 422, errors: [{ pointer: '', kod: 'passar-inte' }] })
    for (const body of answers)
      expect({ ...body, instance: '', traceId: '' }).toEqual({ ...answers[0], instance: '', traceId: '' })
    expect(JSON.stringify(answers)).not.toMatch(/omrade|område/i)
    expect((await offer(lkf, `/hyresvard/forturer/${id}`, { omrade: undefined })).status).toBe(400)
    expect((await offer(lkf, `/hyresvard/forturer/${id}`, { omrade: 'linero' })).status).toBe(201)
  })

  test('is explained to a landlord that is told which areas to avoid, and it is written down that it is', async () => {
    const body = { lamnarUteslutnaOmraden: true }
    const { id, hushallId } = await handedOver(harness, handlaggare, landlord.id, { villkor }, body)
    expect((await lkf.get(`/hyresvard/forturer/${id}`)).body.undvik).toEqual(['norraFaladen'])
    expect((await offer(lkf, `/hyresvard/forturer/${id}`)).body.errors).toMatchObject([{ kod: 'uteslutet-omrade' }])
    expect((await utlamnanden(hushallId))[0].falt).toContain('uteslutnaOmraden')
  })

  test('a home is offered only while the förtur is in force', async () => {
    const { id } = await handedOver(harness, handlaggare, landlord.id, { giltigFran: '2026-10-01' })
    expect((await offer(lkf, `/hyresvard/forturer/${id}`)).body.kod).toBe('forturen-galler-inte')
  })
})

describe('an open förtur is one a person', () => {
  const household = () =>
    createHousehold(handlaggare, [
      { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Ek', roll: 'medsokande' },
    ])
  const outcome = async (granting: Promise<unknown>) =>
    granting.then(
      () => 'granted',
      error => error.problem?.kod ?? error.message,
    )

  test('whether applicant or co-applicant; and another when it has ended', async () => {
    const hushall = await household()
    const [a, b] = hushall.personer.map(({ id }: { id: string }) => id) as [string, string]
    const first = await granted(harness, handlaggare, { hushall, personId: a })
    for (const given of [{ personId: a }, { personId: b, medsokandeId: a }, { personId: a, medsokandeId: b }])
      expect(await outcome(granted(harness, handlaggare, { hushall, ...given }))).toBe('oppen-fortur-finns')
    expect(await outcome(granted(harness, handlaggare, { hushall, personId: b }))).toBe('granted')
    const revoked = await beslutsfattare.post(
      `/forturer/${first.id}/upphavande`,
      { motivering: 'Flyttat.' },
      { ifMatch: '"1"' },
    )
    expect(revoked.body).toMatchObject({
      tillstand: 'upphavd',
      avslutadDatum: '2026-09-15',
      avslutsmotivering: 'Flyttat.',
    })
    expect(await outcome(granted(harness, handlaggare, { hushall, personId: a }))).toBe('granted')
  })

  test('twenty grants at once give one, also when the same person is applicant in some and co-applicant in others', async () => {
    const hushall = await household()
    const [a, b] = hushall.personer.map(({ id }: { id: string }) => id) as [string, string]
    const cases = []
    for (let n = 0; n < 20; n++)
      cases.push(await decidedCase(harness, hushall, n % 2 ? { personId: a } : { personId: b, medsokandeId: a }))
    const outcomes = await Promise.all(cases.map(decided => outcome(grantIn(harness, decided))))
    expect(outcomes.sort()).toEqual(['granted', ...Array(19).fill('oppen-fortur-finns')])
    expect(await sql('SELECT FROM fortur WHERE hushall_id = $1', [hushall.id])).toHaveLength(1)
  })

  test('also when another grant, to the co-applicant as applicant, is not yet committed', async () => {
    const hushall = await household()
    const [a, b] = hushall.personer.map(({ id }: { id: string }) => id) as [string, string]
    const first = await decidedCase(harness, hushall, { personId: a })
    const second = await decidedCase(harness, hushall, { personId: b, medsokandeId: a })
    const who = caller(['beslutsfattare'])
    const [, other] = await whileUncommitted(
      harness,
      who,
      work => grantFortur(work, first),
      () => outcome(grantIn(harness, second)),
    )
    expect(other).toBe('oppen-fortur-finns')
  })

  test('and terms that do not go together are pointed out under /fortur', async () => {
    const villkor = { minRum: 3, maxRum: 2, onskadeOmraden: ['linero'], uteslutnaOmraden: ['linero'] }
    const refusal = await granted(harness, handlaggare, { villkor }).catch(error => error)
    expect(refusal.extra.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/fortur/uteslutnaOmraden',
      '/fortur/maxRum',
    ])
  })
})

test('twenty offers at once, from the landlord and its caseworker: one is made, whatever version they say they read', async () => {
  for (const [ifMatch, losers] of [
    ['*', 'fel-tillstand'],
    ['"2"', 'andrad-av-nagon-annan'],
  ] as const) {
    const { id } = await handedOver(harness, handlaggare, landlord.id)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const [client, path] = n % 2 ? [lkf, '/hyresvard/forturer'] : [handlaggare, '/forturer']
        return client.post(`${path}/${id}/erbjudanden`, bostad, { ifMatch })
      }),
    )
    const outcomes = answers.map(({ status, body }) => (status === 201 ? 201 : body.kod))
    expect(outcomes.filter(one => one === 201)).toHaveLength(1)
    expect(outcomes.filter(one => one === losers)).toHaveLength(19)
    expect(await sql('SELECT FROM erbjudande WHERE fortur_id = $1', [id])).toHaveLength(1)
    expect(await sql("SELECT FROM utlamnande WHERE fortur_id = $1 AND 'fornamn' = ANY (falt)", [id])).toHaveLength(1)
  }
})

test.each([
  ['egen-kotid', { datum: '2026-09-14', motivering: 'En tvåa.' }, 'tillgodoseddEgen', '2026-09-14'],
  ['upphavande', { motivering: 'Flyttat.' }, 'upphavd', '2026-09-15'],
])('%s ends the förtur and takes its open offer back', async (noun, body, tillstand, avslutadDatum) => {
  const both = harness.as(['handlaggare', 'beslutsfattare'])
  const { id } = await handedOver(harness, handlaggare, landlord.id)
  const { erbjudandeId } = (await offer(handlaggare, `/forturer/${id}`)).body
  const ended = await both.post(`/forturer/${id}/${noun}`, body, { ifMatch: '"3"' })
  expect(ended.body).toMatchObject({ tillstand, avslutadDatum, avslutsmotivering: body.motivering, erbjudandeId: null })
  expect((await handlaggare.get(`/forturer/${id}/erbjudanden/${erbjudandeId}`)).body).toMatchObject({
    tillstand: 'aterkallat',
    svarDatum: '2026-09-15',
    raknas: null,
  })
  expect((await lkf.get(`/hyresvard/forturer/${id}`)).status).toBe(404)
})

describe('a new decision on the same case', () => {
  const extend = async (arendeId: string, changes: object = {}, roller = ['beslutsfattare'] as never) =>
    harness.db.transaction(caller(roller), { atgard: 'besluta' }, async work => {
      const fortur = await forturOfArende(work, arendeId)
      const beslut = { id: fortur?.beslutId ?? arendeId, datum: '2026-09-15', giltigTill: '2028-08-31', ...changes }
      return extendFortur(work, arendeId, beslut)
    })

  test('extends the förtur, and it is warned about anew', async () => {
    const { id, arendeId } = await granted(harness, handlaggare)
    await sql("UPDATE fortur SET varnad_dagar = 60, varnad_datum = '2026-09-10' WHERE id = $1", [id])
    expect(await extend(arendeId as string)).toMatchObject({ id, giltigTill: '2028-08-31', varnadDagar: null })
    expect((await handlaggare.get(`/forturer/${id}`)).body).toMatchObject({
      giltigTill: '2028-08-31',
      beslutDatum: '2026-09-15',
      varnadDagar: null,
      varnadDatum: null,
      etag: '"2"',
    })
  })

  test('only by who decides, not to before it begins, and also while a home is offered', async () => {
    const { id, arendeId } = await handedOver(harness, handlaggare, landlord.id)
    await expect(extend(arendeId, {}, ['handlaggare'] as never)).rejects.toMatchObject({
      problem: { kod: 'inte-behorig' },
    })
    await expect(extend(arendeId, { giltigTill: '2026-08-31' })).rejects.toMatchObject({ problem: { status: 422 } })
    await offer(handlaggare, `/forturer/${id}`)
    expect(await extend(arendeId)).toMatchObject({ tillstand: 'erbjuden', giltigTill: '2028-08-31' })
    expect(await extend(id)).toBeNull()
  })
})

describe('the need', () => {
  test('is corrected while the förtur is open; a renewed queue is reminded of anew', async () => {
    const { id } = await granted(harness, handlaggare)
    await sql("UPDATE fortur SET ko_paminnd = '2026-09-01' WHERE id = $1", [id])
    const change = (body: object, ifMatch = '*') => handlaggare.patch(`/forturer/${id}`, body, { ifMatch })
    expect((await change({ maxHyraOre: 1150000, koFornyad: '2026-05-01' }, '"1"')).body).toMatchObject({
      maxHyraOre: 1150000,
      koPaminnd: '2026-09-01',
      etag: '"2"',
    })
    expect((await change({ maxRum: 2 }, '"1"')).status).toBe(412)
    expect((await change({ koFornyad: '2026-09-15' })).body).toMatchObject({ koFornyad: '2026-09-15', koPaminnd: null })
    for (const [body, pointer] of [
      [{ koFornyad: '2026-09-16' }, '/koFornyad'],
      [{ minRum: 4, maxRum: 3 }, '/maxRum'],
      [{ onskadeOmraden: ['linero'], uteslutnaOmraden: ['linero'] }, '/uteslutnaOmraden'],
    ] as const)
      expect((await change(body)).body).toMatchObject({ status: 422, errors: [{ pointer }] })
    expect((await change({ tillstand: 'forbrukad' })).status).toBe(400)
    expect((await beslutsfattare.patch(`/forturer/${id}`, { maxRum: 2 }, { ifMatch: '*' })).status).toBe(403)
    await beslutsfattare.post(`/forturer/${id}/upphavande`, { motivering: 'Flyttat.' }, { ifMatch: '*' })
    expect((await change({ maxRum: 2 })).body.kod).toBe('forturen-ar-avslutad')
  })
})

test('the list is filtered and ordered', async () => {
  const own = await receivingLandlord(handlaggare)
  const early = await handedOver(harness, handlaggare, own.id, { giltigTill: '2026-12-31' })
  const late = await handedOver(harness, handlaggare, own.id, { giltigTill: '2027-12-31' })
  await offer(handlaggare, `/forturer/${late.id}`)
  const found = async (query: string) => {
    const { body } = await handlaggare.get(`/forturer?hyresvardId=${own.id}&${query}`)
    expect(body._meta.totalRecords).toBe(body.forturer.length)
    return body.forturer.map(({ id }: { id: string }) => (id === early.id ? 'early' : 'late'))
  }
  expect(await found('')).toEqual(['early', 'late'])
  expect(await found('sort=-forturnummer')).toEqual(['late', 'early'])
  expect(await found('sort=-giltigTill')).toEqual(['late', 'early'])
  expect(await found('sort=giltigTill')).toEqual(['early', 'late'])
  expect(await found('tillstand=erbjuden')).toEqual(['late'])
  expect(await found('giltigTillFore=2027-01-01')).toEqual(['early'])
  expect(await found(`hushallId=${late.hushallId}`)).toEqual(['late'])
  expect(await found(`forturnummer=${early.forturnummer}`)).toEqual(['early'])
  expect((await handlaggare.get('/forturer?sort=skapad')).status).toBe(400)
})

test('nothing went wrong inside', () => {
  expect(harness.logLines.filter(line => JSON.parse(line).level >= 40)).toEqual([])
})
