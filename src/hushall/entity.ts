import { bool, day, id, instant, int, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { type HushallRad, type PersonRad, personroller, skyddsnivaer } from './schema.ts'

export const HushallEntity = table<HushallRad>('hushall', {
  id,
  version: int,
  skyddad: bool,
  bostadslosSedan: nullable(day),
  skapad: instant,
  andrad: instant,
})

export const PersonEntity = table<PersonRad>(
  'person',
  {
    id,
    hushallId: uuid,
    skyddad: bool,
    personnummerKrypterat: text,
    personnummerHash: text,
    fornamn: text,
    efternamn: text,
    roll: text,
    skyddsniva: text,
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('person', 'roll', personroller), oneOfCheck('person', 'skyddsniva', skyddsnivaer)],
)
