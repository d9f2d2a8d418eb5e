import * as v from 'valibot'
import { calendarDateSchema } from '../../../shared/contract/attachments.contract.ts'
import { countSchema, idSchema, instantSchema } from '../../../shared/contract/common.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

/** What a sealed file tells of itself, so that its row can be made again where the unit's file had to be rebuilt. */
const descriptionSchema = v.strictObject({
  /** null: the unit's own. */
  recordId: v.nullable(idSchema),
  type: v.string(),
  name: v.string(),
  mediaType: v.string(),
  size: countSchema,
  sha256: v.string(),
  proofDate: v.nullable(calendarDateSchema),
  addedAt: instantSchema,
})
export type Description = v.InferOutput<typeof descriptionSchema>

export const writeDescription = (description: Description): string => JSON.stringify(description)

/** @throws AppError attachment-lost-here */
export function readDescription(text: string): Description {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), descriptionSchema), text)
  if (!parsed.success) throw new AppError('attachment-lost-here')
  return parsed.output
}
