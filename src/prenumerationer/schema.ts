import { type Static, Type } from 'typebox'
import { Etag, exampleOf, Id, Lankar, oneOf, orNull, ref, Tidpunkt, Version } from '../shared/schema-parts.ts'

/** Why a subscription no longer holds: the party ended it, or its receiver answered 410 (api.md 51). */
export const avslutsorsaker = ['egenBegaran', 'mottagaren410'] as const
/** Where a delivery is: waiting for its turn or its next attempt, done, given up, or not to be sent any more. */
export const leveranslagen = ['vantar', 'levererad', 'dod', 'stoppad'] as const

/** What can go wrong with an attempt, and what that means to whoever looks after the receiver. */
export const leveransfel = {
  felstatus: 'Mottagaren svarade med en annan status än 2xx.',
  omdirigering: 'Mottagaren svarade med en omdirigering. Den följs inte: ändra prenumerationens url.',
  tidsgrans: 'Mottagaren svarade inte i tid. Svara 2xx så fort händelsen är mottagen, och arbeta sedan.',
  ingenAnslutning: 'Det gick inte att ansluta till mottagaren, eller så bröts anslutningen.',
  okantNamn: 'Värdnamnet finns inte i DNS.',
  certifikat:
    'Mottagarens certifikat godtas inte: det har gått ut, är för ett annat namn eller från en okänd utfärdare.',
  otillatenAdress: 'Värdnamnet leder till en adress som tjänsten inte skickar till, till exempel i ett internt nät.',
} as const
export type Leveransfel = keyof typeof leveransfel
const fel = Object.keys(leveransfel) as Leveransfel[]

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description: 'Dit händelserna skickas, med https. En intern adress måste vara tillåten i tjänstens inställningar.',
  example: 'https://integration.example.se/hemvist',
})
const Handelsetyp = Type.String({
  pattern: '^se\\.hemvist\\.[a-z]+\\.([A-Za-z]+|\\*)$',
  maxLength: 100,
  example: 'se.hemvist.hyresgaranti.aktiv',
})
const Typer = Type.Array(Handelsetyp, {
  maxItems: 100,
  uniqueItems: true,
  description: 'Vilka typer av händelser, exakt eller `se.hemvist.<sak>.*`. En tom lista: alla som parten får.',
})
const Aktiv = Type.Boolean({
  description: 'Skickar nu. Medan prenumerationen vilar samlas händelserna, och skickas när den blir aktiv igen.',
  example: true,
})

const falt = {
  id: Id,
  url: Url,
  typer: Typer,
  aktiv: Aktiv,
  avslutad: orNull(Tidpunkt),
  avslutsorsak: orNull(oneOf(avslutsorsaker)),
  nyckelBytt: orNull(Tidpunkt),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A subscription as it is kept; its keys and where it is in the feed stand in `leveranslage`. */
export const PrenumerationRad = Type.Object({
  ...falt,
  version: Version,
  part: Type.String(),
  partId: orNull(Id),
})
export type PrenumerationRad = Static<typeof PrenumerationRad>

const Antal = (description: string, example: number) => Type.Integer({ minimum: 0, description, example })
export const Leveranshalsa = Type.Object(
  {
    senastLyckad: orNull(Tidpunkt),
    misslyckasSedan: orNull({ ...Tidpunkt, description: 'Första misslyckade försöket sedan det senast lyckades.' }),
    vantar: Antal('Händelser som inte är framme än; räknas till 10 001.', 0),
    aldstaVantande: orNull({ ...Tidpunkt, description: 'När den händelse som väntat längst inträffade.' }),
    doda: Antal('Händelser som tjänsten gett upp om; räknas till 10 001.', 0),
  },
  {
    $id: 'Leveranshalsa',
    additionalProperties: false,
    example: {
      senastLyckad: '2026-09-01T08:30:01.000Z',
      misslyckasSedan: null,
      vantar: 0,
      aldstaVantande: null,
      doda: 0,
    },
  },
)
export type Leveranshalsa = Static<typeof Leveranshalsa>

const exempel = {
  id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
  etag: '"1"',
  url: 'https://integration.example.se/hemvist',
  typer: ['se.hemvist.hyresgaranti.*', 'se.hemvist.genomgang.vantar'],
  aktiv: true,
  avslutad: null,
  avslutsorsak: null,
  nyckelBytt: null,
  skapad: '2026-09-01T08:30:00.000Z',
  andrad: '2026-09-01T08:30:00.000Z',
  halsa: exampleOf(Leveranshalsa),
  _links: {
    self: {
      href: 'https://api.example.se/hemvist/v1/prenumerationer/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
      rel: 'self',
      method: 'GET',
    },
  },
}
const visas = { ...falt, etag: Etag, halsa: ref(Leveranshalsa), _links: Lankar }

export const Prenumeration = Type.Object(visas, {
  $id: 'Prenumeration',
  additionalProperties: false,
  example: exempel,
})

export const PrenumerationMedNyckel = Type.Object(
  {
    ...visas,
    hemlighet: Type.String({
      description: 'Nyckeln som signaturerna görs med (Standard Webhooks). Visas bara nu: spara den.',
      example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
    }),
  },
  {
    $id: 'PrenumerationMedNyckel',
    additionalProperties: false,
    example: { ...exempel, hemlighet: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' },
  },
)

export const NyPrenumeration = Type.Object(
  { url: Url, typer: Type.Optional(Typer), aktiv: Type.Optional({ ...Aktiv, default: true } as typeof Aktiv) },
  {
    $id: 'NyPrenumeration',
    additionalProperties: false,
    example: { url: exempel.url, typer: exempel.typer, aktiv: true },
  },
)
export type NyPrenumeration = Static<typeof NyPrenumeration>

export const PrenumerationAndring = Type.Object(
  { url: Type.Optional(Url), typer: Type.Optional(Typer), aktiv: Type.Optional(Aktiv) },
  { $id: 'PrenumerationAndring', additionalProperties: false, minProperties: 1, example: { aktiv: false } },
)
export type PrenumerationAndring = Static<typeof PrenumerationAndring>

/** One attempt, as the log keeps it: never what was sent or answered. */
export const Leveransforsok = Type.Object(
  {
    tid: Tidpunkt,
    status: orNull(Type.Integer({ minimum: 100, maximum: 999, description: 'HTTP-status.', example: 503 })),
    ms: Type.Integer({ minimum: 0, description: 'Så länge försöket tog.', example: 41 }),
    fel: orNull(oneOf(fel)),
  },
  {
    $id: 'Leveransforsok',
    additionalProperties: false,
    example: { tid: '2026-09-01T08:30:01.000Z', status: 503, ms: 41, fel: 'felstatus' },
  },
)
export type Leveransforsok = Static<typeof Leveransforsok>

export const Leverans = Type.Object(
  {
    handelseId: { ...Id, description: 'Händelsens id, och `webhook-id` i varje försök.' },
    typ: Handelsetyp,
    tid: { ...Tidpunkt, description: 'När händelsen inträffade.' },
    lage: oneOf(leveranslagen),
    forsok: Antal('Försök hittills.', 1),
    nastaForsok: orNull({
      ...Tidpunkt,
      description: 'Tidigast då; null om en tidigare händelse om samma sak väntar, eller inget försök återstår.',
    }),
    klar: orNull(Tidpunkt),
    logg: Type.Array(ref(Leveransforsok), { description: 'De senaste försöken, högst 20.' }),
    forklaring: orNull(Type.String({ description: 'Vad det senaste felet betyder.', example: leveransfel.felstatus })),
  },
  {
    $id: 'Leverans',
    additionalProperties: false,
    example: {
      handelseId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0c1b',
      typ: 'se.hemvist.hyresgaranti.aktiv',
      tid: '2026-09-01T08:30:00.000Z',
      lage: 'vantar',
      forsok: 1,
      nastaForsok: '2026-09-01T08:30:06.000Z',
      klar: null,
      logg: [exampleOf(Leveransforsok)],
      forklaring: leveransfel.felstatus,
    },
  },
)
export type Leverans = Static<typeof Leverans>

export const Provsvar = Type.Object(
  {
    lyckades: Type.Boolean({ example: true }),
    status: orNull(Type.Integer({ minimum: 100, maximum: 999, example: 204 })),
    ms: Type.Integer({ minimum: 0, example: 38 }),
    fel: orNull(oneOf(fel)),
    forklaring: orNull(Type.String({ example: leveransfel.tidsgrans })),
  },
  {
    $id: 'Provsvar',
    additionalProperties: false,
    example: { lyckades: true, status: 204, ms: 38, fel: null, forklaring: null },
  },
)
export type Provsvar = Static<typeof Provsvar>
