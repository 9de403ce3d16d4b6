import { Type } from 'typebox'
import { partIdOf } from '../http/access.ts'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { etagOf } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { countedAtMost, listOf, listQuery, offsetOf, pageOf } from '../http/paging.ts'
import { Datum, Etag, Id, oneOf, orNull } from '../shared/schema-parts.ts'
import { listHyresgarantier } from './list.ts'
import { Forslagssvar, type HyresgarantiRad, tillstand, vardensSvar } from './schema.ts'
import { answerProposal } from './service.ts'

const tag = 'För hyresvärdar'
const hyresvard = only(['hyresvard'], 'Hyresvärden svarar på förslag om sina egna garantier')

/** A proposal as its landlord sees it: which home, and since when. */
const HyresvardensForslag = Type.Object(
  {
    id: Id,
    avtalsnummer: Type.String({ example: 'HG-2026-00012' }),
    tillstand: oneOf(tillstand),
    adress: orNull(Type.String({ example: 'Exempelgatan 1, 222 22 Lund' })),
    lagenhetsnummer: orNull(Type.String({ example: '1101' })),
    avslutForeslagetDatum: orNull(Datum),
    vardensSvar: orNull(oneOf(vardensSvar)),
    etag: Etag,
  },
  {
    $id: 'HyresvardensForslag',
    additionalProperties: false,
    example: {
      id: '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b',
      avtalsnummer: 'HG-2026-00012',
      tillstand: 'avslutForeslaget',
      adress: 'Exempelgatan 1, 222 22 Lund',
      lagenhetsnummer: '1101',
      avslutForeslagetDatum: '2026-10-01',
      vardensSvar: null,
      etag: '"3"',
    },
  },
)
const Forslagslista = listOf('avslutsforslag', 'Forslagslista', HyresvardensForslag)

/** Proposals to end that wait for the landlord, and its answer to one. */
export function hyresvardensForslagRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const view = ({
    hushallId,
    id,
    avtalsnummer,
    tillstand,
    adress,
    lagenhetsnummer,
    avslutForeslagetDatum,
    vardensSvar,
    version,
  }: HyresgarantiRad) => ({
    // For the read log: the answer's schema has no household.
    hushallId,
    id,
    avtalsnummer,
    tillstand,
    adress,
    lagenhetsnummer,
    avslutForeslagetDatum,
    vardensSvar,
    etag: etagOf(version),
  })

  app.get(
    '/v1/hyresvard/avslutsforslag',
    operation({
      id: 'listaAvslutsforslag',
      tag,
      summary: 'Förslag om avslut',
      access: hyresvard,
      query: listQuery({}),
      answers: { 200: Forslagslista },
    }),
    async request => {
      const filter = { hyresvardId: partIdOf(request), tillstand: 'avslutForeslaget', utlamnad: true } as const
      const { rows, total } = await listHyresgarantier(db.browsing(request.caller), filter, {
        ...offsetOf(request.query),
        countedAtMost,
      })
      return {
        avslutsforslag: rows.map(({ garanti }) => view(garanti)),
        ...pageOf(request, request.query, rows.length, total),
      }
    },
  )

  change.post(
    '/v1/hyresvard/avslutsforslag/:id/svar',
    'svaraPaForslag',
    {
      id: 'hyresvardenSvararPaForslag',
      tag,
      summary: 'Svara på ett förslag om avslut',
      access: hyresvard,
      params: Type.Object({ id: Id }),
      body: Forslagssvar,
      answers: { 200: HyresvardensForslag },
    },
    async ({ work, request, params, body, ifMatch }) => {
      const hyresvardId = partIdOf(request)
      const mine = (garanti: HyresgarantiRad) => garanti.hyresvardId === hyresvardId
      const { garanti } = await answerProposal(work, params.id, ifMatch, body, mine)
      return { body: view(garanti), version: garanti.version }
    },
  )
}
