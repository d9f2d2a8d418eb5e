import { middleOf, type FaceLandmarks, type FacePoint } from './geometry.ts'
import { meanFaceShape } from './mean-shape.ts'

/** A similarity: (x, y) becomes (a·x - b·y + e, b·x + a·y + f). As a canvas has it: setTransform(a, b, -b, a, e, f). */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly e: number
  readonly f: number
}

/** The similarity that brings one set of points nearest to another by least squares (Umeyama 1991, in the plane without reflection). */
export function fitSimilarity(from: readonly FacePoint[], to: readonly FacePoint[]): Similarity {
  if (from.length !== to.length || from.length < 2) throw new RangeError('a similarity needs two sets of the same number of points')
  const [middleFrom, middleTo] = [middleOf(from), middleOf(to)]
  let along = 0, across = 0, square = 0
  for (const [index, point] of from.entries()) {
    const target = to[index] as FacePoint
    const [x, y, u, v] = [point.x - middleFrom.x, point.y - middleFrom.y, target.x - middleTo.x, target.y - middleTo.y]
    along += x * u + y * v
    across += x * v - y * u
    square += x * x + y * y
  }
  if (square === 0) throw new RangeError('points that all lie in one place have no similarity')
  const [a, b] = [along / square, across / square]
  return { a, b, e: middleTo.x - (a * middleFrom.x - b * middleFrom.y), f: middleTo.y - (b * middleFrom.x + a * middleFrom.y) }
}

export const applySimilarity = ({ a, b, e, f }: Similarity, { x, y }: FacePoint): FacePoint => ({ x: a * x - b * y + e, y: b * x + a * y + f })

/** Side of the picture that the descriptor net takes, in px. */
export const chipSize = 150
/** Around the mean shape, as a share of its width: what the net was trained with (dlib's get_face_chip_details, padding 0.25). */
const chipPadding = 0.25

/** Without the jaw: it tells more of the beard and of the collar than of where the face is. */
const firstInnerPoint = 17
const chipPoints: readonly FacePoint[] = meanFaceShape.map(([x, y]) => ({ x: (chipSize * (x + chipPadding)) / (1 + 2 * chipPadding), y: (chipSize * (y + chipPadding)) / (1 + 2 * chipPadding) }))

/** From the picture to the upright chip of 150x150 that the descriptor is made of. `faceCropVersion` names this way of cutting. */
export const chipTransform = (landmarks: FaceLandmarks): Similarity => fitSimilarity(landmarks.slice(firstInnerPoint), chipPoints)

/** The small picture that is shown and, where that was agreed to, kept: upright, of the shape of an ID photo. */
export const stillSize = { width: 240, height: 320 } as const
const stillEyes: readonly FacePoint[] = [{ x: 86, y: 140 }, { x: 154, y: 140 }]

export const stillTransform = (eyes: readonly [FacePoint, FacePoint]): Similarity => fitSimilarity(eyes, stillEyes)
