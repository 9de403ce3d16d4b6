import { child, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { people, placed } from './placed.ts'

const harness = await startTestApp({
  settings: { KO_POANG_BARN: '10', KO_POANG_HEMLOS: '500', KO_POANG_VECKA: '3', TIDSBEGRANSAT_MANADER: '6' },
})
const who = people(harness)
const { maja, karin, bo } = who
beforeEach(() => {
  harness.clock.day = '2026-09-15'
})

async function household(bostadslosSedan: string, members: object[] = []) {
  const { id } = await createHousehold(maja, members)
  ok(await maja.patch(`/hushall/${id}`, { bostadslosSedan }, { ifMatch: '*' }))
  return id as string
}

test('the municipality says what the queue goes by', async () => {
  const family = await placed(who, { hushallId: await household('2026-09-01', [child()]) })
  harness.clock.day = '2026-09-29'
  const homeless = await placed(who, { hushallId: await household('2025-01-01') })
  const { platser } = ok(await bo.get('/stodlagenheter/ko'))
  expect(platser).toMatchObject([
    { stodlagenhetId: homeless.id, prioritet: 500 },
    { stodlagenhetId: family.id, prioritet: 16 },
  ])
})

test('a time-limited decision is for no longer than the municipality has decided, each time', async () => {
  const hushallId = await household('2025-07-10', [child()])
  const limited = { hushallId, stodlagenhet: { beslutstyp: 'tidsbegransatBarnfamilj' } }
  // For twelve months.
  expect(await placed(who, limited).catch(String)).toMatch(/"pointer":"\/giltigTill".*"for-lang-tid"/)
  const row = await placed(who, { ...limited, beslut: { giltigTill: '2027-03-14' } })
  expect(row.beslutTill).toBe('2027-03-14')
  harness.clock.day = '2027-02-01'
  const longer = (giltigTill: string) => {
    const body = {
      ersatterId: row.beslut.id,
      utfall: 'bifall',
      giltigFran: '2027-03-15',
      giltigTill,
      motivering: 'Mer tid.',
    }
    return karin.post(`/arenden/${row.arende.id}/omprovning`, body, { ifMatch: '*' })
  }
  expect((await longer('2027-09-15')).body.errors).toMatchObject([{ pointer: '/giltigTill', kod: 'for-lang-tid' }])
  expect((await longer('2027-09-14')).status).toBe(201)
})
