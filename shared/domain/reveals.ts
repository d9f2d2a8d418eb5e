import * as v from 'valibot'

/** Numbers that lists show masked, and that may be looked at one by one (PIPL arts. 6, 51). */
export const revealedFields = ['idCardNo', 'mobile'] as const
export const revealedFieldSchema = v.picklist(revealedFields)
export type RevealedField = v.InferOutput<typeof revealedFieldSchema>

/** Seconds for which a number is shown. */
export const revealSeconds = 30

/** What a number is looked at for. Ours: neither law nor manual has a list. `other` wants words. */
export const revealReasons = ['contact', 'check-papers', 'insurance', 'authority', 'correction', 'other'] as const
export const revealReasonSchema = v.picklist(revealReasons)
export type RevealReason = v.InferOutput<typeof revealReasonSchema>
/** Why numbers are to be seen in clear. */
export const revealWhySchema = v.strictObject({ reason: revealReasonSchema, words: v.pipe(v.string(), v.maxLength(1_000)) })
export type RevealWhy = v.InferOutput<typeof revealWhySchema>

export const revealReasonLabels: Readonly<Record<RevealReason, string>> = {
  'contact': '联系本人',
  'check-papers': '核对证件或材料',
  'insurance': '办理社保或保险',
  'authority': '主管部门或实施单位要求',
  'correction': '更正登记信息',
  'other': '其他',
}
