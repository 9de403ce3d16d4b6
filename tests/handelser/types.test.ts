import { kallor, typesOf } from '../../src/handelser/events.ts'
import { Handelse } from '../../src/handelser/schema.ts'
import { documentFor } from '../../src/http/openapi.ts'
import { itemValidator } from '../../src/http/validation.ts'
import { startTestApp } from '../harness.ts'

const harness = await startTestApp()
const rows = async (text: string) => (await harness.owner.query(text)).rows

/** As JSON it is what a reader gets. */
const documentOf = (part?: 'hyresvard' | 'serviceforvaltningen' | 'socialforvaltningen') =>
  JSON.parse(JSON.stringify(part ? documentFor(harness.app, part) : harness.app.swagger()))

test('every table that has a lifecycle tells of it, to those whom the code says', async () => {
  const withStates = await rows(`SELECT table_name AS tabell FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'tillstand' ORDER BY 1`)
  expect(withStates.map(({ tabell }) => tabell)).toEqual(Object.keys(kallor).sort())
  const triggers =
    await rows(`SELECT tgrelid::regclass::text AS tabell, tgname AS namn, pg_get_functiondef(tgfoid) AS body
    FROM pg_trigger WHERE tgname IN ('handelse_ny', 'handelse_andrad')`)
  for (const [tabell, { vyer }] of Object.entries(kallor)) {
    const own = triggers.filter(trigger => trigger.tabell === tabell)
    expect(own.map(({ namn }) => namn).sort()).toEqual(['handelse_andrad', 'handelse_ny'])
    const told = [...own[0].body.matchAll(/\('([a-z]+)', (?:NULL|n\.)/g)].map(([, part]) => part)
    expect({ tabell, told: [...new Set(told)].sort() }).toEqual({ tabell, told: Object.keys(vyer).sort() })
  }
})

test('the states are those that the database takes', async () => {
  const checks =
    await rows(`SELECT conrelid::regclass::text AS tabell, pg_get_constraintdef(oid) AS text FROM pg_constraint
    WHERE conname = conrelid::regclass::text || '_tillstand'`)
  const inDatabase = Object.fromEntries(
    checks.map(({ tabell, text }) => [tabell, [...text.matchAll(/'(\w+)'/g)].map(([, state]) => state).sort()]),
  )
  const inCode = Object.fromEntries(Object.entries(kallor).map(([tabell, { states }]) => [tabell, [...states].sort()]))
  expect(inCode).toEqual(inDatabase)
})

test('the contract lists each type once, with an example for each party that gets it', () => {
  const { webhooks } = documentOf()
  expect(Object.keys(webhooks).sort()).toEqual(typesOf('socialforvaltningen').sort())
  expect(Object.keys(webhooks).length).toBeGreaterThan(40)
  const check = itemValidator(Handelse)
  for (const [type, { post }] of Object.entries(webhooks) as [string, { post: never }][]) {
    const { summary, requestBody } = post as {
      summary: string
      requestBody: {
        content: Record<string, { schema: object; examples: Record<string, { value: { type: string } }> }>
      }
    }
    expect(summary).toMatch(/^[A-ZÅÄÖ].* tillståndet /)
    const { schema, examples } = requestBody.content['application/cloudevents+json'] as never as {
      schema: object
      examples: Record<string, { value: { type: string } }>
    }
    expect(schema).toEqual({ $ref: '#/components/schemas/Handelse' })
    for (const { value } of Object.values(examples)) {
      expect(check(value)).toEqual([])
      expect(value.type).toBe(type)
    }
  }
})

test('a party’s own contract has only what it gets, and nothing of what others get', () => {
  const { webhooks, components } = documentOf('hyresvard')
  expect(Object.keys(webhooks).sort()).toEqual(typesOf('hyresvard').sort())
  expect(JSON.stringify(webhooks)).not.toMatch(/socialforvaltningen|se\.hemvist\.arende|v1\/hyresgarantier/)
  expect(components.schemas.Handelse).toBeDefined()
  const keeper = documentOf('serviceforvaltningen').webhooks
  expect(Object.keys(keeper).sort()).toEqual(typesOf('serviceforvaltningen').sort())
  expect(JSON.stringify(keeper)).not.toMatch(
    /socialforvaltningen|hyresvard|se\.hemvist\.stodlagenhet\.iKo|v1\/stodlagenheter/,
  )
})
