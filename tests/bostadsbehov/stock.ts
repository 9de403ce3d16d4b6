import { randomUUID } from 'node:crypto'
import type { Harness } from '../harness.ts'
import { queued } from '../lagenheter/made.ts'

let next = 0

/** A home of the pool, written as the owner: the state it has is not the day's. */
export async function home({ owner }: Harness, fields: Record<string, unknown> = {}): Promise<string> {
  const row = {
    id: randomUUID(),
    version: 1,
    objektnummer: `BB-${String(++next).padStart(4, '0')}`,
    agare: 'lkf',
    kategori: 'stodlagenhet',
    tillstand: 'ledig',
    tillstand_sedan: fields.i_poolen_fran ?? '2020-01-01',
    skyddad: false,
    omrade: 'linero',
    rum: 2,
    hyra_ore: 985000,
    tillganglighet: [],
    blockhyrd: false,
    i_poolen_fran: '2020-01-01',
    skapad: '2019-12-01T00:00:00Z',
    andrad: '2019-12-01T00:00:00Z',
    ...fields,
  }
  const columns = Object.keys(row).join(', ')
  await owner.query(
    `INSERT INTO lagenhet (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::lagenhet, $1)`,
    [row],
  )
  return row.id
}

type Vem = { id: string; kolumn: 'stodlagenhet_id' | 'bf_boende_id'; hushallId: string; skyddad: boolean }

/** Someone who was granted a stödlägenhet on a day, and waits. */
export async function waiting(
  harness: Harness,
  koDatum: string,
  { minRum = null, skyddad = false }: { minRum?: number | null; skyddad?: boolean } = {},
): Promise<Vem> {
  const [{ for: who, hushallId }] = await queued(harness, 1, { skyddad })
  await harness.owner.query('UPDATE stodlagenhet SET ko_datum = $2, min_rum = $3, max_rum = $3 WHERE id = $1', [
    who.stodlagenhetId,
    koDatum,
    minRum,
  ])
  return { id: who.stodlagenhetId, kolumn: 'stodlagenhet_id', hushallId, skyddad }
}

/** Gives someone a home, or promises it; the row is written on the first day unless another is given. */
export async function letTo(
  { owner }: Harness,
  { id, kolumn, hushallId, skyddad }: Vem,
  lagenhetId: string,
  fran: string,
  till: string | null = null,
  { slag = 'boende', kontraktsform = 'andrahand', skapad = fran, upphavd = null as string | null } = {},
): Promise<void> {
  await owner.query(
    `INSERT INTO upplatelse (id, version, lagenhet_id, hushall_id, skyddad, ${kolumn}, slag, fran, till, kontraktsform, hyra_ore,
       upphavd, skapad, andrad)
     VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 985000, $10, $11, $11)`,
    [randomUUID(), lagenhetId, hushallId, skyddad, id, slag, fran, till, kontraktsform, upphavd, `${skapad}T10:00:00Z`],
  )
}
