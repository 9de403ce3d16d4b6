import { whyNotBegin, whyNotFinish, whyNotSave, whyNotTemplate } from '../../src/barnchecklistor/rules.ts'
import type { BarnchecklistaRad, Punkt } from '../../src/barnchecklistor/schema.ts'
import type { Refusal } from '../../src/shared/refusals.ts'

const [alva, bo, stranger] = ['1', '2', '3'].map(n => `0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a0${n}`) as [
  string,
  string,
  string,
]
const punkter: Punkt[] = [
  { kod: 'skola', text: 'Hur påverkas skolan?', svarstyp: 'text', obligatorisk: true },
  { kod: 'trygghet', text: 'Finns oro?', svarstyp: 'jaNejEjAktuellt', obligatorisk: true },
  { kod: 'utrymme', text: 'Finns plats?', svarstyp: 'skala', obligatorisk: false },
]
const facts = { punkter, barnIds: [alva, bo] }
const found = (refusal: Refusal | null) => refusal?.extra.errors?.map(({ pointer, kod }) => `${pointer} ${kod}`) ?? []

const heard = { informerad: true, hord: 'ja', skal: null, egenSyn: null } as const
const answer = (kod: string, svar: string | number) => ({ kod, svar, kommentar: null })
const done = {
  tillstand: 'paborjad',
  svar: [answer('skola', 'Ligger kvar.'), answer('trygghet', 'nej')],
  barn: [
    { personId: alva, ...heard },
    { personId: bo, ...heard },
  ],
  barnetsBasta: 'Väger tyngst.',
} as unknown as BarnchecklistaRad

test.each<[string, object, string[]]>([
  ['nothing at all', {}, []],
  ['everything', done, []],
  ['a text', { svar: [answer('skola', 'x')] }, []],
  ['a number for a text', { svar: [answer('skola', 3)] }, ['/svar/0/svar fel-svarstyp']],
  ['ja, nej and ejAktuellt', { svar: [answer('trygghet', 'ejAktuellt')] }, []],
  ['another word', { svar: [answer('trygghet', 'kanske')] }, ['/svar/0/svar fel-svarstyp']],
  ['a number for a word', { svar: [answer('trygghet', 1)] }, ['/svar/0/svar fel-svarstyp']],
  ['a point on the scale', { svar: [answer('utrymme', 5)] }, []],
  ['a text for the scale', { svar: [answer('utrymme', '5')] }, ['/svar/0/svar fel-svarstyp']],
  [
    'a point that the template has not',
    { svar: [answer('skola', 'x'), answer('bil', 'x')] },
    ['/svar/1/kod okand-punkt'],
  ],
  ['a point twice', { svar: [answer('skola', 'x'), answer('skola', 'y')] }, ['/svar/1/kod tva-ganger']],
  ['one child', { barn: [{ personId: bo, ...heard }] }, []],
  ['someone else’s child', { barn: [{ personId: stranger, ...heard }] }, ['/barn/0/personId inte-barn-i-hushallet']],
  ['a child twice', { barn: [done.barn[0], done.barn[0]] }, ['/barn/1/personId tva-ganger']],
  [
    'several things',
    { svar: [answer('bil', 'x')], barn: [{ personId: stranger, ...heard }] },
    ['/svar/0/kod okand-punkt', '/barn/0/personId inte-barn-i-hushallet'],
  ],
])('a draft with %s', (_, draft, expected) => {
  expect(found(whyNotSave({ tillstand: 'paborjad' }, draft, facts))).toEqual(expected)
})

test.each(['klar', 'reviderad'] as const)('a checklist that is %s is not saved over', tillstand => {
  expect(whyNotSave({ tillstand }, {}, facts)?.problem).toMatchObject({ kod: 'fel-tillstand', status: 409 })
})

const notHeard = (hord: string, skal: string | null = null) => [{ personId: alva, ...heard, hord, skal }, done.barn[1]]
test.each<[string, object, string[]]>([
  ['everything', {}, []],
  ['no answers', { svar: [] }, ['/svar obesvarad-punkt', '/svar obesvarad-punkt']],
  [
    'only what need not be answered',
    { svar: [answer('utrymme', 2)] },
    ['/svar obesvarad-punkt', '/svar obesvarad-punkt'],
  ],
  ['a child left out', { barn: [done.barn[0]] }, ['/barn barn-saknas']],
  [
    'someone who is no child of it now',
    { barn: [...done.barn, { personId: stranger, ...heard }] },
    ['/barn/2/personId inte-barn-i-hushallet'],
  ],
  ['a child too young to be heard', { barn: notHeard('nejAlder') }, []],
  ['a child who did not want to', { barn: notHeard('nejVilleEj') }, []],
  ['a child not heard for another reason', { barn: notHeard('nejAnnat', 'Är på sjukhus.') }, []],
  ['a child not heard and no reason', { barn: notHeard('nejAnnat') }, ['/barn/0/skal saknas']],
  ['the best interests not weighed', { barnetsBasta: null }, ['/barnetsBasta saknas']],
  [
    'nothing',
    { svar: [], barn: [], barnetsBasta: null },
    [
      '/svar obesvarad-punkt',
      '/svar obesvarad-punkt',
      '/barn barn-saknas',
      '/barn barn-saknas',
      '/barnetsBasta saknas',
    ],
  ],
])('finishing with %s', (_, changes, expected) => {
  expect(found(whyNotFinish({ ...done, ...changes }, facts))).toEqual(expected)
})

test('a checklist of a household without children is neither begun nor finished', () => {
  expect(found(whyNotBegin([]))).toEqual(['/hushallId inga-barn'])
  expect(whyNotBegin([alva])).toBeNull()
  expect(found(whyNotFinish({ ...done, barn: [] }, { punkter, barnIds: [] }))).toEqual(['/barn inga-barn'])
})

test('the points of a template have a code each', () => {
  expect(whyNotTemplate({ punkter })).toBeNull()
  const twice = [...punkter, { ...(punkter[0] as Punkt), text: 'En annan fråga' }]
  expect(found(whyNotTemplate({ punkter: twice }))).toEqual(['/punkter/3/kod tva-ganger'])
})
