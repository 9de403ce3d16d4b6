import type { Kriterieutfall } from '../../src/beslut/schema.ts'
import {
  assessFortur,
  evaluateCriteria,
  type Forturfakta,
  factsOf,
  kriterierForDay,
  samletUtfall,
} from '../../src/forturer/criteria.ts'
import type { ProvadeKriterier } from '../../src/forturer/schema.ts'
import { startTestApp } from '../harness.ts'
import { caller } from './granted.ts'

const harness = await startTestApp()
const administrator = harness.as('administrator')
const handlaggare = harness.as('handlaggare')

const known: Forturfakta = {
  folkbokfordManader: 30,
  undantagFolkbokforing: null,
  koRegistrerad: true,
  egenKotidProvad: true,
  minIntygPerGrund: 1,
  bostadsskuldOre: 0,
  ung: false,
  alder: 27,
}
const lund: ProvadeKriterier = {
  minFolkbokfordManader: 24,
  kravKo: true,
  kravEgenKotid: true,
  minIntygPerGrund: 1,
  maxBostadsskuldOre: null,
  maxAlderUng: 28,
}
const judged = (kriterier: ProvadeKriterier, fakta: Partial<Forturfakta>) =>
  evaluateCriteria(kriterier, { ...known, ...fakta }).map(({ varde, utfall }) => [varde, utfall])

describe('each criterion', () => {
  test.each<[ProvadeKriterier, Partial<Forturfakta>, Kriterieutfall['varde'], Kriterieutfall['utfall']]>([
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: 24 }, 24, 'uppfyllt'],
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: 23 }, 23, 'ejUppfyllt'],
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: null }, null, 'okant'],
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: 23, undantagFolkbokforing: 'hotEllerVald' }, 23, 'undantag'],
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: null, undantagFolkbokforing: 'annat' }, null, 'undantag'],
    [{ minFolkbokfordManader: 24 }, { folkbokfordManader: 24, undantagFolkbokforing: 'annat' }, 24, 'uppfyllt'],
    [{ minFolkbokfordManader: 0 }, { folkbokfordManader: 0 }, 0, 'uppfyllt'],
    [{ kravKo: true }, { koRegistrerad: true }, true, 'uppfyllt'],
    [{ kravKo: true }, { koRegistrerad: false }, false, 'ejUppfyllt'],
    [{ kravKo: true }, { koRegistrerad: null }, null, 'okant'],
    [{ kravEgenKotid: true }, { egenKotidProvad: true }, true, 'uppfyllt'],
    [{ kravEgenKotid: true }, { egenKotidProvad: false }, false, 'ejUppfyllt'],
    [{ kravEgenKotid: true }, { egenKotidProvad: null }, null, 'okant'],
    [{ minIntygPerGrund: 2 }, { minIntygPerGrund: 2 }, 2, 'uppfyllt'],
    [{ minIntygPerGrund: 2 }, { minIntygPerGrund: 1 }, 1, 'ejUppfyllt'],
    [{ maxBostadsskuldOre: 0 }, { bostadsskuldOre: 0 }, 0, 'uppfyllt'],
    [{ maxBostadsskuldOre: 500 }, { bostadsskuldOre: 501 }, 501, 'ejUppfyllt'],
    [{ maxBostadsskuldOre: 500 }, { bostadsskuldOre: null }, null, 'okant'],
    [{ maxAlderUng: 28 }, { ung: true, alder: 27 }, 27, 'uppfyllt'],
    [{ maxAlderUng: 28 }, { ung: true, alder: 28 }, 28, 'ejUppfyllt'],
    [{ maxAlderUng: 28 }, { ung: true, alder: null }, null, 'okant'],
  ])('%j of %j: %p is %s', (kriterier, fakta, varde, utfall) => {
    const [[kod, krav]] = Object.entries(kriterier) as [[string, number | boolean]]
    expect(evaluateCriteria(kriterier, { ...known, ...fakta })).toEqual([{ kod, krav, varde, utfall }])
  })

  test.each<[string, ProvadeKriterier, Partial<Forturfakta>]>([
    ['null', { minFolkbokfordManader: null, maxBostadsskuldOre: null }, { folkbokfordManader: null }],
    ['absent', {}, {}],
    ['false', { kravKo: false, kravEgenKotid: false }, { koRegistrerad: false }],
    ['about the young, and this is not one', { maxAlderUng: 28 }, { ung: false, alder: 50 }],
  ])('is not asked when it is %s', (_, kriterier, fakta) => {
    expect(judged(kriterier, fakta)).toEqual([])
  })
})

test.each<[Partial<Forturfakta>, string]>([
  [{}, 'uppfyllt'],
  [{ folkbokfordManader: 3, undantagFolkbokforing: 'hotEllerVald' }, 'uppfyllt'],
  [{ koRegistrerad: null }, 'okant'],
  [{ koRegistrerad: null, egenKotidProvad: false }, 'ejUppfyllt'],
  [{ bostadsskuldOre: 900_000 }, 'uppfyllt'],
])('all criteria together of %j are %s', (fakta, samlat) => {
  expect(samletUtfall(evaluateCriteria(lund, { ...known, ...fakta }))).toBe(samlat)
  expect(samletUtfall(assessFortur({ nummer: 1, ...lund }, { ...known, ...fakta }).kriterier)).toBe(samlat)
})

test.each<Partial<Forturfakta>>([
  {},
  { ung: true },
  { ung: true, alder: null },
  { folkbokfordManader: 3, undantagFolkbokforing: 'hotEllerVald' },
  { folkbokfordManader: null, koRegistrerad: null, egenKotidProvad: null, bostadsskuldOre: null },
  { koRegistrerad: false, egenKotidProvad: false, minIntygPerGrund: 0, bostadsskuldOre: 1 },
])('a decision keeps what any criteria can ask, whatever these did: %j', fakta => {
  const all = { ...known, ...fakta }
  const readBack = all.ung ? all : { ...all, alder: null }
  for (const kriterier of [lund, { kravKo: true }])
    expect(factsOf(assessFortur({ nummer: 7, ...kriterier }, all))).toEqual(readBack)
})

test('a decision says which criteria were not asked', () => {
  const { kriterierNummer, kriterier } = assessFortur({ nummer: 3, ...lund }, known)
  expect(kriterierNummer).toBe(3)
  expect(kriterier).toContainEqual({ kod: 'maxBostadsskuldOre', krav: null, varde: 0, utfall: 'uppfyllt' })
  expect(kriterier.map(({ kod }) => kod)).not.toContain('maxAlderUng')
})

describe('the criteria as data', () => {
  const inForce = async (day: string) =>
    (await kriterierForDay(harness.db.reading(caller(['handlaggare'])), day)).nummer

  test("begin as Lund's", async () => {
    const { body } = await handlaggare.get('/forturskriterier')
    expect(body.forturskriterier).toEqual([{ nummer: 1, giltigFran: '2018-03-11', ...lund }])
    expect(body._meta.totalRecords).toBe(1)
  })

  test('get a new version; the day decides which holds, then the number', async () => {
    const later = await administrator.post('/forturskriterier', { giltigFran: '2027-01-01', maxBostadsskuldOre: 0 })
    expect([later.status, later.body]).toEqual([
      201,
      {
        nummer: 2,
        giltigFran: '2027-01-01',
        minFolkbokfordManader: null,
        kravKo: null,
        kravEgenKotid: null,
        minIntygPerGrund: null,
        maxBostadsskuldOre: 0,
        maxAlderUng: null,
      },
    ])
    expect(later.headers.location).toMatch(/\/v1\/forturskriterier$/)
    await administrator.post('/forturskriterier', { giltigFran: '2026-06-01', kravKo: true })
    await administrator.post('/forturskriterier', { giltigFran: '2026-06-01', kravKo: true, maxAlderUng: 25 })
    expect(await Promise.all(['2026-05-31', '2026-06-01', '2026-12-31', '2027-01-01'].map(inForce))).toEqual([
      1, 4, 4, 2,
    ])
    const { body } = await handlaggare.get('/forturskriterier?limit=2')
    expect(body.forturskriterier.map(({ nummer }: { nummer: number }) => nummer)).toEqual([4, 3])
  })

  test.each([{}, { kravKo: null, minIntygPerGrund: null }, { kravKo: false }])(
    'that ask nothing are refused: %j',
    async kriterier => {
      const { status, body } = await administrator.post('/forturskriterier', { giltigFran: '2027-01-01', ...kriterier })
      expect([status, body.errors?.[0].kod]).toEqual([422, 'saknas'])
    },
  )

  test('laid up by many at once have a number each', async () => {
    const { body: before } = await handlaggare.get('/forturskriterier?limit=1')
    const last = before.forturskriterier[0].nummer
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        administrator.post('/forturskriterier', { giltigFran: '2028-01-01', kravKo: true }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    expect(answers.map(({ body }) => body.nummer).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, n) => last + n + 1),
    )
  })

  test('are laid up by the administrator alone', async () => {
    for (const roll of ['handlaggare', 'beslutsfattare', 'statistiker'] as const)
      expect(
        (await harness.as(roll).post('/forturskriterier', { giltigFran: '2027-01-01', kravKo: true })).status,
      ).toBe(403)
    expect((await harness.as('statistiker').get('/forturskriterier')).status).toBe(403)
  })
})
