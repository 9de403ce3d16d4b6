import { defineLifecycle } from '../shared/lifecycle.ts'
import { whyNotEnd, whyNotGiveNotice, whyNotLeaseEnd, whyNotSign, whyOpenClaim } from './rules.ts'
import { type HyresgarantiRad, tillstand } from './schema.ts'

/** What can happen to a guarantee from the decision on (domain §1.3). `system` acts on a day or on a payment. */
export const lifecycle = defineLifecycle<HyresgarantiRad>()({
  noun: 'hyresgarantin',
  states: tillstand,
  initial: 'beviljad',
  commands: {
    tecknaAvtal: {
      title: 'Teckna avtal',
      path: 'avtal',
      from: 'beviljad',
      to: 'aktiv',
      by: ['handlaggare'],
      why: whyNotSign,
    },
    forfalla: { title: 'Förfalla', from: 'beviljad', to: 'forfallen', by: ['system'] },
    foreslaAvslut: {
      title: 'Föreslå avslut',
      path: 'avslutsforslag',
      from: 'aktiv',
      to: 'avslutForeslaget',
      by: ['handlaggare'],
      why: whyOpenClaim,
    },
    svaraPaForslag: {
      title: 'Svara på avslutsförslaget',
      path: 'avslutsforslag/svar',
      from: 'avslutForeslaget',
      to: ['avslutForeslaget', 'aktiv'],
      by: ['handlaggare', 'hyresvard'],
    },
    avsluta: {
      title: 'Avsluta',
      path: 'avslut',
      from: ['aktiv', 'avslutForeslaget'],
      to: ['avslutadKriterier', 'avslutadOverenskommelse'],
      by: ['handlaggare'],
      why: whyNotEnd,
    },
    sagUpp: {
      title: 'Säga upp',
      path: 'uppsagning',
      from: 'aktiv',
      to: 'uppsagd',
      by: ['beslutsfattare'],
      why: whyNotGiveNotice,
    },
    hyresavtaletUpphor: {
      title: 'Hyresavtalet upphör',
      path: 'hyresavtalets-upphorande',
      from: ['aktiv', 'avslutForeslaget', 'uppsagd'],
      to: 'upphordHyresavtal',
      by: ['handlaggare'],
      why: whyNotLeaseEnd,
    },
    tidenGarUt: { title: 'Tiden går ut', from: ['aktiv', 'avslutForeslaget'], to: 'upphordTid', by: ['system'] },
    uppsagningstidenGarUt: { title: 'Uppsägningstiden går ut', from: 'uppsagd', to: 'upphordUppsagd', by: ['system'] },
    forbruka: { title: 'Förbrukas', from: ['aktiv', 'avslutForeslaget', 'uppsagd'], to: 'forbrukad', by: ['system'] },
  },
})
