import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What other parties are told: an event for each state that a row comes to, written by the database itself, so that no
 * way of changing a row can forget it. Nothing of a person stands here; what may be seen of it is decided by whoever
 * reads.
 */
export class Handelser1764400000000 implements MigrationInterface {
  name = 'Handelser1764400000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(tables)
    await db.query(order)
    await db.query(triggers)
    await db.query(upkeep)
    await db.query(rights)
    await db.query(sources)
  }

  async down(db: QueryRunner): Promise<void> {
    for (const [tabell] of tabeller) await db.query(`DROP FUNCTION handelse_av_${tabell}() CASCADE`)
    await db.query(`
      DROP PROCEDURE handelser_av(text, text, text[]);
      DROP FUNCTION handelse_gallra(timestamptz), handelse_nyckel(), handelse_efter_aterlasning();
      DROP TABLE handelse;
      DROP FUNCTION handelse_grans();
      DROP TABLE handelselage;
    `)
  }
}

/** The tables that have a lifecycle: the row that each belongs to, and who besides socialförvaltningen is told. */
const tabeller = [
  ['arende', 'id'],
  ['barnchecklista', 'id'],
  ['fortur', 'id', 'hyresvard'],
  ['erbjudande', 'fortur_id', 'hyresvard'],
  ['hyresgaranti', 'id', 'hyresvard'],
  ['garantikrav', 'hyresgaranti_id', 'hyresvard'],
  ['regressfordran', 'id'],
  ['genomgang', 'hyresgaranti_id', 'hyresvard'],
  ['lagenhet', 'id', 'serviceforvaltningen'],
  ['stodlagenhet', 'id', 'serviceforvaltningen'],
  ['avstaende', 'stodlagenhet_id'],
  ['bf_boende', 'id'],
  ['bf_stod', 'bf_boende_id'],
  ['flyttkedja', 'id'],
  ['flyttlank', 'flyttkedja_id', 'hyresvard:till_hyresvard_id', 'serviceforvaltningen'],
]

const tables = `
  CREATE TABLE handelse (
    id uuid PRIMARY KEY,
    nr bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL,
    tid timestamptz NOT NULL,
    typ text NOT NULL,
    tabell text NOT NULL,
    rad_id uuid NOT NULL,
    rot_id uuid NOT NULL,
    hushall_id uuid,
    part text NOT NULL,
    part_id uuid
  );
  -- Two, since an index on a column that IS NULL gives no order to those after it.
  CREATE INDEX handelse_part ON handelse (part, xid, nr) WHERE part_id IS NULL;
  CREATE INDEX handelse_part_id ON handelse (part, part_id, xid, nr) WHERE part_id IS NOT NULL;
  CREATE INDEX handelse_tid ON handelse USING brin (tid);

  -- One row. bas: what is added to a transaction's number, so that numbers never start over; gallrad_till: every event
  -- before this has been removed.
  CREATE TABLE handelselage (
    en boolean PRIMARY KEY DEFAULT true CHECK (en),
    bas bigint NOT NULL,
    gallrad_till timestamptz NOT NULL
  );
  INSERT INTO handelselage (bas, gallrad_till) VALUES (0, '-infinity');
`

/**
 * The order of the feed is (xid, nr), and a reader sees what is before \`handelse_grans()\`: every transaction that could
 * write there has ended, so what a reader has passed never gets company behind it.
 *
 * \`xid\` is the transaction's number, or the last that had ended when the event was written, if that is higher. A
 * transaction that began early can change a row after a later one has; by its own number alone its event would come
 * before that one's. A number that is higher than its own is as safe: the reader waits for it all the longer.
 */
const order = `
  CREATE FUNCTION handelse_grans() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT (bas + pg_snapshot_xmin(pg_current_snapshot())::text::bigint)::text::xid8 FROM handelselage
  $$;
  CREATE FUNCTION handelse_nyckel() RETURNS xid8 LANGUAGE sql STABLE AS $$
    SELECT (bas + greatest(pg_current_xact_id()::text::bigint,
      pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1))::text::xid8 FROM handelselage
  $$;
  -- A database that was dumped and read back is in a cluster that counts from its own start: go on from the last event.
  CREATE FUNCTION handelse_efter_aterlasning() RETURNS void LANGUAGE sql AS $$
    UPDATE handelselage SET bas = senaste.xid - pg_current_xact_id()::text::bigint + 1
    FROM (SELECT xid::text::bigint AS xid FROM handelse WHERE part = 'socialforvaltningen' AND part_id IS NULL
      ORDER BY handelse.xid DESC, nr DESC LIMIT 1) AS senaste
    WHERE senaste.xid >= bas + pg_current_xact_id()::text::bigint
  $$;
`

/**
 * \`CALL handelser_av('<table>', '<column of the row it belongs to>', '<party>', ...)\` makes a table with \`tillstand\` tell
 * of each state that a row comes to: socialförvaltningen always, hyresvard the one in \`hyresvard_id\`, or in another
 * column as \`hyresvard:<column>\` (also when only that changes: then it alone), any other party as it is. No nested
 * loops: see the history trigger.
 */
const triggers = `
  CREATE PROCEDURE handelser_av(tabell text, rot text, VARIADIC mottagare text[] DEFAULT '{}') LANGUAGE plpgsql AS $$
  DECLARE
    funktion text := 'handelse_av_' || tabell;
    hushall text := CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = tabell::regclass AND attname = 'hushall_id')
      THEN 'n.hushall_id' ELSE 'NULL::uuid' END;
    vid_ny text := '(''socialforvaltningen'', NULL::uuid)';
    vid_andrad text := '(''socialforvaltningen'', NULL::uuid, NULL::uuid)';
    en text;
    ut text;
  BEGIN
    FOREACH en IN ARRAY mottagare LOOP
      -- The column stands after the party; hyresvard's is hyresvard_id.
      ut := coalesce(nullif(split_part(en, ':', 2), ''), CASE en WHEN 'hyresvard' THEN 'hyresvard_id' END);
      en := split_part(en, ':', 1);
      vid_ny := vid_ny || format(CASE WHEN ut IS NULL THEN ', (%L, NULL)' ELSE ', (%L, n.%I)' END, en, ut);
      vid_andrad := vid_andrad ||
        format(CASE WHEN ut IS NULL THEN ', (%1$L, NULL, NULL)' ELSE ', (%1$L, n.%2$I, g.%2$I)' END, en, ut);
    END LOOP;
    EXECUTE format($mall$
      CREATE FUNCTION %1$I() RETURNS trigger
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_nestloop = off AS $kropp$
      BEGIN
        IF TG_OP = 'INSERT' THEN
          INSERT INTO handelse (id, xid, tid, typ, tabell, rad_id, rot_id, hushall_id, part, part_id)
          SELECT gen_random_uuid(), (SELECT handelse_nyckel()), clock_timestamp(),
            'se.hemvist.' || TG_TABLE_NAME || '.' || n.tillstand, TG_TABLE_NAME, n.id, n.%2$I, %3$s, m.part, m.part_id
          FROM nya n CROSS JOIN LATERAL (VALUES %4$s) AS m (part, part_id)
          WHERE m.part <> 'hyresvard' OR m.part_id IS NOT NULL;
        ELSE
          INSERT INTO handelse (id, xid, tid, typ, tabell, rad_id, rot_id, hushall_id, part, part_id)
          SELECT gen_random_uuid(), (SELECT handelse_nyckel()), clock_timestamp(),
            'se.hemvist.' || TG_TABLE_NAME || '.' || n.tillstand, TG_TABLE_NAME, n.id, n.%2$I, %3$s, m.part, m.part_id
          FROM nya n JOIN gamla g ON g.id = n.id CROSS JOIN LATERAL (VALUES %5$s) AS m (part, part_id, forra)
          WHERE (n.tillstand <> g.tillstand OR m.part_id IS DISTINCT FROM m.forra)
            AND (m.part <> 'hyresvard' OR m.part_id IS NOT NULL);
        END IF;
        RETURN NULL;
      END $kropp$
    $mall$, funktion, rot, hushall, vid_ny, vid_andrad);
    EXECUTE format('CREATE TRIGGER handelse_ny AFTER INSERT ON %I
      REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION %I()', tabell, funktion);
    EXECUTE format('CREATE TRIGGER handelse_andrad AFTER UPDATE ON %I
      REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION %I()', tabell, funktion);
  END $$;
`

const sources = tabeller.map(args => `CALL handelser_av(${args.map(arg => `'${arg}'`).join(', ')});`).join('\n')

/** Removes what is older than \`fore\`, though never what is younger than thirty days, whoever asks. */
const upkeep = `
  CREATE FUNCTION handelse_gallra(fore timestamptz) RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DECLARE
    grans timestamptz := least(fore, now() - interval '30 days');
    antal bigint;
  BEGIN
    -- First: a reader that is too late must never be given what is left as if it were all.
    UPDATE handelselage SET gallrad_till = greatest(gallrad_till, grans);
    DELETE FROM handelse WHERE tid < grans;
    GET DIAGNOSTICS antal = ROW_COUNT;
    RETURN antal;
  END $$;
`

const rights = `
  -- Append-only for the application, and only by the triggers.
  GRANT SELECT ON handelse, handelselage TO hemvist_allman, hemvist_skyddad;
  REVOKE ALL ON FUNCTION handelse_gallra(timestamptz), handelse_efter_aterlasning() FROM PUBLIC;
  REVOKE ALL ON PROCEDURE handelser_av(text, text, text[]) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION handelse_gallra(timestamptz) TO hemvist_skyddad;

  ALTER TABLE handelse ENABLE ROW LEVEL SECURITY;
  -- Asked of the household when it is read, as in the history: a copy here would make every change of state wait for
  -- whoever raises the household's protection, and the other way round.
  -- A home and a move chain are hidden by what protected households have to do with them, so they are asked themselves.
  CREATE POLICY allman ON handelse TO hemvist_allman
    USING ((hushall_id IS NULL OR EXISTS (SELECT FROM hushall WHERE hushall.id = handelse.hushall_id))
      AND CASE tabell WHEN 'lagenhet' THEN EXISTS (SELECT FROM lagenhet WHERE lagenhet.id = handelse.rad_id)
        WHEN 'flyttkedja' THEN EXISTS (SELECT FROM flyttkedja WHERE flyttkedja.id = handelse.rad_id)
        WHEN 'flyttlank' THEN EXISTS (SELECT FROM flyttlank WHERE flyttlank.id = handelse.rad_id) ELSE true END);
  CREATE POLICY skyddad ON handelse TO hemvist_skyddad USING (true);
`
