import type { Config } from '../config.ts'
import { utanBostad } from '../forturer/definitions.ts'
import type { Roll } from '../shared/caller.ts'

type Kind = {
  slag: string
  rubrik: string
  /** Whom it waits for. */
  roll: Roll
  /** What it is about; it says which columns the rows have. */
  om: 'arende' | 'beslut' | 'fortur'
  /** When it should be done, as SQL. */
  forfaller: string
  /** Which rows wait, as SQL: `$1` is who asks, `$2` today. */
  when: string
}

const mine = 'a.handlaggare = $1'
const open = "a.tillstand IN ('inkommen', 'utredning', 'komplettering', 'kommunicerad')"
/** A förtur that was imported has no caseworker: it waits for all of them. */
const mineToo = '(a.handlaggare = $1 OR f.arende_id IS NULL)'

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
]

const tables: Record<Kind['om'], { from: string; columns: string }> = {
  arende: { from: 'arende a', columns: 'a.arendenummer, a.hushall_id, a.id, NULL::uuid, NULL::uuid' },
  beslut: {
    from: 'beslut b JOIN arende a ON a.id = b.arende_id',
    columns: 'a.arendenummer, b.hushall_id, a.id, b.id, NULL::uuid',
  },
  fortur: {
    from: 'fortur f LEFT JOIN arende a ON a.id = f.arende_id',
    columns: 'f.forturnummer, f.hushall_id, f.arende_id, NULL::uuid, f.id',
  },
}

/** The rows of some kinds as one statement. */
export const rowsOf = (chosen: Kind[]): string =>
  chosen
    .map(
      ({ slag, om, forfaller, when }) =>
        `SELECT '${slag}'::text, (${forfaller})::date, ${tables[om].columns} FROM ${tables[om].from} WHERE ${when.replaceAll('$2', '$2::date')}`,
    )
    .join('\nUNION ALL ')
