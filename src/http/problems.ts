import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { defineProblem, finnsInte, ogiltigaUppgifter, problemtyper, Refusal } from '../shared/refusals.ts'
import { ref } from '../shared/schema-parts.ts'
import { baseOf } from './links.ts'
import { open } from './operation.ts'
import { fieldErrors } from './validation.ts'

export const Faltfel = Type.Object(
  {
    pointer: Type.String({ description: 'JSON-pekare i det som skickades.', example: '/personer/0/personnummer' }),
    kod: Type.String({ example: 'fel-kontrollsiffra' }),
    detail: Type.String({ example: 'Personnumret har fel kontrollsiffra.' }),
  },
  {
    $id: 'Faltfel',
    additionalProperties: false,
    example: { pointer: '/bostadslosSedan', kod: 'i-framtiden', detail: 'bostadslosSedan kan inte ligga i framtiden.' },
  },
)

/** RFC 9457, with `kod` and, where fields are wrong, `errors`. The rejected value is never repeated. */
export const Problem = Type.Object(
  {
    type: Type.String({ format: 'uri', example: 'https://api.example.se/hemvist/docs/problemtyper/finns-inte' }),
    title: Type.String({ example: 'Resursen finns inte' }),
    status: Type.Integer({ example: 404 }),
    detail: Type.String({ example: 'Det finns ingen sådan resurs, eller så får du inte veta om den finns.' }),
    instance: Type.String({ example: 'urn:uuid:0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' }),
    kod: Type.String({ example: 'finns-inte' }),
    errors: Type.Optional(Type.Array(ref(Faltfel))),
  },
  {
    $id: 'Problem',
    additionalProperties: true,
    example: {
      type: 'https://api.example.se/hemvist/docs/problemtyper/finns-inte',
      title: 'Resursen finns inte',
      status: 404,
      detail: 'Det finns ingen sådan resurs, eller så får du inte veta om den finns.',
      instance: 'urn:uuid:0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      kod: 'finns-inte',
    },
  },
)

const internt = defineProblem(
  'internt-fel',
  500,
  'Något gick fel hos oss',
  'Felet är loggat. Ange `instance` om du hör av dig.',
)
const otillgangligt = defineProblem(
  'tillfalligt-otillganglig',
  503,
  'Tjänsten är tillfälligt otillgänglig',
  'Databasen svarar inte just nu. Inget har ändrats; försök igen om en stund.',
)
const krock = defineProblem(
  'samtidig-andring',
  503,
  'Samtidig ändring',
  'Två ändringar krockade. Inget har ändrats; försök igen.',
)
const striderMotRegistret = defineProblem(
  'strider-mot-registret',
  409,
  'Strider mot det som är registrerat',
  'Ändringen går inte ihop med andra uppgifter i registret. Inget har ändrats.',
)
const ogiltigJson = defineProblem(
  'ogiltig-json',
  400,
  'Kroppen är inte giltig JSON',
  'Skicka ett JSON-dokument i UTF-8.',
)
const forStor = defineProblem(
  'for-stor',
  413,
  'För stor förfrågan',
  'Kroppen är större än vad vägen tar emot. Dela upp den.',
)
export const felMedietyp = defineProblem(
  'fel-medietyp',
  415,
  'Medietypen tas inte emot',
  'Content-Type är inte en som vägen tar emot; oftast application/json.',
)
const forfraganKanInteTolkas = defineProblem(
  'ogiltig-forfragan',
  400,
  'Förfrågan kan inte tolkas',
  'Adressen, en rubrik eller kroppen har en form som inte kan läsas.',
)
const forStoraRubriker = defineProblem(
  'for-stora-rubriker',
  431,
  'För stora rubriker',
  'Adressen och rubrikerna är tillsammans större än vad tjänsten tar emot.',
)
const forLangsam = defineProblem('for-langsam', 408, 'Förfrågan blev inte klar i tid', 'Skicka förfrågan igen.')
export const felMetod = defineProblem(
  'fel-metod',
  405,
  'Metoden stöds inte',
  'Vägen finns men tar inte emot metoden. `Allow` säger vilka den tar emot.',
)
export const forManga = defineProblem(
  'for-manga-anrop',
  429,
  'För många anrop',
  'Vänta så länge som Retry-After säger.',
)

const byFastifyCode: Record<string, () => Refusal> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => forStor(),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => felMedietyp(),
  FST_ERR_CTP_INVALID_JSON_BODY: () => ogiltigJson(),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => ogiltigJson('Kroppen är tom. Skicka ett JSON-dokument.'),
}

type DriverError = { code?: string; driverError?: { code?: string } }

/** What of PostgreSQL's error codes a caller can do something about. */
function fromDatabase(error: DriverError): Refusal | undefined {
  const code = error.driverError?.code ?? error.code
  if (code === undefined) return undefined
  if (['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(code) || /^(08|57P|53)/.test(code))
    return otillgangligt()
  if (code === '40001' || code === '40P01' || code === '55P03') return krock()
  if (/^22/.test(code) && code.length === 5) return forfraganKanInteTolkas()
  if (/^23/.test(code) && code.length === 5) return striderMotRegistret()
  return undefined
}

/** pg and TypeORM say a lost connection in words only; between two statements of a transaction, that it was released. */
const lostConnection = (error: Error) =>
  /Connection terminated|connection timeout|timeout exceeded when trying to connect|not queryable|Cannot use a pool|already released/i.test(
    error.message,
  )

/** What a caller is told of an error: what is not known is 500, and hidden. */
export function refusalOf(error: FastifyError): Refusal {
  if (error instanceof Refusal) return error
  if (error.validation) {
    const errors = fieldErrors(error)
    return ogiltigaUppgifter(
      errors
        .map(({ detail }) => detail)
        .slice(0, 5)
        .join(' '),
      { errors },
    )
  }
  const known = byFastifyCode[error.code]?.() ?? fromDatabase(error as DriverError)
  if (known) return known
  if (lostConnection(error)) return otillgangligt()
  return error.statusCode !== undefined && error.statusCode < 500 ? forfraganKanInteTolkas() : internt()
}

/** What may be logged of an error: never SQL parameters, nor a text that could quote what was sent. */
export function logged(error: Error): Record<string, unknown> {
  const { code, constraint, table } = ((error as { driverError?: object }).driverError ?? error) as Record<
    string,
    unknown
  >
  const mayQuote = code !== undefined || error instanceof SyntaxError
  const frames = error.stack
    ?.split('\n')
    .filter(line => line.startsWith('    at '))
    .slice(0, 12)
    .join('\n')
  return { type: error.name, code, constraint, table, message: mayQuote ? undefined : error.message, stack: frames }
}

/** @param base the API's base URL without `/v1` */
function problemBody(base: string, refusal: Refusal): Static<typeof Problem> {
  const { kod, status, title } = refusal.problem
  return {
    type: `${base}/docs/problemtyper/${kod}`,
    title,
    status,
    detail: refusal.message,
    instance: `urn:uuid:${randomUUID()}`,
    kod,
    ...refusal.extra,
  }
}

export async function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: Refusal, cause?: Error) {
  const body = problemBody(baseOf(request), refusal)
  if (body.status >= 500)
    request.log.error({ instance: body.instance, fel: cause && logged(cause) }, refusal.problem.kod)
  else if (refusal.problem.kod === 'strider-mot-registret')
    request.log.warn({ instance: body.instance, fel: cause && logged(cause) }, refusal.problem.kod)
  if (body.status === 503) reply.header('retry-after', '2')
  return reply.code(body.status).type('application/problem+json; charset=utf-8').serializer(JSON.stringify).send(body)
}

/**
 * What Node cannot read as HTTP never becomes a request. It is answered straight on the connection, which is closed.
 */
export function answerUnreadable(base: string, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const refusals: Record<string, () => Refusal> = {
      HPE_HEADER_OVERFLOW: forStoraRubriker,
      ERR_HTTP_REQUEST_TIMEOUT: forLangsam,
    }
    const body = problemBody(base, (refusals[error.code ?? ''] ?? forfraganKanInteTolkas)())
    const text = JSON.stringify(body)
    socket.write(
      `HTTP/1.1 ${body.status} ${STATUS_CODES[body.status]}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${text}`,
    )
  }
  socket.destroy(error)
}

/** Every 4xx and 5xx as problem+json, also those of the framework; and the register that `type` points to. */
export function problems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendProblem(request, reply, refusalOf(error), error))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, finnsInte('Det finns ingen sådan väg. Vägarna står i /v1/openapi.json.')),
  )

  // Documentation, beside Swagger UI: `type` in every problem points here.
  const config = { access: open('Beskriver felsvar') }
  const schema = { hide: true }
  app.get('/docs/problemtyper', { config, schema }, async () => ({ problemtyper: [...problemtyper.values()] }))
  app.get<{ Params: { kod: string } }>('/docs/problemtyper/:kod', { config, schema }, async request => {
    const problem = problemtyper.get(request.params.kod)
    if (!problem) throw finnsInte()
    return problem
  })
}
