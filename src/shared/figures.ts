import { type Per, periodsBetween, type Tidsperiod } from './periods.ts'
import { incoherent } from './refusals.ts'
import { type Indikator, periodsAtMost, type Sort, type Statistikomrade, smallCountLimit } from './statistics.ts'
import type { Work } from './work.ts'

type Fordelning = { dimension: string; varde: string; antal: number }
type Figures = {
  antalPoster: number
  taljare: number
  namnare: number | null
  median: number | null
  fordelning: Fordelning[] | null
}

const figureBy: Record<Sort, (f: Figures) => number | null> = {
  antal: ({ taljare }) => taljare,
  andel: ({ taljare, namnare }) => (namnare ? taljare / namnare : null),
  kvot: ({ taljare, namnare }) => (namnare ? (100 * taljare) / namnare : null),
  median: ({ median }) => median,
}

/** One row of figures for each of the periods, in their order. */
export const figuresSql = ({ rows }: Indikator, dimensioner: readonly string[]) => `
  SELECT tal.* FROM unnest($1::date[], $2::date[]) WITH ORDINALITY AS period (fran, till, nummer)
  CROSS JOIN LATERAL (
    WITH poster AS (${rows})
    SELECT count(*) AS "antalPoster", coalesce(sum(taljare), 0) AS taljare, sum(namnare) AS namnare,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY taljare) AS median,
      (SELECT json_agg(f ORDER BY f.dimension, f.varde) FROM (
        ${dimensioner
          .map(
            dimension => `SELECT '${dimension}' AS dimension, "${dimension}"::text AS varde, count(*) AS antal
              FROM poster WHERE "${dimension}" IS NOT NULL GROUP BY "${dimension}"`,
          )
          .join(' UNION ALL ')}) f) AS fordelning
    FROM poster) tal
  ORDER BY period.nummer`

type Tid = { fran: string; till: string }

function refuseBackwards({ fran, till }: Tid): void {
  const refusal = incoherent([
    till < fran && { pointer: 'query/till', kod: 'fore-fran', detail: 'till ska inte ligga före fran.' },
  ])
  if (refusal) throw refusal
}

/**
 * Every indicator of a time.
 *
 * @param masked for a caller who sees figures but not cases: no breakdown, and small counts left out
 * @throws 422 when it ends before it begins
 */
export async function statistics(work: Work, area: Statistikomrade, tid: Tid, masked: boolean) {
  refuseBackwards(tid)
  return (await figuresIn(work, area, [tid], masked))[0] as Indikatortal[]
}

/**
 * Every indicator of each month, quarter or year of a time.
 *
 * @throws 422 when it ends before it begins, or there are more than 60 of them
 */
export async function statisticsSeries(work: Work, area: Statistikomrade, tid: Tid, per: Per, masked: boolean) {
  refuseBackwards(tid)
  const found = periodsBetween(tid.fran, tid.till, per)
    .take(periodsAtMost + 1)
    .toArray()
  const refusal = incoherent([
    found.length > periodsAtMost && {
      pointer: 'query/per',
      kod: 'for-manga-perioder',
      detail: `per ger fler än ${periodsAtMost} perioder. Välj en kortare tid, eller kvartal eller ar.`,
    },
  ])
  if (refusal) throw refusal
  const figures = await figuresIn(work, area, found, masked)
  return found.map((period: Tidsperiod, index) => ({ ...period, indikatorer: figures[index] as Indikatortal[] }))
}

export type Indikatortal = ReturnType<typeof answerOf>

/** By period, in their order. */
async function figuresIn(
  work: Work,
  { indikatorer, dimensioner }: Statistikomrade,
  times: Tid[],
  masked: boolean,
): Promise<Indikatortal[][]> {
  const days = [times.map(({ fran }) => fran), times.map(({ till }) => till)]
  const answers: Indikatortal[][] = times.map(() => [])
  // One after another: they share the caller's connection. A statement an indicator, not one a record or a period.
  for (const indikator of indikatorer) {
    const found: Figures[] = await work.db.query(figuresSql(indikator, dimensioner), days)
    for (const [index, figures] of found.entries()) answers[index]?.push(answerOf(indikator, figures, masked))
  }
  return answers
}

function answerOf({ kod, namn, definition, enhet, sort }: Indikator, figures: Figures, masked: boolean) {
  const { antalPoster, taljare, namnare } = figures
  // Of a share also those that are not in it: the rest follows.
  const counts = [antalPoster, taljare, ...(sort === 'andel' ? [(namnare ?? 0) - taljare] : [])]
  const hidden = masked && counts.some(count => count > 0 && count < smallCountLimit)
  return {
    kod,
    namn,
    definition: hidden ? `${definition} Talet är dolt: det bygger på färre än ${smallCountLimit}.` : definition,
    enhet,
    varde: hidden ? null : figureBy[sort](figures),
    taljare: hidden ? null : taljare,
    namnare: hidden ? null : namnare,
    antalPoster: hidden ? null : antalPoster,
    fordelning: masked ? [] : (figures.fordelning ?? []),
  }
}

/**
 * The records behind one figure, by the area's key.
 *
 * @throws 422 when the time ends before it begins
 */
export async function statisticsRows(
  work: Work,
  { indikatorer, nyckel: { kolumn }, regel }: Statistikomrade,
  kod: string,
  tid: Tid,
  { limit, offset, countedAtMost }: { limit: number; offset: number; countedAtMost: number },
) {
  refuseBackwards(tid)
  const { rows, definition } = indikatorer.find(indikator => indikator.kod === kod) as Indikator
  const from = `(VALUES ($1::date, $2::date)) AS period (fran, till) CROSS JOIN LATERAL (${rows}) poster`
  const poster: { id: string; hushallId: string }[] = await work.db.query(
    `SELECT poster.id, poster.hushall_id AS "hushallId", poster.${kolumn}, poster.taljare, poster.namnare
       ${regel ? ', poster.regel' : ''}
     FROM ${from} ORDER BY poster.${kolumn}, poster.id LIMIT $3 OFFSET $4`,
    [tid.fran, tid.till, limit, offset],
  )
  const [{ total }] = await work.db.query(`SELECT count(*) AS total FROM (SELECT FROM ${from} LIMIT $3) counted`, [
    tid.fran,
    tid.till,
    countedAtMost + 1,
  ])
  return { definition, poster, total: total as number }
}
