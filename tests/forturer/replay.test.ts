import { assessFortur, type Forturfakta } from '../../src/forturer/criteria.ts'
import type { Provat } from '../../src/forturer/replay.ts'
import { replay } from '../../src/forturer/replay.ts'
import type { ProvadeKriterier } from '../../src/forturer/schema.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold, nextPersonnummer } from '../people.ts'
import { decidedCase } from './granted.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare')
const skyddsgrupp = harness.as(['handlaggare', 'beslutsfattare', 'skyddsgrupp'])
const beslutsfattare = harness.as('beslutsfattare')
const administrator = harness.as('administrator')
const statistiker = harness.as('statistiker')

const lund = {
  nummer: 1,
  minFolkbokfordManader: 24,
  kravKo: true,
  kravEgenKotid: true,
  minIntygPerGrund: 1,
  maxAlderUng: 28,
}
const known: Forturfakta = {
  folkbokfordManader: 30,
  undantagFolkbokforing: null,
  koRegistrerad: true,
  egenKotidProvad: true,
  minIntygPerGrund: 1,
  bostadsskuldOre: 0,
  ung: false,
  alder: null,
}
const decision = (fakta: Partial<Forturfakta> = {}, manad = '2026-03'): Provat => ({
  manad,
  utfall: 'bifall',
  bedomning: assessFortur(lund, { ...known, ...fakta }),
})
const many = (count: number, ...what: Parameters<typeof decision>) =>
  Array.from({ length: count }, () => decision(...what))
async function* each(beslut: Provat[]) {
  yield* beslut
}
const period = { fran: '2026-01-01', till: '2026-06-30' }
const trying = (kriterier: ProvadeKriterier, beslut: Provat[], masked = false) =>
  replay({ ...period, kriterier }, each(beslut), masked)

test('the same criteria change nothing', async () => {
  const { nummer, ...same } = lund
  const beslut = [decision(), decision({ koRegistrerad: null }), decision({ ung: true, alder: 30 })]
  expect(await trying(same, beslut)).toMatchObject({ antal: 3, oforandrade: 3, antalAndrade: 0, andrade: [] })
})

test.each<[string, ProvadeKriterier, Partial<Forturfakta>, object | null]>([
  [
    'a stricter criterion',
    { minFolkbokfordManader: 36 },
    {},
    {
      medGallande: 'uppfyllt',
      medProvade: 'ejUppfyllt',
      skillnader: [{ kod: 'minFolkbokfordManader', varde: 30, fran: 'uppfyllt', till: 'ejUppfyllt' }],
    },
  ],
  ['a stricter criterion, of someone exempt', { minFolkbokfordManader: 36 }, { undantagFolkbokforing: 'annat' }, null],
  [
    'a criterion that was not asked then',
    { maxBostadsskuldOre: 0 },
    { bostadsskuldOre: 4_500_000 },
    {
      medGallande: 'uppfyllt',
      medProvade: 'ejUppfyllt',
      skillnader: [{ kod: 'maxBostadsskuldOre', varde: 4_500_000, fran: 'uppfyllt', till: 'ejUppfyllt' }],
    },
  ],
  [
    'a criterion that was not asked then, of a value that is not known',
    { maxBostadsskuldOre: 0 },
    { bostadsskuldOre: null },
    {
      medGallande: 'uppfyllt',
      medProvade: 'okant',
      skillnader: [{ kod: 'maxBostadsskuldOre', varde: null, fran: 'uppfyllt', till: 'okant' }],
    },
  ],
  [
    'a criterion that is no longer asked',
    { minIntygPerGrund: 1 },
    { koRegistrerad: false },
    {
      medGallande: 'ejUppfyllt',
      medProvade: 'uppfyllt',
      skillnader: [{ kod: 'kravKo', varde: false, fran: 'ejUppfyllt', till: 'uppfyllt' }],
    },
  ],
  ['an age, of someone whose ground is another', { maxAlderUng: 18 }, { alder: 50 }, null],
  [
    'an age, of the young',
    { maxAlderUng: 25 },
    { ung: true, alder: 26 },
    {
      medGallande: 'uppfyllt',
      medProvade: 'ejUppfyllt',
      skillnader: [{ kod: 'maxAlderUng', varde: 26, fran: 'uppfyllt', till: 'ejUppfyllt' }],
    },
  ],
])('%s', async (_, kriterier, fakta, changed) => {
  const svar = await trying(kriterier, [decision(fakta)])
  expect(svar.andrade).toEqual(changed ? [{ manad: '2026-03', utfall: 'bifall', ...changed }] : [])
  expect([svar.oforandrade, svar.antalAndrade]).toEqual(changed ? [0, 1] : [1, 0])
})

test('each tried criterion is counted, over those whom it is asked of', async () => {
  const svar = await trying({ minFolkbokfordManader: 36, maxAlderUng: 28 }, [
    decision(),
    decision({ folkbokfordManader: 40, ung: true, alder: 20 }),
    decision({ folkbokfordManader: null }),
    decision({ undantagFolkbokforing: 'hotEllerVald' }),
  ])
  expect(svar.perKriterium).toEqual([
    { kod: 'minFolkbokfordManader', uppfyllt: 1, ejUppfyllt: 1, okant: 1, undantag: 1 },
    { kod: 'maxAlderUng', uppfyllt: 1, ejUppfyllt: 0, okant: 0, undantag: 0 },
  ])
})

test('a long list of changes is cut, and counted whole', async () => {
  const svar = await trying({ minFolkbokfordManader: 36 }, many(1200))
  expect([svar.antal, svar.antalAndrade, svar.andrade.length]).toEqual([1200, 1200, 1000])
})

describe('masked', () => {
  const strict = { minFolkbokfordManader: 36 }
  const passing = { folkbokfordManader: 60 }

  test('shows counts of five and more, without values', async () => {
    const svar = await trying(strict, [...many(6), ...many(7, passing)], true)
    expect(svar).toMatchObject({ antal: 13, oforandrade: 7, antalAndrade: 6 })
    expect(svar.andrade).toHaveLength(6)
    expect(svar.andrade.flatMap(({ skillnader }) => skillnader.map(({ varde }) => varde))).toEqual(Array(6).fill(null))
    expect(svar.perKriterium).toEqual([
      { kod: 'minFolkbokfordManader', uppfyllt: 7, ejUppfyllt: 6, okant: 0, undantag: 0 },
    ])
  })

  const none = { uppfyllt: null, ejUppfyllt: null, okant: null, undantag: null }
  test.each([
    ['few changes', [...many(4), ...many(7, passing)]],
    ['few that are as before', [...many(7), ...many(4, passing)]],
  ])('hides %s, and what would tell them', async (_, beslut) => {
    const svar = await trying(strict, beslut, true)
    expect(svar).toMatchObject({ antal: 11, oforandrade: null, antalAndrade: null })
    expect(svar.perKriterium).toEqual([{ kod: 'minFolkbokfordManader', ...none }])
  })

  test('hides everything of few decisions', async () => {
    expect(await trying(strict, many(4), true)).toEqual({
      ...period,
      antal: null,
      oforandrade: null,
      antalAndrade: null,
      andrade: [],
      perKriterium: [],
    })
  })

  test('lists no change that few others are like', async () => {
    const svar = await trying(strict, [...many(6), ...many(3, {}, '2026-04'), ...many(9, passing)], true)
    expect(svar.andrade.map(({ manad }) => manad)).toEqual(Array(6).fill('2026-03'))
    expect([svar.oforandrade, svar.antalAndrade]).toEqual([null, null])
  })
})

describe('POST /forturer/kriterieprov', () => {
  async function decide(
    datum: string,
    fakta: Partial<Forturfakta> = {},
    client = handlaggare,
    personer: object[] = [],
  ) {
    const hushall =
      personer.length > 0 ? (await client.post('/hushall', { personer })).body : await createHousehold(client)
    const { beslut } = await decidedCase(harness, hushall)
    await harness.owner.query('UPDATE beslut SET datum = $2, bedomning = $3 WHERE id = $1', [
      beslut.id,
      datum,
      JSON.stringify(assessFortur(lund, { ...known, ...fakta })),
    ])
    return beslut.id
  }
  const kriterier = { minFolkbokfordManader: 36 }
  const tables = async () =>
    (
      await harness.owner.query(
        'SELECT (SELECT count(*) FROM historik)::int AS historik, (SELECT count(*) FROM forturskriterier)::int AS kriterier',
      )
    ).rows[0]

  test('replays the decisions of the period, and says nothing of whom', async () => {
    const ids = [
      await decide('2026-01-01'),
      await decide('2026-06-30', { folkbokfordManader: 50 }),
      await decide('2025-12-31'),
      await decide('2026-07-01'),
    ]
    const [unassessed, otherHelp] = [await decide('2026-02-02'), await decide('2026-02-02')]
    await harness.owner.query('UPDATE beslut SET bedomning = NULL WHERE id = $1', [unassessed])
    await harness.owner.query("UPDATE beslut SET insats = 'stodlagenhet' WHERE id = $1", [otherHelp])
    const before = await tables()
    for (const client of [beslutsfattare, administrator]) {
      const { status, body } = await client.post('/forturer/kriterieprov', { ...period, kriterier })
      expect([status, body]).toEqual([
        200,
        {
          ...period,
          antal: 2,
          oforandrade: 1,
          antalAndrade: 1,
          andrade: [
            {
              manad: '2026-01',
              utfall: 'bifall',
              medGallande: 'uppfyllt',
              medProvade: 'ejUppfyllt',
              skillnader: [{ kod: 'minFolkbokfordManader', varde: 30, fran: 'uppfyllt', till: 'ejUppfyllt' }],
            },
          ],
          perKriterium: [{ kod: 'minFolkbokfordManader', uppfyllt: 1, ejUppfyllt: 1, okant: 0, undantag: 0 }],
        },
      ])
      for (const id of ids) expect(JSON.stringify(body)).not.toContain(id)
    }
    expect(await tables()).toEqual(before)
  })

  test('is masked for the statistician', async () => {
    const { status, body } = await statistiker.post('/forturer/kriterieprov', { ...period, kriterier })
    expect([status, body.antal, body.andrade]).toEqual([200, null, []])
  })

  test('leaves out the protected for who may not know of them', async () => {
    const body = { fran: '2024-01-01', till: '2024-12-31', kriterier }
    const person = { personnummer: nextPersonnummer(), fornamn: 'S', efternamn: 'K', roll: 'sokande' }
    await decide('2024-05-05', {}, skyddsgrupp, [{ ...person, skyddsniva: 'sekretessmarkering' }])
    expect((await beslutsfattare.post('/forturer/kriterieprov', body)).body.antal).toBe(0)
    expect((await skyddsgrupp.post('/forturer/kriterieprov', body)).body.antal).toBe(1)
  })

  test.each([
    ['a period backwards', { fran: '2026-02-01', till: '2026-01-31', kriterier }, '/till'],
    ['no criteria', { ...period, kriterier: { kravKo: null } }, '/kriterier'],
  ])('refuses %s', async (_, body, pointer) => {
    const answer = await beslutsfattare.post('/forturer/kriterieprov', body)
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer])
  })

  test('is not for the caseworker', async () => {
    expect((await handlaggare.post('/forturer/kriterieprov', { ...period, kriterier })).status).toBe(403)
  })
})
