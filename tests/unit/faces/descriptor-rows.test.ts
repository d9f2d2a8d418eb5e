import { describe, expect, it } from 'vitest'
import { createDescriptorRows } from '../../../electron/host/faces/scan/descriptor-rows.ts'
import { descriptorDistance, descriptorLength } from '../../../shared/domain/face/template.ts'

/** The same numbers at each run (xorshift32), −0.2 to 0.2: about a real descriptor's. */
function generator(seed: number) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32 / 2.5 - 0.2
  }
}
const descriptorFrom = (next: () => number) => Float32Array.from({ length: descriptorLength }, next)
const moved = (descriptor: Float32Array, by: number) => descriptor.map((value, index) => (index === 7 ? value + by : value))
const none = new Set<string>()

describe('the scan over enrolled descriptors', () => {
  it('finds what a plain loop finds, in its order, whatever stands beside it', () => {
    const next = generator(20_261_130)
    const everybody = Array.from({ length: 3_001 }, (_, index) => ({ id: `p${index}`, descriptor: descriptorFrom(next) }))
    const rows = createDescriptorRows()
    for (const { id, descriptor } of everybody) rows.put(id, descriptor)
    for (let round = 0; round < 20; round++) {
      const asked = descriptorFrom(next)
      const plain = everybody.map(({ id, descriptor }) => ({ id, distance: descriptorDistance(asked, descriptor) })).sort((a, b) => a.distance - b.distance)
      const within = plain[round % 2 === 0 ? 40 : 2]?.distance ?? 0
      const wanted = plain.filter(({ distance }) => distance < within).slice(0, 5)
      const { compared, found } = rows.nearest(asked, within - 1e-5, 5, none)
      expect(compared).toBe(3_001)
      expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id))
      for (const [index, { distance }] of found.entries()) expect(distance).toBeCloseTo(wanted[index]?.distance ?? -1, 5)
    }
  })

  it('finds each planted duplicate at the first and the last place and in between, and nobody else', () => {
    const next = generator(7)
    const rows = createDescriptorRows()
    const asked = descriptorFrom(next)
    const planted = new Map([['p0', 0.3], ['p500', 0], ['p998', 0.449], ['p999', 0.1]])
    for (let index = 0; index < 1_000; index++) rows.put(`p${index}`, planted.has(`p${index}`) ? moved(asked, planted.get(`p${index}`) ?? 0) : descriptorFrom(next))
    expect(rows.nearest(asked, 0.45, 5, none).found.map(({ id }) => id)).toEqual(['p500', 'p999', 'p0', 'p998'])
    expect(rows.nearest(asked, 0.45, 2, none).found.map(({ id }) => id)).toEqual(['p500', 'p999'])
    expect(rows.nearest(asked, 0.2, 5, none).found.map(({ id }) => id)).toEqual(['p500', 'p999'])
  })

  it('passes over whoever is not to be looked at, and does not count them', () => {
    const rows = createDescriptorRows()
    const asked = descriptorFrom(generator(3))
    rows.put('self', asked)
    rows.put('other', moved(asked, 0.2))
    expect(rows.nearest(asked, 0.5, 5, new Set(['self', 'not here']))).toMatchObject({ compared: 1, found: [{ id: 'other' }] })
  })

  it('keeps one descriptor a registration, and forgets what was removed wherever it stood', () => {
    const next = generator(11)
    const rows = createDescriptorRows()
    const asked = descriptorFrom(next)
    for (const id of ['a', 'b', 'c']) rows.put(id, asked)
    rows.put('a', descriptorFrom(next))
    rows.remove('b')
    rows.remove('never there')
    expect(rows.nearest(asked, 0.1, 5, none)).toMatchObject({ compared: 2, found: [{ id: 'c' }] })
    rows.put('d', asked)
    expect(rows.nearest(asked, 0.1, 5, none).found.map(({ id }) => id)).toEqual(['c', 'd'])
    rows.clear()
    expect(rows.nearest(asked, 10, 5, none)).toEqual({ compared: 0, found: [] })
  })

  it('is empty before anybody was enrolled', () => {
    expect(createDescriptorRows().nearest(descriptorFrom(generator(1)), 10, 5, none)).toEqual({ compared: 0, found: [] })
  })
})
