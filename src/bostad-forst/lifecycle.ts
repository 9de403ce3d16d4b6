import { defineLifecycle } from '../shared/lifecycle.ts'
import {
  whyNotAway,
  whyNotEnd,
  whyNotMoveIn,
  whyNotNotice,
  whyNotOffer,
  whyNotTrialAnswer,
  whyNotTry,
} from './rules.ts'
import { type BfBoendeRad, type BfStodRad, stodtillstand, tillstand } from './schema.ts'

const team = ['bostadForstTeam', 'handlaggare'] as const

/**
 * What can happen to the tenancy (domain §4.2). What the landlord or serviceförvaltningen does is written in by the
 * team. Nothing here knows of the support.
 */
export const lifecycle = defineLifecycle<BfBoendeRad>()({
  noun: 'boendet',
  states: tillstand,
  initial: 'antagen',
  commands: {
    onskemal: {
      title: 'Skriv ner personens önskemål',
      path: 'onskemal',
      from: ['antagen', 'matchning', 'byteAvBostad'],
      to: ['matchning', 'byteAvBostad'],
      by: team,
    },
    erbjud: {
      title: 'Erbjuda en bostad',
      path: 'erbjudande',
      from: ['matchning', 'byteAvBostad'],
      to: 'erbjuden',
      by: team,
      why: whyNotOffer,
    },
    tackaNej: {
      title: 'Skriv in ett nej',
      path: 'erbjudandesvar',
      from: 'erbjuden',
      to: ['matchning', 'byteAvBostad'],
      by: team,
    },
    flyttaIn: {
      title: 'Skriv in inflyttningen',
      path: 'inflyttning',
      from: 'erbjuden',
      to: ['inflyttad', 'forstahand'],
      by: team,
      why: whyNotMoveIn,
    },
    provaOvergang: {
      title: 'Pröva övergången till eget kontrakt',
      path: 'overgangsprovning',
      from: 'inflyttad',
      to: 'overgangProvas',
      by: team,
      why: whyNotTry,
    },
    svaraPaOvergang: {
      title: 'Skriv in hyresvärdens svar',
      path: 'overgangssvar',
      from: 'overgangProvas',
      to: ['forstahand', 'inflyttad'],
      by: team,
      why: whyNotTrialAnswer,
    },
    bytBostad: {
      title: 'Byta bostad',
      path: 'bostadsbyte',
      from: ['inflyttad', 'forstahand', 'uppsagd'],
      to: 'byteAvBostad',
      by: team,
    },
    boKvar: {
      title: 'Bo kvar i stället för att byta',
      path: 'kvarboende',
      from: 'byteAvBostad',
      to: ['inflyttad', 'forstahand', 'tillfalligtBorta', 'uppsagd'],
      by: team,
    },
    borta: {
      title: 'Skriv in att personen är borta en tid',
      path: 'franvaro',
      from: ['inflyttad', 'forstahand'],
      to: 'tillfalligtBorta',
      by: team,
      why: whyNotAway,
    },
    hemma: {
      title: 'Skriv in att personen är hemma igen',
      path: 'aterkomst',
      from: 'tillfalligtBorta',
      to: ['inflyttad', 'forstahand'],
      by: team,
    },
    uppsagning: {
      title: 'Skriv in hyresvärdens uppsägning',
      path: 'uppsagning',
      // Who seeks another home goes on with that: the notice is of the home that is left.
      from: ['inflyttad', 'overgangProvas', 'forstahand', 'tillfalligtBorta', 'byteAvBostad', 'erbjuden'],
      to: ['uppsagd', 'byteAvBostad', 'erbjuden'],
      by: team,
      why: whyNotNotice,
    },
    aterta: {
      title: 'Skriv in att uppsägningen är återtagen',
      path: 'atertagande',
      from: 'uppsagd',
      to: ['inflyttad', 'forstahand', 'tillfalligtBorta'],
      by: team,
    },
    avsluta: {
      title: 'Avsluta boendet',
      path: 'avslut',
      from: [
        'antagen',
        'matchning',
        'erbjuden',
        'inflyttad',
        'overgangProvas',
        'forstahand',
        'byteAvBostad',
        'tillfalligtBorta',
        'uppsagd',
      ],
      to: 'avslutad',
      by: team,
      why: whyNotEnd,
    },
  },
})

/** What can happen to the support, whatever the tenancy is: it is never a condition of the home, nor ended with it. */
export const stodLifecycle = defineLifecycle<BfStodRad>()({
  noun: 'stödet',
  states: stodtillstand,
  initial: 'erbjudet',
  commands: {
    starta: { title: 'Starta stödet', path: 'start', from: 'erbjudet', to: 'pagar', by: team },
    andraNiva: { title: 'Ändra stödets nivå', path: 'niva', from: 'pagar', to: 'pagar', by: team },
    vila: { title: 'Låt stödet vila', path: 'vila', from: 'pagar', to: 'vilande', by: team },
    ateruppta: { title: 'Återuppta stödet', path: 'ateruppta', from: 'vilande', to: 'pagar', by: team },
    avslutaStod: {
      title: 'Avsluta stödet',
      path: 'avslut',
      from: ['erbjudet', 'pagar', 'vilande'],
      to: 'avslutat',
      by: team,
    },
    erbjudIgen: { title: 'Erbjud stöd igen', path: 'erbjudande', from: 'avslutat', to: 'erbjudet', by: team },
  },
})
