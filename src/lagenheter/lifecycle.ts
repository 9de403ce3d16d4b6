import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotInPool, whyNotPromise, whyNotReturn } from './rules.ts'
import { type LagenhetRad, tillstand } from './schema.ts'

/** Who keeps the pool. */
const keepers = ['serviceforvaltningen', 'boendeenhet']

/** A home from when it is planned until it leaves the pool (domain §3.2). `system`: what follows from a process. */
export const lifecycle = defineLifecycle<LagenhetRad>()({
  noun: 'bostaden',
  states: tillstand,
  initial: 'planerad',
  commands: {
    klar: {
      title: 'Gör bostaden ledig',
      path: 'klar',
      from: ['planerad', 'renovering', 'tomstalld'],
      to: 'ledig',
      by: keepers,
    },
    besiktiga: {
      title: 'Besiktiga bostaden',
      path: 'besiktning',
      from: 'tomstalld',
      to: ['renovering', 'ledig'],
      by: keepers,
    },
    aterlamna: {
      title: 'Lämna tillbaka bostaden',
      path: 'aterlamning',
      from: ['planerad', 'ledig', 'tomstalld', 'renovering'],
      to: 'aterlamnad',
      by: keepers,
      why: whyNotReturn,
    },
    reservera: { title: 'Reservera bostaden', from: 'ledig', to: 'reserverad', by: ['system'], why: whyNotPromise },
    // In a chain of moves: the home is promised before it is empty.
    lova: { title: 'Lova bort bostaden', from: 'uppsagd', to: 'uppsagd', by: ['system'], why: whyNotPromise },
    slapp: { title: 'Släppa bostaden', from: 'reserverad', to: 'ledig', by: ['system'] },
    hyrUt: { title: 'Hyra ut bostaden', from: 'reserverad', to: 'uthyrd', by: ['system'], why: whyNotPromise },
    hav: { title: 'Häva uthyrningen', from: 'uthyrd', to: 'ledig', by: ['system'] },
    laggIn: {
      title: 'Lägga in en pågående uthyrning',
      from: 'ledig',
      to: 'uthyrd',
      by: ['system'],
      why: whyNotInPool,
    },
    bytKontrakt: { title: 'Byta kontrakt', from: 'uthyrd', to: 'uthyrd', by: ['system'] },
    sagUpp: { title: 'Säga upp hyresavtalet', from: 'uthyrd', to: 'uppsagd', by: ['system'] },
    aterta: { title: 'Återta uppsägningen', from: 'uppsagd', to: 'uthyrd', by: ['system'] },
    tom: { title: 'Tömma bostaden', from: ['uthyrd', 'uppsagd'], to: ['tomstalld', 'reserverad'], by: ['system'] },
    overlat: { title: 'Överlåta bostaden', from: 'uthyrd', to: 'overlaten', by: ['system'] },
  },
})
