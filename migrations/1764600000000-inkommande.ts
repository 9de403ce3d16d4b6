import type { MigrationInterface, QueryRunner } from 'typeorm'

/** The keys of what other parties have sent, so that the same item is never taken twice. Never the item itself. */
export class Inkommande1764600000000 implements MigrationInterface {
  name = 'Inkommande1764600000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE inkommen_post (
        part text NOT NULL,
        part_id uuid,
        nyckel text NOT NULL,
        slag text NOT NULL,
        sha256 text NOT NULL,
        -- The row that the item made or changed.
        led_till uuid NOT NULL,
        hushall_id uuid,
        tid timestamptz NOT NULL,
        CONSTRAINT inkommen_post_nyckel UNIQUE NULLS NOT DISTINCT (part, part_id, nyckel)
      );
      CREATE INDEX inkommen_post_tid ON inkommen_post (tid);

      GRANT SELECT, INSERT ON inkommen_post TO hemvist_allman, hemvist_skyddad;
      ALTER TABLE inkommen_post ENABLE ROW LEVEL SECURITY;
      -- The key of what has become hidden is not known any more: the item is then tried, and refused as unknown.
      CREATE POLICY allman_laser ON inkommen_post FOR SELECT TO hemvist_allman
        USING (hushall_id IS NULL OR EXISTS (SELECT FROM hushall WHERE hushall.id = inkommen_post.hushall_id));
      CREATE POLICY allman_skriver ON inkommen_post FOR INSERT TO hemvist_allman WITH CHECK (true);
      CREATE POLICY skyddad ON inkommen_post TO hemvist_skyddad USING (true);

      -- Removes what is older than \`fore\`, though never what is younger than seven days, whoever asks.
      CREATE FUNCTION inkommen_post_gallra(fore timestamptz) RETURNS bigint
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
      DECLARE
        antal bigint;
      BEGIN
        DELETE FROM inkommen_post WHERE tid < least(fore, now() - interval '7 days');
        GET DIAGNOSTICS antal = ROW_COUNT;
        RETURN antal;
      END $$;
      REVOKE ALL ON FUNCTION inkommen_post_gallra(timestamptz) FROM PUBLIC;
      GRANT EXECUTE ON FUNCTION inkommen_post_gallra(timestamptz) TO hemvist_skyddad;
    `)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP FUNCTION inkommen_post_gallra(timestamptz); DROP TABLE inkommen_post')
  }
}
