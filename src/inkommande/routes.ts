import type { FastifyError } from 'fastify'
import { type TObject, Type } from 'typebox'
import type { Part } from '../flyttkedjor/list.ts'
import { partIdOf } from '../http/access.ts'
import type { Api, Services } from '../http/api.ts'
import { type Access, only, operation } from '../http/operation.ts'
import { logged, refusalOf } from '../http/problems.ts'
import { itemValidator } from '../http/validation.ts'
import { oneOf } from '../shared/schema-parts.ts'
import { handlers } from './handlers.ts'
import type { Handler, Item } from './posts.ts'
import { flestPoster, HyresvardensPoster, Mottagningsresultat, Nyckel, ServiceforvaltningensPoster } from './schema.ts'
import { type Post, receiveBatch } from './service.ts'

/** Who sends: the routes are the same. */
const parties: { part: Part; id: string; tag: string; access: Access; body: typeof HyresvardensPoster }[] = [
  {
    part: 'hyresvard',
    id: 'taEmotFranHyresvard',
    tag: 'För hyresvärdar',
    access: only(['hyresvard'], 'En hyresvärd skickar det som rör dess egna bostäder och hyresgäster'),
    body: HyresvardensPoster,
  },
  {
    part: 'serviceforvaltningen',
    id: 'taEmotFranServiceforvaltningen',
    tag: 'För serviceförvaltningen',
    access: only(['serviceforvaltningen'], 'Serviceförvaltningen skickar det som rör beståndet och dess uthyrning'),
    body: ServiceforvaltningensPoster,
  },
]

/** The batches are as large as those of landlords' answers. */
const batchLimit = 8

/** A kind of item for whoever writes one: what it is, and its fields. */
function describe(slag: string, { does, schema, names }: Handler): string {
  const code = (name: string) => `\`${name}\``
  const rest = Object.keys(schema.properties).filter(name => !['nyckel', 'slag', ...names].includes(name))
  const isNeeded = (name: string) => schema.required?.includes(name) ?? false
  const needed = [names.map(code).join(' eller '), ...rest.filter(isNeeded).map(code)]
  const optional = rest.filter(name => !isNeeded(name)).map(code)
  return `- ${code(slag)}: ${does} Fält: ${needed.join(', ')}${optional.length > 0 ? `; kan utelämnas: ${optional.join(', ')}` : ''}.`
}

/** What landlords and serviceförvaltningen send in batches, with a key and a result for each item. */
export function inkommandeRoutes(app: Api, { db }: Services, bodyLimit: number): void {
  for (const { part, id, tag, access, body } of parties) {
    const own = handlers[part]
    const checkKind = itemValidator(Type.Object({ nyckel: Nyckel, slag: oneOf(Object.keys(own)) }))
    const checks = new Map(Object.entries(own).map(([slag, { schema }]) => [slag, itemValidator(schema)]))
    const isKey = itemValidator(Nyckel)
    const toPost = (given: unknown): Post => {
      const { nyckel, slag } = (given ?? {}) as Partial<Item>
      const wrong = checkKind(given)
      const errors = wrong.length > 0 ? wrong : (checks.get(slag as string)?.(given) ?? [])
      return errors.length > 0
        ? { nyckel: isKey(nyckel).length > 0 ? undefined : nyckel, errors }
        : { item: given as Item, handler: own[slag as string] as Handler }
    }

    app.post(
      `/v1/${part}/inkommande`,
      operation({
        id,
        tag,
        summary: 'Skicka många meddelanden i ett anrop',
        description: `Högst ${flestPoster} poster. Varje post har sin egen \`nyckel\` och ett \`slag\`, och tas emot eller avvisas för sig. Skickas en mottagen post igen med samma nyckel görs inget, och den är \`upprepad\`; en avvisad post kan skickas igen. Poster om samma sak utförs i sin ordning. Posternas nycklar gör hela anropet säkert att skicka igen; \`Idempotency-Key\` används inte här.

Fälten är som i den egna vägen för varje slag. Utan \`etag\` gäller den version som finns.

${Object.entries(own)
  .map(([slag, handler]) => describe(slag, handler))
  .join('\n')}`,
        access,
        body: body as TObject,
        answers: { 200: Mottagningsresultat },
        bodyLimit: batchLimit * bodyLimit,
      }),
      async request => {
        if (part === 'hyresvard') partIdOf(request)
        const { poster } = request.body as { poster: unknown[] }
        return receiveBatch(
          {
            db,
            caller: request.caller,
            spar: request.id,
            refusalOf: error => {
              const refusal = refusalOf(error as FastifyError)
              const { kod, status } = refusal.problem
              // What is not about the item ends the batch: what is done is done, and is `upprepad` the next time.
              if (status >= 500 && kod !== 'samtidig-andring') throw error
              if (kod === 'strider-mot-registret') request.log.warn({ fel: logged(error as Error) }, kod)
              return refusal
            },
          },
          poster.map(toPost),
        )
      },
    )
  }
}
