import { writeFile } from 'node:fs/promises'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import type { Api } from '../http/api.ts'
import { createEncryption } from '../shared/encryption.ts'
import { command } from './running.ts'

/** Where a municipality's gateway puts the API; the document that is served says where it is served. */
const publishedAt = 'https://api.example.se/hemvist'

/** The API as it is published, to read its contract from: no request is made, so there is no database. */
export async function describedApp(): Promise<Api> {
  const app = await createApp({
    config: readConfig({ PUBLIC_URL: publishedAt }),
    db: undefined as never,
    encryption: createEncryption(Buffer.alloc(32), Buffer.alloc(32)),
    tokens: { verify: async () => null },
  })
  await app.ready()
  return app
}

/** The document of the API, made of the routes. */
export async function openApiDocument(): Promise<string> {
  const app = await describedApp()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}

if (import.meta.main)
  await command('npm run openapi   writes openapi/openapi.json from the routes', {}, async () => {
    await writeFile(new URL('../../openapi/openapi.json', import.meta.url), await openApiDocument())
    return 0
  })
