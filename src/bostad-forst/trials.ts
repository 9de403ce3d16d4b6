import { changeContract } from '../lagenheter/service.ts'
import { actorsOf } from '../shared/caller.ts'
import { newId } from '../shared/ids.ts'
import { insertRows } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { OvergangsprovningEntity } from './entity.ts'
import { lifecycle } from './lifecycle.ts'
import { nextTrial } from './rules.ts'
import type { BfBoendeRad, BfBostad, OvergangsprovningRad, Overgangssvar } from './schema.ts'
import { homeOf, type IfMatch, lockBoende, saveBoende } from './service.ts'
import { linkOf } from './tenancy.ts'

/** `inflyttad` -> `overgangProvas`: the landlord is asked for a contract in the person's own name. */
export async function tryTransfer(work: Work, id: string, ifMatch: IfMatch): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  lifecycle.check('provaOvergang', boende, actorsOf(work.caller))
  return saveBoende(work, boende, { tillstand: 'overgangProvas' })
}

/** `overgangProvas` -> `forstahand`, or back to `inflyttad` with the day of the next trial. Each answer is kept. */
export async function answerTrial(work: Work, id: string, ifMatch: IfMatch, body: Overgangssvar): Promise<BfBoendeRad> {
  const boende = await lockBoende(work, id, ifMatch)
  // Whoever is tried has a home (the constraint bf_boende_bor).
  const home = (await homeOf(work, boende)) as BfBostad
  lifecycle.check('svaraPaOvergang', boende, actorsOf(work.caller), {
    body,
    borSedan: home?.fran,
    today: work.today,
  })
  const nasta = nextTrial(body, work.today)
  const provning: OvergangsprovningRad = {
    id: newId(work.now),
    bfBoendeId: boende.id,
    hushallId: boende.hushallId,
    skyddad: boende.skyddad,
    provad: work.today,
    utfall: body.utfall,
    orsak: body.orsak ?? null,
    nasta,
    skapad: work.now,
  }
  await insertRows(work.db, OvergangsprovningEntity, [provning])
  if (!body.forstahandDatum) return saveBoende(work, boende, { tillstand: 'inflyttad', overgangNasta: nasta })
  await changeContract(work, linkOf(boende), {
    fran: body.forstahandDatum,
    kontraktsform: 'forstahand',
    hyraOre: body.hyraOre ?? home.hyraOre,
  })
  return saveBoende(work, boende, {
    tillstand: 'forstahand',
    kontraktsform: 'forstahand',
    forstahandDatum: body.forstahandDatum,
    skalAndrahand: null,
    overgangTidigast: null,
    overgangNasta: null,
  })
}
