import { defineLifecycle } from '../shared/lifecycle.ts'
import {
  whyNotAnswer,
  whyNotAnswerTakeover,
  whyNotChangeNeed,
  whyNotClose,
  whyNotDecideWaiver,
  whyNotEndAssistance,
  whyNotExtend,
  whyNotGiveNotice,
  whyNotHelp,
  whyNotMoveIn,
  whyNotMoveOut,
  whyNotPropose,
  whyNotSend,
  whyNotSign,
} from './rules.ts'
import { type AvstaendeRad, avstaendetillstand, type StodlagenhetRad, tillstand } from './schema.ts'

const landlord = ['serviceforvaltningen', 'boendeenhet'] as const
const department = ['handlaggare', 'boendeenhet'] as const

/** From the queue to the own contract (domain §3.2). */
export const lifecycle = defineLifecycle<StodlagenhetRad>()({
  noun: 'stödlägenheten',
  states: tillstand,
  initial: 'iKo',
  commands: {
    foreslaMatch: {
      title: 'Föreslå en bostad',
      path: 'forslag',
      from: 'iKo',
      to: 'foreslagen',
      // Serviceförvaltningen sees no queue, so it cannot choose from it.
      by: ['boendeenhet'],
      why: whyNotPropose,
    },
    svara: {
      title: 'Svara på förslaget',
      path: 'forslagssvar',
      from: 'foreslagen',
      to: ['tilldelad', 'iKo'],
      by: department,
      why: whyNotAnswer,
    },
    aterkallaForslag: {
      title: 'Återkalla förslaget',
      path: 'forslagsaterkallelse',
      from: ['foreslagen', 'tilldelad'],
      to: 'iKo',
      by: ['boendeenhet'],
    },
    andraBehov: {
      title: 'Ändra behovet',
      path: 'behov',
      from: ['iKo', 'foreslagen', 'tilldelad'],
      to: ['iKo', 'foreslagen', 'tilldelad'],
      by: department,
      why: whyNotChangeNeed,
    },
    lovaIKedja: {
      title: 'Lova en bostad i en flyttkedja',
      from: 'iKo',
      to: 'tilldelad',
      by: ['system'],
      why: whyNotHelp,
    },
    bytBostadIKedja: {
      title: 'Byta bostad i en flyttkedja',
      from: 'boende',
      to: 'boende',
      by: ['system'],
      why: whyNotSign,
    },
    flyttaTillEget: { title: 'Flytta till ett eget kontrakt', from: 'boende', to: 'avslutad', by: ['system'] },
    tecknaAvtal: {
      title: 'Teckna avtal',
      path: 'avtal',
      from: 'tilldelad',
      to: 'avtalTecknat',
      by: landlord,
      why: whyNotSign,
    },
    havAvtal: {
      title: 'Häva avtalet före inflyttningen',
      path: 'avtalshavning',
      from: 'avtalTecknat',
      to: 'iKo',
      by: landlord,
    },
    flyttaIn: {
      title: 'Flytta in',
      path: 'inflyttning',
      from: 'avtalTecknat',
      to: 'boende',
      by: department,
      why: whyNotMoveIn,
    },
    forlang: {
      title: 'Förlänga med ett nytt beslut',
      from: ['iKo', 'foreslagen', 'tilldelad', 'avtalTecknat', 'boende', 'overtagande', 'uppsagd', 'bistandUpphor'],
      to: ['iKo', 'foreslagen', 'tilldelad', 'avtalTecknat', 'boende', 'overtagande', 'uppsagd'],
      by: ['beslutsfattare'],
      why: whyNotExtend,
    },
    bistandetUpphor: {
      title: 'Biståndet upphör',
      path: 'bistandets-upphorande',
      // Before there is a lease, what is held is released, and the place in the queue is then closed.
      from: ['iKo', 'foreslagen', 'tilldelad', 'boende'],
      to: ['iKo', 'bistandUpphor'],
      by: ['beslutsfattare'],
      why: whyNotEndAssistance,
    },
    provaOvertagande: {
      title: 'Pröva övertagande',
      path: 'overtagande',
      from: 'boende',
      to: 'overtagande',
      by: department,
    },
    svaraPaOvertagande: {
      title: 'Svara på övertagandet',
      path: 'overtagandesvar',
      from: 'overtagande',
      to: ['overlaten', 'boende'],
      by: landlord,
      why: whyNotAnswerTakeover,
    },
    sagUpp: {
      title: 'Säga upp',
      path: 'uppsagning',
      from: ['boende', 'bistandUpphor'],
      to: 'uppsagd',
      by: landlord,
      why: whyNotGiveNotice,
    },
    aterta: {
      title: 'Återta uppsägningen',
      path: 'atertagande',
      from: 'uppsagd',
      to: ['boende', 'bistandUpphor'],
      by: landlord,
    },
    flyttaUt: {
      title: 'Flytta ut',
      path: 'utflyttning',
      from: ['uppsagd', 'bistandUpphor'],
      to: 'avflyttad',
      by: landlord,
      why: whyNotMoveOut,
    },
    avsluta: {
      title: 'Avsluta',
      path: 'avslut',
      from: ['avflyttad', 'overlaten', 'iKo'],
      to: 'avslutad',
      by: department,
      why: whyNotClose,
    },
  },
})

/** A waiver of besittningsskydd: written, sent to hyresnämnden, decided; or of a kind that needs no approval. */
export const avstaendeLifecycle = defineLifecycle<AvstaendeRad>()({
  noun: 'avståendet',
  states: avstaendetillstand,
  initial: 'upprattat',
  commands: {
    skickaIn: {
      title: 'Skicka in till hyresnämnden',
      path: 'inskickning',
      from: 'upprattat',
      to: 'inskickat',
      by: department,
      why: whyNotSend,
    },
    besluta: {
      title: 'Skriva in hyresnämndens beslut',
      path: 'beslut',
      from: 'inskickat',
      to: ['godkant', 'avslaget'],
      by: department,
      why: whyNotDecideWaiver,
    },
    kraverInte: {
      title: 'Godkännande krävs inte',
      path: 'ej-krav',
      from: 'upprattat',
      to: 'ejKrav',
      by: department,
    },
  },
})
