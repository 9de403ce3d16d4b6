import { type Indikatortal, statistics, statisticsRows } from '../shared/figures.ts'
import { type Cell, writeSheet } from '../shared/spreadsheet.ts'
import type { Work } from '../shared/work.ts'
import type { Matt } from './definitions.ts'
import { prognoserOf, type Tid, timesOf, whyNotYear } from './rules.ts'
import { delnamn } from './schema.ts'
import { bostadsbehov, matt } from './statistics.ts'

const alla: readonly Matt['avser'][] = [...new Set(matt.map(({ avser }) => avser))]

/** @throws 422 for a year that has not begun */
function times({ today, config }: Work, ar: number) {
  const refusal = whyNotYear(ar, today)
  if (refusal) throw refusal
  return timesOf(ar, today, config.BOSTADSBEHOV_MEDEL_AR)
}

export type Behov = Awaited<ReturnType<typeof housingNeed>>

/**
 * The figures of a year, and need against supply from its last day on.
 *
 * @param masked for a caller who sees figures but not cases
 * @throws 422 for a year that has not begun
 */
export async function housingNeed(work: Work, ar: number, masked: boolean) {
  const timeOf = times(work, ar)
  const found = new Map<string, Indikatortal & Tid>()
  // One after another: they share the caller's connection.
  for (const avser of alla) {
    const tid = timeOf(avser)
    const area = { ...bostadsbehov, indikatorer: matt.filter(one => one.avser === avser) }
    for (const tal of await statistics(work, area, tid, masked)) found.set(tal.kod, { ...tal, ...tid })
  }
  const medelAr = work.config.BOSTADSBEHOV_MEDEL_AR
  return {
    ar,
    ...timeOf('ar'),
    medelAr,
    matt: matt.map(({ kod }) => found.get(kod) as Indikatortal & Tid),
    prognoser: prognoserOf(found, medelAr).map(prognos => ({
      ...prognos,
      till: timeOf(prognos.horisontAr).till,
    })),
  }
}

/** One page of the records behind a figure. @throws 422 for a year that has not begun */
export function housingNeedRows(
  work: Work,
  kod: string,
  ar: number,
  page: { limit: number; offset: number; countedAtMost: number },
) {
  const { avser } = matt.find(one => one.kod === kod) as Matt
  return statisticsRows(work, bostadsbehov, kod, times(work, ar)(avser), page)
}

const columns = [
  'del',
  'kod',
  'namn',
  'enhet',
  'fran',
  'till',
  'horisont_ar',
  'dimension',
  'grupp',
  'varde',
  'forklaring',
] as const
type Rad = Record<(typeof columns)[number], Cell>

/** The same numbers as a spreadsheet, one on each row. */
export const needSheet = (behov: Behov): AsyncGenerator<string> => writeSheet(columns, cellsOf(behov))

function* cellsOf({ matt, prognoser }: Behov): Generator<Rad> {
  const none = { horisont_ar: null, dimension: null, grupp: null }
  for (const { kod, namn, enhet, fran, till, varde, definition, fordelning } of matt) {
    const of = { kod, namn, enhet, fran, till }
    yield { del: 'matt', ...of, ...none, varde, forklaring: definition }
    for (const { dimension, varde, antal } of fordelning)
      yield { del: 'fordelning', ...of, ...none, enhet: 'st', dimension, grupp: varde, varde: antal, forklaring: null }
  }
  for (const { insats, horisontAr, till, berakning, perRum, ...delar } of prognoser) {
    const row = (del: string, rum: string | null, varde: number | null): Rad => ({
      del: 'prognos',
      kod: insats,
      namn: del,
      enhet: 'st',
      fran: null,
      till,
      horisont_ar: horisontAr,
      dimension: rum && 'rum',
      grupp: rum,
      varde,
      forklaring: berakning,
    })
    for (const name of delnamn) yield row(name, null, delar[name])
    for (const { rum, ...sized } of perRum) for (const name of delnamn) yield row(name, rum, sized[name])
  }
}
