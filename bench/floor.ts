import Fastify, { type FastifyReply } from 'fastify'
import pg from 'pg'
import { readConfig } from '../src/config.ts'
import { basis } from '../src/genomgangar/reading.ts'
import { HyresgarantiEntity } from '../src/hyresgarantier/entity.ts'
import { lifecycle } from '../src/hyresgarantier/lifecycle.ts'
import { aterstar, bidragsberattigad, nastaGenomgang } from '../src/hyresgarantier/rules.ts'
import type { HyresgarantiRad, NyHyresgaranti } from '../src/hyresgarantier/schema.ts'
import { flagColumns, flagJoin, noAgreement, withFlag } from '../src/hyresgarantier/service.ts'
import { systemClock, todayOf } from '../src/shared/clock.ts'
import { selectList, snakeCase } from '../src/shared/storage.ts'
import { disclosedToLandlord } from '../src/utlamnanden/service.ts'
import { bulkRoutes } from './floor-bulk.ts'

/**
 * The floor: bare Fastify and pg, the same statements, prepared, and the same JSON. No token, no roles, no row security,
 * no read log, no validation: what is left is what any service on this machine must pay.
 */
const { FLOOR_URL, FLOOR_PORT, FLOOR_BASE } = process.env as Record<string, string>
const config = readConfig({ NODE_ENV: 'test' })
const types = {
  getTypeParser: ((oid: number, format?: string) => {
    if (oid === pg.types.builtins.DATE) return (value: string) => value
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (value: string) => new Date(value).toISOString()
    if (oid === pg.types.builtins.INT8) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}
const pool = new pg.Pool({
  connectionString: FLOOR_URL,
  max: 10,
  options: '-c TimeZone=UTC',
  types,
})
type Client = pg.Pool | pg.PoolClient
export type Query = typeof query
export type Transaction = typeof transaction
const query = async <Row>(name: string, text: string, values: unknown[], db: Client = pool): Promise<Row[]> =>
  (await db.query({ name, text, values })).rows as Row[]

const today = todayOf(systemClock).toString()
const commands = lifecycle.possible('aktiv', ['handlaggare'])
const link = (rel: string, path: string, method = 'GET', title?: string) => ({
  href: `${FLOOR_BASE}/v1${path}`,
  rel,
  method,
  ...(title && { title }),
})
const columns = selectList(HyresgarantiEntity, 'h')

function view(row: HyresgarantiRad & Parameters<typeof withFlag>[0]) {
  const { garanti, flagga } = withFlag(row)
  const path = `/hyresgarantier/${garanti.id}`
  return {
    ...garanti,
    version: undefined,
    skyddad: undefined,
    etag: `"${garanti.version}"`,
    aterstarOre: aterstar(garanti),
    bidragsberattigad: bidragsberattigad(garanti),
    nastaGenomgang: nastaGenomgang(garanti, today, config),
    genomgang: flagga,
    _links: {
      self: link('self', path),
      hushall: link('related', `/hushall/${garanti.hushallId}`),
      historik: link('version-history', `${path}/historik`),
      krav: link('related', `${path}/krav`),
      genomgangar: link('related', `/genomgangar?hyresgarantiId=${garanti.id}`),
      ...Object.fromEntries(
        commands.map(([name, command]) => [name, link(name, `${path}/${command.path}`, 'POST', command.title)]),
      ),
    },
  }
}
type Row = Parameters<typeof view>[0]
const one = `SELECT ${columns}, ${flagColumns} FROM hyresgaranti h ${flagJoin} WHERE h.id = $1`
const app = Fastify()

app.get<{ Params: { id: string } }>('/v1/hyresgarantier/:id', async request => {
  const [row] = await query<Row>('one', one, [request.params.id])
  return view(row as Row)
})

const page = { page: 1, limit: 50, count: 50 }
app.get<{ Querystring: { tillstand: string } }>('/v1/hyresgarantier', async request => {
  const where = 'WHERE h.tillstand = $1'
  const order = 'h.giltig_till, h.id'
  const rows = await query<Row>(
    'list',
    `SELECT ${columns}, ${flagColumns} FROM (SELECT h.id FROM hyresgaranti h ${where} ORDER BY ${order} LIMIT $2 OFFSET $3) sida
     JOIN hyresgaranti h ON h.id = sida.id
     ${flagJoin} ORDER BY ${order}`,
    [request.query.tillstand, 50, 0],
  )
  const [counted] = await query<{ total: number }>(
    'count',
    `SELECT count(*) AS total FROM (SELECT FROM hyresgaranti h ${where} ORDER BY ${order} LIMIT $2) counted`,
    [request.query.tillstand, 10_001],
  )
  return { hyresgarantier: rows.map(view), _meta: { ...page, totalRecords: counted?.total }, _links: {} }
})

app.get<{ Querystring: { vard: string } }>('/v1/hyresvard/genomgangar', async request => {
  const where = `WHERE g.hyresvard_id = $2 AND g.tillstand <> 'klar'
    AND EXISTS (SELECT FROM hyresgaranti h WHERE h.id = g.hyresgaranti_id AND ${disclosedToLandlord})`
  const rows = await query<Record<string, unknown>>(
    'due',
    `${basis} ${where} ORDER BY g.period DESC, g.id LIMIT $3 OFFSET $4`,
    [today, request.query.vard, 50, 0],
  )
  const [counted] = await query<{ total: number }>(
    'due-count',
    `SELECT count(*) AS total FROM (SELECT FROM genomgang g ${where} LIMIT $3 + 0 * length($1)) c`,
    [today, request.query.vard, 10_001],
  )
  return {
    genomgangar: rows.map(row => ({
      genomgangId: row.id,
      avtalsnummer: row.avtalsnummer,
      period: row.period,
      tillstand: row.tillstand,
      stanger: row.stanger,
      paminnd: row.paminnd,
      adress: row.adress,
      lagenhetsnummer: row.lagenhetsnummer,
      manadshyraOre: row.manadshyraOre,
      svar: null,
    })),
    _meta: { ...page, totalRecords: counted?.total },
    _links: {},
  }
})

/** Everything in one transaction, with the note of who did it that the history trigger reads. */
async function transaction<T>(run: (db: pg.PoolClient) => Promise<T>): Promise<T> {
  const db = await pool.connect()
  try {
    await db.query('BEGIN')
    await db.query(`SELECT set_config('hemvist.av', 'golv', true), set_config('hemvist.atgard', 'golv', true)`)
    const result = await run(db)
    await db.query('COMMIT')
    return result
  } catch (error) {
    await db.query('ROLLBACK')
    throw error
  } finally {
    db.release()
  }
}
const answer = (reply: FastifyReply, row: Row | undefined) => reply.send(view(row as Row))

app.post<{ Body: NyHyresgaranti }>('/v1/hyresgarantier', (request, reply) =>
  transaction(async db => {
    const { body } = request
    const [hushall] = await query<{ skyddad: boolean; sokandeId: string }>(
      'subject',
      `SELECT h.skyddad, (SELECT p.id FROM person p WHERE p.hushall_id = h.id AND p.roll = 'sokande') AS "sokandeId"
       FROM hushall h WHERE h.id = $1 FOR SHARE`,
      [body.hushallId],
      db,
    )
    const [{ nummer } = { nummer: 0 }] = await query<{ nummer: number }>(
      'number',
      `SELECT nextval('avtalsnummer_seq') AS nummer`,
      [],
      db,
    )
    const avtalsnummer = `HG-${today.slice(0, 4)}-${String(nummer).padStart(5, '0')}`
    await query('taken', 'SELECT FROM hyresgaranti WHERE avtalsnummer = $1', [avtalsnummer], db)
    const now = systemClock.now().toString()
    const row = {
      ...noAgreement,
      ...body,
      id: crypto.randomUUID(),
      version: 1,
      tillstand: 'beviljad',
      ursprung: 'registrerad',
      skyddad: hushall?.skyddad,
      personId: hushall?.sokandeId,
      avtalsnummer,
      lagrum: '2 kap. 6 § lagen (2009:47)',
      overklagandetyp: 'laglighetsprovning',
      beviljadGiltigTill: today,
      skapad: now,
      andrad: now,
    }
    const fields = Object.keys(row)
    await query(
      'insert',
      `INSERT INTO hyresgaranti (${fields.map(snakeCase).join(', ')}) VALUES (${fields.map((_, n) => `$${n + 1}`).join(', ')})`,
      Object.values(row),
      db,
    )
    return reply.code(201).send(view({ ...row, flaggaId: null } as never))
  }),
)

app.patch<{ Params: { id: string }; Body: { diarienummer: string } }>('/v1/hyresgarantier/:id', (request, reply) =>
  transaction(async db => {
    const { id } = request.params
    const [row] = await query<Row>('lock', `SELECT ${columns} FROM hyresgaranti h WHERE h.id = $1 FOR UPDATE`, [id], db)
    await query(
      'change',
      'UPDATE hyresgaranti SET diarienummer = $3, version = $2 + 1, andrad = $4 WHERE id = $1 AND version = $2',
      [id, row?.version, request.body.diarienummer, systemClock.now().toString()],
      db,
    )
    return answer(reply, (await query<Row>('one', one, [id], db))[0])
  }),
)

bulkRoutes(app, { pool, types, query, transaction })

await app.listen({ port: Number(FLOOR_PORT), host: '127.0.0.1' })
console.log('listening')
process.on('SIGTERM', () => process.exit(0))
