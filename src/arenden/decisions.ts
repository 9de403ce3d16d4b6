import type { BeslutRad } from '../beslut/schema.ts'
import { coveringDelegation, type Listat, readBeslut, recordBeslut } from '../beslut/service.ts'
import { admit, bfBoendeOfArende } from '../bostad-forst/service.ts'
import { assessFortur, kriterierForDay } from '../forturer/criteria.ts'
import { extendFortur, forturOfArende, grantFortur } from '../forturer/service.ts'
import { readHushall } from '../hushall/service.ts'
import {
  extendGranted,
  lockGarantiOfArende,
  overklagandetypOf,
  registerHyresgaranti,
} from '../hyresgarantier/service.ts'
import { actorsOf } from '../shared/caller.ts'
import type { Day } from '../shared/dates.ts'
import { newId } from '../shared/ids.ts'
import { lagrumFor } from '../shared/lagrum.ts'
import { inPart } from '../shared/refusals.ts'
import { onConstraint } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { extendStodlagenhet, placeInQueue, stodlagenhetOfArende } from '../stodlagenheter/service.ts'
import { gallandeBeslut, untouched } from './appeals.ts'
import { forturfakta, gather } from './investigation.ts'
import { lifecycle } from './lifecycle.ts'
import { type Beslutsfakta, inteGallande, standardGiltighet } from './rules.ts'
import type { ArendeRad, NyttBeslut, Omprovning } from './schema.ts'
import { type IfMatch, lockArende, saveArende } from './service.ts'

/** The provisions that the decision can rest on today; a refused guarantee may have been asked for as either kind. */
function possibleProvisions({ insats }: ArendeRad, { hyresgaranti }: NyttBeslut, { config, today }: Work): string[] {
  const forturkind = config.FORTUR_OVERKLAGANDETYP === 'laglighetsprovning' ? 'kommunalFortur' : 'bistand'
  const garantikinds = hyresgaranti ? [hyresgaranti.garantityp] : ['bistand', 'kommunal']
  const kinds = insats === 'hyresgaranti' ? garantikinds : [insats === 'fortur' ? forturkind : 'bistand']
  return kinds.flatMap(kind => lagrumFor(kind, today).map(({ text }) => text))
}

/** How it is appealed follows from what it rests on; for förtur it is a setting. */
function overklagandetyp({ insats }: ArendeRad, lagrum: string, { config, today }: Work): BeslutRad['overklagandetyp'] {
  if (insats === 'fortur') return config.FORTUR_OVERKLAGANDETYP as BeslutRad['overklagandetyp']
  return overklagandetypOf(lagrumFor('kommunal', today).some(({ text }) => text === lagrum) ? 'kommunal' : 'bistand')
}

async function faktaOf(work: Work, arende: ArendeRad, body: NyttBeslut, hjalpFinns: boolean): Promise<Beslutsfakta> {
  const possibleLagrum = possibleProvisions(arende, body, work)
  return {
    body,
    underlag: await gather(work, arende),
    ...standardGiltighet(arende.insats, body, work.today, work.config),
    today: work.today,
    possibleLagrum,
    lagrum: body.lagrum ?? possibleLagrum[0] ?? '',
    hjalpFinns,
  }
}

/**
 * Decides the case. On approval the help itself comes into being in the same transaction.
 *
 * @throws 403 outside the delegation or with a conflict of interest, 409 when something that the decision needs is missing
 */
export async function decide(work: Work, id: string, ifMatch: IfMatch, body: NyttBeslut): Promise<Listat> {
  const arende = await lockArende(work, id, ifMatch, 'NO KEY UPDATE')
  const fakta = await faktaOf(work, arende, body, false)
  lifecycle.check('besluta', arende, actorsOf(work.caller), fakta)
  return record(work, arende, body, fakta, null, body.utfall)
}

/**
 * Corrects or changes the decision that stands by another that names it, never to the party's disadvantage. More time
 * for a help that runs is such a decision.
 *
 * @throws 409 when another decision stands, or the change would be to disadvantage
 */
export async function reconsider(work: Work, id: string, ifMatch: IfMatch, body: Omprovning): Promise<Listat> {
  const arende = await lockArende(work, id, ifMatch, 'NO KEY UPDATE')
  const gallande = await gallandeBeslut(work, arende)
  const hjalpFinns = gallande !== null && gallande.utfall !== 'avslag'
  // A correction that says nothing of the time leaves it as it was.
  const times =
    hjalpFinns && body.giltigTill == null ? { giltigFran: gallande.giltigFran, giltigTill: gallande.giltigTill } : {}
  const fakta = await faktaOf(work, arende, { ...body, ...times }, hjalpFinns)
  const appealed = arende.tillstand === 'overklagad'
  lifecycle.check(appealed ? 'omprovaOverklagat' : 'omprova', arende, actorsOf(work.caller), {
    ...fakta,
    ersatterId: body.ersatterId,
    gallande,
  })
  // FL 46 §: unless the party gets all it asked for, the appeal stands, and is of the new decision.
  const tillstand = !appealed ? body.utfall : body.utfall === 'bifall' ? 'omprovad' : 'overklagad'
  return record(work, arende, body, fakta, body.ersatterId, tillstand)
}

async function record(
  work: Work,
  arende: ArendeRad,
  body: NyttBeslut,
  { underlag, giltigFran, giltigTill, lagrum }: Beslutsfakta,
  ersatterId: string | null,
  tillstand: ArendeRad['tillstand'],
): Promise<Listat> {
  const { utfall, hyresgaranti } = body
  const delegation = await coveringDelegation(
    work,
    { insats: arende.insats, utfall, giltigFran, giltigTill, ...hyresgaranti },
    body.delegationspunkt,
  )
  const beslut: BeslutRad = {
    id: newId(work.now),
    version: 1,
    arendeId: arende.id,
    hushallId: arende.hushallId,
    skyddad: arende.skyddad,
    insats: arende.insats,
    utfall,
    datum: work.today,
    giltigFran,
    giltigTill,
    lagrum,
    delegationId: delegation.id,
    delegationspunkt: delegation.delegationspunkt,
    beslutsfattare: work.caller.sub,
    foredragande: arende.handlaggare,
    motivering: body.motivering,
    overklagandetyp: overklagandetyp(arende, lagrum, work),
    ansokanDatum: arende.ansokanDatum,
    antalBarn: underlag.antalBarn,
    barnchecklistaId: 'id' in underlag.barnchecklista ? underlag.barnchecklista.id : null,
    barnchecklistaUndantag: body.barnchecklistaUndantag ?? null,
    grunder: underlag.utredning.grunder,
    bedomning: await assessmentOf(work, arende, underlag),
    ersatterId,
    delgivenDatum: null,
    delgivningssatt: null,
    overklagasSenast: null,
    lagaKraftDatum: null,
    skapad: work.now,
    andrad: work.now,
  }
  await onConstraint(recordBeslut(work, beslut), { beslut_ersatts_en_gang: inteGallande })
  await saveArende(work, arende, {
    tillstand,
    beslutId: beslut.id,
    beslutDatum: work.today,
    // An appeal was of the decision before, unless it stands.
    ...(tillstand !== 'overklagad' && { overklagadDatum: null, overklagadIRattTid: null, ...untouched }),
  })
  if (utfall !== 'avslag') await realise(work, arende, beslut, body, underlag.utredning)
  return readBeslut(work, beslut.id)
}

/** For förtur: the criteria with the values that were used, so that the decision can be explained and replayed. */
async function assessmentOf(work: Work, arende: ArendeRad, { utredning }: Beslutsfakta['underlag']) {
  if (arende.insats !== 'fortur') return null
  const found = await readHushall(work, arende.hushallId)
  return assessFortur(await kriterierForDay(work, work.today), forturfakta(work, arende, utredning, found))
}

/** The help that an approval gives; tillfälligt boende is complete with its decision. */
async function realise(
  work: Work,
  arende: ArendeRad,
  beslut: BeslutRad,
  body: NyttBeslut,
  utredning: Beslutsfakta['underlag']['utredning'],
): Promise<void> {
  const giltigTill = beslut.giltigTill as Day
  if (arende.insats === 'fortur') {
    if (await forturOfArende(work, arende.id)) await extendFortur(work, arende.id, { ...beslut, giltigTill })
    else
      await grantFortur(work, {
        arende,
        beslut: { ...beslut, giltigFran: beslut.giltigFran as Day, giltigTill },
        utredning,
        villkor: body.fortur ?? {},
      })
  }
  if (arende.insats === 'stodlagenhet') {
    if (await stodlagenhetOfArende(work, arende.id))
      await extendStodlagenhet(
        work,
        arende.id,
        { ...beslut, giltigFran: beslut.giltigFran as Day, giltigTill },
        body.stodlagenhet,
      )
    else
      await placeInQueue(work, {
        arende,
        beslut: { ...beslut, giltigFran: beslut.giltigFran as Day },
        villkor: body.stodlagenhet ?? {},
      })
  }
  if (arende.insats === 'bostadForst' && !(await bfBoendeOfArende(work, arende.id)))
    await admit(work, { arende, beslut, villkor: body.bostadForst ?? {} })
  if (arende.insats === 'hyresgaranti') {
    const garanti = await lockGarantiOfArende(work, arende.id)
    if (garanti) await extendGranted(work, garanti, giltigTill)
    else if (body.hyresgaranti)
      await inPart(
        '/hyresgaranti',
        registerHyresgaranti(
          work,
          {
            ...body.hyresgaranti,
            hushallId: arende.hushallId,
            personId: arende.personId,
            medsokandeId: arende.medsokandeId,
            beslutDatum: beslut.datum,
            beslutsfattare: beslut.beslutsfattare,
            delegationspunkt: beslut.delegationspunkt,
            lagrum: beslut.lagrum,
            ansokanDatum: arende.ansokanDatum,
            beviljadGiltigTill: giltigTill,
          },
          arende.id,
        ),
      )
  }
}
