import { createReadStream } from 'node:fs'
import { importBostadForst } from '../bostad-forst/import.ts'
import type { Database } from '../database.ts'
import { importForturer } from '../forturer/import.ts'
import { importHyresgarantier } from '../hyresgarantier/import.ts'
import { importLagenheter } from '../lagenheter/import.ts'
import { systemCaller } from '../shared/caller.ts'
import type { Importutfall } from '../shared/import.ts'
import { Refusal } from '../shared/refusals.ts'
import { importStodlagenheter } from '../stodlagenheter/import.ts'
import { command, UsageError, withDatabase } from './running.ts'

const imports = {
  hyresgarantier: importHyresgarantier,
  forturer: importForturer,
  lagenheter: importLagenheter,
  stodlagenheter: importStodlagenheter,
  'bostad-forst': importBostadForst,
}
const kinds = Object.keys(imports)

const help = `npm run import -- <${kinds.join('|')}> <file.csv> [--dry-run] [--delvis]

Imports the municipality's spreadsheet of rent guarantees, of running förturer, of the pool of homes, or of who lives in
its stödlägenheter or has Bostad Först (the pool before them), and prints the result as one JSON line.
  --dry-run  tries the file and stores nothing
  --delvis   imports the good rows although others are bad; without it one bad row stops everything
Exit code 1 when rows were refused and nothing was imported, or the file could not be read.`

/** Carries the result out of a transaction that is to be undone. */
class Undo extends Error {
  readonly utfall: Importutfall
  constructor(utfall: Importutfall) {
    super('dry run')
    this.utfall = utfall
  }
}

async function importFile(
  db: Database,
  what: keyof typeof imports,
  file: string,
  { delvis, dryRun }: { delvis: boolean; dryRun: boolean },
): Promise<Importutfall> {
  try {
    return await db.transaction(systemCaller, { atgard: 'importera' }, async work => {
      const utfall = await imports[what](work, createReadStream(file), { delvis })
      if (dryRun) throw new Undo(utfall)
      return utfall
    })
  } catch (error) {
    if (error instanceof Undo) return error.utfall
    // The bad rows of a file that was not imported are its result.
    if (error instanceof Refusal && 'avvisade' in error.extra) return error.extra as unknown as Importutfall
    throw error
  }
}

const isKind = (what: string | undefined): what is keyof typeof imports => kinds.includes(what ?? '')

await command(
  help,
  { 'dry-run': { type: 'boolean', default: false }, delvis: { type: 'boolean', default: false } },
  async ({ 'dry-run': dryRun, delvis }, [what, file, ...rest]) => {
    if (!isKind(what)) throw new UsageError(`What can be imported is: ${kinds.join(', ')}.`)
    if (file === undefined || rest.length > 0) throw new UsageError('Name one file.')
    try {
      const utfall = await withDatabase(({ db }) => importFile(db, what, file, { delvis, dryRun }))
      console.log(JSON.stringify({ ...utfall, dryRun }))
      return utfall.avvisade.length > 0 && utfall.importerade === 0 ? 1 : 0
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException
      if (error instanceof Refusal) console.error(`${file}: ${error.message}`)
      else if (syscall === 'open' || syscall === 'read') console.error(`${file} cannot be read: ${code}.`)
      else throw error
      return 1
    }
  },
)
