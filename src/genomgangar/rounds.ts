import { latestRound, nextPeriod, type Omgang, roundOf } from '../hyresgarantier/periods.ts'
import { daysAfter } from '../shared/dates.ts'
import { defineProblem, finnsInte, finnsRedan } from '../shared/refusals.ts'
import { asCleared, type Work } from '../shared/work.ts'
import { discloseToLandlords } from '../utlamnanden/service.ts'
import type { GenomgangsomgangRad } from './schema.ts'

const oppnarSenare = defineProblem(
  'omgangen-oppnar-senare',
  409,
  'Omgången kan inte öppnas än',
  'En genomgångsomgång omfattar garantierna som är aktiva på dess öppningsdag, och den dagen har inte kommit.',
)

/**
 * The guarantees that were active on the day a round opens (`$2`), whenever that is asked: signed and begun by then,
 * not ended and not under notice. `$3` is null, or the last day on which they must have been registered.
 */
const activeOnDay = `
  FROM hushall s JOIN hyresgaranti h ON h.hushall_id = s.id
  WHERE h.tillstand NOT IN ('beviljad', 'forfallen') AND h.avtal_tecknat_datum <= $2 AND h.giltig_fran <= $2
    AND h.giltig_till >= $2 AND (h.avslutad_datum IS NULL OR h.avslutad_datum > $2)
    AND (h.uppsagd_datum IS NULL OR h.uppsagd_datum > $2)
    AND ($3::date IS NULL OR (h.skapad AT TIME ZONE 'Europe/Stockholm')::date <= $3)`

/**
 * One review for each guarantee that was active on the round's opening day and has none yet. A guarantee that has
 * ended since gets a review that is closed already: the round's list is that of its day. Protected guarantees are
 * reviewed like all others, so this runs with the cleared role; it returns only counts of what it made. The guarantees
 * are held meanwhile, each after its household: one whose protection is being raised is waited for, and its review is
 * made protected.
 */
async function fillRound(
  work: Work,
  { period, oppnar, stanger }: Omgang,
  registeredBy: string | null,
  evenEmpty: boolean,
) {
  return asCleared(work, async () => {
    const opened = await work.db.query(
      `INSERT INTO genomgangsomgang (period, oppnad, stanger, skapad)
       SELECT $1, $2, $4, $5 WHERE $6 OR EXISTS (SELECT ${activeOnDay})
       ON CONFLICT DO NOTHING RETURNING period`,
      [period, oppnar, registeredBy, stanger, work.now, evenEmpty],
    )
    const [{ antal }] = await work.db.query(
      `WITH made AS (INSERT INTO genomgang (id, version, period, hyresgaranti_id, hushall_id, hyresvard_id, skyddad, tillstand,
         tillstand_sedan, utfall, motivering, beslutad, beslutad_av, skapad, andrad)
       SELECT gen_random_uuid(), 1, $1, h.id, h.hushall_id, h.hyresvard_id, h.skyddad,
         CASE WHEN h.avslutad_datum IS NULL THEN 'vantar' ELSE 'klar' END, $2,
         CASE WHEN h.avslutad_datum IS NOT NULL THEN 'utgick' END,
         CASE WHEN h.avslutad_datum IS NOT NULL THEN 'Hyresgarantin upphörde innan genomgången öppnades.' END,
         CASE WHEN h.avslutad_datum IS NOT NULL THEN $4::timestamptz END,
         CASE WHEN h.avslutad_datum IS NOT NULL THEN $5 END, $4, $4
       ${activeOnDay} AND EXISTS (SELECT FROM genomgangsomgang WHERE period = $1)
         AND NOT EXISTS (SELECT FROM genomgang g WHERE g.hyresgaranti_id = h.id AND g.period = $1)
       ORDER BY h.id FOR KEY SHARE OF s, h
       ON CONFLICT (hyresgaranti_id, period) DO NOTHING RETURNING 1) SELECT count(*) AS antal FROM made`,
      [period, oppnar, registeredBy, work.now, work.caller.sub],
    )
    await discloseToLandlords(work, { period })
    return { oppnad: opened.length > 0, genomgangar: antal as number }
  })
}

/**
 * Opens the rounds that should be open: the latest, and those missed since the last that was opened. A guarantee that
 * was active on the day but registered later joins the round as long as it has not closed; one that has closed takes
 * only what was registered in time, so that going live in January makes nobody late for the autumn.
 */
export async function openDueRounds(work: Work): Promise<{ omgangar: string[]; genomgangar: number }> {
  const latest = latestRound(work.today, work.config)
  const [{ last }] = await work.db.query('SELECT max(period) AS last FROM genomgangsomgang WHERE period <= $1', [
    latest.period,
  ])
  const due: Omgang[] = []
  for (let period = last ?? latest.period; period <= latest.period; period = nextPeriod(period))
    due.push(roundOf(period, work.config))
  const omgangar: string[] = []
  let genomgangar = 0
  for (const omgang of due) {
    const closed = omgang.stanger < work.today
    const made = await fillRound(work, omgang, closed ? omgang.stanger : null, false)
    if (made.oppnad) omgangar.push(omgang.period)
    genomgangar += made.genomgangar
  }
  return { omgangar, genomgangar }
}

/**
 * A person opens a round, on its day or later.
 *
 * @throws 409 before its day, and when it is open already
 */
export async function openRound(work: Work, period: string): Promise<void> {
  const omgang = roundOf(period, work.config)
  if (omgang.oppnar > work.today) throw oppnarSenare(`Omgången ${period} öppnar ${omgang.oppnar}.`)
  const { oppnad } = await fillRound(work, omgang, null, true)
  if (!oppnad) throw finnsRedan(`Genomgångsomgången ${period} är redan öppnad.`)
}

/**
 * What was not done when its round closed is overdue, on the review and so on the guarantee's flag. Here and below,
 * reviews are locked in the order of their ids, as by the landlord's answers: two batches cannot deadlock.
 */
export async function flagOverdue(work: Work): Promise<{ forfallna: number }> {
  const [, forfallna] = await work.db.query(
    `UPDATE genomgang g SET tillstand = 'forfallen', tillstand_sedan = $1, version = g.version + 1, andrad = $2
     FROM (SELECT g.id FROM genomgang g JOIN genomgangsomgang o ON o.period = g.period
       WHERE o.stanger <= $1 AND g.tillstand IN ('vantar', 'besvarad') ORDER BY g.id FOR UPDATE OF g) due
     WHERE due.id = g.id`,
    [work.today, work.now],
  )
  return { forfallna }
}

/**
 * Marks the reviews whose landlord has not answered in time; the mark shows in the landlord's own list. Reviews of
 * protected persons are never sent to a landlord, so nobody is reminded of them.
 */
export async function remindLandlords(work: Work): Promise<{ paminda: number; hyresvardar: number }> {
  const [rows]: [{ hyresvardId: string }[]] = await work.db.query(
    `UPDATE genomgang g SET paminnd = $1, version = g.version + 1, andrad = $2
     FROM (SELECT g.id FROM genomgang g JOIN genomgangsomgang o ON o.period = g.period
       WHERE o.oppnad <= $3 AND g.tillstand IN ('vantar', 'forfallen') AND g.besvarad IS NULL
         AND g.paminnd IS NULL AND NOT g.skyddad ORDER BY g.id FOR UPDATE OF g) due
     WHERE due.id = g.id
     RETURNING g.hyresvard_id AS "hyresvardId"`,
    [work.today, work.now, daysAfter(work.today, -work.config.GENOMGANG_PAMINNELSE_DAGAR)],
  )
  return { paminda: rows.length, hyresvardar: new Set(rows.map(({ hyresvardId }) => hyresvardId)).size }
}

/** A round with its progress, counted of the reviews that the caller may see. */
export type OmgangMedLage = GenomgangsomgangRad & {
  antal: number
  vantar: number
  besvarade: number
  klara: number
  forfallna: number
}

const progress = `
  SELECT o.period, o.oppnad, o.stanger, count(g.id) AS antal,
    count(*) FILTER (WHERE g.tillstand = 'vantar') AS vantar, count(*) FILTER (WHERE g.tillstand = 'besvarad') AS besvarade,
    count(*) FILTER (WHERE g.tillstand = 'klar') AS klara, count(*) FILTER (WHERE g.tillstand = 'forfallen') AS forfallna
  FROM genomgangsomgang o LEFT JOIN genomgang g ON g.period = o.period`

/** @throws 404 */
export async function readRound(work: Work, period: string): Promise<OmgangMedLage> {
  const [row] = await work.db.query(`${progress} WHERE o.period = $1 GROUP BY o.period`, [period])
  if (!row) throw finnsInte(`Genomgångsomgången är inte öppnad.`)
  return row
}

/** Rounds, the newest first. */
export async function listRounds(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows: OmgangMedLage[] = await work.db.query(
    `${progress} GROUP BY o.period ORDER BY o.period DESC LIMIT $1 OFFSET $2`,
    [limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM genomgangsomgang')
  return { rows, total: total as number }
}
