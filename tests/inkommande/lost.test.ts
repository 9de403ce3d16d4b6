import { setTimeout as sleep } from 'node:timers/promises'
import { startTestApp } from '../harness.ts'
import { bostad } from '../lagenheter/made.ts'
import { item, type Resultat } from './sending.ts'

const harness = await startTestApp()
const keeper = harness.as([], 'serviceforvaltningen')
const sql = async (text: string) => (await harness.owner.query(text)).rows

test('a batch that the database was lost in the middle of is sent again, and each item is done once', async () => {
  const poster = Array.from({ length: 600 }, () => item('lagenhet', bostad()))
  const send = () => keeper.post('/serviceforvaltningen/inkommande', { poster })
  const done = async () => (await sql('SELECT count(*)::int AS antal FROM inkommen_post'))[0].antal

  const first = send()
  while ((await done()) < 100) await sleep(5)
  await sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'hemvist' AND datname = current_database()`)
  expect((await first).status).toBe(503)
  const kept = await done()
  expect(kept).toBeGreaterThanOrEqual(100)
  expect(kept).toBeLessThan(600)

  const { status, body } = await send()
  expect(status).toBe(200)
  const withOutcome = (utfall: string) => body.resultat.filter((one: Resultat) => one.utfall === utfall)
  expect([withOutcome('upprepad').length, withOutcome('mottaget').length]).toEqual([kept, 600 - kept])
  // A home and its key, or neither.
  expect(await sql('SELECT FROM lagenhet l JOIN inkommen_post p ON p.led_till = l.id')).toHaveLength(600)
  expect(await sql('SELECT FROM lagenhet')).toHaveLength(600)
})
