import { parse } from 'csv-parse'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import QueryStream from 'pg-query-stream'
import { GenomgangEntity } from '../src/genomgangar/entity.ts'
import type { InkommetSvar } from '../src/genomgangar/schema.ts'
import { HushallEntity, PersonEntity } from '../src/hushall/entity.ts'
import { HyresgarantiEntity } from '../src/hyresgarantier/entity.ts'
import type { ExportRow } from '../src/hyresgarantier/export.ts'
import { exportQuery } from '../src/hyresgarantier/list.ts'
import { noAgreement } from '../src/hyresgarantier/service.ts'
import { hyresgarantistatistik } from '../src/hyresgarantier/statistics.ts'
import { systemClock } from '../src/shared/clock.ts'
import { figuresSql } from '../src/shared/figures.ts'
import { newId } from '../src/shared/ids.ts'
import { insertMany, selectList } from '../src/shared/storage.ts'
import { UtlamnandeEntity } from '../src/utlamnanden/entity.ts'
import { disclosedToLandlord } from '../src/utlamnanden/service.ts'
import type { Query, Transaction } from './floor.ts'

type Parts = { pool: pg.Pool; types: pg.CustomTypesConfig; query: Query; transaction: Transaction }
type Imported = Record<string, string>

/** The floor of work on many rows: the same statements, and the packages for CSV as their documentation has them. */
export function bulkRoutes(app: FastifyInstance, { pool, types, query, transaction }: Parts): void {
  app.get<{ Querystring: { fran: string; till: string } }>('/v1/hyresgarantier/statistik', async request => {
    const { fran, till } = request.query
    const indikatorer = []
    const db = await pool.connect()
    try {
      for (const { kod, namn, definition, enhet, ...indikator } of hyresgarantistatistik.indikatorer) {
        const sql = figuresSql({ kod, namn, definition, enhet, ...indikator }, hyresgarantistatistik.dimensioner)
        const [figures] = await query<object>(kod, sql, [[fran], [till]], db)
        indikatorer.push({ kod, namn, definition, enhet, ...figures })
      }
    } finally {
      db.release()
    }
    return { fran, till, indikatorer, _links: {} }
  })

  const lock = `SELECT ${selectList(GenomgangEntity, 'g')} FROM genomgang g WHERE g.id = ANY($1) AND g.hyresvard_id = $2
    AND EXISTS (SELECT FROM hyresgaranti h WHERE h.id = g.hyresgaranti_id AND ${disclosedToLandlord})
    ORDER BY g.id FOR UPDATE`
  const answered = `UPDATE genomgang t SET tillstand = 'besvarad', manader_i_tid = x."manaderITid",
      forsenade_betalningar = x."forsenadeBetalningar", storningar = x.storningar, hyresskuld_ore = x."hyresskuldOre",
      rekommenderar_avslut = x."rekommenderarAvslut", besvarad = $2, besvarad_av = 'golv', version = t.version + 1, andrad = $2
    FROM jsonb_to_recordset($1) AS x ("genomgangId" uuid, "manaderITid" int, "forsenadeBetalningar" int, storningar int,
      "hyresskuldOre" int, "rekommenderarAvslut" boolean) WHERE t.id = x."genomgangId"`
  app.post<{ Querystring: { vard: string }; Body: { svar: InkommetSvar[] } }>(
    '/v1/hyresvard/genomgangssvar',
    { bodyLimit: 8_388_608 },
    request =>
      transaction(async db => {
        const { svar } = request.body
        await query('lock-answered', lock, [svar.map(({ genomgangId }) => genomgangId), request.query.vard], db)
        await query('answered', answered, [JSON.stringify(svar), systemClock.now().toString()], db)
        return { resultat: svar.map((_, index) => ({ index, utfall: 'mottaget' })) }
      }),
  )

  const columns: (keyof ExportRow)[] = [
    'avtalsnummer',
    'tillstand',
    'hyresvardNamn',
    'organisationsnummer',
    'adress',
    'lagenhetsnummer',
    'manadshyraOre',
    'garanteradeManader',
    'giltigFran',
    'giltigTill',
    'garantityp',
    'borgenstyp',
    'beslutDatum',
    'beslutsfattare',
    'diarienummer',
    'maxBeloppOre',
    'flaggaPeriod',
    'flaggaTillstand',
    'avslutsorsak',
    'avslutadDatum',
  ]
  app.get<{ Querystring: { garantityp: 'bistand' } }>('/v1/export', async (request, reply) => {
    const { text, values } = exportQuery({ garantityp: request.query.garantityp })
    const db = await pool.connect()
    const rows = db.query(new QueryStream(text, values, { batchSize: 500, types }))
    rows.once('close', () => db.release())
    return reply.type('text/csv; charset=utf-8').send(rows.pipe(stringify({ header: true, delimiter: ';', columns })))
  })

  app.addContentTypeParser('text/csv', (_, payload, done) => done(null, payload))
  app.post('/v1/hyresgarantier/importer', request =>
    transaction(async db => {
      // As the service does, and why: see `prepare` in shared/import.ts.
      await db.query('DISCARD PLANS')
      await db.query('SET LOCAL enable_seqscan = off')
      const landlords = await query<{ id: string }>('landlords', 'SELECT id FROM hyresvard LIMIT 50', [], db)
      let rader = 0
      let batch: Imported[] = []
      const write = async () => {
        await insertBatch(db, batch, landlords[rader % landlords.length]?.id as string)
        rader += batch.length
        batch = []
      }
      for await (const row of (request.body as NodeJS.ReadableStream).pipe(
        parse({ columns: true, delimiter: ';', bom: true }),
      ))
        if (batch.push(row) === 500) await write()
      await write()
      return { rader }
    }),
  )
}

async function insertBatch(db: pg.PoolClient, rows: Imported[], hyresvardId: string): Promise<void> {
  const now = systemClock.now().toString()
  const stamps = { version: 1, skyddad: false, skapad: now, andrad: now }
  const made = rows.map(row => ({
    row,
    id: newId(now),
    hushallId: newId(now),
    personId: newId(now),
  }))
  const insert = (entity: Parameters<typeof insertMany>[1], values: object[]) =>
    insertMany(db as never, entity as never, values)
  await insert(
    HushallEntity,
    made.map(({ hushallId }) => ({ ...stamps, id: hushallId })),
  )
  await insert(
    PersonEntity,
    made.map(({ row, hushallId, personId }) => ({
      ...stamps,
      id: personId,
      hushallId,
      personnummerKrypterat: row.personnummer,
      personnummerHash: row.personnummer,
      fornamn: row.fornamn,
      efternamn: row.efternamn,
      roll: 'sokande',
      skyddsniva: 'ingen',
    })),
  )
  await insert(
    HyresgarantiEntity,
    made.map(({ row, id, hushallId, personId }) => ({
      ...noAgreement,
      ...stamps,
      id,
      hushallId,
      personId,
      hyresvardId,
      avtalsnummer: row.avtalsnummer,
      tillstand: 'aktiv',
      ursprung: 'import',
      garantityp: row.garantityp,
      lagrum: '2 kap. 6 § lagen (2009:47)',
      overklagandetyp: 'laglighetsprovning',
      borgenstyp: row.borgenstyp,
      adress: row.adress,
      lagenhetsnummer: row.lagenhetsnummer,
      manadshyraOre: 845000,
      garanteradeManader: row.garanterade_manader,
      maxBeloppOre: 5070000,
      giltigFran: row.giltig_fran,
      giltigTill: row.giltig_till,
      beslutDatum: row.beslutsdatum,
      beslutsfattare: row.beslutsfattare,
      beviljadGiltigTill: row.giltig_till,
      avtalTecknatDatum: row.giltig_fran,
    })),
  )
  await insert(
    UtlamnandeEntity,
    made.map(({ id, hushallId }) => ({
      ...stamps,
      id: newId(now),
      part: 'hyresvard',
      partId: hyresvardId,
      hushallId,
      hyresgarantiId: id,
      falt: ['avtalsnummer', 'adress'],
      grund: 'nodvandigt',
      beslutadAv: 'golv',
      tid: now,
    })),
  )
}
