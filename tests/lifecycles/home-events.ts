import { sheetOf } from '../lagenheter/sheets.ts'
import { nextPersonnummer } from '../people.ts'
import type { Stage } from './bodies.ts'
import { is, type Move, pick, post } from './moves.ts'

let next = 0
const homeless = (stage: Stage, kategori: string): string => {
  const free = stage.rowsOf('lagenhet').filter(row => row.tillstand === 'ledig' && row.kategori === kategori)
  return free.length > 0 && stage.r.maybe(0.8) ? (stage.r.one(free).objektnummer as string) : ''
}
const who = () => ({ personnummer: nextPersonnummer(), fornamn: 'Lo', efternamn: 'Lind' })

/** What else happens to homes and those who have them: what the commands need, and what comes in between. */
export const homeEvents = {
  addHomes: stage => {
    const { r, day } = stage
    const lagenheter = Array.from({ length: r.int(1, 4) }, () => ({
      objektnummer: `SLUMP-${++next}`,
      agare: r.one(['lkf', 'lundafastigheter']),
      kategori: r.one(['stodlagenhet', 'bostadForst']),
      omrade: r.one(['linero', 'linero', 'nobbelov']),
      rum: r.int(1, 4),
      hyraOre: r.int(700_000, 1_100_000),
      blockhyrd: r.maybe(0.3),
      iPoolenFran: day(-60, r.one([-10, 10])),
      ...(r.maybe(0.1) && { iPoolenTill: day(30, 600) }),
      klar: r.maybe(0.8),
    }))
    return post(stage, ['serviceforvaltningen'], '/serviceforvaltningen/lagenheter', { lagenheter })
  },
  commandHomes: stage => {
    const homes = [pick(stage, 'lagenhet', is('tomstalld')), pick(stage, 'lagenhet', is('renovering', 'planerad'))]
    const atgarder = homes.flatMap((home, n) =>
      home
        ? [
            {
              objektnummer: home.objektnummer,
              ...(n === 0 ? { atgard: 'besiktiga', behoverRenoveras: stage.r.maybe(0.4) } : { atgard: 'klar' }),
            },
          ]
        : [],
    )
    return atgarder.length > 0
      ? post(stage, ['serviceforvaltningen'], '/serviceforvaltningen/lagenheter/atgarder', { atgarder })
      : undefined
  },
  importLeases: stage => {
    const { r, day } = stage
    const rows = Array.from({ length: r.int(1, 3) }, () => {
      const home = homeless(stage, 'stodlagenhet')
      const [told, tilltrade] = [day(-300, -200), day(-200, -1)]
      const lease = home ? [home, 'andrahand', told, told, '8000', tilltrade] : ['', '', '', '', '', '']
      const [objektnummer, avtalsform, avtal_datum, informerad_om_villkor_datum, hyra, tilltrade_] = lease as string[]
      return {
        stodlagenhetsnummer: `SLUMP-${++next}`,
        ...who(),
        antal_personer: `${r.int(1, 4)}`,
        beslutstyp: 'ordinarie',
        beslut_fran: day(-90, -1),
        beslut_till: r.maybe(0.5) ? day(0, 300) : '',
        objektnummer,
        avtalsform,
        avtal_datum,
        informerad_om_villkor_datum,
        hyra,
        tilltrade: tilltrade_,
        avstaende_till: home && r.maybe(0.3) ? day(10, 900) : '',
      } as Record<string, string>
    })
    return {
      who: r.one(['maja', 'maja', 'sara', 'bo']),
      method: 'POST',
      url: '/stodlagenheter/importer?delvis=true',
      body: sheetOf(rows),
    }
  },
  importBostadForst: stage => {
    const { r, day } = stage
    const home = homeless(stage, 'bostadForst')
    const own = r.maybe(0.3)
    const row = {
      boendenummer: `SLUMP-${++next}`,
      ...who(),
      antagen_datum: day(-400, -300),
      objektnummer: home,
      kontraktsform: home && (own ? 'forstahand' : 'andrahand'),
      skal_andrahand: home && !own ? 'vardenKraver' : '',
      overgang_tidigast: home && !own ? day(-10, 10) : '',
      inflyttad: home && day(-200, -30),
      forstahand_datum: home && own ? day(-29, 0) : '',
      stodniva: r.one(['', 'hog']),
    }
    return { who: r.one(['maja', 'sara']), method: 'POST', url: '/bostad-forst/importer', body: sheetOf([row]) }
  },
  changeHome: stage => {
    const home = pick(stage, 'lagenhet')
    const url = `/serviceforvaltningen/lagenheter/${home?.id}`
    const facts = stage.r.one([{ hyraOre: 950_000 }, { kategori: 'bostadForst' }, { iPoolenTill: stage.day(-20, 300) }])
    return home && { ...post(stage, ['serviceforvaltningen'], url, facts, home), method: 'PATCH' }
  },
  waive: stage => {
    const row = pick(stage, 'stodlagenhet', is('tilldelad', 'avtalTecknat', 'boende'))
    const body = { skal: 'Biståndet.', giltigtTill: stage.day(100, stage.r.one([900, 1600])) }
    return row && post(stage, ['handlaggare'], `/stodlagenheter/${row.id}/avstaenden`, body)
  },
  followUp: stage => {
    const row = pick(stage, 'stodlagenhet', is('boende', 'uppsagd'))
    const body = { datum: stage.day(-3, 0), omraden: ['ekonomi'], bedomning: 'enligtPlanen' }
    return row && post(stage, ['handlaggare', 'boendeenhet'], `/stodlagenheter/${row.id}/uppfoljningar`, body)
  },
  reportArrears: stage => {
    const row = pick(stage, 'stodlagenhet', is('boende', 'uppsagd'))
    const body = { slag: 'hyresskuld', datum: stage.day(-3, 0), hyresskuldOre: stage.r.int(0, 2_000_000) }
    return (
      row && post(stage, ['serviceforvaltningen'], `/serviceforvaltningen/stodlagenheter/${row.id}/handelser`, body)
    )
  },
} satisfies Record<string, Move>

/** How often each thing happens in the run about homes. */
export const homeWeights = {
  lagenhet: 7,
  stodlagenhet: 30,
  avstaende: 2,
  bf_boende: 26,
  bf_stod: 6,
  arende: 12,
  barnchecklista: 2,
  registerHousehold: 1,
  addChild: 0.3,
  protect: 0.5,
  apply: 1.5,
  investigate: 2.5,
  beginChecklist: 1.5,
  fillInChecklist: 2,
  withdrawDisclosure: 0.2,
  addHomes: 3.5,
  commandHomes: 1,
  importLeases: 2,
  importBostadForst: 3.5,
  changeHome: 1,
  waive: 1,
  followUp: 1,
  reportArrears: 1,
} as const
