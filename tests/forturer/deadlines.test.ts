import { answerOffer } from '../../src/forturer/offers.ts'
import { jobNames } from '../../src/jobs.ts'
import { type Harness, startTestApp } from '../harness.ts'
import { nextPersonnummer } from '../people.ts'
import { bostad, caller, granted, handedOver, receivingLandlord, whileUncommitted } from './granted.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const landlord = await receivingLandlord(handlaggare)
/** Where silence counts. */
const counting = await startTestApp({ settings: { FORTUR_UTEBLIVET_RAKNAS: 'ja' } })

const sql = async ({ owner }: Harness, text: string, values: unknown[] = []) => (await owner.query(text, values)).rows
const fortur = async (id: string, app = harness) => (await app.as('handlaggare').get(`/forturer/${id}`)).body
/** With an offer that is to be answered by 22 September. */
async function offered(app = harness, hyresvardId = landlord.id, given: object = {}) {
  const client = app.as('handlaggare')
  const { id } = await handedOver(app, client, hyresvardId, given)
  const { body } = await client.post(`/forturer/${id}/erbjudanden`, bostad, { ifMatch: '*' })
  return { id, erbjudandeId: body.erbjudandeId as string }
}

describe('an offer without an answer', () => {
  test('is closed the day after its last, once, and the home can be offered again', async () => {
    const { id, erbjudandeId } = await offered()
    const accepted = await offered()
    await handlaggare.post(
      `/forturer/${accepted.id}/erbjudanden/${accepted.erbjudandeId}/svar`,
      { svar: 'ja' },
      { ifMatch: '*' },
    )
    expect(await harness.job('svar-pa-erbjudanden-uteblir', '2026-09-22')).toEqual({ uteblivna: 0 })
    const days = ['2026-09-23', '2026-09-23', '2026-10-30']
    const closed = []
    for (const day of days) closed.push(await harness.job('svar-pa-erbjudanden-uteblir', day))
    expect(closed).toEqual([{ uteblivna: 1 }, { uteblivna: 0 }, { uteblivna: 0 }])
    expect(await fortur(id)).toMatchObject({ tillstand: 'hosHyresvard', antalNej: 0, erbjudandeId: null, etag: '"4"' })
    expect((await handlaggare.get(`/forturer/${id}/erbjudanden/${erbjudandeId}`)).body).toMatchObject({
      tillstand: 'uteblivet',
      raknas: false,
      svarDatum: '2026-09-23',
      etag: '"2"',
    })
    expect(await fortur(accepted.id)).toMatchObject({ tillstand: 'accepterad' })
    const [history] = await sql(
      harness,
      "SELECT av, efter FROM historik WHERE rad_id = $1 AND atgard LIKE 'svar-pa%'",
      [id],
    )
    expect(history).toMatchObject({ av: 'hemvist', efter: { tillstand: 'hosHyresvard' } })
  })

  test('counts where the municipality says so, and may use up the förtur, as of the day it should have', async () => {
    const client = counting.as('handlaggare')
    const { id: hyresvardId } = await receivingLandlord(client)
    const one = await offered(counting, hyresvardId)
    const two = await offered(counting, hyresvardId, { villkor: { maxErbjudanden: 2 } })
    expect(await counting.job('svar-pa-erbjudanden-uteblir', '2026-10-05')).toEqual({ uteblivna: 2 })
    expect(await fortur(one.id, counting)).toMatchObject({
      tillstand: 'forbrukad',
      antalNej: 1,
      avslutadDatum: '2026-09-23',
    })
    expect(await fortur(two.id, counting)).toMatchObject({
      tillstand: 'hosHyresvard',
      antalNej: 1,
      avslutadDatum: null,
    })
    expect((await client.get(`/forturer/${one.id}/erbjudanden/${one.erbjudandeId}`)).body.raknas).toBe(true)
  })
})

describe('validity', () => {
  test('runs out after the last day, unless a home is offered or accepted', async () => {
    const given = { giltigTill: '2026-09-20' }
    const granted1 = await granted(harness, handlaggare, given)
    const handed = await handedOver(harness, handlaggare, landlord.id, given)
    const open = await offered(harness, landlord.id, given)
    expect(await harness.job('forturer-gar-ut', '2026-09-20')).toEqual({ utgangna: 0 })
    expect(await harness.job('forturer-gar-ut', '2026-09-21')).toEqual({ utgangna: 2 })
    for (const { id } of [granted1, handed])
      expect(await fortur(id)).toMatchObject({ tillstand: 'utgangen', avslutadDatum: '2026-09-21' })
    expect(await harness.job('forturer-gar-ut', '2026-09-23')).toEqual({ utgangna: 0 })
    expect(await fortur(open.id)).toMatchObject({ tillstand: 'erbjuden' })
    await harness.job('svar-pa-erbjudanden-uteblir', '2026-09-23')
    expect(await harness.job('forturer-gar-ut', '2026-09-23')).toEqual({ utgangna: 1 })
    expect(await fortur(open.id)).toMatchObject({ tillstand: 'utgangen', avslutadDatum: '2026-09-21' })
  })

  test('is warned about at each of FORTUR_VARNING_DAGAR, once', async () => {
    const { id } = await granted(harness, handlaggare, { giltigTill: '2027-02-28' })
    const warned = []
    for (const day of ['2026-12-29', '2026-12-30', '2026-12-31', '2027-02-13', '2027-02-14', '2027-02-28']) {
      await harness.job('varna-forturer', day)
      const { varnadDagar, varnadDatum, etag } = await fortur(id)
      warned.push([varnadDagar, varnadDatum, etag])
    }
    expect(warned).toEqual([
      [null, null, '"1"'],
      [60, '2026-12-30', '"2"'],
      [60, '2026-12-30', '"2"'],
      [60, '2026-12-30', '"2"'],
      [14, '2027-02-14', '"3"'],
      [14, '2027-02-14', '"3"'],
    ])
  })
})

describe('the landlord’s queue', () => {
  test('is reminded of thirty days before it must be renewed, once for each renewal', async () => {
    const { id } = await granted(harness, handlaggare, { koFornyad: '2026-01-10' })
    const unknown = await granted(harness, handlaggare, { koFornyad: null })
    // 365 days from 10 January 2026 is 10 January 2027; thirty before it is 11 December.
    const reminded = []
    for (const day of ['2026-12-10', '2026-12-11', '2026-12-12']) {
      await harness.job('paminn-kofornyelse', day)
      reminded.push((await fortur(id)).koPaminnd)
    }
    expect(reminded).toEqual([null, '2026-12-11', '2026-12-11'])
    harness.clock.day = '2026-12-20'
    await handlaggare.patch(`/forturer/${id}`, { koFornyad: '2026-12-20' }, { ifMatch: '*' })
    harness.clock.day = '2026-09-15'
    await harness.job('paminn-kofornyelse', '2026-12-21')
    expect((await fortur(id)).koPaminnd).toBeNull()
    await harness.job('paminn-kofornyelse', '2027-11-20')
    expect((await fortur(id)).koPaminnd).toBe('2027-11-20')
    expect((await fortur(unknown.id)).koPaminnd).toBeNull()
  })
})

test('protected households have their days too', async () => {
  const cleared = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])
  const personer = [
    {
      personnummer: nextPersonnummer(),
      fornamn: 'Tuva',
      efternamn: 'Dold',
      roll: 'sokande',
      skyddsniva: 'sekretessmarkering',
    },
  ]
  const hushall = (await cleared.post('/hushall', { personer })).body
  const who = caller(['beslutsfattare', 'skyddsgrupp'])
  const { id } = await granted(harness, cleared, { hushall, giltigTill: '2026-09-30' }, who)
  await harness.job('forturer-gar-ut', '2026-10-01')
  expect((await cleared.get(`/forturer/${id}`)).body.tillstand).toBe('utgangen')
})

test('eight instances at once do each thing once, beside answers that come at the same moment', async () => {
  const open = []
  for (let n = 0; n < 12; n++) open.push(await offered())
  harness.clock.day = '2026-09-23'
  const [results, answers] = await Promise.all([
    Promise.all(
      Array.from({ length: 8 }, () => harness.job('svar-pa-erbjudanden-uteblir') as Promise<{ uteblivna: number }>),
    ),
    Promise.all(
      open.map(({ id, erbjudandeId }) =>
        handlaggare.post(
          `/forturer/${id}/erbjudanden/${erbjudandeId}/svar`,
          { svar: 'vardenNekar', orsak: 'inkomst' },
          { ifMatch: '*' },
        ),
      ),
    ),
  ])
  harness.clock.day = '2026-09-15'
  const answered = answers.filter(({ status }) => status === 200).length
  expect(answers.map(({ status }) => status).filter(status => ![200, 409].includes(status))).toEqual([])
  expect(results.reduce((sum, { uteblivna }) => sum + uteblivna, 0) + answered).toBe(12)
  for (const { id } of open) expect(await fortur(id)).toMatchObject({ tillstand: 'hosHyresvard', etag: '"4"' })
})

test('an answer that is not yet committed is not taken for none', async () => {
  const { id, erbjudandeId } = await offered()
  harness.clock.day = '2026-09-23'
  const svar = { svar: 'vardenNekar', orsak: 'skuld' } as const
  const [, closed] = await whileUncommitted(
    harness,
    caller(['handlaggare']),
    work => answerOffer(work, { id, erbjudandeId }, () => {}, svar),
    () => harness.job('svar-pa-erbjudanden-uteblir'),
  )
  harness.clock.day = '2026-09-15'
  expect(closed).toEqual({ uteblivna: 0 })
  const { body } = await handlaggare.get(`/forturer/${id}/erbjudanden/${erbjudandeId}`)
  expect(body).toMatchObject({ tillstand: 'nekat', etag: '"2"' })
})

test('what was not answered is closed before what has run out ends, also at a start after a stop', () => {
  const order = (name: (typeof jobNames)[number]) => jobNames.indexOf(name)
  expect(order('svar-pa-erbjudanden-uteblir')).toBeLessThan(order('forturer-gar-ut'))
})

test('nothing went wrong inside', () => {
  expect([...harness.logLines, ...counting.logLines].filter(line => JSON.parse(line).level >= 40)).toEqual([])
})
