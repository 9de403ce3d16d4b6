import { command, home, sublet } from './bostad-forst/admitted.ts'
import { created, decided, ok } from './cases.ts'
import type { Client, Harness } from './harness.ts'
import { addHome, avtal, give, skalForAvsteg } from './stodlagenheter/placed.ts'

/**
 * Gives a household one of everything that there is about homes: a stödlägenhet that it lives in, with a proposal, a
 * waiver, a follow-up, arrears and a move chain that begins with it, and a sublet in Bostad Först with its support and a transfer that was tried.
 *
 * @param client with the roles of all who work with it
 */
export async function livingInHomes(harness: Harness, client: Client, hushallId: string, hyresvardId: string) {
  const today = harness.clock.day
  const granted = (insats: string, beslut: object = {}) =>
    decided(client, client, { insats, hushallId, ansokanDatum: today, beslut })
  const after = (years: number) => Temporal.PlainDate.from(today).add({ years }).subtract({ days: 1 }).toString()

  await granted('stodlagenhet', { giltigTill: after(1) })
  const [{ id }] = ok(await client.get(`/stodlagenheter?hushallId=${hushallId}`)).stodlagenheter
  const lagenhetId = await addHome(harness)
  ok(await give(client, id, 'forslag', { lagenhetId, skalForAvsteg }))
  ok(await give(client, id, 'forslagssvar', { svar: 'accepterat' }))
  ok(await give(client, id, 'avtal', avtal(today)))
  ok(await give(client, id, 'inflyttning', { datum: today }))
  const waiver = { skal: 'Biståndet pågår.', giltigtTill: after(3) }
  const avstaende = created(await client.post(`/stodlagenheter/${id}/avstaenden`, waiver))
  const followUp = { datum: today, omraden: ['ekonomi'], bedomning: 'enligtPlanen' }
  created(await client.post(`/stodlagenheter/${id}/uppfoljningar`, followUp))
  const arrears = { slag: 'hyresskuld', datum: today, hyresskuldOre: 985000 }
  created(await client.post(`/stodlagenheter/${id}/handelser`, arrears))

  const chain = { insats: 'stodlagenhet', hyresvardId, skal: 'Eget kontrakt.' }
  const { id: kedjaId } = created(await client.post('/flyttkedjor', chain))
  const link = { stodlagenhetId: id, objektnummer: `LKF-${kedjaId.slice(-8)}`, flyttdag: after(1) }
  const flyttkedja = created(await client.post(`/flyttkedjor/${kedjaId}/lankar`, link, { ifMatch: '*' }))

  await granted('bostadForst')
  const [{ id: boendeId }] = ok(await client.get(`/bostad-forst?hushallId=${hushallId}`)).boenden
  ok(await command(client, boendeId, 'onskemal', {}))
  ok(await command(client, boendeId, 'erbjudande', { lagenhetId: await home(harness) }))
  ok(await command(client, boendeId, 'inflyttning', sublet(today)))
  ok(await command(client, boendeId, 'stod/start', { niva: 'hog', kontaktperson: 'maja.team' }))
  ok(await command(client, boendeId, 'overgangsprovning'))
  ok(await command(client, boendeId, 'overgangssvar', { utfall: 'avslag', orsak: 'kortTid' }))
  return {
    lagenhetId,
    stodlagenhet: { id: id as string, avstaendeId: avstaende.id as string },
    bostadForst: { id: boendeId as string },
    flyttkedja: { id: kedjaId as string, lankId: flyttkedja.lankar[0].id as string },
  }
}
