import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * What homes and stödlägenheter remember, so that nothing is hidden by what came after: since when a home is empty, of
 * which home a waiver is, each kind of warning for itself, that an assistance has ended. What was imported can go on as a
 * case's, and a home that was handed back can come again.
 */
export class BostadernasMinne1764360000000 implements MigrationInterface {
  name = 'BostadernasMinne1764360000000'

  async up(db: QueryRunner): Promise<void> {
    await db.query(homes)
    await db.query(stodlagenheter)
    await db.query(imported("(ursprung = 'arende') <= (arende_id IS NOT NULL)"))
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(imported("(ursprung = 'arende') = (arende_id IS NOT NULL)"))
    await db.query(`
      ALTER TABLE avstaende DROP COLUMN lagenhet_id;
      DROP INDEX stodlagenhet_en_per_medsokande;
      ALTER TABLE stodlagenhet DROP COLUMN bistand_upphort, DROP COLUMN varnad_beslut, DROP COLUMN varnad_avstaende,
        DROP COLUMN varnad_besittningsskydd;
      DROP INDEX lagenhet_objektnummer, lagenhet_nummer;
      ALTER TABLE lagenhet DROP COLUMN tom_sedan, ADD CONSTRAINT lagenhet_objektnummer UNIQUE (objektnummer);
    `)
  }
}

const homes = `
  -- The day after the last tenancy that has ended; it stands through inspection, repair and promises that came to nothing.
  ALTER TABLE lagenhet ADD tom_sedan date, DROP CONSTRAINT lagenhet_objektnummer;
  UPDATE lagenhet l SET tom_sedan = s.till + 1
  FROM (SELECT lagenhet_id, max(till) AS till FROM upplatelse WHERE slag = 'boende' AND upphavd IS NULL GROUP BY lagenhet_id
    HAVING count(*) = count(till)) s
  WHERE s.lagenhet_id = l.id AND l.tillstand NOT IN ('uthyrd', 'uppsagd');
  -- A home that was handed back can come again with its number.
  CREATE UNIQUE INDEX lagenhet_objektnummer ON lagenhet (objektnummer) WHERE tillstand NOT IN ('aterlamnad', 'overlaten');
  CREATE INDEX lagenhet_nummer ON lagenhet (objektnummer, id);
`

const stodlagenheter = `
  -- bistand_upphort: the last day of an assistance that a decision ended; a new decision clears it. The others: for each
  -- kind of warning the limit that was last warned of, so that one kind does not hide another.
  ALTER TABLE stodlagenhet ADD bistand_upphort date, ADD varnad_beslut date, ADD varnad_avstaende date,
    ADD varnad_besittningsskydd date;
  UPDATE stodlagenhet SET
    bistand_upphort = CASE WHEN tillstand = 'bistandUpphor' THEN coalesce(beslut_till, andrad::date) END,
    varnad_beslut = CASE WHEN varnad LIKE 'beslut%' THEN varnad_datum END,
    varnad_besittningsskydd = CASE WHEN varnad LIKE 'besittningsskydd%' THEN varnad_datum END
  WHERE tillstand = 'bistandUpphor' OR varnad IS NOT NULL;
  ALTER TABLE stodlagenhet
    ADD CONSTRAINT stodlagenhet_bistand_upphort CHECK ((tillstand = 'bistandUpphor') <= (bistand_upphort IS NOT NULL));
  -- One at a time, whichever of a couple applied; that one is not the applicant of one and the co-applicant of another is
  -- seen to in the command, which holds the household.
  CREATE UNIQUE INDEX stodlagenhet_en_per_medsokande ON stodlagenhet (medsokande_id) WHERE tillstand NOT IN ('overlaten', 'avslutad');

  -- A waiver is of one home, and does not follow the tenant to another.
  ALTER TABLE avstaende ADD lagenhet_id uuid REFERENCES lagenhet;
  UPDATE avstaende v SET lagenhet_id = s.lagenhet_id FROM stodlagenhet s WHERE s.id = v.stodlagenhet_id;
  ALTER TABLE avstaende ALTER lagenhet_id SET NOT NULL;
  CREATE INDEX avstaende_lagenhet_id ON avstaende (lagenhet_id);
`

/** What is known of the case of what was decided in one, or imported. */
const imported = (rule: string) => `
  ALTER TABLE stodlagenhet DROP CONSTRAINT stodlagenhet_fran_arende,
    ADD CONSTRAINT stodlagenhet_fran_arende CHECK (${rule} AND num_nulls(arende_id, beslut_id) IN (0, 2));
  ALTER TABLE bf_boende DROP CONSTRAINT bf_boende_fran_arende,
    ADD CONSTRAINT bf_boende_fran_arende CHECK (${rule} AND num_nulls(arende_id, beslut_id) IN (0, 2));
`
