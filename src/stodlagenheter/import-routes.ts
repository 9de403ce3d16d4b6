import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { limited } from '../http/streams.ts'
import { Importval, importbeskrivning } from '../shared/import-schema.ts'
import { importStodlagenheter } from './import.ts'
import { Stodlagenhetsimportresultat } from './import-schema.ts'

/** The municipality's spreadsheet over HTTP; the command line does the same without a limit. */
export function stodlagenhetsimportRoutes(app: Api, { write }: Services, importLimit: number): void {
  app.post(
    '/v1/stodlagenheter/importer',
    operation({
      id: 'importeraStodlagenheter',
      tag: 'Stödlägenheter',
      summary: 'Importera löpande stödlägenheter från ett kalkylblad',
      description: `${importbeskrivning} Bostaden i \`objektnummer\` ska finnas i beståndet och vara ledig: importera beståndet först. Utan hyresavtal får personen en plats i kön.`,
      access: only(['handlaggare'], 'Handläggaren lägger in kommunens löpande stödlägenheter'),
      query: Importval,
      body: Type.Unsafe<AsyncIterable<Buffer>>({}),
      accepts: ['text/csv'],
      bodyLimit: importLimit,
      answers: { 200: Stodlagenhetsimportresultat },
    }),
    (request, reply) => {
      const { dryRun = false, delvis = false } = request.query
      return write(
        request,
        reply,
        'importera',
        async work => ({
          body: { ...(await importStodlagenheter(work, limited(request.body, importLimit), { delvis })), dryRun },
        }),
        // Importing the same file again changes nothing; another file of the same size is not the same.
        { dryRun, keyless: true },
      )
    },
  )
}
