import { Type } from 'typebox'
import { Datum, Id, Lankar, orNull } from '../shared/schema-parts.ts'

/** One thing that waits for whoever asks. */
export const Uppgift = Type.Object(
  {
    slag: Type.String({ example: 'kompletteringVantas' }),
    rubrik: Type.String({ example: 'Komplettering väntas' }),
    nummer: Type.String({
      description: 'Numret på det som väntar: ärendet, förturen, bostaden eller boendet.',
      example: 'AR-2026-00012',
    }),
    forfaller: orNull({ ...Datum, description: 'När det borde vara gjort.' } as typeof Datum),
    forsenad: Type.Boolean({ description: 'Om dagen har passerat.', example: false }),
    arendeId: orNull(Id),
    beslutId: orNull(Id),
    forturId: orNull(Id),
    lagenhetId: orNull(Id),
    stodlagenhetId: orNull(Id),
    bostadForstId: orNull(Id),
    _links: Lankar,
  },
  {
    $id: 'Uppgift',
    additionalProperties: false,
    example: {
      slag: 'kompletteringVantas',
      rubrik: 'Komplettering väntas',
      nummer: 'AR-2026-00012',
      forfaller: '2026-09-20',
      forsenad: false,
      arendeId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
      beslutId: null,
      forturId: null,
      lagenhetId: null,
      stodlagenhetId: null,
      bostadForstId: null,
      _links: {
        arende: {
          href: 'https://api.example.se/hemvist/v1/arenden/0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0b0b',
          rel: 'related',
          method: 'GET',
        },
      },
    },
  },
)
