/** A place in a picture, in px from its upper left corner. */
export interface FacePoint {
  readonly x: number
  readonly y: number
}
/** The 68 points of the iBUG scheme, as the landmark net orders them: jaw 0–16, brows 17–26, nose 27–35, eyes 36–47, mouth 48–67. */
export type FaceLandmarks = readonly FacePoint[]
export const landmarkCount = 68

export interface FaceBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const distanceBetween = (a: FacePoint, b: FacePoint): number => Math.hypot(a.x - b.x, a.y - b.y)

export function middleOf(points: readonly FacePoint[]): FacePoint {
  const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 })
  return { x: sum.x / points.length, y: sum.y / points.length }
}

/** The middles of both eyes: the one on the picture's left first, which is the person's right. */
export const eyesOf = (points: FaceLandmarks): readonly [FacePoint, FacePoint] => [middleOf(points.slice(36, 42)), middleOf(points.slice(42, 48))]

/** Between the eyes' middles, in px. */
export const eyeDistanceOf = (points: FaceLandmarks): number => distanceBetween(...eyesOf(points))

/** How far the head is tilted to a shoulder, in degrees; positive: clockwise in the picture. */
export function rollOf(points: FaceLandmarks): number {
  const [left, right] = eyesOf(points)
  return (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI
}

/**
 * How far the head is turned: the tip of the nose between both cheeks, -1 to 1, 0 straight ahead, about 0.024 a degree.
 * Positive: to the person's own left, in a picture that is not mirrored.
 */
export function yawOf(points: FaceLandmarks): number {
  const toRight = distanceBetween(at(points, 30), at(points, 2))
  const toLeft = distanceBetween(at(points, 30), at(points, 14))
  return (toRight - toLeft) / Math.max(toRight + toLeft, Number.MIN_VALUE)
}

/** How far the mouth is open: the inner lips' gap by its width; closed about 0.03, speaking up to 0.3. */
export const mouthOpeningOf = (points: FaceLandmarks): number => distanceBetween(at(points, 62), at(points, 66)) / Math.max(distanceBetween(at(points, 60), at(points, 64)), Number.MIN_VALUE)

/** Jaw, brows, nose and eyes: all that does not move with the mouth alone. */
const rigidCount = 48

/**
 * What no affine map explains of the way from the frontal face to this one: root mean square over points 0–47, by the frontal face's
 * eye distance. A flat picture of a face, however it is turned, moves as a plane and leaves next to nothing; a head does not.
 * @param frontal the same person's landmarks looking straight ahead
 */
export function depthResidual(frontal: FaceLandmarks, now: FaceLandmarks): number {
  const from = centred(frontal.slice(0, rigidCount))
  const to = centred(now.slice(0, rigidCount))
  let xx = 0, xy = 0, yy = 0
  const right = { xu: 0, yu: 0, xv: 0, yv: 0 }
  for (const [index, { x, y }] of from.entries()) {
    const { x: u, y: v } = at(to, index)
    xx += x * x
    xy += x * y
    yy += y * y
    right.xu += x * u
    right.yu += y * u
    right.xv += x * v
    right.yv += y * v
  }
  const determinant = xx * yy - xy * xy
  if (determinant <= 0) return 0
  const [a, b] = [(right.xu * yy - right.yu * xy) / determinant, (right.yu * xx - right.xu * xy) / determinant]
  const [c, d] = [(right.xv * yy - right.yv * xy) / determinant, (right.yv * xx - right.xv * xy) / determinant]
  const squares = from.reduce((sum, { x, y }, index) => {
    const { x: u, y: v } = at(to, index)
    return sum + (a * x + b * y - u) ** 2 + (c * x + d * y - v) ** 2
  }, 0)
  // A face that has come nearer is larger all over: measured by its own size, and not by how near it was before.
  return Math.sqrt(squares / from.length) / Math.max(eyeDistanceOf(frontal) * Math.sqrt(Math.abs(a * d - b * c)), Number.MIN_VALUE)
}

function centred(points: readonly FacePoint[]): FacePoint[] {
  const middle = middleOf(points)
  return points.map(({ x, y }) => ({ x: x - middle.x, y: y - middle.y }))
}

function at(points: readonly FacePoint[], index: number): FacePoint {
  const point = points[index]
  if (!point) throw new RangeError(`a face has ${landmarkCount} landmarks, not ${points.length}`)
  return point
}
