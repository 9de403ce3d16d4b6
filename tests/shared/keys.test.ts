import { mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { developmentToken } from '../../src/http/development-issuer.ts'
import { createTokenVerifier } from '../../src/http/tokens.ts'
import { readEncryption } from '../../src/keys.ts'
import { systemClock } from '../../src/shared/clock.ts'

test('instances that start at once on an empty folder make one set of keys, and read it whole', async () => {
  for (let round = 0; round < 20; round++) {
    const DATA_DIR = await mkdtemp(join(process.env.TEST_FOLDER as string, 'keys-'))
    const config = readConfig({ NODE_ENV: 'development', DATA_DIR })
    const started = await Promise.all(
      Array.from({ length: 6 }, () => Promise.all([readEncryption(config), createTokenVerifier(config, systemClock)])),
    )
    expect(new Set(started.map(([encryption]) => encryption.hash('ett')))).toHaveProperty('size', 1)
    const token = await developmentToken(config, systemClock, {
      sub: 'test.handlaggare',
      roller: ['handlaggare'],
      part: 'socialforvaltningen',
      minuter: 5,
    })
    for (const [, verifier] of started)
      expect(await verifier.verify(token, { warn: () => {} } as never)).toMatchObject({ sub: 'test.handlaggare' })
    expect((await readdir(DATA_DIR)).sort()).toEqual([
      'personnummer-hash-key',
      'personnummer-key',
      'utvecklingsnyckel.json',
    ])
  }
})
