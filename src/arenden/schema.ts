import { type Static, Type } from 'typebox'
import { forturgrunder, type Insats, insatser } from '../shared/insatser.ts'
import { Datum, Etag, Id, Lankar, Ore, oneOf, orNull, ref, Tidpunkt, text, Version } from '../shared/schema-parts.ts'

/** From application to decision, and what may follow (domain §12). */
export const tillstand = [
  'inkommen',
  'utredning',
  'komplettering',
  'kommunicerad',
  'bifall',
  'delvisBifall',
  'avslag',
  'avskriven',
  'overklagad',
  'omprovad',
  'dom',
] as const
/** Cases that wait for a decision. */
export const oppna = ['inkommen', 'utredning', 'komplettering', 'kommunicerad'] as const
export const kanaler = ['eTjanst', 'papper', 'handlaggare'] as const
export const avskrivningsorsaker = ['aterkallad', 'flyttat', 'avliden', 'losningPaAnnatSatt', 'annat'] as const
export const domUtfall = ['bifall', 'delvisBifall', 'avslag', 'aterforvisning', 'avvisning', 'avskrivning'] as const

const Sub = text(200, 'maja.handlaggare')
const Skal = text(4000, 'Handläggaren har bytt tjänst.')
const Motivering = text(8000, 'Barnfamiljen har varit bostadslös i ett år och kan inte själv ordna en bostad.')

const ansokan = {
  insats: oneOf(insatser),
  hushallId: Id,
  ansokanDatum: { ...Datum, description: 'Dagen då ansökan kom in.' } as typeof Datum,
  kanal: oneOf(kanaler),
}
const falt = {
  id: Id,
  arendenummer: Type.String({ example: 'AR-2026-00012' }),
  tillstand: oneOf(tillstand),
  ...ansokan,
  personId: { ...Id, description: 'Sökanden.' } as typeof Id,
  medsokandeId: orNull(Id),
  handlaggare: orNull(Sub),
  tilldelningsskal: orNull(Skal),
  kompletteringBegart: orNull(Skal),
  kompletteringSenast: orNull(Datum),
  kompletteringInkommen: orNull(Datum),
  kommuniceradDatum: orNull(Datum),
  yttrandeSenast: orNull(Datum),
  yttrande: orNull(Motivering),
  yttrandeDatum: orNull(Datum),
  foredragenDatum: orNull({ ...Datum, description: 'Dagen då ärendet lämnades till beslutsfattaren.' } as typeof Datum),
  beslutId: orNull({ ...Id, description: 'Beslutet som gäller nu.' } as typeof Id),
  beslutDatum: orNull(Datum),
  avskrivningsorsak: orNull(oneOf(avskrivningsorsaker)),
  avskrivningsmotivering: orNull(Skal),
  avskrivenDatum: orNull(Datum),
  overklagadDatum: orNull({ ...Datum, description: 'Dagen då överklagandet kom in.' } as typeof Datum),
  overklagadIRattTid: orNull(Type.Boolean({ description: 'Beräknas av delgivningen.', example: true })),
  avvisadDatum: orNull({ ...Datum, description: 'Dagen då ett för sent överklagande avvisades.' } as typeof Datum),
  avvisningsmotivering: orNull(Skal),
  overlamnadDatum: orNull(Datum),
  domstol: orNull(text(200, 'Förvaltningsrätten i Malmö')),
  malnummer: orNull(text(50, '12345-26')),
  domDatum: orNull(Datum),
  domUtfall: orNull(oneOf(domUtfall)),
  fordrojdDagar: orNull(
    Type.Integer({ description: 'Gränsen för lång handläggning som senast passerades.', example: 30 }),
  ),
  fordrojdDatum: orNull(Datum),
  skapad: Tidpunkt,
  andrad: Tidpunkt,
}

/** A case as it is kept. */
export const ArendeRad = Type.Object({ ...falt, version: Version, skyddad: Type.Boolean() })
export type ArendeRad = Static<typeof ArendeRad>

const lank = 'https://api.example.se/hemvist/v1/arenden/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b'
const exempel = {
  id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
  arendenummer: 'AR-2026-00012',
  tillstand: 'utredning',
  insats: 'fortur',
  hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
  ansokanDatum: '2026-08-20',
  kanal: 'eTjanst',
  personId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1d',
  medsokandeId: null,
  handlaggare: 'maja.handlaggare',
  tilldelningsskal: null,
  kompletteringBegart: null,
  kompletteringSenast: null,
  kompletteringInkommen: null,
  kommuniceradDatum: null,
  yttrandeSenast: null,
  yttrande: null,
  yttrandeDatum: null,
  foredragenDatum: null,
  beslutId: null,
  beslutDatum: null,
  avskrivningsorsak: null,
  avskrivningsmotivering: null,
  avskrivenDatum: null,
  overklagadDatum: null,
  overklagadIRattTid: null,
  avvisadDatum: null,
  avvisningsmotivering: null,
  overlamnadDatum: null,
  domstol: null,
  malnummer: null,
  domDatum: null,
  domUtfall: null,
  fordrojdDagar: null,
  fordrojdDatum: null,
  skapad: '2026-08-20T09:12:00.000Z',
  andrad: '2026-08-21T10:00:00.000Z',
}

export const Arende = Type.Object(
  { ...falt, etag: Etag, _links: Lankar },
  {
    $id: 'Arende',
    additionalProperties: false,
    example: { ...exempel, etag: '"2"', _links: { self: { href: lank, rel: 'self', method: 'GET' } } },
  },
)

export const NyttArende = Type.Object(
  {
    ...ansokan,
    personId: Type.Optional(orNull(Id)),
    medsokandeId: Type.Optional(orNull(Id)),
    handlaggare: Type.Optional(orNull(Sub)),
  },
  {
    $id: 'NyttArende',
    additionalProperties: false,
    example: {
      insats: 'fortur',
      hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
      ansokanDatum: '2026-08-20',
      kanal: 'eTjanst',
    },
  },
)
export type NyttArende = Static<typeof NyttArende>

export const Tilldelning = Type.Object(
  { handlaggare: Sub, skal: Type.Optional(orNull(Skal)) },
  { $id: 'Tilldelning', additionalProperties: false, example: { handlaggare: 'maja.handlaggare' } },
)
export type Tilldelning = Static<typeof Tilldelning>

export const Kompletteringsbegaran = Type.Object(
  { begart: Skal, senast: Datum },
  {
    $id: 'Kompletteringsbegaran',
    additionalProperties: false,
    example: { begart: 'Intyg från läkare för den medicinska grunden.', senast: '2026-09-20' },
  },
)
export type Kompletteringsbegaran = Static<typeof Kompletteringsbegaran>

export const Komplettering = Type.Object(
  { inkommen: Datum },
  { $id: 'Komplettering', additionalProperties: false, example: { inkommen: '2026-09-12' } },
)
export type Komplettering = Static<typeof Komplettering>

export const Kommunicering = Type.Object(
  { yttrandeSenast: Datum },
  { $id: 'Kommunicering', additionalProperties: false, example: { yttrandeSenast: '2026-10-05' } },
)
export type Kommunicering = Static<typeof Kommunicering>

export const Yttrande = Type.Object(
  { yttrande: Motivering, inkommet: Type.Optional(Datum) },
  {
    $id: 'Yttrande',
    additionalProperties: false,
    example: { yttrande: 'Sökanden håller inte med om att egen kötid räcker.', inkommet: '2026-10-02' },
  },
)
export type Yttrande = Static<typeof Yttrande>

export const Avskrivning = Type.Object(
  { orsak: oneOf(avskrivningsorsaker), motivering: Skal },
  {
    $id: 'Avskrivning',
    additionalProperties: false,
    example: { orsak: 'aterkallad', motivering: 'Sökanden har fått ett eget kontrakt och drar tillbaka ansökan.' },
  },
)
export type Avskrivning = Static<typeof Avskrivning>

/** What the approved guarantee is to be; the rest of its agreement may be unknown until a home is found. */
export const BeviljadGaranti = Type.Object(
  {
    garantityp: oneOf(['bistand', 'kommunal']),
    garanteradeManader: Type.Integer({ minimum: 1, maximum: 12, example: 6 }),
    hyresvardId: Type.Optional(orNull(Id)),
    manadshyraOre: Type.Optional(orNull(Type.Integer({ minimum: 100, maximum: 10_000_000, example: 845000 }))),
  },
  { $id: 'BeviljadGaranti', additionalProperties: false, example: { garantityp: 'bistand', garanteradeManader: 6 } },
)
export type BeviljadGaranti = Static<typeof BeviljadGaranti>

const Rum = Type.Integer({ minimum: 1, maximum: 20, example: 2 })
const Koder = Type.Array(Type.String({ pattern: '^[a-zA-Z0-9]{1,50}$', example: 'norraFaladen' }), {
  maxItems: 50,
  uniqueItems: true,
})
/** What the approved förtur is to give. */
export const BeviljadFortur = Type.Object(
  {
    minRum: Type.Optional(orNull(Rum)),
    maxRum: Type.Optional(orNull(Rum)),
    maxHyraOre: Type.Optional(orNull(Type.Integer({ minimum: 100, maximum: 10_000_000, example: 1100000 }))),
    tillganglighet: Type.Optional(Koder),
    onskadeOmraden: Type.Optional(Koder),
    uteslutnaOmraden: Type.Optional(Koder),
    maxErbjudanden: Type.Optional(orNull(Type.Integer({ minimum: 1, maximum: 10, example: 1 }))),
  },
  { $id: 'BeviljadFortur', additionalProperties: false, example: { minRum: 2, maxRum: 3, maxHyraOre: 1100000 } },
)
export type BeviljadFortur = Static<typeof BeviljadFortur>

/** What the approved stödlägenhet is to be, for its place in the queue. */
export const BeviljadStodlagenhet = Type.Object(
  {
    beslutstyp: Type.Optional(
      oneOf(['ordinarie', 'tidsbegransatBarnfamilj'], {
        description: 'Tidsbegränsat för barnfamiljer i akut boende (nämndens beslut i oktober 2019).',
      }),
    ),
    minRum: Type.Optional(orNull(Rum)),
    maxRum: Type.Optional(orNull(Rum)),
    maxHyraOre: Type.Optional(orNull(Type.Integer({ minimum: 100, maximum: 10_000_000, example: 1100000 }))),
    tillganglighet: Type.Optional(Koder),
    onskadeOmraden: Type.Optional(Koder),
    uteslutnaOmraden: Type.Optional(Koder),
  },
  { $id: 'BeviljadStodlagenhet', additionalProperties: false, example: { beslutstyp: 'ordinarie', minRum: 2 } },
)

/** What the person wishes for in Bostad Först; it may also be written down later, before a home is sought. */
export const BeviljadBostadForst = Type.Object(
  {
    onskadeOmraden: Type.Optional(Koder),
    uteslutnaOmraden: Type.Optional(Koder),
    onskadeRum: Type.Optional(orNull(Rum)),
    husdjur: Type.Optional(orNull(Type.Boolean({ example: true }))),
    onskemal: Type.Optional(orNull(text(2000, 'Markplan, gärna nära vänner.'))),
  },
  { $id: 'BeviljadBostadForst', additionalProperties: false, example: { onskadeRum: 1, husdjur: true } },
)

const beslut = {
  utfall: oneOf(['bifall', 'delvisBifall', 'avslag']),
  giltigFran: Type.Optional(orNull(Datum)),
  giltigTill: Type.Optional(orNull({ ...Datum, description: 'Sista dagen.' } as typeof Datum)),
  lagrum: Type.Optional(orNull(text(100, '11 kap. 1 § SoL (2025:400)'))),
  delegationspunkt: Type.Optional(
    orNull({ ...text(50, '4.1'), description: 'Behövs när flera delegationer täcker beslutet.' }),
  ),
  motivering: Motivering,
  barnchecklistaUndantag: Type.Optional(
    orNull({
      ...text(2000, 'Akut läge: familjen står utan tak i natt.'),
      description: 'Varför beslutet fattas utan färdig barnchecklista. Räknas i uppföljningen.',
    }),
  ),
  fortur: Type.Optional(ref(BeviljadFortur)),
  hyresgaranti: Type.Optional(ref(BeviljadGaranti)),
  stodlagenhet: Type.Optional(ref(BeviljadStodlagenhet)),
  bostadForst: Type.Optional(ref(BeviljadBostadForst)),
}
export const NyttBeslut = Type.Object(beslut, {
  $id: 'NyttBeslut',
  additionalProperties: false,
  example: {
    utfall: 'bifall',
    delegationspunkt: '4.1',
    motivering: 'Barnfamiljen har varit bostadslös i ett år och kan inte själv ordna en bostad.',
    fortur: { minRum: 2, maxRum: 3, maxHyraOre: 1100000 },
  },
})
export type NyttBeslut = Static<typeof NyttBeslut>

/** A decision that corrects or changes the one that stands: it names it. */
export const Omprovning = Type.Object(
  { ...beslut, ersatterId: { ...Id, description: 'Beslutet som gäller nu.' } as typeof Id },
  {
    $id: 'Omprovning',
    additionalProperties: false,
    example: {
      ersatterId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b1b',
      utfall: 'bifall',
      giltigFran: '2026-10-01',
      giltigTill: '2027-12-31',
      motivering: 'Behovet kvarstår: beslutet förlängs.',
    },
  },
)
export type Omprovning = Static<typeof Omprovning>

export const Overklagande = Type.Object(
  { inkommet: Datum },
  { $id: 'Overklagande', additionalProperties: false, example: { inkommet: '2026-10-20' } },
)
export type Overklagande = Static<typeof Overklagande>

export const OverklagandeAvvisning = Type.Object(
  { motivering: Skal },
  {
    $id: 'OverklagandeAvvisning',
    additionalProperties: false,
    example: { motivering: 'Överklagandet kom in två veckor för sent.' },
  },
)
export type OverklagandeAvvisning = Static<typeof OverklagandeAvvisning>

export const Overlamnande = Type.Object(
  { datum: Type.Optional(Datum), domstol: text(200, 'Förvaltningsrätten i Malmö') },
  { $id: 'Overlamnande', additionalProperties: false, example: { domstol: 'Förvaltningsrätten i Malmö' } },
)
export type Overlamnande = Static<typeof Overlamnande>

export const Dom = Type.Object(
  { datum: Datum, utfall: oneOf(domUtfall), malnummer: text(50, '12345-26') },
  {
    $id: 'Dom',
    additionalProperties: false,
    example: { datum: '2027-02-01', utfall: 'avslag', malnummer: '12345-26' },
  },
)
export type Dom = Static<typeof Dom>

export const Javsanmalan = Type.Object(
  { sub: Sub, skal: Skal },
  {
    $id: 'Javsanmalan',
    additionalProperties: false,
    example: { sub: 'karin.beslut', skal: 'Nära släkting till sökanden (FL 16 § 1).' },
  },
)
export type Javsanmalan = Static<typeof Javsanmalan>
export const JavRad = Type.Object({
  id: Id,
  arendeId: Id,
  hushallId: Id,
  skyddad: Type.Boolean(),
  sub: Sub,
  skal: Skal,
  anmaltAv: Sub,
  skapad: Tidpunkt,
})
export type JavRad = Static<typeof JavRad>
export const Jav = Type.Object(
  { sub: Sub, skal: Skal, anmaltAv: Sub, skapad: Tidpunkt },
  {
    $id: 'Jav',
    additionalProperties: false,
    example: {
      sub: 'karin.beslut',
      skal: 'Nära släkting till sökanden (FL 16 § 1).',
      anmaltAv: 'karin.beslut',
      skapad: '2026-08-21T10:00:00.000Z',
    },
  },
)

/** What the case needs, said once: what is missing, in Swedish, and what would mend it. */
export const Fullstandighet = Type.Object(
  {
    arendeId: Id,
    kanBeviljas: Type.Boolean({ example: false }),
    kanAvslas: Type.Boolean({ example: false }),
    saknas: Type.Array(
      Type.Object(
        {
          kod: Type.String({ example: 'barnchecklistaSaknas' }),
          text: Type.String({ example: 'Hushållet har barn: en färdig barnchecklista behövs.' }),
          hindrar: Type.Array(oneOf(['bifall', 'delvisBifall', 'avslag'])),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Fullstandighet',
    additionalProperties: false,
    example: {
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      kanBeviljas: false,
      kanAvslas: false,
      saknas: [
        {
          kod: 'barnchecklistaSaknas',
          text: 'Hushållet har barn: en färdig barnchecklista behövs.',
          hindrar: ['bifall', 'delvisBifall', 'avslag'],
        },
      ],
    },
  },
)
export type Fullstandighet = Static<typeof Fullstandighet>

/** The plan's prioritised groups (areas 6 and 13). */
export const grupper = ['barnfamilj', 'alderspensionar', 'psykiskOhalsa', 'hemlosMerAn6Manader'] as const
export const undantag = ['hotEllerVald', 'annat'] as const
const intygstyper = ['lakare', 'psykolog', 'hyresvard', 'socialsekreterare', 'polis', 'annat'] as const

const SattGrupp = Type.Object(
  { grupp: oneOf(grupper), skal: text(2000, 'Kontakt med psykiatrin sedan två år.') },
  { additionalProperties: false },
)
const Intyg = Type.Object(
  {
    grund: oneOf(forturgrunder),
    utfardare: oneOf(intygstyper),
    datum: Datum,
    dokumentRef: text(100, 'DOK-2026-1234'),
  },
  { additionalProperties: false },
)
const utredning = {
  stodbehov: orNull(text(8000, 'Behöver stöd med ekonomi och kontakter en gång i veckan.')),
  fortsattPlanering: orNull(text(8000, 'Boendestöd i sex månader, sedan eget kontrakt.')),
  brukarsynpunkt: orNull(text(8000, 'Vill bo nära barnens skola.')),
  brukarenInstammer: orNull(Type.Boolean({ description: 'Om personen håller med om planen.', example: true })),
  brukarsynpunktSaknas: orNull(text(2000, 'Har inte gått att nå trots tre försök.')),
  inkomstOre: orNull({ ...Ore, description: 'Per månad, efter skatt.' } as typeof Ore),
  utgifterOre: orNull({ ...Ore, description: 'Per månad, utom hyra.' } as typeof Ore),
  skulderOre: orNull(Ore),
  budget: orNull(text(4000, 'Klarar en hyra på 9 000 kr.')),
  folkbokfordSedan: orNull({ ...Datum, description: 'I kommunen.' } as typeof Datum),
  undantagFolkbokforing: orNull(oneOf(undantag)),
  koRegistrerad: orNull(Type.Boolean({ description: 'I hyresvärdens kö.', example: true })),
  koPoang: orNull(Type.Integer({ minimum: 0, maximum: 100_000, example: 812 })),
  koFornyad: orNull(Datum),
  egenKotidProvad: orNull(Type.Boolean({ description: 'Egen kötid används alltid först.', example: true })),
  bostadsskuldOre: orNull(Ore),
  overenskommelse: orNull(text(2000, 'Avtal om att flytta från familjens bostad.')),
}
const listor = {
  sattaGrupper: Type.Array(SattGrupp, { maxItems: 10 }),
  grunder: Type.Array(oneOf(forturgrunder), { maxItems: 6, uniqueItems: true }),
  intyg: Type.Array(Intyg, { maxItems: 50 }),
}

/** An investigation as it is kept: one a case, a draft until the decision. */
export const UtredningRad = Type.Object({
  id: Id,
  arendeId: Id,
  hushallId: Id,
  skyddad: Type.Boolean(),
  ...utredning,
  ...listor,
  skapad: Tidpunkt,
  andrad: Tidpunkt,
  version: Version,
})
export type UtredningRad = Static<typeof UtredningRad>

const utkast = {
  stodbehov: 'Behöver stöd med ekonomi och kontakter en gång i veckan.',
  fortsattPlanering: 'Boendestöd i sex månader, sedan eget kontrakt.',
  brukarsynpunkt: 'Vill bo nära barnens skola.',
  brukarenInstammer: true,
  inkomstOre: 1850000,
  utgifterOre: 720000,
  budget: 'Klarar en hyra på 9 000 kr.',
  grunder: ['barnFarIlla'],
  intyg: [{ grund: 'barnFarIlla', utfardare: 'socialsekreterare', datum: '2026-08-25', dokumentRef: 'DOK-2026-1234' }],
  folkbokfordSedan: '2019-04-01',
  koRegistrerad: true,
  koPoang: 812,
  koFornyad: '2026-05-01',
  egenKotidProvad: true,
}
export const NyUtredning = Type.Object(
  { ...Type.Partial(Type.Object(utredning)).properties, ...Type.Partial(Type.Object(listor)).properties },
  { $id: 'NyUtredning', additionalProperties: false, example: utkast },
)
export type NyUtredning = Static<typeof NyUtredning>

export const Utredning = Type.Object(
  {
    arendeId: Id,
    ...utredning,
    ...listor,
    prioriteradeGrupper: Type.Array(
      Type.Object(
        { grupp: oneOf(grupper), kalla: oneOf(['registret', 'satt']), skal: Type.String() },
        { additionalProperties: false },
      ),
      { description: 'Handlingsplanens grupper: ur registret där det går, annars satta med skäl.' },
    ),
    andrad: Tidpunkt,
    etag: Etag,
    _links: Lankar,
  },
  {
    $id: 'Utredning',
    additionalProperties: false,
    example: {
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      ...utkast,
      brukarsynpunktSaknas: null,
      skulderOre: null,
      undantagFolkbokforing: null,
      bostadsskuldOre: null,
      overenskommelse: null,
      sattaGrupper: [],
      prioriteradeGrupper: [{ grupp: 'barnfamilj', kalla: 'registret', skal: 'Hushållet har barn.' }],
      andrad: '2026-09-01T09:12:00.000Z',
      etag: '"3"',
      _links: { self: { href: `${lank}/utredning`, rel: 'self', method: 'GET' } },
    },
  },
)
export type Grupp = { grupp: (typeof grupper)[number]; kalla: 'registret' | 'satt'; skal: string }

/** The kinds of help whose investigation needs each part (plan area 8: need of support and continued planning). */
export const kraver: Record<Insats, readonly ('stod' | 'ekonomi' | 'fortur')[]> = {
  fortur: ['fortur'],
  hyresgaranti: ['ekonomi'],
  stodlagenhet: ['stod', 'ekonomi'],
  bostadForst: ['stod'],
  tillfalligtBoende: [],
}
