import { criteriaInForce } from '../hyresvardar/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { type Day, daysAfter, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { lagrumFor } from '../shared/lagrum.ts'
import { finnsInte, finnsRedan, incoherent, type Refusal, uppgifterHangerInteIhop } from '../shared/refusals.ts'
import { changeMany, changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { discloseToLandlords, isDisclosed } from '../utlamnanden/service.ts'
import { lapseReviews } from './ended.ts'
import { HyresgarantiEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { bidragsberattigad, whyLocked, whyNotCoherent } from './rules.ts'
import type {
  Avslut,
  Avslutsforslag,
  Forslagssvar,
  Genomgangsflagga,
  HyresavtaletsUpphorande,
  HyresgarantiAndring,
  HyresgarantiRad,
  NyHyresgaranti,
  TecknatAvtal,
  Uppsagning,
} from './schema.ts'

type IfMatch = (version: number) => void
/** A guarantee with its flag: the oldest review that is not done. */
export type MedFlagga = { garanti: HyresgarantiRad; flagga: Genomgangsflagga | null }

/** The flag beside each guarantee of a query that names it `h`. */
export const flagColumns = `g.id AS "flaggaId", g.period AS "flaggaPeriod", g.tillstand AS "flaggaTillstand", g.tillstand_sedan AS "flaggaSedan"`
export const flagJoin = `LEFT JOIN LATERAL (
    SELECT id, period, tillstand, tillstand_sedan FROM genomgang
    WHERE hyresgaranti_id = h.id AND tillstand <> 'klar' ORDER BY period LIMIT 1
  ) g ON true`

type FlaggedRow = HyresgarantiRad & {
  flaggaId: string | null
  flaggaPeriod: string
  flaggaTillstand: never
  flaggaSedan: string
}

export const withFlag = (row: FlaggedRow): MedFlagga => ({
  garanti: row,
  flagga:
    row.flaggaId === null
      ? null
      : { id: row.flaggaId, period: row.flaggaPeriod, tillstand: row.flaggaTillstand, sedan: row.flaggaSedan },
})

const readOne = `SELECT ${selectList(HyresgarantiEntity, 'h')}, ${flagColumns} FROM hyresgaranti h ${flagJoin} WHERE h.id = $1`

/** @throws 404 */
export async function readHyresgaranti(work: Work, id: string): Promise<MedFlagga> {
  const [row] = await work.db.query(readOne, [id])
  if (!row) throw finnsInte()
  return withFlag(row)
}

/** Reads a guarantee in order to decide about it: nobody else may decide meanwhile. */
export async function lockHyresgaranti(work: Work, id: string): Promise<HyresgarantiRad> {
  const garanti = await findRow(work.db, HyresgarantiEntity, id, 'FOR UPDATE')
  if (!garanti) throw finnsInte()
  return garanti
}

const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}

const unknownReference = (pointer: string, detail: string) => () =>
  uppgifterHangerInteIhop(detail, { errors: [{ pointer, kod: 'finns-inte', detail }] })

const constraints = {
  hyresgaranti_avtalsnummer: () => finnsRedan('En hyresgaranti med det avtalsnumret finns redan.'),
  hyresgaranti_person: unknownReference('/personId', 'personId är ingen person i hushållet.'),
  hyresgaranti_medsokande: unknownReference('/medsokandeId', 'medsokandeId är ingen person i hushållet.'),
  hyresgaranti_hyresvard_id_fkey: unknownReference('/hyresvardId', 'hyresvardId är ingen registrerad hyresvärd.'),
}

/** A number for people, `HG-2026-00012`. One that an imported file has used already is passed over. */
async function nextAvtalsnummer(work: Work): Promise<string> {
  const [{ nummer }] = await work.db.query("SELECT nextval('avtalsnummer_seq') AS nummer")
  const avtalsnummer = `HG-${work.today.slice(0, 4)}-${String(nummer).padStart(5, '0')}`
  const taken = await asCleared(work, () =>
    work.db.query('SELECT FROM hyresgaranti WHERE avtalsnummer = $1', [avtalsnummer]),
  )
  return taken.length === 0 ? avtalsnummer : nextAvtalsnummer(work)
}

/** Who the guarantee is about: a household the caller may see, and its applicant unless another person is named. */
async function subjectOf(work: Work, { hushallId, personId }: NyHyresgaranti) {
  const [hushall] = await work.db.query(
    `SELECT h.skyddad, (SELECT p.id FROM person p WHERE p.hushall_id = h.id AND p.roll = 'sokande') AS "sokandeId"
     FROM hushall h WHERE h.id = $1 FOR SHARE`,
    [hushallId],
  )
  if (!hushall) throw unknownReference('/hushallId', 'hushallId är inget registrerat hushåll.')()
  const subject = personId ?? hushall.sokandeId
  if (!subject) throw unknownReference('/personId', 'personId behövs: hushållet har ingen med rollen sokande.')()
  return { skyddad: hushall.skyddad as boolean, personId: subject as string }
}

/**
 * Registers a decided guarantee.
 *
 * @param arendeId the case whose decision grants it; null for one from before
 * @throws 422 when its fields do not go together, 409 when the number is taken
 */
export async function registerHyresgaranti(
  work: Work,
  body: NyHyresgaranti,
  arendeId: string | null = null,
): Promise<MedFlagga> {
  const subject = await subjectOf(work, body)
  const garanti: HyresgarantiRad = {
    ...noAgreement,
    ...withoutAbsent(body),
    ...subject,
    id: newId(work.now),
    version: 1,
    tillstand: 'beviljad',
    ursprung: arendeId === null ? 'registrerad' : 'arende',
    arendeId,
    avtalsnummer: body.avtalsnummer ?? (await nextAvtalsnummer(work)),
    lagrum: body.lagrum ?? lagrumFor(body.garantityp, body.beslutDatum)[0]?.text ?? '',
    overklagandetyp: overklagandetypOf(body.garantityp),
    beviljadGiltigTill: body.beviljadGiltigTill ?? monthsAfter(body.beslutDatum, work.config.BEVILJAD_GILTIG_MANADER),
    skapad: work.now,
    andrad: work.now,
  }
  throwIf(whyNotCoherent(garanti, work.today, work.config) ?? (await whyNoAddress(work, garanti)))
  await onConstraint(insertRows(work.db, HyresgarantiEntity, [garanti]), constraints)
  return { garanti, flagga: null }
}

/** The guarantee that a case has granted, locked; null when there is none. */
export async function lockGarantiOfArende(work: Work, arendeId: string): Promise<HyresgarantiRad | null> {
  const [row] = await work.db.query(
    `SELECT ${selectList(HyresgarantiEntity, 'h')} FROM hyresgaranti h WHERE h.arende_id = $1 FOR UPDATE`,
    [arendeId],
  )
  return row ?? null
}

/** A new decision gives a granted guarantee more time to be signed; one that is signed has its own. */
export async function extendGranted(work: Work, garanti: HyresgarantiRad, beviljadGiltigTill: Day): Promise<void> {
  if (garanti.tillstand === 'beviljad')
    await changeRow(work.db, HyresgarantiEntity, garanti, { beviljadGiltigTill }, work.now)
}

/** A guarantee outside the Social Services Act is probably tried as legality review (domain §1.4, marked uncertain). */
export const overklagandetypOf = (garantityp: HyresgarantiRad['garantityp']): HyresgarantiRad['overklagandetyp'] =>
  garantityp === 'bistand' ? 'forvaltningsbesvar' : 'laglighetsprovning'

const withoutAbsent = <T extends object>(body: T) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value != null)) as { [K in keyof T]: NonNullable<T[K]> }

/** With skyddad folkbokföring no address is kept (domain §7.6); the database drops one that comes another way. */
async function whyNoAddress(
  work: Work,
  { skyddad, hushallId, adress, lagenhetsnummer }: HyresgarantiRad,
): Promise<Refusal | null> {
  if (!skyddad || (adress === null && lagenhetsnummer === null)) return null
  const protectedRegistration = await work.db.query(
    "SELECT FROM person WHERE hushall_id = $1 AND skyddsniva = 'skyddadFolkbokforing' LIMIT 1",
    [hushallId],
  )
  return protectedRegistration.length > 0
    ? incoherent([
        {
          pointer: '/adress',
          kod: 'adress-far-inte-lagras',
          detail: 'Hushållet har skyddad folkbokföring: ingen adress får lagras.',
        },
      ])
    : null
}

/** Every field that a guarantee does not have before its agreement. */
export const noAgreement = {
  arendeId: null,
  diarienummer: null,
  medsokandeId: null,
  hyresvardId: null,
  borgenstyp: null,
  adress: null,
  lagenhetsnummer: null,
  lagenhetstyp: null,
  kontraktsform: null,
  manadshyraOre: null,
  giltigFran: null,
  giltigTill: null,
  maxBeloppOre: null,
  reserveratOre: 0,
  utbetaltOre: 0,
  skalKod: null,
  tidigareBoendeKod: null,
  ekonomiskBedomningKod: null,
  utanForsorjningsstod: null,
  ansokanDatum: null,
  delegationspunkt: null,
  avtalTecknatDatum: null,
  kriterieuppsattningId: null,
  bidragStatus: 'ejAktuellt',
  bidragSokt: null,
  bidragBeviljatOre: null,
  avslutForeslagetDatum: null,
  vardensSvar: null,
  vardensSvarDatum: null,
  vardensSvarOrsak: null,
  uppsagdDatum: null,
  uppsagdTill: null,
  avslutsorsak: null,
  avslutsmotivering: null,
  avslutadDatum: null,
  varnadDagar: null,
  varnadDatum: null,
} as const satisfies Partial<HyresgarantiRad>

/** Writes a decided change and returns the guarantee as it became, with its flag. */
async function save(work: Work, garanti: HyresgarantiRad, changes: Partial<HyresgarantiRad>): Promise<MedFlagga> {
  await onConstraint(changeRow(work.db, HyresgarantiEntity, garanti, changes, work.now), constraints)
  return readHyresgaranti(work, garanti.id)
}

/** @throws 409 for a field that is fixed by now, 412 when another version was read */
export async function changeHyresgaranti(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  changes: HyresgarantiAndring,
): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  const changed = { ...garanti, ...changes } as HyresgarantiRad
  throwIf(
    whyLocked(garanti, changes) ??
      whyNotCoherent(changed, work.today, work.config) ??
      (await whyNoAddress(work, changed)),
  )
  return save(work, garanti, changes)
}

/** `beviljad` -> `aktiv`: the landlord's criteria of that day are kept with the guarantee. */
export async function signAgreement(work: Work, id: string, ifMatch: IfMatch, body: TecknatAvtal): Promise<MedFlagga> {
  // Household before guarantee, as when protection is raised: signing also writes a disclosure about the household.
  await work.db.query(
    'SELECT FROM hushall WHERE id = (SELECT hushall_id FROM hyresgaranti WHERE id = $1) FOR KEY SHARE',
    [id],
  )
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  const signed = { ...garanti, ...withoutAbsent(body) } as HyresgarantiRad
  lifecycle.check('tecknaAvtal', signed, actorsOf(work.caller), { today: work.today })
  throwIf(whyNotCoherent(signed, work.today, work.config) ?? (await whyNoAddress(work, signed)))
  const kriterier = await criteriaInForce(work, signed.hyresvardId as string, body.avtalTecknatDatum)
  const saved = await save(work, garanti, {
    ...withoutAbsent(body),
    tillstand: 'aktiv',
    maxBeloppOre: signed.garanteradeManader * (signed.manadshyraOre as number),
    kriterieuppsattningId: kriterier?.id ?? null,
    bidragStatus: bidragsberattigad(signed) ? 'attSoka' : 'ejAktuellt',
  })
  await discloseToLandlords(work, { ids: [garanti.id] })
  return saved
}

/** `aktiv` -> `avslutForeslaget`: the landlord is asked to let the guarantee end. */
export async function proposeEnd(work: Work, id: string, ifMatch: IfMatch, _: Avslutsforslag): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  lifecycle.check('foreslaAvslut', garanti, actorsOf(work.caller))
  return save(work, garanti, proposed(work))
}

const proposed = (work: Work): Partial<HyresgarantiRad> => ({
  tillstand: 'avslutForeslaget',
  avslutForeslagetDatum: work.today,
  vardensSvar: null,
  vardensSvarDatum: null,
  vardensSvarOrsak: null,
})

/** The landlord's answer, its own or written down by a caseworker. A refusal puts the guarantee back in force. */
export async function answerProposal(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { svar, orsak = null }: Forslagssvar,
  mine: (garanti: HyresgarantiRad) => boolean = () => true,
): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  if (!mine(garanti) || (work.caller.part === 'hyresvard' && !(await isDisclosed(work, id)))) throw finnsInte()
  ifMatch(garanti.version)
  lifecycle.check('svaraPaForslag', garanti, actorsOf(work.caller))
  throwIf(
    incoherent([
      svar === 'avvisat' &&
        !orsak && { pointer: '/orsak', kod: 'saknas', detail: 'orsak behövs när förslaget avvisas.' },
    ]),
  )
  return save(work, garanti, {
    tillstand: svar === 'godkant' ? 'avslutForeslaget' : 'aktiv',
    vardensSvar: svar,
    vardensSvarDatum: work.today,
    vardensSvarOrsak: orsak,
  })
}

/** Ends a guarantee that its landlord has let go, because the criteria are met or by agreement. */
export async function end(work: Work, id: string, ifMatch: IfMatch, body: Avslut): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  lifecycle.check('avsluta', garanti, actorsOf(work.caller), body)
  return finish(work, garanti, {
    tillstand: body.avslutsorsak === 'kriterierUppfyllda' ? 'avslutadKriterier' : 'avslutadOverenskommelse',
    avslutsorsak: body.avslutsorsak,
    avslutsmotivering: body.motivering,
    avslutadDatum: work.today,
  })
}

/**
 * What a review's outcome `avsluta` makes of a guarantee: proposed for ending, and when the landlord consented in its
 * answer also ended. Nothing is written; `saveReviewed` does that for one or for hundreds.
 *
 * @param consented the landlord recommended the end in the review, and the setting takes that as its consent
 * @throws the refusal, when the lifecycle does not allow it
 */
export function endedByReview(
  work: Work,
  garanti: HyresgarantiRad,
  motivering: string,
  consented: boolean,
): HyresgarantiRad {
  const actors = actorsOf(work.caller)
  let current = garanti
  if (current.tillstand !== 'avslutForeslaget') {
    lifecycle.check('foreslaAvslut', current, actors)
    current = { ...current, ...proposed(work) }
  }
  if (!consented) return current
  current = { ...current, vardensSvar: 'godkant', vardensSvarDatum: work.today, vardensSvarOrsak: null }
  lifecycle.check('avsluta', current, actors, { avslutsorsak: 'kriterierUppfyllda' })
  return {
    ...current,
    tillstand: 'avslutadKriterier',
    avslutsorsak: 'kriterierUppfyllda',
    avslutsmotivering: motivering,
    avslutadDatum: work.today,
  }
}

/** Writes guarantees that reviews have proposed for ending or ended. */
export async function saveReviewed(work: Work, garantier: HyresgarantiRad[]): Promise<void> {
  const changed = [
    ...Object.keys(proposed(work)),
    'avslutsorsak',
    'avslutsmotivering',
    'avslutadDatum',
  ] as (keyof HyresgarantiRad)[]
  await changeMany(work.db, HyresgarantiEntity, garantier, changed, work.now)
  await lapseReviews(
    work,
    garantier.filter(({ avslutadDatum }) => avslutadDatum !== null).map(({ id }) => id),
  )
}

/** Guarantees read in order to decide about them all, locked in the order of their ids so that two callers cannot deadlock. */
export async function lockHyresgarantier(work: Work, ids: string[]): Promise<Map<string, HyresgarantiRad>> {
  const rows: HyresgarantiRad[] = await work.db.query(
    `SELECT ${selectList(HyresgarantiEntity, 'h')} FROM hyresgaranti h WHERE h.id = ANY($1) ORDER BY h.id FOR UPDATE`,
    [ids],
  )
  return new Map(rows.map(row => [row.id, row]))
}

/** The municipality's own notice: the guarantee holds until `uppsagdTill`. */
export async function giveNotice(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { uppsagdTill, motivering }: Uppsagning,
): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  lifecycle.check('sagUpp', garanti, actorsOf(work.caller), { uppsagdTill, today: work.today, config: work.config })
  return save(work, garanti, {
    tillstand: 'uppsagd',
    uppsagdDatum: work.today,
    uppsagdTill,
    avslutsmotivering: motivering,
  })
}

/** The lease ended: the guarantee has nothing more to guarantee after that day. */
export async function endWithLease(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { datum, motivering }: HyresavtaletsUpphorande,
): Promise<MedFlagga> {
  const garanti = await lockHyresgaranti(work, id)
  ifMatch(garanti.version)
  lifecycle.check('hyresavtaletUpphor', garanti, actorsOf(work.caller), { datum, today: work.today })
  return finish(work, garanti, {
    tillstand: 'upphordHyresavtal',
    avslutsorsak: 'hyresavtaletUpphort',
    avslutsmotivering: motivering,
    avslutadDatum: daysAfter(datum, 1),
  })
}

/** The last step of every end: the guarantee's state and reason, and its open reviews with it. */
async function finish(
  work: Work,
  garanti: HyresgarantiRad,
  ending: Pick<HyresgarantiRad, 'tillstand' | 'avslutsorsak' | 'avslutsmotivering' | 'avslutadDatum'>,
): Promise<MedFlagga> {
  await lapseReviews(work, [garanti.id])
  return save(work, garanti, ending)
}

/**
 * Moves an amount between what is free, held by a claim and paid; a guarantee that is used up ends.
 *
 * @param reserved öre more (or less) held by claims
 * @param paid öre more paid
 * @param monthsPaid how many rent months are paid, this one counted
 */
export async function moveAmount(
  work: Work,
  garanti: HyresgarantiRad,
  { reserved, paid = 0, monthsPaid = 0 }: { reserved: number; paid?: number; monthsPaid?: number },
): Promise<void> {
  const changes = { reserveratOre: garanti.reserveratOre + reserved, utbetaltOre: garanti.utbetaltOre + paid }
  const usedUp = changes.utbetaltOre >= (garanti.maxBeloppOre ?? 0) || monthsPaid >= garanti.garanteradeManader
  const ends =
    paid > 0 && usedUp && changes.reserveratOre === 0 && lifecycle.whyNot('forbruka', garanti, ['system']) === null
  if (ends) await lapseReviews(work, [garanti.id])
  await changeRow(
    work.db,
    HyresgarantiEntity,
    garanti,
    ends ? { ...changes, tillstand: 'forbrukad', avslutsorsak: 'forbrukad', avslutadDatum: work.today } : changes,
    work.now,
  )
}
