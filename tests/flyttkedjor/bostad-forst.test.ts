import { admitted, command, home, movedIn, sublet } from '../bostad-forst/admitted.ts'
import { created, ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { createLandlord } from '../people.ts'
import { give, objektnummer } from './chained.ts'

const harness = await startTestApp()
const { clock, owner } = harness
const handlaggare = harness.as('handlaggare')
const team = harness.as('bostadForstTeam')
const begins = clock.day
const day = (days: number) => Temporal.PlainDate.from(begins).add({ days }).toString()
beforeEach(() => {
  clock.day = begins
})

/** A tenant who gets an own contract, and someone who wants another home than theirs, which the last waits for. */
async function chain() {
  clock.day = day(-30)
  const first = await movedIn(harness, handlaggare)
  const second = await movedIn(harness, handlaggare)
  ok(await command(team, second.id, 'bostadsbyte', { orsak: 'otrygghet' }))
  const third = await admitted(harness, handlaggare)
  ok(await command(team, third.id, 'onskemal', {}))
  clock.day = begins
  const { id: hyresvardId } = await createLandlord(handlaggare)
  const begun = { insats: 'bostadForst', hyresvardId, skal: 'Eget kontrakt.' }
  const { id } = created(await team.post('/flyttkedjor', begun))
  const [a, b] = [first.lagenhetId, second.lagenhetId]
  for (const link of [
    { bfBoendeId: first.id, objektnummer: objektnummer(), flyttdag: day(1) },
    { bfBoendeId: second.id, lagenhetId: a, flyttdag: day(2) },
    { bfBoendeId: third.id, lagenhetId: b, flyttdag: day(3) },
  ])
    created(await give(team, id, 'lankar', link))
  const { lankar } = ok(await team.get(`/flyttkedjor/${id}`))
  for (const lank of lankar)
    for (const part of lank.tillHyresvardId
      ? ['hushall', 'hyresvard', 'serviceforvaltningen']
      : ['hushall', 'serviceforvaltningen'])
      ok(await give(team, id, `lankar/${lank.id}/svar`, { part, svar: 'ja' }))
  ok(await give(team, id, 'klarmarkering'))
  return { id, lankar, first, second, third, a, b }
}
const states = async (ids: string[]) =>
  (
    await owner.query(
      'SELECT tillstand, lagenhet_id AS bostad FROM bf_boende WHERE id = ANY ($1) ORDER BY array_position($1, id)',
      [ids],
    )
  ).rows
const homes = async (ids: string[]) =>
  (
    await owner.query('SELECT tillstand FROM lagenhet WHERE id = ANY ($1) ORDER BY array_position($1, id)', [ids])
  ).rows.map(({ tillstand }) => tillstand)
const contract = (datum: string) => {
  const { inflyttad: _, ...bostadForst } = sublet(datum)
  return { datum, bostadForst }
}

test('three homes in Bostad Först: an own contract, a change of home, and someone’s first, with the support untouched', async () => {
  const { id, lankar, first, second, third, a, b } = await chain()
  const everyone = [first.id, second.id, third.id]
  expect(await states(everyone)).toEqual([
    { tillstand: 'inflyttad', bostad: a },
    { tillstand: 'erbjuden', bostad: a },
    { tillstand: 'erbjuden', bostad: b },
  ])
  clock.day = day(5)
  ok(await give(team, id, `lankar/${lankar[0].id}/genomforande`, { datum: day(1) }))
  const without = await give(team, id, `lankar/${lankar[1].id}/genomforande`, { datum: day(2) })
  expect(without.body.errors).toMatchObject([{ pointer: '/bostadForst', kod: 'saknas' }])
  ok(await give(team, id, `lankar/${lankar[1].id}/genomforande`, contract(day(2))))
  expect(await homes([a, b])).toEqual(['uthyrd', 'reserverad'])
  expect(ok(await give(team, id, `lankar/${lankar[2].id}/genomforande`, contract(day(4)))).tillstand).toBe('genomford')
  expect(await states(everyone)).toEqual([
    { tillstand: 'avslutad', bostad: a },
    { tillstand: 'inflyttad', bostad: a },
    { tillstand: 'inflyttad', bostad: b },
  ])
  const { rows } = await owner.query('SELECT DISTINCT tillstand FROM bf_stod WHERE bf_boende_id = ANY ($1)', [everyone])
  expect(rows).toEqual([{ tillstand: 'erbjudet' }])
})

test('when it breaks each is where they were: the tenant stays, the change of home goes on, the third still waits', async () => {
  const { id, first, second, third, a, b } = await chain()
  ok(await give(team, id, 'avbrott', { skal: 'bostadenUpphor' }))
  expect(await states([first.id, second.id, third.id])).toEqual([
    { tillstand: 'inflyttad', bostad: a },
    { tillstand: 'byteAvBostad', bostad: b },
    { tillstand: 'matchning', bostad: null },
  ])
  expect(await homes([a, b])).toEqual(['uthyrd', 'uthyrd'])
  const { rows } = await owner.query(
    'SELECT slag FROM upplatelse WHERE lagenhet_id = ANY ($1) AND upphavd IS NULL AND (slag <> $2 OR till IS NOT NULL)',
    [[a, b], 'boende'],
  )
  expect(rows).toEqual([])
  expect(await homes([await home(harness)])).toEqual(['ledig'])
})
