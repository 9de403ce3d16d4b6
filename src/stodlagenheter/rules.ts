import { type Day, daysAfter, earliest, monthsAfter, wholeMonths } from '../shared/dates.ts'
import { kronor } from '../shared/money.ts'
import { defineProblem, type FieldError, incoherent, type Refusal } from '../shared/refusals.ts'
import type {
  Avstaendebeslut,
  Avstaendeinskickning,
  AvstaendeRad,
  BistandetsUpphorande,
  Bostadsforslagssvar,
  Inflyttning,
  NyBoendehandelse,
  NyttAvstaende,
  NyttBostadsforslag,
  NyUppfoljning,
  Overtagandesvar,
  StodlagenhetRad,
  Stodlagenhetsavslut,
  Stodlagenhetsavtal,
  Stodlagenhetsuppsagning,
  Utflyttning,
} from './schema.ts'

/** A waiver ends at the latest so long after the move in, unless a reason is given (domain §3.1). */
export const avstaendeManader = 48

/** The access is at the latest so long after the contract is written in. */
const tilltradeManader = 12

/** A landlord says yes to an own contract that begins at the latest so long after the answer. */
const forstahandManader = 6

/** The states in which someone has, or is about to have, a lease. */
export const hyr = ['avtalTecknat', 'boende', 'bistandUpphor', 'overtagande', 'uppsagd'] as const
const bor = ['boende', 'bistandUpphor', 'overtagande', 'uppsagd'] as const

const ingenBostadAn = defineProblem(
  'ingen-bostad-an',
  409,
  'Stödlägenheten har ingen bostad än',
  'Ett avstående kan upprättas när bostaden är tilldelad, och så länge avtalet gäller.',
)
const borInte = defineProblem(
  'bor-inte-i-stodlagenheten',
  409,
  'Ingen bor i stödlägenheten',
  'Uppföljningar och händelser skrivs in från inflyttningen till utflyttningen, en hyresskuld också efter den.',
)
const barnchecklistaBehovs = defineProblem(
  'barnchecklista-behovs',
  409,
  'Barnchecklistan är inte klar',
  'Det finns barn i hushållet: gör klart en barnchecklista för ärendet, med alla barn, innan boendet sägs upp eller biståndet upphör.',
)
const kanInteSagasUppAn = defineProblem(
  'kan-inte-sagas-upp-an',
  409,
  'Uppsägningen kan inte göras än',
  'Socialförvaltningen är inte klar med sin del. Kontakta boendeenheten.',
)

const beslutetGallerInte = defineProblem(
  'beslutet-galler-inte',
  409,
  'Beslutet gäller inte längre',
  'Tiden för beslutet om stödlägenhet har gått ut, eller så har biståndet upphört. Förläng beslutet först.',
)
const kanInteTecknas = defineProblem(
  'avtalet-kan-inte-tecknas',
  409,
  'Avtalet kan inte tecknas',
  'Socialförvaltningen är inte klar med sin del. Kontakta boendeenheten.',
)

/** Areas are codes without a list: one spelt in other letters is the same area, above all when it is to be avoided. */
const has = (areas: readonly string[], area: string) => areas.some(one => one.toLowerCase() === area.toLowerCase())

/** What a home must be like. */
export type Behov = Pick<
  StodlagenhetRad,
  'minRum' | 'maxRum' | 'maxHyraOre' | 'onskadeOmraden' | 'uteslutnaOmraden' | 'tillganglighet'
>

const incoherentNeed = (behov: Behov, at: string): (FieldError | false)[] => [
  behov.onskadeOmraden.some(area => has(behov.uteslutnaOmraden, area)) && {
    pointer: `${at}/uteslutnaOmraden`,
    kod: 'bade-och',
    detail: 'Ett område kan inte vara både önskat och uteslutet.',
  },
  behov.minRum !== null &&
    behov.maxRum !== null &&
    behov.minRum > behov.maxRum && {
      pointer: `${at}/maxRum`,
      kod: 'mindre-an-minrum',
      detail: 'maxRum är minst minRum.',
    },
]

/** A household that is waiting or held a home may not be promised one in an area that becomes excluded. */
const inExcluded = (behov: Behov, held: { omrade: string } | null, at: string): FieldError | false =>
  held !== null &&
  has(behov.uteslutnaOmraden, held.omrade) && {
    pointer: `${at}/uteslutnaOmraden`,
    kod: 'bostaden-ligger-dar',
    detail: 'Bostaden som hålls ligger i ett av områdena. Återkalla förslaget först, och skriv sedan in området.',
  }

/**
 * Why the need cannot be changed so.
 *
 * @param held the home that is proposed or allotted, if one is
 */
export const whyNotChangeNeed = (
  _: StodlagenhetRad,
  { body, held }: { body: Behov; held: { omrade: string } | null },
): Refusal | null => incoherent([...incoherentNeed(body, ''), inExcluded(body, held, '')])

/**
 * Why someone cannot be placed in the queue, or a new decision cannot change what the home is to be: the need does not
 * hold together, or a time-limited decision is not for a family with children in acute housing, with an end (the board,
 * October 2019). The register knows of no placements yet: that the household is homeless stands for them.
 *
 * @param fakta.held the home that is proposed or allotted, if one is
 * @param at where in the decision the terms are
 */
export const whyNotPlace = (
  behov: Behov & Pick<StodlagenhetRad, 'beslutstyp' | 'beslutTill'>,
  {
    antalBarn,
    bostadslosSedan,
    held = null,
  }: { antalBarn: number; bostadslosSedan: Day | null; held?: { omrade: string } | null },
  at: string,
): Refusal | null => {
  const limited = behov.beslutstyp === 'tidsbegransatBarnfamilj'
  const pointer = `${at}/beslutstyp`
  return incoherent([
    ...incoherentNeed(behov, at),
    inExcluded(behov, held, at),
    limited &&
      antalBarn === 0 && {
        pointer,
        kod: 'inga-barn',
        detail: 'Ett tidsbegränsat beslut är för barnfamiljer: hushållet har inga barn registrerade.',
      },
    limited &&
      bostadslosSedan === null && {
        pointer,
        kod: 'inte-i-akut-boende',
        detail: 'Ett tidsbegränsat beslut är för familjer i akut boende: hushållets bostadslosSedan behövs.',
      },
    limited && whyNoEnd(behov.beslutTill, pointer),
  ])
}

const whyNoEnd = (beslutTill: Day | null, pointer: string): FieldError | false =>
  beslutTill === null && { pointer, kod: 'slutdag-saknas', detail: 'Ett tidsbegränsat beslut behöver giltigTill.' }

/** A time-limited decision is for so long at most, each time. */
export const tooLong = (
  { beslutstyp }: Pick<StodlagenhetRad, 'beslutstyp'>,
  { giltigFran, giltigTill }: { giltigFran: Day; giltigTill: Day | null },
  manader: number,
): FieldError | false => {
  const last = daysAfter(monthsAfter(giltigFran, manader), -1)
  return (
    beslutstyp === 'tidsbegransatBarnfamilj' &&
    giltigTill !== null &&
    giltigTill > last && {
      pointer: '/giltigTill',
      kod: 'for-lang-tid',
      detail: `giltigTill är senast ${last}: ett tidsbegränsat beslut gäller i högst ${manader} månader.`,
    }
  )
}

/** A time-limited decision is extended to a day, and no decision ends before it began. */
export const whyNotExtend = (
  { beslutstyp, beslutFran, beslutTill }: StodlagenhetRad,
  { giltigFran, giltigTill, manader }: { giltigFran: Day; giltigTill: Day | null; manader: number },
): Refusal | null =>
  incoherent([
    beslutstyp === 'tidsbegransatBarnfamilj' && whyNoEnd(giltigTill, '/giltigTill'),
    giltigTill !== beslutTill && tooLong({ beslutstyp }, { giltigFran, giltigTill }, manader),
    giltigTill !== null &&
      giltigTill < beslutFran && {
        pointer: '/giltigTill',
        kod: 'fore-beslutet',
        detail: `giltigTill är tidigast ${beslutFran}, då det första beslutet började gälla.`,
      },
  ])

/** Whether the decision holds on a day: it has not run out, and the assistance has not been ended. */
const holds = ({ beslutTill, bistandUpphort }: StodlagenhetRad, day: Day) =>
  bistandUpphort === null && (beslutTill === null || beslutTill >= day)

/** Nobody is promised a home by a decision that no longer holds. */
export const whyNotHelp = (row: StodlagenhetRad, today: Day): Refusal | null =>
  holds(row, today) ? null : beslutetGallerInte()

/** What a need is held against. */
export type Bostad = { rum: number; hyraOre: number; omrade: string; tillganglighet: readonly string[] }

/** Each way in which a home is not what is needed, as a sentence. */
export const whyNotFit = (behov: Behov, bostad: Bostad): string[] =>
  [
    behov.minRum !== null && bostad.rum < behov.minRum && `Behöver minst ${behov.minRum} rum.`,
    behov.maxRum !== null && bostad.rum > behov.maxRum && `Har rätt till högst ${behov.maxRum} rum.`,
    behov.maxHyraOre !== null &&
      bostad.hyraOre > behov.maxHyraOre &&
      `Klarar en hyra på högst ${kronor(behov.maxHyraOre)} kr.`,
    has(behov.uteslutnaOmraden, bostad.omrade) && 'Området är uteslutet.',
    !behov.tillganglighet.every(one => has(bostad.tillganglighet, one)) && 'Bostaden saknar tillgänglighet som behövs.',
  ].filter(reason => reason !== false)

/** One place in the queue, in a sentence. */
export const platsmotivering = (
  {
    plats,
    antalBarn,
    bostadslosSedan,
    koDatum,
  }: { plats: number; antalBarn: number; bostadslosSedan: Day | null; koDatum: Day },
  today: Day,
): string => {
  const months = bostadslosSedan === null ? 0 : wholeMonths(bostadslosSedan, today)
  const parts = [
    antalBarn > 0 && 'barnfamilj',
    months > 0 && `bostadslös i ${months} ${months === 1 ? 'månad' : 'månader'}`,
    `i kön sedan ${koDatum}`,
  ]
  return `Plats ${plats}: ${parts.filter(Boolean).join(', ')}.`
}

/**
 * Why a home cannot be proposed: it is not for this, lies where the person must not live, or someone before in the queue
 * could take it and no reason is given.
 *
 * @param plats one more than those before in the queue whom the home fits
 */
export function whyNotPropose(
  stodlagenhet: StodlagenhetRad,
  {
    bostad,
    body,
    plats,
    today,
  }: { bostad: (Bostad & { kategori: string }) | undefined; body: NyttBostadsforslag; plats: number; today: Day },
): Refusal | null {
  const pointer = '/lagenhetId'
  const expired = whyNotHelp(stodlagenhet, today)
  if (expired) return expired
  if (!bostad) return incoherent([{ pointer, kod: 'finns-inte', detail: 'lagenhetId är ingen bostad i beståndet.' }])
  const wanting = whyNotFit(stodlagenhet, bostad)
  return incoherent([
    bostad.kategori !== 'stodlagenhet' && {
      pointer,
      kod: 'fel-kategori',
      detail: 'Bostaden är avsedd för annat: välj en i kategorin stodlagenhet.',
    },
    has(stodlagenhet.uteslutnaOmraden, bostad.omrade) && {
      pointer,
      kod: 'uteslutet-omrade',
      detail: 'Området är uteslutet: föreslå en bostad i ett annat.',
    },
    body.fran !== undefined &&
      body.fran < today && { pointer: '/fran', kod: 'i-det-forflutna', detail: 'fran kan inte ligga före i dag.' },
    (plats > 1 || wanting.length > 0) &&
      body.skalForAvsteg === undefined && {
        pointer: '/skalForAvsteg',
        kod: 'saknas',
        detail:
          plats > 1
            ? `skalForAvsteg behövs: bostaden passar någon som står före i kön. Det här är plats ${plats} bland dem.`
            : `skalForAvsteg behövs: bostaden passar inte behovet. ${wanting.join(' ')}`,
      },
  ])
}

/** A no has a reason, a yes has none and is to help that still is granted. */
export const whyNotAnswer = (
  row: StodlagenhetRad,
  { body: { svar, orsak }, today }: { body: Bostadsforslagssvar; today: Day },
): Refusal | null =>
  (svar === 'accepterat' ? whyNotHelp(row, today) : null) ??
  incoherent([
    svar === 'avbojt' &&
      orsak == null && { pointer: '/orsak', kod: 'saknas', detail: 'orsak behövs när svaret är avbojt.' },
    svar === 'accepterat' &&
      orsak != null && { pointer: '/orsak', kod: 'okant-falt', detail: 'orsak hör bara till svaret avbojt.' },
  ])

/** What a lease is held against. */
export type Avtalsfakta = {
  body: Stodlagenhetsavtal
  today: Day
  /** The last waiver of this home that has no reason to be longer than four years, or null. */
  avstaendeTill: Day | null
  /** Then nothing is said of the decision. */
  fromLandlord: boolean
}

/**
 * The tenant is told of the terms before the contract (RH 2018:28), and both have been. The access is within a year and
 * within the decision, so that nobody waits for years with a home that nobody else can have.
 */
export const whyNotSign = (
  row: StodlagenhetRad,
  { body, today, avstaendeTill, fromLandlord }: Avtalsfakta,
): Refusal | null => {
  const { koDatum, beslutTill } = row
  if (whyNotHelp(row, today)) return fromLandlord ? kanInteTecknas() : beslutetGallerInte()
  const waivedFrom = avstaendeTill && monthsAfter(avstaendeTill, -avstaendeManader)
  return incoherent([
    (body.avtalDatum > today || body.avtalDatum < koDatum) && {
      pointer: '/avtalDatum',
      kod: 'utanfor-granserna',
      // The landlord signs too, and is not told when the decision was.
      detail: 'avtalDatum ska ligga mellan beslutet om stödlägenheten och i dag.',
    },
    body.informeradOmVillkorDatum > body.avtalDatum && {
      pointer: '/informeradOmVillkorDatum',
      kod: 'efter-avtalet',
      detail: 'informeradOmVillkorDatum är senast avtalDatum: villkoren lämnas före avtalet.',
    },
    body.tilltrade < body.avtalDatum && {
      pointer: '/tilltrade',
      kod: 'fore-avtalet',
      detail: 'tilltrade är tidigast avtalDatum.',
    },
    (body.tilltrade > monthsAfter(today, tilltradeManader) || (beslutTill !== null && body.tilltrade > beslutTill)) && {
      pointer: '/tilltrade',
      kod: 'for-sent',
      detail: 'tilltrade är senast ett år från i dag, och medan beslutet om stödlägenheten gäller.',
    },
    waivedFrom !== null &&
      body.tilltrade < waivedFrom && {
        pointer: '/tilltrade',
        kod: 'avstaendet-for-langt',
        detail: `tilltrade är tidigast ${waivedFrom}: annars är avståendet från besittningsskydd längre än fyra år.`,
      },
  ])
}

const within = (pointer: string, day: Day, first: Day, today: Day, what: string): FieldError | false =>
  (day > today || day < first) && {
    pointer,
    kod: 'utanfor-granserna',
    detail: `${pointer.slice(1)} ska ligga mellan ${what}, ${first}, och i dag.`,
  }

/** From these states on there is a day of access: the database keeps it so. */
const tilltradeOf = ({ tilltrade, koDatum }: StodlagenhetRad): Day => tilltrade ?? koDatum

/** Moved in between the day of access and today, on a day that the decision held. */
export const whyNotMoveIn = (
  row: StodlagenhetRad,
  { body, today }: { body: Inflyttning; today: Day },
): Refusal | null =>
  incoherent([within('/datum', body.datum, tilltradeOf(row), today, 'tillträdet')]) ?? whyNotHelp(row, body.datum)

/**
 * The assistance ends on a day that has been, within the decision; the state is another from then on.
 *
 * @param barnen whether there is a finished checklist with each child, or no children
 */
export const whyNotEndAssistance = (
  { beslutFran, beslutTill }: StodlagenhetRad,
  { body, today, barnen }: { body: BistandetsUpphorande; today: Day; barnen: boolean },
): Refusal | null => {
  const last = beslutTill === null ? today : earliest(today, beslutTill)
  return (
    incoherent([
      (body.datum < beslutFran || body.datum > last) && {
        pointer: '/datum',
        kod: 'utanfor-granserna',
        detail: `datum ska ligga mellan ${beslutFran}, då beslutet började gälla, och ${last}.`,
      },
    ]) ?? (barnen ? null : barnchecklistaBehovs())
  )
}

/** A yes has the day of the own contract, which is not far ahead: the home is the tenant's own at once. A no has its reason. */
export const whyNotAnswerTakeover = (
  row: StodlagenhetRad,
  { body: { svar, orsak, forstahandDatum }, today }: { body: Overtagandesvar; today: Day },
): Refusal | null => {
  const yes = svar === 'godkant'
  const last = monthsAfter(today, forstahandManader)
  return incoherent([
    yes &&
      forstahandDatum == null && {
        pointer: '/forstahandDatum',
        kod: 'saknas',
        detail: 'forstahandDatum behövs när svaret är godkant.',
      },
    yes &&
      forstahandDatum != null &&
      forstahandDatum <= tilltradeOf(row) && {
        pointer: '/forstahandDatum',
        kod: 'fore-tilltradet',
        detail: `forstahandDatum ska ligga efter tillträdet, ${tilltradeOf(row)}.`,
      },
    yes &&
      forstahandDatum != null &&
      forstahandDatum > last && {
        pointer: '/forstahandDatum',
        kod: 'for-sent',
        detail: `forstahandDatum är senast ${last}, ett halvår från i dag. Svara när dagen är närmare.`,
      },
    yes && orsak != null && { pointer: '/orsak', kod: 'okant-falt', detail: 'orsak hör bara till svaret ejGodkant.' },
    !yes && orsak == null && { pointer: '/orsak', kod: 'saknas', detail: 'orsak behövs när svaret är ejGodkant.' },
    !yes &&
      forstahandDatum != null && {
        pointer: '/forstahandDatum',
        kod: 'okant-falt',
        detail: 'forstahandDatum hör bara till svaret godkant.',
      },
  ])
}

/**
 * Why notice cannot be given: a day is wrong, socialnämnden has not been told, or the children's situation is not tried.
 *
 * @param barnen whether there is a finished checklist with each child, or no children
 * @param fromLandlord then nothing is said of children or checklists
 */
export const whyNotGiveNotice = (
  _: StodlagenhetRad,
  {
    body,
    today,
    barnen,
    fromLandlord,
  }: { body: Stodlagenhetsuppsagning; today: Day; barnen: boolean; fromLandlord: boolean },
): Refusal | null => {
  const misconduct = body.grund === 'hyresskuld' || body.grund === 'storning'
  const told = body.socialnamndenMeddelad
  const incomplete = incoherent([
    body.uppsagdTill < today && {
      pointer: '/uppsagdTill',
      kod: 'i-det-forflutna',
      detail: 'uppsagdTill kan inte ligga före i dag.',
    },
    misconduct &&
      told == null && {
        pointer: '/socialnamndenMeddelad',
        kod: 'saknas',
        detail: 'socialnamndenMeddelad behövs när grunden är hyresskuld eller storning.',
      },
    told != null &&
      told > today && {
        pointer: '/socialnamndenMeddelad',
        kod: 'i-framtiden',
        detail: 'socialnamndenMeddelad kan inte ligga efter i dag.',
      },
  ])
  if (incomplete || barnen) return incomplete
  return fromLandlord ? kanInteSagasUppAn() : barnchecklistaBehovs()
}

/** Moved out between the day of access and today. */
export const whyNotMoveOut = (
  row: StodlagenhetRad,
  { body, today }: { body: Utflyttning; today: Day },
): Refusal | null => incoherent([within('/datum', body.datum, tilltradeOf(row), today, 'tillträdet')])

/** The outcome goes with how it ended: an own contract after a takeover, no withdrawal after having lived there. */
export const whyNotClose = ({ tillstand }: StodlagenhetRad, { utfall }: Stodlagenhetsavslut): Refusal | null =>
  incoherent([
    tillstand === 'overlaten' &&
      utfall !== 'egetKontrakt' && {
        pointer: '/utfall',
        kod: 'overtaget',
        detail: 'Hyresgästen har tagit över kontraktet: utfall är egetKontrakt.',
      },
    tillstand === 'avflyttad' &&
      utfall === 'aterkallat' && {
        pointer: '/utfall',
        kod: 'har-bott',
        detail: 'Personen har bott i stödlägenheten: utfall är något annat än aterkallat.',
      },
  ])

/**
 * A waiver is written from the day that a home is allotted, for at most four years from the access (from today while
 * that is not known) unless a reason says why longer.
 */
export function whyNotWaive(
  { tillstand, tilltrade }: StodlagenhetRad,
  { giltigtTill, skalLangreTid }: NyttAvstaende,
  today: Day,
): Refusal | null {
  if (!(['tilldelad', ...hyr] as string[]).includes(tillstand)) return ingenBostadAn()
  const last = monthsAfter(tilltrade ?? today, avstaendeManader)
  return incoherent([
    giltigtTill < today && {
      pointer: '/giltigtTill',
      kod: 'i-det-forflutna',
      detail: 'giltigtTill kan inte ligga före i dag.',
    },
    giltigtTill > last &&
      skalLangreTid == null && {
        pointer: '/skalLangreTid',
        kod: 'saknas',
        detail: `skalLangreTid behövs när giltigtTill ligger efter ${last}, fyra år från tillträdet.`,
      },
  ])
}

export const whyNotSend = (
  { upprattat }: AvstaendeRad,
  { body, today }: { body: Avstaendeinskickning; today: Day },
): Refusal | null => incoherent([within('/datum', body.datum, upprattat, today, 'upprättandet')])

export const whyNotDecideWaiver = (
  { inskickat, upprattat }: AvstaendeRad,
  { body, today }: { body: Avstaendebeslut; today: Day },
): Refusal | null => incoherent([within('/datum', body.datum, inskickat ?? upprattat, today, 'inskickandet')])

const whyNobodyLives = ({ tillstand }: StodlagenhetRad, states: readonly string[] = bor): Refusal | null =>
  states.includes(tillstand) ? null : borInte()

/** @param nasta as it will be kept */
export const whyNotFollowUp = (
  row: StodlagenhetRad,
  { datum }: NyUppfoljning,
  nasta: Day | null,
  today: Day,
): Refusal | null =>
  whyNobodyLives(row) ??
  incoherent([
    within('/datum', datum, tilltradeOf(row), today, 'tillträdet'),
    nasta !== null &&
      nasta <= datum && { pointer: '/nasta', kod: 'inte-efter', detail: 'nasta ska ligga efter datum.' },
  ])

/** A disturbance has its severity, arrears their sum; a debt may be paid, or found, after the tenant has left. */
export const whyNotReport = (
  row: StodlagenhetRad,
  { slag, datum, allvar, hyresskuldOre }: NyBoendehandelse,
  today: Day,
): Refusal | null => {
  const belongs = (field: 'allvar' | 'hyresskuldOre', value: unknown, of: string): FieldError | false =>
    (slag === of) === (value == null) && {
      pointer: `/${field}`,
      kod: slag === of ? 'saknas' : 'okant-falt',
      detail: slag === of ? `${field} behövs när slag är ${of}.` : `${field} hör bara till slaget ${of}.`,
    }
  return (
    whyNobodyLives(row, slag === 'hyresskuld' ? [...bor, 'avflyttad'] : bor) ??
    incoherent([
      within('/datum', datum, tilltradeOf(row), today, 'tillträdet'),
      belongs('allvar', allvar, 'storning'),
      belongs('hyresskuldOre', hyresskuldOre, 'hyresskuld'),
    ])
  )
}
