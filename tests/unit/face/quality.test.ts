import { expect, it } from 'vitest'
import { meanWithoutOutliers } from '../../../shared/domain/face/mean-descriptor.ts'
import { lipEdge, measurePixels, qualitySize, toLuminance } from '../../../shared/domain/face/quality.ts'
import { faceThresholds } from '../../../shared/domain/face/thresholds.ts'
import { frontalFace } from './faces.ts'
import { personAt } from './findings.ts'

const square = (value: (x: number, y: number) => number) => Float32Array.from({ length: qualitySize ** 2 }, (_, at) => value(at % qualitySize, Math.floor(at / qualitySize)))

it('an even surface is not sharp, a pattern is', () => {
  expect(measurePixels(square(() => 120))).toEqual({ sharpness: 0, luminance: 120, darkShare: 0, brightShare: 0 })
  expect(measurePixels(square((x, y) => ((x >> 2) + (y >> 2)) % 2 ? 90 : 150)).sharpness).toBeGreaterThan(faceThresholds.sharpness.least)
})

it('shares of dark and of bright pixels are told', () => {
  expect(measurePixels(square((x) => (x < 32 ? 0 : x < 64 ? 255 : 128)))).toMatchObject({ darkShare: 0.25, brightShare: 0.25 })
})

it('luminance weighs the colours as BT.601 does', () => {
  const [red, green, blue] = toLuminance(new Uint8ClampedArray([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]))
  expect([red, green, blue].map((value) => Math.round(value!))).toEqual([76, 150, 29])
})

it('lips have an edge, a mask has none', () => {
  const inSquare = frontalFace.map(({ x, y }) => ({ x: ((x - 200) / 240) * qualitySize, y: ((y - 120) / 240) * qualitySize }))
  const [top, bottom] = [inSquare[51]!.y, inSquare[57]!.y]
  expect(lipEdge(square((_x, y) => (y >= top && y <= bottom ? 90 : 140)), inSquare, 130)).toBeGreaterThan(faceThresholds.covered.lipEdge)
  expect(lipEdge(square((_x, y) => 140 + y / 20), inSquare, 140)).toBeLessThan(faceThresholds.covered.lipEdge)
})

it('a frame of somebody else is left out of the mean', () => {
  const frames = [personAt(0), personAt(0.05), personAt(0.1), personAt(0.05), personAt(0.9)]
  const { mean, left, spread } = meanWithoutOutliers(frames, faceThresholds.capture.outlier)
  expect(left).toBe(4)
  expect(mean[0]).toBeCloseTo(0.05, 6)
  expect(spread).toBeLessThan(0.06)
})
