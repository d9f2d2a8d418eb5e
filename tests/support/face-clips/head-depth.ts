import { portrait, type Point, type Sitter } from './sitters.ts'

/**
 * How far each of the 68 points stands before the eyes, in eye distances: a head of common proportions (nose some 35 mm before
 * the eyes, ears some 65 mm behind them, eyes 63 mm apart). Points 0–8 of the jaw and 17–21 of the brows serve both sides.
 */
const jaw = [-1.05, -1, -0.95, -0.86, -0.72, -0.52, -0.3, -0.1, 0]
const brow = [-0.15, 0.05, 0.13, 0.18, 0.2]
const bridge = [0.12, 0.28, 0.42, 0.56]
const nostrils = [0.22, 0.32, 0.37, 0.32, 0.22]
const eye = [-0.15, 0, 0.03, -0.02, 0, -0.03]
const otherEye = [-0.02, 0.03, 0, -0.15, -0.03, 0]
const outerLips = [0.06, 0.2, 0.28, 0.31, 0.28, 0.2, 0.06, 0.18, 0.25, 0.27, 0.25, 0.18]
const innerLips = [0.08, 0.24, 0.27, 0.24, 0.08, 0.22, 0.25, 0.22]
const depths = [...jaw, ...jaw.slice(0, -1).reverse(), ...brow, ...[...brow].reverse(), ...bridge, ...nostrils, ...eye, ...otherEye, ...outerLips, ...innerLips]

/** Behind everything that a camera sees of a face: hair, ears, neck. */
const backOfHead = -1.15

type Anchor = readonly [x: number, y: number, depth: number]

/** @returns the depth at a point of the sitter's portrait, px, smooth through the landmarks (a thin-plate spline) */
export function depthOf(sitter: Sitter): (x: number, y: number) => number {
  const unit = portrait.eyeDistance
  const anchors: Anchor[] = [...sitter.landmarks.map(([x, y], index): Anchor => [x, y, (depths[index] ?? 0) * unit]), ...forehead(sitter), ...outline()]
  const spline = thinPlate(anchors)
  return (x, y) => Math.max(backOfHead * unit, Math.min(0.62 * unit, spline(x, y)))
}

function forehead({ landmarks }: Sitter): Anchor[] {
  const unit = portrait.eyeDistance
  const at = (index: number) => landmarks[index] ?? portrait.betweenEyes
  return [[17, -0.55], [19, -0.06], [24, -0.06], [26, -0.55]].map(([index = 0, depth = 0]): Anchor => [at(index)[0], at(index)[1] - 0.55 * unit, depth * unit])
}

function outline(): Anchor[] {
  const unit = portrait.eyeDistance
  const [x, y] = portrait.betweenEyes
  return Array.from({ length: 24 }, (_, step): Anchor => {
    const angle = (step / 24) * 2 * Math.PI
    return [x + 1.75 * unit * Math.sin(angle), y + (0.35 - 2.2 * Math.cos(angle)) * unit, backOfHead * unit]
  })
}

const bend = (squared: number): number => (squared > 0 ? squared * Math.log(squared) : 0)

function thinPlate(anchors: readonly Anchor[]): (x: number, y: number) => number {
  const scale = 1 / portrait.eyeDistance
  const knots = anchors.map(([x, y]): Point => [x * scale, y * scale])
  const between = (a: Point, b: Point) => bend((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2)
  const rows = knots.map((knot, index) => [...knots.map((other) => between(knot, other)), 1, knot[0], knot[1], anchors[index]?.[2] ?? 0])
  for (let term = 0; term < 3; term++) rows.push([...knots.map((knot) => [1, knot[0], knot[1]][term] ?? 0), 0, 0, 0, 0])
  const weights = solve(rows)
  const [shift = 0, slopeX = 0, slopeY = 0] = weights.slice(knots.length)
  return (x, y) => {
    const here: Point = [x * scale, y * scale]
    return knots.reduce((sum, knot, index) => sum + (weights[index] ?? 0) * between(here, knot), shift + slopeX * here[0] + slopeY * here[1])
  }
}

/** @param rows of the matrix, each with its right side as last number; changed */
function solve(rows: number[][]): number[] {
  const size = rows.length
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++) if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row
    const [a, b] = [rows[column] ?? [], rows[pivot] ?? []]
    rows[column] = b
    rows[pivot] = a
    for (let row = 0; row < size; row++) {
      if (row === column) continue
      const factor = at(row, column) / at(column, column)
      const target = rows[row] ?? []
      for (let each = column; each <= size; each++) target[each] = (target[each] ?? 0) - factor * at(column, each)
    }
  }
  return rows.map((row, index) => (row[size] ?? 0) / (row[index] ?? 1))
}
