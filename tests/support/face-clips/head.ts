import { depthOf } from './head-depth.ts'
import type { Mesh, Picture } from './raster.ts'
import { portrait, type Point, type Sitter } from './sitters.ts'

/** How a head is held before the camera. Angles in degrees, shifts in px of the frame. */
export interface Pose {
  /** To the right side of the picture where positive. */
  readonly yaw?: number
  /** Down where positive. */
  readonly pitch?: number
  readonly roll?: number
  /** Between the lips, in eye distances. */
  readonly mouth?: number
  /** 1: eyes about 105 px apart in the frame. */
  readonly zoom?: number
  readonly shift?: Point
}

/** Rows of the texture below the portrait: what is seen of a mouth from outside. */
export const mouthRows = 64

/** Where the middle of a face stands in its portrait and, unshifted, in the frame. */
const middle: Point = [400, 310]
const middleInFrame: Point = [320, 236]
const cameraDistance = 9 * portrait.eyeDistance
const [columns, rows] = [64, 24]
/** px behind the eyes: the neck, about which a head turns. */
const neck = -0.8 * portrait.eyeDistance

interface Corner {
  readonly x: number
  readonly y: number
  readonly depth: number
  readonly u: number
  readonly v: number
  /** How far an open mouth moves it down, in parts of the opening. */
  readonly drop: number
  /** 1: of the head, 0: of the shoulders, which stay. */
  readonly head: number
}

/** A sitter's head as a sheet over the portrait, cut along the lips, that can be held in any pose. */
export class Head {
  readonly #sitter: Sitter
  readonly #texture: Picture
  readonly #corners: readonly Corner[]
  readonly #triangles: Uint32Array

  /** @param texture the portrait, with `mouthRows` of mouth below it */
  constructor(sitter: Sitter, texture: Picture) {
    this.#sitter = sitter
    this.#texture = texture
    const sheet = cutAlongLips(sitter)
    this.#corners = sheet.corners
    this.#triangles = seen(sheet, texture)
  }

  /** @returns the mesh to draw */
  inPose({ yaw = 0, pitch = 0, roll = 0, mouth = 0, zoom = 1, shift = [0, 0] }: Pose): Mesh {
    const asTaken = rotation(this.#sitter.turned.yaw, this.#sitter.turned.pitch)
    const held = rotation(yaw, pitch)
    const [cos, sin] = [Math.cos((roll * Math.PI) / 180), Math.sin((roll * Math.PI) / 180)]
    const scale = zoom * (105 / portrait.eyeDistance)
    const out = new Float32Array(this.#corners.length * 5)
    for (const [index, corner] of this.#corners.entries()) {
      const [x, y, z] = hold(corner, asTaken, held, mouth)
      const near = cameraDistance / (cameraDistance - z)
      const [px, py] = [x * near * scale, y * near * scale]
      out.set([middleInFrame[0] + shift[0] + cos * px - sin * py, middleInFrame[1] + shift[1] + sin * px + cos * py, z, corner.u, corner.v], index * 5)
    }
    return { texture: this.#texture, corners: out, triangles: this.#triangles }
  }
}

/** @returns the triangles that show something */
function seen({ corners, triangles }: Sheet, { width, data }: Picture): Uint32Array {
  const shows = corners.map(({ u, v }) => (data[(Math.floor(v) * width + Math.min(width - 1, Math.floor(u))) * 4 + 3] ?? 0) > 0)
  return Uint32Array.from(triangles.filter((_, index) => [0, 1, 2].some((corner) => shows[triangles[index - (index % 3) + corner] ?? 0])))
}

/** Rows of a matrix: about the upright axis, then about the level one. */
type Rotation = readonly [Point3, Point3, Point3]
type Point3 = readonly [x: number, y: number, z: number]

function rotation(yaw: number, pitch: number): Rotation {
  const [cy, sy] = [Math.cos((yaw * Math.PI) / 180), Math.sin((yaw * Math.PI) / 180)]
  const [cp, sp] = [Math.cos((pitch * Math.PI) / 180), Math.sin((pitch * Math.PI) / 180)]
  return [[cy, 0, sy], [-sp * sy, cp, sp * cy], [-cp * sy, -sp, cp * cy]]
}

const times = ([a, b, c]: Rotation, [x, y, z]: Point3): Point3 => [a[0] * x + a[1] * y + a[2] * z, b[0] * x + b[1] * y + b[2] * z, c[0] * x + c[1] * y + c[2] * z]

/** @returns where the corner is in px of the portrait, seen from the middle of the face */
function hold(corner: Corner, asTaken: Rotation, held: Rotation, mouth: number): Point3 {
  const [seenX, seenY, z] = [corner.x - middle[0], corner.y - middle[1], corner.depth - neck]
  // What of the head was seen there when the picture was taken.
  const [[a, b, c], [d, e, f]] = asTaken
  const [rightX, rightY] = [seenX - c * z, seenY - f * z]
  const determinant = a * e - b * d
  const [x, y] = [(rightX * e - b * rightY) / determinant, (a * rightY - d * rightX) / determinant]
  const [movedX, movedY, movedZ] = times(held, [x, y + mouth * portrait.eyeDistance * corner.drop, z])
  const stays = 1 - corner.head
  return [corner.head * movedX + stays * seenX, corner.head * movedY + stays * seenY, corner.head * (movedZ + neck) + stays * corner.depth]
}

interface Sheet {
  readonly corners: Corner[]
  readonly triangles: number[]
}

function cutAlongLips(sitter: Sitter): Sheet {
  const depth = depthOf(sitter)
  const lips = lipsOf(sitter)
  const corners: Corner[] = []
  const triangles: number[] = []
  const add = (x: number, y: number, drop: number, texture: Point = [x, y], behind = 0) =>
    corners.push({ x, y, depth: depth(x, y) - behind, u: texture[0], v: texture[1], drop, head: headPart(sitter, y) })
  const quads = (first: number, height: number, width = columns) => {
    for (let column = 0; column < width; column++) {
      for (let row = 0; row < height; row++) {
        const [a, b] = [first + column * (height + 1) + row, first + (column + 1) * (height + 1) + row]
        triangles.push(a, b, a + 1, b, b + 1, a + 1)
      }
    }
  }
  const across = Array.from({ length: columns + 1 }, (_, column) => (column / columns) * portrait.width)
  const upper = corners.length
  for (const x of across) for (let row = 0; row <= rows; row++) add(x, (row / rows) * lips.seam(x), 0)
  const lower = corners.length
  for (const x of across) {
    for (let row = 0; row <= rows; row++) {
      const y = lips.seam(x) + (row / rows) * (portrait.height - lips.seam(x))
      add(x, y, lips.drop(x, y))
    }
  }
  const inside = corners.length
  const within = across.filter((x) => lips.across(x) > 0 && lips.across(x) < 1)
  for (const x of [lips.corners[0], ...within, lips.corners[1]]) {
    const [u, y] = [lips.across(x) * portrait.width, lips.seam(x)]
    const behind = 0.12 * portrait.eyeDistance
    add(x, y, -0.02, [u, portrait.height + 2], behind)
    add(x, y, lips.drop(x, y) + 0.02, [u, portrait.height + mouthRows - 2], behind)
  }
  quads(upper, rows)
  quads(lower, rows)
  quads(inside, 1, within.length + 1)
  return { corners, triangles }
}

const smooth = (from: number, to: number, value: number): number => {
  const part = Math.max(0, Math.min(1, (value - from) / (to - from)))
  return part * part * (3 - 2 * part)
}

function headPart({ landmarks }: Sitter, y: number): number {
  const chin = landmarks[8]?.[1] ?? 0
  return 1 - smooth(chin + 0.15 * portrait.eyeDistance, chin + 1.4 * portrait.eyeDistance, y)
}

/** Where the lips meet, and how the jaw below them falls. */
function lipsOf({ landmarks }: Sitter) {
  const at = (index: number): Point => landmarks[index] ?? middle
  const between = (a: number, b: number): Point => [(at(a)[0] + at(b)[0]) / 2, (at(a)[1] + at(b)[1]) / 2]
  const line = [at(60), between(61, 67), between(62, 66), between(63, 65), at(64)]
  const [from, to] = [at(60)[0], at(64)[0]]
  const [center, half, unit, chin] = [(from + to) / 2, (to - from) / 2, portrait.eyeDistance, at(8)[1]]
  const seam = (x: number): number => {
    const next = line.findIndex((point) => point[0] >= x)
    if (next <= 0) return (next === 0 ? line[0] : line.at(-1))?.[1] ?? 0
    const [a, b] = [line[next - 1] ?? at(60), line[next] ?? at(64)]
    return a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1])
  }
  return {
    seam,
    corners: [from, to] as const,
    /** 0 at one corner of the mouth, 1 at the other. */
    across: (x: number) => Math.max(0, Math.min(1, (x - from) / (to - from))),
    drop: (x: number, y: number): number => {
      const lip = Math.sqrt(Math.max(0, 1 - ((x - center) / half) ** 2))
      const jaw = 0.9 * Math.exp(-(((x - center) / (1.05 * unit)) ** 4))
      const down = smooth(0, 0.55 * unit, y - seam(x))
      return ((1 - down) * lip + down * jaw) * (1 - smooth(chin, chin + 1.3 * unit, y))
    },
  }
}
