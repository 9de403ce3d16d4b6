import { type Static, Type } from 'typebox'
import type { BeslutRad, Beslutsbedomning, Kriterieutfall } from '../beslut/schema.ts'
import type { Day } from '../shared/dates.ts'
import { incoherent } from '../shared/refusals.ts'
import { Datum, either, Manad, oneOf, orNull } from '../shared/schema-parts.ts'
import { smallCountLimit } from '../shared/statistics.ts'
import { evaluateAll, evaluateCriteria, factsOf, kriteriekoder, refuseEmpty, samletUtfall } from './criteria.ts'
import { ProvadeKriterier } from './schema.ts'

const utfall = ['uppfyllt', 'ejUppfyllt', 'okant', 'undantag'] as const
const samlade = ['uppfyllt', 'ejUppfyllt', 'okant'] as const

export const Kriterieprov = Type.Object(
  { fran: Datum, till: Datum, kriterier: Type.Object(ProvadeKriterier.properties, { additionalProperties: false }) },
  {
    $id: 'Kriterieprov',
    additionalProperties: false,
    example: {
      fran: '2026-01-01',
      till: '2026-06-30',
      kriterier: { minFolkbokfordManader: 36, kravKo: true, kravEgenKotid: true, minIntygPerGrund: 1 },
    },
  },
)
export type Kriterieprov = Static<typeof Kriterieprov>

const Antal = orNull(Type.Integer({ description: 'null när talet är dolt.', example: 12 }))
const Skillnad = Type.Object(
  {
    kod: oneOf(kriteriekoder),
    varde: either<Kriterieutfall['varde']>(['integer', 'boolean', 'string', 'null'], {
      description: 'Värdet som prövades; null när det inte är känt eller inte visas.',
      example: 30,
    }),
    fran: oneOf(utfall, { description: 'Utfallet när beslutet fattades.' }),
    till: oneOf(utfall, { description: 'Utfallet med de prövade kriterierna.' }),
  },
  { additionalProperties: false },
)
const Andrat = Type.Object(
  {
    manad: Manad,
    utfall: oneOf(['bifall', 'delvisBifall', 'avslag'], { description: 'Vad som beslutades.' }),
    medGallande: oneOf(samlade, { description: 'Med kriterierna som gällde när beslutet fattades.' }),
    medProvade: oneOf(samlade),
    skillnader: Type.Array(Skillnad),
  },
  { additionalProperties: false },
)
type Andrat = Static<typeof Andrat>
const PerKriterium = Type.Object(
  { kod: oneOf(kriteriekoder), uppfyllt: Antal, ejUppfyllt: Antal, okant: Antal, undantag: Antal },
  { additionalProperties: false },
)

export const Kriterieprovsresultat = Type.Object(
  {
    fran: Datum,
    till: Datum,
    antal: orNull(Type.Integer({ description: 'Beslut om förtur i perioden som har en bedömning.', example: 40 })),
    oforandrade: Antal,
    antalAndrade: Antal,
    andrade: Type.Array(Andrat, { description: 'Beslut vars samlade utfall blir ett annat, högst 1000.' }),
    perKriterium: Type.Array(PerKriterium, { description: 'Hur de prövade kriterierna faller ut.' }),
  },
  {
    $id: 'Kriterieprovsresultat',
    additionalProperties: false,
    example: {
      fran: '2026-01-01',
      till: '2026-06-30',
      antal: 40,
      oforandrade: 34,
      antalAndrade: 6,
      andrade: [
        {
          manad: '2026-03',
          utfall: 'bifall',
          medGallande: 'uppfyllt',
          medProvade: 'ejUppfyllt',
          skillnader: [{ kod: 'minFolkbokfordManader', varde: 30, fran: 'uppfyllt', till: 'ejUppfyllt' }],
        },
      ],
      perKriterium: [{ kod: 'minFolkbokfordManader', uppfyllt: 30, ejUppfyllt: 6, okant: 0, undantag: 4 }],
    },
  },
)
export type Kriterieprovsresultat = Static<typeof Kriterieprovsresultat>

const listedAtMost = 1000

/** A decision to replay: when and what was decided, and the values that it rested on. Nothing of whom. */
export type Provat = Pick<BeslutRad, 'utfall'> & { manad: string; bedomning: Beslutsbedomning }

/**
 * The decisions that `replay` reads: those on förtur in the period that were assessed.
 *
 * @throws 422 when the period is backwards, or nothing is asked
 */
export function decisionsToReplay({ fran, till, kriterier }: Kriterieprov): { text: string; values: Day[] } {
  const refusal = incoherent([
    till < fran && { pointer: '/till', kod: 'fore-fran', detail: 'till ska inte ligga före fran.' },
  ])
  if (refusal) throw refusal
  refuseEmpty(kriterier, '/kriterier')
  return {
    text: `SELECT to_char(b.datum, 'YYYY-MM') AS manad, b.utfall, b.bedomning FROM beslut b
      WHERE b.insats = 'fortur' AND b.datum BETWEEN $1 AND $2 AND b.bedomning IS NOT NULL ORDER BY b.datum, b.id`,
    values: [fran, till],
  }
}

/**
 * What other criteria would have said of decisions that are made: from the values that each was made with, so that the
 * answer does not depend on what has been found out since. It changes nothing.
 *
 * @param masked for who sees figures but not cases: no values, no small counts, no decision that few others are like
 */
export async function replay(
  { fran, till, kriterier }: Kriterieprov,
  beslut: AsyncIterable<Provat>,
  masked: boolean,
): Promise<Kriterieprovsresultat> {
  let antal = 0
  let antalAndrade = 0
  const andrade: Andrat[] = []
  const perKriterium = new Map<string, Record<Kriterieutfall['utfall'], number>>()
  for await (const one of beslut) {
    antal++
    const fakta = factsOf(one.bedomning)
    for (const { kod, utfall } of evaluateCriteria(kriterier, fakta)) {
      const counts = perKriterium.get(kod) ?? { uppfyllt: 0, ejUppfyllt: 0, okant: 0, undantag: 0 }
      counts[utfall]++
      perKriterium.set(kod, counts)
    }
    const andrat = compare(one, evaluateAll(kriterier, fakta))
    if (andrat.medGallande === andrat.medProvade) continue
    antalAndrade++
    if (andrade.length < listedAtMost) andrade.push(andrat)
  }
  const svar: Kriterieprovsresultat = {
    fran,
    till,
    antal,
    oforandrade: antal - antalAndrade,
    antalAndrade,
    andrade,
    perKriterium: kriteriekoder.flatMap(kod => {
      const counts = perKriterium.get(kod)
      return counts ? [{ kod, ...counts }] : []
    }),
  }
  return masked ? mask(svar) : svar
}

function compare({ manad, utfall, bedomning }: Provat, provade: Kriterieutfall[]): Andrat {
  const stored = new Map(bedomning.kriterier.map(({ kod, utfall }) => [kod, utfall]))
  return {
    manad,
    utfall,
    medGallande: samletUtfall(bedomning.kriterier),
    medProvade: samletUtfall(provade),
    skillnader: provade.flatMap(({ kod, varde, utfall: till }) => {
      const fran = stored.get(kod) ?? 'uppfyllt'
      return fran === till ? [] : [{ kod: kod as Andrat['skillnader'][number]['kod'], varde, fran, till }]
    }),
  }
}

const small = (count: number | null) => count !== null && count > 0 && count < smallCountLimit

/** What cannot be shown is not given by the difference of what is shown either. */
function mask(svar: Kriterieprovsresultat): Kriterieprovsresultat {
  if (small(svar.antal))
    return { ...svar, antal: null, oforandrade: null, antalAndrade: null, andrade: [], perKriterium: [] }
  const alike = new Map<string, number>()
  const withoutValues = svar.andrade.map(andrat => ({
    ...andrat,
    skillnader: andrat.skillnader.map(skillnad => ({ ...skillnad, varde: null })),
  }))
  for (const andrat of withoutValues) alike.set(JSON.stringify(andrat), (alike.get(JSON.stringify(andrat)) ?? 0) + 1)
  const andrade = withoutValues.filter(andrat => !small(alike.get(JSON.stringify(andrat)) as number))
  const hidden = [svar.oforandrade, svar.antalAndrade, (svar.antalAndrade as number) - andrade.length].some(small)
  return {
    ...svar,
    ...(hidden && { oforandrade: null, antalAndrade: null }),
    andrade,
    perKriterium: svar.perKriterium.map(({ kod, ...counts }) =>
      Object.values(counts).some(small)
        ? { kod, uppfyllt: null, ejUppfyllt: null, okant: null, undantag: null }
        : { kod, ...counts },
    ),
  }
}
