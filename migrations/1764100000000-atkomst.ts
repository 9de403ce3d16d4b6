import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Who has read about whom (the read log), what was given to other parties, and access in an emergency. */
export class Atkomst1764100000000 implements MigrationInterface {
  name = 'Atkomst1764100000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(readLog)
    await db.query(tables)
    await db.query(addresses)
    await db.query(rights)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP POLICY nod ON hushall; DROP POLICY nod ON person; DROP POLICY nod ON hyresgaranti; DROP POLICY nod ON garantikrav;
      DROP POLICY nod ON regressfordran; DROP POLICY nod ON regressbetalning; DROP POLICY nod ON genomgang;
      DROP TRIGGER ingen_adress ON hyresgaranti;
      DROP TRIGGER ingen_adress ON person;
      DROP FUNCTION ingen_adress(), ta_bort_adresser();
      DROP TABLE stickprovspost, stickprov, nodatkomst, utlamnande;
      DROP FUNCTION atkomst_kontroll(), atkomst_skriv(jsonb), atkomst_partition(date);
      DROP FUNCTION atkomst_text(atkomstlogg);
      DROP TABLE atkomstlogg, atkomstsats;
    `)
  }
}

/**
 * Written only by `atkomst_skriv`, a batch at a time. Each batch's hash covers its rows and the hash before it, so a
 * row that is changed, added or removed afterwards breaks the chain from there on.
 */
const readLog = `
  CREATE TABLE atkomstsats (
    nr bigint PRIMARY KEY,
    tid timestamptz NOT NULL,
    antal int NOT NULL,
    foregaende text NOT NULL,
    hash text NOT NULL
  );

  CREATE TABLE atkomstlogg (
    id bigint NOT NULL,
    sats bigint NOT NULL,
    tid timestamptz NOT NULL,
    sub text NOT NULL,
    part text NOT NULL,
    part_id text,
    klient text NOT NULL,
    metod text NOT NULL,
    vag text NOT NULL,
    hushall_ids uuid[] NOT NULL,
    spar text NOT NULL,
    PRIMARY KEY (tid, id)
  ) PARTITION BY RANGE (tid);
  CREATE INDEX atkomstlogg_sats ON atkomstlogg (sats);
  CREATE INDEX atkomstlogg_sub ON atkomstlogg (sub, tid);
  CREATE INDEX atkomstlogg_hushall ON atkomstlogg USING gin (hushall_ids);
  CREATE TABLE atkomstlogg_utan_manad PARTITION OF atkomstlogg DEFAULT;

  CREATE FUNCTION atkomst_partition(dag date) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    fran date := date_trunc('month', dag)::date;
    namn text := 'atkomstlogg_' || to_char(fran, 'YYYY_MM');
  BEGIN
    IF to_regclass(namn) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE %I PARTITION OF atkomstlogg FOR VALUES FROM (%L) TO (%L)',
      namn, fran::timestamp AT TIME ZONE 'UTC', (fran + interval '1 month')::timestamp AT TIME ZONE 'UTC');
    RETURN true;
  END $$;

  -- A row as the text that is hashed: every column, none of them able to run into the next.
  CREATE FUNCTION atkomst_text(r atkomstlogg) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(r.id, r.sats, extract(epoch FROM r.tid), r.sub, r.part, r.part_id, r.klient, r.metod, r.vag,
      to_jsonb(r.hushall_ids), r.spar)::text
  $$;

  CREATE FUNCTION atkomst_skriv(rader jsonb) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    forra atkomstsats;
    nummer bigint;
    nu timestamptz;
    nytt text;
  BEGIN
    -- One batch at a time over all instances: each must know the one before it.
    PERFORM pg_advisory_xact_lock(7402613);
    SELECT * INTO forra FROM atkomstsats ORDER BY nr DESC LIMIT 1;
    nummer := coalesce(forra.nr, 0) + 1;
    nu := clock_timestamp();
    WITH nya AS (
      INSERT INTO atkomstlogg (id, sats, tid, sub, part, part_id, klient, metod, vag, hushall_ids, spar)
      SELECT nummer * 10000 + nr, nummer, nu, r->>'sub', r->>'part', r->>'partId', r->>'klient', r->>'metod', r->>'vag',
        ARRAY(SELECT jsonb_array_elements_text(r->'hushallIds')::uuid), r->>'spar'
      FROM jsonb_array_elements(rader) WITH ORDINALITY AS e (r, nr)
      RETURNING atkomstlogg.*
    )
    SELECT string_agg(atkomst_text(n::atkomstlogg), E'\\n' ORDER BY n.id) INTO nytt FROM nya n;
    INSERT INTO atkomstsats (nr, tid, antal, foregaende, hash)
    VALUES (nummer, nu, jsonb_array_length(rader), coalesce(forra.hash, ''),
      encode(sha256(convert_to(coalesce(forra.hash, '') || E'\\n' || nytt, 'UTF8')), 'hex'));
    RETURN nummer;
  END $$;

  -- The whole chain: how many batches, the first that does not hold, and the last hash, to be kept elsewhere.
  CREATE FUNCTION atkomst_kontroll() RETURNS TABLE (satser bigint, rader bigint, bruten bigint, senaste bigint, hash text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH kedja AS (
      SELECT s.nr, s.antal, s.hash, s.foregaende, lag(s.hash, 1, '') OVER (ORDER BY s.nr) AS vantad, lag(s.nr, 1, 0::bigint) OVER (ORDER BY s.nr) AS forra,
        l.antal AS finns, l.text
      FROM atkomstsats s
      LEFT JOIN (SELECT sats, count(*) AS antal, string_agg(atkomst_text(r), E'\\n' ORDER BY r.id) AS text FROM atkomstlogg r GROUP BY sats) l
        ON l.sats = s.nr
    )
    SELECT count(*), coalesce(sum(finns), 0)::bigint + (SELECT count(*) FROM atkomstlogg r WHERE NOT EXISTS (SELECT FROM atkomstsats s WHERE s.nr = r.sats)),
      least(
        min(nr) FILTER (WHERE forra <> nr - 1 OR foregaende <> vantad OR antal IS DISTINCT FROM finns
          OR hash <> encode(sha256(convert_to(foregaende || E'\\n' || text, 'UTF8')), 'hex')),
        (SELECT min(r.sats) FROM atkomstlogg r WHERE NOT EXISTS (SELECT FROM atkomstsats s WHERE s.nr = r.sats))),
      max(nr), (SELECT k.hash FROM kedja k ORDER BY nr DESC LIMIT 1)
    FROM kedja
  $$;
`

const tables = `
  CREATE TABLE utlamnande (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    part text NOT NULL,
    part_id uuid,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    hyresgaranti_id uuid REFERENCES hyresgaranti,
    falt text[] NOT NULL,
    grund text NOT NULL,
    skal text,
    beslutad_av text NOT NULL,
    tid timestamptz NOT NULL,
    aterkallat timestamptz,
    aterkallat_av text,
    aterkallat_skal text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT utlamnande_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT utlamnande_part CHECK (part IN ('hyresvard', 'serviceforvaltningen', 'kriscentrum', 'frivillig')),
    CONSTRAINT utlamnande_grund CHECK (grund IN ('samtycke', 'nodvandigt', 'lag', 'menprovning')),
    CONSTRAINT utlamnande_falt CHECK (cardinality(falt) > 0),
    CONSTRAINT utlamnande_aterkallat CHECK (num_nulls(aterkallat, aterkallat_av, aterkallat_skal) IN (0, 3))
  );
  CREATE INDEX utlamnande_hushall_id ON utlamnande (hushall_id, tid);
  CREATE INDEX utlamnande_tid ON utlamnande (tid, id);
  CREATE INDEX utlamnande_hyresgaranti ON utlamnande (hyresgaranti_id, part, part_id);

  -- What was concerned before disclosures were written down: each signed guarantee, to its landlord.
  INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, hyresgaranti_id, falt, grund, beslutad_av, tid, skapad, andrad)
  SELECT gen_random_uuid(), 1, 'hyresvard', hyresvard_id, hushall_id, skyddad, id,
    ARRAY['avtalsnummer', 'adress', 'lagenhetsnummer', 'manadshyraOre'], 'nodvandigt', 'hemvist', now(), now(), now()
  FROM hyresgaranti WHERE tillstand NOT IN ('beviljad', 'forfallen') AND NOT skyddad;

  CREATE TABLE nodatkomst (
    id uuid PRIMARY KEY,
    sub text NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    skal text NOT NULL,
    fran timestamptz NOT NULL,
    till timestamptz NOT NULL CHECK (till > fran),
    sedd timestamptz,
    sedd_av text,
    skapad timestamptz NOT NULL,
    CONSTRAINT nodatkomst_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE
  );
  CREATE INDEX nodatkomst_till ON nodatkomst (till);

  CREATE TABLE stickprov (
    id uuid PRIMARY KEY,
    manad text NOT NULL CHECK (manad ~ '^\\d{4}-\\d{2}$'),
    draget timestamptz NOT NULL,
    draget_av text NOT NULL,
    CONSTRAINT stickprov_en_per_manad UNIQUE (manad)
  );
  CREATE TABLE stickprovspost (
    id uuid PRIMARY KEY,
    stickprov_id uuid NOT NULL REFERENCES stickprov,
    logg_id bigint NOT NULL,
    logg_tid timestamptz NOT NULL,
    skal text NOT NULL,
    bedomning text,
    kommentar text,
    granskad timestamptz,
    granskad_av text,
    CONSTRAINT stickprovspost_en_gang UNIQUE (stickprov_id, logg_id),
    CONSTRAINT stickprovspost_skal CHECK (skal IN ('slump', 'utanArende', 'skyddadPerson', 'sammaEfternamn', 'mangaPaKortTid')),
    CONSTRAINT stickprovspost_bedomning CHECK (bedomning IN ('motiverad', 'omotiverad', 'utreds')),
    CONSTRAINT stickprovspost_granskad CHECK (num_nulls(bedomning, granskad, granskad_av) IN (0, 3))
  );
`

/**
 * With skyddad folkbokföring no address is kept. The database drops it without a word: an import by someone who may not
 * know of the protection must be answered as any other. Whoever may know is refused by the service instead.
 */
const addresses = `
  CREATE FUNCTION ingen_adress() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    IF NEW.skyddad AND (NEW.adress IS NOT NULL OR NEW.lagenhetsnummer IS NOT NULL) AND EXISTS (
      SELECT FROM person WHERE hushall_id = NEW.hushall_id AND skyddsniva = 'skyddadFolkbokforing') THEN
      NEW.adress := NULL;
      NEW.lagenhetsnummer := NULL;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER ingen_adress BEFORE INSERT OR UPDATE OF adress, lagenhetsnummer ON hyresgaranti
    FOR EACH ROW EXECUTE FUNCTION ingen_adress();

  CREATE FUNCTION ta_bort_adresser() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    UPDATE hyresgaranti SET adress = NULL, lagenhetsnummer = NULL, version = version + 1
      WHERE hushall_id = NEW.hushall_id AND (adress IS NOT NULL OR lagenhetsnummer IS NOT NULL);
    RETURN NULL;
  END $$;
  CREATE TRIGGER ingen_adress AFTER INSERT OR UPDATE OF skyddsniva ON person
    FOR EACH ROW WHEN (NEW.skyddsniva = 'skyddadFolkbokforing') EXECUTE FUNCTION ta_bort_adresser();
`

const rights = `
  -- A caseworker with access in an emergency: as everyone else, and the households that the connection is made for.
  DO $$ BEGIN
    CREATE ROLE hemvist_nod NOLOGIN;
  EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
  DO $$ BEGIN
    GRANT hemvist_allman TO hemvist_nod;
    GRANT hemvist_nod TO CURRENT_USER;
  EXCEPTION WHEN unique_violation OR invalid_grant_operation THEN NULL; END $$;

  REVOKE ALL ON FUNCTION atkomst_skriv(jsonb), atkomst_partition(date), atkomst_kontroll() FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION atkomst_skriv(jsonb), atkomst_kontroll() TO hemvist_allman, hemvist_skyddad;
  GRANT EXECUTE ON FUNCTION atkomst_partition(date) TO hemvist_skyddad;
  -- Append-only for the application: not even INSERT, only the function.
  GRANT SELECT ON atkomstlogg, atkomstsats TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, UPDATE ON utlamnande, nodatkomst, stickprovspost TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT ON stickprov TO hemvist_allman, hemvist_skyddad;

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['utlamnande', 'nodatkomst'] LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabell);
      EXECUTE format('CREATE POLICY allman ON %I TO hemvist_allman USING (NOT skyddad) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE POLICY skyddad ON %I TO hemvist_skyddad USING (true) WITH CHECK (true)', tabell);
    END LOOP;
    FOREACH tabell IN ARRAY ARRAY['utlamnande', 'nodatkomst', 'stickprov', 'stickprovspost'] LOOP
      EXECUTE format('CREATE TRIGGER historik_ny AFTER INSERT ON %I
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_andrad AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_gallrad AFTER DELETE ON %I
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
    END LOOP;
  END $$;

  CREATE POLICY nod ON hushall TO hemvist_nod
    USING (id::text = ANY (string_to_array(current_setting('hemvist.nodatkomst', true), ',')));
  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['person', 'hyresgaranti', 'garantikrav', 'regressfordran', 'regressbetalning', 'genomgang', 'utlamnande'] LOOP
      EXECUTE format('CREATE POLICY nod ON %I TO hemvist_nod
        USING (hushall_id::text = ANY (string_to_array(current_setting(''hemvist.nodatkomst'', true), '','')))', tabell);
    END LOOP;
  END $$;

  -- An entry about any household that the reader may not see is not there for it.
  ALTER TABLE atkomstlogg ENABLE ROW LEVEL SECURITY;
  CREATE POLICY allman ON atkomstlogg TO hemvist_allman
    USING (NOT EXISTS (SELECT FROM unnest(hushall_ids) AS h WHERE NOT EXISTS (SELECT FROM hushall WHERE hushall.id = h)));
  CREATE POLICY skyddad ON atkomstlogg TO hemvist_skyddad USING (true);
`
