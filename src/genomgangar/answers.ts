import { actorsOf } from '../shared/caller.ts'
import { defineProblem, type FieldError, Refusal } from '../shared/refusals.ts'
import { changeMany, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { disclosedToLandlord } from '../utlamnanden/service.ts'
import { GenomgangEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { answerOf, sameAnswer } from './rules.ts'
import type { GenomgangRad, Genomgangssvar, InkommetSvar, Svarsresultat } from './schema.ts'

/** An answer as it came: with its values, or with what is wrong with it. */
export type Post = { svar: InkommetSvar } | { errors: FieldError[] }
/** A review with the number of its guarantee. */
type MedNummer = GenomgangRad & { avtalsnummer: string }

const okandGenomgang = defineProblem(
  'okand-genomgang',
  404,
  'Okänd genomgång',
  'Det finns ingen sådan genomgång hos er. Kontrollera genomgangId eller avtalsnummer.',
)
const olikaNummer = defineProblem(
  'numret-hor-till-en-annan',
  409,
  'Numret hör till en annan garanti',
  'genomgangId och avtalsnummer pekar på olika garantier. Kontrollera att kalkylbladets rader inte har blandats.',
)
const tvaGanger = defineProblem(
  'samma-genomgang-tva-ganger',
  409,
  'Samma genomgång två gånger',
  'Genomgången har redan ett svar i samma anrop.',
)

/** What became of an answer: the review that it is to, or why it is refused. */
type Mottaget = { utfall: 'mottaget' | 'oforandrat'; genomgang: GenomgangRad }

/**
 * Takes a landlord's answers, one or 5 000, each accepted or refused on its own. Only its own reviews exist for it.
 * Two reads, one write. An answer that is already registered changes nothing.
 */
export async function receiveAnswers(work: Work, hyresvardId: string, poster: Post[]): Promise<Svarsresultat> {
  const received = await receiveAll(
    work,
    hyresvardId,
    poster.flatMap(post => ('svar' in post ? [post.svar] : [])),
  )
  const resultat = poster.map((post, index) => {
    if ('errors' in post) {
      const detail = post.errors.map(error => error.detail).join(' ')
      return { index, utfall: 'avvisat' as const, kod: post.errors[0]?.kod ?? 'ogiltiga-uppgifter', detail }
    }
    const one = received.shift() as Mottaget | Refusal
    if (!(one instanceof Refusal)) return { index, utfall: one.utfall }
    return { index, utfall: 'avvisat' as const, kod: one.problem.kod, detail: one.message }
  })
  return { resultat }
}

/** Takes one answer, and gives the review that it is to. @throws Refusal as `receiveAnswers` refuses */
export async function receiveAnswer(work: Work, hyresvardId: string, svar: InkommetSvar): Promise<GenomgangRad> {
  const [one] = await receiveAll(work, hyresvardId, [svar])
  if (!one || one instanceof Refusal) throw one
  return one.genomgang
}

async function receiveAll(work: Work, hyresvardId: string, svar: InkommetSvar[]): Promise<(Mottaget | Refusal)[]> {
  const genomgangar = await lockReviews(work, hyresvardId, svar)
  const answered = new Set<string>()
  const changed: GenomgangRad[] = []
  const received = svar.map(receive)
  const fields: (keyof GenomgangRad)[] = [
    'tillstand',
    'tillstandSedan',
    'manaderITid',
    'forsenadeBetalningar',
    'storningar',
    'hyresskuldOre',
    'rekommenderarAvslut',
    'hemforsakring',
    'kommentar',
    'besvarad',
    'besvaradAv',
  ]
  await changeMany(work.db, GenomgangEntity, changed, fields, work.now)
  return received

  function receive({
    genomgangId: id,
    avtalsnummer,
    hemforsakring = null,
    kommentar = null,
    ...rest
  }: InkommetSvar): Mottaget | Refusal {
    const genomgangId = id?.toLowerCase()
    const genomgang = genomgangar.get(genomgangId ?? '') ?? genomgangar.get(avtalsnummer ?? '')
    if (!genomgang || (genomgangId && genomgang.id !== genomgangId)) return okandGenomgang()
    if (genomgangId && avtalsnummer && genomgang.avtalsnummer !== avtalsnummer) return olikaNummer()
    if (answered.has(genomgang.id)) return tvaGanger()
    const refusal = lifecycle.whyNot('svara', genomgang, actorsOf(work.caller))
    if (refusal) return refusal
    answered.add(genomgang.id)
    const svar: Genomgangssvar = { ...rest, hemforsakring, kommentar }
    const before = answerOf(genomgang)
    if (before && sameAnswer(before, svar)) return { utfall: 'oforandrat', genomgang }
    const overdue = genomgang.tillstand === 'forfallen'
    changed.push({
      ...genomgang,
      ...svar,
      tillstand: overdue ? 'forfallen' : 'besvarad',
      tillstandSedan: overdue || genomgang.tillstand === 'besvarad' ? genomgang.tillstandSedan : work.today,
      besvarad: work.now,
      besvaradAv: work.caller.sub,
    })
    return { utfall: 'mottaget', genomgang }
  }
}

/**
 * The reviews that the answers are about, by id and by guarantee number. A number means the oldest review that is not
 * done. Locked in the order of their ids, so that two batches cannot deadlock.
 */
async function lockReviews(work: Work, hyresvardId: string, svar: InkommetSvar[]): Promise<Map<string, MedNummer>> {
  const ids = svar.flatMap(({ genomgangId }) => (genomgangId ? [genomgangId] : []))
  const nummer = svar.flatMap(({ genomgangId, avtalsnummer }) => (avtalsnummer && !genomgangId ? [avtalsnummer] : []))
  const byNumber: { id: string; avtalsnummer: string }[] = await work.db.query(
    `SELECT DISTINCT ON (h.avtalsnummer) g.id, h.avtalsnummer FROM hyresgaranti h JOIN genomgang g ON g.hyresgaranti_id = h.id
     WHERE h.avtalsnummer = ANY($1) AND h.hyresvard_id = $2 AND ${disclosedToLandlord} ORDER BY h.avtalsnummer, (g.tillstand = 'klar'), g.period`,
    [nummer, hyresvardId],
  )
  const rows: MedNummer[] = await work.db.query(
    `SELECT ${selectList(GenomgangEntity, 'g')}, (SELECT h.avtalsnummer FROM hyresgaranti h WHERE h.id = g.hyresgaranti_id) AS avtalsnummer
     FROM genomgang g
     WHERE g.id = ANY($1) AND g.hyresvard_id = $2
       AND EXISTS (SELECT FROM hyresgaranti h WHERE h.id = g.hyresgaranti_id AND ${disclosedToLandlord})
     ORDER BY g.id FOR UPDATE`,
    [[...ids, ...byNumber.map(({ id }) => id)], hyresvardId],
  )
  const byId = new Map(rows.map(row => [row.id, row]))
  const found = byNumber.flatMap(({ id, avtalsnummer }) =>
    byId.has(id) ? [[avtalsnummer, byId.get(id) as MedNummer] as const] : [],
  )
  return new Map([...byId, ...found])
}
