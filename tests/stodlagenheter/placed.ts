import { created, decided, ok } from '../cases.ts'
import type { Client, Harness } from '../harness.ts'

let next = 0

/** A home of the pool that is free, as serviceförvaltningen left it. */
export async function addHome(harness: Harness, fields: Record<string, unknown> = {}): Promise<string> {
  const id = crypto.randomUUID()
  const home = {
    id,
    version: 1,
    objektnummer: `SF-${String(++next).padStart(4, '0')}`,
    agare: 'lundafastigheter',
    kategori: 'stodlagenhet',
    tillstand: 'ledig',
    tillstand_sedan: '2020-01-01',
    skyddad: false,
    omrade: 'linero',
    rum: 3,
    hyra_ore: 985000,
    tillganglighet: [],
    blockhyrd: false,
    i_poolen_fran: '2020-01-01',
    skapad: '2020-01-01T00:00:00Z',
    andrad: '2020-01-01T00:00:00Z',
    ...fields,
  }
  await harness.owner.query(
    `INSERT INTO lagenhet (${Object.keys(home).join(', ')}) SELECT ${Object.keys(home).join(', ')}
     FROM jsonb_populate_record(NULL::lagenhet, $1)`,
    [home],
  )
  return home.id
}

/** Everyone who works with stödlägenheter. */
export function people(harness: Harness) {
  return {
    maja: harness.as('handlaggare', undefined, 'maja'),
    karin: harness.as('beslutsfattare', undefined, 'karin'),
    bo: harness.as('boendeenhet', undefined, 'bo'),
    landlord: harness.as([], 'serviceforvaltningen'),
  }
}
export type People = ReturnType<typeof people>

/** Gives a command with whatever version there is. */
export const give = (client: Client, id: string, path: string, body: object = {}) =>
  client.post(`/stodlagenheter/${id}/${path}`, body, { ifMatch: '*' })

/** Someone who has been granted a stödlägenhet, in the queue. */
export async function placed(
  { maja, karin, bo }: People,
  {
    stodlagenhet = {},
    beslut: given = {},
    dag = '2026-09-15',
    ...fields
  }: Record<string, unknown> & { beslut?: object; dag?: string } = {},
) {
  // The longest that the delegation allows.
  const giltigTill = Temporal.PlainDate.from(dag).add({ months: 12 }).subtract({ days: 1 }).toString()
  const { arende, beslut } = await decided(maja, karin, {
    insats: 'stodlagenhet',
    beslut: { giltigTill, stodlagenhet, ...given },
    ansokanDatum: dag,
    ...fields,
  })
  const { stodlagenheter } = ok(await bo.get(`/stodlagenheter?hushallId=${arende.hushallId}`))
  return { arende, beslut, ...stodlagenheter[0] }
}

export const skalForAvsteg = 'Bostaden behövs för just det här hushållet.'
export const avtal = (day: string, fields: object = {}) => ({
  avtalsform: 'andrahand',
  avtalDatum: day,
  informeradOmVillkorDatum: day,
  hyraOre: 985000,
  tilltrade: day,
  ...fields,
})

/** Someone with a signed lease from today. */
export async function signed(
  who: People,
  harness: Harness,
  lease: object = {},
  fields: Record<string, unknown> = {},
): Promise<{ id: string; lagenhetId: string; hushallId: string; arende: { id: string } }> {
  const row = await placed(who, { dag: harness.clock.day, ...fields })
  const lagenhetId = await addHome(harness)
  ok(await give(who.bo, row.id, 'forslag', { lagenhetId, skalForAvsteg }))
  ok(await give(who.maja, row.id, 'forslagssvar', { svar: 'accepterat' }))
  ok(await give(who.bo, row.id, 'avtal', avtal(harness.clock.day, lease)))
  return { ...row, lagenhetId }
}

/** Someone who has moved in today. */
export async function housed(who: People, harness: Harness, lease: object = {}, fields: Record<string, unknown> = {}) {
  const row = await signed(who, harness, lease, fields)
  ok(await give(who.maja, row.id, 'inflyttning', { datum: harness.clock.day }))
  return row
}

/** A waiver that hyresnämnden has approved. */
export async function approvedWaiver({ maja }: People, id: string, day: string, giltigtTill: string) {
  const made = created(await maja.post(`/stodlagenheter/${id}/avstaenden`, { skal: 'Biståndet.', giltigtTill }))
  const path = `/stodlagenheter/${id}/avstaenden/${made.id}`
  ok(await maja.post(`${path}/inskickning`, { datum: day }, { ifMatch: made.etag }))
  return ok(await maja.post(`${path}/beslut`, { utfall: 'godkant', datum: day }, { ifMatch: '*' }))
}
