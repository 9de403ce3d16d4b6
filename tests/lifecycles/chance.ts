/** Chance that comes again: the same seed gives the same sequence (mulberry32). */
export function chance(seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  /** A whole number, both ends included. */
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const one = <T>(list: readonly T[]): T => list[int(0, list.length - 1)] as T
  return {
    int,
    one,
    /** True so often, between 0 and 1. */
    maybe: (share: number) => next() < share,
    /** A key, as often as its weight says. */
    weighted: <K extends string>(weights: Record<K, number>): K => {
      const entries = Object.entries(weights) as [K, number][]
      const sum = entries.reduce((total, [, weight]) => total + weight, 0)
      let left = next() * sum
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      return (entries.at(-1) as [K, number])[0]
    },
    /** Mostly one of the latest: what happens to a row happens in succession. */
    recent: <T>(list: readonly T[]): T => one(next() < 0.85 ? list.slice(-12) : list),
  }
}
export type Chance = ReturnType<typeof chance>
