import { reserve } from '../../src/lagenheter/service.ts'
import { startTestApp } from '../harness.ts'
import { bostad, home, inOne, ok, queued } from './made.ts'

const harness = await startTestApp()
const serviceforvaltningen = harness.as([], 'serviceforvaltningen')
const boendeenhet = harness.as('boendeenhet')
const handlaggare = harness.as('handlaggare')
const today = harness.clock.day

beforeEach(() => {
  harness.clock.day = today
})

const path = '/serviceforvaltningen/lagenheter'
const post = async (lagenheter: unknown[], key?: string) =>
  serviceforvaltningen.post(path, { lagenheter }, key ? { key } : {})
const read = async (id: string) => ok(await serviceforvaltningen.get(`${path}/${id}`))
const command = (id: string, name: string, body: object = {}, client = serviceforvaltningen, at = path) =>
  client.post(`${at}/${id}/${name}`, body, { ifMatch: '*' })

describe('one or many at a time', () => {
  test('each home is added or refused on its own', async () => {
    const first = bostad({ klar: false })
    const { resultat } = ok(
      await post([
        first,
        first,
        bostad({ kategori: 'jour', adress: 'Exempelgatan 1' }),
        bostad({ rum: 0 }),
        { ...bostad(), hemlig: true },
        bostad({ iPoolenTill: '2019-12-31' }),
        bostad({ kategori: 'jour' }),
      ]),
    )
    expect(resultat.map(({ utfall, kod }: { utfall: string; kod?: string }) => kod ?? utfall)).toEqual([
      'skapad',
      'finns-redan',
      'uppgifter-hanger-inte-ihop',
      'utanfor-granserna',
      'okant-falt',
      'uppgifter-hanger-inte-ihop',
      'skapad',
    ])
    expect(JSON.stringify(resultat)).not.toContain('Exempelgatan')
    expect(await read(resultat[0].id)).toMatchObject({
      tillstand: 'planerad',
      tillstandSedan: today,
      vakansdagar: null,
      tillganglighet: [],
      adress: null,
      iPoolenTill: null,
    })
    expect(ok(await post([first])).resultat).toMatchObject([{ index: 0, utfall: 'avvisad', kod: 'finns-redan' }])
  })

  test('500 are a few statements, 501 too many, and the same key gives the same answer', async () => {
    const many = Array.from({ length: 500 }, () => bostad({ omrade: 'massan' }))
    const answer = ok(await post(many, 'en-nyckel'))
    expect(answer.resultat.filter(({ utfall }: { utfall: string }) => utfall === 'skapad')).toHaveLength(500)
    expect(ok(await post(many, 'en-nyckel'))).toEqual(answer)
    const { _meta } = ok(await boendeenhet.get('/lagenheter?omrade=MASSAN'))
    expect(_meta.totalRecords).toBe(500)
    expect((await post([...many, bostad()])).status).toBe(400)
  })

  test('many homes are made ready, inspected or returned at once, each on its own', async () => {
    const [planned, emptied, returned, let1] = [bostad({ klar: false }), bostad(), bostad({ klar: false }), bostad()]
    const made = ok(await post([planned, emptied, returned, let1])).resultat
    const [who] = await queued(harness, 1)
    await inOne(harness, work => reserve(work, made[3].id, { ...who, fran: today, till: null }))
    await harness.owner.query("UPDATE lagenhet SET tillstand = 'tomstalld' WHERE id = $1", [made[1].id])
    const give = async (atgarder: object[]) =>
      ok(await serviceforvaltningen.post(`${path}/atgarder`, { atgarder })).resultat.map(
        ({ kod, tillstand }: { kod?: string; tillstand?: string }) => kod ?? tillstand,
      )
    const { objektnummer } = planned
    expect(
      await give([
        { objektnummer, atgard: 'klar' },
        { objektnummer, atgard: 'aterlamna', iPoolenTill: today },
        { objektnummer: emptied.objektnummer, atgard: 'besiktiga' },
        { objektnummer: emptied.objektnummer, atgard: 'besiktiga', behoverRenoveras: true },
        { objektnummer: returned.objektnummer, atgard: 'aterlamna', iPoolenTill: '2030-01-01' },
        { objektnummer: returned.objektnummer, atgard: 'aterlamna', iPoolenTill: today },
        { objektnummer: let1.objektnummer, atgard: 'klar' },
        { objektnummer: 'INGEN', atgard: 'klar' },
        { objektnummer, atgard: 'hyrUt' },
      ]),
    ).toEqual([
      'ledig',
      'samma-bostad-tva-ganger',
      'uppgifter-hanger-inte-ihop',
      'renovering',
      'uppgifter-hanger-inte-ihop',
      'aterlamnad',
      'fel-tillstand',
      'okand-bostad',
      'fel-val',
    ])
    expect(await read(made[0].id)).toMatchObject({ tillstand: 'ledig', etag: '"2"' })
    expect(await read(made[2].id)).toMatchObject({ tillstand: 'aterlamnad', iPoolenTill: today })
  })

  test('the number of a hidden home is taken, without more being told', async () => {
    const hidden = bostad()
    const [{ id }] = ok(await post([hidden])).resultat
    const [who] = await queued(harness, 1, { skyddad: true })
    await inOne(harness, work => reserve(work, id, { ...who, fran: today, till: null }))
    expect((await serviceforvaltningen.get(`${path}/${id}`)).status).toBe(404)
    expect(ok(await post([hidden])).resultat).toEqual([
      {
        index: 0,
        utfall: 'avvisad',
        kod: 'finns-redan',
        detail: expect.stringMatching(/^En bostad med objektnumret finns redan\./),
      },
    ])
  })
})

describe('where people are sheltered is written nowhere', () => {
  test('an address is refused with the reason, also when the category is changed', async () => {
    const id = await home(serviceforvaltningen, { adress: 'Exempelgatan 2', lagenhetsnummer: '1101' })
    const change = (body: object) => serviceforvaltningen.patch(`${path}/${id}`, body, { ifMatch: '*' })
    const refused = await change({ kategori: 'jour' })
    expect(refused.status).toBe(422)
    expect(refused.body.errors).toMatchObject([
      { pointer: '/adress', kod: 'far-inte-lagras' },
      { pointer: '/lagenhetsnummer', kod: 'far-inte-lagras' },
    ])
    expect(ok(await change({ kategori: 'jour', adress: null, lagenhetsnummer: null })).kategori).toBe('jour')
    expect((await change({ adress: 'Exempelgatan 2' })).status).toBe(422)
  })

  test('nor does the database take it', async () => {
    const id = await home(serviceforvaltningen, { kategori: 'jour' })
    await expect(harness.owner.query("UPDATE lagenhet SET adress = 'x' WHERE id = $1", [id])).rejects.toMatchObject({
      constraint: 'lagenhet_jour_utan_adress',
    })
  })
})

describe('facts and states', () => {
  test('who keeps the pool corrects the facts, but not the number, nor what others rely on', async () => {
    const id = await home(serviceforvaltningen)
    const change = (body: object, ifMatch = '*') => serviceforvaltningen.patch(`${path}/${id}`, body, { ifMatch })
    const { etag } = await read(id)
    expect(ok(await change({ hyraOre: 860000, tillganglighet: ['hiss'] }, etag))).toMatchObject({ hyraOre: 860000 })
    expect((await change({ rum: 3 }, etag)).status).toBe(412)
    expect((await change({ objektnummer: 'X1' })).status).toBe(400)
    const [who] = await queued(harness, 1)
    await inOne(harness, work => reserve(work, id, { ...who, fran: today, till: null }))
    expect((await change({ kategori: 'bostadForst' })).body.errors).toMatchObject([{ kod: 'bostaden-ar-upptagen' }])
    expect((await change({ hyraOre: 870000 })).status).toBe(200)
  })

  test('from planned to returned, with the days that it stood vacant', async () => {
    const id = await home(serviceforvaltningen, { klar: false, iPoolenFran: today })
    expect((await command(id, 'besiktning', { behoverRenoveras: false })).body.kod).toBe('fel-tillstand')
    expect(ok(await command(id, 'klar'))).toMatchObject({ tillstand: 'ledig', vakansdagar: 0 })
    harness.clock.day = '2026-10-26'
    // Over the night that summer time ends: days, not hours.
    expect((await read(id)).vakansdagar).toBe(41)
    expect((await command(id, 'aterlamning', { iPoolenTill: '2026-10-27' })).status).toBe(422)
    expect((await command(id, 'aterlamning', { iPoolenTill: '2026-09-14' })).status).toBe(422)
    expect(ok(await command(id, 'aterlamning', { iPoolenTill: '2026-10-26' }))).toMatchObject({
      tillstand: 'aterlamnad',
      iPoolenTill: '2026-10-26',
      vakansdagar: null,
    })
    const after = await serviceforvaltningen.patch(`${path}/${id}`, { hyraOre: 1000 }, { ifMatch: '*' })
    expect(after.body.kod).toBe('bostaden-har-lamnat-bestandet')
  })

  test.each([
    [true, 'renovering'],
    [false, 'ledig'],
  ])('an emptied home that needs repair (%s) becomes %s', async (behoverRenoveras, tillstand) => {
    const id = await home(serviceforvaltningen)
    await harness.owner.query(
      "UPDATE lagenhet SET tillstand = 'tomstalld', tillstand_sedan = '2026-09-01', tom_sedan = '2026-09-01' WHERE id = $1",
      [id],
    )
    expect((await read(id)).vakansdagar).toBe(14)
    const done = ok(await command(id, 'besiktning', { behoverRenoveras }))
    expect(done).toMatchObject({ tillstand, tillstandSedan: today })
    if (behoverRenoveras) expect(ok(await command(id, 'klar')).tillstand).toBe('ledig')
  })

  test('boendeenheten can do the same with homes, a caseworker can not, and neither can add any', async () => {
    const id = await home(serviceforvaltningen, { klar: false })
    expect((await command(id, 'klar', {}, handlaggare, '/lagenheter')).status).toBe(403)
    expect(Object.keys(ok(await handlaggare.get(`/lagenheter/${id}`))._links)).not.toContain('klar')
    expect(ok(await boendeenhet.get(`/lagenheter/${id}`))._links).toHaveProperty('klar')
    expect(ok(await command(id, 'klar', {}, boendeenhet, '/lagenheter')).tillstand).toBe('ledig')
    expect((await boendeenhet.post(path, { lagenheter: [bostad()] })).status).toBe(403)
  })
})

describe('a spreadsheet', () => {
  const kolumner =
    'objektnummer;agare;kategori;adress;lagenhetsnummer;omrade;rum;yta;hyra;tillganglighet;blockhyrd;i_poolen_fran'
  const send = (rows: string[], query = '') =>
    serviceforvaltningen.post(`${path}/importer${query}`, [kolumner, ...rows].join('\r\n'), { type: 'text/csv' })
  const good = 'CSV-1;lkf;stodlagenhet;Exempelgatan 3;1203;norraFaladen;2;54;8 450,00;hiss, rullstol;nej;2026-09-15'
  const planned = 'CSV-2;privat;bostadForst;;;ostraTorn;1;;7 200;;ja;2026-09-16'

  test('is imported, and the same file again changes nothing', async () => {
    expect(ok(await send([good, planned], '?dryRun=true'))).toMatchObject({ importerade: 2, dryRun: true })
    expect(ok(await send([good, planned]))).toMatchObject({ rader: 2, importerade: 2, oforandrade: 0, avvisade: [] })
    expect(ok(await send([good, planned]))).toMatchObject({ importerade: 0, oforandrade: 2 })
    const one = async (nummer: string) => ok(await boendeenhet.get(`/lagenheter?objektnummer=${nummer}`)).lagenheter[0]
    expect(await one('CSV-1')).toMatchObject({
      tillstand: 'ledig',
      hyraOre: 845000,
      tillganglighet: ['hiss', 'rullstol'],
      blockhyrd: false,
      yta: 54,
    })
    expect(await one('CSV-2')).toMatchObject({ tillstand: 'planerad', adress: null, yta: null, blockhyrd: true })
  })

  test('every bad row is told of, and nothing is imported unless the good ones are asked for', async () => {
    const rows = [
      'CSV-3;lkf;stodlagenhet;;;norraFaladen;2;;8450;;nej;2026-09-01',
      'CSV-4;lkf;jour;Exempelgatan 4;;norraFaladen;2;;8450;;nej;2026-09-01',
      'CSV-5;nagon;stodlagenhet;;;norra fäladen;tva;;8450;;kanske;2026-02-29',
      good.replace('8 450,00', '9 000'),
    ]
    const refused = await send(rows)
    expect(refused.status).toBe(422)
    expect(
      refused.body.avvisade.map(({ rad, falt, kod }: { rad: number; falt: string; kod: string }) => [rad, falt, kod]),
    ).toEqual([
      [3, 'adress', 'far-inte-lagras'],
      [4, 'agare', 'fel-val'],
      [4, 'omrade', 'fel-kod'],
      [4, 'rum', 'fel-antal'],
      [4, 'blockhyrd', 'fel-val'],
      [4, 'i_poolen_fran', 'fel-datum'],
      [5, 'hyra', 'finns-redan-annorlunda'],
    ])
    expect(JSON.stringify(refused.body)).not.toContain('Exempelgatan')
    expect(ok(await send(rows, '?delvis=true'))).toMatchObject({ importerade: 1, oforandrade: 0 })
  })

  test('is for serviceförvaltningen', async () => {
    expect((await boendeenhet.post(`${path}/importer`, kolumner, { type: 'text/csv' })).status).toBe(403)
  })
})

describe('homes that are vacant on some days', () => {
  const omrade = 'ledigheten'
  const lediga = async (query: string): Promise<string[]> =>
    ok(await handlaggare.get(`/lagenheter/lediga?omrade=${omrade}&${query}`)).lagenheter.map(
      ({ id }: { id: string }) => id,
    )

  test('are ready, in the pool on those days, and nobody’s on any of them', async () => {
    const at = (fields: object) => home(serviceforvaltningen, { omrade, ...fields })
    const small = await at({ rum: 1, hyraOre: 600000 })
    const large = await at({ rum: 4, hyraOre: 1200000, tillganglighet: ['hiss', 'rullstol'], kategori: 'bostadForst' })
    const later = await at({ iPoolenFran: '2026-10-01' })
    const leaves = await at({ iPoolenTill: '2026-10-31' })
    await at({ klar: false })
    const [who, other] = await queued(harness, 2)
    const promised = await at({})
    await inOne(harness, work => reserve(work, promised, { ...who, fran: today, till: null }))
    const until = await at({})
    await inOne(harness, work =>
      reserve(work, until, { ...(other as typeof who), fran: '2026-11-01', till: '2026-11-30' }),
    )
    await harness.owner.query("UPDATE lagenhet SET tillstand = 'ledig' WHERE id = $1", [until])

    expect((await lediga('fran=2026-09-20&till=2026-10-31')).sort()).toEqual([small, large, leaves, until].sort())
    expect((await lediga('fran=2026-10-01&till=2026-11-01')).sort()).toEqual([small, large, later].sort())
    expect((await lediga('fran=2026-12-01')).sort()).toEqual([small, large, later, until].sort())
    expect(await lediga('minRum=3')).toEqual([large])
    expect(await lediga('maxRum=1&maxHyraOre=700000')).toEqual([small])
    expect(await lediga('tillganglighet=RULLSTOL,hiss')).toEqual([large])
    expect(await lediga('tillganglighet=hiss,ramp')).toEqual([])
    expect(await lediga('kategori=bostadForst')).toEqual([large])
    const backwards = await handlaggare.get('/lagenheter/lediga?fran=2026-10-02&till=2026-10-01')
    expect(backwards.status).toBe(422)
  })

  test('the list filters on what a home is like and what state it is in', async () => {
    const query = '/lagenheter?omrade=ledigheten&agare=lkf'
    const states = async (more: string) =>
      ok(await handlaggare.get(`${query}${more}`)).lagenheter.map((one: { tillstand: string }) => one.tillstand)
    expect(await states('&tillstand=planerad')).toEqual(['planerad'])
    expect(await states('&minRum=4&sort=-objektnummer')).toEqual(['ledig'])
    expect(await states('&kategori=hotellagenhet')).toEqual([])
    expect((await harness.as('kvarbo').get('/lagenheter')).status).toBe(403)
  })
})
