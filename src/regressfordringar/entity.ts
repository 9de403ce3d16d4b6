import { bool, day, id, instant, int, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { type RegressbetalningRad, type RegressfordranRad, regresstillstand } from './schema.ts'

export const RegressfordranEntity = table<RegressfordranRad>(
  'regressfordran',
  {
    id,
    version: int,
    garantikravId: uuid,
    hyresgarantiId: uuid,
    hushallId: uuid,
    hyresvardId: uuid,
    skyddad: bool,
    tillstand: text,
    beloppOre: int,
    betaltOre: int,
    uppkommen: day,
    preskriberas: day,
    eftergiftDatum: nullable(day),
    eftergiftMotivering: nullable(text),
    eftergiftBeslutsfattare: nullable(text),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('regressfordran', 'tillstand', regresstillstand)],
)

export const RegressbetalningEntity = table<RegressbetalningRad>('regressbetalning', {
  id,
  regressfordranId: uuid,
  hyresgarantiId: uuid,
  hushallId: uuid,
  skyddad: bool,
  beloppOre: int,
  betald: day,
  referens: nullable(text),
  skapad: instant,
})
