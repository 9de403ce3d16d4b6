import { lifecycle as bfLifecycle, stodLifecycle } from '../../src/bostad-forst/lifecycle.ts'
import { lifecycle as lagenhetLifecycle } from '../../src/lagenheter/lifecycle.ts'
import { avstaendeLifecycle, lifecycle as stodlagenhetLifecycle } from '../../src/stodlagenheter/lifecycle.ts'
import { admitted, home, movedIn, sublet } from '../bostad-forst/admitted.ts'
import { created } from '../cases.ts'
import type { Harness } from '../harness.ts'
import { addHome, avtal, housed, people, skalForAvsteg } from '../stodlagenheter/placed.ts'
import { insertRow, type Process, type Row, readRow, writeRow } from './rows.ts'

const today = '2026-09-15'
const till = '2026-12-31'

/** A home, somebody in a stödlägenhet with a waiver, and somebody in Bostad Först with support. */
export async function homeExamples(harness: Harness): Promise<Record<string, Process>> {
  return {
    lagenhet: await aHome(harness),
    stodlagenhet: await aStodlagenhet(harness),
    avstaende: await aWaiver(harness),
    bf_boende: await aTenancy(harness),
    bf_stod: await aSupport(harness),
  }
}

async function aHome(harness: Harness): Promise<Process> {
  const id = await addHome(harness)
  const gone = { i_poolen_till: today }
  return {
    lifecycle: lagenhetLifecycle,
    table: 'lagenhet',
    id,
    path: `/lagenheter/${id}`,
    base: await readRow(harness, 'lagenhet', id),
    states: {
      planerad: {},
      ledig: {},
      reserverad: {},
      uthyrd: {},
      uppsagd: {},
      tomstalld: {},
      renovering: {},
      aterlamnad: gone,
      overlaten: gone,
    },
    before: async () => {},
    bodies: {
      klar: [{}],
      besiktiga: [{ behoverRenoveras: true }, { behoverRenoveras: false }],
      aterlamna: [{ iPoolenTill: today }],
    },
    party: 'serviceforvaltningen',
    landlordsPath: landlordsPathOf(`/lagenheter/${id}`, {
      klar: 'klar',
      besiktiga: 'besiktning',
      aterlamna: 'aterlamning',
    }),
    hiddenFromLandlord: [],
  }
}

const landlordsPathOf = (path: string, commands: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(commands).map(([command, last]) => [command, `/serviceforvaltningen${path}/${last}`]),
  )

/** Puts homes, and who has them, as they are in a state of whoever has them. */
async function letAs(
  harness: Harness,
  column: 'stodlagenhet_id' | 'bf_boende_id',
  upplatelse: Row,
  homes: Row[],
  states: [slag: string, tillstand: string, till: string | null, lagenhetId: unknown] | null,
): Promise<void> {
  await harness.owner.query(`DELETE FROM upplatelse WHERE ${column} = $1`, [upplatelse[column]])
  for (const home of homes) await writeRow(harness, 'lagenhet', { ...home, tillstand: 'ledig' })
  if (!states) return
  const [slag, tillstand, till, lagenhet_id] = states
  await insertRow(harness, 'upplatelse', { ...upplatelse, slag, till, lagenhet_id })
  const home = homes.find(({ id }) => id === lagenhet_id)
  await writeRow(harness, 'lagenhet', { ...home, tillstand })
}

const upplatelseOf = async ({ owner }: Harness, column: string, id: string): Promise<Row> =>
  (await owner.query(`SELECT to_jsonb(u) AS row FROM upplatelse u WHERE ${column} = $1`, [id])).rows[0].row

async function aStodlagenhet(harness: Harness): Promise<Process> {
  const { id, lagenhetId } = await housed(people(harness), harness)
  const path = `/stodlagenheter/${id}`
  const upplatelse = await upplatelseOf(harness, 'stodlagenhet_id', id)
  const bostad = await readRow(harness, 'lagenhet', lagenhetId)
  const [proposal] = (
    await harness.owner.query('SELECT to_jsonb(f) AS row FROM bostadsforslag f WHERE stodlagenhet_id = $1', [id])
  ).rows
  const unleased = {
    avtalsform: null,
    avtal_datum: null,
    informerad_om_villkor_datum: null,
    hyra_ore: null,
    tilltrade: null,
    nasta_uppfoljning: null,
  }
  const given = { uppsagd_datum: today, uppsagningsgrund: 'egenUppsagning', uppsagd_till: till }
  const lets = ['boende', 'uthyrd', null, lagenhetId] as const
  const letting: Record<string, readonly [string, string, string | null, unknown]> = {
    foreslagen: ['reservation', 'reserverad', null, lagenhetId],
    tilldelad: ['reservation', 'reserverad', null, lagenhetId],
    avtalTecknat: lets,
    boende: lets,
    bistandUpphor: lets,
    overtagande: lets,
    uppsagd: ['boende', 'uppsagd', till, lagenhetId],
  }
  return {
    lifecycle: stodlagenhetLifecycle,
    table: 'stodlagenhet',
    id,
    path,
    base: await readRow(harness, 'stodlagenhet', id),
    states: {
      iKo: { ...unleased, lagenhet_id: null },
      foreslagen: unleased,
      tilldelad: unleased,
      avtalTecknat: {},
      boende: {},
      bistandUpphor: { bistand_upphort: today },
      overtagande: {},
      uppsagd: given,
      avflyttad: { utflyttad: today },
      overlaten: { forstahand_datum: today },
      avslutad: { avslutad_datum: today, utfall: 'hemlos' },
    },
    async before(state) {
      await harness.owner.query('DELETE FROM bostadsforslag WHERE stodlagenhet_id = $1', [id])
      if (state === 'foreslagen')
        await insertRow(harness, 'bostadsforslag', { ...proposal.row, svar: null, svar_datum: null })
      await letAs(harness, 'stodlagenhet_id', upplatelse, [bostad], (letting[state] ?? null) as never)
    },
    bodies: {
      foreslaMatch: [{ lagenhetId, skalForAvsteg }],
      svara: [{ svar: 'accepterat' }, { svar: 'avbojt', orsak: 'lage' }],
      aterkallaForslag: [{}],
      andraBehov: [
        {
          antalPersoner: 2,
          minRum: 1,
          maxRum: null,
          maxHyraOre: null,
          onskadeOmraden: [],
          uteslutnaOmraden: ['nobbelov'],
          tillganglighet: [],
        },
      ],
      tecknaAvtal: [avtal(today)],
      havAvtal: [{}],
      flyttaIn: [{ datum: today }],
      bistandetUpphor: [{ datum: today }],
      provaOvertagande: [{}],
      svaraPaOvertagande: [
        { svar: 'godkant', forstahandDatum: '2026-10-01' },
        { svar: 'ejGodkant', orsak: 'hyresskuld' },
      ],
      sagUpp: [{ grund: 'egenUppsagning', uppsagdTill: till }],
      aterta: [{}],
      flyttaUt: [{ datum: today }],
      avsluta: {
        avflyttad: [{ utfall: 'annatBoende' }],
        overlaten: [{ utfall: 'egetKontrakt' }],
        iKo: [{ utfall: 'aterkallat' }],
      },
    },
    party: 'serviceforvaltningen',
    // Serviceförvaltningen is answered with the home, which is all that is left for it.
    answersAnother: ['havAvtal'],
    landlordsPath: landlordsPathOf(path, {
      tecknaAvtal: 'avtal',
      havAvtal: 'avtalshavning',
      svaraPaOvertagande: 'overtagandesvar',
      sagUpp: 'uppsagning',
      aterta: 'atertagande',
      flyttaUt: 'utflyttning',
    }),
    hiddenFromLandlord: ['iKo', 'avslutad'],
  }
}

async function aWaiver(harness: Harness): Promise<Process> {
  const { id } = await housed(people(harness), harness)
  const waivers = `/stodlagenheter/${id}/avstaenden`
  const made = created(await harness.as('handlaggare').post(waivers, { skal: 'Biståndet.', giltigtTill: '2028-09-15' }))
  const decided = { inskickat: today, beslut_datum: today }
  return {
    lifecycle: avstaendeLifecycle,
    table: 'avstaende',
    id: made.id,
    path: `${waivers}/${made.id}`,
    base: await readRow(harness, 'avstaende', made.id),
    states: { upprattat: {}, inskickat: { inskickat: today }, godkant: decided, avslaget: decided, ejKrav: {} },
    before: async () => {},
    bodies: {
      skickaIn: [{ datum: today }],
      besluta: [
        { utfall: 'godkant', datum: today },
        { utfall: 'avslaget', datum: today },
      ],
      kraverInte: [{}],
    },
  }
}

async function aTenancy(harness: Harness): Promise<Process> {
  const { id, lagenhetId } = await movedIn(harness, harness.as('handlaggare'))
  const upplatelse = await upplatelseOf(harness, 'bf_boende_id', id)
  const bostad = await readRow(harness, 'lagenhet', lagenhetId)
  const other = await readRow(harness, 'lagenhet', await home(harness))
  const unhoused = {
    lagenhet_id: null,
    kontraktsform: null,
    skal_andrahand: null,
    overgang_tidigast: null,
    overgang_nasta: null,
    inflyttad: null,
  }
  const own = {
    kontraktsform: 'forstahand',
    forstahand_datum: today,
    skal_andrahand: null,
    overgang_tidigast: null,
    overgang_nasta: null,
  }
  const lives = ['inflyttad', 'overgangProvas', 'forstahand', 'byteAvBostad', 'tillfalligtBorta']
  return {
    lifecycle: bfLifecycle,
    table: 'bf_boende',
    id,
    path: `/bostad-forst/${id}`,
    base: await readRow(harness, 'bf_boende', id),
    states: {
      antagen: { ...unhoused, onskemal_datum: null },
      matchning: unhoused,
      erbjuden: { ...unhoused, lagenhet_id: other.id },
      inflyttad: {},
      overgangProvas: {},
      forstahand: own,
      byteAvBostad: { byte_orsak: 'otrygghet' },
      tillfalligtBorta: { borta_sedan: today, borta_orsak: 'sjukhus' },
      uppsagd: { uppsagd_datum: today, uppsagd_till: till },
      avslutad: { avslutad_datum: today, utfall: 'annatBoende', overgang_nasta: null },
    },
    async before(state, command) {
      await harness.owner.query('DELETE FROM overgangsprovning WHERE bf_boende_id = $1', [id])
      const kontraktsform = state === 'forstahand' ? 'forstahand' : 'andrahand'
      const letting = lives.includes(state)
        ? ['boende', 'uthyrd', null, lagenhetId]
        : { erbjuden: ['reservation', 'reserverad', null, other.id], uppsagd: ['boende', 'uppsagd', till, lagenhetId] }[
            state
          ]
      await letAs(
        harness,
        'bf_boende_id',
        { ...upplatelse, kontraktsform },
        [bostad, other],
        (letting ?? null) as never,
      )
      // Notice is given of the home that the person has while another is offered.
      if (state !== 'erbjuden' || command !== 'uppsagning') return
      await insertRow(harness, 'upplatelse', { ...upplatelse, id: crypto.randomUUID() })
      await writeRow(harness, 'lagenhet', { ...bostad, tillstand: 'uthyrd' })
    },
    bodies: {
      onskemal: [{}],
      erbjud: [{ lagenhetId: other.id }],
      tackaNej: [{ svar: 'nej', orsak: 'lage' }],
      flyttaIn: [sublet(today), { kontraktsform: 'forstahand', hyraOre: 720000, inflyttad: today }],
      provaOvergang: [{}],
      svaraPaOvergang: [
        { utfall: 'godkand', forstahandDatum: today },
        { utfall: 'avslag', orsak: 'kortTid' },
      ],
      bytBostad: [{ orsak: 'otrygghet' }],
      boKvar: [{}],
      borta: [{ sedan: today, orsak: 'sjukhus' }],
      hemma: [{}],
      uppsagning: [{ uppsagdTill: till }],
      aterta: [{}],
      avsluta: [{ utfall: 'annatBoende', datum: today }],
    },
  }
}

async function aSupport(harness: Harness): Promise<Process> {
  const boende = await admitted(harness, harness.as('handlaggare'))
  const { rows } = await harness.owner.query('SELECT id FROM bf_stod WHERE bf_boende_id = $1', [boende.id])
  const goesOn = { niva: 'hog', paborjat: today }
  return {
    lifecycle: stodLifecycle,
    table: 'bf_stod',
    id: rows[0].id,
    path: `/bostad-forst/${boende.id}/stod`,
    base: await readRow(harness, 'bf_stod', rows[0].id),
    states: { erbjudet: {}, pagar: goesOn, vilande: goesOn, avslutat: { ...goesOn, avslutat: today } },
    before: async () => {},
    bodies: {
      starta: [{ niva: 'hog' }],
      andraNiva: [{ niva: 'lag' }],
      vila: [{}],
      ateruppta: [{}],
      avslutaStod: [{}],
      erbjudIgen: [{}],
    },
  }
}
