import type { EntityManager } from 'typeorm'
import type { Config } from '../config.ts'
import { type Caller, isCleared } from './caller.ts'
import type { Day } from './dates.ts'
import type { Encryption } from './encryption.ts'

/** What a service needs to act: the transaction it is in, who asks, the day, and the settings. */
export type Work = {
  /** The caller's transaction (or, for reads, its connection): row-level security is that of the caller. */
  db: EntityManager
  caller: Caller
  today: Day
  /** The instant of the work, ISO 8601 in UTC. */
  now: string
  config: Config
  encryption: Encryption
}

/**
 * Runs a part of the transaction with the rights of the cleared role, and goes back. For what must reach protected
 * rows whoever asks: raising a protection, opening a round. Never return from it what the caller may not see.
 */
export async function asCleared<T>(work: Work, run: () => Promise<T>): Promise<T> {
  if (isCleared(work.caller)) return run()
  await work.db.query('SET LOCAL ROLE hemvist_skyddad')
  const result = await run()
  // Back to the role that the connection was made with.
  await work.db.query('RESET ROLE')
  return result
}
