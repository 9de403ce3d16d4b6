import { type Static, Type } from 'typebox'
import { roller } from '../shared/caller.ts'
import { insatser } from '../shared/insatser.ts'
import { anything, Datum, Etag, Id, Lankar, oneOf, orNull, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

export const utfall = ['bifall', 'delvisBifall', 'avslag'] as const
export const overklagandetyper = ['forvaltningsbesvar', 'laglighetsprovning', 'ejOverklagbar'] as const
export const delgivningssatt = ['personligen', 'brev', 'rekommenderatBrev', 'digitalBrevlada', 'eTjanst'] as const

const Motivering = text(8000, 'Barnfamiljen har varit bostadslös i ett år och kan inte själv ordna en bostad.')
const Delegationspunkt = text(50, '4.1')
const Sub = text(200, 'karin.beslut')

/** What a decision says. The database lets nobody change it: it is corrected by another decision, that names it. */
const innehall = {
  id: Id,
  arendeId: Id,
  hushallId: Id,
  insats: oneOf(insatser),
  utfall: oneOf(utfall),
  datum: Datum,
  giltigFran: orNull(Datum),
  giltigTill: orNull({ ...Datum, description: 'Sista dagen.' } as typeof Datum),
  lagrum: text(100, '11 kap. 1 § SoL (2025:400)'),
  delegationId: Id,
  delegationspunkt: Delegationspunkt,
  beslutsfattare: Sub,
  foredragande: orNull({ ...Sub, description: 'Handläggaren när beslutet fattades.' } as typeof Sub),
  motivering: Motivering,
  overklagandetyp: oneOf(overklagandetyper),
  ansokanDatum: Datum,
  antalBarn: Type.Integer({ description: 'Barn i hushållet när beslutet fattades.', example: 1 }),
  barnchecklistaId: orNull(Id),
  barnchecklistaUndantag: orNull(text(2000, 'Akut läge: familjen står utan tak i natt.')),
  ersatterId: orNull({ ...Id, description: 'Beslutet som detta rättar eller ändrar.' } as typeof Id),
}
/** What becomes of it. */
const verkan = {
  delgivenDatum: orNull(Datum),
  delgivningssatt: orNull(oneOf(delgivningssatt)),
  overklagasSenast: orNull({ ...Datum, description: 'Tre veckor från delgivningen (FL 44 §).' } as typeof Datum),
  lagaKraftDatum: orNull(Datum),
}

/** How a decision's criteria came out; values only, no identity: past decisions are replayed from it. */
export type Kriterieutfall = {
  kod: string
  krav: number | boolean | null
  varde: number | boolean | string | null
  utfall: 'uppfyllt' | 'ejUppfyllt' | 'okant' | 'undantag'
}
export type Beslutsbedomning = { kriterierNummer: number; kriterier: Kriterieutfall[] }

/** A decision as it is kept. */
export const BeslutRad = Type.Object({
  ...innehall,
  ...verkan,
  grunder: Type.Array(Type.String()),
  bedomning: anything<Beslutsbedomning | null>(),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
  version: Version,
  skyddad: Type.Boolean(),
})
export type BeslutRad = Static<typeof BeslutRad>

export const Kriterium = Type.Object(
  {
    kod: Type.String({ example: 'minFolkbokfordManader' }),
    krav: anything<Kriterieutfall['krav']>({ description: 'Vad som krävs.' }),
    varde: anything<Kriterieutfall['varde']>({ description: 'Värdet som prövades; null när det inte är känt.' }),
    utfall: oneOf(['uppfyllt', 'ejUppfyllt', 'okant', 'undantag']),
  },
  { additionalProperties: false },
)

const lank = 'https://api.example.se/hemvist/v1/beslut/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b'
export const Beslut = Type.Object(
  {
    ...innehall,
    ...verkan,
    arendenummer: Type.String({ example: 'AR-2026-00012' }),
    ersattAvId: orNull({ ...Id, description: 'Beslutet som har ersatt detta.' } as typeof Id),
    kriterier: Type.Array(Kriterium, { description: 'För social förtur: hur kriterierna föll ut.' }),
    skapad: Tidpunkt,
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'Beslut',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      arendenummer: 'AR-2026-00012',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      insats: 'fortur',
      utfall: 'bifall',
      datum: '2026-10-01',
      giltigFran: '2026-10-01',
      giltigTill: '2027-09-30',
      lagrum: '11 kap. 1 § SoL (2025:400)',
      delegationId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b2b',
      delegationspunkt: '4.1',
      beslutsfattare: 'karin.beslut',
      foredragande: 'maja.handlaggare',
      motivering: 'Barnfamiljen har varit bostadslös i ett år och kan inte själv ordna en bostad.',
      overklagandetyp: 'forvaltningsbesvar',
      ansokanDatum: '2026-08-20',
      antalBarn: 1,
      barnchecklistaId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b3b',
      barnchecklistaUndantag: null,
      ersatterId: null,
      ersattAvId: null,
      delgivenDatum: null,
      delgivningssatt: null,
      overklagasSenast: null,
      lagaKraftDatum: null,
      kriterier: [{ kod: 'minFolkbokfordManader', krav: 24, varde: 61, utfall: 'uppfyllt' }],
      skapad: '2026-10-01T09:12:00.000Z',
      etag: '"1"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

export const Delgivning = Type.Object(
  { delgivenDatum: Datum, delgivningssatt: oneOf(delgivningssatt) },
  {
    $id: 'Delgivning',
    additionalProperties: false,
    example: { delgivenDatum: '2026-10-05', delgivningssatt: 'personligen' },
  },
)
export type Delgivning = Static<typeof Delgivning>

const delegation = {
  delegationspunkt: Delegationspunkt,
  beskrivning: text(200, 'Social förtur till bostad'),
  insats: oneOf(insatser),
  utfall: Type.Array(oneOf(utfall), { minItems: 1, maxItems: 3, uniqueItems: true }),
}
const granser = {
  delegater: orNull(
    Type.Array(Sub, { minItems: 1, maxItems: 200, uniqueItems: true, description: 'null: alla med rollen.' }),
  ),
  maxGiltighetManader: orNull(Type.Integer({ minimum: 1, maximum: 120, example: 12 })),
  maxGaranteradeManader: orNull(Type.Integer({ minimum: 1, maximum: 12, example: 6 })),
  maxManadshyraOre: orNull(Type.Integer({ minimum: 100, maximum: 10_000_000, example: 1200000 })),
  giltigTill: orNull(Datum),
}
const Roll = oneOf(Object.keys(roller) as (keyof typeof roller)[], {
  description: 'Rollen som delegaten ska ha, utöver beslutsfattare.',
  example: 'beslutsfattare',
})

/** A point of the board's delegation: who may decide what, within which limits, and when it holds. */
export const DelegationRad = Type.Object({
  id: Id,
  ...delegation,
  roll: Roll,
  ...granser,
  giltigFran: Datum,
  skapad: Tidpunkt,
  andrad: Tidpunkt,
  version: Version,
})
export type DelegationRad = Static<typeof DelegationRad>

export const Delegation = Type.Object(
  { id: Id, ...delegation, roll: Roll, ...granser, giltigFran: Datum, skapad: Tidpunkt, etag: Etag, _links: Lankar },
  {
    $id: 'Delegation',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b2b',
      delegationspunkt: '4.1',
      beskrivning: 'Social förtur till bostad',
      insats: 'fortur',
      utfall: ['bifall', 'delvisBifall', 'avslag'],
      roll: 'beslutsfattare',
      delegater: null,
      maxGiltighetManader: 12,
      maxGaranteradeManader: null,
      maxManadshyraOre: null,
      giltigFran: '2026-01-01',
      giltigTill: null,
      skapad: '2026-01-01T09:12:00.000Z',
      etag: '"1"',
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/delegationer/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b2b',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

export const NyDelegation = Type.Object(
  { ...delegation, roll: Type.Optional(Roll), ...Type.Partial(Type.Object(granser)).properties, giltigFran: Datum },
  {
    $id: 'NyDelegation',
    additionalProperties: false,
    example: {
      delegationspunkt: '4.1',
      beskrivning: 'Social förtur till bostad',
      insats: 'fortur',
      utfall: ['bifall', 'delvisBifall', 'avslag'],
      maxGiltighetManader: 12,
      giltigFran: '2026-01-01',
    },
  },
)
export type NyDelegation = Static<typeof NyDelegation>

export const Delegationsupphorande = Type.Object(
  { giltigTill: Datum },
  { $id: 'Delegationsupphorande', additionalProperties: false, example: { giltigTill: '2026-12-31' } },
)
export type Delegationsupphorande = Static<typeof Delegationsupphorande>

export const Lagrumspost = Type.Object(
  {
    kod: Type.String({ example: 'sol-2025-11-1' }),
    text: Type.String({ example: '11 kap. 1 § SoL (2025:400)' }),
    galler: Type.Array(Type.String({ example: 'fortur' })),
    fran: Datum,
    till: orNull(Datum),
  },
  {
    $id: 'Lagrum',
    additionalProperties: false,
    example: {
      kod: 'sol-2025-11-1',
      text: '11 kap. 1 § SoL (2025:400)',
      galler: ['fortur'],
      fran: '2025-07-01',
      till: null,
    },
  },
)
