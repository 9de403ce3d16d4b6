import { readFileSync } from 'node:fs'
import http from 'node:http'

/** What to ask of a service: given on standard input, by a process of its own so that it takes no time from either. */
export type Load = {
  base: string
  connections: number
  seconds: number
  /** Asked in turn, over and over. */
  requests: { method: string; path: string; body?: string; type?: string }[]
  headers: Record<string, string>
}
export type Measured = { perSecond: number; p50: number; p99: number; failed: number; firstFailure: string | null }

const { base, connections, seconds, requests, headers }: Load = JSON.parse(readFileSync(0, 'utf8'))
const { hostname, port } = new URL(base)
const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
const times: number[] = []
let [turn, failed] = [Math.floor(Math.random() * requests.length), 0]
let firstFailure: string | null = null

function ask(): Promise<void> {
  const { method, path, body, type } = requests[turn++ % requests.length] as Load['requests'][number]
  const started = performance.now()
  return new Promise(done => {
    const request = http.request(
      {
        hostname,
        port,
        agent,
        method,
        path,
        headers: { ...headers, ...(body && { 'content-type': type ?? 'application/json' }) },
      },
      answer => {
        const chunks: Buffer[] = []
        answer.on('data', chunk => chunks.push(chunk))
        answer.on('end', () => {
          times.push(performance.now() - started)
          if ((answer.statusCode as number) >= 300) {
            failed++
            firstFailure ??= `${answer.statusCode} ${Buffer.concat(chunks).toString().slice(0, 300)}`
          }
          done()
        })
      },
    )
    request.on('error', error => {
      failed++
      firstFailure ??= error.message
      done()
    })
    request.end(body)
  })
}

let stopped = false
const worker = async () => {
  while (!stopped) await ask()
}
const workers = Array.from({ length: connections }, worker)
const started = performance.now()
await new Promise(resolve => setTimeout(resolve, seconds * 1000))
stopped = true
await Promise.all(workers)
const elapsed = (performance.now() - started) / 1000
times.sort((a, b) => a - b)
const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 100) / 100
const measured: Measured = { perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), failed, firstFailure }
console.log(JSON.stringify(measured))
process.exit()
