import { lifecycle as kravLifecycle } from '../../src/garantikrav/lifecycle.ts'
import { lifecycle as genomgangLifecycle } from '../../src/genomgangar/lifecycle.ts'
import { lifecycle as garantiLifecycle } from '../../src/hyresgarantier/lifecycle.ts'
import { lifecycle as regressLifecycle } from '../../src/regressfordringar/lifecycle.ts'
import type { Harness } from '../harness.ts'
import { activate, openRound, reviewOf } from '../people.ts'
import { type Process, type Row, readRow, writeRow } from './rows.ts'

const motivering = 'Prövning av tillstånden.'
const noAnswer = {
  manader_i_tid: null,
  forsenade_betalningar: null,
  storningar: null,
  hyresskuld_ore: null,
  rekommenderar_avslut: null,
  hemforsakring: null,
  besvarad: null,
  besvarad_av: null,
}
const anAnswer = {
  manader_i_tid: 14,
  forsenade_betalningar: 0,
  storningar: 0,
  hyresskuld_ore: 0,
  rekommenderar_avslut: true,
  hemforsakring: true,
  besvarad: '2026-09-10T08:00:00Z',
  besvarad_av: 'lkf',
}
const decision = {
  utfall: 'fortsatt',
  motivering: 'Fortsätter.',
  beslutad: '2026-09-11T08:00:00Z',
  beslutad_av: 'maja',
}
const noDecision = { utfall: null, motivering: null, beslutad: null, beslutad_av: null }
const approved = { godkant_belopp_ore: 800000, beslut_datum: '2026-09-01', beslutsfattare: 'karin' }
const ended = (avslutsorsak: string) => ({ avslutsorsak, avslutad_datum: '2026-09-01' })

/** A guarantee in force with a claim, a debt and an open review. */
export async function guaranteeExamples(harness: Harness, hyresvardId: string) {
  const handlaggare = harness.as('handlaggare')
  const garanti = await activate(handlaggare, { hyresvardId })
  const guarantee = `/hyresgarantier/${garanti.id}`
  const claim = async (hyresmanad: string) =>
    (await handlaggare.post(`${guarantee}/krav`, { hyresmanad, kravtBeloppOre: 800000 })).body
  const [krav, paidKrav] = [await claim('2026-03'), await claim('2026-04')]
  await harness
    .as('beslutsfattare')
    .post(
      `${guarantee}/krav/${paidKrav.id}/beslut`,
      { utfall: 'godkant', godkantBeloppOre: 800000, indrivningsbevisRef: 'KFM 1', motivering },
      { ifMatch: '*' },
    )
  await handlaggare.post(`${guarantee}/krav/${paidKrav.id}/utbetalning`, {}, { ifMatch: '*' })
  const fordran = (await handlaggare.get('/regressfordringar')).body.regressfordringar[0]
  await openRound(harness)
  const genomgang = await reviewOf(handlaggare, garanti.id)
  const inForce = { ...(await readRow(harness, 'hyresgaranti', garanti.id)), reserverat_ore: 0, utbetalt_ore: 0 }

  const forget = () => harness.owner.query('DELETE FROM regressfordran WHERE garantikrav_id = $1', [krav.id])
  /** The guarantee as the others' states need it. */
  const inOrder = (columns: Row) => async () => {
    await forget()
    await writeRow(harness, 'hyresgaranti', { ...inForce, ...columns })
  }

  return {
    hyresgaranti: {
      lifecycle: garantiLifecycle,
      table: 'hyresgaranti',
      id: garanti.id,
      path: guarantee,
      base: inForce,
      states: {
        beviljad: { avtal_tecknat_datum: null, max_belopp_ore: null },
        aktiv: {},
        avslutForeslaget: { avslut_foreslaget_datum: '2026-09-01' },
        uppsagd: { uppsagd_datum: '2026-09-01', uppsagd_till: '2027-06-01' },
        avslutadKriterier: ended('kriterierUppfyllda'),
        avslutadOverenskommelse: ended('overenskommelse'),
        upphordTid: ended('tidenUte'),
        upphordHyresavtal: ended('hyresavtaletUpphort'),
        upphordUppsagd: ended('uppsagd'),
        forbrukad: ended('forbrukad'),
        forfallen: { ...ended('ingetAvtal'), avtal_tecknat_datum: null },
      },
      before: async () => void (await forget()),
      bodies: {
        tecknaAvtal: [{ avtalTecknatDatum: '2025-02-01' }],
        foreslaAvslut: [{ motivering }],
        svaraPaForslag: [{ svar: 'godkant' }, { svar: 'avvisat', orsak: 'Skulden kvarstår.' }],
        avsluta: [{ avslutsorsak: 'overenskommelse', motivering }],
        sagUpp: [{ uppsagdTill: '2027-06-01', motivering }],
        hyresavtaletUpphor: [{ datum: '2026-09-14', motivering }],
      },
      landlordsPath: { svaraPaForslag: `/hyresvard/avslutsforslag/${garanti.id}/svar` },
      patchable: true,
    },
    garantikrav: {
      lifecycle: kravLifecycle,
      table: 'garantikrav',
      id: krav.id,
      path: `${guarantee}/krav/${krav.id}`,
      base: await readRow(harness, 'garantikrav', krav.id),
      states: {
        inkommet: {},
        granskas: {},
        godkant: approved,
        utbetalt: { ...approved, utbetalt_datum: '2026-09-01' },
        avvisat: { avvisningsorsak: 'annat' },
        aterkallat: {},
      },
      before: inOrder({ reserverat_ore: 800000 }),
      bodies: {
        granska: [{}],
        besluta: [
          { utfall: 'godkant', godkantBeloppOre: 700000, indrivningsbevisRef: 'KFM 2', motivering },
          { utfall: 'avvisat', avvisningsorsak: 'annat', motivering },
        ],
        betalaUt: [{}],
        aterkalla: [{}],
      },
    },
    regressfordran: {
      lifecycle: regressLifecycle,
      table: 'regressfordran',
      id: fordran.id,
      path: `/regressfordringar/${fordran.id}`,
      // From so long ago that it has lapsed, so that each of its commands can succeed.
      base: {
        ...(await readRow(harness, 'regressfordran', fordran.id)),
        uppkommen: '2016-01-01',
        preskriberas: '2026-01-01',
      },
      states: {
        oppnad: {},
        avbetalning: { betalt_ore: 100 },
        reglerad: { betalt_ore: fordran.beloppOre },
        efterskankt: {
          eftergift_datum: '2026-09-01',
          eftergift_motivering: motivering,
          eftergift_beslutsfattare: 'karin',
        },
        tillKronofogden: {},
        avskrivenPreskriberad: {},
      },
      before: inOrder({}),
      bodies: {
        taEmotBetalning: [{ beloppOre: 500 }],
        efterskank: [{ motivering }],
        lamnaTillKronofogden: [{}],
        skrivAv: [{}],
      },
      answersAnother: ['taEmotBetalning'],
    },
    genomgang: {
      lifecycle: genomgangLifecycle,
      table: 'genomgang',
      id: genomgang.id,
      path: `/genomgangar/${genomgang.id}`,
      base: await readRow(harness, 'genomgang', genomgang.id),
      states: {
        vantar: { ...noAnswer, ...noDecision },
        besvarad: { ...anAnswer, ...noDecision },
        klar: { ...anAnswer, ...decision },
        forfallen: { ...noAnswer, ...noDecision },
      },
      before: inOrder({}),
      bodies: {
        avgor: [
          { utfall: 'fortsatt', motivering },
          { utfall: 'atgard', motivering },
        ],
      },
    },
  } satisfies Record<string, Process>
}
