import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotAnswer, whyNotContract, whyNotHandOver, whyNotOffer, whyNotOwnQueue } from './rules.ts'
import { type ForturRad, oppna, tillstand } from './schema.ts'

/** What can happen to a förtur from the decision on (domain §2.3). `system` acts on a day. */
export const lifecycle = defineLifecycle<ForturRad>()({
  noun: 'förturen',
  states: tillstand,
  initial: 'beviljad',
  commands: {
    overlamna: {
      title: 'Lämna över till en hyresvärd',
      path: 'overlamnande',
      // Also to another landlord, or again when a disclosure was withdrawn.
      from: ['beviljad', 'hosHyresvard'],
      to: 'hosHyresvard',
      by: ['handlaggare'],
      why: whyNotHandOver,
    },
    erbjud: {
      title: 'Erbjuda en bostad',
      path: 'erbjudanden',
      from: 'hosHyresvard',
      to: 'erbjuden',
      by: ['handlaggare', 'hyresvard'],
      why: whyNotOffer,
    },
    svara: {
      title: 'Svara på erbjudandet',
      path: 'erbjudanden/{erbjudandeId}/svar',
      from: ['erbjuden', 'accepterad'],
      to: ['accepterad', 'hosHyresvard', 'forbrukad'],
      by: ['handlaggare', 'hyresvard'],
      why: whyNotAnswer,
    },
    svarUteblir: { title: 'Svaret uteblir', from: 'erbjuden', to: ['hosHyresvard', 'forbrukad'], by: ['system'] },
    tecknaKontrakt: {
      title: 'Teckna kontrakt',
      path: 'kontrakt',
      from: 'accepterad',
      to: 'tillgodosedd',
      by: ['handlaggare', 'hyresvard'],
      why: whyNotContract,
    },
    egenKotidRacker: {
      title: 'Egen kötid räcker',
      path: 'egen-kotid',
      from: ['beviljad', 'hosHyresvard', 'erbjuden'],
      to: 'tillgodoseddEgen',
      by: ['handlaggare'],
      why: whyNotOwnQueue,
    },
    upphav: {
      title: 'Upphäva förturen',
      path: 'upphavande',
      from: ['beviljad', 'hosHyresvard', 'erbjuden'],
      to: 'upphavd',
      by: ['beslutsfattare'],
    },
    forlang: {
      title: 'Förlänga med ett nytt beslut',
      from: oppna,
      to: oppna,
      by: ['beslutsfattare'],
    },
    giltighetenGarUt: {
      title: 'Giltigheten går ut',
      from: ['beviljad', 'hosHyresvard'],
      to: 'utgangen',
      by: ['system'],
    },
  },
})
