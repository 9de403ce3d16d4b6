import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { limited } from '../http/streams.ts'
import { Importval, importbeskrivning } from '../shared/import-schema.ts'
import { importHyresgarantier } from './import.ts'
import { Importresultat } from './import-schema.ts'

/** The municipality's spreadsheet over HTTP; the command line does the same without a limit. */
export function importRoutes(app: Api, { write }: Services, importLimit: number): void {
  app.post(
    '/v1/hyresgarantier/importer',
    operation({
      id: 'importeraHyresgarantier',
      tag: 'Hyresgarantier',
      summary: 'Importera hyresgarantier från ett kalkylblad',
      description: importbeskrivning,
      access: only(['handlaggare'], 'Handläggaren lägger in kommunens befintliga garantier'),
      query: Importval,
      body: Type.Unsafe<AsyncIterable<Buffer>>({}),
      accepts: ['text/csv'],
      bodyLimit: importLimit,
      answers: { 200: Importresultat },
    }),
    (request, reply) => {
      const { dryRun = false, delvis = false } = request.query
      return write(
        request,
        reply,
        'importera',
        async work => ({
          body: { ...(await importHyresgarantier(work, limited(request.body, importLimit), { delvis })), dryRun },
        }),
        // Importing the same file again changes nothing; another file of the same size is not the same.
        { dryRun, keyless: true },
      )
    },
  )
}
