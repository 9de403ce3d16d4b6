import pg from 'pg'

export type Filled = { garantier: string[]; hushall: string[]; hyresvard: string; period: string }

/**
 * Fills the register with active guarantees of fifty landlords, each with an open review: made in the database, without
 * the triggers that write the history of what people do.
 */
export async function fill(url: string, rows: number): Promise<Filled> {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  const tables = ['hushall', 'person', 'hyresvard', 'hyresgaranti', 'genomgang', 'genomgangsomgang', 'utlamnande']
  const triggers = (what: 'DISABLE' | 'ENABLE') =>
    db.query(tables.map(table => `ALTER TABLE ${table} ${what} TRIGGER USER`).join('; '))
  await triggers('DISABLE')
  await db.query(`
    INSERT INTO hyresvard (id, version, namn, organisationsnummer, fastighetsagartyp, tar_emot_forturer, skapad, andrad)
    SELECT gen_random_uuid(), 1, 'Hyresvärd ' || n, 'bench-' || n, 'privat', false, now(), now() FROM generate_series(1, 50) n;
    CREATE TEMP TABLE ny AS SELECT n, gen_random_uuid() AS hushall, gen_random_uuid() AS person, gen_random_uuid() AS garanti,
      (ARRAY(SELECT id FROM hyresvard ORDER BY namn))[1 + n % 50] AS vard FROM generate_series(1, ${rows}) n;
    INSERT INTO hushall (id, version, skyddad, bostadslos_sedan, skapad, andrad) SELECT hushall, 1, false, NULL, now(), now() FROM ny;
    INSERT INTO person (id, hushall_id, skyddad, personnummer_krypterat, personnummer_hash, fornamn, efternamn, roll, skyddsniva, skapad, andrad)
    SELECT person, hushall, false, 'bench', 'bench-' || n, 'Maja', 'Lind', 'sokande', 'ingen', now(), now() FROM ny;
    INSERT INTO hyresgaranti (id, version, avtalsnummer, tillstand, ursprung, hushall_id, skyddad, person_id, hyresvard_id, garantityp,
      lagrum, overklagandetyp, borgenstyp, adress, lagenhetsnummer, kontraktsform, manadshyra_ore, garanterade_manader, giltig_fran,
      giltig_till, max_belopp_ore, reserverat_ore, utbetalt_ore, utan_forsorjningsstod, beslut_datum, beslutsfattare,
      beviljad_giltig_till, avtal_tecknat_datum, bidrag_status, skapad, andrad)
    SELECT garanti, 1, 'B-' || lpad(n::text, 8, '0'), 'aktiv', 'registrerad', hushall, false, person, vard, 'kommunal',
      '2 kap. 6 § lagen (2009:47)', 'laglighetsprovning', 'enkel', 'Exempelgatan ' || n || ', 222 22 Lund', '1101', 'forstahand',
      800000, 6, current_date - n % 300, current_date - n % 300 + 700, 4800000, 0, 0, true, current_date - 700, 'Karin Ek',
      current_date - 500, current_date - 600, 'attSoka', now(), now() FROM ny;
    INSERT INTO genomgangsomgang VALUES ('2026H2', '2026-09-01', '2026-12-31', now()) ON CONFLICT DO NOTHING;
    INSERT INTO genomgang (id, version, period, hyresgaranti_id, hushall_id, hyresvard_id, skyddad, tillstand, tillstand_sedan, skapad, andrad)
    SELECT gen_random_uuid(), 1, '2026H2', garanti, hushall, vard, false, 'vantar', '2026-09-01', now(), now() FROM ny;
    INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, hyresgaranti_id, falt, grund, beslutad_av, tid, skapad, andrad)
    SELECT gen_random_uuid(), 1, 'hyresvard', vard, hushall, false, garanti, ARRAY['avtalsnummer', 'adress'], 'nodvandigt', 'bench', now(),
      now(), now() FROM ny;`)
  await triggers('ENABLE')
  await db.query('VACUUM (ANALYZE)')
  const { rows: some } = await db.query('SELECT garanti, hushall, vard FROM ny ORDER BY random() LIMIT 2000')
  await db.end()
  return {
    garantier: some.map(({ garanti }) => garanti),
    hushall: some.map(({ hushall }) => hushall),
    hyresvard: some[0].vard,
    period: '2026H2',
  }
}
