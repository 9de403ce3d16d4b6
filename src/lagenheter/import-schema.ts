import { importresultatOf } from '../shared/import-schema.ts'
import { importkolumner } from './import.ts'

/** What became of a file of homes. */
export const Lagenhetsimportresultat = importresultatOf('Lagenhetsimportresultat', importkolumner, 'Bostäder')
