import { randomUUID } from 'node:crypto'
import type { Harness } from '../harness.ts'
import {
  activate,
  createHousehold,
  createLandlord,
  goodAnswer,
  grant,
  nextPersonnummer,
  openRound,
  reviewOf,
  testOrganisationsnummer,
} from '../people.ts'
import { rightCases } from './right-cases.ts'
import { rightHomes } from './right-homes.ts'

/** Per operation with a JSON body: ids for its path, and a body with every field that its schema has. */
export type Rights = Record<string, { ids?: Record<string, string>; body: Record<string, unknown> }>

/** Fields that a right body has others instead of. */
export const alternatives: Record<string, string[]> = {
  skapaNodatkomst: ['avtalsnummer'],
  sparaUtredning: ['brukarsynpunktSaknas'],
  beslutaOmArende: ['hyresgaranti', 'stodlagenhet', 'bostadForst'],
  omprovaBeslut: ['fortur', 'stodlagenhet', 'bostadForst'],
  laggTillFlyttlank: ['bfBoendeId', 'forturId', 'objektnummer'],
  genomforFlyttlank: ['stodlagenhet', 'bostadForst'],
  rapporteraBoendehandelse: ['hyresskuldOre'],
  skrivInBoendehandelse: ['allvar'],
}

/**
 * A right request for every operation, and something in the register for each to be about. None stands in the way of
 * another: all of them can be sent, one after the other.
 *
 * @returns `right`, and the ids in the paths of what is only read, by how the path begins
 */
export async function rightRequests(harness: Harness) {
  const worker = harness.as(['handlaggare', 'beslutsfattare', 'boendeenhet', 'bostadForstTeam'])
  const landlord = await createLandlord(worker, 'Exempelbostäder AB', true)
  const cleared = harness.as(['handlaggare', 'skyddsgrupp'])
  const tokens = {
    worker: await worker.token(),
    landlord: await harness.hyresvard(landlord.id).token(),
    serviceforvaltningen: await harness.as([], 'serviceforvaltningen').token(),
    reviewer: await harness.as('loggranskare').token(),
    cleared: await cleared.token(),
    administrator: await harness.as('administrator').token(),
  }
  const medsokande = { personnummer: nextPersonnummer(), fornamn: 'Alva', efternamn: 'Ek', roll: 'medsokande' }
  const household = await createHousehold(worker, [medsokande])
  const [person, partner] = [0, 1].map(n =>
    household.personer.find((p: { roll: string }) => p.roll === ['sokande', 'medsokande'][n]),
  )
  const fields = { hushallId: household.id, hyresvardId: landlord.id }
  const motivering = 'Prövning.'
  const agreement = {
    hyresvardId: landlord.id,
    borgenstyp: 'enkel',
    kontraktsform: 'forstahand',
    manadshyraOre: 845000,
    giltigFran: '2025-03-01',
    giltigTill: '2027-02-28',
  }
  const home = {
    adress: 'Exempelgatan 1, 222 22 Lund',
    lagenhetsnummer: '1101',
  }
  const details = {
    ...home,
    diarienummer: 'SN 2026/123',
    lagenhetstyp: 'hyresratt',
    skalKod: 'saknarInkomst',
    tidigareBoendeKod: 'andrahand',
    ekonomiskBedomningKod: 'klararHyran',
    utanForsorjningsstod: true,
  }

  async function proposed() {
    const garanti = await activate(worker, fields)
    await worker.post(`/hyresgarantier/${garanti.id}/avslutsforslag`, { motivering }, { ifMatch: '*' })
    return garanti
  }
  async function claim(upTo: 'inkommet' | 'godkant' | 'utbetalt') {
    const garanti = await activate(worker, fields)
    const path = `/hyresgarantier/${garanti.id}/krav`
    const { body: krav } = await worker.post(path, { hyresmanad: '2026-03', kravtBeloppOre: 800000 })
    const beslut = { utfall: 'godkant', godkantBeloppOre: 800000, indrivningsbevisRef: 'KFM 1', motivering }
    if (upTo !== 'inkommet') await worker.post(`${path}/${krav.id}/beslut`, beslut, { ifMatch: '*' })
    if (upTo === 'utbetalt') await worker.post(`${path}/${krav.id}/utbetalning`, {}, { ifMatch: '*' })
    return { garantiId: garanti.id as string, kravId: krav.id as string }
  }
  async function debt() {
    const { garantiId } = await claim('utbetalt')
    const { body } = await worker.get(`/regressfordringar?hyresgarantiId=${garantiId}`)
    return body.regressfordringar[0].id as string
  }
  const guaranteePath = async (made: Promise<{ id: string }>) => ({ id: (await made).id })
  const claimPath = async (upTo: 'inkommet' | 'godkant') => {
    const { garantiId, kravId } = await claim(upTo)
    return { id: garantiId, kravId }
  }
  const reviewed = await activate(worker, fields)
  const reviewedToo = await activate(worker, fields)
  await openRound(harness)
  const review = await reviewOf(worker, reviewed.id)
  const reviewToo = await reviewOf(worker, reviewedToo.id)
  const lapsed = await debt()
  await harness.owner.query(
    `UPDATE regressfordran SET uppkommen = '2016-01-01', preskriberas = '2026-01-01' WHERE id = $1`,
    [lapsed],
  )

  const utlamnande = {
    part: 'hyresvard',
    partId: landlord.id,
    hushallId: household.id,
    falt: ['adress'],
    grund: 'samtycke',
    skal: motivering,
  }
  const { body: disclosure } = await worker.post('/utlamnanden', utlamnande)
  const hidden = [
    await createHousehold(cleared, [
      { ...medsokande, personnummer: nextPersonnummer(), skyddsniva: 'sekretessmarkering' },
    ]),
    await createHousehold(cleared, [
      { ...medsokande, personnummer: nextPersonnummer(), skyddsniva: 'sekretessmarkering' },
    ]),
  ]
  const { body: emergency } = await harness
    .as('handlaggare', 'socialforvaltningen', 'i.nod')
    .post('/nodatkomster', { hushallId: hidden[0].id, skal: motivering })
  const [sample, sampled] = [randomUUID(), randomUUID()]
  await harness.owner.query(`INSERT INTO stickprov VALUES ($1, '2026-07', now(), 'lars')`, [sample])
  await harness.owner.query(
    `INSERT INTO stickprovspost (id, stickprov_id, logg_id, logg_tid, skal) SELECT $1, $2, id, tid, 'slump' FROM atkomstlogg
     WHERE hushall_ids = ARRAY[$3::uuid] LIMIT 1`,
    [sampled, sample, household.id],
  )

  const cases = await rightCases(harness, worker, {
    hushallId: household.id,
    personId: person.id,
    medsokandeId: partner.id,
    hyresvardId: landlord.id,
  })
  const homes = await rightHomes(harness, worker, landlord.id)
  const claimed = await claimPath('inkommet')

  const right: Rights = {
    ...cases.right,
    ...homes.right,
    skapaHushall: {
      body: {
        personer: [
          {
            personnummer: nextPersonnummer(),
            fornamn: 'Maja',
            efternamn: 'Lind',
            roll: 'sokande',
            skyddsniva: 'ingen',
          },
        ],
        bostadslosSedan: '2026-01-01',
      },
    },
    sokHushall: { body: { personnummer: nextPersonnummer() } },
    andraHushall: { ids: { id: household.id }, body: { bostadslosSedan: '2026-02-01' } },
    laggTillPerson: {
      ids: { id: household.id },
      body: { personnummer: nextPersonnummer(), fornamn: 'Ida', efternamn: 'Ek', roll: 'barn', skyddsniva: 'ingen' },
    },
    andraPerson: {
      ids: { id: household.id, personId: person.id },
      body: { fornamn: 'Eva', efternamn: 'Ek', roll: 'sokande', skyddsniva: 'ingen' },
    },
    skapaHyresvard: {
      body: {
        namn: 'Ny Bostad AB',
        organisationsnummer: testOrganisationsnummer(500),
        fastighetsagartyp: 'privat',
        tarEmotForturer: true,
      },
    },
    andraHyresvard: {
      ids: { id: landlord.id },
      body: { namn: 'Namnbytet AB', fastighetsagartyp: 'privat', tarEmotForturer: true },
    },
    skapaKriterieuppsattning: {
      ids: { id: landlord.id },
      body: {
        giltigFran: '2026-01-01',
        minManaderITid: 12,
        maxStorningar: 0,
        maxHyresskuldOre: 0,
        minGarantitidManader: 12,
        kravHemforsakring: true,
      },
    },
    registreraHyresgaranti: {
      body: {
        hushallId: household.id,
        personId: person.id,
        medsokandeId: partner.id,
        garantityp: 'kommunal',
        garanteradeManader: 6,
        beslutDatum: '2025-01-15',
        beslutsfattare: 'Karin Ek, enhetschef',
        delegationspunkt: '4.2',
        lagrum: '2 kap. 6 § lagen (2009:47)',
        ansokanDatum: '2025-01-02',
        avtalsnummer: 'LKF-2025-17',
        beviljadGiltigTill: '2026-12-31',
        ...agreement,
        ...details,
      },
    },
    andraHyresgaranti: {
      ids: await guaranteePath(grant(worker, fields)),
      body: { ...agreement, ...details, bidragStatus: 'beviljat', bidragSokt: '2026-03-05', bidragBeviljatOre: 500000 },
    },
    tecknaAvtal: {
      ids: await guaranteePath(grant(worker, fields)),
      body: { avtalTecknatDatum: '2025-02-01', ...agreement, ...home },
    },
    foreslaAvslut: { ids: await guaranteePath(activate(worker, fields)), body: { motivering } },
    svaraPaAvslutsforslag: { ids: await guaranteePath(proposed()), body: { svar: 'avvisat', orsak: motivering } },
    avslutaHyresgaranti: {
      ids: await guaranteePath(activate(worker, fields)),
      body: { avslutsorsak: 'overenskommelse', motivering },
    },
    sagUppHyresgaranti: {
      ids: await guaranteePath(activate(worker, fields)),
      body: { uppsagdTill: '2027-06-01', motivering },
    },
    hyresavtaletUpphor: {
      ids: await guaranteePath(activate(worker, fields)),
      body: { datum: '2026-09-01', motivering },
    },
    taEmotKrav: {
      ids: await guaranteePath(activate(worker, fields)),
      body: { hyresmanad: '2026-03', kravtBeloppOre: 800000, inkommet: '2026-04-15', indrivningsbevisRef: 'KFM 1' },
    },
    granskaKrav: { ids: claimed, body: {} },
    beslutaOmKrav: {
      ids: await claimPath('inkommet'),
      body: {
        utfall: 'godkant',
        godkantBeloppOre: 700000,
        avvisningsorsak: null,
        indrivningsbevisRef: 'KFM 1',
        motivering,
      },
    },
    betalaUtKrav: { ids: await claimPath('godkant'), body: { utbetaltDatum: '2026-09-15' } },
    aterkallaKrav: { ids: await claimPath('inkommet'), body: {} },
    taEmotRegressbetalning: {
      ids: { id: await debt() },
      body: { beloppOre: 1000, betald: '2026-09-15', referens: 'OCR 12345' },
    },
    efterskankRegressfordran: { ids: { id: await debt() }, body: { motivering } },
    lamnaTillKronofogden: { ids: { id: await debt() }, body: {} },
    skrivAvRegressfordran: { ids: { id: lapsed }, body: {} },
    avgorGenomgangar: {
      body: { utfall: [{ genomgangId: review.id, utfall: 'fortsatt', motivering, etag: review.etag }] },
    },
    avgorGenomgang: { ids: { id: reviewToo.id }, body: { utfall: 'fortsatt', motivering } },
    oppnaGenomgangsomgang: { body: { period: '2026H1' } },
    skrivNerUtlamnande: { body: utlamnande },
    aterkallaUtlamnande: { ids: { id: disclosure.id }, body: { skal: motivering } },
    skapaNodatkomst: { body: { hushallId: hidden[1].id, skal: motivering } },
    kvitteraNodatkomst: { ids: { id: emergency.id }, body: {} },
    draStickprov: { body: { manad: '2026-08', antal: 20 } },
    granskaStickprov: {
      ids: { id: sample },
      body: { granskningar: [{ postId: sampled, bedomning: 'motiverad', kommentar: motivering }] },
    },
    hyresvardenSvararPaForslag: { ids: await guaranteePath(proposed()), body: { svar: 'avvisat', orsak: motivering } },
    svaraPaGenomgangar: {
      body: {
        svar: [{ genomgangId: reviewToo.id, avtalsnummer: reviewedToo.avtalsnummer, ...goodAnswer, kommentar: 'Bra.' }],
      },
    },
  }
  const ownIds: [string, Record<string, string>][] = [
    ...cases.ownIds,
    ...homes.ownIds,
    ['/regressfordringar', { id: lapsed }],
    ['/hushall', { id: household.id, personId: person.id }],
    ['/hyresvardar', { id: landlord.id }],
    ['/genomgangar', { id: review.id }],
    ['/genomgangsomgangar', { period: '2026H2' }],
    ['/utlamnanden', { id: disclosure.id }],
    ['/atkomstlogg', { id: sample }],
    ['/hyresgarantier', { ...claimed, kod: 'aktiva' }],
    ['/hyresvard/avslutsforslag', { id: claimed.id }],
  ]
  return { worker, tokens, household, right, ownIds }
}
