import { newId } from '../shared/ids.ts'
import { normalisePersonnummer } from '../shared/personnummer.ts'
import { finnsInte, finnsRedan } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { HushallEntity, PersonEntity } from './entity.ts'
import { isProtected, whyNotBorn, whyNotHomelessSince, whyNotTogether } from './rules.ts'
import type { HushallAndring, HushallRad, NyPerson, NyttHushall, PersonAndring, PersonRad } from './schema.ts'

/** A household with its people, as rows. */
export type HushallMedPersoner = { hushall: HushallRad; personer: PersonRad[] }

const personFinns = () =>
  finnsRedan('En av personerna finns redan i ett hushåll. Sök fram hushållet med POST /v1/hushall/sokningar.')
const enSokandeTill = () => finnsRedan('Hushållet har redan en person med rollen sokande.')
const personConstraints = { person_en_gang: personFinns, person_en_sokande: enSokandeTill }

function personRad(work: Work, hushallId: string, skyddad: boolean, person: NyPerson): PersonRad {
  const { personnummer: sent, skyddsniva = 'ingen', ...rest } = person
  const personnummer = normalisePersonnummer(sent) as string
  return {
    ...rest,
    id: newId(work.now),
    hushallId,
    skyddad,
    skyddsniva,
    personnummerKrypterat: work.encryption.encrypt(personnummer),
    personnummerHash: work.encryption.hash(personnummer),
    skapad: work.now,
    andrad: work.now,
  }
}

/**
 * The index that keeps a person once leaves protected persons out, since its refusal would tell that they exist.
 * Whoever may see them is refused here; others get a household of their own, which skyddsgrupp finds when searching.
 */
async function refuseKnown(work: Work, personer: PersonRad[]): Promise<void> {
  const hashes = personer.map(({ personnummerHash }) => personnummerHash)
  const known = await work.db.query('SELECT FROM person WHERE personnummer_hash = ANY($1) LIMIT 1', [hashes])
  if (known.length > 0) throw personFinns()
}

/** @throws 409 when a person is registered already, 422 when the people do not go together */
export async function createHushall(
  work: Work,
  { personer, bostadslosSedan }: NyttHushall,
): Promise<HushallMedPersoner> {
  const unborn = personer.map((one, n) => whyNotBorn(one.personnummer, work.today, `/personer/${n}/personnummer`))
  const refusal =
    whyNotTogether(personer) ?? unborn.find(found => found) ?? whyNotHomelessSince(bostadslosSedan, work.today)
  if (refusal) throw refusal
  const hushall: HushallRad = {
    id: newId(work.now),
    version: 1,
    skyddad: isProtected(personer),
    bostadslosSedan: bostadslosSedan ?? null,
    skapad: work.now,
    andrad: work.now,
  }
  const rader = personer.map(person => personRad(work, hushall.id, hushall.skyddad, person))
  await refuseKnown(work, rader)
  await insertRows(work.db, HushallEntity, [hushall])
  // In an order that everyone has: two who register the same people would else wait for each other.
  const inOrder = rader.toSorted((a, b) => (a.personnummerHash < b.personnummerHash ? -1 : 1))
  await onConstraint(insertRows(work.db, PersonEntity, inOrder), personConstraints)
  return { hushall, personer: rader }
}

/** @throws 404 */
export async function readHushall(
  work: Work,
  hushallId: string,
  lock: '' | 'FOR UPDATE' = '',
): Promise<HushallMedPersoner> {
  const hushall = await findRow(work.db, HushallEntity, hushallId, lock)
  if (!hushall) throw finnsInte()
  const personer = await work.db.query(
    `SELECT ${selectList(PersonEntity, 'p')} FROM person p WHERE p.hushall_id = $1 
     ORDER BY array_position(ARRAY['sokande', 'medsokande', 'vuxen', 'barn'], p.roll), p.skapad, p.id`,
    [hushallId],
  )
  return { hushall, personer }
}

/** The households of whoever has this personnummer; one, or for cleared callers more where a double is to be merged. */
export async function searchHushall(work: Work, personnummer: string): Promise<HushallMedPersoner[]> {
  const hash = work.encryption.hash(normalisePersonnummer(personnummer) as string)
  const found = await work.db.query(
    'SELECT DISTINCT hushall_id AS id FROM person WHERE personnummer_hash = $1 LIMIT 10',
    [hash],
  )
  const result: HushallMedPersoner[] = []
  for (const { id } of found) result.push(await readHushall(work, id))
  return result
}

/** @throws 412 when another version was read */
export async function changeHushall(
  work: Work,
  hushallId: string,
  ifMatch: (version: number) => void,
  changes: HushallAndring,
): Promise<HushallMedPersoner> {
  const { hushall, personer } = await readHushall(work, hushallId, 'FOR UPDATE')
  ifMatch(hushall.version)
  const refusal = whyNotHomelessSince(changes.bostadslosSedan, work.today)
  if (refusal) throw refusal
  return { hushall: await changeRow(work.db, HushallEntity, hushall, changes, work.now), personer }
}

/** @throws 409 when the person is registered already */
export async function addPerson(work: Work, hushallId: string, person: NyPerson): Promise<HushallMedPersoner> {
  const { hushall, personer } = await readHushall(work, hushallId, 'FOR UPDATE')
  const refusal = whyNotBorn(person.personnummer, work.today, '/personnummer')
  if (refusal) throw refusal
  const skyddad = hushall.skyddad || isProtected([person])
  const rad = personRad(work, hushallId, skyddad, person)
  await refuseKnown(work, [rad])
  return asCleared(work, async () => {
    const changed = await changeRow(work.db, HushallEntity, hushall, { skyddad }, work.now)
    await onConstraint(insertRows(work.db, PersonEntity, [rad]), personConstraints)
    return { hushall: changed, personer: [...personer, rad] }
  })
}

/**
 * Changes a person. Raising the protection hides the whole household, and everything about it, in the same statement
 * (foreign keys with ON UPDATE CASCADE), also from whoever raised it.
 */
export async function changePerson(
  work: Work,
  hushallId: string,
  personId: string,
  ifMatch: (version: number) => void,
  changes: PersonAndring,
): Promise<HushallMedPersoner> {
  const { hushall, personer } = await readHushall(work, hushallId, 'FOR UPDATE')
  ifMatch(hushall.version)
  const person = personer.find(({ id }) => id === personId)
  if (!person) throw finnsInte()
  const after = personer.map(p => (p === person ? { ...p, ...changes, andrad: work.now } : p))
  const skyddad = isProtected(after)
  return asCleared(work, async () => {
    // A protected person may only be in a protected household: raise the household first, lower it last.
    let changed = hushall
    if (skyddad) changed = await changeRow(work.db, HushallEntity, changed, { skyddad }, work.now)
    await onConstraint(
      work.db.update(PersonEntity, { id: personId }, { ...changes, andrad: work.now }),
      personConstraints,
    )
    if (!skyddad)
      changed = await onConstraint(changeRow(work.db, HushallEntity, changed, { skyddad }, work.now), personConstraints)
    return { hushall: changed, personer: after.map(p => ({ ...p, skyddad })) }
  })
}
