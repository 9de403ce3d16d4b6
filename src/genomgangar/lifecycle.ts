import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotDecide } from './rules.ts'
import { type GenomgangRad, genomgangstillstand } from './schema.ts'

/** A half-year review (domain §1.3-1.5). An overdue one can still be answered and done; it stays overdue until it is. */
export const lifecycle = defineLifecycle<GenomgangRad>()({
  noun: 'genomgången',
  states: genomgangstillstand,
  initial: 'vantar',
  commands: {
    svara: {
      title: 'Svara',
      from: ['vantar', 'besvarad', 'forfallen'],
      to: ['besvarad', 'forfallen'],
      by: ['hyresvard'],
    },
    avgor: {
      title: 'Avgöra genomgången',
      path: 'utfall',
      from: ['vantar', 'besvarad', 'forfallen'],
      to: 'klar',
      by: ['handlaggare'],
      why: whyNotDecide,
    },
    forfalla: { title: 'Förfalla', from: ['vantar', 'besvarad'], to: 'forfallen', by: ['system'] },
    utga: { title: 'Utgå med garantin', from: ['vantar', 'besvarad', 'forfallen'], to: 'klar', by: ['system'] },
  },
})
