import { bool, day, id, instant, int, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { fastighetsagartyper, type HyresvardRad, type Kriterieuppsattning } from './schema.ts'

export const HyresvardEntity = table<HyresvardRad>(
  'hyresvard',
  {
    id,
    version: int,
    namn: text,
    organisationsnummer: text,
    fastighetsagartyp: text,
    tarEmotForturer: bool,
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('hyresvard', 'fastighetsagartyp', fastighetsagartyper)],
)

export const KriterieuppsattningEntity = table<Kriterieuppsattning>('kriterieuppsattning', {
  id,
  hyresvardId: uuid,
  nummer: int,
  giltigFran: day,
  minManaderITid: nullable(int),
  maxStorningar: nullable(int),
  maxHyresskuldOre: nullable(int),
  minGarantitidManader: nullable(int),
  kravHemforsakring: nullable(bool),
  skapad: instant,
})
