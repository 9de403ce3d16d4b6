import { type Day, latest } from '../shared/dates.ts'
import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import { type LagenhetAndring, type LagenhetRad, upptagna, urPoolen, vakanta } from './schema.ts'

/** Somebody has the home, or is promised it, on one of the days: the same answer whichever guard says it. */
export const upptagen = defineProblem(
  'bostaden-ar-upptagen',
  409,
  'Bostaden är upptagen',
  'Bostaden är redan utlovad eller uthyrd för någon av dagarna. Välj en annan bostad, eller en annan dag.',
)
export const harRedan = defineProblem(
  'har-redan-en-bostad',
  409,
  'Har redan en bostad',
  'En annan bostad är redan utlovad eller uthyrd till samma person för någon av dagarna. Släpp eller avsluta den först.',
)
export const foreTilltradet = defineProblem(
  'fore-tilltradet',
  409,
  'Dagen ligger före tillträdet',
  'Dagen ligger före den dag som bostaden är upplåten från. Välj den dagen eller en senare.',
)
export const ingenUpplatelse = defineProblem(
  'ingen-bostad-upplaten',
  409,
  'Ingen bostad är upplåten',
  'Ingen bostad är utlovad eller uthyrd så som kommandot kräver. Läs ärendet igen.',
)
const inteIPoolen = defineProblem(
  'bostaden-ar-inte-i-bestandet',
  409,
  'Bostaden är inte i beståndet',
  'Bostaden ingår inte i beståndet den dagen. Välj en dag mellan iPoolenFran och iPoolenTill, eller en annan bostad.',
)
const lamnarPoolen = defineProblem(
  'bostaden-lamnar-bestandet',
  409,
  'Bostaden lämnar beståndet',
  'Bostaden har en sista dag i beståndet (iPoolenTill), och kan inte upplåtas längre än så. Välj en annan bostad.',
)
const lamnatPoolen = defineProblem(
  'bostaden-har-lamnat-bestandet',
  409,
  'Bostaden har lämnat beståndet',
  'En bostad som är återlämnad eller överlåten ändras inte.',
)

const among = (states: readonly LagenhetRad['tillstand'][], { tillstand }: Pick<LagenhetRad, 'tillstand'>) =>
  states.includes(tillstand)

/**
 * Days that nobody has had the home: since its last tenancy, or since it came to the pool, whatever has been done with it
 * meanwhile. Null for a home that is in use, or not there yet.
 */
export const vakansdagar = (
  lagenhet: Pick<LagenhetRad, 'tillstand' | 'tomSedan' | 'iPoolenFran'>,
  today: Day,
): number | null =>
  among(vakanta, lagenhet)
    ? Math.max(
        0,
        Temporal.PlainDate.from(lagenhet.tomSedan ?? lagenhet.iPoolenFran).until(today, { largestUnit: 'days' }).days,
      )
    : null

/** The days that a home is wanted: `till` null is until further notice. */
type Dagar = { fran: Day; till: Day | null }

/** Why a home cannot be promised for these days: it is taken, or not in the pool then. */
export const whyNotReserve = (lagenhet: LagenhetRad, dagar: Dagar): Refusal | null =>
  among(upptagna, lagenhet) ? upptagen() : whyNotPromise(lagenhet, dagar)

/** Why a home is not there for all of these days. One with a last day is nobody's until further notice. */
export const whyNotPromise = (lagenhet: LagenhetRad, { fran, till }: Dagar): Refusal | null => {
  const { iPoolenTill } = lagenhet
  const leaves = iPoolenTill !== null && (till === null || till > iPoolenTill)
  return whyNotInPool(lagenhet, fran) ?? (leaves ? lamnarPoolen() : null)
}

export const whyNotInPool = ({ iPoolenFran, iPoolenTill }: LagenhetRad, day: Day): Refusal | null =>
  day < iPoolenFran || (iPoolenTill !== null && day > iPoolenTill) ? inteIPoolen() : null

/**
 * Why the facts of a home do not go together: where people are sheltered is written nowhere, and nothing leaves before
 * it came.
 */
export const whyNotFacts = ({
  kategori,
  adress,
  lagenhetsnummer,
  iPoolenFran,
  iPoolenTill,
}: Pick<LagenhetRad, 'kategori' | 'adress' | 'lagenhetsnummer' | 'iPoolenFran' | 'iPoolenTill'>): Refusal | null => {
  const forbidden = (value: string | null, field: string) =>
    kategori === 'jour' &&
    value !== null && {
      pointer: `/${field}`,
      kod: 'far-inte-lagras',
      detail: `${field} får inte lagras för en bostad i kategorin jour: var människor skyddas skrivs ingenstans.`,
    }
  return incoherent([
    forbidden(adress, 'adress'),
    forbidden(lagenhetsnummer, 'lagenhetsnummer'),
    iPoolenTill !== null &&
      iPoolenTill < iPoolenFran && {
        pointer: '/iPoolenTill',
        kod: 'fore-ipoolenfran',
        detail: `iPoolenTill är tidigast ${iPoolenFran}, då bostaden kommer till beståndet.`,
      },
  ])
}

/** What decides who may have the home is fixed while somebody has it: a person is kept away from an area. */
const fixed = ['kategori', 'omrade', 'iPoolenFran'] as const

/**
 * Why the facts of a home cannot be changed so.
 *
 * @param upplatenTill the last day that somebody has had the home, or has it as far as is known; null when nobody has
 */
export function whyNotChange(
  lagenhet: LagenhetRad,
  changes: LagenhetAndring,
  upplatenTill: Day | null,
): Refusal | null {
  if (among(urPoolen, lagenhet)) return lamnatPoolen()
  return (
    incoherent([
      ...fixed.map(
        field =>
          among(upptagna, lagenhet) &&
          changes[field] !== undefined &&
          changes[field] !== lagenhet[field] && {
            pointer: `/${field}`,
            kod: 'bostaden-ar-upptagen',
            detail: `${field} kan ändras först när bostaden inte är utlovad eller uthyrd.`,
          },
      ),
      upplatenTill !== null &&
        changes.iPoolenTill != null &&
        changes.iPoolenTill < upplatenTill && {
          pointer: '/iPoolenTill',
          kod: 'bostaden-ar-upptagen',
          detail: `iPoolenTill är tidigast ${upplatenTill}: bostaden är utlovad eller uthyrd till dess.`,
        },
    ]) ?? whyNotFacts({ ...lagenhet, ...changes })
  )
}

/**
 * A home is given back on a day that has been, and that nobody had it after; one that never came, on the day it would
 * have.
 */
export function whyNotReturn(
  { iPoolenFran }: LagenhetRad,
  { iPoolenTill, upplatenTill, today }: { iPoolenTill: Day; upplatenTill: Day | null; today: Day },
): Refusal | null {
  const first = latest(iPoolenFran, upplatenTill ?? iPoolenFran)
  const last = latest(today, first)
  return incoherent([
    (iPoolenTill < first || iPoolenTill > last) && {
      pointer: '/iPoolenTill',
      kod: 'utanfor-granserna',
      detail: `iPoolenTill ska ligga mellan ${first} och ${last}.`,
    },
  ])
}
