import { type Static, type TSchema, Type } from 'typebox'
import {
  Datum,
  Etag,
  exampleOf,
  Id,
  Lankar,
  ListMeta,
  Ore,
  oneOf,
  orNull,
  ref,
  Tidpunkt,
  text,
  Version,
} from '../shared/schema-parts.ts'

/** From the queue to the own contract (domain §3.2). What comes before it is an ärende. */
export const tillstand = [
  'iKo',
  'foreslagen',
  'tilldelad',
  'avtalTecknat',
  'boende',
  'bistandUpphor',
  'overtagande',
  'uppsagd',
  'avflyttad',
  'overlaten',
  'avslutad',
] as const
/** What serviceförvaltningen meets: from the day that a home is proposed. */
export const serviceforvaltningensTillstand = [
  'foreslagen',
  'tilldelad',
  'avtalTecknat',
  'boende',
  'bistandUpphor',
  'overtagande',
  'uppsagd',
  'avflyttad',
  'overlaten',
] as const
export const ursprung = ['arende', 'import'] as const
export const beslutstyper = ['ordinarie', 'tidsbegransatBarnfamilj'] as const
export const avtalsformer = ['andrahand', 'blockhyraAndrahand'] as const
export const overtagandesvar = ['godkant', 'ejGodkant'] as const
export const overtagandeorsaker = ['hyresskuld', 'storning', 'inkomst', 'referens', 'bostadenBehovs', 'annat'] as const
export const uppsagningsgrunder = ['hyresskuld', 'storning', 'bistandUpphort', 'egenUppsagning', 'annat'] as const
export const utfall = [
  'egetKontrakt',
  'annatBoende',
  'institution',
  'hemlos',
  'avliden',
  'flyttatFranKommunen',
  'aterkallat',
] as const
export const forslagssvar = ['accepterat', 'avbojt', 'aterkallat'] as const
/** Why a person said no to a home. */
export const nejorsaker = [
  'lage',
  'storlek',
  'hyra',
  'standard',
  'tillganglighet',
  'trygghet',
  'annatBoende',
  'annat',
] as const
export const avstaendetillstand = ['upprattat', 'inskickat', 'godkant', 'avslaget', 'ejKrav'] as const
export const bedomningar = ['enligtPlanen', 'behoverMerStod', 'redoForEget'] as const
/** A closed list: what is followed up is the home and the support, never conditions for keeping it (JO 8958-2020). */
export const uppfoljningsomraden = [
  'ekonomi',
  'skotselAvBostaden',
  'barnen',
  'natverk',
  'sysselsattning',
  'halsa',
  'egetKontrakt',
] as const
export const handelseslag = ['storning', 'hyresskuld'] as const
export const allvar = ['lindrig', 'allvarlig', 'sarskiltAllvarlig'] as const

const described = <T extends TSchema>(schema: T, description: string): T => ({ ...schema, description })
const Kod = Type.String({ pattern: '^[a-zA-Z0-9]{1,50}$', maxLength: 50, example: 'norraFaladen' })
const Koder = Type.Array(Kod, { maxItems: 50, uniqueItems: true })
const Rum = Type.Integer({ minimum: 1, maximum: 20, example: 3 })
const Hyra = Type.Integer({ minimum: 100, maximum: 10_000_000, example: 985000 })
const Skal = text(2000, 'Barnens skola ligger i samma område.')
const Nummer = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: 'AR-2026-00031' })

/** What the home must be like. */
const behov = {
  minRum: orNull(Rum),
  maxRum: orNull(Rum),
  maxHyraOre: orNull(Hyra),
  onskadeOmraden: Koder,
  uteslutnaOmraden: described(Koder, 'Här föreslås aldrig någon bostad.'),
  tillganglighet: Koder,
}
const falt = {
  id: Id,
  stodlagenhetsnummer: Nummer,
  tillstand: oneOf(tillstand),
  ursprung: oneOf(ursprung),
  arendeId: orNull(Id),
  beslutId: orNull(described(Id, 'Beslutet som gäller nu.')),
  hushallId: Id,
  personId: described(Id, 'Den som har rätt till stödlägenheten.'),
  medsokandeId: orNull(Id),
  beslutstyp: oneOf(beslutstyper),
  koDatum: described(Datum, 'Dagen för ärendets första beslut; ändras aldrig.'),
  beslutFran: Datum,
  beslutTill: orNull(Datum),
  antalPersoner: Type.Integer({ minimum: 1, example: 3 }),
  ...behov,
  lagenhetId: orNull(described(Id, 'Bostaden som är föreslagen, eller hyrs.')),
  avtalsform: orNull(oneOf(avtalsformer)),
  avtalDatum: orNull(Datum),
  informeradOmVillkorDatum: orNull(
    described(Datum, 'När hyresgästen fick veta villkoren; senast när avtalet tecknades (RH 2018:28).'),
  ),
  hyraOre: orNull(Hyra),
  tilltrade: orNull(Datum),
  hemforsakringTill: orNull(Datum),
  nastaUppfoljning: orNull(Datum),
  hyresskuldOre: described(Ore, 'Det senaste som hyresvärden har meddelat.'),
  overtagandeProvat: orNull(described(Datum, 'När övertagandet senast började prövas.')),
  overtagandeSvar: orNull(oneOf(overtagandesvar)),
  overtagandeOrsak: orNull(oneOf(overtagandeorsaker)),
  forstahandDatum: orNull(described(Datum, 'Från när hyresgästen har eget kontrakt på bostaden.')),
  bistandUpphort: orNull(described(Datum, 'Biståndets sista dag, när det har upphört; ett nytt beslut tar bort den.')),
  uppsagdDatum: orNull(Datum),
  uppsagningsgrund: orNull(oneOf(uppsagningsgrunder)),
  uppsagdTill: orNull(Datum),
  socialnamndenMeddelad: orNull(Datum),
  utflyttad: orNull(Datum),
  avslutadDatum: orNull(Datum),
  utfall: orNull(oneOf(utfall)),
  varnad: orNull(Type.String({ description: 'Gränsen som senast passerades.', example: 'besittningsskydd6' })),
  varnadDatum: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A stödlägenhet as it is kept. There is nothing about how the tenant lives beyond an ordinary lease (JO 8958-2020). */
export const StodlagenhetRad = Type.Object({
  ...falt,
  // For each kind of warning the limit that was last warned of.
  varnadBeslut: orNull(Datum),
  varnadAvstaende: orNull(Datum),
  varnadBesittningsskydd: orNull(Datum),
  version: Version,
  skyddad: Type.Boolean(),
})
export type StodlagenhetRad = Static<typeof StodlagenhetRad>

const besittningsskyddFran = orNull(
  described(
    Datum,
    'Beräknas: tillträdet vid blockhyra, annars tillträdet och 24 månader, eller dagen efter det sista avståendet om den är senare.',
  ),
)
const id = (last: string) => `0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f${last}`
const lank = `https://api.example.se/hemvist/v1/stodlagenheter/${id('0e1b')}`
const behovExempel = {
  minRum: 2,
  maxRum: 4,
  maxHyraOre: 1100000,
  onskadeOmraden: ['norraFaladen'],
  uteslutnaOmraden: [],
  tillganglighet: [],
}
export const Stodlagenhet = Type.Object(
  { ...falt, besittningsskyddFran, etag: Etag, _links: Lankar },
  {
    $id: 'Stodlagenhet',
    additionalProperties: false,
    example: {
      id: id('0e1b'),
      stodlagenhetsnummer: 'AR-2026-00031',
      tillstand: 'boende',
      ursprung: 'arende',
      arendeId: id('0b0b'),
      beslutId: id('0b1b'),
      hushallId: id('0a1c'),
      personId: id('0a1d'),
      medsokandeId: null,
      beslutstyp: 'ordinarie',
      koDatum: '2026-03-01',
      beslutFran: '2026-03-01',
      beslutTill: '2027-02-28',
      antalPersoner: 3,
      ...behovExempel,
      lagenhetId: id('0f1b'),
      avtalsform: 'andrahand',
      avtalDatum: '2026-05-20',
      informeradOmVillkorDatum: '2026-05-20',
      hyraOre: 985000,
      tilltrade: '2026-06-01',
      hemforsakringTill: '2027-05-31',
      nastaUppfoljning: '2026-07-01',
      hyresskuldOre: 0,
      overtagandeProvat: null,
      overtagandeSvar: null,
      overtagandeOrsak: null,
      forstahandDatum: null,
      bistandUpphort: null,
      uppsagdDatum: null,
      uppsagningsgrund: null,
      uppsagdTill: null,
      socialnamndenMeddelad: null,
      utflyttad: null,
      avslutadDatum: null,
      utfall: null,
      varnad: null,
      varnadDatum: null,
      skapad: '2026-03-01T09:12:00.000Z',
      andrad: '2026-06-01T10:00:00.000Z',
      besittningsskyddFran: '2028-06-01',
      etag: '"5"',
      _links: { self: { href: lank, rel: 'self', method: 'GET' } },
    },
  },
)

/** A place in the queue, with what it rests on in one sentence. */
const plats = {
  stodlagenhetId: Id,
  stodlagenhetsnummer: Nummer,
  hushallId: Id,
  plats: Type.Integer({ minimum: 1, example: 3 }),
  prioritet: Type.Integer({ description: 'Beräknas, skrivs aldrig in.', example: 187 }),
  motivering: Type.String({
    example: 'Plats 3: barnfamilj, bostadslös i 14 månader, i kön sedan 2026-03-01.',
  }),
  koDatum: Datum,
  beslutstyp: oneOf(beslutstyper),
  antalPersoner: falt.antalPersoner,
  antalBarn: Type.Integer({ minimum: 0, example: 2 }),
  bostadslosSedan: orNull(Datum),
  ...behov,
}
const platsExempel = {
  stodlagenhetId: id('0e1b'),
  stodlagenhetsnummer: 'AR-2026-00031',
  hushallId: id('0a1c'),
  plats: 3,
  prioritet: 187,
  motivering: 'Plats 3: barnfamilj, bostadslös i 14 månader, i kön sedan 2026-03-01.',
  koDatum: '2026-03-01',
  beslutstyp: 'ordinarie',
  antalPersoner: 3,
  antalBarn: 2,
  bostadslosSedan: '2025-07-10',
  ...behovExempel,
  etag: '"1"',
  _links: { stodlagenhet: { href: lank, rel: 'related', method: 'GET' } },
}
export const Koplats = Type.Object(
  { ...plats, etag: Etag, _links: Lankar },
  { $id: 'Koplats', additionalProperties: false, example: platsExempel },
)
export type Koplats = Static<typeof Koplats>

/** Someone in the queue, held against a home. */
export const Kandidat = Type.Object(
  {
    ...plats,
    passar: Type.Boolean({ example: true }),
    passarInteFor: Type.Array(Type.String({ example: 'Behöver minst 3 rum.' })),
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'Kandidat',
    additionalProperties: false,
    example: { ...platsExempel, passar: false, passarInteFor: ['Behöver minst 3 rum.'] },
  },
)

const forslag = {
  id: Id,
  stodlagenhetId: Id,
  lagenhetId: Id,
  datum: Datum,
  plats: Type.Integer({ minimum: 1, description: 'Platsen bland dem i kön som bostaden passade.', example: 1 }),
  skalForAvsteg: orNull(described(Skal, 'Varför någon annan än den första som bostaden passade.')),
  foreslagenAv: Type.String({ example: 'bo.boendeenhet' }),
  svar: orNull(oneOf(forslagssvar)),
  svarDatum: orNull(Datum),
  orsak: orNull(oneOf(nejorsaker)),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}
/** A proposed home as it is kept. */
export const BostadsforslagRad = Type.Object({ ...forslag, hushallId: Id, version: Version, skyddad: Type.Boolean() })
export type BostadsforslagRad = Static<typeof BostadsforslagRad>
export const Bostadsforslag = Type.Object(forslag, {
  $id: 'Bostadsforslag',
  additionalProperties: false,
  example: {
    id: id('0e2b'),
    stodlagenhetId: id('0e1b'),
    lagenhetId: id('0f1b'),
    datum: '2026-05-02',
    plats: 1,
    skalForAvsteg: null,
    foreslagenAv: 'bo.boendeenhet',
    svar: 'avbojt',
    svarDatum: '2026-05-04',
    orsak: 'lage',
    skapad: '2026-05-02T09:12:00.000Z',
    andrad: '2026-05-04T09:12:00.000Z',
  },
})

/** The need as a whole: what is left out of it is not needed. */
export const Stodlagenhetsbehov = Type.Object(
  { antalPersoner: falt.antalPersoner, ...behov },
  { $id: 'Stodlagenhetsbehov', additionalProperties: false, example: { antalPersoner: 3, ...behovExempel } },
)
export type Stodlagenhetsbehov = Static<typeof Stodlagenhetsbehov>

export const NyttBostadsforslag = Type.Object(
  {
    lagenhetId: Id,
    fran: Type.Optional(described(Datum, 'Från när bostaden hålls; i dag om inget anges.')),
    skalForAvsteg: Type.Optional(
      described(Skal, 'Behövs när bostaden inte passar behovet, eller passar någon som står före i kön.'),
    ),
  },
  { $id: 'NyttBostadsforslag', additionalProperties: false, example: { lagenhetId: id('0f1b') } },
)
export type NyttBostadsforslag = Static<typeof NyttBostadsforslag>

export const Bostadsforslagssvar = Type.Object(
  { svar: oneOf(['accepterat', 'avbojt']), orsak: Type.Optional(orNull(oneOf(nejorsaker))) },
  { $id: 'Bostadsforslagssvar', additionalProperties: false, example: { svar: 'avbojt', orsak: 'lage' } },
)
export type Bostadsforslagssvar = Static<typeof Bostadsforslagssvar>

export const Stodlagenhetsavtal = Type.Object(
  {
    avtalsform: oneOf(avtalsformer),
    avtalDatum: Datum,
    informeradOmVillkorDatum: Datum,
    hyraOre: Hyra,
    tilltrade: Datum,
    hemforsakringTill: Type.Optional(orNull(Datum)),
  },
  {
    $id: 'Stodlagenhetsavtal',
    additionalProperties: false,
    example: {
      avtalsform: 'andrahand',
      avtalDatum: '2026-05-20',
      informeradOmVillkorDatum: '2026-05-20',
      hyraOre: 985000,
      tilltrade: '2026-06-01',
    },
  },
)
export type Stodlagenhetsavtal = Static<typeof Stodlagenhetsavtal>

export const Inflyttning = Type.Object(
  { datum: Datum, hemforsakringTill: Type.Optional(orNull(Datum)) },
  {
    $id: 'Inflyttning',
    additionalProperties: false,
    example: { datum: '2026-06-01', hemforsakringTill: '2027-05-31' },
  },
)
export type Inflyttning = Static<typeof Inflyttning>

export const BistandetsUpphorande = Type.Object(
  { datum: described(Datum, 'Biståndets sista dag: i dag eller tidigare, och inte efter beslutets slut.') },
  { $id: 'BistandetsUpphorande', additionalProperties: false, example: { datum: '2027-02-28' } },
)
export type BistandetsUpphorande = Static<typeof BistandetsUpphorande>

export const Overtagandesvar = Type.Object(
  {
    svar: oneOf(overtagandesvar),
    orsak: Type.Optional(orNull(oneOf(overtagandeorsaker))),
    forstahandDatum: Type.Optional(orNull(described(Datum, 'Från när hyresgästen har eget kontrakt.'))),
  },
  {
    $id: 'Overtagandesvar',
    additionalProperties: false,
    example: { svar: 'godkant', forstahandDatum: '2027-12-01' },
  },
)
export type Overtagandesvar = Static<typeof Overtagandesvar>

export const Stodlagenhetsuppsagning = Type.Object(
  {
    grund: oneOf(uppsagningsgrunder),
    uppsagdTill: Datum,
    socialnamndenMeddelad: Type.Optional(orNull(described(Datum, 'Behövs när grunden är hyresskuld eller störning.'))),
  },
  {
    $id: 'Stodlagenhetsuppsagning',
    additionalProperties: false,
    example: { grund: 'hyresskuld', uppsagdTill: '2027-03-31', socialnamndenMeddelad: '2026-12-20' },
  },
)
export type Stodlagenhetsuppsagning = Static<typeof Stodlagenhetsuppsagning>

export const Utflyttning = Type.Object(
  { datum: described(Datum, 'Sista dagen i bostaden.') },
  { $id: 'Utflyttning', additionalProperties: false, example: { datum: '2027-03-31' } },
)
export type Utflyttning = Static<typeof Utflyttning>

export const Stodlagenhetsavslut = Type.Object(
  { utfall: oneOf(utfall) },
  { $id: 'Stodlagenhetsavslut', additionalProperties: false, example: { utfall: 'egetKontrakt' } },
)
export type Stodlagenhetsavslut = Static<typeof Stodlagenhetsavslut>

const avstaende = {
  id: Id,
  stodlagenhetId: Id,
  lagenhetId: described(Id, 'Bostaden som avståendet gäller; det följer inte med till en annan.'),
  tillstand: oneOf(avstaendetillstand),
  upprattat: Datum,
  skal: Skal,
  giltigtTill: Datum,
  skalLangreTid: orNull(described(Skal, 'Varför längre än fyra år från tillträdet.')),
  inskickat: orNull(Datum),
  beslutDatum: orNull(described(Datum, 'När hyresnämnden beslutade.')),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}
/** A waiver of besittningsskydd as it is kept: a document of its own (domain §3.1). */
export const AvstaendeRad = Type.Object({ ...avstaende, hushallId: Id, version: Version, skyddad: Type.Boolean() })
export type AvstaendeRad = Static<typeof AvstaendeRad>
export const Avstaende = Type.Object(
  { ...avstaende, etag: Etag, _links: Lankar },
  {
    $id: 'Avstaende',
    additionalProperties: false,
    example: {
      id: id('0e3b'),
      stodlagenhetId: id('0e1b'),
      lagenhetId: id('0f1b'),
      tillstand: 'godkant',
      upprattat: '2026-05-20',
      skal: 'Bostaden hyrs ut så länge biståndet pågår.',
      giltigtTill: '2030-06-01',
      skalLangreTid: null,
      inskickat: '2026-05-22',
      beslutDatum: '2026-06-10',
      skapad: '2026-05-20T09:12:00.000Z',
      andrad: '2026-06-10T09:12:00.000Z',
      etag: '"3"',
      _links: {
        self: { href: `${lank}/avstaenden/${id('0e3b')}`, rel: 'self', method: 'GET' },
      },
    },
  },
)

export const NyttAvstaende = Type.Object(
  { skal: Skal, giltigtTill: Datum, skalLangreTid: Type.Optional(orNull(Skal)) },
  {
    $id: 'NyttAvstaende',
    additionalProperties: false,
    example: { skal: 'Bostaden hyrs ut så länge biståndet pågår.', giltigtTill: '2030-06-01' },
  },
)
export type NyttAvstaende = Static<typeof NyttAvstaende>
export const Avstaendeinskickning = Type.Object(
  { datum: Datum },
  { $id: 'Avstaendeinskickning', additionalProperties: false, example: { datum: '2026-05-22' } },
)
export type Avstaendeinskickning = Static<typeof Avstaendeinskickning>
export const Avstaendebeslut = Type.Object(
  { utfall: oneOf(['godkant', 'avslaget']), datum: Datum },
  { $id: 'Avstaendebeslut', additionalProperties: false, example: { utfall: 'godkant', datum: '2026-06-10' } },
)
export type Avstaendebeslut = Static<typeof Avstaendebeslut>

const uppfoljning = {
  id: Id,
  stodlagenhetId: Id,
  datum: Datum,
  omraden: Type.Array(oneOf(uppfoljningsomraden), { minItems: 1, maxItems: 10, uniqueItems: true }),
  bedomning: oneOf(bedomningar),
  nasta: orNull(described(Datum, 'När nästa uppföljning ska göras.')),
  gjordAv: Type.String({ example: 'maja.handlaggare' }),
  skapad: Tidpunkt,
}
/** A follow-up as it is kept: written once. */
export const UppfoljningRad = Type.Object({ ...uppfoljning, hushallId: Id, skyddad: Type.Boolean() })
export type UppfoljningRad = Static<typeof UppfoljningRad>
export const Uppfoljning = Type.Object(uppfoljning, {
  $id: 'Uppfoljning',
  additionalProperties: false,
  example: {
    id: id('0e4b'),
    stodlagenhetId: id('0e1b'),
    datum: '2026-07-01',
    omraden: ['ekonomi', 'barnen'],
    bedomning: 'enligtPlanen',
    nasta: '2026-10-01',
    gjordAv: 'maja.handlaggare',
    skapad: '2026-07-01T09:12:00.000Z',
  },
})
export const NyUppfoljning = Type.Object(
  {
    datum: Datum,
    omraden: uppfoljning.omraden,
    bedomning: uppfoljning.bedomning,
    nasta: Type.Optional(
      orNull(described(Datum, 'Utan uppgift så långt fram som kommunen har bestämt; null när ingen mer behövs.')),
    ),
  },
  {
    $id: 'NyUppfoljning',
    additionalProperties: false,
    example: { datum: '2026-07-01', omraden: ['ekonomi', 'barnen'], bedomning: 'enligtPlanen' },
  },
)
export type NyUppfoljning = Static<typeof NyUppfoljning>

const handelse = {
  id: Id,
  stodlagenhetId: Id,
  slag: oneOf(handelseslag),
  datum: Datum,
  allvar: orNull(oneOf(allvar)),
  hyresskuldOre: orNull(described(Ore, 'Hela skulden den dagen; 0 när den är betald.')),
  beskrivning: orNull(text(2000, 'Hög musik efter klockan 22.')),
  rapporteradAv: Type.String({ example: 'serviceforvaltningen' }),
  skapad: Tidpunkt,
}
/** Arrears or a disturbance, as the landlord told of it: written once. */
export const BoendehandelseRad = Type.Object({ ...handelse, hushallId: Id, skyddad: Type.Boolean() })
export type BoendehandelseRad = Static<typeof BoendehandelseRad>
export const Boendehandelse = Type.Object(handelse, {
  $id: 'Boendehandelse',
  additionalProperties: false,
  example: {
    id: id('0e5b'),
    stodlagenhetId: id('0e1b'),
    slag: 'hyresskuld',
    datum: '2026-11-02',
    allvar: null,
    hyresskuldOre: 985000,
    beskrivning: null,
    rapporteradAv: 'serviceforvaltningen',
    skapad: '2026-11-02T09:12:00.000Z',
  },
})
export const NyBoendehandelse = Type.Object(
  {
    slag: handelse.slag,
    datum: Datum,
    allvar: Type.Optional(described(handelse.allvar, 'Behövs när slag är storning.')),
    hyresskuldOre: Type.Optional(handelse.hyresskuldOre),
    beskrivning: Type.Optional(handelse.beskrivning),
  },
  {
    $id: 'NyBoendehandelse',
    additionalProperties: false,
    example: { slag: 'hyresskuld', datum: '2026-11-02', hyresskuldOre: 985000 },
  },
)
export type NyBoendehandelse = Static<typeof NyBoendehandelse>

/** What serviceförvaltningen sees as the landlord: the letting. Never why there is one, the plan or the children. */
export const ServiceforvaltningensStodlagenhet = Type.Object(
  {
    id: Id,
    stodlagenhetsnummer: Nummer,
    tillstand: oneOf(serviceforvaltningensTillstand),
    antalPersoner: falt.antalPersoner,
    hyresgast: orNull(Type.String({ description: 'Namn; först när bostaden är tilldelad.', example: 'Maja Lind' })),
    medhyresgast: orNull(Type.String({ example: 'Alva Ek' })),
    lagenhetId: Id,
    objektnummer: Type.String({ example: 'SF-0412' }),
    avtalsform: falt.avtalsform,
    avtalDatum: falt.avtalDatum,
    informeradOmVillkorDatum: falt.informeradOmVillkorDatum,
    hyraOre: falt.hyraOre,
    tilltrade: falt.tilltrade,
    hemforsakringTill: falt.hemforsakringTill,
    hyresskuldOre: falt.hyresskuldOre,
    forstahandDatum: falt.forstahandDatum,
    uppsagdDatum: falt.uppsagdDatum,
    uppsagdTill: falt.uppsagdTill,
    utflyttad: falt.utflyttad,
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'ServiceforvaltningensStodlagenhet',
    additionalProperties: false,
    example: {
      id: id('0e1b'),
      stodlagenhetsnummer: 'AR-2026-00031',
      tillstand: 'tilldelad',
      antalPersoner: 3,
      hyresgast: 'Maja Lind',
      medhyresgast: null,
      lagenhetId: id('0f1b'),
      objektnummer: 'SF-0412',
      avtalsform: null,
      avtalDatum: null,
      informeradOmVillkorDatum: null,
      hyraOre: null,
      tilltrade: null,
      hemforsakringTill: null,
      hyresskuldOre: 0,
      forstahandDatum: null,
      uppsagdDatum: null,
      uppsagdTill: null,
      utflyttad: null,
      etag: '"3"',
      _links: {},
    },
  },
)

/** How it went with a time-limited decision. */
export const utgangar = ['vantar', 'bor', 'egetKontrakt', 'avliden', 'aterkallat', 'annat'] as const
export const Kohortpost = Type.Object(
  {
    stodlagenhetId: Id,
    stodlagenhetsnummer: Nummer,
    hushallId: Id,
    tillstand: oneOf(tillstand),
    antalBeslut: Type.Integer({ example: 2 }),
    forlangningar: Type.Integer({ description: 'Beslut som gäller längre än det som de ersatte.', example: 1 }),
    utgang: oneOf(utgangar),
    manader: orNull(Type.Integer({ minimum: 0, description: 'Hela månader i bostaden.', example: 14 })),
  },
  {
    $id: 'Kohortpost',
    additionalProperties: false,
    example: {
      stodlagenhetId: id('0e1b'),
      stodlagenhetsnummer: 'AR-2026-00031',
      hushallId: id('0a1c'),
      tillstand: 'overlaten',
      antalBeslut: 2,
      forlangningar: 1,
      utgang: 'egetKontrakt',
      manader: 14,
    },
  },
)
/** How it went for the families whose time-limited decision began in a year, with the rows behind. */
const kohort = {
  ar: Type.Integer({ example: 2026 }),
  antal: Type.Integer({
    description: 'Tidsbegränsade beslut för barnfamiljer som började gälla under året.',
    example: 1,
  }),
  forlangda: Type.Integer({ description: 'De som har fått ett beslut som gäller längre än det före.', example: 1 }),
  vantar: Type.Integer({ description: 'De som inte har fått någon bostad än.', example: 0 }),
  bor: Type.Integer({ description: 'De som har ett avtal som inte har upphört.', example: 0 }),
  egetKontrakt: Type.Integer({ description: 'De som har fått eget kontrakt.', example: 1 }),
  avliden: Type.Integer({ description: 'De vars insats upphörde med ett dödsfall.', example: 0 }),
  aterkallat: Type.Integer({ description: 'De som tog tillbaka sin ansökan innan de fick en bostad.', example: 0 }),
  annat: Type.Integer({ description: 'De vars insats har upphört på annat sätt.', example: 0 }),
  medelManader: orNull(
    Type.Number({
      description: 'Hela månader från tillträdet till eget kontrakt, utflyttning eller i dag, i medeltal.',
      example: 14,
    }),
  ),
}
export const TidsbegransadUtvardering = Type.Object(
  { ...kohort, underlag: Type.Array(ref(Kohortpost)), _meta: ref(ListMeta), _links: Lankar },
  {
    $id: 'TidsbegransadUtvardering',
    additionalProperties: false,
    example: {
      ar: 2026,
      antal: 1,
      forlangda: 1,
      vantar: 0,
      bor: 0,
      egetKontrakt: 1,
      avliden: 0,
      aterkallat: 0,
      annat: 0,
      medelManader: 14,
      underlag: [exampleOf(Kohortpost)],
      _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/stodlagenheter/tidsbegransade/utvardering?ar=2026',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)
export type Kohortpost = Static<typeof Kohortpost>
const Kohort = Type.Object(kohort)
export type Kohort = Static<typeof Kohort>
