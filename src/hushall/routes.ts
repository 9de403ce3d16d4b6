import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, Services } from '../http/api.ts'
import { changes } from '../http/changes.ts'
import { setEtag } from '../http/etag.ts'
import { link } from '../http/links.ts'
import { only, operation } from '../http/operation.ts'
import type { Encryption } from '../shared/encryption.ts'
import { Id } from '../shared/schema-parts.ts'
import {
  Hushall,
  HushallAndring,
  Hushallssokning,
  Hushallstraffar,
  NyPerson,
  NyttHushall,
  PersonAndring,
  type PersonRad,
} from './schema.ts'
import {
  addPerson,
  changeHushall,
  changePerson,
  createHushall,
  type HushallMedPersoner,
  readHushall,
  searchHushall,
} from './service.ts'

const lasa = only(['handlaggare', 'beslutsfattare'], 'Hushållet är grunden för varje ärende')
const skriva = only(['handlaggare'], 'Handläggaren registrerar vilka ärendet gäller')
const tag = 'Hushåll'
const params = Type.Object({ id: Id })

export function hushallRoutes(app: Api, { db, write }: Services, encryption: Encryption): void {
  const change = changes(app, write)
  const person = ({ id, personnummerKrypterat, fornamn, efternamn, roll, skyddsniva }: PersonRad) => ({
    id,
    personnummer: encryption.decrypt(personnummerKrypterat),
    fornamn,
    efternamn,
    roll,
    skyddsniva,
  })
  const view = (request: FastifyRequest, { hushall, personer }: HushallMedPersoner) => ({
    id: hushall.id,
    bostadslosSedan: hushall.bostadslosSedan,
    antalBarn: personer.filter(({ roll }) => roll === 'barn').length,
    personer: personer.map(person),
    skapad: hushall.skapad,
    andrad: hushall.andrad,
    _links: {
      self: link(request, 'self', `/hushall/${hushall.id}`),
      hyresgarantier: link(request, 'related', `/hyresgarantier?hushallId=${hushall.id}`),
    },
  })
  const answer = (request: FastifyRequest, found: HushallMedPersoner) => ({
    body: view(request, found),
    version: found.hushall.version,
  })

  app.post(
    '/v1/hushall',
    operation({
      id: 'skapaHushall',
      tag,
      summary: 'Registrera ett hushåll',
      access: skriva,
      body: NyttHushall,
      answers: { 201: Hushall },
    }),
    (request, reply) =>
      write(request, reply, 'registrera', async work => {
        const made = await createHushall(work, request.body)
        return { ...answer(request, made), status: 201, location: `/hushall/${made.hushall.id}` }
      }),
  )

  app.post(
    '/v1/hushall/sokningar',
    operation({
      id: 'sokHushall',
      tag,
      summary: 'Sök hushåll på personnummer',
      description:
        'Sökningen är en POST för att ett personnummer aldrig får stå i en adress (MOG.03). Den ändrar ingenting.',
      access: lasa,
      body: Hushallssokning,
      answers: { 200: Hushallstraffar },
    }),
    async request => {
      const found = await searchHushall(db.reading(request.caller), request.body.personnummer)
      return { hushall: found.map(hit => view(request, hit)) }
    },
  )

  app.get(
    '/v1/hushall/:id',
    operation({
      id: 'hamtaHushall',
      tag,
      summary: 'Hämta ett hushåll',
      access: lasa,
      params,
      answers: { 200: Hushall },
    }),
    async (request, reply) => {
      const found = await readHushall(db.reading(request.caller), request.params.id)
      setEtag(reply, found.hushall.version)
      return view(request, found)
    },
  )

  change.patch(
    '/v1/hushall/:id',
    'andra',
    {
      id: 'andraHushall',
      tag,
      summary: 'Ändra ett hushåll',
      access: skriva,
      params,
      body: HushallAndring,
      answers: { 200: Hushall },
    },
    async ({ work, request, params, body, ifMatch }) =>
      answer(request, await changeHushall(work, params.id, ifMatch, body)),
  )

  app.post(
    '/v1/hushall/:id/personer',
    operation({
      id: 'laggTillPerson',
      tag,
      summary: 'Lägg till en person i hushållet',
      access: skriva,
      params,
      body: NyPerson,
      answers: { 201: Hushall },
    }),
    (request, reply) =>
      write(request, reply, 'laggTillPerson', async work => ({
        ...answer(request, await addPerson(work, request.params.id, request.body)),
        status: 201,
        location: `/hushall/${request.params.id}`,
      })),
  )

  change.patch(
    '/v1/hushall/:id/personer/:personId',
    'andraPerson',
    {
      id: 'andraPerson',
      tag,
      summary: 'Ändra en person',
      description:
        'If-Match är hushållets ETag. Höjs skyddsnivån till annat än `ingen` är hela hushållet och allt om det genast dolt för alla utan behörigheten skyddsgrupp.',
      access: skriva,
      params: Type.Object({ id: Id, personId: Id }),
      body: PersonAndring,
      answers: { 200: Hushall },
    },
    async ({ work, request, params: { id, personId }, body, ifMatch }) =>
      answer(request, await changePerson(work, id, personId, ifMatch, body)),
  )
}
