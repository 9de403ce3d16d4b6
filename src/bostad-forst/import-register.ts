import { ensurePersons, type Registrerad } from '../hushall/import.ts'
import type { Namngiven } from '../lagenheter/import-lettings.ts'
import { type Kontrakt, letMany } from '../lagenheter/service.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { BfBoendeEntity, BfStodEntity } from './entity.ts'
import type { Importbostad, Importrad } from './import-rows.ts'
import { firstTrial, trialFrom } from './rules.ts'
import type { BfBoendeRad, BfStodRad } from './schema.ts'
import { offered, unhoused } from './service.ts'
import { linkOf } from './tenancy.ts'

/**
 * Writes new tenancies, the households they need, their homes and supports: a handful of statements, however many rows.
 *
 * @param bostader the homes of the rows by their number, held
 * @throws 409 when someone else has just registered one of the numbers, or admitted one of the persons
 */
export async function registerImported(
  work: Work,
  rader: Importrad[],
  bostader: Map<string, Namngiven>,
): Promise<void> {
  const personer = await ensurePersons(
    work,
    rader.map(({ person }) => person),
  )
  const nya = rader.map(rad => {
    const person = personer.get(work.encryption.hash(rad.person.personnummer)) as Registrerad
    const lagenhet = rad.bostad && (bostader.get(rad.bostad.objektnummer) as Namngiven)
    return { rad, lagenhet, boende: boendeOf(work, rad, person, lagenhet?.id ?? null) }
  })
  await onConstraint(
    insertMany(
      work.db,
      BfBoendeEntity,
      nya.map(({ boende }) => boende),
    ),
    {
      bf_boende_nummer: () => finnsRedan('Ett av filens nummer registrerades just av någon annan. Försök igen.'),
      bf_boende_ett_per_person: () =>
        finnsRedan('En av filens personer antogs just till Bostad Först av någon annan. Försök igen.'),
    },
  )
  await letMany(
    work,
    nya.flatMap(({ rad: { bostad }, lagenhet, boende }) => {
      if (!bostad || !lagenhet) return []
      const { hushallId, skyddad } = boende
      return [{ lagenhet, for: linkOf(boende), hushallId, skyddad, kontrakt: contracts(bostad, lagenhet.hyraOre) }]
    }),
  )
  await insertMany(
    work.db,
    BfStodEntity,
    nya.map(({ rad, boende }) => stodOf(work, rad, boende)),
  )
}

/** Whoever got the contract later had a sublet until then. */
function contracts({ inflyttad, forstahandDatum, ...bostad }: Importbostad, rent: number): [Kontrakt, ...Kontrakt[]] {
  const hyraOre = bostad.hyraOre ?? rent
  const first: Kontrakt = { fran: inflyttad, kontraktsform: bostad.kontraktsform, hyraOre }
  if (forstahandDatum === null || forstahandDatum === inflyttad) return [first]
  return [
    { ...first, kontraktsform: 'andrahand' },
    { ...first, fran: forstahandDatum },
  ]
}

/** The next trial: the first, when it is still to come, else the next of the series. */
function trialOf(bostad: Importbostad, today: Day): Day | null {
  const first = firstTrial(bostad)
  return first === null || first >= today ? first : trialFrom(bostad.inflyttad, today)
}

/** The tenancy of a row. Whoever has a home has chosen it: the wishes are those of the admission. */
function boendeOf(work: Work, rad: Importrad, person: Registrerad, lagenhetId: string | null): BfBoendeRad {
  const { bostad, boendenummer, antagenDatum } = rad
  const own = bostad?.kontraktsform === 'forstahand'
  const home = bostad && {
    tillstand: own ? ('forstahand' as const) : ('inflyttad' as const),
    onskemalDatum: antagenDatum,
    lagenhetId,
    kontraktsform: bostad.kontraktsform,
    skalAndrahand: bostad.skalAndrahand,
    overgangTidigast: bostad.overgangTidigast,
    overgangNasta: trialOf(bostad, work.today),
    inflyttad: bostad.inflyttad,
    forstahandDatum: own ? (bostad.forstahandDatum ?? bostad.inflyttad) : null,
  }
  return {
    ...unhoused,
    ...person,
    id: newId(work.now),
    version: 1,
    boendenummer,
    tillstand: 'antagen',
    ursprung: 'import',
    arendeId: null,
    beslutId: null,
    antagenDatum,
    onskadeOmraden: [],
    uteslutnaOmraden: [],
    onskadeRum: null,
    husdjur: null,
    onskemal: null,
    ...home,
    skapad: work.now,
    andrad: work.now,
  }
}

/** The support beside it: it goes on at its level, or is offered. */
const stodOf = (work: Work, { niva, bostad, antagenDatum }: Importrad, boende: BfBoendeRad): BfStodRad => ({
  ...offered(work, boende),
  ...(niva !== null && { tillstand: 'pagar' as const, niva, paborjat: bostad?.inflyttad ?? antagenDatum }),
})
