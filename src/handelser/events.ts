import { lifecycle as arende } from '../arenden/lifecycle.ts'
import { lifecycle as barnchecklista } from '../barnchecklistor/lifecycle.ts'
import { lifecycle as boende, stodLifecycle as stod } from '../bostad-forst/lifecycle.ts'
import { lifecycle as flyttkedja, lankLifecycle as flyttlank } from '../flyttkedjor/lifecycle.ts'
import { lifecycle as fortur } from '../forturer/lifecycle.ts'
import { erbjudandetillstand } from '../forturer/schema.ts'
import { lifecycle as garantikrav } from '../garantikrav/lifecycle.ts'
import { lifecycle as genomgang } from '../genomgangar/lifecycle.ts'
import { lifecycle as hyresgaranti } from '../hyresgarantier/lifecycle.ts'
import { lifecycle as lagenhet } from '../lagenheter/lifecycle.ts'
import { lifecycle as regressfordran } from '../regressfordringar/lifecycle.ts'
import type { Partslag } from '../shared/caller.ts'
import { avstaendeLifecycle as avstaende, lifecycle as stodlagenhet } from '../stodlagenheter/lifecycle.ts'
import { serviceforvaltningensTillstand } from '../stodlagenheter/schema.ts'
import { ofServiceforvaltningen } from '../stodlagenheter/service.ts'
import { disclosedToLandlord, flyttlankDisclosed, forturDisclosedToLandlord } from '../utlamnanden/service.ts'
import type { Handelse } from './schema.ts'

/** What tells of itself: its states, and where each party that is told reads more. */
export type Kalla = {
  /** The noun in a sentence, definite form. */
  noun: string
  states: readonly string[]
  /** Path of the party's own view under `/v1`, filled from the event; null where it has none. */
  vyer: Partial<Record<Partslag, string | null>>
  /** A party that is told of some of the states only. */
  bara?: Partial<Record<Partslag, readonly string[]>>
}

/**
 * Everything that tells of itself, by table (domain §8): the states are those of the lifecycles, and the migrations say
 * the same of the tables in `CALL handelser_av(...)`. A test compares the two.
 */
export const kallor: Record<string, Kalla> = {
  arende: { ...arende, vyer: { socialforvaltningen: '/arenden/{radId}' } },
  barnchecklista: { ...barnchecklista, vyer: { socialforvaltningen: '/barnchecklistor/{radId}' } },
  fortur: {
    ...fortur,
    vyer: { socialforvaltningen: '/forturer/{radId}', hyresvard: '/hyresvard/forturer/{radId}' },
  },
  erbjudande: {
    noun: 'erbjudandet',
    states: erbjudandetillstand,
    vyer: { socialforvaltningen: '/forturer/{rotId}/erbjudanden/{radId}', hyresvard: '/hyresvard/forturer/{rotId}' },
  },
  hyresgaranti: {
    ...hyresgaranti,
    vyer: { socialforvaltningen: '/hyresgarantier/{radId}', hyresvard: '/hyresvard/avslutsforslag' },
  },
  garantikrav: {
    ...garantikrav,
    vyer: { socialforvaltningen: '/hyresgarantier/{rotId}/krav/{radId}', hyresvard: null },
  },
  regressfordran: { ...regressfordran, vyer: { socialforvaltningen: '/regressfordringar/{radId}' } },
  genomgang: {
    ...genomgang,
    vyer: { socialforvaltningen: '/genomgangar/{radId}', hyresvard: '/hyresvard/genomgangar' },
  },
  lagenhet: {
    ...lagenhet,
    vyer: {
      socialforvaltningen: '/lagenheter/{radId}',
      serviceforvaltningen: '/serviceforvaltningen/lagenheter/{radId}',
    },
  },
  stodlagenhet: {
    ...stodlagenhet,
    vyer: {
      socialforvaltningen: '/stodlagenheter/{radId}',
      serviceforvaltningen: '/serviceforvaltningen/stodlagenheter/{radId}',
    },
    bara: { serviceforvaltningen: serviceforvaltningensTillstand },
  },
  avstaende: { ...avstaende, vyer: { socialforvaltningen: '/stodlagenheter/{rotId}/avstaenden/{radId}' } },
  bf_boende: { ...boende, vyer: { socialforvaltningen: '/bostad-forst/{radId}' } },
  bf_stod: { ...stod, vyer: { socialforvaltningen: '/bostad-forst/{rotId}/stod' } },
  flyttkedja: { ...flyttkedja, vyer: { socialforvaltningen: '/flyttkedjor/{radId}' } },
  flyttlank: {
    ...flyttlank,
    vyer: {
      socialforvaltningen: '/flyttkedjor/{rotId}',
      hyresvard: '/hyresvard/flyttkedjor/lankar/{radId}',
      serviceforvaltningen: '/serviceforvaltningen/flyttkedjor/lankar/{radId}',
    },
  },
}

/** Whether a party is told when something comes to a state. */
export const isTold = (part: Partslag, tillstand: string, { vyer, bara }: Kalla): boolean =>
  part in vyer && (bara?.[part]?.includes(tillstand) ?? true)

/** What an event is called. */
export const typeOf = (tabell: string, tillstand: string): string => `se.hemvist.${tabell}.${tillstand}`

/** Every type of event that a party can get. */
export const typesOf = (part: Partslag): string[] =>
  Object.entries(kallor).flatMap(([tabell, kalla]) =>
    kalla.states.filter(tillstand => isTold(part, tillstand, kalla)).map(tillstand => typeOf(tabell, tillstand)),
  )

/** The types that are asked for: a whole type, or `se.hemvist.hyresgaranti.*`. Null when one of them is none of the party's. */
export function matchingTypes(part: Partslag, asked: readonly string[]): string[] | null {
  const known = typesOf(part)
  const found = asked.map(one =>
    one.endsWith('.*') ? known.filter(type => type.startsWith(one.slice(0, -1))) : known.filter(type => type === one),
  )
  return found.some(types => types.length === 0) ? null : found.flat()
}

/** An event as it is kept: what happened to what, and who is told. */
export type HandelseRad = {
  id: string
  typ: string
  tabell: string
  radId: string
  rotId: string
  part: Partslag
  /** ISO 8601 in UTC. */
  tid: string
}

/** SQL: the event `e` as a `HandelseRad`. */
export const handelseAsJson = (e: string): string =>
  `json_build_object('id', ${e}.id, 'typ', ${e}.typ, 'tabell', ${e}.tabell, 'radId', ${e}.rad_id, 'rotId', ${e}.rot_id,
    'part', ${e}.part, 'tid', to_char(${e}.tid AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`

/** SQL: the event `e` stands still: nothing can come to be before it in the order (xid, nr). */
export const settled = (e: string): string => `${e}.xid < (SELECT handelse_grans())`

const listOf = (words: readonly string[]) => words.map(word => `'${word}'`).join(', ')

/**
 * SQL: the party of the event `e` may know of it now: another party than socialförvaltningen while what it belongs to is
 * disclosed to it, and a home of the pool always. Protected households are hidden by row-level security besides.
 */
export const visibleToParty = (e: string): string => `CASE ${e}.part
  WHEN 'hyresvard' THEN
    EXISTS (SELECT FROM hyresgaranti h WHERE h.id = ${e}.rot_id AND h.hyresvard_id = ${e}.part_id AND ${disclosedToLandlord})
    OR EXISTS (SELECT FROM fortur f WHERE f.id = ${e}.rot_id AND f.hyresvard_id = ${e}.part_id AND ${forturDisclosedToLandlord})
    OR EXISTS (SELECT FROM flyttlank l WHERE l.id = ${e}.rad_id AND l.till_hyresvard_id = ${e}.part_id AND ${flyttlankDisclosed('hyresvard')})
  WHEN 'serviceforvaltningen' THEN ${e}.tabell = 'lagenhet'
    OR EXISTS (SELECT FROM stodlagenhet s WHERE s.id = ${e}.rad_id AND ${ofServiceforvaltningen}
      AND ${e}.typ IN (${listOf(serviceforvaltningensTillstand.map(tillstand => typeOf('stodlagenhet', tillstand)))}))
    OR EXISTS (SELECT FROM flyttlank l WHERE l.id = ${e}.rad_id AND ${flyttlankDisclosed('serviceforvaltningen')})
  ELSE true END`

const filled = (path: string, { radId, rotId }: HandelseRad) => path.replace('{radId}', radId).replace('{rotId}', rotId)

/**
 * The event as its party gets it (CloudEvents 1.0): thin, with a link to the party's own view of what it is about.
 *
 * @param base the API's base URL, without `/v1`
 */
export function cloudEvent(base: string, handelse: HandelseRad): Handelse {
  const path = kallor[handelse.tabell]?.vyer[handelse.part]
  return {
    specversion: '1.0',
    id: handelse.id,
    source: `${base}/v1`,
    type: handelse.typ,
    subject: `${handelse.tabell}/${handelse.radId}`,
    time: handelse.tid,
    datacontenttype: 'application/json',
    data: { lank: path ? `${base}/v1${filled(path, handelse)}` : null },
  }
}

/** An event that only shows that a receiver can be reached. */
export const testEvent = (
  base: string,
  { id, prenumerationId, now }: { id: string; prenumerationId: string; now: string },
): Handelse => ({
  specversion: '1.0',
  id,
  source: `${base}/v1`,
  type: 'se.hemvist.prov',
  subject: `prenumeration/${prenumerationId}`,
  time: now,
  datacontenttype: 'application/json',
  data: { lank: `${base}/v1/prenumerationer/${prenumerationId}` },
})
