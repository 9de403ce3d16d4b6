import { Ajv, type ErrorObject } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { isOrganisationsnummer } from '../shared/organisationsnummer.ts'
import { normalisePersonnummer } from '../shared/personnummer.ts'
import { defineProblem, type FieldError } from '../shared/refusals.ts'

const felTecken = defineProblem(
  'fel-tecken',
  400,
  'Otillåtna tecken',
  'Texten innehåller tecken som inte kan lagras: NUL, halva surrogatpar eller bytes som inte är UTF-8.',
)
const ogiltigJson = () =>
  Object.assign(new SyntaxError('invalid JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 })

/** Without the `urn:uuid:` that ajv-formats lets through and PostgreSQL does not. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function ajv(coerceTypes: boolean): Ajv {
  const instance = new Ajv({
    allErrors: true,
    coerceTypes,
    useDefaults: true,
    removeAdditional: false,
    verbose: true,
    strictTypes: false,
    keywords: ['example', 'x-examples'],
  })
  // ajv-formats is CommonJS and its types name the default twice.
  ;(addFormats as unknown as (ajv: Ajv) => void)(instance)
  instance.addFormat('personnummer', text => normalisePersonnummer(text) !== null)
  instance.addFormat('organisationsnummer', isOrganisationsnummer)
  instance.addFormat('uuid', uuid)
  // A month or day that does not exist passes a pattern; the leap day of a common year passes nothing.
  instance.addFormat('date', text => /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) && isDay(text))
  return instance
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text
  } catch {
    return false
  }
}

/**
 * Bodies are validated as sent: nothing is coerced and nothing dropped. Path, query and headers are text and are
 * coerced. Unknown fields are refused everywhere: a mistyped filter must not return the whole register.
 */
export function validation(app: FastifyInstance): void {
  const asSent = ajv(false)
  const asText = ajv(true)
  // Fastify builds validators when all routes and components are there; many routes have the same parameters.
  let components: Record<string, unknown> | undefined
  const built = new Map<string, ReturnType<Ajv['compile']>>()
  app.setValidatorCompiler(({ schema, httpPart }) => {
    if (!components) {
      components = app.getSchemas()
      for (const component of Object.values(components)) {
        asSent.addSchema(component as TSchema)
        asText.addSchema(component as TSchema)
      }
    }
    const key = `${httpPart === 'body'} ${JSON.stringify(schema)}`
    const validate = built.get(key) ?? (httpPart === 'body' ? asSent : asText).compile(schema as TSchema)
    built.set(key, validate)
    return validate
  })

  app.addHook('preValidation', async request => lowerCaseIds(request.params))

  app.removeContentTypeParser(['application/json', 'text/plain'])
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      let text: string
      try {
        text = utf8.decode(body as Buffer)
      } catch {
        return done(felTecken())
      }
      // Only an escape can smuggle in what cannot be stored: JSON itself forbids raw control characters.
      const suspect = /\\u(0000|d[89a-f])/i.test(text)
      return parseJson(request, text, (error, parsed) => {
        if (error) done(text.trim() === '' ? error : ogiltigJson())
        else if (suspect && hasForbiddenText(parsed)) done(felTecken())
        else done(null, parsed)
      })
    },
  )
}

function hasForbiddenText(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed()
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(([key, item]) => hasForbiddenText(key) || hasForbiddenText(item))
}

/** A validator for one item of a list where each item is accepted or refused on its own. */
export function itemValidator(schema: TSchema): (item: unknown) => FieldError[] {
  const validate = ajv(false).compile(schema)
  return item => (validate(item) ? [] : toFieldErrors(validate.errors ?? [], ''))
}

/** Ids are compared as text: they are answered in lower case, and taken in any (RFC 9562). */
function lowerCaseIds(params: unknown): void {
  const found = (params ?? {}) as Record<string, string>
  for (const [name, value] of Object.entries(found)) if (uuid.test(value)) found[name] = value.toLowerCase()
}

/** The validator's findings as pointers, codes and Swedish sentences, without the values. */
export function fieldErrors(error: FastifyError): FieldError[] {
  const prefix =
    { body: '', querystring: 'query', params: 'path', headers: 'header' }[error.validationContext ?? 'body'] ?? ''
  return toFieldErrors((error.validation ?? []) as ErrorObject[], prefix)
}

function toFieldErrors(found: ErrorObject[], prefix: string): FieldError[] {
  const errors = found
    // `X or null` is a union: that the value is not null either says nothing.
    .filter(e => !['anyOf', 'if'].includes(e.keyword) && !(e.keyword === 'type' && e.params.type === 'null'))
    .slice(0, 500)
    .map(e => fieldError(e, prefix))
  const unique = new Map(errors.map(e => [`${e.pointer} ${e.kod}`, e]))
  return [...unique.values()].slice(0, 50)
}

/** No digits: no field of ours has one, and a personnummer is nothing else. */
const plainName = /^[A-Za-z_-]{1,40}$/

function fieldError(error: ErrorObject, prefix: string): FieldError {
  const { keyword, params } = error
  const named =
    keyword === 'required'
      ? params.missingProperty
      : keyword === 'additionalProperties'
        ? params.additionalProperty
        : undefined
  // A field name that nobody defined is the sender's text, and could be anything.
  const name = typeof named === 'string' && plainName.test(named) ? named : undefined
  const path = error.instancePath + (name ? `/${name}` : '')
  const pointer = prefix ? `${prefix}${path}` : path
  const unnamed = named !== undefined && name === undefined
  const last = path.split('/').at(-1) || 'Kroppen'
  const field = unnamed ? 'ett av fälten' : /^\d+$/.test(last) ? `post ${last}` : last
  return { pointer, kod: kodOf(error), detail: `${field} ${sentence(error)}`.replace(/^(.)/, c => c.toUpperCase()) }
}

const kinds: Record<string, string> = {
  string: 'text',
  integer: 'ett heltal',
  number: 'ett tal',
  boolean: 'true eller false',
  object: 'ett objekt',
  array: 'en lista',
}

const formats: Record<string, [kod: string, text: string]> = {
  date: ['fel-datum', 'ska vara en dag som finns, ÅÅÅÅ-MM-DD.'],
  'date-time': ['fel-tidpunkt', 'ska vara en tidpunkt enligt RFC 3339, till exempel 2026-09-01T08:30:00Z.'],
  uuid: ['fel-id', 'ska vara ett id (UUID).'],
  uri: ['fel-adress', 'ska vara en absolut adress.'],
  personnummer: [
    'fel-personnummer',
    'ska vara ett personnummer eller samordningsnummer med tolv siffror (ÅÅÅÅMMDDNNNC, med eller utan bindestreck), en dag som finns och rätt kontrollsiffra.',
  ],
  organisationsnummer: [
    'fel-organisationsnummer',
    'ska vara ett organisationsnummer, NNNNNN-NNNN, med rätt kontrollsiffra.',
  ],
}

function kodOf({ keyword, params }: ErrorObject): string {
  if (keyword === 'required') return 'saknas'
  if (keyword === 'additionalProperties') return 'okant-falt'
  if (keyword === 'format') return formats[params.format]?.[0] ?? 'fel-form'
  if (keyword === 'type') return 'fel-typ'
  if (keyword === 'enum' || keyword === 'const') return 'fel-val'
  if (/^(minimum|maximum|exclusive)/.test(keyword)) return 'utanfor-granserna'
  if (/^(min|max)/.test(keyword)) return 'fel-langd'
  return 'fel-form'
}

function sentence({ keyword, params, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return 'saknas.'
    case 'additionalProperties': {
      const fields = Object.keys(parentSchema?.properties ?? {})
      return fields.length > 0 ? `finns inte här. Fält som finns: ${fields.join(', ')}.` : 'finns inte här.'
    }
    case 'type': {
      const wanted = [params.type].flat().filter(type => type !== 'null')
      return `ska vara ${wanted.map(type => kinds[type] ?? type).join(' eller ')}.`
    }
    case 'enum':
      return `ska vara något av: ${params.allowedValues.join(', ')}.`
    case 'format':
      return formats[params.format]?.[1] ?? 'har fel form.'
    case 'minimum':
    case 'exclusiveMinimum':
      return `ska vara minst ${params.limit}.`
    case 'maximum':
    case 'exclusiveMaximum':
      return `ska vara högst ${params.limit}.`
    case 'minLength':
      return `ska ha minst ${params.limit} tecken.`
    case 'maxLength':
      return `ska ha högst ${params.limit} tecken.`
    case 'minItems':
      return `ska ha minst ${params.limit} poster.`
    case 'maxItems':
      return `ska ha högst ${params.limit} poster.`
    case 'uniqueItems':
      return 'ska inte ha samma post två gånger.'
    case 'minProperties':
      return 'ska ha minst ett fält.'
    default:
      return `har fel form${parentSchema?.description ? ` (${parentSchema.description})` : ''}.`
  }
}
