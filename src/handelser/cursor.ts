import type { Encryption } from '../shared/encryption.ts'
import { defineProblem } from '../shared/refusals.ts'
import type { Position } from './schema.ts'

const okandMarkor = defineProblem(
  'okand-markor',
  400,
  'Markören är okänd',
  'cursor ska vara nextCursor från en tidigare läsning, oförändrad, eller nu. Utelämna den för att läsa från början.',
)

const digits = 19
// Without the zeros that make it as long: PostgreSQL takes a number that begins with one as octal.
const form = /^handelse 0*(\d+) 0*(\d+) (\d{4}-\d\d-\d\d)$/

/**
 * A position as a reader holds it. Encrypted, and always as long: positions are numbered for all parties together, and
 * from their gaps one could count what others are told, also of protected households.
 */
export function cursorOf(encryption: Encryption, { xid, nr, day }: Position): string {
  return encryption.encrypt(`handelse ${xid.padStart(digits, '0')} ${nr.padStart(digits, '0')} ${day}`).slice(3)
}

/** @throws 400 when it is no cursor of ours */
export function positionOf(encryption: Encryption, cursor: string): Position {
  const [, xid, nr, day] = form.exec(opened(encryption, cursor)) ?? []
  if (!xid || !nr || !day) throw okandMarkor()
  return { xid, nr, day }
}

function opened(encryption: Encryption, cursor: string): string {
  try {
    return encryption.decrypt(`v1.${cursor}`)
  } catch {
    return ''
  }
}
