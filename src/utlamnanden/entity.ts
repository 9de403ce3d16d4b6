import { bool, id, instant, int, nullable, oneOfCheck, table, text, textList, uuid } from '../shared/storage.ts'
import { grunder, mottagare, type UtlamnandeRad } from './schema.ts'

export const UtlamnandeEntity = table<UtlamnandeRad>(
  'utlamnande',
  {
    id,
    version: int,
    part: text,
    partId: nullable(uuid),
    hushallId: uuid,
    skyddad: bool,
    hyresgarantiId: nullable(uuid),
    forturId: nullable(uuid),
    stodlagenhetId: nullable(uuid),
    flyttkedjaId: nullable(uuid),
    falt: textList,
    grund: text,
    skal: nullable(text),
    beslutadAv: text,
    tid: instant,
    aterkallat: nullable(instant),
    aterkallatAv: nullable(text),
    aterkallatSkal: nullable(text),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('utlamnande', 'part', mottagare), oneOfCheck('utlamnande', 'grund', grunder)],
)
