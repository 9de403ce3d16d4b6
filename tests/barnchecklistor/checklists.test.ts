import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { finishedChecklist } from '../../src/barnchecklistor/service.ts'
import type { Caller } from '../../src/shared/caller.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold, nextPersonnummer } from '../people.ts'

const harness = await startTestApp()
const handlaggare = harness.as('handlaggare', undefined, 'maja.handlaggare')
const beslutsfattare = harness.as('beslutsfattare')
const administrator = harness.as('administrator')
const caller: Caller = {
  sub: 'test',
  part: 'socialforvaltningen',
  partId: null,
  roller: ['handlaggare'],
  klient: 'test',
}

const child = () => ({ personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Lind', roll: 'barn' })
type Household = { id: string; barn: string[]; sokande: string }
async function household(children = 1): Promise<Household> {
  const { id, personer } = await createHousehold(handlaggare, Array.from({ length: children }, child))
  const ids = (roll: string) =>
    personer.filter((p: { roll: string }) => p.roll === roll).map((p: { id: string }) => p.id)
  return { id, barn: ids('barn'), sokande: ids('sokande')[0] }
}
async function caseOf({ id, sokande }: Household): Promise<string> {
  const arende = randomUUID()
  await harness.owner.query(
    `INSERT INTO arende (id, version, arendenummer, insats, tillstand, hushall_id, skyddad, person_id, ansokan_datum, kanal, skapad, andrad)
     VALUES ($1::uuid, 1, $1::text, 'fortur', 'inkommen', $2, false, $3, '2026-08-20', 'papper', now(), now())`,
    [arende, id, sokande],
  )
  return arende
}

const first = (await handlaggare.get('/barnchecklistemallar/1')).body
const words: Record<string, unknown> = { text: 'Prövat.', jaNejEjAktuellt: 'ejAktuellt', skala: 4 }
const svar = first.punkter.map(({ kod, svarstyp }: { kod: string; svarstyp: string }) => ({
  kod,
  svar: words[svarstyp],
}))
const heard = (personId: string) => ({ personId, informerad: true, hord: 'ja', egenSyn: 'Vill ha kvar sina kompisar.' })
const filled = ({ barn }: Household) => ({ svar, barn: barn.map(heard), barnetsBasta: 'Skolan väger tyngst.' })

const begin = async (hushallId: string, arendeId: string | null = null) =>
  (await handlaggare.post('/barnchecklistor', { hushallId, arendeId })).body
const save = (checklista: { id: string; etag: string }, draft: object) =>
  handlaggare.put(`/barnchecklistor/${checklista.id}`, draft, { ifMatch: checklista.etag })
const command = (checklista: { id: string; etag: string }, path: string) =>
  handlaggare.post(`/barnchecklistor/${checklista.id}/${path}`, {}, { ifMatch: checklista.etag })
async function finished(home: Household, arendeId: string | null = null) {
  const saved = await save(await begin(home.id, arendeId), filled(home))
  const { body, status } = await command(saved.body, 'klarmarkering')
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}
const pointers = ({ body }: { body: { errors?: { pointer: string; kod: string }[] } }) =>
  body.errors?.map(({ pointer, kod }) => `${pointer} ${kod}`)

test('a checklist goes from draft to finished, and from there to a revision of itself', async () => {
  const home = await household(2)
  const arendeId = await caseOf(home)
  const begun = await handlaggare.post('/barnchecklistor', { hushallId: home.id, arendeId })
  expect(begun.status).toBe(201)
  expect(begun.headers.location).toBe(`${harness.base}/v1/barnchecklistor/${begun.body.id}`)
  expect(begun.body).toMatchObject({
    hushallId: home.id,
    arendeId,
    mallNummer: 1,
    tillstand: 'paborjad',
    svar: [],
    barn: [],
    barnetsBasta: null,
    antalBarn: 0,
    klarDatum: null,
    ersatterId: null,
  })
  expect(Object.keys(begun.body._links).sort()).toEqual(['arende', 'hushall', 'klarmarkera', 'mall', 'self', 'spara'])

  const saved = await save(begun.body, filled(home))
  expect(saved.body).toMatchObject({ antalBarn: 2, antalInformerade: 2, antalHorda: 2, etag: '"2"' })
  expect(saved.body.barn[0]).toEqual({ ...heard(home.barn[0] as string), skal: null })
  expect(saved.body.svar[5]).toEqual({ kod: 'utrymme', svar: 4, kommentar: null })

  harness.clock.day = '2026-09-17'
  const done = await command(saved.body, 'klarmarkering')
  harness.clock.day = '2026-09-15'
  expect(done.body).toMatchObject({ tillstand: 'klar', klarDatum: '2026-09-17', klarAv: 'maja.handlaggare' })
  expect(Object.keys(done.body._links).sort()).toEqual(['arende', 'hushall', 'mall', 'revidera', 'self'])
  const seen = await beslutsfattare.get(`/barnchecklistor/${done.body.id}`)
  expect(Object.keys(seen.body._links).sort()).toEqual(['arende', 'hushall', 'mall', 'self'])
  expect({ ...seen.body, _links: 0 }).toEqual({ ...done.body, _links: 0 })
  expect((await save(done.body, {})).body).toMatchObject({ status: 409, kod: 'fel-tillstand' })

  const revision = await command(done.body, 'revidering')
  expect(revision.status).toBe(201)
  expect(revision.headers).toMatchObject({
    etag: '"1"',
    location: `${harness.base}/v1/barnchecklistor/${revision.body.id}`,
  })
  const { svar: answers, barn, barnetsBasta, antalHorda, mallNummer } = done.body
  expect(revision.body).toMatchObject({
    ...{ svar: answers, barn, barnetsBasta, antalHorda, mallNummer, arendeId },
    tillstand: 'paborjad',
    klarDatum: null,
    klarAv: null,
    ersatterId: done.body.id,
  })
  expect((await handlaggare.get(`/barnchecklistor/${done.body.id}`)).body).toMatchObject({
    tillstand: 'reviderad',
    klarDatum: '2026-09-17',
    barnetsBasta: 'Skolan väger tyngst.',
  })
})

test('a checklist is for a household with children, and for a case of that household', async () => {
  const home = await household()
  const [childless, other] = [await household(0), await household()]
  const post = (body: object) => handlaggare.post('/barnchecklistor', body)
  expect(pointers(await post({ hushallId: childless.id }))).toEqual(['/hushallId inga-barn'])
  expect(pointers(await post({ hushallId: randomUUID() }))).toEqual(['/hushallId finns-inte'])
  expect(pointers(await post({ hushallId: home.id, arendeId: randomUUID() }))).toEqual(['/arendeId finns-inte'])
  const theirs = await post({ hushallId: home.id, arendeId: await caseOf(other) })
  expect(theirs).toMatchObject({ status: 422, body: { errors: [{ pointer: '/arendeId', kod: 'finns-inte' }] } })
  expect((await handlaggare.get(`/barnchecklistor?hushallId=${home.id}`)).body.barnchecklistor).toEqual([])
})

test('a draft saves with anything missing, and what is not sent again is gone', async () => {
  const home = await household()
  let draft = await begin(home.id)
  draft = (await save(draft, filled(home))).body
  const partly = await save(draft, { svar: [{ kod: 'skola', svar: 'Ligger kvar.', kommentar: 'Gångavstånd.' }] })
  expect(partly.body).toMatchObject({
    svar: [{ kod: 'skola', svar: 'Ligger kvar.', kommentar: 'Gångavstånd.' }],
    barn: [],
    barnetsBasta: null,
    antalBarn: 0,
  })
  expect((await save(partly.body, {})).body).toMatchObject({ svar: [], etag: '"4"' })
  expect((await save(draft, filled(home))).status).toBe(412)
  const unread = await handlaggare.put(`/barnchecklistor/${draft.id}`, {})
  expect(unread.status).toBe(428)
})

test('what is no answer of any kind is refused as sent, and nothing is saved', async () => {
  const home = await household()
  const draft = await begin(home.id)
  const status = async (given: unknown) => (await save(draft, { svar: [{ kod: 'skola', svar: given }] })).status
  for (const given of [6, 0, 1.5, '', ' \n', null, true, ['ja'], { svar: 'ja' }, 'x'.repeat(8001)])
    expect([given, await status(given)]).toEqual([given, 400])
  expect(await status(3)).toBe(422)
  expect(pointers(await save(draft, { barn: [heard(home.sokande)] }))).toEqual([
    '/barn/0/personId inte-barn-i-hushallet',
  ])
  expect((await handlaggare.get(`/barnchecklistor/${draft.id}`)).body).toEqual(draft)
  const upper = await save(draft, { barn: [heard((home.barn[0] as string).toUpperCase())] })
  expect(upper.body.barn[0].personId).toBe(home.barn[0])
})

test('finishing says each thing that is missing, in words, and changes nothing', async () => {
  const home = await household(2)
  const draft = await save(await begin(home.id), {
    svar: svar.slice(1),
    barn: [{ ...heard(home.barn[0] as string), hord: 'nejAnnat' }],
  })
  const refused = await command(draft.body, 'klarmarkering')
  expect(refused.body).toMatchObject({ status: 422, kod: 'uppgifter-hanger-inte-ihop' })
  expect(refused.body.errors).toEqual([
    {
      pointer: '/svar',
      kod: 'obesvarad-punkt',
      detail: 'Punkten barnetsBasta ska besvaras: Hur har barnets bästa vägts in i valet av bostad?',
    },
    {
      pointer: '/barn',
      kod: 'barn-saknas',
      detail: `Ett barn i hushållet saknas: lägg till det med personId ${home.barn[1]}.`,
    },
    { pointer: '/barn/0/skal', kod: 'saknas', detail: 'skal behövs när barnet inte har hörts av annat skäl.' },
    { pointer: '/barnetsBasta', kod: 'saknas', detail: 'barnetsBasta ska vara bedömt.' },
  ])
  expect((await handlaggare.get(`/barnchecklistor/${draft.body.id}`)).body).toEqual(draft.body)
})

test('a child who comes to the household while the draft is written must be in it', async () => {
  const home = await household()
  const draft = await save(await begin(home.id), filled(home))
  await handlaggare.post(`/hushall/${home.id}/personer`, child())
  expect(pointers(await command(draft.body, 'klarmarkering'))).toEqual(['/barn barn-saknas'])
})

test('of twenty who revise at once one does, and the others are told', async () => {
  const done = await finished(await household())
  const at = async (ifMatch: string) => handlaggare.post(`/barnchecklistor/${done.id}/revidering`, {}, { ifMatch })
  // Held back until as many as there are connections have come, so that they go on at the same moment.
  const holder = await harness.owner.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM hushall WHERE id = $1 FOR UPDATE', [done.hushallId])
  const answering = Promise.all(Array.from({ length: 20 }, (_, n) => at(n % 2 ? '*' : done.etag)))
  const waiting = `SELECT count(*)::int AS antal FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await harness.owner.query(waiting)).rows[0].antal < harness.config.DATABASE_POOL) await setTimeout(20)
  await holder.query('COMMIT')
  holder.release()
  const answers = await answering
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter(status => status === 201)).toHaveLength(1)
  expect(statuses.filter(status => status === 409 || status === 412)).toHaveLength(19)
  const { body } = await handlaggare.get(`/barnchecklistor?hushallId=${done.hushallId}`)
  const states = body.barnchecklistor.map(({ tillstand }: { tillstand: string }) => tillstand)
  expect(states.sort()).toEqual(['paborjad', 'reviderad'])
})

test('the list has the newest first, by household, case and state, and not what is said of the children', async () => {
  const home = await household()
  const arendeId = await caseOf(home)
  const done = await finished(home, arendeId)
  harness.clock.day = '2026-09-16'
  const draft = await begin(home.id)
  harness.clock.day = '2026-09-15'
  const list = async (query: string) => {
    const { body } = await beslutsfattare.get(`/barnchecklistor?hushallId=${home.id}${query}`)
    expect(body._meta.totalRecords).toBe(body.barnchecklistor.length)
    return body.barnchecklistor.map(({ id }: { id: string }) => id)
  }
  expect(await list('')).toEqual([draft.id, done.id])
  expect(await list('&tillstand=klar')).toEqual([done.id])
  expect(await list(`&arendeId=${arendeId}`)).toEqual([done.id])
  expect(await list(`&arendeId=${arendeId}&tillstand=paborjad`)).toEqual([])
  const { body } = await beslutsfattare.get(`/barnchecklistor?arendeId=${arendeId}`)
  expect(body.barnchecklistor[0]).toMatchObject({ id: done.id, antalHorda: 1, etag: done.etag })
  expect(JSON.stringify(body)).not.toMatch(/kompisar|väger tyngst|Prövat/)
})

test('a new template is for checklists that are begun from its day; the others keep theirs', async () => {
  const [home, later] = [await household(), await household()]
  const begun = await begin(home.id)
  const done = await finished(later)
  const mall = {
    namn: 'Kortare',
    punkter: [{ kod: 'behov', text: 'Vad behöver barnet?', svarstyp: 'text', obligatorisk: true }],
    giltigFran: '2026-10-01',
  }
  expect(
    pointers(
      await administrator.post('/barnchecklistemallar', { ...mall, punkter: [...mall.punkter, ...mall.punkter] }),
    ),
  ).toEqual(['/punkter/1/kod tva-ganger'])
  expect((await handlaggare.post('/barnchecklistemallar', mall)).status).toBe(403)
  const made = await administrator.post('/barnchecklistemallar', mall)
  expect(made).toMatchObject({ status: 201, body: { nummer: 2, ...mall } })
  expect(made.headers.location).toBe(`${harness.base}/v1/barnchecklistemallar/2`)
  expect((await handlaggare.get('/barnchecklistemallar/2')).body).toEqual(made.body)
  expect((await handlaggare.get('/barnchecklistemallar/3')).status).toBe(404)
  const { body } = await administrator.get('/barnchecklistemallar')
  expect(body.barnchecklistemallar).toEqual([made.body, first])

  expect((await begin(later.id)).mallNummer).toBe(1)
  harness.clock.day = '2026-10-01'
  const fresh = await begin(later.id)
  expect(fresh.mallNummer).toBe(2)
  expect(pointers(await save(fresh, { svar: svar.slice(0, 1) }))).toEqual(['/svar/0/kod okand-punkt'])
  expect((await save(fresh, { svar: [{ kod: 'behov', svar: 'Lugn och ro.' }] })).status).toBe(200)
  const kept = await save(begun, filled(home))
  expect((await command(kept.body, 'klarmarkering')).body).toMatchObject({ tillstand: 'klar', mallNummer: 1 })
  const revision = await command(done, 'revidering')
  expect((await command(revision.body, 'klarmarkering')).body).toMatchObject({ tillstand: 'klar', mallNummer: 1 })
  harness.clock.day = '2026-09-15'
})

test('two templates made at once get a number each, or one is asked to try again', async () => {
  const mall = { namn: 'Samtidig', punkter: first.punkter, giltigFran: '2030-01-01' }
  const answers = await Promise.all(Array.from({ length: 8 }, () => administrator.post('/barnchecklistemallar', mall)))
  for (const { status } of answers) expect([201, 409]).toContain(status)
  const numbers = answers.filter(({ status }) => status === 201).map(({ body }) => body.nummer)
  expect(numbers.length).toBeGreaterThan(0)
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('a protected household’s checklist is not there for those who may not see it', async () => {
  const home = await household()
  const draft = await begin(home.id)
  const { headers } = await handlaggare.get(`/hushall/${home.id}`)
  const person = `/hushall/${home.id}/personer/${home.barn[0]}`
  await handlaggare.patch(person, { skyddsniva: 'sekretessmarkering' }, { ifMatch: headers.etag as string })
  expect((await handlaggare.get(`/barnchecklistor/${draft.id}`)).status).toBe(404)
  expect((await save(draft, {})).status).toBe(404)
  expect((await command(draft, 'klarmarkering')).status).toBe(404)
  expect((await handlaggare.get(`/barnchecklistor?hushallId=${home.id}`)).body).toMatchObject({
    barnchecklistor: [],
    _meta: { totalRecords: 0 },
  })
  expect(pointers(await handlaggare.post('/barnchecklistor', { hushallId: home.id }))).toEqual([
    '/hushallId finns-inte',
  ])
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  expect((await cleared.get(`/barnchecklistor/${draft.id}`)).status).toBe(200)
})

test('whoever reads a checklist is in the read log of its household', async () => {
  const home = await household()
  const draft = await begin(home.id)
  await beslutsfattare.get(`/barnchecklistor/${draft.id}`)
  await beslutsfattare.get(`/barnchecklistor?hushallId=${home.id}`)
  const { body } = await harness.as('loggranskare').get(`/atkomstlogg?hushallId=${home.id}&sub=test.beslutsfattare`)
  expect(body.atkomster.map(({ vag }: { vag: string }) => vag).sort()).toEqual([
    '/v1/barnchecklistor',
    '/v1/barnchecklistor/:id',
  ])
})

describe('a decision rests on', () => {
  const on = async <T>(day: string, run: () => Promise<T>): Promise<T> => {
    harness.clock.day = day
    return run().finally(() => {
      harness.clock.day = '2026-09-15'
    })
  }
  const rest = (day: string, home: Household, arendeId: string, barnIds = home.barn) =>
    on(day, () => finishedChecklist(harness.db.reading(caller), { hushallId: home.id, arendeId, barnIds }))

  test('the latest finished checklist of the case, or of none, and of no other case', async () => {
    const home = await household()
    const [mine, other] = [await caseOf(home), await caseOf(home)]
    await begin(home.id, mine)
    await finished(home, other)
    expect(await rest('2026-09-15', home, mine)).toEqual({ saknas: 'ingen' })
    const general = await finished(home)
    expect(await rest('2026-09-15', home, mine)).toEqual({ id: general.id })
    const own = await on('2026-09-16', () => finished(home, mine))
    expect(await rest('2026-09-16', home, mine)).toEqual({ id: own.id })
    expect(await rest('2026-09-16', home, other)).not.toEqual({ id: own.id })
    await command(own, 'revidering')
    expect(await rest('2026-09-16', home, mine)).toEqual({ id: general.id })
  })

  test('one that is not older than six months', async () => {
    const home = await household()
    const arendeId = await caseOf(home)
    const { id } = await finished(home)
    expect(await rest('2027-03-15', home, arendeId)).toEqual({ id })
    expect(await rest('2027-03-16', home, arendeId)).toEqual({ saknas: 'forGammal' })
  })

  test('one that has every child, though a later one has not', async () => {
    const home = await household(2)
    const arendeId = await caseOf(home)
    const whole = await finished(home)
    const { id } = await on('2026-09-16', () => finished(home))
    await harness.owner.query(
      'UPDATE barnchecklista SET barn = barn - 1, antal_barn = 1, antal_horda = 1, antal_informerade = 1 WHERE id = $1',
      [id],
    )
    expect(await rest('2026-09-16', home, arendeId)).toEqual({ id: whole.id })
    expect(await rest('2026-09-16', home, arendeId, home.barn.slice(0, 1))).toEqual({ id })
    expect(await rest('2026-09-16', home, arendeId, [...home.barn, randomUUID()])).toEqual({ saknas: 'barnSaknas' })
  })
})
