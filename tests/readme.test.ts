import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { updatedReadme } from '../src/cli/docs.ts'

const root = new URL('..', import.meta.url).pathname
const readme = await readFile(join(root, 'README.md'), 'utf8')

/** The day on which the walk-through was written. */
const day = '2026-11-23'
let service: ChildProcess | undefined

afterAll(async () => {
  if (!service || service.exitCode !== null) return
  const stopped = new Promise(resolve => service?.once('exit', resolve))
  service.kill('SIGTERM')
  await stopped
}, 15_000)

test('the generated tables of README are what the code says (npm run docs writes them)', async () => {
  expect(await updatedReadme()).toBe(readme)
})

/** Commands and, where the text shows one, the answer of the last of them. */
type Step = { commands: string; answer?: object }

function stepsOf(text: string): Step[] {
  const section = text.split('## A walk-through in five minutes')[1]?.split('\n## ')[0] ?? ''
  const steps: Step[] = []
  for (const [, language, block = ''] of section.matchAll(/```(sh|json)\n([\s\S]*?)```/g)) {
    if (language === 'sh') steps.push({ commands: block })
    else Object.assign(steps.at(-1) as Step, { answer: JSON.parse(block) })
  }
  return steps
}

async function environment(): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(process.env.TEST_FOLDER as string, 'readme-'))
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'development',
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    TEST_DAY: day,
    NODE_OPTIONS: `--import ${join(root, 'tests/fixed-clock.mjs')}`,
  }
  delete env.DATABASE_URL
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
  } catch {
    await mkdir(join(folder, 'bin'))
    await copyFile(join(root, 'tests/curl.mjs'), join(folder, 'bin/curl'))
    await chmod(join(folder, 'bin/curl'), 0o755)
    env.PATH = `${join(folder, 'bin')}:${env.PATH}`
  }
  return env
}

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
  const steps = stepsOf(readme)
  expect(steps.filter(({ answer }) => answer).length).toBeGreaterThan(8)
  const env = await environment()
  const base = await started(env)
  const mark = '----8<----'
  const script = steps.map(({ commands }) => `${commands}\necho; echo '${mark}'`).join('\n')
  const output = await new Promise<string>((resolve, reject) => {
    const bash = spawn('bash', ['-eu', '-o', 'pipefail'], { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] })
    let text = ''
    bash.stdout.on('data', chunk => {
      text += chunk
    })
    bash.once('exit', code =>
      code === 0 ? resolve(text) : reject(new Error(`the walk-through stopped with ${code}: ${text}`)),
    )
    bash.stdin.end(script.replace('http://127.0.0.1:3000', base))
  })
  const outputs = output.split(`${mark}\n`)
  steps.forEach(({ answer }, index) => {
    // A block may print something before the answer that is shown: the answer is its last line or document.
    const printed = outputs[index]?.trim() ?? ''
    if (answer) expect(JSON.parse(printed.slice(printed.search(/^[{[]/m)))).toMatchObject(answer)
    else expect(printed).not.toContain('"status":')
  })
}, 90_000)
