import { randomUUID } from 'node:crypto'
import { systemCaller } from '../../src/shared/caller.ts'
import type { Work } from '../../src/shared/work.ts'
import { ok } from '../cases.ts'
import type { Client, Harness } from '../harness.ts'
import { testPersonnummer } from '../people.ts'

/** Someone in the queue for a stödlägenhet, to reserve a home for. */
export type Ko = { for: { stodlagenhetId: string }; hushallId: string; skyddad: boolean }

let next = 0

/** Households of one person each, in the queue, written as the owner: many are a few statements. */
export async function queued(
  { owner, encryption }: Harness,
  antal: number,
  { skyddad = false } = {},
): Promise<[Ko, ...Ko[]]> {
  const made = Array.from({ length: antal }, () => ({
    hushallId: randomUUID(),
    personId: randomUUID(),
    id: randomUUID(),
    nummer: `AR-LAG-${++next}`,
    personnummer: testPersonnummer(5000 + next),
  }))
  const of = (field: keyof (typeof made)[number]) => made.map(one => one[field])
  await owner.query(
    `INSERT INTO hushall (id, version, skyddad, skapad, andrad) SELECT id, 1, $2, now(), now() FROM unnest($1::uuid[]) AS x (id)`,
    [of('hushallId'), skyddad],
  )
  await owner.query(
    `INSERT INTO person (id, hushall_id, skyddad, personnummer_krypterat, personnummer_hash, fornamn, efternamn, roll, skyddsniva, skapad, andrad)
     SELECT id, hushall, $5, krypterat, hash, 'Maja', 'Lind', 'sokande', $6, now(), now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS x (id, hushall, krypterat, hash)`,
    [
      of('personId'),
      of('hushallId'),
      of('personnummer').map(one => encryption.encrypt(one)),
      of('personnummer').map(one => encryption.hash(one)),
      skyddad,
      skyddad ? 'sekretessmarkering' : 'ingen',
    ],
  )
  await owner.query(
    `INSERT INTO stodlagenhet (id, version, stodlagenhetsnummer, tillstand, ursprung, hushall_id, skyddad, person_id, beslutstyp, ko_datum,
       beslut_fran, antal_personer, onskade_omraden, uteslutna_omraden, tillganglighet, hyresskuld_ore, skapad, andrad)
     SELECT id, 1, nummer, 'iKo', 'import', hushall, $5, person, 'ordinarie', '2026-01-10', '2026-01-10', 1, '{}', '{}', '{}', 0, now(), now()
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) AS x (id, nummer, hushall, person)`,
    [of('id'), of('nummer'), of('hushallId'), of('personId'), skyddad],
  )
  return made.map(({ id, hushallId }) => ({ for: { stodlagenhetId: id }, hushallId, skyddad })) as [Ko, ...Ko[]]
}

export const bostad = (fields: object = {}) => ({
  objektnummer: `LGH-${++next}`,
  agare: 'lkf',
  kategori: 'stodlagenhet',
  omrade: 'norraFaladen',
  rum: 2,
  hyraOre: 845000,
  blockhyrd: false,
  iPoolenFran: '2020-01-01',
  klar: true,
  ...fields,
})

/** A home in the pool, ready to be let unless the fields say otherwise. */
export async function home(serviceforvaltningen: Client, fields: object = {}): Promise<string> {
  const { body } = await serviceforvaltningen.post('/serviceforvaltningen/lagenheter', { lagenheter: [bostad(fields)] })
  if (body.resultat?.[0]?.utfall !== 'skapad') throw new Error(JSON.stringify(body))
  return body.resultat[0].id
}

/** As the processes do it: in one transaction, with the rights to see everything. */
export const inOne = <T>({ db }: Harness, run: (work: Work) => Promise<T>): Promise<T> =>
  db.transaction(systemCaller, { atgard: 'test' }, run)

export { ok }
