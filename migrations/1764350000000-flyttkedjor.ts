import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Chains of moves: who leaves a sublet for an own contract frees the home for the next, and so on. The links hang
 * together: each moves to the home that the one before leaves, and what has not been carried out falls with any of them.
 */
export class Flyttkedjor1764350000000 implements MigrationInterface {
  name = 'Flyttkedjor1764350000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(chains)
    await db.query(rights)
    await db.query(historyUnder(rootBefore, root))
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(historyUnder(root, rootBefore))
    await db.query(`
      ALTER TABLE utlamnande DROP COLUMN flyttkedja_id;
      DROP TABLE flyttlank, flyttkedja;
      DROP FUNCTION flyttkedja_skydd();
      DROP SEQUENCE flyttkedjenummer_seq;
    `)
  }
}

/** Under which row a change is found: a link, and what is told of it, under its chain. */
const rootBefore = "coalesce(j->>'hyresgaranti_id'"
const root = "coalesce(j->>'flyttkedja_id', j->>'hyresgaranti_id'"

/** The history trigger as it is, with another beginning of its root. */
const historyUnder = (before: string, after: string) => `
  DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('historik_skriv()'::regprocedure), $a$${before}$a$, $a$${after}$a$);
  END $do$`

const chains = `
  CREATE SEQUENCE flyttkedjenummer_seq;

  CREATE TABLE flyttkedja (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    flyttkedjenummer text NOT NULL,
    insats text NOT NULL,
    tillstand text NOT NULL,
    -- One of its households is protected: then the chain is not there for those without clearance.
    skyddad boolean NOT NULL,
    hyresvard_id uuid NOT NULL,
    skal text NOT NULL,
    klar_datum date,
    avslutad_datum date,
    avbrottsskal text,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT flyttkedja_skydd UNIQUE (id, skyddad),
    CONSTRAINT flyttkedja_nummer UNIQUE (flyttkedjenummer),
    CONSTRAINT flyttkedja_hyresvard FOREIGN KEY (hyresvard_id) REFERENCES hyresvard,
    CONSTRAINT flyttkedja_insats CHECK (insats IN ('stodlagenhet', 'bostadForst')),
    CONSTRAINT flyttkedja_tillstand CHECK (tillstand IN ('planerad', 'klar', 'pagar', 'genomford', 'bruten')),
    CONSTRAINT flyttkedja_avbrottsskal CHECK (avbrottsskal IN ('nej', 'beslutUpphort', 'bostadenUpphor', 'annat')),
    CONSTRAINT flyttkedja_klar CHECK (tillstand NOT IN ('klar', 'pagar', 'genomford') OR klar_datum IS NOT NULL),
    CONSTRAINT flyttkedja_avslutad CHECK ((tillstand IN ('genomford', 'bruten')) = (avslutad_datum IS NOT NULL)),
    CONSTRAINT flyttkedja_bruten CHECK ((tillstand = 'bruten') = (avbrottsskal IS NOT NULL))
  );
  CREATE INDEX flyttkedja_tillstand_nummer ON flyttkedja (tillstand, flyttkedjenummer);
  CREATE INDEX flyttkedja_hyresvard_id ON flyttkedja (hyresvard_id);

  CREATE TABLE flyttlank (
    id uuid PRIMARY KEY,
    version int NOT NULL,
    flyttkedja_id uuid NOT NULL,
    kedja_skyddad boolean NOT NULL,
    ordning int NOT NULL CHECK (ordning BETWEEN 1 AND 10),
    efter_id uuid,
    tillstand text NOT NULL,
    hushall_id uuid NOT NULL,
    skyddad boolean NOT NULL,
    stodlagenhet_id uuid,
    bf_boende_id uuid,
    fortur_id uuid,
    fran_lagenhet_id uuid REFERENCES lagenhet,
    till_lagenhet_id uuid REFERENCES lagenhet,
    till_hyresvard_id uuid REFERENCES hyresvard,
    till_objektnummer text,
    flyttdag date NOT NULL,
    plats int CHECK (plats > 0),
    skal_for_avsteg text,
    hushallets_svar text,
    hyresvardens_svar text,
    serviceforvaltningens_svar text,
    nej_orsak text,
    genomford_datum date,
    skapad timestamptz NOT NULL,
    andrad timestamptz NOT NULL,
    CONSTRAINT flyttlank_kedja FOREIGN KEY (flyttkedja_id, kedja_skyddad) REFERENCES flyttkedja (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT flyttlank_hushall FOREIGN KEY (hushall_id, skyddad) REFERENCES hushall (id, skyddad) ON UPDATE CASCADE,
    CONSTRAINT flyttlank_stodlagenhet FOREIGN KEY (stodlagenhet_id, hushall_id) REFERENCES stodlagenhet (id, hushall_id),
    CONSTRAINT flyttlank_bf_boende FOREIGN KEY (bf_boende_id, hushall_id) REFERENCES bf_boende (id, hushall_id),
    CONSTRAINT flyttlank_fortur FOREIGN KEY (fortur_id) REFERENCES fortur,
    -- Each moves to the home that the one before it leaves.
    CONSTRAINT flyttlank_lamnar UNIQUE (id, flyttkedja_id, fran_lagenhet_id),
    CONSTRAINT flyttlank_efter FOREIGN KEY (efter_id, flyttkedja_id, till_lagenhet_id)
      REFERENCES flyttlank (id, flyttkedja_id, fran_lagenhet_id),
    CONSTRAINT flyttlank_forst CHECK ((ordning = 1) = (efter_id IS NULL)
      AND (ordning = 1) = (num_nulls(till_hyresvard_id, till_objektnummer) = 0) AND (ordning = 1) = (till_lagenhet_id IS NULL)
      AND num_nulls(till_hyresvard_id, till_objektnummer) IN (0, 2) AND (ordning > 1 OR fran_lagenhet_id IS NOT NULL)),
    CONSTRAINT flyttlank_for_en CHECK (num_nonnulls(stodlagenhet_id, bf_boende_id) = 1),
    CONSTRAINT flyttlank_olika CHECK (fran_lagenhet_id <> till_lagenhet_id),
    CONSTRAINT flyttlank_tillstand CHECK (tillstand IN ('planerad', 'klar', 'genomford', 'fallen', 'borttagen')),
    CONSTRAINT flyttlank_hushallets_svar CHECK (hushallets_svar IN ('ja', 'nej')),
    CONSTRAINT flyttlank_hyresvardens_svar CHECK (hyresvardens_svar IN ('ja', 'nej')),
    CONSTRAINT flyttlank_serviceforvaltningens_svar CHECK (serviceforvaltningens_svar IN ('ja', 'nej')),
    CONSTRAINT flyttlank_nej_orsak CHECK (nej_orsak IN ('lage', 'storlek', 'hyra', 'standard', 'ekonomi', 'referens', 'annatBoende', 'annat')),
    CONSTRAINT flyttlank_genomford CHECK ((tillstand = 'genomford') = (genomford_datum IS NOT NULL)),
    -- Nobody is carried out, or ready, whom someone has not said yes to.
    CONSTRAINT flyttlank_klar CHECK (tillstand NOT IN ('klar', 'genomford') OR (hushallets_svar = 'ja'
      AND (till_hyresvard_id IS NULL OR hyresvardens_svar = 'ja') AND serviceforvaltningens_svar = 'ja'))
  );
  CREATE UNIQUE INDEX flyttlank_ordning ON flyttlank (flyttkedja_id, ordning) WHERE tillstand <> 'borttagen';
  -- What is not carried out is in one chain at a time: the household, and each home.
  CREATE UNIQUE INDEX flyttlank_ett_hushall ON flyttlank (hushall_id) WHERE tillstand IN ('planerad', 'klar');
  CREATE UNIQUE INDEX flyttlank_en_fran ON flyttlank (fran_lagenhet_id) WHERE tillstand IN ('planerad', 'klar');
  CREATE UNIQUE INDEX flyttlank_en_till ON flyttlank (till_lagenhet_id) WHERE tillstand IN ('planerad', 'klar');
  CREATE UNIQUE INDEX flyttlank_ett_objekt ON flyttlank (till_hyresvard_id, lower(till_objektnummer))
    WHERE tillstand IN ('planerad', 'klar');
  CREATE INDEX flyttlank_hushall_id ON flyttlank (hushall_id);

  ALTER TABLE utlamnande ADD COLUMN flyttkedja_id uuid REFERENCES flyttkedja;
  CREATE INDEX utlamnande_flyttkedja ON utlamnande (flyttkedja_id, part);

  -- A chain is hidden as long as one of its households is protected.
  CREATE FUNCTION flyttkedja_skydd() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    UPDATE flyttkedja k SET skyddad = s.skyddad
    FROM (SELECT n.flyttkedja_id AS id, EXISTS (SELECT FROM flyttlank l WHERE l.flyttkedja_id = n.flyttkedja_id
        AND l.skyddad AND l.tillstand <> 'borttagen') AS skyddad
      FROM (SELECT DISTINCT flyttkedja_id FROM nya) n) s
    WHERE k.id = s.id AND k.skyddad <> s.skyddad;
    RETURN NULL;
  END $$;
  CREATE TRIGGER flyttkedja_skydd_ny AFTER INSERT ON flyttlank
    REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION flyttkedja_skydd();
  CREATE TRIGGER flyttkedja_skydd_andrad AFTER UPDATE ON flyttlank
    REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION flyttkedja_skydd();
`

const rights = `
  GRANT USAGE ON SEQUENCE flyttkedjenummer_seq TO hemvist_allman, hemvist_skyddad;
  GRANT SELECT, INSERT, UPDATE ON flyttkedja, flyttlank TO hemvist_allman, hemvist_skyddad;

  CREATE POLICY nod ON flyttlank TO hemvist_nod
    USING (hushall_id::text = ANY (string_to_array(current_setting('hemvist.nodatkomst', true), ',')));
  CREATE POLICY nod ON flyttkedja TO hemvist_nod
    USING (EXISTS (SELECT FROM flyttlank l WHERE l.flyttkedja_id = flyttkedja.id));
  -- One protected household hides the other links too: what is left would tell of it.
  CREATE POLICY allman ON flyttlank TO hemvist_allman USING (NOT skyddad AND NOT kedja_skyddad) WITH CHECK (true);
  CREATE POLICY allman ON flyttkedja TO hemvist_allman USING (NOT skyddad) WITH CHECK (true);

  DO $$
  DECLARE tabell text;
  BEGIN
    FOREACH tabell IN ARRAY ARRAY['flyttkedja', 'flyttlank'] LOOP
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tabell);
      EXECUTE format('CREATE POLICY skyddad ON %I TO hemvist_skyddad USING (true) WITH CHECK (true)', tabell);
      EXECUTE format('CREATE TRIGGER historik_ny AFTER INSERT ON %I
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_andrad AFTER UPDATE ON %I
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
      EXECUTE format('CREATE TRIGGER historik_gallrad AFTER DELETE ON %I
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv()', tabell);
    END LOOP;
  END $$;
`
