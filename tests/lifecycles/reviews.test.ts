import { startTestApp } from '../harness.ts'
import { createLandlord, goodAnswer } from '../people.ts'
import { guaranteeExamples } from './guarantee-examples.ts'
import { everything, insertRow, type Row, readRow, writeRow } from './rows.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const landlord = await createLandlord(handlaggare)
const { genomgang, hyresgaranti: garanti } = await guaranteeExamples(harness, landlord.id)
const motivering = 'Prövning av tillstånden.'

/** Brings the review into a state, and its guarantee into force. */
async function put(state: keyof typeof genomgang.states): Promise<void> {
  await genomgang.before()
  const row = { ...genomgang.base, version: 1, ...genomgang.states[state], tillstand: state }
  await writeRow(harness, 'genomgang', row)
}
const states = ['vantar', 'besvarad', 'klar', 'forfallen'] as const

describe('the answer of a landlord', () => {
  const vard = harness.hyresvard(landlord.id)
  test.each([
    ['vantar', 'mottaget', 'besvarad'],
    ['besvarad', 'mottaget', 'besvarad'],
    ['forfallen', 'mottaget', 'forfallen'],
    ['klar', 'avvisat', 'klar'],
  ] as const)('%s: %s, and the review is %s', async (state, utfall, after) => {
    await put(state)
    const before = await everything(harness)
    const svar = [{ genomgangId: genomgang.id, ...goodAnswer, manaderITid: 3 }]
    const { body } = await vard.post('/hyresvard/genomgangssvar', { svar })
    expect(body.resultat).toMatchObject([{ utfall }])
    expect((await readRow(harness, 'genomgang', genomgang.id)).tillstand).toBe(after)
    if (utfall === 'avvisat') {
      expect(body.resultat[0].kod).toBe('fel-tillstand')
      expect(await everything(harness)).toEqual(before)
    }
  })
})

describe('many decisions in one call', () => {
  const decide = (utfall: object[], query = '') => handlaggare.post(`/genomgangar/utfall${query}`, { utfall })

  test.each(states)('%s: decided as one by one', async state => {
    await put(state)
    const { body } = await decide([{ genomgangId: genomgang.id, utfall: 'fortsatt', motivering }])
    expect(body.resultat).toMatchObject([
      state === 'klar'
        ? { utfall: 'avvisat', kod: 'fel-tillstand' }
        : { utfall: 'beslutat', garantinsTillstand: 'aktiv' },
    ])
    expect((await readRow(harness, 'genomgang', genomgang.id)).tillstand).toBe('klar')
  })

  test('an id in capitals is the same review', async () => {
    await put('besvarad')
    const { body } = await decide([{ genomgangId: genomgang.id.toUpperCase(), utfall: 'fortsatt', motivering }])
    expect(body.resultat).toMatchObject([{ utfall: 'beslutat' }])
  })

  test('the same review twice: the second meets what the first did', async () => {
    await put('besvarad')
    const one = { genomgangId: genomgang.id, motivering }
    const { body } = await decide([
      { ...one, utfall: 'fortsatt' },
      { ...one, utfall: 'atgard' },
    ])
    expect(body.resultat).toMatchObject([{ utfall: 'beslutat' }, { utfall: 'avvisat', kod: 'fel-tillstand' }])
    expect((await readRow(harness, 'genomgang', genomgang.id)).utfall).toBe('fortsatt')
  })

  test.each([
    ['neither landlord consent', [false, false], ['avslutForeslaget', 'avslutForeslaget'], 'avslutForeslaget'],
    ['consent in the second', [false, true], ['avslutForeslaget', 'avslutadKriterier'], 'avslutadKriterier'],
    ['consent in the first', [true, false], ['avslutadKriterier', 'fel-tillstand'], 'avslutadKriterier'],
  ])('two reviews of one guarantee, %s', async (_, consents, results, after) => {
    await put('besvarad')
    await harness.owner.query(
      `INSERT INTO genomgangsomgang VALUES ('2026H1', '2026-03-01', '2026-06-30', now()) ON CONFLICT DO NOTHING`,
    )
    await harness.owner.query(`DELETE FROM genomgang WHERE period = '2026H1'`)
    const earlier = {
      ...(await readRow(harness, 'genomgang', genomgang.id)),
      id: crypto.randomUUID(),
      period: '2026H1',
    } as Row
    await insertRow(harness, 'genomgang', { ...earlier, rekommenderar_avslut: consents[0] })
    await writeRow(harness, 'genomgang', {
      ...(await readRow(harness, 'genomgang', genomgang.id)),
      rekommenderar_avslut: consents[1],
    })
    const { status, body } = await decide(
      [earlier.id, genomgang.id].map(genomgangId => ({ genomgangId, utfall: 'avsluta', motivering })),
    )
    expect(status).toBe(200)
    const outcomes = body.resultat.map(
      (r: { kod?: string; garantinsTillstand?: string }) => r.kod ?? r.garantinsTillstand,
    )
    expect(outcomes).toEqual(results)
    expect((await readRow(harness, 'hyresgaranti', garanti.id)).tillstand).toBe(after)
    await harness.owner.query(`DELETE FROM genomgang WHERE period = '2026H1'`)
  })

  test('a dry run answers the same and changes nothing', async () => {
    await put('besvarad')
    const before = await everything(harness)
    const utfall = [{ genomgangId: genomgang.id, utfall: 'avsluta', motivering }]
    const { body } = await decide(utfall, '?dryRun=true')
    expect(body).toMatchObject({
      dryRun: true,
      resultat: [{ utfall: 'beslutat', garantinsTillstand: 'avslutadKriterier' }],
    })
    expect(await everything(harness)).toEqual(before)
  })
})
