import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Webhooks: who subscribes, how far each has come in the feed, and what is to be delivered. */
export class Prenumerationer1764500000000 implements MigrationInterface {
  name = 'Prenumerationer1764500000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE prenumeration (
        id uuid PRIMARY KEY,
        version int NOT NULL,
        part text NOT NULL,
        part_id uuid,
        url text NOT NULL,
        typer text[] NOT NULL,
        aktiv boolean NOT NULL,
        avslutad timestamptz,
        avslutsorsak text,
        nyckel_bytt timestamptz,
        skapad timestamptz NOT NULL,
        andrad timestamptz NOT NULL,
        CONSTRAINT prenumeration_avslutsorsak CHECK (avslutsorsak IN ('egenBegaran', 'mottagaren410')),
        CONSTRAINT prenumeration_avslut CHECK (num_nulls(avslutad, avslutsorsak) IN (0, 2))
      );
      CREATE INDEX prenumeration_part ON prenumeration (part, part_id, skapad, id);

      -- What changes with every delivery, and the keys: no history is kept of either.
      CREATE TABLE leveranslage (
        prenumeration_id uuid PRIMARY KEY REFERENCES prenumeration,
        -- The last event of the feed that it has been looked at.
        xid xid8 NOT NULL,
        nr bigint NOT NULL,
        nyckel_krypterad text NOT NULL,
        forra_nyckel_krypterad text,
        forra_nyckel_till timestamptz,
        -- Who delivers, and until when without being heard of: a number that only grows tells the late from the present.
        stangsel bigint NOT NULL DEFAULT 0,
        lan_till timestamptz NOT NULL DEFAULT '-infinity',
        vilar_till timestamptz NOT NULL DEFAULT '-infinity',
        senast_lyckad timestamptz,
        misslyckas_sedan timestamptz
      ) WITH (fillfactor = 70);

      -- The subject's first waiting delivery has a time, those behind it have none until it is done.
      CREATE TABLE leverans (
        prenumeration_id uuid NOT NULL REFERENCES prenumeration,
        handelse_id uuid NOT NULL REFERENCES handelse ON DELETE CASCADE,
        xid xid8 NOT NULL,
        nr bigint NOT NULL,
        rad_id uuid NOT NULL,
        tid timestamptz NOT NULL,
        lage text NOT NULL,
        forsok int NOT NULL,
        nasta timestamptz,
        klar timestamptz,
        logg jsonb NOT NULL,
        CONSTRAINT leverans_en_gang PRIMARY KEY (prenumeration_id, handelse_id),
        CONSTRAINT leverans_lage CHECK (lage IN ('vantar', 'levererad', 'dod', 'stoppad')),
        CONSTRAINT leverans_klar CHECK ((lage = 'vantar') = (klar IS NULL) AND (lage = 'vantar' OR nasta IS NULL))
      );
      CREATE INDEX leverans_handelse ON leverans (handelse_id);
      CREATE INDEX leverans_logg ON leverans (prenumeration_id, xid, nr);
      CREATE INDEX leverans_nasta ON leverans (prenumeration_id, nasta, xid, nr) WHERE lage = 'vantar';
      CREATE INDEX leverans_sak ON leverans (prenumeration_id, rad_id, xid, nr) WHERE lage = 'vantar';
      CREATE INDEX leverans_dod ON leverans (prenumeration_id, tid) WHERE lage = 'dod';

      GRANT SELECT, INSERT, UPDATE ON prenumeration, leveranslage, leverans TO hemvist_allman, hemvist_skyddad;

      CREATE TRIGGER historik_ny AFTER INSERT ON prenumeration
        REFERENCING NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv();
      CREATE TRIGGER historik_andrad AFTER UPDATE ON prenumeration
        REFERENCING OLD TABLE AS gamla NEW TABLE AS nya FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv();
      CREATE TRIGGER historik_gallrad AFTER DELETE ON prenumeration
        REFERENCING OLD TABLE AS gamla FOR EACH STATEMENT EXECUTE FUNCTION historik_skriv();
    `)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE leverans, leveranslage, prenumeration')
  }
}
