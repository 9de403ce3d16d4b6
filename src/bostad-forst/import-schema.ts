import { importresultatOf } from '../shared/import-schema.ts'
import { importkolumner } from './import-rows.ts'

/** What became of a file of tenancies in Bostad Först. */
export const BfImportresultat = importresultatOf('BfImportresultat', importkolumner, 'Boenden')
