import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { only, operation } from '../http/operation.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { BfStod, type BfStodRad, Stodniva, Stodstart } from './schema.ts'
import { endStod, offerStodAgain, readStod, restStod, resumeStod, setNiva, startStod } from './support.ts'
import { stodView } from './view.ts'

const tag = 'Bostad Först'
const lasa = only(
  ['bostadForstTeam', 'handlaggare', 'beslutsfattare'],
  'Teamet ger stödet, handläggaren och beslutsfattaren följer det',
)
const arbeta = only(['bostadForstTeam', 'handlaggare'], 'Teamet för Bostad Först ger stödet')
const params = Type.Object({ id: Id })

/** The support beside a tenancy, for the team. No route here changes the tenancy, whatever happens to the support. */
export function bfStodRoutes(app: Api, { db, write }: Services): void {
  const change = changes(app, write)
  const answer = (request: FastifyRequest, stod: BfStodRad) => ({
    body: stodView(request, stod),
    version: stod.version,
  })

  app.get(
    '/v1/bostad-forst/:id/stod',
    operation({
      id: 'hamtaBostadForstStod',
      tag,
      summary: 'Hämta stödet vid ett boende',
      description: 'Stödet har en egen ETag och egna tillstånd: det varken följer eller styr boendet.',
      access: lasa,
      params,
      answers: { 200: BfStod },
    }),
    async (request, reply) => {
      const stod = await readStod(db.reading(request.caller), request.params.id)
      setEtag(reply, stod.version)
      return stodView(request, stod)
    },
  )

  change.post(
    '/v1/bostad-forst/:id/stod/start',
    'starta',
    {
      id: 'startaBostadForstStod',
      tag,
      summary: 'Starta stödet',
      description: 'Personen har tackat ja till stöd, på sin nivå.',
      access: arbeta,
      params,
      body: Stodstart,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await startStod(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/bostad-forst/:id/stod/niva',
    'andraNiva',
    {
      id: 'andraBostadForstStodniva',
      tag,
      summary: 'Ändra stödets nivå',
      access: arbeta,
      params,
      body: Stodniva,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, body, ifMatch }) => answer(request, await setNiva(work, params.id, ifMatch, body)),
  )

  change.post(
    '/v1/bostad-forst/:id/stod/vila',
    'vila',
    {
      id: 'vilaBostadForstStod',
      tag,
      summary: 'Låt stödet vila',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await restStod(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/stod/ateruppta',
    'ateruppta',
    {
      id: 'aterupptaBostadForstStod',
      tag,
      summary: 'Återuppta stödet',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await resumeStod(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/stod/avslut',
    'avslutaStod',
    {
      id: 'avslutaBostadForstStod',
      tag,
      summary: 'Avsluta stödet',
      description: 'Boendet påverkas inte.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await endStod(work, params.id, ifMatch)),
  )

  change.post(
    '/v1/bostad-forst/:id/stod/erbjudande',
    'erbjudIgen',
    {
      id: 'erbjudBostadForstStod',
      tag,
      summary: 'Erbjud stöd igen',
      description: 'Ett avslutat stöd kan alltid erbjudas på nytt.',
      access: arbeta,
      params,
      body: Tomt,
      answers: { 200: BfStod },
    },
    async ({ work, request, params, ifMatch }) => answer(request, await offerStodAgain(work, params.id, ifMatch)),
  )
}
