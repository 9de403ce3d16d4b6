import { formatOrganisationsnummer, isOrganisationsnummer } from '../../src/shared/organisationsnummer.ts'
import { normalisePersonnummer, personnummerFromSpreadsheet } from '../../src/shared/personnummer.ts'

test.each([
  ['198507099805', '198507099805'],
  ['19850709-9805', '198507099805'],
  ['197010632391', '197010632391'],
  ['191212121212', '191212121212'],
])('%s is taken as twelve digits', (text, expected) => {
  expect(normalisePersonnummer(text)).toBe(expected)
})

test.each([
  ['ten digits do not say the century', '8507099805'],
  ['a plus sign belongs to ten digits', '19850709+9805'],
  ['the check digit is wrong', '198507099806'],
  ['the day does not exist', '198502309805'],
  ['the month does not exist', '198513099805'],
  ['an interim number', '19850709T805'],
  ['space around', ' 198507099805'],
  ['nothing', ''],
])('a personnummer is refused when %s', (_, text) => {
  expect(normalisePersonnummer(text)).toBeNull()
})

test.each([
  ['850709-9805', '198507099805'],
  ['850709+9805', '188507099805'],
  ['8507099805', '198507099805'],
  ['121212+1212', '191212121212'],
  ['19850709-9805', '198507099805'],
])('%s in an old spreadsheet is %s', (text, expected) => {
  expect(personnummerFromSpreadsheet(text, '2026-11-23')).toBe(expected)
})

test('the century of a short number follows from the day it is read, not from the machine', () => {
  expect(personnummerFromSpreadsheet('850709-9805', '2086-01-01')).toBe('208507099805')
  expect(personnummerFromSpreadsheet('850709-9805', '2085-07-08')).toBe('198507099805')
})

test('an organisation number has its check digit, and is never a person', () => {
  expect(isOrganisationsnummer('556012-5790')).toBe(true)
  expect(isOrganisationsnummer('5560125790')).toBe(true)
  expect(isOrganisationsnummer('556012-5791')).toBe(false)
  expect(isOrganisationsnummer('850709-9805')).toBe(false)
  expect(isOrganisationsnummer('165560125790')).toBe(false)
  expect(formatOrganisationsnummer('5560125790')).toBe('556012-5790')
})
