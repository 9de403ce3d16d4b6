import { createHash } from 'node:crypto'
import pg from 'pg'
import { DataSource, type EntitySchema } from 'typeorm'
import { ArendeEntity, JavEntity, UtredningEntity } from './arenden/entity.ts'
import { BarnchecklistaEntity, BarnchecklistemallEntity } from './barnchecklistor/entity.ts'
import { BeslutEntity, DelegationEntity } from './beslut/entity.ts'
import { BfBoendeEntity, BfStodEntity, OvergangsprovningEntity, TrohetsmatningEntity } from './bostad-forst/entity.ts'
import { FlyttkedjaEntity, FlyttlankEntity } from './flyttkedjor/entity.ts'
import { ErbjudandeEntity, ForturEntity, ForturskriterierEntity } from './forturer/entity.ts'
import { GarantikravEntity } from './garantikrav/entity.ts'
import { GenomgangEntity, GenomgangsomgangEntity } from './genomgangar/entity.ts'
import { HushallEntity, PersonEntity } from './hushall/entity.ts'
import { HyresgarantiEntity } from './hyresgarantier/entity.ts'
import { HyresvardEntity, KriterieuppsattningEntity } from './hyresvardar/entity.ts'
import { LagenhetEntity, UpplatelseEntity } from './lagenheter/entity.ts'
import { NodatkomstEntity } from './nodatkomster/entity.ts'
import { PrenumerationEntity } from './prenumerationer/entity.ts'
import { RegressbetalningEntity, RegressfordranEntity } from './regressfordringar/entity.ts'
import { SnakeCaseColumns } from './shared/storage.ts'
import {
  AvstaendeEntity,
  BoendehandelseEntity,
  BostadsforslagEntity,
  StodlagenhetEntity,
  UppfoljningEntity,
} from './stodlagenheter/entity.ts'
import { UtlamnandeEntity } from './utlamnanden/entity.ts'

export const entities: EntitySchema<never>[] = [
  HushallEntity,
  PersonEntity,
  HyresvardEntity,
  KriterieuppsattningEntity,
  HyresgarantiEntity,
  GarantikravEntity,
  RegressfordranEntity,
  RegressbetalningEntity,
  GenomgangsomgangEntity,
  GenomgangEntity,
  UtlamnandeEntity,
  NodatkomstEntity,
  BarnchecklistemallEntity,
  BarnchecklistaEntity,
  DelegationEntity,
  BeslutEntity,
  ForturskriterierEntity,
  ForturEntity,
  ErbjudandeEntity,
  ArendeEntity,
  UtredningEntity,
  JavEntity,
  PrenumerationEntity,
  LagenhetEntity,
  UpplatelseEntity,
  StodlagenhetEntity,
  BostadsforslagEntity,
  AvstaendeEntity,
  UppfoljningEntity,
  BoendehandelseEntity,
  BfBoendeEntity,
  BfStodEntity,
  OvergangsprovningEntity,
  TrohetsmatningEntity,
  FlyttkedjaEntity,
  FlyttlankEntity,
] as never

/** Text for dates, ISO text for instants, numbers for counts: what the wire and our types have. */
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: string) => {
    if (oid === pg.types.builtins.DATE) return (value: string) => value
    if (oid === pg.types.builtins.TIMESTAMPTZ) return (value: string) => new Date(value).toISOString()
    if (oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC) return Number
    return pg.types.getTypeParser(oid, format as 'text')
  }) as pg.CustomTypesConfig['getTypeParser'],
}

const names = new Map<string, string>()

/** A name for a parameterised SELECT, so that PostgreSQL plans it once a connection. Bounded: texts do not vary much. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= 500) return known
  const name = createHash('sha1').update(text).digest('base64url')
  names.set(text, name)
  return name
}

/** A client that prepares what it reads: planning at every call is a third of a small read's time. */
class PreparingClient extends pg.Client {
  override query(...args: unknown[]): never {
    const [text, values] = args
    if (typeof text === 'string' && Array.isArray(values) && values.length > 0 && /^\s*(SELECT|WITH)\b/i.test(text))
      return super.query({ text, values, name: nameOf(text) } as never, ...(args.slice(2) as [never])) as never
    return super.query(...(args as [never])) as never
  }
}

/**
 * A pool of connections to a server.
 *
 * @param settings of every connection, as `-c` options: the role to work under, and what its row security looks at
 */
export function dataSource(url: string, poolSize: number, settings: Record<string, string> = {}): DataSource {
  const options = Object.entries({ TimeZone: 'UTC', ...settings }).map(([name, value]) => `-c ${name}=${value}`)
  return pool(url, poolSize, { Client: PreparingClient, options: options.join(' ') })
}

/**
 * A pool of connections to a pooler, which gives each transaction any of its own: nothing can be set or prepared for
 * longer than that. What the role must be is a setting of the user.
 */
export const pooledSource = (url: string, poolSize: number): DataSource => pool(url, poolSize, {})

function pool(url: string, poolSize: number, extra: object): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    namingStrategy: new SnakeCaseColumns(),
    poolSize,
    applicationName: 'hemvist',
    installExtensions: false,
    connectTimeoutMS: 5000,
    // A connection that breaks while idle is dropped from the pool; the next query opens another.
    poolErrorHandler: () => {},
    extra: {
      types,
      keepAlive: true,
      ...extra,
    },
  })
}
