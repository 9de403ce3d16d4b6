import { type Static, type TObject, Type } from 'typebox'
import { answerOwnLink } from '../flyttkedjor/links.ts'
import { findPartens, type Part } from '../flyttkedjor/list.ts'
import { PartensFlyttlanksvar } from '../flyttkedjor/schema.ts'
import { ErbjudandeEntity } from '../forturer/entity.ts'
import { answerOffer, offer, signContract } from '../forturer/offers.ts'
import { Forturkontrakt, HyresvardensErbjudandesvar, NyttErbjudande } from '../forturer/schema.ts'
import { receiveAnswer } from '../genomgangar/answers.ts'
import { InkommetSvar } from '../genomgangar/schema.ts'
import { giveCommand } from '../lagenheter/batch.ts'
import { addLagenhet } from '../lagenheter/pool.ts'
import { Lagenhetsatgard, NyLagenhet } from '../lagenheter/schema.ts'
import { finnsInte } from '../shared/refusals.ts'
import { Id, Tomt } from '../shared/schema-parts.ts'
import { findRow } from '../shared/storage.ts'
import type { Work } from '../shared/work.ts'
import { report } from '../stodlagenheter/follow-up.ts'
import {
  NyBoendehandelse,
  Overtagandesvar,
  Stodlagenhetsavtal,
  Stodlagenhetsuppsagning,
  Utflyttning,
} from '../stodlagenheter/schema.ts'
import type { IfMatch } from '../stodlagenheter/service.ts'
import { answerTakeover, giveNotice, moveOut, sign, withdrawNotice } from '../stodlagenheter/tenancy.ts'
import { type Handler, handler, idOf, type Led } from './posts.ts'

const Nummer = Type.Optional(
  Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9/_-]{0,39}$', maxLength: 40, example: 'AR-2026-00012' }),
)
const fortur = { forturId: Type.Optional(Id), forturnummer: Nummer }
const forturOf = (work: Work, { forturId, forturnummer }: { forturId?: string; forturnummer?: string }) =>
  idOf(work, 'fortur', { id: forturId, nummer: forturnummer })

const flyttlanksvar = (part: Part) =>
  handler({
    does: 'Svaret på en egen länk i en flyttkedja.',
    atgard: 'svara',
    names: { lankId: Id },
    versioned: true,
    body: PartensFlyttlanksvar,
    // A no breaks the chain, which other links are of.
    inOrder: true,
    run: async (work, { names, body, ifMatch }) => {
      const lank = await findPartens(work, part, names.lankId, { alsoEnded: false })
      if (!lank) throw finnsInte()
      await answerOwnLink(work, lank.flyttkedjaId, lank.id, ifMatch, { ...body, part })
      return { id: lank.id, hushallId: lank.hushallId }
    },
  })

/** What a landlord may send in a batch (domain §8), by `slag`. */
const hyresvardens: Record<string, Handler> = {
  erbjudande: handler({
    does: 'Ett erbjudande om bostad till den som har förtur. id är erbjudandets.',
    atgard: 'erbjud',
    names: fortur,
    versioned: true,
    body: NyttErbjudande,
    run: async (work, { names, body, ifMatch }) =>
      (await offer(work, await forturOf(work, names), ifMatch, body)).erbjudande,
  }),
  erbjudandesvar: handler({
    does: 'Svaret på ett erbjudande. etag är förturens.',
    atgard: 'svara',
    names: { erbjudandeId: Id },
    versioned: true,
    body: HyresvardensErbjudandesvar,
    run: async (work, { names: { erbjudandeId }, body, ifMatch }) => {
      const erbjudande = await findRow(work.db, ErbjudandeEntity, erbjudandeId)
      if (!erbjudande) throw finnsInte()
      await answerOffer(work, { id: erbjudande.forturId, erbjudandeId: erbjudande.id }, ifMatch, body)
      return erbjudande
    },
  }),
  kontrakt: handler({
    does: 'Kontraktet med den som har förtur är tecknat. id är förturens.',
    atgard: 'tecknaKontrakt',
    names: fortur,
    versioned: true,
    body: Forturkontrakt,
    run: async (work, { names, body, ifMatch }) => signContract(work, await forturOf(work, names), ifMatch, body),
  }),
  genomgangssvar: handler({
    does: 'Svaret på en genomgång av en hyresgaranti. Ett avtalsnummer är den äldsta genomgång som inte är klar.',
    atgard: 'svara',
    names: { genomgangId: InkommetSvar.properties.genomgangId, avtalsnummer: InkommetSvar.properties.avtalsnummer },
    body: InkommetSvar,
    run: (work, { body }) => receiveAnswer(work, work.caller.partId as string, body),
  }),
  flyttlanksvar: flyttlanksvar('hyresvard'),
}

const { slag: handelse, ...ofHandelse } = NyBoendehandelse.properties
/** As for its own route; `slag` is the item's. */
const Handelse = Type.Object({ handelse, ...ofHandelse }, { additionalProperties: false })

const stodlagenhet = { stodlagenhetId: Type.Optional(Id), stodlagenhetsnummer: Nummer }
const stodlagenhetOf = (
  work: Work,
  { stodlagenhetId, stodlagenhetsnummer }: { stodlagenhetId?: string; stodlagenhetsnummer?: string },
) => idOf(work, 'stodlagenhet', { id: stodlagenhetId, nummer: stodlagenhetsnummer })

/** A command on a stödlägenhet by its landlord. */
const tenancy = <B extends TObject>(
  does: string,
  atgard: string,
  body: B,
  run: (work: Work, id: string, ifMatch: IfMatch, body: Static<B>) => Promise<Led>,
) =>
  handler({
    does,
    atgard,
    names: stodlagenhet,
    versioned: true,
    body,
    run: async (work, { names, body, ifMatch }) => run(work, await stodlagenhetOf(work, names), ifMatch, body),
  })

const { objektnummer, ...ofAtgard } = Lagenhetsatgard.properties

/** What serviceförvaltningen may send in a batch (domain §8), by `slag`. */
const serviceforvaltningens: Record<string, Handler> = {
  lagenhet: handler({
    does: 'En ny bostad i beståndet.',
    atgard: 'skapa',
    names: { objektnummer: NyLagenhet.properties.objektnummer },
    body: NyLagenhet,
    run: async (work, { body }) => ({ id: (await addLagenhet(work, body)).id, hushallId: null }),
  }),
  lagenhetsatgard: handler({
    does: 'En bostad är klar, besiktigad eller återlämnad.',
    atgard: ({ atgard }) => atgard,
    names: { lagenhetId: Type.Optional(Id), objektnummer: Type.Optional(objektnummer) },
    versioned: true,
    body: Type.Object(ofAtgard, { additionalProperties: false }),
    run: async (work, { names: { lagenhetId, objektnummer }, body, ifMatch }) => {
      const id = await idOf(work, 'lagenhet', { id: lagenhetId, nummer: objektnummer })
      await giveCommand(work, id, ifMatch, body)
      return { id, hushallId: null }
    },
  }),
  avtal: tenancy('Avtalet om en stödlägenhet är tecknat.', 'tecknaAvtal', Stodlagenhetsavtal, sign),
  uppsagning: tenancy('Hyresgästen i en stödlägenhet är uppsagd.', 'sagUpp', Stodlagenhetsuppsagning, giveNotice),
  atertagande: tenancy('Uppsägningen är återtagen.', 'aterta', Tomt, withdrawNotice),
  utflyttning: tenancy('Hyresgästen har flyttat ut.', 'flyttaUt', Utflyttning, moveOut),
  overtagandesvar: tenancy(
    'Svaret om hyresgästen kan ta över kontraktet.',
    'svaraPaOvertagande',
    Overtagandesvar,
    answerTakeover,
  ),
  boendehandelse: handler({
    does: 'En störning, eller hela hyresskulden (0 när den är betald). `handelse` är det som i den egna vägen heter `slag`. id är rapportens.',
    atgard: 'rapportera',
    names: stodlagenhet,
    body: Handelse,
    run: async (work, { names, body: { handelse, ...body } }) =>
      report(work, await stodlagenhetOf(work, names), { slag: handelse, ...body }),
  }),
  flyttlanksvar: flyttlanksvar('serviceforvaltningen'),
}

/** What each party may send, by party and `slag`. */
export const handlers: Record<Part, Record<string, Handler>> = {
  hyresvard: hyresvardens,
  serviceforvaltningen: serviceforvaltningens,
}
