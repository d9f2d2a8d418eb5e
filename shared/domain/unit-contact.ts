import { isPhone, normalizePhone } from './mobile.ts'
import { missingText, textProblem } from './text-validation.ts'
import { tidyText } from './tidy-values.ts'

/**
 * What a unit says of itself in 企业基本信息. 企业名称, 单位类型 and 统一社会信用代码 are none of it: certificates, reviews and the
 * platform's own records go by them, so they stay with the operator.
 */
export const contactFields = ['address', 'contactName', 'contactPhone'] as const
export type ContactField = (typeof contactFields)[number]
export type UnitContact = Readonly<Record<ContactField, string>>

export const contactFieldLabels: Readonly<Record<ContactField, string>> = { address: '地址', contactName: '联系人', contactPhone: '联系电话' }

/** Of each, in characters. */
export const contactMaxLength = 100

/** Those that are given. */
export type ContactChanges = { readonly [F in ContactField]?: string | undefined }

/** As typed → as stored. */
export function tidyContact<T extends ContactChanges>(contact: T): T {
  const tidied = contactFields.flatMap((field) => {
    const text = contact[field]
    return text === undefined ? [] : [[field, field === 'contactPhone' ? normalizePhone(tidyText(text)) : tidyText(text)]]
  })
  return Object.fromEntries(tidied) as T
}

/** The first thing wrong with a field, as a sentence; null where nothing is. All three are wanted: others reach the unit by them. */
export function contactProblem(field: ContactField, value: string): string | null {
  const label = contactFieldLabels[field]
  if (value === '') return missingText(label)
  if (field === 'contactPhone') return isPhone(value) ? null : '联系电话不正确，请填写11位手机号码，或带区号的固定电话，如021-62345678。'
  return textProblem(label, value, { maxLength: contactMaxLength, ...(field === 'contactName' ? { spelling: 'person-name' as const } : {}) })
}

/** By field; empty where nothing is wrong. */
export function contactProblems(contact: ContactChanges): Partial<Record<ContactField, string>> {
  return Object.fromEntries(
    contactFields.flatMap((field) => {
      const value = contact[field]
      const problem = value === undefined ? null : contactProblem(field, value)
      return problem === null ? [] : [[field, problem]]
    }),
  )
}
