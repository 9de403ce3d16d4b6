import { bool, day, id, instant, int, json, nullable, oneOfCheck, table, text, uuid } from '../shared/storage.ts'
import { type GenomgangRad, type GenomgangsomgangRad, genomgangstillstand, utfall } from './schema.ts'

export const GenomgangsomgangEntity = table<GenomgangsomgangRad>('genomgangsomgang', {
  period: { ...text, primary: true },
  oppnad: day,
  stanger: day,
  skapad: instant,
})

export const GenomgangEntity = table<GenomgangRad>(
  'genomgang',
  {
    id,
    version: int,
    period: text,
    hyresgarantiId: uuid,
    hushallId: uuid,
    hyresvardId: uuid,
    skyddad: bool,
    tillstand: text,
    tillstandSedan: day,
    manaderITid: nullable(int),
    forsenadeBetalningar: nullable(int),
    storningar: nullable(int),
    hyresskuldOre: nullable(int),
    hemforsakring: nullable(bool),
    rekommenderarAvslut: nullable(bool),
    kommentar: nullable(text),
    besvarad: nullable(instant),
    besvaradAv: nullable(text),
    paminnd: nullable(day),
    utfall: nullable(text),
    motivering: nullable(text),
    beslutad: nullable(instant),
    beslutadAv: nullable(text),
    kriterieuppsattningId: nullable(uuid),
    bedomning: nullable(json),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('genomgang', 'tillstand', genomgangstillstand), oneOfCheck('genomgang', 'utfall', utfall)],
)
