import { execFile } from 'node:child_process'
import { cp, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = new URL('..', import.meta.url).pathname
const config = await import(new URL('../.dependency-cruiser.mjs', import.meta.url).href)
const rules: { name: string }[] = config.default.forbidden

/** A line that breaks each rule, by the file it is put in. */
const breaches: Record<string, [file: string, line: string]> = {
  'no-circles': ['src/shared/money.ts', "import './ring.ts'"],
  'no-orphans': ['src/shared/left-over.ts', 'export const unused = 1'],
  'atkomstlogg-knows-only-those-before': ['src/atkomstlogg/service.ts', "import '../hushall/schema.ts'"],
  'nodatkomster-knows-only-those-before': ['src/nodatkomster/service.ts', "import '../hushall/schema.ts'"],
  'hushall-knows-only-those-before': ['src/hushall/service.ts', "import '../hyresgarantier/schema.ts'"],
  'utlamnanden-knows-only-those-before': ['src/utlamnanden/service.ts', "import '../hyresgarantier/schema.ts'"],
  'hyresvardar-knows-only-those-before': ['src/hyresvardar/service.ts', "import '../hyresgarantier/schema.ts'"],
  'barnchecklistor-knows-only-those-before': ['src/barnchecklistor/service.ts', "import '../beslut/schema.ts'"],
  'beslut-knows-only-those-before': ['src/beslut/service.ts', "import '../forturer/schema.ts'"],
  'forturer-knows-only-those-before': ['src/forturer/service.ts', "import '../hyresgarantier/schema.ts'"],
  'lagenheter-knows-only-those-before': ['src/lagenheter/service.ts', "import '../stodlagenheter/schema.ts'"],
  'stodlagenheter-knows-only-those-before': ['src/stodlagenheter/service.ts', "import '../bostad-forst/schema.ts'"],
  'bostad-forst-knows-only-those-before': ['src/bostad-forst/service.ts', "import '../hyresgarantier/schema.ts'"],
  'bostadsbehov-knows-only-those-before': ['src/bostadsbehov/service.ts', "import '../hyresgarantier/schema.ts'"],
  'flyttkedjor-knows-only-those-before': ['src/flyttkedjor/service.ts', "import '../hyresgarantier/schema.ts'"],
  'hyresgarantier-knows-only-those-before': ['src/hyresgarantier/ended.ts', "import '../genomgangar/schema.ts'"],
  'regressfordringar-knows-only-those-before': [
    'src/regressfordringar/service.ts',
    "import '../garantikrav/schema.ts'",
  ],
  'garantikrav-knows-only-those-before': ['src/garantikrav/service.ts', "import '../genomgangar/schema.ts'"],
  'genomgangar-knows-only-those-before': ['src/genomgangar/service.ts', "import '../arenden/schema.ts'"],
  'arenden-knows-only-those-before': ['src/arenden/service.ts', "import '../mitt/schema.ts'"],
  'mitt-knows-only-those-before': ['src/mitt/service.ts', "import '../handelser/schema.ts'"],
  'handelser-knows-only-those-before': ['src/handelser/service.ts', "import '../prenumerationer/schema.ts'"],
  'prenumerationer-knows-only-those-before': ['src/prenumerationer/service.ts', "import '../inkommande/schema.ts'"],
  'shared-knows-no-domain': ['src/shared/dates.ts', "import '../hushall/schema.ts'"],
  'http-knows-no-domain': ['src/http/etag.ts', "import '../hushall/schema.ts'"],
  'schema-is-the-ground': ['src/hushall/schema.ts', "import '../shared/dates.ts'"],
  'rules-are-pure': ['src/hushall/rules.ts', "import '../shared/storage.ts'"],
  'entity-only-keeps': ['src/hushall/entity.ts', "import '../shared/dates.ts'"],
  'only-routes-know-http': ['src/hushall/service.ts', "import '../http/etag.ts'"],
  'routes-are-the-end': ['src/jobs.ts', "import './hushall/routes.ts'"],
  'app-and-main-are-the-top': ['src/http/etag.ts', "import '../jobs.ts'"],
  'declared-packages': ['src/shared/ids.ts', "import 'pino'"],
}

test('every import rule says so when it is broken, and the code breaks none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hemvist-rules-'))
  for (const name of ['src', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs'])
    await cp(join(root, name), join(folder, name), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const broken = async (): Promise<string[]> => {
    const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cruise, 'src', '--output-type', 'json'],
      options,
    ).catch(error => error)
    return JSON.parse(stdout).summary.violations.map(({ rule }: { rule: { name: string } }) => rule.name)
  }
  expect(await broken()).toEqual([])
  await writeFile(join(folder, 'src/shared/ring.ts'), "import './money.ts'\n")
  for (const [file, line] of Object.values(breaches)) await writeFile(join(folder, file), `${line}\n`, { flag: 'a' })
  expect([...new Set(await broken())].sort()).toEqual(rules.map(({ name }) => name).sort())
}, 60_000)
