import { describe, expect, it } from 'vitest'
import { applySimilarity, chipSize, chipTransform, fitSimilarity } from '../../../shared/domain/face/alignment.ts'
import { distanceBetween, eyesOf } from '../../../shared/domain/face/geometry.ts'
import { meanFaceShape } from '../../../shared/domain/face/mean-shape.ts'
import { frontalFace, turnedInPlane } from './faces.ts'

describe('a face is cut out', () => {
  it('upright and of one size, however it lies in the picture', () => {
    const upright = chipTransform(frontalFace)
    for (const [degrees, scale, x, y] of [[20, 1, 30, -12], [-35, 2.5, 400, 10], [90, 0.3, 0, 700]] as const) {
      const moved = turnedInPlane(frontalFace, degrees, scale, { x, y })
      const cut = chipTransform(moved)
      for (const at of [17, 30, 36, 45, 57]) expect(distanceBetween(applySimilarity(cut, moved[at]!), applySimilarity(upright, frontalFace[at]!))).toBeLessThan(1e-6)
    }
  })

  it('with its eyes level, in the middle and within the crop', () => {
    const cut = chipTransform(turnedInPlane(frontalFace, 25, 1.7, { x: 80, y: 40 }))
    const [left, right] = eyesOf(turnedInPlane(frontalFace, 25, 1.7, { x: 80, y: 40 })).map((eye) => applySimilarity(cut, eye))
    expect(left!.y).toBeCloseTo(right!.y, 6)
    expect((left!.x + right!.x) / 2).toBeCloseTo(chipSize / 2, 6)
  })
})

it('the mean shape has every inner landmark, and is its own mirror image', () => {
  expect(meanFaceShape).toHaveLength(51)
  const turned = meanFaceShape.map(([x, y]) => [1 - x, y])
  for (const [x, y] of meanFaceShape) expect(turned.some(([u, v]) => Math.abs(u! - x) < 2e-4 && Math.abs(v! - y) < 2e-4), `${x}, ${y}`).toBe(true)
})

it('points that all lie in one place are refused', () => {
  expect(() => fitSimilarity([{ x: 1, y: 1 }, { x: 1, y: 1 }], [{ x: 0, y: 0 }, { x: 1, y: 0 }])).toThrow(RangeError)
})
