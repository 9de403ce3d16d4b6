/** Öre as kronor for a Swedish reader and a Swedish spreadsheet: 845000 is `8450,00`. */
export const kronor = (ore: number): string => {
  const [whole, cents] = [Math.trunc(ore / 100), Math.abs(ore % 100)]
  return `${ore < 0 && whole === 0 ? '-' : ''}${whole},${String(cents).padStart(2, '0')}`
}
