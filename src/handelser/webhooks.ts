import type { Partslag } from '../shared/caller.ts'
import { exampleOf } from '../shared/schema-parts.ts'
import { cloudEvent, isTold, type Kalla, kallor, typeOf } from './events.ts'
import { Handelse } from './schema.ts'

const base = 'https://api.example.se/hemvist'
const { id, time } = exampleOf(Handelse) as Handelse
const [radId, rotId] = ['0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b', '0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a2c']

const example = (tabell: string, typ: string, part: Partslag) =>
  cloudEvent(base, { id, typ, tabell, radId, rotId, part, tid: time })

function webhookOf(tabell: string, tillstand: string, kalla: Kalla) {
  const { noun, vyer } = kalla
  const typ = typeOf(tabell, tillstand)
  const text = `${noun.charAt(0).toUpperCase()}${noun.slice(1)} har kommit till tillståndet ${tillstand}`
  const parts = (Object.keys(vyer) as Partslag[]).filter(part => isTold(part, tillstand, kalla))
  const examples = Object.fromEntries(parts.map(part => [part, { value: example(tabell, typ, part) }]))
  const description = `${text}. Skickas till partens prenumerationer, signerad enligt Standard Webhooks, och finns i \`GET /handelser\`.`
  return [typ, { summary: text, description, component: 'Handelse', examples }] as const
}

/** Every type of event with an example for each party that gets it, as the OpenAPI document lists them. */
export const webhooks = Object.fromEntries(
  Object.entries(kallor).flatMap(([tabell, kalla]) =>
    kalla.states.map(tillstand => webhookOf(tabell, tillstand, kalla)),
  ),
)
