import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { hasConflict, refuseConflicted } from '../shared/jav.ts'
import { finnsInte, finnsRedan, uppgifterHangerInteIhop } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { ArendeEntity, JavEntity, UtredningEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotRegister } from './rules.ts'
import type {
  ArendeRad,
  Avskrivning,
  JavRad,
  Javsanmalan,
  Kommunicering,
  Komplettering,
  Kompletteringsbegaran,
  NyttArende,
  Tilldelning,
  UtredningRad,
  Yttrande,
} from './schema.ts'

export type IfMatch = (version: number) => void

const wrong = (pointer: string, kod: string, detail: string) => () =>
  uppgifterHangerInteIhop(detail, { errors: [{ pointer, kod, detail }] })

/** A number for people, `AR-2026-00012`, from a sequence. */
async function nextArendenummer(work: Work): Promise<string> {
  const [{ nummer }] = await work.db.query("SELECT nextval('arendenummer_seq') AS nummer")
  const arendenummer = `AR-${work.today.slice(0, 4)}-${String(nummer).padStart(5, '0')}`
  // The help takes the number of its case: one that an imported file has used already is passed over.
  const taken = await asCleared(work, () => work.db.query('SELECT FROM fortur WHERE forturnummer = $1', [arendenummer]))
  return taken.length === 0 ? arendenummer : nextArendenummer(work)
}

/** What an investigation is before anything is written in it. */
export const emptyUtredning = {
  stodbehov: null,
  fortsattPlanering: null,
  brukarsynpunkt: null,
  brukarenInstammer: null,
  brukarsynpunktSaknas: null,
  inkomstOre: null,
  utgifterOre: null,
  skulderOre: null,
  budget: null,
  sattaGrupper: [],
  grunder: [],
  intyg: [],
  folkbokfordSedan: null,
  undantagFolkbokforing: null,
  koRegistrerad: null,
  koPoang: null,
  koFornyad: null,
  egenKotidProvad: null,
  bostadsskuldOre: null,
  overenskommelse: null,
} satisfies Partial<UtredningRad>

/**
 * Registers an application, with an empty investigation.
 *
 * @throws 422 when the household is not there, or a person is not in it
 */
export async function registerArende(work: Work, body: NyttArende): Promise<ArendeRad> {
  const [hushall] = await work.db.query(
    `SELECT h.skyddad, (SELECT p.id FROM person p WHERE p.hushall_id = h.id AND p.roll = 'sokande') AS "sokandeId"
     FROM hushall h WHERE h.id = $1 FOR KEY SHARE`,
    [body.hushallId],
  )
  if (!hushall) throw wrong('/hushallId', 'finns-inte', 'hushallId är inget registrerat hushåll.')()
  const personId: string | null = body.personId ?? hushall.sokandeId
  if (!personId) throw wrong('/personId', 'saknas', 'personId behövs: hushållet har ingen med rollen sokande.')()
  const refusal = whyNotRegister({ ...body, personId }, work.today)
  if (refusal) throw refusal
  const arende: ArendeRad = {
    ...notYet,
    insats: body.insats,
    hushallId: body.hushallId,
    ansokanDatum: body.ansokanDatum,
    kanal: body.kanal,
    personId,
    medsokandeId: body.medsokandeId ?? null,
    handlaggare: body.handlaggare ?? null,
    id: newId(work.now),
    version: 1,
    tillstand: lifecycle.initial,
    arendenummer: await nextArendenummer(work),
    skyddad: hushall.skyddad,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, ArendeEntity, [arende]), {
    arende_person: wrong('/personId', 'finns-inte', 'personId är ingen person i hushållet.'),
    arende_medsokande: wrong('/medsokandeId', 'finns-inte', 'medsokandeId är ingen person i hushållet.'),
  })
  await insertRows(work.db, UtredningEntity, [
    {
      ...emptyUtredning,
      id: newId(work.now),
      arendeId: arende.id,
      hushallId: arende.hushallId,
      skyddad: arende.skyddad,
      version: 1,
      skapad: work.now,
      andrad: work.now,
    },
  ])
  return arende
}

/** Everything that a case has first when something happens to it. */
const notYet = {
  tilldelningsskal: null,
  kompletteringBegart: null,
  kompletteringSenast: null,
  kompletteringInkommen: null,
  kommuniceradDatum: null,
  yttrandeSenast: null,
  yttrande: null,
  yttrandeDatum: null,
  foredragenDatum: null,
  beslutId: null,
  beslutDatum: null,
  avskrivningsorsak: null,
  avskrivningsmotivering: null,
  avskrivenDatum: null,
  overklagadDatum: null,
  overklagadIRattTid: null,
  avvisadDatum: null,
  avvisningsmotivering: null,
  overlamnadDatum: null,
  domstol: null,
  malnummer: null,
  domDatum: null,
  domUtfall: null,
  fordrojdDagar: null,
  fordrojdDatum: null,
} satisfies Partial<ArendeRad>

/** @throws 404 */
export async function readArende(work: Work, id: string): Promise<ArendeRad> {
  const arende = await findRow(work.db, ArendeEntity, id)
  if (!arende) throw finnsInte()
  return arende
}

/**
 * Reads a case in order to act in it. The household first, as when protection is raised.
 *
 * @param household how hard the household is held: a decision that gives help is alone in it
 * @throws 403 for whoever has a conflict of interest in the case (FL 16-18 §§)
 */
export async function lockArende(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  household: 'KEY SHARE' | 'NO KEY UPDATE' = 'KEY SHARE',
): Promise<ArendeRad> {
  await work.db.query(`SELECT FROM hushall WHERE id = (SELECT hushall_id FROM arende WHERE id = $1) FOR ${household}`, [
    id,
  ])
  const arende = await findRow(work.db, ArendeEntity, id, 'FOR UPDATE')
  if (!arende) throw finnsInte()
  ifMatch(arende.version)
  await refuseConflicted(work, id)
  return arende
}

/** Writes a decided change and returns the case as it became. */
export const saveArende = (work: Work, arende: ArendeRad, changes: Partial<ArendeRad>): Promise<ArendeRad> =>
  changeRow(work.db, ArendeEntity, arende, changes, work.now)

/** Gives the case to a caseworker, or hands it over to another. */
export async function assign(work: Work, id: string, ifMatch: IfMatch, body: Tilldelning): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  if (await hasConflict(work, id, body.handlaggare))
    throw wrong('/handlaggare', 'javig', 'Personen är anmäld som jävig i ärendet. Välj en annan handläggare.')()
  return saveArende(work, arende, { handlaggare: body.handlaggare, tilldelningsskal: body.skal ?? null })
}

/** Starts the investigation; whoever starts it takes the case if nobody has it. */
export async function startInvestigation(work: Work, id: string, ifMatch: IfMatch): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('paborjaUtredning', arende, actorsOf(work.caller))
  return saveArende(work, arende, { tillstand: 'utredning', handlaggare: arende.handlaggare ?? work.caller.sub })
}

export async function askForMore(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  body: Kompletteringsbegaran,
): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('begarKomplettering', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, {
    tillstand: 'komplettering',
    kompletteringBegart: body.begart,
    kompletteringSenast: body.senast,
    kompletteringInkommen: null,
    foredragenDatum: null,
  })
}

export async function receiveMore(work: Work, id: string, ifMatch: IfMatch, body: Komplettering): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('kompletteringInkommer', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, { tillstand: 'utredning', kompletteringInkommen: body.inkommen })
}

/** Lets the party see the investigation and answer it (FL 25 §). */
export async function communicate(work: Work, id: string, ifMatch: IfMatch, body: Kommunicering): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('kommunicera', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, {
    tillstand: 'kommunicerad',
    kommuniceradDatum: work.today,
    yttrandeSenast: body.yttrandeSenast,
    yttrande: null,
    yttrandeDatum: null,
  })
}

export async function recordStatement(work: Work, id: string, ifMatch: IfMatch, body: Yttrande): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('yttraSig', arende, actorsOf(work.caller), { body, today: work.today })
  return saveArende(work, arende, { yttrande: body.yttrande, yttrandeDatum: body.inkommet ?? work.today })
}

export async function resume(work: Work, id: string, ifMatch: IfMatch): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('aterupptaUtredning', arende, actorsOf(work.caller))
  // What comes in now the party has not seen: it is heard anew before anything goes against it.
  return saveArende(work, arende, {
    tillstand: 'utredning',
    kommuniceradDatum: null,
    yttrandeSenast: null,
    yttrande: null,
    yttrandeDatum: null,
    foredragenDatum: null,
  })
}

/** Hands the investigated case to whoever decides: it is then on their list of what waits. */
export async function present(work: Work, id: string, ifMatch: IfMatch): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('foredra', arende, actorsOf(work.caller))
  return saveArende(work, arende, { foredragenDatum: work.today })
}

/** Ends a case without a decision in substance: withdrawn, moved, deceased. */
export async function writeOff(work: Work, id: string, ifMatch: IfMatch, body: Avskrivning): Promise<ArendeRad> {
  const arende = await lockArende(work, id, ifMatch)
  lifecycle.check('avskriv', arende, actorsOf(work.caller))
  return saveArende(work, arende, {
    tillstand: 'avskriven',
    avskrivningsorsak: body.orsak,
    avskrivningsmotivering: body.motivering,
    avskrivenDatum: work.today,
  })
}

/**
 * Writes down a conflict of interest: from then on that person neither handles nor decides in the case.
 *
 * @throws 409 when it is written already
 */
export async function reportConflict(work: Work, id: string, body: Javsanmalan): Promise<JavRad> {
  const arende = await readArende(work, id)
  const jav: JavRad = {
    ...body,
    id: newId(work.now),
    arendeId: arende.id,
    hushallId: arende.hushallId,
    skyddad: arende.skyddad,
    anmaltAv: work.caller.sub,
    skapad: work.now,
  }
  await onConstraint(insertRows(work.db, JavEntity, [jav]), {
    jav_en_gang: () => finnsRedan('Jävet är redan anmält.'),
  })
  return jav
}

/** The conflicts of interest of a case; few, so all of them. */
export async function listConflicts(work: Work, id: string): Promise<JavRad[]> {
  await readArende(work, id)
  return work.db.query(
    `SELECT ${selectList(JavEntity, 'j')} FROM jav j WHERE j.arende_id = $1 ORDER BY j.skapad, j.id LIMIT 100`,
    [id],
  )
}
