import { bool, id, instant, nullable, table, text, uuid } from '../shared/storage.ts'
import type { NodatkomstRad } from './schema.ts'

export const NodatkomstEntity = table<NodatkomstRad>('nodatkomst', {
  id,
  sub: text,
  hushallId: uuid,
  skyddad: bool,
  skal: text,
  fran: instant,
  till: instant,
  sedd: nullable(instant),
  seddAv: nullable(text),
  skapad: instant,
})
