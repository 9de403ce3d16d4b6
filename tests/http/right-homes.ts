import { randomUUID } from 'node:crypto'
import { home as bfHome, command } from '../bostad-forst/admitted.ts'
import { created, decided, ok } from '../cases.ts'
import type { Client, Harness } from '../harness.ts'
import { bostad, home as poolHome } from '../lagenheter/made.ts'
import { addHome, avtal, give, skalForAvsteg } from '../stodlagenheter/placed.ts'
import type { Rights } from './right-requests.ts'

const wishes = {
  onskadeOmraden: ['norraFaladen'],
  uteslutnaOmraden: ['ostraTorn'],
  onskadeRum: 1,
  husdjur: true,
  onskemal: 'Markplan.',
}
const facts = {
  agare: 'lkf',
  kategori: 'stodlagenhet',
  adress: 'Exempelgatan 5, 222 22 Lund',
  lagenhetsnummer: '1301',
  omrade: 'norraFaladen',
  rum: 2,
  yta: 54,
  hyraOre: 860000,
  tillganglighet: ['hiss'],
  blockhyrd: false,
  iPoolenFran: '2020-01-01',
  iPoolenTill: '2036-12-31',
}

/** The right requests about homes, stödlägenheter and Bostad Först, as `rightRequests` has them, and the ids of one of each. */
export async function rightHomes(harness: Harness, worker: Client, hyresvardId: string) {
  const serviceforvaltningen = harness.as([], 'serviceforvaltningen')
  const today = harness.clock.day
  const later = '2026-12-31'
  const has = async (made: Promise<{ id: string }>) => ({ id: (await made).id })

  const vacant = (fields: object = {}) => poolHome(serviceforvaltningen, fields)
  const planned = () => vacant({ klar: false })
  async function emptied() {
    const { id, lagenhetId } = await notice('egenUppsagning')
    ok(await give(worker, id, 'utflyttning', { datum: today }))
    return lagenhetId as string
  }

  async function queued() {
    const { arende } = await decided(worker, worker, {
      insats: 'stodlagenhet',
      ansokanDatum: today,
      beslut: { giltigTill: '2027-09-14' },
    })
    return ok(await worker.get(`/stodlagenheter?hushallId=${arende.hushallId}`)).stodlagenheter[0]
  }
  async function proposed() {
    const lagenhetId = await addHome(harness)
    return ok(await give(worker, (await queued()).id, 'forslag', { lagenhetId, skalForAvsteg }))
  }
  const allotted = async () => ok(await give(worker, (await proposed()).id, 'forslagssvar', { svar: 'accepterat' }))
  const signed = async () => ok(await give(worker, (await allotted()).id, 'avtal', avtal(today)))
  const housed = async () => ok(await give(worker, (await signed()).id, 'inflyttning', { datum: today }))
  const tried = async () => ok(await give(worker, (await housed()).id, 'overtagande'))
  async function notice(grund: string) {
    return ok(await give(worker, (await housed()).id, 'uppsagning', { grund, uppsagdTill: later }))
  }
  async function movedOut() {
    const { id } = await notice('egenUppsagning')
    return ok(await give(worker, id, 'utflyttning', { datum: today }))
  }
  async function waiver(sent: boolean) {
    const { id } = await housed()
    const path = `/stodlagenheter/${id}/avstaenden`
    const made = created(await worker.post(path, { skal: 'Biståndet.', giltigtTill: '2029-09-15' }))
    if (sent) ok(await worker.post(`${path}/${made.id}/inskickning`, { datum: today }, { ifMatch: made.etag }))
    return { id: id as string, avstaendeId: made.id as string }
  }

  async function admitted() {
    const { arende } = await decided(worker, worker, { insats: 'bostadForst', ansokanDatum: today })
    return ok(await worker.get(`/bostad-forst?hushallId=${arende.hushallId}`)).boenden[0]
  }
  const matched = async () => ok(await command(worker, (await admitted()).id, 'onskemal', wishes))
  const bfOffered = async () =>
    ok(await command(worker, (await matched()).id, 'erbjudande', { lagenhetId: await bfHome(harness) }))
  const sublet = {
    kontraktsform: 'andrahand',
    hyraOre: 720000,
    inflyttad: today,
    skalAndrahand: 'betalningsanmarkning',
    overgangTidigast: today,
  }
  const movedIn = async () => ok(await command(worker, (await bfOffered()).id, 'inflyttning', sublet))
  const after = async (path: string, body: object = {}) =>
    ok(await command(worker, (await movedIn()).id, path, body)) as { id: string }
  const support = async (...paths: string[]) => {
    const { id } = await admitted()
    for (const path of paths)
      ok(await command(worker, id, `stod/${path}`, path === 'start' ? { niva: 'hog', kontaktperson: 'maja' } : {}))
    return { id: id as string }
  }

  /** A chain of two: a tenant who gets an own contract, and someone from the queue who gets the home. */
  async function chain(links: 0 | 1 | 2, ready = false, flyttdag = '2026-10-10') {
    const begun = { insats: 'stodlagenhet', hyresvardId, skal: 'Eget kontrakt.' }
    let kedja = created(await worker.post('/flyttkedjor', begun))
    const give = (path: string, body: object) => worker.post(`/flyttkedjor/${kedja.id}/${path}`, body, { ifMatch: '*' })
    const { id, lagenhetId } = await housed()
    // Since the first of the month: who moved in today does not move out today.
    await harness.owner.query(`UPDATE upplatelse SET fran = '2026-09-01' WHERE stodlagenhet_id = $1`, [id])
    const objektnummer = `LKF-${kedja.flyttkedjenummer.slice(-5)}`
    const next = { stodlagenhetId: (await queued()).id, lagenhetId, flyttdag: '2026-10-12', skalForAvsteg }
    if (links > 0) kedja = created(await give('lankar', { stodlagenhetId: id, objektnummer, flyttdag }))
    if (links > 1) kedja = created(await give('lankar', next))
    const [first, second] = kedja.lankar
    if (ready) {
      for (const part of ['hushall', 'hyresvard', 'serviceforvaltningen'])
        ok(await give(`lankar/${first.id}/svar`, { part, svar: 'ja' }))
      for (const part of ['hushall', 'serviceforvaltningen'])
        ok(await give(`lankar/${second.id}/svar`, { part, svar: 'ja' }))
    }
    return { kedja: { id: kedja.id as string }, first: { lankId: first?.id }, second: { lankId: second?.id }, next }
  }
  const linkIds = async (which: 'first' | 'second', ...asked: Parameters<typeof chain>) => {
    const made = await chain(...asked)
    return { ...made.kedja, ...made[which] }
  }
  const carriedOut = await chain(2, true, today)
  ok(await worker.post(`/flyttkedjor/${carriedOut.kedja.id}/klarmarkering`, {}, { ifMatch: '*' }))
  const [linked, chained] = [await chain(1), await chain(2)]

  const living = await housed()
  const waived = await waiver(false)
  const dwelling = await movedIn()
  const inPool = await vacant()
  const numberOf = async (id: string): Promise<string> =>
    (await harness.owner.query('SELECT objektnummer FROM lagenhet WHERE id = $1', [id])).rows[0].objektnummer
  const objektnummer = await numberOf(await planned())
  const sent = (slag: string, fields: object) => ({ body: { poster: [{ nyckel: randomUUID(), slag, ...fields }] } })
  const lease = { ...avtal(today), hemforsakringTill: later }
  const noticeOf = { grund: 'hyresskuld', uppsagdTill: later, socialnamndenMeddelad: today }
  const takeover = { svar: 'godkant', orsak: null, forstahandDatum: later }

  const right: Rights = {
    goraLagenhetLedig: { ids: { id: await planned() }, body: {} },
    besiktigaLagenhet: { ids: { id: await emptied() }, body: { behoverRenoveras: false } },
    aterlamnaLagenhet: { ids: { id: await vacant() }, body: { iPoolenTill: today } },
    serviceforvaltningenGorLagenhetLedig: { ids: { id: await planned() }, body: {} },
    serviceforvaltningenBesiktigarLagenhet: { ids: { id: await emptied() }, body: { behoverRenoveras: true } },
    serviceforvaltningenAterlamnarLagenhet: { ids: { id: await vacant() }, body: { iPoolenTill: today } },
    skapaLagenheter: { body: { lagenheter: [bostad({ ...facts, klar: true })] } },
    andraLagenhet: { ids: { id: await vacant() }, body: facts },
    utforLagenhetsatgarder: { body: { atgarder: [{ objektnummer, atgard: 'klar' }] } },

    foreslaBostad: {
      ids: await has(queued()),
      body: { lagenhetId: await addHome(harness), fran: today, skalForAvsteg },
    },
    svaraPaBostadsforslag: { ids: await has(proposed()), body: { svar: 'avbojt', orsak: 'lage' } },
    aterkallaBostadsforslag: { ids: await has(proposed()), body: {} },
    tecknaStodlagenhetsavtal: { ids: await has(allotted()), body: lease },
    havStodlagenhetsavtal: { ids: await has(signed()), body: {} },
    andraStodlagenhetsbehov: {
      ids: await has(queued()),
      body: {
        antalPersoner: 2,
        minRum: 2,
        maxRum: 4,
        maxHyraOre: 1100000,
        onskadeOmraden: ['linero'],
        uteslutnaOmraden: ['nobbelov'],
        tillganglighet: ['hiss'],
      },
    },
    flyttaInStodlagenhet: { ids: await has(signed()), body: { datum: today, hemforsakringTill: later } },
    avslutaBistandet: { ids: await has(housed()), body: { datum: today } },
    provaOvertagande: { ids: await has(housed()), body: {} },
    svaraPaOvertagande: { ids: await has(tried()), body: takeover },
    sagUppStodlagenhet: { ids: await has(housed()), body: noticeOf },
    atertaUppsagning: { ids: await has(notice('egenUppsagning')), body: {} },
    flyttaUtUrStodlagenhet: { ids: await has(notice('egenUppsagning')), body: { datum: today } },
    avslutaStodlagenhet: { ids: await has(movedOut()), body: { utfall: 'annatBoende' } },
    upprattaAvstaende: {
      ids: { id: living.id },
      body: { skal: 'Biståndet.', giltigtTill: '2029-09-15', skalLangreTid: 'Familjens planering är lång.' },
    },
    skickaInAvstaende: { ids: await waiver(false), body: { datum: today } },
    beslutaAvstaende: { ids: await waiver(true), body: { utfall: 'godkant', datum: today } },
    avstaendeKraverInteGodkannande: { ids: await waiver(false), body: {} },
    foljUppStodlagenhet: {
      ids: { id: living.id },
      body: { datum: today, omraden: ['ekonomi'], bedomning: 'enligtPlanen', nasta: later },
    },
    serviceforvaltningenTecknarAvtal: { ids: await has(allotted()), body: lease },
    serviceforvaltningenHaverAvtal: { ids: await has(signed()), body: {} },
    serviceforvaltningenSagerUpp: { ids: await has(housed()), body: noticeOf },
    serviceforvaltningenAtertarUppsagning: { ids: await has(notice('egenUppsagning')), body: {} },
    serviceforvaltningenMeddelarUtflyttning: { ids: await has(notice('egenUppsagning')), body: { datum: today } },
    serviceforvaltningenSvararPaOvertagande: { ids: await has(tried()), body: takeover },
    skrivInBoendehandelse: {
      ids: { id: living.id },
      body: { slag: 'hyresskuld', datum: today, hyresskuldOre: 985000, beskrivning: 'Två månader.' },
    },
    rapporteraBoendehandelse: {
      ids: { id: living.id },
      body: { slag: 'storning', datum: today, allvar: 'lindrig', beskrivning: 'Hög musik efter klockan 22.' },
    },

    borjaFlyttkedja: { body: { insats: 'bostadForst', hyresvardId, skal: 'Eget kontrakt.' } },
    laggTillFlyttlank: { ids: linked.kedja, body: linked.next },
    taBortFlyttlank: { ids: await linkIds('second', 2), body: {} },
    svaraPaFlyttlank: {
      ids: await linkIds('first', 2),
      body: { part: 'hushall', svar: 'nej', orsak: 'referens' },
    },
    klarmarkeraFlyttkedja: { ids: (await chain(2, true)).kedja, body: {} },
    genomforFlyttlank: { ids: { ...carriedOut.kedja, ...carriedOut.first }, body: { datum: today } },
    avbrytFlyttkedja: { ids: (await chain(2)).kedja, body: { skal: 'annat' } },
    hyresvardenSvararPaFlyttlank: { ids: (await chain(2)).first, body: { svar: 'nej', orsak: 'referens' } },
    serviceforvaltningenSvararPaFlyttlank: { ids: (await chain(2)).first, body: { svar: 'nej', orsak: 'referens' } },

    taEmotFranHyresvard: sent('flyttlanksvar', {
      lankId: (await chain(2)).first.lankId,
      svar: 'nej',
      orsak: 'referens',
    }),
    taEmotFranServiceforvaltningen: sent('lagenhetsatgard', {
      objektnummer: await numberOf(await planned()),
      atgard: 'klar',
    }),

    skrivBostadForstOnskemal: { ids: await has(admitted()), body: wishes },
    erbjudBostadForst: { ids: await has(matched()), body: { lagenhetId: await bfHome(harness), fran: today } },
    svaraPaBostadForst: { ids: await has(bfOffered()), body: { svar: 'nej', orsak: 'lage' } },
    flyttaInBostadForst: { ids: await has(bfOffered()), body: sublet },
    provaBostadForstOvergang: { ids: await has(movedIn()), body: {} },
    svaraPaBostadForstOvergang: {
      ids: await has(after('overgangsprovning')),
      body: { utfall: 'godkand', forstahandDatum: today, hyraOre: 730000, orsak: null, nasta: null },
    },
    bytBostadForst: { ids: await has(movedIn()), body: { orsak: 'otrygghet' } },
    boKvarBostadForst: { ids: await has(after('bostadsbyte', { orsak: 'onskemal' })), body: {} },
    skrivBostadForstFranvaro: { ids: await has(movedIn()), body: { sedan: today, orsak: 'sjukhus' } },
    skrivBostadForstAterkomst: { ids: await has(after('franvaro', { sedan: today, orsak: 'sjukhus' })), body: {} },
    sagUppBostadForst: { ids: await has(movedIn()), body: { uppsagdTill: later } },
    atertaBostadForstUppsagning: { ids: await has(after('uppsagning', { uppsagdTill: later })), body: {} },
    avslutaBostadForst: { ids: await has(movedIn()), body: { utfall: 'annatBoende', datum: today } },
    startaBostadForstStod: {
      ids: await support(),
      body: { niva: 'hog', kontaktperson: 'maja.team', onskadFrekvens: 'Två gånger i veckan.' },
    },
    andraBostadForstStodniva: { ids: await support('start'), body: { niva: 'medel' } },
    vilaBostadForstStod: { ids: await support('start'), body: {} },
    aterupptaBostadForstStod: { ids: await support('start', 'vila'), body: {} },
    avslutaBostadForstStod: { ids: await support('start'), body: {} },
    erbjudBostadForstStod: { ids: await support('start', 'avslut'), body: {} },
    registreraTrohetsmatning: {
      body: {
        ar: 2026,
        datum: today,
        instrument: 'Pathways självskattning',
        domaner: ['boendeprocess', 'atskildhet', 'forhallningssatt', 'stodutbud', 'teamstruktur'].map(kod => ({
          kod,
          poang: 30,
          max: 34,
        })),
        poang: 150,
        maxPoang: 170,
        atgarder: 'Fler bostäder att välja mellan.',
      },
    },
  }
  /** By how the path begins, the first that fits. */
  const ownIds: [string, Record<string, string>][] = [
    ['/lagenheter', { id: inPool }],
    ['/stodlagenheter', waived],
    ['/bostad-forst', { id: dwelling.id, kod: 'bostader' }],
    ['/flyttkedjor', { ...chained.kedja, ...chained.first }],
    ['/hyresvard/flyttkedjor', chained.first],
    ['/serviceforvaltningen/flyttkedjor', chained.first],
    ['/bostadsbehov', { kod: 'bestand' }],
    ['/serviceforvaltningen/lagenheter', { id: inPool }],
    ['/serviceforvaltningen/stodlagenheter', { id: waived.id }],
  ]
  return { right, ownIds }
}
