import personnummer from 'personnummer'

// The package is CommonJS: what Node imports as the default is what its types call `default.default`.
const Personnummer = personnummer as unknown as typeof personnummer.default

/**
 * Twelve digits, or null: `YYYYMMDDNNNC` or `YYYYMMDD-NNNC`, also samordningsnummer, with a date that exists and the
 * right check digit. Ten digits are refused: they do not say the century.
 */
export function normalisePersonnummer(text: string): string | null {
  if (!/^(18|19|20)\d{6}-?\d{4}$/.test(text)) return null
  return withLibrary(text)
}

/**
 * As `normalisePersonnummer`, but also takes what stands in old spreadsheets: ten digits, where the century follows
 * from the sign (`-` under a hundred years old, `+` a hundred or more) and today.
 */
export function personnummerFromSpreadsheet(text: string, today: string): string | null {
  const short = /^(\d{2})(\d{4})([-+]?)(\d{4})$/.exec(text)
  if (!short) return normalisePersonnummer(text)
  const [, year, monthDay, sign, last] = short
  const thisYear = Number(today.slice(0, 4))
  let full = Math.floor(thisYear / 100) * 100 + Number(year)
  const day = Number(monthDay?.slice(2)) % 60
  if (`${full}-${monthDay?.slice(0, 2)}-${String(day).padStart(2, '0')}` > today) full -= 100
  if (sign === '+') full -= 100
  return withLibrary(`${full}${monthDay}${last}`)
}

/** The day that twelve digits say their person was born; a samordningsnummer's day is 60 more. It may not exist. */
export function bornOn(personnummer: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(personnummer) ?? []
  return `${year}-${month}-${String(Number(day) % 60).padStart(2, '0')}`
}

function withLibrary(text: string): string | null {
  // The library reads the century from the machine's clock when it is missing; here it never is.
  if (!Personnummer.valid(text, { allowCoordinationNumber: true, allowInterimNumber: false })) return null
  return text.replace('-', '')
}
