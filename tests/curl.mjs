#!/usr/bin/env node
// Stands in for curl, as far as README uses it: on a machine without one, and, with CURL_RETRY, as a good client of a
// service whose instances come and go. It says a write again with the same Idempotency-Key until it is answered, and reads
// the version anew when a job has changed what it is about.
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const headers = {}
let body
let url
let method
for (let args = process.argv.slice(2); args.length > 0; args = args.slice(1)) {
  if (args[0] === '-s') continue
  if (args[0] === '-H') {
    const [name, ...value] = args[1].split(':')
    headers[name] = value.join(':').trim()
  } else if (args[0] === '-d') {
    const from = args[1].startsWith('@') ? args[1].slice(1) : undefined
    body = from === undefined ? args[1] : readFileSync(from === '-' ? 0 : from, 'utf8')
  } else if (args[0] === '-X') method = args[1]
  else {
    url = args[0]
    continue
  }
  args = args.slice(1)
}
method ??= body === undefined ? 'GET' : 'POST'

const retries = Boolean(process.env.CURL_RETRY)
if (retries && method !== 'GET') headers['Idempotency-Key'] = randomUUID()

// Longer than any instance needs to come back.
const until = performance.now() + 60_000

async function ask(to, options) {
  for (;;) {
    try {
      const answer = await fetch(to, options)
      const text = await answer.text()
      const passing = [502, 503].includes(answer.status) || text.includes('"kod":"pagar-redan"')
      if (!retries || !passing || performance.now() > until) return { answer, text }
    } catch (error) {
      if (!retries || performance.now() > until) throw error
    }
    await sleep(100)
  }
}

let { answer, text } = await ask(url, { method, headers, body })
while (retries && answer.status === 412) {
  const [, resource] = /^(.*?[\da-f]{8}-[\da-f-]{27})/.exec(url)
  const read = await ask(method === 'PUT' ? url : resource, { headers: { Authorization: headers.Authorization } })
  headers['If-Match'] = read.answer.headers.get('etag')
  ;({ answer, text } = await ask(url, { method, headers, body }))
}
process.stdout.write(text)
