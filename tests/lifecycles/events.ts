import { motivering } from '../cases.ts'
import { goodAnswer, nextPersonnummer } from '../people.ts'
import { investigation, type Stage } from './bodies.ts'
import { body, type Call, cast, names } from './cast.ts'
import { command } from './commands.ts'
import { homeEvents } from './home-events.ts'
import { is, type Move, pick, post } from './moves.ts'
import type { Row } from './rows.ts'
import type { TableName } from './tables.ts'

const childrenOf = ({ rowsOf }: Stage, hushallId: unknown): Row[] =>
  rowsOf('person').filter(({ hushall_id, roll }) => hushall_id === hushallId && roll === 'barn')
/** Whether a household has a case that waits for a decision, or a förtur that waits for a home. */
const isWaiting = ({ rowsOf }: Stage, hushallId: unknown): boolean =>
  ['arende', 'fortur'].some(table =>
    rowsOf(table).some(row => row.hushall_id === hushallId && is('utredning', 'beviljad', 'hosHyresvard')(row)),
  )
const handlaggare = ['handlaggare']
/** A day in a month of the guarantee's time. */
const monthOf = (r: Stage['r'], garanti: Row | undefined): string =>
  Temporal.PlainDate.from((garanti?.giltig_fran as string) ?? '2026-01-01')
    .add({ months: r.int(0, 5) })
    .toString()
const person = (roll: string) => ({ personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Lind', roll })

/** What else happens: what the commands need, and what comes in between. */
const others = {
  registerHousehold: stage => {
    const { r } = stage
    const medsokande = r.maybe(0.5) ? [person('medsokande')] : []
    const barn = Array.from({ length: r.one([0, 0, 0, 1, 2]) }, () => person('barn'))
    return post(stage, handlaggare, '/hushall', { personer: [person('sokande'), ...medsokande, ...barn] })
  },
  addChild: stage => {
    const hushall = pick(stage, 'hushall', ({ id }) => childrenOf(stage, id).length > 0 && isWaiting(stage, id))
    return hushall && post(stage, handlaggare, `/hushall/${hushall.id}/personer`, person('barn'))
  },
  protect: stage => {
    const one = pick(stage, 'person')
    const hushall = stage.rowsOf('hushall').find(({ id }) => id === one?.hushall_id)
    if (!one || !hushall) return undefined
    const skyddsniva = stage.r.one(['ingen', 'ingen', 'sekretessmarkering', 'skyddadFolkbokforing'])
    const url = `/hushall/${hushall.id}/personer/${one.id}`
    return { ...post(stage, handlaggare, url, { skyddsniva }, hushall), method: 'PATCH' }
  },
  apply: stage => {
    const { r, rowsOf, day } = stage
    const hushall = pick(stage, 'hushall', ({ id }) => r.maybe(0.6) || isWaiting(stage, id))
    const medsokande = rowsOf('person').find(p => p.hushall_id === hushall?.id && p.roll === 'medsokande')
    const insats = r.weighted(stage.insatser)
    const ansokan = { insats, hushallId: hushall?.id, ansokanDatum: day(-20, 0), kanal: 'papper' }
    const together = medsokande && r.one([{}, { medsokandeId: medsokande.id }, { personId: medsokande.id }])
    return hushall && post(stage, handlaggare, '/arenden', { ...ansokan, ...together })
  },
  /** For the other of two who apply together, while they wait for a home. */
  applyAgain: stage => {
    const { rowsOf, day } = stage
    const waiting = ({ medsokande_id, ...row }: Row) => medsokande_id && is('beviljad', 'hosHyresvard')(row)
    const fortur = rowsOf('fortur').findLast(waiting)
    const ansokan = { insats: 'fortur', hushallId: fortur?.hushall_id, ansokanDatum: day(-20, 0), kanal: 'papper' }
    return fortur && post(stage, handlaggare, '/arenden', { ...ansokan, personId: fortur.medsokande_id })
  },
  assign: stage => {
    const arende = pick(stage, 'arende', is('inkommen', 'utredning'))
    return (
      arende &&
      post(stage, handlaggare, `/arenden/${arende.id}/tilldelning`, { handlaggare: stage.r.one(names) }, arende)
    )
  },
  investigate: stage => {
    const cases = new Map(stage.rowsOf('arende').map(row => [row.id, row]))
    const isOpen = ({ arende_id }: Row) => cases.get(arende_id)?.tillstand === 'utredning'
    const utredning = pick(stage, 'utredning', row => isOpen(row) && (!row.brukarsynpunkt || stage.r.maybe(0.15)))
    const arende = cases.get(utredning?.arende_id)
    if (!arende || !utredning) return undefined
    return {
      ...post(stage, handlaggare, `/arenden/${arende.id}/utredning`, investigation(stage), utredning),
      method: 'PUT',
    }
  },
  reportConflict: stage => {
    const arende = pick(stage, 'arende')
    const sub = stage.r.one(['maja', 'karin', 'nils', 'chefen'])
    return arende && post(stage, handlaggare, `/arenden/${arende.id}/jav`, { sub, skal: 'Nära släkting.' })
  },
  beginChecklist: stage => {
    const decidable = is('utredning', 'kommunicerad')
    const known = new Set(stage.rowsOf('barnchecklista').map(({ hushall_id }) => hushall_id))
    const lacks = ({ hushall_id }: Row) => childrenOf(stage, hushall_id).length > 0 && !known.has(hushall_id)
    const arende = pick(stage, 'arende', row => decidable(row) && (lacks(row) || stage.r.maybe(0.2)))
    const arendeId = stage.r.maybe(0.3) ? { arendeId: arende?.id } : {}
    return arende && post(stage, handlaggare, '/barnchecklistor', { hushallId: arende.hushall_id, ...arendeId })
  },
  fillInChecklist: stage => {
    const { r, rowsOf } = stage
    const lista = pick(
      stage,
      'barnchecklista',
      row => row.tillstand === 'paborjad' && (!row.barnets_basta || r.maybe(0.2)),
    )
    const mall = rowsOf('barnchecklistemall').find(({ nummer }) => nummer === lista?.mall_nummer)
    if (!lista || !mall) return undefined
    const words: Record<string, unknown> = { text: 'Prövat.', jaNejEjAktuellt: 'ja', skala: 4 }
    const svar = (mall.punkter as { kod: string; svarstyp: string }[]).map(({ kod, svarstyp }) => ({
      kod,
      svar: words[svarstyp],
    }))
    const barn = childrenOf(stage, lista.hushall_id).map(({ id }) => ({
      personId: id,
      informerad: true,
      hord: r.one(['ja', 'nejAlder', 'nejAnnat']),
      skal: 'Sjuk.',
    }))
    const draft = { svar: r.maybe(0.9) ? svar : [], barn: r.maybe(0.9) ? barn : [], barnetsBasta: 'Nära skolan.' }
    return { ...post(stage, handlaggare, `/barnchecklistor/${lista.id}`, draft, lista), method: 'PUT' }
  },
  deliver: stage => {
    const { r, day } = stage
    const beslut = pick(stage, 'beslut', ({ delgiven_datum }) => !delgiven_datum)
    const delgivning = { delgivenDatum: day(-2, 0), delgivningssatt: r.one(['brev', 'personligen']) }
    return beslut && post(stage, handlaggare, `/beslut/${beslut.id}/delgivning`, delgivning, beslut)
  },
  registerGuarantee: stage => {
    const { r, day } = stage
    const hushall = pick(stage, 'hushall')
    const decided = {
      garantityp: 'bistand',
      garanteradeManader: r.int(1, 6),
      beslutDatum: day(-5, 0),
      beslutsfattare: 'Karin Ek',
    }
    return hushall && post(stage, handlaggare, '/hyresgarantier', { hushallId: hushall.id, ...decided })
  },
  claim: stage => {
    const { r, day } = stage
    const garanti = pick(stage, 'hyresgaranti', is('aktiv', 'avslutForeslaget', 'uppsagd'))
    const month = r.maybe(0.9) ? monthOf(r, garanti) : day(-600, 600)
    const krav = { hyresmanad: month.slice(0, 7), kravtBeloppOre: r.one([800_000, 800_000, 300_000, 900_000]) }
    return garanti && post(stage, handlaggare, `/hyresgarantier/${garanti.id}/krav`, krav)
  },
  answerReview: stage => {
    const { r, landlords } = stage
    const genomgang = pick(stage, 'genomgang', is('vantar', 'besvarad', 'forfallen'))
    const answer = {
      ...goodAnswer,
      manaderITid: r.int(0, 24),
      rekommenderarAvslut: r.maybe(0.6),
      storningar: r.int(0, 1),
    }
    const who = r.maybe(0.9)
      ? names.find(name => landlords[cast[name]?.landlord ?? -1] === genomgang?.hyresvard_id)
      : 'maja'
    const svar = [{ genomgangId: genomgang?.id, ...answer }]
    return genomgang && who
      ? { who, method: 'POST', url: '/hyresvard/genomgangssvar', body: body(stage, { svar }) }
      : undefined
  },
  decideReviews: stage => {
    const chosen = [pick(stage, 'genomgang', is('besvarad')), pick(stage, 'genomgang', is('vantar', 'besvarad'))]
    const utfall = chosen.map(one => ({
      genomgangId: one?.id,
      utfall: stage.r.one(['avsluta', 'fortsatt']),
      motivering,
    }))
    return chosen[0] && post(stage, handlaggare, '/genomgangar/utfall', { utfall })
  },
  changeFortur: stage => {
    const fortur = pick(stage, 'fortur', is('beviljad', 'hosHyresvard', 'erbjuden'))
    const need = { maxRum: stage.r.int(1, 5), koFornyad: stage.day(-300, 0) }
    return fortur && { ...post(stage, handlaggare, `/forturer/${fortur.id}`, need, fortur), method: 'PATCH' }
  },
  withdrawDisclosure: stage => {
    const utlamnande = pick(stage, 'utlamnande')
    return (
      utlamnande &&
      post(
        stage,
        handlaggare,
        `/utlamnanden/${utlamnande.id}/aterkallande`,
        { skal: 'Samtycket dras tillbaka.' },
        utlamnande,
      )
    )
  },
  delegate: stage => {
    const { r, day } = stage
    const insats = r.one(['fortur', 'hyresgaranti', 'tillfalligtBoende'])
    return post(stage, ['administrator'], '/delegationer', {
      delegationspunkt: `${r.int(1, 9)}.${r.int(1, 9)}`,
      beskrivning: 'På prov',
      insats,
      utfall: r.one([['bifall'], ['avslag'], ['bifall', 'delvisBifall', 'avslag']]),
      delegater: r.one([null, ['karin'], ['nils', 'chefen']]),
      maxGiltighetManader: r.one([null, 2, 24]),
      giltigFran: day(-30, r.one([0, 300])),
      giltigTill: r.maybe(0.5) ? day(300, 600) : null,
    })
  },
  endDelegation: stage => {
    // Never the first ones, that everything else rests on.
    const later = stage.rowsOf('delegation').filter(({ beskrivning }) => beskrivning === 'På prov')
    const delegation = later.length > 0 ? stage.r.one(later) : undefined
    const url = `/delegationer/${delegation?.id}/upphorande`
    return delegation && post(stage, ['administrator'], url, { giltigTill: stage.day(-5, 10) }, delegation)
  },
} satisfies Record<string, Move>

/** How often each thing happens in the run about förturer, guarantees and their cases. */
export const weights = {
  arende: 26,
  fortur: 16,
  hyresgaranti: 8,
  garantikrav: 9,
  regressfordran: 7,
  genomgang: 4,
  barnchecklista: 4,
  registerHousehold: 1.6,
  addChild: 0.6,
  protect: 0.15,
  apply: 3,
  applyAgain: 0.4,
  assign: 0.4,
  investigate: 5,
  reportConflict: 0.7,
  beginChecklist: 1.5,
  fillInChecklist: 2,
  deliver: 2,
  registerGuarantee: 1.2,
  claim: 4,
  answerReview: 3,
  decideReviews: 1,
  changeFortur: 0.8,
  withdrawDisclosure: 0.2,
  delegate: 0.4,
  endDelegation: 0.3,
} as const

/** The next thing that someone does, by chance. */
export function nextCall(stage: Stage): Call {
  const what = stage.r.weighted(stage.weights)
  const moves: Record<string, Move> = { ...others, ...homeEvents }
  const call = what in moves ? moves[what]?.(stage) : command(stage, what as TableName)
  return call ?? nextCall(stage)
}
