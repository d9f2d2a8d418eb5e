import * as v from 'valibot'

/** Which net made a descriptor. Those of another net cannot be compared with it. */
export const faceModelId = 'face-api-1.7.15/face_recognition'
/** How a face was cut out for the net: 1, upright by the 68 landmarks, mirrored as well. Those cut otherwise cannot be compared with it. */
export const faceCropVersion = 1

export const descriptorLength = 128
/** A place in a space where the same person's faces lie near each other. Personal: nobody is to be found by one but for the purpose that was agreed to. */
export const faceDescriptorSchema = v.pipe(v.array(v.pipe(v.number(), v.finite(), v.minValue(-2), v.maxValue(2))), v.length(descriptorLength))

export const faceTemplateSchema = v.strictObject({
  descriptor: faceDescriptorSchema,
  modelId: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  cropVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})
export type FaceTemplate = v.InferOutput<typeof faceTemplateSchema>

/** Euclidean; two pictures of one person are at about 0.4, of two people at about 0.8. */
export function descriptorDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let at = 0; at < descriptorLength; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2
  return Math.sqrt(sum)
}

/** Whether a distance between them means anything. */
export const areComparable = (a: Pick<FaceTemplate, 'modelId' | 'cropVersion'>, b: Pick<FaceTemplate, 'modelId' | 'cropVersion'>): boolean => a.modelId === b.modelId && a.cropVersion === b.cropVersion
