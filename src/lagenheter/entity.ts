import { bool, day, id, instant, int, nullable, oneOfCheck, table, text, textList, uuid } from '../shared/storage.ts'
import { agare, kategorier, kontraktsformer, type LagenhetRad, slag, tillstand, type UpplatelseRad } from './schema.ts'

export const LagenhetEntity = table<LagenhetRad>(
  'lagenhet',
  {
    id,
    version: int,
    objektnummer: text,
    agare: text,
    kategori: text,
    tillstand: text,
    tillstandSedan: day,
    skyddad: bool,
    adress: nullable(text),
    lagenhetsnummer: nullable(text),
    omrade: text,
    rum: int,
    yta: nullable(int),
    hyraOre: int,
    tillganglighet: textList,
    blockhyrd: bool,
    iPoolenFran: day,
    iPoolenTill: nullable(day),
    tomSedan: nullable(day),
    skapad: instant,
    andrad: instant,
  },
  [
    oneOfCheck('lagenhet', 'agare', agare),
    oneOfCheck('lagenhet', 'kategori', kategorier),
    oneOfCheck('lagenhet', 'tillstand', tillstand),
  ],
)

export const UpplatelseEntity = table<UpplatelseRad>(
  'upplatelse',
  {
    id,
    version: int,
    lagenhetId: uuid,
    hushallId: uuid,
    skyddad: bool,
    stodlagenhetId: nullable(uuid),
    bfBoendeId: nullable(uuid),
    slag: text,
    fran: day,
    till: nullable(day),
    kontraktsform: nullable(text),
    hyraOre: nullable(int),
    upphavd: nullable(day),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('upplatelse', 'slag', slag), oneOfCheck('upplatelse', 'kontraktsform', kontraktsformer)],
)
