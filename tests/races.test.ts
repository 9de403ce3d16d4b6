import { randomUUID } from 'node:crypto'
import { type JobName, jobNames, runJob } from '../src/jobs.ts'
import { created, decided, investigate, ok, openCase } from './cases.ts'
import { startTestApp } from './harness.ts'
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
} from './people.ts'

// Connections enough for eight at once, also for jobs and others who are cleared.
const harness = await startTestApp({ settings: { DATABASE_POOL: '24' } })
const worker = harness.as(['handlaggare', 'beslutsfattare'])
const cleared = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])
const N = 8
const motivering = 'Samtidigt.'
const sql = async (text: string, values: unknown[] = []) => (await harness.owner.query(text, values)).rows

type Answer = { status: number; body: Record<string, never> & { kod?: string } }
/** The same thing, or N variants of it, at the same moment. */
const atOnce = <T>(run: (n: number) => Promise<T>) => Promise.all(Array.from({ length: N }, (_, n) => run(n)))

/** How often each answer was given: `{ 200: 1, 'andrad-av-nagon-annan': 7 }`. */
function tally(answers: Answer[]): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { status, body } of answers) {
    const key = status < 300 ? String(status) : (body.kod ?? String(status))
    found[key] = (found[key] ?? 0) + 1
  }
  return found
}

/** What holds whatever happened; a race that breaks it is a defect even when every answer looked right. */
async function expectSound() {
  const broken = {
    'a claim is held that the guarantee does not hold': `
      SELECT h.id FROM hyresgaranti h LEFT JOIN (
        SELECT hyresgaranti_id,
          sum(CASE WHEN tillstand IN ('inkommet', 'granskas') THEN kravt_belopp_ore WHEN tillstand = 'godkant' THEN godkant_belopp_ore ELSE 0 END) AS held,
          sum(CASE WHEN tillstand = 'utbetalt' THEN godkant_belopp_ore ELSE 0 END) AS paid
        FROM garantikrav GROUP BY 1) k ON k.hyresgaranti_id = h.id
      WHERE h.reserverat_ore <> coalesce(k.held, 0) OR h.utbetalt_ore <> coalesce(k.paid, 0)
        OR h.reserverat_ore + h.utbetalt_ore > coalesce(h.max_belopp_ore, 0)`,
    'a debt is not the sum of its payments': `
      SELECT r.id FROM regressfordran r LEFT JOIN (SELECT regressfordran_id, sum(belopp_ore) AS paid FROM regressbetalning GROUP BY 1) b
        ON b.regressfordran_id = r.id
      WHERE r.betalt_ore <> coalesce(b.paid, 0) OR r.betalt_ore > r.belopp_ore`,
    'a paid claim has no debt, or a debt no paid claim': `
      SELECT k.id FROM garantikrav k FULL JOIN regressfordran r ON r.garantikrav_id = k.id
      WHERE (k.tillstand = 'utbetalt') IS DISTINCT FROM (r.id IS NOT NULL)`,
    'an ended guarantee has an open review': `
      SELECT g.id FROM genomgang g JOIN hyresgaranti h ON h.id = g.hyresgaranti_id
      WHERE g.tillstand <> 'klar' AND h.avslutad_datum IS NOT NULL`,
    'protection differs within a household': `
      SELECT x.id FROM hushall s JOIN (
        SELECT id, hushall_id, skyddad FROM person UNION ALL SELECT id, hushall_id, skyddad FROM hyresgaranti
        UNION ALL SELECT id, hushall_id, skyddad FROM garantikrav UNION ALL SELECT id, hushall_id, skyddad FROM regressfordran
        UNION ALL SELECT id, hushall_id, skyddad FROM regressbetalning UNION ALL SELECT id, hushall_id, skyddad FROM genomgang) x
        ON x.hushall_id = s.id WHERE x.skyddad <> s.skyddad`,
    'an ordinary person is there twice': `
      SELECT min(id::text) FROM person WHERE NOT skyddad GROUP BY personnummer_hash HAVING count(*) > 1`,
    'a version was skipped, or written twice': `
      SELECT rad_id FROM historik WHERE efter ? 'version' AND tabell IN ('hyresgaranti', 'garantikrav', 'regressfordran', 'genomgang', 'hushall')
      GROUP BY tabell, rad_id, efter->'version' HAVING count(*) > 1`,
  }
  for (const [what, query] of Object.entries(broken))
    expect({ what, rows: await sql(query) }).toEqual({ what, rows: [] })
}
afterEach(expectSound)

async function claim(garantiId: string, hyresmanad = '2026-03', kravtBeloppOre = 800000) {
  const { body } = await worker.post(`/hyresgarantier/${garantiId}/krav`, { hyresmanad, kravtBeloppOre })
  return body
}
async function approvedClaim() {
  const { id } = await activate(worker)
  const krav = await claim(id)
  const path = `/hyresgarantier/${id}/krav/${krav.id}`
  const beslut = { utfall: 'godkant', godkantBeloppOre: 800000, indrivningsbevisRef: 'KFM 1', motivering }
  const { body } = await worker.post(`${path}/beslut`, beslut, { ifMatch: '*' })
  return { garantiId: id as string, krav: body, path }
}
async function debt() {
  const { garantiId, path } = await approvedClaim()
  await worker.post(`${path}/utbetalning`, {}, { ifMatch: '*' })
  const { body } = await worker.get(`/regressfordringar?hyresgarantiId=${garantiId}`)
  return body.regressfordringar[0]
}

type Race = {
  /** The version that all have read. */
  version: string
  give: (n: number, ifMatch: string) => Promise<Answer>
  /** Done once even by those who did not read: it leads out of the states from which it can be done. */
  once?: boolean
}

const races: Record<string, () => Promise<Race>> = {
  'signing an agreement': async () => {
    const { id, etag } = await grant(worker)
    const body = { avtalTecknatDatum: '2025-03-01' }
    return {
      version: etag,
      once: true,
      give: (_, ifMatch) => worker.post(`/hyresgarantier/${id}/avtal`, body, { ifMatch }),
    }
  },
  'changing a guarantee': async () => {
    const { id, etag } = await grant(worker)
    return {
      version: etag,
      give: (n, ifMatch) => worker.patch(`/hyresgarantier/${id}`, { adress: `Gatan ${n}` }, { ifMatch }),
    }
  },
  'changing a landlord': async () => {
    const { id, etag } = await createLandlord(worker)
    return {
      version: etag,
      give: (n, ifMatch) => worker.patch(`/hyresvardar/${id}`, { namn: `Bostad ${n} AB` }, { ifMatch }),
    }
  },
  'changing a household': async () => {
    const { id } = await createHousehold(worker)
    const body = (n: number) => ({ bostadslosSedan: `2026-01-0${n + 1}` })
    return { version: '"1"', give: (n, ifMatch) => worker.patch(`/hushall/${id}`, body(n), { ifMatch }) }
  },
  'changing a person': async () => {
    const { id, personer } = await createHousehold(worker)
    const path = `/hushall/${id}/personer/${personer[0].id}`
    return { version: '"1"', give: (n, ifMatch) => worker.patch(path, { fornamn: `Maja ${n}` }, { ifMatch }) }
  },
  'ending a guarantee': async () => {
    const { id, etag } = await activate(worker)
    const body = { avslutsorsak: 'overenskommelse', motivering }
    return {
      version: etag,
      once: true,
      give: (_, ifMatch) => worker.post(`/hyresgarantier/${id}/avslut`, body, { ifMatch }),
    }
  },
  'ending a guarantee in different ways': async () => {
    const { id, etag } = await activate(worker)
    const ways: [string, object][] = [
      ['avslut', { avslutsorsak: 'overenskommelse', motivering }],
      ['uppsagning', { uppsagdTill: '2027-06-01', motivering }],
      ['hyresavtalets-upphorande', { datum: '2026-09-01', motivering }],
      ['avslutsforslag', { motivering }],
    ]
    const give = (n: number, ifMatch: string) => {
      const [path, body] = ways[n % ways.length] as [string, object]
      return worker.post(`/hyresgarantier/${id}/${path}`, body, { ifMatch })
    }
    return { version: etag, give }
  },
  'a landlord answering a proposal, and a caseworker for it': async () => {
    const landlord = await createLandlord(worker)
    const { id } = await activate(worker, { hyresvardId: landlord.id })
    const { body } = await worker.post(`/hyresgarantier/${id}/avslutsforslag`, { motivering }, { ifMatch: '*' })
    const vard = harness.hyresvard(landlord.id)
    const give = (n: number, ifMatch: string) =>
      n % 2 === 0
        ? vard.post(`/hyresvard/avslutsforslag/${id}/svar`, { svar: 'avvisat', orsak: 'Skuld.' }, { ifMatch })
        : worker.post(`/hyresgarantier/${id}/avslutsforslag/svar`, { svar: 'avvisat', orsak: 'Skuld.' }, { ifMatch })
    return { version: body.etag, once: true, give }
  },
  'deciding a claim': async () => {
    const { id } = await activate(worker)
    const krav = await claim(id)
    const outcomes = [
      { utfall: 'godkant', godkantBeloppOre: 500000, indrivningsbevisRef: 'KFM 1', motivering },
      { utfall: 'avvisat', avvisningsorsak: 'annat', motivering },
    ]
    const path = `/hyresgarantier/${id}/krav/${krav.id}/beslut`
    return { version: krav.etag, once: true, give: (n, ifMatch) => worker.post(path, outcomes[n % 2], { ifMatch }) }
  },
  'paying a claim': async () => {
    const { path, krav } = await approvedClaim()
    return { version: krav.etag, once: true, give: (_, ifMatch) => worker.post(`${path}/utbetalning`, {}, { ifMatch }) }
  },
  'paying a claim, and taking it back': async () => {
    const { path, krav } = await approvedClaim()
    const give = (n: number, ifMatch: string) =>
      worker.post(`${path}/${n % 2 === 0 ? 'utbetalning' : 'aterkallande'}`, {}, { ifMatch })
    return { version: krav.etag, once: true, give }
  },
  'remitting a debt': async () => {
    const { id, etag } = await debt()
    return {
      version: etag,
      once: true,
      give: (_, ifMatch) => worker.post(`/regressfordringar/${id}/eftergift`, { motivering }, { ifMatch }),
    }
  },
  'remitting a debt, and sending it to enforcement': async () => {
    const { id, etag } = await debt()
    const give = (n: number, ifMatch: string) =>
      n % 2 === 0
        ? worker.post(`/regressfordringar/${id}/eftergift`, { motivering }, { ifMatch })
        : worker.post(`/regressfordringar/${id}/indrivning`, {}, { ifMatch })
    return { version: etag, give }
  },
  'deciding a review': async () => {
    const { id } = await activate(worker)
    await openRound(harness)
    const review = await reviewOf(worker, id)
    const body = (n: number) => ({ utfall: n % 2 === 0 ? 'fortsatt' : 'atgard', motivering })
    const path = `/genomgangar/${review.id}/utfall`
    return { version: review.etag, once: true, give: (n, ifMatch) => worker.post(path, body(n), { ifMatch }) }
  },
}

describe('of eight who act on what they have read, one wins and the others are told', () => {
  test.each(Object.entries(races))('%s', async (_, prepare) => {
    const { version, give } = await prepare()
    const answers = await atOnce(n => give(n, version))
    expect(tally(answers)).toEqual({ 200: 1, 'andrad-av-nagon-annan': N - 1 })
  })
})

describe('of eight who act on what they have not read', () => {
  test.each(Object.entries(races))('%s: nobody undoes what another did', async (_, prepare) => {
    const { give, once } = await prepare()
    const { 200: won = 0, 'fel-tillstand': late = 0, ...others } = tally(await atOnce(n => give(n, '*')))
    expect({ all: won + late, others }).toEqual({ all: N, others: {} })
    if (once) expect(won).toBe(1)
  })
})

describe('of eight that each fit, only as many are received as fit together', () => {
  const months = Array.from({ length: N }, (_, n) => `2026-0${n + 1}`)
  test.each([
    [800000, 1],
    [300000, 2],
    [100000, N],
  ])('claims of %d öre on a guarantee of 800000: %d', async (kravtBeloppOre, fits) => {
    const { id } = await activate(worker, { garanteradeManader: 1 })
    const answers = await atOnce(n =>
      worker.post(`/hyresgarantier/${id}/krav`, { hyresmanad: months[n], kravtBeloppOre }),
    )
    expect(tally(answers)).toEqual({ 201: fits, ...(fits < N && { 'mer-an-aterstar': N - fits }) })
    const { body } = await worker.get(`/hyresgarantier/${id}`)
    expect(body.reserveratOre).toBe(fits * kravtBeloppOre)
  })

  test.each([
    [500000, 1, 'avbetalning'],
    [800000, 1, 'reglerad'],
    [300000, 2, 'avbetalning'],
    [100000, N, 'reglerad'],
  ])('payments of %d öre on a debt of 800000: %d, and it is %s', async (beloppOre, fits, tillstand) => {
    const { id } = await debt()
    const answers = await atOnce(() => worker.post(`/regressfordringar/${id}/betalningar`, { beloppOre }))
    const { 201: received = 0, 'uppgifter-hanger-inte-ihop': tooMuch = 0, 'fel-tillstand': paid = 0 } = tally(answers)
    expect([received, tooMuch + paid]).toEqual([fits, N - fits])
    const { body } = await worker.get(`/regressfordringar/${id}`)
    expect(body).toMatchObject({ tillstand, betaltOre: fits * beloppOre })
  })

  test('claims that are paid use a guarantee up once', async () => {
    const { id } = await activate(worker, { garanteradeManader: 4 })
    const paths = await Promise.all(
      months.slice(0, 4).map(async month => {
        const krav = await claim(id, month)
        const path = `/hyresgarantier/${id}/krav/${krav.id}`
        const beslut = { utfall: 'godkant', godkantBeloppOre: 800000, indrivningsbevisRef: 'KFM 1', motivering }
        await worker.post(`${path}/beslut`, beslut, { ifMatch: '*' })
        return path
      }),
    )
    const answers = await atOnce(n => worker.post(`${paths[n % 4]}/utbetalning`, {}, { ifMatch: '*' }))
    expect(tally(answers)).toEqual({ 200: 4, 'fel-tillstand': 4 })
    const { body } = await worker.get(`/hyresgarantier/${id}`)
    expect(body).toMatchObject({ tillstand: 'forbrukad', utbetaltOre: 3200000, reserveratOre: 0 })
  })
})

describe('of eight who register the same, one does', () => {
  const personOf = (personnummer: string, roll: string) => ({ personnummer, fornamn: 'Maja', efternamn: 'Lind', roll })

  test('a household of a new person', async () => {
    const personnummer = nextPersonnummer()
    const answers = await atOnce(() => worker.post('/hushall', { personer: [personOf(personnummer, 'sokande')] }))
    expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })

  test('a household of several new people, named in any order', async () => {
    for (let round = 0; round < 5; round++) {
      const people = [
        personOf(nextPersonnummer(), 'sokande'),
        ...[1, 2, 3].map(() => personOf(nextPersonnummer(), 'barn')),
      ]
      const answers = await atOnce(n =>
        worker.post('/hushall', { personer: n % 2 === 0 ? people : people.toReversed() }),
      )
      expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
    }
  })

  test('a person who moves into different households', async () => {
    const households = await atOnce(() => createHousehold(worker))
    const personnummer = nextPersonnummer()
    const answers = await atOnce(n =>
      worker.post(`/hushall/${households[n].id}/personer`, personOf(personnummer, 'barn')),
    )
    expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })

  test('a landlord', async () => {
    const body = { namn: 'Ny AB', organisationsnummer: testOrganisationsnummer(900), fastighetsagartyp: 'privat' }
    expect(tally(await atOnce(() => worker.post('/hyresvardar', body)))).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })

  test('a guarantee with the same number', async () => {
    const { id: hushallId } = await createHousehold(worker)
    const answers = await atOnce(() =>
      worker.post('/hyresgarantier', {
        hushallId,
        garantityp: 'kommunal',
        garanteradeManader: 6,
        beslutDatum: '2026-01-20',
        beslutsfattare: 'Karin Ek',
        avtalsnummer: 'LKF-2026-1',
      }),
    )
    expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })

  test('a claim for the same month', async () => {
    const { id } = await activate(worker)
    const body = { hyresmanad: '2026-03', kravtBeloppOre: 100000 }
    const answers = await atOnce(() => worker.post(`/hyresgarantier/${id}/krav`, body))
    expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })

  test('a review round', async () => {
    const answers = await atOnce(() => worker.post('/genomgangsomgangar', { period: '2025H2' }))
    expect(tally(answers)).toEqual({ 201: 1, 'finns-redan': N - 1 })
  })
})

describe('eight who register different things get a number each', () => {
  test('guarantees', async () => {
    const made = await atOnce(() => grant(worker))
    expect(new Set(made.map(({ avtalsnummer }) => avtalsnummer)).size).toBe(N)
  })

  test("versions of a landlord's criteria", async () => {
    const { id } = await createLandlord(worker)
    const answers = await atOnce(n =>
      worker.post(`/hyresvardar/${id}/kriterieuppsattningar`, { giltigFran: '2026-01-01', maxStorningar: n }),
    )
    expect(tally(answers)).toEqual({ 201: N })
    const numbers = answers.map(({ body }) => (body as { nummer: number }).nummer).sort()
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })
})

describe("a landlord's answers that come at once", () => {
  async function waiting(count: number) {
    const landlord = await createLandlord(worker)
    const garantier = []
    for (let n = 0; n < count; n++) garantier.push(await activate(worker, { hyresvardId: landlord.id }))
    await openRound(harness)
    return { garantier, vard: harness.hyresvard(landlord.id) }
  }
  type Results = { resultat: { utfall: string }[] }
  const outcomesOf = (answers: { body: Results }[]) =>
    answers.flatMap(({ body }) => body.resultat.map(r => r.utfall)).sort()

  test('are one answer when they say the same', async () => {
    const { garantier, vard } = await waiting(1)
    const svar = [{ avtalsnummer: garantier[0].avtalsnummer, ...goodAnswer }]
    const answers = await atOnce(() => vard.post('/hyresvard/genomgangssvar', { svar }))
    expect(outcomesOf(answers)).toEqual(['mottaget', ...Array(N - 1).fill('oforandrat')])
  })

  test('are never mixed when they say different things, and the history has them all', async () => {
    const { garantier, vard } = await waiting(1)
    const saying = (n: number) => ({ ...goodAnswer, manaderITid: n, storningar: n, kommentar: `Svar ${n}.` })
    const { avtalsnummer } = garantier[0]
    const answers = await atOnce(n =>
      vard.post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer, ...saying(n) }] }),
    )
    expect(outcomesOf(answers)).toEqual(Array(N).fill('mottaget'))
    const { svar, id, etag } = await reviewOf(worker, garantier[0].id)
    expect(svar).toEqual(saying(svar.manaderITid))
    expect(etag).toBe(`"${N + 1}"`)
    expect(await sql(`SELECT FROM historik WHERE rad_id = $1 AND atgard = 'svara'`, [id])).toHaveLength(N)
  })

  test('of many reviews in any order are all received', async () => {
    const { garantier, vard } = await waiting(6)
    const answers = await atOnce(n => {
      const order = n % 2 === 0 ? garantier : garantier.toReversed()
      return vard.post('/hyresvard/genomgangssvar', {
        svar: order.map(({ avtalsnummer }) => ({ avtalsnummer, ...goodAnswer, manaderITid: n })),
      })
    })
    expect(outcomesOf(answers)).toEqual(Array(6 * N).fill('mottaget'))
    const rows = await Promise.all(garantier.map(({ id }) => reviewOf(worker, id)))
    expect(new Set(rows.map(({ svar }) => svar.manaderITid)).size).toBe(1)
  })

  test('come before the decision or are told that it was made', async () => {
    const { garantier, vard } = await waiting(1)
    const [{ id, avtalsnummer }] = garantier as [{ id: string; avtalsnummer: string }]
    const review = await reviewOf(worker, id)
    const decide = () =>
      worker.post(`/genomgangar/${review.id}/utfall`, { utfall: 'fortsatt', motivering }, { ifMatch: '*' })
    const answer = (n: number) =>
      vard.post('/hyresvard/genomgangssvar', { svar: [{ avtalsnummer, ...goodAnswer, manaderITid: n }] })
    const answers = await atOnce(n => (n === 3 ? decide() : answer(n)))
    expect(answers.map(({ status }) => status)).toEqual(Array(N).fill(200))
    const received = outcomesOf(answers.filter((_, n) => n !== 3)).filter(utfall => utfall === 'mottaget').length
    const after = await reviewOf(worker, id)
    expect(after).toMatchObject({ tillstand: 'klar', etag: `"${received + 2}"` })
  })
})

describe('reviews decided in bulk at once', () => {
  test('are decided once each, in any order', async () => {
    const garantier = []
    for (let n = 0; n < 6; n++) garantier.push(await activate(worker))
    await openRound(harness)
    const reviews = await Promise.all(garantier.map(({ id }) => reviewOf(worker, id)))
    const utfall = reviews.map(({ id: genomgangId }) => ({ genomgangId, utfall: 'fortsatt', motivering }))
    const answers = await atOnce(n =>
      worker.post('/genomgangar/utfall', { utfall: n % 2 === 0 ? utfall : utfall.toReversed() }),
    )
    const outcomes = answers.flatMap(({ body }) =>
      (body.resultat as { utfall: string; kod?: string }[]).map(r => r.kod ?? r.utfall),
    )
    expect(outcomes.filter(one => one === 'beslutat')).toHaveLength(6)
    expect(outcomes.filter(one => one === 'fel-tillstand')).toHaveLength(6 * (N - 1))
  })
})

describe('protection that is raised while others write', () => {
  async function raising() {
    const household = await createHousehold(worker)
    const garanti = await activate(worker, { hushallId: household.id })
    const path = `/hushall/${household.id}/personer/${household.personer[0].id}`
    const raise = () => worker.patch(path, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' })
    return { household, garanti, raise }
  }
  /** The raise is done; the rest is done before it, or finds nothing after it. */
  async function expectHidden(answers: Answer[], garantiId: string, done: number, unknown: string) {
    const { 200: ok = 0, 201: made = 0, [unknown]: late = 0, ...others } = tally(answers)
    expect({ all: ok + made + late, others }).toEqual({ all: N, others: {} })
    expect(answers[3]?.status).toBe(200)
    expect(ok + made).toBeGreaterThanOrEqual(done)
    expect((await worker.get(`/hyresgarantier/${garantiId}`)).status).toBe(404)
    expect((await cleared.get(`/hyresgarantier/${garantiId}`)).status).toBe(200)
  }

  test('reaches guarantees that are being registered', async () => {
    const { household, garanti, raise } = await raising()
    const fields = {
      hushallId: household.id,
      garantityp: 'kommunal',
      garanteradeManader: 6,
      beslutDatum: '2026-01-20',
      beslutsfattare: 'K',
    }
    const answers = await atOnce(n => (n === 3 ? raise() : worker.post('/hyresgarantier', fields)))
    await expectHidden(answers, garanti.id, 1, 'uppgifter-hanger-inte-ihop')
    const rows = await sql('SELECT skyddad FROM hyresgaranti WHERE hushall_id = $1', [household.id])
    expect(rows).toEqual(rows.map(() => ({ skyddad: true })))
  })

  test('reaches claims that are being received', async () => {
    const { garanti, raise } = await raising()
    const answers = await atOnce(n =>
      n === 3
        ? raise()
        : worker.post(`/hyresgarantier/${garanti.id}/krav`, { hyresmanad: `2026-0${n + 1}`, kravtBeloppOre: 100000 }),
    )
    await expectHidden(answers, garanti.id, 1, 'finns-inte')
  })

  test('reaches guarantees whose agreement is being signed, and what is disclosed of them', async () => {
    for (let round = 0; round < 3; round++) {
      const { household, garanti, raise } = await raising()
      const granted = await Promise.all(Array.from({ length: N - 1 }, () => grant(worker, { hushallId: household.id })))
      const sign = (id: string) =>
        worker.post(`/hyresgarantier/${id}/avtal`, { avtalTecknatDatum: '2025-03-01' }, { ifMatch: '*' })
      const answers = await atOnce(n => (n === 3 ? raise() : sign(granted[n > 3 ? n - 1 : n].id)))
      await expectHidden(answers, garanti.id, 1, 'finns-inte')
    }
  })

  test('reaches decisions that are being taken, and the help that they give', async () => {
    const { household, garanti, raise } = await raising()
    const cases: { id: string }[] = []
    for (let n = 1; n < N; n++) {
      const arende = await openCase(worker, { hushallId: household.id })
      await investigate(worker, arende.id)
      cases.push(arende)
    }
    const decide = ({ id }: { id: string }) =>
      worker.post(`/arenden/${id}/beslut`, { utfall: 'bifall', motivering }, { ifMatch: '*' })
    const answers = await atOnce(n => (n === 3 ? raise() : decide(cases[n > 3 ? n - 1 : n] as { id: string })))
    expect(answers[3]?.status).toBe(200)
    const {
      200: _,
      201: made = 0,
      'oppen-fortur-finns': second = 0,
      'finns-inte': late = 0,
      ...others
    } = tally(answers)
    expect({ made: made <= 1, all: made + second + late, others }).toEqual({ made: true, all: N - 1, others: {} })
    expect((await worker.get(`/hyresgarantier/${garanti.id}`)).status).toBe(404)
    for (const table of ['arende', 'utredning', 'beslut', 'fortur'])
      expect(await sql(`SELECT FROM ${table} WHERE hushall_id = $1 AND NOT skyddad`, [household.id])).toEqual([])
  })

  test('reaches reviews that are being made', async () => {
    const { garanti, raise } = await raising()
    harness.clock.day = '2026-09-01'
    const results = await atOnce<Answer | object>(n => (n === 3 ? raise() : runJob(harness.db, 'oppna-genomgangar')))
    harness.clock.day = '2026-09-15'
    expect(results[3]).toMatchObject({ status: 200 })
    expect(await sql('SELECT skyddad FROM genomgang WHERE hyresgaranti_id = $1', [garanti.id])).toEqual([
      { skyddad: true },
    ])
  })
})

describe('a job that eight instances run at once', () => {
  const opened = (count: number, fields: object = {}) =>
    Promise.all(Array.from({ length: count }, () => activate(worker, { ...fields }))).then(() => openRound(harness))
  async function answersToForget() {
    const { id } = await createLandlord(worker)
    const body = { giltigFran: '2026-01-01', maxStorningar: 0 }
    await atOnce(() => worker.post(`/hyresvardar/${id}/kriterieuppsattningar`, body, { key: randomUUID() }))
  }
  const granted = () => decided(worker, worker)
  const queued = () =>
    decided(worker, worker, {
      insats: 'stodlagenhet',
      ansokanDatum: '2026-09-15',
      beslut: { giltigTill: '2027-09-14' },
    })
  async function offered() {
    const { arende } = await granted()
    const { body } = await worker.get(`/forturer?hushallId=${arende.hushallId}`)
    const path = `/forturer/${body.forturer[0].id}`
    const { id: hyresvardId } = await createLandlord(worker, 'Exempelbostäder AB', true)
    ok(await worker.post(`${path}/overlamnande`, { hyresvardId }, { ifMatch: '*' }))
    const home = { rum: 2, hyraOre: 900000, tilltrade: '2026-12-01', omrade: 'centrum' }
    created(await worker.post(`${path}/erbjudanden`, home, { ifMatch: '*' }))
  }
  async function asked() {
    const { id } = await openCase(worker)
    const body = { begart: 'Intyg.', senast: '2026-09-20' }
    ok(await worker.post(`/arenden/${id}/kompletteringsbegaran`, body, { ifMatch: '*' }))
  }
  async function delivered() {
    const { beslut } = await granted()
    const body = { delgivenDatum: '2026-09-15', delgivningssatt: 'brev' }
    ok(await worker.post(`/beslut/${beslut.id}/delgivning`, body, { ifMatch: '*' }))
  }
  /** What the job does something about, on which day, what it says that it did, and where the history has it. */
  const work: Record<JobName, { prepare?: () => Promise<unknown>; day: string; effect: string; tabell?: string }> = {
    'paminn-hyresvardar': { prepare: () => opened(N), day: '2026-09-20', effect: 'paminda', tabell: 'genomgang' },
    'varna-utgaende-garantier': {
      prepare: () => opened(N),
      day: '2026-12-15',
      effect: 'varnade',
      tabell: 'hyresgaranti',
    },
    'flagga-forfallna-genomgangar': {
      prepare: () => opened(N),
      day: '2026-12-31',
      effect: 'forfallna',
      tabell: 'genomgang',
    },
    'forfall-oanvanda-beslut': {
      prepare: () => atOnce(() => grant(worker)),
      day: '2027-01-01',
      effect: 'forfallna',
      tabell: 'hyresgaranti',
    },
    'oppna-genomgangar': {
      prepare: () => opened(N, { giltigFran: '2025-04-01', giltigTill: '2027-03-31' }),
      day: '2027-03-01',
      effect: 'genomgangar',
      tabell: 'genomgang',
    },
    'avsluta-utgangna-garantier': {
      prepare: () => opened(N),
      day: '2027-07-01',
      effect: 'avslutade',
      tabell: 'hyresgaranti',
    },
    'svar-pa-erbjudanden-uteblir': {
      prepare: () => atOnce(offered),
      day: '2026-09-30',
      effect: 'uteblivna',
      tabell: 'erbjudande',
    },
    'varna-forturer': { prepare: () => atOnce(granted), day: '2027-08-01', effect: 'varnade', tabell: 'fortur' },
    'varna-stodlagenheter': {
      prepare: () => atOnce(queued),
      day: '2027-08-20',
      effect: 'varnade',
      tabell: 'stodlagenhet',
    },
    'paminn-kofornyelse': { prepare: () => atOnce(granted), day: '2026-09-16', effect: 'paminda', tabell: 'fortur' },
    'forturer-gar-ut': { prepare: () => atOnce(granted), day: '2027-10-01', effect: 'utgangna', tabell: 'fortur' },
    'kompletteringstider-gar-ut': {
      prepare: () => atOnce(asked),
      day: '2026-10-01',
      effect: 'aterupptagna',
      tabell: 'arende',
    },
    'beslut-far-laga-kraft': {
      prepare: () => atOnce(delivered),
      day: '2026-12-01',
      effect: 'lagaKraft',
      tabell: 'beslut',
    },
    'flagga-langsamma-arenden': {
      prepare: () => atOnce(() => openCase(worker)),
      day: '2026-10-30',
      effect: 'fordrojda',
      tabell: 'arende',
    },
    'gallra-handelser': {
      prepare: () => sql(`UPDATE handelse SET tid = '2020-01-01' WHERE tabell = 'hyresgaranti'`),
      day: '2026-09-16',
      effect: 'borttagna',
    },
    'gallra-inkommande': {
      prepare: () =>
        sql(`INSERT INTO inkommen_post (part, nyckel, slag, sha256, led_till, tid)
             SELECT 'serviceforvaltningen', n::text, 'lagenhet', '', gen_random_uuid(), '2020-01-01' FROM generate_series(1, 8) n`),
      day: '2026-09-16',
      effect: 'borttagna',
    },
    'rensa-idempotensnycklar': { prepare: answersToForget, day: '2026-09-20', effect: 'borttagna' },
    'skapa-historikpartitioner': { day: '2031-05-01', effect: 'nya' },
  }
  test('is each of the jobs', () => expect(Object.keys(work).sort()).toEqual([...jobNames].sort()))

  test.each(Object.entries(work))('%s: does its work once', async (jobName, { prepare, day, effect, tabell }) => {
    const name = jobName as JobName
    await prepare?.()
    const changes = async () =>
      (await sql('SELECT count(*)::int AS n FROM historik WHERE atgard = $1 AND tabell = $2', [name, tabell]))[0].n
    const before = await changes()
    harness.clock.day = day
    const results = (await atOnce(() => runJob(harness.db, name))) as Record<string, number>[]
    const again = (await runJob(harness.db, name)) as Record<string, number>
    harness.clock.day = '2026-09-15'
    const done = results.map(result => result[effect] as number).filter(n => n > 0)
    expect({ name, workers: done.length, again: again[effect] }).toEqual({ name, workers: 1, again: 0 })
    if (tabell) expect((await changes()) - before).toBe(done[0])
  })
})

describe('all jobs at once', () => {
  test('do not stand in the way of each other, nor of those who work', async () => {
    const landlord = await createLandlord(worker)
    const garantier = []
    for (let n = 0; n < 20; n++) garantier.push(await activate(worker, { hyresvardId: landlord.id }))
    await openRound(harness)
    const vard = harness.hyresvard(landlord.id)
    harness.clock.day = '2027-03-01'
    const names = [...jobNames, ...jobNames]
    const svar = garantier.map(({ avtalsnummer }) => ({ avtalsnummer, ...goodAnswer }))
    const [, answers] = await Promise.all([
      Promise.all(names.map(name => runJob(harness.db, name))),
      Promise.all([
        ...garantier
          .slice(0, 6)
          .map(({ id }) =>
            worker.post(
              `/hyresgarantier/${id}/avslut`,
              { avslutsorsak: 'overenskommelse', motivering },
              { ifMatch: '*' },
            ),
          ),
        vard.post('/hyresvard/genomgangssvar', { svar }),
        vard.post('/hyresvard/genomgangssvar', { svar: svar.toReversed() }),
      ]),
    ])
    harness.clock.day = '2026-09-15'
    expect(answers.map(({ status }) => status).filter(status => ![200, 409].includes(status))).toEqual([])
    const rows = await sql('SELECT tillstand FROM hyresgaranti WHERE hyresvard_id = $1', [landlord.id])
    for (const { tillstand } of rows) expect(['upphordTid', 'avslutadOverenskommelse']).toContain(tillstand)
  })
})

test('nothing went wrong inside, and no constraint had to save what a rule should have', () => {
  expect(harness.logLines.filter(line => JSON.parse(line).level >= 40)).toEqual([])
})
