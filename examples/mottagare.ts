/**
 * An example receiver of Hemvist's webhooks: checks the signature, keeps what is new to it, and answers at once.
 *
 *   HEMLIGHET=whsec_... PORT=4000 node examples/mottagare.ts
 *
 * Prints one line of JSON for each new event. While the secret is being changed: both, with a comma between.
 */
import { createServer } from 'node:http'
import { Webhook } from 'standardwebhooks'

const secrets = (process.env.HEMLIGHET ?? '').split(',')
/** In a real receiver a table with the id as its key: it must outlive the process. */
const kept = new Set<string>()

function verified(body: string, headers: Record<string, string>): { id: string; type: string } | undefined {
  for (const secret of secrets)
    try {
      return new Webhook(secret).verify(body, headers) as { id: string; type: string }
    } catch {
      // Perhaps it is signed with the other one.
    }
  return undefined
}

const server = createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) {
    body += part
    if (body.length > 65_536) return void response.writeHead(413).end()
  }
  const event = verified(body, request.headers as Record<string, string>)
  if (!event) return void response.writeHead(401).end()
  // At least once: the same webhook-id may come again, and then there is nothing more to do than to say thank you.
  if (!kept.has(event.id)) {
    kept.add(event.id)
    console.log(JSON.stringify(event))
  }
  // Kept, so answer. The work comes after: fetch what has happened from event.data.lank, with a token of your own.
  response.writeHead(204).end()
})
server.listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => {
  console.error(`Tar emot på http://127.0.0.1:${(server.address() as { port: number }).port}`)
})
