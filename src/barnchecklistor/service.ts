import { actorsOf } from '../shared/caller.ts'
import { monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { refuseConflicted } from '../shared/jav.ts'
import { finnsInte, finnsRedan, type Refusal, uppgifterHangerInteIhop } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BarnchecklistaEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { whyNotBegin, whyNotSave } from './rules.ts'
import type { BarnchecklistaRad, Barnchecklisteutkast, NyBarnchecklista } from './schema.ts'
import { readTemplate, templateInForce } from './templates.ts'

type IfMatch = (version: number) => void

const throwIf = (refusal: Refusal | null) => {
  if (refusal) throw refusal
}
const unknownReference = (pointer: string, detail: string) => () =>
  uppgifterHangerInteIhop(detail, { errors: [{ pointer, kod: 'finns-inte', detail }] })

/** The children of a household that the caller has locked. */
async function childrenOf(work: Work, hushallId: string): Promise<string[]> {
  const rows: { id: string }[] = await work.db.query(
    "SELECT id FROM person WHERE hushall_id = $1 AND roll = 'barn' ORDER BY skapad, id",
    [hushallId],
  )
  return rows.map(({ id }) => id)
}

/**
 * Begins a checklist with the template of today.
 *
 * @throws 422 when the household is not there or has no children, or the case is not its
 */
export async function beginChecklist(
  work: Work,
  { hushallId, arendeId = null }: NyBarnchecklista,
): Promise<BarnchecklistaRad> {
  const [hushall] = await work.db.query('SELECT id, skyddad FROM hushall WHERE id = $1 FOR KEY SHARE', [hushallId])
  if (!hushall) throw unknownReference('/hushallId', 'hushallId är inget registrerat hushåll.')()
  throwIf(whyNotBegin(await childrenOf(work, hushall.id)))
  const checklista: BarnchecklistaRad = {
    ...countsOf([]),
    id: newId(work.now),
    version: 1,
    hushallId: hushall.id,
    skyddad: hushall.skyddad,
    arendeId: arendeId?.toLowerCase() ?? null,
    mallNummer: (await templateInForce(work)).nummer,
    tillstand: lifecycle.initial,
    svar: [],
    barn: [],
    barnetsBasta: null,
    klarDatum: null,
    klarAv: null,
    ersatterId: null,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, BarnchecklistaEntity, [checklista]), {
    barnchecklista_arende: unknownReference('/arendeId', 'arendeId är inget ärende för hushållet.'),
  })
  return checklista
}

/** @throws 404 */
export async function readChecklist(work: Work, id: string): Promise<BarnchecklistaRad> {
  const checklista = await findRow(work.db, BarnchecklistaEntity, id)
  if (!checklista) throw finnsInte()
  return checklista
}

export type Checklistefilter = { hushallId?: string; arendeId?: string; tillstand?: BarnchecklistaRad['tillstand'] }

/** Checklists, the newest first. */
export async function listChecklists(
  work: Work,
  { hushallId, arendeId, tillstand }: Checklistefilter,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
): Promise<{ rows: BarnchecklistaRad[]; total: number }> {
  const given = Object.entries({ hushall_id: hushallId, arende_id: arendeId, tillstand }).filter(
    ([, value]) => value !== undefined,
  )
  const where = given.map(([column], index) => `AND c.${column} = $${index + 1}`).join(' ')
  const values = given.map(([, value]) => value)
  const [p1, p2] = [`$${values.length + 1}`, `$${values.length + 2}`]
  const rows = await work.db.query(
    `SELECT ${selectList(BarnchecklistaEntity, 'c')} FROM barnchecklista c WHERE true ${where}
     ORDER BY c.skapad DESC, c.id DESC LIMIT ${p1} OFFSET ${p2}`,
    [...values, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM barnchecklista c WHERE true ${where} LIMIT ${p1}) counted`,
    [...values, countedAtMost + 1],
  )
  return { rows, total }
}

/** Household, then checklist, as everywhere: a child who is added meanwhile waits, or is waited for. */
async function lockChecklist(work: Work, id: string, ifMatch: IfMatch): Promise<BarnchecklistaRad> {
  await work.db.query(
    'SELECT FROM hushall WHERE id = (SELECT hushall_id FROM barnchecklista WHERE id = $1) FOR KEY SHARE',
    [id],
  )
  const checklista = await findRow(work.db, BarnchecklistaEntity, id, 'FOR UPDATE')
  if (!checklista) throw finnsInte()
  ifMatch(checklista.version)
  await refuseConflicted(work, checklista.arendeId)
  return checklista
}

/** What a checklist is held against: its own template, whichever holds today, and the household's children now. */
async function factsOf(work: Work, { mallNummer, hushallId }: BarnchecklistaRad) {
  const { punkter } = await readTemplate(work, mallNummer)
  return { punkter, barnIds: await childrenOf(work, hushallId) }
}

const countsOf = (barn: BarnchecklistaRad['barn']) => ({
  antalBarn: barn.length,
  antalInformerade: barn.filter(({ informerad }) => informerad).length,
  antalHorda: barn.filter(({ hord }) => hord === 'ja').length,
})

/**
 * Keeps a draft as it was sent: what it does not say is empty.
 *
 * @throws 422 when something in it is not the template's or the household's, 409 when the checklist is finished
 */
export async function saveDraft(
  work: Work,
  id: string,
  ifMatch: IfMatch,
  { svar = [], barn = [], barnetsBasta = null }: Barnchecklisteutkast,
): Promise<BarnchecklistaRad> {
  const checklista = await lockChecklist(work, id, ifMatch)
  const draft = {
    svar: svar.map(given => ({ ...given, kommentar: given.kommentar ?? null })),
    barn: barn.map(child => ({
      ...child,
      personId: child.personId.toLowerCase(),
      skal: child.skal ?? null,
      egenSyn: child.egenSyn ?? null,
    })),
    barnetsBasta,
  }
  throwIf(whyNotSave(checklista, draft, await factsOf(work, checklista)))
  return changeRow(work.db, BarnchecklistaEntity, checklista, { ...draft, ...countsOf(draft.barn) }, work.now)
}

/** @throws 422 with each thing that is missing, 409 when it is not a draft */
export async function finishChecklist(work: Work, id: string, ifMatch: IfMatch): Promise<BarnchecklistaRad> {
  const checklista = await lockChecklist(work, id, ifMatch)
  lifecycle.check('klarmarkera', checklista, actorsOf(work.caller), await factsOf(work, checklista))
  const changes = { tillstand: 'klar', klarDatum: work.today, klarAv: work.caller.sub } as const
  return changeRow(work.db, BarnchecklistaEntity, checklista, changes, work.now)
}

/**
 * Begins the revision of a finished checklist: a draft with what it says, of the same template, for the same case.
 *
 * @returns the draft
 * @throws 409 when it is not finished, or revised already
 */
export async function reviseChecklist(work: Work, id: string, ifMatch: IfMatch): Promise<BarnchecklistaRad> {
  const checklista = await lockChecklist(work, id, ifMatch)
  lifecycle.check('revidera', checklista, actorsOf(work.caller))
  await changeRow(work.db, BarnchecklistaEntity, checklista, { tillstand: 'reviderad' }, work.now)
  const revision: BarnchecklistaRad = {
    ...checklista,
    id: newId(work.now),
    version: 1,
    tillstand: lifecycle.initial,
    klarDatum: null,
    klarAv: null,
    ersatterId: checklista.id,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(insertRows(work.db, BarnchecklistaEntity, [revision]), {
    barnchecklista_ersatts_en_gang: () => finnsRedan('Barnchecklistan är redan reviderad.'),
  })
  return revision
}

/**
 * The finished checklist that a decision can rest on: the latest of the household for this case or for none, young
 * enough, with each of the children. One that was made for another case does not count: it is about another decision.
 *
 * @returns its id, or what is wanting: there is none, none is young enough, or none of those has every child
 */
export async function finishedChecklist(
  work: Work,
  { hushallId, arendeId, barnIds }: { hushallId: string; arendeId: string; barnIds: string[] },
): Promise<{ id: string } | { saknas: 'ingen' | 'forGammal' | 'barnSaknas' }> {
  const oldest = monthsAfter(work.today, -work.config.BARNCHECKLISTA_MANADER)
  const [found] = await work.db.query(
    `SELECT c.id, c.klar_datum >= $3 AS farsk, NOT EXISTS (
       SELECT FROM unnest($4::uuid[]) AS b (id) WHERE NOT c.barn @> jsonb_build_array(jsonb_build_object('personId', b.id))
     ) AS alla
     FROM barnchecklista c
     WHERE c.hushall_id = $1 AND c.tillstand = 'klar' AND (c.arende_id = $2 OR c.arende_id IS NULL)
     ORDER BY farsk DESC, alla DESC, c.klar_datum DESC, c.andrad DESC, c.id DESC LIMIT 1`,
    [hushallId, arendeId, oldest, barnIds],
  )
  if (!found) return { saknas: 'ingen' }
  if (!found.farsk) return { saknas: 'forGammal' }
  return found.alla ? { id: found.id } : { saknas: 'barnSaknas' }
}
