import http from 'node:http'
import type { Readable } from 'node:stream'
import pg from 'pg'
import { chanceFrom, organisationsnummer, personnummerFor } from '../src/cli/seed/made-up.ts'
import { importkolumner } from '../src/hyresgarantier/import-rows.ts'
import { daysAfter } from '../src/shared/dates.ts'
import { begin, median, rounded } from './measuring.ts'
import { peakWhile, type Service, stop } from './services.ts'
import type { Bench } from './setting.ts'

/** What is done once, or a few times, and timed: not so many a second. */
export type Timed = { work: string; what: string; value: number; unit: string; goal?: string }

type Answer = { seconds: number; firstByte: number; bytes: number; text: string }

/** One request, with its times. Of a long answer only its beginning is kept. */
async function send(
  { base }: Service,
  { method, path, body, headers }: { method: string; path: string; body?: Buffer; headers: http.OutgoingHttpHeaders },
): Promise<Answer> {
  const began = performance.now()
  const since = () => (performance.now() - began) / 1000
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http.request(new URL(path, base), { method, headers }, resolve).on('error', reject).end(body)
  })
  let [bytes, text, firstByte] = [0, '', 0]
  for await (const chunk of answer as Readable) {
    firstByte ||= since()
    bytes += chunk.length
    if (text.length < 2000) text += chunk
  }
  if ((answer.statusCode as number) >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
  return { seconds: since(), firstByte, bytes, text }
}

/** From the command to the first 200 of /health/ready, with the register there already. */
export async function startTime({ again, kort }: Bench): Promise<Timed[]> {
  const times: number[] = []
  for (let round = 0; round < (kort ? 1 : 3); round++) {
    const service = await again()
    times.push(service.startedInMs / 1000)
    await stop(service.child)
  }
  return [{ work: 'start', what: 'to ready', value: rounded(median(times)), unit: 's', goal: 'at most 3' }]
}

/** A municipality's spreadsheet, of people who do not exist. @param series tells one file's numbers from another's */
function spreadsheet(series: string, rows: number, garantityp: string, today: string): Buffer {
  const personnummer = personnummerFor(chanceFrom(1), () => false)
  const lines = Array.from({ length: rows }, (_, n) => {
    const row: Record<(typeof importkolumner)[number], string | number> = {
      avtalsnummer: `${series}-${n}`,
      personnummer: personnummer(18 + (n % 72), today),
      fornamn: 'Maja',
      efternamn: 'Lind',
      hyresvard: `Importbostäder ${n % 50}`,
      organisationsnummer: organisationsnummer(900_000 + (n % 50)),
      adress: `Sagovägen ${n}, 222 22 Lund`,
      lagenhetsnummer: '1101',
      manadshyra: '8 450,00',
      garanterade_manader: 6,
      giltig_fran: daysAfter(today, -300),
      giltig_till: daysAfter(today, 400),
      garantityp,
      borgenstyp: 'enkel',
      beslutsdatum: daysAfter(today, -330),
      beslutsfattare: 'Karin Ek',
      diarienummer: '',
    }
    return importkolumner.map(kolumn => row[kolumn]).join(';')
  })
  return Buffer.from(`${importkolumner.join(';')}\n${lines.join('\n')}\n`)
}

/** A large spreadsheet in, and out again. */
export async function importAndExport({ ours, floor, headersFor, fileRows, today }: Bench): Promise<Timed[]> {
  const lines: Timed[] = []
  const { authorization } = await headersFor()
  for (const service of [floor, ours]) {
    const file = spreadsheet(`IMP-${service.name}`, fileRows, service === ours ? 'bistand' : 'kommunal', today)
    const request = { method: 'POST', path: '/v1/hyresgarantier/importer', body: file }
    const headers = { authorization, 'content-type': 'text/csv', 'content-length': file.length }
    const { result, peakMb } = await peakWhile(service.pid, () => send(service, { ...request, headers }))
    const work = `import of ${fileRows} rows, ${service.name}`
    lines.push(
      { work, what: 'speed', value: rounded(fileRows / result.seconds, 0), unit: 'rows/s' },
      { work, what: 'largest memory', value: peakMb, unit: 'MB' },
    )
  }
  for (const service of [floor, ours]) {
    const path = service === ours ? '/v1/hyresgarantier?garantityp=bistand' : '/v1/export?garantityp=bistand'
    const headers = { authorization, accept: 'text/csv' }
    const { result, peakMb } = await peakWhile(service.pid, () => send(service, { method: 'GET', path, headers }))
    const work = `export of ${fileRows} rows, ${service.name}`
    lines.push(
      { work, what: 'speed', value: rounded(fileRows / result.seconds, 0), unit: 'rows/s' },
      { work, what: 'speed', value: rounded(result.bytes / 1e6 / result.seconds, 1), unit: 'MB/s' },
      { work, what: 'first byte', value: rounded(result.firstByte, 3), unit: 's' },
      { work, what: 'largest memory', value: peakMb, unit: 'MB' },
    )
  }
  return lines
}

/** Opens a round for every active guarantee, while others ask; and the same rows by the barest statement. */
export async function openRound({ ours, register, headersFor, seconds }: Bench): Promise<Timed[]> {
  const { filled, url } = register
  const { authorization } = await headersFor()
  const others = () =>
    begin({
      base: ours.base,
      connections: 20,
      seconds: 600,
      requests: filled.garantier.map(id => ({ method: 'GET', path: `/v1/hyresgarantier/${id}` })),
      headers: { authorization },
    })
  const askedWhile = async <T>(work: () => Promise<T>) => {
    const load = others()
    await new Promise(resolve => setTimeout(resolve, 500))
    const result = await work()
    load.stop()
    return { result, ...(await load.done) }
  }
  const awhile = () => new Promise(resolve => setTimeout(resolve, seconds * 1000))
  await askedWhile(awhile)
  const before = await askedWhile(awhile)
  const body = Buffer.from(JSON.stringify({ period: filled.foregaende }))
  const headers = { authorization, 'content-type': 'application/json' }
  const request = { method: 'POST', path: '/v1/genomgangsomgangar', body, headers }
  const { result, ...meanwhile } = await askedWhile(() => send(ours, request))
  const { antal } = JSON.parse(result.text) as { antal: number }
  const bare = await bareRound(url, filled.foregaende)
  const work = `open a round of ${antal} reviews`
  return [
    { work, what: 'the service', value: rounded(result.seconds), unit: 's' },
    { work, what: 'a bare INSERT', value: rounded(bare), unit: 's' },
    { work, what: 'others before, p99', value: before.p99, unit: 'ms' },
    { work, what: 'others meanwhile, p99', value: meanwhile.p99, unit: 'ms' },
    { work, what: 'others meanwhile, failed', value: meanwhile.failed, unit: 'requests' },
  ]
}

/** The rows of a round by themselves: no history, no disclosures, no references checked. Undone again. */
async function bareRound(url: string, period: string): Promise<number> {
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  await db.query('SET session_replication_role = replica')
  await db.query('BEGIN')
  const began = performance.now()
  await db.query(
    `INSERT INTO genomgang (id, version, period, hyresgaranti_id, hushall_id, hyresvard_id, skyddad, tillstand,
       tillstand_sedan, skapad, andrad)
     SELECT gen_random_uuid(), 1, 'bench', hyresgaranti_id, hushall_id, hyresvard_id, skyddad, 'vantar', current_date, now(), now()
     FROM genomgang WHERE period = $1`,
    [period],
  )
  const seconds = (performance.now() - began) / 1000
  await db.query('ROLLBACK')
  await db.end()
  return seconds
}
