import { importresultatOf } from '../shared/import-schema.ts'
import { importkolumner } from './import-rows.ts'

/** What became of a file of guarantees. */
export const Importresultat = importresultatOf('Importresultat', importkolumner, 'Garantier')
