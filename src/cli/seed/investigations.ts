import { kraver, type NyUtredning } from '../../arenden/schema.ts'
import { daysAfter, monthsAfter, yearsBetween } from '../../shared/dates.ts'
import { forturgrunder } from '../../shared/insatser.ts'
import { bornOn } from '../../shared/personnummer.ts'
import type { Work } from '../../shared/work.ts'
import type { Arendeplan } from './cases.ts'
import type { Town } from './town.ts'

const drafts: readonly Arendeplan['tillstand'][] = ['utredning', 'komplettering', 'avskriven']
/** Refused for good: the criteria for förtur were not met. */
const refused: readonly Arendeplan['tillstand'][] = ['avslag', 'overklagad', 'dom']

/** What the investigation has found: a part of it while it is a draft. */
export function findings(town: Town, plan: Arendeplan, work: Work): NyUtredning {
  const { insats, tillstand, n } = plan
  const needs = kraver[insats]
  const found: NyUtredning = {
    ...(needs.includes('stod') && { stodbehov: 'Stöd med ekonomi och kontakter en gång i veckan.' }),
    ...(needs.includes('ekonomi') && { inkomstOre: town.chance.between(110, 290) * 10_000 }),
    ...(needs.includes('fortur') && grounds(town, plan, work)),
  }
  if (drafts.includes(tillstand)) return found
  return {
    ...found,
    ...(n % 9 === 4
      ? { brukarsynpunktSaknas: 'Har inte gått att nå trots tre försök.' }
      : { brukarsynpunkt: 'Vill ha ett hem att stanna i, nära arbete och skola.', brukarenInstammer: n % 5 > 0 }),
    ...(needs.includes('stod') && { fortsattPlanering: 'Boendestöd i sex månader, sedan eget kontrakt.' }),
    ...(needs.includes('ekonomi') && {
      utgifterOre: town.chance.between(50, 100) * 10_000,
      budget: 'Klarar en hyra på 9 000 kr i månaden.',
    }),
    ...(needs.includes('fortur') && queue(town, plan)),
    ...(n % 7 === 2 && { sattaGrupper: [{ grupp: 'psykiskOhalsa', skal: 'Kontakt med psykiatrin sedan två år.' }] }),
  }
}

/** Why the household asks for förtur, with a certificate. */
function grounds({ chance }: Town, { applied, antalBarn, home }: Arendeplan, work: Work): NyUtredning {
  const sokande = home.made?.personer.find(({ roll }) => roll === 'sokande')
  const age = sokande && yearsBetween(bornOn(work.encryption.decrypt(sokande.personnummerKrypterat)), applied)
  const isYoung = age !== undefined && age < 28
  const possible = forturgrunder.filter(grund => grund !== 'ungUnder28' && (grund !== 'barnFarIlla' || antalBarn > 0))
  const grund = isYoung ? 'ungUnder28' : chance.oneOf(possible)
  return {
    grunder: [grund],
    intyg: [
      {
        grund,
        utfardare: grund === 'medicinskt' ? 'lakare' : 'socialsekreterare',
        datum: daysAfter(applied, -chance.between(1, 40)),
        dokumentRef: `DOK-${applied.slice(0, 4)}-${chance.between(1000, 9999)}`,
      },
    ],
    ...(grund === 'valdsutovare' && { overenskommelse: 'Flyttar från familjens bostad, enligt avtal med polisen.' }),
  }
}

/** What else the criteria for förtur ask. */
const queue = ({ chance }: Town, { applied, tillstand }: Arendeplan): NyUtredning => ({
  folkbokfordSedan: monthsAfter(
    applied,
    -(refused.includes(tillstand) ? chance.between(2, 20) : chance.between(25, 200)),
  ),
  koRegistrerad: true,
  koPoang: chance.between(20, 1400),
  koFornyad: daysAfter(applied, -chance.between(5, 330)),
  egenKotidProvad: true,
  bostadsskuldOre: 0,
})
