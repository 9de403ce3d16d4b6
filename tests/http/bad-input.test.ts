import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { InkommetSvar } from '../../src/genomgangar/schema.ts'
import { startTestApp } from '../harness.ts'
import { createHousehold } from '../people.ts'
import { alternatives, rightRequests } from './right-requests.ts'

const harness = await startTestApp({ settings: { IMPORT_LIMIT: '1048576' } })

/** Put wherever something is to be refused: it may be in no answer and in no log line. */
const secret = 'XHEMLIGTX'
/** Well formed in all but the check digit. */
const wrongPersonnummer = '198507099806'
const wrongOrganisationsnummer = '556012-5791'

type Answer = { status: number; headers: http.IncomingHttpHeaders; text: string }
type Request = { headers?: Record<string, string>; body?: string | Buffer; token?: string }
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 })
afterAll(() => agent.destroy())

/** As raw as Node lets it be: `fetch` mends addresses and forbids methods. */
function send(method: string, path: string, { headers = {}, body, token }: Request = {}): Promise<Answer> {
  const authorization = token && { authorization: `Bearer ${token}` }
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(harness.base)
    const options = { hostname, port, path, method, agent, headers: { ...authorization, ...headers } }
    const request = http.request(options, answer => {
      let text = ''
      answer.on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode as number, headers: answer.headers, text }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Everything that is kept, as one text: equal before and after means that nothing changed. */
let seen: object | undefined
/** All that is stored as a test left it: what the next begins with. */
const stored = async (): Promise<object> => seen ?? database()
async function database(): Promise<object> {
  const tables = await harness.owner.query(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace`,
  )
  const sums = tables.rows.map(
    ({ name }) => `(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM ${name} t) AS ${name}`,
  )
  seen = (await harness.owner.query(`SELECT ${sums.join(', ')}`)).rows[0] as object
  return seen
}

const types = new Set<string>()
/** What is wrong with an answer to something that is wrong, or nothing. */
function faults(answer: Answer, statuses: readonly number[] | undefined, sent: unknown[]): string[] {
  const { status, headers, text } = answer
  const problem = JSON.parse(text || '{}') as Record<string, unknown>
  types.add(String(problem.type))
  const found: string[] = []
  if (statuses ? !statuses.includes(status) : status < 400 || status > 499) found.push(`status ${status}`)
  if (headers['content-type'] !== 'application/problem+json; charset=utf-8')
    found.push(`type ${headers['content-type']}`)
  for (const member of ['type', 'title', 'detail', 'instance', 'kod'])
    if (typeof problem[member] !== 'string' || problem[member] === '') found.push(`no ${member}`)
  if (problem.status !== status) found.push('another status in the body')
  if (headers['cache-control'] !== 'no-store') found.push(`cache-control ${headers['cache-control']}`)
  if (!/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(String(headers.traceparent))) found.push('no traceparent')
  const said = text.replace(/"urn:uuid:[^"]*"/, '')
  for (const value of [secret, wrongPersonnummer, wrongOrganisationsnummer, ...sent.map(String)])
    if (value.length > 7 && value !== '[object Object]' && said.includes(value))
      found.push(`repeats ${value.slice(0, 40)}`)
  return found
}

/** Runs many requests, some at a time, and tells of those that were answered wrongly. */
async function wrongOf<T>(cases: T[], check: (one: T) => Promise<string[] | string | undefined>): Promise<string[]> {
  const wrong: string[] = []
  const left = [...cases]
  const worker = async () => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      const found = [await check(one)].flat().filter(text => text !== undefined)
      wrong.push(...found)
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return wrong.sort()
}

// What is refused below is refused because of what was changed in one of these.
const { worker, tokens, household, right, ownIds } = await rightRequests(harness)

// --- The contract, from which the wrong requests are made. ---

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  format?: string
  pattern?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  minProperties?: number
  uniqueItems?: boolean
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
}
type Parameter = { in: 'path' | 'query' | 'header'; name: string; required?: boolean; schema: Schema }
type Operation = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, unknown>
}
const contract = JSON.parse((await send('GET', '/v1/openapi.json')).text) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
const resolve = (schema: Schema): Schema =>
  schema.$ref ? (contract.components.schemas[schema.$ref.split('/').at(-1) as string] as Schema) : schema

function tokenFor(path: string, id: string): string {
  if (path.startsWith('/hyresvard/')) return tokens.landlord
  if (path.startsWith('/serviceforvaltningen/')) return tokens.serviceforvaltningen
  if (path.startsWith('/atkomstlogg')) return tokens.reviewer
  if (/^\/(barnchecklistemallar|delegationer|forturskriterier|prenumerationer)/.test(path)) return tokens.administrator
  if (path.startsWith('/nodatkomster') && id !== 'skapaNodatkomst') return tokens.cleared
  return tokens.worker
}
const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => {
    const { operationId: id, parameters = [], requestBody, responses } = operation
    const schema = requestBody?.content['application/json']?.schema
    return {
      id,
      path,
      method: method.toUpperCase(),
      ofPath: parameters.filter(p => p.in === 'path'),
      ofQuery: parameters.filter(p => p.in === 'query'),
      ifMatch: '428' in responses,
      accepts: Object.keys(requestBody?.content ?? {}),
      body: schema && resolve(schema),
      token: tokenFor(path, id),
    }
  }),
)
type Described = (typeof operations)[number]
const named = (list: Described[]) => list.map(operation => [operation.id, operation] as const)
const withJson = operations.filter(({ body }) => body)
const bodyOf = ({ id }: Pick<Described, 'id'>) => right[id]?.body as Record<string, unknown>
const idsOf = ({ id, path }: Described): Record<string, string> =>
  right[id]?.ids ?? ownIds.find(([begins]) => path.startsWith(begins))?.[1] ?? {}
const addressOf = ({ path }: Described, ids: Record<string, string>) =>
  `/v1${path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no-${name}`)}`
const requiredQuery = ({ ofQuery }: Described) =>
  ofQuery
    .filter(({ required }) => required)
    .map(({ name, schema }) => {
      const value = { fran: '2026-01-01', ar: '2026' }[name] ?? '2026-12-31'
      return [name, schema.format === 'date-time' ? `${value}T00:00:00Z` : value]
    })

/** Gives the operation, right in all that is not said here. */
function give(operation: Described, changes: Request & { ids?: Record<string, string>; query?: string[][] } = {}) {
  const query = new URLSearchParams([...requiredQuery(operation), ...(changes.query ?? [])] as [string, string][])
  const address = addressOf(operation, { ...idsOf(operation), ...changes.ids })
  const type = operation.accepts.includes('application/json') ? 'application/json' : operation.accepts[0]
  return send(operation.method, `${address}${query.size > 0 ? `?${query}` : ''}`, {
    token: operation.token,
    body: changes.body ?? (operation.body && JSON.stringify(bodyOf(operation))),
    headers: {
      ...(type && { 'content-type': type }),
      ...(operation.ifMatch && { 'if-match': '*' }),
      ...changes.headers,
    },
  })
}

/** Values that a schema refuses. Those that text cannot be, such as numbers, are for bodies only. */
function wrongValues(given: Schema, right: unknown): unknown[] {
  const schema = resolve(given)
  const allowed = [schema.type].flat()
  const isText = allowed.includes('string')
  const isNumber = allowed.includes('integer') || allowed.includes('number')
  const otherTypes = [
    [isText, 98765432123],
    [allowed.includes('boolean'), true],
    [isText, secret],
    [allowed.includes('object'), { [secret]: secret }],
    [allowed.includes('array'), [secret]],
    [allowed.includes('null'), null],
  ].flatMap(([isAllowed, value], index) => (isAllowed ? [] : index === 0 && isNumber ? [] : [value]))
  const byFormat: Record<string, unknown[]> = {
    date: ['2026-02-30', '2026-13-01', '20260901', '2026-9-1', '2026-09-01T00:00:00Z', '0000-00-00', '', secret],
    uuid: [`urn:uuid:${randomUUID()}`, randomUUID().slice(1), secret],
    personnummer: [wrongPersonnummer, '850709-9805', '198502309805', '19850709T805', secret],
    organisationsnummer: [wrongOrganisationsnummer, '5560125790', secret].filter(v => v !== '5560125790'),
  }
  const text = isText
    ? [
        `${secret}\u0000`,
        `${secret}\ud800`,
        `\udc00${secret}`,
        ...(schema.enum ? [secret] : []),
        ...(schema.format ? (byFormat[schema.format] ?? [secret]) : []),
        ...(schema.pattern && schema.pattern !== '\\S' ? [`${secret}!`, ''] : []),
        ...(schema.minLength ? [''] : []),
        ...(schema.pattern === '\\S' ? [' \t\n'] : []),
        ...(schema.maxLength ? [secret.repeat(Math.ceil(schema.maxLength / secret.length) + 1)] : []),
      ]
    : []
  const number = isNumber
    ? [
        1.5,
        1e300,
        -98765432123,
        '1e999',
        // As text, unless a text is right too.
        ...(isText ? [] : [`${right}`]),
        ...(schema.minimum === undefined ? [] : [schema.minimum - 1]),
        ...(schema.maximum === undefined ? [] : [schema.maximum + 1]),
      ]
    : []
  const boolean = allowed.includes('boolean') ? ['true', 'ja', 1, 0] : []
  const list = allowed.includes('array')
    ? [
        ...(schema.minItems ? [[]] : []),
        ...(schema.items?.type ? wrongValues(schema.items, undefined).map(value => [value]) : []),
        ...(schema.uniqueItems ? [[0, 0].map(n => (right as unknown[])[n])] : []),
        ...(schema.maxItems ? [Array.from({ length: schema.maxItems + 1 }, () => (right as unknown[])[0])] : []),
      ]
    : []
  return [...otherTypes, ...text, ...number, ...boolean, ...list]
}

type Change = { at: string; value?: unknown; body: unknown }
/** Every body that differs from a right one in one place, and is wrong for it. */
function changesOf(given: Schema, right: unknown, at = '', rebuild: (value: unknown) => unknown = v => v): Change[] {
  const schema = resolve(given)
  if (schema.properties) {
    const object = right as Record<string, unknown>
    return [
      { at: `${at}/okantFalt`, value: secret, body: rebuild({ ...object, okantFalt: secret }) },
      // A name that nobody defined can be anything: these are not repeated.
      ...[`p${wrongPersonnummer}`, `${secret}17`, `Maja ${secret}`, ''].map(name => ({
        at,
        value: name,
        body: rebuild({ ...object, [name]: 1 }),
      })),
      ...(schema.minProperties ? [{ at: `${at} empty`, body: rebuild({}) }] : []),
      ...(schema.required ?? []).map(name => {
        const { [name]: _, ...rest } = object
        return { at: `${at}/${name} missing`, body: rebuild(rest) }
      }),
      ...Object.entries(schema.properties).flatMap(([name, field]) => {
        const inField = (value: unknown) => rebuild({ ...object, [name]: value })
        return [
          ...wrongValues(field, object[name]).map(value => ({ at: `${at}/${name}`, value, body: inField(value) })),
          ...(name in object ? changesOf(field, object[name], `${at}/${name}`, inField) : []),
        ]
      }),
    ]
  }
  const items = schema.items && resolve(schema.items)
  if (items?.properties)
    return [
      ...[null, 17, secret, []].map(value => ({ at: `${at}/0`, value, body: rebuild([value]) })),
      ...changesOf(items, (right as unknown[])[0], `${at}/0`, value => rebuild([value])),
    ]
  return []
}
/** `1e999` is a number that JSON has and JavaScript has not. */
const toJson = (body: unknown) => JSON.stringify(body).replaceAll('"1e999"', '1e999')

describe('a body', () => {
  test('of each operation is tried, with each of its fields', () => {
    expect(withJson.map(({ id }) => id).sort()).toEqual(Object.keys(right).sort())
    const fieldsOf = (given: Schema, body: unknown): string[] => {
      const { properties, items } = resolve(given)
      if (items?.$ref || (items && resolve(items).properties)) return fieldsOf(items, (body as unknown[])[0])
      return Object.entries(properties ?? {}).flatMap(([name, field]) =>
        name in (body as object) ? fieldsOf(field, (body as Record<string, unknown>)[name]) : [name],
      )
    }
    for (const operation of withJson)
      expect([operation.id, fieldsOf(operation.body as Schema, bodyOf(operation))]).toEqual([
        operation.id,
        alternatives[operation.id] ?? [],
      ])
  })

  test('has a type and a limit in each of its fields', () => {
    const limits: Record<string, (keyof Schema)[]> = {
      string: ['enum', 'format', 'maxLength', 'pattern'],
      integer: ['minimum'],
      array: ['maxItems'],
      object: ['properties'],
      boolean: ['type'],
    }
    const looseIn = (given: Schema, at: string): string[] => {
      const schema = resolve(given)
      const types = [schema.type].flat().filter(type => type !== undefined && type !== 'null')
      const isLoose = types.some(type => !limits[type as string]?.some(limit => schema[limit] !== undefined))
      const inner = { ...schema.properties, ...(schema.items && { 0: schema.items }) }
      return [
        ...(types.length === 0 || isLoose ? [at] : []),
        ...Object.entries(inner).flatMap(([name, field]) => looseIn(field, `${at}/${name}`)),
      ]
    }
    expect(withJson.flatMap(({ id, body }) => looseIn(body as Schema, id)).sort()).toEqual([
      // Only compared with what is kept.
      'avgorGenomgangar/utfall/0/etag',
      // Each of these is refused on its own: below, in tests/lagenheter and in tests/inkommande.
      'skapaLagenheter/lagenheter/0',
      'svaraPaGenomgangar/svar/0',
      'taEmotFranHyresvard/poster/0',
      'taEmotFranServiceforvaltningen/poster/0',
      'utforLagenhetsatgarder/atgarder/0',
    ])
  })

  test.each(named(withJson))(
    '%s: with one thing wrong is refused, names the place and changes nothing',
    async (_, operation) => {
      const before = await stored()
      const changes = changesOf(operation.body as Schema, bodyOf(operation))
      expect(changes.length).toBeGreaterThanOrEqual(2)
      const wrong = await wrongOf(changes, async ({ at, value, body }) => {
        const answer = await give(operation, { body: toJson(body) })
        const found = faults(answer, [400], [value])
        const { errors, kod } = JSON.parse(answer.text)
        if (kod === 'ogiltiga-uppgifter' && !(errors?.length > 0)) found.push('no errors')
        if (kod === 'ogiltiga-uppgifter' && !/^[A-ZÅÄÖ].* (ska|saknas|finns inte|har fel)/.test(errors?.[0]?.detail))
          found.push(`no sentence: ${errors?.[0]?.detail}`)
        const place = at.replace(/ (missing|empty)$/, '')
        const isNamed = errors?.some(({ pointer }: { pointer: string }) => pointer.startsWith(place))
        if (kod === 'ogiltiga-uppgifter' && !isNamed) found.push('names another place')
        return found.map(fault => `${at} ${JSON.stringify(value)?.slice(0, 60)}: ${fault}`)
      })
      expect(wrong).toEqual([])
      expect(await database()).toEqual(before)
    },
  )

  const notDocuments: [string, string | Buffer][] = [
    ['nothing', ''],
    ['blanks', ' \n\t'],
    ['half a document', `{"${secret}":`],
    ['a trailing comma', `{"${secret}":1,}`],
    ['JavaScript', `{${secret}:'a'}`],
    ['two documents', `{}{"${secret}":1}`],
    ['XML', `<${secret}/>`],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['UTF-16', Buffer.from(`{"${secret}":1}`, 'utf16le')],
    ['a raw NUL', `{"a":"${secret}\u0000"}`],
    ['NaN', `{"${secret}":NaN}`],
    ['__proto__', `{"__proto__":{"${secret}":true}}`],
    ['__proto__ further in', `{"a":[{"__proto__":{"${secret}":true}}]}`],
    ['constructor.prototype', `{"constructor":{"prototype":{"${secret}":true}}}`],
    ['an escaped NUL in a name', `{"${secret}\\u0000":1}`],
    ['a lone surrogate in a name', `{"${secret}\\udfff":1}`],
    ['a list', `["${secret}"]`],
    ['a text', `"${secret}"`],
    ['a number', '98765432123'],
    ['null', 'null'],
    ['depth', `${'['.repeat(100_000)}"\\ud83d\\ude00"${']'.repeat(100_000)}`],
    ['ten thousand unknown fields', `{${Array.from({ length: 10_000 }, (_, n) => `"${secret}${n}":1`).join()}}`],
  ]
  test.each(notDocuments)('that is %s is refused everywhere', async (_, body) => {
    const before = await stored()
    const wrong = await wrongOf(withJson, async operation =>
      faults(await give(operation, { body }), [400], []).map(fault => `${operation.id}: ${fault}`),
    )
    expect(wrong).toEqual([])
    expect(await database()).toEqual(before)
  })

  test('with the same name twice: the last counts, and is checked', async () => {
    const operation = withJson.find(({ id }) => id === 'foreslaAvslut') as Described
    const { motivering } = bodyOf(operation)
    const answer = await give(operation, { body: `{"motivering":"${motivering}","motivering":17}` })
    expect(faults(answer, [400], [])).toEqual([])
  })

  test('of another media type, or of none, is refused before it is read', async () => {
    const before = await stored()
    const mediaTypes = [
      'text/plain',
      'text/csv',
      'application/xml',
      'multipart/form-data',
      'application/jsonx',
      ';;;',
      '',
    ]
    const cases = operations
      .filter(({ accepts }) => accepts.length > 0)
      .flatMap(operation =>
        [...mediaTypes, 'application/json', 'application/merge-patch+json']
          .filter(type => !operation.accepts.includes(type))
          .map(type => ({ operation, type })),
      )
    const wrong = await wrongOf(cases, async ({ operation, type }) => {
      const { method, token, ifMatch } = operation
      const answer = await send(method, addressOf(operation, idsOf(operation)), {
        token,
        headers: { ...(type && { 'content-type': type }), ...(ifMatch && { 'if-match': '*' }) },
        body: `{"${secret}":1}`,
      })
      return faults(answer, [415], [type]).map(fault => `${operation.id} ${type}: ${fault}`)
    })
    expect(wrong).toEqual([])
    expect(await database()).toEqual(before)
  })

  test('that is missing, with its media type, is refused', async () => {
    const wrong = await wrongOf(
      operations.filter(({ accepts }) => accepts.length > 0),
      async operation => {
        const { method, token } = operation
        const answer = await send(method, addressOf(operation, idsOf(operation)), {
          token,
          headers: { 'if-match': '*' },
        })
        return faults(answer, [415], []).map(fault => `${operation.id}: ${fault}`)
      },
    )
    expect(wrong).toEqual([])
  })

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json ;charset=utf-8'])(
    'as %s is JSON, and checked',
    async type => {
      const operation = withJson.find(({ id }) => id === 'skapaHushall') as Described
      const answer = await give(operation, { headers: { 'content-type': type }, body: `{"okantFalt":"${secret}"}` })
      expect(faults(answer, [400], [])).toEqual([])
      expect(JSON.parse(answer.text).kod).toBe('ogiltiga-uppgifter')
    },
  )

  test.each([
    ['told of beforehand', {}],
    ['that comes in pieces', { 'transfer-encoding': 'chunked' }],
  ])('of 10 MB, %s, is too large', async (_, headers) => {
    const before = await stored()
    const tooLarge = `{"${secret}":"${'a'.repeat(10_000_000)}"}`
    for (const operation of operations.filter(({ accepts }) => accepts.length > 0)) {
      const answer = await give(operation, {
        body: tooLarge,
        headers: { ...headers, connection: 'close' },
      })
      // A spreadsheet is refused where it is first seen to be wrong: here in its headings.
      const statuses = operation.body ? [413] : [422]
      expect([operation.id, ...faults(answer, statuses, [])]).toEqual([operation.id])
    }
    expect(await database()).toEqual(before)
  })
})

describe('an answer of a landlord', () => {
  test('that is wrong is refused on its own, and its values are not repeated', async () => {
    const before = await stored()
    const operation = withJson.find(({ id }) => id === 'svaraPaGenomgangar') as Described
    const item = (bodyOf(operation).svar as unknown[])[0]
    const changes = changesOf(InkommetSvar as Schema, item).filter(
      ({ body }) => !/\\u0000|\\ud|\\ude/.test(toJson(body)),
    )
    expect(changes.length).toBeGreaterThan(40)
    const answer = await give(operation, {
      body: toJson({ svar: [...changes.map(({ body }) => body), null, 17, secret] }),
    })
    expect(answer.status).toBe(200)
    const { resultat } = JSON.parse(answer.text)
    const accepted = changes.filter((_, index) => resultat[index].utfall !== 'avvisat')
    expect(accepted).toEqual([])
    expect(answer.text).not.toContain(secret)
    expect(answer.text).not.toContain(wrongPersonnummer)
    expect(await database()).toEqual(before)
  })
})

describe('a body that is right by itself', () => {
  const unborn = { personnummer: '209901012386', fornamn: 'Maja', efternamn: 'Lind', roll: 'sokande' }
  const decision = { garantityp: 'kommunal', garanteradeManader: 6, beslutDatum: '2026-01-20', beslutsfattare: 'K Ek' }
  async function withoutApplicant() {
    const { id, personer } = await createHousehold(worker)
    const { status } = await worker.patch(
      `/hushall/${id}/personer/${personer[0].id}`,
      { roll: 'vuxen' },
      { ifMatch: '*' },
    )
    expect(status).toBe(200)
    return id
  }
  test.each([
    ['of somebody who is not born', '/hushall', async () => ({ personer: [unborn] }), '/personer/0/personnummer'],
    [
      'of a child who is not born',
      `/hushall/${household.id}/personer`,
      async () => ({ ...unborn, roll: 'barn' }),
      '/personnummer',
    ],
    [
      'of a household that is not there',
      '/hyresgarantier',
      async () => ({ hushallId: randomUUID(), ...decision }),
      '/hushallId',
    ],
    [
      'of a household without an applicant',
      '/hyresgarantier',
      async () => ({ hushallId: await withoutApplicant(), ...decision }),
      '/personId',
    ],
    [
      "of somebody else's household",
      '/hyresgarantier',
      async () => ({ hushallId: household.id, personId: randomUUID(), ...decision }),
      '/personId',
    ],
    [
      'of a landlord that is not there',
      '/hyresgarantier',
      async () => ({ hushallId: household.id, hyresvardId: randomUUID(), ...decision }),
      '/hyresvardId',
    ],
  ])('is refused %s, and says where', async (_, path, prepare, pointer) => {
    const sent = await prepare()
    const before = await database()
    const headers = { 'content-type': 'application/json' }
    const answer = await send('POST', `/v1${path}`, { token: tokens.worker, headers, body: JSON.stringify(sent) })
    expect(faults(answer, [422], [unborn.personnummer])).toEqual([])
    expect(JSON.parse(answer.text).errors).toMatchObject([{ pointer }])
    expect(await database()).toEqual(before)
  })

  const nobody = '00000000-0000-4000-8000-000000000000'
  const first = (id: string, list: string, changes: object) => ({
    [list]: [{ ...(bodyOf({ id })[list] as object[])[0], ...changes }],
  })
  const within = (id: string, field: string, changes: object) => ({
    [field]: { ...(bodyOf({ id })[field] as object), ...changes },
  })
  const noCriteria = Object.fromEntries(
    Object.keys(bodyOf({ id: 'provaForturskriterier' }).kriterier as object).map(k => [k, null]),
  )
  test.each([
    ['registreraArende', '/hushallId', { hushallId: nobody }],
    ['registreraArende', '/personId', { personId: nobody }],
    ['registreraArende', '/medsokandeId', { medsokandeId: nobody }],
    ['registreraArende', '/medsokandeId', { medsokandeId: bodyOf({ id: 'registreraArende' }).personId }],
    ['registreraArende', '/ansokanDatum', { ansokanDatum: '2026-09-16' }],
    ['begarKomplettering', '/senast', { senast: '2026-09-14' }],
    ['taEmotKomplettering', '/inkommen', { inkommen: '2026-09-16' }],
    ['kommuniceraUtredning', '/yttrandeSenast', { yttrandeSenast: '2026-09-14' }],
    ['skrivInYttrande', '/inkommet', { inkommet: '2026-09-14' }],
    ['skrivInOverklagande', '/inkommet', { inkommet: '2026-09-14' }],
    ['overlamnaOverklagande', '/datum', { datum: '2026-09-14' }],
    ['skrivInDom', '/datum', { datum: '2026-09-16' }],
    ['beslutaOmArende', '/giltigTill', { giltigFran: '2026-12-01', giltigTill: '2026-11-30' }],
    ['beslutaOmArende', '/giltigTill', { giltigFran: '2026-09-01', giltigTill: '2026-09-14' }],
    ['beslutaOmArende', '/lagrum', { lagrum: `${secret} 2 §` }],
    ['beslutaOmArende', '/hyresgaranti', { hyresgaranti: bodyOf({ id: 'omprovaBeslut' }).hyresgaranti }],
    ['beslutaOmArende', '/fortur/maxRum', within('beslutaOmArende', 'fortur', { minRum: 4 })],
    ['omprovaBeslut', '/giltigFran', { giltigFran: '2026-08-19' }],
    ['omprovaBeslut', '/hyresgaranti/hyresvardId', within('omprovaBeslut', 'hyresgaranti', { hyresvardId: nobody })],
    ['sparaUtredning', '/brukarsynpunktSaknas', { brukarsynpunktSaknas: secret }],
    ['sparaUtredning', '/intyg/0/grund', first('sparaUtredning', 'intyg', { grund: 'medicinskt' })],
    ['delgeBeslut', '/delgivenDatum', { delgivenDatum: '2026-09-16' }],
    ['skapaDelegation', '/giltigTill', { giltigTill: '2025-12-31' }],
    ['avslutaDelegation', '/giltigTill', { giltigTill: '2026-09-14' }],
    ['paborjaBarnchecklista', '/hushallId', { hushallId: nobody }],
    ['paborjaBarnchecklista', '/hushallId', { hushallId: household.id }],
    ['paborjaBarnchecklista', '/arendeId', { arendeId: nobody }],
    ['sparaBarnchecklista', '/svar/0/kod', first('sparaBarnchecklista', 'svar', { kod: 'x' })],
    ['sparaBarnchecklista', '/svar/0/svar', first('sparaBarnchecklista', 'svar', { svar: 3 })],
    ['sparaBarnchecklista', '/barn/0/personId', first('sparaBarnchecklista', 'barn', { personId: nobody })],
    ['andraFortur', '/uteslutnaOmraden', { uteslutnaOmraden: ['norrafaladen'] }],
    ['andraFortur', '/koFornyad', { koFornyad: '2026-09-16' }],
    ['overlamnaFortur', '/hyresvardId', { hyresvardId: nobody }],
    ['erbjudBostad', '/svaraSenast', { svaraSenast: '2026-09-15' }],
    ['hyresvardenErbjuder', '/tilltrade', { tilltrade: '2026-09-14' }],
    ['svaraPaErbjudande', '/orsak', { orsak: 'skuld' }],
    ['svaraPaErbjudande', '/kommentar', { kommentar: null }],
    ['hyresvardenSvarar', '/orsak', { orsak: 'lage' }],
    ['tecknaForturkontrakt', '/kontraktDatum', { kontraktDatum: '2026-09-14' }],
    ['hyresvardenTecknarKontrakt', '/kontraktDatum', { kontraktDatum: '2026-09-16' }],
    ['egenKotidRacker', '/datum', { datum: '2026-09-14' }],
    ['skapaForturskriterier', '', noCriteria],
    ['provaForturskriterier', '/kriterier', { kriterier: noCriteria }],
    ['provaForturskriterier', '/till', { till: '2025-12-31' }],
  ])('is refused by %s when %j is wrong beside the rest', async (id, pointer, changes) => {
    const operation = withJson.find(one => one.id === id) as Described
    const before = await stored()
    const answer = await give(operation, { body: JSON.stringify({ ...bodyOf(operation), ...changes }) })
    expect(faults(answer, [422], [nobody])).toEqual([])
    expect(JSON.parse(answer.text).errors).toMatchObject([{ pointer }])
    expect(await database()).toEqual(before)
  })
})

describe('a spreadsheet', () => {
  const sheets: [string, string | Buffer][] = [
    ['nothing', ''],
    ['an unknown heading', `${secret};${wrongPersonnummer}\r\n1;2\r\n`],
    ['a quote without an end', `avtalsnummer;"${secret}\r\n1;2\r\n`],
    ['NUL bytes', Buffer.from(`${secret}\u0000;\u0000\r\n\u0000;1\r\n`)],
    ['bytes of an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0xff, 0xfe])],
    ['a workbook', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(500, 0xd1)])],
    ['one long line', secret.repeat(50_000)],
  ]
  test.each(sheets)('that is %s is refused', async (_, body) => {
    const before = await stored()
    for (const operation of operations.filter(({ accepts }) => accepts.includes('text/csv'))) {
      const answer = await give(operation, { body, headers: { 'content-type': 'text/csv' } })
      expect([operation.id, ...faults(answer, undefined, [])]).toEqual([operation.id])
    }
    expect(await database()).toEqual(before)
  })
})

describe('an address', () => {
  const withPath = operations.filter(({ ofPath }) => ofPath.length > 0)
  const unreadable = [
    secret,
    wrongPersonnummer,
    '1',
    '',
    '%00',
    '%ff',
    '%zz',
    '%',
    `${secret}%2f..`,
    "'%20OR%201=1--",
    'null',
    '{id}',
    `urn:uuid:${household.id}`,
    `${household.id}0`,
    secret.repeat(600),
  ]
  const nobodys: Record<string, string> = { period: '2031H1', nummer: '2147483647' }

  test.each(named(withPath))('%s: with an id that is not one is refused', async (_, operation) => {
    const before = await stored()
    const cases = operation.ofPath.flatMap(({ name }) =>
      unreadable.filter(value => name !== 'nummer' || value !== '1').map(value => ({ name, value })),
    )
    const wrong = await wrongOf(cases, async ({ name, value }) => {
      const answer = await give(operation, { ids: { [name]: value } })
      return faults(answer, [400, 404], [value]).map(fault => `${name}=${value.slice(0, 40)}: ${fault}`)
    })
    expect(wrong).toEqual([])
    expect(await database()).toEqual(before)
  })

  test.each(named(withPath.filter(({ ofPath }) => ofPath.some(({ name }) => name !== 'kod'))))(
    '%s: with an id that is of nothing, or of something else, is not found',
    async (_, operation) => {
      const before = await stored()
      const own = idsOf(operation)
      const others = ownIds.flatMap(([, ids]) => Object.values(ids)).filter(id => id.length === 36)
      const isOfThisKind = (value: string) =>
        ownIds.some(([begins, ids]) => Object.values(ids).includes(value) && operation.path.startsWith(begins))
      const cases = operation.ofPath.flatMap(({ name }) =>
        (nobodys[name] === undefined
          ? [randomUUID(), '00000000-0000-0000-0000-000000000000', ...others]
          : [nobodys[name]]
        ).map(value => ({ name, value })),
      )
      // Two of one kind are told apart by nothing.
      const misplaced = cases.filter(
        ({ name, value }) => value !== own[name] && !(['id', 'lankId'].includes(name) && isOfThisKind(value)),
      )
      const wrong = await wrongOf(misplaced, async ({ name, value }) => {
        const answer = await give(operation, { ids: { [name]: value } })
        return faults(answer, [404], []).map(fault => `${name}=${value}: ${fault}`)
      })
      expect(wrong).toEqual([])
      expect(await database()).toEqual(before)
    },
  )

  const freeText = [
    'avtalsnummer',
    'arendenummer',
    'forturnummer',
    'handlaggare',
    'objektnummer',
    'omrade',
    'sub',
    'tillganglighet',
  ]
  test.each(named(operations))('%s: with a query that is wrong is refused', async (_, operation) => {
    const before = await stored()
    const cases = [
      ['okandParameter', secret],
      [`p${wrongPersonnummer}`, '1'],
      ['personnummer', wrongPersonnummer],
      ...operation.ofQuery.flatMap(({ name, schema }) => {
        const isNumber = [resolve(schema).type].flat().includes('integer')
        const ofBody = wrongValues(schema, isNumber ? 1 : undefined)
        // What is a wrong type in JSON can be right as text.
        const values = ofBody.filter(value => typeof value === 'string' && !['1e999', '1', 'true'].includes(value))
        const numbers = ofBody.filter(value => isNumber && typeof value === 'number').map(String)
        return [...values, ...numbers].map(value => [name, (value as string).replace(/\ud800|\udc00/, '')])
      }),
    ].filter(([name, value]) => !(freeText.includes(name as string) && /^X[A-Z]+X$/.test(value as string)))
    const wrong = await wrongOf(cases as [string, string][], async ([name, value]) => {
      const answer = await give(operation, { query: [[name, value]] })
      return faults(answer, [400], [value]).map(fault => `${name}=${value.slice(0, 40)}: ${fault}`)
    })
    expect(wrong).toEqual([])
    expect(await database()).toEqual(before)
  })

  test.each([
    ['page=0', 400],
    ['page=-1', 400],
    ['page=1.5', 400],
    ['page=', 400],
    ['page=1&page=2', 400],
    ['page=1000001', 400],
    ['page=1000000', 200],
    ['limit=0', 400],
    ['limit=101', 400],
    ['limit=100', 200],
    ['limit=null', 400],
  ])('of a list with %s is answered %d', async (query, status) => {
    const lists = operations.filter(({ ofQuery }) => ofQuery.some(({ name }) => name === 'page'))
    expect(lists.length).toBeGreaterThan(10)
    const wrong = await wrongOf(lists, async operation => {
      const more = requiredQuery(operation).map(([name, value]) => `&${name}=${value}`)
      const address = `${addressOf(operation, idsOf(operation))}?${query}${more.join('')}`
      const answer = await send('GET', address, { token: operation.token })
      if (status === 200) return answer.status === 200 ? [] : `${operation.id}: ${answer.status}`
      return faults(answer, [status], []).map(fault => `${operation.id}: ${fault}`)
    })
    expect(wrong).toEqual([])
  })

  test.each(['fran=2026-01-01', 'till=2026-01-01', ''])('of statistics with only %s is refused', async query => {
    const figures = operations.filter(({ path }) => path.includes('/statistik'))
    expect(figures.length).toBeGreaterThanOrEqual(6)
    for (const operation of figures) {
      const answer = await send('GET', `${addressOf(operation, idsOf(operation))}?${query}`, { token: operation.token })
      expect([operation.id, ...faults(answer, [400], [])]).toEqual([operation.id])
    }
  })

  test.each([
    `/v1/${secret}`,
    `/v1/hushall/${household.id}/${secret}`,
    `/${secret}?${secret}=${secret}`,
    '/v1',
    '/v1/',
    '/v2/hyresgarantier',
    '/v1/HYRESGARANTIER',
    '//v1/hyresgarantier',
    '/v1/../v1/hyresgarantier',
    '/.env',
  ])('that leads nowhere is not found: %s', async path => {
    for (const token of [undefined, tokens.worker])
      expect(faults(await send('GET', path, { token }), [404], [])).toEqual([])
  })

  test('has the methods that the contract has; each other is answered 405 with Allow', async () => {
    const known = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
    const cases = Object.entries(contract.paths).flatMap(([path, methods]) => {
      const has = Object.keys(methods).map(method => method.toUpperCase())
      const allow = [...has, ...(has.includes('GET') ? ['HEAD'] : [])].sort()
      return known.filter(method => !allow.includes(method)).map(method => ({ path, method, allow: allow.join(', ') }))
    })
    expect(cases.length).toBeGreaterThan(150)
    const wrong = await wrongOf(cases, async ({ path, method, allow }) => {
      const address = `/v1${path.replace(/\{\w+\}/g, () => randomUUID())}`
      const hasBody = ['POST', 'PUT', 'PATCH'].includes(method)
      const answer = await send(
        method,
        address,
        hasBody ? { body: secret, headers: { 'content-type': 'application/xml' } } : {},
      )
      const found =
        method === 'HEAD' ? (answer.status === 405 ? [] : [`status ${answer.status}`]) : faults(answer, [405], [])
      if (answer.headers.allow !== allow) found.push(`allow ${answer.headers.allow}`)
      return found.map(fault => `${method} ${path}: ${fault}`)
    })
    expect(wrong).toEqual([])
  })

  test.each(['/health/live', '/metrics', '/docs/problemtyper'])('%s takes GET only', async path => {
    const answer = await send('POST', path, { body: secret, headers: { 'content-type': 'text/plain' } })
    expect(faults(answer, [405], [])).toEqual([])
    expect(answer.headers.allow).toBe('GET, HEAD')
  })
})

describe('a header', () => {
  const locked = operations.filter(({ ifMatch }) => ifMatch)

  test.each([
    ['missing', undefined, 428],
    ['stale', '"0"', 412],
    ['of a version to come', '"17"', 412],
    ['weak', 'W/"1"', 412],
    ['without quotes', '1', 412],
    ['something else', secret, 412],
    ['several that are stale', `"0", "${secret}"`, 412],
  ])('If-Match that is %s is refused, and nothing changes', async (_, ifMatch, status) => {
    expect(locked.length).toBeGreaterThan(15)
    const before = await database()
    const wrong = await wrongOf(locked, async operation => {
      const { method, token } = operation
      const answer = await send(method, addressOf(operation, idsOf(operation)), {
        token,
        body: JSON.stringify(bodyOf(operation)),
        headers: { 'content-type': 'application/json', ...(ifMatch && { 'if-match': ifMatch }) },
      })
      return faults(answer, [status], []).map(fault => `${operation.id}: ${fault}`)
    })
    expect(wrong).toEqual([])
    expect(await database()).toEqual(before)
  })

  test.each([
    ['with a blank', `${secret} ${secret}`],
    ['with letters that are not ASCII', `${secret}\u00e5`],
    ['of 256 characters', secret.padEnd(256, 'x')],
  ])('Idempotency-Key %s is refused', async (_, key) => {
    const operation = withJson.find(({ id }) => id === 'skapaHushall') as Described
    expect(faults(await give(operation, { headers: { 'idempotency-key': key } }), [400], [])).toEqual([])
  })

  test('that is too large is answered with a problem, and the connection is closed', async () => {
    const answer = await send('GET', '/v1/hyresgarantier', { headers: { 'x-secret': secret.repeat(3000) } })
    expect(faults(answer, [431], []).filter(fault => fault !== 'no traceparent')).toEqual([])
    expect(answer.headers.connection).toBe('close')
  })

  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  test.each([
    ['/v1/api-info', 200],
    ['/v1/hyresgarantier', 401],
    [`/v1/${secret}`, 404],
    ['/v1/hushall/%zz', 400],
    ['/health/live', 200],
  ])('traceparent is answered by %s in the same trace, and logged', async (path, status) => {
    const answer = await send('GET', path, { headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` } })
    expect(answer.status).toBe(status)
    expect(answer.headers.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
    if (status !== 400) expect(harness.logLines.at(-1)).toContain(traceId)
  })

  test.each([
    secret,
    '',
    `00-${traceId}`,
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-00f067aa0ba902b7-01`,
    `ff-${traceId}-00f067aa0ba902b7-01`,
    `00-${wrongPersonnummer}-00f067aa0ba902b7-01`,
  ])('traceparent %p is not one: a new trace begins', async traceparent => {
    const first = await send('GET', '/v1/api-info', { headers: { traceparent } })
    const second = await send('GET', '/v1/api-info', { headers: { traceparent } })
    const ids = [first, second].map(
      ({ headers }) => /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(String(headers.traceparent))?.[1],
    )
    expect(ids).toEqual([expect.any(String), expect.any(String)])
    expect(new Set([...ids, traceId]).size).toBe(3)
  })

  test('Cache-Control keeps personal data out of every cache', async () => {
    // Without the stream, which has no end: its own test looks.
    const reads = operations.filter(({ method, id }) => method === 'GET' && id !== 'foljHandelser')
    const wrong = await wrongOf(reads, async operation => {
      const { status, headers } = await give(operation)
      const expected = operation.id === 'hamtaApiInfo' ? 'public, max-age=300' : 'no-store'
      const isRight = status === 200 && headers['cache-control'] === expected
      return isRight ? [] : `${operation.id}: ${status} ${headers['cache-control']}`
    })
    expect(wrong).toEqual([])
    for (const path of ['/v1/genomgangar.ics', '/v1/hyresgarantier'])
      for (const accept of ['text/csv', 'text/calendar', '*/*'])
        expect((await send('GET', path, { token: tokens.worker, headers: { accept } })).headers['cache-control']).toBe(
          'no-store',
        )
  })
})

describe('at last', () => {
  test('each request that was changed above is right when it is not changed', async () => {
    for (const operation of withJson) {
      const { status, headers } = await give(operation)
      expect([operation.id, status < 300, headers['cache-control']]).toEqual([operation.id, true, 'no-store'])
    }
  })

  test('every type of problem that was answered is documented at its address', async () => {
    expect(types.size).toBeGreaterThan(8)
    const { problemtyper } = JSON.parse((await send('GET', '/docs/problemtyper')).text)
    for (const { kod } of problemtyper) types.add(`${harness.base}/docs/problemtyper/${kod}`)
    for (const type of types) {
      const { status, text } = await send('GET', new URL(type).pathname)
      expect([type, status]).toEqual([type, 200])
      expect(JSON.parse(text)).toMatchObject({ kod: type.split('/').at(-1), title: expect.any(String) })
    }
  })

  test('nothing that was refused is in the log, and nothing went wrong inside', () => {
    const log = harness.logLines.join('')
    expect(harness.logLines.length).toBeGreaterThan(2000)
    for (const value of [secret, wrongPersonnummer, wrongOrganisationsnummer, '2026-02-30', '98765432123'])
      expect(log).not.toContain(value)
    // An access in an emergency is told of on purpose.
    const wrong = harness.logLines.filter(line => JSON.parse(line).level > 30 && !line.includes('nödåtkomst'))
    expect(wrong).toEqual([])
  })
})
