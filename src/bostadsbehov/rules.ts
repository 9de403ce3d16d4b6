import { type Day, daysAfter, earliest, monthsAfter } from '../shared/dates.ts'
import { incoherent, type Refusal } from '../shared/refusals.ts'
import { type Delar, type Horisont, horisonter, type Insats, insatser } from './schema.ts'

/** What the days of a figure are: the year, the years that a yearly mean is of, or so many years ahead. */
export type Avser = 'ar' | 'medel' | Horisont
export type Tid = { fran: Day; till: Day }

/** There are no figures of a year that has not begun. */
export const whyNotYear = (ar: number, today: Day): Refusal | null =>
  incoherent([
    ar > Number(today.slice(0, 4)) && {
      pointer: 'query/ar',
      kod: 'efter-i-ar',
      detail: 'ar ska vara i år eller ett tidigare år.',
    },
  ])

/**
 * The days of each kind of figure. A year that goes on ends today; its mean is of the whole years up to then. The years
 * are counted before the day is moved, so that they begin right after a leap day as well.
 *
 * @param medelAr years of the mean
 */
export function timesOf(ar: number, today: Day, medelAr: number): (avser: Avser) => Tid {
  const year = { fran: `${ar}-01-01`, till: earliest(`${ar}-12-31`, today) }
  return avser => {
    if (avser === 'ar') return year
    if (avser === 'medel') return { fran: daysAfter(monthsAfter(year.till, -12 * medelAr), 1), till: year.till }
    return { fran: daysAfter(year.till, 1), till: monthsAfter(year.till, 12 * avser) }
  }
}

/** A figure as the projection reads it: null when it is hidden. */
export type Tal = { varde: number | null; fordelning: { dimension: string; varde: string; antal: number }[] }
/** The figures that a projection is made of, by their code; null where the kind of help has none. */
export type Kallor = {
  vantar: string
  beviljade: string
  lediga: string | null
  frigors: string
  planerade: string | null
  lamnar: string | null
}

const named: Record<Insats, string> = { stodlagenhet: 'Stodlagenhet', bostadForst: 'BostadForst', fortur: 'Fortur' }
/**
 * Where the parts of a projection come from. Who has a förtur is let a home by a landlord, so its supply is the
 * contracts.
 */
export const kallor = (insats: Insats, ar: Horisont): Kallor => ({
  vantar: `vantande${named[insats]}`,
  beviljade: `beviljade${named[insats]}`,
  ...(insats === 'fortur'
    ? { lediga: null, frigors: 'kontraktFortur', planerade: null, lamnar: null }
    : {
        lediga: `lediga${named[insats]}`,
        frigors: `frigjorda${named[insats]}`,
        planerade: `planerade${named[insats]}${ar}`,
        lamnar: `lamnar${named[insats]}${ar}`,
      }),
})

const rounded = (value: number) => Math.round(value * 10) / 10
/** A sum with something unknown in it is unknown. */
const sum = (...parts: (number | null)[]): number | null =>
  parts.reduce((total: number | null, part) => (total === null || part === null ? null : rounded(total + part)), 0)
const negative = (part: number | null) => part && -part

/** Need against supply in so many years, of figures given by code. All but those who wait and what is vacant now are of the time ahead. */
function delarOf(of: (kod: string) => number | null, k: Kallor, ar: Horisont, medelAr: number): Delar {
  const ahead = (kod: string) => {
    const found = of(kod)
    return found === null ? null : rounded((found / medelAr) * ar)
  }
  const orNone = (kod: string | null) => (kod === null ? 0 : of(kod))
  const vantar = of(k.vantar)
  const tillkommer = ahead(k.beviljade)
  const behov = sum(vantar, tillkommer)
  const lediga = orNone(k.lediga)
  const frigors = ahead(k.frigors)
  const planerade = orNone(k.planerade)
  const lamnar = orNone(k.lamnar)
  const utbud = sum(lediga, frigors, planerade, negative(lamnar))
  return { vantar, tillkommer, behov, lediga, frigors, planerade, lamnar, utbud, saknas: sum(behov, negative(utbud)) }
}

function berakningOf(k: Kallor, ar: Horisont, medelAr: number): string {
  const pool = k.lediga && ` + ${k.lediga} + ${k.planerade} - ${k.lamnar}`
  return [
    `behov = ${k.vantar} + ${k.beviljade} / ${medelAr} × ${ar}`,
    `utbud = ${k.frigors} / ${medelAr} × ${ar}${pool ?? ''}`,
    'saknas = behov - utbud',
  ].join('; ')
}

/**
 * Need against supply of every kind of help in one, three and five years: the sums of figures that are in the same
 * answer, rounded to one decimal.
 *
 * @param matt every figure, by its code
 * @param medelAr years that the yearly means are of
 */
export const prognoserOf = (matt: ReadonlyMap<string, Tal>, medelAr: number) =>
  insatser.flatMap(insats =>
    horisonter.map(horisontAr => {
      const k = kallor(insats, horisontAr)
      const bySize = (kod: string, rum: string) =>
        matt.get(kod)?.fordelning.find(({ dimension, varde }) => dimension === 'rum' && varde === rum)?.antal ?? 0
      const sizes = new Set(
        Object.values(k).flatMap(
          kod =>
            matt
              .get(kod ?? '')
              ?.fordelning.filter(({ dimension }) => dimension === 'rum')
              .map(({ varde }) => varde) ?? [],
        ),
      )
      return {
        insats,
        horisontAr,
        ...delarOf(kod => matt.get(kod)?.varde ?? null, k, horisontAr, medelAr),
        berakning: berakningOf(k, horisontAr, medelAr),
        perRum: [...sizes].sort().map(rum => ({ rum, ...delarOf(kod => bySize(kod, rum), k, horisontAr, medelAr) })),
      }
    }),
  )
