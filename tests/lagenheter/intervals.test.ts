import { importBostadForst } from '../../src/bostad-forst/import.ts'
import { nextTrial, trialFrom, whyNotTrialAnswer } from '../../src/bostad-forst/rules.ts'
import { vakansdagar } from '../../src/lagenheter/rules.ts'
import type { LagenhetRad } from '../../src/lagenheter/schema.ts'
import { importStodlagenheter } from '../../src/stodlagenheter/import.ts'
import { whyNotWaive } from '../../src/stodlagenheter/rules.ts'
import type { StodlagenhetRad } from '../../src/stodlagenheter/schema.ts'
import { admitted, command, home, sublet } from '../bostad-forst/admitted.ts'
import { ok } from '../cases.ts'
import { caller } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { nextPersonnummer } from '../people.ts'
import { freeHomes, importer } from './sheets.ts'

const harness = await startTestApp()
const team = harness.as('bostadForstTeam')
const handlaggare = harness.as('handlaggare')
const leases = importer(harness, importStodlagenheter, caller(['handlaggare']))
const tenancies = importer(harness, importBostadForst, caller(['handlaggare']))
const daysAfter = (day: string, days: number) => Temporal.PlainDate.from(day).add({ days }).toString()

let next = 0
const someone = () => ({ personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Lind' })

/** Someone who has had a stödlägenhet since a day; read by number. */
async function leased(tilltrade: string, fields: Record<string, string> = {}) {
  const nummer = `INT-${++next}`
  await freeHomes(harness, [nummer])
  const row = {
    stodlagenhetsnummer: nummer,
    ...someone(),
    antal_personer: '1',
    beslutstyp: 'ordinarie',
    beslut_fran: tilltrade,
    beslut_till: '',
    objektnummer: nummer,
    avtalsform: 'andrahand',
    avtal_datum: tilltrade,
    informerad_om_villkor_datum: tilltrade,
    hyra: '8000',
    tilltrade,
    avstaende_till: '',
    ...fields,
  }
  await leases([row])
  const { rows } = await harness.owner.query('SELECT id FROM stodlagenhet WHERE stodlagenhetsnummer = $1', [nummer])
  return async () => ok(await handlaggare.get(`/stodlagenheter/${rows[0].id}`))
}

describe('besittningsskydd', () => {
  test.each([
    ['the end of a month', '2024-08-31', '2026-08-31'],
    ['a leap day', '2024-02-29', '2026-02-28'],
    ['the day before a leap day that comes', '2026-02-28', '2028-02-28'],
    ['the day that summer time begins', '2024-03-31', '2026-03-31'],
    ['the day that summer time ends', '2024-10-27', '2026-10-27'],
  ])('comes 24 months after %s', async (_, tilltrade, day) => {
    const read = await leased(tilltrade)
    expect((await read()).besittningsskyddFran).toBe(day)
  })

  test.each([
    ['the day before it', '2026-02-27', '2026-02-28'],
    ['the day itself', '2026-02-28', '2026-03-01'],
    ['the end of a month', '2026-03-31', '2026-04-01'],
    ['yesterday', '2026-09-14', '2026-09-15'],
    ['today', '2026-09-15', '2026-09-16'],
  ])('after a leap day, with a waiver until %s, comes the day after', async (_, avstaende_till, day) => {
    const read = await leased('2024-02-29', { avstaende_till })
    expect((await read()).besittningsskyddFran).toBe(day)
  })

  test('is there from the access in a block lease', async () => {
    const read = await leased('2024-02-29', { avtalsform: 'blockhyraAndrahand' })
    expect((await read()).besittningsskyddFran).toBe('2024-02-29')
  })
})

describe('a limit is flagged on its day, and not the day before', () => {
  test.each([
    // The day that besittningsskydd comes, less three or six months, clamped to the month's end.
    ['besittningsskydd6', '2024-08-31', '', '2026-02-28'],
    ['besittningsskydd3', '2024-05-31', '', '2026-02-28'],
    ['besittningsskydd6', '2026-02-28', '', '2027-08-28'],
    ['besittningsskydd3', '2024-06-29', '', '2026-03-29'],
    ['besittningsskydd6', '2025-04-25', '', '2026-10-25'],
    ['beslut90', '2026-01-02', '2026-06-27', '2026-03-29'],
    ['beslut30', '2026-03-01', '2026-11-24', '2026-10-25'],
    ['beslut30', '2027-12-01', '2028-03-30', '2028-02-29'],
    ['beslut90', '2026-01-01', '2026-05-31', '2026-03-02'],
  ])('%s, access %s, decision until %s: %s', async (kod, tilltrade, beslut_till, day) => {
    const before = harness.clock.day
    try {
      harness.clock.day = daysAfter(day, -1)
      const read = await leased(tilltrade, { beslut_till })
      await harness.job('varna-stodlagenheter')
      expect((await read()).varnad).not.toBe(kod)
      await harness.job('varna-stodlagenheter', day)
      expect(await read()).toMatchObject({ varnad: kod, varnadDatum: day })
    } finally {
      harness.clock.day = before
    }
  })
})

test.each([
  ['2024-02-29', '2028-02-29'],
  ['2026-02-28', '2030-02-28'],
  ['2024-08-31', '2028-08-31'],
  ['2026-03-29', '2030-03-29'],
  ['2026-10-25', '2030-10-25'],
])('a waiver of a home since %s lasts until %s without a reason, and not a day more', (tilltrade, last) => {
  const row = { tillstand: 'boende', tilltrade } as StodlagenhetRad
  const until = (giltigtTill: string) => whyNotWaive(row, { skal: 'Biståndet.', giltigtTill }, '2026-12-01')
  expect(until(last)).toBeNull()
  expect(until(daysAfter(last, 1))?.extra.errors).toMatchObject([{ pointer: '/skalLangreTid', kod: 'saknas' }])
})

describe('the transfer to an own contract', () => {
  /** The days of the series, each from the day after the one before it. */
  const series = (inflyttad: string, count: number) => {
    const days = [trialFrom(inflyttad, inflyttad)]
    while (days.length < count) days.push(trialFrom(inflyttad, daysAfter(days.at(-1) as string, 1)))
    return days
  }

  test.each([
    ['2024-02-29', ['2025-02-28', '2025-08-29', '2026-02-28', '2026-08-29', '2027-02-28', '2027-08-29', '2028-02-29']],
    ['2024-08-31', ['2025-08-31', '2026-02-28', '2026-08-31', '2027-02-28', '2027-08-31', '2028-02-29', '2028-08-31']],
    ['2025-03-30', ['2026-03-30', '2026-09-30', '2027-03-30']],
    ['2025-10-26', ['2026-10-26', '2027-04-26', '2027-10-26']],
  ])('is tried in a series that does not drift from %s', (inflyttad, days) => {
    expect(series(inflyttad, days.length)).toEqual(days)
  })

  test.each([
    ['2026-08-31', '2027-02-28'],
    ['2027-08-31', '2028-02-29'],
    ['2028-02-29', '2028-08-29'],
    ['2026-03-29', '2026-09-29'],
    ['2026-10-25', '2027-04-25'],
  ])('after a no on %s is tried again by %s', (today, last) => {
    const no = { utfall: 'avslag', orsak: 'kortTid' } as const
    expect(nextTrial(no, today)).toBe(last)
    const answer = (nasta: string) =>
      whyNotTrialAnswer({} as never, { body: { ...no, nasta }, borSedan: '2020-01-01', today })
    expect(answer(last)).toBeNull()
    expect(answer(daysAfter(last, 1))?.extra.errors).toMatchObject([{ pointer: '/nasta', kod: 'utanfor-granserna' }])
  })

  test.each([
    ['2024-02-29', '2025-02-28'],
    ['2026-08-31', '2027-08-31'],
    ['2026-10-25', '2027-10-25'],
  ])(
    'moved in on %s, is first tried on %s; a no on the last of August is kept as the rules say',
    async (day, first) => {
      const before = harness.clock.day
      try {
        harness.clock.day = day
        const { id } = await admitted(harness, handlaggare)
        ok(await command(team, id, 'onskemal'))
        ok(await command(team, id, 'erbjudande', { lagenhetId: await home(harness) }))
        expect(ok(await command(team, id, 'inflyttning', sublet(day))).overgangNasta).toBe(first)
        ok(await command(team, id, 'overgangsprovning'))
        harness.clock.day = '2027-08-31'
        // The database counts months in its own way: the last of February is within six of them.
        const refused = ok(await command(team, id, 'overgangssvar', { utfall: 'avslag', orsak: 'kortTid' }))
        expect(refused.overgangNasta).toBe('2028-02-29')
      } finally {
        harness.clock.day = before
      }
    },
  )
})

describe('who stays', () => {
  test.each([
    [12, '2024-02-29', '2025-02-28'],
    [24, '2024-02-29', '2026-02-28'],
    [12, '2024-08-31', '2025-08-31'],
    [24, '2024-08-30', '2026-08-30'],
    [12, '2024-03-31', '2025-03-31'],
    [24, '2024-03-31', '2026-03-31'],
    [12, '2024-10-27', '2025-10-27'],
    [24, '2022-10-30', '2024-10-30'],
  ])('after %d months from %s is who has the home still on %s', async (months, inflyttad, day) => {
    const numbers = [`KVAR-${++next}`, `KVAR-${++next}`, `KVAR-${++next}`]
    await freeHomes(harness, numbers, { kategori: 'bostadForst' })
    const rows = numbers.map(objektnummer => ({
      boendenummer: objektnummer,
      ...someone(),
      antagen_datum: '2020-01-01',
      objektnummer,
      kontraktsform: 'andrahand',
      skal_andrahand: 'vardenKraver',
      overgang_tidigast: inflyttad,
      inflyttad,
      forstahand_datum: '',
      stodniva: '',
    }))
    await tenancies(rows)
    const { rows: made } = await harness.owner.query(
      'SELECT id, boendenummer FROM bf_boende WHERE boendenummer = ANY ($1) ORDER BY boendenummer',
      [numbers],
    )
    // The first stays, the second leaves with that day, the third the day before it.
    for (const [n, datum] of [
      [1, day],
      [2, daysAfter(day, -1)],
    ] as const)
      ok(await command(team, made[n].id, 'avslut', { utfall: 'annatBoende', datum }))
    const path = `/bostad-forst/statistik/kvarboende${months}/underlag?fran=${day}&till=${day}&limit=100`
    const { poster } = ok(await team.get(path))
    const counted = (nummer: string) => poster.find((post: { nummer: string }) => post.nummer === nummer)?.taljare
    expect(made.map((one: { boendenummer: string }) => counted(one.boendenummer))).toEqual([1, 1, 0])
  })
})

test.each([
  ['2026-08-31', '2026-09-01', 1],
  ['2024-02-28', '2024-03-01', 2],
  ['2026-02-28', '2026-03-01', 1],
  ['2026-03-28', '2026-03-30', 2],
  ['2026-10-24', '2026-10-26', 2],
  ['2023-12-31', '2024-12-31', 366],
  ['2026-09-16', '2026-09-15', 0],
])('a home that is vacant since %s has been so on %s for %d days', (tomSedan, today, days) => {
  const home = { tillstand: 'ledig', tomSedan, iPoolenFran: '2020-01-01' } satisfies Partial<LagenhetRad>
  expect(vakansdagar(home, today)).toBe(days)
})
