import { descriptorDistance, descriptorLength } from '../../../../shared/domain/face/template.ts'
import { createByteRows } from './byte-rows.ts'

export interface Found {
  readonly id: string
  /** As `descriptorDistance` tells it. */
  readonly distance: number
}

/**
 * Descriptors in memory, looked through from end to end. Rounded ones tell who is far away, with room for what rounding may have done;
 * whoever is left is measured exactly. So nobody is missed, and what is read is a quarter.
 */
export interface DescriptorRows {
  readonly count: number
  /** In the place of the one that was there under this id. */
  put(id: string, descriptor: ArrayLike<number>): void
  /** What was there is overwritten. */
  remove(id: string): void
  /** Overwrites all. */
  clear(): void
  /** Those within a distance, nearest first; and how many were compared. */
  nearest(descriptor: ArrayLike<number>, within: number, most: number, except: ReadonlySet<string>): { compared: number; found: Found[] }
}

export function createDescriptorRows(): DescriptorRows {
  const rounded = createByteRows()
  const ids: string[] = []
  const placeOf = new Map<string, number>()
  let exact = new Float32Array(0)

  const exactAt = (place: number) => exact.subarray(place * descriptorLength, (place + 1) * descriptorLength)

  function reserve(rows: number): void {
    if (exact.length >= rows * descriptorLength) return
    const before = exact
    exact = new Float32Array(Math.ceil(Math.max(100, rows * 1.5)) * descriptorLength)
    exact.set(before)
    before.fill(0)
  }

  function erase(place: number): void {
    exactAt(place).fill(0)
    rounded.clear(place)
  }

  /** @returns places, the furthest of them perhaps a little further away than asked for */
  function near(descriptor: ArrayLike<number>, within: number, most: number, excepted: ReadonlySet<number>): number[] {
    const { squares, squareOf, distanceOf, off } = rounded.distances(descriptor, ids.length)
    const nearest: { place: number; square: number }[] = []
    const smallest: number[] = []
    let limit = squareOf(within + off)
    const { length } = squares
    // By index: an iterator takes longer than the distances themselves.
    for (let place = 0; place < length; place++) {
      const square = squares[place] ?? Infinity
      if (square > limit || excepted.has(place)) continue
      nearest.push({ place, square })
      insert(smallest, square, most)
      // The last of so many is no further than this; whoever is rounded to twice as much more cannot come before.
      if (smallest.length === most) limit = Math.min(limit, squareOf(distanceOf(smallest.at(-1) ?? 0) + 2 * off))
    }
    return nearest.filter(({ square }) => square <= limit).map((each) => each.place)
  }

  return {
    get count() {
      return ids.length
    },
    put: (id, descriptor) => {
      const place = placeOf.get(id) ?? ids.length
      reserve(place + 1)
      exactAt(place).set(descriptor)
      rounded.put(place, descriptor)
      ids[place] = id
      placeOf.set(id, place)
    },
    remove: (id) => {
      const place = placeOf.get(id)
      if (place === undefined) return
      const last = ids.length - 1
      const moved = ids[last]
      if (moved !== undefined && last !== place) {
        exactAt(place).set(exactAt(last))
        rounded.move(last, place)
        ids[place] = moved
        placeOf.set(moved, place)
      }
      erase(last)
      ids.pop()
      placeOf.delete(id)
    },
    clear: () => {
      for (let place = 0; place < ids.length; place++) erase(place)
      ids.length = 0
      placeOf.clear()
    },
    nearest: (descriptor, within, most, except) => {
      const excepted = new Set([...except].flatMap((id) => placeOf.get(id) ?? []))
      const compared = ids.length - excepted.size
      if (compared === 0 || most === 0) return { compared, found: [] }
      const measured = near(descriptor, within, most, excepted).map((place) => ({ id: ids[place] ?? '', distance: descriptorDistance(descriptor, exactAt(place)) }))
      return { compared, found: measured.filter(({ distance }) => distance <= within).sort((a, b) => a.distance - b.distance).slice(0, most) }
    },
  }
}

function insert(sorted: number[], value: number, most: number): void {
  const after = sorted.findIndex((each) => each > value)
  sorted.splice(after < 0 ? sorted.length : after, 0, value)
  if (sorted.length > most) sorted.pop()
}
