import { randomUUID } from 'node:crypto'
import { ok } from '../cases.ts'
import type { Client } from '../harness.ts'

export type Resultat = { index: number; nyckel?: string; utfall: string; id?: string; kod?: string; detail?: string }

/** An item with a key of its own, unless it has one. */
export const item = (slag: string, fields: object): Record<string, unknown> => ({
  nyckel: randomUUID(),
  slag,
  ...fields,
})

/** Sends items as a party; the results. */
export const sender =
  (client: Client, part: 'hyresvard' | 'serviceforvaltningen') =>
  async (...poster: unknown[]): Promise<Resultat[]> =>
    ok(await client.post(`/${part}/inkommande`, { poster })).resultat

export const outcomes = (resultat: Resultat[]) => resultat.map(({ utfall, kod }) => kod ?? utfall)
