import { readFileSync } from 'node:fs'
import http from 'node:http'

export type Asked = { method: string; path: string; body?: string; type?: string }
/** What to ask of a service: given on standard input, by a process of its own so that it takes no time from either. */
export type Load = {
  base: string
  connections: number
  /** How long; SIGTERM ends it before. */
  seconds: number
  /**
   * So many a second, whether or not the service keeps up: then a time is counted from when the request should have
   * been sent. Without it each connection asks again as soon as it is answered.
   */
  rate?: number
  /** Asked in turn, over and over. */
  requests: Asked[]
  headers: Record<string, string>
}
export type Measured = {
  perSecond: number
  p50: number
  p99: number
  asked: number
  failed: number
  firstFailure: string | null
}

const { base, connections, seconds, rate, requests, headers }: Load = JSON.parse(readFileSync(0, 'utf8'))
const { hostname, port } = new URL(base)
const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
const times: number[] = []
let [turn, failed] = [Math.floor(Math.random() * requests.length), 0]
let firstFailure: string | null = null

function ask(started = performance.now()): Promise<void> {
  const { method, path, body, type } = requests[turn++ % requests.length] as Asked
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
const stopping = new Promise<void>(resolve => {
  const stop = () => {
    stopped = true
    resolve()
  }
  setTimeout(stop, seconds * 1000)
  process.once('SIGTERM', stop)
})
const worker = async () => {
  while (!stopped) await ask()
}

/** Sends what is due every few milliseconds; what finds no free connection waits in line for one. */
async function paced(perSecond: number): Promise<void> {
  const waiting = new Set<Promise<void>>()
  for (let sent = 0; !stopped; await new Promise(resolve => setTimeout(resolve, 2)))
    for (; !stopped && sent < ((performance.now() - started) / 1000) * perSecond; sent++) {
      const one = ask(started + (sent / perSecond) * 1000)
      waiting.add(one)
      one.finally(() => waiting.delete(one))
    }
  await Promise.all(waiting)
}

const started = performance.now()
const working = rate ? [paced(rate)] : Array.from({ length: connections }, worker)
await stopping
await Promise.all(working)
const elapsed = (performance.now() - started) / 1000
times.sort((a, b) => a - b)
const at = (share: number) => Math.round((times[Math.floor(times.length * share)] ?? 0) * 100) / 100
const measured: Measured = {
  perSecond: times.length / elapsed,
  p50: at(0.5),
  p99: at(0.99),
  asked: times.length,
  failed,
  firstFailure,
}
console.log(JSON.stringify(measured))
process.exit()
