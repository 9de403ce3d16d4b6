import type { Body } from './bodies.ts'

const noReasons = ['lage', 'storlek', 'hyra']

/** For each command about homes that has an address: a body that is mostly right. */
export const homeBodies: Record<string, Record<string, Body>> = {
  lagenhet: {
    klar: () => ({}),
    besiktiga: ({ r }) => ({ behoverRenoveras: r.maybe(0.4) }),
    aterlamna: ({ day }) => ({ iPoolenTill: day(-5, 0) }),
  },
  stodlagenhet: {
    foreslaMatch: ({ r, rowsOf, day }) => ({
      lagenhetId: freeHome(r, rowsOf('lagenhet'), 'stodlagenhet'),
      ...(r.maybe(0.2) && { fran: day(0, 20) }),
      ...(r.maybe(0.85) && { skalForAvsteg: 'Nära skolan.' }),
    }),
    svara: ({ r }) => (r.maybe(0.65) ? { svar: 'accepterat' } : { svar: 'avbojt', orsak: r.one(noReasons) }),
    aterkallaForslag: () => ({}),
    andraBehov: ({ r }) => ({
      antalPersoner: 2,
      minRum: r.one([null, 2]),
      maxRum: null,
      maxHyraOre: null,
      onskadeOmraden: [],
      uteslutnaOmraden: r.one([[], ['nobbelov']]),
      tillganglighet: [],
    }),
    havAvtal: () => ({}),
    tecknaAvtal: ({ r, day }) => ({
      avtalsform: r.one(['andrahand', 'andrahand', 'blockhyraAndrahand']),
      avtalDatum: day(-1, 0),
      informeradOmVillkorDatum: day(-4, -1),
      hyraOre: 900_000,
      tilltrade: day(0, 10),
    }),
    flyttaIn: ({ r, day }, { tilltrade }) => ({ datum: r.maybe(0.7) ? tilltrade : day(-2, 0) }),
    bistandetUpphor: ({ day }) => ({ datum: day(-5, 1) }),
    provaOvertagande: () => ({}),
    svaraPaOvertagande: ({ r, day }) =>
      r.maybe(0.4) ? { svar: 'godkant', forstahandDatum: day(-3, 40) } : { svar: 'ejGodkant', orsak: 'hyresskuld' },
    sagUpp: ({ r, day }) =>
      r.maybe(0.6)
        ? { grund: 'egenUppsagning', uppsagdTill: day(0, 90) }
        : { grund: 'hyresskuld', uppsagdTill: day(0, 90), socialnamndenMeddelad: day(-5, 0) },
    aterta: () => ({}),
    flyttaUt: ({ r, day }, { tilltrade }) => ({ datum: r.maybe(0.8) ? day(-5, 0) : tilltrade }),
    avsluta: ({ r }, { tillstand }) => ({
      utfall: tillstand === 'overlaten' ? 'egetKontrakt' : r.one(['annatBoende', 'hemlos', 'aterkallat']),
    }),
  },
  avstaende: {
    skickaIn: ({ day }) => ({ datum: day(-2, 0) }),
    besluta: ({ r, day }) => ({ utfall: r.one(['godkant', 'avslaget']), datum: day(-1, 0) }),
    kraverInte: () => ({}),
  },
  bf_boende: {
    onskemal: ({ r }) => ({ onskadeOmraden: r.one([[], ['linero']]), uteslutnaOmraden: r.one([[], ['nobbelov']]) }),
    erbjud: ({ r, rowsOf, day }) => ({
      lagenhetId: freeHome(r, rowsOf('lagenhet'), 'bostadForst'),
      ...(r.maybe(0.2) && { fran: day(0, 20) }),
    }),
    tackaNej: ({ r }) => ({ svar: 'nej', orsak: r.one(noReasons) }),
    flyttaIn: ({ r, day }) => {
      const inflyttad = day(-2, 0)
      return r.maybe(0.35)
        ? { kontraktsform: 'forstahand', hyraOre: 700_000, inflyttad }
        : {
            kontraktsform: 'andrahand',
            hyraOre: 700_000,
            inflyttad,
            skalAndrahand: 'vardenKraver',
            overgangTidigast: inflyttad,
          }
    },
    provaOvergang: () => ({}),
    svaraPaOvergang: ({ r, day }) =>
      r.maybe(0.5)
        ? { utfall: 'godkand', forstahandDatum: day(-6, 0) }
        : { utfall: 'avslag', orsak: 'kortTid', ...(r.maybe(0.5) && { nasta: day(1, 180) }) },
    bytBostad: ({ r }) => ({ orsak: r.one(['onskemal', 'otrygghet']) }),
    boKvar: () => ({}),
    borta: ({ day }) => ({ sedan: day(-3, 0), orsak: 'sjukhus' }),
    hemma: () => ({}),
    uppsagning: ({ day }) => ({ uppsagdTill: day(0, 90) }),
    aterta: () => ({}),
    avsluta: ({ r, day }, { inflyttad }) => ({
      utfall: inflyttad ? r.one(['egetBoende', 'hemlos', 'avliden']) : 'ejPaborjat',
      datum: day(-4, 0),
    }),
  },
  bf_stod: {
    starta: ({ r }) => ({ niva: r.one(['hog', 'medel', 'lag']) }),
    andraNiva: ({ r }) => ({ niva: r.one(['hog', 'medel', 'lag']) }),
    vila: () => ({}),
    ateruppta: () => ({}),
    avslutaStod: () => ({}),
    erbjudIgen: () => ({}),
  },
}

/** A home to offer: mostly one that is free and of the right kind, and sometimes one that somebody has. */
function freeHome(r: Parameters<Body>[0]['r'], homes: Record<string, unknown>[], kategori: string): unknown {
  const free = homes.filter(home => home.tillstand === 'ledig' && home.kategori === kategori)
  const from = free.length > 0 && r.maybe(0.88) ? free : homes
  return from.length > 0 ? r.one(from).id : crypto.randomUUID()
}
