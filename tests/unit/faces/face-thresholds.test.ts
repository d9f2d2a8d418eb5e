import { expect, it } from 'vitest'
import { faceThresholdsIn } from '../../../electron/browser/face-thresholds.ts'
import { candidateKind, compareWithDocument, usualMatchThresholds } from '../../../shared/domain/face/matching.ts'

const strict = { sameAsDocument: 0.4, clerkDecides: 0.5, duplicate: 0.35, similar: 0.45 }

it('an operator who has calibrated sets all four thresholds, and comparisons go by them', () => {
  const thresholds = faceThresholdsIn(JSON.stringify(strict))
  expect(thresholds).toEqual(strict)
  expect([compareWithDocument(0.45), compareWithDocument(0.45, thresholds)]).toEqual(['match', 'clerk-decides'])
  expect([candidateKind(0.4), candidateKind(0.4, thresholds)]).toEqual(['duplicate', 'similar'])
  expect(faceThresholdsIn(JSON.stringify(usualMatchThresholds))).toEqual(usualMatchThresholds)
})

it.each([
  ['no JSON', 'strict'], ['one is left out', JSON.stringify({ ...strict, similar: undefined })], ['one too many', JSON.stringify({ ...strict, other: 0.5 })],
  ['everybody is the same', JSON.stringify({ ...strict, clerkDecides: 1.4 })], ['nobody is', JSON.stringify({ ...strict, duplicate: 0 })],
  ['the clerk has nothing to decide on', JSON.stringify({ ...strict, sameAsDocument: 0.6 })], ['a duplicate is not similar', JSON.stringify({ ...strict, duplicate: 0.5 })],
])('thresholds that make no sense start no workstation: %s', (_what, text) => {
  expect(() => faceThresholdsIn(text)).toThrow(/^--face-thresholds takes/)
})
