import { readFile } from 'node:fs/promises'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { openApiDocument } from '../src/cli/openapi.ts'
import { startTestApp } from './harness.ts'

const { request } = await startTestApp()
const committed = await readFile(new URL('../openapi/openapi.json', import.meta.url), 'utf8')
const document = JSON.parse(committed)

test('the committed document is what the routes say now (npm run openapi writes it)', async () => {
  expect(JSON.parse(await openApiDocument())).toEqual(document)
})

test('the running service serves the same document, with its own address', async () => {
  const { body, headers } = await request('get', '/openapi.json')
  expect(headers['content-type']).toContain('application/json')
  expect({ ...body, servers: undefined }).toEqual({ ...document, servers: undefined })
})

test('every example is valid against its own schema', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  for (const format of ['personnummer', 'organisationsnummer']) ajv.addFormat(format, true)
  ajv.addSchema(document, 'api')
  const wrong = Object.entries<{ example?: unknown }>(document.components.schemas).flatMap(([name, { example }]) => {
    const validate = ajv.getSchema(`api#/components/schemas/${name}`)
    if (example === undefined || !validate) return [`${name} has no example`]
    return validate(example) ? [] : [`${name}: ${ajv.errorsText(validate.errors)}`]
  })
  expect(wrong).toEqual([])
  expect(Object.keys(document.components.schemas).length).toBeGreaterThan(30)
})

test('operation ids are unique, and every operation says who may call it', () => {
  const operations = Object.values<Record<string, { operationId: string; description: string }>>(
    document.paths,
  ).flatMap(path => Object.values(path))
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { description } of operations) expect(description).toContain('**Får anropas av:**')
})

test('a typed client compiles from the document', async () => {
  const source = astToString(await openapiTS(document))
  const client = `${source}
    type List = paths['/hyresgarantier']['get']['responses']['200']['content']['application/json']
    const first = (list: List) => list.hyresgarantier[0]?.tillstand
    const wrong = (list: List) => list.finnsInte
    export { first, wrong }`
  const host = ts.createCompilerHost({})
  const read = host.getSourceFile
  host.getSourceFile = (name, ...rest) =>
    name === 'client.ts' ? ts.createSourceFile(name, client, ts.ScriptTarget.ESNext) : read.call(host, name, ...rest)
  const options = { strict: true, noEmit: true, target: ts.ScriptTarget.ESNext, types: [], skipLibCheck: true }
  const messages = ts
    .getPreEmitDiagnostics(ts.createProgram(['client.ts'], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
  expect(messages).toEqual([expect.stringContaining("Property 'finnsInte' does not exist")])
})
