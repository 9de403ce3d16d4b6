import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * From application to decision for every kind of help, the child checklist, and social förtur with its offers.
 *
 * Every table about people takes `skyddad` from the household itself, by one foreign key with ON UPDATE CASCADE; its
 * other foreign keys hold the household's id, which never changes.
 */
export class Arenden1764200000000 implements MigrationInterface {
  name = 'Arenden1764200000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(cases)
    await db.query(checklists)
    await db.query(forturer)
    await db.query(alterations)
    await db.query(historyFunction(root))
    await db.query(addressFunction('hyresgaranti', 'erbjudande'))
    await db.query(rights)
    await db.query(data)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER ingen_adress ON erbjudande;
      ALTER TABLE utlamnande DROP COLUMN fortur_id;
      ALTER TABLE hyresvard DROP COLUMN tar_emot_forturer;
      ALTER TABLE hyresgaranti DROP COLUMN arende_id, DROP CONSTRAINT hyresgaranti_ursprung;
      UPDATE hyresgaranti SET ursprung = 'registrerad' WHERE ursprung = 'arende';
      ALTER TABLE hyresgaranti ADD CONSTRAINT hyresgaranti_ursprung CHECK (ursprung IN ('registrerad', 'import'));
      ALTER TABLE arende DROP CONSTRAINT arende_beslut;
      DROP TABLE erbjudande, fortur, forturskriterier, beslut, barnchecklista, barnchecklistemall, delegation, jav, utredning, arende;
      DROP SEQUENCE arendenummer_seq;
    `)
    await db.query(historyFunction("coalesce(j->>'hyresgaranti_id', j->>'id', j->>'period')"))
    await db.query(addressFunction('hyresgaranti'))
  }
}

const cases = `
  CREATE SEQUENCE arendenummer_seq;

  CREATE TABLE arende (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    arendenummer text NOT NULL,
    insats text NOT NULL,
    tillstand text NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    person_id uuid NOT NULL,
    medsokande_id uuid,
    ansokan_datum date NOT NULL,
    kanal text NOT NULL,
    handlaggare text,
    tilldelningsskal text,
    komplettering_begart text,
    komplettering_senast date,
    komplettering_inkommen date,
    kommunicerad_datum date,
    yttrande_senast date,
    yttrande text,
    yttrande_datum date,
    foredragen_datum date,
    beslut_id uuid,
    beslut_datum date,
    avskrivningsorsak text,
    avskrivningsmotivering text,
    avskriven_datum date,
    overklagad_datum date,
    overklagad_i_ratt_tid boolean,
    avvisad_datum date,
    avvisningsmotivering text,
    overlamnad_datum date,
    domstol text,
    malnummer text,
    dom_datum date,
    dom_utfall text,
    fordrojd_dagar int,
    fordrojd_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT arende_arendenummer UNIQUE (arendenummer),
    CONSTRAINT arende_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT arende_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT arende_person FOREIGN KEY (person_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT arende_medsokande FOREIGN KEY (medsokande_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT arende_insats CHECK (insats IN ('fortur', 'hyresgaranti', 'stodlagenhet', 'bostadForst', 'tillfalligtBoende')),
    CONSTRAINT arende_tillstand CHECK (tillstand IN ('inkommen', 'utredning', 'komplettering', 'kommunicerad', 'bifall',
      'delvisBifall', 'avslag', 'avskriven', 'overklagad', 'omprovad', 'dom')),
    CONSTRAINT arende_kanal CHECK (kanal IN ('eTjanst', 'papper', 'handlaggare')),
    CONSTRAINT arende_utreds CHECK (tillstand IN ('inkommen', 'avskriven') OR handlaggare IS NOT NULL),
    CONSTRAINT arende_komplettering CHECK (tillstand <> 'komplettering' OR num_nulls(komplettering_begart, komplettering_senast) = 0),
    CONSTRAINT arende_kommunicerad CHECK (tillstand <> 'kommunicerad' OR num_nulls(kommunicerad_datum, yttrande_senast) = 0),
    CONSTRAINT arende_yttrande CHECK (num_nulls(yttrande, yttrande_datum) IN (0, 2)),
    CONSTRAINT arende_beslutat CHECK ((tillstand IN ('bifall', 'delvisBifall', 'avslag', 'overklagad', 'omprovad', 'dom')) = (beslut_id IS NOT NULL)
      AND num_nulls(beslut_id, beslut_datum) IN (0, 2)),
    CONSTRAINT arende_avskriven CHECK ((tillstand = 'avskriven') = (avskriven_datum IS NOT NULL)
      AND num_nulls(avskrivningsorsak, avskrivningsmotivering, avskriven_datum) IN (0, 3)),
    CONSTRAINT arende_avskrivningsorsak CHECK (avskrivningsorsak IN ('aterkallad', 'flyttat', 'avliden', 'losningPaAnnatSatt', 'annat')),
    CONSTRAINT arende_overklagat CHECK (num_nulls(overklagad_datum, overklagad_i_ratt_tid) IN (0, 2)
      AND (tillstand <> 'overklagad' OR overklagad_datum IS NOT NULL)),
    CONSTRAINT arende_avvisat CHECK (num_nulls(avvisad_datum, avvisningsmotivering) IN (0, 2)),
    CONSTRAINT arende_dom CHECK (num_nulls(dom_datum, dom_utfall) IN (0, 2) AND (tillstand <> 'dom' OR dom_datum IS NOT NULL)),
    CONSTRAINT arende_dom_utfall CHECK (dom_utfall IN ('bifall', 'delvisBifall', 'avslag', 'aterforvisning', 'avvisning', 'avskrivning'))
  );
  CREATE INDEX arende_hushall_id ON arende (hushall_id, id);
  CREATE INDEX arende_ansokan ON arende (ansokan_datum, id);
  CREATE INDEX arende_handlaggare ON arende (handlaggare, ansokan_datum, id);
  CREATE INDEX arende_insats_ansokan ON arende (insats, ansokan_datum, id);
  CREATE INDEX arende_tillstand_ansokan ON arende (tillstand, ansokan_datum, id);
  CREATE INDEX arende_oppet ON arende (ansokan_datum, id) WHERE tillstand IN ('inkommen', 'utredning', 'komplettering', 'kommunicerad');

  CREATE TABLE utredning (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    arende_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    stodbehov text,
    fortsatt_planering text,
    brukarsynpunkt text,
    brukaren_instammer boolean,
    brukarsynpunkt_saknas text,
    inkomst_ore int CHECK (inkomst_ore >= 0),
    utgifter_ore int CHECK (utgifter_ore >= 0),
    skulder_ore int CHECK (skulder_ore >= 0),
    budget text,
    satta_grupper jsonb NOT NULL,
    grunder text[] NOT NULL,
    intyg jsonb NOT NULL,
    folkbokford_sedan date,
    undantag_folkbokforing text,
    ko_registrerad boolean,
    ko_poang int CHECK (ko_poang >= 0),
    ko_fornyad date,
    egen_kotid_provad boolean,
    bostadsskuld_ore int CHECK (bostadsskuld_ore >= 0),
    overenskommelse text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT utredning_ett_arende UNIQUE (arende_id),
    CONSTRAINT utredning_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT utredning_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT utredning_brukarsynpunkt CHECK (brukarsynpunkt IS NULL OR brukarsynpunkt_saknas IS NULL),
    CONSTRAINT utredning_undantag_folkbokforing CHECK (undantag_folkbokforing IN ('hotEllerVald', 'annat'))
  );
  CREATE INDEX utredning_hushall_id ON utredning (hushall_id);

  -- Who may not decide or handle a case: FL 16-18 §§.
  CREATE TABLE jav (
    id uuid PRIMARY KEY,
    arende_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    sub text NOT NULL,
    skal text NOT NULL,
    anmalt_av text NOT NULL,
    skapad timestamptz NOT NULL,
    CONSTRAINT jav_en_gang UNIQUE (arende_id, sub),
    CONSTRAINT jav_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT jav_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE
  );
  CREATE INDEX jav_hushall_id ON jav (hushall_id);

  -- Who may decide what: the board's delegation.
  CREATE TABLE delegation (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    delegationspunkt text NOT NULL,
    beskrivning text NOT NULL,
    insats text NOT NULL,
    utfall text[] NOT NULL,
    roll text NOT NULL,
    delegater text[],
    max_giltighet_manader int CHECK (max_giltighet_manader BETWEEN 1 AND 120),
    max_garanterade_manader int CHECK (max_garanterade_manader BETWEEN 1 AND 12),
    max_manadshyra_ore int CHECK (max_manadshyra_ore > 0),
    giltig_fran date NOT NULL,
    giltig_till date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT delegation_insats CHECK (insats IN ('fortur', 'hyresgaranti', 'stodlagenhet', 'bostadForst', 'tillfalligtBoende')),
    CONSTRAINT delegation_utfall CHECK (cardinality(utfall) > 0 AND utfall <@ ARRAY['bifall', 'delvisBifall', 'avslag']),
    CONSTRAINT delegation_period CHECK (giltig_till >= giltig_fran)
  );
  CREATE INDEX delegation_insats_punkt ON delegation (insats, delegationspunkt, giltig_fran);
`

const checklists = `
  CREATE TABLE barnchecklistemall (
    id uuid PRIMARY KEY,
    nummer int NOT NULL,
    namn text NOT NULL,
    punkter jsonb NOT NULL,
    giltig_fran date NOT NULL,
    skapad timestamptz NOT NULL,
    CONSTRAINT barnchecklistemall_nummer UNIQUE (nummer)
  );
  CREATE INDEX barnchecklistemall_giltig ON barnchecklistemall (giltig_fran DESC, nummer DESC);

  CREATE TABLE barnchecklista (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    arende_id uuid,
    mall_nummer int NOT NULL REFERENCES barnchecklistemall (nummer),
    tillstand text NOT NULL,
    svar jsonb NOT NULL,
    barn jsonb NOT NULL,
    antal_barn int NOT NULL,
    antal_informerade int NOT NULL,
    antal_horda int NOT NULL,
    barnets_basta text,
    klar_datum date,
    klar_av text,
    ersatter_id uuid,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT barnchecklista_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT barnchecklista_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT barnchecklista_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT barnchecklista_ersatter FOREIGN KEY (ersatter_id, hushall_id) REFERENCES barnchecklista (id, hushall_id),
    CONSTRAINT barnchecklista_ersatts_en_gang UNIQUE (ersatter_id),
    CONSTRAINT barnchecklista_tillstand CHECK (tillstand IN ('paborjad', 'klar', 'reviderad')),
    CONSTRAINT barnchecklista_antal CHECK (antal_barn >= 0 AND antal_informerade BETWEEN 0 AND antal_barn AND antal_horda BETWEEN 0 AND antal_barn),
    CONSTRAINT barnchecklista_klar CHECK ((tillstand = 'paborjad') = (klar_datum IS NULL)
      AND num_nulls(klar_datum, klar_av) IN (0, 2) AND (klar_datum IS NULL OR (barnets_basta IS NOT NULL AND antal_barn > 0)))
  );
  CREATE INDEX barnchecklista_hushall_id ON barnchecklista (hushall_id, klar_datum DESC);
  CREATE INDEX barnchecklista_arende_id ON barnchecklista (arende_id);
  CREATE INDEX barnchecklista_klar_datum ON barnchecklista (klar_datum, id);
  CREATE INDEX barnchecklista_skapad ON barnchecklista (skapad, id);

  CREATE TABLE beslut (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    arende_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    insats text NOT NULL,
    utfall text NOT NULL,
    datum date NOT NULL,
    giltig_fran date,
    giltig_till date,
    lagrum text NOT NULL,
    delegation_id uuid NOT NULL REFERENCES delegation,
    delegationspunkt text NOT NULL,
    beslutsfattare text NOT NULL,
    foredragande text,
    motivering text NOT NULL,
    overklagandetyp text NOT NULL,
    ansokan_datum date NOT NULL,
    antal_barn int NOT NULL,
    barnchecklista_id uuid,
    barnchecklista_undantag text,
    grunder text[] NOT NULL,
    bedomning jsonb,
    ersatter_id uuid,
    delgiven_datum date,
    delgivningssatt text,
    overklagas_senast date,
    laga_kraft_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT beslut_i_arende UNIQUE (id, arende_id),
    CONSTRAINT beslut_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT beslut_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT beslut_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT beslut_barnchecklista FOREIGN KEY (barnchecklista_id, hushall_id) REFERENCES barnchecklista (id, hushall_id),
    CONSTRAINT beslut_ersatter FOREIGN KEY (ersatter_id, arende_id) REFERENCES beslut (id, arende_id),
    -- A decision is corrected once, by the one that names it; and a case has one first decision.
    CONSTRAINT beslut_ersatts_en_gang UNIQUE (ersatter_id),
    CONSTRAINT beslut_utfall CHECK (utfall IN ('bifall', 'delvisBifall', 'avslag')),
    CONSTRAINT beslut_insats CHECK (insats IN ('fortur', 'hyresgaranti', 'stodlagenhet', 'bostadForst', 'tillfalligtBoende')),
    CONSTRAINT beslut_overklagandetyp CHECK (overklagandetyp IN ('forvaltningsbesvar', 'laglighetsprovning', 'ejOverklagbar')),
    -- A refusal has no time; help without an end is Bostad Först only.
    CONSTRAINT beslut_giltighet CHECK ((utfall = 'avslag') = (giltig_fran IS NULL) AND (giltig_fran IS NOT NULL OR giltig_till IS NULL)
      AND (giltig_fran IS NULL OR giltig_till IS NOT NULL OR insats = 'bostadForst') AND coalesce(giltig_till >= giltig_fran, true)),
    CONSTRAINT beslut_barn CHECK (antal_barn = 0 OR num_nonnulls(barnchecklista_id, barnchecklista_undantag) = 1),
    CONSTRAINT beslut_delgivningssatt CHECK (delgivningssatt IN ('personligen', 'brev', 'rekommenderatBrev', 'digitalBrevlada', 'eTjanst')),
    CONSTRAINT beslut_delgivet CHECK (num_nulls(delgiven_datum, delgivningssatt) IN (0, 2) AND delgiven_datum >= datum
      AND (overklagas_senast IS NULL OR delgiven_datum IS NOT NULL)),
    CONSTRAINT beslut_laga_kraft CHECK (laga_kraft_datum > overklagas_senast)
  );
  CREATE UNIQUE INDEX beslut_ett_forsta ON beslut (arende_id) WHERE ersatter_id IS NULL;
  CREATE INDEX beslut_arende_id ON beslut (arende_id, datum, id);
  CREATE INDEX beslut_hushall_id ON beslut (hushall_id);
  CREATE INDEX beslut_datum ON beslut (datum, id);
  CREATE INDEX beslut_insats_datum ON beslut (insats, datum, id);
  CREATE INDEX beslut_ej_laga_kraft ON beslut (overklagas_senast) WHERE laga_kraft_datum IS NULL AND overklagas_senast IS NOT NULL;
  CREATE INDEX beslut_ej_delgivet ON beslut (datum) WHERE delgiven_datum IS NULL;

  ALTER TABLE arende ADD CONSTRAINT arende_beslut FOREIGN KEY (beslut_id, id) REFERENCES beslut (id, arende_id);
`

const forturer = `
  CREATE TABLE forturskriterier (
    id uuid PRIMARY KEY,
    nummer int NOT NULL,
    giltig_fran date NOT NULL,
    min_folkbokford_manader int CHECK (min_folkbokford_manader BETWEEN 0 AND 240),
    krav_ko boolean,
    krav_egen_kotid boolean,
    min_intyg_per_grund int CHECK (min_intyg_per_grund BETWEEN 0 AND 10),
    max_bostadsskuld_ore int CHECK (max_bostadsskuld_ore >= 0),
    max_alder_ung int CHECK (max_alder_ung BETWEEN 18 AND 40),
    skapad timestamptz NOT NULL,
    CONSTRAINT forturskriterier_nummer UNIQUE (nummer)
  );

  CREATE TABLE fortur (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    forturnummer text NOT NULL,
    tillstand text NOT NULL,
    ursprung text NOT NULL,
    arende_id uuid,
    beslut_id uuid,
    beslut_datum date NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    person_id uuid NOT NULL,
    medsokande_id uuid,
    grunder text[] NOT NULL,
    giltig_fran date NOT NULL,
    giltig_till date NOT NULL,
    max_erbjudanden int NOT NULL,
    antal_nej int NOT NULL,
    antal_personer int NOT NULL,
    min_rum int,
    max_rum int,
    max_hyra_ore int,
    tillganglighet text[] NOT NULL,
    onskade_omraden text[] NOT NULL,
    uteslutna_omraden text[] NOT NULL,
    lamnar_uteslutna_omraden boolean NOT NULL,
    ko_registrerad boolean,
    ko_fornyad date,
    ko_paminnd date,
    hyresvard_id uuid REFERENCES hyresvard,
    overlamnad_datum date,
    erbjudande_id uuid,
    varnad_dagar int,
    varnad_datum date,
    avslutad_datum date,
    kontraktsform text,
    avslutsmotivering text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT fortur_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT fortur_forturnummer UNIQUE (forturnummer),
    CONSTRAINT fortur_ett_arende UNIQUE (arende_id),
    CONSTRAINT fortur_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT fortur_beslut FOREIGN KEY (beslut_id, arende_id) REFERENCES beslut (id, arende_id),
    CONSTRAINT fortur_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT fortur_person FOREIGN KEY (person_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT fortur_medsokande FOREIGN KEY (medsokande_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT fortur_tillstand CHECK (tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad', 'tillgodosedd',
      'tillgodoseddEgen', 'forbrukad', 'utgangen', 'upphavd')),
    CONSTRAINT fortur_ursprung CHECK (ursprung IN ('arende', 'import')),
    CONSTRAINT fortur_fran_arende CHECK ((ursprung = 'arende') = (arende_id IS NOT NULL) AND num_nulls(arende_id, beslut_id) IN (0, 2)),
    CONSTRAINT fortur_giltighet CHECK (giltig_till >= giltig_fran),
    CONSTRAINT fortur_nej CHECK (max_erbjudanden > 0 AND antal_nej BETWEEN 0 AND max_erbjudanden),
    CONSTRAINT fortur_forbrukad CHECK ((tillstand = 'forbrukad') <= (antal_nej = max_erbjudanden)),
    CONSTRAINT fortur_rum CHECK (min_rum BETWEEN 1 AND 20 AND max_rum BETWEEN 1 AND 20 AND min_rum <= max_rum),
    CONSTRAINT fortur_hyra CHECK (max_hyra_ore > 0),
    CONSTRAINT fortur_omraden CHECK (NOT onskade_omraden && uteslutna_omraden),
    CONSTRAINT fortur_hos_hyresvard CHECK (tillstand NOT IN ('hosHyresvard', 'erbjuden', 'accepterad', 'tillgodosedd', 'forbrukad')
      OR num_nulls(hyresvard_id, overlamnad_datum) = 0),
    CONSTRAINT fortur_erbjuden CHECK ((tillstand IN ('erbjuden', 'accepterad', 'tillgodosedd')) = (erbjudande_id IS NOT NULL)),
    CONSTRAINT fortur_avslutad CHECK ((tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad')) = (avslutad_datum IS NULL)),
    CONSTRAINT fortur_tillgodosedd CHECK (tillstand <> 'tillgodosedd' OR kontraktsform IS NOT NULL),
    CONSTRAINT fortur_kontraktsform CHECK (kontraktsform IN ('forstahand', 'andrahand'))
  );
  -- At most one open förtur a person (domain 2.4); the co-applicant of one is not the applicant of another.
  CREATE UNIQUE INDEX fortur_en_oppen_per_person ON fortur (person_id)
    WHERE tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad');
  CREATE UNIQUE INDEX fortur_en_oppen_per_medsokande ON fortur (medsokande_id)
    WHERE tillstand IN ('beviljad', 'hosHyresvard', 'erbjuden', 'accepterad');
  CREATE INDEX fortur_hushall_id ON fortur (hushall_id);
  CREATE INDEX fortur_tillstand_nummer ON fortur (tillstand, forturnummer);
  CREATE INDEX fortur_hyresvard ON fortur (hyresvard_id, forturnummer)
    WHERE tillstand IN ('hosHyresvard', 'erbjuden', 'accepterad');
  CREATE INDEX fortur_giltig_till ON fortur (giltig_till, id);
  CREATE INDEX fortur_avslutad ON fortur (avslutad_datum) WHERE avslutad_datum IS NOT NULL;
  CREATE INDEX fortur_beslut_datum ON fortur (beslut_datum, id);

  CREATE TABLE erbjudande (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    fortur_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    hyresvard_id uuid NOT NULL REFERENCES hyresvard,
    tillstand text NOT NULL,
    adress text,
    lagenhetsnummer text,
    omrade text,
    rum int NOT NULL CHECK (rum BETWEEN 1 AND 20),
    hyra_ore int NOT NULL CHECK (hyra_ore > 0),
    tilltrade date NOT NULL,
    datum date NOT NULL,
    svara_senast date NOT NULL,
    svar_datum date,
    orsak text,
    kommentar text,
    raknas boolean,
    kontrakt_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT erbjudande_for_fortur UNIQUE (id, fortur_id),
    CONSTRAINT erbjudande_fortur FOREIGN KEY (fortur_id, hushall_id) REFERENCES fortur (id, hushall_id),
    CONSTRAINT erbjudande_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT erbjudande_tillstand
      CHECK (tillstand IN ('oppet', 'accepterat', 'avbojt', 'uteblivet', 'nekat', 'aterkallat', 'kontrakt')),
    CONSTRAINT erbjudande_svarstid CHECK (svara_senast > datum),
    CONSTRAINT erbjudande_besvarat CHECK ((tillstand = 'oppet') = (svar_datum IS NULL)),
    CONSTRAINT erbjudande_orsak CHECK (orsak IN ('lage', 'storlek', 'hyra', 'standard', 'tillganglighet', 'trygghet', 'annatBoende',
      'annat', 'inkomst', 'skuld', 'referens', 'storning', 'avtaletUteblev')),
    CONSTRAINT erbjudande_varfor CHECK (tillstand NOT IN ('avbojt', 'nekat') OR orsak IS NOT NULL),
    CONSTRAINT erbjudande_raknas CHECK ((tillstand IN ('avbojt', 'uteblivet')) = (raknas IS NOT NULL)),
    CONSTRAINT erbjudande_kontrakt CHECK ((tillstand = 'kontrakt') = (kontrakt_datum IS NOT NULL))
  );
  -- One offer at a time.
  CREATE UNIQUE INDEX erbjudande_ett_i_taget ON erbjudande (fortur_id) WHERE tillstand IN ('oppet', 'accepterat');
  CREATE INDEX erbjudande_per_fortur ON erbjudande (fortur_id, datum, id);
  CREATE INDEX erbjudande_hushall_id ON erbjudande (hushall_id);
  CREATE INDEX erbjudande_oppet ON erbjudande (svara_senast) WHERE tillstand = 'oppet';
  CREATE INDEX erbjudande_kontrakt_datum ON erbjudande (kontrakt_datum) WHERE kontrakt_datum IS NOT NULL;
  CREATE INDEX erbjudande_svar_datum ON erbjudande (svar_datum) WHERE svar_datum IS NOT NULL;

  ALTER TABLE fortur ADD CONSTRAINT fortur_erbjudande FOREIGN KEY (erbjudande_id, id) REFERENCES erbjudande (id, fortur_id);
`

const alterations = `
  ALTER TABLE hyresgaranti ADD COLUMN arende_id uuid, DROP CONSTRAINT hyresgaranti_ursprung;
  ALTER TABLE hyresgaranti
    ADD CONSTRAINT hyresgaranti_ursprung CHECK (ursprung IN ('arende', 'registrerad', 'import')),
    ADD CONSTRAINT hyresgaranti_fran_arende CHECK ((ursprung = 'arende') = (arende_id IS NOT NULL)),
    ADD CONSTRAINT hyresgaranti_ett_arende UNIQUE (arende_id),
    ADD CONSTRAINT hyresgaranti_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id);
  ALTER TABLE hyresvard ADD COLUMN tar_emot_forturer boolean NOT NULL DEFAULT false;
  ALTER TABLE hyresvard ALTER COLUMN tar_emot_forturer DROP DEFAULT;
  ALTER TABLE utlamnande ADD COLUMN fortur_id uuid REFERENCES fortur;
  CREATE INDEX utlamnande_fortur ON utlamnande (fortur_id, part, part_id);
`

/** Under which row a change is found: a case with its investigation and decisions, a help with what belongs to it. */
const root = `coalesce(j->>'hyresgaranti_id', j->>'fortur_id',
  CASE WHEN TG_TABLE_NAME NOT IN ('hyresgaranti', 'fortur') THEN j->>'arende_id' END, j->>'id', j->>'period')`

/**
 * The history trigger, as the first migration has it, with another root. OFFSET 0 keeps each row's JSON from being made
 * again at every use of it. A session keeps the plan of its first change: made for one row, or none, it would compare
 * every old row with every new one when a job later changes ten thousand. Hence no nested loops.
 */
const historyFunction = (rot: string) => `
  CREATE OR REPLACE FUNCTION historik_skriv() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off AS $$
  DECLARE
    hemligt text[] := ARRAY['personnummer_krypterat', 'personnummer_hash'];
    vem text := coalesce(nullif(current_setting('hemvist.av', true), ''), session_user);
    vad text := nullif(current_setting('hemvist.atgard', true), '');
    spar_id text := nullif(current_setting('hemvist.spar', true), '');
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, efter)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(j->>'id', j->>'period'), ${rot},
        coalesce(j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN j->>'id' END)::uuid,
        coalesce(vad, 'registrera'), vem, spar_id, jsonb_strip_nulls(j)
      FROM (SELECT to_jsonb(n) - hemligt AS j FROM nya n OFFSET 0) AS rader;
    ELSIF TG_OP = 'UPDATE' THEN
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, fore, efter)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(j->>'id', j->>'period'), ${rot},
        coalesce(j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN j->>'id' END)::uuid,
        coalesce(vad, 'andra'), vem, spar_id, skillnad.fore, skillnad.efter
      FROM (SELECT to_jsonb(x) - hemligt AS j FROM nya x OFFSET 0) AS n
      JOIN (SELECT to_jsonb(x) - hemligt AS g FROM gamla x OFFSET 0) AS g
        ON coalesce(g->>'id', g->>'period') = coalesce(j->>'id', j->>'period')
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(f.key, f.value) AS fore, jsonb_object_agg(f.key, j->f.key) AS efter
        FROM jsonb_each(g) AS f WHERE f.value IS DISTINCT FROM j->f.key
      ) AS skillnad
      WHERE skillnad.fore IS NOT NULL;
    ELSE
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, fore)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(j->>'id', j->>'period'), ${rot},
        coalesce(j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN j->>'id' END)::uuid,
        coalesce(vad, 'gallra'), vem, spar_id, j
      FROM (SELECT to_jsonb(n) - hemligt AS j FROM gamla n OFFSET 0) AS rader;
    END IF;
    RETURN NULL;
  END $$;
`

/** With skyddad folkbokföring no address is kept, in any of these tables. */
const addressFunction = (...tables: string[]) => `
  CREATE OR REPLACE FUNCTION ta_bort_adresser() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    ${tables
      .map(
        table => `UPDATE ${table} SET adress = NULL, lagenhetsnummer = NULL, version = version + 1
      WHERE hushall_id = NEW.hushall_id AND (adress IS NOT NULL OR lagenhetsnummer IS NOT NULL);`,
      )
      .join('\n    ')}
    RETURN NULL;
  END $$;
`

const rights = `
  CREATE TRIGGER ingen_adress BEFORE INSERT OR UPDATE OF adress, lagenhetsnummer ON erbjudande
    FOR EACH ROW EXECUTE FUNCTION ingen_adress();

  GRANT SELECT, INSERT, UPDATE ON arende, utredning, barnchecklista, fortur, erbjudande TO hemvist_allman, hemvist_skyddad;
  -- Written once, never changed.
  GRANT SELECT, INSERT ON jav, barnchecklistemall, forturskriterier TO hemvist_allman, hemvist_skyddad;
  -- A delegation ends; a decision is delivered and gains legal force. What they say is never changed.
  GRANT SELECT, INSERT, UPDATE (version, giltig_till, andrad) ON delegation TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, UPDATE (version, delgiven_datum, delgivningssatt, overklagas_senast, laga_kraft_datum, andrad)
    ON beslut TO hemvist_allman, hemvist_skyddad;
  GRANT USAGE ON SEQUENCE arendenummer_seq TO hemvist_allman, hemvist_skyddad;

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['arende', 'utredning', 'jav', 'barnchecklista', 'beslut', 'fortur', 'erbjudande'] LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabell);
      EXECUTE format('CREATE POLICY allman ON %I TO hemvist_allman USING (NOT skyddad) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE POLICY skyddad ON %I TO hemvist_skyddad USING (true) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE POLICY nod ON %I TO hemvist_nod
        USING (hushall_id::text = ANY (string_to_array(current_setting(''hemvist.nodatkomst'', true), '','')))', tabell);
    END LOOP;
    FOREACH tabell IN ARRAY ARRAY['arende', 'utredning', 'jav', 'delegation', 'barnchecklistemall', 'barnchecklista', 'beslut',
      'forturskriterier', 'fortur', 'erbjudande'] LOOP
      EXECUTE format('CREATE TRIGGER historik_ny AFTER INSERT ON %I
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_andrad AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_gallrad AFTER DELETE ON %I
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
    END LOOP;
  END $$;
`

/** A point of the template: what it asks, and how it is answered. */
const punkter = [
  ['barnetsBasta', 'Hur har barnets bästa vägts in i valet av bostad?', 'text'],
  ['skola', 'Hur påverkas skola, förskola och resväg?', 'text'],
  ['halsa', 'Har barnet behov i fråga om hälsa eller funktion som bostaden måste möta?', 'text'],
  ['trygghet', 'Finns oro för barnets trygghet, till exempel våld?', 'jaNejEjAktuellt'],
  ['syskon', 'Kan syskon bo tillsammans eller nära varandra?', 'jaNejEjAktuellt'],
  ['utrymme', 'Ger bostaden barnet plats för läxor, vila och eget liv?', 'skala'],
  ['foraldrar', 'Kan barnet ha kontakt med båda föräldrarna?', 'jaNejEjAktuellt'],
  ['konsekvensAvslag', 'Vad händer för barnet vid ett avslag?', 'text'],
  ['alternativ', 'Vilka andra lösningar har prövats?', 'text'],
  ['planering', 'Hur följs barnets situation upp, och när?', 'text'],
].map(([kod, text, svarstyp]) => ({ kod, text, svarstyp, obligatorisk: true }))

/** What a new register starts with: a template, Lund's criteria for förtur, and a delegation for each kind of help. All can be replaced by the municipality. */
const data = `
  SELECT set_config('hemvist.av', 'hemvist', true);
  -- The history of these rows belongs in the month's partition, which is otherwise made after the migrations.
  SELECT historik_partition(current_date);
  -- Built from what law and supervision ask for (IVO on Malmö 2014, SOSFS 2014:5): Lund's own text is not published.
  INSERT INTO barnchecklistemall (id, nummer, namn, punkter, giltig_fran, skapad)
  VALUES (gen_random_uuid(), 1, 'Barnchecklista vid beslut om boende', '${JSON.stringify(punkter)}', '2018-03-11', now());
  -- Two years registered, in the queue, own queue time first, a certificate for each ground (domain 2.1).
  INSERT INTO forturskriterier (id, nummer, giltig_fran, min_folkbokford_manader, krav_ko, krav_egen_kotid, min_intyg_per_grund,
    max_bostadsskuld_ore, max_alder_ung, skapad)
  VALUES (gen_random_uuid(), 1, '2018-03-11', 24, true, true, 1, NULL, 28, now());
  INSERT INTO delegation (id, version, delegationspunkt, beskrivning, insats, utfall, roll, delegater, max_giltighet_manader,
    max_garanterade_manader, max_manadshyra_ore, giltig_fran, giltig_till, skapad, andrad)
  SELECT gen_random_uuid(), 1, punkt, beskrivning, insats, ARRAY['bifall', 'delvisBifall', 'avslag'], 'beslutsfattare', NULL,
    manader, CASE insats WHEN 'hyresgaranti' THEN 6 END, NULL, '2018-03-11', NULL, now(), now()
  FROM (VALUES ('4.1', 'Social förtur till bostad', 'fortur', 12), ('4.2', 'Hyresgaranti', 'hyresgaranti', 24),
    ('4.3', 'Stödlägenhet', 'stodlagenhet', 12), ('4.4', 'Bostad Först', 'bostadForst', NULL),
    ('4.5', 'Tillfälligt boende', 'tillfalligtBoende', 1)) AS d (punkt, beskrivning, insats, manader);
`
