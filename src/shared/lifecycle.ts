import { felTillstand, intebehorig, type Refusal } from './refusals.ts'

/** Who may give a command: a role of a person, a party, or the service itself on a schedule. */
export type Actor = string

/** One row of a lifecycle table. */
export type Command<Row extends { tillstand: string }> = {
  /** What it is called for a caseworker, in Swedish. */
  title: string
  from: Row['tillstand'] | readonly Row['tillstand'][]
  /** The state it leads to; several when the outcome decides. */
  to: Row['tillstand'] | readonly Row['tillstand'][]
  by: readonly Actor[]
  /** Last segment of `POST /v1/<resource>/{id}/<path>`; absent for what only the service does. */
  path?: string
  /** The command's own rule. Each command has facts of its own: `check` gives them their type back. */
  why?: (row: Row, facts: never) => Refusal | null
}

type FactsOf<C> = C extends { why: (...args: infer Args) => unknown }
  ? Args extends [unknown, infer Facts]
    ? Facts
    : undefined
  : undefined

const asList = <T>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T])

/**
 * The states and commands of a process, written once. From the table come the check before a command, the commands
 * in `_links`, who may give them, the state diagram and the test that walks every state, command and role.
 */
export function defineLifecycle<Row extends { tillstand: string }>() {
  return <const Commands extends Record<string, Command<Row>>>(table: {
    /** The noun in a sentence, definite form: "hyresgarantin". */
    noun: string
    states: readonly Row['tillstand'][]
    initial: Row['tillstand']
    commands: Commands
  }) => {
    const entries = Object.entries(table.commands) as [keyof Commands & string, Command<Row>][]

    const possibleFrom = (tillstand: Row['tillstand']) =>
      entries.filter(([, command]) => command.path !== undefined && asList(command.from).includes(tillstand))

    /** The commands that this caller can give in this state, as `[name, command]`. */
    const possible = (tillstand: Row['tillstand'], actors: readonly Actor[]) =>
      possibleFrom(tillstand).filter(([, command]) => command.by.some(actor => actors.includes(actor)))

    /**
     * Null, or why the command is refused: who asks, then the state, then the command's own rule.
     */
    function whyNot<Name extends keyof Commands & string>(
      name: Name,
      row: Row,
      actors: readonly Actor[],
      ...facts: FactsOf<Commands[Name]> extends undefined ? [] : [FactsOf<Commands[Name]>]
    ): Refusal | null {
      const command: Command<Row> = table.commands[name] as Command<Row>
      if (!command.by.some(actor => actors.includes(actor)))
        return intebehorig(`${command.title} kräver rollen ${command.by.join(' eller ')}.`)
      if (!asList(command.from).includes(row.tillstand)) {
        const now = possible(row.tillstand, actors).map(([, { path }]) => path)
        return felTillstand(
          `${command.title} kan inte göras när ${table.noun} är i tillståndet ${row.tillstand}, bara från ` +
            `${asList(command.from).join(' eller ')}. ${now.length > 0 ? `Möjligt nu: ${now.join(', ')}.` : 'Inget kan göras nu.'}`,
          { mojligaKommandon: now },
        )
      }
      return command.why?.(row, facts[0] as never) ?? null
    }

    /** As `whyNot`, but throws the refusal. */
    function check<Name extends keyof Commands & string>(...args: Parameters<typeof whyNot<Name>>): void {
      const refusal = whyNot(...args)
      if (refusal) throw refusal
    }

    /** The table as a Mermaid state diagram, for docs/lifecycles.md and the OpenAPI text. */
    const diagram = () =>
      [
        'stateDiagram-v2',
        `  [*] --> ${table.initial}`,
        ...entries.flatMap(([name, command]) =>
          asList(command.from).flatMap(from => asList(command.to).map(to => `  ${from} --> ${to}: ${name}`)),
        ),
        ...table.states
          .filter(state => !entries.some(([, { from }]) => asList(from).includes(state)))
          .map(s => `  ${s} --> [*]`),
      ].join('\n')

    return { ...table, possible, whyNot, check, diagram }
  }
}
