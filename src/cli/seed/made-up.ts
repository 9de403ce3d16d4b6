import { type Day, daysAfter } from '../../shared/dates.ts'

/** Numbers that only look random: the same start gives the same people (mulberry32). */
export type Chance = ReturnType<typeof chanceFrom>

export function chanceFrom(start: number) {
  let state = start >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** A whole number, both ends included. */
    between: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    oneOf: <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)] as T,
    /** True so many times of a hundred. */
    percent: (share: number): boolean => next() * 100 < share,
  }
}

/** Each name as many times as it says: for `oneOf`. */
export const weighted = <Name extends string>(shares: Record<Name, number>): Name[] =>
  (Object.keys(shares) as Name[]).flatMap(name => Array<Name>(shares[name]).fill(name))

/** The tax agency's birth numbers for test persons: nobody has them. */
const testBirthNumbers = [238, 239, ...Array.from({ length: 20 }, (_, n) => 980 + n)]

/** The last digit of personnummer and organisationsnummer, after the nine before it (Luhn). */
function checkDigit(nine: string): number {
  const sum = [...nine].reduce((total, digit, index) => {
    const product = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (product > 9 ? product - 9 : product)
  }, 0)
  return (10 - (sum % 10)) % 10
}

/** Made-up personnummer, all of them for people who do not exist, and none twice. */
export function personnummerFor(chance: Chance, isTaken: (personnummer: string) => boolean) {
  const given = new Set<string>()
  /** @param years how old the person is on the day */
  return (years: number, day: Day): string => {
    for (;;) {
      const birthday = Temporal.PlainDate.from(daysAfter(day, -chance.between(1, 364))).subtract({ years })
      const date = birthday.toString().replaceAll('-', '')
      const first = chance.between(0, testBirthNumbers.length - 1)
      for (let n = 0; n < testBirthNumbers.length; n++) {
        const serial = testBirthNumbers[(first + n) % testBirthNumbers.length]
        const personnummer = `${date}${serial}${checkDigit(`${date.slice(2)}${serial}`)}`
        if (given.has(personnummer) || isTaken(personnummer)) continue
        given.add(personnummer)
        return personnummer
      }
    }
  }
}

/** The n-th made-up organisation number. No kind of organisation has numbers that begin with 4. */
export function organisationsnummer(n: number): string {
  const nine = `402${String(n).padStart(6, '0')}`
  return `${nine.slice(0, 6)}-${nine.slice(6)}${checkDigit(nine)}`
}

// biome-ignore format: lists of words
export const fornamn = [
  'Adam', 'Agnes', 'Ahmed', 'Alice', 'Amir', 'Anders', 'Anna', 'Astrid', 'Bengt', 'Birgitta', 'Elias', 'Elin', 'Ella',
  'Emma', 'Erik', 'Eva', 'Fatima', 'Frida', 'Gustav', 'Hanna', 'Hugo', 'Ida', 'Ingrid', 'Johan', 'Karin', 'Karl',
  'Lars', 'Layla', 'Lena', 'Liam', 'Linnea', 'Lucas', 'Maja', 'Margareta', 'Maria', 'Mikael', 'Mohammed', 'Nils',
  'Noah', 'Olle', 'Omar', 'Oskar', 'Per', 'Sara', 'Saga', 'Sofia', 'Stina', 'Sven', 'Viktor', 'Wilma', 'Yasmin', 'Åsa',
] as const

// biome-ignore format: lists of words
export const efternamn = [
  'Ali', 'Andersson', 'Berg', 'Bergström', 'Björk', 'Carlsson', 'Dahl', 'Ek', 'Eriksson', 'Forsberg', 'Gustafsson',
  'Hansson', 'Hassan', 'Holm', 'Ibrahim', 'Jansson', 'Johansson', 'Karlsson', 'Larsson', 'Lind', 'Lindberg',
  'Lundgren', 'Magnusson', 'Mohamed', 'Nilsson', 'Nyström', 'Olsson', 'Persson', 'Sandberg', 'Sjöberg', 'Svensson',
  'Söderberg', 'Wallin', 'Åberg', 'Öberg',
] as const

/** Streets that do not exist. */
export const gator = [
  'Exempelgatan',
  'Påhittsvägen',
  'Provgränd',
  'Låtsasstigen',
  'Övningsgatan',
  'Testtorget',
] as const

/** Areas that do not exist, as codes. */
export const omraden = ['norraPahittet', 'sodraPahittet', 'exempelbacken', 'ovningsdalen', 'provhamnen'] as const

/** The first is the one that receives förturer, as a municipality's own company does. */
export const hyresvardar = [
  {
    namn: 'Exempelbostäder AB',
    fastighetsagartyp: 'allmannytta',
    tarEmotForturer: true,
    kriterier: { minManaderITid: 12, maxStorningar: 0, maxHyresskuldOre: 0 },
  },
  {
    namn: 'Påhittade Hem AB',
    fastighetsagartyp: 'privat',
    kriterier: { minManaderITid: 12, maxHyresskuldOre: 0, kravHemforsakring: true },
  },
  {
    namn: 'Stiftelsen Provbo',
    fastighetsagartyp: 'stiftelse',
    kriterier: { minManaderITid: 6, maxStorningar: 1, maxHyresskuldOre: 50_000 },
  },
  {
    namn: 'Låtsas Fastigheter AB',
    fastighetsagartyp: 'privat',
    kriterier: { minManaderITid: 10, maxStorningar: 0, minGarantitidManader: 12 },
  },
  {
    namn: 'Övningsbyns fastighetskontor',
    fastighetsagartyp: 'kommun',
    kriterier: { maxHyresskuldOre: 0, kravHemforsakring: true },
  },
  { namn: 'Modellgårdens bostadsförening', fastighetsagartyp: 'ovrig', kriterier: null },
] as const
