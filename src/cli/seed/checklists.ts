import type { Barnchecklisteutkast, Punkt } from '../../barnchecklistor/schema.ts'
import { beginChecklist, finishChecklist, reviseChecklist, saveDraft } from '../../barnchecklistor/service.ts'
import { readTemplate } from '../../barnchecklistor/templates.ts'
import { type Day, daysAfter } from '../../shared/dates.ts'
import type { Arendeplan } from './cases.ts'
import { on, type Story } from './story.ts'
import { anyVersion, hushallId, type Town } from './town.ts'

/** The checklist of a case: begun on a day, and finished on another if it is to be. */
export function* checklist(town: Town, plan: Arendeplan, arendeId: string, [begun, done]: readonly [Day, Day]): Story {
  const { checklista, staff } = plan
  if (checklista === 'ingen' || checklista === 'undantag') return
  const { handlaggare } = staff
  const { id, mallNummer } = yield* on(begun, handlaggare, 'paborja', work =>
    beginChecklist(work, { hushallId: hushallId(plan), arendeId }),
  )
  const isDraft = checklista === 'paborjad'
  yield* on(isDraft ? begun : done, handlaggare, 'spara', async work => {
    const { punkter } = await readTemplate(work, mallNummer)
    const filled = answers(town, plan, punkter)
    await saveDraft(work, id, anyVersion, isDraft ? { svar: filled.svar.slice(0, 3) } : filled)
  })
  if (isDraft) return
  const finish = (which: string, day: Day) =>
    on(day, handlaggare, 'klarmarkera', work => finishChecklist(work, which, anyVersion))
  yield* finish(id, done)
  if (checklista !== 'reviderad') return
  const revision = yield* on(daysAfter(done, 1), handlaggare, 'revidera', work => reviseChecklist(work, id, anyVersion))
  yield* finish(revision.id, daysAfter(done, 1))
}

const said = {
  skola: 'Barnet kan gå kvar i sin skola om familjen får bo i samma del av kommunen.',
  halsa: 'Inga kända behov som ställer krav på bostaden.',
  konsekvensAvslag: 'Familjen flyttar mellan tillfälliga boenden, och barnet byter skola.',
  alternativ: 'Familjen har sökt egen bostad i ett halvår utan resultat.',
}

function answers({ chance }: Town, { home, n }: Arendeplan, punkter: readonly Punkt[]) {
  const answer: Record<Punkt['svarstyp'], (kod: string) => string | number> = {
    jaNejEjAktuellt: () => chance.oneOf(['ja', 'ja', 'nej', 'ejAktuellt']),
    skala: () => chance.between(1, 5),
    text: kod => (said as Record<string, string>)[kod] ?? 'Prövat tillsammans med vårdnadshavarna.',
  }
  const children = (home.made?.personer ?? []).filter(({ roll }) => roll === 'barn')
  return {
    svar: punkter.map(({ kod, svarstyp }) => ({ kod, svar: answer[svarstyp](kod) })),
    barn: children.map(({ id }, index) => ({
      personId: id,
      informerad: (n + index) % 6 > 0,
      ...chance.oneOf([
        { hord: 'ja', egenSyn: 'Vill ha kvar sin skola och sina kompisar.' },
        { hord: 'ja', egenSyn: 'Vill ha ett eget rum.' },
        { hord: 'nejAlder' },
        { hord: 'nejVilleEj' },
        { hord: 'nejAnnat', skal: 'Barnet är bortrest med en släkting.' },
      ] as const),
    })),
    barnetsBasta: 'En bostad att stanna i, nära skolan, väger tyngst.',
  } satisfies Barnchecklisteutkast
}
