import {
  child,
  created,
  decided,
  filledChecklist,
  finishedChecklist,
  heard,
  investigate,
  investigated,
  motivering,
  ok,
  openCase,
} from '../cases.ts'
import type { Client, Harness } from '../harness.ts'
import { createHousehold } from '../people.ts'
import type { Rights } from './right-requests.ts'

/** Of the kind of help that needs the least: no grounds, no criteria, no checklist. */
const refusal = { insats: 'tillfalligtBoende', utfall: 'avslag' }
const home = {
  adress: 'Exempelgatan 3, 222 22 Lund',
  lagenhetsnummer: '1203',
  omrade: 'norraFaladen',
  rum: 2,
  hyraOre: 985000,
  tilltrade: '2026-12-01',
  svaraSenast: '2026-10-01',
}
const need = {
  minRum: 2,
  maxRum: 3,
  maxHyraOre: 1150000,
  tillganglighet: ['hiss'],
  onskadeOmraden: ['norraFaladen'],
  uteslutnaOmraden: ['ostraTorn'],
}
const criteria = {
  minFolkbokfordManader: 36,
  kravKo: true,
  kravEgenKotid: true,
  minIntygPerGrund: 1,
  maxBostadsskuldOre: 0,
  maxAlderUng: 28,
}

/**
 * The right requests about cases, decisions, checklists and förturer, as `rightRequests` has them, and the ids of one of
 * each.
 */
export async function rightCases(
  harness: Harness,
  worker: Client,
  {
    hushallId,
    personId,
    medsokandeId,
    hyresvardId,
  }: { hushallId: string; personId: string; medsokandeId: string; hyresvardId: string },
) {
  const administrator = harness.as('administrator')
  const today = harness.clock.day
  const has = async (made: Promise<{ id: string }>) => ({ id: (await made).id })

  const command = async (made: Promise<{ id: string }>, path: string, body: object) =>
    ok(await worker.post(`/arenden/${(await made).id}/${path}`, body, { ifMatch: '*' }))
  const communicated = () => command(openCase(worker), 'kommunicering', { yttrandeSenast: today })
  const refused = async () => (await decided(worker, worker, refusal)).arende
  const appealed = () => command(refused(), 'overklagande', { inkommet: today })
  async function appealedLate() {
    harness.clock.day = '2026-08-10'
    const { arende, beslut } = await decided(worker, worker, { ...refusal, ansokanDatum: '2026-08-01' })
    const delivery = { delgivenDatum: '2026-08-10', delgivningssatt: 'personligen' }
    ok(await worker.post(`/beslut/${beslut.id}/delgivning`, delivery, { ifMatch: '*' }))
    harness.clock.day = today
    return command(Promise.resolve(arende), 'overklagande', { inkommet: today })
  }
  /** A household with a child, whose checklist is not begun. */
  async function familyCase(fields: object = {}) {
    const family = await createHousehold(worker, [child()])
    const arende = await openCase(worker, { ...fields, hushallId: family.id })
    await investigate(worker, arende.id)
    return arende
  }
  async function reconsidered() {
    const arende = await familyCase({ insats: 'hyresgaranti' })
    await heard(worker, arende.id)
    const body = { utfall: 'avslag', motivering, barnchecklistaUndantag: motivering }
    const beslut = created(await worker.post(`/arenden/${arende.id}/beslut`, body, { ifMatch: '*' }))
    return { arende, beslut }
  }

  async function granted() {
    const { arende } = await decided(worker, worker)
    return ok(await worker.get(`/forturer?hushallId=${arende.hushallId}`)).forturer[0]
  }
  const withLandlord = async () =>
    ok(await worker.post(`/forturer/${(await granted()).id}/overlamnande`, { hyresvardId }, { ifMatch: '*' }))
  async function offered() {
    const path = `/forturer/${(await withLandlord()).id}/erbjudanden`
    const { id, erbjudandeId } = created(await worker.post(path, home, { ifMatch: '*' }))
    return { id: id as string, erbjudandeId: erbjudandeId as string }
  }
  async function accepted() {
    const { id, erbjudandeId } = await offered()
    return ok(await worker.post(`/forturer/${id}/erbjudanden/${erbjudandeId}/svar`, { svar: 'ja' }, { ifMatch: '*' }))
  }

  const delegation = {
    delegationspunkt: '9.1',
    beskrivning: 'Social förtur, vikarie',
    insats: 'fortur',
    utfall: ['bifall'],
    roll: 'beslutsfattare',
    delegater: ['vikarien'],
    maxGiltighetManader: 6,
    maxGaranteradeManader: 6,
    maxManadshyraOre: 1200000,
    giltigFran: '2026-01-01',
    giltigTill: '2027-12-31',
  }
  const ended = created(await administrator.post('/delegationer', delegation))
  const subscription = { url: 'https://integration.example.se/x', typer: ['se.hemvist.arende.bifall'], aktiv: false }
  const subscribed = () => has(administrator.post('/prenumerationer', subscription).then(created))
  const [family, begun, begunToo, finished] = [
    await familyCase(),
    await familyCase(),
    await familyCase(),
    await familyCase(),
  ]
  const checklist = await filledChecklist(worker, begun.hushallId, begun.id)
  const { arende, beslut } = await reconsidered()
  const offer = await offered()
  const decision = {
    utfall: 'bifall',
    giltigFran: '2026-09-15',
    giltigTill: '2027-03-14',
    motivering,
    barnchecklistaUndantag: 'Akut läge: familjen står utan tak i natt.',
  }
  const answer = { orsak: 'annat', kommentar: 'För långt till barnens skola.' }
  const contract = { kontraktDatum: today, kontraktsform: 'forstahand' }

  const right: Rights = {
    registreraArende: {
      body: {
        insats: 'stodlagenhet',
        hushallId,
        ansokanDatum: '2026-09-01',
        kanal: 'papper',
        personId,
        medsokandeId,
        handlaggare: 'ove',
      },
    },
    tilldelaArende: { ids: await has(openCase(worker)), body: { handlaggare: 'ove', skal: 'Byter tjänst.' } },
    paborjaUtredning: {
      ids: await has(
        worker
          .post('/arenden', { insats: 'fortur', hushallId, ansokanDatum: '2026-09-01', kanal: 'papper' })
          .then(created),
      ),
      body: {},
    },
    begarKomplettering: {
      ids: await has(openCase(worker)),
      body: { begart: 'Intyg från läkare.', senast: '2026-10-20' },
    },
    taEmotKomplettering: {
      ids: await has(command(openCase(worker), 'kompletteringsbegaran', { begart: 'Intyg.', senast: '2026-10-20' })),
      body: { inkommen: today },
    },
    kommuniceraUtredning: { ids: await has(openCase(worker)), body: { yttrandeSenast: '2026-10-05' } },
    skrivInYttrande: { ids: await has(communicated()), body: { yttrande: 'Håller inte med.', inkommet: today } },
    aterupptaUtredning: { ids: await has(communicated()), body: {} },
    foredraArende: { ids: await has(openCase(worker)), body: {} },
    skrivAvArende: { ids: await has(openCase(worker)), body: { orsak: 'aterkallad', motivering } },
    skrivInOverklagande: { ids: await has(refused()), body: { inkommet: today } },
    aterkallaOverklagande: { ids: await has(appealed()), body: {} },
    avvisaOverklagande: { ids: await has(appealedLate()), body: { motivering } },
    overlamnaOverklagande: {
      ids: await has(appealed()),
      body: { datum: today, domstol: 'Förvaltningsrätten i Malmö' },
    },
    skrivInDom: {
      ids: await has(command(appealed(), 'overlamnande', { domstol: 'Förvaltningsrätten i Malmö' })),
      body: { datum: today, utfall: 'avslag', malnummer: '12345-26' },
    },
    beslutaOmArende: {
      ids: await has(familyCase()),
      body: {
        ...decision,
        lagrum: '11 kap. 1 § SoL (2025:400)',
        delegationspunkt: '4.1',
        fortur: { ...need, maxErbjudanden: 1 },
      },
    },
    omprovaBeslut: {
      ids: { id: arende.id },
      body: {
        ...decision,
        ersatterId: beslut.id,
        lagrum: '2 kap. 6 § lagen (2009:47)',
        delegationspunkt: '4.2',
        hyresgaranti: { garantityp: 'kommunal', garanteradeManader: 6, hyresvardId, manadshyraOre: 845000 },
      },
    },
    sparaUtredning: {
      ids: await has(openCase(worker)),
      body: {
        ...investigated,
        skulderOre: 250000,
        undantagFolkbokforing: 'annat',
        bostadsskuldOre: 10000,
        overenskommelse: 'Avtal om att flytta från familjens bostad.',
        sattaGrupper: [{ grupp: 'psykiskOhalsa', skal: 'Kontakt med psykiatrin sedan två år.' }],
      },
    },
    anmalJav: { ids: await has(openCase(worker)), body: { sub: 'karin.beslut', skal: 'Nära släkting till sökanden.' } },
    delgeBeslut: {
      ids: { id: (await decided(worker, worker, refusal)).beslut.id },
      body: { delgivenDatum: today, delgivningssatt: 'brev' },
    },
    skapaDelegation: { body: delegation },
    avslutaDelegation: { ids: { id: ended.id }, body: { giltigTill: '2026-12-31' } },

    // In force only later: nothing above is measured by them.
    skapaBarnchecklistemall: {
      body: {
        namn: 'Barnchecklista vid beslut om boende',
        punkter: [{ kod: 'skola', text: 'Hur påverkas skolan?', svarstyp: 'text', obligatorisk: true }],
        giltigFran: '2027-01-01',
      },
    },
    paborjaBarnchecklista: { body: { hushallId: family.hushallId, arendeId: family.id } },
    sparaBarnchecklista: {
      ids: { id: checklist.id },
      body: {
        svar: [{ ...checklist.svar[0], kommentar: 'Skolan ligger kvar.' }],
        barn: [
          { ...checklist.barn[0], hord: 'nejAnnat', skal: 'Barnet är på sjukhus.', egenSyn: 'Vill ha kvar sin skola.' },
        ],
        barnetsBasta: 'Att bo kvar nära skolan väger tyngst.',
      },
    },
    klarmarkeraBarnchecklista: { ids: await has(filledChecklist(worker, begunToo.hushallId, begunToo.id)), body: {} },
    revideraBarnchecklista: { ids: await has(finishedChecklist(worker, finished.hushallId, finished.id)), body: {} },

    andraFortur: { ids: await has(granted()), body: { ...need, koRegistrerad: true, koFornyad: '2026-05-01' } },
    overlamnaFortur: {
      ids: await has(granted()),
      body: { hyresvardId, grund: 'samtycke', lamnarUteslutnaOmraden: true },
    },
    erbjudBostad: { ids: await has(withLandlord()), body: home },
    svaraPaErbjudande: { ids: await offered(), body: { svar: 'nej', ...answer, godtagbartSkal: true } },
    tecknaForturkontrakt: { ids: await has(accepted()), body: contract },
    egenKotidRacker: { ids: await has(granted()), body: { datum: today, motivering } },
    upphavFortur: { ids: await has(granted()), body: { motivering } },
    skapaForturskriterier: { body: { giltigFran: '2027-01-01', ...criteria } },
    provaForturskriterier: { body: { fran: '2026-01-01', till: '2026-12-31', kriterier: criteria } },
    skapaPrenumeration: { body: subscription },
    andraPrenumeration: { ids: await subscribed(), body: subscription },
    avslutaPrenumeration: { ids: await subscribed(), body: {} },
    bytPrenumerationensNyckel: { ids: await subscribed(), body: {} },
    provaPrenumeration: { ids: await subscribed(), body: {} },
    omleverera: { ids: await subscribed(), body: {} },
    hyresvardenErbjuder: { ids: await has(withLandlord()), body: home },
    hyresvardenSvarar: { ids: await offered(), body: { svar: 'vardenNekar', ...answer } },
    hyresvardenTecknarKontrakt: { ids: await has(accepted()), body: contract },
  }
  /** By how the path begins, the first that fits. */
  const ownIds: [string, Record<string, string>][] = [
    ['/arenden', { id: arende.id }],
    ['/beslut', { id: beslut.id }],
    ['/delegationer', { id: ended.id }],
    ['/prenumerationer', await subscribed()],
    ['/barnchecklistemallar', { nummer: '1' }],
    ['/barnchecklistor', { id: checklist.id, kod: 'undantag' }],
    ['/forturer', { ...offer, kod: 'utanBostad' }],
    ['/hyresvard/forturer', { id: offer.id }],
  ]
  return { right, ownIds }
}
