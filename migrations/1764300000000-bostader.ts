import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The homes: the pool that serviceförvaltningen and others make available, stödlägenheter from the queue to the own
 * contract, and Bostad Först with its two processes that do not touch each other.
 *
 * Who has a home, and when, is one table for every kind of help, with an exclusion constraint: no home is promised twice
 * for the same day, whoever asks.
 */
export class Bostader1764300000000 implements MigrationInterface {
  name = 'Bostader1764300000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(homes)
    await db.query(stodlagenheter)
    await db.query(bostadForst)
    await db.query(lettings)
    await db.query(rights)
    await db.query(historyUnder(rootBefore, root))
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(historyUnder(root, rootBefore))
    await db.query(`
      ALTER TABLE utlamnande DROP COLUMN stodlagenhet_id;
      DROP TABLE upplatelse, trohetsmatning, overgangsprovning, bf_stod, bf_boende, boendehandelse, uppfoljning, avstaende, bostadsforslag,
        stodlagenhet, lagenhet;
      DROP FUNCTION lagenhet_skydd();
      DROP EXTENSION btree_gist;
    `)
  }
}

/** Under which row a change is found: these kinds of help have their own history too, with what belongs to them. */
const rootBefore = ["j->>'fortur_id',", "('hyresgaranti', 'fortur')"] as const
const root = [
  "j->>'fortur_id', j->>'stodlagenhet_id', j->>'bf_boende_id',",
  "('hyresgaranti', 'fortur', 'stodlagenhet', 'bf_boende')",
] as const

/** The history trigger as it is, with other parts of its root. */
const historyUnder = (before: readonly [string, string], after: readonly [string, string]) => `
  DO $do$ BEGIN
    EXECUTE replace(replace(pg_get_functiondef('historik_skriv()'::regprocedure), $a$${before[0]}$a$, $a$${after[0]}$a$),
      $a$${before[1]}$a$, $a$${after[1]}$a$);
  END $do$`

const homes = `
  CREATE EXTENSION IF NOT EXISTS btree_gist;

  CREATE TABLE lagenhet (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    objektnummer text NOT NULL,
    agare text NOT NULL,
    kategori text NOT NULL,
    tillstand text NOT NULL,
    tillstand_sedan date NOT NULL,
    -- Let or reserved to a protected household: then the home itself is not there for those without clearance.
    skyddad boolean NOT NULL,
    adress text,
    lagenhetsnummer text,
    omrade text NOT NULL,
    rum int NOT NULL CHECK (rum BETWEEN 1 AND 20),
    yta int CHECK (yta BETWEEN 5 AND 1000),
    hyra_ore int NOT NULL CHECK (hyra_ore > 0),
    tillganglighet text[] NOT NULL,
    blockhyrd boolean NOT NULL,
    i_poolen_fran date NOT NULL,
    i_poolen_till date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT lagenhet_objektnummer UNIQUE (objektnummer),
    CONSTRAINT lagenhet_agare CHECK (agare IN ('lkf', 'lundafastigheter', 'privat', 'bostadsratt')),
    CONSTRAINT lagenhet_kategori CHECK (kategori IN ('stodlagenhet', 'bostadForst', 'hotellagenhet', 'jour')),
    CONSTRAINT lagenhet_tillstand CHECK (tillstand IN ('planerad', 'ledig', 'reserverad', 'uthyrd', 'uppsagd', 'tomstalld',
      'renovering', 'aterlamnad', 'overlaten')),
    -- Where people are sheltered is written nowhere.
    CONSTRAINT lagenhet_jour_utan_adress CHECK (kategori <> 'jour' OR num_nonnulls(adress, lagenhetsnummer) = 0),
    CONSTRAINT lagenhet_i_poolen CHECK (i_poolen_till >= i_poolen_fran),
    CONSTRAINT lagenhet_ur_poolen CHECK ((tillstand IN ('aterlamnad', 'overlaten')) <= (i_poolen_till IS NOT NULL))
  );
  CREATE INDEX lagenhet_tillstand_nummer ON lagenhet (tillstand, objektnummer);
  CREATE INDEX lagenhet_kategori_nummer ON lagenhet (kategori, tillstand, objektnummer);
  CREATE INDEX lagenhet_i_poolen_fran ON lagenhet (i_poolen_fran, id);
`

const need = `
    min_rum int,
    max_rum int,
    max_hyra_ore int,
    onskade_omraden text[] NOT NULL,
    uteslutna_omraden text[] NOT NULL,
    tillganglighet text[] NOT NULL,`

const stodlagenheter = `
  CREATE TABLE stodlagenhet (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    stodlagenhetsnummer text NOT NULL,
    tillstand text NOT NULL,
    ursprung text NOT NULL,
    arende_id uuid,
    beslut_id uuid,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    person_id uuid NOT NULL,
    medsokande_id uuid,
    beslutstyp text NOT NULL,
    ko_datum date NOT NULL,
    beslut_fran date NOT NULL,
    beslut_till date,
    antal_personer int NOT NULL CHECK (antal_personer > 0),
    ${need}
    lagenhet_id uuid REFERENCES lagenhet,
    avtalsform text,
    avtal_datum date,
    informerad_om_villkor_datum date,
    hyra_ore int CHECK (hyra_ore > 0),
    tilltrade date,
    hemforsakring_till date,
    nasta_uppfoljning date,
    hyresskuld_ore int NOT NULL CHECK (hyresskuld_ore >= 0),
    overtagande_provat date,
    overtagande_svar text,
    overtagande_orsak text,
    forstahand_datum date,
    uppsagd_datum date,
    uppsagningsgrund text,
    uppsagd_till date,
    socialnamnden_meddelad date,
    utflyttad date,
    avslutad_datum date,
    utfall text,
    varnad text,
    varnad_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT stodlagenhet_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT stodlagenhet_nummer UNIQUE (stodlagenhetsnummer),
    CONSTRAINT stodlagenhet_ett_arende UNIQUE (arende_id),
    CONSTRAINT stodlagenhet_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT stodlagenhet_beslut FOREIGN KEY (beslut_id, arende_id) REFERENCES beslut (id, arende_id),
    CONSTRAINT stodlagenhet_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT stodlagenhet_person FOREIGN KEY (person_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT stodlagenhet_medsokande FOREIGN KEY (medsokande_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT stodlagenhet_tillstand CHECK (tillstand IN ('iKo', 'foreslagen', 'tilldelad', 'avtalTecknat', 'boende',
      'bistandUpphor', 'overtagande', 'uppsagd', 'avflyttad', 'overlaten', 'avslutad')),
    CONSTRAINT stodlagenhet_ursprung CHECK (ursprung IN ('arende', 'import')),
    CONSTRAINT stodlagenhet_fran_arende CHECK ((ursprung = 'arende') = (arende_id IS NOT NULL) AND num_nulls(arende_id, beslut_id) IN (0, 2)),
    CONSTRAINT stodlagenhet_beslutstyp CHECK (beslutstyp IN ('ordinarie', 'tidsbegransatBarnfamilj')),
    CONSTRAINT stodlagenhet_tidsbegransat CHECK (beslutstyp <> 'tidsbegransatBarnfamilj' OR beslut_till IS NOT NULL),
    CONSTRAINT stodlagenhet_beslutstid CHECK (beslut_till >= beslut_fran),
    CONSTRAINT stodlagenhet_rum CHECK (min_rum BETWEEN 1 AND 20 AND max_rum BETWEEN 1 AND 20 AND min_rum <= max_rum),
    CONSTRAINT stodlagenhet_omraden CHECK (NOT onskade_omraden && uteslutna_omraden),
    CONSTRAINT stodlagenhet_avtalsform CHECK (avtalsform IN ('andrahand', 'blockhyraAndrahand')),
    CONSTRAINT stodlagenhet_bostad CHECK ((tillstand IN ('iKo')) <= (lagenhet_id IS NULL)
      AND (tillstand NOT IN ('foreslagen', 'tilldelad', 'avtalTecknat', 'boende', 'bistandUpphor', 'overtagande', 'uppsagd',
        'avflyttad', 'overlaten') OR lagenhet_id IS NOT NULL)),
    CONSTRAINT stodlagenhet_avtal CHECK (tillstand NOT IN ('avtalTecknat', 'boende', 'bistandUpphor', 'overtagande', 'uppsagd',
      'avflyttad', 'overlaten') OR num_nulls(avtalsform, avtal_datum, informerad_om_villkor_datum, hyra_ore, tilltrade) = 0),
    -- RH 2018:28: who is told of the terms is told before the contract.
    CONSTRAINT stodlagenhet_informerad CHECK (informerad_om_villkor_datum <= avtal_datum),
    CONSTRAINT stodlagenhet_overlaten CHECK (tillstand <> 'overlaten' OR forstahand_datum IS NOT NULL),
    CONSTRAINT stodlagenhet_overtagande_svar CHECK (overtagande_svar IN ('godkant', 'ejGodkant')),
    CONSTRAINT stodlagenhet_overtagande_orsak CHECK (overtagande_orsak IN ('hyresskuld', 'storning', 'inkomst', 'referens', 'bostadenBehovs', 'annat')),
    CONSTRAINT stodlagenhet_uppsagd CHECK (tillstand <> 'uppsagd' OR num_nulls(uppsagd_datum, uppsagningsgrund, uppsagd_till) = 0),
    CONSTRAINT stodlagenhet_uppsagningsgrund CHECK (uppsagningsgrund IN ('hyresskuld', 'storning', 'bistandUpphort', 'egenUppsagning', 'annat')),
    CONSTRAINT stodlagenhet_socialnamnden CHECK (uppsagningsgrund NOT IN ('hyresskuld', 'storning') OR socialnamnden_meddelad IS NOT NULL),
    CONSTRAINT stodlagenhet_avflyttad CHECK (tillstand <> 'avflyttad' OR utflyttad IS NOT NULL),
    CONSTRAINT stodlagenhet_avslutad CHECK ((tillstand = 'avslutad') = (avslutad_datum IS NOT NULL) AND num_nulls(avslutad_datum, utfall) IN (0, 2)),
    CONSTRAINT stodlagenhet_utfall CHECK (utfall IN ('egetKontrakt', 'annatBoende', 'institution', 'hemlos', 'avliden', 'flyttatFranKommunen', 'aterkallat'))
  );
  -- One at a time for each person (domain 3.3).
  CREATE UNIQUE INDEX stodlagenhet_en_per_person ON stodlagenhet (person_id) WHERE tillstand NOT IN ('overlaten', 'avslutad');
  CREATE INDEX stodlagenhet_hushall_id ON stodlagenhet (hushall_id);
  CREATE INDEX stodlagenhet_tillstand_nummer ON stodlagenhet (tillstand, stodlagenhetsnummer);
  CREATE INDEX stodlagenhet_ko ON stodlagenhet (ko_datum, id) WHERE tillstand = 'iKo';
  CREATE INDEX stodlagenhet_lagenhet ON stodlagenhet (lagenhet_id);
  CREATE INDEX stodlagenhet_beslut_till ON stodlagenhet (beslut_till, id);

  CREATE TABLE bostadsforslag (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    stodlagenhet_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    lagenhet_id uuid NOT NULL REFERENCES lagenhet,
    datum date NOT NULL,
    plats int NOT NULL CHECK (plats > 0),
    skal_for_avsteg text,
    foreslagen_av text NOT NULL,
    svar text,
    svar_datum date,
    orsak text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT bostadsforslag_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT bostadsforslag_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    -- Somebody else than the first in the queue needs a reason, which is kept.
    CONSTRAINT bostadsforslag_avsteg CHECK (plats = 1 OR skal_for_avsteg IS NOT NULL),
    CONSTRAINT bostadsforslag_svar CHECK (svar IN ('accepterat', 'avbojt', 'aterkallat')),
    CONSTRAINT bostadsforslag_orsak CHECK (orsak IN ('lage', 'storlek', 'hyra', 'standard', 'tillganglighet', 'trygghet', 'annatBoende', 'annat')),
    CONSTRAINT bostadsforslag_besvarat CHECK (num_nulls(svar, svar_datum) IN (0, 2) AND (svar <> 'avbojt' OR orsak IS NOT NULL))
  );
  CREATE UNIQUE INDEX bostadsforslag_ett_i_taget ON bostadsforslag (stodlagenhet_id) WHERE svar IS NULL;
  CREATE INDEX bostadsforslag_per_stodlagenhet ON bostadsforslag (stodlagenhet_id, datum, id);
  CREATE INDEX bostadsforslag_hushall_id ON bostadsforslag (hushall_id);

  -- A waiver of besittningsskydd is a document of its own (domain 0.10).
  CREATE TABLE avstaende (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    stodlagenhet_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    tillstand text NOT NULL,
    upprattat date NOT NULL,
    skal text NOT NULL,
    giltigt_till date NOT NULL,
    skal_langre_tid text,
    inskickat date,
    beslut_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT avstaende_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT avstaende_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT avstaende_tillstand CHECK (tillstand IN ('upprattat', 'inskickat', 'godkant', 'avslaget', 'ejKrav')),
    CONSTRAINT avstaende_inskickat CHECK (tillstand NOT IN ('inskickat', 'godkant', 'avslaget') OR inskickat IS NOT NULL),
    CONSTRAINT avstaende_beslutat CHECK ((tillstand IN ('godkant', 'avslaget')) = (beslut_datum IS NOT NULL))
  );
  CREATE INDEX avstaende_per_stodlagenhet ON avstaende (stodlagenhet_id, upprattat, id);
  CREATE INDEX avstaende_hushall_id ON avstaende (hushall_id);

  CREATE TABLE uppfoljning (
    id uuid PRIMARY KEY,
    stodlagenhet_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    datum date NOT NULL,
    omraden text[] NOT NULL,
    bedomning text NOT NULL,
    nasta date,
    gjord_av text NOT NULL,
    skapad timestamptz NOT NULL,
    CONSTRAINT uppfoljning_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT uppfoljning_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT uppfoljning_bedomning CHECK (bedomning IN ('enligtPlanen', 'behoverMerStod', 'redoForEget')),
    CONSTRAINT uppfoljning_nasta CHECK (nasta > datum)
  );
  CREATE INDEX uppfoljning_per_stodlagenhet ON uppfoljning (stodlagenhet_id, datum, id);
  CREATE INDEX uppfoljning_hushall_id ON uppfoljning (hushall_id);

  -- What serviceförvaltningen tells of a tenancy: arrears and disturbances.
  CREATE TABLE boendehandelse (
    id uuid PRIMARY KEY,
    stodlagenhet_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    slag text NOT NULL,
    datum date NOT NULL,
    allvar text,
    hyresskuld_ore int CHECK (hyresskuld_ore >= 0),
    beskrivning text,
    rapporterad_av text NOT NULL,
    skapad timestamptz NOT NULL,
    CONSTRAINT boendehandelse_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT boendehandelse_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT boendehandelse_slag CHECK (slag IN ('storning', 'hyresskuld')),
    CONSTRAINT boendehandelse_allvar CHECK (allvar IN ('lindrig', 'allvarlig', 'sarskiltAllvarlig')),
    CONSTRAINT boendehandelse_innehall CHECK ((slag = 'storning') = (allvar IS NOT NULL) AND (slag = 'hyresskuld') = (hyresskuld_ore IS NOT NULL))
  );
  CREATE INDEX boendehandelse_per_stodlagenhet ON boendehandelse (stodlagenhet_id, datum, id);
  CREATE INDEX boendehandelse_hushall_id ON boendehandelse (hushall_id);
`

const bostadForst = `
  -- The tenancy. There is no field for sobriety, tests or treatment, and none may be added (JO 8958-2020, domain 4.2).
  CREATE TABLE bf_boende (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    boendenummer text NOT NULL,
    tillstand text NOT NULL,
    ursprung text NOT NULL,
    arende_id uuid,
    beslut_id uuid,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    person_id uuid NOT NULL,
    antagen_datum date NOT NULL,
    onskade_omraden text[] NOT NULL,
    uteslutna_omraden text[] NOT NULL,
    onskade_rum int CHECK (onskade_rum BETWEEN 1 AND 20),
    husdjur boolean,
    onskemal text,
    onskemal_datum date,
    lagenhet_id uuid REFERENCES lagenhet,
    kontraktsform text,
    skal_andrahand text,
    overgang_tidigast date,
    overgang_nasta date,
    inflyttad date,
    forstahand_datum date,
    borta_sedan date,
    borta_orsak text,
    byte_orsak text,
    nej_orsak text,
    uppsagd_datum date,
    uppsagd_till date,
    avslutad_datum date,
    utfall text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT bf_boende_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT bf_boende_nummer UNIQUE (boendenummer),
    CONSTRAINT bf_boende_ett_arende UNIQUE (arende_id),
    CONSTRAINT bf_boende_arende FOREIGN KEY (arende_id, hushall_id) REFERENCES arende (id, hushall_id),
    CONSTRAINT bf_boende_beslut FOREIGN KEY (beslut_id, arende_id) REFERENCES beslut (id, arende_id),
    CONSTRAINT bf_boende_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT bf_boende_person FOREIGN KEY (person_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT bf_boende_tillstand CHECK (tillstand IN ('antagen', 'matchning', 'erbjuden', 'inflyttad', 'overgangProvas', 'forstahand',
      'byteAvBostad', 'tillfalligtBorta', 'uppsagd', 'avslutad')),
    CONSTRAINT bf_boende_ursprung CHECK (ursprung IN ('arende', 'import')),
    CONSTRAINT bf_boende_fran_arende CHECK ((ursprung = 'arende') = (arende_id IS NOT NULL) AND num_nulls(arende_id, beslut_id) IN (0, 2)),
    CONSTRAINT bf_boende_omraden CHECK (NOT onskade_omraden && uteslutna_omraden),
    -- Choice comes first: nobody is matched whose wishes are not written down.
    CONSTRAINT bf_boende_onskemal CHECK (tillstand IN ('antagen', 'avslutad') OR onskemal_datum IS NOT NULL),
    CONSTRAINT bf_boende_kontraktsform CHECK (kontraktsform IN ('forstahand', 'andrahand')),
    CONSTRAINT bf_boende_andrahand CHECK (kontraktsform IS DISTINCT FROM 'andrahand' OR num_nulls(skal_andrahand, overgang_tidigast) = 0),
    CONSTRAINT bf_boende_skal_andrahand CHECK (skal_andrahand IN ('vardenKraver', 'betalningsanmarkning', 'ingenInkomst', 'egetOnskemal', 'annat')),
    CONSTRAINT bf_boende_bor CHECK (tillstand NOT IN ('inflyttad', 'overgangProvas', 'forstahand', 'tillfalligtBorta', 'uppsagd')
      OR num_nulls(lagenhet_id, kontraktsform, inflyttad) = 0),
    CONSTRAINT bf_boende_forstahand CHECK (tillstand <> 'forstahand' OR (kontraktsform = 'forstahand' AND forstahand_datum IS NOT NULL)),
    CONSTRAINT bf_boende_forstahand_dag CHECK (forstahand_datum >= inflyttad),
    CONSTRAINT bf_boende_borta CHECK ((tillstand = 'tillfalligtBorta') <= (num_nulls(borta_sedan, borta_orsak) = 0)),
    CONSTRAINT bf_boende_borta_orsak CHECK (borta_orsak IN ('behandlingshem', 'sjukhus', 'kriminalvard', 'annat')),
    CONSTRAINT bf_boende_byte_orsak CHECK (byte_orsak IN ('onskemal', 'storning', 'otrygghet', 'bostadenUpphor', 'annat')),
    CONSTRAINT bf_boende_nej_orsak CHECK (nej_orsak IN ('lage', 'storlek', 'hyra', 'standard', 'tillganglighet', 'trygghet', 'annatBoende', 'annat')),
    CONSTRAINT bf_boende_uppsagd CHECK (tillstand <> 'uppsagd' OR num_nulls(uppsagd_datum, uppsagd_till) = 0),
    CONSTRAINT bf_boende_avslutad CHECK ((tillstand = 'avslutad') = (avslutad_datum IS NOT NULL) AND num_nulls(avslutad_datum, utfall) IN (0, 2)),
    CONSTRAINT bf_boende_utfall CHECK (utfall IN ('egetBoende', 'annatBoende', 'institution', 'hemlos', 'avliden', 'flyttatFranKommunen', 'ejPaborjat'))
  );
  CREATE UNIQUE INDEX bf_boende_ett_per_person ON bf_boende (person_id) WHERE tillstand <> 'avslutad';
  CREATE INDEX bf_boende_hushall_id ON bf_boende (hushall_id);
  CREATE INDEX bf_boende_tillstand_nummer ON bf_boende (tillstand, boendenummer);
  CREATE INDEX bf_boende_lagenhet ON bf_boende (lagenhet_id);
  CREATE INDEX bf_boende_overgang ON bf_boende (overgang_nasta) WHERE overgang_nasta IS NOT NULL;

  -- The support. It has a state of its own, and no foreign key that would end it with the tenancy.
  CREATE TABLE bf_stod (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    bf_boende_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    tillstand text NOT NULL,
    niva text,
    kontaktperson text,
    onskad_frekvens text,
    paborjat date,
    avslutat date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT bf_stod_boende FOREIGN KEY (bf_boende_id, hushall_id) REFERENCES bf_boende (id, hushall_id),
    CONSTRAINT bf_stod_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT bf_stod_ett_boende UNIQUE (bf_boende_id),
    CONSTRAINT bf_stod_tillstand CHECK (tillstand IN ('erbjudet', 'pagar', 'vilande', 'avslutat')),
    CONSTRAINT bf_stod_niva CHECK (niva IN ('hog', 'medel', 'lag')),
    CONSTRAINT bf_stod_pagar CHECK (tillstand <> 'pagar' OR num_nulls(niva, paborjat) = 0)
  );
  CREATE INDEX bf_stod_hushall_id ON bf_stod (hushall_id);

  CREATE TABLE overgangsprovning (
    id uuid PRIMARY KEY,
    bf_boende_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    provad date NOT NULL,
    utfall text NOT NULL,
    orsak text,
    nasta date,
    skapad timestamptz NOT NULL,
    CONSTRAINT overgangsprovning_boende FOREIGN KEY (bf_boende_id, hushall_id) REFERENCES bf_boende (id, hushall_id),
    CONSTRAINT overgangsprovning_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT overgangsprovning_utfall CHECK (utfall IN ('godkand', 'avslag')),
    CONSTRAINT overgangsprovning_orsak CHECK (orsak IN ('hyresskuld', 'storning', 'inkomst', 'referens', 'kortTid', 'annat')),
    CONSTRAINT overgangsprovning_avslag CHECK ((utfall = 'avslag') = (orsak IS NOT NULL) AND (utfall = 'avslag') = (nasta IS NOT NULL)),
    CONSTRAINT overgangsprovning_nasta CHECK (nasta > provad AND nasta <= provad + interval '6 months')
  );
  CREATE INDEX overgangsprovning_per_boende ON overgangsprovning (bf_boende_id, provad, id);
  CREATE INDEX overgangsprovning_hushall_id ON overgangsprovning (hushall_id);

  CREATE TABLE trohetsmatning (
    id uuid PRIMARY KEY,
    ar int NOT NULL CHECK (ar BETWEEN 2010 AND 2100),
    datum date NOT NULL,
    instrument text NOT NULL,
    domaner jsonb NOT NULL,
    poang int NOT NULL,
    max_poang int NOT NULL CHECK (max_poang > 0),
    atgarder text,
    skapad timestamptz NOT NULL,
    CONSTRAINT trohetsmatning_en_per_ar UNIQUE (ar, instrument),
    CONSTRAINT trohetsmatning_poang CHECK (poang BETWEEN 0 AND max_poang)
  );
`

const lettings = `
  -- Who has a home, and when. A reservation becomes the tenancy: the same row.
  CREATE TABLE upplatelse (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    lagenhet_id uuid NOT NULL REFERENCES lagenhet,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    stodlagenhet_id uuid,
    bf_boende_id uuid,
    slag text NOT NULL,
    fran date NOT NULL,
    till date,
    kontraktsform text,
    hyra_ore int CHECK (hyra_ore > 0),
    upphavd date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT upplatelse_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT upplatelse_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT upplatelse_bf_boende FOREIGN KEY (bf_boende_id, hushall_id) REFERENCES bf_boende (id, hushall_id),
    CONSTRAINT upplatelse_for_en CHECK (num_nonnulls(stodlagenhet_id, bf_boende_id) = 1),
    CONSTRAINT upplatelse_slag CHECK (slag IN ('reservation', 'boende')),
    CONSTRAINT upplatelse_kontraktsform CHECK (kontraktsform IN ('forstahand', 'andrahand', 'blockhyraAndrahand')),
    CONSTRAINT upplatelse_boende CHECK (slag <> 'boende' OR num_nulls(kontraktsform, hyra_ore) = 0),
    CONSTRAINT upplatelse_tid CHECK (till >= fran),
    -- No home is let, or promised, twice for the same day.
    CONSTRAINT upplatelse_en_i_taget EXCLUDE USING gist (lagenhet_id WITH =, daterange(fran, till, '[]') WITH &&) WHERE (upphavd IS NULL),
    -- Nor does anyone have two homes of the same kind at once.
    CONSTRAINT upplatelse_en_stodlagenhet EXCLUDE USING gist (stodlagenhet_id WITH =, daterange(fran, till, '[]') WITH &&) WHERE (upphavd IS NULL AND stodlagenhet_id IS NOT NULL),
    -- In Bostad Först the home is kept until the move to another, which is reserved meanwhile.
    CONSTRAINT upplatelse_ett_bf_boende EXCLUDE USING gist (bf_boende_id WITH =, slag WITH =, daterange(fran, till, '[]') WITH &&)
      WHERE (upphavd IS NULL AND bf_boende_id IS NOT NULL)
  );
  CREATE INDEX upplatelse_lagenhet ON upplatelse (lagenhet_id, fran);
  CREATE INDEX upplatelse_hushall_id ON upplatelse (hushall_id);
  CREATE INDEX upplatelse_stodlagenhet_id ON upplatelse (stodlagenhet_id, fran);
  CREATE INDEX upplatelse_bf_boende_id ON upplatelse (bf_boende_id, fran);

  ALTER TABLE utlamnande ADD COLUMN stodlagenhet_id uuid REFERENCES stodlagenhet;
  CREATE INDEX utlamnande_stodlagenhet ON utlamnande (stodlagenhet_id, part);

  -- A home is hidden as long as a protected household has it, or is promised it.
  CREATE FUNCTION lagenhet_skydd() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    UPDATE lagenhet l SET skyddad = s.skyddad
    FROM (SELECT b.id, EXISTS (SELECT FROM upplatelse u WHERE u.lagenhet_id = b.id AND u.skyddad AND u.upphavd IS NULL
        AND (u.till IS NULL OR u.till > coalesce(nullif(current_setting('hemvist.dag', true), '')::date, current_date)
          -- Who has not moved yet lives there still, and so does who has taken over the home.
          OR (b.tillstand IN ('uthyrd', 'uppsagd', 'overlaten') AND NOT EXISTS (SELECT FROM upplatelse v
            WHERE v.lagenhet_id = b.id AND v.upphavd IS NULL AND v.fran > u.fran)))) AS skyddad
      FROM lagenhet b WHERE b.id IN (SELECT lagenhet_id FROM nya)) s
    WHERE l.id = s.id AND l.skyddad <> s.skyddad;
    RETURN NULL;
  END $$;
  CREATE TRIGGER lagenhet_skydd_ny AFTER INSERT ON upplatelse
    REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION lagenhet_skydd();
  CREATE TRIGGER lagenhet_skydd_andrad AFTER UPDATE ON upplatelse
    REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION lagenhet_skydd();
`

const rights = `
  GRANT SELECT, INSERT, UPDATE ON lagenhet, stodlagenhet, bostadsforslag, avstaende, bf_boende, bf_stod, upplatelse
    TO hemvist_allman, hemvist_skyddad;
  -- Written once, never changed.
  GRANT SELECT, INSERT ON uppfoljning, boendehandelse, overgangsprovning, trohetsmatning TO hemvist_allman, hemvist_skyddad;

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['stodlagenhet', 'bostadsforslag', 'avstaende', 'uppfoljning', 'boendehandelse', 'bf_boende',
      'bf_stod', 'overgangsprovning', 'upplatelse'] LOOP
      EXECUTE format('CREATE POLICY nod ON %I TO hemvist_nod
        USING (hushall_id::text = ANY (string_to_array(current_setting(''hemvist.nodatkomst'', true), '','')))', tabell);
    END LOOP;
    FOREACH tabell IN ARRAY ARRAY['lagenhet', 'stodlagenhet', 'bostadsforslag', 'avstaende', 'uppfoljning', 'boendehandelse', 'bf_boende',
      'bf_stod', 'overgangsprovning', 'upplatelse'] LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabell);
      EXECUTE format('CREATE POLICY allman ON %I TO hemvist_allman USING (NOT skyddad) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE POLICY skyddad ON %I TO hemvist_skyddad USING (true) WITH CHECK (true)', tabell);
    END LOOP;
    FOREACH tabell IN ARRAY ARRAY['lagenhet', 'stodlagenhet', 'bostadsforslag', 'avstaende', 'uppfoljning', 'boendehandelse', 'bf_boende',
      'bf_stod', 'overgangsprovning', 'trohetsmatning', 'upplatelse'] LOOP
      EXECUTE format('CREATE TRIGGER historik_ny AFTER INSERT ON %I
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_andrad AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_gallrad AFTER DELETE ON %I
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
    END LOOP;
  END $$;
`
