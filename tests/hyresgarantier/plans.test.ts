import { fill } from '../../bench/fill.ts'
import { type Filter, listHyresgarantier, sorteringar } from '../../src/hyresgarantier/list.ts'
import type { Work } from '../../src/shared/work.ts'
import { createTestDatabase, startTestApp } from '../harness.ts'

const url = await createTestDatabase()
const rows = 60_000
const { hyresvard, storHyresvard, hushall } = await fill(url, rows)
const { owner } = await startTestApp({ url })

type Node = { 'Node Type': string; 'Relation Name'?: string; Plans?: Node[] }
const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** What a list asks, planned as an ordinary caller's. */
async function plansOf(filter: Filter, page: { limit: number; offset: number }): Promise<Node[][]> {
  const asked: { text: string; values: unknown[] }[] = []
  const db = {
    query: async (text: string, values: unknown[]) => {
      asked.push({ text, values })
      return [{ total: 0 }].slice(0, asked.length - 1)
    },
  }
  await listHyresgarantier({ db } as unknown as Work, filter, { ...page, countedAtMost: 10_000 })
  const client = await owner.connect()
  try {
    await client.query('SET ROLE hemvist_allman')
    const plans: Node[][] = []
    for (const { text, values } of asked) {
      const explained = await client.query(`EXPLAIN (FORMAT JSON) ${text}`, values)
      plans.push(nodesOf(explained.rows[0]['QUERY PLAN'][0].Plan))
    }
    return plans
  } finally {
    await client.query('RESET ROLE')
    client.release()
  }
}

const filters: [string, Filter][] = [
  ['nothing', {}],
  ['a state that all have', { tillstand: 'aktiv' }],
  ['a state that none has', { tillstand: 'uppsagd' }],
  ['a kind', { garantityp: 'kommunal' }],
  ['a landlord', { hyresvardId: hyresvard }],
  ['the largest landlord and a state', { hyresvardId: storHyresvard, tillstand: 'aktiv' }],
  ['a household', { hushallId: hushall[0] as string }],
  ['a number', { avtalsnummer: 'B-00000017' }],
  ['an end before a day', { giltigTillFore: '2099-01-01' }],
  ['a review that waits', { genomgang: 'vantar' }],
  ['a review that is late', { genomgang: 'forfallen' }],
  ['all of it', { tillstand: 'aktiv', garantityp: 'kommunal', giltigTillFore: '2099-01-01', genomgang: 'vantar' }],
  ['what a landlord sees', { hyresvardId: storHyresvard, utlamnad: true }],
]

describe.each([
  ['the first page', { limit: 20, offset: 0 }],
  ['a page far into it', { limit: 20, offset: rows / 5 }],
])('%s', (_, page) => {
  test.each(filters)('by %s never reads the whole table, however sorted', async (_, filter) => {
    for (const sort of sorteringar)
      for (const plan of await plansOf({ ...filter, sort }, page)) {
        const whole = plan.filter(node => node['Node Type'] === 'Seq Scan').map(node => node['Relation Name'])
        expect({ sort, whole }).toEqual({ sort, whole: [] })
      }
  })
})
