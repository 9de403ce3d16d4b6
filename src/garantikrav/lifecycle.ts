import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotDecide, whyNotPay } from './rules.ts'
import { type GarantikravRad, kravtillstand } from './schema.ts'

/** From a landlord's claim to payment (domain §1.3). Deciding is for whoever has the delegation. */
export const lifecycle = defineLifecycle<GarantikravRad>()({
  noun: 'kravet',
  states: kravtillstand,
  initial: 'inkommet',
  commands: {
    granska: { title: 'Börja granska', path: 'granskning', from: 'inkommet', to: 'granskas', by: ['handlaggare'] },
    besluta: {
      title: 'Besluta om kravet',
      path: 'beslut',
      from: ['inkommet', 'granskas'],
      to: ['godkant', 'avvisat'],
      by: ['beslutsfattare'],
      why: whyNotDecide,
    },
    betalaUt: {
      title: 'Betala ut',
      path: 'utbetalning',
      from: 'godkant',
      to: 'utbetalt',
      by: ['handlaggare'],
      why: whyNotPay,
    },
    aterkalla: {
      title: 'Återkalla kravet',
      path: 'aterkallande',
      from: ['inkommet', 'granskas', 'godkant'],
      to: 'aterkallat',
      by: ['handlaggare'],
    },
  },
})
