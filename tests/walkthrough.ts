import { execFileSync, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export const root = new URL('..', import.meta.url).pathname
export const readme = await readFile(join(root, 'README.md'), 'utf8')

/** The day on which the walk-through was written. */
export const writtenDay = '2026-11-23'

/** Commands and, where the text shows one, the answer of the last of them. */
export type Step = { commands: string; answer?: object }

/** The walk-through of README. */
export function walkthrough(): Step[] {
  const section = readme.split('## A walk-through in five minutes')[1]?.split('\n## ')[0] ?? ''
  const steps: Step[] = []
  for (const [, language, block = ''] of section.matchAll(/```(sh|json)\n([\s\S]*?)```/g)) {
    if (language === 'sh') steps.push({ commands: block })
    else Object.assign(steps.at(-1) as Step, { answer: JSON.parse(block) })
  }
  return steps
}

/** What the commands are run with; `curl` of the tests where there is none, or when it should say things again. */
export async function walkthroughEnv(
  folder: string,
  settings: Record<string, string>,
  goodClient = false,
): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    NODE_ENV: 'development',
    TEST_DAY: writtenDay,
    NODE_OPTIONS: `--import ${join(root, 'tests/fixed-clock.mjs')}`,
    // What Node compiled for one serves the next.
    NODE_COMPILE_CACHE: join(process.env.TEST_FOLDER as string, 'compiled'),
    ...settings,
    ...(goodClient && { CURL_RETRY: '1' }),
  }
  if (!settings.DATABASE_URL) delete env.DATABASE_URL
  if (goodClient || !hasCurl()) {
    await mkdir(join(folder, 'bin'))
    await copyFile(join(root, 'tests/curl.mjs'), join(folder, 'bin/curl'))
    await chmod(join(folder, 'bin/curl'), 0o755)
    env.PATH = `${join(folder, 'bin')}:${env.PATH}`
  }
  return env
}

function hasCurl(): boolean {
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Runs the steps in one shell. Returns what each printed. */
export async function run(steps: Step[], base: string, env: NodeJS.ProcessEnv): Promise<string[]> {
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
  return output.split(`${mark}\n`).slice(0, steps.length)
}

/** The answer that a step's output ends with: a block may print something before it. */
export const answerIn = (output: string): unknown => {
  const printed = output.trim()
  return JSON.parse(printed.slice(printed.search(/^[{[]/m)))
}

/** Each step gave the answer that the text shows, and no step without one was refused. */
export function expectAnswers(steps: Step[], outputs: string[]): void {
  steps.forEach(({ answer }, index) => {
    const output = outputs[index] ?? ''
    if (answer) expect(answerIn(output)).toMatchObject(answer)
    else expect(output).not.toContain('"status":')
    // What `plocka` finds nothing in was a refusal on the way.
    expect(output).not.toMatch(/^undefined$/m)
  })
}
