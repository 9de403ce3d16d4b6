import { lifecycle, stodLifecycle } from '../../src/bostad-forst/lifecycle.ts'
import * as schema from '../../src/bostad-forst/schema.ts'
import { ok } from '../cases.ts'
import { startTestApp } from '../harness.ts'
import { admitted, command, home, movedIn } from './admitted.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const team = harness.as('bostadForstTeam')
const today = harness.clock.day

type Id = { id: string }
const matched = async (): Promise<Id> => {
  const { id } = await admitted(harness, handlaggare)
  ok(await command(team, id, 'onskemal', {}))
  return { id }
}
const after = async (made: Promise<Id>, path: string, body: object = {}): Promise<Id> => {
  const { id } = await made
  ok(await command(team, id, path, body))
  return { id }
}
const inSublet = (): Promise<Id> => movedIn(harness, handlaggare)
/** Offered another home than the one that they have: notice is of that. */
const offeredAnother = async () =>
  after(after(inSublet(), 'bostadsbyte', { orsak: 'onskemal' }), 'erbjudande', { lagenhetId: await home(harness) })
const own = { kontraktsform: 'forstahand', hyraOre: 720000, inflyttad: today }

/** A tenancy in each state, brought there through the API. */
const states: Record<(typeof lifecycle.states)[number], () => Promise<Id>> = {
  antagen: () => admitted(harness, handlaggare),
  matchning: matched,
  erbjuden: async () => after(matched(), 'erbjudande', { lagenhetId: await home(harness) }),
  inflyttad: inSublet,
  overgangProvas: () => after(inSublet(), 'overgangsprovning'),
  forstahand: () => movedIn(harness, handlaggare, own),
  byteAvBostad: () => after(inSublet(), 'bostadsbyte', { orsak: 'onskemal' }),
  tillfalligtBorta: () => after(inSublet(), 'franvaro', { sedan: today, orsak: 'behandlingshem' }),
  uppsagd: () => after(inSublet(), 'uppsagning', { uppsagdTill: '2026-12-31' }),
  avslutad: () => after(matched(), 'avslut', { utfall: 'ejPaborjat', datum: today }),
}
const bodies: Record<keyof typeof lifecycle.commands, () => object | Promise<object>> = {
  onskemal: () => ({}),
  erbjud: async () => ({ lagenhetId: await home(harness) }),
  tackaNej: () => ({ svar: 'nej', orsak: 'hyra' }),
  flyttaIn: () => own,
  provaOvergang: () => ({}),
  svaraPaOvergang: () => ({ utfall: 'godkand', forstahandDatum: today }),
  bytBostad: () => ({ orsak: 'storning' }),
  boKvar: () => ({}),
  borta: () => ({ sedan: today, orsak: 'kriminalvard' }),
  hemma: () => ({}),
  uppsagning: () => ({ uppsagdTill: '2026-12-31' }),
  aterta: () => ({}),
  avsluta: () => ({ utfall: 'hemlos', datum: today }),
}
const stodBodies: Record<string, object> = { starta: { niva: 'hog' }, andraNiva: { niva: 'lag' } }
const stodColumns: Record<(typeof stodLifecycle.states)[number], string> = {
  erbjudet: 'niva = NULL, paborjat = NULL, avslutat = NULL',
  pagar: "niva = 'medel', paborjat = '2026-09-01', avslutat = NULL",
  vilande: "niva = 'medel', paborjat = '2026-09-01', avslutat = NULL",
  avslutat: "niva = 'medel', paborjat = '2026-09-01', avslutat = '2026-09-10'",
}
const putStod = (id: string, state: keyof typeof stodColumns) =>
  harness.owner.query(`UPDATE bf_stod SET tillstand = $2, ${stodColumns[state]} WHERE bf_boende_id = $1`, [id, state])
const rows = async (table: string, column: string, id: string) =>
  (await harness.owner.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE ${column} = $1 ORDER BY id`, [id])).rows
const support = (id: string) => rows('bf_stod', 'bf_boende_id', id)
const tenancy = async (id: string) => [
  await rows('bf_boende', 'id', id),
  await rows('upplatelse', 'bf_boende_id', id),
  await rows('overgangsprovning', 'bf_boende_id', id),
]
const from = (command: { from: unknown }) => [command.from].flat()

describe('the support', () => {
  const given = Object.entries(lifecycle.commands).flatMap(([name, one]) =>
    from(one).map(state => [name, state as keyof typeof states] as const),
  )
  test.each(given)('is as it was when the tenancy is given %s in %s, whatever it is', async (name, state) => {
    for (const stod of stodLifecycle.states) {
      const { id } = await (name === 'uppsagning' && state === 'erbjuden' ? offeredAnother : states[state])()
      await putStod(id, stod)
      const before = await support(id)
      const body = await bodies[name as keyof typeof bodies]()
      const answer = await command(team, id, lifecycle.commands[name as keyof typeof bodies].path, body)
      expect([stod, answer.status]).toEqual([stod, 200])
      expect(answer.body.stod.tillstand).toBe(stod)
      expect(await support(id)).toEqual(before)
    }
  })
})

describe('the tenancy', () => {
  test.each(lifecycle.states)('in %s is as it was when the support is given any of its commands', async state => {
    const { id } = await states[state]()
    const before = await tenancy(id)
    for (const [name, { path, from: source }] of Object.entries(stodLifecycle.commands))
      for (const stod of from({ from: source })) {
        await putStod(id, stod as keyof typeof stodColumns)
        const answer = await command(team, id, `stod/${path}`, stodBodies[name] ?? {})
        expect([name, stod, answer.status]).toEqual([name, stod, 200])
        expect(await tenancy(id)).toEqual(before)
      }
  })

  test('and the support are as they were in the database too, whichever of them is written', async () => {
    const { id } = await inSublet()
    await putStod(id, 'pagar')
    const [before, stod] = [await tenancy(id), await support(id)]
    await putStod(id, 'avslutat')
    expect(await tenancy(id)).toEqual(before)
    await putStod(id, 'pagar')
    const end = "tillstand = 'avslutad', avslutad_datum = '2026-09-15', utfall = 'hemlos'"
    await harness.owner.query(`UPDATE bf_boende SET ${end} WHERE id = $1`, [id])
    expect(await support(id)).toEqual(stod)
  })

  test('says so in its links: no command of one needs a state of the other', async () => {
    const { id } = await inSublet()
    const read = async () => ok(await team.get(`/bostad-forst/${id}`))
    const links = Object.keys((await read())._links)
    for (const stod of stodLifecycle.states) {
      await putStod(id, stod)
      expect(Object.keys((await read())._links)).toEqual(links)
    }
  })
})

describe('no field', () => {
  /** What must not be asked of anyone in Bostad Först (JO 8958-2020, domain §4.2). */
  const forbidden = /nykter|drog|alkohol|missbruk|test|urin|behandling|medicin|motprestation|foljsam|villkor|krav/i
  const fieldsIn = (value: unknown): string[] =>
    value === null || typeof value !== 'object'
      ? []
      : Object.entries(value).flatMap(([key, inner]) =>
          key === 'example' ? [] : [...(key === 'properties' ? Object.keys(inner as object) : []), ...fieldsIn(inner)],
        )

  test('of a table asks for sobriety, tests or treatment', async () => {
    const { rows: columns } = await harness.owner.query(
      `SELECT table_name, column_name FROM information_schema.columns
       WHERE table_name IN ('bf_boende', 'bf_stod', 'overgangsprovning', 'upplatelse')`,
    )
    expect(columns.length).toBeGreaterThan(50)
    expect(columns.filter(({ column_name }) => forbidden.test(column_name))).toEqual([])
  })

  test('of what can be sent or is answered does either', () => {
    const named = Object.entries(schema).filter(([, value]) => typeof value === 'object' && '$id' in value)
    expect(named.length).toBeGreaterThan(12)
    const fields = named.flatMap(([, value]) => fieldsIn(value))
    expect(fields).toEqual(expect.arrayContaining(['overgangNasta', 'niva', 'skalAndrahand', 'onskadFrekvens']))
    expect(fields.filter(field => forbidden.test(field))).toEqual([])
  })
})
