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
      allowPositionals: true,
    })
    if ((values as { help?: boolean }).help) return console.log(help)
    process.exitCode = (await run(values as never, positionals)) ?? 0
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n\n${help}`)
    else console.error(error instanceof StartError ? message : error)
    process.exitCode = 1
  }
}

/**
 * Opens the database for a command: the running embedded one if there is one, else it is started and stopped again.
 *
 * @param day the calendar day to act on; today when absent
 */
export async function withDatabase<T>(
  run: (parts: { db: Database; config: Config; encryption: Encryption }) => Promise<T>,
  day?: string,
): Promise<T> {
  const config = readConfig(process.env)
  const encryption = await readEncryption(config)
  const clock: Clock = day === undefined ? systemClock : clockAt(plainDate(day))
  const server = await openServer(config, 'command')
  try {
    await migrate(server.url)
    const db = await openDatabase(server.url, config, clock, encryption)
    try {
      return await run({ db, config, encryption })
    } finally {
      await db.close()
    }
  } finally {
    await server.release()
  }
}

function plainDate(text: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text)
  } catch {
    throw new UsageError('--day takes a day that exists, YYYY-MM-DD.')
  }
}
