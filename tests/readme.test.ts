import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { documents } from '../src/cli/docs.ts'
import { expectAnswers, root, run, walkthrough, walkthroughEnv } from './walkthrough.ts'

let service: ChildProcess | undefined

afterAll(async () => {
  if (!service || service.exitCode !== null) return
  const stopped = new Promise(resolve => service?.once('exit', resolve))
  service.kill('SIGTERM')
  await stopped
}, 15_000)

test('the generated tables are what the code says (npm run docs writes them)', async () => {
  for (const { written, updated } of await documents()) expect(written).toBe(updated)
})

function started(env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  service = child
  return new Promise((resolve, reject) => {
    let output = ''
    child.stdout.on('data', chunk => {
      output += chunk
      const [, base] = /Hemvist listens on (\S+)/.exec(output) ?? []
      if (base) resolve(base)
    })
    child.once('exit', code => reject(new Error(`the service stopped with ${code}`)))
  })
}

test('the walk-through gives the answers that README shows', async () => {
  const steps = walkthrough()
  expect(steps.filter(({ answer }) => answer).length).toBeGreaterThan(8)
  const folder = await mkdtemp(join(process.env.TEST_FOLDER as string, 'readme-'))
  const env = await walkthroughEnv(folder, { DATA_DIR: join(folder, 'data'), PORT: '0' })
  expectAnswers(steps, await run(steps, await started(env), env))
}, 90_000)
