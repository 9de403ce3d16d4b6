import { investigated, motivering } from '../cases.ts'
import type { Chance } from './chance.ts'
import { homeBodies } from './home-bodies.ts'
import type { Row } from './rows.ts'
import type { TableName } from './tables.ts'

/** What chance has to choose from when it makes a command. */
export type Stage = {
  r: Chance
  rowsOf: (table: string) => Row[]
  /** A day between so many days from today. */
  day: (from: number, to: number) => string
  landlords: string[]
  weights: Record<string, number>
  /** What is applied for. */
  insatser: Record<string, number>
}
export type Body = (stage: Stage, row: Row) => object

const utfall = ['avslag', 'delvisBifall', 'bifall', 'bifall'] as const
const decision = ({ r, day }: Stage, { insats }: Row, outcomes: readonly string[] = utfall): object => {
  const utfall = r.one(outcomes)
  const gives = utfall !== 'avslag'
  const limited = insats === 'stodlagenhet' || insats === 'tillfalligtBoende'
  return {
    utfall,
    motivering,
    ...((gives && limited) || r.maybe(0.1) ? { giltigTill: day(5, 40) } : {}),
    ...(gives && insats === 'hyresgaranti' && r.maybe(0.95)
      ? { hyresgaranti: { garantityp: r.one(['bistand', 'kommunal']), garanteradeManader: r.int(1, r.one([2, 7])) } }
      : {}),
    ...(gives && insats === 'fortur' && r.maybe(0.6)
      ? { fortur: { maxErbjudanden: r.int(1, 3), maxRum: r.int(2, 5), uteslutnaOmraden: ['nobbelov'] } }
      : {}),
    ...(r.maybe(0.08) ? { barnchecklistaUndantag: 'Familjen står utan tak i natt.' } : {}),
    ...(r.maybe(0.08) ? { delegationspunkt: r.one(['4.1', '4.2', '9.9']) } : {}),
  }
}

/** Mostly not to the party's disadvantage. */
const correction: Body = (stage, row) => {
  const before = stage.rowsOf('beslut').find(({ id }) => id === row.beslut_id)
  const better = utfall.slice(Math.max(0, utfall.indexOf(before?.utfall as never)))
  const outcomes = stage.r.maybe(0.85) ? better : utfall
  const another = stage.r.maybe(0.15) ? stage.r.recent(stage.rowsOf('beslut'))?.id : null
  return { ...decision(stage, row, outcomes), ersatterId: another ?? row.beslut_id ?? crypto.randomUUID() }
}

export const investigation = ({ r, day }: Stage) => ({
  ...investigated,
  ...(r.maybe(0.05) ? { brukarsynpunkt: null } : {}),
  ...(r.maybe(0.05) ? { egenKotidProvad: r.one([false, null]) } : {}),
  ...(r.maybe(0.05) ? { grunder: [], intyg: [] } : {}),
  ...(r.maybe(0.05) ? { stodbehov: null, budget: null } : {}),
  ...(r.maybe(0.1) ? { folkbokfordSedan: day(-1500, -300) } : {}),
})

export const home = ({ r, day }: Stage) => ({
  omrade: r.one(['linero', 'linero', 'nobbelov']),
  rum: r.int(1, 4),
  hyraOre: r.int(700_000, 1_100_000),
  tilltrade: day(0, 60),
  ...(r.maybe(0.5) ? { svaraSenast: day(0, 12) } : {}),
})

const answer: Body = ({ r }) => {
  const svar = r.one(['ja', 'ja', 'nej', 'nej', 'vardenNekar'])
  return svar === 'ja'
    ? { svar }
    : {
        svar,
        orsak: r.one(svar === 'nej' ? ['lage', 'hyra', 'skuld'] : ['skuld', 'avtaletUteblev', 'lage']),
        ...(r.maybe(0.2) ? { godtagbartSkal: r.maybe(0.7) } : {}),
      }
}

/** For each command that has an address: a body that is mostly right. */
export const bodies: Partial<Record<TableName, Record<string, Body>>> = {
  arende: {
    paborjaUtredning: () => ({}),
    begarKomplettering: ({ day }) => ({ begart: 'Intyg från läkare.', senast: day(0, 20) }),
    kompletteringInkommer: ({ day }) => ({ inkommen: day(-3, 0) }),
    kommunicera: ({ day }) => ({ yttrandeSenast: day(0, 15) }),
    yttraSig: ({ r, day }) => ({ yttrande: 'Håller inte med.', ...(r.maybe(0.4) ? { inkommet: day(-5, 0) } : {}) }),
    aterupptaUtredning: () => ({}),
    // Who has not been told of the investigation is mostly not refused.
    besluta: (stage, row) =>
      decision(stage, row, row.tillstand === 'utredning' && stage.r.maybe(0.8) ? ['bifall'] : utfall),
    avskriv: ({ r }) => ({ orsak: r.one(['aterkallad', 'flyttat', 'annat']), motivering }),
    omprova: correction,
    omprovaOverklagat: correction,
    overklaga: ({ day }) => ({ inkommet: day(-4, 0) }),
    foredra: () => ({}),
    avvisaOverklagande: () => ({ motivering }),
    aterkallaOverklagande: () => ({}),
    overlamna: ({ r, day }) => ({ domstol: 'Förvaltningsrätten', ...(r.maybe(0.4) ? { datum: day(-4, 1) } : {}) }),
    skrivInDom: ({ r, day }) => ({
      datum: day(-3, 0),
      utfall: r.one(['bifall', 'avslag', 'aterforvisning']),
      malnummer: '1234-26',
    }),
  },
  barnchecklista: { klarmarkera: () => ({}), revidera: () => ({}) },
  fortur: {
    overlamna: ({ r, landlords }) => ({ hyresvardId: r.one(landlords), lamnarUteslutnaOmraden: r.maybe(0.3) }),
    erbjud: home,
    svara: answer,
    tecknaKontrakt: ({ r, day }) => ({ kontraktDatum: day(-2, 0), kontraktsform: r.one(['forstahand', 'andrahand']) }),
    egenKotidRacker: ({ day }) => ({ datum: day(-3, 0), motivering }),
    upphav: () => ({ motivering }),
  },
  hyresgaranti: {
    tecknaAvtal: ({ r, day, landlords }) => ({
      avtalTecknatDatum: day(-1, 0),
      hyresvardId: r.one(landlords),
      borgenstyp: r.one(['enkel', 'proprie']),
      kontraktsform: 'forstahand',
      manadshyraOre: 800_000,
      giltigFran: day(-20, 10),
      giltigTill: day(200, 720),
      adress: 'Exempelgatan 1, 222 22 Lund',
    }),
    foreslaAvslut: () => ({ motivering }),
    svaraPaForslag: ({ r }) => (r.maybe(0.5) ? { svar: 'godkant' } : { svar: 'avvisat', orsak: 'Skulden kvarstår.' }),
    avsluta: ({ r }) => ({ avslutsorsak: r.one(['kriterierUppfyllda', 'overenskommelse']), motivering }),
    sagUpp: ({ day }) => ({ uppsagdTill: day(700, 900), motivering }),
    hyresavtaletUpphor: ({ day }) => ({ datum: day(-10, 1), motivering }),
  },
  garantikrav: {
    granska: () => ({}),
    besluta: ({ r }, { kravt_belopp_ore }) =>
      r.maybe(0.75)
        ? {
            utfall: 'godkant',
            godkantBeloppOre: r.maybe(0.7) ? kravt_belopp_ore : r.int(1, 900_000),
            indrivningsbevisRef: 'KFM 1',
            motivering,
          }
        : { utfall: 'avvisat', avvisningsorsak: 'annat', motivering },
    betalaUt: ({ r, day }) => (r.maybe(0.3) ? { utbetaltDatum: day(-3, 1) } : {}),
    aterkalla: () => ({}),
  },
  regressfordran: {
    taEmotBetalning: ({ r }, { belopp_ore, betalt_ore }) => ({
      beloppOre: r.maybe(0.3) ? (belopp_ore as number) - (betalt_ore as number) || 1 : r.int(1, 400_000),
    }),
    efterskank: () => ({ motivering }),
    lamnaTillKronofogden: () => ({}),
    skrivAv: () => ({}),
  },
  genomgang: { avgor: ({ r }) => ({ utfall: r.one(['avsluta', 'fortsatt', 'atgard']), motivering }) },
  ...homeBodies,
}

/** Makes a body wrong: something missing, empty, of another kind, far away, or too much. */
export function spoilt({ r }: Stage, body: object): object {
  const fields = Object.keys(body)
  if (fields.length === 0 || r.maybe(0.2)) return { ...body, okantFalt: 1 }
  const field = r.one(fields)
  const wrong = [undefined, null, '', -1, 'fel', '1999-01-01', '2199-12-31', '2026-02-30', [], crypto.randomUUID()]
  return { ...body, [field]: r.one(wrong) }
}
