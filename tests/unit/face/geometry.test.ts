import { describe, expect, it } from 'vitest'
import { depthResidual, eyeDistanceOf, mouthOpeningOf, rollOf, yawOf } from '../../../shared/domain/face/geometry.ts'
import { faceThresholds } from '../../../shared/domain/face/thresholds.ts'
import { frontalFace, openMouth, turnedHead, turnedInPlane, turnedPicture } from './faces.ts'

const { yaw, depth, mouth } = faceThresholds.challenge

describe('a face', () => {
  it('that looks straight ahead has no turn and no tilt', () => {
    expect(yawOf(frontalFace)).toBeCloseTo(0, 2)
    expect(rollOf(frontalFace)).toBeCloseTo(0, 6)
    expect(eyeDistanceOf(frontalFace)).toBeCloseTo(100, 0)
  })

  it('is tilted by as many degrees as it lies in the picture, and turned no more by that', () => {
    const tilted = turnedInPlane(frontalFace, 12, 1.4, { x: 5, y: 9 })
    expect(rollOf(tilted)).toBeCloseTo(12, 6)
    expect(yawOf(tilted)).toBeCloseTo(yawOf(frontalFace), 6)
  })

  it('that turns to its own left has a positive turn, to its right a negative one', () => {
    expect(yawOf(turnedHead(18))).toBeGreaterThan(yaw)
    expect(yawOf(turnedHead(-18))).toBeLessThan(-yaw)
  })

  it('opens its mouth as far as the lips are apart', () => {
    expect(mouthOpeningOf(frontalFace)).toBeLessThan(faceThresholds.challenge.neutral.mouth)
    expect(mouthOpeningOf(openMouth(frontalFace, 0.5))).toBeGreaterThan(mouth)
  })
})

describe('a turned head is told from a turned picture of one', () => {
  it('by what no affine map explains', () => {
    expect(depthResidual(frontalFace, turnedHead(20))).toBeGreaterThan(depth)
    for (const degrees of [20, 35, 50]) expect(depthResidual(frontalFace, turnedPicture(degrees)), `${degrees}`).toBeLessThan(depth)
  })

  it('wherever in the picture and however large it is', () => {
    expect(depthResidual(frontalFace, turnedInPlane(turnedHead(20), 10, 0.6, { x: 90, y: 3 }))).toBeCloseTo(depthResidual(frontalFace, turnedHead(20)), 6)
    expect(depthResidual(frontalFace, turnedInPlane(frontalFace, 30, 2, { x: 9, y: 9 }))).toBeCloseTo(0, 6)
  })
})
