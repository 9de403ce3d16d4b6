import { child, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { addHome, give, people, placed, skalForAvsteg } from './placed.ts'

const harness = await startTestApp()
const who = people(harness)
const { maja, bo, landlord } = who
beforeEach(async () => {
  harness.clock.day = '2026-09-15'
  // Each test has the queue to itself.
  await harness.owner.query(
    "UPDATE stodlagenhet SET tillstand = 'avslutad', avslutad_datum = '2026-09-15', utfall = 'aterkallat' WHERE tillstand = 'iKo'",
  )
})
type Plats = { stodlagenhetId: string; plats: number; motivering: string; passar: boolean; passarInteFor: string[] }

async function family(bostadslosSedan: string) {
  const household = await createHousehold(maja, [child()])
  ok(await maja.patch(`/hushall/${household.id}`, { bostadslosSedan }, { ifMatch: '*' }))
  return household.id
}

test('the queue goes by computed priority, then by the day of the decision, and each place says why', async () => {
  const alone = await placed(who, { ansokanDatum: '2026-08-01' })
  const homeless = await createHousehold(maja)
  ok(await maja.patch(`/hushall/${homeless.id}`, { bostadslosSedan: '2026-03-14' }, { ifMatch: '*' }))
  harness.clock.day = '2026-09-16'
  const long = await placed(who, { hushallId: homeless.id })
  const children = await placed(who, { hushallId: await family('2026-09-01') })
  const both = await placed(who, { hushallId: await family('2025-07-10') })
  const { platser } = ok(await bo.get('/stodlagenheter/ko'))
  expect((platser as Plats[]).map(({ stodlagenhetId }) => stodlagenhetId)).toEqual([
    both.id,
    children.id,
    long.id,
    alone.id,
  ])
  expect((platser as Plats[]).map(({ motivering }) => motivering)).toEqual([
    'Plats 1: barnfamilj, bostadslös i 14 månader, i kön sedan 2026-09-16.',
    'Plats 2: barnfamilj, i kön sedan 2026-09-16.',
    'Plats 3: bostadslös i 6 månader, i kön sedan 2026-09-16.',
    'Plats 4: i kön sedan 2026-09-15.',
  ])
  const second = ok(await bo.get('/stodlagenheter/ko?limit=1&page=2')).platser as Plats[]
  expect(second).toMatchObject([{ stodlagenhetId: children.id, plats: 2 }])
})

test('who could take a home is told with why the others could not', async () => {
  const fits = await placed(who, { stodlagenhet: { minRum: 2, maxHyraOre: 985000 } })
  const not = await placed(who, {
    stodlagenhet: { minRum: 4, maxHyraOre: 900000, uteslutnaOmraden: ['Linero'], tillganglighet: ['hiss'] },
  })
  const { kandidater } = ok(await bo.get(`/lagenheter/${await addHome(harness)}/kandidater`))
  expect(kandidater).toMatchObject([
    { stodlagenhetId: fits.id, passar: true, passarInteFor: [] },
    {
      stodlagenhetId: not.id,
      passar: false,
      passarInteFor: [
        'Behöver minst 4 rum.',
        'Klarar en hyra på högst 9000,00 kr.',
        'Området är uteslutet.',
        'Bostaden saknar tillgänglighet som behövs.',
      ],
    },
  ])
  expect((await bo.get(`/lagenheter/${crypto.randomUUID()}/kandidater`)).status).toBe(404)
})

test('someone else than the first whom the home fits needs a reason, which is kept with the place', async () => {
  const unfit = await placed(who, { stodlagenhet: { minRum: 5 } })
  const first = await placed(who)
  const second = await placed(who)
  const lagenhetId = await addHome(harness)
  const refused = await give(bo, second.id, 'forslag', { lagenhetId })
  expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer: '/skalForAvsteg', kod: 'saknas' }]])
  const tooSmall = await give(bo, unfit.id, 'forslag', { lagenhetId })
  expect([tooSmall.status, tooSmall.body.errors]).toMatchObject([422, [{ pointer: '/skalForAvsteg' }]])
  ok(await give(bo, second.id, 'forslag', { lagenhetId, skalForAvsteg }))
  expect(ok(await bo.get(`/stodlagenheter/${second.id}/forslag`)).forslag).toMatchObject([{ plats: 2, skalForAvsteg }])
  ok(await give(bo, first.id, 'forslag', { lagenhetId: await addHome(harness) }))
  expect(ok(await bo.get(`/stodlagenheter/${first.id}/forslag`)).forslag).toMatchObject([
    { plats: 1, skalForAvsteg: null },
  ])
})

test('a home in an area that is excluded is never proposed, whatever the reason', async () => {
  const row = await placed(who, { stodlagenhet: { uteslutnaOmraden: ['LINERO'] } })
  const answer = await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness), skalForAvsteg })
  expect([answer.status, answer.body.errors]).toMatchObject([422, [{ kod: 'uteslutet-omrade' }]])
})

test('twenty who are proposed the same home at once: one is', async () => {
  const rows: { id: string }[] = []
  for (let n = 0; n < 20; n++) rows.push(await placed(who))
  const lagenhetId = await addHome(harness)
  const answers = await Promise.all(rows.map(({ id }) => give(bo, id, 'forslag', { lagenhetId, skalForAvsteg })))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(409)])
  const { rows: held } = await harness.owner.query(
    'SELECT FROM upplatelse WHERE lagenhet_id = $1 AND upphavd IS NULL',
    [lagenhetId],
  )
  expect(held).toHaveLength(1)
  expect(ok(await bo.get('/stodlagenheter/ko?limit=100')).platser).toHaveLength(19)
}, 60_000)

describe('serviceförvaltningen', () => {
  const path = (id: string) => `/serviceforvaltningen/stodlagenheter/${id}`

  test('sees a number when a home is proposed, the name when it is allotted, and never more', async () => {
    const row = await placed(who)
    expect((await landlord.get(path(row.id))).status).toBe(404)
    ok(await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness) }))
    const proposed = ok(await landlord.get(path(row.id)))
    expect(proposed).toMatchObject({ tillstand: 'foreslagen', antalPersoner: 1, hyresgast: null })
    ok(await give(maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
    const allotted = ok(await landlord.get(path(row.id)))
    expect(allotted).toMatchObject({ tillstand: 'tilldelad', hyresgast: 'Maja Lind' })
    for (const field of ['hushallId', 'arendeId', 'personId', 'beslutstyp', 'koDatum', 'uteslutnaOmraden', 'utfall'])
      expect(allotted).not.toHaveProperty(field)
    const { utlamnanden } = ok(await maja.get(`/utlamnanden?stodlagenhetId=${row.id}`))
    const told = (utlamnanden as { part: string; falt: string[] }[]).map(({ part, falt }) => [part, ...falt].join(' '))
    expect(told.sort()).toEqual([
      'serviceforvaltningen fornamn efternamn',
      'serviceforvaltningen stodlagenhetsnummer antalPersoner',
    ])
  })

  test('sees and does nothing once the disclosure is withdrawn', async () => {
    const row = await placed(who)
    ok(await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness) }))
    const { utlamnanden } = ok(await maja.get(`/utlamnanden?stodlagenhetId=${row.id}`))
    ok(await maja.post(`/utlamnanden/${utlamnanden[0].id}/aterkallande`, { skal: 'Inte längre.' }, { ifMatch: '*' }))
    expect((await landlord.get(path(row.id))).status).toBe(404)
    expect((await landlord.post(`${path(row.id)}/atertagande`, {}, { ifMatch: '*' })).status).toBe(404)
  })

  test('sees nothing of a protected household, and neither does who is not cleared', async () => {
    const cleared = harness.as(['boendeenhet', 'handlaggare', 'skyddsgrupp'], undefined, 'siv')
    const row = await placed(who)
    const person = `/hushall/${row.hushallId}/personer/${row.personId}`
    ok(await cleared.patch(person, { skyddsniva: 'sekretessmarkering' }, { ifMatch: '*' }))
    ok(await give(cleared, row.id, 'forslag', { lagenhetId: await addHome(harness), skalForAvsteg }))
    expect((await bo.get(`/stodlagenheter/${row.id}`)).status).toBe(404)
    expect((await landlord.get(path(row.id))).status).toBe(404)
    expect(ok(await landlord.get('/serviceforvaltningen/stodlagenheter?limit=100')).stodlagenheter).not.toContainEqual(
      expect.objectContaining({ id: row.id }),
    )
    expect(ok(await cleared.get(`/utlamnanden?stodlagenhetId=${row.id}`)).utlamnanden).toEqual([])
  })
})

test('no field asks how a tenant lives: nothing about sobriety, tests or treatment (JO 8958-2020)', async () => {
  const forbidden = /nykter|drog|missbruk|behandling|test|sobri/i
  const { rows: columns } = await harness.owner.query(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_name IN ('stodlagenhet', 'bostadsforslag', 'avstaende', 'uppfoljning', 'boendehandelse')`,
  )
  expect(columns.length).toBeGreaterThan(80)
  expect(columns.map(({ name }) => name).filter(name => forbidden.test(name))).toEqual([])
  const { paths, components } = ok(await harness.request('get', '/openapi.json'))
  const ours = Object.entries(paths as Record<string, object>).filter(([path]) => path.includes('stodlagenheter'))
  const names = new Set(
    [...JSON.stringify(ours).matchAll(/#\/components\/schemas\/([A-Za-z]+)/g)].map(([, name]) => name as string),
  )
  expect(names).toContain('Stodlagenhet')
  expect(names).toContain('NyUppfoljning')
  const shared = ['Problem', 'Lank', 'ListMeta']
  for (const name of [...names].filter(name => !shared.includes(name)))
    expect([name, forbidden.exec(JSON.stringify(components.schemas[name]))]).toEqual([name, null])
})
