import { ensurePersons, type Registrerad } from '../hushall/import.ts'
import type { Namngiven } from '../lagenheter/import-lettings.ts'
import { letMany } from '../lagenheter/service.ts'
import { earliest, monthsAfter } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { finnsRedan } from '../shared/refusals.ts'
import { insertMany, onConstraint } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { discloseLeases } from '../utlamnanden/service.ts'
import { AvstaendeEntity, StodlagenhetEntity } from './entity.ts'
import { type Importrad, koDatumOf } from './import-rows.ts'
import type { AvstaendeRad, StodlagenhetRad } from './schema.ts'
import { unhoused } from './service.ts'

/**
 * Writes new stödlägenheter, the households they need, their leases and waivers: a handful of statements, however many
 * rows. Those that have a home are disclosed to serviceförvaltningen, which lets it.
 *
 * @param bostader the homes of the rows by their number, held
 * @throws 409 when someone else has just registered one of the numbers, or placed one of the persons
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
    const bostad = rad.avtal && (bostader.get(rad.avtal.objektnummer) as Namngiven)
    return { rad, bostad, stodlagenhet: stodlagenhetOf(work, rad, person, bostad?.id ?? null) }
  })
  const all = nya.map(({ stodlagenhet }) => stodlagenhet)
  await onConstraint(insertMany(work.db, StodlagenhetEntity, all), {
    stodlagenhet_nummer: () => finnsRedan('Ett av filens nummer registrerades just av någon annan. Försök igen.'),
    stodlagenhet_en_per_person: () =>
      finnsRedan('En av filens personer fick just en plats i kön av någon annan. Försök igen.'),
  })
  await letMany(
    work,
    nya.flatMap(({ rad: { avtal }, bostad, stodlagenhet: { id, hushallId, skyddad } }) => {
      if (!avtal || !bostad) return []
      const { tilltrade: fran, avtalsform: kontraktsform, hyraOre } = avtal
      return [
        {
          lagenhet: bostad,
          for: { stodlagenhetId: id },
          hushallId,
          skyddad,
          kontrakt: [{ fran, kontraktsform, hyraOre }],
        },
      ]
    }),
  )
  await insertMany(
    work.db,
    AvstaendeEntity,
    nya.flatMap(({ rad, stodlagenhet }) => avstaendeOf(work, rad, stodlagenhet) ?? []),
  )
  const housed = all.filter(({ lagenhetId }) => lagenhetId !== null).map(({ id }) => id)
  await discloseLeases(work, housed)
}

/** The stödlägenhet of a row. Old decisions stand as they are; the next follow-up is an interval from now. */
function stodlagenhetOf(work: Work, rad: Importrad, person: Registrerad, lagenhetId: string | null): StodlagenhetRad {
  const { stodlagenhet, avtal } = rad
  const lease = avtal && {
    tillstand: 'boende' as const,
    lagenhetId,
    avtalsform: avtal.avtalsform,
    avtalDatum: avtal.avtalDatum,
    informeradOmVillkorDatum: avtal.informeradOmVillkorDatum,
    hyraOre: avtal.hyraOre,
    tilltrade: avtal.tilltrade,
    nastaUppfoljning: monthsAfter(work.today, work.config.UPPFOLJNING_MANADER),
  }
  return {
    ...unhoused,
    ...stodlagenhet,
    ...person,
    id: newId(work.now),
    version: 1,
    tillstand: 'iKo',
    ursprung: 'import',
    arendeId: null,
    beslutId: null,
    medsokandeId: null,
    koDatum: koDatumOf(rad),
    onskadeOmraden: stodlagenhet.onskadeOmraden ?? [],
    uteslutnaOmraden: stodlagenhet.uteslutnaOmraden ?? [],
    tillganglighet: stodlagenhet.tillganglighet ?? [],
    hyresskuldOre: stodlagenhet.hyresskuldOre ?? 0,
    ...lease,
    skapad: work.now,
    andrad: work.now,
  }
}

/** The waiver of a row: approved, or of a kind that needs no approval. Written with the lease, or when it was approved. */
function avstaendeOf(work: Work, { avtal, avstaende }: Importrad, of: StodlagenhetRad): AvstaendeRad | null {
  if (!avtal || !avstaende || of.lagenhetId === null) return null
  const { till, godkant } = avstaende
  const upprattat = earliest(avtal.avtalDatum, godkant ?? avtal.avtalDatum, till)
  return {
    id: newId(work.now),
    version: 1,
    stodlagenhetId: of.id,
    hushallId: of.hushallId,
    skyddad: of.skyddad,
    lagenhetId: of.lagenhetId,
    tillstand: godkant === null ? 'ejKrav' : 'godkant',
    upprattat,
    skal: 'Importerat: skälet står i avståendet.',
    giltigtTill: till,
    skalLangreTid: null,
    inskickat: godkant === null ? null : upprattat,
    beslutDatum: godkant,
    skapad: work.now,
    andrad: work.now,
  }
}
