import { oppna } from './schema.ts'

/** SQL: the förtur `f` is open, so nobody has a home by it yet. The same as that it has no day of ending (fortur_avslutad). */
export const utanBostad = `f.tillstand IN (${oppna.map(state => `'${state}'`).join(', ')})`

/**
 * SQL: the day on which the förtur `f` was granted. `f.beslut_datum` is of the decision that holds now, so a later one
 * that extends it would move the day; only what was imported has no other.
 */
export const beviljadDatum = `coalesce(
  (SELECT min(g.datum) FROM beslut g WHERE g.arende_id = f.arende_id AND g.utfall <> 'avslag'), f.beslut_datum)`

/** SQL: the förtur `f` was granted and without a home at the end of a day (an SQL expression), whatever has happened since. */
export const utanBostadDen = (dag: string): string =>
  `(${utanBostad} OR f.avslutad_datum > ${dag}) AND ${beviljadDatum} <= ${dag}`
