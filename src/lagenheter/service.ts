import { type Day, daysAfter, earliest } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte, type Refusal } from '../shared/refusals.ts'
import { changeMany, changeRow, findRow, insertMany, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { LagenhetEntity, UpplatelseEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { foreTilltradet, harRedan, ingenUpplatelse, upptagen, whyNotReserve } from './rules.ts'
import type { LagenhetRad, UpplatelseRad } from './schema.ts'

export type IfMatch = (version: number) => void

/** Whose home it is: the process that has it. The caller holds the household and the process row. */
export type Anknytning = { stodlagenhetId: string } | { bfBoendeId: string }

export type Kontrakt = { fran: Day; kontraktsform: NonNullable<UpplatelseRad['kontraktsform']>; hyraOre: number }

const system = ['system']
const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

/** The last guard, whatever was read before: what the database refuses, in words. */
const constraints = {
  upplatelse_en_i_taget: () => upptagen(),
  upplatelse_en_stodlagenhet: () => harRedan(),
  upplatelse_ett_bf_boende: () => harRedan(),
  upplatelse_tid: () => foreTilltradet(),
  lagenhet_i_poolen: () => foreTilltradet(),
}

/** @throws 404, also for a home that a protected household has and the caller may not know of */
export async function readLagenhet(work: Work, id: string): Promise<LagenhetRad> {
  const lagenhet = await findRow(work.db, LagenhetEntity, id)
  if (!lagenhet) throw finnsInte()
  return lagenhet
}

/** Reads a home in order to decide about it. @throws 404 */
export async function lockLagenhet(work: Work, id: string): Promise<LagenhetRad> {
  const lagenhet = await findRow(work.db, LagenhetEntity, id, 'FOR UPDATE')
  if (!lagenhet) throw finnsInte()
  return lagenhet
}

/**
 * SQL: the last day that somebody has had the home `l`, or has it as far as is known: who has it until further notice has
 * it today.
 *
 * @param today the parameter of today
 */
export const upplatenTill = (today: string): string =>
  `(SELECT max(coalesce(u.till, greatest(u.fran, ${today}::date))) FROM upplatelse u
    WHERE u.lagenhet_id = l.id AND u.upphavd IS NULL)`

/** Writes a decided change; another state is since a day, today if not said. @throws 412 when the row has another version */
export const saveLagenhet = (work: Work, lagenhet: LagenhetRad, changes: Partial<LagenhetRad>): Promise<LagenhetRad> =>
  onConstraint(
    changeRow(
      work.db,
      LagenhetEntity,
      lagenhet,
      {
        ...(changes.tillstand && changes.tillstand !== lagenhet.tillstand && { tillstandSedan: work.today }),
        ...changes,
      },
      work.now,
    ),
    constraints,
  )

/** Writes a change of a reservation or tenancy. @throws 409 when the home is taken on one of its days */
export const saveUpplatelse = (
  work: Work,
  row: UpplatelseRad,
  changes: Partial<UpplatelseRad>,
): Promise<UpplatelseRad> => onConstraint(changeRow(work.db, UpplatelseEntity, row, changes, work.now), constraints)

const belongsTo = (anknytning: Anknytning): [column: string, id: string] =>
  'stodlagenhetId' in anknytning
    ? ['stodlagenhet_id', anknytning.stodlagenhetId]
    : ['bf_boende_id', anknytning.bfBoendeId]

/** Every reservation and tenancy of a process, by day; the released ones too. */
export function upplatelserOf(work: Work, anknytning: Anknytning): Promise<UpplatelseRad[]> {
  const [column, id] = belongsTo(anknytning)
  return work.db.query(
    `SELECT ${selectList(UpplatelseEntity, 'u')} FROM upplatelse u WHERE u.${column} = $1 ORDER BY u.fran, u.skapad, u.id`,
    [id],
  )
}

/** What holds of a process, the latest first. */
export const standing = async (
  work: Work,
  anknytning: Anknytning,
  slag: UpplatelseRad['slag'],
): Promise<UpplatelseRad[]> =>
  (await upplatelserOf(work, anknytning)).filter(row => row.upphavd === null && row.slag === slag).reverse()

/**
 * The home that a process has today, or will have; else the one that is reserved. Null when there is none, or it has
 * ended.
 */
export async function currentUpplatelse(work: Work, anknytning: Anknytning): Promise<UpplatelseRad | null> {
  const open = (await upplatelserOf(work, anknytning)).filter(
    ({ upphavd, till }) => upphavd === null && (till === null || till >= work.today),
  )
  return open.find(({ slag }) => slag === 'boende') ?? open[0] ?? null
}

/** The last of a process and its home, locked. @throws 409 when there is none */
async function lockLast(work: Work, anknytning: Anknytning, slag: UpplatelseRad['slag']) {
  const [upplatelse, ...earlier] = await standing(work, anknytning, slag)
  if (!upplatelse) throw ingenUpplatelse()
  return { upplatelse, earlier, lagenhet: await lockLagenhet(work, upplatelse.lagenhetId) }
}

/**
 * `ledig` -> `reserverad`: nobody else can be promised the home for these days.
 *
 * @param hushallId the household of the process, which the caller holds
 * @param ahead also a home whose tenancy has a last day is promised, from a day after it: it stays `uppsagd` until then
 * @throws 404, or 409 when the home is taken, not ready, or not in the pool on the first day
 */
export async function reserve(
  work: Work,
  lagenhetId: string,
  {
    for: anknytning,
    hushallId,
    skyddad,
    fran,
    till,
    ahead = false,
  }: { for: Anknytning; hushallId: string; skyddad: boolean; fran: Day; till: Day | null; ahead?: boolean },
): Promise<UpplatelseRad> {
  const lagenhet = await lockLagenhet(work, lagenhetId)
  if (ahead && lagenhet.tillstand === 'uppsagd') lifecycle.check('lova', lagenhet, system, { fran, till })
  else {
    throwIf(whyNotReserve(lagenhet, { fran, till }))
    lifecycle.check('reservera', lagenhet, system, { fran, till })
    // Before the reservation: that of a protected household hides the home, which is a new version of it.
    await saveLagenhet(work, lagenhet, { tillstand: 'reserverad' })
  }
  const upplatelse: UpplatelseRad = {
    id: newId(work.now),
    version: 1,
    lagenhetId,
    hushallId,
    skyddad,
    stodlagenhetId: null,
    bfBoendeId: null,
    ...anknytning,
    slag: 'reservation',
    fran,
    till,
    kontraktsform: null,
    hyraOre: null,
    upphavd: null,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, UpplatelseEntity, [upplatelse]), constraints)
  return upplatelse
}

/**
 * `reserverad` -> `ledig`: the home is no longer promised. One that was promised ahead is still another's.
 *
 * @throws 409 when none is promised
 */
export async function release(work: Work, anknytning: Anknytning): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'reservation')
  if (lagenhet.tillstand !== 'uppsagd') {
    lifecycle.check('slapp', lagenhet, system)
    await saveLagenhet(work, lagenhet, { tillstand: 'ledig' })
  }
  return saveUpplatelse(work, upplatelse, { upphavd: work.today })
}

/** `reserverad` -> `uthyrd`: the reservation becomes the tenancy. @throws 409 when the home is taken on one of its days */
export async function letOut(work: Work, anknytning: Anknytning, kontrakt: Kontrakt): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'reservation')
  lifecycle.check('hyrUt', lagenhet, system, { fran: kontrakt.fran, till: null })
  await saveLagenhet(work, lagenhet, { tillstand: 'uthyrd' })
  return saveUpplatelse(work, upplatelse, { ...kontrakt, slag: 'boende', till: null })
}

/** `uthyrd` -> `ledig`: nobody has moved in, and nobody has had the home by this contract. */
export async function voided(work: Work, anknytning: Anknytning): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'boende')
  lifecycle.check('hav', lagenhet, system)
  await saveLagenhet(work, lagenhet, { tillstand: 'ledig' })
  return saveUpplatelse(work, upplatelse, { upphavd: work.today })
}

/** A home that someone has had from before the register, with each contract on it: the first first, the last runs. */
export type Uthyrning = {
  lagenhet: LagenhetRad
  for: Anknytning
  hushallId: string
  skyddad: boolean
  kontrakt: [Kontrakt, ...Kontrakt[]]
}

/** `ledig` -> `uthyrd` for many homes that the caller holds, in two statements. @throws 409 when one is taken on one of the days */
export async function letMany(work: Work, uthyrningar: Uthyrning[]): Promise<void> {
  if (uthyrningar.length === 0) return
  for (const { lagenhet, kontrakt } of uthyrningar) lifecycle.check('laggIn', lagenhet, system, kontrakt[0].fran)
  const homes = uthyrningar.map(
    ({ lagenhet, kontrakt: [{ fran }] }): LagenhetRad => ({ ...lagenhet, tillstand: 'uthyrd', tillstandSedan: fran }),
  )
  // Before the tenancies: those of protected households hide their homes, which are new versions of them.
  await changeMany(work.db, LagenhetEntity, homes, ['tillstand', 'tillstandSedan'], work.now)
  const rows = uthyrningar.flatMap(({ lagenhet, for: anknytning, hushallId, skyddad, kontrakt }) =>
    kontrakt.map((one, n): UpplatelseRad => {
      const next = kontrakt[n + 1]
      return {
        id: newId(work.now),
        version: 1,
        lagenhetId: lagenhet.id,
        hushallId,
        skyddad,
        stodlagenhetId: null,
        bfBoendeId: null,
        ...anknytning,
        slag: 'boende',
        ...one,
        till: next ? daysAfter(next.fran, -1) : null,
        upphavd: null,
        skapad: work.now,
        andrad: work.now,
      }
    }),
  )
  await onConstraint(insertMany(work.db, UpplatelseEntity, rows), constraints)
}

/**
 * The same home on another contract: the tenancy ends the day before, and another begins. From the first day of the
 * tenancy it is the tenancy itself that is another.
 *
 * @throws 409 when the day lies before the tenancy, or notice is given
 */
export async function changeContract(work: Work, anknytning: Anknytning, kontrakt: Kontrakt): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'boende')
  lifecycle.check('bytKontrakt', lagenhet, system)
  if (kontrakt.fran === upplatelse.fran) return saveUpplatelse(work, upplatelse, kontrakt)
  await saveUpplatelse(work, upplatelse, { till: daysAfter(kontrakt.fran, -1) })
  const next: UpplatelseRad = {
    ...upplatelse,
    ...kontrakt,
    id: newId(work.now),
    version: 1,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, UpplatelseEntity, [next]), constraints)
  return next
}

/** `uthyrd` -> `uppsagd`, with the last day of the tenancy. */
export async function noticeGiven(work: Work, anknytning: Anknytning, till: Day): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'boende')
  lifecycle.check('sagUpp', lagenhet, system)
  await saveLagenhet(work, lagenhet, { tillstand: 'uppsagd' })
  return saveUpplatelse(work, upplatelse, { till })
}

/** `uppsagd` -> `uthyrd`: until further notice again. @throws 409 when the home is promised to someone else after the last day */
export async function noticeWithdrawn(work: Work, anknytning: Anknytning): Promise<UpplatelseRad> {
  const { upplatelse, lagenhet } = await lockLast(work, anknytning, 'boende')
  lifecycle.check('aterta', lagenhet, system)
  await saveLagenhet(work, lagenhet, { tillstand: 'uthyrd' })
  return saveUpplatelse(work, upplatelse, { till: null })
}

/** Ends the tenancy with a day. A contract that was to begin after it is released, and the one before it ends. */
async function endTenancy(
  work: Work,
  { upplatelse, earlier }: { upplatelse: UpplatelseRad; earlier: UpplatelseRad[] },
  till: Day,
): Promise<UpplatelseRad> {
  const before = earlier.find(row => row.lagenhetId === upplatelse.lagenhetId && row.fran <= till)
  if (upplatelse.fran <= till || !before) return saveUpplatelse(work, upplatelse, { till })
  await saveUpplatelse(work, upplatelse, { upphavd: work.today })
  return saveUpplatelse(work, before, { till })
}

/**
 * `uthyrd` or `uppsagd` -> `tomstalld`: the day is the last of the tenancy, and the home is vacant since it. One that is
 * promised ahead goes on to whom it is promised: `reserverad`.
 */
export async function vacated(work: Work, anknytning: Anknytning, day: Day): Promise<UpplatelseRad> {
  const found = await lockLast(work, anknytning, 'boende')
  lifecycle.check('tom', found.lagenhet, system)
  const promised = await work.db.query(
    "SELECT FROM upplatelse WHERE lagenhet_id = $1 AND slag = 'reservation' AND upphavd IS NULL",
    [found.lagenhet.id],
  )
  await saveLagenhet(work, found.lagenhet, {
    tillstand: promised.length > 0 ? 'reserverad' : 'tomstalld',
    tillstandSedan: earliest(day, work.today),
    tomSedan: daysAfter(day, 1),
  })
  return endTenancy(work, found, day)
}

/** `uthyrd` -> `overlaten`: the tenant has the home as their own, and it leaves the pool. A success. */
export async function takenOver(work: Work, anknytning: Anknytning, day: Day): Promise<UpplatelseRad> {
  const found = await lockLast(work, anknytning, 'boende')
  lifecycle.check('overlat', found.lagenhet, system)
  await saveLagenhet(work, found.lagenhet, { tillstand: 'overlaten', iPoolenTill: day })
  return endTenancy(work, found, day)
}
