import { importresultatOf } from '../shared/import-schema.ts'
import { importkolumner } from './import-rows.ts'

/** What became of a file of stödlägenheter. */
export const Stodlagenhetsimportresultat = importresultatOf(
  'Stodlagenhetsimportresultat',
  importkolumner,
  'Stödlägenheter',
)
