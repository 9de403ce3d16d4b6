import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotFinish } from './rules.ts'
import { type BarnchecklistaRad, tillstand } from './schema.ts'

/** A draft is finished, and a finished one is never changed: its revision takes its place (domain §6.1). */
export const lifecycle = defineLifecycle<BarnchecklistaRad>()({
  noun: 'barnchecklistan',
  states: tillstand,
  initial: 'paborjad',
  commands: {
    klarmarkera: {
      title: 'Klarmarkera',
      path: 'klarmarkering',
      from: 'paborjad',
      to: 'klar',
      by: ['handlaggare'],
      why: whyNotFinish,
    },
    revidera: { title: 'Revidera', path: 'revidering', from: 'klar', to: 'reviderad', by: ['handlaggare'] },
  },
})
