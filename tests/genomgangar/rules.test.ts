import { assess, sameAnswer } from '../../src/genomgangar/rules.ts'
import type { Genomgangssvar } from '../../src/genomgangar/schema.ts'
import type { Kriterieuppsattning } from '../../src/hyresvardar/schema.ts'

const kriterier = (fields: Partial<Kriterieuppsattning>) =>
  ({
    minManaderITid: null,
    maxStorningar: null,
    maxHyresskuldOre: null,
    minGarantitidManader: null,
    kravHemforsakring: null,
    ...fields,
  }) as Kriterieuppsattning
const svar = (fields: Partial<Genomgangssvar> = {}): Genomgangssvar => ({
  manaderITid: 12,
  forsenadeBetalningar: 0,
  storningar: 0,
  hyresskuldOre: 0,
  hemforsakring: true,
  rekommenderarAvslut: false,
  kommentar: null,
  ...fields,
})
const garanti = { giltigFran: '2025-03-01', reserveratOre: 0 }
const today = '2026-09-15'
const all = kriterier({
  minManaderITid: 12,
  maxStorningar: 0,
  maxHyresskuldOre: 0,
  minGarantitidManader: 12,
  kravHemforsakring: true,
})

test.each([
  ['everything is met', svar(), all, garanti, 'avsluta'],
  ['nobody has answered', null, all, garanti, null],
  ['too few months in time', svar({ manaderITid: 11 }), all, garanti, 'fortsatt'],
  ['exactly as many months as asked', svar({ manaderITid: 12 }), all, garanti, 'avsluta'],
  ['insurance is unknown', svar({ hemforsakring: null }), all, garanti, 'fortsatt'],
  ['insurance is missing', svar({ hemforsakring: false }), all, garanti, 'fortsatt'],
  ['there is a debt', svar({ hyresskuldOre: 1 }), all, garanti, 'atgard'],
  [
    'a debt within what the landlord accepts',
    svar({ hyresskuldOre: 500 }),
    kriterier({ maxHyresskuldOre: 500 }),
    garanti,
    'avsluta',
  ],
  ['there are disturbances', svar({ storningar: 1 }), all, garanti, 'atgard'],
  ['the guarantee is too young', svar(), all, { ...garanti, giltigFran: '2025-10-01' }, 'fortsatt'],
  ['a claim is open', svar(), all, { ...garanti, reserveratOre: 1 }, 'fortsatt'],
  ['no criteria and consent', svar({ rekommenderarAvslut: true }), null, garanti, 'avsluta'],
  ['no criteria and no consent', svar(), null, garanti, 'fortsatt'],
  ['empty criteria and no consent', svar(), kriterier({}), garanti, 'fortsatt'],
  [
    'a debt although there are no criteria',
    svar({ hyresskuldOre: 100, rekommenderarAvslut: true }),
    null,
    garanti,
    'atgard',
  ],
])('the proposal when %s', (_, given, asked, about, forslag) => {
  const bedomning = assess(given, asked, about, today)
  expect(bedomning.forslag).toBe(forslag)
  expect(bedomning.skal).not.toBe('')
})

test('each criterion is told with what was asked, the value and the outcome; what is not asked is left out', () => {
  expect(assess(svar({ hemforsakring: null, storningar: 2 }), all, garanti, today).kriterier).toEqual([
    { kod: 'minManaderITid', krav: 12, varde: 12, utfall: 'uppfyllt' },
    { kod: 'maxStorningar', krav: 0, varde: 2, utfall: 'ejUppfyllt' },
    { kod: 'maxHyresskuldOre', krav: 0, varde: 0, utfall: 'uppfyllt' },
    { kod: 'minGarantitidManader', krav: 12, varde: 18, utfall: 'uppfyllt' },
    { kod: 'kravHemforsakring', krav: true, varde: null, utfall: 'okant' },
  ])
  expect(assess(svar(), kriterier({ kravHemforsakring: false }), garanti, today).kriterier).toEqual([])
})

test('an answer is the same only when every value is', () => {
  expect(sameAnswer(svar(), svar())).toBe(true)
  for (const changed of [
    { manaderITid: 13 },
    { kommentar: 'x' },
    { hemforsakring: null },
    { rekommenderarAvslut: true },
  ])
    expect(sameAnswer(svar(), svar(changed))).toBe(false)
})
