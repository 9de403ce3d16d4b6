import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { latestRound, type Omgang } from '../src/hyresgarantier/periods.ts'
import { systemClock, todayOf } from '../src/shared/clock.ts'

export type Filled = {
  rows: number
  /** Some of the guarantees and households, at random. */
  garantier: string[]
  hushall: string[]
  /** A landlord with some hundred guarantees. */
  hyresvard: string
  /** One with thousands of them, and its open reviews. */
  storHyresvard: string
  genomgangar: string[]
  /** The round that is open, and the one before it, which is not opened. */
  omgang: Omgang
  foregaende: string
}

/** The largest landlord has so many guarantees, the others some hundred each: in a larger register there are more. */
const largest = 5000
const ordinary = 200

/**
 * Fills the register with active guarantees, each with an open review: made in the database, without the triggers that
 * write the history of what people do, and without asking of each row whether those it refers to are there.
 */
export async function fill(url: string, rows: number): Promise<Filled> {
  const omgang = latestRound(todayOf(systemClock).toString(), readConfig({ NODE_ENV: 'test' }))
  const { period, oppnar, stanger } = omgang
  const big = Math.min(largest, Math.ceil(rows / 2))
  const landlords = 1 + Math.max(1, Math.round((rows - big) / ordinary))
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  // The usual way leaves these to the database.
  await db.query(`ALTER TABLE hyresgaranti ALTER id SET DEFAULT gen_random_uuid(), ALTER skapad SET DEFAULT now(),
    ALTER andrad SET DEFAULT now()`)
  await db.query('SET session_replication_role = replica')
  // Reminded already: the service's first job would otherwise do that to every review, while it is measured.
  await db.query(`
    CREATE TEMP TABLE vard AS SELECT n, uuidv7() AS id FROM generate_series(1, ${landlords}) n;
    INSERT INTO hyresvard (id, version, namn, organisationsnummer, fastighetsagartyp, tar_emot_forturer, skapad, andrad)
    SELECT id, 1, 'Hyresvärd ' || n, 'bench-' || n, 'privat', false, now(), now() FROM vard;
    CREATE TEMP TABLE ny AS
    SELECT ny.n, uuidv7() AS hushall, uuidv7() AS person, uuidv7() AS garanti, uuidv7() AS genomgang, vard.id AS vard
    FROM generate_series(1, ${rows}) ny (n)
    JOIN vard ON vard.n = CASE WHEN ny.n <= ${big} THEN 1 ELSE 2 + ny.n % ${landlords - 1} END;
    INSERT INTO hushall (id, version, skyddad, bostadslos_sedan, skapad, andrad) SELECT hushall, 1, false, NULL, now(), now() FROM ny;
    INSERT INTO person (id, hushall_id, skyddad, personnummer_krypterat, personnummer_hash, fornamn, efternamn, roll, skyddsniva, skapad, andrad)
    SELECT person, hushall, false, 'bench', 'bench-' || n, 'Maja', 'Lind', 'sokande', 'ingen', now(), now() FROM ny;
    INSERT INTO hyresgaranti (id, version, avtalsnummer, tillstand, ursprung, hushall_id, skyddad, person_id, hyresvard_id, garantityp,
      lagrum, overklagandetyp, borgenstyp, adress, lagenhetsnummer, kontraktsform, manadshyra_ore, garanterade_manader, giltig_fran,
      giltig_till, max_belopp_ore, reserverat_ore, utbetalt_ore, utan_forsorjningsstod, beslut_datum, beslutsfattare,
      beviljad_giltig_till, avtal_tecknat_datum, bidrag_status, skapad, andrad)
    SELECT garanti, 1, 'B-' || lpad(n::text, 8, '0'), 'aktiv', 'registrerad', hushall, false, person, vard, 'kommunal',
      '2 kap. 6 § lagen (2009:47)', 'laglighetsprovning', 'enkel', 'Exempelgatan ' || n || ', 222 22 Lund', '1101', 'forstahand',
      800000, 6, current_date - 390 - n % 100, current_date + 330 - n % 100, 4800000, 0, 0, true, current_date - 800, 'Karin Ek',
      current_date - 600, current_date - 700, 'attSoka', now() - n * interval '1 minute', now() FROM ny;
    INSERT INTO genomgangsomgang VALUES ('${period}', '${oppnar}', '${stanger}', now());
    INSERT INTO genomgang (id, version, period, hyresgaranti_id, hushall_id, hyresvard_id, skyddad, tillstand, tillstand_sedan, paminnd,
      skapad, andrad)
    SELECT genomgang, 1, '${period}', garanti, hushall, vard, false, 'vantar', '${oppnar}', '${oppnar}', now(), now() FROM ny;
    INSERT INTO utlamnande (id, version, part, part_id, hushall_id, skyddad, hyresgaranti_id, falt, grund, beslutad_av, tid, skapad, andrad)
    SELECT uuidv7(), 1, 'hyresvard', vard, hushall, false, garanti, ARRAY['avtalsnummer', 'adress'], 'nodvandigt', 'bench', now(),
      now(), now() FROM ny;`)
  await db.query('VACUUM (ANALYZE)')
  await db.query('CHECKPOINT')
  const { rows: some } = await db.query('SELECT garanti, hushall FROM ny ORDER BY random() LIMIT 2000')
  const { rows: reviews } = await db.query(`SELECT genomgang, vard FROM ny WHERE n <= ${big} ORDER BY n`)
  const { rows: others } = await db.query(`SELECT vard FROM ny WHERE n > ${big} LIMIT 1`)
  await db.end()
  return {
    rows,
    garantier: some.map(({ garanti }) => garanti),
    hushall: some.map(({ hushall }) => hushall),
    hyresvard: others[0].vard,
    storHyresvard: reviews[0].vard,
    genomgangar: reviews.map(({ genomgang }) => genomgang),
    omgang,
    foregaende: periodBefore(period),
  }
}

const periodBefore = (period: string): string =>
  period.endsWith('H2') ? `${period.slice(0, 4)}H1` : `${Number(period.slice(0, 4)) - 1}H2`
