import type { Filled } from './fill.ts'
import type { Asked } from './load.ts'
import { shareOf, turnByTurn } from './measuring.ts'
import type { Line } from './report.ts'
import type { Name } from './services.ts'
import type { Bench } from './setting.ts'

/** Something that is asked over and over. */
export type Work = {
  name: string
  /** The share of the floor's speed to reach; null where none is set. */
  goal: number | null
  requests: Asked[]
  /** The landlord that asks; a caseworker when absent. */
  hyresvard?: string
  /** Who can be asked it besides the service. */
  against: Name[]
  /** Those of them that take so long that they are asked over one connection only. */
  slow?: Name[]
  connections: number[]
}

const all = [1, 20, 200]
/** A request that takes a whole core for long: with two hundred at a time only the queue would be measured. */
const few = [1, 20]

const json = (method: string, path: string, body: object, type?: string): Asked => ({
  method,
  path,
  body: JSON.stringify(body),
  type,
})

/** Batches of a landlord's answers: the same reviews again and again, each time with other answers. */
function batches(genomgangar: string[], size: number): Asked[] {
  const starts = Array.from({ length: Math.ceil(genomgangar.length / size) }, (_, n) => n * size)
  return [0, 1, 2].flatMap(storningar =>
    starts.map(start =>
      json('POST', '/v1/hyresvard/genomgangssvar', {
        svar: genomgangar.slice(start, start + size).map(genomgangId => ({
          genomgangId,
          manaderITid: 12,
          forsenadeBetalningar: 0,
          storningar,
          hyresskuldOre: 0,
          rekommenderarAvslut: true,
        })),
      }),
    ),
  )
}

/** The work of the table: what is asked, by whom, and what share of the floor's speed is the goal. */
export const worksOf = ({ garantier, hushall, hyresvard, storHyresvard, genomgangar }: Filled): Work[] => [
  {
    name: 'get one guarantee',
    goal: 0.85,
    requests: garantier.map(id => ({ method: 'GET', path: `/v1/hyresgarantier/${id}` })),
    against: ['floor', 'nest', 'withoutLog'],
    connections: all,
  },
  {
    name: 'list 50, filtered and sorted',
    goal: 0.85,
    requests: [{ method: 'GET', path: '/v1/hyresgarantier?tillstand=aktiv&sort=giltigTill&limit=50' }],
    against: ['floor', 'nest', 'withoutLog'],
    connections: all,
  },
  {
    name: 'due reviews of a landlord',
    goal: 0.85,
    requests: [{ method: 'GET', path: '/v1/hyresvard/genomgangar?limit=50' }],
    hyresvard,
    against: ['floor', 'nest', 'withoutLog'],
    connections: all,
  },
  {
    name: 'create',
    goal: 0.7,
    requests: hushall.map(hushallId =>
      json('POST', '/v1/hyresgarantier', {
        hushallId,
        hyresvardId: hyresvard,
        garantityp: 'kommunal',
        garanteradeManader: 6,
        beslutDatum: '2026-01-20',
        beslutsfattare: 'Karin Ek',
        manadshyraOre: 845000,
      }),
    ),
    against: ['floor', 'nest'],
    connections: all,
  },
  {
    name: 'change, with If-Match',
    goal: 0.7,
    requests: garantier.map(id =>
      json('PATCH', `/v1/hyresgarantier/${id}`, { diarienummer: 'SN 2026/1' }, 'application/merge-patch+json'),
    ),
    against: ['floor', 'nest'],
    connections: all,
  },
  {
    name: 'batch of 1 000 answers',
    goal: null,
    requests: batches(genomgangar, 1000),
    hyresvard: storHyresvard,
    against: ['floor', 'nest'],
    slow: ['nest'],
    connections: few,
  },
  {
    name: 'statistics of a year',
    goal: null,
    requests: [{ method: 'GET', path: '/v1/hyresgarantier/statistik?fran=2026-01-01&till=2026-12-31' }],
    against: ['floor'],
    connections: few,
  },
]

/** The works whose time is to be the same in a register a hundred times as large. */
export const comparedBySize = (work: Work): boolean => work.goal !== null && work.name !== 'create'

/** Those beside the service know neither tokens nor types of patches: the landlord is told them, and JSON is JSON. */
const requestsTo = (name: Name, { requests, hyresvard }: Work): Asked[] =>
  name === 'service' || name === 'withoutLog'
    ? requests
    : requests.map(({ path, type, ...rest }) => ({
        ...rest,
        path: hyresvard ? `${path}${path.includes('?') ? '&' : '?'}vard=${hyresvard}` : path,
      }))

/** One work, at each number of connections, by all who can do it. */
export async function* measureWork(bench: Bench, work: Work): AsyncGenerator<Line> {
  const services = bench.services.filter(({ name }) => name === 'service' || work.against.includes(name))
  const headers = await bench.headersFor(work)
  const contestants = services.map(({ name, pid, base }) => ({
    name,
    pid,
    load: { base, requests: requestsTo(name, work), headers },
  }))
  let warm = true
  for (const connections of bench.kort ? [20] : work.connections) {
    const able = contestants.filter(({ name }) => connections === 1 || !work.slow?.includes(name))
    const { service, ...others } = await turnByTurn(able, { ...bench, connections, warm })
    warm = false
    if (!service) return
    const of = Object.fromEntries(Object.entries(others).map(([name, other]) => [name, shareOf(service, other)]))
    yield { work: work.name, connections, goal: work.goal, results: { service, ...others }, of }
  }
}
