import { randomUUID } from 'node:crypto'
import { type Client, startTestApp } from '../harness.ts'
import {
  activate,
  createHousehold,
  createLandlord,
  goodAnswer,
  grant,
  nextPersonnummer,
  openRound,
  reviewOf,
  testOrganisationsnummer,
} from '../people.ts'

const harness = await startTestApp()
const worker = harness.as(['handlaggare', 'beslutsfattare'])
const cleared = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])

let made = 700
const aLandlord = () => ({
  namn: 'Nyckelbostäder AB',
  organisationsnummer: testOrganisationsnummer(made++),
  fastighetsagartyp: 'privat',
})
const aHousehold = () => ({
  personer: [{ personnummer: nextPersonnummer(), fornamn: 'Nyckelina', efternamn: 'Låsberg', roll: 'sokande' }],
})
const aCriterion = { giltigFran: '2026-01-01', minManaderITid: 12 }

const tables = [
  'hushall',
  'person',
  'hyresvard',
  'kriterieuppsattning',
  'hyresgaranti',
  'garantikrav',
  'regressbetalning',
  'genomgang',
  'historik',
]
/** How many rows there are of everything, and of what happened. */
async function counts(): Promise<Record<string, number>> {
  const columns = tables.map(table => `(SELECT count(*)::int FROM ${table}) AS ${table}`)
  return (await harness.owner.query(`SELECT ${columns.join(', ')}`)).rows[0]
}

type Case = { path: string; body: object; other: object; method?: 'post' | 'patch'; ifMatch?: string }
/** Of each kind of change one, and another body that would be just as good. */
const cases: Record<string, () => Promise<Case>> = {
  'a household': async () => ({ path: '/hushall', body: aHousehold(), other: aHousehold() }),
  'a landlord': async () => ({ path: '/hyresvardar', body: aLandlord(), other: aLandlord() }),
  'criteria, which could be made again and again': async () => {
    const { id } = await createLandlord(worker)
    const other = { ...aCriterion, minManaderITid: 6 }
    return { path: `/hyresvardar/${id}/kriterieuppsattningar`, body: aCriterion, other }
  },
  'a guarantee': async () => {
    const { id: hushallId } = await createHousehold(worker)
    const body = {
      hushallId,
      garantityp: 'kommunal',
      garanteradeManader: 6,
      beslutDatum: '2026-01-20',
      beslutsfattare: 'K',
    }
    return { path: '/hyresgarantier', body, other: { ...body, garanteradeManader: 5 } }
  },
  'a claim': async () => {
    const { id } = await activate(worker)
    const body = { hyresmanad: '2026-03', kravtBeloppOre: 800000 }
    return { path: `/hyresgarantier/${id}/krav`, body, other: { ...body, hyresmanad: '2026-04' } }
  },
  'a command, whose If-Match is stale the second time': async () => {
    const { id, etag } = await activate(worker)
    const path = `/hyresgarantier/${id}/avslutsforslag`
    return { path, body: { motivering: 'Klart.' }, other: { motivering: 'Färdigt.' }, ifMatch: etag }
  },
  'a change, whose If-Match is stale the second time': async () => {
    const { id, etag } = await grant(worker)
    const path = `/hyresgarantier/${id}`
    return { path, method: 'patch', body: { adress: 'Nya gatan 1' }, other: { adress: 'Nya gatan 2' }, ifMatch: etag }
  },
}
const give = (client: Client, { path, method = 'post', ifMatch }: Case, body: object, key?: string) =>
  client[method](path, body, { key, ifMatch })

describe.each(Object.entries(cases))('%s', (_, prepare) => {
  test('is made once by the same request with the same key, and answered alike each time', async () => {
    const one = await prepare()
    const key = randomUUID()
    const first = await give(worker, one, one.body, key)
    expect([200, 201]).toContain(first.status)
    const before = await counts()
    for (let again = 0; again < 3; again++) {
      const { status, text, headers } = await give(worker, one, one.body, key)
      expect({ status, text }).toEqual({ status: first.status, text: first.text })
      for (const header of ['etag', 'location', 'content-type', 'cache-control'])
        expect([header, headers[header]]).toEqual([header, first.headers[header]])
    }
    expect(await counts()).toEqual(before)
  })

  test('is refused with a key that was used for another body, and nothing is made', async () => {
    const one = await prepare()
    const key = randomUUID()
    expect((await give(worker, one, one.body, key)).status).toBeLessThan(300)
    const before = await counts()
    const { status, body } = await give(worker, one, one.other, key)
    expect({ status, kod: body.kod }).toEqual({ status: 422, kod: 'nyckeln-anvand-till-annat' })
    expect(await counts()).toEqual(before)
  })

  test('is made once by ten requests at once with the same key', async () => {
    const one = await prepare()
    const key = randomUUID()
    const before = await counts()
    const answers = await Promise.all(Array.from({ length: 10 }, () => give(worker, one, one.body, key)))
    const done = answers.filter(({ status }) => status < 300)
    expect(done.length).toBeGreaterThan(0)
    expect(new Set(done.map(({ text }) => text)).size).toBe(1)
    for (const { status, body } of answers.filter(answer => !done.includes(answer)))
      expect({ status, kod: body.kod }).toEqual({ status: 409, kod: 'pagar-redan' })
    const after = await counts()
    const again = await give(worker, one, one.body, key)
    expect(again.text).toBe(done[0]?.text)
    expect(await counts()).toEqual(after)
    const { historik: _, ...grown } = Object.fromEntries(tables.map(t => [t, (after[t] ?? 0) - (before[t] ?? 0)]))
    for (const [table, more] of Object.entries(grown)) expect([table, more <= 1]).toEqual([table, true])
  })
})

describe('a key', () => {
  test('is of the address too', async () => {
    const key = randomUUID()
    const [one, two] = [await createLandlord(worker), await createLandlord(worker)]
    const criteria = ({ id }: { id: string }) => `/hyresvardar/${id}/kriterieuppsattningar`
    expect((await worker.post(criteria(one), aCriterion, { key })).status).toBe(201)
    expect((await worker.post(criteria(two), aCriterion, { key })).status).toBe(422)
  })

  test('of one caller says nothing to another', async () => {
    const key = randomUUID()
    const { id } = await createLandlord(worker)
    const give = (client: Client, body: object = aCriterion) =>
      client.post(`/hyresvardar/${id}/kriterieuppsattningar`, body, { key })
    const another = harness.as('handlaggare', 'socialforvaltningen', 'en.annan')
    expect([(await give(worker)).body.nummer, (await give(another)).body.nummer]).toEqual([1, 2])
    // Another body with a key of someone else's is no conflict either.
    const third = harness.as('handlaggare', 'socialforvaltningen', 'en.tredje')
    expect((await give(third, { giltigFran: '2026-02-01' })).body.nummer).toBe(3)
  })

  describe('does not give a stored answer to whoever may not see its household any more:', () => {
    const changed = { fornamn: 'Nyckelvig' }
    const give = (
      client: Client,
      { id, personer }: { id: string; personer: { id: string }[] },
      key: string,
      body: object = changed,
    ) => client.patch(`/hushall/${id}/personer/${personer[0]?.id}`, body, { key, ifMatch: '*' })
    async function expectGone(again: ReturnType<typeof give>) {
      const { status, text } = await again
      expect(status).toBe(404)
      expect(text).not.toContain('Nyckelvig')
    }
    const aProtectedHousehold = () => ({
      personer: [{ ...aHousehold().personer[0], skyddsniva: 'sekretessmarkering' }],
    })

    test('the clearance is taken away', async () => {
      const key = randomUUID()
      const before = harness.as(['handlaggare', 'skyddsgrupp'], 'socialforvaltningen', 'byter.roll')
      const after = harness.as('handlaggare', 'socialforvaltningen', 'byter.roll')
      const { body: household } = await cleared.post('/hushall', aProtectedHousehold())
      const first = await give(before, household, key)
      expect(first.status).toBe(200)
      await expectGone(give(after, household, key))
      expect((await give(before, household, key)).text).toBe(first.text)
    })

    test('the protection is raised', async () => {
      const key = randomUUID()
      const household = await createHousehold(worker)
      expect((await give(worker, household, key)).status).toBe(200)
      await give(cleared, household, randomUUID(), { skyddsniva: 'sekretessmarkering' })
      await expectGone(give(worker, household, key))
    })

    test('the emergency is over', async () => {
      const key = randomUUID()
      const inEmergency = harness.as('handlaggare', 'socialforvaltningen', 'i.nod')
      const { body: household } = await cleared.post('/hushall', aProtectedHousehold())
      await inEmergency.post('/nodatkomster', { hushallId: household.id, skal: 'Vattenskada.' })
      expect((await give(inEmergency, household, key)).status).toBe(200)
      harness.clock.day = '2026-09-16'
      await expectGone(give(inEmergency, household, key))
      harness.clock.day = '2026-09-15'
    })
  })

  test('gives whoever hides a household the same answer again: it is about what they did themselves', async () => {
    const [making, raising] = [randomUUID(), randomUUID()]
    const body = { personer: [{ ...aHousehold().personer[0], skyddsniva: 'sekretessmarkering' }] }
    const made = await worker.post('/hushall', body, { key: making })
    expect(made.status).toBe(201)
    expect((await worker.post('/hushall', body, { key: making })).text).toBe(made.text)
    const { id, personer } = await createHousehold(worker)
    const raise = () =>
      worker.patch(
        `/hushall/${id}/personer/${personer[0].id}`,
        { skyddsniva: 'sekretessmarkering' },
        { key: raising, ifMatch: '*' },
      )
    const raised = await raise()
    expect(raised.status).toBe(200)
    expect((await raise()).text).toBe(raised.text)
  })

  test('of a landlord says nothing to another', async () => {
    const landlords = [await createLandlord(worker), await createLandlord(worker)]
    const [mine, theirs] = [
      await activate(worker, { hyresvardId: landlords[0].id }),
      await activate(worker, { hyresvardId: landlords[1].id }),
    ]
    await openRound(harness)
    const key = randomUUID()
    const svar = [mine, theirs].map(({ avtalsnummer }) => ({ avtalsnummer, ...goodAnswer }))
    const [a, b] = [
      await harness.hyresvard(landlords[0].id).post('/hyresvard/genomgangssvar', { svar }, { key }),
      await harness.hyresvard(landlords[1].id).post('/hyresvard/genomgangssvar', { svar }, { key }),
    ]
    expect(a.body.resultat.map((r: { utfall: string }) => r.utfall)).toEqual(['mottaget', 'avvisat'])
    expect(b.body.resultat.map((r: { utfall: string }) => r.utfall)).toEqual(['avvisat', 'mottaget'])
  })

  test('of a sheet of answers is compared with what stands in it', async () => {
    const { id: hyresvardId } = await createLandlord(worker)
    const garanti = await activate(worker, { hyresvardId })
    await openRound(harness)
    const vard = harness.hyresvard(hyresvardId)
    const key = randomUUID()
    const send = (manader: number) => {
      const sheet = `avtalsnummer;manader_i_tid;forsenade_betalningar;storningar;hyresskuld;rekommenderar_avslut\r\n${garanti.avtalsnummer};${manader};0;0;0;ja\r\n`
      return vard.post('/hyresvard/genomgangssvar', sheet, { key, type: 'text/csv' })
    }
    expect((await send(12)).body.resultat).toMatchObject([{ utfall: 'mottaget' }])
    expect((await send(12)).body.resultat).toMatchObject([{ utfall: 'mottaget' }])
    expect((await send(13)).status).toBe(422)
    expect((await reviewOf(worker, garanti.id)).svar.manaderITid).toBe(12)
  })

  const person = { fornamn: 'Nyckelina', efternamn: 'Låsberg', roll: 'sokande' }
  test.each([
    ['a body that is not right', 400, () => ({ personer: [{ ...person, personnummer: '198507099806' }] })],
    ['a body that is not JSON', 400, () => '{"personer":'],
    [
      'what does not go together',
      422,
      () => ({ personer: [{ ...person, personnummer: nextPersonnummer(), roll: 'barn' }] }),
    ],
    ['another media type', 415, () => undefined],
  ])('is not used up by %s (%d)', async (_, status, wrong) => {
    const key = randomUUID()
    const body = wrong()
    const options = { key, ...(body === undefined && { type: 'text/plain' }) }
    const refused = await worker.post('/hushall', body ?? 'x', options)
    expect(refused.status).toBe(status)
    expect((await worker.post('/hushall', aHousehold(), { key })).status).toBe(201)
  })

  test('is not used up by a refusal that may pass: 412, 409, 404 and 403', async () => {
    const key = randomUUID()
    const { id, etag } = await activate(worker)
    const path = `/hyresgarantier/${id}/avslutsforslag`
    const give = (client: Client, ifMatch?: string, to = path) =>
      client.post(to, { motivering: 'Klart.' }, { key, ifMatch })
    expect((await give(worker)).status).toBe(428)
    expect((await give(worker, '"0"')).status).toBe(412)
    expect((await give(worker, '*', `/hyresgarantier/${randomUUID()}/avslutsforslag`)).status).toBe(404)
    expect(
      (await give(harness.as('boendeenhet', 'socialforvaltningen', 'test.handlaggare.beslutsfattare'), etag)).status,
    ).toBe(403)
    const krav = await worker.post(`/hyresgarantier/${id}/krav`, { hyresmanad: '2026-03', kravtBeloppOre: 100000 })
    expect((await give(worker, '*')).body.kod).toBe('oppet-krav')
    await worker.post(`/hyresgarantier/${id}/krav/${krav.body.id}/aterkallande`, {}, { ifMatch: '*' })
    expect((await give(worker, '*')).body.tillstand).toBe('avslutForeslaget')
  })

  test('is neither used nor made by a dry run', async () => {
    const garanti = await activate(worker)
    await openRound(harness)
    const { id: genomgangId } = await reviewOf(worker, garanti.id)
    const key = randomUUID()
    const body = { utfall: [{ genomgangId, utfall: 'fortsatt', motivering: 'Fortsätt.' }] }
    const dry = () => worker.post('/genomgangar/utfall?dryRun=true', body, { key })
    expect((await dry()).body).toMatchObject({ dryRun: true, resultat: [{ utfall: 'beslutat' }] })
    expect((await worker.post('/genomgangar/utfall', body, { key })).body).toMatchObject({
      dryRun: false,
      resultat: [{ utfall: 'beslutat' }],
    })
    expect((await dry()).body).toMatchObject({ dryRun: true, resultat: [{ utfall: 'avvisat' }] })
  })

  test('is remembered for 48 hours, and then forgotten', async () => {
    const key = randomUUID()
    const { id } = await createLandlord(worker)
    const give = () => worker.post(`/hyresvardar/${id}/kriterieuppsattningar`, aCriterion, { key })
    const first = await give()
    await harness.job('rensa-idempotensnycklar', '2026-09-17')
    expect((await give()).text).toBe(first.text)
    await harness.job('rensa-idempotensnycklar', '2026-09-18')
    expect((await give()).body.nummer).toBe(first.body.nummer + 1)
    expect((await harness.owner.query('SELECT count(*)::int AS n FROM idempotensnyckel')).rows[0].n).toBe(1)
  })

  test('of the longest kind is taken, and it is kept with an answer that nobody can read', async () => {
    const household = aHousehold()
    const key = `${randomUUID()}${'x'.repeat(219)}`
    const { body, status } = await cleared.post('/hushall', household, { key })
    expect(status).toBe(201)
    const { rows } = await harness.owner.query('SELECT t::text AS row FROM idempotensnyckel t WHERE nyckel = $1', [key])
    expect(rows).toHaveLength(1)
    const { personnummer } = household.personer[0] as { personnummer: string }
    for (const hidden of ['Nyckelina', 'Låsberg', personnummer, body.id, 'fornamn'])
      for (const form of [
        hidden,
        Buffer.from(hidden).toString('base64').slice(0, -3),
        Buffer.from(hidden).toString('hex'),
      ])
        expect(rows[0].row).not.toContain(form)
  })

  test('is not needed: without it the same request is made twice', async () => {
    const { id } = await createLandlord(worker)
    const give = () => worker.post(`/hyresvardar/${id}/kriterieuppsattningar`, aCriterion)
    expect([(await give()).body.nummer, (await give()).body.nummer]).toEqual([1, 2])
  })
})
