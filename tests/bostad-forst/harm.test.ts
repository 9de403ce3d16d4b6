import { importBostadForst } from '../../src/bostad-forst/import.ts'
import { decided, ok } from '../cases.ts'
import { caller } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { freeHomes, importer } from '../lagenheter/sheets.ts'
import { nextPersonnummer } from '../people.ts'
import { command, home, movedIn, sublet } from './admitted.ts'

const harness = await startTestApp()
const team = harness.as('bostadForstTeam', undefined, 'tora')
const handlaggare = harness.as('handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const importing = importer(harness, importBostadForst, caller(['handlaggare']))
const own = { kontraktsform: 'forstahand', hyraOre: 720000, inflyttad: '2026-09-15' }

beforeEach(() => {
  harness.clock.day = '2026-09-15'
})
const on = (day: string) => {
  harness.clock.day = day
}
const homeNow = async (id: string) => {
  const { tillstand, iPoolenTill } = ok(await handlaggare.get(`/lagenheter/${id}`))
  return { tillstand, iPoolenTill }
}

describe('the home of someone who leaves Bostad Först', () => {
  test('with the contract in their own name is theirs: it is nobody else’s', async () => {
    const { id, lagenhetId } = await movedIn(harness, handlaggare, own)
    on('2026-10-31')
    ok(await command(team, id, 'avslut', { utfall: 'egetBoende', datum: '2026-10-31' }))
    expect(await homeNow(lagenhetId)).toEqual({ tillstand: 'overlaten', iPoolenTill: '2026-10-31' })
  })

  test.each([
    ['a sublet', null, 'egetBoende'],
    ['an own contract, to somewhere else', own, 'annatBoende'],
  ])('from %s is vacated', async (_, contract, utfall) => {
    const { id, lagenhetId } = await movedIn(harness, handlaggare, contract)
    on('2026-10-31')
    ok(await command(team, id, 'avslut', { utfall, datum: '2026-10-31' }))
    expect(await homeNow(lagenhetId)).toEqual({ tillstand: 'tomstalld', iPoolenTill: null })
  })

  test('is vacated when the landlord has given notice of it, whoever’s the contract is', async () => {
    const { id, lagenhetId } = await movedIn(harness, handlaggare, own)
    ok(await command(team, id, 'uppsagning', { uppsagdTill: '2026-12-31' }))
    ok(await command(team, id, 'avslut', { utfall: 'egetBoende', datum: '2026-09-15' }))
    expect((await homeNow(lagenhetId)).tillstand).toBe('tomstalld')
  })
})

describe('a tenancy at risk', () => {
  const notice = { uppsagdTill: '2026-12-31' }

  test('under notice can be moved to another home, and the move clears the notice', async () => {
    const { id, lagenhetId } = await movedIn(harness, handlaggare)
    ok(await command(team, id, 'uppsagning', notice))
    expect(ok(await command(team, id, 'bostadsbyte', { orsak: 'bostadenUpphor' }))).toMatchObject({
      tillstand: 'byteAvBostad',
      uppsagdTill: '2026-12-31',
    })
    const another = await home(harness)
    ok(await command(team, id, 'erbjudande', { lagenhetId: another }))
    on('2026-10-01')
    expect(ok(await command(team, id, 'inflyttning', sublet('2026-10-01')))).toMatchObject({
      tillstand: 'inflyttad',
      uppsagdDatum: null,
      uppsagdTill: null,
      bostad: { lagenhetId: another, till: null },
    })
    expect((await homeNow(lagenhetId)).tillstand).toBe('tomstalld')
  })

  test('may be one whose transfer is tried', async () => {
    const { id } = await movedIn(harness, handlaggare)
    ok(await command(team, id, 'overgangsprovning'))
    expect(ok(await command(team, id, 'uppsagning', notice)).tillstand).toBe('uppsagd')
    expect(ok(await command(team, id, 'atertagande'))).toMatchObject({ tillstand: 'inflyttad', uppsagdTill: null })
  })

  test('goes on to the other home that is sought, or offered, already', async () => {
    const { id } = await movedIn(harness, handlaggare)
    ok(await command(team, id, 'bostadsbyte', { orsak: 'otrygghet' }))
    const another = await home(harness)
    ok(await command(team, id, 'erbjudande', { lagenhetId: another }))
    const noticed = ok(await command(team, id, 'uppsagning', notice))
    expect(noticed).toMatchObject({ tillstand: 'erbjuden', lagenhetId: another, bostad: { till: '2026-12-31' } })
    expect((await command(team, id, 'uppsagning', notice)).body.kod).toBe('redan-uppsagd')
    ok(await command(team, id, 'erbjudandesvar', { svar: 'nej', orsak: 'lage' }))
    // Who stays after all is under notice still.
    expect(ok(await command(team, id, 'kvarboende'))).toMatchObject({ tillstand: 'uppsagd', uppsagdTill: '2026-12-31' })
  })

  test('is of a home that the person has: of one that is only offered there is nothing to give notice of', async () => {
    const { arende } = await decided(handlaggare, beslutsfattare, { insats: 'bostadForst' })
    const [{ id }] = ok(await team.get(`/bostad-forst?hushallId=${arende.hushallId}`)).boenden
    ok(await command(team, id, 'onskemal', {}))
    ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
    expect((await command(team, id, 'uppsagning', notice)).body.kod).toBe('ingen-bostad-upplaten')
  })

  test('of someone who is away is theirs in the next home too: they are not away from that', async () => {
    const { id } = await movedIn(harness, handlaggare)
    ok(await command(team, id, 'franvaro', { sedan: '2026-09-15', orsak: 'sjukhus' }))
    ok(await command(team, id, 'uppsagning', notice))
    ok(await command(team, id, 'bostadsbyte', { orsak: 'bostadenUpphor' }))
    ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
    on('2026-10-01')
    const moved = ok(await command(team, id, 'inflyttning', sublet('2026-10-01')))
    expect(moved).toMatchObject({ tillstand: 'inflyttad', bortaSedan: null, bortaOrsak: null })
  })
})

test('a home of another size than the person wishes for is offered with that said: the choice is theirs', async () => {
  const { arende } = await decided(handlaggare, beslutsfattare, { insats: 'bostadForst' })
  const [{ id }] = ok(await team.get(`/bostad-forst?hushallId=${arende.hushallId}`)).boenden
  const offer = async (onskadeRum: number) => {
    ok(await command(team, id, 'onskemal', { onskadeRum }))
    const { avvikerFran } = ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
    ok(await command(team, id, 'erbjudandesvar', { svar: 'nej', orsak: 'storlek' }))
    return avvikerFran
  }
  expect(await offer(1)).toEqual([])
  expect(await offer(2)).toEqual(['Bostaden har 1 rum, och personen önskar 2.'])
  expect(ok(await team.get(`/bostad-forst/${id}`)).avvikerFran).toEqual([])
})

describe('the transfer to an own contract', () => {
  test.each([
    ['2027-01-15', '2027-01-15'],
    ['2028-01-15', '2027-09-15'],
  ])('that the plan allows from %s is tried on %s', async (overgangTidigast, overgangNasta) => {
    const contract = { ...sublet('2026-09-15'), overgangTidigast }
    expect(await movedIn(harness, handlaggare, contract)).toMatchObject({ overgangTidigast, overgangNasta })
  })

  test('that the landlord has not answered waits on the team’s list', async () => {
    const { id } = await movedIn(harness, handlaggare)
    on('2027-09-20')
    ok(await command(team, id, 'overgangsprovning'))
    const { uppgifter } = ok(await team.get('/mitt?limit=100'))
    const waits = uppgifter.filter((one: { bostadForstId: string }) => one.bostadForstId === id)
    expect(waits).toMatchObject([{ slag: 'overgangVantarPaSvar', forfaller: '2027-09-15', forsenad: true }])
  })
})

describe('someone whose tenancy was imported', () => {
  const row = (fields: Record<string, string>) => ({
    boendenummer: 'HARM-1',
    personnummer: nextPersonnummer(),
    fornamn: 'Lo',
    efternamn: 'Lind',
    antagen_datum: '2024-01-10',
    objektnummer: 'HARM-1',
    kontraktsform: 'andrahand',
    skal_andrahand: 'vardenKraver',
    overgang_tidigast: '2027-01-20',
    inflyttad: '2024-02-01',
    forstahand_datum: '',
    stodniva: '',
    ...fields,
  })
  const imported = async (fields: Record<string, string> = {}) => {
    const one = row(fields)
    await freeHomes(harness, [one.objektnummer], { kategori: 'bostadForst' })
    await importing([one])
    const { rows } = await harness.owner.query(
      'SELECT id, hushall_id AS "hushallId", person_id AS "personId" FROM bf_boende WHERE boendenummer = $1',
      [one.boendenummer],
    )
    return rows[0] as { id: string; hushallId: string; personId: string }
  }

  test('is granted it by a new decision, which it then belongs to', async () => {
    const { id, hushallId } = await imported()
    ok(await command(team, id, 'bostadsbyte', { orsak: 'onskemal' }))
    ok(await command(team, id, 'onskemal', { onskadeRum: 2, husdjur: true }))
    ok(await command(team, id, 'kvarboende'))
    const { arende, beslut } = await decided(handlaggare, beslutsfattare, {
      insats: 'bostadForst',
      hushallId,
      beslut: { bostadForst: { uteslutnaOmraden: ['nobbelov'] } },
    })
    const { boenden } = ok(await team.get(`/bostad-forst?hushallId=${hushallId}`))
    expect(boenden).toMatchObject([
      {
        id,
        boendenummer: 'HARM-1',
        tillstand: 'inflyttad',
        arendeId: arende.id,
        beslutId: beslut.id,
        antagenDatum: '2024-01-10',
        onskadeRum: 2,
        husdjur: true,
        uteslutnaOmraden: ['nobbelov'],
        bostad: { objektnummer: 'HARM-1' },
      },
    ])
  })

  test('is tried for an own contract on the day of the plan, when it is before the next of the series', async () => {
    const { id } = await imported({ boendenummer: 'HARM-2', objektnummer: 'HARM-2', inflyttad: '2026-08-01' })
    expect(ok(await team.get(`/bostad-forst/${id}`)).overgangNasta).toBe('2027-01-20')
  })
})
