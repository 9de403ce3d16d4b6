import type { Config } from './config.ts'
import { openEmbeddedDatabase } from './embedded-database.ts'

/** A PostgreSQL server to work against, and how to let go of it. */
export type DatabaseServer = { url: string; release(): Promise<void> }

/**
 * The server of DATABASE_URL, or the embedded one: the one that runs already, else a new one.
 *
 * @throws StartError
 */
export async function openServer(config: Config, use: 'service' | 'command'): Promise<DatabaseServer> {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, release: async () => {} }
  return openEmbeddedDatabase(config.DATA_DIR, use)
}
