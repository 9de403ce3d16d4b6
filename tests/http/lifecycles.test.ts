import { type Roll, roller } from '../../src/shared/caller.ts'
import { startTestApp } from '../harness.ts'
import { examplesOf } from '../lifecycles/examples.ts'
import { everything, type Process, readRow, writeRow } from '../lifecycles/rows.ts'
import { type TableName, tables } from '../lifecycles/tables.ts'
import { createLandlord } from '../people.ts'

const harness = await startTestApp()
const landlord = await createLandlord(harness.as('handlaggare'), 'Exempelbostäder AB', true)
const { processes, put } = await examplesOf(harness, landlord.id)

const tokens: [actor: string, token: string][] = await Promise.all([
  ...(Object.keys(roller) as Roll[]).map(async roll => [roll, await harness.as(roll).token()] as never),
  harness
    .hyresvard(landlord.id)
    .token()
    .then(token => ['hyresvard', token] as never),
  harness
    .as([], 'serviceforvaltningen')
    .token()
    .then(token => ['serviceforvaltningen', token] as never),
])

/** Those outside socialförvaltningen who meet a process. */
const outside = {
  hyresvard: harness.hyresvard(landlord.id),
  serviceforvaltningen: harness.as([], 'serviceforvaltningen'),
}

type Problem = { kod?: string; mojligaKommandon?: string[] }
type Answer = { status: number; body: Problem & { tillstand?: string } }
async function post(url: string, token: string, body: object): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '"1"' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}
const listOf = (value: unknown) => [value].flat() as string[]
const unique = (values: string[]) => [...new Set(values)]

describe.each(Object.entries(processes))('%s', (name, process) => {
  const { lifecycle, table, id, path, party = 'hyresvard', landlordsPath, hiddenFromLandlord, bodies } = process
  const { answersAnother = [] } = process
  const given = Object.entries(lifecycle.commands).filter(([, { path }]) => path !== undefined)
  const pathOf = (command: string) => lifecycle.commands[command]?.path as string
  /** The commands that one address stands for: which of them it is follows from the state. */
  const sharing = (command: string) => given.filter(([, { path }]) => path === pathOf(command))

  const addressOf = (command: string, actor: string) => {
    const own = actor === party ? landlordsPath?.[command] : undefined
    const ours = `${path}/${pathOf(command).replace('{erbjudandeId}', process.erbjudandeId ?? '')}`
    return `${harness.base}/v1${own ?? ours}`
  }
  const bodiesOf = (command: string, state: string): object[] => {
    const found = bodies[command] as Process['bodies'][string]
    return Array.isArray(found) ? found : (found[state] ?? (Object.values(found)[0] as object[]))
  }
  const allowed = ([, { by, from }]: (typeof given)[number], actors: string[], state: string) =>
    by.some(actor => actors.includes(actor)) && listOf(from).includes(state)

  test('allows what the domain says, and nothing else', () => {
    const expected = tables[name as TableName]
    const lines = Object.entries(lifecycle.commands).flatMap(([command, { from, to, by }]) =>
      listOf(from).map(state => `${state} ${command} -> ${listOf(to).join('|')}: ${by.join('|')}`),
    )
    expect(lines.sort()).toEqual(
      expected.lines
        .map(({ from, command, to, by }) => `${from} ${command} -> ${to.join('|')}: ${by.join('|')}`)
        .sort(),
    )
    expect([...lifecycle.states]).toEqual(expected.states)
    expect(Object.keys(process.states)).toEqual(expected.states)
    expect(expected.initial).toContain(lifecycle.initial)
  })

  test.each([...lifecycle.states])('%s: each command, by each role, does what the table says', async state => {
    const expectedOf = (actor: string, by: readonly string[]) => {
      if (!by.includes(actor)) return { status: 403, kod: 'inte-behorig', mojligaKommandon: undefined }
      if (actor === party && hiddenFromLandlord?.includes(state))
        return { status: 404, kod: 'finns-inte', mojligaKommandon: undefined }
      const possible = given.filter(command => allowed(command, [actor], state)).map(([, { path }]) => path)
      return { status: 409, kod: 'fel-tillstand', mojligaKommandon: possible }
    }

    await put(name, state)
    const before = await everything(harness)
    for (const [command, { by }] of given)
      for (const [actor, token] of tokens) {
        if (sharing(command).some(one => allowed(one, [actor], state))) continue
        const { status, body } = await post(addressOf(command, actor), token, bodiesOf(command, state)[0] as object)
        const { kod, mojligaKommandon } = body
        expect({ command, actor, status, kod, mojligaKommandon }).toEqual({ command, actor, ...expectedOf(actor, by) })
      }
    expect(await everything(harness)).toEqual(before)

    for (const [command, { to, by }] of given.filter(([, { from }]) => listOf(from).includes(state))) {
      const reached = new Set<string>()
      for (const [actor, token] of tokens.filter(([actor]) => by.includes(actor)))
        for (const body of bodiesOf(command, state)) {
          await put(name, state, command)
          const answer = await post(addressOf(command, actor), token, body)
          expect({ command, actor, ...answer, status: answer.status < 300 }).toMatchObject({ status: true })
          const row = await readRow(harness, table, id)
          expect(listOf(to)).toContain(row.tillstand)
          expect(row.version).toBe(2)
          if (!answersAnother.includes(command)) expect(answer.body.tillstand).toBe(row.tillstand)
          reached.add(row.tillstand as string)
        }
      expect(reached.size).toBe(Math.min(bodiesOf(command, state).length, listOf(to).length))
    }
  })

  test.each([...lifecycle.states])('%s: the links of each role are the commands that then succeed', async state => {
    const clients = [
      ...(
        [
          ['handlaggare'],
          ['beslutsfattare'],
          ['handlaggare', 'beslutsfattare'],
          ['boendeenhet'],
          ['bostadForstTeam'],
        ] as Roll[][]
      ).map(roles => [roles.join(), harness.as(roles), path] as const),
      ...(hiddenFromLandlord ? [[party, outside[party], `/${party}${path}`] as const] : []),
    ]
    for (const [actor, client, address] of clients) {
      await put(name, state)
      const { body, headers, status } = await client.get(address)
      const links = (body._links ?? {}) as Record<string, { href: string; method: string; rel: string; title: string }>
      if (status === 200) expect(headers.etag).toBe('"1"')
      const offered = given.map(([command]) => command).filter(command => links[command])
      const works: string[] = []
      for (const [command] of given) {
        await put(name, state, command)
        const href = addressOf(command, actor)
        const answer = await post(href, await client.token(), bodiesOf(command, state)[0] as object)
        if (answer.status < 300) works.push(pathOf(command))
        if (links[command])
          expect(links[command]).toEqual({ href, rel: command, method: 'POST', title: expect.any(String) })
      }
      expect({ actor, offered: offered.map(pathOf) }).toEqual({ actor, offered: unique(works) })
      expect(Object.values(links).filter(({ method }) => method === 'POST')).toHaveLength(offered.length)
    }
  })

  test('has no address for what only the service does, nor a state that can be written', async () => {
    const [state] = lifecycle.states as [string]
    await put(name, state)
    const before = await everything(harness)
    const client = harness.as(['handlaggare', 'beslutsfattare'])
    for (const [command, { path: address }] of Object.entries(lifecycle.commands))
      if (!address)
        expect((await client.post(`${path}/${command.toLowerCase()}`, {}, { ifMatch: '*' })).status).toBe(404)
    const { status } = await client.patch(path, { tillstand: lifecycle.states[1] }, { ifMatch: '*' })
    expect(status).toBe(process.patchable ? 400 : 405)
    expect(await everything(harness)).toEqual(before)
  })
})

describe('ending because the criteria are met', () => {
  const { id, path } = processes.hyresgaranti as Process
  const motivering = 'Prövning av tillstånden.'
  const avslut = { avslutsorsak: 'kriterierUppfyllda', motivering }
  test.each([
    ['aktiv', 'godkant', 0, 'hyresvarden-har-inte-godkant'],
    ['avslutForeslaget', null, 0, 'hyresvarden-har-inte-godkant'],
    ['avslutForeslaget', 'godkant', 1, 'oppet-krav'],
    ['avslutForeslaget', 'godkant', 0, 'avslutadKriterier'],
  ])('%s, the landlord answered %s, %d öre open: %s', async (state, vardensSvar, reserved, outcome) => {
    await put('hyresgaranti', state)
    const row = await readRow(harness, 'hyresgaranti', id)
    await writeRow(harness, 'hyresgaranti', { ...row, vardens_svar: vardensSvar, reserverat_ore: reserved })
    const { body } = await harness.as('handlaggare').post(`${path}/avslut`, avslut, { ifMatch: '"1"' })
    expect(body.kod ?? body.tillstand).toBe(outcome)
    expect((await readRow(harness, 'hyresgaranti', id)).tillstand).toBe(body.tillstand ?? state)
  })
})
