import fastJsonStringify, { type Schema } from 'fast-json-stringify'
import type { FastifyInstance } from 'fastify'

/** The names of the components that a schema refers to, however far. */
function reachable(schema: unknown, components: Record<string, unknown>, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"#]+)#?"/g)) {
    if (found.has(name) || !components[name]) continue
    found.add(name)
    reachable(components[name], components, found)
  }
  return found
}

/**
 * Builds each answer's serialiser once, with the components that it needs. Fastify's own builds it anew for every route
 * that has the answer, and looks through all components each time: seconds at every start.
 */
export function serialization(app: FastifyInstance): void {
  const built = new Map<string, (value: unknown) => string>()
  app.setSerializerCompiler(({ schema }) => {
    const key = JSON.stringify(schema)
    const known = built.get(key)
    if (known) return known
    const components = app.getSchemas() as Record<string, Schema>
    const { $id } = schema as { $id?: string }
    const needed = [...reachable(schema, components)].filter(name => name !== $id)
    const serializer = fastJsonStringify(schema as Schema, {
      schema: Object.fromEntries(needed.map(name => [name, components[name] as Schema])),
    })
    built.set(key, serializer)
    return serializer
  })
}
