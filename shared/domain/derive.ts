import { parseDate } from './dates.ts'
import { checkIdCardNo } from './id-card-no.ts'
import type { PersonFieldName, PersonValues } from './person-fields.ts'

/** Fields of the form that the number tells, and that nobody has to type. */
export const derivedFields: readonly PersonFieldName[] = ['sex', 'birthDate']

/** What a right ID number says about the form: sex and birth date where it tells them, and its own one spelling. */
export function deriveFromIdCardNo(idCardNo: string): Partial<Pick<PersonValues, 'sex' | 'birthDate' | 'idCardNo'>> {
  const checked = checkIdCardNo(idCardNo)
  if (!checked.ok) return {}
  return {
    idCardNo: checked.normalized,
    ...(checked.sex === null ? {} : { sex: checked.sex }),
    ...(checked.birthDate === null ? {} : { birthDate: checked.birthDate }),
  }
}

/**
 * Fields that the number has settled; the number itself among them, as it was checked for double registration. While it is
 * not right, what it will tell waits for it (manual 4.1: not typed), and what an earlier number told stays.
 */
export function lockedFields(idCardNo: string): ReadonlySet<PersonFieldName> {
  if (idCardNo.trim() !== '' && !checkIdCardNo(idCardNo).ok) return new Set(derivedFields)
  return new Set(Object.keys(deriveFromIdCardNo(idCardNo)) as PersonFieldName[])
}

/**
 * Full years (周岁) on a day: one more from the birthday itself on; for 29 February in common years, from 1 March.
 * @param birthDate yyyy-MM-dd @param today yyyy-MM-dd @returns null where the birth date is no real date or in the future
 */
export function ageOn(birthDate: string, today: string): number | null {
  if (parseDate(birthDate) !== birthDate || birthDate > today) return null
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years
}
