import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotAdd, whyNotAnswer, whyNotCarryOut, whyNotReady, whyNotRemove } from './rules.ts'
import { type FlyttkedjaRad, type FlyttlankRad, lanktillstand, tillstand } from './schema.ts'

const planners = ['boendeenhet', 'bostadForstTeam'] as const
const parties = ['hyresvard', 'serviceforvaltningen'] as const

/**
 * A chain of moves as a whole. What is done with a link has the link's own line below, and its name here for when the
 * chain lets it.
 */
export const lifecycle = defineLifecycle<FlyttkedjaRad>()({
  noun: 'flyttkedjan',
  states: tillstand,
  initial: 'planerad',
  commands: {
    laggTill: {
      title: 'Lägg till en länk',
      path: 'lankar',
      from: 'planerad',
      to: 'planerad',
      by: planners,
      why: whyNotAdd,
    },
    taBort: { title: 'Ta bort en länk', from: 'planerad', to: 'planerad', by: planners },
    svara: {
      title: 'Svara på en länk',
      from: ['planerad', 'klar', 'pagar'],
      to: ['planerad', 'bruten'],
      by: [...planners, ...parties],
    },
    klarmarkera: {
      title: 'Gör kedjan klar',
      path: 'klarmarkering',
      from: 'planerad',
      to: 'klar',
      by: planners,
      why: whyNotReady,
    },
    genomfor: {
      title: 'Genomför en länk',
      from: ['klar', 'pagar'],
      to: ['pagar', 'genomford'],
      by: planners,
    },
    avbryt: { title: 'Bryt kedjan', path: 'avbrott', from: ['planerad', 'klar', 'pagar'], to: 'bruten', by: planners },
  },
})

/** A link. What has been carried out cannot fall: the rest of the chain does without it. */
export const lankLifecycle = defineLifecycle<FlyttlankRad>()({
  noun: 'länken',
  states: lanktillstand,
  initial: 'planerad',
  commands: {
    taBort: {
      title: 'Ta bort länken',
      path: 'borttagande',
      from: ['planerad', 'klar'],
      to: 'borttagen',
      by: planners,
      why: whyNotRemove,
    },
    svara: {
      title: 'Svara på länken',
      path: 'svar',
      from: ['planerad', 'klar'],
      to: ['planerad', 'klar', 'fallen'],
      by: [...planners, ...parties],
      why: whyNotAnswer,
    },
    genomfor: {
      title: 'Genomför länken',
      path: 'genomforande',
      from: 'klar',
      to: 'genomford',
      by: planners,
      why: whyNotCarryOut,
    },
    falla: { title: 'Länken faller', from: ['planerad', 'klar'], to: 'fallen', by: ['system'] },
  },
})
