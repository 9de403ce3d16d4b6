import { importStodlagenheter } from '../../src/stodlagenheter/import.ts'
import { child, created, decided, finishedChecklist, ok } from '../cases.ts'
import { caller } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { freeHomes, importer } from '../lagenheter/sheets.ts'
import { createHousehold, nextPersonnummer } from '../people.ts'
import { addHome, approvedWaiver, avtal, give, housed, people, placed, signed, skalForAvsteg } from './placed.ts'

const harness = await startTestApp()
const who = people(harness)
const { maja, karin, bo, landlord } = who
const importing = importer(harness, importStodlagenheter, caller(['handlaggare']))

beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const on = (day: string) => {
  harness.clock.day = day
}
const read = async (id: string) => ok(await bo.get(`/stodlagenheter/${id}`))
const homeNow = async (id: string) => ok(await bo.get(`/lagenheter/${id}`))
const wrong = ({
  status,
  body,
}: {
  status: number
  body: { kod: string; errors?: { pointer: string; kod: string }[] }
}) => [status, ...(body.errors?.map(({ pointer, kod }) => `${pointer} ${kod}`) ?? [body.kod])]
const theirs = (id: string, path: string, body: object = {}) =>
  landlord.post(`/serviceforvaltningen/stodlagenheter/${id}/${path}`, body, { ifMatch: '*' })

async function held(state: 'foreslagen' | 'tilldelad', fields: Record<string, unknown> = {}) {
  const row = await placed(who, fields)
  const lagenhetId = await addHome(harness)
  ok(await give(bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
  if (state === 'tilldelad') ok(await give(maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
  return { ...row, lagenhetId }
}
/** A new decision on the case, until a day. */
const extended = async (row: { arende: { id: string } }, giltigTill: string, fields: object = {}) => {
  const { beslut } = ok(await maja.get(`/beslut?arendeId=${row.arende.id}&limit=100`))
  const replaced = (beslut as { ersatterId: string | null }[]).map(({ ersatterId }) => ersatterId)
  const [last] = (beslut as { id: string }[]).filter(({ id }) => !replaced.includes(id))
  const body = { ersatterId: last?.id, utfall: 'bifall', giltigTill, motivering: 'Behovet består.', ...fields }
  return karin.post(`/arenden/${row.arende.id}/omprovning`, body, { ifMatch: '*' })
}
const waiting = async (client: typeof maja, id: string) => {
  const { uppgifter } = ok(await client.get('/mitt?limit=100'))
  return (uppgifter as { slag: string; stodlagenhetId: string; forfaller: string }[])
    .filter(({ stodlagenhetId }) => stodlagenhetId === id)
    .map(({ slag, forfaller }) => `${slag} ${forfaller}`)
    .sort()
}
const need = {
  antalPersoner: 2,
  minRum: 2,
  maxRum: null,
  maxHyraOre: null,
  onskadeOmraden: [],
  uteslutnaOmraden: [],
  tillganglighet: [],
}

describe('a lease that nobody moves in on', () => {
  test.each([
    ['boendeenheten', (id: string) => give(bo, id, 'avtalshavning')],
    ['serviceförvaltningen', (id: string) => theirs(id, 'avtalshavning')],
  ])('is voided by %s: the home is free for another, the person in the queue as before', async (_, voids) => {
    const row = await signed(who, harness, { tilltrade: '2026-10-01' })
    expect(ok(await voids(row.id)).tillstand).toMatch(/^(iKo|ledig)$/)
    expect(await read(row.id)).toMatchObject({
      tillstand: 'iKo',
      koDatum: '2026-09-15',
      lagenhetId: null,
      avtalsform: null,
      avtalDatum: null,
      tilltrade: null,
    })
    expect((await homeNow(row.lagenhetId)).tillstand).toBe('ledig')
    const next = await placed(who)
    expect(ok(await give(bo, next.id, 'forslag', { lagenhetId: row.lagenhetId, skalForAvsteg })).tillstand).toBe(
      'foreslagen',
    )
    expect(ok(await give(maja, row.id, 'avslut', { utfall: 'avliden' })).tillstand).toBe('avslutad')
  })

  test('has its access within a year, and while the decision holds', async () => {
    const row = await held('tilldelad')
    const sign = async (tilltrade: string) => wrong(await give(bo, row.id, 'avtal', avtal('2026-09-15', { tilltrade })))
    expect(await sign('2062-01-01')).toEqual([422, '/tilltrade for-sent'])
    // The decision's last day is 2027-09-14.
    expect(await sign('2027-09-15')).toEqual([422, '/tilltrade for-sent'])
    expect((await give(bo, row.id, 'avtal', avtal('2026-09-15', { tilltrade: '2027-09-14' }))).status).toBe(200)
  })
})

describe('a new decision', () => {
  test('is possible for who is under notice, and the notice stands', async () => {
    const row = await housed(who, harness)
    ok(await give(bo, row.id, 'uppsagning', { grund: 'annat', uppsagdTill: '2026-12-31' }))
    created(await extended(row, '2027-12-31', { giltigFran: '2027-01-01' }))
    expect(await read(row.id)).toMatchObject({
      tillstand: 'uppsagd',
      uppsagdTill: '2026-12-31',
      beslutTill: '2027-12-31',
    })
  })

  test('to who has an imported stödlägenhet extends that one, and changes what it says of the need', async () => {
    await freeHomes(harness, ['HARM-S1'])
    await importing([
      {
        stodlagenhetsnummer: 'HARM-1',
        personnummer: nextPersonnummer(),
        fornamn: 'Lo',
        efternamn: 'Lind',
        antal_personer: '1',
        beslutstyp: 'ordinarie',
        beslut_fran: '2025-10-01',
        beslut_till: '2026-09-30',
        objektnummer: 'HARM-S1',
        avtalsform: 'andrahand',
        avtal_datum: '2025-10-01',
        informerad_om_villkor_datum: '2025-10-01',
        hyra: '9850',
        tilltrade: '2025-10-15',
      },
    ])
    const [imported] = (
      await harness.owner.query(
        `SELECT id, hushall_id AS "hushallId" FROM stodlagenhet WHERE stodlagenhetsnummer = 'HARM-1'`,
      )
    ).rows
    const { arende, beslut } = await decided(maja, karin, {
      insats: 'stodlagenhet',
      hushallId: imported.hushallId,
      beslut: { giltigTill: '2027-09-14', stodlagenhet: { maxRum: 3 } },
    })
    expect(ok(await bo.get(`/stodlagenheter?hushallId=${imported.hushallId}`)).stodlagenheter).toMatchObject([
      {
        id: imported.id,
        stodlagenhetsnummer: 'HARM-1',
        tillstand: 'boende',
        ursprung: 'import',
        arendeId: arende.id,
        beslutId: beslut.id,
        koDatum: '2025-10-01',
        beslutTill: '2027-09-14',
        maxRum: 3,
      },
    ])
    created(await extended({ arende }, '2027-10-31', { giltigFran: '2026-11-01' }))
    expect((await read(imported.id)).beslutTill).toBe('2027-10-31')
  })

  test('that wins over a refusal gives the place in the queue that the first decision would have', async () => {
    const household = await createHousehold(maja)
    const { arende } = await decided(maja, karin, { insats: 'stodlagenhet', utfall: 'avslag', hushallId: household.id })
    on('2027-03-01')
    created(await extended({ arende }, '2028-02-28'))
    const { stodlagenheter } = ok(await bo.get(`/stodlagenheter?hushallId=${household.id}`))
    expect(stodlagenheter).toMatchObject([{ koDatum: '2026-09-15', beslutFran: '2027-03-01' }])
  })

  test('may say what the home is to be like: what it does not say stands', async () => {
    const row = await held('tilldelad', { stodlagenhet: { minRum: 2, maxRum: 4 } })
    const refused = await extended(row, '2027-09-14', { stodlagenhet: { uteslutnaOmraden: ['Linero'] } })
    expect(wrong(refused)).toEqual([422, '/stodlagenhet/uteslutnaOmraden bostaden-ligger-dar'])
    created(await extended(row, '2027-09-14', { stodlagenhet: { maxRum: 3 } }))
    expect(await read(row.id)).toMatchObject({ tillstand: 'tilldelad', minRum: 2, maxRum: 3 })
  })
})

describe('the need', () => {
  test('is changed while someone waits: a new threat keeps every home in its area away', async () => {
    const row = await placed(who, { stodlagenhet: { onskadeOmraden: ['linero'] } })
    const both = { ...need, onskadeOmraden: ['linero'], uteslutnaOmraden: ['Linero'] }
    expect(wrong(await give(maja, row.id, 'behov', both))).toEqual([422, '/uteslutnaOmraden bade-och'])
    expect(ok(await give(maja, row.id, 'behov', { ...need, uteslutnaOmraden: ['linero'] }))).toMatchObject({
      tillstand: 'iKo',
      antalPersoner: 2,
      onskadeOmraden: [],
      uteslutnaOmraden: ['linero'],
    })
    const answer = await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness), skalForAvsteg })
    expect(wrong(answer)).toEqual([422, '/lagenhetId uteslutet-omrade'])
  })

  test.each(['foreslagen', 'tilldelad'] as const)(
    'of who is %s does not make the home that is held a danger',
    async state => {
      const row = await held(state)
      const excluding = { ...need, uteslutnaOmraden: ['Linero'] }
      const refused = await give(maja, row.id, 'behov', excluding)
      expect(wrong(refused)).toEqual([422, '/uteslutnaOmraden bostaden-ligger-dar'])
      expect(ok(await give(maja, row.id, 'behov', need)).tillstand).toBe(state)
      ok(await give(bo, row.id, 'forslagsaterkallelse'))
      expect(ok(await give(maja, row.id, 'behov', excluding)).uteslutnaOmraden).toEqual(['Linero'])
    },
  )
})

describe('the end of the assistance', () => {
  test('is a day that has been, within the decision', async () => {
    const row = await housed(who, harness)
    const end = async (datum: string) => wrong(await give(karin, row.id, 'bistandets-upphorande', { datum }))
    expect(await end('2026-09-16')).toEqual([422, '/datum utanfor-granserna'])
    on('2027-10-01')
    expect(await end('2027-09-15')).toEqual([422, '/datum utanfor-granserna'])
    expect(ok(await give(karin, row.id, 'bistandets-upphorande', { datum: '2027-09-14' }))).toMatchObject({
      tillstand: 'bistandUpphor',
      bistandUpphort: '2027-09-14',
    })
  })

  test('for a family waits for a checklist, as a notice does', async () => {
    const household = await createHousehold(maja, [child()])
    const row = await housed(who, harness, {}, { hushallId: household.id })
    await harness.owner.query("UPDATE barnchecklista SET klar_datum = '2026-01-01' WHERE hushall_id = $1", [
      household.id,
    ])
    const end = () => give(karin, row.id, 'bistandets-upphorande', { datum: '2026-09-15' })
    expect(wrong(await end())).toEqual([409, 'barnchecklista-behovs'])
    await finishedChecklist(maja, household.id, row.arende.id)
    ok(await end())
  })

  test.each(['foreslagen', 'tilldelad'] as const)(
    'of who is %s frees the home, and the place can be closed',
    async state => {
      const row = await held(state)
      const ended = ok(await give(karin, row.id, 'bistandets-upphorande', { datum: '2026-09-15' }))
      expect(ended).toMatchObject({ tillstand: 'iKo', lagenhetId: null, bistandUpphort: '2026-09-15' })
      expect((await homeNow(row.lagenhetId)).tillstand).toBe('ledig')
      const again = await give(bo, row.id, 'forslag', { lagenhetId: row.lagenhetId, skalForAvsteg })
      expect(wrong(again)).toEqual([409, 'beslutet-galler-inte'])
      expect(await waiting(maja, row.id)).toEqual(['stodlagenhetAttAvsluta 2026-09-15'])
      ok(await give(maja, row.id, 'avslut', { utfall: 'annatBoende' }))
    },
  )

  test('is what a withdrawn notice goes back to, until a new decision', async () => {
    const row = await housed(who, harness)
    const notice = { grund: 'bistandUpphort', uppsagdTill: '2026-12-31' }
    ok(await give(karin, row.id, 'bistandets-upphorande', { datum: '2026-09-15' }))
    ok(await give(bo, row.id, 'uppsagning', notice))
    expect(ok(await give(bo, row.id, 'atertagande')).tillstand).toBe('bistandUpphor')
    ok(await give(bo, row.id, 'uppsagning', notice))
    created(await extended(row, '2027-09-30', { giltigFran: '2026-10-01' }))
    expect(ok(await give(bo, row.id, 'atertagande'))).toMatchObject({ tillstand: 'boende', bistandUpphort: null })
  })
})

describe('a decision that has run out', () => {
  const expired = [409, 'beslutet-galler-inte']

  test('gives nobody a home before there is another', async () => {
    const row = await placed(who)
    const lagenhetId = await addHome(harness)
    const propose = () => give(bo, row.id, 'forslag', { lagenhetId, skalForAvsteg })
    on('2027-09-15')
    expect(wrong(await propose())).toEqual(expired)
    on('2027-09-14')
    ok(await propose())
    on('2027-09-15')
    const accept = () => give(maja, row.id, 'forslagssvar', { svar: 'accepterat' })
    expect(wrong(await accept())).toEqual(expired)
    on('2027-09-14')
    ok(await accept())
    on('2027-09-15')
    const lease = avtal('2027-09-14')
    expect(wrong(await give(bo, row.id, 'avtal', lease))).toEqual(expired)
    // The landlord is not told what the decision was.
    expect(wrong(await theirs(row.id, 'avtal', lease))).toEqual([409, 'avtalet-kan-inte-tecknas'])
    created(await extended(row, '2028-09-14'))
    ok(await give(bo, row.id, 'avtal', lease))
  })

  test('lets nobody move in after it, but a move before it can be written in', async () => {
    const row = await signed(who, harness)
    on('2027-09-15')
    expect(wrong(await give(maja, row.id, 'inflyttning', { datum: '2027-09-15' }))).toEqual(expired)
    ok(await give(maja, row.id, 'inflyttning', { datum: '2027-09-14' }))
  })

  test('does not stand before others in the queue', async () => {
    await harness.owner.query(
      `UPDATE stodlagenhet SET tillstand = 'avslutad', avslutad_datum = '2026-09-15', utfall = 'aterkallat' WHERE tillstand = 'iKo'`,
    )
    const first = await placed(who)
    on('2027-09-15')
    const second = await placed(who, { dag: '2027-09-15' })
    const lagenhetId = await addHome(harness)
    const { kandidater } = ok(await bo.get(`/lagenheter/${lagenhetId}/kandidater`))
    expect(kandidater).toMatchObject([
      { stodlagenhetId: first.id, passar: false, passarInteFor: ['Beslutet gäller inte längre.'] },
      { stodlagenhetId: second.id, passar: true },
    ])
    // Without a reason: there is nobody before whom it fits.
    ok(await give(bo, second.id, 'forslag', { lagenhetId }))
  })
})

describe('a waiver', () => {
  const path = (id: string) => `/stodlagenheter/${id}/avstaenden`
  const body = { skal: 'Biståndet.', giltigtTill: '2030-09-15' }

  test('ends before besittningsskydd begins: each kind of warning comes in its time, and none hides another', async () => {
    const row = await housed(who, harness)
    await approvedWaiver(who, row.id, '2026-09-15', '2029-09-15')
    expect((await read(row.id)).besittningsskyddFran).toBe('2029-09-16')
    const warned = async (day: string) => {
      await harness.job('varna-stodlagenheter', day)
      const { historik } = ok(await bo.get(`/stodlagenheter/${row.id}/historik?limit=100`))
      return (historik as { andringar: { falt: string; till: unknown }[] }[]).flatMap(({ andringar }) =>
        andringar.filter(({ falt }) => falt === 'varnad').map(({ till }) => till),
      )
    }
    // The end of the decision, which was never extended, is warned of long before.
    const decision = ['beslut30']
    expect(await warned('2029-03-15')).toEqual(decision)
    const six = [...decision, 'besittningsskydd6']
    expect(await warned('2029-03-16')).toEqual(six)
    expect(await warned('2029-06-16')).toEqual([...six, 'besittningsskydd3'])
    expect(await warned('2029-06-17')).toEqual([...six, 'besittningsskydd3', 'avstaende90'])
    expect(await warned('2029-06-18')).toHaveLength(4)
  })

  test('is told of with the others that come on the same day', async () => {
    const row = await housed(who, harness)
    await approvedWaiver(who, row.id, '2026-09-15', '2029-09-15')
    await harness.job('varna-stodlagenheter', '2029-08-01')
    const { historik } = ok(await bo.get(`/stodlagenheter/${row.id}/historik?limit=100`))
    expect(JSON.stringify(historik)).toMatch(/beslut30.*avstaende90.*besittningsskydd3/)
    expect((await read(row.id)).varnad).toBe('besittningsskydd3')
  })

  test('is of the home it was written for, and does not follow the person to another', async () => {
    const row = await signed(who, harness)
    expect(await approvedWaiver(who, row.id, '2026-09-15', '2030-09-15')).toMatchObject({ lagenhetId: row.lagenhetId })
    expect((await read(row.id)).besittningsskyddFran).toBe('2030-09-16')
    ok(await give(bo, row.id, 'avtalshavning'))
    ok(await give(bo, row.id, 'forslag', { lagenhetId: await addHome(harness), skalForAvsteg }))
    ok(await give(maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
    ok(await give(bo, row.id, 'avtal', avtal('2026-09-15')))
    expect((await read(row.id)).besittningsskyddFran).toBe('2028-09-15')
  })

  test('written before the lease is held against its access: four years at most', async () => {
    const row = await held('tilldelad')
    created(await maja.post(path(row.id), body))
    const other = await held('tilldelad')
    on('2026-09-20')
    const early = avtal('2026-09-15', { tilltrade: '2026-09-15' })
    ok(await give(bo, row.id, 'avtal', early))
    created(await maja.post(path(other.id), { ...body, giltigtTill: '2030-09-20' }))
    expect(wrong(await give(bo, other.id, 'avtal', early))).toEqual([422, '/tilltrade avstaendet-for-langt'])
    ok(await give(bo, other.id, 'avtal', avtal('2026-09-15', { tilltrade: '2026-09-20' })))
  })
})

test('what nobody hears of waits for someone: a lease to sign, a move to write in, an answer, an end', async () => {
  const row = await held('tilldelad')
  on('2026-09-28')
  expect(await waiting(bo, row.id)).toEqual([])
  on('2026-09-29')
  expect(await waiting(bo, row.id)).toEqual(['tilldeladUtanAvtal 2026-09-29'])
  ok(await give(bo, row.id, 'avtal', avtal('2026-09-29', { tilltrade: '2026-10-01' })))
  expect(await waiting(bo, row.id)).toEqual([])
  on('2026-10-01')
  expect(await waiting(maja, row.id)).toEqual([])
  on('2026-10-02')
  expect(await waiting(maja, row.id)).toEqual(['inflyttningAttSkrivaIn 2026-10-01'])
  ok(await give(maja, row.id, 'inflyttning', { datum: '2026-10-01' }))
  ok(await give(maja, row.id, 'overtagande'))
  expect(await waiting(bo, row.id)).toEqual(['overtagandeVantarPaSvar 2026-10-02'])
  ok(await give(bo, row.id, 'overtagandesvar', { svar: 'godkant', forstahandDatum: '2026-11-01' }))
  expect(await waiting(maja, row.id)).toEqual([])
  on('2026-11-01')
  expect(await waiting(maja, row.id)).toEqual(['stodlagenhetAttAvsluta 2026-11-01'])
  ok(await give(maja, row.id, 'avslut', { utfall: 'egetKontrakt' }))
  expect(await waiting(maja, row.id)).toEqual([])
})

test('an own contract begins within half a year, and the sublet ends the day before', async () => {
  const row = await housed(who, harness)
  ok(await give(maja, row.id, 'overtagande'))
  const answer = (forstahandDatum: string) => theirs(row.id, 'overtagandesvar', { svar: 'godkant', forstahandDatum })
  expect(wrong(await answer('2062-01-01'))).toEqual([422, '/forstahandDatum for-sent'])
  expect(wrong(await answer('2027-03-16'))).toEqual([422, '/forstahandDatum for-sent'])
  ok(await answer('2027-03-15'))
  expect(await homeNow(row.lagenhetId)).toMatchObject({ tillstand: 'overlaten', iPoolenTill: '2027-03-14' })
  const { rows } = await harness.owner.query(
    'SELECT till::text FROM upplatelse WHERE stodlagenhet_id = $1 AND upphavd IS NULL',
    [row.id],
  )
  expect(rows).toEqual([{ till: '2027-03-14' }])
})

describe('what is written in late', () => {
  test('does not change the arrears or the next follow-up that something later has said', async () => {
    const row = await housed(who, harness)
    on('2026-12-01')
    const arrears = (datum: string, hyresskuldOre: number) =>
      theirs(row.id, 'handelser', { slag: 'hyresskuld', datum, hyresskuldOre })
    const followUp = (datum: string) =>
      maja.post(`/stodlagenheter/${row.id}/uppfoljningar`, { datum, omraden: ['ekonomi'], bedomning: 'enligtPlanen' })
    created(await arrears('2026-11-20', 0))
    created(await arrears('2026-10-20', 985_000))
    created(await followUp('2026-11-15'))
    created(await followUp('2026-10-15'))
    expect(await read(row.id)).toMatchObject({ hyresskuldOre: 0, nastaUppfoljning: '2027-02-15' })
    created(await arrears('2026-11-20', 5000))
    expect((await read(row.id)).hyresskuldOre).toBe(5000)
  })

  test('may be arrears of who has moved out, but no disturbance', async () => {
    const row = await housed(who, harness)
    ok(await give(bo, row.id, 'uppsagning', { grund: 'egenUppsagning', uppsagdTill: '2026-09-30' }))
    on('2026-09-30')
    ok(await give(bo, row.id, 'utflyttning', { datum: '2026-09-30' }))
    on('2026-10-10')
    created(await theirs(row.id, 'handelser', { slag: 'hyresskuld', datum: '2026-10-10', hyresskuldOre: 985_000 }))
    expect((await read(row.id)).hyresskuldOre).toBe(985_000)
    const noise = await theirs(row.id, 'handelser', { slag: 'storning', datum: '2026-09-20', allvar: 'lindrig' })
    expect(wrong(noise)).toEqual([409, 'bor-inte-i-stodlagenheten'])
  })
})

test('a couple has one place, whichever of them applies', async () => {
  const other = { personnummer: nextPersonnummer(), fornamn: 'Kim', efternamn: 'Lind', roll: 'medsokande' }
  const { id: hushallId, personer } = await createHousehold(maja, [other])
  const [first, second] = personer as { id: string }[]
  const couple = { hushallId, personId: first?.id, medsokandeId: second?.id }
  await placed(who, couple)
  const again = (fields: object) =>
    decided(maja, karin, { insats: 'stodlagenhet', beslut: { giltigTill: '2027-09-14' }, hushallId, ...fields }).catch(
      String,
    )
  expect(await again({ personId: second?.id })).toContain('stodlagenhet-finns')
  expect(await again({ personId: second?.id, medsokandeId: first?.id })).toContain('stodlagenhet-finns')
  expect(await again({ personId: first?.id })).toContain('stodlagenhet-finns')
})

test('only a decision that holds longer is an extension, and how it ended is told apart', async () => {
  const family = async () => {
    const household = await createHousehold(maja, [child()])
    ok(await maja.patch(`/hushall/${household.id}`, { bostadslosSedan: '2025-07-10' }, { ifMatch: '*' }))
    return placed(who, { hushallId: household.id, stodlagenhet: { beslutstyp: 'tidsbegransatBarnfamilj' } })
  }
  const [corrected, longer, dead, withdrawn] = [await family(), await family(), await family(), await family()]
  created(await extended(corrected, '2027-09-14', { motivering: 'Rättad motivering.' }))
  created(await extended(longer, '2028-03-14', { giltigFran: '2027-03-15' }))
  ok(await give(maja, dead.id, 'avslut', { utfall: 'avliden' }))
  ok(await give(maja, withdrawn.id, 'avslut', { utfall: 'aterkallat' }))
  const found = ok(await bo.get('/stodlagenheter/tidsbegransade/utvardering?ar=2026'))
  expect(found).toMatchObject({ antal: 4, forlangda: 1, vantar: 2, avliden: 1, aterkallat: 1, annat: 0 })
  expect(found.underlag).toMatchObject([
    { stodlagenhetId: corrected.id, antalBeslut: 2, forlangningar: 0 },
    { stodlagenhetId: longer.id, antalBeslut: 2, forlangningar: 1 },
    { stodlagenhetId: dead.id, utgang: 'avliden' },
    { stodlagenhetId: withdrawn.id, utgang: 'aterkallat' },
  ])
})
