import { actorsOf } from '../shared/caller.ts'
import { daysAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsInte, incoherent, type Refusal } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseForturNames } from '../utlamnanden/service.ts'
import { ErbjudandeEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { afterNo } from './rules.ts'
import type {
  EgenKotid,
  ErbjudandeRad,
  Erbjudandesvar,
  Forturkontrakt,
  ForturRad,
  NyttErbjudande,
  Upphavande,
} from './schema.ts'
import { type IfMatch, lockFortur, saveFortur, throwIf } from './service.ts'

/** An offer is found under its förtur only. */
type ErbjudandeId = { id: string; erbjudandeId: string }

/** @throws 404 */
export async function readErbjudande(
  work: Work,
  { id, erbjudandeId }: ErbjudandeId,
  lock: '' | 'FOR UPDATE' = '',
): Promise<ErbjudandeRad> {
  const erbjudande = await findRow(work.db, ErbjudandeEntity, erbjudandeId, lock)
  if (erbjudande?.forturId !== id) throw finnsInte()
  return erbjudande
}

const saveOffer = (work: Work, erbjudande: ErbjudandeRad, changes: Partial<ErbjudandeRad>) =>
  changeRow(work.db, ErbjudandeEntity, erbjudande, changes, work.now)

/** With skyddad folkbokföring no address is kept (domain §7.6); the database drops one that comes another way. */
async function whyNoAddress(work: Work, fortur: ForturRad, body: NyttErbjudande): Promise<Refusal | null> {
  if (!fortur.skyddad || (body.adress == null && body.lagenhetsnummer == null)) return null
  const protectedRegistration = await work.db.query(
    "SELECT FROM person WHERE hushall_id = $1 AND skyddsniva = 'skyddadFolkbokforing' LIMIT 1",
    [fortur.hushallId],
  )
  const detail = 'Hushållet har skyddad folkbokföring: ingen adress får lagras.'
  return incoherent([protectedRegistration.length > 0 && { pointer: '/adress', kod: 'adress-far-inte-lagras', detail }])
}

/**
 * `hosHyresvard` -> `erbjuden`: a home is offered, and the landlord is told who it is for.
 *
 * @throws 409 when the förtur is not in force, 422 when the home is not what is needed
 */
export async function offer(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: NyttErbjudande,
): Promise<{ fortur: ForturRad; erbjudande: ErbjudandeRad }> {
  const fortur = await lockFortur(work, id, ifMatch)
  const svaraSenast = body.svaraSenast ?? daysAfter(work.today, work.config.FORTUR_SVARSTID_DAGAR)
  lifecycle.check('erbjud', fortur, actorsOf(work.caller), {
    erbjudande: { ...body, svaraSenast },
    today: work.today,
    explained: work.caller.part !== 'hyresvard' || fortur.lamnarUteslutnaOmraden,
  })
  throwIf(await whyNoAddress(work, fortur, body))
  const erbjudande: ErbjudandeRad = {
    id: newId(work.now),
    version: 1,
    forturId: fortur.id,
    hushallId: fortur.hushallId,
    skyddad: fortur.skyddad,
    hyresvardId: fortur.hyresvardId as string,
    tillstand: 'oppet',
    adress: body.adress ?? null,
    lagenhetsnummer: body.lagenhetsnummer ?? null,
    omrade: body.omrade,
    rum: body.rum,
    hyraOre: body.hyraOre,
    tilltrade: body.tilltrade,
    datum: work.today,
    svaraSenast,
    svarDatum: null,
    orsak: null,
    kommentar: null,
    raknas: null,
    kontraktDatum: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, ErbjudandeEntity, [erbjudande])
  const offered = await saveFortur(work, fortur, { tillstand: 'erbjuden', erbjudandeId: erbjudande.id })
  await discloseForturNames(work, id)
  return { fortur: offered, erbjudande }
}

const answered = { ja: 'accepterat', nej: 'avbojt', vardenNekar: 'nekat' } as const

/**
 * The person's answer to the offer, or the landlord's no; a no also after a yes, when the lease never came. A no that
 * counts may use up the förtur; the landlord's never does.
 *
 * @throws 404 when the förtur has no such offer, 409 when another one holds now or a yes is too late
 */
export async function answerOffer(
  work: Work,
  ids: ErbjudandeId,
  ifMatch: IfMatch,
  body: Erbjudandesvar,
): Promise<ForturRad> {
  const fortur = await lockFortur(work, ids.id, ifMatch)
  const erbjudande = await readErbjudande(work, ids, 'FOR UPDATE')
  lifecycle.check('svara', fortur, actorsOf(work.caller), { erbjudande, svar: body, today: work.today })
  const { svar, orsak = null, kommentar = null, godtagbartSkal = false } = body
  // A person's no that the landlord tells of has not been weighed by anyone who may.
  const vagt = work.caller.part !== 'hyresvard' || work.config.FORTUR_VARDENS_NEJ_RAKNAS
  const raknas = svar === 'nej' ? vagt && !godtagbartSkal : null
  await saveOffer(work, erbjudande, { tillstand: answered[svar], svarDatum: work.today, orsak, kommentar, raknas })
  return saveFortur(
    work,
    fortur,
    svar === 'ja' ? { tillstand: 'accepterad' } : afterNo(fortur, raknas === true, work.today),
  )
}

/** The offer that holds now, locked after its förtur; null when there is none. */
const currentOffer = async ({ db }: Work, { erbjudandeId }: ForturRad): Promise<ErbjudandeRad | null> =>
  erbjudandeId === null ? null : findRow(db, ErbjudandeEntity, erbjudandeId, 'FOR UPDATE')

/** `accepterad` -> `tillgodosedd`: the lease is signed. */
export async function signContract(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { kontraktDatum, kontraktsform }: Forturkontrakt,
): Promise<ForturRad> {
  const fortur = await lockFortur(work, id, ifMatch)
  // Only `accepterad` passes the check, and that state has an offer.
  const erbjudande = (await currentOffer(work, fortur)) as ErbjudandeRad
  lifecycle.check('tecknaKontrakt', fortur, actorsOf(work.caller), { erbjudande, kontraktDatum, today: work.today })
  await saveOffer(work, erbjudande, { tillstand: 'kontrakt', kontraktDatum })
  return saveFortur(work, fortur, { tillstand: 'tillgodosedd', kontraktsform, avslutadDatum: kontraktDatum })
}

/** Ends a förtur for another reason than its offer, which is taken back. */
async function endWithout(
  work: Work,
  fortur: ForturRad,
  ending: Pick<ForturRad, 'tillstand' | 'avslutadDatum' | 'avslutsmotivering'>,
): Promise<ForturRad> {
  const erbjudande = await currentOffer(work, fortur)
  if (erbjudande) await saveOffer(work, erbjudande, { tillstand: 'aterkallat', svarDatum: work.today })
  return saveFortur(work, fortur, { ...ending, erbjudandeId: null })
}

/** The person's own queue time was enough for a home: the förtur is not needed (domain §2.3). */
export async function foundByOwnQueue(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { datum, motivering }: EgenKotid,
): Promise<ForturRad> {
  const fortur = await lockFortur(work, id, ifMatch)
  lifecycle.check('egenKotidRacker', fortur, actorsOf(work.caller), { datum, today: work.today })
  return endWithout(work, fortur, {
    tillstand: 'tillgodoseddEgen',
    avslutadDatum: datum,
    avslutsmotivering: motivering,
  })
}

/** A favourable decision is withdrawn because circumstances have changed (FL 37 §). */
export async function revoke(work: Work, id: string, ifMatch: IfMatch, { motivering }: Upphavande): Promise<ForturRad> {
  const fortur = await lockFortur(work, id, ifMatch)
  lifecycle.check('upphav', fortur, actorsOf(work.caller))
  return endWithout(work, fortur, {
    tillstand: 'upphavd',
    avslutadDatum: work.today,
    avslutsmotivering: motivering,
  })
}
