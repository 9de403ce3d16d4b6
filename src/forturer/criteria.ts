import type { Beslutsbedomning, Kriterieutfall } from '../beslut/schema.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsRedan, incoherent } from '../shared/refusals.ts'
import { insertRows, onConstraint, selectList } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { ForturskriterierEntity } from './entity.ts'
import type { ForturskriterierRad, NyaForturskriterier, ProvadeKriterier } from './schema.ts'

/** What an investigation has found out of what criteria can ask. null is not known. */
export type Forturfakta = {
  /** Whole months registered in the municipality, on the day of the application. */
  folkbokfordManader: number | null
  /** Why the time does not matter: 'hotEllerVald' or 'annat'. */
  undantagFolkbokforing: string | null
  koRegistrerad: boolean | null
  egenKotidProvad: boolean | null
  /** Certificates of the ground that has the fewest. */
  minIntygPerGrund: number
  bostadsskuldOre: number | null
  /** Whether the ground ungUnder28 is claimed: only then is the age asked. */
  ung: boolean
  /** Whole years, on the day of the application. */
  alder: number | null
}

export const kriteriekoder = [
  'minFolkbokfordManader',
  'kravKo',
  'kravEgenKotid',
  'minIntygPerGrund',
  'maxBostadsskuldOre',
  'maxAlderUng',
] as const satisfies (keyof ProvadeKriterier)[]
type Kod = (typeof kriteriekoder)[number]
type Varde = number | boolean | null

/** What each criterion looks at, and when it is met. */
const kriterium: Record<Kod, { varde: (fakta: Forturfakta) => Varde; met: (varde: never, krav: never) => boolean }> = {
  minFolkbokfordManader: {
    varde: fakta => fakta.folkbokfordManader,
    met: (varde: number, krav: number) => varde >= krav,
  },
  kravKo: { varde: fakta => fakta.koRegistrerad, met: (varde: boolean) => varde },
  kravEgenKotid: { varde: fakta => fakta.egenKotidProvad, met: (varde: boolean) => varde },
  minIntygPerGrund: { varde: fakta => fakta.minIntygPerGrund, met: (varde: number, krav: number) => varde >= krav },
  maxBostadsskuldOre: { varde: fakta => fakta.bostadsskuldOre, met: (varde: number, krav: number) => varde <= krav },
  maxAlderUng: { varde: fakta => fakta.alder, met: (varde: number, krav: number) => varde < krav },
}

/** A criterion that is null, or false, is not asked. */
const asks = (krav: Varde | undefined): krav is number | true => krav != null && krav !== false

/** Criteria that can be asked of someone: the age only of who is young by the ground. */
const askable = ({ ung }: Forturfakta): Kod[] => kriteriekoder.filter(kod => ung || kod !== 'maxAlderUng')

function judge(kod: Kod, krav: number | true, fakta: Forturfakta): Kriterieutfall {
  const { varde: read, met } = kriterium[kod]
  const varde = read(fakta)
  if (varde !== null && met(varde as never, krav as never)) return { kod, krav, varde, utfall: 'uppfyllt' }
  if (kod === 'minFolkbokfordManader' && fakta.undantagFolkbokforing !== null)
    return { kod, krav, varde, utfall: 'undantag' }
  return { kod, krav, varde, utfall: varde === null ? 'okant' : 'ejUppfyllt' }
}

/**
 * How each criterion that is asked came out, with the value that was used (domain §2.1, §2.4). Unknown is not met; a
 * person who is not registered long enough may be exempt.
 */
export const evaluateCriteria = (kriterier: ProvadeKriterier, fakta: Forturfakta): Kriterieutfall[] =>
  askable(fakta).flatMap(kod => {
    const krav = kriterier[kod]
    return asks(krav) ? [judge(kod, krav, fakta)] : []
  })

/** All of them: met when each is met or exempt; not met when one is not; else one is not known. */
export function samletUtfall(kriterier: Kriterieutfall[]): 'uppfyllt' | 'ejUppfyllt' | 'okant' {
  if (kriterier.some(({ utfall }) => utfall === 'ejUppfyllt')) return 'ejUppfyllt'
  return kriterier.some(({ utfall }) => utfall === 'okant') ? 'okant' : 'uppfyllt'
}

/** The exemption is kept beside the months that it exempts from: other criteria may need both. */
const undantag = 'undantagFolkbokforing'

/** As `evaluateCriteria`, with what is not asked too, which counts as met. */
export const evaluateAll = (kriterier: ProvadeKriterier, fakta: Forturfakta): Kriterieutfall[] =>
  askable(fakta).map(kod => {
    const krav = kriterier[kod]
    if (asks(krav)) return judge(kod, krav, fakta)
    return { kod, krav: null, varde: kriterium[kod].varde(fakta), utfall: 'uppfyllt' }
  })

/**
 * The assessment as a decision keeps it: every value that any criteria can ask of this person, also what these did not
 * ask (`krav` null, met), so that the decision can be replayed against others. `factsOf` reads it back.
 */
export const assessFortur = (
  { nummer, ...kriterier }: Pick<ForturskriterierRad, 'nummer'> & ProvadeKriterier,
  fakta: Forturfakta,
): Beslutsbedomning => ({
  kriterierNummer: nummer,
  kriterier: [
    ...evaluateAll(kriterier, fakta),
    ...(fakta.undantagFolkbokforing === null
      ? []
      : [{ kod: undantag, krav: null, varde: fakta.undantagFolkbokforing, utfall: 'uppfyllt' as const }]),
  ],
})

/** The facts of an assessment that `assessFortur` made. */
export function factsOf({ kriterier }: Beslutsbedomning): Forturfakta {
  const stored = new Map(kriterier.map(({ kod, varde }) => [kod, varde]))
  const value = <T extends Kriterieutfall['varde']>(kod: string) => (stored.get(kod) ?? null) as T | null
  return {
    folkbokfordManader: value<number>('minFolkbokfordManader'),
    undantagFolkbokforing: value<string>(undantag),
    koRegistrerad: value<boolean>('kravKo'),
    egenKotidProvad: value<boolean>('kravEgenKotid'),
    minIntygPerGrund: value<number>('minIntygPerGrund') ?? 0,
    bostadsskuldOre: value<number>('maxBostadsskuldOre'),
    ung: stored.has('maxAlderUng'),
    alder: value<number>('maxAlderUng'),
  }
}

/** Refuses criteria that ask nothing. */
export function refuseEmpty(kriterier: ProvadeKriterier, pointer: string): void {
  const refusal = incoherent([
    !kriteriekoder.some(kod => asks(kriterier[kod])) && {
      pointer,
      kod: 'saknas',
      detail: `Minst ett kriterium behöver ett krav: ${kriteriekoder.join(', ')}.`,
    },
  ])
  if (refusal) throw refusal
}

/** The version of the criteria that holds on a day. There is always one: the register starts with Lund's, from 2018. */
export async function kriterierForDay(work: Work, day: Day): Promise<ForturskriterierRad> {
  const rows = await work.db.query(
    `SELECT ${selectList(ForturskriterierEntity, 'k')} FROM forturskriterier k
     WHERE k.giltig_fran <= $1 ORDER BY k.giltig_fran DESC, k.nummer DESC LIMIT 1`,
    [day],
  )
  return rows[0]
}

/** All versions of the criteria, the newest first. */
export async function listForturskriterier(work: Work, { limit, offset }: { limit: number; offset: number }) {
  const rows: ForturskriterierRad[] = await work.db.query(
    `SELECT ${selectList(ForturskriterierEntity, 'k')} FROM forturskriterier k ORDER BY k.nummer DESC LIMIT $1 OFFSET $2`,
    [limit, offset],
  )
  const [{ total }] = await work.db.query('SELECT count(*) AS total FROM forturskriterier')
  return { rows, total: total as number }
}

const versionLock = 7_402_614

/**
 * A new version of the criteria, with the next number. Earlier ones stay as they were.
 *
 * @throws 422 when nothing is asked
 */
export async function addForturskriterier(work: Work, body: NyaForturskriterier): Promise<ForturskriterierRad> {
  refuseEmpty(body, '')
  // One at a time, until the transaction ends: there is no row of their own that two new versions could lock.
  await work.db.query('SELECT pg_advisory_xact_lock($1)', [versionLock])
  const [{ nummer }] = await work.db.query('SELECT coalesce(max(nummer), 0) + 1 AS nummer FROM forturskriterier')
  const kriterier: ForturskriterierRad = {
    id: newId(work.now),
    nummer,
    giltigFran: body.giltigFran,
    minFolkbokfordManader: body.minFolkbokfordManader ?? null,
    kravKo: body.kravKo ?? null,
    kravEgenKotid: body.kravEgenKotid ?? null,
    minIntygPerGrund: body.minIntygPerGrund ?? null,
    maxBostadsskuldOre: body.maxBostadsskuldOre ?? null,
    maxAlderUng: body.maxAlderUng ?? null,
    skapad: work.now,
  }
  await onConstraint(insertRows(work.db, ForturskriterierEntity, [kriterier]), {
    forturskriterier_nummer: () => finnsRedan('En ny version av kriterierna lades just upp. Försök igen.'),
  })
  return kriterier
}
