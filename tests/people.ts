import type { Client, Harness } from './harness.ts'

/** Ten-digit check by the Luhn rule. */
function checkDigit(nine: string): number {
  const sum = [...nine].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (product > 9 ? product - 9 : product)
  }, 0)
  return (10 - (sum % 10)) % 10
}

const testSerials = [238, 239, ...Array.from({ length: 20 }, (_, n) => 980 + n)]

/**
 * The n-th made-up personnummer: serials 238-239 and 980-999 are the tax agency's for test numbers, given to nobody.
 */
export function testPersonnummer(n: number, firstYear = 1950): string {
  const serial = testSerials[n % testSerials.length]
  const day = Temporal.PlainDate.from(`${firstYear}-01-01`).add({ days: Math.floor(n / testSerials.length) })
  const date = day.toString().replaceAll('-', '')
  const nine = `${date.slice(2)}${serial}`
  return `${date}${serial}${checkDigit(nine)}`
}

let next = 0
export const nextPersonnummer = (): string => testPersonnummer(next++)

/** The n-th made-up organisation number with a right check digit. */
export function testOrganisationsnummer(n: number): string {
  const nine = `55${String(9_000_000 + n).padStart(7, '0')}`
  return `${nine.slice(0, 6)}-${nine.slice(6)}${checkDigit(nine)}`
}
let nextOrg = 0

export async function createHousehold(client: Client, personer: object[] = []) {
  const sokande = { personnummer: nextPersonnummer(), fornamn: 'Maja', efternamn: 'Lind', roll: 'sokande' }
  const { body, status } = await client.post('/hushall', { personer: [sokande, ...personer] })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

export async function createLandlord(client: Client, namn = 'Exempelbostäder AB', tarEmotForturer = false) {
  const { body, status } = await client.post('/hyresvardar', {
    namn,
    tarEmotForturer,
    organisationsnummer: testOrganisationsnummer(nextOrg++),
    fastighetsagartyp: 'allmannytta',
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

/** A granted guarantee, with everything that an agreement needs. */
export async function grant(client: Client, fields: Record<string, unknown> = {}) {
  const hushallId = (fields.hushallId as string) ?? (await createHousehold(client)).id
  const hyresvardId = (fields.hyresvardId as string) ?? (await createLandlord(client)).id
  const { body, status } = await client.post('/hyresgarantier', {
    hushallId,
    hyresvardId,
    garantityp: 'kommunal',
    garanteradeManader: 6,
    beslutDatum: '2025-01-15',
    beviljadGiltigTill: '2026-12-31',
    beslutsfattare: 'Karin Ek, enhetschef',
    borgenstyp: 'enkel',
    kontraktsform: 'forstahand',
    manadshyraOre: 800000,
    giltigFran: '2025-03-01',
    giltigTill: '2027-02-28',
    adress: 'Exempelgatan 1, 222 22 Lund',
    utanForsorjningsstod: true,
    ...fields,
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return body
}

/** A guarantee in force. */
export async function activate(client: Client, fields: Record<string, unknown> = {}) {
  const garanti = await grant(client, fields)
  const { body, status } = await client.post(
    `/hyresgarantier/${garanti.id}/avtal`,
    { avtalTecknatDatum: (fields.giltigFran as string) ?? '2025-03-01' },
    { ifMatch: garanti.etag },
  )
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

export const goodAnswer = {
  manaderITid: 14,
  forsenadeBetalningar: 0,
  storningar: 0,
  hyresskuldOre: 0,
  hemforsakring: true,
  rekommenderarAvslut: true,
}

/** The open review of a guarantee, as a caseworker sees it. */
export async function reviewOf(client: Client, garantiId: string) {
  const { body } = await client.get(`/genomgangar?hyresgarantiId=${garantiId}`)
  return body.genomgangar[0]
}

/** Opens the autumn round of 2026. */
export const openRound = (harness: Harness) => harness.job('oppna-genomgangar', '2026-09-01')
