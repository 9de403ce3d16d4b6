import type { Work } from '../shared/work.ts'

/**
 * A review of a guarantee that has ended has nothing left to decide: it is closed with the guarantee, in one statement
 * for one guarantee or a night's thousands. It stays in its round's count, as `utgick`.
 */
export async function lapseReviews(work: Work, garantiIds: string[]): Promise<void> {
  await work.db.query(
    `UPDATE genomgang SET tillstand = 'klar', tillstand_sedan = $2, utfall = 'utgick', version = version + 1, andrad = $3,
       motivering = 'Hyresgarantin upphörde innan genomgången var klar.', beslutad = $3, beslutad_av = $4
     WHERE id IN (SELECT id FROM genomgang WHERE hyresgaranti_id = ANY($1) AND tillstand <> 'klar' ORDER BY id FOR UPDATE)`,
    [garantiIds, work.today, work.now, work.caller.sub],
  )
}
