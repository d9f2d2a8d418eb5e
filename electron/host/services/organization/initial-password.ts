import { randomInt } from 'node:crypto'
import { newPasswordProblem } from '../../../../shared/domain/password.ts'

/** Without letters and digits that are taken for one another when somebody reads them out or types them from paper. */
const characters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 3
const perGroup = 4

/** A password to be given on by hand and changed at once: three groups of four, some 59 bits. */
export function newInitialPassword(): string {
  for (;;) {
    const password = Array.from({ length: groups }, () => Array.from({ length: perGroup }, () => characters[randomInt(characters.length)]).join('')).join('-')
    if (!newPasswordProblem(password, '')) return password
  }
}
