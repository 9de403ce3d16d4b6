import {
  child,
  created,
  decided,
  finishedChecklist,
  investigate,
  investigated,
  motivering,
  ok,
  openCase,
} from '../cases.ts'
import { type Client, startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'

const harness = await startTestApp()
const maja = harness.as('handlaggare', undefined, 'maja')
const ove = harness.as('handlaggare', undefined, 'ove')
const karin = harness.as('beslutsfattare', undefined, 'karin')
const administrator = harness.as('administrator')
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const decide = (id: string, body: object, client: Client = karin) =>
  client.post(`/arenden/${id}/beslut`, { utfall: 'bifall', motivering, ...body }, { ifMatch: '*' })
const command = (client: Client, id: string, path: string, body: object = {}) =>
  client.post(`/arenden/${id}/${path}`, body, { ifMatch: '*' })

describe('an application', () => {
  test('gets a number, waits for whoever takes it, and is theirs', async () => {
    const { id: hushallId } = await createHousehold(maja)
    const body = { insats: 'stodlagenhet', hushallId, ansokanDatum: '2026-09-10', kanal: 'papper' }
    const arende = created(await maja.post('/arenden', body))
    expect(arende).toMatchObject({ tillstand: 'inkommen', handlaggare: null, insats: 'stodlagenhet' })
    expect(arende.arendenummer).toMatch(/^AR-2026-\d{5}$/)
    const started = ok(await command(ove, arende.id, 'utredningsstart'))
    expect(started).toMatchObject({ tillstand: 'utredning', handlaggare: 'ove' })
    const mine = ok(await ove.get('/arenden?handlaggare=mig&oppet=true'))
    expect((mine.arenden as { id: string }[]).map(({ id }) => id)).toContain(arende.id)
    expect(ok(await maja.get(`/arenden?handlaggare=mig&hushallId=${hushallId}`)).arenden).toEqual([])
    const handed = ok(await command(ove, arende.id, 'tilldelning', { handlaggare: 'maja', skal: 'Byter tjänst.' }))
    expect(handed).toMatchObject({ handlaggare: 'maja', tilldelningsskal: 'Byter tjänst.' })
  })

  test.each([
    ['a household that is not there', { hushallId: crypto.randomUUID() }, '/hushallId'],
    ['a day to come', { ansokanDatum: '2026-09-16' }, '/ansokanDatum'],
    ['a person of another household', { personId: crypto.randomUUID() }, '/personId'],
  ])('is refused for %s', async (_, fields, pointer) => {
    const { id: hushallId } = await createHousehold(maja)
    const body = { insats: 'fortur', hushallId, ansokanDatum: '2026-09-10', kanal: 'papper', ...fields }
    const answer = await maja.post('/arenden', body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer }])
  })

  test('is completed in time, or goes on without', async () => {
    const arende = await openCase(maja)
    const asked = ok(
      await command(maja, arende.id, 'kompletteringsbegaran', { begart: 'Intyg.', senast: '2026-09-20' }),
    )
    expect(asked.tillstand).toBe('komplettering')
    expect(ok(await command(maja, arende.id, 'komplettering', { inkommen: '2026-09-14' }))).toMatchObject({
      tillstand: 'utredning',
      kompletteringInkommen: '2026-09-14',
    })
    await command(maja, arende.id, 'kompletteringsbegaran', { begart: 'Mer.', senast: '2026-09-20' })
    await harness.job('kompletteringstider-gar-ut', '2026-09-20')
    expect(ok(await maja.get(`/arenden/${arende.id}`)).tillstand).toBe('komplettering')
    await harness.job('kompletteringstider-gar-ut', '2026-09-21')
    expect(ok(await maja.get(`/arenden/${arende.id}`)).tillstand).toBe('utredning')
  })

  test('is written off with a reason, and then nothing more happens in it', async () => {
    const arende = await openCase(maja)
    const body = { orsak: 'aterkallad', motivering: 'Har fått eget kontrakt.' }
    expect(ok(await command(maja, arende.id, 'avskrivning', body)).tillstand).toBe('avskriven')
    const { etag } = ok(await maja.get(`/arenden/${arende.id}/utredning`))
    const late = await maja.put(`/arenden/${arende.id}/utredning`, {}, { ifMatch: etag })
    expect([late.status, late.body.kod]).toEqual([409, 'utredningen-ar-last'])
    expect((await decide(arende.id, {})).body.kod).toBe('fel-tillstand')
  })
})

describe('an investigation', () => {
  test('saves as a draft at any time, and says what is missing in plain Swedish', async () => {
    const arende = await openCase(maja, { insats: 'stodlagenhet' })
    await investigate(maja, arende.id, { stodbehov: 'Ekonomi.' })
    const first = ok(await maja.get(`/arenden/${arende.id}/fullstandighet`))
    expect((first.saknas as { kod: string }[]).map(({ kod }) => kod)).toEqual([
      'brukarsynpunktSaknas',
      'planeringSaknas',
      'ekonomiSaknas',
      'inteHord',
    ])
    expect(first).toMatchObject({ kanBeviljas: false, kanAvslas: false })
    await investigate(maja, arende.id, { ...investigated, grunder: [], intyg: [] })
    expect(ok(await maja.get(`/arenden/${arende.id}/fullstandighet`))).toMatchObject({
      kanBeviljas: true,
      kanAvslas: false,
      saknas: [{ kod: 'inteHord' }],
    })
  })

  test('tells the plan’s groups from the register, and takes the others with a reason', async () => {
    const household = await createHousehold(maja, [child()])
    ok(await maja.patch(`/hushall/${household.id}`, { bostadslosSedan: '2026-03-14' }, { ifMatch: '*' }))
    const arende = await openCase(maja, { hushallId: household.id })
    const sattaGrupper = [{ grupp: 'psykiskOhalsa', skal: 'Kontakt med psykiatrin.' }]
    const { prioriteradeGrupper } = await investigate(maja, arende.id, { ...investigated, sattaGrupper })
    // Made-up people of the tests are born around 1950: age pensioners.
    expect(prioriteradeGrupper).toMatchObject([
      { grupp: 'barnfamilj', kalla: 'registret' },
      { grupp: 'alderspensionar', kalla: 'registret' },
      { grupp: 'hemlosMerAn6Manader', kalla: 'registret' },
      { grupp: 'psykiskOhalsa', kalla: 'satt', skal: 'Kontakt med psykiatrin.' },
    ])
  })

  test('is not saved over another’s changes', async () => {
    const arende = await openCase(maja)
    const { etag } = ok(await maja.get(`/arenden/${arende.id}/utredning`))
    await investigate(ove, arende.id)
    const answer = await maja.put(`/arenden/${arende.id}/utredning`, {}, { ifMatch: etag })
    expect(answer.status).toBe(412)
  })

  test.each([
    ['a view and why there is none', { brukarsynpunktSaknas: 'Nej.' }, '/brukarsynpunktSaknas'],
    ['a certificate of no ground', { grunder: [] }, '/intyg/0/grund'],
    ['registered from a day to come', { folkbokfordSedan: '2026-09-16' }, '/folkbokfordSedan'],
  ])('is refused with %s', async (_, fields, pointer) => {
    const arende = await openCase(maja)
    const answer = await maja.put(`/arenden/${arende.id}/utredning`, { ...investigated, ...fields }, { ifMatch: '*' })
    expect(answer.status).toBe(422)
    expect(answer.body.errors).toMatchObject([{ pointer }])
  })

  test('may be completed after the decision, never emptied of what it rests on', async () => {
    const { arende } = await decided(maja, karin)
    const put = (fields: object) => maja.put(`/arenden/${arende.id}/utredning`, fields, { ifMatch: '*' })
    expect((await put({ ...investigated, bostadsskuldOre: 0 })).status).toBe(200)
    const emptied = await put({ ...investigated, brukarsynpunkt: null })
    expect([emptied.status, emptied.body.kod]).toEqual([409, 'utredningen-bar-beslutet'])
  })
})

describe('a decision', () => {
  test('is refused for a household with children until the checklist is there, and names what is missing', async () => {
    const household = await createHousehold(maja, [child()])
    const arende = await openCase(maja, { hushallId: household.id })
    await investigate(maja, arende.id)
    const refused = await decide(arende.id, {})
    expect(refused.status).toBe(409)
    expect(refused.body).toMatchObject({
      kod: 'underlaget-racker-inte',
      saknas: [{ kod: 'barnchecklistaSaknas', text: expect.stringContaining('barnchecklista') }],
    })
    expect(ok(await maja.get(`/beslut?arendeId=${arende.id}`)).beslut).toEqual([])
    const checklist = await finishedChecklist(maja, household.id, arende.id)
    const made = created(await decide(arende.id, {}))
    expect(made).toMatchObject({ antalBarn: 1, barnchecklistaId: checklist.id, barnchecklistaUndantag: null })
  })

  test('may be taken without the checklist with a reason, which is kept', async () => {
    const household = await createHousehold(maja, [child()])
    const arende = await openCase(maja, { hushallId: household.id })
    await investigate(maja, arende.id)
    const made = created(await decide(arende.id, { barnchecklistaUndantag: 'Familjen står utan tak i natt.' }))
    expect(made).toMatchObject({ barnchecklistaId: null, barnchecklistaUndantag: 'Familjen står utan tak i natt.' })
  })

  test.each([
    ['made for the household', (id: string) => finishedChecklist(maja, id), 201],
    ['that is six months old', (id: string) => aged(id, '2026-03-15'), 201],
    ['that is a day older', (id: string) => aged(id, '2026-03-14'), 409],
  ])('rests on a checklist %s: %s', async (what, prepare, status) => {
    const household = await createHousehold(maja, [child()])
    const arende = await openCase(maja, { hushallId: household.id })
    await investigate(maja, arende.id)
    await prepare(household.id)
    expect([what, (await decide(arende.id, {})).status]).toEqual([what, status])
  })
  async function aged(hushallId: string, klarDatum: string) {
    const { id } = await finishedChecklist(maja, hushallId)
    await harness.owner.query('UPDATE barnchecklista SET klar_datum = $2 WHERE id = $1', [id, klarDatum])
  }

  test('does not rest on a checklist that was made for another case, or that misses a child', async () => {
    const household = await createHousehold(maja, [child()])
    const other = await openCase(maja, { hushallId: household.id, insats: 'stodlagenhet' })
    await finishedChecklist(maja, household.id, other.id)
    const arende = await openCase(maja, { hushallId: household.id })
    await investigate(maja, arende.id)
    expect((await decide(arende.id, {})).body.kod).toBe('underlaget-racker-inte')
    await finishedChecklist(maja, household.id, arende.id)
    created(await maja.post(`/hushall/${household.id}/personer`, child()))
    const refused = await decide(arende.id, {})
    expect(refused.body.saknas).toMatchObject([{ text: expect.stringContaining('alla barn') }])
  })

  test('against the party waits until it has been heard', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id)
    const refuse = () => decide(arende.id, { utfall: 'avslag' })
    expect((await refuse()).body.saknas).toMatchObject([{ kod: 'inteHord' }])
    ok(await command(maja, arende.id, 'kommunicering', { yttrandeSenast: '2026-09-20' }))
    expect((await refuse()).body.saknas).toMatchObject([{ kod: 'inteHord' }])
    harness.clock.day = '2026-09-20'
    expect((await refuse()).status).toBe(409)
    harness.clock.day = '2026-09-21'
    expect(created(await refuse())).toMatchObject({ utfall: 'avslag', giltigFran: null, datum: '2026-09-21' })
  })

  test('needs the criteria for förtur met, or an exemption; each with the value that was used', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id, { ...investigated, folkbokfordSedan: '2025-01-01', koRegistrerad: false })
    const refused = await decide(arende.id, {})
    expect(refused.body.saknas).toMatchObject([
      { kod: 'kriterierEjUppfyllda', text: expect.stringMatching(/Folkbokföring.*Kö/s) },
    ])
    await investigate(maja, arende.id, {
      ...investigated,
      folkbokfordSedan: '2025-01-01',
      undantagFolkbokforing: 'hotEllerVald',
    })
    const made = created(await decide(arende.id, {}))
    expect(made.kriterier).toEqual(
      expect.arrayContaining([
        { kod: 'minFolkbokfordManader', krav: 24, varde: 19, utfall: 'undantag' },
        { kod: 'kravKo', krav: true, varde: true, utfall: 'uppfyllt' },
      ]),
    )
  })

  test('rests on the provision that holds on its day', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id)
    const wrong = await decide(arende.id, { lagrum: '4 kap. 1 § SoL (2001:453)' })
    expect(wrong.body.errors).toMatchObject([{ pointer: '/lagrum', detail: expect.stringContaining('11 kap. 1 §') }])
    expect(created(await decide(arende.id, {})).lagrum).toBe('11 kap. 1 § SoL (2025:400)')
    harness.clock.day = '2025-06-30'
    const before = await decided(maja, karin, {
      ansokanDatum: '2025-05-01',
      beslut: {},
    })
    expect(before.beslut.lagrum).toBe('4 kap. 1 § SoL (2001:453)')
  })

  test('cannot be changed by anyone, not even by the service’s own database role', async () => {
    const { beslut } = await decided(maja, karin)
    const change = harness.db.transaction(
      { sub: 'x', part: 'system', partId: null, roller: [], klient: 'x' },
      {},
      ({ db }) => db.query("UPDATE beslut SET motivering = 'En annan.' WHERE id = $1", [beslut.id]),
    )
    await expect(change).rejects.toThrow(/permission denied/)
  })

  test('is corrected by a new one that names it, never to the party’s disadvantage', async () => {
    const { arende, beslut } = await decided(maja, karin, { insats: 'tillfalligtBoende', utfall: 'avslag' })
    const correct = (body: object) =>
      karin.post(`/arenden/${arende.id}/omprovning`, { motivering, ...body }, { ifMatch: '*' })
    const times = { giltigFran: '2026-09-15', giltigTill: '2026-10-10' }
    const other = await correct({ ersatterId: crypto.randomUUID(), utfall: 'bifall', ...times })
    expect(other.body.kod).toBe('inte-gallande-beslut')
    const better = created(await correct({ ersatterId: beslut.id, utfall: 'bifall', ...times }))
    expect(better.ersatterId).toBe(beslut.id)
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).ersattAvId).toBe(better.id)
    expect(ok(await maja.get(`/arenden/${arende.id}`))).toMatchObject({ tillstand: 'bifall', beslutId: better.id })
    const worse = await correct({ ersatterId: better.id, utfall: 'avslag' })
    expect([worse.status, worse.body.kod]).toEqual([409, 'andring-till-nackdel'])
  })

  test('twenty at once: one decision, one förtur', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id)
    const answers = await Promise.all(Array.from({ length: 20 }, () => decide(arende.id, {})))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)])
    expect(ok(await maja.get(`/forturer?hushallId=${arende.hushallId}`)).forturer).toHaveLength(1)
  })
})

describe('who may decide', () => {
  test('nobody outside the delegation: time, named people, role, and it says why', async () => {
    const arende = await openCase(maja, { insats: 'tillfalligtBoende' })
    await investigate(maja, arende.id)
    const long = await decide(arende.id, { giltigTill: '2026-10-15' })
    expect([long.status, long.body.kod]).toEqual([403, 'utanfor-delegationen'])
    expect(long.body.detail).toContain('4.5 gäller högst 1 månad.')
    const delegation = created(
      await administrator.post('/delegationer', {
        delegationspunkt: '4.5 b',
        beskrivning: 'Tillfälligt boende, enhetschef',
        insats: 'tillfalligtBoende',
        utfall: ['bifall'],
        delegater: ['chefen'],
        maxGiltighetManader: 3,
        giltigFran: '2026-01-01',
      }),
    )
    expect((await decide(arende.id, { giltigTill: '2026-10-15' })).body.detail).toContain('given till andra personer')
    const chef = harness.as('beslutsfattare', undefined, 'chefen')
    const made = created(await decide(arende.id, { giltigTill: '2026-10-15' }, chef))
    expect(made).toMatchObject({ delegationspunkt: '4.5 b', delegationId: delegation.id, beslutsfattare: 'chefen' })
  })

  test('nobody after the delegation has ended', async () => {
    const made = created(
      await administrator.post('/delegationer', {
        delegationspunkt: '9.9',
        beskrivning: 'På prov',
        insats: 'bostadForst',
        utfall: ['bifall', 'delvisBifall', 'avslag'],
        delegater: ['vikarien'],
        giltigFran: '2026-01-01',
      }),
    )
    const arende = await openCase(maja, { insats: 'bostadForst' })
    await investigate(maja, arende.id)
    ok(
      await administrator.post(
        `/delegationer/${made.id}/upphorande`,
        { giltigTill: '2026-09-15' },
        { ifMatch: made.etag },
      ),
    )
    harness.clock.day = '2026-09-16'
    const vikarie = harness.as('beslutsfattare', undefined, 'vikarien')
    const late = await decide(arende.id, { delegationspunkt: '9.9' }, vikarie)
    expect([late.status, late.body.detail]).toEqual([403, expect.stringContaining('gäller inte i dag')])
  })

  test('nobody with a conflict of interest: not to decide, not to handle, not to be given the case', async () => {
    const arende = await openCase(maja)
    await investigate(maja, arende.id)
    const skal = 'Nära släkting till sökanden.'
    created(await karin.post(`/arenden/${arende.id}/jav`, { sub: 'karin', skal }))
    expect((await karin.post(`/arenden/${arende.id}/jav`, { sub: 'karin', skal })).status).toBe(409)
    const refused = await decide(arende.id, {})
    expect([refused.status, refused.body.kod]).toEqual([403, 'jav'])
    created(await maja.post(`/arenden/${arende.id}/jav`, { sub: 'ove', skal }))
    expect((await command(maja, arende.id, 'tilldelning', { handlaggare: 'ove' })).status).toBe(422)
    expect((await ove.put(`/arenden/${arende.id}/utredning`, investigated, { ifMatch: '*' })).body.kod).toBe('jav')
    expect((await decide(arende.id, {}, harness.as('beslutsfattare', undefined, 'annan'))).status).toBe(201)
  })
})

describe('after the decision', () => {
  const refused = async () => {
    const made = await decided(maja, karin, { insats: 'tillfalligtBoende', utfall: 'avslag' })
    return { ...made, id: made.arende.id as string }
  }
  const deliver = (id: string, delgivenDatum: string) =>
    maja.post(`/beslut/${id}/delgivning`, { delgivenDatum, delgivningssatt: 'personligen' }, { ifMatch: '*' })

  test('the time to appeal runs from delivery, and legal force comes by itself', async () => {
    const { beslut } = await refused()
    expect(ok(await deliver(beslut.id, '2026-09-15')).overklagasSenast).toBe('2026-10-06')
    expect((await deliver(beslut.id, '2026-09-15')).body.kod).toBe('redan-delgivet')
    await harness.job('beslut-far-laga-kraft', '2026-10-06')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBeNull()
    await harness.job('beslut-far-laga-kraft', '2026-10-07')
    await harness.job('beslut-far-laga-kraft', '2026-10-08')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBe('2026-10-07')
  })

  test('an undelivered refusal has no time, and stands on the worklist after fourteen days', async () => {
    const { id, beslut } = await refused()
    await harness.job('beslut-far-laga-kraft', '2027-09-15')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBeNull()
    const waiting = async (day: string) => {
      harness.clock.day = day
      const { uppgifter } = ok(await maja.get('/mitt?limit=100'))
      return (uppgifter as { slag: string; beslutId: string; forfaller: string }[]).filter(
        u => u.beslutId === beslut.id,
      )
    }
    expect(await waiting('2026-09-28')).toEqual([])
    expect(await waiting('2026-09-29')).toMatchObject([
      { slag: 'avslagInteDelgivet', forfaller: '2026-09-29', forsenad: false, arendeId: id },
    ])
    expect(await waiting('2026-09-30')).toMatchObject([{ forsenad: true }])
  })

  test('an appeal in time goes to the court, and a judgement for the party is carried out by a new decision', async () => {
    const { id, beslut } = await refused()
    ok(await deliver(beslut.id, '2026-09-15'))
    harness.clock.day = '2026-10-06'
    expect(ok(await command(maja, id, 'overklagande', { inkommet: '2026-10-06' }))).toMatchObject({
      tillstand: 'overklagad',
      overklagadIRattTid: true,
    })
    await harness.job('beslut-far-laga-kraft', '2026-12-01')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBeNull()
    expect((await command(karin, id, 'overklagande/avvisning', { motivering })).body.kod).toBe(
      'overklagandet-kom-i-tid',
    )
    const dom = { datum: '2026-10-06', utfall: 'bifall', malnummer: '1234-26' }
    expect((await command(maja, id, 'dom', dom)).body.kod).toBe('inte-overlamnat')
    ok(await command(maja, id, 'overlamnande', { domstol: 'Förvaltningsrätten i Malmö' }))
    expect((await command(maja, id, 'overlamnande', { domstol: 'En till' })).body.kod).toBe('redan-overlamnat')
    expect(ok(await command(maja, id, 'dom', dom))).toMatchObject({ tillstand: 'dom', domUtfall: 'bifall' })
    const { body } = await karin.post(
      `/arenden/${id}/omprovning`,
      { ersatterId: beslut.id, utfall: 'bifall', giltigTill: '2026-11-01', motivering: 'Enligt domen.' },
      { ifMatch: '*' },
    )
    expect(body).toMatchObject({ utfall: 'bifall', ersatterId: beslut.id })
  })

  test('an appeal that came late is rejected, and the decision stands', async () => {
    const { id, beslut } = await refused()
    ok(await deliver(beslut.id, '2026-09-15'))
    harness.clock.day = '2026-10-07'
    expect(ok(await command(maja, id, 'overklagande', { inkommet: '2026-10-07' })).overklagadIRattTid).toBe(false)
    expect((await command(maja, id, 'overlamnande', { domstol: 'X' })).body.kod).toBe('overklagandet-kom-for-sent')
    expect(ok(await command(karin, id, 'overklagande/avvisning', { motivering }))).toMatchObject({
      tillstand: 'avslag',
      avvisadDatum: '2026-10-07',
    })
    await harness.job('beslut-far-laga-kraft', '2026-10-07')
    expect(ok(await maja.get(`/beslut/${beslut.id}`)).lagaKraftDatum).toBe('2026-10-07')
  })

  test('an appealed decision may be reconsidered by the municipality itself', async () => {
    const { id, beslut } = await refused()
    ok(await command(maja, id, 'overklagande', { inkommet: '2026-09-15' }))
    const body = { ersatterId: beslut.id, utfall: 'bifall', giltigTill: '2026-10-01', motivering }
    created(await karin.post(`/arenden/${id}/omprovning`, body, { ifMatch: '*' }))
    expect(ok(await maja.get(`/arenden/${id}`))).toMatchObject({ tillstand: 'omprovad', overklagadDatum: null })
  })
})

test('a granted guarantee is made by its case, and says so', async () => {
  const { arende, beslut } = await decided(maja, karin, {
    insats: 'hyresgaranti',
    beslut: { hyresgaranti: { garantityp: 'kommunal', garanteradeManader: 6 } },
  })
  const { hyresgarantier } = ok(await maja.get(`/hyresgarantier?hushallId=${arende.hushallId}`))
  expect(hyresgarantier).toMatchObject([
    {
      ursprung: 'arende',
      arendeId: arende.id,
      tillstand: 'beviljad',
      beslutDatum: '2026-09-15',
      beslutsfattare: 'karin',
      ansokanDatum: '2026-08-20',
      lagrum: '2 kap. 6 § lagen (2009:47)',
      beviljadGiltigTill: beslut.giltigTill,
      overklagandetyp: 'laglighetsprovning',
    },
  ])
  expect(beslut.overklagandetyp).toBe('laglighetsprovning')
})

test('slow cases are flagged at each limit, once', async () => {
  const arende = await openCase(maja, { ansokanDatum: '2026-08-20' })
  await harness.job('flagga-langsamma-arenden', '2026-09-18')
  expect(ok(await maja.get(`/arenden/${arende.id}`)).fordrojdDagar).toBeNull()
  await harness.job('flagga-langsamma-arenden', '2026-09-19')
  const first = ok(await maja.get(`/arenden/${arende.id}`))
  expect(first).toMatchObject({ fordrojdDagar: 30, fordrojdDatum: '2026-09-19' })
  await harness.job('flagga-langsamma-arenden', '2026-09-20')
  expect(ok(await maja.get(`/arenden/${arende.id}`)).etag).toBe(first.etag)
  await harness.job('flagga-langsamma-arenden', '2026-12-24')
  expect(ok(await maja.get(`/arenden/${arende.id}`)).fordrojdDagar).toBe(60)
})

test('the delegation list tells the board what was decided in a period, and by whom', async () => {
  harness.clock.day = '2026-11-05'
  const { beslut, arende } = await decided(maja, karin, { insats: 'tillfalligtBoende', utfall: 'avslag' })
  const list = ok(await karin.get('/beslut?fran=2026-11-01&till=2026-11-30&insats=tillfalligtBoende'))
  expect(list.beslut).toMatchObject([{ id: beslut.id, arendenummer: arende.arendenummer, beslutsfattare: 'karin' }])
  const csv = await karin.get('/beslut?fran=2026-11-01&till=2026-11-30', { accept: 'text/csv' })
  expect(csv.text).toContain(`2026-11-05;${arende.arendenummer};tillfalligtBoende;avslag;4.5;karin`)
  expect(csv.text).not.toContain(motivering)
})

test('the history of a case tells everything, in order', async () => {
  const { arende } = await decided(maja, karin)
  const { historik } = ok(await maja.get(`/arenden/${arende.id}/historik?limit=100`))
  expect(
    (historik as { atgard: string; resurs: string; av: string }[]).map(h => `${h.av} ${h.atgard} ${h.resurs}`),
  ).toEqual([
    'maja registrera arende',
    'maja registrera utredning',
    'maja paborjaUtredning arende',
    'maja utred utredning',
    'karin besluta beslut',
    'karin besluta arende',
  ])
})
