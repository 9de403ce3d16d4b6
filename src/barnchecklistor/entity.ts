import { bool, day, id, instant, int, json, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { type BarnchecklistaRad, type BarnchecklistemallRad, tillstand } from './schema.ts'

export const BarnchecklistemallEntity = table<BarnchecklistemallRad>('barnchecklistemall', {
  id,
  nummer: int,
  namn: text,
  punkter: json,
  giltigFran: day,
  skapad: instant,
})

export const BarnchecklistaEntity = table<BarnchecklistaRad>(
  'barnchecklista',
  {
    id,
    version: int,
    hushallId: uuid,
    skyddad: bool,
    arendeId: nullable(uuid),
    mallNummer: int,
    tillstand: text,
    svar: json,
    barn: json,
    antalBarn: int,
    antalInformerade: int,
    antalHorda: int,
    barnetsBasta: nullable(text),
    klarDatum: nullable(day),
    klarAv: nullable(text),
    ersatterId: nullable(uuid),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('barnchecklista', 'tillstand', tillstand)],
)
