import { type Static, Type } from 'typebox'
import { exampleOf, Lankar, orNull, ref, Tidpunkt } from '../shared/schema-parts.ts'

/** An event as its party gets it: CloudEvents 1.0, with a link and nothing of any person. */
export const Handelse = Type.Object(
  {
    specversion: Type.Literal('1.0', { example: '1.0' }),
    id: Type.String({ format: 'uuid', description: 'Händelsens eget id, detsamma varje gång den ges.' }),
    source: Type.String({ format: 'uri', description: 'Det här API:et.' }),
    type: Type.String({ description: 'Vad det är som har kommit till vilket tillstånd.' }),
    subject: Type.String({ description: 'Vad händelsen gäller. För ett och samma kommer händelserna i ordning.' }),
    time: Tidpunkt,
    datacontenttype: Type.Literal('application/json', { example: 'application/json' }),
    data: Type.Object(
      {
        lank: orNull(
          Type.String({ format: 'uri', description: 'Mottagarens egen vy. null där mottagaren inte har någon.' }),
        ),
      },
      { additionalProperties: false },
    ),
  },
  {
    $id: 'Handelse',
    additionalProperties: false,
    example: {
      specversion: '1.0',
      id: '5f0c6a55-8f3c-4b5e-9d6b-0a8f5f1c2d3e',
      source: 'https://api.example.se/hemvist/v1',
      type: 'se.hemvist.hyresgaranti.aktiv',
      subject: 'hyresgaranti/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      time: '2026-09-01T08:30:00.000Z',
      datacontenttype: 'application/json',
      data: { lank: 'https://api.example.se/hemvist/v1/hyresgarantier/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b' },
    },
  },
)
export type Handelse = Static<typeof Handelse>

const cursorExample = 'q3T0b1lXf0mJ6w2V'

export const Handelser = Type.Object(
  {
    handelser: Type.Array(ref(Handelse)),
    nextCursor: Type.String({
      description: 'Var nästa läsning tar vid. Finns alltid, också när inget har hänt. Säger ingenting i sig.',
      example: cursorExample,
    }),
    _links: Lankar,
  },
  {
    $id: 'Handelser',
    additionalProperties: false,
    example: {
      handelser: [exampleOf(Handelse)],
      nextCursor: cursorExample,
      _links: { self: { href: 'https://api.example.se/hemvist/v1/handelser', rel: 'self', method: 'GET' } },
    },
  },
)

export const Handelsestrom = Type.String({
  description: 'Server-sent events. `data` är en Handelse, `id` markören efter den.',
  example: 'id: q3T0b1lXf0mJ6w2V\ndata: {"specversion":"1.0","type":"se.hemvist.hyresgaranti.aktiv"}\n\n',
})

const cursor = Type.Optional(
  Type.String({
    maxLength: 200,
    description: '`nextCursor` från förra läsningen, eller `nu` för att börja med det som händer härnäst.',
    example: cursorExample,
  }),
)
const typ = Type.Optional(
  Type.String({
    maxLength: 4000,
    pattern: '^[A-Za-z.]+(\\*)?(,[A-Za-z.]+(\\*)?)*$',
    description: 'Händelsetyper med kommatecken mellan, hela eller som `se.hemvist.hyresgaranti.*`.',
    example: 'se.hemvist.hyresgaranti.aktiv,se.hemvist.genomgang.*',
  }),
)

/** What of the feed is asked for. */
export const FeedQuery = Type.Object(
  {
    cursor,
    typ,
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 20, description: 'Händelser per sida, högst 1 000.' }),
    ),
    vanta: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30,
        default: 0,
        description: 'Sekunder att vänta på nästa händelse när det inte finns någon, högst 30.',
      }),
    ),
  },
  { additionalProperties: false },
)
export const StreamQuery = Type.Object({ cursor, typ }, { additionalProperties: false })

/** A place between two events of the feed, and from when it is known that nothing before it is missing. */
export type Position = { xid: string; nr: string; day: string }
