import organisationsnummer from 'organisationsnummer'

// The package is CommonJS: what Node imports as the default is what its types call `default.default`.
const Organisationsnummer = organisationsnummer as unknown as typeof organisationsnummer.default

/** Whether it is a Swedish organisation number with the right check digit: `NNNNNN-NNNN`, the hyphen optional. */
export function isOrganisationsnummer(text: string): boolean {
  // A landlord may be a person (enskild firma); its personnummer must not become a number that is shown around.
  return (
    /^\d{6}-?\d{4}$/.test(text) && Organisationsnummer.valid(text) && !Organisationsnummer.parse(text).isPersonnummer()
  )
}

/** `NNNNNN-NNNN`: the form in which it is kept and shown. */
export const formatOrganisationsnummer = (text: string): string => Organisationsnummer.parse(text).format(true)
