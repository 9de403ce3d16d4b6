import { newId } from '../shared/ids.ts'
import { finnsInte, uppgifterHangerInteIhop } from '../shared/refusals.ts'
import { changeRow, findRow, insertRows, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { UtlamnandeEntity } from './entity.ts'
import { whyNotDisclose, whyNotWithdraw } from './rules.ts'
import type { Aterkallande, NyttUtlamnande, UtlamnandeRad } from './schema.ts'

/** What a landlord is told of a guarantee on a home of its own: what the letting needs, and no more. */
const tillHyresvard = ['avtalsnummer', 'adress', 'lagenhetsnummer', 'manadshyraOre']

/** SQL: the guarantee `h` is disclosed to its landlord, and that has not been withdrawn. A landlord's view rests on it. */
export const disclosedToLandlord = `EXISTS (SELECT FROM utlamnande u WHERE u.hyresgaranti_id = h.id AND u.part = 'hyresvard'
  AND u.part_id = h.hyresvard_id AND u.aterkallat IS NULL)`

/**
 * Writes down that landlords are concerned by guarantees: when the agreement is signed, a spreadsheet imported, a round
 * opened. Once for each guarantee, also when it was withdrawn since; never for protected persons, who are handed over
 * by hand.
 *
 * @param which the guarantees: by id, or all that have a review in a period
 */
export async function discloseToLandlords(work: Work, which: { ids: string[] } | { period: string }): Promise<void> {
  const [condition, parameter] =
    'ids' in which
      ? ['h.id = ANY($4)', which.ids]
      : ['EXISTS (SELECT FROM genomgang g WHERE g.hyresgaranti_id = h.id AND g.period = $4)', which.period]
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, hyresgaranti_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'hyresvard', h.hyresvard_id, h.hushall_id, h.skyddad, h.id, $3, 'nodvandigt', $1, $2, $2, $2
     FROM hyresgaranti h
     WHERE ${condition} AND NOT h.skyddad AND NOT EXISTS (SELECT FROM utlamnande u
       WHERE u.hyresgaranti_id = h.id AND u.part = 'hyresvard' AND u.part_id = h.hyresvard_id)`,
    [work.caller.sub, work.now, tillHyresvard, parameter],
  )
}

/** What a landlord is told of a förtur that is handed over to it, and with the first offer. Never why there is one. */
const forturTillHyresvard = [
  'forturnummer',
  'giltigTill',
  'antalPersoner',
  'minRum',
  'maxRum',
  'maxHyraOre',
  'tillganglighet',
  'onskadeOmraden',
]
const namn = ['fornamn', 'efternamn']

/** SQL: something with this field of the förtur `f` is disclosed to its landlord, and that has not been withdrawn. */
const forturDisclosed = (field: string) => `EXISTS (SELECT FROM utlamnande u WHERE u.fortur_id = f.id
  AND u.part = 'hyresvard' AND u.part_id = f.hyresvard_id AND u.aterkallat IS NULL AND '${field}' = ANY (u.falt))`
/** SQL: the landlord of the förtur `f` may see it. Its view rests on this. */
export const forturDisclosedToLandlord = forturDisclosed('forturnummer')
/** SQL: the landlord of the förtur `f` may know who it is about. */
export const nameDisclosedToLandlord = forturDisclosed('fornamn')

/**
 * Writes down that förturer are handed over to their landlords. Never for a protected household, which is handed over
 * by hand: without the row the landlord does not see it.
 */
export async function discloseForturer(
  work: Work,
  forturIds: string[],
  { grund, uteslutnaOmraden }: { grund: UtlamnandeRad['grund']; uteslutnaOmraden: boolean },
): Promise<void> {
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, fortur_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'hyresvard', f.hyresvard_id, f.hushall_id, f.skyddad, f.id, $2, $3, $4, $5, $5, $5
     FROM fortur f WHERE f.id = ANY($1) AND f.hyresvard_id IS NOT NULL AND NOT f.skyddad`,
    [
      forturIds,
      [...forturTillHyresvard, ...(uteslutnaOmraden ? ['uteslutnaOmraden'] : [])],
      grund,
      work.caller.sub,
      work.now,
    ],
  )
}

/**
 * Writes down that a landlord is told who an offer is for: with the first offer, on the ground and by the decision of the
 * handing over, since the landlord itself may make the offer. Not when that has been withdrawn, and not again when only
 * the name has been.
 */
export async function discloseForturNames(work: Work, forturId: string): Promise<void> {
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, fortur_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, o.part, o.part_id, f.hushall_id, f.skyddad, f.id, $2, o.grund, o.beslutad_av, $3, $3, $3
     FROM fortur f JOIN utlamnande o ON o.fortur_id = f.id AND o.part = 'hyresvard' AND o.part_id = f.hyresvard_id
     WHERE f.id = $1 AND NOT f.skyddad AND o.aterkallat IS NULL AND 'forturnummer' = ANY (o.falt)
       AND NOT EXISTS (SELECT FROM utlamnande n WHERE n.fortur_id = f.id AND n.part_id = f.hyresvard_id AND n.falt = $2)`,
    [forturId, namn, work.now],
  )
}

/** What serviceförvaltningen is told of a stödlägenhet when a home is proposed. Never why there is one. */
const stodlagenhetTillServiceforvaltningen = ['stodlagenhetsnummer', 'antalPersoner']

/** SQL: something with this field of the stödlägenhet `s` is disclosed to serviceförvaltningen, and that has not been withdrawn. */
const disclosedOfStodlagenhet = (field: string) => `EXISTS (SELECT FROM utlamnande u WHERE u.stodlagenhet_id = s.id
  AND u.part = 'serviceforvaltningen' AND u.aterkallat IS NULL AND '${field}' = ANY (u.falt))`
/** SQL: serviceförvaltningen may see the stödlägenhet `s`. Its view rests on this. */
export const stodlagenhetDisclosed = disclosedOfStodlagenhet('stodlagenhetsnummer')
/** SQL: serviceförvaltningen may know who the stödlägenhet `s` is let to. */
export const stodlagenhetNameDisclosed = disclosedOfStodlagenhet('fornamn')

/**
 * Writes down that serviceförvaltningen is told of a stödlägenhet for which one of its homes is held. Once, also when it
 * was withdrawn since; never for a protected household, which is handed over by hand.
 */
export async function discloseStodlagenhet(work: Work, stodlagenhetId: string): Promise<void> {
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, hushall_id, skyddad, stodlagenhet_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'serviceforvaltningen', s.hushall_id, s.skyddad, s.id, $2, 'nodvandigt', $3, $4, $4, $4
     FROM stodlagenhet s WHERE s.id = $1 AND NOT s.skyddad AND NOT EXISTS (SELECT FROM utlamnande u
       WHERE u.stodlagenhet_id = s.id AND u.part = 'serviceforvaltningen' AND u.falt = $2)`,
    [stodlagenhetId, stodlagenhetTillServiceforvaltningen, work.caller.sub, work.now],
  )
}

/**
 * Writes down that serviceförvaltningen is told who a home is allotted to. Not when the disclosure that it follows from
 * has been withdrawn, and not again when only the name has been.
 */
export async function discloseStodlagenhetNames(work: Work, stodlagenhetId: string): Promise<void> {
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, hushall_id, skyddad, stodlagenhet_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'serviceforvaltningen', s.hushall_id, s.skyddad, s.id, $2, 'nodvandigt', $3, $4, $4, $4
     FROM stodlagenhet s WHERE s.id = $1 AND NOT s.skyddad AND ${stodlagenhetDisclosed} AND NOT EXISTS (SELECT FROM utlamnande n
       WHERE n.stodlagenhet_id = s.id AND n.part = 'serviceforvaltningen' AND n.falt = $2)`,
    [stodlagenhetId, namn, work.caller.sub, work.now],
  )
}

/** What a party is told of a link in a chain of moves. Never why there is one, nor of the other links. */
const flyttlankTillPart = ['flyttkedjenummer', 'antalPersoner', 'flyttdag']

/** SQL: the landlord's id where a party is a landlord; serviceförvaltningen is one. */
const partIdOf = { hyresvard: 'l.till_hyresvard_id', serviceforvaltningen: 'NULL::uuid' } as const

/** SQL: something with this field of the link `l` is disclosed to a party of it, and that has not been withdrawn. */
const disclosedOfFlyttlank = (part: keyof typeof partIdOf, field: string) => `EXISTS (SELECT FROM utlamnande u
  WHERE u.flyttkedja_id = l.flyttkedja_id AND u.hushall_id = l.hushall_id AND u.part = '${part}'
    AND u.part_id IS NOT DISTINCT FROM ${partIdOf[part]} AND u.aterkallat IS NULL AND '${field}' = ANY (u.falt))`
/** SQL: a party may see the link `l`. Its view rests on this. */
export const flyttlankDisclosed = (part: keyof typeof partIdOf): string =>
  disclosedOfFlyttlank(part, 'flyttkedjenummer')
/** SQL: a party may know who the link `l` is about. */
export const flyttlankNameDisclosed = (part: keyof typeof partIdOf): string => disclosedOfFlyttlank(part, 'fornamn')

/**
 * Writes down that the parties of links are told of them: the landlord that gives a contract, and serviceförvaltningen
 * of the pool's homes. With the names when the chain is ready, and then only to whom the first is not withdrawn. Once
 * each; never for a protected household, nor in its chain.
 */
export async function discloseFlyttlankar(work: Work, lankIds: string[], what: 'lank' | 'namn'): Promise<void> {
  const ofPart = (part: keyof typeof partIdOf, concerned: string) => `
    SELECT '${part}' AS part, ${partIdOf[part]} AS part_id WHERE ${concerned}
      ${what === 'namn' ? `AND ${flyttlankDisclosed(part)}` : ''}`
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, flyttkedja_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, p.part, p.part_id, l.hushall_id, l.skyddad, l.flyttkedja_id, $2, 'nodvandigt', $3, $4, $4, $4
     FROM flyttlank l CROSS JOIN LATERAL (${ofPart('hyresvard', 'l.till_hyresvard_id IS NOT NULL')}
       UNION ALL ${ofPart('serviceforvaltningen', 'num_nonnulls(l.fran_lagenhet_id, l.till_lagenhet_id) > 0')}) p
     WHERE l.id = ANY ($1) AND NOT l.skyddad AND NOT l.kedja_skyddad AND NOT EXISTS (SELECT FROM utlamnande n
       WHERE n.flyttkedja_id = l.flyttkedja_id AND n.hushall_id = l.hushall_id AND n.part = p.part
         AND n.part_id IS NOT DISTINCT FROM p.part_id AND n.falt = $2)`,
    [lankIds, what === 'namn' ? namn : flyttlankTillPart, work.caller.sub, work.now],
  )
}

/**
 * Writes down that serviceförvaltningen is told of new stödlägenheter that have leases already, and of who has them.
 * Never for a protected household, which is handed over by hand.
 */
export async function discloseLeases(work: Work, stodlagenhetIds: string[]): Promise<void> {
  await work.db.query(
    `INSERT INTO utlamnande (id, version, part, hushall_id, skyddad, stodlagenhet_id, falt, grund, beslutad_av, tid, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'serviceforvaltningen', s.hushall_id, s.skyddad, s.id, x.falt, 'nodvandigt', $4, $5, $5, $5
     FROM stodlagenhet s CROSS JOIN (VALUES ($2::text[]), ($3::text[])) AS x (falt) WHERE s.id = ANY ($1) AND NOT s.skyddad`,
    [stodlagenhetIds, stodlagenhetTillServiceforvaltningen, namn, work.caller.sub, work.now],
  )
}

/** Whether a guarantee's landlord may see it now. */
export async function isDisclosed(work: Work, hyresgarantiId: string): Promise<boolean> {
  const rows = await work.db.query(`SELECT FROM hyresgaranti h WHERE h.id = $1 AND ${disclosedToLandlord}`, [
    hyresgarantiId,
  ])
  return rows.length > 0
}

/** A disclosure made by hand, written down by whoever made it. */
export async function recordDisclosure(work: Work, body: NyttUtlamnande): Promise<UtlamnandeRad> {
  const refusal = whyNotDisclose(body)
  if (refusal) throw refusal
  const [hushall] = await work.db.query('SELECT skyddad FROM hushall WHERE id = $1', [body.hushallId])
  if (!hushall) {
    const detail = 'hushallId är inget registrerat hushåll.'
    throw uppgifterHangerInteIhop(detail, { errors: [{ pointer: '/hushallId', kod: 'finns-inte', detail }] })
  }
  const utlamnande: UtlamnandeRad = {
    ...body,
    partId: body.partId ?? null,
    id: newId(work.now),
    version: 1,
    skyddad: hushall.skyddad,
    hyresgarantiId: null,
    forturId: null,
    stodlagenhetId: null,
    flyttkedjaId: null,
    beslutadAv: work.caller.sub,
    tid: work.now,
    aterkallat: null,
    aterkallatAv: null,
    aterkallatSkal: null,
    skapad: work.now,
    andrad: work.now,
  }
  await insertRows(work.db, UtlamnandeEntity, [utlamnande])
  return utlamnande
}

/** @throws 404 */
export async function readUtlamnande(work: Work, id: string, lock: '' | 'FOR UPDATE' = ''): Promise<UtlamnandeRad> {
  const utlamnande = await findRow(work.db, UtlamnandeEntity, id, lock)
  if (!utlamnande) throw finnsInte()
  return utlamnande
}

/** Withdraws a disclosure: the party's view is gone at once. */
export async function withdraw(
  work: Work,
  id: string,
  ifMatch: (version: number) => void,
  { skal }: Aterkallande,
): Promise<UtlamnandeRad> {
  const utlamnande = await readUtlamnande(work, id, 'FOR UPDATE')
  ifMatch(utlamnande.version)
  const refusal = whyNotWithdraw(utlamnande)
  if (refusal) throw refusal
  return changeRow(
    work.db,
    UtlamnandeEntity,
    utlamnande,
    { aterkallat: work.now, aterkallatAv: work.caller.sub, aterkallatSkal: skal },
    work.now,
  )
}

export type Utlamnandefilter = {
  hushallId?: string
  hyresgarantiId?: string
  forturId?: string
  stodlagenhetId?: string
  flyttkedjaId?: string
  part?: UtlamnandeRad['part']
  partId?: string
}

/** Disclosures, the latest first. */
export async function listUtlamnanden(
  work: Work,
  filter: Utlamnandefilter,
  { limit, offset }: { limit: number; offset: number },
) {
  const where = `WHERE ($1::uuid IS NULL OR u.hushall_id = $1) AND ($2::uuid IS NULL OR u.hyresgaranti_id = $2)
    AND ($3::text IS NULL OR u.part = $3) AND ($4::uuid IS NULL OR u.part_id = $4)
    AND ($5::uuid IS NULL OR u.fortur_id = $5) AND ($6::uuid IS NULL OR u.stodlagenhet_id = $6)
    AND ($7::uuid IS NULL OR u.flyttkedja_id = $7)`
  const parameters = [
    filter.hushallId ?? null,
    filter.hyresgarantiId ?? null,
    filter.part ?? null,
    filter.partId ?? null,
    filter.forturId ?? null,
    filter.stodlagenhetId ?? null,
    filter.flyttkedjaId ?? null,
  ]
  const rows: UtlamnandeRad[] = await work.db.query(
    `SELECT ${selectList(UtlamnandeEntity, 'u')} FROM utlamnande u ${where} ORDER BY u.tid DESC, u.id LIMIT $8 OFFSET $9`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM utlamnande u ${where} LIMIT 10001) c`,
    parameters,
  )
  return { rows, total: total as number }
}
