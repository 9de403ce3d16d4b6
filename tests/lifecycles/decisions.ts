import assert from 'node:assert/strict'
import type { ActorsOf, World } from './history.ts'
import type { Row } from './rows.ts'

type Utfall = 'avslag' | 'delvisBifall' | 'bifall'
const worth = { avslag: 0, delvisBifall: 1, bifall: 2 }
const plusMonths = (day: unknown, months: number) =>
  Temporal.PlainDate.from(day as string)
    .add({ months })
    .toString()
const byId = (rows: Row[], id: unknown) => rows.find(row => row.id === id) as Row

/**
 * A decision has what it needs at the moment when it is taken, whatever the service says: by hand from the order of
 * cases, the plan's areas 4, 8 and 9, and FL 16-18, 25 and 37 §§.
 */
export function checkDecision(beslut: Row, { rowsOf, hasBeen }: World, actorsOf: ActorsOf): void {
  const arende = byId(rowsOf('arende'), beslut.arende_id)
  const utfall = beslut.utfall as Utfall
  const datum = beslut.datum as string
  const what = `${utfall} of ${arende.arendenummer}`

  const earlier = byId(rowsOf('beslut'), arende.beslut_id) as Row | undefined
  assert.equal(beslut.ersatter_id ?? null, earlier?.id ?? null, `${what} does not name the decision before it`)
  if (earlier) {
    const until = (one: Row) => (one.giltig_till as string | undefined) ?? ''
    assert(worth[utfall] >= worth[earlier.utfall as Utfall], `${what} is worse than ${earlier.utfall}`)
    assert(until(beslut) >= until(earlier) || !until(beslut), `${what} is for a shorter time than the one before it`)
    assert(arende.tillstand !== 'overklagad' || !arende.overlamnad_datum, `${what} while it is the court's`)
  }

  const barn = rowsOf('person').filter(({ hushall_id, roll }) => hushall_id === beslut.hushall_id && roll === 'barn')
  assert.equal(beslut.antal_barn, barn.length, `${what} counts the wrong number of children`)
  if (barn.length > 0) checkChildren(beslut, barn, rowsOf, what)

  if (utfall !== 'bifall') {
    assert(hasBeen(arende.id, 'kommunicerad'), `${what} without that the party has been told`)
    const {
      kommunicerad_datum: told,
      yttrande_datum: answered,
      yttrande_senast: until,
    } = arende as Record<string, string>
    assert(told, `${what} without a day on which the party was told`)
    assert(
      (answered ?? '') >= told || (until ?? '') < datum,
      `${what} before the party has answered or its time is out`,
    )
  }

  const jav = rowsOf('jav').filter(({ arende_id, sub }) => arende_id === arende.id && sub === beslut.beslutsfattare)
  assert.equal(jav.length, 0, `${what} by someone with a conflict of interest`)

  const delegation = byId(rowsOf('delegation'), beslut.delegation_id)
  const sub = beslut.beslutsfattare as string
  const { max_giltighet_manader: months, delegater } = delegation as {
    max_giltighet_manader?: number
    delegater?: string[]
  }
  assert.equal(delegation.insats, arende.insats, `${what} by a delegation for something else`)
  assert((delegation.utfall as string[]).includes(utfall), `${what} by a delegation without that outcome`)
  assert((delegation.giltig_fran as string) <= datum, `${what} before its delegation holds`)
  assert(((delegation.giltig_till as string) ?? datum) >= datum, `${what} after its delegation has ended`)
  assert(actorsOf(sub).includes(delegation.roll as string), `${what} by ${sub}, without the delegation's role`)
  assert(!delegater || delegater.includes(sub), `${what} by ${sub}, whom the delegation does not name`)
  if (months && utfall !== 'avslag')
    assert((beslut.giltig_till as string) < plusMonths(beslut.giltig_fran, months), `${what} for longer than delegated`)

  checkInvestigation(beslut, arende, rowsOf('utredning').find(({ arende_id }) => arende_id === arende.id) as Row, what)
}

function checkChildren(beslut: Row, barn: Row[], rowsOf: World['rowsOf'], what: string): void {
  if (!beslut.barnchecklista_id) {
    assert(beslut.barnchecklista_undantag, `${what} without checklist or reason`)
    return
  }
  const { tillstand, klar_datum, barn: inList, arende_id } = byId(rowsOf('barnchecklista'), beslut.barnchecklista_id)
  const [klar, datum] = [klar_datum as string, beslut.datum as string]
  assert.equal(tillstand, 'klar', `${what} with a checklist that is ${tillstand}`)
  assert(klar <= datum && klar >= plusMonths(datum, -6), `${what} with a checklist of ${klar}`)
  assert([undefined, null, beslut.arende_id].includes(arende_id as never), `${what} with the checklist of another case`)
  const known = (inList as { personId: string }[]).map(({ personId }) => personId)
  for (const { id } of barn) assert(known.includes(id as string), `${what} with a checklist that a child is not in`)
}

function checkInvestigation(beslut: Row, arende: Row, utredning: Row, what: string): void {
  const { insats, tillstand, dom_utfall } = arende
  const has = (...fields: string[]) =>
    fields.every(field => utredning[field] !== null && utredning[field] !== undefined)
  const givesHelp = beslut.utfall !== 'avslag'
  const needs: [boolean, string][] = [
    [has('brukarsynpunkt', 'brukaren_instammer') || has('brukarsynpunkt_saknas'), 'what the person says'],
    [
      !['stodlagenhet', 'bostadForst'].includes(insats as string) || has('stodbehov', 'fortsatt_planering'),
      'support and plan',
    ],
    [
      !givesHelp || !['stodlagenhet', 'hyresgaranti'].includes(insats as string) || has('inkomst_ore', 'budget'),
      'economy',
    ],
    [
      insats !== 'fortur' || ((utredning.grunder as string[]).length > 0 && has('egen_kotid_provad')),
      'ground and queue time',
    ],
  ]
  for (const [met, part] of needs) assert(met, `${what} without ${part} in its investigation`)
  // What a court has found is carried out whatever the municipality's own criteria say.
  const byCourt = tillstand === 'dom' && ['bifall', 'delvisBifall'].includes(dom_utfall as string)
  if (insats !== 'fortur' || !givesHelp || byCourt) return
  const { kriterier } = beslut.bedomning as { kriterier: { kod: string; utfall: string }[] }
  for (const { kod, utfall } of kriterier)
    assert(['uppfyllt', 'undantag'].includes(utfall), `${what} while the criterion ${kod} is ${utfall}`)
}

/** A guarantee that a case gives is within the delegation of its decision. */
export function checkGuarantee(garanti: Row, { rowsOf }: World): void {
  if (!garanti.arende_id) return
  const beslut = rowsOf('beslut').findLast(({ arende_id }) => arende_id === garanti.arende_id) as Row
  const delegation = byId(rowsOf('delegation'), beslut.delegation_id)
  assert.notEqual(beslut.utfall, 'avslag', `${garanti.avtalsnummer} by a refusal`)
  const over = (given: unknown, limit: unknown) =>
    limit != null && given != null && (given as number) > (limit as number)
  assert(
    !over(garanti.garanterade_manader, delegation.max_garanterade_manader),
    `${garanti.avtalsnummer}: too many months`,
  )
  assert(!over(garanti.manadshyra_ore, delegation.max_manadshyra_ore), `${garanti.avtalsnummer}: too high a rent`)
}
