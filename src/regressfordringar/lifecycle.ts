import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotLapse, whyNotReceive } from './rules.ts'
import { type RegressfordranRad, regresstillstand } from './schema.ts'

const unpaid = ['oppnad', 'avbetalning', 'tillKronofogden'] as const

/** The debt after a paid claim, until it is paid, remitted or lapsed (domain §1.3). */
export const lifecycle = defineLifecycle<RegressfordranRad>()({
  noun: 'regressfordran',
  states: regresstillstand,
  initial: 'oppnad',
  commands: {
    taEmotBetalning: {
      title: 'Ta emot betalning',
      path: 'betalningar',
      from: unpaid,
      to: ['avbetalning', 'tillKronofogden', 'reglerad'],
      by: ['handlaggare'],
      why: whyNotReceive,
    },
    efterskank: { title: 'Efterskänk', path: 'eftergift', from: unpaid, to: 'efterskankt', by: ['beslutsfattare'] },
    lamnaTillKronofogden: {
      title: 'Lämna till Kronofogden',
      path: 'indrivning',
      from: ['oppnad', 'avbetalning'],
      to: 'tillKronofogden',
      by: ['handlaggare'],
    },
    skrivAv: {
      title: 'Skriv av som preskriberad',
      path: 'preskription',
      from: unpaid,
      to: 'avskrivenPreskriberad',
      by: ['beslutsfattare'],
      why: whyNotLapse,
    },
  },
})
