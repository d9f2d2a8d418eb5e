import * as v from 'valibot'

/** 身份核验: how it was made sure that somebody is who the ID card says. The face must never be the only way (人脸识别技术应用安全管理办法). */
export const identityCheckMethods = ['face', 'non-face'] as const
export const identityCheckMethodSchema = v.picklist(identityCheckMethods)
export type IdentityCheckMethod = v.InferOutput<typeof identityCheckMethodSchema>
export const identityCheckMethodLabels: Readonly<Record<IdentityCheckMethod, string>> = { 'face': '人脸识别', 'non-face': '非人脸核验' }

/** 非人脸核验 waits for a second manager before anybody has passed. */
export const identityCheckResults = ['awaiting-second', 'passed', 'refused'] as const
export const identityCheckResultSchema = v.picklist(identityCheckResults)
export type IdentityCheckResult = v.InferOutput<typeof identityCheckResultSchema>
export const identityCheckResultLabels: Readonly<Record<IdentityCheckResult, string>> = { 'awaiting-second': '待第二人复核', 'passed': '核验通过', 'refused': '核验不通过' }

/** The lists' column 是否完成人脸识别 (manual 5.2 to 5.4). Whoever was checked without a face is never called 是. */
export const identityCheckShown = (method: IdentityCheckMethod | null): string => (method === null ? '否' : method === 'face' ? '是' : identityCheckMethodLabels[method])
