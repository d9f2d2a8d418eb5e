import { normalizeIdCardNo } from './id-card-no.ts'
import { managerFieldNames, type ManagerValues } from './manager-fields.ts'
import { normalizeMobile } from './mobile.ts'

/** As typed → as saved and checked: texts without blanks around them, the two numbers in their one spelling. */
export function tidyValues(values: ManagerValues): ManagerValues {
  const tidied = Object.fromEntries(managerFieldNames.map((name) => [name, tidyText(values[name])])) as ManagerValues
  return { ...tidied, idCardNo: normalizeIdCardNo(values.idCardNo), mobile: normalizeMobile(values.mobile) }
}

/** A tab or a line break of a cell in a spreadsheet is a blank here; marks that nobody sees and nobody means go. */
export function tidyText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\p{Cf}+/gu, '').trim()
}
