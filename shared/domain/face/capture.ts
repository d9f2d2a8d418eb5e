import * as v from 'valibot'
import { faceTemplateSchema } from './template.ts'

/** 动作检测: what a person is asked to do, in an order that nobody knows before. */
export const challengeSteps = ['turn-left', 'turn-right', 'open-mouth'] as const
export const challengeStepSchema = v.picklist(challengeSteps)
export type ChallengeStep = v.InferOutput<typeof challengeStepSchema>

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

/** Of the frames that the template was made of: their means. */
export const faceQualitySchema = v.strictObject({
  /** Between the eyes' middles, in px of the camera's picture. */
  eyeDistance: v.pipe(v.number(), v.minValue(0)),
  /** Variance of the Laplacian. */
  sharpness: v.pipe(v.number(), v.minValue(0)),
  /** 0 to 255. */
  luminance: v.pipe(v.number(), v.minValue(0), v.maxValue(255)),
  /** How far to the side, 0 straight ahead; about 0.024 a degree. */
  yaw: v.pipe(v.number(), v.minValue(-2), v.maxValue(2)),
  /** How far the head is tilted, in degrees. */
  roll: v.pipe(v.number(), v.minValue(-180), v.maxValue(180)),
  detectorScore: share,
})
export type FaceQuality = v.InferOutput<typeof faceQualitySchema>

/** 活体检测. No claim beyond what docs/face.md measured. */
export const livenessSchema = v.strictObject({
  /** In the order in which it was asked, none left out; all were done by the same person. */
  steps: v.pipe(v.array(challengeStepSchema), v.maxLength(6), v.check((steps) => challengeSteps.every((step) => steps.includes(step)), 'every step')),
  /** From the first question to the last answer, in ms. */
  tookMs: v.pipe(v.number(), v.minValue(0)),
  /** What the operator's own presentation-attack model said, 1 genuine; null where there is none. */
  attackModelScore: v.nullable(share),
})
export type Liveness = v.InferOutput<typeof livenessSchema>

/** What one capture at the camera gives: the template and how it came about. The picture goes beside it. */
export const faceCaptureSchema = v.strictObject({ template: faceTemplateSchema, quality: faceQualitySchema, liveness: livenessSchema })
export type FaceCapture = v.InferOutput<typeof faceCaptureSchema>
