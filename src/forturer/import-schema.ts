import { importresultatOf } from '../shared/import-schema.ts'
import { importkolumner } from './import-rows.ts'

/** What became of a file of förturer. */
export const Forturimportresultat = importresultatOf('Forturimportresultat', importkolumner, 'Förturer')
