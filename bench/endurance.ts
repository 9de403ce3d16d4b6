import { begin, rounded } from './measuring.ts'
import type { Timed } from './once.ts'
import { memoryOf } from './services.ts'
import type { Bench } from './setting.ts'
import { worksOf } from './works.ts'

const connections = 200
const share = 0.8
/** Of ten requests so many are of each work. */
const mix: Record<string, number> = {
  'get one guarantee': 8,
  'list 50, filtered and sorted': 1,
  'change, with If-Match': 1,
}

/** Goes on at a speed that the service can keep, for minutes: whether it answers all, keeps its pace and its memory. */
export async function endure({ ours, register, seconds, lastSeconds, headersFor }: Bench): Promise<Timed[]> {
  const works = worksOf(register.filled)
  const requests = Array.from({ length: 200 }, (_, n) =>
    Object.entries(mix).flatMap(([name, times]) => {
      const asked = works.find(work => work.name === name)?.requests ?? []
      return Array.from({ length: times }, (_, m) => asked[(n * times + m) % asked.length] as (typeof asked)[number])
    }),
  ).flat()
  const load = { base: ours.base, connections, requests, headers: await headersFor() }
  await begin({ ...load, seconds }).done
  const fastest = await begin({ ...load, seconds: seconds * 2 }).done

  const running = begin({ ...load, seconds: lastSeconds ?? 0, rate: share * fastest.perSecond })
  const memory: number[] = []
  const timer = setInterval(() => memory.push(memoryOf(ours.pid)), 500)
  const measured = await running.done
  clearInterval(timer)
  // Its first tenth warms up.
  const settled = memory.slice(Math.floor(memory.length / 10))
  const part = Math.max(1, Math.floor(settled.length / 10))
  const mean = (numbers: number[]) => rounded(numbers.reduce((sum, number) => sum + number, 0) / numbers.length, 0)
  const work = `${connections} connections at ${Math.round(share * fastest.perSecond)}/s for ${lastSeconds} s`
  return [
    { work, what: 'asked', value: measured.asked, unit: 'requests' },
    { work, what: 'failed', value: measured.failed, unit: 'requests', goal: 'none' },
    { work, what: 'p50', value: measured.p50, unit: 'ms' },
    { work, what: 'p99', value: measured.p99, unit: 'ms' },
    { work, what: 'p99 to p50', value: rounded(measured.p99 / measured.p50), unit: 'times', goal: 'at most 10' },
    { work, what: 'memory at the beginning', value: mean(settled.slice(0, part)), unit: 'MB' },
    { work, what: 'memory at the end', value: mean(settled.slice(-part)), unit: 'MB', goal: 'the same' },
    { work, what: 'largest memory', value: Math.max(...memory), unit: 'MB' },
  ]
}
