import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { limited } from '../http/streams.ts'
import { Importval, importbeskrivning } from '../shared/import-schema.ts'
import { importBostadForst } from './import.ts'
import { BfImportresultat } from './import-schema.ts'

/** The municipality's spreadsheet over HTTP; the command line does the same without a limit. */
export function bostadForstImportRoutes(app: Api, { write }: Services, importLimit: number): void {
  app.post(
    '/v1/bostad-forst/importer',
    operation({
      id: 'importeraBostadForst',
      tag: 'Bostad Först',
      summary: 'Importera löpande boenden i Bostad Först från ett kalkylblad',
      description: `${importbeskrivning} Bostaden i \`objektnummer\` ska finnas i beståndet och vara ledig: importera beståndet först. Utan bostad är personen antagen. Stödet är ett eget spår: utan \`stodniva\` är det erbjudet.`,
      access: only(['handlaggare'], 'Handläggaren lägger in dem som redan är i Bostad Först'),
      query: Importval,
      body: Type.Unsafe<AsyncIterable<Buffer>>({}),
      accepts: ['text/csv'],
      bodyLimit: importLimit,
      answers: { 200: BfImportresultat },
    }),
    (request, reply) => {
      const { dryRun = false, delvis = false } = request.query
      return write(
        request,
        reply,
        'importera',
        async work => ({
          body: { ...(await importBostadForst(work, limited(request.body, importLimit), { delvis })), dryRun },
        }),
        // Importing the same file again changes nothing; another file of the same size is not the same.
        { dryRun, keyless: true },
      )
    },
  )
}
