import type { HyresgarantiRad } from '../hyresgarantier/schema.ts'
import { endedByReview, lockHyresgarantier, saveReviewed } from '../hyresgarantier/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { andradAvNagonAnnan, finnsInte, Refusal } from '../shared/refusals.ts'
import { changeMany } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { GenomgangEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { basis, type Genomgangsunderlag, readGenomgang, toUnderlag } from './reading.ts'
import { answerOf, assess } from './rules.ts'
import type { GenomgangRad, Genomgangsutfall, MangaUtfall, Utfallsresultat } from './schema.ts'

type Beslut = Genomgangsutfall & { genomgangId: string; ifMatch: (version: number) => void }
/** Per decision: the refusal, or the state that the guarantee came into, and whom it is about (for the read log). */
type Resultat = Refusal | Pick<HyresgarantiRad, 'tillstand' | 'hushallId'>

/**
 * Decides reviews, one or a thousand: everything is read and locked first (guarantees, then reviews, in the order of
 * their ids), decided in memory, and written in two statements.
 */
async function decideAll(work: Work, beslut: Beslut[]): Promise<Resultat[]> {
  const ids = [...new Set(beslut.map(({ genomgangId }) => genomgangId))]
  const wanted = await work.db.query('SELECT DISTINCT hyresgaranti_id AS id FROM genomgang WHERE id = ANY($1)', [ids])
  const garantier = await lockHyresgarantier(
    work,
    wanted.map(({ id }: { id: string }) => id),
  )
  const rows = await work.db.query(`${basis} WHERE g.id = ANY($2) ORDER BY g.id FOR UPDATE OF g`, [work.today, ids])
  const underlag = new Map<string, Genomgangsunderlag>(
    rows.map((row: never) => toUnderlag(row)).map((u: Genomgangsunderlag) => [u.genomgang.id, u]),
  )

  const done: GenomgangRad[] = []
  const changed = new Map<string, HyresgarantiRad>()
  const results = beslut.map(one => {
    try {
      return decide(one)
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  })
  const decided: (keyof GenomgangRad)[] = [
    'tillstand',
    'tillstandSedan',
    'utfall',
    'motivering',
    'beslutad',
    'beslutadAv',
    'bedomning',
    'kriterieuppsattningId',
  ]
  await changeMany(work.db, GenomgangEntity, done, decided, work.now)
  await saveReviewed(work, [...changed.values()])
  return results

  function decide({ genomgangId, ifMatch, ...beslut }: Beslut): Exclude<Resultat, Refusal> {
    const found = underlag.get(genomgangId)
    const garanti = found && garantier.get(found.genomgang.hyresgarantiId)
    if (!found || !garanti) throw finnsInte()
    const { genomgang, kriterier } = found
    ifMatch(genomgang.version)
    const bedomning = assess(answerOf(genomgang), kriterier, garanti, work.today)
    lifecycle.check('avgor', genomgang, actorsOf(work.caller), { beslut, bedomning })
    let after = garanti
    if (beslut.utfall === 'avsluta') {
      const consented = work.config.GENOMGANG_SAMTYCKE_AVSLUTAR && genomgang.rekommenderarAvslut === true
      after = endedByReview(work, garanti, beslut.motivering, consented)
      changed.set(garanti.id, after)
    }
    // Two decisions in one call about the same review, or the same guarantee: the second meets what the first did.
    garantier.set(garanti.id, after)
    found.genomgang = { ...genomgang, tillstand: 'klar' }
    done.push({
      ...genomgang,
      ...beslut,
      tillstand: 'klar',
      tillstandSedan: work.today,
      beslutad: work.now,
      beslutadAv: work.caller.sub,
      bedomning,
      kriterieuppsattningId: kriterier?.id ?? null,
    })
    return after
  }
}

/** @throws the refusal, with the criteria that are not met */
export async function decideOne(
  work: Work,
  genomgangId: string,
  ifMatch: (version: number) => void,
  beslut: Genomgangsutfall,
): Promise<Genomgangsunderlag> {
  const [result] = await decideAll(work, [{ ...beslut, genomgangId, ifMatch }])
  if (result instanceof Refusal) throw result
  return readGenomgang(work, genomgangId)
}

/** Many decisions in one transaction; those that are refused say why and do not hinder the others. */
export async function decideMany(work: Work, { utfall }: MangaUtfall, dryRun: boolean): Promise<Utfallsresultat> {
  const results = await decideAll(
    work,
    utfall.map(({ etag, genomgangId, ...beslut }) => ({
      ...beslut,
      genomgangId: genomgangId.toLowerCase(),
      ifMatch: (version: number) => {
        if (etag !== undefined && etag !== `"${version}"`) throw andradAvNagonAnnan()
      },
    })),
  )
  return {
    dryRun,
    resultat: results.map((result, index) => {
      const about = { index, genomgangId: utfall[index]?.genomgangId as string }
      return result instanceof Refusal
        ? { ...about, utfall: 'avvisat' as const, kod: result.problem.kod, detail: result.message }
        : { ...about, utfall: 'beslutat' as const, garantinsTillstand: result.tillstand, hushallId: result.hushallId }
    }),
  }
}
