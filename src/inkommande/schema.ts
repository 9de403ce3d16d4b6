import { type Static, Type } from 'typebox'
import { Id, oneOf } from '../shared/schema-parts.ts'

/** The most items in a call. */
export const flestPoster = 5000

const nyckel = '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a9b'
/** The key of an item, the sender's own: as Idempotency-Key, but of one item. */
export const Nyckel = Type.String({
  pattern: '^[\\x21-\\x7e]{1,255}$',
  maxLength: 255,
  description: 'Avsändarens egen nyckel, helst ett UUID. Aldrig en personuppgift.',
  example: nyckel,
})

/** Each item is taken or refused on its own, so they are checked one by one, by their `slag`. */
const posterOf = ($id: string, example: object) =>
  Type.Object(
    {
      poster: Type.Array(Type.Unknown({ description: 'Se vägens beskrivning, som har varje slag.' }), {
        minItems: 1,
        maxItems: flestPoster,
      }),
    },
    { $id, additionalProperties: false, example: { poster: [example] } },
  )

export const HyresvardensPoster = posterOf('HyresvardensPoster', {
  nyckel,
  slag: 'kontrakt',
  forturnummer: 'AR-2026-00012',
  kontraktDatum: '2026-10-25',
  kontraktsform: 'forstahand',
})
export const ServiceforvaltningensPoster = posterOf('ServiceforvaltningensPoster', {
  nyckel,
  slag: 'lagenhetsatgard',
  objektnummer: '1001-1203',
  atgard: 'besiktiga',
  behoverRenoveras: false,
})

export const Mottagningsresultat = Type.Object(
  {
    resultat: Type.Array(
      Type.Object(
        {
          index: Type.Integer({ description: 'Platsen i det som skickades, från 0.', example: 0 }),
          nyckel: Type.Optional(Nyckel),
          utfall: oneOf(['mottaget', 'upprepad', 'avvisat'], {
            description: '`upprepad`: samma post har redan tagits emot med samma nyckel, och inget görs igen.',
          }),
          id: Type.Optional({ ...Id, description: 'Det som posten skapade eller ändrade.' } as typeof Id),
          kod: Type.Optional(Type.String({ example: 'fel-tillstand' })),
          detail: Type.Optional(Type.String({ example: 'Kommandot är inte möjligt nu.' })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  {
    $id: 'Mottagningsresultat',
    additionalProperties: false,
    example: {
      resultat: [
        { index: 0, nyckel, utfall: 'mottaget', id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a4b' },
        { index: 1, utfall: 'avvisat', kod: 'saknas', detail: 'Nyckel saknas.' },
      ],
    },
  },
)
export type Mottagningsresultat = Static<typeof Mottagningsresultat>
