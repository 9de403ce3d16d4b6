import type { Response } from 'supertest'
import type { Client } from './harness.ts'
import { createHousehold, nextPersonnummer } from './people.ts'

const must = (status: number) => (answer: Response) => {
  if (answer.status !== status) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
export const ok = must(200)
export const created = must(201)

export const child = () => ({ personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Lind', roll: 'barn' })

/** Everything that an investigation of any kind of help needs. */
export const investigated = {
  stodbehov: 'Stöd med ekonomin en gång i veckan.',
  fortsattPlanering: 'Boendestöd i sex månader, sedan eget kontrakt.',
  brukarsynpunkt: 'Vill bo nära barnens skola.',
  brukarenInstammer: true,
  inkomstOre: 1850000,
  utgifterOre: 720000,
  budget: 'Klarar en hyra på 9 000 kr.',
  grunder: ['barnFarIlla'],
  intyg: [{ grund: 'barnFarIlla', utfardare: 'socialsekreterare', datum: '2025-05-25', dokumentRef: 'DOK-1' }],
  folkbokfordSedan: '2019-04-01',
  koRegistrerad: true,
  koPoang: 812,
  koFornyad: '2025-05-02',
  egenKotidProvad: true,
}
export const motivering = 'Familjen kan inte själv ordna en bostad.'

/** An application under investigation. */
export async function openCase(client: Client, fields: Record<string, unknown> = {}) {
  const hushallId = fields.hushallId ?? (await createHousehold(client)).id
  const arende = created(
    await client.post('/arenden', {
      insats: 'fortur',
      ansokanDatum: '2026-08-20',
      kanal: 'eTjanst',
      ...fields,
      hushallId,
    }),
  )
  return ok(await client.post(`/arenden/${arende.id}/utredningsstart`, {}, { ifMatch: arende.etag }))
}

/** Saves the investigation as a whole. */
export async function investigate(client: Client, arendeId: string, fields: Record<string, unknown> = investigated) {
  const { etag } = ok(await client.get(`/arenden/${arendeId}/utredning`))
  return ok(await client.put(`/arenden/${arendeId}/utredning`, fields, { ifMatch: etag }))
}

/** A checklist with every point answered and every child heard, not yet finished. */
export async function filledChecklist(client: Client, hushallId: string, arendeId: string | null = null) {
  const { personer } = ok(await client.get(`/hushall/${hushallId}`))
  const { barnchecklistemallar } = ok(await client.get('/barnchecklistemallar'))
  const begun = created(await client.post('/barnchecklistor', { hushallId, arendeId }))
  const answers: Record<string, unknown> = { text: 'Prövat.', jaNejEjAktuellt: 'ja', skala: 4 }
  const draft = {
    svar: barnchecklistemallar[0].punkter.map(({ kod, svarstyp }: { kod: string; svarstyp: string }) => ({
      kod,
      svar: answers[svarstyp],
    })),
    barn: personer
      .filter(({ roll }: { roll: string }) => roll === 'barn')
      .map(({ id }: { id: string }) => ({
        personId: id,
        informerad: true,
        hord: 'ja',
        egenSyn: 'Vill ha kvar sin skola.',
      })),
    barnetsBasta: 'Att bo kvar nära skolan väger tyngst.',
  }
  return ok(await client.put(`/barnchecklistor/${begun.id}`, draft, { ifMatch: begun.etag }))
}

/** A finished checklist with every child heard. */
export async function finishedChecklist(client: Client, hushallId: string, arendeId: string | null = null) {
  const { id, etag } = await filledChecklist(client, hushallId, arendeId)
  return ok(await client.post(`/barnchecklistor/${id}/klarmarkering`, {}, { ifMatch: etag }))
}

/** Lets the party answer, and writes down what it says. */
export async function heard(client: Client, arendeId: string, yttrandeSenast = '2026-12-31') {
  const told = ok(await client.post(`/arenden/${arendeId}/kommunicering`, { yttrandeSenast }, { ifMatch: '*' }))
  return ok(
    await client.post(`/arenden/${arendeId}/yttrande`, { yttrande: 'Håller inte med.' }, { ifMatch: told.etag }),
  )
}

/** A case that is decided: investigated, heard if it goes against the party, and with the checklist if there are children. */
export async function decided(
  handlaggare: Client,
  beslutsfattare: Client,
  { utfall = 'bifall', beslut = {}, ...fields }: Record<string, unknown> & { utfall?: string; beslut?: object } = {},
) {
  const arende = await openCase(handlaggare, fields)
  await investigate(handlaggare, arende.id)
  const { antalBarn } = ok(await handlaggare.get(`/hushall/${arende.hushallId}`))
  if (antalBarn > 0) await finishedChecklist(handlaggare, arende.hushallId, arende.id)
  if (utfall !== 'bifall') await heard(handlaggare, arende.id)
  const made = created(
    await beslutsfattare.post(`/arenden/${arende.id}/beslut`, { utfall, motivering, ...beslut }, { ifMatch: '*' }),
  )
  return { arende: ok(await handlaggare.get(`/arenden/${arende.id}`)), beslut: made }
}
