import { lifecycle as arendeLifecycle } from '../../src/arenden/lifecycle.ts'
import { lifecycle as checklistaLifecycle } from '../../src/barnchecklistor/lifecycle.ts'
import { lifecycle as forturLifecycle } from '../../src/forturer/lifecycle.ts'
import { child, decided, finishedChecklist, motivering, ok } from '../cases.ts'
import type { Harness } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { guaranteeExamples } from './guarantee-examples.ts'
import { homeExamples } from './home-examples.ts'
import { insertRow, type Process, type Row, readRow, writeRow } from './rows.ts'

/** One of everything that has a lifecycle, to be put into each state. */
export async function examplesOf(harness: Harness, landlordId: string) {
  const processes: Record<string, Process> = {
    ...(await guaranteeExamples(harness, landlordId)),
    ...(await homeExamples(harness)),
    arende: await aCase(harness),
    fortur: await aFortur(harness, landlordId),
    barnchecklista: await aChecklist(harness),
  }

  /** Brings a process, and what it is about, into a state, with the facts that a command needs. */
  async function put(name: string, state: string, command = ''): Promise<void> {
    const { lifecycle, table, base, states, before, needs } = processes[name] as Process
    const facts = [lifecycle.commands[command]?.from].flat().includes(state) ? needs?.[command] : {}
    await before(state, command)
    await writeRow(harness, table, { ...base, version: 1, ...states[state], tillstand: state, ...facts })
  }
  return { processes, put }
}

/** A refused case about a kind of help that is complete with its decision. */
async function aCase(harness: Harness): Promise<Process> {
  const { arende, beslut } = await decided(harness.as('handlaggare'), harness.as('beslutsfattare'), {
    insats: 'tillfalligtBoende',
    utfall: 'avslag',
  })
  const [base, decision] = [await readRow(harness, 'arende', arende.id), await readRow(harness, 'beslut', beslut.id)]
  const undecided = { beslut_id: null, beslut_datum: null }
  const appealed = { overklagad_datum: '2026-09-15', overklagad_i_ratt_tid: true }
  const states: Record<string, Row> = {
    inkommen: undecided,
    utredning: undecided,
    komplettering: { ...undecided, komplettering_begart: 'Intyg.', komplettering_senast: '2026-09-30' },
    kommunicerad: undecided,
    bifall: {},
    delvisBifall: {},
    avslag: {},
    avskriven: {
      ...undecided,
      avskrivningsorsak: 'annat',
      avskrivningsmotivering: motivering,
      avskriven_datum: '2026-09-15',
    },
    overklagad: appealed,
    omprovad: {},
    dom: { dom_datum: '2026-09-15', dom_utfall: 'avslag' },
  }
  const outcomes = [
    { utfall: 'bifall', giltigTill: '2026-10-10', motivering },
    { utfall: 'delvisBifall', giltigTill: '2026-10-10', motivering },
    { utfall: 'avslag', motivering },
  ]
  const corrections = outcomes.map(outcome => ({ ...outcome, ersatterId: beslut.id }))
  return {
    lifecycle: arendeLifecycle,
    table: 'arende',
    id: arende.id,
    path: `/arenden/${arende.id}`,
    base,
    states,
    async before(state) {
      await writeRow(harness, 'arende', { ...base, ...undecided, tillstand: 'utredning' })
      await harness.owner.query('DELETE FROM beslut WHERE arende_id = $1', [arende.id])
      if (!('beslut_id' in (states[state] as Row))) await insertRow(harness, 'beslut', decision)
    },
    needs: {
      avvisaOverklagande: { overklagad_i_ratt_tid: false },
      skrivInDom: { overlamnad_datum: '2026-09-15' },
    },
    bodies: {
      paborjaUtredning: [{}],
      begarKomplettering: [{ begart: 'Intyg.', senast: '2026-09-30' }],
      kompletteringInkommer: [{ inkommen: '2026-09-15' }],
      kommunicera: [{ yttrandeSenast: '2026-09-30' }],
      yttraSig: [{ yttrande: 'Håller inte med.' }],
      aterupptaUtredning: [{}],
      besluta: outcomes,
      avskriv: [{ orsak: 'aterkallad', motivering }],
      omprova: corrections,
      omprovaOverklagat: corrections,
      overklaga: [{ inkommet: '2026-09-15' }],
      foredra: [{}],
      avvisaOverklagande: [{ motivering }],
      aterkallaOverklagande: [{}],
      overlamna: [{ domstol: 'Förvaltningsrätten i Malmö' }],
      skrivInDom: [{ datum: '2026-09-15', utfall: 'avslag', malnummer: '1234-26' }],
    },
    answersAnother: ['besluta', 'omprova', 'omprovaOverklagat'],
  }
}

/** A förtur that one no uses up, with an offer. */
async function aFortur(harness: Harness, hyresvardId: string): Promise<Process> {
  const handlaggare = harness.as('handlaggare')
  const { arende } = await decided(handlaggare, harness.as('beslutsfattare'), { insats: 'fortur' })
  const { forturer } = ok(await handlaggare.get(`/forturer?hushallId=${arende.hushallId}`))
  const path = `/forturer/${forturer[0].id}`
  const home = { omrade: 'linero', rum: 2, hyraOre: 900000, tilltrade: '2026-12-01' }
  ok(await handlaggare.post(`${path}/overlamnande`, { hyresvardId }, { ifMatch: '*' }))
  const { body: offered } = await handlaggare.post(`${path}/erbjudanden`, home, { ifMatch: '*' })
  const base = await readRow(harness, 'fortur', offered.id)
  const offer = await readRow(harness, 'erbjudande', offered.erbjudandeId)
  const unoffered = { erbjudande_id: null }
  const ended = { avslutad_datum: '2026-09-15' }
  const offers: Record<string, Row> = {
    erbjuden: { tillstand: 'oppet' },
    accepterad: { tillstand: 'accepterat', svar_datum: '2026-09-15' },
    tillgodosedd: { tillstand: 'kontrakt', svar_datum: '2026-09-15', kontrakt_datum: '2026-09-15' },
  }
  const no = [
    { svar: 'nej', orsak: 'lage' },
    { svar: 'vardenNekar', orsak: 'skuld' },
  ]
  return {
    lifecycle: forturLifecycle,
    table: 'fortur',
    id: offered.id,
    path,
    base,
    states: {
      beviljad: { ...unoffered, hyresvard_id: null, overlamnad_datum: null },
      hosHyresvard: unoffered,
      erbjuden: {},
      accepterad: {},
      tillgodosedd: { ...ended, kontraktsform: 'forstahand' },
      tillgodoseddEgen: { ...unoffered, ...ended },
      forbrukad: { ...unoffered, ...ended, antal_nej: 1 },
      utgangen: { ...unoffered, ...ended },
      upphavd: { ...unoffered, ...ended },
    },
    async before(state) {
      await writeRow(harness, 'fortur', { ...base, ...unoffered, tillstand: 'hosHyresvard' })
      await harness.owner.query('DELETE FROM erbjudande WHERE fortur_id = $1 AND id <> $2', [base.id, offer.id])
      const unanswered = { tillstand: 'uteblivet', svar_datum: '2026-09-15', raknas: false }
      await writeRow(harness, 'erbjudande', { ...offer, ...(offers[state] ?? unanswered) })
    },
    bodies: {
      overlamna: [{ hyresvardId }],
      erbjud: [home],
      svara: { erbjuden: [{ svar: 'ja' }, ...no], accepterad: no },
      tecknaKontrakt: [{ kontraktDatum: '2026-09-15', kontraktsform: 'forstahand' }],
      egenKotidRacker: [{ datum: '2026-09-15', motivering }],
      upphav: [{ motivering }],
    },
    erbjudandeId: offer.id as string,
    landlordsPath: {
      erbjud: `/hyresvard${path}/erbjudanden`,
      svara: `/hyresvard${path}/erbjudanden/${offer.id}/svar`,
      tecknaKontrakt: `/hyresvard${path}/kontrakt`,
    },
    hiddenFromLandlord: ['beviljad'],
    patchable: true,
  }
}

/** A checklist that lacks nothing. */
async function aChecklist(harness: Harness): Promise<Process> {
  const handlaggare = harness.as('handlaggare')
  const hushall = await createHousehold(handlaggare, [child()])
  const { id } = await finishedChecklist(handlaggare, hushall.id)
  return {
    lifecycle: checklistaLifecycle,
    table: 'barnchecklista',
    id,
    path: `/barnchecklistor/${id}`,
    base: await readRow(harness, 'barnchecklista', id),
    states: { paborjad: { klar_datum: null, klar_av: null }, klar: {}, reviderad: {} },
    before: async () => void (await harness.owner.query('DELETE FROM barnchecklista WHERE ersatter_id = $1', [id])),
    bodies: { klarmarkera: [{}], revidera: [{}] },
    answersAnother: ['revidera'],
  }
}
