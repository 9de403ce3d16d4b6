import { type Static, Type } from 'typebox'
import { Id, orNull, Tidpunkt, text } from '../shared/schema-parts.ts'

const Skal = text(2000, 'Hyresvärden ringer om en akut vattenskada i bostaden.')

const falt = {
  id: Id,
  sub: Type.String({ example: 'maja.handlaggare' }),
  hushallId: Id,
  skal: Skal,
  fran: Tidpunkt,
  till: Tidpunkt,
  sedd: orNull(Tidpunkt),
  seddAv: orNull(Type.String({ example: 'siv.skydd' })),
  skapad: Tidpunkt,
}

/** Access in an emergency as it is kept. */
export const NodatkomstRad = Type.Object({ ...falt, skyddad: Type.Boolean() })
export type NodatkomstRad = Static<typeof NodatkomstRad>

export const Nodatkomst = Type.Object(falt, {
  $id: 'Nodatkomst',
  additionalProperties: false,
  example: {
    id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0aab',
    sub: 'maja.handlaggare',
    hushallId: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1c',
    skal: 'Hyresvärden ringer om en akut vattenskada i bostaden.',
    fran: '2026-09-15T10:00:00.000Z',
    till: '2026-09-15T10:30:00.000Z',
    sedd: null,
    seddAv: null,
    skapad: '2026-09-15T10:00:00.000Z',
  },
})

/** The household by its id, or by the number of one of its guarantees. */
export const NyNodatkomst = Type.Object(
  {
    hushallId: Type.Optional(Id),
    avtalsnummer: Type.Optional(Type.String({ minLength: 1, maxLength: 40, example: 'HG-2026-00012' })),
    skal: Skal,
  },
  {
    $id: 'NyNodatkomst',
    additionalProperties: false,
    example: { avtalsnummer: 'HG-2026-00012', skal: 'Akut vattenskada i bostaden.' },
  },
)
export type NyNodatkomst = Static<typeof NyNodatkomst>
