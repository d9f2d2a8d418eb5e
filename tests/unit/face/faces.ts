import type { FaceLandmarks, FacePoint } from '../../../shared/domain/face/geometry.ts'
import { meanFaceShape } from '../../../shared/domain/face/mean-shape.ts'

/** px between the eyes of `frontalFace`. */
const eyeDistance = 100
const scale = eyeDistance / 0.5435

/** Depth of each landmark towards the camera, by the same measure as the mean shape: jaw and temples lie back, the nose stands out. */
function depthOf(at: number): number {
  if (at <= 16) return -0.75 + 0.55 * (1 - (Math.abs(at - 8) / 8) ** 2)
  if (at >= 27 && at <= 30) return 0.1 + 0.12 * (at - 27)
  if (at >= 31 && at <= 35) return 0.2
  if (at >= 48) return 0.1
  return 0
}

/** The mean face with a jaw, in a picture of 640x480. */
export const frontalFace: FaceLandmarks = [
  ...Array.from({ length: 17 }, (_, at) => {
    const angle = Math.PI - (Math.PI * at) / 16
    return { x: 0.5 + 0.68 * Math.cos(angle), y: 0.28 + 0.98 * Math.sin(angle) }
  }),
  ...meanFaceShape.map(([x, y]) => ({ x, y })),
].map(({ x, y }) => ({ x: 320 + (x - 0.5) * scale, y: 240 + (y - 0.5) * scale }))

const middle: FacePoint = { x: 320, y: 240 }

/** Turned about the neck as a head is. @param degrees positive: to the person's own left */
export function turnedHead(degrees: number): FaceLandmarks {
  const angle = (degrees * Math.PI) / 180
  return frontalFace.map(({ x, y }, at) => ({ x: middle.x + (x - middle.x) * Math.cos(angle) + depthOf(at) * scale * Math.sin(angle), y }))
}

/** The same, of a flat picture of the face in a hand, seen by a near camera. */
export function turnedPicture(degrees: number): FaceLandmarks {
  const angle = (degrees * Math.PI) / 180
  const away = 9 * eyeDistance
  return frontalFace.map(({ x, y }) => {
    const nearer = away / (away + (x - middle.x) * Math.sin(angle))
    return { x: middle.x + (x - middle.x) * Math.cos(angle) * nearer, y: middle.y + (y - middle.y) * nearer }
  })
}

/** Turned in the picture's own plane, scaled and moved. */
export function turnedInPlane(points: FaceLandmarks, degrees: number, size = 1, by: FacePoint = { x: 0, y: 0 }): FaceLandmarks {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) * size, Math.sin((degrees * Math.PI) / 180) * size]
  return points.map(({ x, y }) => ({ x: cos * x - sin * y + by.x, y: sin * x + cos * y + by.y }))
}

/** With the mouth open. @param opening gap of the inner lips by its width */
export function openMouth(points: FaceLandmarks, opening: number): FaceLandmarks {
  const width = Math.hypot(points[64]!.x - points[60]!.x, points[64]!.y - points[60]!.y)
  const lower = new Set([55, 56, 57, 58, 59, 65, 66, 67])
  const gap = points[66]!.y - points[62]!.y
  return points.map(({ x, y }, at) => ({ x, y: lower.has(at) ? y + opening * width - gap : y }))
}
