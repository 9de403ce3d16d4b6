import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Started, startProgram, stopProgram } from '../processes.ts'

/** Between two kills, milliseconds. */
const killInterval = 2500

async function listening(server: http.Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port that nobody has just now: an instance comes back where it was. */
async function freePort(): Promise<number> {
  const server = http.createServer()
  const port = await listening(server)
  server.close()
  return port
}

/** A plain proxy: each request to the next instance in turn, whether that lives or not. */
async function startProxy(ports: number[]) {
  const seen = { requests: 0, lost: 0 }
  const agent = new http.Agent({ keepAlive: true })
  const server = http.createServer((request, response) => {
    const lost = () => {
      seen.lost++
      if (response.headersSent) response.destroy()
      else response.writeHead(502).end()
    }
    const { method, url: path, headers } = request
    const port = ports[seen.requests++ % ports.length]
    const onward = http.request({ host: '127.0.0.1', port, method, path, headers, agent }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.once('error', lost).pipe(response)
    })
    request.pipe(onward.once('error', lost))
  })
  const port = await listening(server)
  const stop = () => {
    agent.destroy()
    server.close()
    server.closeAllConnections()
  }
  return { base: `http://127.0.0.1:${port}`, seen, stop }
}

export type Cluster = Awaited<ReturnType<typeof startCluster>>

/** Service processes on one database, behind a proxy of their own. */
export async function startCluster(size: number, env: Record<string, string>) {
  const ports = await Promise.all(Array.from({ length: size }, freePort))
  const instances: Started[] = []
  const logs: (() => string)[] = []
  let kills = 0
  let killing: Promise<void> | undefined

  function start(index: number): void {
    const service = startProgram('src/main.ts', [], { ...env, PORT: String(ports[index]) })
    instances[index] = service
    logs.push(() => service.output.stdout + service.output.stderr)
  }
  async function ready(index: number): Promise<void> {
    const service = instances[index] as Started
    while (!service.output.stdout.includes('Hemvist listens on ')) {
      if (service.child.exitCode !== null) throw new Error(`An instance ended: ${service.output.stderr}`)
      await sleep(20)
    }
  }
  const allReady = () => Promise.all(ports.map((_, index) => ready(index)))

  for (const index of ports.keys()) start(index)
  await allReady()
  const proxy = await startProxy(ports)

  async function killNext(): Promise<void> {
    const index = kills++ % size
    await ready(index)
    await stopProgram(instances[index] as Started, 'SIGKILL')
    start(index)
  }
  async function killInTurn(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(killInterval, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      await killNext()
    }
  }
  const ending = new AbortController()

  return {
    base: proxy.base,
    /** What has happened: requests that the proxy took, those that a killed instance lost, and kills. */
    figures: () => ({ ...proxy.seen, kills }),
    /** What all instances have logged, the killed too. */
    log: () => logs.map(text => text()).join(''),
    startKilling() {
      killing = killInTurn(ending.signal)
    },
    /** With a last one, which makes up for the jobs that were missed when it starts; done when all are there again. */
    async stopKilling(): Promise<void> {
      ending.abort()
      await killing
      await killNext()
      await allReady()
    },
    async stop() {
      const ends = await Promise.all(instances.map(instance => stopProgram(instance)))
      proxy.stop()
      return ends
    },
  }
}
