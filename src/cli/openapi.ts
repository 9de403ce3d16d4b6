import { writeFile } from 'node:fs/promises'
import { createApp } from '../app.ts'
import { readConfig } from '../config.ts'
import { createEncryption } from '../shared/encryption.ts'
import { command } from './running.ts'

/** Where a municipality's gateway puts the API; the document that is served says where it is served. */
const publishedAt = 'https://api.example.se/hemvist'

/** The document of the API as it is published, made of the routes: no request is made, so there is no database. */
export async function openApiDocument(): Promise<string> {
  const app = await createApp({
    config: readConfig({ PUBLIC_URL: publishedAt }),
    db: undefined as never,
    encryption: createEncryption(Buffer.alloc(32), Buffer.alloc(32)),
    tokens: { verify: async () => null },
  })
  await app.ready()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}

if (import.meta.main)
  await command('npm run openapi   writes openapi/openapi.json from the routes', {}, async () => {
    await writeFile(new URL('../../openapi/openapi.json', import.meta.url), await openApiDocument())
    return 0
  })
