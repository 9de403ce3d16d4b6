import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What clients have asked in their current window, over all instances: see `http/shared-limit.ts`. */
export class Anropsrakning1764700000000 implements MigrationInterface {
  name = 'Anropsrakning1764700000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(counting)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION anrop_rakna(jsonb, int); DROP TABLE anropsrakning;')
  }
}

/**
 * Unlogged: a crash of the server forgets a minute's counts, and no commit waits for the disk. The application's roles
 * reach it only through the function.
 */
const counting = `
  CREATE UNLOGGED TABLE anropsrakning (
    -- Keyed hash of the client or the address.
    klient text PRIMARY KEY,
    antal bigint NOT NULL,
    slut timestamptz NOT NULL
  );
  CREATE INDEX anropsrakning_slut ON anropsrakning (slut);

  -- Adds an instance's counts ({klient: antal}) to everyone's, begins the windows that are over and forgets those of
  -- others. In the order of the key, and what is to be forgotten last and not waited for: no two wait for each other.
  CREATE FUNCTION anrop_rakna(nya jsonb, fonster_ms int) RETURNS TABLE (klient text, antal bigint, kvar_ms float8)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  #variable_conflict use_column
  BEGIN
    RETURN QUERY INSERT INTO anropsrakning AS a (klient, antal, slut)
    SELECT n.key, n.value::bigint, clock_timestamp() + make_interval(secs => fonster_ms / 1000.0)
    FROM jsonb_each_text(nya) AS n ORDER BY n.key COLLATE "C"
    ON CONFLICT (klient) DO UPDATE SET
      antal = CASE WHEN a.slut <= clock_timestamp() THEN excluded.antal ELSE a.antal + excluded.antal END,
      slut = CASE WHEN a.slut <= clock_timestamp() THEN excluded.slut ELSE a.slut END
    RETURNING a.klient, a.antal, greatest(0, extract(epoch FROM a.slut - clock_timestamp()) * 1000)::float8;
    DELETE FROM anropsrakning WHERE klient IN (
      SELECT g.klient FROM anropsrakning g WHERE g.slut < clock_timestamp() ORDER BY g.slut LIMIT 1000
      FOR UPDATE SKIP LOCKED);
  END $$;
  REVOKE ALL ON FUNCTION anrop_rakna(jsonb, int) FROM PUBLIC;
  GRANT EXECUTE ON FUNCTION anrop_rakna(jsonb, int) TO hemvist_allman;
`
