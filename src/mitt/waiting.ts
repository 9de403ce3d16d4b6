import type { Config } from '../config.ts'
import { utanBostad } from '../forturer/definitions.ts'
import { vakanta } from '../lagenheter/schema.ts'
import type { Roll } from '../shared/caller.ts'
import { avstaendeTill, besittningsskyddFran, bistandPagar, hyresavtalGaller } from '../stodlagenheter/definitions.ts'

type Kind = {
  slag: string
  rubrik: string
  /** Whom it waits for. */
  roll: Roll
  /** What it is about; it says which columns the rows have. */
  om: 'arende' | 'beslut' | 'fortur' | 'lagenhet' | 'stodlagenhet' | 'bostadForst' | 'ar'
  /** When it should be done, as SQL. */
  forfaller: string
  /** Which rows wait, as SQL: `$1` is who asks, `$2` today. */
  when: string
}

const mine = 'a.handlaggare = $1'
const open = "a.tillstand IN ('inkommen', 'utredning', 'komplettering', 'kommunicerad')"
/** A förtur that was imported has no caseworker: it waits for all of them. */
const mineToo = '(a.handlaggare = $1 OR f.arende_id IS NULL)'

/** So does a stödlägenhet. */
const mineOrImported = '(a.handlaggare = $1 OR s.arende_id IS NULL)'

/** When a takeover should be tried: a first and a second time after the access, unless it has been since (domain §3.4). */
const overtagandeAttProva = ({ OVERTAGANDE_FORSTA_MANADER, OVERTAGANDE_ANDRA_MANADER }: Config) => {
  const [first, second] = [OVERTAGANDE_FORSTA_MANADER, OVERTAGANDE_ANDRA_MANADER].map(
    months => `(s.tilltrade + interval '${months} months')::date`,
  )
  return `CASE WHEN s.overtagande_provat IS NULL THEN ${first} WHEN s.overtagande_provat < ${second} THEN ${second} END`
}

/** When the lease of an allotted home should be signed: so long after the yes, or after the home is held from. */
const avtalVantas = ({ TILLDELAD_DAGAR }: Config) => `greatest(
  (SELECT max(b.svar_datum) FROM bostadsforslag b WHERE b.stodlagenhet_id = s.id AND b.svar = 'accepterat'),
  (SELECT max(u.fran) FROM upplatelse u WHERE u.stodlagenhet_id = s.id AND u.upphavd IS NULL)) + ${TILLDELAD_DAGAR}`

/** The last day of what is left to close. */
const klarSedan = `CASE s.tillstand WHEN 'avflyttad' THEN s.utflyttad WHEN 'overlaten' THEN s.forstahand_datum
  WHEN 'iKo' THEN s.bistand_upphort END`

/** Since when nobody has had a home. */
const tomSedan = 'coalesce(l.tom_sedan, l.i_poolen_fran)'

/** Everything that can wait for someone, each with its rule: what is on the list, and why, is read here. */
export const kinds = (config: Config): Kind[] => [
  {
    slag: 'ansokanUtanHandlaggare',
    rubrik: 'Ny ansökan utan handläggare',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'a.ansokan_datum',
    when: "a.tillstand = 'inkommen' AND a.handlaggare IS NULL",
  },
  {
    slag: 'ansokanInteOppnad',
    rubrik: 'Ansökan som du har fått och inte påbörjat',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'a.ansokan_datum',
    when: `a.tillstand = 'inkommen' AND ${mine}`,
  },
  {
    slag: 'kompletteringVantas',
    rubrik: 'Komplettering väntas',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'a.komplettering_senast',
    when: `a.tillstand = 'komplettering' AND ${mine}`,
  },
  {
    slag: 'yttrandeVantas',
    rubrik: 'Yttrande väntas',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'a.yttrande_senast',
    when: `a.tillstand = 'kommunicerad' AND a.yttrande_datum IS NULL AND a.yttrande_senast >= $2 AND ${mine}`,
  },
  {
    slag: 'redoForBeslut',
    rubrik: 'Beslut väntas: föredraget, eller parten är hörd',
    roll: 'beslutsfattare',
    om: 'arende',
    forfaller: 'coalesce(a.foredragen_datum, least(a.yttrande_senast, a.yttrande_datum))',
    when: `a.tillstand IN ('utredning', 'kommunicerad') AND (a.foredragen_datum IS NOT NULL
      OR (a.tillstand = 'kommunicerad' AND (a.yttrande_datum IS NOT NULL OR a.yttrande_senast < $2)))`,
  },
  {
    slag: 'langHandlaggning',
    rubrik: 'Ansökan som har väntat länge',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: `a.ansokan_datum + ${Math.min(...config.ARENDE_FORDROJT_DAGAR)}`,
    when: `${open} AND a.ansokan_datum + ${Math.min(...config.ARENDE_FORDROJT_DAGAR)} <= $2 AND ${mine}`,
  },
  {
    slag: 'barnchecklistaSaknas',
    rubrik: 'Barn i hushållet: barnchecklistan är inte klar',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'NULL::date',
    when: `${open} AND ${mine} AND EXISTS (SELECT FROM person p WHERE p.hushall_id = a.hushall_id AND p.roll = 'barn')
      AND NOT EXISTS (SELECT FROM barnchecklista c WHERE c.hushall_id = a.hushall_id AND c.tillstand = 'klar'
        AND (c.arende_id = a.id OR c.arende_id IS NULL)
        AND NOT EXISTS (SELECT FROM person p WHERE p.hushall_id = a.hushall_id AND p.roll = 'barn'
          AND NOT c.barn @> jsonb_build_array(jsonb_build_object('personId', p.id)))
        AND c.klar_datum >= $2 - interval '${config.BARNCHECKLISTA_MANADER} months')`,
  },
  {
    slag: 'avslagInteDelgivet',
    rubrik: 'Beslut som gick parten emot är inte delgivet',
    roll: 'handlaggare',
    om: 'beslut',
    forfaller: `b.datum + ${config.DELGIVNING_DAGAR}`,
    when: `b.utfall <> 'bifall' AND b.delgiven_datum IS NULL AND b.id = a.beslut_id
      AND b.datum <= $2 - ${config.DELGIVNING_DAGAR} AND ${mine}`,
  },
  {
    slag: 'overklagandeVantar',
    rubrik: 'Överklagande i rätt tid att lämna över',
    roll: 'handlaggare',
    om: 'arende',
    forfaller: 'a.overklagad_datum',
    when: `a.tillstand = 'overklagad' AND a.overlamnad_datum IS NULL AND a.overklagad_i_ratt_tid AND ${mine}`,
  },
  {
    slag: 'sentOverklagande',
    rubrik: 'Överklagande som kom för sent att avvisa',
    roll: 'beslutsfattare',
    om: 'arende',
    forfaller: 'a.overklagad_datum',
    when: "a.tillstand = 'overklagad' AND NOT a.overklagad_i_ratt_tid",
  },
  {
    slag: 'domAttVerkstalla',
    rubrik: 'Dom till partens fördel att verkställa',
    roll: 'beslutsfattare',
    om: 'arende',
    forfaller: 'a.dom_datum',
    when: "a.tillstand = 'dom' AND a.dom_utfall IN ('bifall', 'delvisBifall', 'aterforvisning')",
  },
  {
    slag: 'forturAttLamnaOver',
    rubrik: 'Beviljad förtur som inte är överlämnad',
    roll: 'handlaggare',
    om: 'fortur',
    forfaller: 'f.beslut_datum',
    when: `f.tillstand = 'beviljad' AND ${mineToo}`,
  },
  {
    slag: 'erbjudandeVantarPaSvar',
    rubrik: 'Erbjudande som väntar på svar',
    roll: 'handlaggare',
    om: 'fortur',
    forfaller: '(SELECT e.svara_senast FROM erbjudande e WHERE e.id = f.erbjudande_id)',
    when: `f.tillstand = 'erbjuden' AND ${mineToo}`,
  },
  {
    slag: 'kontraktVantas',
    rubrik: 'Accepterad bostad utan kontrakt',
    roll: 'handlaggare',
    om: 'fortur',
    forfaller: '(SELECT e.tilltrade FROM erbjudande e WHERE e.id = f.erbjudande_id)',
    when: `f.tillstand = 'accepterad' AND ${mineToo}`,
  },
  {
    slag: 'forturGarUt',
    rubrik: 'Förtur som snart går ut utan bostad',
    roll: 'handlaggare',
    om: 'fortur',
    forfaller: 'f.giltig_till',
    when: `f.tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden')
      AND f.giltig_till <= $2 + ${Math.max(...config.FORTUR_VARNING_DAGAR)} AND ${mineToo}`,
  },
  {
    slag: 'koplatsAttFornya',
    rubrik: 'Plats i hyresvärdens kö att förnya',
    roll: 'handlaggare',
    om: 'fortur',
    forfaller: `f.ko_fornyad + ${config.KO_FORNYELSE_DAGAR}`,
    when: `${utanBostad} AND f.ko_registrerad
      AND f.ko_fornyad + ${config.KO_FORNYELSE_DAGAR - config.KO_PAMINNELSE_DAGAR} <= $2 AND ${mineToo}`,
  },
  {
    slag: 'bostadsforslagVantarPaSvar',
    rubrik: 'Föreslagen stödlägenhet som väntar på svar',
    roll: 'boendeenhet',
    om: 'stodlagenhet',
    forfaller: '(SELECT b.datum FROM bostadsforslag b WHERE b.stodlagenhet_id = s.id AND b.svar IS NULL)',
    when: "s.tillstand = 'foreslagen'",
  },
  {
    slag: 'tilldeladUtanAvtal',
    rubrik: 'Tilldelad stödlägenhet utan avtal',
    roll: 'boendeenhet',
    om: 'stodlagenhet',
    forfaller: avtalVantas(config),
    when: `s.tillstand = 'tilldelad' AND ${avtalVantas(config)} <= $2`,
  },
  {
    slag: 'inflyttningAttSkrivaIn',
    rubrik: 'Inflyttning i en stödlägenhet att skriva in',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: 's.tilltrade',
    when: `s.tillstand = 'avtalTecknat' AND s.tilltrade < $2 AND ${mineOrImported}`,
  },
  {
    slag: 'overtagandeVantarPaSvar',
    rubrik: 'Hyresvärdens svar om övertagande väntas',
    roll: 'boendeenhet',
    om: 'stodlagenhet',
    forfaller: 's.overtagande_provat',
    when: "s.tillstand = 'overtagande'",
  },
  {
    slag: 'stodlagenhetAttAvsluta',
    rubrik: 'Stödlägenhet som är lämnad, övertagen eller utan bistånd att avsluta',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: klarSedan,
    when: `${klarSedan} <= $2 AND ${mineOrImported}`,
  },
  {
    slag: 'besittningsskyddNarmarSig',
    rubrik: 'Hyresgästen i stödlägenheten får snart besittningsskydd',
    roll: 'boendeenhet',
    om: 'stodlagenhet',
    forfaller: besittningsskyddFran(config.BESITTNINGSSKYDD_MANADER),
    when: `${hyresavtalGaller} AND ${besittningsskyddFran(config.BESITTNINGSSKYDD_MANADER)} BETWEEN $2 AND $2 + interval '6 months'`,
  },
  {
    slag: 'avstaendeLoperUt',
    rubrik: 'Avstående från besittningsskydd som snart löper ut',
    roll: 'boendeenhet',
    om: 'stodlagenhet',
    forfaller: avstaendeTill,
    when: `${hyresavtalGaller} AND ${avstaendeTill} BETWEEN $2 AND $2 + 90`,
  },
  {
    slag: 'stodlagenhetsbeslutGarUt',
    rubrik: 'Beslut om stödlägenhet som snart går ut',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: 's.beslut_till',
    when: `${bistandPagar} AND s.beslut_till <= $2 + 90 AND ${mineOrImported}`,
  },
  {
    slag: 'uppfoljningAttGora',
    rubrik: 'Uppföljning av en stödlägenhet att göra',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: 's.nasta_uppfoljning',
    when: `s.nasta_uppfoljning <= $2 AND ${mineOrImported}`,
  },
  {
    slag: 'hyresskuldIStodlagenhet',
    rubrik: 'Hyresskuld på minst en månadshyra i en stödlägenhet',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: 'NULL::date',
    when: `${hyresavtalGaller} AND s.hyresskuld_ore >= s.hyra_ore AND ${mineOrImported}`,
  },
  {
    slag: 'overtagandeAttProva',
    rubrik: 'Övertagande av en stödlägenhet att pröva',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: overtagandeAttProva(config),
    when: `s.tillstand = 'boende' AND ${overtagandeAttProva(config)} <= $2 AND ${mineOrImported}`,
  },
  {
    slag: 'hemforsakringSaknas',
    rubrik: 'Hemförsäkring som har gått ut i en stödlägenhet',
    roll: 'handlaggare',
    om: 'stodlagenhet',
    forfaller: 's.hemforsakring_till',
    when: `${hyresavtalGaller} AND s.hemforsakring_till < $2 AND ${mineOrImported}`,
  },
  {
    slag: 'bostadStarTom',
    rubrik: 'Bostad som har stått tom länge',
    roll: 'boendeenhet',
    om: 'lagenhet',
    forfaller: `${tomSedan} + ${config.VAKANS_DAGAR}`,
    when: `l.tillstand IN (${vakanta.map(state => `'${state}'`).join(', ')}) AND ${tomSedan} + ${config.VAKANS_DAGAR} < $2`,
  },
  {
    slag: 'overgangAttProva',
    rubrik: 'Övergång till eget kontrakt att pröva',
    roll: 'bostadForstTeam',
    om: 'bostadForst',
    forfaller: 'bb.overgang_nasta',
    when: "bb.tillstand = 'inflyttad' AND bb.overgang_nasta <= $2",
  },
  {
    slag: 'overgangVantarPaSvar',
    rubrik: 'Hyresvärdens svar om eget kontrakt väntas',
    roll: 'bostadForstTeam',
    om: 'bostadForst',
    forfaller: 'bb.overgang_nasta',
    when: "bb.tillstand = 'overgangProvas'",
  },
  {
    slag: 'langVantanPaBostad',
    rubrik: 'Antagen till Bostad Först som har väntat länge på en bostad',
    roll: 'bostadForstTeam',
    om: 'bostadForst',
    forfaller: `bb.antagen_datum + ${config.BF_VANTAN_DAGAR}`,
    when: `bb.inflyttad IS NULL AND bb.tillstand <> 'avslutad' AND bb.antagen_datum + ${config.BF_VANTAN_DAGAR} < $2`,
  },
  {
    slag: 'trohetAttMata',
    rubrik: 'Årets mätning av programtroheten i Bostad Först',
    roll: 'bostadForstTeam',
    om: 'ar',
    forfaller: "y.dag + interval '1 year - 1 day'",
    when: 'NOT EXISTS (SELECT FROM trohetsmatning t WHERE t.ar = extract(year FROM y.dag))',
  },
]

/** The ids that a row may have, in their order. */
export const ids = ['arendeId', 'beslutId', 'forturId', 'lagenhetId', 'stodlagenhetId', 'bostadForstId'] as const

/** Where each of them is kept: its number, whose it is, and its ids. */
const tables: Record<
  Kind['om'],
  { from: string; nummer: string; hushall?: string; ids: Partial<Record<(typeof ids)[number], string>> }
> = {
  arende: { from: 'arende a', nummer: 'a.arendenummer', hushall: 'a.hushall_id', ids: { arendeId: 'a.id' } },
  beslut: {
    from: 'beslut b JOIN arende a ON a.id = b.arende_id',
    nummer: 'a.arendenummer',
    hushall: 'b.hushall_id',
    ids: { arendeId: 'a.id', beslutId: 'b.id' },
  },
  fortur: {
    from: 'fortur f LEFT JOIN arende a ON a.id = f.arende_id',
    nummer: 'f.forturnummer',
    hushall: 'f.hushall_id',
    ids: { arendeId: 'f.arende_id', forturId: 'f.id' },
  },
  lagenhet: { from: 'lagenhet l', nummer: 'l.objektnummer', ids: { lagenhetId: 'l.id' } },
  stodlagenhet: {
    from: 'stodlagenhet s LEFT JOIN arende a ON a.id = s.arende_id',
    nummer: 's.stodlagenhetsnummer',
    hushall: 's.hushall_id',
    ids: { arendeId: 's.arende_id', stodlagenhetId: 's.id' },
  },
  bostadForst: {
    from: 'bf_boende bb',
    nummer: 'bb.boendenummer',
    hushall: 'bb.hushall_id',
    ids: { arendeId: 'bb.arende_id', bostadForstId: 'bb.id' },
  },
  ar: {
    from: "(SELECT date_trunc('year', ($2::date)::timestamp)::date AS dag) y",
    nummer: 'extract(year FROM y.dag)::text',
    ids: {},
  },
}

/** The rows of some kinds as one statement. */
export const rowsOf = (chosen: Kind[]): string =>
  chosen
    .map(({ slag, om, forfaller, when }) => {
      const { from, nummer, hushall = 'NULL::uuid', ids: has } = tables[om]
      const columns = [nummer, hushall, ...ids.map(id => has[id] ?? 'NULL::uuid')].join(', ')
      return `SELECT '${slag}'::text, (${forfaller})::date, ${columns} FROM ${from} WHERE ${when}`.replaceAll(
        /\$2(?!::)/g,
        '$2::date',
      )
    })
    .join('\nUNION ALL ')
