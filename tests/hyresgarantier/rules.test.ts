import { readConfig } from '../../src/config.ts'
import { latestRound, nextPeriod, nextRoundDay, roundOf } from '../../src/hyresgarantier/periods.ts'
import {
  aterstar,
  bidragsberattigad,
  coversMonth,
  nastaGenomgang,
  whyNotCoherent,
  whyNotEnd,
  whyNotGiveNotice,
  whyNotSign,
} from '../../src/hyresgarantier/rules.ts'
import type { HyresgarantiRad } from '../../src/hyresgarantier/schema.ts'
import { noAgreement } from '../../src/hyresgarantier/service.ts'
import { lagrumFor } from '../../src/shared/lagrum.ts'

const config = readConfig({})
const today = '2026-09-15'
const garanti = (fields: Partial<HyresgarantiRad> = {}): HyresgarantiRad =>
  ({
    ...noAgreement,
    tillstand: 'aktiv',
    garantityp: 'kommunal',
    lagrum: '2 kap. 6 § lagen (2009:47)',
    garanteradeManader: 6,
    beslutDatum: '2025-01-15',
    beviljadGiltigTill: '2025-07-15',
    hyresvardId: 'x',
    borgenstyp: 'enkel',
    kontraktsform: 'forstahand',
    manadshyraOre: 800000,
    giltigFran: '2025-03-01',
    giltigTill: '2027-02-28',
    avtalTecknatDatum: '2025-02-20',
    maxBeloppOre: 4800000,
    utanForsorjningsstod: true,
    ...fields,
  }) as HyresgarantiRad

const pointers = (refusal: ReturnType<typeof whyNotCoherent>) =>
  refusal?.extra.errors?.map(({ pointer }) => pointer) ?? []

test.each<[string, Partial<HyresgarantiRad>, string[]]>([
  ['nothing is wrong', {}, []],
  ['the decision is to come', { beslutDatum: '2026-09-16' }, ['/beslutDatum']],
  ['the application is after the decision', { ansokanDatum: '2025-01-16' }, ['/ansokanDatum']],
  ['a municipal guarantee has a sublet', { kontraktsform: 'andrahand' }, ['/kontraktsform']],
  ['a municipal guarantee covers seven months', { garanteradeManader: 7 }, ['/garanteradeManader']],
  ['a municipal guarantee lasts 25 months', { giltigTill: '2027-03-31' }, ['/giltigTill']],
  ['it ends before it begins', { giltigTill: '2025-02-28' }, ['/giltigTill']],
  ['the provision is of the other kind', { lagrum: '4 kap. 1 § SoL (2001:453)' }, ['/lagrum']],
  ['the grant is applied for without a day', { bidragStatus: 'sokt' }, ['/bidragSokt']],
  ['the grant is given without an amount', { bidragStatus: 'beviljat' }, ['/bidragBeviljatOre']],
  [
    'a bistånd guarantee may be longer and larger',
    {
      garantityp: 'bistand',
      lagrum: '4 kap. 1 § SoL (2001:453)',
      garanteradeManader: 12,
      giltigTill: '2030-01-01',
      kontraktsform: 'andrahand',
    },
    [],
  ],
])('when %s', (_, fields, expected) => {
  expect(pointers(whyNotCoherent(garanti(fields), today, config))).toEqual(expected)
})

test('the provision changed with the Social Services Act on 1 July 2025', () => {
  expect(lagrumFor('bistand', '2025-06-30').map(({ kod }) => kod)).toEqual(['sol-2001-4-1'])
  expect(lagrumFor('bistand', '2025-07-01').map(({ kod }) => kod)).toEqual(['sol-2025-11-1'])
  expect(lagrumFor('bistand', '2001-12-31')).toEqual([])
})

test.each<[string, Partial<HyresgarantiRad>, string[]]>([
  ['everything is there', {}, []],
  [
    'no landlord, rent or kind of surety',
    { hyresvardId: null, manadshyraOre: null, borgenstyp: null },
    ['/hyresvardId', '/borgenstyp', '/manadshyraOre'],
  ],
  ['no form of contract', { kontraktsform: null }, ['/kontraktsform']],
  ['signed before the decision', { avtalTecknatDatum: '2025-01-14' }, ['/avtalTecknatDatum']],
  [
    'signed on a day to come',
    { avtalTecknatDatum: '2026-09-16', beviljadGiltigTill: '2026-12-31' },
    ['/avtalTecknatDatum'],
  ],
  ['signed after the decision lapsed', { avtalTecknatDatum: '2025-07-16' }, ['/avtalTecknatDatum']],
])('an agreement when %s', (_, fields, expected) => {
  expect(pointers(whyNotSign(garanti(fields), { today }))).toEqual(expected)
})

test.each<[string, Partial<HyresgarantiRad>, 'kriterierUppfyllda' | 'overenskommelse', string | undefined]>([
  [
    'the landlord has approved',
    { tillstand: 'avslutForeslaget', vardensSvar: 'godkant' },
    'kriterierUppfyllda',
    undefined,
  ],
  [
    'the landlord has not answered',
    { tillstand: 'avslutForeslaget' },
    'kriterierUppfyllda',
    'hyresvarden-har-inte-godkant',
  ],
  ['nothing has been proposed', {}, 'kriterierUppfyllda', 'hyresvarden-har-inte-godkant'],
  [
    'a claim is open',
    { tillstand: 'avslutForeslaget', vardensSvar: 'godkant', reserveratOre: 1 },
    'kriterierUppfyllda',
    'oppet-krav',
  ],
  ['it is by agreement', { reserveratOre: 1 }, 'overenskommelse', undefined],
])('ending when %s', (_, fields, avslutsorsak, kod) => {
  expect(whyNotEnd(garanti(fields), { avslutsorsak })?.problem.kod).toBe(kod)
})

test('a notice takes effect at the earliest 24 months after the start', () => {
  const why = (uppsagdTill: string) => whyNotGiveNotice(garanti(), { uppsagdTill, today, config })
  expect(why('2027-02-28')?.message).toContain('2027-03-01')
  expect(why('2027-03-01')).toBeNull()
  expect(pointers(why(today))).toContain('/uppsagdTill')
})

test.each<[string, Partial<HyresgarantiRad>, boolean]>([
  ['six months and two years, first-hand, without support', {}, true],
  ['not signed', { avtalTecknatDatum: null }, false],
  ['five months', { garanteradeManader: 5 }, false],
  ['a day short of two years', { giltigTill: '2027-02-27' }, false],
  ['second-hand', { kontraktsform: 'andrahand' }, false],
  ['needs support', { utanForsorjningsstod: false }, false],
  ['unknown whether it needs support', { utanForsorjningsstod: null }, false],
])('the state grant: %s', (_, fields, expected) => {
  expect(bidragsberattigad(garanti(fields))).toBe(expected)
})

test.each<[string, string, Partial<HyresgarantiRad>, string | null]>([
  ['between the rounds', '2026-05-10', {}, '2026-09-01'],
  ['on the round’s own day', '2026-09-01', {}, '2026-09-01'],
  ['the day after', '2026-09-02', { giltigTill: '2027-12-31' }, '2027-03-01'],
  ['when it ends before', '2026-09-02', {}, null],
  ['when it has not begun', '2026-02-01', { giltigFran: '2026-03-02' }, '2026-09-01'],
  ['at the turn of the year', '2025-12-31', {}, '2026-03-01'],
  ['when it is under notice', '2026-05-10', { tillstand: 'uppsagd' }, null],
])('the next review %s', (_, day, fields, expected) => {
  expect(nastaGenomgang(garanti(fields), day, config)).toBe(expected)
})

test('rounds follow each other over the year', () => {
  expect(roundOf('2024H1', config)).toEqual({ period: '2024H1', oppnar: '2024-03-01', stanger: '2024-06-30' })
  expect(nextPeriod('2026H2')).toBe('2027H1')
  expect(latestRound('2026-02-28', config).period).toBe('2025H2')
  expect(latestRound('2026-03-01', config).period).toBe('2026H1')
  expect(nextRoundDay('2024-02-29', config)).toBe('2024-03-01')
})

test.each([
  ['2025-02', false],
  ['2025-03', true],
  ['2027-02', true],
  ['2027-03', false],
])('a claim for %s is inside the guarantee: %s', (month, expected) => {
  expect(coversMonth(garanti(), month)).toBe(expected)
})

test('what remains is never less than nothing', () => {
  expect(aterstar(garanti({ reserveratOre: 800000, utbetaltOre: 1600000 }))).toBe(2400000)
  expect(aterstar(garanti({ maxBeloppOre: null }))).toBe(0)
})
