import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** Debian's PgBouncer, where there is one. */
export const program = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(file => fs.existsSync(file))

/**
 * PgBouncer in transaction mode before a server, and its users as docs/drift.md says: each with its role from the start.
 *
 * @returns the URL for a database, as DATABASE_POOLER_URL has it, and how to stop
 */
export async function startPooler(serverUrl: string) {
  const server = new URL(serverUrl)
  const users = { allman: 'provning_allman', skyddad: 'provning_skyddad' }
  const owner = new pg.Client({ connectionString: serverUrl })
  await owner.connect()
  for (const [roll, user] of Object.entries(users))
    await owner.query(`DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${user}') THEN
        CREATE ROLE ${user} LOGIN NOINHERIT PASSWORD 'provning' IN ROLE hemvist_allman, hemvist_skyddad;
        ALTER ROLE ${user} SET role = 'hemvist_${roll}';
        ALTER ROLE ${user} SET timezone = 'UTC';
      END IF; END $$`)
  await owner.end()

  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as { port: number }
  listener.close()
  // Whoever it runs as must be able to read it.
  const folder = fs.mkdtempSync(join(tmpdir(), 'hemvist-pgbouncer-'))
  fs.chmodSync(folder, 0o755)
  const [list, settings] = [join(folder, 'pgbouncer-users.txt'), join(folder, 'pgbouncer.ini')]
  fs.writeFileSync(
    list,
    Object.values(users)
      .map(user => `"${user}" "provning"\n`)
      .join(''),
  )
  fs.writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${list}
pool_mode = transaction
default_pool_size = 12
max_client_conn = 2000
server_idle_timeout = 2
`,
  )
  // It refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
  const child = spawn(program as string, ['-q', settings], { ...account, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = (database: string) => `postgres://provning_{roll}:provning@127.0.0.1:${port}/${database}`
  for (;;) {
    const client = new pg.Client({ connectionString: url('postgres').replace('{roll}', 'allman') })
    const ready = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => {})
    if (ready) break
    if (child.exitCode !== null) throw new Error(`PgBouncer ended with ${child.exitCode}`)
    await sleep(20)
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      fs.rmSync(folder, { recursive: true })
    },
  }
}
