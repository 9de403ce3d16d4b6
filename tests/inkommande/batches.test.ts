import { randomUUID } from 'node:crypto'
import { ok } from '../cases.ts'
import { handedOver, bostad as offered, receivingLandlord } from '../forturer/granted.ts'
import { startTestApp } from '../harness.ts'
import { bostad } from '../lagenheter/made.ts'
import { activate, createLandlord, goodAnswer, openRound, reviewOf } from '../people.ts'
import { housed, people } from '../stodlagenheter/placed.ts'
import { item, outcomes, type Resultat, sender } from './sending.ts'

const harness = await startTestApp({ settings: { DATABASE_POOL: '24' } })
const worker = harness.as(['handlaggare', 'beslutsfattare'])
const who = people(harness)
const today = harness.clock.day
const keeper = sender(who.landlord, 'serviceforvaltningen')
const sql = async (text: string, values: unknown[] = []) => (await harness.owner.query(text, values)).rows
const unknown = { utfall: 'avvisat', kod: 'finns-inte', detail: expect.stringContaining('Det finns ingen sådan') }
const protect = (hushallId: string, skyddad = true) =>
  sql('UPDATE hushall SET skyddad = $2, version = version + 1 WHERE id = $1', [hushallId, skyddad])
const arrears = { handelse: 'hyresskuld', datum: today, hyresskuldOre: 100 }
const reportsOf = async (id: string) => ok(await who.maja.get(`/stodlagenheter/${id}/handelser`)).handelser
const homes = async (numbers: unknown[]) => sql('SELECT id FROM lagenhet WHERE objektnummer = ANY ($1)', [numbers])

describe('a batch', () => {
  test('is taken item by item: what is wrong with one stops no other, and is told without its values', async () => {
    const secret = 'HEMLIG-19850709-9805'
    const good = [bostad(), bostad()]
    const { body } = await who.landlord.post('/serviceforvaltningen/inkommande', {
      poster: [
        item('lagenhet', good[0] as object),
        null,
        17,
        secret,
        {},
        { slag: 'lagenhet', ...bostad() },
        { ...item('lagenhet', bostad()), nyckel: `${secret} med blanksteg` },
        item('lagenhet', { ...bostad(), rum: secret }),
        item('lagenhet', { ...bostad(), [`x${secret}`]: 1 }),
        item('lagenhet', { ...bostad(), iPoolenTill: '2019-12-31' }),
        item('lagenhet', good[0] as object),
        item('utflyttning', { datum: today }),
        item('lagenhet', good[1] as object),
      ],
    })
    expect(outcomes(body.resultat)).toEqual([
      'mottaget',
      'fel-typ',
      'fel-typ',
      'fel-typ',
      'saknas',
      'saknas',
      'fel-form',
      'fel-typ',
      'okant-falt',
      'uppgifter-hanger-inte-ihop',
      'finns-redan',
      'saknas',
      'mottaget',
    ])
    expect(body.resultat.map(({ index }: Resultat) => index)).toEqual(Array.from({ length: 13 }, (_, n) => n))
    expect(JSON.stringify(body)).not.toContain(secret)
    expect(await homes(good.map(one => (one as { objektnummer: string }).objektnummer))).toHaveLength(2)
  })

  test('has one to 5 000 items', async () => {
    for (const poster of [[], Array.from({ length: 5001 }, () => null)])
      expect((await who.landlord.post('/serviceforvaltningen/inkommande', { poster })).status).toBe(400)
    expect(await keeper(...Array.from({ length: 5000 }, () => null))).toHaveLength(5000)
  })

  test('is done in its order for each thing, whatever else is in it', async () => {
    const rows = [await housed(who, harness), await housed(who, harness), await housed(who, harness)]
    const sent = Array.from({ length: 60 }, (_, n) =>
      item('boendehandelse', { stodlagenhetId: rows[n % 3]?.id, ...arrears, hyresskuldOre: n + 1 }),
    )
    expect(new Set(outcomes(await keeper(...sent)))).toEqual(new Set(['mottaget']))
    for (const [n, { id }] of rows.entries()) {
      const told = await sql(
        "SELECT (efter->>'hyresskuld_ore')::int AS ore FROM historik WHERE rad_id = $1 AND atgard = 'rapportera' ORDER BY id",
        [id],
      )
      expect(told.map(({ ore }) => ore)).toEqual(Array.from({ length: 20 }, (_, k) => 3 * k + n + 1))
    }
  })

  test('takes an etag, which then must be right', async () => {
    const landlord = await receivingLandlord(worker)
    const send = sender(harness.hyresvard(landlord.id), 'hyresvard')
    const { id, etag } = await handedOver(harness, worker, landlord.id)
    const offer = (etag: string) => item('erbjudande', { forturId: id, ...offered, etag })
    expect(outcomes(await send(offer('"1"'), offer(etag)))).toEqual(['andrad-av-nagon-annan', 'mottaget'])
  })

  test('is in the read log with the households that it is about', async () => {
    const { id, hushallId } = await housed(who, harness)
    await keeper(item('boendehandelse', { stodlagenhetId: id, ...arrears }))
    const read = await sql(
      "SELECT FROM atkomstlogg WHERE vag = '/v1/serviceforvaltningen/inkommande' AND $1 = ANY (hushall_ids)",
      [hushallId],
    )
    expect(read).toHaveLength(1)
  })
})

describe('a key', () => {
  test('with the same content is answered with what it led to, and nothing is done again', async () => {
    const { id } = await housed(who, harness)
    const sent = [
      item('boendehandelse', { stodlagenhetId: id, ...arrears }),
      item('lagenhet', bostad()),
      item('boendehandelse', { stodlagenhetId: id, ...arrears }),
    ]
    const first = await keeper(...sent)
    expect(outcomes(first)).toEqual(['mottaget', 'mottaget', 'mottaget'])
    const reordered = sent.map(one => Object.fromEntries(Object.entries(one).reverse()))
    for (const again of [sent, reordered])
      expect(await keeper(...again)).toEqual(first.map(one => ({ ...one, utfall: 'upprepad' })))
    expect(await reportsOf(id)).toHaveLength(2)
    // Also twice in a call.
    const twice = item('boendehandelse', { stodlagenhetId: id, ...arrears })
    const [one, two] = await keeper(twice, twice)
    expect([one?.utfall, two?.utfall, two?.id]).toEqual(['mottaget', 'upprepad', one?.id])
    expect(await reportsOf(id)).toHaveLength(3)
  })

  test('with other content is refused, in the same call and in the next', async () => {
    const sent = item('lagenhet', bostad())
    const other = { ...sent, rum: 7 }
    const another = item('lagenhetsatgard', { objektnummer: sent.objektnummer, atgard: 'klar' })
    expect(outcomes(await keeper(sent, other, { ...another, nyckel: sent.nyckel }))).toEqual([
      'mottaget',
      'nyckeln-anvand',
      'nyckeln-anvand',
    ])
    expect(outcomes(await keeper(other, sent))).toEqual(['nyckeln-anvand', 'upprepad'])
  })

  test('of what was refused is free: the same item can be tried again when it is possible', async () => {
    const sent = item('lagenhetsatgard', { objektnummer: 'FINNS-SEDAN-1', atgard: 'klar' })
    expect(await keeper(sent)).toMatchObject([unknown])
    await keeper(item('lagenhet', bostad({ objektnummer: 'FINNS-SEDAN-1', klar: false })))
    expect(outcomes(await keeper(sent))).toEqual(['mottaget'])
    expect(outcomes(await keeper(sent))).toEqual(['upprepad'])
  })

  test('is one landlord’s own', async () => {
    const [mine, theirs] = [await activate(worker), await activate(worker)]
    await openRound(harness)
    const nyckel = randomUUID()
    for (const { hyresvardId, avtalsnummer } of [mine, theirs]) {
      const send = sender(harness.hyresvard(hyresvardId), 'hyresvard')
      expect(outcomes(await send(item('genomgangssvar', { nyckel, avtalsnummer, ...goodAnswer })))).toEqual([
        'mottaget',
      ])
    }
  })

  test('is kept for INKOMMANDE_DAGAR, and nothing of the item with it', async () => {
    const { id, hushallId } = await housed(who, harness)
    const sent = item('boendehandelse', { stodlagenhetId: id, ...arrears, beskrivning: 'Hemlig beskrivning.' })
    await keeper(sent)
    const [kept] = await sql('SELECT * FROM inkommen_post WHERE nyckel = $1', [sent.nyckel])
    expect(kept).toEqual({
      part: 'serviceforvaltningen',
      part_id: null,
      nyckel: sent.nyckel,
      slag: 'boendehandelse',
      sha256: expect.stringMatching(/^[\w-]{43}$/),
      led_till: expect.any(String),
      hushall_id: hushallId,
      tid: expect.any(Date),
    })
    // The database's own guard looks at the real day.
    await sql("UPDATE inkommen_post SET tid = '2026-06-17T12:00:00Z' WHERE nyckel = $1", [sent.nyckel])
    await harness.job('gallra-inkommande', '2026-09-15')
    expect(outcomes(await keeper(sent))).toEqual(['upprepad'])
    expect(await harness.job('gallra-inkommande', '2026-09-16')).toEqual({ borttagna: 1 })
    expect(outcomes(await keeper(sent))).toEqual(['mottaget'])
  })
})

describe('eight identical batches at once', () => {
  test('of serviceförvaltningen have one effect an item, and all are told of the same', async () => {
    const row = await housed(who, harness)
    const sent = [
      ...Array.from({ length: 10 }, () => item('lagenhet', bostad())),
      ...Array.from({ length: 10 }, () => item('boendehandelse', { stodlagenhetId: row.id, ...arrears })),
    ]
    const answers = await Promise.all(Array.from({ length: 8 }, () => keeper(...sent)))
    for (const n of sent.keys()) {
      const ofOne = answers.map(resultat => resultat[n] as Resultat)
      expect(ofOne.map(({ utfall }) => utfall).sort()).toEqual(['mottaget', ...Array(7).fill('upprepad')])
      expect(new Set(ofOne.map(({ id }) => id)).size).toBe(1)
    }
    expect(await reportsOf(row.id)).toHaveLength(10)
    expect(await homes(sent.map(({ objektnummer }) => objektnummer ?? null))).toHaveLength(10)
  })

  test('of a landlord have one effect an item', async () => {
    const landlord = await receivingLandlord(worker)
    const send = sender(harness.hyresvard(landlord.id), 'hyresvard')
    const rows = [await handedOver(harness, worker, landlord.id), await handedOver(harness, worker, landlord.id)]
    const sent = rows.map(({ id }) => item('erbjudande', { forturId: id, ...offered }))
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(...sent)))
    for (const n of sent.keys())
      expect(answers.map(resultat => resultat[n]?.utfall).sort()).toEqual(['mottaget', ...Array(7).fill('upprepad')])
    for (const { id } of rows) expect(await sql('SELECT FROM erbjudande WHERE fortur_id = $1', [id])).toHaveLength(1)
  })
})

describe('what the sender may not know of', () => {
  test('is as unknown: a protected household’s, another’s, and what there is not are refused alike', async () => {
    const [mine, other] = [await receivingLandlord(worker), await receivingLandlord(worker)]
    const hidden = await handedOver(harness, worker, mine.id)
    const theirs = await handedOver(harness, worker, other.id)
    await protect(hidden.hushallId)
    const send = sender(harness.hyresvard(mine.id), 'hyresvard')
    const named = [
      { forturId: hidden.id },
      { forturnummer: hidden.forturnummer },
      { forturId: theirs.id },
      { forturnummer: theirs.forturnummer },
      { forturId: randomUUID() },
      { forturnummer: 'AR-2026-99999' },
    ]
    const contract = { kontraktDatum: today, kontraktsform: 'forstahand' }
    const sent = named.flatMap(name => [
      item('erbjudande', { ...name, ...offered }),
      item('kontrakt', { ...name, ...contract }),
    ])
    const answers = await send(...sent)
    expect(answers).toHaveLength(12)
    for (const { index: _, nyckel: __, ...rest } of answers) expect(rest).toEqual(unknown)
    expect(new Set(answers.map(({ detail }) => detail)).size).toBe(1)
    expect(await sql('SELECT FROM inkommen_post WHERE part_id = $1', [mine.id])).toEqual([])
  })

  test('is so for the homes, tenancies, reviews and links of a protected household', async () => {
    const row = await housed(who, harness)
    const garanti = await activate(worker)
    await openRound(harness)
    const review = await reviewOf(worker, garanti.id)
    const [{ objektnummer }] = await sql('SELECT objektnummer FROM lagenhet WHERE id = $1', [row.lagenhetId])
    await protect(row.hushallId)
    await protect(garanti.hushallId)
    const sent = [
      item('boendehandelse', { stodlagenhetId: row.id, ...arrears }),
      item('uppsagning', { stodlagenhetId: row.id, grund: 'egenUppsagning', uppsagdTill: '2026-12-31' }),
      item('lagenhetsatgard', { objektnummer, atgard: 'klar' }),
      item('flyttlanksvar', { lankId: randomUUID(), svar: 'ja' }),
    ]
    for (const answer of await keeper(...sent)) expect(answer).toMatchObject(unknown)
    const send = sender(harness.hyresvard(garanti.hyresvardId), 'hyresvard')
    const answers = [{ genomgangId: review.id }, { avtalsnummer: garanti.avtalsnummer }, { avtalsnummer: 'HG-9' }]
    expect(outcomes(await send(...answers.map(one => item('genomgangssvar', { ...one, ...goodAnswer }))))).toEqual(
      Array(3).fill('okand-genomgang'),
    )
  })

  test('is so also of what was received before the protection, and is known again when that is over', async () => {
    const { id, hushallId } = await housed(who, harness)
    const sent = item('boendehandelse', { stodlagenhetId: id, ...arrears })
    const [first] = await keeper(sent)
    await protect(hushallId)
    expect(await keeper(sent)).toMatchObject([unknown])
    await protect(hushallId, false)
    expect(await keeper(sent)).toEqual([{ ...first, utfall: 'upprepad' }])
  })

  test('is everything for a landlord that no longer receives förturer', async () => {
    const landlord = await createLandlord(worker)
    const send = sender(harness.hyresvard(landlord.id), 'hyresvard')
    expect(await send(item('erbjudande', { forturnummer: 'AR-2026-00001', ...offered }))).toMatchObject([unknown])
  })
})

test('nothing went wrong inside', () => {
  expect(harness.logLines.filter(line => JSON.parse(line).level >= 40)).toEqual([])
})
