import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { only, operation } from '../http/operation.ts'
import { limited } from '../http/streams.ts'
import { Importval, importbeskrivning } from '../shared/import-schema.ts'
import { importForturer } from './import.ts'
import { Forturimportresultat } from './import-schema.ts'

/** The municipality's spreadsheet over HTTP; the command line does the same without a limit. */
export function forturimportRoutes(app: Api, { write }: Services, importLimit: number): void {
  app.post(
    '/v1/forturer/importer',
    operation({
      id: 'importeraForturer',
      tag: 'Social förtur',
      summary: 'Importera löpande förturer från ett kalkylblad',
      description: `${importbeskrivning} En förtur med \`hyresvard_orgnr\` är redan överlämnad till den hyresvärden, som ska vara registrerad och ta emot förturer.`,
      access: only(['handlaggare'], 'Handläggaren lägger in kommunens löpande förturer'),
      query: Importval,
      body: Type.Unsafe<AsyncIterable<Buffer>>({}),
      accepts: ['text/csv'],
      bodyLimit: importLimit,
      answers: { 200: Forturimportresultat },
    }),
    (request, reply) => {
      const { dryRun = false, delvis = false } = request.query
      return write(
        request,
        reply,
        'importera',
        async work => ({
          body: { ...(await importForturer(work, limited(request.body, importLimit), { delvis })), dryRun },
        }),
        // Importing the same file again changes nothing; another file of the same size is not the same.
        { dryRun, keyless: true },
      )
    },
  )
}
