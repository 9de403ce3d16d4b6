import { type ParseArgsConfig, parseArgs } from 'node:util'
import { type Config, readConfig } from '../config.ts'
import { type Database, migrate, openDatabase } from '../database.ts'
import { openServer } from '../database-server.ts'
import { readEncryption } from '../keys.ts'
import { type Clock, clockAt, systemClock } from '../shared/clock.ts'
import type { Encryption } from '../shared/encryption.ts'
import { StartError } from '../start-error.ts'

/** The command was given wrongly: its message and the help are printed, and the exit code is 1. */
export class UsageError extends Error {}

/**
 * Runs a command: its exit code is what `run` returns (0 when nothing), or 1 with one clear line when it cannot be done.
 *
 * @param help printed for `--help`, and after a usage error
 */
export async function command<const Options extends NonNullable<ParseArgsConfig['options']>>(
  help: string,
  options: Options,
  run: (
    values: ReturnType<typeof parseArgs<{ options: Options; allowPositionals: true }>>['values'],
    positionals: string[],
  ) => Promise<number | undefined>,
): Promise<void> {
  try {
    const { values, positionals } = parseArgs({
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      // A command that reads none would drop them in silence: `npm run seed 50`.
      allowPositionals: run.length > 1,
    })
    if ((values as { help?: boolean }).help) return console.log(help)
    process.exitCode = (await run(values as never, positionals)) ?? 0
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n\n${help}`)
    else console.error(error instanceof StartError ? message : error)
    process.exitCode = 1
    if (error instanceof Interrupted) process.exit()
  }
}

/**
 * Opens the database for a command: the running embedded one if there is one, else it is started and stopped again.
 *
 * @param when the calendar day to act on, or the clock to act by; today when absent
 */
export async function withDatabase<T>(
  run: (parts: { db: Database; config: Config; encryption: Encryption }) => Promise<T>,
  when: string | Clock = systemClock,
): Promise<T> {
  const config = readConfig(process.env)
  const encryption = await readEncryption(config)
  const clock = typeof when === 'string' ? clockAt(plainDate(when)) : when
  const interrupted = untilSignal()
  const server = await openServer(config, 'command')
  try {
    await migrate(server.url)
    const db = await openDatabase(server.url, config, clock, encryption)
    try {
      return await Promise.race([run({ db, config, encryption }), interrupted])
    } finally {
      // Interrupted, it does not wait for what is being written: that is undone.
      await Promise.race([db.close(), interrupted.catch(() => {})])
    }
  } finally {
    await server.release()
  }
}

class Interrupted extends StartError {}

/** Rejects at Ctrl-C, so that the database server is stopped in order too. A second one ends the process as it stands. */
function untilSignal(): Promise<never> {
  const signalled = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Interrupted(`Stopped by ${signal}.`)))
  })
  signalled.catch(() => {})
  return signalled
}

export function plainDate(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    throw new UsageError('--day takes a day that exists, YYYY-MM-DD.')
  }
}
