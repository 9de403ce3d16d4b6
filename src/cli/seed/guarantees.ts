import type { Omgang } from '../../hyresgarantier/periods.ts'
import type { HyresgarantiRad } from '../../hyresgarantier/schema.ts'
import {
  answerProposal,
  changeHyresgaranti,
  end,
  endWithLease,
  giveNotice,
  lockGarantiOfArende,
  proposeEnd,
  registerHyresgaranti,
  signAgreement,
} from '../../hyresgarantier/service.ts'
import { type Day, daysAfter, latest, monthsAfter } from '../../shared/dates.ts'
import { afterDecision } from './appeals.ts'
import { application } from './applications.ts'
import { type Arendeplan, planCase } from './cases.ts'
import { decision } from './decisions.ts'
import { gator } from './made-up.ts'
import { on, type Part, type Story } from './story.ts'
import {
  anyVersion,
  type Household,
  hushallId,
  type Landlord,
  landlordCaller,
  medsokandeId,
  type Town,
  turn,
} from './town.ts'

type Fate = HyresgarantiRad['tillstand']

/** A guarantee from the application on, planned so that it is in a certain state when the stories end. */
export type Plan = Household & {
  fate: Fate
  /** The case that grants it; null for one that is registered as it is. */
  arende: Arendeplan | null
  landlord: Landlord
  garantityp: HyresgarantiRad['garantityp']
  manader: number
  hyra: number
  applied: Day
  decided: Day
  /** Null when there is no agreement. */
  signed: Day | null
  fran: Day
  till: Day
  /** The day from which it is ending or has ended; null while it is just in force. */
  ends: Day | null
  /** The round whose review ends it. */
  endsIn: Omgang | null
  /** Known once it is registered. */
  id?: string
}

export function planOf(town: Town, fate: Fate, household: Household, monthsAgo?: number): Plan {
  const { chance, config, last } = town
  const { between } = chance
  const noticeAfter = config.UPPSAGNING_TIDIGAST_MANADER
  /** How many months ago it began. The very first is old enough to have something of everything. */
  const months: Record<Fate, number> = {
    beviljad: 0,
    forfallen: 0,
    aktiv: household.n === 0 ? 14 : between(0, 22),
    avslutForeslaget: between(13, 22),
    uppsagd: between(13, noticeAfter + 14),
    upphordUppsagd: noticeAfter + between(2, 5),
    avslutadKriterier: between(15, 23),
    avslutadOverenskommelse: between(8, 23),
    upphordHyresavtal: between(12, 23),
    upphordTid: between(25, 29),
    forbrukad: between(12, 20),
  }
  const underNotice = fate === 'uppsagd' || fate === 'upphordUppsagd'
  const kommunal =
    !underNotice && config.KOMMUNAL_MAX_GARANTITID >= 24 && config.KOMMUNAL_MAX_MANADER >= 3 && chance.percent(75)
  const fran = `${monthsAfter(last, -(monthsAgo ?? months[fate])).slice(0, 7)}-01`
  const hasAgreement = fate !== 'beviljad' && fate !== 'forfallen'
  const longAgo = monthsAfter(last, -config.BEVILJAD_GILTIG_MANADER - between(1, 18))
  const withoutAgreement = fate === 'forfallen' ? longAgo : daysAfter(last, -between(0, 25))
  const plan = {
    ...household,
    fate,
    landlord: chance.oneOf(town.landlords),
    garantityp: kommunal ? ('kommunal' as const) : ('bistand' as const),
    manader: fate === 'forbrukad' ? 2 : kommunal ? Math.min(6, config.KOMMUNAL_MAX_MANADER) : between(4, 12),
    hyra: between(42, 118) * 10_000,
    decided: hasAgreement ? daysAfter(fran, -between(13, 27)) : withoutAgreement,
    signed: hasAgreement ? daysAfter(fran, -between(3, 12)) : null,
    fran,
    till: daysAfter(monthsAfter(fran, kommunal || fate === 'upphordTid' ? 24 : Math.max(48, noticeAfter + 24)), -1),
  }
  const applied = daysAfter(plan.decided, -between(10, 60))
  return { ...plan, applied, arende: caseOf(town, household, { ...plan, applied }), ...endOf(town, plan) }
}

/** A quarter of those that are small enough for the delegation of a new register are granted by a case. */
function caseOf(
  town: Town,
  household: Household,
  { applied, decided, manader }: Pick<Plan, 'applied' | 'decided' | 'manader'>,
): Arendeplan | null {
  if (household.n % 4 !== 3 || manader > 6 || applied < town.decidesFrom) return null
  const tillstand = turn(town, 'granted guarantees', ['bifall', 'bifall', 'bifall', 'bifall', 'delvisBifall'] as const)
  return planCase(town, household, { insats: 'hyresgaranti', tillstand }, { applied, settled: decided })
}

/** When it is to end, or the round whose review ends it. Time, and payments (`claims.ts`), end the others. */
function endOf(
  { chance, config, last, rounds }: Town,
  { fate, fran, skyddsniva }: Pick<Plan, 'fate' | 'fran' | 'skyddsniva'>,
): Pick<Plan, 'ends' | 'endsIn'> {
  const before = (low: number, high: number) => ({ ends: daysAfter(last, -chance.between(low, high)), endsIn: null })
  const between = (first: Day, end: Day) => {
    const { days } = Temporal.PlainDate.from(first).until(end)
    return { ends: daysAfter(first, chance.between(0, Math.max(0, days))), endsIn: null }
  }
  switch (fate) {
    case 'avslutForeslaget':
      return before(8, 30)
    case 'uppsagd':
      return before(10, 50)
    case 'upphordUppsagd':
      return { ends: monthsAfter(fran, config.UPPSAGNING_TIDIGAST_MANADER - 3), endsIn: null }
    case 'avslutadOverenskommelse':
      return between(monthsAfter(fran, 5), last)
    case 'upphordHyresavtal':
      return between(monthsAfter(fran, 6), daysAfter(last, -3))
    case 'forbrukad':
      return { ends: monthsAfter(fran, 6), endsIn: null }
    case 'avslutadKriterier': {
      const ripe = rounds.filter(({ oppnar }) => monthsAfter(fran, 13) <= oppnar && daysAfter(oppnar, 3) <= last)
      // A review ends it in one step when the landlord's answer is its consent, and there is one.
      if (ripe.length > 0 && config.GENOMGANG_SAMTYCKE_AVSLUTAR && skyddsniva === 'ingen')
        return { ends: null, endsIn: chance.oneOf(ripe) }
      return between(monthsAfter(fran, 12), daysAfter(last, -16))
    }
    default:
      return { ends: null, endsIn: null }
  }
}

const decisionMakers = ['Karin Ek, enhetschef', 'Omar Nyström, sektionschef', 'Lena Wallin, enhetschef'] as const
const skal = ['lagInkomst', 'betalningsanmarkning', 'saknarReferenser', 'nyAnstallning'] as const
const boenden = ['andrahand', 'inneboende', 'hotell', 'tillfalligtBoende', 'hyresratt'] as const

/** What Boverket asks for. */
const uppgifter = ({ chance }: Town) => ({
  lagenhetstyp: 'hyresratt',
  skalKod: chance.oneOf(skal),
  tidigareBoendeKod: chance.oneOf(boenden),
  ekonomiskBedomningKod: 'klararHyran',
  utanForsorjningsstod: chance.percent(70),
})

/** @returns the id of a guarantee that was decided elsewhere */
const registered = (town: Town, plan: Plan): Part<string> =>
  on(plan.decided, plan.staff.handlaggare, 'registrera', async work => {
    const { garanti } = await registerHyresgaranti(work, {
      hushallId: hushallId(plan),
      medsokandeId: medsokandeId(plan),
      garantityp: plan.garantityp,
      garanteradeManader: plan.manader,
      ansokanDatum: plan.applied,
      beslutDatum: plan.decided,
      beslutsfattare: town.chance.oneOf(decisionMakers),
      delegationspunkt: '4.2',
      diarienummer: `SN ${plan.decided.slice(0, 4)}/${100 + plan.n}`,
      ...uppgifter(town),
    })
    return garanti.id
  })

/** @returns the id of a guarantee that its case grants */
function* granted(town: Town, plan: Plan, arende: Arendeplan): Part<string> {
  const arendeId = yield* application(town, arende)
  const { garantityp, manader, decided, staff } = plan
  const beslutId = yield* decision(arende, arendeId, { garantityp, garanteradeManader: manader })
  const id = yield* on(decided, staff.handlaggare, 'andra', async work => {
    const garanti = await lockGarantiOfArende(work, arendeId)
    await changeHyresgaranti(work, garanti?.id as string, anyVersion, uppgifter(town))
    return garanti?.id as string
  })
  yield* afterDecision(town, arende, { arendeId, beslutId })
  return id
}

/** From the decision over the agreement to the end. */
export function* guarantee(town: Town, plan: Plan): Story {
  const { chance, config } = town
  const { staff, landlord, fran, till, signed, garantityp, hyra, n } = plan
  const { handlaggare } = staff
  const id = plan.arende ? yield* granted(town, plan, plan.arende) : yield* registered(town, plan)
  plan.id = id
  if (signed === null) return
  const home = {
    adress: `${chance.oneOf(gator)} ${chance.between(1, 60)}, 222 22 Lund`,
    lagenhetsnummer: `1${chance.between(0, 5)}0${chance.between(1, 4)}`,
  }
  const inForce = yield* on(signed, handlaggare, 'tecknaAvtal', work =>
    signAgreement(work, id, anyVersion, {
      avtalTecknatDatum: signed,
      hyresvardId: landlord.id,
      borgenstyp: chance.oneOf(['enkel', 'enkel', 'proprie']),
      kontraktsform: garantityp === 'kommunal' || n % 3 > 0 ? 'forstahand' : 'andrahand',
      manadshyraOre: hyra,
      giltigFran: fran,
      giltigTill: till,
      // Where somebody with protected registration lives is not written down.
      ...(plan.skyddsniva !== 'skyddadFolkbokforing' && home),
    }),
  )
  if (inForce.garanti.bidragStatus === 'attSoka' && n % 4 > 0) {
    yield* on(daysAfter(fran, 20), handlaggare, 'andra', work =>
      changeHyresgaranti(work, id, anyVersion, { bidragStatus: 'sokt', bidragSokt: work.today }),
    )
    yield* on(daysAfter(fran, 80), handlaggare, 'andra', work =>
      changeHyresgaranti(work, id, anyVersion, { bidragStatus: 'beviljat', bidragBeviljatOre: 500_000 }),
    )
  }
  yield* ending(plan, id, config.UPPSAGNING_TIDIGAST_MANADER)
}

function* ending({ fate, ends, fran, staff, landlord, skyddsniva, n }: Plan, id: string, noticeAfter: number): Story {
  const { handlaggare, beslutsfattare } = staff
  /** A landlord knows nothing of protected tenants: a caseworker writes down what was said. */
  const answering = skyddsniva === 'ingen' ? landlordCaller(landlord) : handlaggare
  const propose = (day: Day) =>
    on(day, handlaggare, 'foreslaAvslut', work =>
      proposeEnd(work, id, anyVersion, { motivering: 'Hyran är betald i tid i tolv månader.' }),
    )
  const answer = (day: Day, svar: Parameters<typeof answerProposal>[3]) =>
    on(day, answering, 'svaraPaForslag', work => answerProposal(work, id, anyVersion, svar))

  if (fate === 'aktiv' && n % 9 === 2) {
    yield* propose(monthsAfter(fran, 7))
    yield* answer(daysAfter(monthsAfter(fran, 7), 6), { svar: 'avvisat', orsak: 'Hyran var sen i våras.' })
  }
  if (ends === null) return
  if (fate === 'avslutForeslaget') {
    yield* propose(ends)
    if (n % 3 === 0) yield* answer(daysAfter(ends, 6), { svar: 'godkant' })
  }
  if (fate === 'avslutadKriterier') {
    yield* propose(ends)
    yield* answer(daysAfter(ends, 6), { svar: 'godkant' })
    yield* on(daysAfter(ends, 15), handlaggare, 'avsluta', work =>
      end(work, id, anyVersion, {
        avslutsorsak: 'kriterierUppfyllda',
        motivering: 'Hyresvärden har släppt garantin.',
      }),
    )
  }
  if (fate === 'avslutadOverenskommelse')
    yield* on(ends, handlaggare, 'avsluta', work =>
      end(work, id, anyVersion, {
        avslutsorsak: 'overenskommelse',
        motivering: 'Hyresgästen har fått fast arbete och hyresvärden behöver inte garantin.',
      }),
    )
  if (fate === 'upphordHyresavtal')
    yield* on(daysAfter(ends, 3), handlaggare, 'hyresavtaletUpphor', work =>
      endWithLease(work, id, anyVersion, { datum: ends, motivering: 'Hyresgästen har flyttat.' }),
    )
  if (fate === 'uppsagd' || fate === 'upphordUppsagd')
    yield* on(ends, beslutsfattare, 'sagUpp', work =>
      giveNotice(work, id, anyVersion, {
        uppsagdTill: latest(monthsAfter(fran, noticeAfter), monthsAfter(ends, 3)),
        motivering: 'Hyresgästen klarar sig utan garanti.',
      }),
    )
}
