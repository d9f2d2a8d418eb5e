import * as v from 'valibot'
import { idCardBackType, idCardFrontType, portraitType } from '../domain/attachments.ts'
import { countSchema, idSchema } from './common.ts'

/** Names asked about at once. */
export const mostPhotoNames = 500

export const photoTypeSchema = v.picklist([idCardFrontType, idCardBackType, portraitType])

/** Whose photo a file is by its name, as far as the register knows. */
export const photoMatchSchema = v.variant('outcome', [
  v.strictObject({
    outcome: v.literal('matched'),
    recordId: idSchema,
    /** 姓名. */
    name: v.string(),
    maskedIdCardNo: v.string(),
    type: photoTypeSchema,
    /** There is a photo of this type already. */
    has: v.boolean(),
  }),
  /** Several people of that name have these last four characters. */
  v.strictObject({ outcome: v.literal('ambiguous'), count: countSchema }),
  /** Neither an ID number nor a name with its last four characters stands in the name. */
  v.strictObject({ outcome: v.literal('unnamed') }),
  /** Nobody of that number or name is registered here. */
  v.strictObject({ outcome: v.literal('unknown') }),
  v.strictObject({ outcome: v.literal('left') }),
  /** Of an ID card, and the name does not say which side. */
  v.strictObject({ outcome: v.literal('side-unknown') }),
])
export type PhotoMatch = v.InferOutput<typeof photoMatchSchema>
