import * as v from 'valibot'

/**
 * `attack-model.json` beside an operator's own presentation-attack model: how the model is asked. The model itself is a TensorFlow.js graph
 * model (`model.json` and its weights) with one square picture of the face as input and one number a class as output.
 */
export const attackModelSchema = v.strictObject({
  /** Side of the square it takes, in px. */
  inputSize: v.pipe(v.number(), v.safeInteger(), v.minValue(32), v.maxValue(512)),
  /** Side of what is cut out about the face, by the longer side of the detector's box. */
  cropScale: v.pipe(v.number(), v.minValue(1), v.maxValue(5)),
  channels: v.picklist(['rgb', 'bgr']),
  /** Largest value of a channel as it is given to the model. */
  range: v.picklist([1, 255]),
  /** NHWC as TensorFlow has it, or NCHW as models from PyTorch often want it. */
  layout: v.picklist(['nhwc', 'nchw']),
  /** Whether the output is probabilities already. */
  output: v.picklist(['probabilities', 'logits']),
  /** Which class is a genuine face, from 0. */
  genuine: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(20)),
  /** Least probability of that class, mean of the frames of a template, at which a capture counts. */
  least: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
})
export type AttackModelFacts = v.InferOutput<typeof attackModelSchema>

/** The genuine class's probability among a model's outputs. Null where it has no such class, or says no numbers. */
export function genuineShare(outputs: ArrayLike<number>, { output, genuine }: Pick<AttackModelFacts, 'output' | 'genuine'>): number | null {
  const values = Array.from(outputs)
  if (genuine >= values.length || !values.every(Number.isFinite)) return null
  const most = Math.max(...values)
  const weights = output === 'logits' ? values.map((value) => Math.exp(value - most)) : values
  const share = weights[genuine]! / weights.reduce((sum, value) => sum + value, 0)
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : null
}
