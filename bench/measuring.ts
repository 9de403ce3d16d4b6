import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Load, Measured } from './load.ts'
import { memoryOf, root } from './services.ts'

/** A load under way. */
export type Running = { done: Promise<Measured>; stop(): void }

export function begin(load: Load): Running {
  const child = spawn(process.execPath, [join(root, 'bench/load.ts')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(load))
  const done = new Promise<Measured>((resolve, reject) => {
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
    })
    child.on('close', code =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the load stopped: ${code}`)),
    )
  })
  return { done, stop: () => child.kill('SIGTERM') }
}

export const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
export const rounded = (number: number, decimals = 2): number => Number(number.toFixed(decimals))

/** One of those that are measured against each other. */
export type Contestant = { name: string; load: Omit<Load, 'connections' | 'seconds'>; pid: number }
export type Result = { perSecond: number; p50: number; p99: number; memoryMb: number; rounds: number[] }

/**
 * Measures the contestants turn by turn, so that a noisy machine hits all of them. The first time each is asked is not
 * counted.
 *
 * @throws when any request fails
 */
export async function turnByTurn(
  contestants: Contestant[],
  { connections, seconds, rounds, warm }: { connections: number; seconds: number; rounds: number; warm: boolean },
): Promise<Record<string, Result>> {
  const measured = new Map(contestants.map(({ name }) => [name, [] as Measured[]]))
  for (let round = warm ? -1 : 0; round < rounds; round++)
    for (const { name, load } of contestants) {
      const one = await begin({ ...load, connections, seconds }).done
      if (one.failed > 0) throw new Error(`${name}, ${load.requests[0]?.path}: ${one.firstFailure}`)
      if (round >= 0) measured.get(name)?.push(one)
    }
  const resultOf = ({ name, pid }: Contestant): Result => {
    const all = measured.get(name) ?? []
    const middle = (of: (one: Measured) => number) => rounded(median(all.map(of)))
    return {
      perSecond: rounded(
        middle(one => one.perSecond),
        1,
      ),
      p50: middle(one => one.p50),
      p99: middle(one => one.p99),
      memoryMb: memoryOf(pid),
      rounds: all.map(one => one.perSecond),
    }
  }
  return Object.fromEntries(contestants.map(one => [one.name, resultOf(one)]))
}

/** How fast one is of another: the median of the rounds, each against the round beside it. */
export const shareOf = (one: Result, other: Result): number =>
  rounded(median(one.rounds.map((speed, round) => speed / (other.rounds[round] ?? Number.NaN))))
