import { letOut, noticeGiven, release, reserve, vacated } from '../../src/lagenheter/service.ts'
import { startTestApp } from '../harness.ts'
import { bostad, home, inOne, type Ko, ok, queued } from './made.ts'

const harness = await startTestApp()
const serviceforvaltningen = harness.as([], 'serviceforvaltningen')
const boendeenhet = harness.as('boendeenhet')
const handlaggare = harness.as('handlaggare')
const skyddsgrupp = harness.as(['boendeenhet', 'skyddsgrupp'])
const path = '/serviceforvaltningen/lagenheter'
const today = '2026-09-15'

beforeEach(() => {
  harness.clock.day = today
})

const change = (id: string, body: object) => serviceforvaltningen.patch(`${path}/${id}`, body, { ifMatch: '*' })
const command = (id: string, name: string, body: object = {}) =>
  serviceforvaltningen.post(`${path}/${id}/${name}`, body, { ifMatch: '*' })
const read = async (id: string) => ok(await serviceforvaltningen.get(`${path}/${id}`))
const errorsOf = ({ body }: { body: { errors?: { pointer: string; kod: string }[] } }) =>
  body.errors?.map(({ pointer, kod }) => [pointer, kod])
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'gick',
    (error: { problem?: { kod: string } }) => error.problem?.kod ?? String(error),
  )

/** Someone who is promised the home from today; in it, when asked. */
async function promised(id: string, { moves = true, skyddad = false } = {}): Promise<Ko> {
  const [who] = await queued(harness, 1, { skyddad })
  await inOne(harness, async work => {
    await reserve(work, id, { ...who, fran: work.today, till: null })
    if (moves) await letOut(work, who.for, { fran: work.today, kontraktsform: 'andrahand', hyraOre: 845000 })
  })
  return who
}

describe('a home that leaves the pool', () => {
  const lediga = async (query: string): Promise<string[]> =>
    ok(await handlaggare.get(`/lagenheter/lediga?omrade=utflyttet&${query}`)).lagenheter.map(
      ({ id }: { id: string }) => id,
    )

  test('is not vacant until further notice, and is promised to nobody for longer than it is there', async () => {
    const [stays, leaves] = [
      await home(serviceforvaltningen, { omrade: 'utflyttet' }),
      await home(serviceforvaltningen, { omrade: 'utflyttet', iPoolenTill: '2026-09-20' }),
    ]
    expect(await lediga('fran=2026-09-15')).toEqual([stays])
    expect((await lediga('till=2026-09-20')).sort()).toEqual([stays, leaves].sort())
    const [who] = await queued(harness, 1)
    const promise = (till: string | null) =>
      codeOf(inOne(harness, work => reserve(work, leaves, { ...who, fran: today, till })))
    expect(await promise(null)).toBe('bostaden-lamnar-bestandet')
    expect(await promise('2026-09-21')).toBe('bostaden-lamnar-bestandet')
    expect(await promise('2026-09-20')).toBe('gick')
    // A lease is until further notice.
    const lease = { fran: today, kontraktsform: 'andrahand', hyraOre: 845000 } as const
    expect(await codeOf(inOne(harness, work => letOut(work, who.for, lease)))).toBe('bostaden-lamnar-bestandet')
  })

  test('does so after whoever has it has moved', async () => {
    const id = await home(serviceforvaltningen)
    const who = await promised(id)
    expect(errorsOf(await change(id, { iPoolenTill: '2026-09-14' }))).toEqual([
      ['/iPoolenTill', 'bostaden-ar-upptagen'],
    ])
    await inOne(harness, work => noticeGiven(work, who.for, '2026-12-31'))
    expect(errorsOf(await change(id, { iPoolenTill: '2026-12-30' }))).toEqual([
      ['/iPoolenTill', 'bostaden-ar-upptagen'],
    ])
    expect(ok(await change(id, { iPoolenTill: '2026-12-31' })).iPoolenTill).toBe('2026-12-31')
  })

  test('is given back on no day that somebody had it', async () => {
    const id = await home(serviceforvaltningen)
    const who = await promised(id)
    harness.clock.day = '2026-10-20'
    await inOne(harness, work => vacated(work, who.for, '2026-10-15'))
    expect(errorsOf(await command(id, 'aterlamning', { iPoolenTill: '2026-10-14' }))).toEqual([
      ['/iPoolenTill', 'utanfor-granserna'],
    ])
    const { objektnummer } = await read(id)
    const many = async (iPoolenTill: string) => {
      const body = { atgarder: [{ objektnummer, atgard: 'aterlamna', iPoolenTill }] }
      const [{ kod, tillstand }] = ok(await serviceforvaltningen.post(`${path}/atgarder`, body)).resultat
      return kod ?? tillstand
    }
    expect(await many('2026-10-14')).toBe('uppgifter-hanger-inte-ihop')
    expect(await many('2026-10-15')).toBe('aterlamnad')
  })

  test('can come again with its number, after the day that it left', async () => {
    const body = bostad()
    const add = async (fields: object) =>
      ok(await serviceforvaltningen.post(path, { lagenheter: [{ ...body, ...fields }] })).resultat[0]
    const { id } = await add({})
    ok(await command(id, 'aterlamning', { iPoolenTill: today }))
    expect(await add({ iPoolenFran: today })).toMatchObject({ kod: 'finns-redan' })
    const again = await add({ iPoolenFran: '2026-09-16', klar: false })
    expect(again.utfall).toBe('skapad')
    expect(await add({ iPoolenFran: '2026-09-17' })).toMatchObject({ kod: 'finns-redan' })
    const done = [{ objektnummer: body.objektnummer, atgard: 'klar' }]
    expect(ok(await serviceforvaltningen.post(`${path}/atgarder`, { atgarder: done })).resultat).toMatchObject([
      { utfall: 'utford', tillstand: 'ledig' },
    ])
    const { lagenheter } = ok(await boendeenhet.get(`/lagenheter?objektnummer=${body.objektnummer}`))
    expect(lagenheter.map((one: { tillstand: string }) => one.tillstand).sort()).toEqual(['aterlamnad', 'ledig'])
  })
})

test('the area of a home is as it was when somebody was promised it', async () => {
  const id = await home(serviceforvaltningen)
  await promised(id, { moves: false })
  expect(errorsOf(await change(id, { omrade: 'linero' }))).toEqual([['/omrade', 'bostaden-ar-upptagen']])
  expect((await change(id, { omrade: 'norraFaladen', hyraOre: 860000 })).status).toBe(200)
})

describe('a home stands vacant', () => {
  test('since its last tenant left, whatever is done with it', async () => {
    const id = await home(serviceforvaltningen)
    const who = await promised(id)
    const emptyFor = async () => (await read(id)).vakansdagar
    harness.clock.day = '2026-10-02'
    await inOne(harness, work => vacated(work, who.for, '2026-09-30'))
    expect(await emptyFor()).toBe(1)
    harness.clock.day = '2026-10-11'
    ok(await command(id, 'besiktning', { behoverRenoveras: true }))
    expect(await emptyFor()).toBe(10)
    harness.clock.day = '2026-11-01'
    ok(await command(id, 'klar'))
    const next = await promised(id, { moves: false })
    expect(await emptyFor()).toBeNull()
    harness.clock.day = '2026-11-10'
    await inOne(harness, work => release(work, next.for))
    expect(await emptyFor()).toBe(40)
    const { uppgifter } = ok(await boendeenhet.get('/mitt?limit=100'))
    expect(uppgifter.filter((one: { lagenhetId: string }) => one.lagenhetId === id)).toMatchObject([
      { slag: 'bostadStarTom', forfaller: '2026-10-31' },
    ])
  })

  test('since it came to the pool, when nobody has had it', async () => {
    const id = await home(serviceforvaltningen, { iPoolenFran: '2026-09-01' })
    expect((await read(id)).vakansdagar).toBe(14)
  })
})

describe('of a home that a protected household has had, or has', () => {
  test('the history does not tell that something was hidden', async () => {
    const id = await home(serviceforvaltningen)
    const who = await promised(id, { skyddad: true })
    harness.clock.day = '2026-10-02'
    await inOne(harness, work => vacated(work, who.for, '2026-09-30'))
    const history = async (client: typeof boendeenhet, query = '') =>
      ok(await client.get(`/lagenheter/${id}/historik?limit=100${query}`))
    const { historik, _meta } = await history(boendeenhet)
    expect(historik.every(({ andringar }: { andringar: object[] }) => andringar.length > 0)).toBe(true)
    expect(_meta.totalRecords).toBe(historik.length)
    const { rows } = await harness.owner.query('SELECT count(*)::int AS n FROM historik WHERE rot_id = $1', [id])
    // The flips are kept, for those who see to it that nothing is changed unseen.
    expect(rows[0].n).toBe(historik.length + 2)
  })

  test('a file with its number is answered as one of a home that is new', async () => {
    const { objektnummer, ...body } = bostad({ klar: true })
    const [{ id }] = ok(await serviceforvaltningen.post(path, { lagenheter: [{ objektnummer, ...body }] })).resultat
    await promised(id, { skyddad: true })
    const send = (hyra: string) =>
      serviceforvaltningen.post(
        `${path}/importer`,
        [
          'objektnummer;agare;kategori;adress;lagenhetsnummer;omrade;rum;yta;hyra;tillganglighet;blockhyrd;i_poolen_fran',
          `${objektnummer};lkf;stodlagenhet;;;norraFaladen;2;;${hyra};;nej;2020-01-01`,
        ].join('\r\n'),
        { type: 'text/csv' },
      )
    const before = ok(await skyddsgrupp.get(`/lagenheter/${id}`))
    for (const hyra of ['8450', '9000'])
      expect(ok(await send(hyra))).toMatchObject({ importerade: 1, oforandrade: 0, avvisade: [] })
    expect(ok(await skyddsgrupp.get(`/lagenheter/${id}`))).toEqual(before)
    const { rows } = await harness.owner.query('SELECT count(*)::int AS n FROM lagenhet WHERE objektnummer = $1', [
      objektnummer,
    ])
    expect(rows[0].n).toBe(1)
  })

  test('an imported file that names one that has left and comes again adds it, and the same file then nothing', async () => {
    const { objektnummer, ...body } = bostad({ klar: true })
    const [{ id }] = ok(await serviceforvaltningen.post(path, { lagenheter: [{ objektnummer, ...body }] })).resultat
    ok(await command(id, 'aterlamning', { iPoolenTill: today }))
    const send = (fran: string) =>
      serviceforvaltningen.post(
        `${path}/importer`,
        [
          'objektnummer;agare;kategori;adress;lagenhetsnummer;omrade;rum;yta;hyra;tillganglighet;blockhyrd;i_poolen_fran',
          `${objektnummer};lkf;stodlagenhet;;;norraFaladen;2;;8450;;nej;${fran}`,
        ].join('\r\n'),
        { type: 'text/csv' },
      )
    expect(ok(await send('2020-01-01'))).toMatchObject({ importerade: 0, oforandrade: 1 })
    expect(ok(await send('2026-10-01'))).toMatchObject({ importerade: 1, oforandrade: 0 })
    expect(ok(await send('2026-10-01'))).toMatchObject({ importerade: 0, oforandrade: 1 })
  })
})
