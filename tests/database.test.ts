import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { DataSource, type EntitySchema } from 'typeorm'
import { readConfig } from '../src/config.ts'
import { entities } from '../src/connections.ts'
import { migrate, openDatabase } from '../src/database.ts'
import { systemCaller } from '../src/shared/caller.ts'
import { systemClock } from '../src/shared/clock.ts'
import { createEncryption } from '../src/shared/encryption.ts'
import { findRow, insertRows, SnakeCaseColumns, snakeCase } from '../src/shared/storage.ts'
import { createTestDatabase } from './harness.ts'

type Row = Record<string, unknown>
const opened: pg.Client[] = []
afterAll(() => Promise.all(opened.map(client => client.end())))

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  await client.connect()
  opened.push(client)
  return client
}

let made = 0
/** A database with nothing in it. */
async function emptyDatabase(): Promise<string> {
  const url = new URL(process.env.TEST_SERVER_URL as string)
  const admin = await connect(url.href)
  url.pathname = `/${process.env.TEST_PREFIX}_tom_${made++}`
  await admin.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
  return url.href
}

const values = async (client: pg.Client, sql: string, parameters: unknown[] = []): Promise<string[]> =>
  (await client.query({ text: sql, values: parameters, rowMode: 'array' })).rows.map(([value]) => String(value))

/** Everything that a migration can make, as one line each. */
const schemaOf = async (client: pg.Client): Promise<string[]> =>
  values(
    client,
    `WITH here AS (SELECT oid, relname, relkind, relrowsecurity, relacl FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'migration%')
     SELECT format('%s %s row security %s rights %s', relkind, relname, relrowsecurity, relacl) AS line FROM here WHERE relkind <> 'i'
     UNION ALL SELECT format('column %s.%s %s null %s default %s', relname, attname, format_type(atttypid, atttypmod), NOT attnotnull,
         pg_get_expr(adbin, adrelid))
       FROM pg_attribute JOIN here ON here.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
       WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p')
     UNION ALL SELECT format('constraint %s %s %s', relname, conname, pg_get_constraintdef(c.oid))
       FROM pg_constraint c JOIN here ON here.oid = conrelid
     UNION ALL SELECT format('index %s', indexdef) FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'migration'
     UNION ALL SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t JOIN here ON here.oid = tgrelid WHERE NOT tgisinternal
     UNION ALL SELECT format('policy %s %s %s %s %s %s', tablename, policyname, roles, cmd, qual, with_check) FROM pg_policies WHERE schemaname = 'public'
     UNION ALL SELECT format('function %s rights %s', pg_get_functiondef(oid), proacl) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
     ORDER BY line`,
  )

describe('migrations', () => {
  test('go up, down and up again to the same schema, and down leaves nothing', async () => {
    const url = await emptyDatabase()
    const names = await migrate(url)
    const client = await connect(url)
    const first = await schemaOf(client)
    expect(first.length).toBeGreaterThan(100)
    for (const _ of names) await migrate(url, 'down')
    expect(await schemaOf(client)).toEqual([])
    expect(await migrate(url)).toEqual(names)
    expect(await schemaOf(client)).toEqual(first)
  })

  test('may be run by several at once on an empty database: one does it, the others wait', async () => {
    const url = await emptyDatabase()
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(url)))
    const [first, ...rest] = runs.toSorted((a, b) => b.length - a.length)
    expect(first?.length).toBeGreaterThan(0)
    expect(rest).toEqual([[], [], []])
    expect(await values(await connect(url), 'SELECT name FROM migration ORDER BY id')).toEqual(first)
  })
})

describe('the entities', () => {
  let source: DataSource
  let client: pg.Client

  beforeAll(async () => {
    const url = await createTestDatabase()
    client = await connect(url)
    source = new DataSource({
      type: 'postgres',
      url,
      entities,
      namingStrategy: new SnakeCaseColumns(),
      installExtensions: false,
    })
    await source.initialize()
  })
  afterAll(() => source.destroy())

  test('have nothing to add to what the migrations made', async () => {
    const { upQueries } = await source.driver.createSchemaBuilder().log()
    // Only the migrations know the indexes, the foreign keys (domains do not know each other) and the rules between
    // columns; TypeORM would take away what the entities do not name.
    const known = /^(ALTER TABLE "\w+" DROP CONSTRAINT "\w+"|DROP INDEX "public"\."\w+")$/
    expect(upQueries.length).toBeGreaterThan(0)
    expect(upQueries.map(({ query }) => query).filter(query => !known.test(query))).toEqual([])
  })

  test('have the lists of values that the database has', async () => {
    const checks = entities.flatMap(({ options }) =>
      (options.checks ?? []).map(({ name, expression }) => ({ table: options.name, name: name as string, expression })),
    )
    expect(checks.length).toBeGreaterThan(10)
    const inDatabase = async (schema: string, tables: string[]) =>
      values(
        client,
        `SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
         WHERE connamespace = $1::regnamespace AND contype = 'c' AND cardinality(conkey) = 1
           AND pg_get_constraintdef(oid) LIKE '%= ANY%' AND conrelid::regclass::text = ANY ($2) ORDER BY 1`,
        [schema, tables],
      )
    const tables = [...new Set(entities.map(({ options }) => options.name))]
    const migrated = await inDatabase('public', tables)
    // The same lists as PostgreSQL writes them, on copies of the tables that have no constraints.
    await client.query('BEGIN; CREATE SCHEMA kopia; SET LOCAL search_path = kopia')
    for (const table of tables) await client.query(`CREATE TABLE ${table} (LIKE public.${table})`)
    for (const { table, name, expression } of checks)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} CHECK (${expression})`)
    const declared = await inDatabase('kopia', tables)
    await client.query('ROLLBACK')
    expect(declared).toEqual(migrated)
  })
})

describe('the roles that the application acts under', () => {
  let client: pg.Client
  let roles: string[]

  beforeAll(async () => {
    client = await connect(await createTestDatabase())
    roles = await values(client, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'hemvist\\_%' ORDER BY 1")
  })

  /** `role table` for each table that a role has the right to. */
  const having = (right: string) =>
    values(
      client,
      `SELECT r.rolname || ' ' || c.relname FROM pg_roles r CROSS JOIN pg_class c
       WHERE r.rolname = ANY ($1) AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
         AND has_table_privilege(r.oid, c.oid, $2) ORDER BY 1`,
      [roles, right],
    )

  test('are what the service connects as', () => {
    expect(roles).toEqual(expect.arrayContaining(['hemvist_allman', 'hemvist_skyddad']))
  })

  test('own nothing, cannot log in and have no power over the server', async () => {
    const { rows } = await client.query(
      `SELECT rolname, (SELECT count(*)::int FROM pg_class WHERE relowner = r.oid) + (SELECT count(*)::int FROM pg_proc WHERE proowner = r.oid)
           + (SELECT count(*)::int FROM pg_namespace WHERE nspowner = r.oid) AS owns,
         rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication OR rolcanlogin AS may,
         has_schema_privilege(oid, 'public', 'CREATE') AS creates,
         (SELECT count(*)::int FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname <> ALL ($1)) AS more
       FROM pg_roles r WHERE rolname = ANY ($1) ORDER BY 1`,
      [roles],
    )
    expect(rows).toEqual(roles.map(rolname => ({ rolname, owns: 0, may: false, creates: false, more: 0 })))
  })

  test('may delete nothing but kept answers', async () => {
    expect(await having('DELETE')).toEqual(roles.map(role => `${role} idempotensnyckel`))
    expect(await having('TRUNCATE')).toEqual([])
    expect(await having('TRIGGER')).toEqual([])
  })

  test('may not write in the history', async () => {
    for (const right of ['INSERT', 'UPDATE', 'DELETE'])
      expect((await having(right)).filter(line => line.includes(' historik'))).toEqual([])
    expect(await having('SELECT')).toContain('hemvist_allman historik')
    for (const role of roles) {
      await client.query(`SET ROLE ${role}`)
      for (const sql of ["UPDATE historik SET av = 'någon'", 'DELETE FROM historik', 'SELECT FROM historik_utan_manad'])
        await expect(client.query(sql)).rejects.toMatchObject({ code: '42501' })
      await client.query('RESET ROLE')
    }
  })

  test('see households and what is about them through row security only, never past it in a partition', async () => {
    const about = await values(
      client,
      `SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT c.relispartition AND (c.relname = 'hushall' OR EXISTS (SELECT FROM pg_attribute a
           WHERE a.attrelid = c.oid AND a.attname IN ('skyddad', 'hushall_id', 'hushall_ids'))) ORDER BY 1`,
    )
    expect(about.length).toBeGreaterThanOrEqual(8)
    expect(
      await values(
        client,
        `SELECT c.relname FROM pg_class c WHERE c.relname = ANY ($1) AND c.relrowsecurity
           AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = ARRAY['hemvist_allman'::regrole::oid])
           AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND 0 = ANY (p.polroles)) ORDER BY 1`,
        [about],
      ),
    ).toEqual(about)
    const partitions = await values(client, 'SELECT relname FROM pg_class WHERE relispartition')
    expect(partitions.length).toBeGreaterThan(3)
    const readable = await having('SELECT')
    expect(readable.filter(line => partitions.includes(line.split(' ')[1] as string))).toEqual([])
  })
})

/** What a made-up row must have for the rules between its columns; everything else is made of the columns' types. */
const coherent: Record<string, Row> = {
  genomgangsomgang: { period: '2026H2' },
  garantikrav: {
    hyresmanad: '2026-03',
    tillstand: 'utbetalt',
    kravt_belopp_ore: 800_000,
    godkant_belopp_ore: 700_000,
    avvisningsorsak: null,
  },
  regressfordran: { tillstand: 'efterskankt', belopp_ore: 700_000, betalt_ore: 100_000 },
  genomgang: { tillstand: 'klar' },
  stickprov: { manad: '2026-03' },
  hyresgaranti: {
    ursprung: 'registrerad',
    tillstand: 'avslutadOverenskommelse',
    avslutsorsak: 'overenskommelse',
    garanterade_manader: 6,
    max_belopp_ore: 1_000_000,
  },
  arende: { tillstand: 'avskriven', beslut_datum: null },
  utredning: { brukarsynpunkt_saknas: null },
  barnchecklista: { tillstand: 'klar', antal_barn: 3, antal_informerade: 2, antal_horda: 1 },
  delegation: { utfall: ['bifall', 'avslag'], max_garanterade_manader: 6 },
  beslut: {
    utfall: 'bifall',
    barnchecklista_undantag: null,
    datum: '2026-01-01',
    delgiven_datum: '2026-01-10',
    overklagas_senast: '2026-01-31',
    laga_kraft_datum: '2026-02-01',
  },
  forturskriterier: { min_intyg_per_grund: 1, max_alder_ung: 28 },
  fortur: {
    tillstand: 'upphavd',
    max_erbjudanden: 3,
    antal_nej: 1,
    min_rum: 2,
    max_rum: 3,
    uteslutna_omraden: ['klostergarden'],
  },
  erbjudande: { tillstand: 'avbojt', kontrakt_datum: null, rum: 3 },
  stodlagenhet: {
    tillstand: 'avslutad',
    min_rum: 2,
    max_rum: 3,
    informerad_om_villkor_datum: '2026-01-02',
    uteslutna_omraden: ['klostergarden'],
  },
  avstaende: { tillstand: 'godkant' },
  boendehandelse: { slag: 'storning', hyresskuld_ore: null },
  bf_boende: { tillstand: 'avslutad', forstahand_datum: '2026-12-01', uteslutna_omraden: ['klostergarden'] },
  flyttkedja: { tillstand: 'bruten' },
  flyttlank: { ordning: 1, tillstand: 'fallen', bf_boende_id: null, till_lagenhet_id: null, genomford_datum: null },
  upplatelse: { bf_boende_id: null },
  trohetsmatning: { ar: 2026, poang: 150, max_poang: 170 },
  overgangsprovning: { utfall: 'avslag', provad: '2026-01-01', nasta: '2026-06-01' },
}

type Column = {
  table: string
  column: string
  type: string
  one_of: string | null
  from_table: string | null
  from_column: string | null
  later: boolean
}

/** A row for each table that keeps a history, every column with a value of its own; parents before children. */
async function madeUpRows(client: pg.Client): Promise<Map<string, Row>> {
  const { rows: columns } = await client.query<Column>(
    `SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
       (SELECT substring(pg_get_constraintdef(k.oid) FROM '''([^'']*)''::text') FROM pg_constraint k WHERE k.conrelid = c.oid
          AND k.contype = 'c' AND k.conkey = ARRAY[a.attnum] AND pg_get_constraintdef(k.oid) LIKE '%= ANY%') AS one_of,
       f.confrelid::regclass::text AS from_table, f.attname AS from_column, coalesce(f.confrelid >= c.oid, false) AS later
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN LATERAL (SELECT k.confrelid, fa.attname FROM pg_constraint k
       JOIN pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = k.confkey[array_position(k.conkey, a.attnum)]
       WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey) AND a.attname <> 'id'
       ORDER BY k.confrelid >= c.oid LIMIT 1) f ON true
     WHERE EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'historik_ny') ORDER BY 1, a.attnum`,
  )
  const rows = new Map<string, Row>()
  const make = (table: string): Row => {
    const known = rows.get(table)
    if (known) return known
    const row: Row = {}
    // What is made later, or is another row of the same table, is pointed at when it is there.
    for (const [index, column] of columns.filter(one => one.table === table).entries())
      row[column.column] = column.later
        ? null
        : column.from_table
          ? make(column.from_table)[column.from_column as string]
          : (column.one_of ?? madeUpValue(column, index))
    rows.set(table, Object.assign(row, coherent[table]))
    return row
  }
  for (const { table } of columns) make(table)
  return rows
}

function madeUpValue({ table, column, type }: Column, index: number): unknown {
  const number = String(index + 1).padStart(2, '0')
  switch (type) {
    case 'uuid':
      return randomUUID()
    case 'integer':
    case 'bigint':
      return index + 1
    case 'boolean':
      return column !== 'skyddad'
    case 'date':
      return Temporal.PlainDate.from('2026-01-01').add({ days: index }).toString()
    case 'timestamp with time zone':
      return `2026-0${1 + (index % 9)}-${String(1 + (index % 28)).padStart(2, '0')}T10:11:12.${number}5Z`
    case 'jsonb':
      return { [column]: ['åäö', 1.5, true, null] }
    case 'text[]':
      return [`${column} å`, '"2", {}']
    case 'uuid[]':
      return [randomUUID()]
    default:
      return `${table}.${column} åäö 😀 ' " \\ ${number}`
  }
}

describe('every change', () => {
  test.each(['hemvist_allman', 'hemvist_skyddad'])(
    'by %s is written in the history, but never a personnummer',
    async role => {
      const client = await connect(await createTestDatabase())
      const rows = await madeUpRows(client)
      expect([...rows.keys()]).toEqual(expect.arrayContaining(entities.map(({ options }) => options.name)))
      await client.query(`SET ROLE ${role}; SET TimeZone = 'UTC'`)
      await client.query("SELECT set_config('hemvist.av', 'maja', false), set_config('hemvist.spar', 'spår', false)")
      const lastEntry = async (table: string) =>
        (await client.query('SELECT * FROM historik WHERE tabell = $1 ORDER BY id DESC LIMIT 1', [table])).rows[0]
      const entries = async () => Number((await values(client, 'SELECT count(*) FROM historik'))[0])
      const forJson = (row: Row) => JSON.parse(JSON.stringify(row).replace(/(\.\d\d5)Z"/g, '$1+00:00"'))

      for (const [table, row] of rows) {
        const names = Object.keys(row)
        const before = await entries()
        await client.query(
          `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
          Object.values(row).map(value =>
            value && typeof value === 'object' && !Array.isArray(value) ? JSON.stringify(value) : value,
          ),
        )
        expect(await entries()).toBe(before + 1)
        const { personnummer_krypterat: _, personnummer_hash: __, ...shown } = row
        const key = String(row.id ?? row.period)
        expect(await lastEntry(table)).toMatchObject({
          rad_id: key,
          rot_id:
            row.flyttkedja_id ??
            row.hyresgaranti_id ??
            row.fortur_id ??
            row.stodlagenhet_id ??
            row.bf_boende_id ??
            (['hyresgaranti', 'fortur', 'stodlagenhet', 'bf_boende'].includes(table) ? null : row.arende_id) ??
            key,
          hushall_id: row.hushall_id ?? (table === 'hushall' ? key : null),
          atgard: 'registrera',
          av: 'maja',
          spar: 'spår',
          fore: null,
        })
        const { efter } = await lastEntry(table)
        expect(efter).toEqual(Object.fromEntries(Object.entries(forJson(shown)).filter(([, value]) => value !== null)))

        const [mayChange] = await values(client, 'SELECT has_table_privilege($1, $2)', [table, 'UPDATE'])
        if (mayChange === 'false') {
          const same = client.query(`UPDATE ${table} SET ${names[0]} = ${names[0]}`)
          await expect(same).rejects.toMatchObject({ code: '42501' })
          continue
        }
        const freeText = names.findLast(name => String(row[name]).startsWith(`${table}.${name} `))
        const column = names.includes('andrad') ? 'andrad' : (freeText as string)
        const next = column === 'andrad' ? '2027-01-01T00:00:00+00:00' : 'ändrad'
        await client.query(`UPDATE ${table} SET ${column} = $1`, [next])
        expect(await entries()).toBe(before + 2)
        expect(await lastEntry(table)).toMatchObject({
          rad_id: key,
          atgard: 'andra',
          av: 'maja',
          fore: { [column]: forJson(row)[column] },
          efter: { [column]: next },
        })
      }
      const [text] = await values(client, 'SELECT string_agg(to_jsonb(h)::text, $1) FROM historik h', ['\n'])
      expect(text).toContain('person.fornamn')
      expect(text).not.toMatch(/personnummer/)
    },
  )
})

test('a change of many rows is quick also on a connection that has changed few', async () => {
  const client = await connect(await createTestDatabase())
  await client.query(
    `INSERT INTO hushall (id, version, skyddad, skapad, andrad) SELECT gen_random_uuid(), 1, false, now(), now() FROM generate_series(1, 4000)`,
  )
  const change = (most: number) =>
    client.query('UPDATE hushall SET version = version + 1 WHERE id IN (SELECT id FROM hushall LIMIT $1)', [most])
  // The plan of the history's trigger is made here, for none and for one.
  for (let n = 0; n < 8; n++) await change(n % 2)
  const started = performance.now()
  await change(4000)
  // With every old row compared with every new one it is more than a minute.
  expect(performance.now() - started).toBeLessThan(5000)
  expect(await values(client, "SELECT count(*) FROM historik WHERE tabell = 'hushall' AND atgard = 'andra'")).toEqual([
    '4004',
  ])
})

test('TypeORM gives back every value of a row as it was given', async () => {
  const url = await createTestDatabase()
  const rows = await madeUpRows(await connect(url))
  const key = Buffer.alloc(32)
  const db = await openDatabase(url, readConfig({}), systemClock, createEncryption(key, key))
  const toProperties = (entity: EntitySchema, row: Row) =>
    Object.fromEntries(Object.keys(entity.options.columns).map(name => [name, row[snakeCase(name)]]))
  try {
    await db.transaction(systemCaller, {}, async ({ db: manager }) => {
      const inOrder = [...rows.keys()].flatMap(
        table => entities.filter(({ options }) => options.name === table) as EntitySchema[],
      )
      expect(inOrder).toHaveLength(entities.length)
      for (const entity of inOrder) {
        const table = entity.options.name
        const row = toProperties(entity, rows.get(table) as Row)
        expect(Object.keys(row).map(snakeCase).sort()).toEqual(Object.keys(rows.get(table) as Row).sort())
        await insertRows(manager, entity, [row])
        expect(await manager.find(entity)).toContainEqual(row)
        if (row.id) expect(await findRow(manager, entity, row.id as string)).toEqual(row)
      }
    })
  } finally {
    await db.close()
  }
})
