import { expect, it } from 'vitest'
import * as v from 'valibot'
import { attackModelSchema, genuineShare } from '../../../shared/domain/face/attack-model.ts'

it('the genuine class’s share is told of probabilities and of logits', () => {
  expect(genuineShare([0.2, 0.7, 0.1], { output: 'probabilities', genuine: 1 })).toBeCloseTo(0.7, 6)
  expect(genuineShare([2, 2 + Math.log(3)], { output: 'logits', genuine: 1 })).toBeCloseTo(0.75, 6)
  expect(genuineShare([1000, 0], { output: 'logits', genuine: 0 })).toBe(1)
})

it('a model without that class, or that says no numbers, says nothing', () => {
  expect(genuineShare([0.2, 0.8], { output: 'probabilities', genuine: 2 })).toBe(null)
  expect(genuineShare([Number.NaN, 0.8], { output: 'logits', genuine: 1 })).toBe(null)
  expect(genuineShare([0, 0], { output: 'probabilities', genuine: 1 })).toBe(null)
})

it('a description that leaves something open is none', () => {
  const whole = { inputSize: 80, cropScale: 2.7, channels: 'bgr', range: 255, layout: 'nhwc', output: 'probabilities', genuine: 1, least: 0.5 }
  expect(v.is(attackModelSchema, whole)).toBe(true)
  for (const key of Object.keys(whole)) expect(v.is(attackModelSchema, { ...whole, [key]: undefined }), key).toBe(false)
  expect(v.is(attackModelSchema, { ...whole, path: '/elsewhere' })).toBe(false)
})
