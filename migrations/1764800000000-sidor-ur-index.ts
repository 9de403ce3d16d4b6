import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * A page of guarantees far into the list, and how many there are, are found in an index alone: it has what the filters
 * and row security ask about. Only the rows of the page itself are then read.
 */
export class SidorUrIndex1764800000000 implements MigrationInterface {
  name = 'SidorUrIndex1764800000000'

  async up(db: QueryRunner): Promise<void> {
    for (const [name, columns, included] of indexes)
      await db.query(
        `DROP INDEX IF EXISTS ${name}; CREATE INDEX ${name} ON hyresgaranti (${columns}) INCLUDE (${included})`,
      )
    await db.query(others)
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX genomgang_oppen_av_garanti, utlamnande_till_hyresvard')
    for (const [name, columns] of indexes) {
      await db.query(`DROP INDEX ${name}`)
      if (name !== added) await db.query(`CREATE INDEX ${name} ON hyresgaranti (${columns})`)
    }
  }
}

const filters = 'skyddad, tillstand, garantityp, hyresvard_id, hushall_id'
const added = 'hyresgaranti_nummer'
const indexes: [name: string, columns: string, included: string][] = [
  [added, 'avtalsnummer', `id, ${filters}, giltig_till`],
  ['hyresgaranti_giltig_till', 'giltig_till, id', filters],
  ['hyresgaranti_skapad', 'skapad, id', `${filters}, giltig_till`],
  ['hyresgaranti_tillstand_nummer', 'tillstand, avtalsnummer', 'id, skyddad'],
  ['hyresgaranti_hyresvard_nummer', 'hyresvard_id, avtalsnummer', 'id, skyddad'],
  ['hyresgaranti_hyresvard_tillstand', 'hyresvard_id, tillstand, avtalsnummer', 'id, skyddad'],
  ['hyresgaranti_garantityp_nummer', 'garantityp, avtalsnummer', 'id, skyddad'],
]

/** The filters that look at other tables: an open review, and what a landlord may see. */
const others = `
  CREATE INDEX genomgang_oppen_av_garanti ON genomgang (hyresgaranti_id, tillstand) INCLUDE (skyddad) WHERE tillstand <> 'klar';
  CREATE INDEX utlamnande_till_hyresvard ON utlamnande (part_id, hyresgaranti_id) INCLUDE (skyddad)
    WHERE part = 'hyresvard' AND aterkallat IS NULL;
`
