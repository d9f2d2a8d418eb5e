import { randomInt } from 'node:crypto'
import { idCardCheckCharacter } from '../../../shared/domain/id-card-no.ts'

export interface InventedPerson {
  readonly name: string
  readonly idCardNo: string
  readonly mobile: string
}

/** Every number that was made up for this run: at the end none of them may stand where it has no business. */
export const inventedNumbers = new Set<string>()

/** Right in form. The code of Shanghai as a whole stands where papers carry that of a district, so it is nobody's. */
export function inventPerson(name: string, { sex = '1', birthDate = '1985-06-12' }: { sex?: '1' | '2'; birthDate?: string } = {}): InventedPerson {
  const order = String(randomInt(100, 450) * 2 + (sex === '1' ? 1 : 0)).padStart(3, '0')
  const first17 = `310100${birthDate.replaceAll('-', '')}${order}`
  const person = { name, idCardNo: first17 + idCardCheckCharacter(first17), mobile: `139${String(randomInt(10_000_000, 99_999_999))}` }
  inventedNumbers.add(person.idCardNo)
  inventedNumbers.add(person.mobile)
  return person
}
