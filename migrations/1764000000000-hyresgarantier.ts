import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The register of households, landlords, rent guarantees, claims and half-year reviews.
 *
 * `skyddad` is copied from the household to every row about it by composite foreign keys with ON UPDATE CASCADE: the
 * copy cannot be wrong, and raising a person's protection hides all of it in the same statement. Row-level security
 * then needs to look at one column of the row itself.
 */
export class Hyresgarantier1764000000000 implements MigrationInterface {
  name = 'Hyresgarantier1764000000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(roles)
    await db.query(tables)
    await db.query(history)
    await db.query(rights)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE idempotensnyckel, jobb, genomgang, genomgangsomgang, regressbetalning, regressfordran, garantikrav,
        hyresgaranti, kriterieuppsattning, hyresvard, person, hushall, historik;
      DROP SEQUENCE avtalsnummer_seq;
      DROP FUNCTION historik_skriv(), historik_partition(date);
    `)
  }
}

/** Roles belong to the server, not to the database, and outlive it: another database may already have made them. */
const roles = `
  DO $$ BEGIN
    CREATE ROLE hemvist_allman NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
  DO $$ BEGIN
    CREATE ROLE hemvist_skyddad NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
  DO $$ BEGIN
    GRANT hemvist_allman, hemvist_skyddad TO CURRENT_USER;
  EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$;
`

const tables = `
  CREATE TABLE hushall (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    skyddad boolean NOT NULL,
    bostadslos_sedan date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT hushall_skydd UNIQUE (id, skyddad)
  );

  CREATE TABLE person (
    id uuid PRIMARY KEY,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    personnummer_krypterat text NOT NULL,
    personnummer_hash text NOT NULL,
    fornamn text NOT NULL,
    efternamn text NOT NULL,
    roll text NOT NULL,
    skyddsniva text NOT NULL,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT person_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT person_i_hushall UNIQUE (id, hushall_id),
    CONSTRAINT person_roll CHECK (roll IN ('sokande', 'medsokande', 'barn', 'vuxen')),
    CONSTRAINT person_skyddsniva CHECK (skyddsniva IN ('ingen', 'sekretessmarkering', 'skyddadFolkbokforing')),
    CONSTRAINT person_skydd CHECK (skyddsniva = 'ingen' OR skyddad)
  );
  -- One person once. A protected person is not in the index: a refusal would tell that it exists.
  CREATE UNIQUE INDEX person_en_gang ON person (personnummer_hash) WHERE NOT skyddad;
  CREATE INDEX person_sokning ON person (personnummer_hash);
  CREATE INDEX person_hushall_id ON person (hushall_id);
  CREATE UNIQUE INDEX person_en_sokande ON person (hushall_id) WHERE roll = 'sokande';

  CREATE TABLE hyresvard (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    namn text NOT NULL,
    organisationsnummer text NOT NULL,
    fastighetsagartyp text NOT NULL,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT hyresvard_organisationsnummer UNIQUE (organisationsnummer),
    CONSTRAINT hyresvard_fastighetsagartyp
      CHECK (fastighetsagartyp IN ('allmannytta', 'privat', 'kommun', 'stiftelse', 'ovrig'))
  );
  CREATE INDEX hyresvard_namn ON hyresvard (namn, id);

  CREATE TABLE kriterieuppsattning (
    id uuid PRIMARY KEY,
    hyresvard_id uuid NOT NULL REFERENCES hyresvard,
    nummer int NOT NULL,
    giltig_fran date NOT NULL,
    min_manader_i_tid int CHECK (min_manader_i_tid BETWEEN 0 AND 120),
    max_storningar int CHECK (max_storningar BETWEEN 0 AND 1000),
    max_hyresskuld_ore int CHECK (max_hyresskuld_ore >= 0),
    min_garantitid_manader int CHECK (min_garantitid_manader BETWEEN 0 AND 120),
    krav_hemforsakring boolean,
    skapad timestamptz NOT NULL,
    CONSTRAINT kriterieuppsattning_nummer UNIQUE (hyresvard_id, nummer)
  );
  CREATE INDEX kriterieuppsattning_giltig ON kriterieuppsattning (hyresvard_id, giltig_fran DESC, nummer DESC);

  CREATE SEQUENCE avtalsnummer_seq;

  CREATE TABLE hyresgaranti (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    avtalsnummer text NOT NULL,
    diarienummer text,
    tillstand text NOT NULL,
    ursprung text NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    person_id uuid NOT NULL,
    medsokande_id uuid,
    hyresvard_id uuid REFERENCES hyresvard,
    garantityp text NOT NULL,
    lagrum text NOT NULL,
    overklagandetyp text NOT NULL,
    borgenstyp text,
    adress text,
    lagenhetsnummer text,
    lagenhetstyp text,
    kontraktsform text,
    manadshyra_ore int,
    garanterade_manader int NOT NULL,
    giltig_fran date,
    giltig_till date,
    max_belopp_ore int,
    reserverat_ore int NOT NULL,
    utbetalt_ore int NOT NULL,
    skal_kod text,
    tidigare_boende_kod text,
    ekonomisk_bedomning_kod text,
    utan_forsorjningsstod boolean,
    ansokan_datum date,
    beslut_datum date NOT NULL,
    beslutsfattare text NOT NULL,
    delegationspunkt text,
    beviljad_giltig_till date NOT NULL,
    avtal_tecknat_datum date,
    kriterieuppsattning_id uuid REFERENCES kriterieuppsattning,
    bidrag_status text NOT NULL,
    bidrag_sokt date,
    bidrag_beviljat_ore int,
    avslut_foreslaget_datum date,
    vardens_svar text,
    vardens_svar_datum date,
    vardens_svar_orsak text,
    uppsagd_datum date,
    uppsagd_till date,
    avslutsorsak text,
    avslutsmotivering text,
    avslutad_datum date,
    varnad_dagar int,
    varnad_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT hyresgaranti_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT hyresgaranti_person FOREIGN KEY (person_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT hyresgaranti_medsokande FOREIGN KEY (medsokande_id, hushall_id) REFERENCES person (id, hushall_id),
    CONSTRAINT hyresgaranti_agare UNIQUE (id, hushall_id, hyresvard_id, skyddad),
    CONSTRAINT hyresgaranti_avtalsnummer UNIQUE (avtalsnummer),
    CONSTRAINT hyresgaranti_tillstand CHECK (tillstand IN ('beviljad', 'aktiv', 'avslutForeslaget', 'uppsagd',
      'avslutadKriterier', 'avslutadOverenskommelse', 'upphordTid', 'upphordHyresavtal', 'upphordUppsagd', 'forbrukad', 'forfallen')),
    CONSTRAINT hyresgaranti_ursprung CHECK (ursprung IN ('registrerad', 'import')),
    CONSTRAINT hyresgaranti_garantityp CHECK (garantityp IN ('bistand', 'kommunal')),
    CONSTRAINT hyresgaranti_overklagandetyp
      CHECK (overklagandetyp IN ('forvaltningsbesvar', 'laglighetsprovning', 'ejOverklagbar')),
    CONSTRAINT hyresgaranti_borgenstyp CHECK (borgenstyp IN ('enkel', 'proprie')),
    CONSTRAINT hyresgaranti_kontraktsform CHECK (kontraktsform IN ('forstahand', 'andrahand')),
    CONSTRAINT hyresgaranti_kommunal_forstahand CHECK (garantityp <> 'kommunal' OR kontraktsform IS DISTINCT FROM 'andrahand'),
    CONSTRAINT hyresgaranti_garanterade_manader CHECK (garanterade_manader BETWEEN 1 AND 12),
    CONSTRAINT hyresgaranti_hyra CHECK (manadshyra_ore > 0),
    CONSTRAINT hyresgaranti_period CHECK (giltig_till > giltig_fran),
    CONSTRAINT hyresgaranti_avtalsdag CHECK (avtal_tecknat_datum >= beslut_datum OR ursprung = 'import'),
    CONSTRAINT hyresgaranti_avtal_i_kraft CHECK (tillstand IN ('beviljad', 'forfallen')
      OR num_nulls(hyresvard_id, borgenstyp, manadshyra_ore, giltig_fran, giltig_till, max_belopp_ore, avtal_tecknat_datum) = 0),
    CONSTRAINT hyresgaranti_belopp CHECK (reserverat_ore >= 0 AND utbetalt_ore >= 0
      AND reserverat_ore + utbetalt_ore <= coalesce(max_belopp_ore, 0)),
    CONSTRAINT hyresgaranti_bidrag_status CHECK (bidrag_status IN ('ejAktuellt', 'attSoka', 'sokt', 'beviljat', 'avslaget')),
    CONSTRAINT hyresgaranti_vardens_svar CHECK (vardens_svar IN ('godkant', 'avvisat')),
    CONSTRAINT hyresgaranti_avslutsorsak CHECK (avslutsorsak IN ('kriterierUppfyllda', 'overenskommelse', 'tidenUte',
      'hyresavtaletUpphort', 'uppsagd', 'forbrukad', 'ingetAvtal')),
    CONSTRAINT hyresgaranti_avslutad CHECK ((tillstand IN ('beviljad', 'aktiv', 'avslutForeslaget', 'uppsagd'))
      = (avslutsorsak IS NULL) AND (avslutsorsak IS NULL) = (avslutad_datum IS NULL)),
    CONSTRAINT hyresgaranti_uppsagd CHECK (tillstand <> 'uppsagd' OR num_nulls(uppsagd_datum, uppsagd_till) = 0),
    CONSTRAINT hyresgaranti_oppna_krav CHECK (avslutsorsak IS DISTINCT FROM 'kriterierUppfyllda' OR reserverat_ore = 0)
  );
  CREATE INDEX hyresgaranti_hushall_id ON hyresgaranti (hushall_id);
  CREATE INDEX hyresgaranti_tillstand_nummer ON hyresgaranti (tillstand, avtalsnummer);
  CREATE INDEX hyresgaranti_hyresvard_nummer ON hyresgaranti (hyresvard_id, avtalsnummer);
  CREATE INDEX hyresgaranti_hyresvard_tillstand ON hyresgaranti (hyresvard_id, tillstand, avtalsnummer);
  CREATE INDEX hyresgaranti_garantityp_nummer ON hyresgaranti (garantityp, avtalsnummer);
  CREATE INDEX hyresgaranti_giltig_till ON hyresgaranti (giltig_till, id);
  CREATE INDEX hyresgaranti_skapad ON hyresgaranti (skapad, id);
  CREATE INDEX hyresgaranti_avslutad ON hyresgaranti (avslutad_datum) WHERE avslutad_datum IS NOT NULL;

  CREATE TABLE garantikrav (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    hyresgaranti_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    hyresvard_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    hyresmanad text NOT NULL CHECK (hyresmanad ~ '^\\d{4}-\\d{2}$'),
    tillstand text NOT NULL,
    kravt_belopp_ore int NOT NULL CHECK (kravt_belopp_ore > 0),
    godkant_belopp_ore int,
    indrivningsbevis_ref text,
    inkommet date NOT NULL,
    beslut_datum date,
    beslutsfattare text,
    beslutsmotivering text,
    avvisningsorsak text,
    utbetalt_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT garantikrav_hyresgaranti FOREIGN KEY (hyresgaranti_id, hushall_id, hyresvard_id, skyddad)
      REFERENCES hyresgaranti (id, hushall_id, hyresvard_id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT garantikrav_agare UNIQUE (id, hyresgaranti_id, hushall_id, hyresvard_id, skyddad),
    CONSTRAINT garantikrav_tillstand
      CHECK (tillstand IN ('inkommet', 'granskas', 'godkant', 'utbetalt', 'avvisat', 'aterkallat')),
    CONSTRAINT garantikrav_godkant CHECK (godkant_belopp_ore > 0 AND godkant_belopp_ore <= kravt_belopp_ore),
    CONSTRAINT garantikrav_beslutat CHECK (tillstand NOT IN ('godkant', 'utbetalt')
      OR num_nulls(godkant_belopp_ore, beslut_datum, beslutsfattare) = 0),
    CONSTRAINT garantikrav_utbetalt CHECK ((tillstand = 'utbetalt') = (utbetalt_datum IS NOT NULL)),
    CONSTRAINT garantikrav_avvisat CHECK ((tillstand = 'avvisat') = (avvisningsorsak IS NOT NULL))
  );
  CREATE UNIQUE INDEX garantikrav_en_gang_per_manad ON garantikrav (hyresgaranti_id, hyresmanad)
    WHERE tillstand NOT IN ('avvisat', 'aterkallat');
  CREATE INDEX garantikrav_per_garanti ON garantikrav (hyresgaranti_id, hyresmanad, id);
  CREATE INDEX garantikrav_inkommet ON garantikrav (inkommet);
  CREATE INDEX garantikrav_utbetalt_datum ON garantikrav (utbetalt_datum) WHERE utbetalt_datum IS NOT NULL;

  CREATE TABLE regressfordran (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    garantikrav_id uuid NOT NULL,
    hyresgaranti_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    hyresvard_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    tillstand text NOT NULL,
    belopp_ore int NOT NULL CHECK (belopp_ore > 0),
    betalt_ore int NOT NULL,
    uppkommen date NOT NULL,
    preskriberas date NOT NULL,
    eftergift_datum date,
    eftergift_motivering text,
    eftergift_beslutsfattare text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT regressfordran_garantikrav FOREIGN KEY (garantikrav_id, hyresgaranti_id, hushall_id, hyresvard_id, skyddad)
      REFERENCES garantikrav (id, hyresgaranti_id, hushall_id, hyresvard_id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT regressfordran_agare UNIQUE (id, hyresgaranti_id, hushall_id, skyddad),
    CONSTRAINT regressfordran_ett_krav UNIQUE (garantikrav_id),
    CONSTRAINT regressfordran_tillstand
      CHECK (tillstand IN ('oppnad', 'avbetalning', 'reglerad', 'efterskankt', 'tillKronofogden', 'avskrivenPreskriberad')),
    CONSTRAINT regressfordran_betalt CHECK (betalt_ore BETWEEN 0 AND belopp_ore),
    CONSTRAINT regressfordran_reglerad CHECK ((tillstand = 'reglerad') = (betalt_ore = belopp_ore)),
    CONSTRAINT regressfordran_eftergift CHECK ((tillstand = 'efterskankt') = (eftergift_datum IS NOT NULL)
      AND (eftergift_datum IS NULL OR num_nulls(eftergift_motivering, eftergift_beslutsfattare) = 0))
  );
  CREATE INDEX regressfordran_per_garanti ON regressfordran (hyresgaranti_id);
  CREATE INDEX regressfordran_uppkommen ON regressfordran (uppkommen, id);

  CREATE TABLE regressbetalning (
    id uuid PRIMARY KEY,
    regressfordran_id uuid NOT NULL,
    hyresgaranti_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    belopp_ore int NOT NULL CHECK (belopp_ore > 0),
    betald date NOT NULL,
    referens text,
    skapad timestamptz NOT NULL,
    CONSTRAINT regressbetalning_regressfordran FOREIGN KEY (regressfordran_id, hyresgaranti_id, hushall_id, skyddad)
      REFERENCES regressfordran (id, hyresgaranti_id, hushall_id, skyddad) ON UPDATE CASCADE
  );
  CREATE INDEX regressbetalning_per_fordran ON regressbetalning (regressfordran_id, betald);

  CREATE TABLE genomgangsomgang (
    period text PRIMARY KEY CHECK (period ~ '^\\d{4}H[12]$'),
    oppnad date NOT NULL,
    stanger date NOT NULL CHECK (stanger > oppnad),
    skapad timestamptz NOT NULL
  );

  CREATE TABLE genomgang (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    period text NOT NULL REFERENCES genomgangsomgang,
    hyresgaranti_id uuid NOT NULL,
    hushall_id uuid NOT NULL,
    hyresvard_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    tillstand text NOT NULL,
    tillstand_sedan date NOT NULL,
    manader_i_tid int CHECK (manader_i_tid BETWEEN 0 AND 120),
    forsenade_betalningar int CHECK (forsenade_betalningar BETWEEN 0 AND 1000),
    storningar int CHECK (storningar BETWEEN 0 AND 1000),
    hyresskuld_ore int CHECK (hyresskuld_ore >= 0),
    hemforsakring boolean,
    rekommenderar_avslut boolean,
    kommentar text,
    besvarad timestamptz,
    besvarad_av text,
    paminnd date,
    utfall text,
    motivering text,
    beslutad timestamptz,
    beslutad_av text,
    kriterieuppsattning_id uuid REFERENCES kriterieuppsattning,
    bedomning jsonb,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT genomgang_hyresgaranti FOREIGN KEY (hyresgaranti_id, hushall_id, hyresvard_id, skyddad)
      REFERENCES hyresgaranti (id, hushall_id, hyresvard_id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT genomgang_en_per_period UNIQUE (hyresgaranti_id, period),
    CONSTRAINT genomgang_tillstand CHECK (tillstand IN ('vantar', 'besvarad', 'klar', 'forfallen')),
    CONSTRAINT genomgang_utfall CHECK (utfall IN ('avsluta', 'fortsatt', 'atgard', 'utgick')),
    CONSTRAINT genomgang_besvarad CHECK (num_nulls(besvarad, besvarad_av, manader_i_tid, forsenade_betalningar,
      storningar, hyresskuld_ore, rekommenderar_avslut) IN (0, 7) AND (tillstand <> 'besvarad' OR besvarad IS NOT NULL)),
    CONSTRAINT genomgang_klar
      CHECK ((tillstand = 'klar') = (utfall IS NOT NULL) AND num_nulls(utfall, motivering, beslutad, beslutad_av) IN (0, 4))
  );
  CREATE INDEX genomgang_period ON genomgang (period, tillstand, id);
  CREATE INDEX genomgang_oppen ON genomgang (hyresvard_id, period, id) WHERE tillstand <> 'klar';
  CREATE INDEX genomgang_oppet_tillstand ON genomgang (tillstand, period, id) WHERE tillstand <> 'klar';

  CREATE TABLE jobb (
    namn text PRIMARY KEY,
    senast_lyckad timestamptz NOT NULL,
    dag date NOT NULL,
    resultat jsonb NOT NULL
  );

  CREATE TABLE idempotensnyckel (
    klient text NOT NULL,
    nyckel text NOT NULL,
    begaran_hash text NOT NULL,
    svar_krypterat text NOT NULL,
    skapad timestamptz NOT NULL,
    PRIMARY KEY (klient, nyckel)
  );
  CREATE INDEX idempotensnyckel_skapad ON idempotensnyckel (skapad);
`

/**
 * Statement-level triggers: a job that changes 100 000 rows writes its history in one statement too.
 * OFFSET 0 keeps each row's JSON from being made again at every use of it: a third of the time of a large write.
 * The function is SECURITY DEFINER because the application's roles may not write to the table themselves.
 */
const history = `
  CREATE TABLE historik (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tid timestamptz NOT NULL,
    tabell text NOT NULL,
    rad_id text NOT NULL,
    rot_id text NOT NULL,
    hushall_id uuid,
    atgard text NOT NULL,
    av text NOT NULL,
    spar text,
    fore jsonb,
    efter jsonb,
    PRIMARY KEY (tid, id)
  ) PARTITION BY RANGE (tid);
  CREATE INDEX historik_rot ON historik (rot_id, tid, id);
  CREATE TABLE historik_utan_manad PARTITION OF historik DEFAULT;

  -- The month of a day gets a partition of its own, ahead of time.
  CREATE FUNCTION historik_partition(dag date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    fran date := date_trunc('month', dag)::date;
    namn text := 'historik_' || to_char(fran, 'YYYY_MM');
  BEGIN
    IF to_regclass(namn) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF historik FOR VALUES FROM (%L) TO (%L)',
      namn, fran::timestamp AT TIME ZONE 'UTC', (fran + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    RETURN true;
  END $$;
  REVOKE ALL ON FUNCTION historik_partition(date) FROM PUBLIC;

  CREATE FUNCTION historik_skriv() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    hemligt text[] := ARRAY['personnummer_krypterat', 'personnummer_hash'];
    vem text := coalesce(nullif(current_setting('hemvist.av', true), ''), session_user);
    vad text := nullif(current_setting('hemvist.atgard', true), '');
    spar_id text := nullif(current_setting('hemvist.spar', true), '');
  BEGIN
    IF TG_OP = 'INSERT' THEN
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, efter)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(j->>'id', j->>'period'),
        coalesce(j->>'hyresgaranti_id', j->>'id', j->>'period'),
        coalesce(j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN j->>'id' END)::uuid,
        coalesce(vad, 'registrera'), vem, spar_id, jsonb_strip_nulls(j)
      FROM (SELECT to_jsonb(n) - hemligt AS j FROM nya n OFFSET 0) AS rader;
    ELSIF TG_OP = 'UPDATE' THEN
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, fore, efter)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(n.j->>'id', n.j->>'period'),
        coalesce(n.j->>'hyresgaranti_id', n.j->>'id', n.j->>'period'),
        coalesce(n.j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN n.j->>'id' END)::uuid,
        coalesce(vad, 'andra'), vem, spar_id, skillnad.fore, skillnad.efter
      FROM (SELECT to_jsonb(x) - hemligt AS j FROM nya x OFFSET 0) AS n
      JOIN (SELECT to_jsonb(x) - hemligt AS j FROM gamla x OFFSET 0) AS g
        ON coalesce(g.j->>'id', g.j->>'period') = coalesce(n.j->>'id', n.j->>'period')
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(f.key, f.value) AS fore, jsonb_object_agg(f.key, n.j->f.key) AS efter
        FROM jsonb_each(g.j) AS f WHERE f.value IS DISTINCT FROM n.j->f.key
      ) AS skillnad
      WHERE skillnad.fore IS NOT NULL;
    ELSE
      INSERT INTO historik (tid, tabell, rad_id, rot_id, hushall_id, atgard, av, spar, fore)
      SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(j->>'id', j->>'period'),
        coalesce(j->>'hyresgaranti_id', j->>'id', j->>'period'),
        coalesce(j->>'hushall_id', CASE WHEN TG_TABLE_NAME = 'hushall' THEN j->>'id' END)::uuid,
        coalesce(vad, 'gallra'), vem, spar_id, j
      FROM (SELECT to_jsonb(n) - hemligt AS j FROM gamla n OFFSET 0) AS rader;
    END IF;
    RETURN NULL;
  END $$;

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['hushall', 'person', 'hyresvard', 'kriterieuppsattning', 'hyresgaranti', 'garantikrav',
      'regressfordran', 'regressbetalning', 'genomgangsomgang', 'genomgang'] LOOP
      EXECUTE format('CREATE TRIGGER historik_ny AFTER INSERT ON %I
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_andrad AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_gallrad AFTER DELETE ON %I
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
    END LOOP;
  END $$;
`

const rights = `
  GRANT USAGE ON SCHEMA public TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, UPDATE ON hushall, person, hyresvard, hyresgaranti, garantikrav, regressfordran, genomgang
    TO hemvist_allman, hemvist_skyddad;
  -- Written once, never changed.
  GRANT SELECT, INSERT ON kriterieuppsattning, regressbetalning, genomgangsomgang TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT ON historik TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, DELETE ON idempotensnyckel TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, UPDATE ON jobb TO hemvist_allman, hemvist_skyddad;
  GRANT USAGE ON SEQUENCE avtalsnummer_seq TO hemvist_allman, hemvist_skyddad;
  GRANT EXECUTE ON FUNCTION historik_partition(date) TO hemvist_skyddad;

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['hushall', 'person', 'hyresgaranti', 'garantikrav', 'regressfordran',
      'regressbetalning', 'genomgang'] LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabell);
      -- The ordinary role may make a row protected (and then no longer see it), never see or change one that is.
      EXECUTE format('CREATE POLICY allman ON %I TO hemvist_allman USING (NOT skyddad) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE POLICY skyddad ON %I TO hemvist_skyddad USING (true) WITH CHECK (true)', tabell);
    END LOOP;
  END $$;
  ALTER TABLE historik ENABLE ROW LEVEL SECURITY;
  -- The ordinary role sees only its own households here, and no row means protected: a failed look-up hides.
  CREATE POLICY allman ON historik TO hemvist_allman
    USING (hushall_id IS NULL OR EXISTS (SELECT FROM hushall WHERE hushall.id = historik.hushall_id));
  CREATE POLICY skyddad ON historik TO hemvist_skyddad USING (true);
`
