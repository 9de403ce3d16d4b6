import { readFileSync } from 'node:fs'
import { roller } from './shared/caller.ts'
import { StartError } from './start-error.ts'

type Setting<T> = {
  read: (text: string) => T | undefined
  standard: T
  /** What would be accepted, for the error and docs/settings.md. */
  accepts: string
  meaning: string
  secret?: boolean
}

const whole = (standard: number, min: number, max: number, unit: string, meaning: string): Setting<number> => ({
  read: text => (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
  standard,
  accepts: `${unit}, ${min}-${max}`,
  meaning,
})
const word = (standard: string, accepts: string, pattern: RegExp, meaning: string): Setting<string> => ({
  read: text => (pattern.test(text) ? text : undefined),
  standard,
  accepts,
  meaning,
})
/** A text that has no default. */
const wordOrNone = (
  accepts: string,
  pattern: RegExp,
  meaning: string,
  secret = false,
): Setting<string | undefined> => ({
  read: text => (pattern.test(text) ? text : undefined),
  standard: undefined,
  accepts,
  meaning,
  secret,
})
const list = <T>(
  standard: T[],
  accepts: string,
  item: (text: string) => T | undefined,
  meaning: string,
): Setting<T[]> => ({
  read: text => {
    const items = text.split(',').map(part => item(part.trim()))
    return items.some(value => value === undefined) ? undefined : (items as T[])
  },
  standard,
  accepts,
  meaning,
})
/** Pairs, `this=that` with commas between; the last `=` divides. */
const pairs = (
  accepts: string,
  isValue: (text: string) => boolean,
  meaning: string,
): Setting<(readonly [string, string])[] | undefined> => ({
  read: text => {
    const items = text.split(',').map(item => /^\s*(.+)=(.+?)\s*$/.exec(item))
    return items.every(item => item && isValue(item[2] as string))
      ? items.map(item => [item?.[1] as string, item?.[2] as string] as const)
      : undefined
  },
  standard: undefined,
  accepts,
  meaning,
})
const yesNo = (standard: boolean, meaning: string): Setting<boolean> => ({
  read: text => (text === 'ja' ? true : text === 'nej' ? false : undefined),
  standard,
  accepts: '`ja` or `nej`',
  meaning,
})

const monthDay = /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
/** A party as tokens and settings write it. */
export const partPattern =
  /^(socialforvaltningen|serviceforvaltningen|(hyresvard|kriscentrum|frivillig):[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i
const url = /^https?:\/\/[^\s/]+(\/[^\s]*)?$/

/** Every setting, once: name, unit, default and meaning. docs/settings.md is made from it. */
export const settings = {
  NODE_ENV: word(
    'development',
    '`development`, `test` or `production`',
    /^(development|test|production)$/,
    'In production there is no development issuer and keys must be given.',
  ),
  HOST: word('127.0.0.1', 'address', /^\S+$/, 'Address to listen on.'),
  PORT: whole(3000, 0, 65535, 'port', 'Port to listen on; 0 takes a free one.'),
  PUBLIC_URL: wordOrNone(
    'URL without `/v1`',
    url,
    'Base of all links when no `Forwarded` header says another. Default: where it listens.',
  ),
  TRUST_PROXY: wordOrNone(
    'addresses or networks, comma separated',
    /^[\w.:/, ]+$/,
    'Gateways whose `Forwarded` header is believed.',
  ),
  DATA_DIR: word('.data', 'path', /./, 'The embedded database and the development keys.'),
  DATABASE_URL: wordOrNone(
    'postgres URL',
    /^postgres(ql)?:\/\/\S+$/,
    'PostgreSQL 15 or newer. Unset: the embedded server.',
    true,
  ),
  DATABASE_POOL: whole(
    10,
    1,
    500,
    'connections',
    'Connections for ordinary callers in this instance; a few more are used for cleared callers and jobs.',
  ),
  DATABASE_POOLER_URL: wordOrNone(
    'postgres URL with `{roll}` in it',
    /^postgres(ql)?:\/\/\S*\{roll\}\S*$/,
    'PgBouncer in transaction mode, for what callers ask; `{roll}` becomes `allman` or `skyddad`, whose users have those roles (docs/drift.md). DATABASE_URL goes past it.',
    true,
  ),
  DATABASE_REPLICA_URLS: {
    ...list<string>(
      [],
      'postgres URLs, comma separated',
      t => (/^postgres(ql)?:\/\/\S+$/.test(t) ? t : undefined),
      'Streaming replicas for lists, statistics and exports. Each is used when it has all that is committed.',
    ),
    secret: true,
  },
  DATABASE_REPLICA_MS: whole(
    50,
    0,
    5000,
    'ms',
    'How long a reading waits for a replica to catch up; then the primary answers.',
  ),
  OIDC_ISSUER: wordOrNone('URL', url, 'Whose access tokens are accepted. Required in production.'),
  OIDC_AUDIENCE: word('hemvist', 'text', /^\S+$/, 'The `aud` that a token must have.'),
  TOKEN_UTFARDARE: wordOrNone(
    'text',
    /^\S+$/,
    'The `iss` of the tokens, where it is not OIDC_ISSUER: `access_token_issuer` of ADFS.',
  ),
  TOKEN_TYP: word(
    'at+jwt',
    '`at+jwt` or `JWT`',
    /^(at\+jwt|JWT)$/,
    'The `typ` that a token must have. `JWT` only for an issuer that cannot mark its access tokens: ADFS and Entra.',
  ),
  TOKEN_ROLLER: word(
    'roller',
    'path in the token',
    /^[\w.:/-]+$/,
    'Where the roles stand, an array or one text: a claim, or a dotted path such as `realm_access.roles`.',
  ),
  TOKEN_ROLLKARTA: pairs(
    '`<theirs>=<ours>`, comma separated',
    text => Object.hasOwn(roller, text),
    'Which of the issuer’s roles is which of ours; no other then counts. Unset: they have our names.',
  ),
  TOKEN_PART: word(
    'part',
    'path in the token',
    /^[\w.:/-]+$/,
    'Where the party stands: `socialforvaltningen`, `hyresvard:<id>`, `serviceforvaltningen`, …',
  ),
  TOKEN_PART_STANDARD: wordOrNone(
    '`socialforvaltningen`',
    /^socialforvaltningen$/,
    'The party of a token that does not say one but has a known role. Unset: such a token is refused.',
  ),
  TOKEN_KLIENT: word(
    'client_id',
    'path in the token',
    /^[\w.:/-]+$/,
    'Where the client id stands. A token without one is refused.',
  ),
  TOKEN_KLIENTPARTER: pairs(
    '`<client id>=<party>`, comma separated',
    text => partPattern.test(text),
    'The party of clients that act by themselves, such as `lkf-integration=hyresvard:<id>`; wins over the token’s.',
  ),
  KOMMUNKOD: word('1281', 'four digits', /^\d{4}$/, 'SCB code of the municipality.'),
  KOMMUNNAMN: word('Lunds kommun', 'text', /\S/, 'Name of the municipality, in texts.'),
  PERSONNUMMER_KEY: wordOrNone(
    '32 bytes, base64',
    /^[A-Za-z0-9+/_-]{43}=?$/,
    'Encrypts personnummer and stored answers (AES-256-GCM). Outside production made at first start.',
    true,
  ),
  PERSONNUMMER_HASH_KEY: wordOrNone(
    '32 bytes, base64',
    /^[A-Za-z0-9+/_-]{43}=?$/,
    'Keyed hash for exact search of a personnummer. Outside production made at first start.',
    true,
  ),
  LOG_LEVEL: word('info', 'pino level', /^(fatal|error|warn|info|debug|trace|silent)$/, 'How much is logged.'),
  BODY_LIMIT: whole(
    1_048_576,
    1024,
    104_857_600,
    'bytes',
    'Largest JSON body; batches of landlord answers may be eight times that.',
  ),
  IMPORT_LIMIT: whole(67_108_864, 1024, 1_073_741_824, 'bytes', 'Largest CSV file to import over HTTP.'),
  IDEMPOTENS_TIMMAR: whole(48, 24, 720, 'hours', 'How long the answer to an Idempotency-Key is kept.'),

  CORS_ORIGINS: list(
    [] as string[],
    'origins, comma separated',
    t => (/^https?:\/\/[^\s/]+$/.test(t) ? t : undefined),
    'Frontends that a browser may call from; none unless listed.',
  ),
  ANROP_PER_MINUT: whole(
    6000,
    1,
    10_000_000,
    'requests',
    'A client that asks for more within a minute, of all instances together, is answered 429.',
  ),
  OVERLAST_MS: whole(
    1000,
    0,
    60_000,
    'milliseconds',
    'Requests are answered 503 while the process lags by more; 0 never does.',
  ),
  NODATKOMST_MINUTER: whole(
    30,
    1,
    240,
    'minutes',
    'How long a caseworker sees a protected household after breaking the glass.',
  ),
  STICKPROV_MANGA: whole(
    30,
    2,
    10_000,
    'households',
    'More than so many households read one by one in ten minutes is a reason to sample it.',
  ),
  GENOMGANG_OPPNAR: list(
    ['03-01', '09-01'],
    'two MM-DD',
    t => (monthDay.test(t) ? t : undefined),
    'Days on which the half-year review rounds open (plan area 3: twice a year).',
  ),
  GENOMGANG_STANGER: list(
    ['06-30', '12-31'],
    'two MM-DD',
    t => (monthDay.test(t) ? t : undefined),
    'Days on which an unfinished review becomes overdue.',
  ),
  GENOMGANG_PAMINNELSE_DAGAR: whole(14, 1, 90, 'days', 'A landlord is reminded after so many days without an answer.'),
  GENOMGANG_SAMTYCKE_AVSLUTAR: yesNo(
    true,
    'The landlord’s `rekommenderarAvslut` in a review is its consent: the caseworker’s `avsluta` then ends the guarantee. `nej`: the landlord answers a proposal of its own first.',
  ),
  BEVILJAD_GILTIG_MANADER: whole(
    6,
    1,
    24,
    'months',
    'A granted guarantee lapses after so long without an agreement (domain: Enköping).',
  ),
  VARNING_DAGAR: list(
    [90, 30],
    'days, comma separated',
    t => (/^\d{1,3}$/.test(t) ? Number(t) : undefined),
    'Days before its end that a guarantee is flagged.',
  ),
  KOMMUNAL_MAX_MANADER: whole(6, 1, 12, 'monthly rents', 'Largest municipal guarantee.'),
  KOMMUNAL_MAX_GARANTITID: whole(24, 1, 120, 'months', 'Longest municipal guarantee.'),
  UPPSAGNING_TIDIGAST_MANADER: whole(
    24,
    0,
    120,
    'months',
    'A notice may end a guarantee at the earliest so long after its start (usual guarantor terms).',
  ),
  ARENDE_FORDROJT_DAGAR: list(
    [30, 60],
    'days, comma separated',
    t => (/^\d{1,3}$/.test(t) ? Number(t) : undefined),
    'Days from the application at which a case without a decision is flagged as slow.',
  ),
  DELGIVNING_DAGAR: whole(14, 1, 90, 'days', 'A refusal that is not delivered after so long is on the worklist.'),
  OVERKLAGANDE_VECKOR: whole(3, 1, 12, 'weeks', 'Time to appeal, from the day of delivery (FL 44 §).'),
  FORTUR_OVERKLAGANDETYP: word(
    'forvaltningsbesvar',
    '`forvaltningsbesvar`, `laglighetsprovning` or `ejOverklagbar`',
    /^(forvaltningsbesvar|laglighetsprovning|ejOverklagbar)$/,
    'How a decision on förtur is appealed: as assistance, or as a queue priority of the municipality (domain: uncertain).',
  ),
  BARNCHECKLISTA_MANADER: whole(6, 1, 24, 'months', 'How old a finished child checklist may be at a decision.'),
  PENSIONSALDER: whole(67, 60, 75, 'years', 'From this age a person is an age pensioner (prioritised group).'),
  HEMLOS_MANADER: whole(6, 1, 60, 'months', 'Homeless longer than this is a prioritised group (plan area 13).'),
  FORTUR_GILTIG_MANADER: whole(12, 1, 60, 'months', 'How long a förtur is valid (domain: Filipstad).'),
  FORTUR_ERBJUDANDEN: whole(
    1,
    1,
    10,
    'offers',
    'So many refused offers use up a förtur, unless the decision says another.',
  ),
  FORTUR_SVARSTID_DAGAR: whole(7, 1, 60, 'days', 'Time to answer an offer, when the landlord does not say another.'),
  FORTUR_UTEBLIVET_RAKNAS: yesNo(
    false,
    'Whether an offer without an answer counts as a refusal. `nej` protects who could not be reached.',
  ),
  FORTUR_VARDENS_NEJ_RAKNAS: yesNo(
    false,
    'Whether a person’s no that the landlord writes in counts as a refusal. `nej`: only one that a caseworker has weighed does.',
  ),
  FORTUR_VARNING_DAGAR: list(
    [60, 14],
    'days, comma separated',
    t => (/^\d{1,3}$/.test(t) ? Number(t) : undefined),
    'Days before its last day that a förtur without a home is flagged.',
  ),
  KO_FORNYELSE_DAGAR: whole(365, 30, 1000, 'days', 'The landlord’s queue must be renewed within so long.'),
  KO_PAMINNELSE_DAGAR: whole(30, 1, 180, 'days', 'So long before it must be renewed, the caseworker is reminded.'),
  WEBHOOK_TILLATNA_NAT: list(
    [] as string[],
    'host names, addresses or networks, comma separated',
    t => (/^([\w-]+(\.[\w-]+)*|[\da-f.:]+(\/\d{1,3})?)$/i.test(t) ? t : undefined),
    'Internal receivers of webhooks, which may also use http. Without it only public addresses, over https.',
  ),
  WEBHOOK_TIDSGRANS_SEKUNDER: whole(
    15,
    1,
    60,
    'seconds',
    'A receiver of webhooks that has not answered then has failed.',
  ),
  WEBHOOK_FORSOK_SEKUNDER: list(
    [5, 30, 120, 600, 3600, 10_800, 21_600, 43_200, 86_400, 86_400],
    'seconds, comma separated',
    t => (/^\d{1,6}$/.test(t) ? Number(t) : undefined),
    'Time to the next attempt of a webhook, after the first failure, the second, …; up to a fifth more or less. Then it is a dead letter.',
  ),
  WEBHOOK_SAMTIDIGA: whole(10, 1, 100, 'requests', 'Requests at a time to one receiver of webhooks.'),
  WEBHOOK_MOTTAGARE: whole(100, 1, 1000, 'subscriptions', 'Subscriptions that one instance sends to at a time.'),
  WEBHOOK_NYCKELBYTE_TIMMAR: whole(24, 1, 720, 'hours', 'How long the old key of a webhook also signs after a change.'),
  HANDELSER_DAGAR: whole(
    400,
    30,
    4000,
    'days',
    'Events are kept so long; a reader that has been away longer starts over.',
  ),
  INKOMMANDE_DAGAR: whole(
    90,
    7,
    1000,
    'days',
    'The keys of what landlords and serviceförvaltningen send in batches are kept so long; then the same item is a new one.',
  ),
  BF_VANTAN_DAGAR: whole(
    60,
    1,
    1000,
    'days',
    'Who is admitted to Bostad Först and has not moved in after so long is on the worklist.',
  ),
  KO_POANG_BARN: whole(
    100,
    0,
    10_000,
    'points',
    'What children in the household are worth in the queue for a stödlägenhet (plan areas 8 and 13).',
  ),
  KO_POANG_HEMLOS: whole(
    60,
    0,
    10_000,
    'points',
    'What homelessness longer than HEMLOS_MANADER is worth in that queue.',
  ),
  KO_POANG_VECKA: whole(1, 0, 1000, 'points', 'What each whole week in that queue is worth.'),
  TIDSBEGRANSAT_MANADER: whole(
    24,
    1,
    120,
    'months',
    'A time-limited decision on a stödlägenhet for a family is for so long at most, each time.',
  ),
  TILLDELAD_DAGAR: whole(
    14,
    1,
    365,
    'days',
    'An allotted home without a signed lease is on the worklist after so long.',
  ),
  BESITTNINGSSKYDD_MANADER: whole(
    24,
    1,
    120,
    'months',
    'A sublet tenant has besittningsskydd so long after the access, unless it is waived (12 kap. 45 § jordabalken).',
  ),
  OVERTAGANDE_FORSTA_MANADER: whole(
    12,
    1,
    120,
    'months',
    'Whether the tenant of a stödlägenhet can take over the contract is first tried so long after the access.',
  ),
  OVERTAGANDE_ANDRA_MANADER: whole(18, 1, 120, 'months', 'It is tried once more so long after the access.'),
  VAKANS_DAGAR: whole(30, 1, 1000, 'days', 'A home that nobody has had for so long is on the worklist.'),
  UPPFOLJNING_FORSTA_MANADER: whole(
    1,
    1,
    24,
    'months',
    'The first follow-up of a stödlägenhet is so long after moving in.',
  ),
  UPPFOLJNING_MANADER: whole(3, 1, 24, 'months', 'Follow-ups of a stödlägenhet are so far apart.'),
  BOSTADSBEHOV_MEDEL_AR: whole(3, 1, 10, 'years', 'The need of homes counts with the yearly mean of so many years.'),
  PRESKRIPTION_AR: whole(10, 1, 20, 'years', 'A recourse debt lapses after so long (1981:130).'),
} satisfies Record<string, Setting<unknown>>

type Values = { [Name in keyof typeof settings]: (typeof settings)[Name]['standard'] }
/** The settings of this process, read once. */
export type Config = Readonly<Values>

/**
 * Reads the settings from the environment; a secret may instead be in a file named by `<NAME>_FILE`.
 *
 * @throws StartError that names the setting and what it accepts, never its value
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const values: Record<string, unknown> = {}
  for (const [name, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const given = env[name] || (setting.secret ? fromFile(name, env[`${name}_FILE`]) : undefined)
    const value = given === undefined ? setting.standard : setting.read(given)
    if (given !== undefined && value === undefined)
      throw new StartError(`The setting ${name} is not valid: it takes ${setting.accepts}.`)
    values[name] = value
  }
  const config = values as Config
  if (config.NODE_ENV === 'production')
    for (const name of ['OIDC_ISSUER', 'DATABASE_URL', 'PERSONNUMMER_KEY', 'PERSONNUMMER_HASH_KEY'] as const)
      if (!config[name])
        throw new StartError(`NODE_ENV=production needs the setting ${name}: ${settings[name].accepts}.`)
  return config
}

function fromFile(name: string, path: string | undefined): string | undefined {
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new StartError(`The file named by ${name}_FILE cannot be read.`)
  }
}
