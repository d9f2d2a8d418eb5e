import type { FacePoint } from './geometry.ts'

/** Side of the square that a face is measured in, in px: all numbers of docs/face.md are of this size. */
export const qualitySize = 128

/** What a face's own pixels say. */
export interface PixelQuality {
  /** Variance of the Laplacian. */
  readonly sharpness: number
  /** 0 to 255. */
  readonly luminance: number
  /** Shares of pixels below 25 and above 250. */
  readonly darkShare: number
  readonly brightShare: number
}

/** Luminance of each pixel (ITU-R BT.601). @param rgba as `ImageData.data` */
export function toLuminance(rgba: Uint8ClampedArray): Float32Array {
  const grey = new Float32Array(rgba.length / 4)
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) grey[at] = 0.299 * rgba[from]! + 0.587 * rgba[from + 1]! + 0.114 * rgba[from + 2]!
  return grey
}

/** @param grey `qualitySize` squared, the detector's box scaled to it */
export function measurePixels(grey: Float32Array, size = qualitySize): PixelQuality {
  let sum = 0, dark = 0, bright = 0
  for (const value of grey) {
    sum += value
    if (value < 25) dark++
    if (value > 250) bright++
  }
  return { sharpness: laplacianVariance(grey, size), luminance: sum / grey.length, darkShare: dark / grey.length, brightShare: bright / grey.length }
}

function laplacianVariance(grey: Float32Array, size: number): number {
  let sum = 0, squares = 0
  for (let y = 1; y < size - 1; y++) {
    for (let at = y * size + 1; at < y * size + size - 1; at++) {
      const value = 4 * grey[at]! - grey[at - 1]! - grey[at + 1]! - grey[at - size]! - grey[at + size]!
      sum += value
      squares += value * value
    }
  }
  const count = (size - 2) ** 2
  return squares / count - (sum / count) ** 2
}

/**
 * The darkest tenth of the eyes by the luminance of the skin below them: pupils and lashes are dark, lids are not. About 0.1 open,
 * 0.4 and more closed; it differs from person to person, so it is compared with the same person's alone.
 * @param points landmarks in px of the measured square
 */
export function eyeDarkness(grey: Float32Array, points: readonly FacePoint[], size = qualitySize): number {
  const eyes = [...pixelsWithin(grey, points.slice(36, 42), size), ...pixelsWithin(grey, points.slice(42, 48), size)].sort((a, b) => a - b)
  // Cheeks: between the lower lids and the nostrils' height.
  const skin = pixelsWithin(grey, [points[41], points[46], points[31], points[35]].filter((point) => point !== undefined), size)
  const darkest = eyes.slice(0, Math.max(1, Math.round(eyes.length / 10)))
  return mean(darkest) / Math.max(mean(skin), 1)
}

/** Outer and inner edges of both lips, half way between the corners. */
const lipPoints = [51, 57, 62, 66] as const
/** px of the measured square: how far the landmarks may be off, and how broad an edge is looked at. */
const lipReach = { up: 4, across: 3 }

/**
 * The strongest edge about the middle of the lips, from above to below, by the face's luminance: 0.2 and more of lips, whoever's; a
 * mask, a hand or a scarf has none there, however sure the landmarks are of it.
 * @param points landmarks in px of the measured square
 */
export function lipEdge(grey: Float32Array, points: readonly FacePoint[], luminance: number, size = qualitySize): number {
  const clamp = (value: number) => Math.min(size - 1, Math.max(0, value))
  const across = (x: number, y: number) => {
    let sum = 0
    for (let at = x - lipReach.across; at <= x + lipReach.across; at++) sum += grey[clamp(y) * size + clamp(at)]!
    return sum / (2 * lipReach.across + 1)
  }
  let strongest = 0
  for (const index of lipPoints) {
    const [x, y] = [Math.round(points[index]?.x ?? 0), Math.round(points[index]?.y ?? 0)]
    for (let at = y - lipReach.up; at <= y + lipReach.up; at++) strongest = Math.max(strongest, Math.abs(across(x, at + 1) - across(x, at - 1)))
  }
  return strongest / Math.max(luminance, 1)
}

function pixelsWithin(grey: Float32Array, points: readonly FacePoint[], size: number): number[] {
  const clamp = (value: number) => Math.min(size - 1, Math.max(0, Math.round(value)))
  const [left, right] = [clamp(Math.min(...points.map(({ x }) => x))), clamp(Math.max(...points.map(({ x }) => x)))]
  const [top, bottom] = [clamp(Math.min(...points.map(({ y }) => y))), clamp(Math.max(...points.map(({ y }) => y)))]
  const found: number[] = []
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) found.push(grey[y * size + x]!)
  return found
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
