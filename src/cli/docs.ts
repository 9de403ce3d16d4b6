import { readFile, writeFile } from 'node:fs/promises'
import { lifecycle as arende } from '../arenden/lifecycle.ts'
import { lifecycle as barnchecklista } from '../barnchecklistor/lifecycle.ts'
import { lifecycle as bfBoende, stodLifecycle as bfStod } from '../bostad-forst/lifecycle.ts'
import { type Config, settings } from '../config.ts'
import { lifecycle as flyttkedja, lankLifecycle as flyttlank } from '../flyttkedjor/lifecycle.ts'
import { lifecycle as fortur } from '../forturer/lifecycle.ts'
import { lifecycle as garantikrav } from '../garantikrav/lifecycle.ts'
import { lifecycle as genomgang } from '../genomgangar/lifecycle.ts'
import { kallor, typeOf } from '../handelser/events.ts'
import { lifecycle as hyresgaranti } from '../hyresgarantier/lifecycle.ts'
import { jobNames, jobs } from '../jobs.ts'
import { lifecycle as lagenhet } from '../lagenheter/lifecycle.ts'
import { lifecycle as regressfordran } from '../regressfordringar/lifecycle.ts'
import { roller } from '../shared/caller.ts'
import { avstaendeLifecycle as avstaende, lifecycle as stodlagenhet } from '../stodlagenheter/lifecycle.ts'
import { describedApp } from './openapi.ts'
import { command } from './running.ts'

const root = new URL('../../', import.meta.url)

const table = (heading: string[], rows: string[][]) =>
  [heading, heading.map(() => '---'), ...rows]
    .map(cells => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')

const settingsTable = () =>
  table(
    ['setting', 'default', 'takes', 'meaning'],
    Object.entries(settings).map(([name, { standard, accepts, meaning }]) => [
      `\`${name}\``,
      shown(standard),
      accepts,
      meaning,
    ]),
  )

function shown(standard: Config[keyof Config]): string {
  if (standard === undefined) return ''
  if (typeof standard === 'boolean') return standard ? '`ja`' : '`nej`'
  return `\`${Array.isArray(standard) ? standard.join(',') : standard}\``
}

async function accessTable(): Promise<string> {
  const { accessTable } = await describedApp()
  const rows = accessTable
    .filter(({ why, method }) => why !== 'Säger vilka metoder vägen tar emot' && method !== 'HEAD')
    .map(({ method, path, by, why }) => [`\`${method} ${path.replace(/:(\w+)/g, '{$1}')}\``, by.join(', '), why])
  return table(['route', 'who', 'what for'], rows)
}

const lifecycles = () =>
  Object.entries({
    arende,
    barnchecklista,
    fortur,
    lagenhet,
    stodlagenhet,
    avstaende,
    bfBoende,
    bfStod,
    flyttkedja,
    flyttlank,
    hyresgaranti,
    garantikrav,
    regressfordran,
    genomgang,
  })
    .map(([name, { diagram }]) => `**${name}**\n\n\`\`\`mermaid\n${diagram()}\n\`\`\``)
    .join('\n\n')

const eventsTable = () =>
  table(
    ['type', 'states', 'told'],
    Object.entries(kallor).map(([tabell, { states, vyer }]) => [
      `\`${typeOf(tabell, '')}\`…`,
      states.map(state => `\`${state}\``).join(', '),
      Object.keys(vyer).join(', '),
    ]),
  )

/** The parts of the documents that are made of the code, by file and the name in their marker. */
const generated: Record<string, Record<string, () => string | Promise<string>>> = {
  'README.md': {
    events: eventsTable,
    jobs: () =>
      table(
        ['job', 'when (Europe/Stockholm)', 'does'],
        jobNames.map(name => [`\`${name}\``, `\`${jobs[name].cron}\``, jobs[name].does]),
      ),
  },
  'docs/settings.md': { settings: settingsTable },
  'docs/access.md': {
    roles: () =>
      table(
        ['role', 'is'],
        Object.entries(roller).map(([name, meaning]) => [`\`${name}\``, meaning]),
      ),
    access: accessTable,
  },
  'docs/lifecycles.md': { lifecycles },
}

/** Each document with its generated parts: as it stands, and as the code says now. */
export async function documents(): Promise<{ file: string; written: string; updated: string }[]> {
  return Promise.all(
    Object.entries(generated).map(async ([file, parts]) => {
      const written = await readFile(new URL(file, root), 'utf8')
      let updated = written
      for (const [name, make] of Object.entries(parts)) {
        const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
        const [before, rest = ''] = updated.split(start)
        const [, after] = rest.split(end)
        if (after === undefined) throw new Error(`${file} has no part ${name}`)
        updated = `${before}${start}\n${await make()}\n${end}${after}`
      }
      return { file, written, updated }
    }),
  )
}

if (import.meta.main)
  await command('npm run docs   writes the generated tables of README.md and docs/', {}, async () => {
    for (const { file, updated } of await documents()) await writeFile(new URL(file, root), updated)
    return 0
  })
