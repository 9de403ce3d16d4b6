/** One place in a request that is wrong. `pointer` is a JSON pointer into the body, or `query/name`, `path/name`. */
export type FieldError = { pointer: string; kod: string; detail: string }

type Extra = { errors?: FieldError[]; [member: string]: unknown }

/**
 * A request that is refused, with what the caller may know: status, code and a Swedish sentence that says what is
 * wrong and what would be accepted. `detail` never repeats a value that was sent: it could be a personnummer.
 */
export class Refusal extends Error {
  readonly problem: Problemtyp
  readonly extra: Extra

  constructor(problem: Problemtyp, detail: string, extra: Extra = {}) {
    super(detail)
    this.problem = problem
    this.extra = extra
  }
}

/** A kind of problem in the published register (`GET /docs/problemtyper`). `kod` is also the last segment of `type`. */
export type Problemtyp = { kod: string; status: number; title: string; beskrivning: string }

const registered = new Map<string, Problemtyp>()

/** Every kind of problem that the service can answer with. */
export const problemtyper: ReadonlyMap<string, Problemtyp> = registered

/**
 * Registers a kind of problem and returns what makes refusals of it.
 *
 * @param beskrivning what it means and what the caller can do about it, in Swedish
 */
export function defineProblem(kod: string, status: number, title: string, beskrivning: string) {
  if (registered.has(kod)) throw new Error(`problem kind ${kod} is defined twice`)
  const problem = { kod, status, title, beskrivning }
  registered.set(kod, problem)
  return (detail: string = beskrivning, extra?: Extra) => new Refusal(problem, detail, extra)
}

export const finnsInte = defineProblem(
  'finns-inte',
  404,
  'Resursen finns inte',
  'Det finns ingen sådan resurs, eller så får du inte veta om den finns. Kontrollera adressen.',
)
export const felTillstand = defineProblem(
  'fel-tillstand',
  409,
  'Kommandot är inte möjligt nu',
  'Resursen är i ett tillstånd där kommandot inte kan utföras. `mojligaKommandon` visar vad som kan göras.',
)
export const intebehorig = defineProblem(
  'inte-behorig',
  403,
  'Du får inte göra detta',
  'Din roll eller part har inte rätt till anropet. Beskrivningen av vägen säger vem som har det.',
)
export const ogiltigaUppgifter = defineProblem(
  'ogiltiga-uppgifter',
  400,
  'Uppgifterna är inte giltiga',
  'Något i förfrågan har fel form eller värde. `errors` pekar ut vad.',
)
export const uppgifterHangerInteIhop = defineProblem(
  'uppgifter-hanger-inte-ihop',
  422,
  'Uppgifterna hänger inte ihop',
  'Varje uppgift är giltig för sig men inte tillsammans, eller med det som redan är registrerat. `errors` pekar ut vad.',
)
export const finnsRedan = defineProblem(
  'finns-redan',
  409,
  'Finns redan',
  'Det som skulle skapas är redan registrerat.',
)
export const andradAvNagonAnnan = defineProblem(
  'andrad-av-nagon-annan',
  412,
  'Resursen har ändrats',
  'Resursen har ändrats sedan du läste den. Läs den igen och skicka dess nya ETag i If-Match.',
)

/** Several values that do not go together: 422 with one entry a field, or null when there are none. */
export function incoherent(errors: (FieldError | null | false)[]): Refusal | null {
  const found = errors.filter(error => error !== null && error !== false)
  return found.length === 0
    ? null
    : uppgifterHangerInteIhop(found.map(error => error.detail).join(' '), { errors: found })
}

/** Points the places of a refusal into the part of the body that the work was given: `/hyresgaranti/hyresvardId`. */
export async function inPart<T>(part: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof Refusal) || !error.extra.errors) throw error
    const errors = error.extra.errors.map(one => ({ ...one, pointer: `${part}${one.pointer}` }))
    throw new Refusal(error.problem, error.message, { ...error.extra, errors })
  }
}
