import { personFieldTable, type PersonFieldName } from './person-fields.ts'
import { maskDate, maskIdCardNo, maskMobile, maskText } from './masks.ts'

/** A field as it is shown where nobody works on it any more: what 导出 masks is masked here too. */
export function maskedField(name: PersonFieldName, value: string): string {
  if (name === 'birthDate') return maskDate(value)
  if (name === 'residenceDetail') return maskText(value)
  const { kind } = personFieldTable[name].input
  return kind === 'id-card-no' ? maskIdCardNo(value) : kind === 'mobile' ? maskMobile(value) : value
}
