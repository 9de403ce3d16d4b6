import { daysOfMonth } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { defineProblem, finnsInte, finnsRedan } from '../shared/refusals.ts'
import { onConstraint } from '../shared/storage.ts'
import { asCleared, type Work } from '../shared/work.ts'
import type { Atkomst, Granskningar, Loggkontroll, NyttStickprov } from './schema.ts'

const manadenArInteSlut = defineProblem(
  'manaden-ar-inte-slut',
  409,
  'Månaden är inte slut',
  'Stickprovet dras ur en hel månad, så månaden måste vara slut.',
)

type Page = { limit: number; offset: number }

/** The columns of an entry as it is shown. */
const shown = (alias: string) =>
  `${alias}.id, ${alias}.tid, ${alias}.sub, ${alias}.part, ${alias}.part_id AS "partId", ${alias}.klient, ${alias}.metod, ${alias}.vag,
   ${alias}.hushall_ids AS "hushallIds", ${alias}.spar`

export type Loggfilter = { hushallId?: string; sub?: string; fran?: string; till?: string }

/** Entries of the read log, the latest first: by household, by caller, by period. Days are Swedish calendar days. */
export async function listAtkomster(
  work: Work,
  filter: Loggfilter,
  { limit, offset }: Page,
): Promise<{ rows: Atkomst[]; total: number }> {
  const where = `WHERE ($1::uuid IS NULL OR l.hushall_ids @> ARRAY[$1::uuid]) AND ($2::text IS NULL OR l.sub = $2)
    AND ($3::date IS NULL OR l.tid >= $3::date::timestamp AT TIME ZONE 'Europe/Stockholm')
    AND ($4::date IS NULL OR l.tid < ($4::date + 1)::timestamp AT TIME ZONE 'Europe/Stockholm')`
  const parameters = [filter.hushallId ?? null, filter.sub ?? null, filter.fran ?? null, filter.till ?? null]
  const rows = await work.db.query(
    `SELECT ${shown('l')} FROM atkomstlogg l ${where} ORDER BY l.tid DESC, l.id DESC LIMIT $5 OFFSET $6`,
    [...parameters, limit, offset],
  )
  const [{ total }] = await work.db.query(
    `SELECT count(*) AS total FROM (SELECT FROM atkomstlogg l ${where} LIMIT 10001) c`,
    parameters,
  )
  return { rows, total }
}

/** Who has read about a household. @throws 404 */
export async function listHouseholdReads(work: Work, hushallId: string, page: Page) {
  const visible = await work.db.query('SELECT FROM hushall WHERE id = $1', [hushallId])
  if (visible.length === 0) throw finnsInte()
  return listAtkomster(work, { hushallId }, page)
}

/** Follows the chain of hashes from the first batch to the last. */
export async function verifyLog(work: Work): Promise<Loggkontroll> {
  const [{ satser, rader, bruten, senaste, hash }] = await work.db.query('SELECT * FROM atkomst_kontroll()')
  return { hel: bruten === null, satser, rader, brutenVidSats: bruten, senasteSats: senaste, senasteHash: hash }
}

/** SQL: the reader of the entry chose what to read. Whoever follows events is told of whatever happens. */
const sought = (l: string) => `${l}.vag NOT LIKE '/v1/handelser%'`

/**
 * What makes a reading worth a look, each as the SQL that finds it in a month (`l`). Only people at socialförvaltningen
 * are sampled, and only answers about one household: lists are read by everyone.
 */
const risker: Record<string, string> = {
  slump: 'true',
  utanArende: `NOT EXISTS (SELECT FROM historik h WHERE h.hushall_id = l.hushall_ids[1] AND h.av = l.sub)`,
  skyddadPerson: 'EXISTS (SELECT FROM hushall s WHERE s.id = l.hushall_ids[1] AND s.skyddad)',
  sammaEfternamn: `EXISTS (SELECT FROM person p WHERE p.hushall_id = l.hushall_ids[1]
    AND lower(p.efternamn) = ANY (regexp_split_to_array(lower(l.sub), '[^[:alpha:]]+')))`,
  mangaPaKortTid: `(SELECT count(DISTINCT o.hushall_ids[1]) FROM atkomstlogg o WHERE o.sub = l.sub AND cardinality(o.hushall_ids) = 1
    AND ${sought('o')} AND o.tid BETWEEN l.tid - interval '10 minutes' AND l.tid) > $5`,
}

/**
 * Draws a month's sample: so many at random, and as many for each risk. With the rights to see protected persons,
 * whoever draws: a sample without them would leave out what matters most.
 *
 * @throws 409 before the month has ended, and when its sample is drawn already
 */
export async function drawSample(work: Work, { manad, antal = 20 }: NyttStickprov): Promise<string> {
  const { first, last } = daysOfMonth(manad)
  if (last >= work.today) throw manadenArInteSlut()
  const id = newId(work.now)
  await asCleared(work, async () => {
    await onConstraint(
      work.db.query('INSERT INTO stickprov (id, manad, draget, draget_av) VALUES ($1, $2, $3, $4)', [
        id,
        manad,
        work.now,
        work.caller.sub,
      ]),
      { stickprov_en_per_manad: () => finnsRedan('Månadens stickprov är redan draget.') },
    )
    // Most serious first: an entry that is found twice is listed for what weighs most.
    for (const skal of ['skyddadPerson', 'sammaEfternamn', 'mangaPaKortTid', 'utanArende', 'slump'])
      await work.db.query(
        `INSERT INTO stickprovspost (id, stickprov_id, logg_id, logg_tid, skal)
         SELECT gen_random_uuid(), $1, l.id, l.tid, '${skal}' FROM atkomstlogg l
         WHERE l.tid >= $2::date::timestamp AT TIME ZONE 'Europe/Stockholm' AND l.tid < ($3::date + 1)::timestamp AT TIME ZONE 'Europe/Stockholm'
           AND l.part = 'socialforvaltningen' AND cardinality(l.hushall_ids) = 1 AND ${sought('l')} AND $5::int IS NOT NULL AND ${risker[skal]}
         ORDER BY random() LIMIT $4 ON CONFLICT DO NOTHING`,
        [id, first, last, antal, work.config.STICKPROV_MANGA],
      )
  })
  return id
}

export type StickprovRad = {
  id: string
  manad: string
  draget: string
  dragetAv: string
  antal: number
  granskade: number
}

/** Samples with how many of their entries are signed off, counted of what the caller may see. */
const samples = `
  SELECT s.id, s.manad, s.draget, s.draget_av AS "dragetAv", count(l.id) AS antal, count(l.id) FILTER (WHERE p.granskad IS NOT NULL) AS granskade
  FROM stickprov s LEFT JOIN stickprovspost p ON p.stickprov_id = s.id LEFT JOIN atkomstlogg l ON l.id = p.logg_id AND l.tid = p.logg_tid`

/** @throws 404 */
export async function readSample(work: Work, id: string): Promise<StickprovRad> {
  const [row] = await work.db.query(`${samples} WHERE s.id = $1 GROUP BY s.id`, [id])
  if (!row) throw finnsInte()
  return row
}

/** Samples, the latest month first. */
export async function listSamples(
  work: Work,
  { limit, offset }: Page,
): Promise<{ rows: StickprovRad[]; total: number }> {
  const rows = await work.db.query(`${samples} GROUP BY s.id ORDER BY s.manad DESC LIMIT $1 OFFSET $2`, [limit, offset])
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM stickprov')
  return { rows, total }
}

/** The entries of a sample, those that nobody has signed off first. */
export async function listSampleEntries(work: Work, id: string, { limit, offset }: Page) {
  const { antal } = await readSample(work, id)
  const rows = await work.db.query(
    `SELECT p.id AS "postId", p.skal, p.bedomning, p.kommentar, p.granskad, p.granskad_av AS "granskadAv", ${shown('l')}
     FROM stickprovspost p JOIN atkomstlogg l ON l.id = p.logg_id AND l.tid = p.logg_tid
     WHERE p.stickprov_id = $1 ORDER BY p.granskad NULLS FIRST, p.id LIMIT $2 OFFSET $3`,
    [id, limit, offset],
  )
  return {
    rows: rows.map(
      ({ postId, skal, bedomning, kommentar, granskad, granskadAv, ...atkomst }: Record<string, unknown>) => ({
        id: postId,
        skal,
        atkomst,
        bedomning,
        kommentar,
        granskad,
        granskadAv,
      }),
    ),
    total: antal,
  }
}

/** Signs off entries of a sample. @throws 404 when one of them is not in it, or not for the caller to see */
export async function signOff(work: Work, id: string, { granskningar }: Granskningar): Promise<StickprovRad> {
  const posts = granskningar.map(({ kommentar = null, ...rest }) => ({ ...rest, kommentar }))
  const [, count] = await work.db.query(
    `UPDATE stickprovspost p SET bedomning = g.bedomning, kommentar = g.kommentar, granskad = $2, granskad_av = $3
     FROM jsonb_to_recordset($4) AS g ("postId" uuid, bedomning text, kommentar text)
     WHERE p.id = g."postId" AND p.stickprov_id = $1 AND EXISTS (SELECT FROM atkomstlogg l WHERE l.id = p.logg_id AND l.tid = p.logg_tid)`,
    [id, work.now, work.caller.sub, JSON.stringify(posts)],
  )
  if (count !== new Set(posts.map(({ postId }) => postId)).size)
    throw finnsInte('En av posterna finns inte i stickprovet.')
  return readSample(work, id)
}
