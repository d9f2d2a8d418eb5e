import { describe, expect, it } from 'vitest'
import { faceConsentSpoken, faceConsentText } from '../../shared/domain/face/consent.ts'
import { candidateKind, compareWithDocument, similarityOf } from '../../shared/domain/face/matching.ts'
import { areComparable, descriptorDistance, descriptorLength, faceCropVersion, faceModelId } from '../../shared/domain/face/template.ts'

const point = (at: number, value: number) => Array.from({ length: descriptorLength }, (_, each) => (each === at ? value : 0))

describe('one face against the picture on the document', () => {
  it.each([[0, 'match'], [0.5, 'match'], [0.501, 'clerk-decides'], [0.6, 'clerk-decides'], [0.601, 'refused']] as const)('at %d: %s', (distance, outcome) => {
    expect(compareWithDocument(distance)).toBe(outcome)
  })
})

describe('one face against those of everybody else', () => {
  it.each([[0.45, 'duplicate'], [0.451, 'similar'], [0.55, 'similar'], [0.551, null]] as const)('at %d: %s', (distance, kind) => {
    expect(candidateKind(distance)).toBe(kind)
  })
})

describe('descriptors', () => {
  it('are as far from each other as Euclid has it', () => {
    expect(descriptorDistance(point(0, 0.3), point(127, 0.4))).toBeCloseTo(0.5)
    expect(descriptorDistance(point(5, 1), point(5, 1))).toBe(0)
  })

  it('of another net or another crop are not compared', () => {
    const own = { modelId: faceModelId, cropVersion: faceCropVersion }
    expect(areComparable(own, { ...own })).toBe(true)
    expect(areComparable(own, { ...own, cropVersion: faceCropVersion + 1 })).toBe(false)
    expect(areComparable(own, { ...own, modelId: 'other' })).toBe(false)
  })
})

it('likeness goes from 1 to 0, and is one half where the clerk decides at the latest', () => {
  expect([0, 0.6, 1.2, 3].map((distance) => similarityOf(distance))).toEqual([1, 0.5, 0, 0])
})

it('what is read aloud is the notice as it is shown, whole, with whoever handles it', () => {
  for (const { heading, text } of faceConsentText('甲修缮有限公司')) {
    expect(faceConsentSpoken('甲修缮有限公司')).toContain(`${heading}：${text}`)
  }
  expect(faceConsentSpoken('甲修缮有限公司')).toContain('甲修缮有限公司采集您的人脸信息')
})
