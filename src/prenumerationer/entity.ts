import { bool, id, instant, int, nullable, oneOfCheck, table, text, textList, uuid } from '../shared/storage.ts'
import { avslutsorsaker, type PrenumerationRad } from './schema.ts'

export const PrenumerationEntity = table<PrenumerationRad>(
  'prenumeration',
  {
    id,
    version: int,
    part: text,
    partId: nullable(uuid),
    url: text,
    typer: textList,
    aktiv: bool,
    avslutad: nullable(instant),
    avslutsorsak: nullable(text),
    nyckelBytt: nullable(instant),
    skapad: instant,
    andrad: instant,
  },
  [oneOfCheck('prenumeration', 'avslutsorsak', avslutsorsaker)],
)
