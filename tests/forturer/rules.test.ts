import {
  afterNo,
  whyClosed,
  whyNotAnswer,
  whyNotContract,
  whyNotHandOver,
  whyNotNeed,
  whyNotOffer,
  whyNotOwnQueue,
} from '../../src/forturer/rules.ts'
import { type ErbjudandeRad, type ForturRad, nejorsaker, nekandeorsaker, tillstand } from '../../src/forturer/schema.ts'
import type { Refusal } from '../../src/shared/refusals.ts'

const today = '2026-09-15'
const fortur = {
  tillstand: 'hosHyresvard',
  beslutDatum: '2026-09-01',
  giltigFran: '2026-09-01',
  giltigTill: '2027-08-31',
  maxErbjudanden: 2,
  antalNej: 0,
  minRum: 2,
  maxRum: 3,
  maxHyraOre: 1_000_000,
  onskadeOmraden: ['centrum'],
  uteslutnaOmraden: ['norraFaladen'],
  koFornyad: null,
  erbjudandeId: 'detta',
} as unknown as ForturRad
const erbjudande = { id: 'detta', datum: '2026-09-10', svaraSenast: '2026-09-17' } as ErbjudandeRad
const hem = {
  omrade: 'centrum',
  rum: 2,
  hyraOre: 900_000,
  tilltrade: '2026-10-01',
  svaraSenast: '2026-09-22',
} as const

/** What is refused, by pointer and code; or the refusal's own code. */
const told = (refusal: Refusal | null) =>
  refusal && (refusal.extra.errors?.map(({ pointer, kod }) => `${pointer} ${kod}`) ?? refusal.problem.kod)

describe('the need', () => {
  test.each([
    [{}, null],
    [{ minRum: null }, null],
    [{ minRum: 3 }, null],
    [{ minRum: 4 }, ['/maxRum mindre-an-minrum']],
    [{ uteslutnaOmraden: ['centrum'] }, ['/uteslutnaOmraden bade-och']],
    [{ uteslutnaOmraden: ['CENTRUM'] }, ['/uteslutnaOmraden bade-och']],
    [{ koFornyad: today }, null],
    [{ koFornyad: '2026-09-16' }, ['/koFornyad i-framtiden']],
  ])('%o: %o', (changes, expected) => {
    expect(told(whyNotNeed({ ...fortur, ...changes }, today))).toEqual(expected)
  })

  test('in a decision is pointed out where it is', () => {
    expect(told(whyNotNeed({ ...fortur, minRum: 4 }, today, '/fortur'))).toEqual(['/fortur/maxRum mindre-an-minrum'])
  })

  test('can be changed only while the förtur is open', () => {
    const open = tillstand.filter(state => whyClosed({ ...fortur, tillstand: state }) === null)
    expect(open).toEqual(['beviljad', 'hosHyresvard', 'erbjuden', 'accepterad'])
  })
})

test('only a landlord that receives förturer is handed one', () => {
  const outcome = (tarEmotForturer: boolean | undefined) => told(whyNotHandOver(fortur, { tarEmotForturer }))
  expect([true, false, undefined].map(outcome)).toEqual([
    null,
    ['/hyresvardId tar-inte-emot'],
    ['/hyresvardId finns-inte'],
  ])
})

describe('an offer', () => {
  const why = (home: object, explained = true, changes: object = {}, day = today) =>
    whyNotOffer({ ...fortur, ...changes }, { erbjudande: { ...hem, ...home }, today: day, explained })

  test.each([
    [{}, null],
    [{ rum: 3, hyraOre: 1_000_000, tilltrade: today, svaraSenast: '2026-09-16' }, null],
    [{ rum: 1 }, ['/rum utanfor-behovet']],
    [{ rum: 4 }, ['/rum utanfor-behovet']],
    [{ hyraOre: 1_000_001 }, ['/hyraOre over-hogsta-hyran']],
    [{ omrade: 'norraFaladen' }, ['/omrade uteslutet-omrade']],
    [{ omrade: 'Norrafaladen' }, ['/omrade uteslutet-omrade']],
    [{ omrade: 'linero' }, null],
    [{ tilltrade: '2026-09-14' }, ['/tilltrade i-det-forflutna']],
    [{ svaraSenast: today }, ['/svaraSenast inte-i-framtiden']],
  ])('%o: %o', (home, expected) => {
    expect(told(why(home))).toEqual(expected)
  })

  test.each([
    ['2026-08-31', 'forturen-galler-inte'],
    ['2026-09-01', null],
    ['2027-08-31', null],
    ['2027-09-01', 'forturen-galler-inte'],
  ])('on %s: %s', (day, expected) => {
    expect(told(why({ tilltrade: '2028-01-01', svaraSenast: '2028-01-01' }, true, {}, day))).toBe(expected)
  })

  test('says what would be accepted', () => {
    expect(why({ rum: 1, hyraOre: 2_000_000 })?.message).toBe(
      'rum ska vara minst 2 och högst 3. hyraOre är högst 10000,00 kr.',
    )
    expect(why({ rum: 1 }, true, { maxRum: null })?.message).toBe('rum ska vara minst 2.')
    expect(why({ rum: 9 }, true, { minRum: null })?.message).toBe('rum ska vara högst 3.')
  })

  test('a need that says nothing takes any home', () => {
    const none = { minRum: null, maxRum: null, maxHyraOre: null, uteslutnaOmraden: [] }
    expect(why({ rum: 20, hyraOre: 10_000_000, omrade: 'norraFaladen' }, true, none)).toBeNull()
  })

  test('a landlord that is not told the areas gets the same answer whatever does not fit', () => {
    const answers = [{ rum: 1 }, { hyraOre: 2_000_000 }, { omrade: 'norraFaladen' }].map(home => why(home, false))
    expect(new Set(answers.map(answer => JSON.stringify([answer?.message, answer?.extra])))).toHaveProperty('size', 1)
    expect(JSON.stringify(answers.map(answer => [answer?.message, answer?.extra]))).not.toMatch(/omr[aå]d/i)
    expect(told(why({ tilltrade: '2026-09-14' }, false))).toEqual(['/tilltrade i-det-forflutna'])
    expect(why({}, false)).toBeNull()
  })
})

describe('an answer', () => {
  const why = (svar: object, changes: object = {}, day = today, other: object = {}) =>
    told(
      whyNotAnswer(
        { ...fortur, tillstand: 'erbjuden', ...changes },
        { erbjudande: { ...erbjudande, ...other }, svar: svar as never, today: day },
      ),
    )

  test.each<[object, string[] | null]>([
    [{ svar: 'ja' }, null],
    [{ svar: 'ja', kommentar: 'Gärna.' }, null],
    [{ svar: 'ja', orsak: 'lage' }, ['/orsak okant-falt']],
    [{ svar: 'ja', godtagbartSkal: false }, ['/godtagbartSkal okant-falt']],
    [{ svar: 'nej' }, ['/orsak saknas']],
    [{ svar: 'nej', orsak: 'inkomst' }, ['/orsak fel-orsak']],
    [{ svar: 'nej', orsak: 'annat' }, ['/kommentar saknas']],
    [{ svar: 'nej', orsak: 'annat', kommentar: 'Ett skäl.', godtagbartSkal: true }, null],
    [{ svar: 'vardenNekar' }, ['/orsak saknas']],
    [{ svar: 'vardenNekar', orsak: 'lage' }, ['/orsak fel-orsak']],
    [{ svar: 'vardenNekar', orsak: 'skuld', godtagbartSkal: true }, ['/godtagbartSkal okant-falt']],
    ...nejorsaker.map((orsak): [object, null] => [{ svar: 'nej', orsak, kommentar: 'x' }, null]),
    ...nekandeorsaker.map((orsak): [object, null] => [{ svar: 'vardenNekar', orsak, kommentar: 'x' }, null]),
  ])('%o: %o', (svar, expected) => {
    expect(why(svar)).toEqual(expected)
  })

  test('a yes is in time through the last day; a no is never too late', () => {
    expect(why({ svar: 'ja' }, {}, '2026-09-17')).toBeNull()
    expect(why({ svar: 'ja' }, {}, '2026-09-18')).toBe('svarstiden-har-gatt-ut')
    expect(why({ svar: 'nej', orsak: 'lage' }, {}, '2026-09-18')).toBeNull()
  })

  test('after a yes, only a no', () => {
    expect(why({ svar: 'ja' }, { tillstand: 'accepterad' })).toBe('erbjudandet-ar-accepterat')
    expect(why({ svar: 'nej', orsak: 'lage' }, { tillstand: 'accepterad' })).toBeNull()
    expect(why({ svar: 'vardenNekar', orsak: 'avtaletUteblev' }, { tillstand: 'accepterad' })).toBeNull()
  })

  test('to an offer that another has followed is refused', () => {
    expect(why({ svar: 'ja' }, {}, today, { id: 'tidigare' })).toBe('erbjudandet-galler-inte-langre')
  })
})

test.each([
  [0, 2, true, 'hosHyresvard', 1, null],
  [1, 2, true, 'forbrukad', 2, today],
  [0, 1, true, 'forbrukad', 1, today],
  [0, 1, false, 'hosHyresvard', 0, null],
  [1, 2, false, 'hosHyresvard', 1, null],
])('%d of %d noes, and one that counts: %p gives %s', (antalNej, maxErbjudanden, raknas, state, nej, avslutadDatum) => {
  expect(afterNo({ ...fortur, antalNej, maxErbjudanden }, raknas, today)).toEqual({
    tillstand: state,
    antalNej: nej,
    erbjudandeId: null,
    avslutadDatum,
  })
})

test('a lease is signed from the day of the offer through today', () => {
  const days = ['2026-09-09', '2026-09-10', today, '2026-09-16']
  expect(days.filter(kontraktDatum => !whyNotContract(fortur, { erbjudande, kontraktDatum, today }))).toEqual([
    '2026-09-10',
    today,
  ])
})

test('own queue time was enough from the decision through today', () => {
  const days = ['2026-08-31', '2026-09-01', today, '2026-09-16']
  expect(days.filter(datum => !whyNotOwnQueue(fortur, { datum, today }))).toEqual(['2026-09-01', today])
})
