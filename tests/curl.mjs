#!/usr/bin/env node
// Stands in for curl, as far as README uses it, on a machine without one.
const headers = {}
let body
let url
for (let args = process.argv.slice(2); args.length > 0; args = args.slice(1)) {
  if (args[0] === '-s') continue
  if (args[0] === '-H') {
    const [name, ...value] = args[1].split(':')
    headers[name] = value.join(':').trim()
  } else if (args[0] === '-d') body = args[1]
  else {
    url = args[0]
    continue
  }
  args = args.slice(1)
}
const answer = await fetch(url, { method: body === undefined ? 'GET' : 'POST', headers, body })
process.stdout.write(await answer.text())
