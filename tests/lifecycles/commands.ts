import { lifecycle as arende } from '../../src/arenden/lifecycle.ts'
import { lifecycle as barnchecklista } from '../../src/barnchecklistor/lifecycle.ts'
import { lifecycle as bf_boende, stodLifecycle as bf_stod } from '../../src/bostad-forst/lifecycle.ts'
import { lifecycle as fortur } from '../../src/forturer/lifecycle.ts'
import { lifecycle as garantikrav } from '../../src/garantikrav/lifecycle.ts'
import { lifecycle as genomgang } from '../../src/genomgangar/lifecycle.ts'
import { lifecycle as hyresgaranti } from '../../src/hyresgarantier/lifecycle.ts'
import { lifecycle as lagenhet } from '../../src/lagenheter/lifecycle.ts'
import { lifecycle as regressfordran } from '../../src/regressfordringar/lifecycle.ts'
import { avstaendeLifecycle as avstaende, lifecycle as stodlagenhet } from '../../src/stodlagenheter/lifecycle.ts'
import { bodies, type Stage } from './bodies.ts'
import { body, type Call, cast, ifMatch, someone } from './cast.ts'
import type { Row } from './rows.ts'
import { type TableName, tables } from './tables.ts'

const lifecycles: Partial<Record<TableName, { commands: Record<string, { path?: string; by: readonly string[] }> }>> = {
  arende,
  barnchecklista,
  fortur,
  hyresgaranti,
  garantikrav,
  regressfordran,
  genomgang,
  lagenhet,
  stodlagenhet,
  avstaende,
  bf_boende,
  bf_stod,
}
const pathOf: Partial<Record<TableName, (row: Row) => string>> = {
  arende: ({ id }) => `/arenden/${id}`,
  barnchecklista: ({ id }) => `/barnchecklistor/${id}`,
  fortur: ({ id }) => `/forturer/${id}`,
  hyresgaranti: ({ id }) => `/hyresgarantier/${id}`,
  garantikrav: ({ id, hyresgaranti_id }) => `/hyresgarantier/${hyresgaranti_id}/krav/${id}`,
  regressfordran: ({ id }) => `/regressfordringar/${id}`,
  genomgang: ({ id }) => `/genomgangar/${id}`,
  lagenhet: ({ id }) => `/lagenheter/${id}`,
  stodlagenhet: ({ id }) => `/stodlagenheter/${id}`,
  avstaende: ({ id, stodlagenhet_id }) => `/stodlagenheter/${stodlagenhet_id}/avstaenden/${id}`,
  bf_boende: ({ id }) => `/bostad-forst/${id}`,
  bf_stod: ({ bf_boende_id }) => `/bostad-forst/${bf_boende_id}/stod`,
}
const landlordsPathOf: Partial<Record<TableName, (row: Row) => string>> = {
  fortur: ({ id }) => `/hyresvard/forturer/${id}`,
  hyresgaranti: ({ id }) => `/hyresvard/avslutsforslag/${id}`,
  lagenhet: ({ id }) => `/serviceforvaltningen/lagenheter/${id}`,
  stodlagenhet: ({ id }) => `/serviceforvaltningen/stodlagenheter/${id}`,
}

/** How often a command is given that is not as likely as the others: an end would else come before anything happens. */
const likely: Record<string, number> = {
  besluta: 3,
  begarKomplettering: 0.4,
  avskriv: 0.1,
  upphav: 0.04,
  egenKotidRacker: 0.04,
  hyresavtaletUpphor: 0.15,
  sagUpp: 0.3,
  avsluta: 0.25,
  svara: 0.6,
  omprova: 1.5,
  aterkalla: 0.2,
  efterskank: 0.2,
  revidera: 0.3,
  aterlamna: 0.05,
  'bf_boende avsluta': 0.04,
  uppsagning: 0.2,
  flyttaUt: 0.5,
  aterkallaForslag: 0.4,
}
/** A command of a lifecycle: mostly one that the row's state allows, by someone who may, with a body that is right. */
export function command(stage: Stage, table: TableName): Call | undefined {
  const { r, rowsOf } = stage
  const open = rowsOf(table).filter(({ tillstand }) => tables[table].lines.some(({ from }) => from === tillstand))
  const rows = r.maybe(0.93) ? open : rowsOf(table)
  // A few are left alone for a while, so that there come to be many.
  if (rows.length === 0 || !r.maybe(rows.length / 8)) return undefined
  const row = r.recent(rows)
  const commands = lifecycles[table]?.commands ?? {}
  const given = Object.keys(commands).filter(name => commands[name]?.path)
  const possible = given.filter(name =>
    tables[table].lines.some(({ from, command }) => from === row.tillstand && command === name),
  )
  const chosen = possible.length > 0 && r.maybe(0.88) ? possible : given
  const name = r.weighted(
    Object.fromEntries(chosen.map(name => [name, likely[`${table} ${name}`] ?? likely[name] ?? 1])),
  )
  const { path, by } = commands[name] as { path: string; by: readonly string[] }
  const who = someone(stage, by, row)
  const offer = row.erbjudande_id ?? r.one(rowsOf('erbjudande'))?.id ?? crypto.randomUUID()
  const { landlord, part } = cast[who] ?? {}
  const own = landlord === undefined && !part ? undefined : landlordsPathOf[table]?.(row)
  const address = path.replace('{erbjudandeId}', String(offer)).replace('avslutsforslag/', own ? '' : 'avslutsforslag/')
  return {
    who,
    method: 'POST',
    url: `${own ?? pathOf[table]?.(row)}/${address}`,
    body: body(stage, bodies[table]?.[name]?.(stage, row) ?? {}),
    ifMatch: ifMatch(stage, row),
  }
}
