import { descriptorLength } from '../../../../shared/domain/face/template.ts'
import { createScanModule } from './scan-module.ts'

/** Steps in 1. Descriptors lie between −0.5 and 0.5, with few exceptions, which lie further from what they became. */
const scale = 254
const largest = 127

/** Descriptors rounded to a byte a number: a quarter of the memory to read, and nearly the distances. */
export interface ByteRows {
  /** Puts what is in one place into another. */
  put(place: number, descriptor: ArrayLike<number>): void
  move(from: number, to: number): void
  /** Overwrites it. */
  clear(place: number): void
  /**
   * About how far each of the first `count` rows lies from it, in their order; each is off by no more than `off`, either way.
   * The numbers are good until the next call.
   */
  distances(descriptor: ArrayLike<number>, count: number): { squares: Int32Array; squareOf(distance: number): number; distanceOf(square: number): number; off: number }
}

const pageBytes = 65_536
/** The query as 16-bit numbers, then the rows, then a distance for each. */
const rowsAt = descriptorLength * 2
const firstCapacity = 100

export function createByteRows(): ByteRows {
  const scan = createScanModule()
  let capacity = 0
  let bytes = new Int8Array(scan.memory.buffer)
  /** The furthest that any row lies from what it was rounded to. */
  let rowsOff = 0

  const startOf = (place: number) => rowsAt + place * descriptorLength
  const distancesAt = () => startOf(capacity)

  function reserve(rows: number): void {
    if (rows <= capacity) return
    capacity = Math.max(firstCapacity, rows, Math.ceil(capacity * 1.5))
    const missing = distancesAt() + capacity * 4 - bytes.byteLength
    if (missing <= 0) return
    scan.memory.grow(Math.ceil(missing / pageBytes))
    bytes = new Int8Array(scan.memory.buffer)
  }

  return {
    put: (place, descriptor) => {
      reserve(place + 1)
      rowsOff = Math.max(rowsOff, round(descriptor, bytes.subarray(startOf(place), startOf(place + 1))))
    },
    move: (from, to) => void bytes.copyWithin(startOf(to), startOf(from), startOf(from + 1)),
    clear: (place) => void bytes.fill(0, startOf(place), startOf(place + 1)),
    distances: (descriptor, count) => {
      reserve(1)
      const query = new Int16Array(bytes.buffer, 0, descriptorLength)
      const queryOff = round(descriptor, query)
      scan.distances(rowsAt, count, 0, distancesAt())
      // Whoever was looked for stays in no other place than their own.
      query.fill(0)
      return {
        squares: new Int32Array(bytes.buffer, distancesAt(), count),
        squareOf: (distance) => (distance * scale) ** 2,
        distanceOf: (square) => Math.sqrt(square) / scale,
        off: rowsOff + queryOff,
      }
    },
  }
}

/** @returns how far the rounded one lies from the descriptor */
function round(descriptor: ArrayLike<number>, into: Int8Array | Int16Array): number {
  let square = 0
  for (let at = 0; at < descriptorLength; at++) {
    const value = descriptor[at] ?? 0
    const rounded = Math.max(-largest, Math.min(largest, Math.round(value * scale)))
    into[at] = rounded
    square += (value - rounded / scale) ** 2
  }
  return Math.sqrt(square)
}
