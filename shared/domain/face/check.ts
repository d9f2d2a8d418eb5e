import * as v from 'valibot'
import { shanghaiDate } from '../dates.ts'
import { ageOn, deriveFromIdCardNo } from '../derive.ts'
import { guardianUntil } from './consent.ts'

/** How a face check was passed: by the comparison alone, or by the clerk's word, with a reason and both pictures in front of them. */
export const faceOutcomes = ['matched', 'decided-by-clerk'] as const
export const faceOutcomeSchema = v.picklist(faceOutcomes)
export type FaceOutcome = v.InferOutput<typeof faceOutcomeSchema>
export const faceOutcomeLabels: Readonly<Record<FaceOutcome, string>> = { 'matched': '比对一致', 'decided-by-clerk': '经办人判定' }

/** The longest reason of a decision, of a withdrawal. */
export const faceReasonLength = 200

/** Why 人脸数据 that came with a check was not kept; the check was. */
export const faceNotKeptReasons = ['project-forbids', 'not-on-project', 'consent-withdrawn', 'unreadable'] as const
export const faceNotKeptReasonSchema = v.picklist(faceNotKeptReasons)
export type FaceNotKeptReason = v.InferOutput<typeof faceNotKeptReasonSchema>

/** What the central service has of a template or picture that belongs to a check. */
export const faceDataStates = ['not-sent', 'kept', 'deleted'] as const
export const faceDataStateSchema = v.picklist(faceDataStates)
export type FaceDataState = v.InferOutput<typeof faceDataStateSchema>

/** The largest picture that goes along with a check, in bytes of JPEG. */
export const largestFacePicture = 60 * 1024

/** Whether a guardian has to agree for the person of this number (个人信息保护法 art. 31). @param idCardNo as it is stored */
export function needsGuardian(idCardNo: string, at: Date): boolean {
  const { birthDate } = deriveFromIdCardNo(idCardNo)
  const age = birthDate === undefined ? null : ageOn(birthDate, shanghaiDate(at))
  return age !== null && age < guardianUntil
}
