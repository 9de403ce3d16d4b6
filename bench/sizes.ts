import { type Contestant, rounded, turnByTurn } from './measuring.ts'
import type { Timed } from './once.ts'
import { type Service, stop } from './services.ts'
import type { Bench, Register } from './setting.ts'
import { comparedBySize, type Work, worksOf } from './works.ts'

type Sized = { register: Register; service: Service }

/** The same work in a small register and a large one, and the far end of the large one's lists. */
export async function compareSizes(bench: Bench): Promise<Timed[]> {
  const [fewer, more] = bench.sizes
  if (!fewer || !more) return []
  const small = await bench.another(fewer)
  const large = await bench.another(more)
  try {
    return [...(await sameWork(bench, small, large)), ...(await deepPages(bench, large))]
  } finally {
    await stop(small.service.child, large.service.child)
  }
}

async function sameWork(bench: Bench, small: Sized, large: Sized): Promise<Timed[]> {
  const lines: Timed[] = []
  const [ofSmall, ofLarge] = [small, large].map(({ register }) => worksOf(register.filled).filter(comparedBySize)) as [
    Work[],
    Work[],
  ]
  for (const [index, work] of ofSmall.entries()) {
    const contestants = await Promise.all(
      [
        { ...small, name: 'small', one: work },
        { ...large, name: 'large', one: ofLarge[index] as Work },
      ].map(
        async ({ name, service, one }): Promise<Contestant> => ({
          name,
          pid: service.pid,
          load: { base: service.base, requests: one.requests, headers: await bench.headersFor(one) },
        }),
      ),
    )
    const { small: here, large: there } = await turnByTurn(contestants, { ...bench, connections: 20, warm: true })
    if (!here || !there) continue
    const name = `${work.name}, ${large.register.filled.rows} to ${small.register.filled.rows}`
    lines.push(
      { work: name, what: 'in the small', value: here.p50, unit: 'ms' },
      { work: name, what: 'in the large', value: there.p50, unit: 'ms' },
      {
        work: name,
        what: 'time',
        value: rounded(here.perSecond / there.perSecond),
        unit: 'times',
        goal: 'at most 1.2',
      },
    )
  }
  return lines
}

/** How the lists can be asked, the worst of them among these. */
const lists = [
  '?sort=avtalsnummer',
  '?tillstand=aktiv&sort=giltigTill',
  '?garantityp=kommunal&sort=-skapad',
  '?genomgang=vantar&sort=-giltigTill',
]
const pageSize = 20

/** Page 10 000, or the last there is, against the first. */
async function deepPages(bench: Bench, { register, service }: Sized): Promise<Timed[]> {
  const lines: Timed[] = []
  const deep = Math.min(10_000, Math.floor(register.filled.rows / pageSize))
  const headers = await bench.headersFor()
  for (const query of lists) {
    const contestants = [1, deep].map(page => ({
      name: String(page),
      pid: service.pid,
      load: {
        base: service.base,
        requests: [{ method: 'GET', path: `/v1/hyresgarantier${query}&limit=${pageSize}&page=${page}` }],
        headers,
      },
    }))
    const results = await turnByTurn(contestants, { ...bench, connections: 1, warm: true })
    const [first, far] = [results['1']?.p50 ?? 0, results[String(deep)]?.p50 ?? 0]
    const work = `page ${deep} of ${query}`
    lines.push(
      { work, what: 'page 1', value: first, unit: 'ms' },
      { work, what: `page ${deep}`, value: far, unit: 'ms' },
      { work, what: 'time', value: rounded(far / first), unit: 'times', goal: 'at most 5' },
    )
  }
  return lines
}
