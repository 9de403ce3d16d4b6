import { bool, day, id, instant, int, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { type GarantikravRad, kravtillstand } from './schema.ts'

export const GarantikravEntity = table<GarantikravRad>(
  'garantikrav',
  {
    id,
    version: int,
    hyresgarantiId: uuid,
    hushallId: uuid,
    hyresvardId: uuid,
    skyddad: bool,
    hyresmanad: text,
    tillstand: text,
    kravtBeloppOre: int,
    godkantBeloppOre: nullable(int),
    indrivningsbevisRef: nullable(text),
    inkommet: day,
    beslutDatum: nullable(day),
    beslutsfattare: nullable(text),
    beslutsmotivering: nullable(text),
    avvisningsorsak: nullable(text),
    utbetaltDatum: nullable(day),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('garantikrav', 'tillstand', kravtillstand)],
)
