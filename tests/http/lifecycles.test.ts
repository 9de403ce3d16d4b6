import { lifecycle as kravLifecycle } from '../../src/garantikrav/lifecycle.ts'
import { lifecycle as genomgangLifecycle } from '../../src/genomgangar/lifecycle.ts'
import { lifecycle as garantiLifecycle } from '../../src/hyresgarantier/lifecycle.ts'
import { lifecycle as regressLifecycle } from '../../src/regressfordringar/lifecycle.ts'
import { type Roll, roller } from '../../src/shared/caller.ts'
import { startTestApp } from '../harness.ts'
import { activate, createLandlord, goodAnswer, openRound, reviewOf } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const landlord = await createLandlord(handlaggare)
const garanti = await activate(handlaggare, { hyresvardId: landlord.id })
const guarantee = `/hyresgarantier/${garanti.id}`
const motivering = 'Prövning av tillstånden.'

/** One of everything, to be put into each state. */
const krav = (await handlaggare.post(`${guarantee}/krav`, { hyresmanad: '2026-03', kravtBeloppOre: 800000 })).body
const paidKrav = (await handlaggare.post(`${guarantee}/krav`, { hyresmanad: '2026-04', kravtBeloppOre: 800000 })).body
await beslutsfattare.post(
  `${guarantee}/krav/${paidKrav.id}/beslut`,
  { utfall: 'godkant', godkantBeloppOre: 800000, indrivningsbevisRef: 'KFM 1', motivering },
  { ifMatch: '*' },
)
await handlaggare.post(`${guarantee}/krav/${paidKrav.id}/utbetalning`, {}, { ifMatch: '*' })
const fordran = (await handlaggare.get('/regressfordringar')).body.regressfordringar[0]
await openRound(harness)
const genomgang = await reviewOf(handlaggare, garanti.id)

type Row = Record<string, unknown>
const readRow = async (table: string, id: string): Promise<Row> =>
  (await harness.owner.query(`SELECT to_jsonb(t) AS row FROM ${table} t WHERE id = $1`, [id])).rows[0].row

/** Writes a row as its owner, past every rule but the database's own. */
async function writeRow(table: string, row: Row): Promise<void> {
  const columns = Object.keys(row).filter(column => column !== 'id')
  await harness.owner.query(
    `UPDATE ${table} t SET ${columns.map(column => `${column} = x.${column}`).join(', ')}
     FROM jsonb_populate_record(NULL::${table}, $1) x WHERE t.id = x.id`,
    [row],
  )
}

const inForce = { ...(await readRow('hyresgaranti', garanti.id)), reserverat_ore: 0, utbetalt_ore: 0, version: 1 }
const ended = (tillstand: string, avslutsorsak: string) => ({ tillstand, avslutsorsak, avslutad_datum: '2026-09-01' })
const noAnswer = {
  manader_i_tid: null,
  forsenade_betalningar: null,
  storningar: null,
  hyresskuld_ore: null,
  rekommenderar_avslut: null,
  hemforsakring: null,
  besvarad: null,
  besvarad_av: null,
}
const anAnswer = {
  manader_i_tid: 14,
  forsenade_betalningar: 0,
  storningar: 0,
  hyresskuld_ore: 0,
  rekommenderar_avslut: true,
  hemforsakring: true,
  besvarad: '2026-09-10T08:00:00Z',
  besvarad_av: 'lkf',
}
const decision = {
  utfall: 'fortsatt',
  motivering: 'Fortsätter.',
  beslutad: '2026-09-11T08:00:00Z',
  beslutad_av: 'maja',
}
const noDecision = { utfall: null, motivering: null, beslutad: null, beslutad_av: null }
const approved = { godkant_belopp_ore: 800000, beslut_datum: '2026-09-01', beslutsfattare: 'karin' }

type Process = {
  lifecycle: {
    states: readonly string[]
    commands: Record<string, { path?: string; by: readonly string[]; from: unknown; to: unknown }>
  }
  table: string
  id: string
  path: string
  /** Columns of the row in each state, beside the ones it has. */
  states: Record<string, Row>
  /** Columns of the guarantee that go with them. */
  garanti?: Row
  /** Bodies that are right in every state from which the command can be given. */
  bodies: Record<string, object[]>
  /** Where a party that is not socialförvaltningen gives the command. */
  partyPath?: Record<string, string>
  /** From the domain (§1.3), by hand: state, command, states it can lead to, by whom. */
  transitions: string
}

const processes: Record<string, Process> = {
  hyresgaranti: {
    lifecycle: garantiLifecycle,
    table: 'hyresgaranti',
    id: garanti.id,
    path: guarantee,
    states: {
      beviljad: { tillstand: 'beviljad', avtal_tecknat_datum: null, max_belopp_ore: null },
      aktiv: { tillstand: 'aktiv' },
      avslutForeslaget: { tillstand: 'avslutForeslaget', avslut_foreslaget_datum: '2026-09-01' },
      uppsagd: { tillstand: 'uppsagd', uppsagd_datum: '2026-09-01', uppsagd_till: '2027-06-01' },
      avslutadKriterier: ended('avslutadKriterier', 'kriterierUppfyllda'),
      avslutadOverenskommelse: ended('avslutadOverenskommelse', 'overenskommelse'),
      upphordTid: ended('upphordTid', 'tidenUte'),
      upphordHyresavtal: ended('upphordHyresavtal', 'hyresavtaletUpphort'),
      upphordUppsagd: ended('upphordUppsagd', 'uppsagd'),
      forbrukad: ended('forbrukad', 'forbrukad'),
      forfallen: { ...ended('forfallen', 'ingetAvtal'), avtal_tecknat_datum: null },
    },
    bodies: {
      tecknaAvtal: [{ avtalTecknatDatum: '2025-02-01' }],
      foreslaAvslut: [{ motivering }],
      svaraPaForslag: [{ svar: 'godkant' }, { svar: 'avvisat', orsak: 'Skulden kvarstår.' }],
      avsluta: [{ avslutsorsak: 'overenskommelse', motivering }],
      sagUpp: [{ uppsagdTill: '2027-06-01', motivering }],
      hyresavtaletUpphor: [{ datum: '2026-09-14', motivering }],
    },
    partyPath: { svaraPaForslag: `/hyresvard/avslutsforslag/${garanti.id}/svar` },
    transitions: `
      beviljad tecknaAvtal -> aktiv: handlaggare
      aktiv foreslaAvslut -> avslutForeslaget: handlaggare
      aktiv avsluta -> avslutadKriterier|avslutadOverenskommelse: handlaggare
      aktiv sagUpp -> uppsagd: beslutsfattare
      aktiv hyresavtaletUpphor -> upphordHyresavtal: handlaggare
      avslutForeslaget svaraPaForslag -> avslutForeslaget|aktiv: handlaggare|hyresvard
      avslutForeslaget avsluta -> avslutadKriterier|avslutadOverenskommelse: handlaggare
      avslutForeslaget hyresavtaletUpphor -> upphordHyresavtal: handlaggare
      uppsagd hyresavtaletUpphor -> upphordHyresavtal: handlaggare`,
  },
  garantikrav: {
    lifecycle: kravLifecycle,
    table: 'garantikrav',
    id: krav.id,
    path: `${guarantee}/krav/${krav.id}`,
    states: {
      inkommet: { tillstand: 'inkommet' },
      granskas: { tillstand: 'granskas' },
      godkant: { tillstand: 'godkant', ...approved },
      utbetalt: { tillstand: 'utbetalt', ...approved, utbetalt_datum: '2026-09-01' },
      avvisat: { tillstand: 'avvisat', avvisningsorsak: 'annat' },
      aterkallat: { tillstand: 'aterkallat' },
    },
    garanti: { reserverat_ore: 800000 },
    bodies: {
      granska: [{}],
      besluta: [
        { utfall: 'godkant', godkantBeloppOre: 700000, indrivningsbevisRef: 'KFM 2', motivering },
        { utfall: 'avvisat', avvisningsorsak: 'annat', motivering },
      ],
      betalaUt: [{}],
      aterkalla: [{}],
    },
    transitions: `
      inkommet granska -> granskas: handlaggare
      inkommet besluta -> godkant|avvisat: beslutsfattare
      inkommet aterkalla -> aterkallat: handlaggare
      granskas besluta -> godkant|avvisat: beslutsfattare
      granskas aterkalla -> aterkallat: handlaggare
      godkant betalaUt -> utbetalt: handlaggare
      godkant aterkalla -> aterkallat: handlaggare`,
  },
  regressfordran: {
    lifecycle: regressLifecycle,
    table: 'regressfordran',
    id: fordran.id,
    path: `/regressfordringar/${fordran.id}`,
    states: {
      oppnad: { tillstand: 'oppnad' },
      avbetalning: { tillstand: 'avbetalning', betalt_ore: 100 },
      reglerad: { tillstand: 'reglerad', betalt_ore: fordran.beloppOre },
      efterskankt: {
        tillstand: 'efterskankt',
        eftergift_datum: '2026-09-01',
        eftergift_motivering: motivering,
        eftergift_beslutsfattare: 'karin',
      },
      tillKronofogden: { tillstand: 'tillKronofogden' },
      avskrivenPreskriberad: { tillstand: 'avskrivenPreskriberad' },
    },
    bodies: {
      taEmotBetalning: [{ beloppOre: 500 }],
      efterskank: [{ motivering }],
      lamnaTillKronofogden: [{}],
      skrivAv: [{}],
    },
    transitions: `
      oppnad taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
      oppnad efterskank -> efterskankt: beslutsfattare
      oppnad lamnaTillKronofogden -> tillKronofogden: handlaggare
      oppnad skrivAv -> avskrivenPreskriberad: beslutsfattare
      avbetalning taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
      avbetalning efterskank -> efterskankt: beslutsfattare
      avbetalning lamnaTillKronofogden -> tillKronofogden: handlaggare
      avbetalning skrivAv -> avskrivenPreskriberad: beslutsfattare
      tillKronofogden taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
      tillKronofogden efterskank -> efterskankt: beslutsfattare
      tillKronofogden skrivAv -> avskrivenPreskriberad: beslutsfattare`,
  },
  genomgang: {
    lifecycle: genomgangLifecycle,
    table: 'genomgang',
    id: genomgang.id,
    path: `/genomgangar/${genomgang.id}`,
    states: {
      vantar: { tillstand: 'vantar', ...noAnswer, ...noDecision },
      besvarad: { tillstand: 'besvarad', ...anAnswer, ...noDecision },
      klar: { tillstand: 'klar', ...anAnswer, ...decision },
      forfallen: { tillstand: 'forfallen', ...noAnswer, ...noDecision },
    },
    bodies: {
      avgor: [
        { utfall: 'fortsatt', motivering },
        { utfall: 'atgard', motivering },
      ],
    },
    transitions: `
      vantar avgor -> klar: handlaggare
      besvarad avgor -> klar: handlaggare
      forfallen avgor -> klar: handlaggare`,
  },
}
const bases = Object.fromEntries(
  await Promise.all(
    Object.entries(processes).map(async ([name, { table, id }]) => [name, await readRow(table, id)] as const),
  ),
)
// A debt from so long ago that it has lapsed, so that each of its commands can succeed.
Object.assign(bases.regressfordran as Row, { uppkommen: '2016-01-01', preskriberas: '2026-01-01' })
bases.hyresgaranti = inForce

/** Brings a process, and the guarantee that it is about, into a state. */
async function put(name: string, state: string): Promise<void> {
  const process = processes[name] as Process
  await harness.owner.query('DELETE FROM regressfordran WHERE garantikrav_id = $1', [krav.id])
  if (name !== 'hyresgaranti') await writeRow('hyresgaranti', { ...inForce, ...process.garanti })
  await writeRow(process.table, { ...bases[name], version: 1, ...process.states[state] })
}
const all = ['hyresgaranti', 'garantikrav', 'regressfordran', 'regressbetalning', 'genomgang']
const everything = async () => {
  const sums = all.map(table => `(SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM ${table} t) AS ${table}`)
  return (await harness.owner.query(`SELECT ${sums.join(', ')}`)).rows[0]
}

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

type Problem = { kod?: string; mojligaKommandon?: string[] }
type Answer = { status: number; body: Problem & { tillstand?: string; regressfordran?: { tillstand: string } } }
async function post(url: string, token: string, body: object): Promise<Answer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': '"1"' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Answer['body'] }
}
const listOf = (value: unknown) => [value].flat() as string[]

describe.each(Object.entries(processes))('%s', (name, { lifecycle, path, partyPath, states, bodies, transitions }) => {
  const given = Object.entries(lifecycle.commands).filter(([, { path }]) => path !== undefined)

  test('allows what the domain says, and nothing else', () => {
    const lines = lifecycle.states.flatMap(state =>
      given
        .filter(([, { from }]) => listOf(from).includes(state))
        .map(([command, { to, by }]) => `${state} ${command} -> ${listOf(to).join('|')}: ${by.join('|')}`),
    )
    expect(lines).toEqual(transitions.trim().split(/\n\s*/))
    expect(Object.keys(states)).toEqual([...lifecycle.states])
  })

  test.each([...lifecycle.states])('%s: each command, by each role, does what the table says', async state => {
    const addressOf = (command: string, actor: string) => {
      const own = actor === 'hyresvard' ? partyPath?.[command] : undefined
      return `${harness.base}/v1${own ?? `${path}/${lifecycle.commands[command]?.path}`}`
    }
    const possible = (actor: string) =>
      given.filter(([, { by, from }]) => by.includes(actor) && listOf(from).includes(state))

    await put(name, state)
    const before = await everything()
    for (const [command, { by, from }] of given)
      for (const [actor, token] of tokens) {
        if (by.includes(actor) && listOf(from).includes(state)) continue
        const { status, body } = await post(addressOf(command, actor), token, bodies[command]?.[0] as object)
        const expected = by.includes(actor)
          ? { status: 409, kod: 'fel-tillstand', mojligaKommandon: possible(actor).map(([, { path }]) => path) }
          : { status: 403, kod: 'inte-behorig', mojligaKommandon: undefined }
        const { kod, mojligaKommandon } = body
        expect({ command, actor, status, kod, mojligaKommandon }).toEqual({ command, actor, ...expected })
      }
    expect(await everything()).toEqual(before)

    for (const [command, { to, by }] of given.filter(([, { from }]) => listOf(from).includes(state))) {
      const reached = new Set<string>()
      for (const [actor, token] of tokens.filter(([actor]) => by.includes(actor)))
        for (const body of bodies[command] as object[]) {
          await put(name, state)
          const answer = await post(addressOf(command, actor), token, body)
          expect({ command, actor, ok: answer.status < 300 }).toEqual({ command, actor, ok: true })
          const after = answer.body.tillstand ?? answer.body.regressfordran?.tillstand
          expect(listOf(to)).toContain(after)
          const row = await readRow((processes[name] as Process).table, (processes[name] as Process).id)
          expect(row).toMatchObject({ tillstand: after, version: 2 })
          reached.add(after as string)
        }
      expect(reached.size).toBe((bodies[command] as object[]).length > 1 && listOf(to).length > 1 ? 2 : 1)
    }
  })

  test.each([...lifecycle.states])('%s: the links of each role are the commands that then succeed', async state => {
    for (const roles of [['handlaggare'], ['beslutsfattare'], ['handlaggare', 'beslutsfattare']] as Roll[][]) {
      await put(name, state)
      const client = harness.as(roles)
      const { body, headers } = await client.get(path)
      expect(headers.etag).toBe('"1"')
      const links = body._links as Record<string, { href: string; method: string; rel: string; title: string }>
      const offered = given.map(([command]) => command).filter(command => links[command])
      const works: string[] = []
      for (const [command] of given) {
        await put(name, state)
        const href = `${harness.base}/v1${path}/${lifecycle.commands[command]?.path}`
        const { status } = await post(href, await client.token(), bodies[command]?.[0] as object)
        if (status < 300) works.push(command)
        if (links[command])
          expect(links[command]).toEqual({ href, rel: command, method: 'POST', title: expect.any(String) })
      }
      expect({ roles, offered }).toEqual({ roles, offered: works })
      const notCommands = Object.values(links).filter(({ method }) => method !== 'GET')
      expect(notCommands).toHaveLength(works.length)
    }
  })

  test('has no address for what only the service does, nor a state that can be written', async () => {
    const [state] = lifecycle.states as [string]
    await put(name, state)
    const before = await everything()
    const client = harness.as(['handlaggare', 'beslutsfattare'])
    for (const [command, { path: address }] of Object.entries(lifecycle.commands))
      if (!address)
        expect((await client.post(`${path}/${command.toLowerCase()}`, {}, { ifMatch: '*' })).status).toBe(404)
    const { status } = await client.patch(path, { tillstand: lifecycle.states[1] }, { ifMatch: '*' })
    expect(status).toBe(name === 'hyresgaranti' ? 400 : 405)
    expect(await everything()).toEqual(before)
  })
})

describe('ending because the criteria are met', () => {
  const avslut = { avslutsorsak: 'kriterierUppfyllda', motivering }
  test.each([
    ['aktiv', 'godkant', 0, 'hyresvarden-har-inte-godkant'],
    ['avslutForeslaget', null, 0, 'hyresvarden-har-inte-godkant'],
    ['avslutForeslaget', 'godkant', 1, 'oppet-krav'],
    ['avslutForeslaget', 'godkant', 0, 'avslutadKriterier'],
  ])('%s, the landlord answered %s, %d öre open: %s', async (state, vardensSvar, reserved, outcome) => {
    await put('hyresgaranti', state)
    const row = await readRow('hyresgaranti', garanti.id)
    await writeRow('hyresgaranti', { ...row, vardens_svar: vardensSvar, reserverat_ore: reserved })
    const { body } = await handlaggare.post(`${guarantee}/avslut`, avslut, { ifMatch: '"1"' })
    expect(body.kod ?? body.tillstand).toBe(outcome)
    expect((await readRow('hyresgaranti', garanti.id)).tillstand).toBe(body.tillstand ?? state)
  })
})

describe('the answer of a landlord', () => {
  const vard = harness.hyresvard(landlord.id)
  test.each([
    ['vantar', 'mottaget', 'besvarad'],
    ['besvarad', 'mottaget', 'besvarad'],
    ['forfallen', 'mottaget', 'forfallen'],
    ['klar', 'avvisat', 'klar'],
  ])('%s: %s, and the review is %s', async (state, utfall, after) => {
    await put('genomgang', state)
    const before = await everything()
    const svar = [{ genomgangId: genomgang.id, ...goodAnswer, manaderITid: 3 }]
    const { body } = await vard.post('/hyresvard/genomgangssvar', { svar })
    expect(body.resultat).toMatchObject([{ utfall }])
    expect((await readRow('genomgang', genomgang.id)).tillstand).toBe(after)
    if (utfall === 'avvisat') {
      expect(body.resultat[0].kod).toBe('fel-tillstand')
      expect(await everything()).toEqual(before)
    }
  })
})

describe('many decisions in one call', () => {
  const decide = (utfall: object[], query = '') => handlaggare.post(`/genomgangar/utfall${query}`, { utfall })

  test.each(['vantar', 'besvarad', 'klar', 'forfallen'])('%s: decided as one by one', async state => {
    await put('genomgang', state)
    const { body } = await decide([{ genomgangId: genomgang.id, utfall: 'fortsatt', motivering }])
    expect(body.resultat).toMatchObject([
      state === 'klar'
        ? { utfall: 'avvisat', kod: 'fel-tillstand' }
        : { utfall: 'beslutat', garantinsTillstand: 'aktiv' },
    ])
    expect((await readRow('genomgang', genomgang.id)).tillstand).toBe('klar')
  })

  test('an id in capitals is the same review', async () => {
    await put('genomgang', 'besvarad')
    const { body } = await decide([{ genomgangId: genomgang.id.toUpperCase(), utfall: 'fortsatt', motivering }])
    expect(body.resultat).toMatchObject([{ utfall: 'beslutat' }])
  })

  test('the same review twice: the second meets what the first did', async () => {
    await put('genomgang', 'besvarad')
    const one = { genomgangId: genomgang.id, motivering }
    const { body } = await decide([
      { ...one, utfall: 'fortsatt' },
      { ...one, utfall: 'atgard' },
    ])
    expect(body.resultat).toMatchObject([{ utfall: 'beslutat' }, { utfall: 'avvisat', kod: 'fel-tillstand' }])
    expect((await readRow('genomgang', genomgang.id)).utfall).toBe('fortsatt')
  })

  test.each([
    ['neither landlord consent', [false, false], ['avslutForeslaget', 'avslutForeslaget'], 'avslutForeslaget'],
    ['consent in the second', [false, true], ['avslutForeslaget', 'avslutadKriterier'], 'avslutadKriterier'],
    ['consent in the first', [true, false], ['avslutadKriterier', 'fel-tillstand'], 'avslutadKriterier'],
  ])('two reviews of one guarantee, %s', async (_, consents, results, after) => {
    await put('genomgang', 'besvarad')
    await harness.owner.query(
      `INSERT INTO genomgangsomgang VALUES ('2026H1', '2026-03-01', '2026-06-30', now()) ON CONFLICT DO NOTHING`,
    )
    await harness.owner.query(`DELETE FROM genomgang WHERE period = '2026H1'`)
    const earlier = { ...(await readRow('genomgang', genomgang.id)), id: crypto.randomUUID(), period: '2026H1' } as Row
    await harness.owner.query('INSERT INTO genomgang SELECT * FROM jsonb_populate_record(NULL::genomgang, $1)', [
      { ...earlier, rekommenderar_avslut: consents[0] },
    ])
    await writeRow('genomgang', { ...(await readRow('genomgang', genomgang.id)), rekommenderar_avslut: consents[1] })
    const { status, body } = await decide(
      [earlier.id, genomgang.id].map(genomgangId => ({ genomgangId, utfall: 'avsluta', motivering })),
    )
    expect(status).toBe(200)
    const outcomes = body.resultat.map(
      (r: { kod?: string; garantinsTillstand?: string }) => r.kod ?? r.garantinsTillstand,
    )
    expect(outcomes).toEqual(results)
    expect((await readRow('hyresgaranti', garanti.id)).tillstand).toBe(after)
    await harness.owner.query(`DELETE FROM genomgang WHERE period = '2026H1'`)
  })

  test('a dry run answers the same and changes nothing', async () => {
    await put('genomgang', 'besvarad')
    const before = await everything()
    const utfall = [{ genomgangId: genomgang.id, utfall: 'avsluta', motivering }]
    const { body } = await decide(utfall, '?dryRun=true')
    expect(body).toMatchObject({
      dryRun: true,
      resultat: [{ utfall: 'beslutat', garantinsTillstand: 'avslutadKriterier' }],
    })
    expect(await everything()).toEqual(before)
  })
})
