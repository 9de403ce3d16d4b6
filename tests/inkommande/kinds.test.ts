import { ok } from '../cases.ts'
import { ofThree } from '../flyttkedjor/chained.ts'
import { bostad, handedOver, receivingLandlord } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { bostad as home } from '../lagenheter/made.ts'
import { activate, goodAnswer, openRound, reviewOf } from '../people.ts'
import { addHome, avtal, give, housed, people, placed, skalForAvsteg } from '../stodlagenheter/placed.ts'
import { item, outcomes, sender } from './sending.ts'

const harness = await startTestApp()
const worker = harness.as(['handlaggare', 'beslutsfattare'])
const who = people(harness)
const today = harness.clock.day
const keeper = sender(who.landlord, 'serviceforvaltningen')
const sql = async (text: string, values: unknown[] = []) => (await harness.owner.query(text, values)).rows
/** Who did what with a row, from its history. */
const atgarder = async (id: string) =>
  (await sql('SELECT atgard FROM historik WHERE rad_id = $1 AND atgard IS NOT NULL ORDER BY tid, id', [id])).map(
    ({ atgard }) => atgard,
  )

describe('a landlord', () => {
  test('offers, tells the answer and signs, by the id or the number of the förtur', async () => {
    const landlord = await receivingLandlord(worker)
    const send = sender(harness.hyresvard(landlord.id), 'hyresvard')
    const { id, forturnummer } = await handedOver(harness, worker, landlord.id)
    const [erbjudande] = await send(item('erbjudande', { forturnummer, ...bostad }))
    expect(erbjudande).toMatchObject({ index: 0, utfall: 'mottaget' })
    expect(ok(await worker.get(`/forturer/${id}`))).toMatchObject({ tillstand: 'erbjuden' })

    const resultat = await send(
      item('erbjudandesvar', { erbjudandeId: erbjudande?.id, svar: 'ja' }),
      item('kontrakt', { forturId: id, forturnummer, kontraktDatum: today, kontraktsform: 'forstahand' }),
    )
    expect(resultat).toMatchObject([
      { utfall: 'mottaget', id: erbjudande?.id },
      { utfall: 'mottaget', id },
    ])
    expect(ok(await worker.get(`/forturer/${id}`))).toMatchObject({ tillstand: 'tillgodosedd' })
    expect(await atgarder(id)).toEqual(expect.arrayContaining(['erbjud', 'svara', 'tecknaKontrakt']))
  })

  test('answers reviews by id or by the number of the guarantee', async () => {
    const one = await activate(worker)
    const two = await activate(worker, { hyresvardId: one.hyresvardId })
    await openRound(harness)
    const [first, second] = [await reviewOf(worker, one.id), await reviewOf(worker, two.id)]
    const send = sender(harness.hyresvard(one.hyresvardId), 'hyresvard')
    expect(
      await send(
        item('genomgangssvar', { avtalsnummer: one.avtalsnummer, ...goodAnswer }),
        item('genomgangssvar', { genomgangId: second.id.toUpperCase(), ...goodAnswer }),
      ),
    ).toMatchObject([
      { utfall: 'mottaget', id: first.id },
      { utfall: 'mottaget', id: second.id },
    ])
    for (const { id } of [one, two]) expect(await reviewOf(worker, id)).toMatchObject({ tillstand: 'besvarad' })
  })

  test('and serviceförvaltningen answer their own links', async () => {
    const { landlord, kedja } = await ofThree(harness)
    const lankId = kedja.lankar[0].id
    const svar = item('flyttlanksvar', { lankId, svar: 'ja' })
    expect(outcomes(await sender(harness.hyresvard(landlord.id), 'hyresvard')(svar))).toEqual(['mottaget'])
    // The same key of another party is another key.
    expect(outcomes(await keeper(svar))).toEqual(['mottaget'])
    expect(ok(await who.bo.get(`/flyttkedjor/${kedja.id}`)).lankar[0]).toMatchObject({
      hyresvardensSvar: 'ja',
      serviceforvaltningensSvar: 'ja',
    })
  })
})

describe('serviceförvaltningen', () => {
  test('adds homes, and says what is done with them', async () => {
    const { objektnummer, ...facts } = home({ klar: false })
    const resultat = await keeper(
      item('lagenhet', { objektnummer, ...facts }),
      item('lagenhetsatgard', { objektnummer, atgard: 'klar' }),
    )
    expect(outcomes(resultat)).toEqual(['mottaget', 'mottaget'])
    const id = resultat[0]?.id as string
    expect(resultat[1]?.id).toBe(id)
    const read = async () => ok(await who.landlord.get(`/serviceforvaltningen/lagenheter/${id}`))
    expect(await read()).toMatchObject({ objektnummer, tillstand: 'ledig' })

    const back = { lagenhetId: id, atgard: 'aterlamna' }
    expect(await keeper(item('lagenhetsatgard', back))).toMatchObject([
      { utfall: 'avvisat', kod: 'uppgifter-hanger-inte-ihop', detail: 'iPoolenTill behövs vid aterlamna.' },
    ])
    expect(outcomes(await keeper(item('lagenhetsatgard', { ...back, iPoolenTill: today })))).toEqual(['mottaget'])
    expect(await read()).toMatchObject({ tillstand: 'aterlamnad', iPoolenTill: today })
    expect(await atgarder(id)).toEqual(['skapa', 'klar', 'aterlamna'])
  })

  test('signs, tells of arrears, gives notice, takes it back, and lets the tenant take over', async () => {
    const row = await placed(who, { dag: today })
    const lagenhetId = await addHome(harness)
    ok(await give(who.bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
    ok(await give(who.maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
    const { stodlagenhetsnummer } = row
    const read = async () => ok(await who.maja.get(`/stodlagenheter/${row.id}`))

    expect(await keeper(item('avtal', { stodlagenhetsnummer, ...avtal(today) }))).toMatchObject([
      { utfall: 'mottaget', id: row.id },
    ])
    expect(await read()).toMatchObject({ tillstand: 'avtalTecknat' })
    ok(await give(who.maja, row.id, 'inflyttning', { datum: today }))

    const arrears = { handelse: 'hyresskuld', datum: today, hyresskuldOre: 985000 }
    const notice = { grund: 'hyresskuld', uppsagdTill: '2026-12-31', socialnamndenMeddelad: today }
    const told = await keeper(
      item('boendehandelse', { stodlagenhetId: row.id, ...arrears }),
      item('uppsagning', { stodlagenhetId: row.id, ...notice }),
      item('atertagande', { stodlagenhetsnummer }),
    )
    expect(outcomes(told)).toEqual(['mottaget', 'mottaget', 'mottaget'])
    expect(ok(await who.maja.get(`/stodlagenheter/${row.id}/handelser`)).handelser).toMatchObject([
      { id: told[0]?.id, slag: 'hyresskuld', hyresskuldOre: 985000 },
    ])
    expect(await read()).toMatchObject({ tillstand: 'boende', hyresskuldOre: 985000, uppsagdDatum: null })

    ok(await give(who.maja, row.id, 'overtagande'))
    const svar = { svar: 'godkant', forstahandDatum: '2027-01-01' }
    expect(outcomes(await keeper(item('overtagandesvar', { stodlagenhetId: row.id, ...svar })))).toEqual(['mottaget'])
    expect(await read()).toMatchObject({ tillstand: 'overlaten' })
    expect(await atgarder(row.id)).toEqual(
      expect.arrayContaining(['tecknaAvtal', 'rapportera', 'sagUpp', 'aterta', 'svaraPaOvertagande']),
    )
  })

  test('tells of a move and inspects the home after it, in the same call', async () => {
    const { id, lagenhetId } = await housed(who, harness)
    const [{ objektnummer }] = await sql('SELECT objektnummer FROM lagenhet WHERE id = $1', [lagenhetId])
    const sent = await keeper(
      item('uppsagning', { stodlagenhetId: id, grund: 'egenUppsagning', uppsagdTill: '2026-12-31' }),
      item('utflyttning', { stodlagenhetId: id, datum: today }),
      item('lagenhetsatgard', { objektnummer, atgard: 'besiktiga', behoverRenoveras: true }),
    )
    expect(outcomes(sent)).toEqual(['mottaget', 'mottaget', 'mottaget'])
    expect(ok(await who.maja.get(`/stodlagenheter/${id}`))).toMatchObject({ tillstand: 'avflyttad' })
    expect(ok(await who.bo.get(`/lagenheter/${lagenhetId}`))).toMatchObject({ tillstand: 'renovering' })
  })
})

test('a kind that is another party’s, or nobody’s, is refused', async () => {
  const landlord = await receivingLandlord(worker)
  const send = sender(harness.hyresvard(landlord.id), 'hyresvard')
  expect(outcomes(await send(item('lagenhet', home()), item('avslut', {})))).toEqual(['fel-val', 'fel-val'])
})
