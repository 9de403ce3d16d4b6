import { defineProblem, incoherent, type Refusal } from '../shared/refusals.ts'
import type { NyttUtlamnande, UtlamnandeRad } from './schema.ts'

const redanAterkallat = defineProblem(
  'redan-aterkallat',
  409,
  'Utlämnandet är redan återkallat',
  'Utlämnandet gäller inte längre.',
)

/** A party of which there are several is named by its id; serviceförvaltningen is one. */
export const whyNotDisclose = ({ part, partId }: NyttUtlamnande): Refusal | null =>
  incoherent([
    part !== 'serviceforvaltningen' &&
      !partId && { pointer: '/partId', kod: 'saknas', detail: 'partId behövs för den här parten.' },
    part === 'serviceforvaltningen' &&
      partId != null && { pointer: '/partId', kod: 'okant-falt', detail: 'Serviceförvaltningen har inget partId.' },
  ])

export const whyNotWithdraw = ({ aterkallat }: UtlamnandeRad): Refusal | null =>
  aterkallat === null ? null : redanAterkallat()
