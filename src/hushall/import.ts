import { newId } from '../shared/ids.ts'
import { recordset } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { PersonEntity } from './entity.ts'
import type { NyPerson, PersonRad } from './schema.ts'

/** A person as a spreadsheet names it: twelve digits, and the name to register it with. */
export type Importperson = Pick<NyPerson, 'fornamn' | 'efternamn'> & { personnummer: string }

/** A registered person, and the household that is its. */
export type Registrerad = { personId: string; hushallId: string; skyddad: boolean }
type Found = Registrerad & { hash: string }

/**
 * Finds the persons of an import, or creates them as the applicants of new households; by hash of the personnummer.
 * One that is registered keeps its name. As cleared, so that a protected person is found and not made again.
 */
export async function ensurePersons(work: Work, personer: Importperson[]): Promise<Map<string, Registrerad>> {
  const byHash = new Map(personer.map(person => [work.encryption.hash(person.personnummer), person]))
  const found = await findPersons(work, [...byHash.keys()])
  const missing = [...byHash].filter(([hash]) => !found.has(hash))
  if (missing.length === 0) return found
  const nya = missing.map(
    ([personnummerHash, { personnummer, fornamn, efternamn }]): PersonRad => ({
      id: newId(work.now),
      hushallId: newId(work.now),
      skyddad: false,
      personnummerKrypterat: work.encryption.encrypt(personnummer),
      personnummerHash,
      fornamn,
      efternamn,
      roll: 'sokande',
      skyddsniva: 'ingen',
      skapad: work.now,
      andrad: work.now,
    }),
  )
  // Households after their persons, in one statement: whoever was registered meanwhile gets no second, empty household.
  const { columns, source } = recordset(PersonEntity)
  const created: Found[] = await work.db.query(
    `WITH nya AS (
       INSERT INTO person (${columns}) SELECT ${columns} FROM ${source}
       ON CONFLICT (personnummer_hash) WHERE NOT skyddad DO NOTHING RETURNING personnummer_hash, id, hushall_id
     ), hem AS (
       INSERT INTO hushall (id, version, skyddad, skapad, andrad) SELECT hushall_id, 1, false, $2, $2 FROM nya
     )
     SELECT personnummer_hash AS hash, id AS "personId", hushall_id AS "hushallId", false AS skyddad FROM nya`,
    [JSON.stringify(nya), work.now],
  )
  for (const { hash, ...person } of created) found.set(hash, person)
  const meanwhile = missing.map(([hash]) => hash).filter(hash => !found.has(hash))
  return meanwhile.length === 0 ? found : new Map([...found, ...(await findPersons(work, meanwhile))])
}

/**
 * Registered persons by the hash of their personnummer; of a person with a double, the protected one. The households'
 * protection cannot change until the import is done.
 */
async function findPersons(work: Work, hashes: string[]): Promise<Map<string, Registrerad>> {
  const rows: Found[] = await work.db.query(
    `SELECT x.hash, p.* FROM unnest($1::text[]) AS x (hash) CROSS JOIN LATERAL (
       SELECT p.id AS "personId", h.id AS "hushallId", h.skyddad FROM person p JOIN hushall h ON h.id = p.hushall_id
       WHERE p.personnummer_hash = x.hash ORDER BY h.skyddad DESC, p.skapad, p.id LIMIT 1 FOR KEY SHARE OF h
     ) p`,
    [hashes],
  )
  return new Map(rows.map(({ hash, ...person }) => [hash, person]))
}
