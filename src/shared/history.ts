import { type Static, Type } from 'typebox'
import { anything, exampleOf, Lankar, ListMeta, ref, Tidpunkt } from './schema-parts.ts'
import type { Work } from './work.ts'

const Varde = anything<unknown>({ description: 'Värdet, av fältets slag; null om det saknades.' })

export const Historikpost = Type.Object(
  {
    tid: Tidpunkt,
    av: Type.String({ description: 'Vem, enligt token.', example: 'maja.handlaggare' }),
    atgard: Type.String({ example: 'tecknaAvtal' }),
    resurs: Type.String({ example: 'hyresgaranti' }),
    resursId: Type.String({ example: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' }),
    andringar: Type.Array(
      Type.Object(
        { falt: Type.String({ example: 'tillstand' }), fran: Varde, till: Varde },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Historikpost',
    additionalProperties: false,
    example: {
      tid: '2026-02-20T10:00:00.000Z',
      av: 'maja.handlaggare',
      atgard: 'tecknaAvtal',
      resurs: 'hyresgaranti',
      resursId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      andringar: [{ falt: 'tillstand', fran: 'beviljad', till: 'aktiv' }],
    },
  },
)

export const Historik = Type.Object(
  { historik: Type.Array(ref(Historikpost)), _meta: ref(ListMeta), _links: Lankar },
  {
    $id: 'Historik',
    additionalProperties: false,
    example: {
      historik: [exampleOf(Historikpost)],
      _meta: { page: 1, limit: 20, count: 1, totalRecords: 1, totalPages: 1 },
      _links: {
        self: {
          href: 'https://api.example.se/hemvist/v1/hyresgarantier/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b/historik',
          rel: 'self',
          method: 'GET',
        },
      },
    },
  },
)

type Row = {
  tid: string
  av: string
  atgard: string
  tabell: string
  rad_id: string
  hushall_id: string | null
  fore: Values | null
  efter: Values | null
}
type Values = Record<string, unknown>

/** What follows from other fields, or says nothing to a reader. */
const technical = [
  'id',
  'version',
  'andrad',
  'skapad',
  'skyddad',
  'hushall_id',
  'hyresgaranti_id',
  'hyresvard_id',
  'arende_id',
  'fortur_id',
  'stodlagenhet_id',
  'bf_boende_id',
  'flyttkedja_id',
]
/** SQL: what has changed under the row `$1`. A change of the fields `$2` alone is not told of: that there is one tells of what is hidden. */
const told = `rot_id = $1 AND EXISTS (SELECT FROM jsonb_object_keys(coalesce(fore, '{}') || coalesce(efter, '{}')) AS falt
  WHERE falt <> ALL ($2))`
const camelCase = (column: string) => column.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())

/**
 * Everything that has changed of a case or a help and what belongs to it, oldest first: of a guarantee its claims,
 * recourse and reviews, of a case its investigation, checklist and decisions.
 *
 * @param rotId the row that the changes are found under; whether the caller may know of it is the route's to check
 */
export async function historyOf(
  work: Work,
  rotId: string,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: Static<typeof Historikpost>[]; total: number }> {
  const rows: Row[] = await work.db.query(
    `SELECT tid, av, atgard, tabell, rad_id, hushall_id, fore, efter FROM historik
     WHERE ${told} ORDER BY tid, id LIMIT $3 OFFSET $4`,
    [rotId, technical, limit, offset],
  )
  const [{ total }] = await work.db.query(`SELECT count(*) AS total FROM historik WHERE ${told}`, [rotId, technical])
  return { rows: rows.map(toPost), total }
}

function toPost({ tid, av, atgard, tabell, rad_id, hushall_id, fore, efter }: Row) {
  const fields = [...new Set([...Object.keys(fore ?? {}), ...Object.keys(efter ?? {})])].filter(
    f => !technical.includes(f),
  )
  return {
    // For the read log: the answer's schema has no household.
    hushallId: hushall_id,
    tid,
    av,
    atgard,
    resurs: tabell,
    resursId: rad_id,
    andringar: fields.map(f => ({
      falt: camelCase(f),
      fran: (fore?.[f] ?? null) as unknown,
      till: (efter?.[f] ?? null) as unknown,
    })),
  }
}
